//! Cases of `receive { }`: whether one can come in a state, and the states after a join. What one
//! port does to a state is in `transfer`.

use std::collections::BTreeSet;

use super::env::Env;
use super::graph::*;
use super::kind::Kind;
use super::solve::Solver;
use super::status::{Event, Path, Set, Status, Step, longer};
use crate::hir::*;
use crate::support::span::Span;

impl Solver<'_, '_, '_> {
    /// One message of each port. They are taken in the order in which they were sent, so every order
    /// that the protocol allows may be the one.
    pub(super) fn join(
        &mut self,
        env: &mut Env,
        slot: Slot,
        ports: &[(PortId, Span)],
        last: bool,
    ) {
        let Some((_, span)) = ports.first() else { return };
        let Some(set) = self.live(env, slot, *span, last) else { return };
        let Kind::End(channel, _) = self.kind(slot) else { return };
        let after: Vec<_> = set
            .iter()
            .flat_map(|(status, way)| match status {
                Status::State(_) => self.joined(channel, ports, *status, way),
                Status::End => Vec::new(),
                _ => vec![(*status, way.clone())],
            })
            .collect();
        if after.is_empty() {
            // One after the other says which of them cannot come; the state stays what it was.
            let mut at = set;
            for (port, span) in ports {
                at = self.step(slot, &at, *port, How::Case, *span, last);
            }
        } else {
            env.set(slot, Some(Set::from(after)));
        }
    }

    /// The states after one message of each port, beginning in `from`.
    fn joined(
        &self,
        channel: ChannelId,
        ports: &[(PortId, Span)],
        from: Status,
        way: &Path,
    ) -> Vec<(Status, Path)> {
        // Which ports are still missing, in which state; each is looked at once.
        let mut seen = BTreeSet::new();
        let mut open = vec![(ports.to_vec(), from, way.clone())];
        let mut after = Vec::new();
        while let Some((left, status, way)) = open.pop() {
            if left.is_empty() {
                after.push((status, way));
                continue;
            }
            let Status::State(state) = status else { continue };
            if !seen.insert((left.iter().map(|it| it.0).collect::<Vec<_>>(), status)) {
                continue;
            }
            // Pushed backwards, so that the order of the source is looked at first.
            for at in (0..left.len()).rev() {
                let (port, span) = left[at];
                let event = Event::Received(port);
                for it in self.moves(channel, state, port).into_iter().rev() {
                    let next = Status::next(it.next);
                    let way = longer(&way, Step { span, event, after: next });
                    let mut others = left.clone();
                    others.remove(at);
                    open.push((others, next, way));
                }
            }
        }
        after
    }

    /// A `receive { }` in a state that allows none of its cases would wait for ever.
    pub(super) fn wait(
        &mut self,
        slot: Slot,
        set: &Set,
        cases: &[Vec<PortId>],
        span: Span,
    ) {
        let Kind::End(channel, side) = self.kind(slot) else { return };
        let stuck = set.iter().find(|(status, way)| match status {
            Status::State(_) => !self.can_come(channel, cases, *status, way),
            Status::End => true,
            _ => false,
        });
        // If no state allows any, each case is reported.
        let some = set.iter().any(|(status, way)| match status {
            Status::State(_) => self.can_come(channel, cases, *status, way),
            Status::End | Status::Moved => false,
            Status::Unknown | Status::Borrowed => true,
        });
        if let Some((state, way)) = stuck
            && some
        {
            let (state, way) = (*state, way.clone());
            let program = self.program();
            self.reports().stuck(program, (channel, side), state, &way, span);
        }
    }

    /// Whether the state allows some case.
    fn can_come(
        &self,
        channel: ChannelId,
        cases: &[Vec<PortId>],
        status: Status,
        way: &Path,
    ) -> bool {
        cases.iter().any(|ports| {
            let nowhere = Span::default();
            let ports: Vec<_> = ports.iter().map(|it| (*it, nowhere)).collect();
            !self.joined(channel, &ports, status, way).is_empty()
        })
    }
}
