//! What is known at a point of a body: which locals are assigned, which values are not
//! null, whether control gets there at all. It knows nothing of types.

use std::collections::{BTreeMap, BTreeSet};

use crate::hir::body::{Body, ExprKind};
use crate::hir::*;
use crate::support::span::Span;

/// Something that may hold at a point.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fact {
    Assigned(LocalId),
    /// A field without initialiser, in its constructor.
    FieldAssigned(FieldId),
    NonNull(Place),
}

/// A value that keeps what was found out about it: a local, or immutable fields of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) root: Root,
    pub(super) path: Vec<FieldId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Root {
    Local(LocalId),
    /// A field of the schema whose member the body is.
    Own(FieldId),
}

/// The facts at one point, as a set of numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub(super) dead: bool,
    bits: Vec<u64>,
}

impl State {
    /// The state of a point that control never gets to: everything holds there.
    pub(super) fn unreachable() -> Self {
        Self { dead: true, bits: Vec::new() }
    }
    fn get(&self, fact: u32) -> bool {
        let word = self.bits.get(fact as usize / 64).copied().unwrap_or(0);
        self.dead || word >> (fact % 64) & 1 == 1
    }
    fn set(&mut self, fact: u32, holds: bool) {
        let at = fact as usize / 64;
        if at >= self.bits.len() {
            if !holds {
                return;
            }
            self.bits.resize(at + 1, 0);
        }
        if holds {
            self.bits[at] |= 1 << (fact % 64);
        } else {
            self.bits[at] &= !(1 << (fact % 64));
        }
    }
    /// What holds where control went through both, one after the other.
    pub(super) fn and_also(mut self, other: &Self) -> Self {
        if self.dead || other.dead {
            return Self::unreachable();
        }
        if self.bits.len() < other.bits.len() {
            self.bits.resize(other.bits.len(), 0);
        }
        for (word, theirs) in self.bits.iter_mut().zip(&other.bits) {
            *word |= theirs;
        }
        self
    }
    /// The state where two paths meet: what holds on both.
    pub(super) fn join(mut self, other: &Self) -> Self {
        if self.dead {
            return other.clone();
        }
        if other.dead {
            return self;
        }
        self.bits.truncate(other.bits.len());
        for (word, theirs) in self.bits.iter_mut().zip(&other.bits) {
            *word &= theirs;
        }
        self
    }
}

/// The facts of one body and the state at the point that is being checked.
#[derive(Debug, Default)]
pub(super) struct Flow {
    pub(super) state: State,
    /// States behind the last condition where it is true and where it is false.
    pub(super) split: Option<Box<(State, State)>>,
    facts: BTreeMap<Fact, u32>,
    /// Facts about each local that end when it is assigned.
    about: BTreeMap<LocalId, Vec<u32>>,
    /// Locals that are not assigned where they are declared.
    tracked: BTreeSet<LocalId>,
    /// Offsets at which locals are assigned, in order.
    assignments: Vec<(u32, LocalId)>,
    /// The same by local.
    assigned_at: BTreeMap<LocalId, Vec<u32>>,
    /// Locals that a local function assigns: nothing about them outlives a call.
    unstable: BTreeSet<LocalId>,
    /// Code that cannot be reached was pointed out, and none that can came since.
    pub(super) warned: bool,
}

impl Flow {
    pub(super) fn new(body: &Body) -> Self {
        let mut flow = Self::default();
        let fns = InnermostFn::new(body);
        for expr in body.exprs.iter() {
            let target = match &expr.kind {
                ExprKind::Assign { target, .. } => *target,
                ExprKind::Increment { operand, .. } => *operand,
                _ => continue,
            };
            flow.note_assignment(body, &fns, target, expr.span);
        }
        flow.assignments.sort_unstable();
        for (at, local) in &flow.assignments {
            flow.assigned_at.entry(*local).or_default().push(*at);
        }
        flow
    }

    fn note_assignment(
        &mut self,
        body: &Body,
        fns: &InnermostFn,
        target: ExprId,
        span: Span,
    ) {
        match &body.exprs[target].kind {
            ExprKind::Local(local) => {
                self.assignments.push((span.lo, *local));
                if fns.at(span.lo) != fns.at(body.locals[*local].span.lo) {
                    self.unstable.insert(*local);
                }
            }
            ExprKind::Tuple(parts) => {
                for (_, part) in parts {
                    self.note_assignment(body, fns, *part, span);
                }
            }
            _ => {}
        }
    }

    /// Whether something within the span assigns the local.
    pub(super) fn assigned_within(&self, local: LocalId, span: Span) -> bool {
        let all = self.assigned_at.get(&local).map_or(&[][..], |it| it);
        let from = all.partition_point(|it| *it < span.lo);
        all.get(from).is_some_and(|it| *it < span.hi)
    }

    fn number(&mut self, fact: Fact) -> u32 {
        let next = u32::try_from(self.facts.len()).expect("fewer than 2^32 facts");
        if let Some(&number) = self.facts.get(&fact) {
            return number;
        }
        if let Fact::NonNull(Place { root: Root::Local(local), .. }) = &fact {
            self.about.entry(*local).or_default().push(next);
        }
        self.facts.insert(fact, next);
        next
    }

