//! Sorts numbers in place.

fn sort(a: &mut [i32], mut lo: isize, hi: isize) {
    while lo < hi {
        let pivot = a[(lo + (hi - lo) / 2) as usize];
        let (mut i, mut j) = (lo, hi);
        while i <= j {
            while a[i as usize] < pivot {
                i += 1;
            }
            while a[j as usize] > pivot {
                j -= 1;
            }
            if i <= j {
                a.swap(i as usize, j as usize);
                i += 1;
                j -= 1;
            }
        }
        sort(a, lo, j);
        lo = i;
    }
}

fn main() {
    let n: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    let mut numbers = vec![0; n];
    let mut seed: u32 = 7;
    for number in &mut numbers {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *number = (seed >> 4) as i32;
    }
    sort(&mut numbers, 0, n as isize - 1);
    let mut sum: u32 = 0;
    for x in &numbers {
        sum = sum.wrapping_mul(31).wrapping_add(*x as u32);
    }
    println!("{} {} {} {sum}", numbers[0], numbers[n / 2], numbers[n - 1]);
}
