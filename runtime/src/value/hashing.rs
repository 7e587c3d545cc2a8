//! The hash of dictionary keys: fast, and seeded per process so that nobody can prepare collisions.
//! It decides no order that a program could see; tables iterate in insertion order.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::OnceLock;

/// Multiplies into 128 bits and folds the halves together, which spreads every input bit.
#[derive(Clone, Debug)]
struct Folding {
    state: u64,
}

const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

impl Folding {
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.state ^ word) * u128::from(FACTOR);
        self.state = (product as u64) ^ ((product >> 64) as u64).rotate_left(23);
    }
}

impl Hasher for Folding {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        // The length tells apart what zeros at the end would not.
        self.mix(u64::from_le_bytes(last) ^ (bytes.len() as u64) << 56);
    }

    fn write_u8(&mut self, value: u8) {
        self.mix(value.into());
    }

    fn write_u16(&mut self, value: u16) {
        self.mix(value.into());
    }

    fn write_u32(&mut self, value: u32) {
        self.mix(value.into());
    }

    fn write_u64(&mut self, value: u64) {
        self.mix(value);
    }

    fn write_usize(&mut self, value: usize) {
        self.mix(value as u64);
    }

    fn finish(&self) -> u64 {
        let product = u128::from(self.state) * u128::from(!FACTOR);
        (product as u64) ^ ((product >> 64) as u64)
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
    }
}
