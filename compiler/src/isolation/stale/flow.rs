//! The walk over the statements of one body, along its control flow. A loop is entered with
//! what its last pass left: the body is gone through until that no longer changes. What
//! expressions do is in `expr`.

use std::collections::BTreeMap;

use super::taint::{Origin, State, Taint, Taints, Wait};
use super::{Cx, Found, Waits};
use crate::hir::body::*;
use crate::hir::*;
use crate::isolation::unit::*;
use crate::support::span::Span;
use crate::types::tables::{BodyTypes, Constant};

/// Passes over a body, at most: each carries values once around its loops.
const PASSES: usize = 6;

/// A parameter, by its position, that sets a field, and the wait before that.
pub(super) type Setting = (usize, Origin, Option<Span>);

/// What `break` and `continue` can leave.
struct Around {
    loops: bool,
    broken: State,
    continued: State,
}

/// The walk of one unit.
pub(super) struct Flow<'a, 'c> {
    pub(super) cx: &'c Cx<'a>,
    pub(super) unit: UnitId,
    pub(super) body_id: BodyId,
    pub(super) body: &'a Body,
    pub(super) table: &'a BodyTypes,
    root: &'a Root,
    waits: &'c Waits,
    pub(super) state: State,
    /// How often it has waited so far, and where last.
    pub(super) n_waits: usize,
    pub(super) last_wait: Wait,
    around: Vec<Around>,
    heads: BTreeMap<Span, State>,
    changed: bool,
    /// Levels of expressions around the one at hand.
    pub(super) depth: usize,
    /// Locals that the value at hand mentions, which hold no more than state.
    pub(super) uses: Vec<(Span, Taint)>,
    pub(super) found: BTreeMap<Span, Found>,
    pub(super) sets: Vec<Setting>,
}

impl<'a, 'c> Flow<'a, 'c> {
    pub(super) fn new(cx: &'c Cx<'a>, unit: UnitId, waits: &'c Waits) -> Option<Self> {
        let program = cx.facts.program;
        let (id, root): (BodyId, &'a Root) = match cx.facts.units.all[unit].kind {
            UnitKind::Root(id) => (id, &program.bodies[id].root),
            UnitKind::Lambda(id, it) => (id, &program.bodies[id].lambdas[it].body),
            UnitKind::LocalFn(id, it) => (id, &program.bodies[id].local_fns[it].body),
            UnitKind::Pool => return None,
        };
        Some(Self {
            cx,
            unit,
            body_id: id,
            body: &program.bodies[id],
            table: cx.types.bodies.get(id)?,
            root,
            waits,
            state: State::default(),
            n_waits: 0,
            last_wait: Wait { span: Span::default(), ends_turn: false },
            around: Vec::new(),
            heads: BTreeMap::new(),
            changed: false,
            depth: 0,
            uses: Vec::new(),
            found: BTreeMap::new(),
            sets: Vec::new(),
        })
    }

    /// What is stale in the unit, and which fields its parameters set.
    pub(super) fn run(mut self) -> (Vec<Found>, Vec<Setting>) {
        for _ in 0..PASSES {
            self.changed = false;
            self.state = State::default();
            if let UnitKind::Root(_) = self.cx.facts.units.all[self.unit].kind {
                for &local in &self.body.params {
                    let read = self.body.locals[local].span;
                    let origin = Origin::Param(local);
                    // Of which kind the argument is, only callers know.
                    let shared = true;
                    let taint = Taint { origin, read, shared, wait: None, whole: false };
                    self.state.set(local, Taints::one(taint));
                }
            }
            match self.root {
                Root::Block(block) => self.block(block),
                Root::Expr(expr) => _ = self.value(*expr),
            }
            if !self.changed {
                break;
            }
        }
        self.sets.sort_unstable();
        self.sets.dedup_by_key(|it| (it.0, it.1));
        (self.found.into_values().collect(), self.sets)
    }

    /// The turn may end at `span`.
    pub(super) fn may_wait(&mut self, span: Span) {
        if let Some(&ends_turn) = self.waits.at.get(&span) {
            self.has_waited(Wait { span, ends_turn });
        }
    }

    fn has_waited(&mut self, wait: Wait) {
        self.n_waits += 1;
        self.last_wait = wait;
        self.state.wait(wait);
    }

