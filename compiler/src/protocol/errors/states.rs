//! Uses of an end that its protocol forbids, as diagnostics.

use crate::diag::{Code, Diagnostic};
use crate::hir::item::{Channel, Port};
use crate::support::span::Span;

/// A use of a port in a state that forbids it; `allowed` says what the state allows.
pub(in crate::protocol) fn forbidden(
    port: &Port,
    doing: &str,
    state: &str,
    allowed: &str,
    span: Span,
) -> Diagnostic {
    Diagnostic::error(
        Code::ProtocolViolated,
        format!("port `{}` cannot be {doing} in state `{state}`", port.name.name),
        span,
        match state {
            "End" => allowed.to_owned(),
            _ => format!("in state `{state}` {allowed}"),
        },
    )
}

/// A use of a port that no state mentions.
pub(in crate::protocol) fn port_in_no_state(
    channel: &Channel,
    port: &Port,
    doing: &str,
    span: Span,
) -> Diagnostic {
    Diagnostic::error(
        Code::ProtocolViolated,
        format!("port `{}` cannot be {doing} in any state", port.name.name),
        span,
        format!("no state of `{}` mentions it", channel.decl.name.name),
    )
    .label(port.name.span, "declared here")
}

/// A `receive { }` in a state in which none of its cases can come.
pub(in crate::protocol) fn stuck(state: &str, allowed: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::ProtocolViolated,
        format!("no case of this `receive` can come in state `{state}`"),
        span,
        match state {
            "End" => allowed.to_owned(),
            _ => format!("in state `{state}` {allowed}"),
        },
    )
}

/// An end that is in another state than a type asks for.
pub(in crate::protocol) fn other_state(
    state: &str,
    wanted: &str,
    declared: Option<Span>,
    span: Span,
) -> Diagnostic {
    let found = Diagnostic::error(
        Code::ProtocolViolated,
        format!("an end in state `{state}` where one in state `{wanted}` is expected"),
        span,
        format!("in state `{state}` here"),
    );
    match declared {
        Some(declared) => found.label(declared, format!("expects state `{wanted}`")),
        None => found,
    }
}
