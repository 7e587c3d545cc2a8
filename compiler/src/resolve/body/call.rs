//! Calls and `new`. Which method of several, and whether the arguments fit, is decided by
//! `types`.

use std::collections::BTreeMap;

use super::BodyCx;
use super::expr::Fields;
use super::name::Entity;
use crate::hir::body::{Arg, ExprKind, Initializer};
use crate::hir::print;
use crate::hir::ty::Ty;
use crate::hir::{AgentId, DomainId, ExprId};
use crate::resolve::errors;
use crate::resolve::scope::Def;
use crate::resolve::types::{self, Found};
use crate::support::span::Span;
use crate::syntax::ast;

impl<'a> BodyCx<'_, 'a> {
    pub(super) fn call(
        &mut self,
        span: Span,
        callee: &'a ast::Expr,
        args: &'a [ast::Arg],
    ) -> ExprId {
        if let ast::ExprKind::Name(name) = &*callee.kind
            && &*name.name == "send"
            && self.find_value(name).is_none()
            && self.cx.scopes.lookup(self.scope, "send").is_none()
        {
            return self.send(span, args);
        }
        let (callee, type_args) = self.callee(callee);
        let mut list = Vec::with_capacity(args.len());
        let mut named = BTreeMap::new();
        for arg in args {
            let value = self.expr(&arg.value);
            if let Some(name) = &arg.name
                && let Some(first) = named.insert(&name.name, name.span)
            {
                self.report(errors::duplicate("argument", name, Some(first)));
            }
            list.push(Arg { span: arg.span, name: arg.name.clone(), value });
        }
        self.push(span, ExprKind::Call { callee, type_args, args: list })
    }

    /// Decision 4: `send(target, value)` is `target <-- value`.
    fn send(&mut self, span: Span, args: &'a [ast::Arg]) -> ExprId {
        let values: Vec<ExprId> = args.iter().map(|it| self.expr(&it.value)).collect();
        match values[..] {
            [target, value] => self.push(span, ExprKind::Send { target, value }),
            _ => {
                let what = "a target and a value";
                self.report(errors::arguments("`send`", what, values.len(), span));
                self.error(span)
            }
        }
    }

    fn callee(&mut self, callee: &'a ast::Expr) -> (ExprId, Vec<Ty>) {
        let span = callee.span;
        let is_name = matches!(
            &*callee.kind,
            ast::ExprKind::Name(_)
                | ast::ExprKind::GenericName { .. }
                | ast::ExprKind::TypeName(_)
                | ast::ExprKind::Member { .. }
        );
        if !is_name {
            return (self.expr(callee), Vec::new());
        }
        // A case of an enum may be called without the enum's name.
        if let ast::ExprKind::Name(ident) = &*callee.kind {
            let is_case = self.cx.cases.contains_key(&ident.name);
            if is_case && self.cx.scopes.lookup(self.scope, &ident.name).is_none() {
                return (self.name_value(ident), Vec::new());
            }
        }
        match self.left(callee) {
            Entity::Item(found) if is_type(found.def) => {
                (self.missing_new(span, &found), Vec::new())
            }
            entity => {
                let value = self.value(entity, span);
                (value, self.type_args.get(value).cloned().unwrap_or_default())
            }
        }
    }

    /// A type that is called like a method.
    fn missing_new(&mut self, span: Span, found: &Found) -> ExprId {
        let name = &found.ident.name;
        if self.cx.cases.contains_key(name) {
            return self.push(span, ExprKind::BareCase(found.ident.clone()));
        }
        let problem = match found.def {
            Def::Agent(id) => {
                let own = self.joins_current(id);
                let decl = &self.cx.program.agents[id].decl;
                let whole = match own {
                    true => name.to_string(),
                    false => print::path(&self.cx.program, decl),
                };
                errors::new_agent(&whole, span, span, own)
            }
            def => errors::missing_new(name, types::describe(self.cx, def), span),
        };
        self.report(problem);
        self.error(span)
    }

    /// Whether code here is in an instance of the domain that the agent stands in.
    fn joins_current(&self, agent: AgentId) -> bool {
        let domain = self.cx.program.agents[agent].domain;
        domain.is_some_and(|id| self.cx.domains_of(self.context).any(|it| it == id))
    }

    pub(super) fn new_expr(&mut self, expr: &'a ast::Expr) -> ExprId {
        let kind = match &*expr.kind {
            ast::ExprKind::New { ty, args, init } => {
                return self.new_value(expr.span, ty.as_ref(), args, init.as_ref());
            }
            ast::ExprKind::NewArray { element, size } => {
                let element = types::value(self.cx, self.scope, element);
                ExprKind::NewArray { element, size: self.expr(size) }
            }
            ast::ExprKind::NewArrayInit { element, items } => {
                let element =
                    element.as_ref().map(|it| types::value(self.cx, self.scope, it));
                let items = items.iter().map(|it| self.expr(it)).collect();
                ExprKind::NewArrayInit { element, items }
            }
            _ => unreachable!("`expr` sends only these here"),
        };
        self.push(expr.span, kind)
    }

    fn new_value(
        &mut self,
        span: Span,
        ty: Option<&'a ast::Type>,
        args: &'a [ast::Arg],
        init: Option<&'a ast::Initializer>,
    ) -> ExprId {
        let ty = ty.map(|ty| self.new_type(span, ty));
        let mut list = Vec::new();
        let mut fields = Fields::default();
        for arg in args {
            let value = self.expr(&arg.value);
            match &arg.name {
                // `new T(A = 1)` of the articles is `new T { A = 1 }`.
                Some(name) if arg.assigned => self.add_field(&mut fields, name, value),
                name => list.push(Arg { span: arg.span, name: name.clone(), value }),
            }
        }
        let init = match init {
            Some(ast::Initializer::Fields(more)) => {
                for (name, value) in more {
                    let value = self.expr(value);
                    self.add_field(&mut fields, name, value);
                }
                Some(Initializer::Fields(fields.list))
            }
            Some(ast::Initializer::Items(items)) => {
                let items = items.iter().map(|it| self.expr(it)).collect();
                Some(Initializer::Items(items))
            }
            Some(ast::Initializer::Pairs(pairs)) => {
                let mut all = Vec::with_capacity(pairs.len());
                for (key, value) in pairs {
                    let key = self.expr(key);
                    all.push((key, self.expr(value)));
                }
                Some(Initializer::Pairs(all))
            }
            None if fields.list.is_empty() => None,
            None => Some(Initializer::Fields(fields.list)),
        };
        match ty {
            Some(None) => self.error(span),
            Some(ty) => self.push(span, ExprKind::New { ty, args: list, init }),
            None => self.push(span, ExprKind::New { ty: None, args: list, init }),
        }
    }

    /// The type behind `new`; `None` if there is no value of it, which is reported.
    fn new_type(&mut self, span: Span, ty: &'a ast::Type) -> Option<Ty> {
        let ast::TypeKind::Named(parts) = &ty.kind else {
            let ty = types::value(self.cx, self.scope, ty);
            return (!ty.is_error()).then_some(ty);
        };
        let found = types::path(self.cx, self.scope, parts)?;
        match found.def {
            Def::Agent(id) => {
                let own = self.joins_current(id);
                let to_name = Span { hi: ty.span.hi, ..span };
                let name = type_text(parts);
                self.report(errors::new_agent(&name, ty.span, to_name, own));
                None
            }
            Def::Domain(id) => {
                let inside = self.check_nested(id, ty.span);
                let ty = types::of_def(self.cx, &found);
                (inside && !ty.is_error()).then_some(ty)
            }
            _ => Some(types::of_def(self.cx, &found)).filter(|it| !it.is_error()),
        }
    }

    /// Decision 61: a nested domain is made where its outer one is the current one.
    fn check_nested(&mut self, id: DomainId, span: Span) -> bool {
        let Some(outer) = self.cx.program.domains[id].parent else { return true };
        let inside = self.cx.domains_of(self.context).any(|it| it == outer);
        if !inside {
            let domains = &self.cx.program.domains;
            let (inner, outer) = (&domains[id].decl.name, &domains[outer].decl.name);
            let problem = errors::nested_domain_outside(inner, outer, span);
            self.report(problem);
        }
        inside
    }
}

/// Items that are types, or made like values of types.
fn is_type(def: Def) -> bool {
    matches!(
        def,
        Def::Agent(_)
            | Def::Channel(_)
            | Def::Domain(_)
            | Def::Record(_)
            | Def::Enum(_)
            | Def::Native(_)
            | Def::Param(_)
            | Def::Builtin(_)
    )
}

fn type_text(parts: &[ast::TypePart]) -> String {
    parts.iter().map(|it| &*it.name.name).collect::<Vec<_>>().join(".")
}
