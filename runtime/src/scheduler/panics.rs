//! Panics become exceptions: in native code, or in the runtime itself.
//! Nothing else in the runtime catches a panic but who calls into here.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, PanicHookInfo};
use std::sync::Once;

use super::current;
use crate::position::Position;
use crate::value::{Exception, Result};

thread_local! {
    /// Where the last panic of this thread began.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
    /// Whether this thread is in native code, whose panics are caught wherever it runs.
    static CATCHES: Cell<bool> = const { Cell::new(false) };
}

/// Runs code of others; a panic in it is an exception.
pub(crate) fn catching<T>(code: impl FnOnce() -> Result<T>) -> Result<T> {
    keep_quiet();
    let around = CATCHES.replace(true);
    // What the code may have left half done is its own, and nobody sees it again.
    let outcome = panic::catch_unwind(panic::AssertUnwindSafe(code));
    CATCHES.set(around);
    outcome.unwrap_or_else(|payload| Err(to_exception(&*payload)))
}

/// Workers keep the place of a panic instead of printing it: it is reported as the agent's failure.
pub(crate) fn keep_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
            if current::is_worker() || CATCHES.get() {
                let place = info.location().map(|at| Position(at).to_string());
                PLACE.set(place);
            } else {
                before(info);
            }
        }));
    });
}

/// The exception that a caught panic is for the program.
pub(crate) fn to_exception(payload: &(dyn Any + Send)) -> Exception {
    if let Some(exception) = payload.downcast_ref::<Exception>() {
        return exception.clone();
    }
    let said = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without a message");
    let message = match PLACE.take() {
        Some(place) => format!("{said} ({place})"),
        None => said.to_owned(),
    };
    Exception::new("NativeException", message)
}
