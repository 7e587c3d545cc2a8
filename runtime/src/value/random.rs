//! `Random`: numbers that look random, the same ones for the same seed.
//! It is not for secrets.

use std::hash::{BuildHasher, RandomState};

use super::{Exception, Result};

/// A generator; a copy gives the same numbers again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Random {
    state: u64,
}

impl Random {
    /// With a seed of its own.
    #[expect(
        clippy::new_without_default,
        reason = "a default would be the same every time"
    )]
    pub fn new() -> Self {
        Self { state: RandomState::new().hash_one(0) }
    }

    /// With a given seed.
    pub fn with_seed(seed: i32) -> Self {
        Self { state: seed as u64 }
    }

    /// The next 64 bits: a counter whose bits are stirred well.
    fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.state;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }

    /// A number from 0 up to, not including, `n`.
    fn below(&mut self, n: u32) -> u32 {
        // The high half of a product with 64 random bits favours no number by more than 2^-32.
        ((u128::from(self.bits()) * u128::from(n)) >> 64) as u32
    }

    /// A number from 0 on.
    pub fn next_int(&mut self) -> i32 {
        self.below(i32::MAX.unsigned_abs()).cast_signed()
    }

    /// A number from 0 up to, not including, `max`; 0 if that is 0.
    #[track_caller]
    pub fn next_below(&mut self, max: i32) -> Result<i32> {
        self.next_between(0, max)
    }

    /// A number from `min` up to, not including, `max`; `min` if both are the same.
    #[track_caller]
    pub fn next_between(&mut self, min: i32, max: i32) -> Result<i32> {
        if min > max {
            return Err(Exception::new(
                "ArgumentOutOfRangeException",
                format!("there is no number from {min} up to {max}"),
            ));
        }
        Ok(min.wrapping_add_unsigned(self.below(max.abs_diff(min))))
    }

    /// A number from 0 on.
    pub fn next_long(&mut self) -> i64 {
        self.long_below(i64::MAX.unsigned_abs()).cast_signed()
    }

    fn long_below(&mut self, n: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(n)) >> 64) as u64
    }

    /// A number from 0 up to, not including, `max`; 0 if that is 0.
    #[track_caller]
    pub fn next_long_below(&mut self, max: i64) -> Result<i64> {
        self.next_long_between(0, max)
    }

    /// A number from `min` up to, not including, `max`; `min` if both are the same.
    #[track_caller]
    pub fn next_long_between(&mut self, min: i64, max: i64) -> Result<i64> {
        if min > max {
            return Err(Exception::new(
                "ArgumentOutOfRangeException",
                format!("there is no number from {min} up to {max}"),
            ));
        }
        Ok(min.wrapping_add_unsigned(self.long_below(max.abs_diff(min))))
    }

    /// A number from 0 up to, not including, 1.
    pub fn next_single(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1_u32 << 24) as f32
    }

    /// A number from 0 up to, not including, 1.
    pub fn next_double(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

impl super::Show for Random {
    fn show(&self, out: &mut String) {
        out.push_str("Random");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_for_a_seed_and_keeps_bounds() {
        let (mut one, mut two) = (Random::with_seed(7), Random::with_seed(7));
        let mut seen = [false; 6];
        for _ in 0..1000 {
            let rolled = one.next_between(1, 7).unwrap();
            assert_eq!(two.next_between(1, 7), Ok(rolled));
            seen[rolled as usize - 1] = true;
        }
        assert_eq!(seen, [true; 6]);
        assert!(one.next_int() >= 0 && (0.0..1.0).contains(&one.next_double()));
        assert!(one.next_long() >= 0 && (0.0..1.0).contains(&one.next_single()));
        assert!(one.next_long_between(-3, 4).is_ok_and(|it| (-3..4).contains(&it)));
        assert!(one.next_long_below(-1).is_err());
        assert_eq!(one.next_below(0), Ok(0));
        assert!(one.next_below(-1).is_err() && one.next_between(2, 1).is_err());
        assert!(one.next_between(i32::MIN, i32::MAX).is_ok());
        assert_ne!(Random::new().bits(), Random::new().bits());
    }
}
