//! A panic in a command is an internal error with a report.

use std::panic;

use crate::diag::render::Format;
use crate::driver::{Exit, Style, guarded};

#[test]
fn a_panic_is_an_internal_error() {
    let style =
        Style { format: Format::Short, quiet: false, max_errors: 1, prefix: false };
    let hook = panic::take_hook();
    let exit = guarded(style, || panic!("this panic belongs to a test"));
    panic::set_hook(hook);
    assert_eq!(exit, Exit::Internal);
    assert_eq!(guarded(style, || Exit::Rejected), Exit::Rejected);
    let _ = panic::take_hook();
}
