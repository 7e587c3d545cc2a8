//! What each thing that happens does to what is known, and what is wrong about it.

use super::Side;
use super::env::Env;
use super::graph::*;
use super::kind::Kind;
use super::report::{Forbidden, Reports};
use super::solve::Solver;
use super::status::{Event, Into, Owner, Path, Set, Status, Step, longer, path};
use crate::hir::item::{Direction, Move};
use crate::hir::*;
use crate::support::span::Span;

impl Solver<'_, '_, '_> {
    /// Applies `op`; faults go to the reports if this is the last look.
    pub(super) fn apply(&mut self, op: &Op, env: &mut Env, last: bool) {
        match op {
            Op::Use { slot, span } => {
                self.live(env, *slot, *span, last);
            }
            Op::Step { slot, port, how, span } => {
                if let Some(set) = self.live(env, *slot, *span, last) {
                    let after = self.step(*slot, &set, *port, *how, *span, last);
                    env.set(*slot, Some(after));
                }
            }
            Op::Join { slot, ports } => self.join(env, *slot, ports, last),
            Op::Wait { slot, cases, span } => {
                if last && let Some(set) = env.get(*slot) {
                    let set = set.clone();
                    self.wait(*slot, &set, cases, *span);
                }
            }
            Op::Answer { slot, span } => {
                if let Some(set) = self.live(env, *slot, *span, last) {
                    if last && set.is(Status::ANSWERED) {
                        let first = set.get(Status::ANSWERED).cloned();
                        let data = self.slot(*slot);
                        self.reports().answered_twice(&data, first, *span);
                    }
                    let way = path(*span, Event::Answered, Status::ANSWERED);
                    env.set(*slot, Some(Set::one(Status::ANSWERED, way)));
                }
            }
            Op::Move { slot, to, into, span } => {
                self.give(env, *slot, *to, *into, *span, last);
            }
            Op::Take { from, to, span } => {
                let borrowed = env.get(*from).is_some_and(|it| it.has(Status::Borrowed));
                let set = match borrowed {
                    true => {
                        let event = Event::Borrowed(Owner::Field);
                        let way = path(*span, event, Status::Borrowed);
                        Set::one(Status::Borrowed, way)
                    }
                    false => Set::unknown(),
                };
                env.set(*to, Some(set));
            }
            Op::Set { slot, set } => {
                // A value that is not there, such as null, has no state.
                let set = set.iter().next().is_some().then(|| set.clone());
                env.set(*slot, set);
            }
            Op::Expect { slot, state, declared, span } => {
                self.expect(env, *slot, *state, *declared, *span, last);
            }
            Op::Forget { slot } => {
                if let Some(set) = env.get(*slot) {
                    let kept =
                        |it: &Status| matches!(it, Status::Moved | Status::Borrowed);
                    let known = set.iter().filter(|it| kept(&it.0)).cloned();
                    let lost = set.iter().any(|it| !kept(&it.0));
                    let lost = lost.then(|| (Status::Unknown, Path::from([])));
                    let set = Set::from(known.chain(lost));
                    env.set(*slot, Some(set));
                }
            }
            Op::Drop { slot, span } => {
                if last
                    && let Some(set) = env.get(*slot)
                    && let Some(way) = set.get(Status::OPEN)
                    && self.kind(*slot) == Kind::Request
                {
                    let (way, data) = (way.clone(), self.slot(*slot));
                    self.reports().dropped(&data, &way, *span);
                }
                env.set(*slot, None);
            }
            // Where exceptions go is the solver's matter.
            Op::Throw => {}
            Op::Call { method, virtual_call, lent } => {
                self.call(env, *method, *virtual_call, lent);
            }
        }
    }

    pub(super) fn reports(&mut self) -> &mut Reports {
        &mut self.summaries.reports
    }

    /// What a value may be where it is used; one that may have been given away is a fault.
    pub(super) fn live(
        &mut self,
        env: &Env,
        slot: Slot,
        span: Span,
        last: bool,
    ) -> Option<Set> {
        let set = env.get(slot)?;
        let Some(moved) = set.get(Status::Moved) else { return Some(set.clone()) };
        if last {
            let (moved, always) = (moved.clone(), set.is(Status::Moved));
            let data = self.slot(slot);
            self.reports().moved(&data, &moved, always, span);
        }
        let set = set.without(Status::Moved);
        set.iter().next().is_some().then_some(set)
    }

    fn give(
        &mut self,
        env: &mut Env,
        slot: Slot,
        to: Option<Slot>,
        into: Into,
        span: Span,
        last: bool,
    ) {
        let Some(set) = self.live(env, slot, span, last) else {
            // What is reported once is of no further interest.
            if let Some(to) = to {
                env.set(to, env.get(slot).map(|_| Set::unknown()));
            }
            return;
        };
        let data = self.slot(slot);
        if let Some(way) = set.get(Status::Borrowed) {
            // An end that stays where it is may have another name meanwhile.
            let alias = into == Into::Local && data.kind != Kind::Holds;
            if !alias && last {
                let way = way.clone();
                self.reports().borrowed(&data, &way, into, span);
            }
            if let Some(to) = to {
                let set = if alias { set } else { Set::unknown() };
                env.set(to, Some(set));
            }
            return;
        }
        let whole = data.whole;
        if let Some(to) = to {
            env.set(to, Some(set.clone()));
        }
        let way = path(span, Event::Moved(into), Status::Moved);
        let moved = Set::one(Status::Moved, way);
        if let Some(whole) = whole
            && env.get(whole).is_some()
        {
            env.set(whole, Some(moved.clone()));
        }
        env.set(slot, Some(moved));
    }

    fn expect(
        &mut self,
        env: &mut Env,
        slot: Slot,
        state: u32,
        declared: Option<Span>,
        span: Span,
        last: bool,
    ) {
        let Some(set) = self.live(env, slot, span, last) else { return };
        let Kind::End(channel, _) = self.kind(slot) else { return };
        let n_states = self.program().channels[channel].states.len();
        let wanted = match (state as usize) < n_states {
            true => Status::State(state),
            false => Status::End,
        };
        let mut known = set.iter().filter(|it| is_known(it.0) && it.0 != wanted);
        if let Some((found, way)) = known.next() {
            if last {
                let (found, way) = (*found, way.clone());
                let (program, states) = (self.program(), (found, wanted));
                let reports = self.reports();
                reports.other_state(program, channel, states, &way, declared, span);
            }
            return;
        }
        // Whatever it was, the check at run time has let nothing else pass.
        let checked = set.iter().map(|(status, way)| match status {
            Status::Unknown => {
                (wanted, longer(way, Step { span, event: Event::Assumed, after: wanted }))
            }
            _ => (*status, way.clone()),
        });
        let checked = Set::from(checked.collect::<Vec<_>>());
        env.set(slot, Some(checked));
    }

    /// The moves of a state on a port, up to the first that always applies.
    pub(super) fn moves(
        &self,
        channel: ChannelId,
        state: u32,
        port: PortId,
    ) -> Vec<&Move> {
        let states = &self.program().channels[channel].states;
        let Some(state) = states.get(state as usize) else { return Vec::new() };
        let mut taken = Vec::new();
        for it in state.moves.iter().filter(|it| it.port == port) {
            taken.push(it);
            if it.guard.is_none() {
                break;
            }
        }
        taken
    }

    pub(super) fn step(
        &mut self,
        slot: Slot,
        set: &Set,
        port: PortId,
        how: How,
        span: Span,
        last: bool,
    ) -> Set {
        let Kind::End(channel, side) = self.kind(slot) else { return set.clone() };
        let event = match how {
            How::Send => Event::Sent(port),
            How::Receive | How::Case | How::Round => Event::Received(port),
        };
        let mut after: Vec<(Status, Path)> = Vec::new();
        let mut forbidden: Option<(Status, Path)> = None;
        let mut allowed = None;
        for (status, way) in set.iter() {
            let Status::State(state) = *status else {
                let forbids = *status == Status::End && how != How::Round;
                match forbids {
                    true if forbidden.is_none() => {
                        forbidden = Some((*status, way.clone()))
                    }
                    true => {}
                    false if *status == Status::End => {}
                    false => after.push((*status, way.clone())),
                }
                continue;
            };
            let moves = self.moves(channel, state, port);
            if moves.is_empty() && forbidden.is_none() {
                forbidden = Some((*status, way.clone()));
            }
            for it in moves {
                allowed = Some(*status);
                let next = Status::next(it.next);
                after.push((next, longer(way, Step { span, event, after: next })));
            }
        }
        // A case that some state allows waits for that state.
        if how == How::Case && !after.is_empty() {
            forbidden = None;
        }
        if let Some((state, way)) = forbidden {
            if last {
                let program = self.program();
                let it =
                    Forbidden { channel, side, port, how, state, way, allowed, span };
                self.reports().forbidden(program, &it);
            }
            // After a reported error the state stays what it was.
            return set.clone();
        }
        match after.is_empty() {
            // A round after the end of the conversation: there is none.
            true => set.clone(),
            false => Set::from(after),
        }
    }

    fn call(
        &mut self,
        env: &mut Env,
        method: MethodId,
        virtual_call: bool,
        lent: &[usize],
    ) {
        let Some(own) = self.graph.own else { return };
        let Some(before) = env.get(own).cloned() else { return };
        let class = self.class;
        let touches = self.summaries.cx.touches(method);
        // While the channel is lent under another name, its own is not followed.
        if self.is_refused(&before, method, lent) {
            return;
        }
        let entry = if lent.is_empty() { before } else { Set::unknown() };
        let summary = self.summaries.of(class, method, virtual_call, &entry);
        if let Some(thrown) = &summary.thrown {
            let mut left = env.clone();
            left.set(own, Some(thrown.clone()));
            self.thrown(&left);
        }
        let after = match lent {
            [] => summary.after,
            [param] if !touches => summary.params.get(*param).cloned().flatten(),
            _ => Some(Set::unknown()),
        };
        match after {
            Some(after) => env.set(own, Some(after)),
            // The method does not come back.
            None if lent.is_empty() => env.set(own, None),
            None => env.set(own, Some(Set::unknown())),
        }
    }
}

impl Solver<'_, '_, '_> {
    /// Whether the channel is lent in another state than the parameter asks for: that was
    /// reported, and the state stays what it was.
    fn is_refused(&self, before: &Set, method: MethodId, lent: &[usize]) -> bool {
        let params = &self.program().methods[method].params;
        let wanted =
            |at: &usize| params.get(*at).and_then(|it| super::build::state_of(&it.ty));
        lent.iter().filter_map(wanted).any(|it| {
            let wanted = Status::state(it);
            before.iter().any(|(status, _)| *status != wanted)
        })
    }
}

fn is_known(status: Status) -> bool {
    matches!(status, Status::State(_) | Status::End)
}

/// Whether this side sends on the port.
pub(super) fn sends(program: &Program, side: Side, port: PortId) -> bool {
    match program.ports[port].direction {
        Direction::Input => side == Side::Using,
        Direction::Output => side == Side::Impl,
    }
}
