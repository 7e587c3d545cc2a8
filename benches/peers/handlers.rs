//! The workloads for libraries whose actor is a state and a handler that is called for each message:
//! ractor, kameo, actix. Each of them implements `Sys`.
use std::collections::HashMap;
use std::sync::mpsc::{channel, Sender};
use std::sync::Arc;
use std::time::Instant;

pub enum M<R> {
    Val(u64),
    Num(u32),
    Ref(R),
    Refs(Arc<Vec<R>>),
    Ping(R, u64),
    Two(u32, R),
    Write(u32, u32, R),
    End,
}
pub type Body<R> = Box<dyn FnMut(M<R>, &R) -> bool + Send>; // true = stop

pub trait Sys: 'static + Sized {
    type R: Clone + Send + Sync + 'static;
    fn spawn(f: Body<Self::R>) -> Self::R;
    fn send(r: &Self::R, m: M<Self::R>);
}

struct Rng(u64);
impl Rng {
    fn draw(&mut self) -> u64 {
        let mut x = self.0;
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        self.0 = x;
        x
    }
}
fn seed(i: usize) -> Rng {
    Rng(i as u64 * 7919 + 12345)
}
fn mix(x: u64) -> u64 {
    let x = x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    x ^ (x >> 29)
}

fn work(mut x: u64) -> u64 {
    for _ in 0..25000 {
        x = mix(x);
    }
    x
}

fn act<S: Sys>(f: impl FnMut(M<S::R>, &S::R) -> bool + Send + 'static) -> S::R {
    S::spawn(Box::new(f))
}
/// an actor that runs `f` once, when it gets its first message
fn once<S: Sys>(f: impl FnOnce(&S::R) + Send + 'static) {
    let mut f = Some(f);
    let r = act::<S>(move |_, me| {
        if let Some(f) = f.take() {
            f(me)
        }
        true
    });
    S::send(&r, M::End);
}
/// collects n values, then reports the sum
fn collector<S: Sys>(n: usize, d: Sender<u64>) -> S::R {
    let (mut left, mut s) = (n, 0u64);
    act::<S>(move |m, _| {
        if let M::Val(v) = m {
            s = s.wrapping_add(v);
            left -= 1;
            if left == 0 {
                let _ = d.send(s);
                return true;
            }
        }
        false
    })
}

fn fibactor<S: Sys>(n: usize, parent: Option<S::R>, d: Option<Sender<u64>>) {
    let (mut got, mut s) = (0, 0u64);
    let r = act::<S>(move |m, me| match m {
        M::End if n <= 2 => {
            if let Some(p) = &parent {
                S::send(p, M::Val(1))
            }
            true
        }
        M::End => {
            fibactor::<S>(n - 1, Some(me.clone()), None);
            fibactor::<S>(n - 2, Some(me.clone()), None);
            false
        }
        M::Val(v) => {
            s += v;
            got += 1;
            if got == 2 {
                if let Some(p) = &parent {
                    S::send(p, M::Val(s))
                }
                if let Some(d) = &d {
                    let _ = d.send(s);
                }
            }
            got == 2
        }
        _ => false,
    });
    S::send(&r, M::End);
}

fn stage<S: Sys>(idx: u64, d: Sender<u64>) -> S::R {
    let (mut p, mut next) = (0u32, None::<S::R>);
    act::<S>(move |m, _| match m {
        M::Num(v) => {
            if p == 0 {
                p = v
            } else if v % p != 0 {
                let o = next.get_or_insert_with(|| stage::<S>(idx + 1, d.clone()));
                S::send(o, M::Num(v));
            }
            false
        }
        M::End => {
            match &next {
                Some(o) => S::send(o, M::End),
                None => {
                    let _ = d.send(idx + 1);
                }
            }
            true
        }
        _ => false,
    })
}

struct SList(Vec<Vec<u32>>);
impl SList {
    fn insert(&mut self, v: u32) {
        let b = &mut self.0[(v >> 22) as usize];
        let i = b.partition_point(|&x| x < v);
        b.insert(i, v);
    }
    fn check(&self) -> u64 {
        self.0
            .iter()
            .map(|b| {
                assert!(b.is_sorted());
                b.len() as u64
            })
            .sum()
    }
}

