//! What was found wrong, each fault once. The words are in `errors`.

use std::collections::BTreeSet;

use super::super::errors::{moves, requests, states};
use super::Side;
use super::graph::{How, SlotData};
use super::kind::Kind;
use super::status::{Event, Into, Owner, Path, Status};
use super::transfer::sends;
use crate::diag::{Code, Diagnostic};
use crate::hir::*;
use crate::support::span::Span;

/// Diagnostics, and which are there.
#[derive(Debug, Default)]
pub(super) struct Reports {
    pub(super) found: Vec<Diagnostic>,
    seen: BTreeSet<(Code, Span)>,
    /// Moves behind which a use was reported: more of them would say nothing new.
    moves: BTreeSet<(Span, String)>,
    /// The body whose faults are being reported.
    pub(super) body: Span,
}

/// A use of a port that some state forbids.
pub(super) struct Forbidden {
    pub(super) channel: ChannelId,
    pub(super) side: Side,
    pub(super) port: PortId,
    pub(super) how: How,
    pub(super) state: Status,
    pub(super) way: Path,
    /// A state that allows it.
    pub(super) allowed: Option<Status>,
    pub(super) span: Span,
}

impl Reports {
    pub(super) fn add(&mut self, diagnostic: Diagnostic) {
        if self.seen.insert((diagnostic.code, diagnostic.span())) {
            self.found.push(diagnostic);
        }
    }

    /// Whether the same was reported of the same place.
    pub(super) fn has(&self, diagnostic: &Diagnostic) -> bool {
        self.seen.contains(&(diagnostic.code, diagnostic.span()))
    }

    pub(super) fn forbidden(&mut self, program: &Program, it: &Forbidden) {
        let channel = &program.channels[it.channel];
        let port = &program.ports[it.port];
        let used = channel.states.iter().flat_map(|it| &it.moves);
        let mut named = used.filter(|it2| it2.port == it.port);
        let doing = match it.how {
            How::Send => "sent to",
            How::Receive | How::Case | How::Round => "received from",
        };
        if named.next().is_none() {
            self.add(states::port_in_no_state(channel, port, doing, it.span));
            return;
        }
        let state = state_name(program, it.channel, it.state);
        let allowed = allowed(program, it.channel, it.side, it.state);
        let mut found = states::forbidden(port, doing, &state, &allowed, it.span);
        found = self.with_path(program, it.channel, found, &it.way, it.span);
        if let Some(other) = it.allowed {
            let other = state_name(program, it.channel, other);
            found = found
                .note(format!("on another path the state is `{other}`, which allows it"));
        }
        self.add(found);
    }

    pub(super) fn stuck(
        &mut self,
        program: &Program,
        (channel, side): (ChannelId, Side),
        state: Status,
        way: &Path,
        span: Span,
    ) {
        let name = state_name(program, channel, state);
        let allowed = allowed(program, channel, side, state);
        let found = states::stuck(&name, &allowed, span);
        let found = self.with_path(program, channel, found, way, span);
        self.add(found);
    }

    pub(super) fn other_state(
        &mut self,
        program: &Program,
        channel: ChannelId,
        (found, wanted): (Status, Status),
        way: &Path,
        declared: Option<Span>,
        span: Span,
    ) {
        let state = state_name(program, channel, found);
        let wanted = state_name(program, channel, wanted);
        let found = states::other_state(&state, &wanted, declared, span);
        let found = self.with_path(program, channel, found, way, span);
        self.add(found);
    }

    pub(super) fn moved(
        &mut self,
        slot: &SlotData,
        moved: &Path,
        always: bool,
        at: Span,
    ) {
        let Some(step) = moved.last() else { return };
        let Event::Moved(into) = step.event else { return };
        let what = subject(slot);
        if !self.moves.insert((step.span, what.clone())) {
            return;
        }
        let moved = (step.span, self.is_earlier_round(step.span, at));
        self.add(moves::used_after(&what, slot.kind, into, moved, always, at));
    }

