//! Goes over the expressions of a body, in no promised order. It keeps its own stack.

use crate::hir::body::{
    Block, Body, ExprKind, Initializer, InterpolationPart, Pattern, PatternKind,
    ReceiveCaseKind, Root, Stmt, StmtKind,
};
use crate::hir::{ExprId, LambdaId, LocalFnId, LocalId};
use crate::support::span::Span;

/// Calls `each` for every expression below `root`. Code of lambdas is gone into; that of
/// local functions is not.
pub(super) fn expressions(body: &Body, root: &Root, each: &mut dyn FnMut(ExprId)) {
    let mut walk = Walk { body, work: Vec::new(), protected: Vec::new(), each };
    walk.root(root);
    walk.run();
}

/// Local functions declared in `block` itself.
pub(super) fn declared(block: &[Stmt]) -> Vec<LocalFnId> {
    let id = |it: &Stmt| match it.kind {
        StmtKind::LocalFn(id) => Some(id),
        _ => None,
    };
    block.iter().filter_map(id).collect()
}

/// Local functions declared in `block` or in blocks inside it.
pub(super) fn declared_anywhere(block: &[Stmt]) -> Vec<LocalFnId> {
    let mut found = Vec::new();
    let mut work: Vec<&Stmt> = block.iter().collect();
    while let Some(stmt) = work.pop() {
        match &stmt.kind {
            StmtKind::LocalFn(id) => found.push(*id),
            StmtKind::Block(block)
            | StmtKind::Checked { body: block, .. }
            | StmtKind::Using { body: block, .. } => work.extend(&block.stmts),
            StmtKind::If { then, otherwise, .. } => {
                work.push(then);
                work.extend(otherwise.as_deref());
            }
            StmtKind::While { body, .. }
            | StmtKind::DoWhile { body, .. }
            | StmtKind::For { body, .. }
            | StmtKind::Foreach { body, .. } => work.push(body),
            StmtKind::Switch { sections, .. } => {
                work.extend(sections.iter().flat_map(|it| &it.body.stmts));
            }
            StmtKind::Try { body, catches, finally } => {
                work.extend(&body.stmts);
                work.extend(catches.iter().flat_map(|it| &it.body.stmts));
                work.extend(finally.iter().flat_map(|it| &it.stmts));
            }
            StmtKind::Receive(cases) => {
                work.extend(cases.iter().flat_map(|it| &it.body.stmts));
            }
            _ => {}
        }
    }
    found
}

/// Assignments to locals, by their offset.
pub(super) fn assigned(body: &Body) -> Vec<(u32, LocalId)> {
    let mut found = Vec::new();
    for expr in body.exprs.iter() {
        let ExprKind::Assign { target, .. } = expr.kind else { continue };
        let mut targets = vec![target];
        while let Some(target) = targets.pop() {
            match &body.exprs[target].kind {
                ExprKind::Local(local) => found.push((expr.span.lo, *local)),
                ExprKind::Tuple(parts) => targets.extend(parts.iter().map(|it| it.1)),
                _ => {}
            }
        }
    }
    found
}

/// The parts of a body that a `finally` or the end of a `using` stands behind.
pub(super) fn protected(body: &Body) -> Vec<Span> {
    let roots = body.local_fns.iter().map(|it| &it.body);
    let mut found = Vec::new();
    for root in std::iter::once(&body.root).chain(roots) {
        let mut each = |_| {};
        let mut walk =
            Walk { body, work: Vec::new(), protected: Vec::new(), each: &mut each };
        walk.root(root);
        walk.run();
        found.extend(walk.protected);
    }
    found
}

struct Walk<'b, 'e> {
    body: &'b Body,
    work: Vec<Part<'b>>,
    protected: Vec<Span>,
    each: &'e mut dyn FnMut(ExprId),
}

