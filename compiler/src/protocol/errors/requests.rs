//! Requests that are answered twice, or not at all, as diagnostics.

use crate::diag::{Code, Diagnostic};
use crate::support::span::Span;

/// A request whose answer has been given on every path to here.
pub(in crate::protocol) fn answered_twice(
    name: Option<&str>,
    span: Span,
    first: Span,
) -> Diagnostic {
    let what = match name {
        Some(name) => format!("request `{name}`"),
        None => "a request".into(),
    };
    let found = Diagnostic::error(
        Code::AnsweredTwice,
        format!("{what} is answered twice"),
        span,
        "a second answer",
    );
    let found = match first == span {
        true => found,
        false => found.label(first, "answered here already"),
    };
    found.note("a request has one reply")
}

/// A request that some path leaves without an answer. `end` is where that path lets it go.
pub(in crate::protocol) fn dropped(
    name: Option<&str>,
    received: Span,
    always: bool,
    end: Option<Span>,
) -> Diagnostic {
    let what = match name {
        Some(name) => format!("request `{name}`"),
        None => "a request".into(),
    };
    let (when, here) = match always {
        true => ("is never answered", "let go of here, unanswered"),
        false => {
            ("is not answered on every path", "let go of here, unanswered on some path")
        }
    };
    let found = Diagnostic::warning(
        Code::RequestDropped,
        format!("{what} {when}"),
        received,
        "received here",
    );
    let found = match end {
        Some(end) if name.is_some() => found.label(end, here),
        _ => found,
    };
    found.note("whoever asked gets a `NoReplyException`")
}
