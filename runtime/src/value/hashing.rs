//! The hash of dictionary keys: fast, and seeded per process so that nobody can prepare collisions.
//! It decides no order that a program could see; tables iterate in insertion order.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::OnceLock;

/// Multiplies into 128 bits and folds the halves together, which spreads every input bit: the upper half tells
/// keys apart that differ in their upper bits, the lower half all others. So one product is enough for a number.
#[derive(Clone, Debug)]
struct Folding {
    state: u64,
}

const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

impl Folding {
    #[inline]
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.state ^ word) * u128::from(FACTOR);
        self.state = (product as u64) ^ (product >> 64) as u64;
    }
}

/// Up to seven bytes as a number.
#[inline]
fn tail(bytes: &[u8]) -> u64 {
    // Two halves that may overlap need no loop.
    match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>(), bytes) {
        (Some(first), Some(last), _) => {
            let last = u64::from(u32::from_le_bytes(*last));
            u64::from(u32::from_le_bytes(*first)) | last << ((bytes.len() - 4) * 8)
        }
        (_, _, [a, .., c]) => {
            let middle = u64::from(bytes[bytes.len() / 2]) << (bytes.len() / 2 * 8);
            u64::from(*a) | middle | u64::from(*c) << ((bytes.len() - 1) * 8)
        }
        (_, _, [a]) => u64::from(*a),
        _ => 0,
    }
}

impl Hasher for Folding {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        // The length tells apart what zeros at the end would not.
        self.mix(tail(rest) ^ (bytes.len() as u64) << 56);
    }

    #[inline]
    fn write_u8(&mut self, value: u8) {
        self.mix(value.into());
    }

    #[inline]
    fn write_u16(&mut self, value: u16) {
        self.mix(value.into());
    }

    #[inline]
    fn write_u32(&mut self, value: u32) {
        self.mix(value.into());
    }

    #[inline]
    fn write_u64(&mut self, value: u64) {
        self.mix(value);
    }

    #[inline]
    fn write_usize(&mut self, value: usize) {
        self.mix(value as u64);
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.state
    }
}

/// The hash of a key, the same for equal keys within one run of a program.
pub(super) fn hash_of<K: Hash>(key: &K) -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    let seed = *SEED.get_or_init(|| RandomState::new().hash_one(0));
    let mut hasher = Folding { state: seed };
    key.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn spreads_and_repeats() {
        let hashes: BTreeSet<u64> = (0..10_000).map(|n| hash_of(&n)).collect();
        assert_eq!(hashes.len(), 10_000);
        let low: BTreeSet<u64> = (0..1024).map(|n| hash_of(&n) % 1024).collect();
        assert!(low.len() > 500);
        assert_eq!(hash_of(&"abc"), hash_of(&"abc"));
        assert_ne!(hash_of(&"abc"), hash_of(&"abc\0"));
        let text = b"0123456789abcdefghijklmn";
        let starts: BTreeSet<u64> =
            (0..text.len()).map(|n| hash_of(&&text[..n])).collect();
        assert_eq!(starts.len(), text.len());
        for n in 0..8 {
            let mut padded = [0; 8];
            padded[..n].copy_from_slice(&text[..n]);
            assert_eq!(tail(&text[..n]), u64::from_le_bytes(padded));
        }
    }
}
