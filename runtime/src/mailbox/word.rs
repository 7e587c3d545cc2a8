//! The head of a queue as one word: a pointer, and in its lower bits what it points at.
//! It changes nothing; `queue` does.

use std::ptr;

use super::node::Node;

/// What arrived and has not been put into order, or who waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing arrived, nobody waits.
    Empty,
    /// One node.
    One,
    /// Nodes, the newest first.
    Many,
    /// Nothing arrived; a sleeper waits, or only those in the list of waiters.
    Armed,
    /// As `Armed`, and some wait in the list.
    Crowded,
    /// Nothing will arrive.
    Sealed,
}

/// What a consumer is told by one look at a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Glance {
    /// There is nothing, and nothing in order.
    Empty,
    /// The same, and somebody waits; the list of waiters is not to be woken.
    Armed,
    /// One node, and nothing in order.
    Alone,
    /// Several messages are there, or some may be in order: they are taken in the turn.
    Deep,
    Other,
}

/// The head of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word(*mut ());

/// Without a node and with one each mark has a meaning of its own.
const KINDS: usize = 0b011;
const ONE_OR_SEALED: usize = 0b001;
const ARMED: usize = 0b010;
const CROWDED: usize = 0b011;
/// There may be messages that were put into order: nobody takes but in the turn.
const FRONT: usize = 0b100;
const MARKS: usize = 0b111;

impl Word {
    pub(super) const EMPTY: Self = Self(ptr::null_mut());

    #[inline]
    pub(super) fn of_raw(raw: *mut ()) -> Self {
        Self(raw)
    }

    #[inline]
    pub(super) fn raw(self) -> *mut () {
        self.0
    }

    #[inline]
    pub(super) fn kind(self) -> Kind {
        let is_null = self.0.addr() & !MARKS == 0;
        match self.0.addr() & KINDS {
            0 if is_null => Kind::Empty,
            0 => Kind::Many,
            ONE_OR_SEALED if is_null => Kind::Sealed,
            ONE_OR_SEALED => Kind::One,
            ARMED => Kind::Armed,
            _ => Kind::Crowded,
        }
    }

    /// What a consumer does first.
    #[inline(always)]
    pub(super) fn at_a_glance(self) -> Glance {
        let addr = self.0.addr();
        if addr == 0 {
            return Glance::Empty;
        }
        match addr & MARKS {
            ONE_OR_SEALED if addr != ONE_OR_SEALED => Glance::Alone,
            ARMED => Glance::Armed,
            0 => Glance::Deep,
            marks if marks & FRONT != 0 => Glance::Deep,
            _ => Glance::Other,
        }
    }

    #[inline]
    pub(super) fn has_front(self) -> bool {
        self.0.addr() & FRONT != 0
    }

    /// The node or the sleeper.
    #[inline]
    pub(super) fn pointer(self) -> *mut () {
        self.0.map_addr(|addr| addr & !MARKS)
    }

    #[inline]
    pub(super) fn node<T>(self) -> *mut Node<T> {
        self.pointer().cast()
    }

    #[inline]
    fn of(pointer: *mut (), marks: usize) -> Self {
        debug_assert!(pointer.addr() & MARKS == 0, "nodes and faces are aligned");
        Self(pointer.map_addr(|addr| addr | marks))
    }

    #[inline]
    fn front(self) -> usize {
        self.0.addr() & FRONT
    }

    /// This word after a push of `node`, and what follows the node in the list.
    #[inline]
    pub(super) fn pushed<T>(self, node: *mut Node<T>) -> (Self, *mut Node<T>) {
        match self.kind() {
            Kind::One | Kind::Many => (Self::of(node.cast(), self.front()), self.node()),
            Kind::Empty | Kind::Armed | Kind::Crowded | Kind::Sealed => {
                let word = Self::of(node.cast(), ONE_OR_SEALED | self.front());
                (word, ptr::null_mut())
            }
        }
    }

    /// Nothing there, nobody waits; what is in order stays.
    pub(super) fn emptied(self) -> Self {
        Self::of(ptr::null_mut(), self.front())
    }

    /// Nothing there that is not in order.
    pub(super) fn taken_in() -> Self {
        Self::of(ptr::null_mut(), FRONT)
    }

    /// The same, and nothing is in order.
    #[inline]
    pub(super) fn without_front(self) -> Self {
        Self(self.0.map_addr(|addr| addr & !FRONT))
    }

    pub(super) fn sealed(self) -> Self {
        Self::of(ptr::null_mut(), ONE_OR_SEALED | self.front())
    }

    /// `sleeper` waits.
    #[inline]
    pub(super) fn armed(self, sleeper: *mut ()) -> Self {
        Self::of(sleeper, ARMED | self.front())
    }

    /// Some wait in the list, too.
    pub(super) fn crowded(self) -> Self {
        Self(self.0.map_addr(|addr| addr | CROWDED))
    }
}
