//! The path on which a local stays unassigned, for the report of its use: the last
//! construct before the use that assigns it on some of its ways only. What may be used is
//! decided by `flow`; here nothing is.

use super::cx::Cx;
use super::tables::Constant;
use crate::hir::body::{BinaryOp, Block, Catch, ExprKind, Root, Stmt, StmtKind};
use crate::hir::*;
use crate::support::span::Span;

/// Where a path avoids the assignment, and what to say of it.
#[derive(Clone, Debug)]
pub(super) struct Detour {
    pub(super) span: Span,
    pub(super) text: String,
}

/// What a statement does to the local.
enum Way {
    /// Control that gets behind it has assigned the local.
    Assigned,
    /// Control does not get behind it.
    Stops,
    /// Some way through does not assign it, though another one may.
    Avoids(Option<Detour>),
}

struct Search<'c, 'p> {
    cx: &'c Cx<'p>,
    local: LocalId,
    name: &'p str,
    /// The use.
    span: Span,
    found: Option<Detour>,
}

impl Cx<'_> {
    /// How control gets to this use of the local without a value.
    pub(super) fn detour(&self, local: LocalId, span: Span) -> Option<Detour> {
        let name = &*self.body.locals[local].name;
        let mut search = Search { cx: self, local, name, span, found: None };
        search.root(&self.body.root);
        search.found
    }
}

fn holds(outer: Span, inner: Span) -> bool {
    outer.lo <= inner.lo && inner.hi <= outer.hi
}

