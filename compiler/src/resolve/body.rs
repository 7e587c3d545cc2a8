//! Bodies: statements and expressions with their names bound. Members of values, and what
//! depends on types, are left to `types`.

mod call;
mod env;
mod exceptions;
mod expr;
mod iterators;
mod member;
mod name;
mod pattern;
mod receive;
mod receiver;
mod stmt;
mod strict;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::scope::ScopeId;
use super::{Code, Cx, Work, errors};
use crate::diag::Diagnostic;
use crate::hir::body::{
    Body, Context, Expr, ExprKind, Lambda, Local, LocalFn, LocalKind, Root, Strictness,
};
use crate::hir::ty::Ty;
use crate::hir::{DomainId, ExprId, LambdaId, LocalFnId, LocalId};
use crate::support::index::{IdMap, IdVec};
use crate::support::span::Span;
use crate::syntax::ast::Ident;
use env::{Env, Target};

/// Resolves every queued body, in order of their ids.
pub(super) fn resolve_all(cx: &mut Cx<'_>) {
    for work in std::mem::take(&mut cx.work) {
        let body = BodyCx::new(cx, work.context, work.scope).body(work);
        cx.program.bodies.push(body);
    }
}

/// Everything that resolving one body needs.
struct BodyCx<'c, 'a> {
    cx: &'c mut Cx<'a>,
    context: Context,
    scope: ScopeId,
    locals: IdVec<LocalId, Local>,
    exprs: IdVec<ExprId, Expr>,
    lambdas: IdVec<LambdaId, Lambda>,
    local_fns: IdVec<LocalFnId, LocalFn>,
    /// Type arguments behind bare names of methods and functions.
    type_args: IdMap<ExprId, Vec<Ty>>,
    /// Sends with `[NoDrop]` or `[NoSuspend]` before their statement.
    strict: IdMap<ExprId, Strictness>,
    env: Env,
    /// The innermost lambda and local function around.
    lambda: Option<LambdaId>,
    local_fn: Option<LocalFnId>,
    /// The code at hand yields.
    iterator: bool,
    /// The code at hand is a lambda's, which cannot.
    in_lambda: bool,
    /// The code at hand is that of a `finally`, which must not.
    in_finally: bool,
    /// Locals whose value is evidently an instance of a domain.
    domains: BTreeMap<LocalId, DomainId>,
    /// Locals of sections of a `switch` that are done, while the sections behind are read.
    of_sections: BTreeSet<LocalId>,
    /// Locals that something names.
    used: Vec<bool>,
    /// Some part did not parse or is not supported.
    incomplete: bool,
}

impl<'c, 'a> BodyCx<'c, 'a> {
    fn new(cx: &'c mut Cx<'a>, context: Context, scope: ScopeId) -> Self {
        Self {
            cx,
            context,
            scope,
            locals: IdVec::new(),
            exprs: IdVec::new(),
            lambdas: IdVec::new(),
            local_fns: IdVec::new(),
            type_args: IdMap::new(),
            strict: IdMap::new(),
            env: Env::default(),
            lambda: None,
            local_fn: None,
            iterator: false,
            in_lambda: false,
            in_finally: false,
            domains: BTreeMap::new(),
            of_sections: BTreeSet::new(),
            used: Vec::new(),
            incomplete: false,
        }
    }

    fn body(mut self, work: Work<'a>) -> Body {
        let Work { params, code, span, .. } = work;
        let params: Vec<LocalId> = params
            .into_iter()
            // Two of one name were reported with the signature.
            .map(|(name, ty)| self.bind_quietly(&name, LocalKind::Param, Some(ty)))
            .collect();
        let root = match code {
            Code::Block(block) => Root::Block(self.block(block)),
            Code::Expr(expr) => Root::Expr(self.expr(expr)),
            Code::Arrow(expr) => Root::Expr(self.value_or_throw(expr)),
            Code::Missing => {
                self.incomplete = true;
                Root::Expr(self.error(span))
            }
        };
        self.unused();
        Body {
            context: self.context,
            params,
            locals: self.locals,
            exprs: self.exprs,
            lambdas: self.lambdas,
            local_fns: self.local_fns,
            type_args: self.type_args,
            strict: self.strict,
            root,
            iterator: self.iterator,
            span,
        }
    }