    fn block(&mut self, block: &'a Block) {
        for stmt in &block.stmts {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &'a Stmt) {
        match &stmt.kind {
            StmtKind::Error | StmtKind::Empty | StmtKind::LocalFn(_) => {}
            StmtKind::Block(block) | StmtKind::Checked { body: block, .. } => {
                self.block(block);
            }
            StmtKind::Local { local, init } => {
                let value = init.map(|it| self.value(it)).unwrap_or_default();
                self.state.set(*local, value);
            }
            StmtKind::Deconstruct { pattern, value } => {
                let value = self.value(*value).inside();
                self.bind_tuple(pattern, &value);
            }
            StmtKind::Using { local, resource, body } => {
                let value = self.value(*resource);
                if let Some(local) = local {
                    self.state.set(*local, value);
                }
                self.block(body);
                let span = self.body.exprs[*resource].span;
                if let Some(&ends_turn) = self.waits.at_end.get(&span) {
                    self.has_waited(Wait { span, ends_turn });
                }
            }
            StmtKind::Expr(expr) | StmtKind::YieldReturn(expr) => _ = self.value(*expr),
            StmtKind::Return(value) | StmtKind::Throw(value) => {
                if let Some(value) = value {
                    self.value(*value);
                }
                self.state = State::dead();
            }
            StmtKind::YieldBreak => self.state = State::dead(),
            StmtKind::Yield => self.may_wait(stmt.span),
            StmtKind::If { .. } => self.branches(stmt),
            StmtKind::While { condition, body } => {
                self.repeat(stmt.span, |cx| {
                    cx.value(*condition);
                    let left = cx.unless_endless(Some(*condition));
                    cx.stmt(body);
                    left
                });
            }
            StmtKind::DoWhile { body, condition } => {
                self.repeat(stmt.span, |cx| {
                    cx.stmt(body);
                    cx.go_on();
                    cx.value(*condition);
                    cx.unless_endless(Some(*condition))
                });
            }
            StmtKind::For { init, condition, update, body } => {
                for stmt in init {
                    self.stmt(stmt);
                }
                self.repeat(stmt.span, |cx| {
                    if let Some(condition) = condition {
                        cx.value(*condition);
                    }
                    let left = cx.unless_endless(*condition);
                    cx.stmt(body);
                    cx.go_on();
                    for expr in update {
                        cx.value(*expr);
                    }
                    left
                });
            }
            StmtKind::Foreach { binding, iterable, body } => {
                let value = self.value(*iterable).inside();
                let span = self.body.exprs[*iterable].span;
                // The messages of a source are no state.
                let drains = self.waits.at.contains_key(&span);
                let value = if drains { Taints::default() } else { value };
                self.repeat(stmt.span, |cx| {
                    cx.may_wait(span);
                    let left = cx.state.clone();
                    match binding {
                        Binding::Single(local) => cx.state.set(*local, value.clone()),
                        Binding::Tuple(pattern) => cx.bind_tuple(pattern, &value),
                    }
                    cx.stmt(body);
                    left
                });
            }
            StmtKind::Switch { subject, sections } => self.switch(*subject, sections),
            StmtKind::Receive(cases) => self.receive(stmt.span, cases),
            StmtKind::Try { body, catches, finally } => {
                self.attempt(body, catches, finally.as_ref());
            }
            StmtKind::Break => self.leave(|it| Some(&mut it.broken)),
            StmtKind::Continue => {
                self.leave(|it| it.loops.then_some(&mut it.continued));
            }
        }
    }

    /// `if` with all its `else if`: there may be very many.
    fn branches(&mut self, stmt: &'a Stmt) {
        let mut after = State::dead();
        let mut at = Some(stmt);
        while let Some(stmt) = at {
            let StmtKind::If { condition, then, otherwise } = &stmt.kind else {
                self.stmt(stmt);
                break;
            };
            self.value(*condition);
            let before = self.state.clone();
            self.stmt(then);
            after.join(&self.state);
            self.state = before;
            at = otherwise.as_deref();
        }
        self.state.join(&after);
    }

    /// One pass of a loop; `pass` gives the state in which its condition ends it.
    fn repeat(&mut self, span: Span, pass: impl FnOnce(&mut Self) -> State) {
        if let Some(head) = self.heads.get(&span) {
            self.state.join(head);
        }
        let (broken, continued) = (State::dead(), State::dead());
        self.around.push(Around { loops: true, broken, continued });
        let left = pass(self);
        self.go_on();
        let head = self.heads.entry(span).or_insert_with(State::dead);
        let before = head.clone();
        head.join(&self.state);
        self.changed |= *head != before;
        self.state = left;
        if let Some(around) = self.around.pop() {
            self.state.join(&around.broken);
        }
    }

    /// Where `continue` leads.
    fn go_on(&mut self) {
        if let Some(around) = self.around.last_mut() {
            let continued = std::mem::replace(&mut around.continued, State::dead());
            self.state.join(&continued);
        }
    }

    /// The state in which a loop ends, unless its condition is always true.
    fn unless_endless(&self, condition: Option<ExprId>) -> State {
        let endless = condition
            .is_none_or(|it| self.table.constants.get(it) == Some(&Constant::Bool(true)));
        if endless { State::dead() } else { self.state.clone() }
    }

    fn leave(&mut self, way: impl Fn(&mut Around) -> Option<&mut State>) {
        let state = std::mem::replace(&mut self.state, State::dead());
        if let Some(to) = self.around.iter_mut().rev().find_map(way) {
            to.join(&state);
        }
    }

    /// What `break` leaves and is no loop.
    fn section(&mut self, run: impl FnOnce(&mut Self)) {
        let (broken, continued) = (State::dead(), State::dead());
        self.around.push(Around { loops: false, broken, continued });
        run(self);
        if let Some(around) = self.around.pop() {
            self.state.join(&around.broken);
        }
    }

    fn switch(&mut self, subject: ExprId, sections: &'a [SwitchSection]) {
        let mut value = self.value(subject).inside();
        let mut before = self.state.clone();
        let mut after = State::dead();
        for section in sections {
            self.state.clone_from(&before);
            for label in &section.labels {
                if let Some(pattern) = &label.pattern {
                    self.bind(pattern, &value);
                }
                if let Some(guard) = label.guard {
                    self.guard(guard, &mut value);
                    // Where it fails, the labels behind it are asked.
                    before.join(&self.state);
                }
            }
            self.section(|cx| cx.block(&section.body));
            after.join(&self.state);
        }
        after.join(&before);
        self.state = after;
    }

    /// The guard of a label; `subject` is asked for again behind it.
    pub(super) fn guard(&mut self, guard: ExprId, subject: &mut Taints) {
        let n_waits = self.n_waits;
        self.value(guard);
        if self.n_waits > n_waits {
            subject.wait(self.last_wait);
        }
    }

    fn receive(&mut self, span: Span, cases: &'a [ReceiveCase]) {
        for case in cases {
            match &case.kind {
                ReceiveCaseKind::From { sources, .. } => {
                    for source in sources {
                        self.value(*source);
                    }
                }
                ReceiveCaseKind::Timeout(time) => _ = self.value(*time),
                ReceiveCaseKind::Default => {}
            }
        }
        self.may_wait(Span { hi: span.hi.min(span.lo + 7), ..span });
        let before = self.state.clone();
        let mut after = State::dead();
        for case in cases {
            self.state.clone_from(&before);
            if let ReceiveCaseKind::From { into, guard, .. } = &case.kind {
                match into {
                    Some(Binding::Single(local)) => {
                        self.state.set(*local, Taints::default());
                    }
                    Some(Binding::Tuple(it)) => self.bind_tuple(it, &Taints::default()),
                    None => {}
                }
                if let Some(guard) = guard {
                    self.value(*guard);
                }
            }
            self.section(|cx| cx.block(&case.body));
            after.join(&self.state);
        }
        self.state = after;
    }

    /// An exception leaves the body somewhere: what held at its beginning or end is joined.
    fn attempt(
        &mut self,
        body: &'a Block,
        catches: &'a [Catch],
        finally: Option<&'a Block>,
    ) {
        let mut thrown = self.state.clone();
        let n_waits = self.n_waits;
        self.block(body);
        if self.n_waits > n_waits {
            thrown.wait(self.last_wait);
        }
        thrown.join(&self.state);
        let mut after = self.state.clone();
        for catch in catches {
            self.state.clone_from(&thrown);
            if let Some(local) = catch.local {
                self.state.set(local, Taints::default());
            }
            if let Some(filter) = catch.filter {
                self.value(filter);
            }
            self.block(&catch.body);
            after.join(&self.state);
        }
        self.state = after;
        if let Some(finally) = finally {
            self.block(finally);
        }
    }

    // Bindings.

    fn bind_tuple(&mut self, pattern: &TuplePattern, value: &Taints) {
        for part in &pattern.parts {
            match part {
                TuplePatternPart::Local(local) => self.state.set(*local, value.clone()),
                TuplePatternPart::Discard(_) => {}
                TuplePatternPart::Nested(inner) => self.bind_tuple(inner, value),
            }
        }
    }

    /// The locals of a pattern hold the value that is matched, or parts of it.
    pub(super) fn bind(&mut self, pattern: &Pattern, value: &Taints) {
        match &pattern.kind {
            PatternKind::Var(local)
            | PatternKind::Typed { local, .. }
            | PatternKind::NonNull(Some(local)) => self.state.set(*local, value.clone()),
            PatternKind::Case { args, .. } => {
                for arg in args.iter().flatten() {
                    self.bind(arg, value);
                }
            }
            PatternKind::Tuple(parts) => {
                for part in parts {
                    self.bind(part, value);
                }
            }
            PatternKind::Properties { fields, .. } => {
                for (_, part) in fields {
                    self.bind(part, value);
                }
            }
            PatternKind::Or(one, two) | PatternKind::And(one, two) => {
                self.bind(one, value);
                self.bind(two, value);
            }
            PatternKind::Not(inner) => self.bind(inner, value),
            PatternKind::Error
            | PatternKind::Wildcard
            | PatternKind::Constant(_)
            | PatternKind::Relational { .. }
            | PatternKind::NonNull(None)
            | PatternKind::Null => {}
        }
    }
}
