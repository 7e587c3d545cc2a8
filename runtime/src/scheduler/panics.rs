//! Panics become exceptions: in native code, or in the runtime itself.
//! Nothing else in the runtime catches a panic but who calls into here.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, PanicHookInfo};
use std::sync::Once;

use super::current;
use crate::position::Position;
use crate::value::Exception;

thread_local! {
    /// Where the last panic of this thread began.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Workers keep the place of a panic instead of printing it: it is reported as the agent's failure.
pub(crate) fn keep_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
            if current::is_worker() {
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