enum Part<'b> {
    Expr(ExprId),
    Stmt(&'b Stmt),
    Pattern(&'b Pattern),
}

impl<'b> Walk<'b, '_> {
    fn run(&mut self) {
        while let Some(part) = self.work.pop() {
            match part {
                Part::Expr(id) => {
                    (self.each)(id);
                    self.expr(id);
                }
                Part::Stmt(stmt) => self.stmt(stmt),
                Part::Pattern(pattern) => self.pattern(pattern),
            }
        }
    }

    fn root(&mut self, root: &'b Root) {
        match root {
            Root::Block(block) => self.block(block),
            Root::Expr(id) => self.work.push(Part::Expr(*id)),
        }
    }

    fn lambda(&mut self, id: LambdaId) {
        self.root(&self.body.lambdas[id].body);
    }

    fn block(&mut self, block: &'b Block) {
        self.work.extend(block.stmts.iter().map(Part::Stmt));
    }

    fn push(&mut self, ids: impl IntoIterator<Item = ExprId>) {
        self.work.extend(ids.into_iter().map(Part::Expr));
    }

    fn stmt(&mut self, stmt: &'b Stmt) {
        match &stmt.kind {
            StmtKind::Error
            | StmtKind::Empty
            | StmtKind::Break
            | StmtKind::Continue
            | StmtKind::Yield
            | StmtKind::YieldBreak
            | StmtKind::LocalFn(_) => {}
            StmtKind::Block(block) | StmtKind::Checked { body: block, .. } => {
                self.block(block);
            }
            StmtKind::Local { init, .. } => self.push(*init),
            StmtKind::Deconstruct { value, .. } => self.push([*value]),
            StmtKind::Using { resource, body, .. } => {
                self.push([*resource]);
                self.protected.push(stmt.span);
                self.block(body);
            }
            StmtKind::Expr(id) | StmtKind::YieldReturn(id) => self.push([*id]),
            StmtKind::Return(value) | StmtKind::Throw(value) => self.push(*value),
            StmtKind::Try { body, catches, finally } => {
                self.block(body);
                for catch in catches {
                    self.push(catch.filter);
                    self.block(&catch.body);
                }
                if let Some(finally) = finally {
                    let last = catches.last().map_or(body.span, |it| it.span);
                    self.protected.push(body.span.to(last));
                    self.block(finally);
                }
            }
            StmtKind::If { condition, then, otherwise } => {
                self.push([*condition]);
                self.work.push(Part::Stmt(then));
                self.work.extend(otherwise.as_deref().map(Part::Stmt));
            }
            StmtKind::While { condition, body }
            | StmtKind::DoWhile { body, condition } => {
                self.push([*condition]);
                self.work.push(Part::Stmt(body));
            }
            StmtKind::For { init, condition, update, body } => {
                self.work.extend(init.iter().map(Part::Stmt));
                self.push(condition.iter().chain(update).copied());
                self.work.push(Part::Stmt(body));
            }
            StmtKind::Foreach { iterable, body, .. } => {
                self.push([*iterable]);
                self.work.push(Part::Stmt(body));
            }
            StmtKind::Switch { subject, sections } => {
                self.push([*subject]);
                for section in sections {
                    for label in &section.labels {
                        self.work.extend(label.pattern.as_ref().map(Part::Pattern));
                        self.push(label.guard);
                    }
                    self.block(&section.body);
                }
            }
            StmtKind::Receive(cases) => {
                for case in cases {
                    match &case.kind {
                        ReceiveCaseKind::From { sources, guard, .. } => {
                            self.push(sources.iter().chain(guard).copied());
                        }
                        ReceiveCaseKind::Timeout(time) => self.push([*time]),
                        ReceiveCaseKind::Default => {}
                    }
                    self.block(&case.body);
                }
            }
        }
    }

    fn pattern(&mut self, pattern: &'b Pattern) {
        match &pattern.kind {
            PatternKind::Constant(id) | PatternKind::Relational { value: id, .. } => {
                self.push([*id]);
            }
            PatternKind::Case { args, constant, .. } => {
                self.work.extend(args.iter().flatten().map(Part::Pattern));
                self.push(*constant);
            }
            PatternKind::Tuple(parts) => {
                self.work.extend(parts.iter().map(Part::Pattern))
            }
            PatternKind::Properties { fields, .. } => {
                self.work.extend(fields.iter().map(|it| Part::Pattern(&it.1)));
            }
            PatternKind::Or(a, b) | PatternKind::And(a, b) => {
                self.work.extend([Part::Pattern(a), Part::Pattern(b)]);
            }
            PatternKind::Not(inner) => self.work.push(Part::Pattern(inner)),
            PatternKind::Error
            | PatternKind::Wildcard
            | PatternKind::Var(_)
            | PatternKind::NonNull(_)
            | PatternKind::Typed { .. }
            | PatternKind::Null => {}
        }
    }

    fn expr(&mut self, id: ExprId) {
        match &self.body.exprs[id].kind {
            ExprKind::Interpolated(parts) => {
                for part in parts {
                    if let InterpolationPart::Hole { value, .. } = part {
                        self.push([*value]);
                    }
                }
            }
            ExprKind::Member { base: a, .. }
            | ExprKind::Port { base: a, .. }
            | ExprKind::NewArray { size: a, .. }
            | ExprKind::Unary { operand: a, .. }
            | ExprKind::Increment { operand: a, .. }
            | ExprKind::Cast { operand: a, .. }
            | ExprKind::NonNull(a)
            | ExprKind::Throw(a)
            | ExprKind::Checked { operand: a, .. }
            | ExprKind::FromEnd(a)
            | ExprKind::CreateIn { domain: a, .. } => self.push([*a]),
            ExprKind::Index { base, args, .. } => {
                self.push([*base]);
                self.push(args.iter().copied());
            }
            ExprKind::Call { callee, args, .. } => {
                self.push([*callee]);
                self.push(args.iter().map(|it| it.value));
            }
            ExprKind::New { args, init, .. } => {
                self.push(args.iter().map(|it| it.value));
                match init {
                    Some(Initializer::Fields(fields)) => {
                        self.push(fields.iter().map(|it| it.1));
                    }
                    Some(Initializer::Items(items)) => self.push(items.iter().copied()),
                    Some(Initializer::Pairs(pairs)) => {
                        self.push(pairs.iter().flat_map(|it| [it.0, it.1]));
                    }
                    None => {}
                }
            }
            ExprKind::NewArrayInit { items, .. } | ExprKind::Vector(items) => {
                self.push(items.iter().copied());
            }
            ExprKind::Tuple(parts) => self.push(parts.iter().map(|it| it.1)),
            ExprKind::Binary { left: a, right: b, .. }
            | ExprKind::Coalesce { left: a, right: b }
            | ExprKind::Assign { target: a, value: b, .. }
            | ExprKind::Send { target: a, value: b }
            | ExprKind::Network { left: a, right: b, .. } => self.push([*a, *b]),
            ExprKind::Conditional { condition, then, otherwise } => {
                self.push([*condition, *then, *otherwise]);
            }
            ExprKind::Is { operand, pattern } => {
                self.push([*operand]);
                self.work.push(Part::Pattern(pattern));
            }
            ExprKind::With { operand, fields } => {
                self.push([*operand]);
                self.push(fields.iter().map(|it| it.1));
            }
            ExprKind::Switch { subject, arms } => {
                self.push([*subject]);
                for arm in arms {
                    self.work.push(Part::Pattern(&arm.pattern));
                    self.push(arm.guard);
                    self.push([arm.value]);
                }
            }
            ExprKind::Lambda(lambda) => self.lambda(*lambda),
            ExprKind::Range { from, to } => self.push(from.iter().chain(to).copied()),
            ExprKind::Receive { source, timeout } => {
                self.push([*source]);
                self.push(*timeout);
            }
            _ => {}
        }
    }
}