impl<'p> Search<'_, 'p> {
    fn root(&mut self, root: &'p Root) {
        if let Root::Block(block) = root {
            self.before(block);
        }
    }

    /// Goes through the statements before the use, and into the one that holds it.
    fn before(&mut self, block: &'p Block) {
        for stmt in &block.stmts {
            if holds(stmt.span, self.span) {
                return self.inside(stmt);
            }
            if stmt.span.lo > self.span.lo {
                return;
            }
            if let Way::Avoids(Some(detour)) = self.way(stmt) {
                self.found = Some(detour);
            }
        }
    }

    fn inside(&mut self, stmt: &'p Stmt) {
        match &stmt.kind {
            StmtKind::Block(block)
            | StmtKind::Checked { body: block, .. }
            | StmtKind::Using { body: block, .. } => self.before(block),
            StmtKind::If { condition, then, otherwise } => {
                self.condition(*condition);
                for branch in [Some(then), otherwise.as_ref()].into_iter().flatten() {
                    if holds(branch.span, self.span) {
                        self.inside(branch);
                    }
                }
            }
            StmtKind::While { condition, body } => {
                self.condition(*condition);
                self.inside(body);
            }
            StmtKind::DoWhile { body, condition } => {
                if !holds(body.span, self.span)
                    && let Way::Avoids(Some(detour)) = self.way(body)
                {
                    self.found = Some(detour);
                }
                self.condition(*condition);
                self.inside(body);
            }
            StmtKind::For { body, .. } | StmtKind::Foreach { body, .. } => {
                self.inside(body);
            }
            StmtKind::Switch { sections, .. } => {
                for section in sections {
                    if holds(section.body.span, self.span) {
                        self.before(&section.body);
                    }
                }
            }
            StmtKind::Try { body, catches, finally } => {
                let blocks = catches.iter().map(|it| &it.body).chain(finally);
                let span = self.span;
                for block in blocks.filter(|it| holds(it.span, span)) {
                    if self.assigns(body.span) {
                        self.found = self.thrown(body.span);
                    }
                    self.before(block);
                }
                if holds(body.span, self.span) {
                    self.before(body);
                }
            }
            StmtKind::LocalFn(id) => self.root(&self.cx.body.local_fns[*id].body),
            StmtKind::Expr(expr) => self.condition(*expr),
            _ => {}
        }
    }

    /// An operand that is not always evaluated, before the use.
    fn condition(&mut self, expr: ExprId) {
        if let Way::Avoids(Some(detour)) = self.expr(expr) {
            self.found = Some(detour);
        }
    }

    fn way(&self, stmt: &'p Stmt) -> Way {
        match &stmt.kind {
            StmtKind::Return(_)
            | StmtKind::Throw(_)
            | StmtKind::Break
            | StmtKind::Continue => {
                return Way::Stops;
            }
            _ if !self.assigns(stmt.span) => return Way::Avoids(None),
            _ => {}
        }
        match &stmt.kind {
            StmtKind::Expr(expr) => self.expr(*expr),
            StmtKind::Local { init: Some(init), .. } => self.expr(*init),
            StmtKind::Block(block)
            | StmtKind::Checked { body: block, .. }
            | StmtKind::Using { body: block, .. } => self.block(block),
            StmtKind::If { condition, then, otherwise } => {
                self.branches(*condition, then, otherwise.as_deref())
            }
            StmtKind::While { condition, body } => match self.expr(*condition) {
                Way::Assigned => Way::Assigned,
                _ => self.may_not_run(*condition, body),
            },
            StmtKind::For { condition: Some(condition), body, .. } => {
                self.may_not_run(*condition, body)
            }
            StmtKind::For { condition: None, body, .. } => Way::Avoids(self.left(body)),
            StmtKind::Foreach { iterable, body, .. } => self.may_not_run(*iterable, body),
            StmtKind::DoWhile { body, .. } => self.way(body),
            StmtKind::Switch { subject, sections } => {
                let mut any = false;
                for section in sections {
                    match self.block(&section.body) {
                        Way::Avoids(detour) => {
                            let span =
                                section.labels.first().map_or(section.span, |it| it.span);
                            return Way::Avoids(
                                detour.or(self.detour(span, "this case does not assign")),
                            );
                        }
                        _ => any = true,
                    }
                }
                if any && self.cx.out.exhaustive.contains(&stmt.span) {
                    return Way::Assigned;
                }
                let span = self.cx.span(*subject);
                Way::Avoids(self.detour(span, "where no case matches, nothing assigns"))
            }
            StmtKind::Try { body, catches, finally } => {
                self.attempt(body, catches, finally.as_ref())
            }
            _ => Way::Avoids(None),
        }
    }

    fn attempt(
        &self,
        body: &'p Block,
        catches: &'p [Catch],
        finally: Option<&'p Block>,
    ) -> Way {
        if finally.is_some_and(|it| matches!(self.block(it), Way::Assigned)) {
            return Way::Assigned;
        }
        let way = self.block(body);
        for catch in catches {
            if let Way::Avoids(detour) = self.block(&catch.body) {
                let text = "where this is caught, nothing assigns";
                return Way::Avoids(detour.or(self.detour(catch.head(), text)));
            }
        }
        way
    }

    /// An exception leaves the block before the assignment.
    fn thrown(&self, body: Span) -> Option<Detour> {
        let span = Span { hi: body.lo + 1, ..body };
        self.detour(span, "an exception may leave this block before it assigns")
    }

    fn block(&self, block: &'p Block) -> Way {
        let mut last = None;
        for stmt in &block.stmts {
            match self.way(stmt) {
                Way::Avoids(detour) => last = detour.or(last),
                // A `break` at the end of a section gets behind the switch.
                Way::Stops if matches!(stmt.kind, StmtKind::Break) => {
                    return Way::Avoids(last);
                }
                other => return other,
            }
        }
        Way::Avoids(last)
    }

    fn branches(
        &self,
        condition: ExprId,
        then: &'p Stmt,
        otherwise: Option<&'p Stmt>,
    ) -> Way {
        if let Way::Assigned = self.expr(condition) {
            return Way::Assigned;
        }
        let span = self.cx.span(condition);
        let if_true = self.way(then);
        let Some(otherwise) = otherwise else {
            return match if_true {
                Way::Avoids(Some(detour)) => Way::Avoids(Some(detour)),
                _ => Way::Avoids(self.detour(span, "if this is false, nothing assigns")),
            };
        };
        match (if_true, self.way(otherwise)) {
            (Way::Avoids(detour), _) => Way::Avoids(
                detour.or(self.detour(span, "if this is true, nothing assigns")),
            ),
            (_, Way::Avoids(detour)) => Way::Avoids(
                detour.or(self.detour(span, "if this is false, nothing assigns")),
            ),
            (Way::Stops, Way::Stops) => Way::Stops,
            _ => Way::Assigned,
        }
    }

    fn may_not_run(&self, condition: ExprId, body: &'p Stmt) -> Way {
        match self.way(body) {
            _ if self.cx.constant(condition) == Some(&Constant::Bool(true)) => {
                Way::Avoids(self.left(body))
            }
            Way::Avoids(Some(detour)) => Way::Avoids(Some(detour)),
            _ => {
                let span = self.cx.span(condition);
                let text = "if the loop does not run once, nothing assigns";
                Way::Avoids(self.detour(span, text))
            }
        }
    }

    /// The `break` that leaves a loop before the local is assigned in it.
    fn left(&self, body: &'p Stmt) -> Option<Detour> {
        match &body.kind {
            StmtKind::Break => {
                self.detour(body.span, "leaves the loop before it assigns")
            }
            StmtKind::Block(block) | StmtKind::Checked { body: block, .. } => {
                for stmt in &block.stmts {
                    if let Some(found) = self.left(stmt) {
                        return Some(found);
                    }
                    if !matches!(self.way(stmt), Way::Avoids(_)) {
                        return None;
                    }
                }
                None
            }
            StmtKind::If { then, otherwise, .. } => {
                let otherwise = otherwise.as_ref();
                self.left(then).or_else(|| otherwise.and_then(|it| self.left(it)))
            }
            _ => None,
        }
    }

    fn expr(&self, expr: ExprId) -> Way {
        let span = self.cx.span(expr);
        if !self.assigns(span) {
            return Way::Avoids(None);
        }
        let (first, rest, text) = match self.cx.kind(expr) {
            ExprKind::Binary { op: BinaryOp::And, left, right } => {
                (*left, *right, "if this is false, nothing assigns")
            }
            ExprKind::Binary { op: BinaryOp::Or, left, right } => {
                (*left, *right, "if this is true, nothing assigns")
            }
            ExprKind::Coalesce { left, right } => {
                (*left, *right, "if this is not null, nothing assigns")
            }
            ExprKind::Conditional { condition, then, .. } => {
                if self.assigns(self.cx.span(*condition)) {
                    return Way::Assigned;
                }
                let holds = self.assigns(self.cx.span(*then));
                let truth = if holds { "false" } else { "true" };
                let text = format!("if this is {truth}, nothing assigns");
                return Way::Avoids(self.detour(self.cx.span(*condition), &text));
            }
            ExprKind::Lambda(_) => return Way::Avoids(None),
            _ => return Way::Assigned,
        };
        if let Way::Assigned = self.expr(first) {
            return Way::Assigned;
        }
        // The use may stand in the operand itself.
        if holds(self.cx.span(rest), self.span) {
            return Way::Avoids(None);
        }
        Way::Avoids(self.detour(self.cx.span(first), text))
    }

    fn assigns(&self, span: Span) -> bool {
        self.cx.flow.assigned_within(self.local, span)
    }

    #[expect(clippy::unnecessary_wraps, reason = "all callers want it so")]
    fn detour(&self, span: Span, text: &str) -> Option<Detour> {
        Some(Detour { span, text: format!("{text} `{}`", self.name) })
    }
}
