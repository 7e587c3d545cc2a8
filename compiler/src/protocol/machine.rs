//! The automaton of a channel: which states can be reached and which can end, whether each
//! state is one end's to move, and which ports are never used. It knows nothing of the code
//! that uses the channel.

use std::collections::BTreeSet;

use super::errors;
use crate::diag::Diagnostic;
use crate::hir::item::{Channel, Move};
use crate::hir::*;

/// Checks the protocol of one channel.
pub(super) fn check(program: &Program, id: ChannelId, found: &mut Vec<Diagnostic>) {
    let channel = &program.channels[id];
    let reached = reachable(channel);
    let ending = can_end(channel);
    // What a faulty move would have led to, nobody knows.
    let complete = channel.states.iter().all(|it| it.complete);
    for (index, state) in channel.states.iter().enumerate() {
        if is_inherited(program, channel, index) {
            continue;
        }
        if !reached[index] {
            if complete {
                found.push(errors::unreachable(channel, state));
            }
        } else if !ending[index] {
            found.push(errors::no_way_to_end(channel, state));
        }
        moves(program, channel, &state.moves, found);
    }
    if complete {
        unused_ports(program, id, found);
    }
}

/// Whether the state stands in the protocol of a base channel, which reports it.
fn is_inherited(program: &Program, channel: &Channel, state: usize) -> bool {
    let Some((base, _)) = &channel.base else { return false };
    let span = channel.states[state].name.span;
    program.channels[*base].states.iter().any(|it| it.name.span == span)
}

fn reachable(channel: &Channel) -> Vec<bool> {
    let mut reached = vec![false; channel.states.len()];
    let mut queue = vec![0];
    while let Some(state) = queue.pop() {
        if state < reached.len() && !std::mem::replace(&mut reached[state], true) {
            queue.extend(channel.states[state].moves.iter().filter_map(|it| it.next));
        }
    }
    reached
}

/// The states from which some sequence of moves leads to `End`.
fn can_end(channel: &Channel) -> Vec<bool> {
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); channel.states.len()];
    let mut queue = Vec::new();
    for (index, state) in channel.states.iter().enumerate() {
        if !state.complete {
            queue.push(index);
        }
        for it in &state.moves {
            match it.next {
                None => queue.push(index),
                Some(next) if next < before.len() => before[next].push(index),
                Some(_) => {}
            }
        }
    }
    let mut ending = vec![false; channel.states.len()];
    while let Some(state) = queue.pop() {
        if !std::mem::replace(&mut ending[state], true) {
            queue.extend(&before[state]);
        }
    }
    ending
}

/// All moves of a state are on ports of one direction, and each can be taken.
fn moves(
    program: &Program,
    channel: &Channel,
    moves: &[Move],
    found: &mut Vec<Diagnostic>,
) {
    let Some(first) = moves.first() else { return };
    let direction = program.ports[first.port].direction;
    let mut always: Vec<&Move> = Vec::new();
    for it in moves {
        if program.ports[it.port].direction != direction {
            found.push(errors::mixed_directions(program, channel, first, it));
        }
        if let Some(before) = always.iter().find(|before| before.port == it.port) {
            found.push(errors::never_taken(program, before, it));
        } else if it.guard.is_none() {
            always.push(it);
        }
    }
}

/// Ports that no state mentions can never be used.
fn unused_ports(program: &Program, id: ChannelId, found: &mut Vec<Diagnostic>) {
    let channel = &program.channels[id];
    let used: BTreeSet<PortId> =
        channel.states.iter().flat_map(|it| &it.moves).map(|it| it.port).collect();
    let mut seen = Vec::new();
    let mut at = Some(id);
    while let Some(id) = at
        && !seen.contains(&id)
    {
        seen.push(id);
        let owner = &program.channels[id];
        for &port in owner.ports.iter().filter(|it| !used.contains(it)) {
            found.push(errors::port_in_no_state(channel, &program.ports[port]));
        }
        at = owner.base.as_ref().map(|(base, _)| *base);
        // A base with a protocol of its own has reported its own ports.
        at = at.filter(|&it| program.channels[it].states.is_empty());
    }
}
