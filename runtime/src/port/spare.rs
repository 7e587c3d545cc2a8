//! Shared values that a worker keeps to use again, by their type. It does not know what they are, nor
//! whether they are as new: who keeps one sees to it that nobody else has it.

use std::any::Any;
use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::sync::Arc;

use crate::scheduler::current;

/// So many of a type at most; the rest goes back to the system.
const MOST: usize = 256;

/// So many types; those beyond are not kept.
const MOST_TYPES: usize = 16;

thread_local! {
    /// A `Vec<Arc<T>>` for each type. Never dropped, so that no use of it has to ask whether it was: a worker
    /// lives as long as the program, and other threads keep nothing.
    static SPARE: ManuallyDrop<RefCell<Vec<Box<dyn Any>>>> =
        const { ManuallyDrop::new(RefCell::new(Vec::new())) };
}

/// One that was kept.
#[inline]
pub(super) fn take<T: 'static>() -> Option<Arc<T>> {
    SPARE.with(|spare| {
        let mut spare = spare.borrow_mut();
        spare.iter_mut().find_map(|it| it.downcast_mut::<Vec<Arc<T>>>())?.pop()
    })
}

/// Keeps what nobody else has.
#[inline]
pub(super) fn keep<T: 'static>(value: Arc<T>) {
    SPARE.with(|spare| {
        let mut spare = spare.borrow_mut();
        match spare.iter_mut().find_map(|it| it.downcast_mut::<Vec<Arc<T>>>()) {
            Some(kept) if kept.len() < MOST => kept.push(value),
            Some(_) => {}
            None => begin(&mut spare, value),
        }
    });
}

#[cold]
#[inline(never)]
fn begin<T: 'static>(spare: &mut Vec<Box<dyn Any>>, value: Arc<T>) {
    if spare.len() < MOST_TYPES && current::is_worker() {
        spare.push(Box::new(vec![value]));
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn threads_that_are_no_workers_keep_nothing() {
        keep(Arc::new(5_u8));
        assert_eq!(take::<u8>(), None);
    }
}
