//! `this.x`, `base.x` and `parent.x`: members of what the code itself belongs to.

use super::BodyCx;
use super::name::Entity;
use crate::hir::body::{Context, ExprKind};
use crate::hir::item::Owner;
use crate::hir::{AgentId, DomainId, ExprId};
use crate::resolve::scope::Def;
use crate::resolve::types::Found;
use crate::resolve::{Member, errors};
use crate::support::Name;
use crate::support::span::Span;
use crate::syntax::ast::{self, Ident};

impl<'a> BodyCx<'_, 'a> {
    /// `this.name`
    pub(super) fn this_member(
        &mut self,
        span: Span,
        this: Span,
        name: &'a Ident,
        args: &'a [ast::Type],
    ) -> Entity {
        let text = &*name.name;
        let (member, owner) = match self.context {
            Context::Agent(id) => {
                if text == "PrimaryChannel" && self.own_channel().is_some() {
                    return Entity::Value(self.push(span, ExprKind::PrimaryChannel));
                }
                let decl = &self.cx.program.agents[id].decl;
                let owner = (Owner::Agent(id), format!("agent `{}`", decl.name.name));
                (self.cx.agent_member(id, text), owner)
            }
            Context::Domain(id) => {
                let decl = &self.cx.program.domains[id].decl;
                let owner = (Owner::Domain(id), format!("domain `{}`", decl.name.name));
                (self.cx.members.domains[id].get(text).copied(), owner)
            }
            Context::Record(id) => {
                let decl = &self.cx.program.records[id].decl;
                let owner = (Owner::Record(id), format!("`{}`", decl.name.name));
                (self.cx.record_member(id, text), owner)
            }
            Context::Free | Context::Test => {
                self.report(errors::no_this(this));
                return Entity::Error;
            }
        };
        if let Some(member) = member {
            let kind = self.use_member(member);
            let value = self.push(span, kind);
            self.apply_member(value, name, args);
            return Entity::Value(value);
        }
        if let Some(Def::Const(id)) = self.cx.scopes.scopes[self.scope].names.get(text) {
            let id = *id;
            self.use_item(Def::Const(id));
            return Entity::Value(self.push(span, ExprKind::Const(id)));
        }
        if matches!(self.context, Context::Domain(_)) && text == "Create" {
            let value = self.push(this, ExprKind::This);
            let made = self.create_in(span, value, name, args);
            return Entity::Value(made.unwrap_or_else(|| self.error(span)));
        }
        if matches!(self.context, Context::Record(_)) {
            // Members that every value has, such as `ToJson`, are found by types.
            let base = self.push(this, ExprKind::This);
            return self.push_member(span, base, name, args);
        }
        self.unknown_own(name, owner);
        Entity::Error
    }

    fn unknown_own(&mut self, name: &Ident, (owner, text): (Owner, String)) {
        let is_port = self.own_channel().and_then(|it| self.cx.port(it, &name.name));
        let in_domain = self
            .cx
            .domains_of(self.context)
            .any(|id| self.cx.members.domains[id].contains_key(&name.name));
        if self.is_excused(name) {
            return;
        }
        let problem = if is_port.is_some() {
            errors::port_as_member(name)
        } else if in_domain && matches!(owner, Owner::Agent(_)) {
            errors::domain_state_as_own(name, &text)
        } else {
            let names = self.candidates_of(owner);
            errors::unknown_member(name, &text, names.iter().map(|it| &**it))
        };
        self.report(problem);
    }

    fn candidates_of(&self, owner: Owner) -> Vec<Name> {
        let cx = &*self.cx;
        match owner {
            Owner::Agent(id) => {
                let base = |it: &AgentId| cx.program.agents[*it].base;
                std::iter::successors(Some(id), base)
                    .flat_map(|it| cx.members.agents[it].keys().cloned())
                    .collect()
            }
            Owner::Domain(id) => cx.members.domains[id].keys().cloned().collect(),
            Owner::Record(id) => cx.record_names(id),
            _ => Vec::new(),
        }
    }

    /// `base.name`
    pub(super) fn base_member(
        &mut self,
        span: Span,
        name: &Ident,
        args: &'a [ast::Type],
    ) -> Entity {
        let (member, what) = match self.context {
            Context::Agent(id) => {
                let base = self.cx.program.agents[id].base;
                let member = base.map(|it| self.cx.agent_member(it, &name.name));
                (member, base.map(|it| self.cx.program.agents[it].decl.name.name.clone()))
            }
            Context::Record(id) => {
                let base = self.cx.program.records[id].base.as_ref().map(|it| it.0);
                let member = base.map(|it| self.cx.record_member(it, &name.name));
                (
                    member,
                    base.map(|it| self.cx.program.records[it].decl.name.name.clone()),
                )
            }
            _ => (None, None),
        };
        if !matches!(member, Some(Some(_))) && self.is_excused(name) {
            return Entity::Error;
        }
        let kind = match (member, what) {
            (Some(Some(Member::Method(id))), _) => {
                self.cx.used_methods.insert(id);
                ExprKind::BaseMethod(id)
            }
            (Some(Some(Member::Field(id))), _) => self.use_member(Member::Field(id)),
            (Some(None), Some(base)) => {
                self.report(errors::unknown_member(name, &format!("`{base}`"), []));
                return Entity::Error;
            }
            _ => {
                self.report(errors::no_base_here(span));
                return Entity::Error;
            }
        };
        let value = self.push(span, kind);
        self.apply_member(value, name, args);
        Entity::Value(value)
    }

    fn apply_member(&mut self, value: ExprId, name: &Ident, args: &'a [ast::Type]) {
        let span = args.first().map_or(name.span, |it| it.span);
        let args = self.type_args(args);
        self.applied(value, name, args, span);
    }

    /// `parent.name`, `parent.parent.name`: from the `depth`th domain around outward.
    pub(super) fn parent_member(
        &mut self,
        span: Span,
        parent: Span,
        depth: usize,
        name: &'a Ident,
        args: &'a [ast::Type],
    ) -> Entity {
        let around: Vec<DomainId> = self.outer_domains().skip(depth).collect();
        let Some(first) = around.first().copied() else {
            self.report(errors::no_parent(parent, depth));
            return Entity::Error;
        };
        for domain in &around {
            if let Some(member) = self.cx.members.domains[*domain].get(&name.name) {
                let kind = self.use_member(*member);
                let value = self.push(span, kind);
                self.apply_member(value, name, args);
                return Entity::Value(value);
            }
            let scope = self.cx.sources.domains[*domain].scope;
            let nested = self.cx.scopes.scopes[scope].names.get(&name.name).copied();
            if let Some(def) = nested {
                self.use_item(def);
                let args_span = args.first().map_or(name.span, |it| it.span);
                let args = self.type_args(args);
                let ident = name.clone();
                let mut found = Found { def, ident, args, args_span, n_outer: 0 };
                crate::resolve::types::within(self.cx, self.scope, &[], &mut found);
                return Entity::Item(found);
            }
        }
        let value = self.push(parent, ExprKind::Parent(depth));
        if let Some(id) = self.create_in(span, value, name, args) {
            return Entity::Value(id);
        }
        if self.cx.is_lost(&name.name) {
            return Entity::Error;
        }
        let names: Vec<Name> = around
            .iter()
            .flat_map(|it| self.cx.members.domains[*it].keys().cloned())
            .collect();
        let domain = self.cx.program.domains[first].decl.name.name.clone();
        let owner = format!("domain `{domain}`");
        let names = names.iter().map(|it| &**it);
        self.report(errors::unknown_member(name, &owner, names));
        Entity::Error
    }

    /// The domains that `parent` goes through: an agent's own one first; in code of a
    /// domain, the one around it.
    pub(super) fn outer_domains(&self) -> impl Iterator<Item = DomainId> {
        let own = matches!(self.context, Context::Domain(_));
        self.cx.domains_of(self.context).skip(usize::from(own))
    }

    /// `parent` as a value.
    pub(super) fn parent(&mut self, span: Span, depth: usize) -> ExprKind {
        if self.outer_domains().nth(depth).is_none() {
            self.report(errors::no_parent(span, depth));
            return ExprKind::Error;
        }
        ExprKind::Parent(depth)
    }

    /// `parent.parent` as a value.
    pub(super) fn parents_value(&mut self, expr: &'a ast::Expr) -> Option<ExprId> {
        let depth = parents(expr)?;
        let kind = self.parent(expr.span, depth);
        Some(self.push(expr.span, kind))
    }
}

/// Counts the steps of `parent.parent`: 0 for `parent` alone.
pub(super) fn parents(expr: &ast::Expr) -> Option<usize> {
    match &*expr.kind {
        ast::ExprKind::Parent => Some(0),
        ast::ExprKind::Member { base, name, args }
            if args.is_empty() && &*name.name == "parent" =>
        {
            Some(parents(base)? + 1)
        }
        _ => None,
    }
}
