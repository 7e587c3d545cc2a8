//! Multiplies two square matrices, which are vectors of rows.

type Matrix = Vec<Vec<f64>>;

fn generate(n: usize, seed: f64) -> Matrix {
    let unit = seed / n as f64 / n as f64;
    let mut m = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..n {
            m[i][j] = unit * (i as f64 - j as f64) * (i as f64 + j as f64);
        }
    }
    m
}

fn multiply(a: &Matrix, b: &Matrix) -> Matrix {
    let n = a.len();
    let mut c = vec![vec![0.0; n]; n];
    for i in 0..n {
        for k in 0..n {
            let x = a[i][k];
            for j in 0..n {
                c[i][j] += x * b[k][j];
            }
        }
    }
    c
}

fn main() {
    let n: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    let c = multiply(&generate(n, 1.0), &generate(n, 2.0));
    let trace: f64 = (0..n).map(|i| c[i][i]).sum();
    println!("{:.6} {:.6}", c[n / 2][n / 2], trace);
}