    /// Decision 99.
    fn unused(&mut self) {
        if self.incomplete {
            self.cx.incomplete = true;
            return;
        }
        if self.cx.scopes.scopes[self.scope].library {
            return;
        }
        for (local, used) in self.locals.iter().zip(&self.used) {
            let kind = matches!(local.kind, LocalKind::Variable | LocalKind::Const);
            if kind && !used && !local.name.starts_with('_') {
                let ident = Ident { name: local.name.clone(), span: local.span };
                let what = match local.kind {
                    LocalKind::Const => "constant",
                    _ => "local",
                };
                self.cx.problems.push(errors::unused(what, &ident));
            }
        }
    }

    fn report(&mut self, problem: Diagnostic) {
        self.cx.report(problem);
    }

    fn push(&mut self, span: Span, kind: ExprKind) -> ExprId {
        self.exprs.push(Expr { span, kind })
    }

    /// A value that was reported and absorbs everything.
    fn error(&mut self, span: Span) -> ExprId {
        self.push(span, ExprKind::Error)
    }

    /// Declares a local; reports one of the same name in this or an enclosing block.
    fn bind(&mut self, name: &Ident, kind: LocalKind, ty: Option<Ty>) -> LocalId {
        // What is of no known type may not have been meant as a declaration.
        let meant = !matches!(ty, Some(Ty::Error));
        if let Some(first) = self.env.clash(&name.name).filter(|_| meant) {
            let first = match first {
                Target::Local(id) => {
                    // Pattern variables of statements one after the other may share a name.
                    let both_bound = kind == LocalKind::Bound
                        && self.locals[id].kind == LocalKind::Bound;
                    (!both_bound).then(|| self.locals[id].span)
                }
                Target::LocalFn(id) => Some(self.local_fns[id].name.span),
            };
            if first.is_some() {
                let what = match kind {
                    LocalKind::LambdaParam | LocalKind::Param => "parameter",
                    LocalKind::Const => "constant",
                    _ => "local",
                };
                self.report(errors::duplicate(what, name, first));
            }
        }
        if let Some(Target::Local(first)) = self.env.inner(&name.name)
            && meant
            && self.env.clash(&name.name).is_none()
            && kind != LocalKind::Bound
            && self.locals[first].kind != LocalKind::Bound
        {
            // The scope of a local is its whole block, so a block inside it that stands
            // before may not use the name either.
            let first = Some(self.locals[first].span);
            self.report(errors::duplicate("local", name, first));
        }
        self.bind_quietly(name, kind, ty)
    }

    /// A local for the value of something else of this name.
    fn unnamed(&mut self, name: &Ident) -> LocalId {
        self.used.push(true);
        self.locals.push(Local {
            name: name.name.clone(),
            span: name.span,
            kind: LocalKind::Variable,
            declared: None,
            lambda: self.lambda,
            local_fn: self.local_fn,
            bare: false,
            across_sections: false,
        })
    }

    fn bind_quietly(&mut self, name: &Ident, kind: LocalKind, ty: Option<Ty>) -> LocalId {
        let id = self.locals.push(Local {
            name: name.name.clone(),
            span: name.span,
            kind,
            declared: ty,
            lambda: self.lambda,
            local_fn: self.local_fn,
            bare: false,
            across_sections: false,
        });
        self.used.push(false);
        // `_` names nothing that could be read.
        if &*name.name != "_" {
            self.env.bind(Rc::clone(&name.name), Target::Local(id));
        }
        id
    }

    /// Runs `inside` in a block of its own.
    fn scoped<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        let mark = self.env.enter();
        let result = inside(self);
        self.env.leave(mark);
        result
    }
}
