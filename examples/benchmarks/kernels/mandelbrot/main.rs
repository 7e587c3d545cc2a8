//! A picture of the Mandelbrot set, one bit a pixel, and a checksum of it.

fn draw(size: usize) -> Vec<u8> {
    let mut picture = vec![0; size * (size / 8)];
    let mut at = 0;
    for y in 0..size {
        let ci = 2.0 * y as f64 / size as f64 - 1.0;
        for x in (0..size).step_by(8) {
            let mut bits = 0;
            for bit in 0..8 {
                let cr = 2.0 * (x + bit) as f64 / size as f64 - 1.5;
                let (mut zr, mut zi) = (0.0, 0.0);
                let mut i = 0;
                while i < 50 && zr * zr + zi * zi <= 4.0 {
                    (zr, zi) = (zr * zr - zi * zi + cr, 2.0 * zr * zi + ci);
                    i += 1;
                }
                bits = bits << 1 | i32::from(i == 50);
            }
            picture[at] = bits as u8;
            at += 1;
        }
    }
    picture
}

fn main() {
    let size: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    let mut sum: u32 = 0;
    for b in draw(size) {
        sum = sum.wrapping_mul(31).wrapping_add(b.into());
    }
    println!("{sum}");
}
