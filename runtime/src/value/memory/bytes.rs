//! The bytes of text, in three words: those of short ASCII text stand in the handle itself, those of text of
//! the program in the program, all others in shared memory. It knows their number and that of their
//! scalars; that they are text is known in `utf8.rs`.

use super::buffer::grown;
use super::near::{NEAR, Near};
use super::rows::Rows;
use super::short;

/// A handle to bytes.
#[derive(Clone)]
pub(in crate::value) enum Bytes {
    /// In the handle itself, if each is a scalar.
    Near(Near),
    /// In the program, of so many scalars.
    Fixed { bytes: &'static [u8], n_scalars: u32 },
    /// In shared memory, of so many scalars.
    Far { bytes: Rows<u8>, n_scalars: u32 },
}

impl Bytes {
    pub(super) const EMPTY: Self = Self::Near(Near::EMPTY);

    /// Bytes of the program.
    pub(super) const fn fixed(bytes: &'static [u8], n_scalars: usize) -> Self {
        Self::Fixed { bytes, n_scalars: n_scalars as u32 }
    }

    /// A copy of the bytes, which have that many scalars.
    pub(super) fn new(bytes: &[u8], n_scalars: usize) -> Self {
        if bytes.len() == n_scalars
            && let Some(near) = Near::new(bytes)
        {
            return Self::Near(near);
        }
        let mut all = Self::EMPTY;
        all.push_far(bytes, n_scalars);
        all
    }

    #[inline]
    pub(super) fn as_slice(&self) -> &[u8] {
        match self {
            Self::Near(bytes) => bytes.as_slice(),
            Self::Fixed { bytes, .. } => bytes,
            Self::Far { bytes, .. } => bytes,
        }
    }

    /// The bytes, if each is a scalar.
    #[inline]
    pub(in crate::value) fn ascii(&self) -> Option<&[u8]> {
        let (bytes, n_scalars) = match self {
            Self::Near(bytes) => return Some(bytes.as_slice()),
            Self::Fixed { bytes, n_scalars } => (*bytes, *n_scalars),
            Self::Far { bytes, n_scalars } => (&**bytes, *n_scalars),
        };
        (bytes.len() == n_scalars as usize).then_some(bytes)
    }

    #[inline]
    pub(in crate::value) fn n_scalars(&self) -> usize {
        match self {
            Self::Near(bytes) => bytes.len(),
            Self::Fixed { n_scalars, .. } | Self::Far { n_scalars, .. } => {
                *n_scalars as usize
            }
        }
    }

    /// Adds bytes of that many scalars to the end, in place if nobody else holds these.
    #[inline]
    pub(super) fn push(&mut self, more: &[u8], n_scalars: usize) {
        match self {
            Self::Near(bytes) => {
                if more.len() == n_scalars && bytes.push(more) {
                    return;
                }
            }
            Self::Far { bytes, n_scalars: n } => {
                if append(bytes, more) {
                    *n += n_scalars as u32;
                    return;
                }
            }
            Self::Fixed { .. } => {}
        }
        self.push_far(more, n_scalars);
    }

    /// Adds a number in decimal digits to the end.
    #[inline]
    pub(super) fn push_decimal(&mut self, negative: bool, magnitude: u64) {
        let mut digits = [0; 21];
        let number = short::decimal(negative, magnitude, &mut digits);
        self.push(number, number.len());
    }

    /// As `push`, with room made before.
    #[cold]
    #[inline(never)]
    fn push_far(&mut self, more: &[u8], n_scalars: usize) {
        let (old, n_old) = (self.as_slice(), self.n_scalars());
        let capacity = grown(old.len(), old.len() + more.len(), 2 * NEAR);
        if let Self::Far { bytes, .. } = self
            && bytes.make_room(capacity)
        {
            return self.push(more, n_scalars);
        }
        let mut bytes = Rows::EMPTY;
        bytes.make_room(capacity);
        append(&mut bytes, self.as_slice());
        append(&mut bytes, more);
        *self = Self::Far { bytes, n_scalars: (n_old + n_scalars) as u32 };
    }

    /// Whether the bytes are equal.
    #[inline]
    pub(in crate::value) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Near(bytes), Self::Near(other)) => bytes == other,
            _ => self.as_slice() == other.as_slice(),
        }
    }
}

/// Adds bytes, if there is room and nobody else has these.
#[inline]
fn append(bytes: &mut Rows<u8>, more: &[u8]) -> bool {
    match more {
        // A call would take longer.
        [a] => bytes.fill(1, |_| *a),
        [a, b] => bytes.fill(2, |at| [*a, *b][at]),
        _ => bytes.fill(more.len(), |at| more[at]),
    }
}
