//! What an attempt to take a message gives that does not wait for anything.

/// What an attempt gives that does not ask for the turn.
#[derive(Debug)]
pub(crate) enum Quick<T> {
    Item(T),
    /// Nothing there.
    Empty,
    /// Nothing there: the next push wakes the caller.
    Armed,
    /// It has to be done in the turn.
    InTurn,
}

impl<T> Quick<T> {
    /// What a call gives that is not inlined. It gives the message by memory: as a pair of registers it would be joined
    /// with what is inlined, and what that gives would be looked at once more.
    #[inline(always)]
    pub(crate) fn by_call(call: impl FnOnce(&mut Option<T>) -> Quick<()>) -> Self {
        let mut message = None;
        match call(&mut message) {
            Quick::Item(()) => message.map_or(Self::InTurn, Self::Item),
            Quick::Empty => Self::Empty,
            Quick::Armed => Self::Armed,
            Quick::InTurn => Self::InTurn,
        }
    }

    /// For [`Quick::by_call`].
    #[inline(always)]
    pub(crate) fn put(self, message: &mut Option<T>) -> Quick<()> {
        match self {
            Self::Item(value) => {
                *message = Some(value);
                Quick::Item(())
            }
            Self::Empty => Quick::Empty,
            Self::Armed => Quick::Armed,
            Self::InTurn => Quick::InTurn,
        }
    }
}
