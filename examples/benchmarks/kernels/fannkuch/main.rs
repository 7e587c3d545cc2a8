//! Over all permutations of n: how often a prefix as long as its first element must be
//! turned round until that is 1.

fn fannkuch(n: usize) -> (i32, i32) {
    let mut perm = vec![0; n];
    let mut start: Vec<usize> = (0..n).collect();
    let mut count = vec![0; n];
    let (mut max_flips, mut checksum, mut permutation, mut r) = (0, 0, 0, n);
    loop {
        while r != 1 {
            count[r - 1] = r;
            r -= 1;
        }
        perm.copy_from_slice(&start);
        let mut flips = 0;
        let mut first = perm[0];
        while first != 0 {
            perm[..=first].reverse();
            flips += 1;
            first = perm[0];
        }
        max_flips = max_flips.max(flips);
        checksum += if permutation % 2 == 0 { flips } else { -flips };
        loop {
            if r == n {
                return (checksum, max_flips);
            }
            let head = start[0];
            for i in 0..r {
                start[i] = start[i + 1];
            }
            start[r] = head;
            count[r] -= 1;
            if count[r] > 0 {
                break;
            }
            r += 1;
        }
        permutation += 1;
    }
}

fn main() {
    let n: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    let (checksum, flips) = fannkuch(n);
    println!("{checksum}\nPfannkuchen({n}) = {flips}");
}
