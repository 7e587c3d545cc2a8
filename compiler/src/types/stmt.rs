//! Statements: what they demand of their expressions, and how control goes through them.
//! `switch` and `receive { }` stand in files of their own.

use super::convert::Fit;
use super::cx::{Breakable, Cx, Frame, LocalFnFacts, Why};
use super::errors::{self, flow, names, values};
use super::flow::State;
use super::port::PortRef;
use crate::hir::body::{
    BinaryOp, Block, ExprKind, LocalKind, Root, Stmt, StmtKind, TuplePattern,
    TuplePatternPart, UnaryOp,
};
use crate::hir::ty::{TupleElement, Ty};
use crate::hir::*;
use crate::support::span::Span;

/// A piece of code that gives something back.
pub(super) struct Code<'p, 't> {
    pub(super) root: &'p Root,
    pub(super) returns: &'t Ty,
    /// It yields.
    pub(super) iterator: bool,
}

impl<'p> Cx<'p> {
    pub(super) fn block(&mut self, block: &'p Block) {
        for stmt in &block.stmts {
            self.stmt(stmt);
        }
    }

    pub(super) fn stmt(&mut self, stmt: &'p Stmt) {
        self.warn_if_unreachable(stmt);
        match &stmt.kind {
            StmtKind::Error => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.lost = true;
                }
            }
            StmtKind::Empty | StmtKind::Yield => {}
            StmtKind::Block(block) => self.block(block),
            StmtKind::Local { local, init } => self.local_stmt(*local, *init),
            StmtKind::Deconstruct { pattern, value } => {
                let ty = self.deconstructed(pattern, *value);
                self.bind_tuple(pattern, &ty);
            }
            StmtKind::Using { local, resource, body } => {
                self.using(*local, *resource, body);
                if self.flow.state.dead {
                    self.out.dead_ends.insert(stmt.span);
                }
            }
            StmtKind::Expr(expr) => self.expr_stmt(*expr),
            StmtKind::If { .. } => self.if_stmt(stmt),
            StmtKind::While { condition, body } => {
                self.flow.enter_loop(stmt.span);
                let (when_true, when_false) = self.condition(*condition);
                self.flow.state = when_true;
                let left = self.loop_body(body);
                self.flow.state = when_false.join(&left.breaks);
            }
            StmtKind::DoWhile { body, condition } => {
                self.flow.enter_loop(stmt.span);
                let left = self.loop_body(body);
                let end = std::mem::take(&mut self.flow.state);
                self.flow.state = end.join(&left.continues);
                let (_, when_false) = self.condition(*condition);
                self.flow.state = when_false.join(&left.breaks);
            }
            StmtKind::For { init, condition, update, body } => {
                self.for_stmt(stmt.span, init, *condition, update, body);
            }
            StmtKind::Foreach { binding, iterable, body } => {
                self.foreach(stmt.span, binding, *iterable, body);
            }
            StmtKind::Switch { subject, sections } => {
                self.switch_stmt(stmt.span, *subject, sections);
            }
            StmtKind::Break => self.leave(stmt.span, false),
            StmtKind::Continue => self.leave(stmt.span, true),
            StmtKind::Return(value) => self.return_stmt(stmt.span, *value),
            StmtKind::YieldReturn(value) => self.yield_return(stmt.span, *value),
            StmtKind::YieldBreak => self.yield_break(),
            StmtKind::Receive(cases) => self.receive_stmt(stmt.span, cases),
            StmtKind::Checked { checked, body } => {
                let before = self.checked.replace(*checked);
                self.block(body);
                self.checked = before;
            }
            StmtKind::Try { body, catches, finally } => {
                self.try_stmt(stmt.span, body, catches, finally.as_ref());
            }
            StmtKind::Throw(value) => self.throw_stmt(stmt.span, *value),
            StmtKind::LocalFn(local_fn) => {
                self.local_fn_facts(*local_fn);
            }
        }
        self.flow.split = None;
    }

    /// Points out the first statement of a piece of code that control never gets to.
    fn warn_if_unreachable(&mut self, stmt: &Stmt) {
        let silent =
            matches!(stmt.kind, StmtKind::Error | StmtKind::Empty | StmtKind::LocalFn(_));
        if !self.flow.state.dead {
            self.flow.warned = false;
        } else if !self.flow.warned && !silent {
            self.flow.warned = true;
            self.report(flow::unreachable(stmt.span));
        }
    }

    fn local_stmt(&mut self, local: LocalId, init: Option<ExprId>) {
        let declared = &self.body.locals[local];
        match (&declared.declared, init) {
            (Some(ty), None) => {
                self.well_formed(ty, declared.span);
                self.out.locals.insert(local, ty.clone());
                self.flow.declare_unassigned(local);
            }
            (Some(ty), Some(init)) => {
                self.well_formed(ty, declared.span);
                self.out.locals.insert(local, ty.clone());
                if declared.kind == LocalKind::Const {
                    self.constant_expr(init, ty, Why::Local(local));
                    self.keep_local_const(local, init);
                    return;
                }
                let found = self.infer(init, Some(ty));
                self.adapt(init, &found, ty, Why::Local(local));
                let known = matches!(ty, Ty::Nullable(_))
                    && !matches!(found, Ty::Nullable(_) | Ty::Null | Ty::Error);
                self.flow.assign(local, known);
            }
            (None, Some(init)) => {
                let ty = self.inferred(init);
                self.out.locals.insert(local, ty);
                self.keep_local_const(local, init);
                self.flow.assign(local, false);
            }
            (None, None) => {
                self.out.locals.insert(local, Ty::Error);
                self.report(names::var_without_value(&declared.name, declared.span));
            }
        }
    }

    /// The type that `var` takes from a value.
    fn inferred(&mut self, init: ExprId) -> Ty {
        if let ExprKind::Vector(_) = self.kind(init) {
            self.absorb(init);
            let problem = values::cannot_infer(self, init);
            self.report(problem);
            return Ty::Error;
        }
        let ty = self.value(init);
        match ty {
            Ty::Null => {
                let problem = values::cannot_infer(self, init);
                self.report(problem);
                Ty::Error
            }
            Ty::Never => Ty::Error,
            other => other,
        }
    }

    /// The type of a value that is taken apart.
    fn deconstructed(&mut self, pattern: &TuplePattern, value: ExprId) -> Ty {
        let hint = self.pattern_type(pattern);
        let Some(want) = hint else { return self.value(value) };
        let found = self.infer(value, Some(&want));
        let found = self.not_void(value, found);
        if let (Ty::Tuple(have), Ty::Tuple(wanted)) = (&found, &want)
            && have.len() == wanted.len()
        {
            self.adapt(value, &found, &want, Why::Nothing);
            return want;
        }
        found
    }

    /// The tuple type that a pattern spells, if it spells all of it.
    fn pattern_type(&self, pattern: &TuplePattern) -> Option<Ty> {
        let parts = pattern.parts.iter().map(|part| match part {
            TuplePatternPart::Local(local) => self.body.locals[*local].declared.clone(),
            TuplePatternPart::Discard(_) => None,
            TuplePatternPart::Nested(inner) => self.pattern_type(inner),
        });
        let parts: Option<Vec<Ty>> = parts.collect();
        parts.map(Ty::tuple)
    }

    /// Gives the locals of a pattern their types.
    pub(super) fn bind_tuple(&mut self, pattern: &TuplePattern, ty: &Ty) {
        let taken_apart = self.taken_apart(ty);
        let ty = taken_apart.as_ref().unwrap_or(ty);
        let elements: Option<&[TupleElement]> = match ty {
            Ty::Tuple(elements) if elements.len() == pattern.parts.len() => {
                Some(elements)
            }
            Ty::Error => None,
            _ => {
                let n_parts = pattern.parts.len();
                let problem = names::deconstruct(self, pattern.span, n_parts, ty);
                self.report(problem);
                None
            }
        };
        for (at, part) in pattern.parts.iter().enumerate() {
            let ty = elements.map_or(Ty::Error, |it| it[at].ty.clone());
            match part {
                TuplePatternPart::Local(local) => self.bind_one(*local, ty),
                TuplePatternPart::Discard(_) => {}
                TuplePatternPart::Nested(inner) => self.bind_tuple(inner, &ty),
            }
        }
    }

    /// The tuple that the `Deconstruct()` of a library type gives.
    fn taken_apart(&self, ty: &Ty) -> Option<Ty> {
        let Ty::Native(id, args) = ty else { return None };
        let method = self.shared.index.native(*id, "Deconstruct").first()?;
        let returns = &self.program.methods[*method].returns;
        Some(returns.substitute(&self.program.natives[*id].type_params, args))
    }

    /// Gives a local that is bound to a part of a value its type: the part's, or a declared
    /// one that it converts to.
    pub(super) fn bind_one(&mut self, local: LocalId, ty: Ty) {
        let declared = &self.body.locals[local];
        let bound = match &declared.declared {
            Some(written) => {
                match self.shared.implicit(&ty, written, None) {
                    Fit::Same => {}
                    Fit::By(conversion) => {
                        self.out.bindings.insert(local, (ty, conversion));
                    }
                    Fit::No => {
                        let problem = names::binding_type(self, local, written, &ty);
                        self.report(problem);
                    }
                }
                written.clone()
            }
            None => ty,
        };
        self.out.locals.insert(local, bound);
        self.flow.assign(local, false);
    }

    fn using(&mut self, local: Option<LocalId>, resource: ExprId, body: &'p Block) {
        let declared = local.and_then(|it| self.body.locals[it].declared.clone());
        let ty = match (&declared, local) {
            (Some(ty), Some(local)) => {
                self.check(resource, ty, Why::Local(local));
                ty.clone()
            }
            _ => self.inferred(resource),
        };
        if let Some(local) = local {
            self.out.locals.insert(local, ty.clone());
        }
        self.disposal(resource, &ty);
        self.block(body);
    }

    fn expr_stmt(&mut self, expr: ExprId) {
        if matches!(self.kind(expr), ExprKind::Network { .. }) {
            self.network_stmt(expr);
            return;
        }
        if let Some(value) = self.mistyped_send(expr) {
            self.absorb(value);
            self.out.exprs.insert(expr, Ty::Error);
            self.report(values::no_send(self, expr));
            return;
        }
        let before = self.problems.len();
        let ty = match self.kind(expr) {
            // A bare name or lambda has a better error than that of its type.
            ExprKind::Lambda(_) | ExprKind::Vector(_) | ExprKind::BareCase(_) => {
                self.absorb(expr);
                Ty::Error
            }
            _ => self.infer(expr, None),
        };
        let silent =
            matches!(self.kind(expr), ExprKind::Error) || self.problems.len() > before;
        if ty == Ty::Never {
            self.flow.stop();
        }
        if !silent {
            self.require_statement(expr);
        }
    }

    /// `port <- value;` compares a port with `-value`; gives the value.
    fn mistyped_send(&mut self, expr: ExprId) -> Option<ExprId> {
        let ExprKind::Binary { op: BinaryOp::Lt, left, right } = self.kind(expr) else {
            return None;
        };
        let (left, right) = (*left, *right);
        if !self.is_port(left) {
            return None;
        }
        self.port_ref(left);
        match self.kind(right) {
            ExprKind::Unary { op: UnaryOp::Neg, operand } => Some(*operand),
            _ => Some(right),
        }
    }

    /// Reports an expression whose only use would be its value.
    pub(super) fn require_statement(&mut self, expr: ExprId) {
        let acts = match self.kind(expr) {
            ExprKind::Call { .. }
            | ExprKind::Assign { .. }
            | ExprKind::Increment { .. }
            | ExprKind::New { .. }
            | ExprKind::NewAgent { .. }
            | ExprKind::Send { .. }
            | ExprKind::Receive { .. }
            | ExprKind::Network { .. }
            | ExprKind::Throw(_)
            | ExprKind::Error => true,
            ExprKind::Checked { operand, .. } => {
                self.require_statement(*operand);
                true
            }
            _ => false,
        };
        if !acts {
            let problem = values::no_statement(self.span(expr));
            let problem = match self.kind(expr) {
                ExprKind::Port { base, .. } => match self.port_ref(expr) {
                    PortRef::Port { port, end, .. } => {
                        let text = errors::ports::used(self, *base, port, end);
                        problem.help(format!("the port is used with `{text}`"))
                    }
                    _ => problem,
                },
                _ => problem,
            };
            self.report(problem);
        }
    }

    /// A chain of `else if` is gone through in a loop: it may be longer than the stack.
    fn if_stmt(&mut self, first: &'p Stmt) {
        let mut end = State::unreachable();
        let mut at = first;
        loop {
            let StmtKind::If { condition, then, otherwise } = &at.kind else {
                self.stmt(at);
                break;
            };
            let (when_true, when_false) = self.condition(*condition);
            self.flow.state = when_true;
            self.stmt(then);
            end = std::mem::replace(&mut self.flow.state, when_false).join(&end);
            match otherwise {
                Some(next) => at = next,
                None => break,
            }
        }
        let last = std::mem::take(&mut self.flow.state);
        self.flow.state = last.join(&end);
    }

    /// Checks the body of a loop and gives what leaves it; the state behind is that at the
    /// end of the body.
    pub(super) fn loop_body(&mut self, body: &'p Stmt) -> Breakable {
        self.breakables.push(Breakable {
            is_loop: true,
            breaks: State::unreachable(),
            continues: State::unreachable(),
        });
        self.stmt(body);
        self.breakables.pop().expect("pushed above")
    }

    fn for_stmt(
        &mut self,
        span: Span,
        init: &'p [Stmt],
        condition: Option<ExprId>,
        update: &[ExprId],
        body: &'p Stmt,
    ) {
        for stmt in init {
            self.stmt(stmt);
        }
        self.flow.enter_loop(span);
        let (when_true, when_false) = match condition {
            Some(condition) => self.condition(condition),
            None => (self.flow.state.clone(), State::unreachable()),
        };
        self.flow.state = when_true;
        let left = self.loop_body(body);
        let end = std::mem::take(&mut self.flow.state);
        self.flow.state = end.join(&left.continues);
        for expr in update {
            self.infer(*expr, None);
            self.require_statement(*expr);
            self.flow.split = None;
        }
        self.flow.state = when_false.join(&left.breaks);
    }

    fn leave(&mut self, span: Span, is_continue: bool) {
        let state = self.flow.state.clone();
        let target = self.breakables.iter().rposition(|it| it.is_loop || !is_continue);
        let state = self.through_finallies(state, target.unwrap_or(0));
        match target.map(|it| &mut self.breakables[it]) {
            Some(target) if is_continue => {
                let before = std::mem::take(&mut target.continues);
                target.continues = before.join(&state);
            }
            Some(target) => {
                let before = std::mem::take(&mut target.breaks);
                target.breaks = before.join(&state);
            }
            None => {
                self.report(flow::nothing_to_leave(span, is_continue));
                return;
            }
        }
        self.flow.stop();
    }

    fn return_stmt(&mut self, span: Span, value: Option<ExprId>) {
        let Some(frame) = self.frames.last() else {
            if let Some(value) = value {
                self.absorb(value);
            }
            return;
        };
        if frame.elements.is_some() {
            return self.return_in_iterator(span, value);
        }
        let (returns, why) = (frame.returns.clone(), frame.why);
        match (returns, value) {
            (Some(Ty::Void), Some(value)) => {
                let ty = if self.needs_expectation(value) {
                    self.absorb(value);
                    Ty::Error
                } else {
                    self.infer(value, None)
                };
                if !ty.is_error() {
                    let problem = flow::returns_nothing(self, value, why);
                    self.report(problem);
                }
            }
            (Some(want), Some(value)) => self.check(value, &want, why),
            (Some(Ty::Void | Ty::Error), None) => {}
            (Some(want), None) => {
                let problem = flow::return_without_value(self, span, &want, why);
                self.report(problem);
            }
            (None, Some(value)) => {
                let ty = self.value(value);
                if let Some(frame) = self.frames.last_mut() {
                    frame.values.push((value, ty));
                }
            }
            (None, None) => {}
        }
        let state = self.flow.state.clone();
        if let Some(frame) = self.frames.last_mut() {
            let before = std::mem::take(&mut frame.exits);
            frame.exits = before.join(&state);
        }
        self.flow.stop();
    }

    /// What is known of a local function; its body is checked when it is first asked for.
    pub(super) fn local_fn_facts(&mut self, id: LocalFnId) -> LocalFnFacts {
        if let Some(known) = self.local_fns.get(&id) {
            // A recursive call adds nothing to what the body itself does.
            return known.clone().unwrap_or_default();
        }
        self.local_fns.insert(id, None);
        let declared = &self.body.local_fns[id];
        for local in &declared.params {
            let ty = self.body.locals[*local].declared.clone();
            self.out.locals.insert(*local, ty.unwrap_or(Ty::Error));
        }
        for (at, default) in declared.defaults.iter().enumerate() {
            let Some(default) = *default else { continue };
            let ty = self.body.locals[declared.params[at]].declared.clone();
            let why = Why::LocalFnParam(id, at);
            self.constant_expr(default, &ty.unwrap_or(Ty::Error), why);
        }
        let why = Why::Returns(declared.name.span);
        let outside = self.flow.state.clone();
        let warned = self.flow.warned;
        let needs = self.needs.replace(Vec::new());
        let breakables = std::mem::take(&mut self.breakables);
        let handling = std::mem::take(&mut self.handling);
        let constructor = self.constructor.take();
        let tracked = self.flow.unassigned();
        // A function may stand behind a `return`, and be called before it.
        self.flow.state.dead = false;
        let code = Code {
            root: &declared.body,
            returns: &declared.returns,
            iterator: declared.iterator,
        };
        let end = self.code(&code, why, declared.name.span);
        let assigns =
            tracked.into_iter().filter(|it| self.flow.holds(&end, *it)).collect();
        self.breakables = breakables;
        self.handling = handling;
        self.constructor = constructor;
        let found = std::mem::replace(&mut self.needs, needs).unwrap_or_default();
        self.flow.state = outside;
        self.flow.warned = warned;
        let needs = found.into_iter().filter(|it| !self.is_inside_fn(*it, id)).collect();
        let facts = LocalFnFacts { needs, assigns };
        self.local_fns.insert(id, Some(facts.clone()));
        facts
    }

    fn is_inside_fn(&self, local: LocalId, id: LocalFnId) -> bool {
        self.body.locals[local].local_fn == Some(id)
    }

    /// Checks the code of a method, constructor or local function; gives the facts that
    /// hold wherever it is left.
    pub(super) fn code(&mut self, code: &Code<'p, '_>, why: Why, name: Span) -> State {
        let returns = code.returns;
        let elements = code.iterator.then(|| self.elements(returns, why, name));
        self.frames.push(Frame {
            returns: Some(returns.clone()),
            why,
            values: Vec::new(),
            exits: State::unreachable(),
            elements,
            constructor: self.constructor.is_some() && self.frames.is_empty(),
            lost: false,
        });
        match code.root {
            Root::Block(block) => {
                self.block(block);
                let lost = self.frames.last().is_some_and(|it| it.lost);
                let ends = self.flow.state.dead || lost || code.iterator;
                if !ends && !matches!(returns, Ty::Void | Ty::Error) {
                    let problem = flow::missing_return(self, block, returns, why, name);
                    self.report(problem);
                }
            }
            Root::Expr(expr) if *returns == Ty::Void => self.expr_stmt(*expr),
            Root::Expr(expr) => self.check(*expr, returns, why),
        }
        self.flow.split = None;
        let frame = self.frames.pop().expect("pushed above");
        self.flow.state.clone().join(&frame.exits)
    }

    /// A statement that is a network: its results, if any, are lost.
    fn network_stmt(&mut self, expr: ExprId) {
        let Some(network) = self.network(expr) else { return };
        let lost = network.results.is_some()
            && network.reply.is_none()
            && !network.through_point;
        if lost {
            let results = network.results.clone().unwrap_or(Ty::Error);
            self.results_unused(expr, &results);
        }
    }
}
