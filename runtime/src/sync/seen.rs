//! What a look at a [`Word`](super::Word) sees: an address and marks, which own nothing; and what a word takes in and
//! gives up.

use std::mem::ManuallyDrop;
use std::ptr::{self, NonNull};

use crate::pool::Pooled;

/// What lies beside a pointer, or alone: one of these numbers.
pub(crate) type Mark = usize;

/// Marks are less than this, and addresses of nodes have none of their bits.
const N_MARKS: usize = 8;
/// The marks that say what a pointer is.
pub(crate) const KIND: Mark = 0b011;
/// It is the other thing that a word can own.
pub(crate) const OTHER: Mark = 0b010;

/// What a look at a word has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen(usize);

impl Seen {
    #[inline(always)]
    pub(super) fn of(word: usize) -> Self {
        Self(word)
    }

    /// A pointer without marks of its own, as those to what is aligned have none.
    #[inline(always)]
    pub(super) fn of_pointer<N>(pointer: NonNull<N>, marks: Mark) -> Self {
        const { assert!(align_of::<N>() >= N_MARKS, "the marks need its bits") };
        assert!(marks < N_MARKS, "a mark is a small number");
        Self(pointer.as_ptr().expose_provenance() + marks)
    }

    /// A mark alone.
    #[inline(always)]
    pub(crate) fn bare(mark: Mark) -> Self {
        assert!(mark < N_MARKS, "a mark is a small number");
        Self(mark)
    }

    /// All of it.
    #[inline(always)]
    pub(super) fn word(self) -> usize {
        self.0
    }

    #[inline(always)]
    pub(crate) fn marks(self) -> Mark {
        self.0 & (N_MARKS - 1)
    }

    /// Without its marks. Only to be compared.
    #[inline(always)]
    pub(crate) fn address(self) -> usize {
        self.0 & !(N_MARKS - 1)
    }

    #[inline(always)]
    pub(crate) fn has_pointer(self) -> bool {
        self.0 >= N_MARKS
    }

    /// A pointer without marks.
    #[inline(always)]
    pub(crate) fn is_plain(self) -> bool {
        self.has_pointer() && self.marks() == 0
    }

    #[inline(always)]
    pub(super) fn is_other(self) -> bool {
        self.marks() & KIND == OTHER && self.has_pointer()
    }

    /// Without its marks; null if there is none.
    #[inline(always)]
    pub(super) fn pointer<N>(self) -> *mut N {
        ptr::with_exposed_provenance_mut(self.address())
    }

    /// With these marks instead of its own.
    #[inline(always)]
    pub(super) fn with_marks(self, marks: Mark) -> Self {
        assert!(marks < N_MARKS, "a mark is a small number");
        Self(self.address() | marks)
    }
}

/// A value, and the node behind it, if any, which leaks unless it is taken out before.
pub(crate) struct Parcel<T> {
    pub(crate) next: ManuallyDrop<Option<Pooled<Self>>>,
    pub(crate) value: T,
}

/// Done; or what was to be put, and what is there instead.
pub(crate) type Put<Q, R = ()> = Result<R, (Q, Seen)>;

/// What a word owns.
pub(crate) enum Content<P, S> {
    Nothing,
    Node(P),
    /// With the mark [`OTHER`].
    Other(S),
}

impl<P, S> Content<P, S> {
    #[inline(always)]
    pub(crate) fn node(self) -> Option<P> {
        match self {
            Self::Node(node) => Some(node),
            _ => None,
        }
    }

    #[inline(always)]
    pub(crate) fn other(self) -> Option<S> {
        match self {
            Self::Other(other) => Some(other),
            _ => None,
        }
    }
}