    pub(super) fn borrowed(&mut self, slot: &SlotData, way: &Path, into: Into, at: Span) {
        let step = way.last();
        let owner = match step.map(|it| it.event) {
            Some(Event::Borrowed(owner)) => owner,
            _ => Owner::Field,
        };
        let from = step.map(|it| it.span).filter(|it| *it != at);
        self.add(moves::not_owned(&subject(slot), slot.kind, owner, into, from, at));
    }

    pub(super) fn answered_twice(
        &mut self,
        slot: &SlotData,
        first: Option<Path>,
        at: Span,
    ) {
        let first = first.and_then(|it| it.last().map(|it| it.span));
        let name = slot.name.as_deref();
        self.add(requests::answered_twice(name, at, first.unwrap_or(at)));
    }

    pub(super) fn dropped(&mut self, slot: &SlotData, way: &Path, at: Span) {
        let Some(received) = way.first() else { return };
        let name = slot.name.as_deref();
        let at = (at != Span::default()).then_some(at);
        self.add(requests::dropped(name, received.span, !slot.given, at));
    }

    /// Whether a step behind the place `at` was done before it: a loop has led back. What was done
    /// in another body, by a call, may stand anywhere.
    fn is_earlier_round(&self, step: Span, at: Span) -> bool {
        step.file == self.body.file && (at.lo..self.body.hi).contains(&step.lo)
    }

    /// Labels for the last things that happened to the end.
    fn with_path(
        &self,
        program: &Program,
        channel: ChannelId,
        mut found: Diagnostic,
        way: &Path,
        at: Span,
    ) -> Diagnostic {
        for step in way.iter() {
            let state = state_name(program, channel, step.after);
            let port = |it: PortId| program.ports[it].name.name.clone();
            let mut text = match step.event {
                Event::Created => format!("a new end is in state `{state}`"),
                Event::Declared => format!("in state `{state}` by its type"),
                Event::Began => format!("its channel begins in state `{state}`"),
                Event::Sent(it) => {
                    format!("after this send to `{}`: `{state}`", port(it))
                }
                Event::Received(it) => {
                    format!("after this receive from `{}`: `{state}`", port(it))
                }
                Event::Assumed => format!("known to be in state `{state}` from here on"),
                Event::Request
                | Event::Answered
                | Event::Moved(_)
                | Event::Borrowed(_) => {
                    continue;
                }
            };
            if self.is_earlier_round(step.span, at) {
                text.push_str(", in an earlier round");
            }
            found = found.label(step.span, text);
        }
        found
    }
}

/// How messages call the value.
fn subject(slot: &SlotData) -> String {
    match (&slot.name, slot.kind) {
        (Some(name), _) => format!("`{name}`"),
        (None, Kind::End(..)) => "this end".into(),
        (None, Kind::Request) => "this request".into(),
        (None, Kind::Holds) => "this value".into(),
    }
}

fn state_name(program: &Program, channel: ChannelId, status: Status) -> String {
    match status {
        Status::State(state) => {
            let state = program.channels[channel].states.get(state as usize);
            state.map_or_else(|| "End".into(), |it| it.name.name.to_string())
        }
        _ => "End".into(),
    }
}

/// What this end may do in a state.
fn allowed(program: &Program, channel: ChannelId, side: Side, state: Status) -> String {
    let moves = match state {
        Status::State(state) => {
            program.channels[channel].states.get(state as usize).map(|it| &it.moves)
        }
        _ => None,
    };
    let Some(first) = moves.and_then(|it| it.first()) else {
        return "the conversation is over".into();
    };
    let mut names: Vec<&str> = Vec::new();
    for it in moves.into_iter().flatten() {
        let name = &*program.ports[it.port].name.name;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let names = crate::diag::words::code_list(&names, "or");
    match sends(program, side, first.port) {
        true => format!("only sending to {names} is allowed"),
        false => format!("only receiving from {names} is allowed"),
    }
}
