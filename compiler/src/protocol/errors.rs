//! The problems of protocols as diagnostics, one constructor each. It finds none.

use crate::diag::{Code, Diagnostic};
use crate::hir::Program;
use crate::hir::item::{Channel, Direction, Move, Port, State};
use crate::support::span::Span;

/// A guard of a move, which nothing would enforce.
pub(super) fn guard(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::NotInLanguage,
        "a guard of a protocol is not supported yet",
        span,
        "this compiler does not support it yet",
    )
}

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

/// The name of the port at the beginning of a move.
fn port_name(program: &Program, it: &Move) -> Span {
    let length = program.ports[it.port].name.name.len();
    Span { hi: it.span.lo + u32::try_from(length).unwrap_or(0), ..it.span }
}

/// Both ends could move at once.
pub(super) fn mixed_directions(
    program: &Program,
    channel: &Channel,
    first: &Move,
    other: &Move,
) -> Diagnostic {
    let word = |it: &Move| match program.ports[it.port].direction {
        Direction::Input => "input",
        Direction::Output => "output",
    };
    let name = |it: &Move| program.ports[it.port].name.name.clone();
    Diagnostic::error(
        Code::BadState,
        "one state moves on both input and output ports",
        port_name(program, other),
        format!("`{}` is an {} port", name(other), word(other)),
    )
    .label(
        port_name(program, first),
        format!("`{}` is an {} port", name(first), word(first)),
    )
    .note(format!(
        "in each state of `{}` only one end may send; give the other its own state",
        channel.decl.name.name
    ))
}

/// An earlier move of the same port always applies.
pub(super) fn never_taken(program: &Program, before: &Move, it: &Move) -> Diagnostic {
    let name = &program.ports[it.port].name.name;
    Diagnostic::error(
        Code::BadState,
        format!("a second move on `{name}` is never taken"),
        port_name(program, it),
        "never applies",
    )
    .label(before.span, format!("this move on `{name}` always applies"))
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
