//! Goes on on another thread with what is not made for going there. What that is for is in `deep.rs`.

use std::thread;

/// What another thread uses instead of this one.
struct Lent<T>(T);

// SAFETY: it is only made by `elsewhere`: the thread that lends waits until the other is done, so that no
// two use it at once; and nothing that values do depends on which thread does it.
unsafe impl<T> Send for Lent<T> {}

impl<T> Lent<T> {
    fn take(self) -> T {
        self.0
    }
}

/// Runs something on a thread of its own, which has so much stack, and waits for it.
pub(super) fn elsewhere<R>(stack_bytes: usize, run: impl FnOnce() -> R) -> R {
    let run = Lent(run);
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(stack_bytes);
        let other = thread.spawn_scoped(scope, move || Lent(run.take()()));
        let done = other.expect("the system gives another thread").join();
        done.unwrap_or_else(|panic| std::panic::resume_unwind(panic)).take()
    })
}