/// Runs on the main thread (inside the peer's runtime context) and blocks until done.
pub fn bench<S: Sys>(w: &str, n: Option<usize>) -> Option<u64> {
    let a = |d: usize| n.unwrap_or(d);
    let (d, dr) = channel::<u64>();
    let get = || dr.recv().unwrap();
    Some(match w {
        "pingpong" => {
            let mut left = a(1000000);
            let pong = act::<S>(|m, _| match m {
                M::Ping(f, v) => {
                    S::send(&f, M::Val(v + 1));
                    false
                }
                _ => true,
            });
            let ping = act::<S>(move |m, me| match m {
                M::End => {
                    S::send(&pong, M::Ping(me.clone(), 0));
                    false
                }
                M::Val(v) => {
                    left -= 1;
                    if left > 0 {
                        S::send(&pong, M::Ping(me.clone(), v));
                    } else {
                        let _ = d.send(v);
                        S::send(&pong, M::End);
                    }
                    left == 0
                }
                _ => false,
            });
            S::send(&ping, M::End);
            get()
        }
        "threadring" => {
            let v: Vec<_> = (0..100u64)
                .map(|i| {
                    let (d, mut next) = (d.clone(), None::<S::R>);
                    act::<S>(move |m, _| {
                        match m {
                            M::Ref(r) => next = Some(r),
                            M::Val(0) => {
                                let _ = d.send(i);
                            }
                            M::Val(h) => S::send(next.as_ref().unwrap(), M::Val(h - 1)),
                            _ => {}
                        }
                        false
                    })
                })
                .collect();
            for i in 0..100 {
                S::send(&v[i], M::Ref(v[(i + 1) % 100].clone()));
            }
            S::send(&v[0], M::Val(a(1000000) as u64));
            get()
        }
        "counting" => {
            let mut k = 0u64;
            let c = act::<S>(move |m, _| {
                match m {
                    M::Num(_) => k += 1,
                    _ => {
                        let _ = d.send(k);
                    }
                }
                false
            });
            let n = a(5000000);
            once::<S>(move |_| {
                for _ in 0..n {
                    S::send(&c, M::Num(1));
                }
                S::send(&c, M::End);
            });
            get()
        }
        "fjthroughput" => {
            let n = a(50000);
            let v: Vec<_> = (0..60)
                .map(|_| {
                    let (mut left, mut s, d) = (n, 0u64, d.clone());
                    act::<S>(move |m, _| {
                        if let M::Val(v) = m {
                            s = s.wrapping_add(mix(v));
                            left -= 1;
                            if left == 0 {
                                let _ = d.send(s);
                            }
                        }
                        left == 0
                    })
                })
                .collect();
            once::<S>(move |_| {
                for i in 0..n {
                    for t in &v {
                        S::send(t, M::Val(i as u64));
                    }
                }
            });
            (0..60).fold(0u64, |s, _| s.wrapping_add(get()))
        }
        "coarse" => {
            let n = a(200);
            let v: Vec<_> = (0..64)
                .map(|_| {
                    let (mut left, mut s, d) = (n, 0u64, d.clone());
                    act::<S>(move |m, _| {
                        if let M::Val(v) = m {
                            s = s.wrapping_add(work(v));
                            left -= 1;
                            if left == 0 {
                                let _ = d.send(s);
                            }
                        }
                        left == 0
                    })
                })
                .collect();
            once::<S>(move |_| {
                for i in 0..n {
                    for t in &v {
                        S::send(t, M::Val(i as u64));
                    }
                }
            });
            (0..64).fold(0u64, |s, _| s.wrapping_add(get()))
        }
        "fjcreate" => {
            let n = a(200000);
            let mut tot = 0;
            for _ in 0..5 {
                let coll = collector::<S>(n, d.clone());
                once::<S>(move |_| {
                    for i in 0..n {
                        let c = coll.clone();
                        let r = act::<S>(move |m, _| {
                            if let M::Val(v) = m {
                                S::send(&c, M::Val((v & 1) + 1));
                            }
                            true
                        });
                        S::send(&r, M::Val(i as u64));
                    }
                });
                tot += get();
            }
            tot
        }
        "big" => {
            let k = a(20000);
            let v: Vec<_> = (0..120)
                .map(|id| {
                    let (mut g, mut c, d, mut vs) =
                        (seed(id), 0, d.clone(), Arc::new(vec![]));
                    act::<S>(move |m, me| {
                        match m {
                            M::Refs(r) => {
                                vs = r;
                                S::send(
                                    &vs[(g.draw() % 120) as usize],
                                    M::Ref(me.clone()),
                                );
                            }
                            M::Ref(f) => S::send(&f, M::Num(0)),
                            M::Num(_) => {
                                c += 1;
                                if c < k {
                                    S::send(
                                        &vs[(g.draw() % 120) as usize],
                                        M::Ref(me.clone()),
                                    );
                                } else {
                                    let _ = d.send(c as u64);
                                }
                            }
                            _ => {}
                        }
                        false
                    })
                })
                .collect();
            let v = Arc::new(v);
            for r in v.iter() {
                S::send(r, M::Refs(v.clone()));
            }
            (0..120).map(|_| get()).sum()
        }
        "chameneos" => {
            let (mut left, mut wait) = (a(500000), None::<S::R>);
            let mall = act::<S>(move |m, _| {
                if let M::Two(c, f) = m {
                    if left == 0 {
                        S::send(&f, M::End);
                        if let Some(w) = wait.take() {
                            S::send(&w, M::End);
                        }
                    } else {
                        match wait.take() {
                            None => wait = Some(f),
                            Some(w) => {
                                S::send(&w, M::Two(c, f));
                                left -= 1;
                            }
                        }
                    }
                }
                false
            });
            for i in 0..100u32 {
                let (mall, d) = (mall.clone(), d.clone());
                let (mut color, mut meets) = (i % 3, 0u64);
                let r = act::<S>(move |m, me| {
                    match m {
                        M::Ref(_) => S::send(&mall, M::Two(color, me.clone())),
                        M::Two(c, f) => {
                            color = if color == c { c } else { 3 - c - color };
                            meets += 1;
                            S::send(&f, M::Num(color));
                            S::send(&mall, M::Two(color, me.clone()));
                        }
                        M::Num(c) => {
                            color = c;
                            meets += 1;
                            S::send(&mall, M::Two(color, me.clone()));
                        }
                        _ => {
                            let _ = d.send(meets);
                            return true;
                        }
                    }
                    false
                });
                S::send(&r, M::Ref(r.clone()));
            }
            (0..100).map(|_| get()).sum()
        }
        "dict" => {
            let n = a(50000);
            let mut m: HashMap<u32, u32> = (0..65536).map(|i| (i, i)).collect();
            let dict = act::<S>(move |q, _| {
                match q {
                    M::Two(k, f) => S::send(&f, M::Num(m[&k])),
                    M::Write(k, v, f) => {
                        m.insert(k, v);
                        S::send(&f, M::Num(v))
                    }
                    _ => {}
                }
                false
            });
            for id in 0..20 {
                let (dict, d, mut g, mut left) =
                    (dict.clone(), d.clone(), seed(id), n + 1);
                let r = act::<S>(move |_, me| {
                    left -= 1;
                    if left == 0 {
                        let _ = d.send(n as u64);
                        return true;
                    }
                    let x = g.draw();
                    let k = x as u32 & 65535;
                    if (x >> 32) % 100 < 10 {
                        S::send(&dict, M::Write(k, k, me.clone()));
                    } else {
                        S::send(&dict, M::Two(k, me.clone()));
                    }
                    false
                });
                S::send(&r, M::End);
            }
            (0..20).map(|_| get()).sum()
        }
        "sieve" => {
            let s = stage::<S>(0, d);
            let n = a(20000);
            once::<S>(move |_| {
                for i in 2..=n {
                    S::send(&s, M::Num(i as u32));
                }
                S::send(&s, M::End);
            });
            get()
        }
        "pipeline" => {
            let mut s = 0u64;
            let mut o = act::<S>(move |m, _| match m {
                M::Val(v) => {
                    s = s.wrapping_add(v);
                    false
                }
                _ => {
                    let _ = d.send(s);
                    true
                }
            });
            for _ in 0..4 {
                let out = o;
                o = act::<S>(move |m, _| match m {
                    M::Val(v) => {
                        S::send(&out, M::Val(mix(v)));
                        false
                    }
                    _ => {
                        S::send(&out, M::End);
                        true
                    }
                });
            }
            let n = a(1000000);
            once::<S>(move |_| {
                for i in 0..n {
                    S::send(&o, M::Val(i as u64));
                }
                S::send(&o, M::End);
            });
            get()
        }
        "fib" => {
            let n = a(25);
            let mut s = 0;
            for _ in 0..5 {
                let d = d.clone();
                fibactor::<S>(n, None, Some(d));
                s += get();
            }
            s
        }
        "sortedlist" => {
            let n = a(20000);
            let mut tot = 0;
            for _ in 0..10 {
                let mut l = SList((0..1024).map(|_| vec![]).collect());
                let (mut prods, d) = (5, d.clone());
                let list = act::<S>(move |m, _| match m {
                    M::Num(v) => {
                        l.insert(v);
                        false
                    }
                    _ => {
                        prods -= 1;
                        if prods == 0 {
                            let _ = d.send(l.check());
                        }
                        prods == 0
                    }
                });
                for p in 0..5 {
                    let list = list.clone();
                    once::<S>(move |_| {
                        let mut g = seed(p);
                        for _ in 0..n {
                            S::send(&list, M::Num((g.draw() >> 32) as u32));
                        }
                        S::send(&list, M::End);
                    });
                }
                tot += get();
            }
            tot
        }
        "idle" => {
            let n = a(1000000);
            if n == 0 {
                return Some(0);
            }
            let coll = collector::<S>(n, d);
            let mut keep = Vec::with_capacity(n);
            for _ in 0..n {
                let c = coll.clone();
                let mut s = 0u64;
                let r = act::<S>(move |m, _| {
                    if let M::Val(v) = m {
                        s += v;
                        S::send(&c, M::Val(s));
                    }
                    false
                });
                S::send(&r, M::Val(1));
                keep.push(r);
            }
            let v = get();
            std::mem::forget(keep);
            v
        }
        _ => return None,
    })
}

pub fn run<S: Sys>() -> ! {
    let w = std::env::args().nth(1).unwrap();
    let n = std::env::args().nth(2).map(|s| s.parse::<usize>().unwrap());
    let t = Instant::now();
    match bench::<S>(&w, n) {
        Some(c) => {
            println!("RESULT {} {} {}", w, t.elapsed().as_nanos(), c);
            std::process::exit(0)
        }
        None => {
            println!("SKIP");
            std::process::exit(3)
        }
    }
}