    /// The local starts unassigned here.
    pub(super) fn declare_unassigned(&mut self, local: LocalId) {
        self.tracked.insert(local);
        let fact = self.number(Fact::Assigned(local));
        self.state.set(fact, false);
    }

    pub(super) fn is_assigned(&mut self, local: LocalId) -> bool {
        if !self.tracked.contains(&local) {
            return true;
        }
        let fact = self.number(Fact::Assigned(local));
        self.state.get(fact)
    }

    /// The local has a new value, of which only `non_null` is known.
    pub(super) fn assign(&mut self, local: LocalId, non_null: bool) {
        if self.tracked.contains(&local) {
            let fact = self.number(Fact::Assigned(local));
            self.state.set(fact, true);
        }
        for fact in self.about.get(&local).cloned().unwrap_or_default() {
            self.state.set(fact, false);
        }
        if non_null {
            self.learn(&Place { root: Root::Local(local), path: Vec::new() });
        }
    }

    /// A variable of a pattern has a value in `state`.
    pub(super) fn bind_in(&mut self, state: &mut State, local: LocalId) {
        self.tracked.insert(local);
        let fact = self.number(Fact::Assigned(local));
        state.set(fact, true);
    }

    /// The value at `place` is not null from here on.
    pub(super) fn learn(&mut self, place: &Place) {
        let mut state = std::mem::take(&mut self.state);
        self.learn_in(&mut state, place);
        self.state = state;
    }

    pub(super) fn learn_in(&mut self, state: &mut State, place: &Place) {
        if matches!(place.root, Root::Local(local) if self.unstable.contains(&local)) {
            return;
        }
        let fact = self.number(Fact::NonNull(place.clone()));
        state.set(fact, true);
    }

    pub(super) fn is_non_null(&self, place: &Place) -> bool {
        // In unreachable code nothing was found out that would be worth using.
        let known = self.facts.get(&Fact::NonNull(place.clone()));
        !self.state.dead && known.is_some_and(|it| self.state.get(*it))
    }

    /// Locals that are declared and not assigned here.
    pub(super) fn unassigned(&mut self) -> Vec<LocalId> {
        let tracked: Vec<LocalId> = self.tracked.iter().copied().collect();
        tracked.into_iter().filter(|it| !self.is_assigned(*it)).collect()
    }

    /// Whether the local is assigned in `state`.
    pub(super) fn holds(&self, state: &State, local: LocalId) -> bool {
        self.facts.get(&Fact::Assigned(local)).is_some_and(|it| state.get(*it))
    }

    pub(super) fn field_assigned(&mut self, field: FieldId) -> bool {
        let fact = self.number(Fact::FieldAssigned(field));
        self.state.get(fact)
    }

    pub(super) fn assign_field(&mut self, field: FieldId) {
        let fact = self.number(Fact::FieldAssigned(field));
        self.state.set(fact, true);
    }

    /// Forgets at the head of a loop what an assignment inside it may end.
    pub(super) fn enter_loop(&mut self, span: Span) {
        let from = self.assignments.partition_point(|it| it.0 < span.lo);
        let to = self.assignments.partition_point(|it| it.0 < span.hi);
        for at in from..to {
            self.forget(self.assignments[at].1);
        }
    }

    fn forget(&mut self, local: LocalId) {
        for at in 0..self.about.get(&local).map_or(0, Vec::len) {
            let fact = self.about[&local][at];
            self.state.set(fact, false);
        }
    }

    /// From here on control does not go on.
    pub(super) fn stop(&mut self) {
        self.state = State::unreachable();
    }
}

/// The span of a body or of a part of it.
pub(super) fn root_span(body: &Body, root: &body::Root) -> Span {
    match root {
        body::Root::Block(block) => block.span,
        body::Root::Expr(expr) => body.exprs[*expr].span,
    }
}

/// Which local function each part of a body belongs to, by offset.
pub(super) struct InnermostFn {
    changes: Vec<(u32, Option<LocalFnId>)>,
}

impl InnermostFn {
    pub(super) fn new(body: &Body) -> Self {
        let mut spans: Vec<(Span, LocalFnId)> = body
            .local_fns
            .enumerate()
            .map(|(id, it)| (it.name.span.to(root_span(body, &it.body)), id))
            .collect();
        spans.sort_by_key(|it| (it.0.lo, std::cmp::Reverse(it.0.hi)));
        let mut changes = Vec::new();
        let mut open: Vec<(u32, LocalFnId)> = Vec::new();
        let close = |open: &mut Vec<(u32, LocalFnId)>, changes: &mut Vec<_>, to: u32| {
            while let Some((hi, _)) = open.pop_if(|it| it.0 <= to) {
                changes.push((hi, open.last().map(|it| it.1)));
            }
        };
        for (span, id) in spans {
            close(&mut open, &mut changes, span.lo);
            changes.push((span.lo, Some(id)));
            open.push((span.hi, id));
        }
        close(&mut open, &mut changes, u32::MAX);
        Self { changes }
    }

    pub(super) fn at(&self, offset: u32) -> Option<LocalFnId> {
        let at = self.changes.partition_point(|it| it.0 <= offset);
        self.changes[..at].last().and_then(|it| it.1)
    }
}
