//! Values that have one owner and were to have two, as diagnostics.

use crate::diag::{Code, Diagnostic};
use crate::hir::Program;
use crate::hir::ty::Ty;
use crate::protocol::flow::{Into, Kind, Owner};
use crate::support::span::Span;
use crate::types::show::show;

fn rule(kind: Kind) -> &'static str {
    match kind {
        Kind::End(..) => {
            "an end of a channel with a protocol has one owner: it is moved, never copied"
        }
        Kind::Request => "a request has one owner: it is moved, never copied",
        Kind::Holds => {
            "what holds an end of a channel with a protocol, or a request, is moved, never copied"
        }
    }
}

/// How the value left.
fn gone(into: Into) -> &'static str {
    match into {
        Into::Argument => "given away here, as an argument",
        Into::Local => "moved to another variable here",
        Into::Field => "stored here",
        Into::Value => "became part of another value here",
        Into::Message => "sent away here",
        Into::Returned => "returned here",
        Into::Lambda => "taken by this lambda",
    }
}

/// A use of a value that was given away, on every path or on some; `round` if that was in an
/// earlier round of a loop.
pub(in crate::protocol) fn used_after(
    what: &str,
    kind: Kind,
    into: Into,
    (moved, round): (Span, bool),
    always: bool,
    at: Span,
) -> Diagnostic {
    let (when, here) = match (always, round) {
        (_, true) => ("is moved away in a loop", "used again in the next round"),
        (true, false) => ("is used after it was moved away", "used here"),
        (false, false) => {
            ("may be used after it was moved away", "used here, moved away on some path")
        }
    };
    let found = Diagnostic::error(Code::Copied, format!("{what} {when}"), at, here);
    let found = match moved == at {
        true => found,
        false => found.label(moved, gone(into)),
    };
    found.note(rule(kind))
}

/// A value is given away by who does not own it.
pub(in crate::protocol) fn not_owned(
    what: &str,
    kind: Kind,
    owner: Owner,
    into: Into,
    from: Option<Span>,
    at: Span,
) -> Diagnostic {
    let keeper = match owner {
        Owner::Field => "a field",
        Owner::Collection => "a collection",
        Owner::Around => "the code around",
        Owner::Caller => "the caller",
    };
    let verb = match into {
        Into::Argument => "given away",
        Into::Local | Into::Value => "copied",
        Into::Field => "stored",
        Into::Message => "sent away",
        Into::Returned => "returned",
        Into::Lambda => "taken by a lambda",
    };
    let found = Diagnostic::error(
        Code::Copied,
        format!("{what} belongs to {keeper} and cannot be {verb}"),
        at,
        format!("{verb} here"),
    );
    let found = match from {
        Some(from) => found.label(from, format!("{keeper} keeps it")),
        None => found,
    };
    found.note(rule(kind))
}

/// A link that would hand the same value to several targets.
pub(in crate::protocol) fn broadcast(kind: Kind, source: Span, at: Span) -> Diagnostic {
    let what = match kind {
        Kind::End(..) => "ends of a channel with a protocol",
        Kind::Request => "requests",
        Kind::Holds => "what holds an end of a channel with a protocol, or a request,",
    };
    Diagnostic::error(
        Code::Copied,
        format!("{what} cannot be broadcast"),
        at,
        "`-<<` gives each target a copy",
    )
    .label(source, "gives what has one owner")
    .note(rule(kind))
    .help("`-<:` gives each message to one target, in turn")
}

/// Generic code that copies what a type parameter stands for: `copy` is what is found in the code,
/// which is written for `moved` at `origin`.
pub(in crate::protocol) fn in_instance(
    program: &Program,
    moved: &Ty,
    copy: &Diagnostic,
    origin: Span,
) -> Diagnostic {
    let moved = show(program, moved);
    let mut found = Diagnostic::error(
        Code::Copied,
        format!("generic code would copy `{moved}`, which is moved, never copied"),
        origin,
        "these type arguments are given here",
    )
    .label(copy.span(), format!("here {}", copy.message));
    // The first label is the primary one.
    for it in copy.labels.iter().skip(1) {
        found = found.label(it.span, it.message.clone());
    }
    copy.notes.iter().fold(found, Diagnostic::note)
}
