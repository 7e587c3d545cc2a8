//! How much of its stack a thread has left. Code that may call itself asks here, so that
//! runaway recursion is an exception and never the end of the process. Threads that have
//! not said how large their stack is have no limit.
//!
//! A function that throws anyway gives the exception back as its error. One that does not
//! gives a plain value, and is left by unwinding: that costs nothing while it does not
//! happen. Unwinding never goes further than the next `try`, function value or agent.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::value::{Exception, Result};

/// What is kept free below the limit: for code that does not ask, and for unwinding.
const RESERVE: usize = 1 << 20;

thread_local! {
    /// The address below which the stack must not grow.
    static LIMIT: Cell<usize> = const { Cell::new(0) };
}

/// Where the stack of this thread ends now, about. A function that asks is never made a loop by the optimiser, so
/// recursion without end is an exception whether a program is optimised or not.
#[inline(always)]
fn here() -> usize {
    let mark = 0_u8;
    (&raw const mark).addr()
}

/// This thread's stack has about `size` bytes left from here on.
pub(crate) fn set_limit(size: usize) {
    LIMIT.set(here().saturating_sub(size.saturating_sub(RESERVE)));
}

/// Whether the stack is used up but for the reserve.
#[inline(always)]
pub(crate) fn is_used_up() -> bool {
    here() < LIMIT.get()
}

/// Before a call that may lead back here, in a function that throws.
#[inline(always)]
#[track_caller]
pub fn deep() -> Result<()> {
    match is_used_up() {
        true => Err(overflow()),
        false => Ok(()),
    }
}

/// Before a call that may lead back here, in a function that does not throw.
#[inline(always)]
#[track_caller]
pub fn deep_unwind() {
    if is_used_up() {
        unwind(overflow());
    }
}

#[track_caller]
#[cold]
#[inline(never)]
fn overflow() -> Exception {
    Exception::new("StackOverflowException", "calls are nested too deeply")
}

#[cold]
#[inline(never)]
fn unwind(exception: Exception) -> ! {
    // Not a panic: no hook runs, nothing is printed.
    resume_unwind(Box::new(exception))
}

/// Runs a function that may be left by unwinding.
pub fn caught<T>(run: impl FnOnce() -> T) -> Result<T> {
    catch_unwind(AssertUnwindSafe(run)).map_err(thrown)
}

/// As [`caught`], of a function that also throws.
pub fn caught_flat<T>(run: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(run)).map_err(thrown).flatten()
}

/// The exception that the stack was unwound with. A panic goes on.
#[cold]
fn thrown(payload: Box<dyn Any + Send>) -> Exception {
    match payload.downcast::<Exception>() {
        Ok(exception) => *exception,
        Err(panic) => resume_unwind(panic),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endless(n: u64) -> u64 {
        if n == u64::MAX {
            return n;
        }
        deep_unwind();
        std::hint::black_box(endless(std::hint::black_box(n + 1)) + 1)
    }

    fn throwing(n: u64) -> Result<u64> {
        deep()?;
        Ok(std::hint::black_box(throwing(std::hint::black_box(n + 1))? + 1))
    }

    #[test]
    fn runaway_recursion_is_an_exception() {
        let run = || {
            set_limit(8 << 20);
            let unwound = caught(|| endless(0)).unwrap_err();
            assert_eq!(unwound.kind(), "StackOverflowException");
            assert_eq!(throwing(0).unwrap_err().kind(), "StackOverflowException");
            assert_eq!(caught_flat(|| throwing(0)).unwrap_err(), unwound);
            assert_eq!(caught(|| 1), Ok(1));
        };
        let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(run);
        thread.expect("a thread starts").join().expect("nothing aborts");
    }
}
