//! Workloads in which a fixed number of actors exchange messages.
use crate::{mix, seed};
use std::sync::Arc;
use tokio::sync::mpsc::{unbounded_channel as chan, UnboundedSender as Tx};
use tokio::{spawn, sync::oneshot};

pub async fn pingpong(n: usize) -> u64 {
    let (a, mut ar) = chan::<u64>();
    let (b, mut br) = chan::<u64>();
    spawn(async move {
        while let Some(v) = ar.recv().await {
            let _ = b.send(v + 1);
        }
    });
    spawn(async move {
        let mut v = 0;
        for _ in 0..n {
            let _ = a.send(v);
            v = br.recv().await.unwrap();
        }
        v
    })
    .await
    .unwrap()
}

pub async fn threadring(n: usize) -> u64 {
    let k = 100;
    let (d, mut dr) = chan::<u64>();
    let mut txs = vec![];
    let mut rxs = vec![];
    for _ in 0..k {
        let (t, r) = chan::<usize>();
        txs.push(t);
        rxs.push(r);
    }
    for (i, mut r) in rxs.into_iter().enumerate() {
        let (out, d) = (txs[(i + 1) % k].clone(), d.clone());
        spawn(async move {
            while let Some(m) = r.recv().await {
                if m == 0 {
                    let _ = d.send(i as u64);
                    return;
                }
                let _ = out.send(m - 1);
            }
        });
    }
    let _ = txs[0].send(n);
    dr.recv().await.unwrap()
}

pub async fn counting(n: usize) -> u64 {
    enum M {
        Inc,
        Get(oneshot::Sender<u64>),
    }
    let (t, mut r) = chan::<M>();
    spawn(async move {
        let mut k = 0u64;
        while let Some(m) = r.recv().await {
            match m {
                M::Inc => k += 1,
                M::Get(s) => {
                    let _ = s.send(k);
                }
            }
        }
    });
    let (s, d) = oneshot::channel();
    spawn(async move {
        for _ in 0..n {
            let _ = t.send(M::Inc);
        }
        let _ = t.send(M::Get(s));
    });
    d.await.unwrap()
}

pub async fn big(k: usize) -> u64 {
    #[derive(Clone, Copy)]
    enum M {
        Ping(usize),
        Pong,
        Stop,
    }
    let n = 120;
    let mut txs = vec![];
    let mut rxs = vec![];
    for _ in 0..n {
        let (t, r) = chan::<M>();
        txs.push(t);
        rxs.push(r);
    }
    let (d, mut dr) = chan::<u64>();
    let txs = Arc::new(txs);
    for (id, mut r) in rxs.into_iter().enumerate() {
        let (txs, d) = (txs.clone(), d.clone());
        spawn(async move {
            let mut g = seed(id);
            let mut c = 0;
            let _ = txs[(g.draw() % n as u64) as usize].send(M::Ping(id));
            while let Some(m) = r.recv().await {
                match m {
                    M::Ping(f) => {
                        let _ = txs[f].send(M::Pong);
                    }
                    M::Pong => {
                        c += 1;
                        if c < k {
                            let _ = txs[(g.draw() % n as u64) as usize].send(M::Ping(id));
                        } else {
                            let _ = d.send(c as u64);
                        }
                    }
                    M::Stop => return,
                }
            }
        });
    }
    let mut s = 0;
    for _ in 0..n {
        s += dr.recv().await.unwrap();
    }
    for t in txs.iter() {
        let _ = t.send(M::Stop);
    }
    s
}

fn compl(a: u8, b: u8) -> u8 {
    if a == b {
        a
    } else {
        3 - a - b
    }
}

pub async fn chameneos(n: usize) -> u64 {
    enum C {
        Meet(u8, Tx<C>),
        Change(u8),
        Exit,
    }
    let (mt, mut mr) = chan::<(u8, Tx<C>)>();
    let (d, mut dr) = chan::<u64>();
    spawn(async move {
        let mut left = n;
        let mut wait: Option<Tx<C>> = None;
        while let Some((c, f)) = mr.recv().await {
            if left == 0 {
                let _ = f.send(C::Exit);
                if let Some(w) = wait.take() {
                    let _ = w.send(C::Exit);
                }
                continue;
            }
            match wait.take() {
                None => wait = Some(f),
                Some(w) => {
                    let _ = w.send(C::Meet(c, f));
                    left -= 1;
                }
            }
        }
    });
    for i in 0..100u8 {
        let (mall, d) = (mt.clone(), d.clone());
        spawn(async move {
            let mut color = i % 3;
            let mut meets = 0u64;
            let (me, mut r) = chan::<C>();
            let _ = mall.send((color, me.clone()));
            while let Some(m) = r.recv().await {
                match m {
                    C::Meet(c, f) => {
                        color = compl(color, c);
                        meets += 1;
                        let _ = f.send(C::Change(color));
                        let _ = mall.send((color, me.clone()));
                    }
                    C::Change(c) => {
                        color = c;
                        meets += 1;
                        let _ = mall.send((color, me.clone()));
                    }
                    C::Exit => {
                        let _ = d.send(meets);
                        return;
                    }
                }
            }
        });
    }
    drop(mt);
    let mut s = 0;
    for _ in 0..100 {
        s += dr.recv().await.unwrap();
    }
    s
}

pub async fn pipeline(n: usize) -> u64 {
    let (t, mut r) = chan::<u64>();
    spawn(async move {
        for i in 0..n {
            let _ = t.send(i as u64);
        }
    });
    for _ in 0..4 {
        let (t2, r2) = chan::<u64>();
        let mut rin = std::mem::replace(&mut r, r2);
        spawn(async move {
            while let Some(v) = rin.recv().await {
                let _ = t2.send(mix(v));
            }
        });
    }
    spawn(async move {
        let mut s = 0u64;
        while let Some(v) = r.recv().await {
            s = s.wrapping_add(v);
        }
        s
    })
    .await
    .unwrap()
}
