//! Statements of the dump, a line each. Expressions are in `expr`.

use super::ty_text;
use crate::hir::body::{
    Binding, Block, Body, Catch, LocalKind, ReceiveCaseKind, Root, Stmt, StmtKind,
    SwitchLabel, TuplePattern, TuplePatternPart,
};
use crate::hir::{BodyId, LocalId, Program};
use crate::support::dump::Dump;

/// A body that is one expression, as text.
pub(super) fn expr_root(program: &Program, id: BodyId) -> String {
    let Some(body) = program.bodies.get(id) else { return "?".into() };
    match body.root {
        Root::Expr(expr) => Printer::new(program, body).expr(expr),
        Root::Block(_) => "{ … }".into(),
    }
}

/// Prints one body.
pub(super) struct Printer<'p> {
    pub(super) program: &'p Program,
    pub(super) body: &'p Body,
}

impl<'p> Printer<'p> {
    pub(super) fn new(program: &'p Program, body: &'p Body) -> Self {
        Self { program, body }
    }

    pub(super) fn root(&self, root: &Root, dump: &mut Dump) {
        match root {
            Root::Block(block) => self.block(block, dump),
            Root::Expr(expr) => dump.line(format!("=> {}", self.expr(*expr))),
        }
    }

    pub(super) fn block(&self, block: &Block, dump: &mut Dump) {
        for stmt in &block.stmts {
            self.stmt(stmt, dump);
        }
    }

    fn nested(&self, head: String, block: &Block, dump: &mut Dump) {
        dump.nest(head, |dump| self.block(block, dump));
    }

    fn inner(&self, head: String, stmt: &Stmt, dump: &mut Dump) {
        dump.nest(head, |dump| match &stmt.kind {
            StmtKind::Block(block) => self.block(block, dump),
            _ => self.stmt(stmt, dump),
        });
    }

    fn stmt(&self, stmt: &Stmt, dump: &mut Dump) {
        match &stmt.kind {
            StmtKind::Error => dump.line("error"),
            StmtKind::Empty => dump.line(";"),
            StmtKind::Block(block) => self.nested("block".into(), block, dump),
            StmtKind::Local { local, init } => {
                let init =
                    init.map_or(String::new(), |it| format!(" = {}", self.expr(it)));
                dump.line(format!("{}{init}", self.declared(*local)));
            }
            StmtKind::Deconstruct { pattern, value } => {
                dump.line(format!("{} = {}", self.tuple(pattern), self.expr(*value)));
            }
            StmtKind::Using { local, resource, body } => {
                let local =
                    local.map_or(String::new(), |it| format!("{} = ", self.declared(it)));
                let head = format!("using {local}{}", self.expr(*resource));
                self.nested(head, body, dump);
            }
            StmtKind::Expr(expr) => dump.line(self.expr(*expr)),
            StmtKind::If { .. } => self.branches(stmt, dump),
            StmtKind::While { condition, body } => {
                self.inner(format!("while {}", self.expr(*condition)), body, dump);
            }
            StmtKind::DoWhile { body, condition } => {
                self.inner(format!("do while {}", self.expr(*condition)), body, dump);
            }
            StmtKind::For { init, condition, update, body } => {
                for stmt in init {
                    self.stmt(stmt, dump);
                }
                let condition = condition.map_or(String::new(), |it| self.expr(it));
                let update = self.all(update);
                self.inner(format!("for ; {condition}; {update}"), body, dump);
            }
            StmtKind::Foreach { binding, iterable, body } => {
                let binding = self.binding(binding);
                let head = format!("foreach {binding} in {}", self.expr(*iterable));
                self.inner(head, body, dump);
            }
            StmtKind::Switch { subject, sections } => {
                dump.nest(format!("switch {}", self.expr(*subject)), |dump| {
                    for section in sections {
                        let labels: Vec<String> =
                            section.labels.iter().map(|it| self.label(it)).collect();
                        self.nested(labels.join(" "), &section.body, dump);
                    }
                });
            }
            StmtKind::Break => dump.line("break"),
            StmtKind::Continue => dump.line("continue"),
            StmtKind::Return(value) => {
                let value =
                    value.map_or(String::new(), |it| format!(" {}", self.expr(it)));
                dump.line(format!("return{value}"));
            }
            StmtKind::Receive(cases) => dump.nest("receive", |dump| {
                for case in cases {
                    self.nested(self.case(&case.kind), &case.body, dump);
                }
            }),
            StmtKind::Checked { checked, body } => {
                let word = if *checked { "checked" } else { "unchecked" };
                self.nested(word.into(), body, dump);
            }
            StmtKind::Try { body, catches, finally } => {
                self.nested("try".into(), body, dump);
                for catch in catches {
                    self.nested(self.catch(catch), &catch.body, dump);
                }
                if let Some(finally) = finally {
                    self.nested("finally".into(), finally, dump);
                }
            }
            StmtKind::Throw(value) => {
                let value =
                    value.map_or(String::new(), |it| format!(" {}", self.expr(it)));
                dump.line(format!("throw{value}"));
            }
            StmtKind::Yield => dump.line("yield"),
            StmtKind::YieldReturn(expr) => {
                dump.line(format!("yield return {}", self.expr(*expr)));
            }
            StmtKind::YieldBreak => dump.line("yield break"),
            StmtKind::LocalFn(id) => {
                let local_fn = &self.body.local_fns[*id];
                let params: Vec<String> =
                    local_fn.params.iter().map(|it| self.declared(*it)).collect();
                let word = if local_fn.function.is_some() { "function " } else { "" };
                let returns = ty_text(self.program, &local_fn.returns);
                let (name, params) = (&local_fn.name.name, params.join(", "));
                dump.nest(format!("local {word}{returns} {name}({params})"), |dump| {
                    self.root(&local_fn.body, dump);
                });
            }
        }
    }

