//! The problems of protocols as diagnostics, one constructor each. It finds none.

use crate::diag::{Code, Diagnostic};
use crate::hir::item::{Channel, Port, State};
use crate::support::span::Span;

/// No sequence of moves from `Start` leads to the state.
pub(super) fn unreachable(channel: &Channel, state: &State) -> Diagnostic {
    let found = Diagnostic::error(
        Code::BadState,
        format!("state `{}` is never reached", state.name.name),
        state.name.span,
        "no move from `Start` leads here",
    );
    match channel.states.first() {
        Some(start) => found.label(start.name.span, "the protocol starts here"),
        None => found,
    }
}

/// No sequence of moves leads from the state to `End`.
pub(super) fn no_way_to_end(channel: &Channel, state: &State) -> Diagnostic {
    Diagnostic::warning(
        Code::NoWayToEnd,
        format!("state `{}` has no way to `End`", state.name.name),
        state.name.span,
        format!("a conversation over `{}` never ends from here", channel.decl.name.name),
    )
    .help("add a move to `End`, such as `Stop -> End;`")
}

/// A port that the protocol does not mention.
pub(super) fn port_in_no_state(channel: &Channel, port: &Port) -> Diagnostic {
    Diagnostic::warning(
        Code::PortInNoState,
        format!(
            "port `{}` is in no state of the protocol of `{}`",
            port.name.name, channel.decl.name.name
        ),
        port.name.span,
        "can never be used",
    )
    .label(channel.decl.name.span, "the channel has a protocol")
}

/// A request whose answer has been given on every path to here.
pub(super) fn answered_twice(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(
        Code::AnsweredTwice,
        format!("request `{name}` is answered twice"),
        span,
        "a second answer",
    )
    .label(first, "answered here already")
    .note("a request has one reply")
}
