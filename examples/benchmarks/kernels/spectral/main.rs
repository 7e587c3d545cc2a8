//! The largest singular value of an infinite matrix, by the power method on a corner of it.

fn a(i: i32, j: i32) -> f64 {
    1.0 / f64::from((i + j) * (i + j + 1) / 2 + i + 1)
}

fn times(v: &[f64]) -> Vec<f64> {
    let row = |i| v.iter().enumerate().map(|(j, x)| a(i as i32, j as i32) * x).sum();
    (0..v.len()).map(row).collect()
}

fn transposed_times(v: &[f64]) -> Vec<f64> {
    let row = |i| v.iter().enumerate().map(|(j, x)| a(j as i32, i as i32) * x).sum();
    (0..v.len()).map(row).collect()
}

fn main() {
    let n: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    let mut u = vec![1.0; n];
    let mut v = vec![0.0; n];
    for _ in 0..10 {
        v = transposed_times(&times(&u));
        u = transposed_times(&times(&v));
    }
    let uv: f64 = u.iter().zip(&v).map(|(a, b)| a * b).sum();
    let vv: f64 = v.iter().map(|b| b * b).sum();
    println!("{:.9}", (uv / vv).sqrt());
}
