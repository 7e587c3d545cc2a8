//! A pointer to a suspended operation, which is asked what it waits for when the program is at rest.
//! It does not know who asks, nor what is told.

use std::mem;
use std::ptr::NonNull;

use super::strand::Strand;
use super::waits::{Origin, Tells, WaitPlace};
use crate::port::outlook::Outlook;

/// Shows that no activity is being polled, nor will be before this goes.
#[derive(Debug)]
pub(super) struct AtRest(());

impl AtRest {
    /// # Safety
    /// It is so as long as this is there.
    pub(super) unsafe fn new() -> Self {
        Self(())
    }
}

/// Whom to ask what is waited for, and where.
#[derive(Debug)]
pub(crate) struct Asked(NonNull<dyn Tells>);

// SAFETY: until the operation is asked it is only a pointer, and at rest any thread may ask it.
unsafe impl Send for Asked {}

impl Asked {
    /// The operation is to be the last thing that the poll of its activity does: then it stays
    /// where it is until the next poll, which forgets this.
    pub(crate) fn new(operation: &(dyn Tells + '_)) -> Self {
        let operation = NonNull::from(operation);
        // SAFETY: only the lifetime changes, and the pointer is followed at rest only.
        let operation = unsafe {
            mem::transmute::<NonNull<dyn Tells + '_>, NonNull<dyn Tells>>(operation)
        };
        Self(operation)
    }

    /// What the operation tells.
    pub(super) fn place(
        &self,
        strand: &Strand,
        _: &AtRest,
    ) -> Option<(WaitPlace, Vec<Origin>, Outlook)> {
        // SAFETY: the activity is suspended since the poll that made this, so the operation is part of
        // its future, or borrowed by it.
        let operation = unsafe { self.0.as_ref() };
        let mut origins = Vec::new();
        operation.origins(&mut origins);
        let more = origins.split_off(1.min(origins.len()));
        let (at, serving) = (operation.at(), operation.is_own(strand));
        let place = WaitPlace { at, origin: origins.pop()?, serving };
        Some((place, more, operation.outlook()))
    }
}
