//! The problems of protocols as diagnostics, one constructor each. It finds none. Those of
//! the machines stand here, those of their use in the modules.

pub(super) mod moves;
pub(super) mod requests;
pub(super) mod states;

use crate::diag::{Code, Diagnostic};
use crate::hir::item::{Bounds, Channel, Direction, Move, Port, State};
use crate::hir::{AgentId, ChannelId, PortId, Program};
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

/// A port that its implementers leave alone.
pub(super) fn port_unused(
    program: &Program,
    port: PortId,
    agents: &[AgentId],
) -> Diagnostic {
    let port = &program.ports[port];
    let channel = &program.channels[port.channel].decl.name.name;
    let label = match port.direction {
        Direction::Input => "messages to it are never looked at",
        Direction::Output => "nothing is ever sent on it",
    };
    let mut found = Diagnostic::warning(
        Code::PortUnused,
        format!(
            "port `{}` of `{channel}` is never used by its implementer",
            port.name.name
        ),
        port.name.span,
        label,
    );
    for agent in agents {
        let name = &program.agents[*agent].decl.name;
        found = found.label(name.span, format!("`{}` implements `{channel}`", name.name));
    }
    found
}

/// A port of a protocol that loses messages.
pub(super) fn drops_in_protocol(
    program: &Program,
    channel: ChannelId,
    port: PortId,
    bounds: &Bounds,
) -> Diagnostic {
    let port = &program.ports[port];
    let name = &program.channels[channel].decl.name;
    let inherited = port.channel != channel;
    let found = Diagnostic::error(
        Code::DropsInProtocol,
        format!("port `{}` of a protocol drops messages", port.name.name),
        if inherited { name.span } else { bounds.span },
        format!(
            "the end that misses one would stand in another state of `{}`",
            name.name
        ),
    );
    let found = match inherited {
        true => found.label(bounds.span, "the port is declared to drop messages here"),
        false => found,
    };
    found.help(
        "`Overflow.Suspend` lets the sender wait, and `Overflow.Fail` refuses the message \
         and leaves the state as it was",
    )
}
