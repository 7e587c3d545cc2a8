//! The workloads by hand on tokio: a task for each actor, an unbounded channel as its mailbox.
//! Called with a workload and its size; prints `RESULT workload nanoseconds check`.
mod exchange;
mod shared;
mod spread;

use std::time::Instant;

/// Xorshift, the same for all peers.
pub struct Rng(u64);
impl Rng {
    pub fn draw(&mut self) -> u64 {
        let mut x = self.0;
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        self.0 = x;
        x
    }
}

pub fn seed(i: usize) -> Rng {
    Rng(i as u64 * 7919 + 12345)
}

pub fn mix(x: u64) -> u64 {
    let x = x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    x ^ (x >> 29)
}

pub fn work(mut x: u64) -> u64 {
    for _ in 0..25000 {
        x = mix(x);
    }
    x
}

fn main() {
    let w = std::env::args().nth(1).unwrap();
    let n = std::env::args().nth(2).map(|s| s.parse::<usize>().unwrap());
    let threads = std::env::var("THREADS").ok().map(|s| s.parse().unwrap()).unwrap_or(2);
    let rt = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .build()
        .unwrap();
    let w2 = w.clone();
    let t = Instant::now();
    let a = |d: usize| n.unwrap_or(d);
    let c = rt.block_on(async move {
        match w2.as_str() {
            "pingpong" => exchange::pingpong(a(1000000)).await,
            "threadring" => exchange::threadring(a(1000000)).await,
            "counting" => exchange::counting(a(5000000)).await,
            "fjthroughput" => spread::fjthroughput(a(50000)).await,
            "coarse" => spread::coarse(a(200)).await,
            "fjcreate" => spread::fjcreate(a(200000)).await,
            "big" => exchange::big(a(20000)).await,
            "chameneos" => exchange::chameneos(a(500000)).await,
            "dict" => shared::dict(a(50000)).await,
            "dictrw" => shared::dictrw(a(50000)).await,
            "sieve" => spread::sieve(a(20000)).await,
            "pipeline" => exchange::pipeline(a(1000000)).await,
            "fib" => spread::fib(a(25)).await,
            "sortedlist" => shared::sortedlist(a(20000)).await,
            "sortedmutex" => shared::sortedmutex(a(20000)).await,
            "idle" => spread::idle(a(1000000)).await,
            _ => {
                println!("SKIP");
                std::process::exit(3)
            }
        }
    });
    println!("RESULT {} {} {}", w, t.elapsed().as_nanos(), c);
    std::process::exit(0);
}
