//! `BitOperations`: bits of whole numbers without sign.

/// What the functions need of `uint` and `ulong`.
pub trait Bits: Copy {
    /// How many bits are 1.
    fn ones(self) -> u32;
    /// How many bits before the first 1 are 0.
    fn leading(self) -> u32;
    /// How many bits behind the last 1 are 0.
    fn trailing(self) -> u32;
    /// How many bits there are.
    const WIDTH: u32;
    /// The bits moved to the left around the end.
    fn rotated(self, offset: u32) -> Self;
}

macro_rules! bits {
    ($($ty:ty),*) => { $(
        impl Bits for $ty {
            fn ones(self) -> u32 {
                self.count_ones()
            }
            fn leading(self) -> u32 {
                self.leading_zeros()
            }
            fn trailing(self) -> u32 {
                self.trailing_zeros()
            }
            const WIDTH: u32 = <$ty>::BITS;
            fn rotated(self, offset: u32) -> Self {
                self.rotate_left(offset)
            }
        }
    )* };
}

bits!(u32, u64);

/// How many bits are 1.
pub fn pop_count<T: Bits>(value: T) -> i32 {
    value.ones().cast_signed()
}

/// How many bits before the first 1 are 0.
pub fn leading_zero_count<T: Bits>(value: T) -> i32 {
    value.leading().cast_signed()
}

/// How many bits behind the last 1 are 0.
pub fn trailing_zero_count<T: Bits>(value: T) -> i32 {
    value.trailing().cast_signed()
}

/// The logarithm to base 2, rounded down; 0 for 0.
pub fn log2<T: Bits>(value: T) -> i32 {
    (T::WIDTH - 1).saturating_sub(value.leading()).cast_signed()
}

/// Whether exactly one bit is 1.
pub fn is_pow2<T: Bits>(value: T) -> bool {
    value.ones() == 1
}

/// The bits moved to the left; what leaves comes in at the right.
pub fn rotate_left<T: Bits>(value: T, offset: i32) -> T {
    value.rotated(offset.rem_euclid(T::WIDTH.cast_signed()).cast_unsigned())
}

/// The bits moved to the right; what leaves comes in at the left.
pub fn rotate_right<T: Bits>(value: T, offset: i32) -> T {
    rotate_left(value, offset.wrapping_neg())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_rotates() {
        assert_eq!((pop_count(7_u32), log2(0_u64), log2(u64::MAX)), (3, 0, 63));
        assert_eq!((leading_zero_count(1_u32), trailing_zero_count(0_u32)), (31, 32));
        assert_eq!((rotate_left(1_u32, -1), rotate_right(1_u64, 64)), (1 << 31, 1));
        assert!(is_pow2(8_u32) && !is_pow2(0_u64));
    }
}
