//! A reference that one thread finds again while a call lasts.

use std::cell::Cell;
use std::ptr;

use super::finally::Finally;

/// Where a thread has one.
pub(crate) trait OfThread<T> {
    fn with<R>(body: impl FnOnce(&Scoped<T>) -> R) -> R;
}

/// What the innermost call of [`Scoped::during`] was given that lasts.
pub(crate) struct Scoped<T>(Cell<*const T>);

impl<T> Scoped<T> {
    pub(crate) const fn nothing() -> Self {
        Self(Cell::new(ptr::null()))
    }

    /// Lends `it` to what `body` calls.
    #[inline(always)]
    pub(crate) fn during<P: OfThread<T>, R>(it: &T, body: impl FnOnce() -> R) -> R {
        let (at, before) = P::with(|there| (there.0.as_ptr(), there.0.replace(it)));
        let _finally = Finally(
            #[inline(always)]
            || {
                let is_there =
                    P::with(|there| (there.0.set(before), there.0.as_ptr() == at).1);
                assert!(is_there, "it is at one place");
            },
        );
        body()
    }

    /// Lends what is there.
    #[inline(always)]
    pub(crate) fn with<P: OfThread<T>, R>(body: impl FnOnce(&T) -> R) -> Option<R> {
        let it = P::with(|there| there.0.get());
        // SAFETY: the call lasts that was given it, on this thread, which nothing else shares the place with.
        unsafe { it.as_ref() }.map(body)
    }
}
