//! Statements. Control flow is not checked; `types` does.

use std::collections::BTreeMap;

use super::BodyCx;
use super::env::Target;
use crate::hir::LocalFnId;
use crate::hir::body::{
    Binding, Block, ExprKind, LocalFn, LocalKind, Root, Stmt, StmtKind, SwitchLabel,
    SwitchSection,
};
use crate::hir::ty::Ty;
use crate::resolve::modifiers::{self, find};
use crate::resolve::{errors, types};
use crate::support::span::Span;
use crate::syntax::ast::{self, MethodBody, ModifierKind};

impl<'a> BodyCx<'_, 'a> {
    /// A block with a scope of its own.
    pub(super) fn block(&mut self, block: &'a ast::Block) -> Block {
        self.scoped(|this| Block { span: block.span, stmts: this.stmts(&block.stmts) })
    }

    /// Statements in the current scope; local functions are known from the start.
    pub(super) fn stmts(&mut self, list: &'a [ast::Stmt]) -> Vec<Stmt> {
        let mut declared = Vec::new();
        for stmt in list {
            if let ast::StmtKind::LocalFunction { modifiers, method } = &stmt.kind {
                declared.push(self.declare_local_fn(modifiers, method));
            }
        }
        let mut out = Vec::with_capacity(list.len());
        let mut declared = declared.into_iter();
        self.stmts_into(list, &mut declared, &mut out);
        out
    }

    fn stmts_into(
        &mut self,
        list: &'a [ast::Stmt],
        declared: &mut std::vec::IntoIter<LocalFnId>,
        out: &mut Vec<Stmt>,
    ) {
        for (index, stmt) in list.iter().enumerate() {
            match &stmt.kind {
                // Lasts to the end of the block, so the rest of it is its body.
                ast::StmtKind::UsingVar { ty, declarators } => {
                    let rest = &list[index + 1..];
                    let used = self.using_locals(stmt.span, ty, declarators, |this| {
                        let mut stmts = Vec::new();
                        this.stmts_into(rest, declared, &mut stmts);
                        let span = rest.last().map_or(stmt.span.end(), |it| it.span);
                        Block { span: stmt.span.end().to(span), stmts }
                    });
                    out.push(used);
                    return;
                }
                ast::StmtKind::LocalFunction { method, .. } => {
                    if let Some(id) = declared.next() {
                        self.local_fn(id, method);
                        out.push(Stmt { span: stmt.span, kind: StmtKind::LocalFn(id) });
                    }
                }
                _ => self.stmt_into(stmt, out),
            }
        }
    }

    /// One statement, which may become several.
    fn stmt_into(&mut self, stmt: &'a ast::Stmt, out: &mut Vec<Stmt>) {
        if stmt.attributes.is_empty() {
            return self.bare_stmt_into(stmt, out);
        }
        let before = out.len();
        self.bare_stmt_into(stmt, out);
        self.stmt_attributes(stmt, &out[before..]);
    }

    /// One statement without the attributes before it.
    fn bare_stmt_into(&mut self, stmt: &'a ast::Stmt, out: &mut Vec<Stmt>) {
        if let ast::StmtKind::Local { constant, ty, declarators } = &stmt.kind {
            let kind = if *constant { LocalKind::Const } else { LocalKind::Variable };
            self.locals(stmt.span, kind, ty, declarators, out);
            return;
        }
        if let ast::StmtKind::Deconstruct { pattern, value } = &stmt.kind {
            let value = self.expr(value);
            let mut assigned = Vec::new();
            let pattern = self.targets(pattern, &mut assigned);
            let kind = StmtKind::Deconstruct { pattern, value };
            out.push(Stmt { span: stmt.span, kind });
            for (name, local) in assigned {
                let target = self.name_value(name);
                let value = self.push(name.span, ExprKind::Local(local));
                let assign = ExprKind::Assign { target, op: None, value };
                let kind = StmtKind::Expr(self.push(name.span, assign));
                out.push(Stmt { span: name.span, kind });
            }
            return;
        }
        let kind = self.stmt_kind(stmt);
        out.push(Stmt { span: stmt.span, kind });
    }

    fn locals(
        &mut self,
        span: Span,
        kind: LocalKind,
        ty: &'a ast::Type,
        declarators: &'a [ast::Declarator],
        out: &mut Vec<Stmt>,
    ) {
        let ty = types::local(self.cx, self.scope, ty);
        let several = declarators.len() > 1;
        for declarator in declarators {
            let name = &declarator.name;
            // The name is in scope behind its own value.
            let n_problems = self.cx.problems.len();
            let init = declarator.init.as_ref().map(|it| self.expr(it));
            let wrong = n_problems < self.cx.problems.len() || ty == Some(Ty::Error);
            if init.is_none() && kind == LocalKind::Const {
                self.report(errors::const_without_value(name));
            }
            let local = self.bind(name, kind, ty.clone());
            self.locals[local].bare = init.is_none();
            // That the local is unused may follow from what was reported.
            self.used[local.0 as usize] |= wrong;
            if let Some(ExprKind::New { ty: Some(Ty::Domain(domain, _)), .. }) =
                init.map(|it| &self.exprs[it].kind)
            {
                self.domains.insert(local, *domain);
            }
            let own =
                declarator.init.as_ref().map_or(name.span, |it| name.span.to(it.span));
            let span = if several { own } else { span };
            out.push(Stmt { span, kind: StmtKind::Local { local, init } });
        }
    }

    /// The statement that another one governs: a block if it declares something.
    fn nested(&mut self, stmt: &'a ast::Stmt) -> Box<Stmt> {
        let mut stmts = self.scoped(|this| this.stmts(std::slice::from_ref(stmt)));
        let declares = matches!(
            stmts.first().map(|it| &it.kind),
            Some(StmtKind::Local { .. } | StmtKind::LocalFn(_))
        );
        if stmts.len() == 1 && !declares {
            return Box::new(stmts.remove(0));
        }
        let block = Block { span: stmt.span, stmts };
        Box::new(Stmt { span: stmt.span, kind: StmtKind::Block(block) })
    }

    /// Like `nested`, but always a block.
    fn nested_block(&mut self, stmt: &'a ast::Stmt) -> Block {
        match &stmt.kind {
            ast::StmtKind::Block(block) => self.block(block),
            _ => self.scoped(|this| Block {
                span: stmt.span,
                stmts: this.stmts(std::slice::from_ref(stmt)),
            }),
        }
    }

    fn stmt_kind(&mut self, stmt: &'a ast::Stmt) -> StmtKind {
        match &stmt.kind {
            ast::StmtKind::Empty => StmtKind::Empty,
            ast::StmtKind::Block(block) => StmtKind::Block(self.block(block)),
            ast::StmtKind::Expr(expr) => StmtKind::Expr(self.expr(expr)),
            ast::StmtKind::If { condition, then, otherwise } => {
                let condition = self.expr(condition);
                let then = self.nested(then);
                let otherwise = otherwise.as_ref().map(|it| self.nested(it));
                StmtKind::If { condition, then, otherwise }
            }
            ast::StmtKind::Break => StmtKind::Break,
            ast::StmtKind::Continue => StmtKind::Continue,
            ast::StmtKind::Return(value) => {
                StmtKind::Return(value.as_ref().map(|it| self.expr(it)))
            }
            ast::StmtKind::Checked { checked, body } => {
                StmtKind::Checked { checked: *checked, body: self.block(body) }
            }
            ast::StmtKind::Try { body, catches, finally } => {
                self.try_kind(body, catches, finally.as_ref())
            }
            ast::StmtKind::Throw(value) => self.throw_kind(value.as_ref()),
            ast::StmtKind::Yield => StmtKind::Yield,
            ast::StmtKind::YieldReturn(value) => self.yield_return(stmt.span, value),
            ast::StmtKind::YieldBreak => self.yield_break(stmt.span),
            ast::StmtKind::Receive(cases) => {
                StmtKind::Receive(cases.iter().map(|it| self.receive_case(it)).collect())
            }
            ast::StmtKind::Switch { subject, sections } => {
                let subject = self.expr(subject);
                let sections = self
                    .scoped(|this| sections.iter().map(|it| this.section(it)).collect());
                StmtKind::Switch { subject, sections }
            }
            ast::StmtKind::Using { resource, body } => {
                self.using(stmt.span, resource, body)
            }
            ast::StmtKind::While { .. }
            | ast::StmtKind::DoWhile { .. }
            | ast::StmtKind::For { .. }
            | ast::StmtKind::Foreach { .. } => self.loop_kind(stmt),
            ast::StmtKind::Error => {
                self.incomplete = true;
                StmtKind::Error
            }
            ast::StmtKind::Local { .. }
            | ast::StmtKind::LocalFunction { .. }
            | ast::StmtKind::UsingVar { .. } => {
                unreachable!("handled with the statements around")
            }
            _ => self.unsupported(stmt),
        }
    }

    fn loop_kind(&mut self, stmt: &'a ast::Stmt) -> StmtKind {
        self.scoped(|this| match &stmt.kind {
            ast::StmtKind::While { condition, body } => {
                let condition = this.expr(condition);
                StmtKind::While { condition, body: this.nested(body) }
            }
            ast::StmtKind::DoWhile { body, condition } => {
                let body = this.nested(body);
                StmtKind::DoWhile { body, condition: this.expr(condition) }
            }
            ast::StmtKind::For { init, condition, update, body } => {
                let init = this.stmts(init);
                let condition = condition.as_ref().map(|it| this.expr(it));
                let update = update.iter().map(|it| this.expr(it)).collect();
                StmtKind::For { init, condition, update, body: this.nested(body) }
            }
            ast::StmtKind::Foreach { binding, iterable, body } => {
                let iterable = this.expr(iterable);
                let binding = match binding {
                    ast::ForeachBinding::Single { ty, name } => {
                        let ty = types::local(this.cx, this.scope, ty);
                        Binding::Single(this.bind(name, LocalKind::Foreach, ty))
                    }
                    ast::ForeachBinding::Tuple(pattern) => {
                        Binding::Tuple(this.tuple_pattern(pattern, LocalKind::Foreach))
                    }
                };
                StmtKind::Foreach { binding, iterable, body: this.nested(body) }
            }
            _ => unreachable!("only loops come here"),
        })
    }

    fn using(
        &mut self,
        span: Span,
        resource: &'a ast::UsingResource,
        body: &'a ast::Stmt,
    ) -> StmtKind {
        match resource {
            ast::UsingResource::Expr(expr) => {
                let resource = self.expr(expr);
                let body = self.nested_block(body);
                StmtKind::Using { local: None, resource, body }
            }
            ast::UsingResource::Local { ty, declarators } => self.scoped(|this| {
                this.using_locals(span, ty, declarators, |this| this.nested_block(body))
                    .kind
            }),
        }
    }

    /// `using` of one or several locals around `body`, the last one innermost.
    fn using_locals(
        &mut self,
        span: Span,
        ty: &'a ast::Type,
        declarators: &'a [ast::Declarator],
        body: impl FnOnce(&mut Self) -> Block,
    ) -> Stmt {
        let ty = types::local(self.cx, self.scope, ty);
        let mut locals = Vec::with_capacity(declarators.len());
        for declarator in declarators {
            let name = &declarator.name;
            let resource = match &declarator.init {
                Some(init) => self.expr(init),
                None => {
                    self.report(errors::using_without_value(name));
                    self.error(name.span)
                }
            };
            locals.push((self.bind(name, LocalKind::Using, ty.clone()), resource));
        }
        let mut inner = body(self);
        while let Some((local, resource)) = locals.pop() {
            let kind = StmtKind::Using { local: Some(local), resource, body: inner };
            inner = Block { span, stmts: vec![Stmt { span, kind }] };
        }
        match inner.stmts.pop() {
            Some(stmt) => stmt,
            None => Stmt { span, kind: StmtKind::Empty },
        }
    }

    /// Variables of patterns live in their section; locals that its statements declare, in
    /// all sections that follow.
    fn section(&mut self, section: &'a ast::SwitchSection) -> SwitchSection {
        let section = self.scoped(|this| {
            let mut labels = Vec::with_capacity(section.labels.len());
            let mut shared = BTreeMap::new();
            for label in &section.labels {
                let pattern = label.pattern.as_ref();
                let pattern = pattern.map(|it| this.pattern_beside(it, &mut shared));
                let guard = label.guard.as_ref().map(|it| this.expr(it));
                labels.push(SwitchLabel { span: label.span, pattern, guard });
            }
            let stmts = this.stmts(&section.body);
            let body = Block { span: body_span(section.span, &section.body), stmts };
            SwitchSection { span: section.span, labels, body }
        });
        for stmt in &section.body.stmts {
            if let StmtKind::Local { local, .. } = stmt.kind {
                self.env.bind(self.locals[local].name.clone(), Target::Local(local));
                self.of_sections.insert(local);
            }
        }
        section
    }

    /// Makes a local function known in its block.
    fn declare_local_fn(
        &mut self,
        words: &'a [ast::Modifier],
        method: &'a ast::Method,
    ) -> LocalFnId {
        let allowed = [ModifierKind::Function, ModifierKind::Asynchronous];
        modifiers::check(self.cx, words, "a local function", &allowed);
        if let Some(first) = method.type_params.first() {
            let what = "local functions with type parameters are";
            self.report(errors::not_yet(what, first.name.span));
        }
        if let Some(first) = self.env.clash(&method.name.name) {
            let first = match first {
                Target::Local(id) => self.locals[id].span,
                Target::LocalFn(id) => self.local_fns[id].name.span,
            };
            self.report(errors::duplicate("local function", &method.name, Some(first)));
        }
        let returns = types::result(self.cx, self.scope, &method.returns);
        let id = self.local_fns.push(LocalFn {
            name: method.name.clone(),
            function: find(words, ModifierKind::Function),
            asynchronous: find(words, ModifierKind::Asynchronous),
            params: Vec::new(),
            defaults: Vec::new(),
            returns,
            body: Root::Block(Block::default()),
            iterator: false,
        });
        self.env.bind(method.name.name.clone(), Target::LocalFn(id));
        id
    }

    fn local_fn(&mut self, id: LocalFnId, method: &'a ast::Method) {
        let mark = self.env.enter_function();
        let outer = self.local_fn.replace(id);
        let iterator = std::mem::take(&mut self.iterator);
        let around = std::mem::take(&mut self.in_lambda);
        let in_finally = std::mem::take(&mut self.in_finally);
        let mut params = Vec::with_capacity(method.params.len());
        let mut defaults = Vec::with_capacity(method.params.len());
        for param in &method.params {
            let ty = types::value(self.cx, self.scope, &param.ty);
            if let Some(word) = &param.passing {
                self.report(errors::not_in_language(&word.name, word.span));
            }
            defaults.push(param.default.as_ref().map(|it| self.expr(it)));
            params.push(self.bind(&param.name, LocalKind::Param, Some(ty)));
        }
        let body = match &method.body {
            MethodBody::Block(block) => Root::Block(self.block(block)),
            MethodBody::Expr(expr) => Root::Expr(self.value_or_throw(expr)),
            MethodBody::None => {
                self.report(errors::no_body(&method.name));
                self.incomplete = true;
                Root::Expr(self.error(method.name.span))
            }
        };
        self.local_fn = outer;
        let iterates = std::mem::replace(&mut self.iterator, iterator);
        self.in_lambda = around;
        self.in_finally = in_finally;
        self.env.leave(mark);
        let local_fn = &mut self.local_fns[id];
        local_fn.params = params;
        local_fn.defaults = defaults;
        local_fn.body = body;
        local_fn.iterator = iterates;
    }

    /// Statements that this compiler does not support: reported once, their parts are
    /// resolved for what they get wrong themselves.
    fn unsupported(&mut self, stmt: &'a ast::Stmt) -> StmtKind {
        self.incomplete = true;
        let head = |n: u32| Span { hi: stmt.span.lo + n, ..stmt.span };
        match &stmt.kind {
            ast::StmtKind::Assert(args) => {
                self.report(errors::not_yet("`assert` is", head(6)));
                for arg in args {
                    self.expr(arg);
                }
            }
            ast::StmtKind::ExpectThrows { ty, body } => {
                self.report(errors::not_yet("`expect throws` is", head(6)));
                types::value(self.cx, self.scope, ty);
                self.block(body);
            }
            ast::StmtKind::Unsupported { what } => {
                self.report(errors::not_in_language(what, stmt.span));
            }
            _ => unreachable!("all others are supported"),
        }
        StmtKind::Error
    }
}

/// The statements behind the label of a case.
pub(super) fn body_span(case: Span, body: &[ast::Stmt]) -> Span {
    match (body.first(), body.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => case.end(),
    }
}
