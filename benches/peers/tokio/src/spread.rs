//! Workloads that deal work to many actors, or make many.
use crate::{mix, work};
use tokio::spawn;
use tokio::sync::mpsc::{
    unbounded_channel as chan, UnboundedReceiver as Rx, UnboundedSender as Tx,
};

pub async fn fjthroughput(n: usize) -> u64 {
    let (d, mut dr) = chan::<u64>();
    let txs: Vec<_> = (0..60)
        .map(|_| {
            let (t, mut r) = chan::<u64>();
            let d = d.clone();
            spawn(async move {
                let mut s = 0u64;
                for _ in 0..n {
                    s = s.wrapping_add(mix(r.recv().await.unwrap()));
                }
                let _ = d.send(s);
            });
            t
        })
        .collect();
    spawn(async move {
        for m in 0..n {
            for t in &txs {
                let _ = t.send(m as u64);
            }
        }
    });
    let mut s = 0u64;
    for _ in 0..60 {
        s = s.wrapping_add(dr.recv().await.unwrap());
    }
    s
}

pub async fn coarse(n: usize) -> u64 {
    let (d, mut dr) = chan::<u64>();
    let txs: Vec<_> = (0..64)
        .map(|_| {
            let (t, mut r) = chan::<u64>();
            let d = d.clone();
            spawn(async move {
                let mut s = 0u64;
                for _ in 0..n {
                    s = s.wrapping_add(work(r.recv().await.unwrap()));
                }
                let _ = d.send(s);
            });
            t
        })
        .collect();
    spawn(async move {
        for m in 0..n {
            for t in &txs {
                let _ = t.send(m as u64);
            }
        }
    });
    let mut s = 0u64;
    for _ in 0..64 {
        s = s.wrapping_add(dr.recv().await.unwrap());
    }
    s
}

pub async fn fjcreate(n: usize) -> u64 {
    let mut tot = 0;
    for _ in 0..5 {
        let (c, mut cr) = chan::<u64>();
        let coll = spawn(async move {
            let mut s = 0;
            for _ in 0..n {
                s += cr.recv().await.unwrap();
            }
            s
        });
        spawn(async move {
            for i in 0..n {
                let (t, mut r) = chan::<u64>();
                let c = c.clone();
                spawn(async move {
                    let v = r.recv().await.unwrap();
                    let _ = c.send((v & 1) + 1);
                });
                let _ = t.send(i as u64);
            }
        });
        tot += coll.await.unwrap();
    }
    tot
}

fn stage(mut r: Rx<i32>, idx: u64, d: Tx<u64>) {
    spawn(async move {
        let p = r.recv().await.unwrap();
        if p < 0 {
            let _ = d.send(idx);
            return;
        }
        let mut out: Option<Tx<i32>> = None;
        while let Some(v) = r.recv().await {
            if v < 0 {
                match out {
                    None => {
                        let _ = d.send(idx + 1);
                    }
                    Some(o) => {
                        let _ = o.send(v);
                    }
                }
                return;
            }
            if v % p != 0 {
                let o = out.get_or_insert_with(|| {
                    let (t, r) = chan();
                    stage(r, idx + 1, d.clone());
                    t
                });
                let _ = o.send(v);
            }
        }
    });
}

pub async fn sieve(limit: usize) -> u64 {
    let (d, mut dr) = chan();
    let (t, r) = chan::<i32>();
    stage(r, 0, d);
    spawn(async move {
        for i in 2..=limit {
            let _ = t.send(i as i32);
        }
        let _ = t.send(-1);
    });
    dr.recv().await.unwrap()
}

fn fibactor(n: usize, parent: Tx<u64>) {
    spawn(async move {
        if n <= 2 {
            let _ = parent.send(1);
            return;
        }
        let (t, mut r) = chan();
        fibactor(n - 1, t.clone());
        fibactor(n - 2, t);
        let a = r.recv().await.unwrap();
        let b = r.recv().await.unwrap();
        let _ = parent.send(a + b);
    });
}

pub async fn fib(n: usize) -> u64 {
    let mut s = 0;
    for _ in 0..5 {
        let (t, mut r) = chan();
        fibactor(n, t);
        s += r.recv().await.unwrap();
    }
    s
}

pub async fn idle(n: usize) -> u64 {
    let (d, mut dr) = chan::<u64>();
    let mut keep = Vec::with_capacity(n);
    for _ in 0..n {
        let (t, mut r) = chan::<u64>();
        let d = d.clone();
        spawn(async move {
            let mut s = 0;
            while let Some(v) = r.recv().await {
                s += v;
                let _ = d.send(s);
            }
        });
        let _ = t.send(1);
        keep.push(t);
    }
    let mut s = 0;
    for _ in 0..n {
        s += dr.recv().await.unwrap();
    }
    s
}
