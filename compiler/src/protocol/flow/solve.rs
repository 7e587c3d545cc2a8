//! The least solution over the blocks of a routine: what may hold at the entry of each. The
//! sets only grow, and there are no more possibilities than states, so it ends.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::env::Env;
use super::graph::*;
use super::kind::Kind;
use super::status::{Set, Status};
use super::summary::Summaries;
use crate::hir::*;

/// One routine being followed.
pub(super) struct Solver<'s, 'c, 'a> {
    pub(super) summaries: &'s mut Summaries<'c, 'a>,
    pub(super) graph: Rc<Graph>,
    /// The agent that runs it.
    pub(super) class: Option<AgentId>,
    entries: Vec<Option<Env>>,
    /// Blocks to be looked at again, by their place in the order of control.
    waiting: BTreeSet<(u32, BlockRef)>,
    order: Vec<u32>,
    /// Where exceptions of the block at hand go.
    handler: BlockRef,
}

/// What is known at the ends of a routine.
pub(super) struct Ends {
    pub(super) exit: Option<Env>,
    pub(super) thrown: Option<Env>,
}

/// Follows a routine whose own channel is as `own` says.
pub(super) fn solve(
    summaries: &mut Summaries<'_, '_>,
    graph: &Rc<Graph>,
    routine: &Routine,
    class: Option<AgentId>,
    own: Option<Set>,
) -> Ends {
    let n_blocks = routine.blocks.len();
    let mut solver = Solver {
        summaries,
        graph: graph.clone(),
        class,
        entries: vec![None; n_blocks],
        waiting: BTreeSet::new(),
        order: order(routine),
        handler: routine.thrown,
    };
    let mut env = Env::new(graph.slots.len());
    for (slot, set) in &routine.start {
        env.set(*slot, Some(set.clone()));
    }
    if let Some(slot) = graph.own {
        env.set(slot, own);
    }
    solver.flow(routine.entry, &env);
    while let Some((_, at)) = solver.waiting.pop_first() {
        let Some(entry) = solver.entries[at as usize].clone() else { continue };
        let after = solver.block(routine, at, entry, false);
        for next in &routine.blocks[at as usize].next {
            solver.flow(*next, &after);
        }
    }
    // Nothing changes any more: now faults are reported.
    let mut blocks: Vec<(u32, BlockRef)> =
        solver.order.iter().copied().zip(0..).collect();
    blocks.sort_unstable();
    for (_, at) in blocks {
        if let Some(entry) = solver.entries[at as usize].clone() {
            solver.block(routine, at, entry, true);
        }
    }
    let mut entry = |at: BlockRef| solver.entries[at as usize].take();
    Ends { exit: entry(routine.exit), thrown: entry(routine.thrown) }
}

impl<'a> Solver<'_, '_, 'a> {
    pub(super) fn program(&self) -> &'a Program {
        self.summaries.cx.program
    }

    pub(super) fn slot(&self, slot: Slot) -> SlotData {
        self.graph.slots[slot as usize].clone()
    }

    pub(super) fn kind(&self, slot: Slot) -> Kind {
        self.graph.slots[slot as usize].kind
    }

    fn block(
        &mut self,
        routine: &Routine,
        at: BlockRef,
        mut env: Env,
        last: bool,
    ) -> Env {
        let block = &routine.blocks[at as usize];
        self.handler = block.handler;
        for op in &block.ops {
            if !last && self.may_throw(op, &env) {
                self.thrown(&env);
            }
            // A call that was followed may have reported faults of another body.
            self.summaries.reports.body = self.graph.span;
            self.apply(op, &mut env, last);
        }
        env
    }

    /// Whether an exception may come of `op` before it has done anything.
    fn may_throw(&self, op: &Op, env: &Env) -> bool {
        match op {
            Op::Throw => true,
            // A first answer is taken.
            Op::Answer { slot, .. } => {
                env.get(*slot).is_none_or(|it| !it.is(Status::OPEN))
            }
            Op::Step { slot, port, how: How::Send, .. } => {
                let Kind::End(channel, _) = self.kind(*slot) else { return false };
                let open =
                    |set: &Set| set.has(Status::Unknown) || set.has(Status::Borrowed);
                env.get(*slot).is_some_and(open)
                    || self.summaries.cx.guarded.contains(&(channel, *port))
            }
            Op::Expect { slot, .. } => {
                env.get(*slot).is_some_and(|it| it.has(Status::Unknown))
            }
            _ => false,
        }
    }

    /// An exception leaves the block with this.
    pub(super) fn thrown(&mut self, env: &Env) {
        self.flow(self.handler, env);
    }

    fn flow(&mut self, to: BlockRef, env: &Env) {
        let changed = match &mut self.entries[to as usize] {
            Some(entry) => entry.join(env),
            entry @ None => {
                *entry = Some(env.clone());
                true
            }
        };
        if changed {
            self.waiting.insert((self.order[to as usize], to));
        }
    }
}

/// The place of each block in the order of control: what leads to a block stands before
/// it, loops aside.
fn order(routine: &Routine) -> Vec<u32> {
    let n_blocks = routine.blocks.len();
    let mut order = vec![0; n_blocks];
    let mut seen = vec![false; n_blocks];
    let mut place = u32::try_from(n_blocks).unwrap_or(u32::MAX);
    let mut stack = vec![(routine.entry, 0)];
    seen[routine.entry as usize] = true;
    while let Some((at, child)) = stack.pop() {
        let block = &routine.blocks[at as usize];
        // Backwards, so that what stands first in the source comes first.
        let next = match child {
            0 => Some(block.handler),
            n => block.next.iter().rev().nth(n - 1).copied(),
        };
        match next {
            Some(next) => {
                stack.push((at, child + 1));
                if !std::mem::replace(&mut seen[next as usize], true) {
                    stack.push((next, 0));
                }
            }
            None => {
                order[at as usize] = place;
                place -= 1;
            }
        }
    }
    order
}
