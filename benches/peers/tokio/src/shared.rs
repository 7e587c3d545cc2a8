//! Workloads about one dictionary or list: owned by an actor, or behind a lock.
use crate::seed;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, RwLock};
use tokio::spawn;
use tokio::sync::mpsc::{unbounded_channel as chan, UnboundedSender as Tx};

pub async fn dict(n: usize) -> u64 {
    struct Q {
        write: bool,
        key: u32,
        reply: Tx<u32>,
    }
    let (t, mut r) = chan::<Q>();
    spawn(async move {
        let mut m: HashMap<u32, u32> = (0..65536).map(|i| (i, i)).collect();
        while let Some(q) = r.recv().await {
            let v = if q.write {
                m.insert(q.key, q.key);
                q.key
            } else {
                m[&q.key]
            };
            let _ = q.reply.send(v);
        }
    });
    let hs: Vec<_> = (0..20)
        .map(|i| {
            let t = t.clone();
            spawn(async move {
                let mut g = seed(i);
                let (rt, mut rr) = chan::<u32>();
                for _ in 0..n {
                    let x = g.draw();
                    let _ = t.send(Q {
                        write: (x >> 32) % 100 < 10,
                        key: x as u32 & 65535,
                        reply: rt.clone(),
                    });
                    rr.recv().await.unwrap();
                }
                n as u64
            })
        })
        .collect();
    let mut s = 0;
    for h in hs {
        s += h.await.unwrap();
    }
    s
}

pub async fn dictrw(n: usize) -> u64 {
    let m: Arc<RwLock<HashMap<u32, u32>>> =
        Arc::new(RwLock::new((0..65536).map(|i| (i, i)).collect()));
    let hs: Vec<_> = (0..20)
        .map(|i| {
            let m = m.clone();
            spawn(async move {
                let mut g = seed(i);
                let mut s = 0u64;
                for _ in 0..n {
                    let x = g.draw();
                    let k = x as u32 & 65535;
                    if (x >> 32) % 100 < 10 {
                        m.write().unwrap().insert(k, k);
                    } else {
                        s += (m.read().unwrap()[&k] == k) as u64;
                    }
                }
                std::hint::black_box(s);
                n as u64
            })
        })
        .collect();
    let mut s = 0;
    for h in hs {
        s += h.await.unwrap();
    }
    s
}

struct SList(Vec<Vec<u32>>);
impl SList {
    fn new() -> Self {
        SList((0..1024).map(|_| Vec::new()).collect())
    }
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

pub async fn sortedlist(n: usize) -> u64 {
    let mut tot = 0;
    for _ in 0..10 {
        let (t, mut r) = chan::<u32>();
        let h = spawn(async move {
            let mut l = SList::new();
            while let Some(v) = r.recv().await {
                l.insert(v);
            }
            l.check()
        });
        for p in 0..5 {
            let t = t.clone();
            spawn(async move {
                let mut g = seed(p);
                for _ in 0..n {
                    let _ = t.send((g.draw() >> 32) as u32);
                }
            });
        }
        drop(t);
        tot += h.await.unwrap();
    }
    tot
}

pub async fn sortedmutex(n: usize) -> u64 {
    let mut tot = 0;
    for _ in 0..10 {
        let l = Arc::new(Mutex::new(SList::new()));
        let hs: Vec<_> = (0..5)
            .map(|p| {
                let l = l.clone();
                spawn(async move {
                    let mut g = seed(p);
                    for _ in 0..n {
                        let v = (g.draw() >> 32) as u32;
                        l.lock().unwrap().insert(v);
                    }
                })
            })
            .collect();
        for h in hs {
            h.await.unwrap();
        }
        tot += l.lock().unwrap().check();
    }
    tot
}
