//! Ways out: `break`, `continue`, `return`, and exceptions through `catch` and `finally`.

use super::super::graph::*;
use super::super::status::Into;
use super::Build;
use crate::hir::ExprId;
use crate::hir::body::{Block as Code, Catch};
use crate::support::span::Span;

/// Something around the code at hand that jumps stop at or pass through.
#[derive(Clone, Copy, Debug)]
pub(super) enum Frame<'a> {
    Loop {
        next: BlockRef,
        after: BlockRef,
        scopes: usize,
    },
    /// `switch` and cases of `receive`, which `break` leaves.
    Cases {
        after: BlockRef,
        scopes: usize,
    },
    /// `using` whose end may throw.
    Using {
        handler: BlockRef,
        scopes: usize,
    },
    Finally {
        code: &'a Code,
        handler: BlockRef,
        scopes: usize,
        /// Of the `try`; jumps to one place share a copy of the code.
        number: usize,
    },
}

impl Frame<'_> {
    fn scopes(&self) -> usize {
        match self {
            Self::Loop { scopes, .. }
            | Self::Cases { scopes, .. }
            | Self::Using { scopes, .. }
            | Self::Finally { scopes, .. } => *scopes,
        }
    }
}

/// Where a jump leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    Return,
    /// To this block, for which the frames from this number inward are left.
    Block(BlockRef, usize),
}

/// `finally` within `finally` has a copy for each way through both. Deeper than this only
/// the normal way is followed.
const DEEPEST: usize = 3;