    /// `if` with all its `else if`, on one level however many there are.
    fn branches(&self, stmt: &Stmt, dump: &mut Dump) {
        let mut word = "if";
        let mut at = stmt;
        while let StmtKind::If { condition, then, otherwise } = &at.kind {
            self.inner(format!("{word} {}", self.expr(*condition)), then, dump);
            let Some(otherwise) = otherwise else { return };
            word = "else if";
            at = otherwise;
        }
        self.inner("else".into(), at, dump);
    }

    fn catch(&self, catch: &Catch) -> String {
        let caught = match (&catch.ty, catch.local) {
            (_, Some(local)) => format!(" {}", self.declared(local)),
            (Some((ty, _)), None) => format!(" {}", ty_text(self.program, ty)),
            (None, None) => String::new(),
        };
        let filter =
            catch.filter.map_or(String::new(), |it| format!(" when {}", self.expr(it)));
        format!("catch{caught}{filter}")
    }

    fn case(&self, kind: &ReceiveCaseKind) -> String {
        match kind {
            ReceiveCaseKind::From { sources, into, guard } => {
                let into = into.as_ref();
                let into = into
                    .map_or(String::new(), |it| format!(" into {}", self.binding(it)));
                let guard =
                    guard.map_or(String::new(), |it| format!(" when {}", self.expr(it)));
                format!("from {}{into}{guard}:", self.all(sources))
            }
            ReceiveCaseKind::Timeout(time) => format!("timeout {}:", self.expr(*time)),
            ReceiveCaseKind::Default => "default:".into(),
        }
    }

    fn label(&self, label: &SwitchLabel) -> String {
        let guard =
            label.guard.map_or(String::new(), |it| format!(" when {}", self.expr(it)));
        match &label.pattern {
            Some(pattern) => format!("case {}{guard}:", self.pattern(pattern)),
            None => "default:".into(),
        }
    }

    pub(super) fn declared(&self, id: LocalId) -> String {
        let local = &self.body.locals[id];
        let ty = match &local.declared {
            Some(ty) => ty_text(self.program, ty),
            None => "var".into(),
        };
        let word = if local.kind == LocalKind::Const { "const " } else { "" };
        format!("{word}{ty} {}", local.name)
    }

    fn binding(&self, binding: &Binding) -> String {
        match binding {
            Binding::Single(local) => self.declared(*local),
            Binding::Tuple(pattern) => self.tuple(pattern),
        }
    }

    fn tuple(&self, pattern: &TuplePattern) -> String {
        let parts: Vec<String> = pattern
            .parts
            .iter()
            .map(|it| match it {
                TuplePatternPart::Local(local) => self.declared(*local),
                TuplePatternPart::Discard(_) => "_".into(),
                TuplePatternPart::Nested(inner) => self.tuple(inner),
            })
            .collect();
        format!("({})", parts.join(", "))
    }
}
