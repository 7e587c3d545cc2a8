//! What a look at a word sees: an address and marks. It owns nothing, and nobody follows it but who owns what is
//! there.

use std::ptr::{self, NonNull};

/// What lies beside a pointer, or alone: one of these numbers.
pub(crate) type Mark = usize;

/// Marks are less than this, and addresses of nodes have none of their bits.
pub(super) const N_MARKS: usize = 8;
/// The marks that say what a pointer is.
pub(crate) const KIND: Mark = 0b011;
/// It is the other thing that a word can own.
pub(crate) const OTHER: Mark = 0b010;

/// What a look at a word has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen(*mut ());

impl Seen {
    #[inline(always)]
    pub(super) fn of(word: *mut ()) -> Self {
        Self(word)
    }

    /// A pointer without marks of its own, as those to what is aligned have none.
    #[inline(always)]
    pub(super) fn of_pointer<N>(pointer: NonNull<N>, marks: Mark) -> Self {
        assert!(marks < N_MARKS, "a mark is a small number");
        Self(pointer.as_ptr().wrapping_byte_add(marks).cast())
    }

    /// A mark alone.
    #[inline(always)]
    pub(crate) fn bare(mark: Mark) -> Self {
        assert!(mark < N_MARKS, "a mark is a small number");
        Self(ptr::without_provenance_mut(mark))
    }

    /// All of it.
    #[inline(always)]
    pub(super) fn word(self) -> *mut () {
        self.0
    }

    #[inline(always)]
    pub(crate) fn marks(self) -> Mark {
        self.0.addr() & (N_MARKS - 1)
    }

    /// Without its marks. Only to be compared.
    #[inline(always)]
    pub(crate) fn address(self) -> usize {
        self.0.addr() & !(N_MARKS - 1)
    }

    #[inline(always)]
    pub(crate) fn has_pointer(self) -> bool {
        self.0.addr() >= N_MARKS
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
        self.0.map_addr(|it| it & !(N_MARKS - 1)).cast()
    }

    /// With these marks instead of its own.
    #[inline(always)]
    pub(super) fn with_marks(self, marks: Mark) -> Self {
        assert!(marks < N_MARKS, "a mark is a small number");
        Self(self.pointer::<()>().map_addr(|it| it | marks))
    }
}