impl<'a> Build<'a, '_> {
    pub(super) fn in_loop(
        &mut self,
        next: BlockRef,
        after: BlockRef,
        code: impl FnOnce(&mut Self),
    ) {
        let scopes = self.scopes.len();
        self.frames.push(Frame::Loop { next, after, scopes });
        code(self);
        self.frames.pop();
    }

    pub(super) fn in_cases(&mut self, after: BlockRef, code: impl FnOnce(&mut Self)) {
        let scopes = self.scopes.len();
        self.frames.push(Frame::Cases { after, scopes });
        code(self);
        self.frames.pop();
    }

    /// The code of a `using` whose end may throw, which jumps pass.
    pub(super) fn in_using(&mut self, code: impl FnOnce(&mut Self)) {
        let (handler, scopes) = (self.handler, self.scopes.len());
        self.frames.push(Frame::Using { handler, scopes });
        code(self);
        self.frames.pop();
    }

    pub(super) fn break_out(&mut self, span: Span) {
        let target = self.frames.iter().enumerate().rev().find_map(|(at, it)| match it {
            Frame::Loop { after, .. } | Frame::Cases { after, .. } => Some((*after, at)),
            Frame::Using { .. } | Frame::Finally { .. } => None,
        });
        if let Some((block, at)) = target {
            self.jump(Target::Block(block, at), span);
        }
    }

    pub(super) fn continue_loop(&mut self, span: Span) {
        let target = self.frames.iter().enumerate().rev().find_map(|(at, it)| match it {
            Frame::Loop { next, .. } => Some((*next, at)),
            Frame::Cases { .. } | Frame::Using { .. } | Frame::Finally { .. } => None,
        });
        if let Some((block, at)) = target {
            self.jump(Target::Block(block, at), span);
        }
    }

    pub(super) fn return_from(&mut self, span: Span, value: Option<ExprId>) {
        if let Some(value) = value {
            self.stored_as(value, Into::Returned, self.returns);
            self.end_temps();
        }
        self.jump(Target::Return, span);
    }

    fn jump(&mut self, target: Target, span: Span) {
        // What is left on the way runs outside of it.
        let frames = std::mem::take(&mut self.frames);
        self.leave(&frames, target, span);
        self.frames = frames;
        self.stop();
    }

    fn leave(&mut self, frames: &[Frame<'a>], target: Target, span: Span) {
        let stop = match target {
            Target::Return => 0,
            Target::Block(_, at) => at,
        };
        let mut n_scopes = self.scopes.len();
        for frame in frames[stop..].iter().rev() {
            let (Frame::Finally { handler, scopes, .. }
            | Frame::Using { handler, scopes }) = *frame
            else {
                continue;
            };
            self.drop_scopes(scopes, n_scopes, span);
            n_scopes = scopes;
            let Frame::Finally { code, number, .. } = *frame else {
                let within = std::mem::replace(&mut self.handler, handler);
                self.go_on();
                self.throws();
                self.handler = within;
                continue;
            };
            if let Some(&copy) = self.copies.get(&(number, target)) {
                return self.edge(self.at, copy);
            }
            let within = std::mem::replace(&mut self.handler, handler);
            let copy = self.go_on();
            self.copies.insert((number, target), copy);
            self.finally_copy(code, false);
            self.handler = within;
        }
        let left = match target {
            Target::Return => 0,
            Target::Block(_, at) => frames[at].scopes(),
        };
        self.drop_scopes(left, n_scopes, span);
        let to = match target {
            Target::Return => self.exit,
            Target::Block(block, _) => block,
        };
        self.edge(self.at, to);
    }

    fn drop_scopes(&mut self, from: usize, to: usize, span: Span) {
        for at in (from..to).rev() {
            for slot in self.scopes[at].clone() {
                self.op(Op::Drop { slot, span });
            }
        }
    }

    /// The code of a `finally` once more: `normal` at the end of its `try`.
    fn finally_copy(&mut self, code: &'a Code, normal: bool) {
        if !normal && self.n_finally >= DEEPEST {
            return self.forget_all();
        }
        self.n_finally += 1;
        self.block(code);
        self.n_finally -= 1;
    }

    /// Nothing is known from here on.
    fn forget_all(&mut self) {
        for slot in 0..u32::try_from(self.slots.len()).unwrap_or(0) {
            self.op(Op::Forget { slot });
        }
    }

    pub(super) fn try_stmt(
        &mut self,
        body: &'a Code,
        catches: &'a [Catch],
        finally: Option<&'a Code>,
    ) {
        let outer = self.handler;
        let after = self.new_block();
        // Exceptions that nothing catches go through `finally`.
        let through = finally.map(|_| self.new_block());
        if let Some(code) = finally {
            let scopes = self.scopes.len();
            self.n_tries += 1;
            let number = self.n_tries;
            self.frames.push(Frame::Finally { code, handler: outer, scopes, number });
        }
        let uncaught = through.unwrap_or(outer);
        self.handler = uncaught;
        let caught = (!catches.is_empty()).then(|| self.new_block());
        self.handler = caught.unwrap_or(uncaught);
        self.go_on();
        let n_made = self.made.len();
        self.block(body);
        let mut ends = vec![self.at];
        self.handler = uncaught;
        if let Some(caught) = caught {
            let lost = self.made[n_made..].to_vec();
            self.catches(caught, catches, &lost, &mut ends);
        }
        self.handler = outer;
        if finally.is_some() {
            self.frames.pop();
        }
        let normal = self.new_block();
        for end in ends {
            self.edge(end, normal);
        }
        if let (Some(through), Some(code)) = (through, finally) {
            self.at = through;
            self.finally_copy(code, false);
            self.throws();
            self.at = normal;
            self.finally_copy(code, true);
        } else {
            self.at = normal;
        }
        self.edge(self.at, after);
        self.at = after;
    }

    /// The handlers, tried in order with what is thrown to the block `next`. A filter that is false
    /// or throws leads to the next one, with what it has done. Requests that the `try` had received
    /// are `lost` where all exceptions are caught; which of them others catch nobody knows.
    fn catches(
        &mut self,
        mut next: BlockRef,
        catches: &'a [Catch],
        lost: &[Slot],
        ends: &mut Vec<BlockRef>,
    ) {
        let uncaught = self.handler;
        for catch in catches {
            let other = self.new_block();
            self.edge(next, other);
            self.at = next;
            if let Some(filter) = catch.filter {
                self.handler = other;
                self.go_on();
                self.used(filter);
                self.edge(self.at, other);
                self.handler = uncaught;
            }
            self.go_on();
            if self.catches_all(catch) {
                let span = catch.head();
                for &slot in lost {
                    self.op(Op::Drop { slot, span });
                }
            }
            self.block(&catch.body);
            ends.push(self.at);
            next = other;
        }
        let all = catches.iter().any(|it| it.filter.is_none() && self.catches_all(it));
        if !all {
            self.at = next;
            self.throws();
        }
    }

    fn catches_all(&self, catch: &Catch) -> bool {
        use crate::hir::ty::Ty;
        match &catch.ty {
            None => true,
            Some((Ty::Record(id, _), _)) => Some(*id) == self.cx.program.lang.exception,
            Some(_) => false,
        }
    }
}
