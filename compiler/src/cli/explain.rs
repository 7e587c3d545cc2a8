//! `axumc explain`: what a diagnostic code means.

use super::args::unknown_code;
use crate::diag::Code;
use crate::driver::{Exit, Failure, Session};

/// Prints the page of `code`, or the list of all codes.
pub(super) fn command(mut session: Session, code: Option<&str>, list: bool) -> Exit {
    if list {
        let line = |it: &Code| format!("{}  {}\n", it.as_str(), it.summary());
        session.print(&Code::ALL.iter().map(line).collect::<String>());
    }
    if let Some(text) = code {
        match Code::parse(text) {
            Some(code) => session.print(code.explain()),
            None => {
                session.fail(&Failure::usage(format!("`{text}`: {}", unknown_code(text))))
            }
        }
    }
    session.finish(None)
}
