//! What stands left and right of a dot, as far as it is known without types.

use super::BodyCx;
use super::name::{Entity, found};
use super::receiver::parents;
use crate::hir::body::{Context, ExprKind};
use crate::hir::print;
use crate::hir::ty::Ty;
use crate::hir::{AgentId, DomainId, ExprId, SpaceId};
use crate::resolve::scope::Def;
use crate::resolve::types::{self, Found};
use crate::resolve::{builtin, errors};
use crate::support::span::Span;
use crate::syntax::ast::{self, Ident};

impl<'a> BodyCx<'_, 'a> {
    /// What stands left of a dot.
    pub(super) fn left(&mut self, expr: &'a ast::Expr) -> Entity {
        match &*expr.kind {
            ast::ExprKind::Name(ident) => self.name(ident),
            ast::ExprKind::GenericName { name, args } => self.generic(name, args),
            ast::ExprKind::TypeName(ty) => self.type_name(ty),
            ast::ExprKind::Member { base, name, args } => {
                if let Some(value) = self.parents_value(expr) {
                    return Entity::Value(value);
                }
                self.member(expr.span, base, name, args)
            }
            ast::ExprKind::Paren(inner) => self.left(inner),
            _ => Entity::Value(self.expr(expr)),
        }
    }

    /// `Name<int>`
    fn generic(&mut self, name: &Ident, args: &'a [ast::Type]) -> Entity {
        match self.name(name) {
            Entity::Item(found) => {
                let args_span = args.first().map_or(name.span, |it| it.span);
                let args = self.type_args(args);
                let mut found = Found { args, args_span, ..found };
                types::within(self.cx, self.scope, &[], &mut found);
                Entity::Item(found)
            }
            other => {
                let span = args.first().map_or(name.span, |it| it.span);
                let args = self.type_args(args);
                if let Entity::Value(id) = other {
                    self.applied(id, name, args, span);
                }
                other
            }
        }
    }

    /// Notes type arguments behind the bare name of a method; nothing else takes any.
    pub(super) fn applied(
        &mut self,
        value: ExprId,
        name: &Ident,
        args: Vec<Ty>,
        span: Span,
    ) {
        if args.is_empty() {
            return;
        }
        let takes = matches!(
            self.exprs[value].kind,
            ExprKind::Method(_) | ExprKind::BaseMethod(_) | ExprKind::LocalFn(_)
        );
        if takes {
            self.type_args.insert(value, args);
        } else if !matches!(self.exprs[value].kind, ExprKind::Error) {
            self.report(errors::type_arguments(&name.name, 0, args.len(), span));
        }
    }

    pub(super) fn type_args(&mut self, args: &'a [ast::Type]) -> Vec<Ty> {
        args.iter().map(|it| types::value(self.cx, self.scope, it)).collect()
    }

    /// A type where an expression may stand: `int`, `List<int>`, `int[]`.
    fn type_name(&mut self, ty: &'a ast::Type) -> Entity {
        if let ast::TypeKind::Named(parts) = &ty.kind {
            if let [part] = &parts[..]
                && part.args.is_empty()
            {
                return self.name(&part.name);
            }
            return match types::path(self.cx, self.scope, parts) {
                Some(found) => Entity::Item(found),
                None => Entity::Error,
            };
        }
        let known = types::value(self.cx, self.scope, ty);
        match known {
            Ty::Error => Entity::Error,
            known => Entity::Value(self.push(ty.span, ExprKind::TypeName(known))),
        }
    }

    /// `base.name<args>`
    pub(super) fn member(
        &mut self,
        span: Span,
        base: &'a ast::Expr,
        name: &'a Ident,
        args: &'a [ast::Type],
    ) -> Entity {
        match &*base.kind {
            ast::ExprKind::This => return self.this_member(span, base.span, name, args),
            ast::ExprKind::Base => return self.base_member(span, name, args),
            _ => {}
        }
        if let Some(depth) = parents(base) {
            return self.parent_member(span, base.span, depth, name, args);
        }
        match self.left(base) {
            Entity::Error => Entity::Error,
            Entity::Value(value) => self.value_member(span, value, base, name, args),
            Entity::Space(space, ident, def) => {
                self.space_member(span, (space, &ident, def), name, args)
            }
            Entity::Item(found) => self.item_member(span, found, name, args),
        }
    }

    fn value_member(
        &mut self,
        span: Span,
        value: ExprId,
        base: &'a ast::Expr,
        name: &'a Ident,
        args: &'a [ast::Type],
    ) -> Entity {
        if let ast::ExprKind::Name(ident) = &*base.kind
            && let Some(found) = self.same_named_item(value, ident, name)
        {
            return self.item_member(span, found, name, args);
        }
        if let Some(id) = self.create_in(span, value, name, args) {
            return Entity::Value(id);
        }
        let type_args = self.member_args(args);
        let kind = ExprKind::Member {
            base: value,
            name: name.clone(),
            type_args,
            null_safe: false,
        };
        Entity::Value(self.push(span, kind))
    }

    /// Type arguments behind a member that `types` will find; agents are reported there,
    /// as arguments of a method that does not make any.
    fn member_args(&mut self, args: &'a [ast::Type]) -> Vec<Ty> {
        let mut result = Vec::with_capacity(args.len());
        for arg in args {
            let agent = match &arg.kind {
                ast::TypeKind::Named(parts) => parts.last().is_some_and(|it| {
                    let nested = self.cx.domain_agents.contains_key(&it.name.name);
                    let def = self.cx.scopes.lookup(self.scope, &it.name.name);
                    matches!(def, Some(Def::Agent(_))) || (nested && def.is_none())
                }),
                _ => false,
            };
            result.push(match agent {
                true => Ty::Error,
                false => types::value(self.cx, self.scope, arg),
            });
        }
        result
    }

    /// A value may have the name of its type, as in `Color Color`: then what only the type
    /// has is of the type. A port may have the name of an agent.
    fn same_named_item(
        &self,
        value: ExprId,
        ident: &Ident,
        name: &Ident,
    ) -> Option<Found> {
        let def = self.cx.scopes.lookup(self.scope, &ident.name)?;
        let is_item = match def {
            Def::Agent(_) => &*name.name == "CreateInNewDomain",
            Def::Enum(id) => {
                let program = &self.cx.program;
                let ty = match self.exprs[value].kind {
                    ExprKind::Local(local) => self.locals[local].declared.as_ref(),
                    ExprKind::Field(field) => Some(&program.fields[field].ty),
                    ExprKind::OwnPort(port) => Some(&program.ports[port].payload),
                    _ => None,
                };
                let cases = &program.enums[id].cases;
                matches!(ty, Some(Ty::Enum(other, _)) if *other == id)
                    && cases.iter().any(|it| it.name.name == name.name)
            }
            _ => false,
        };
        is_item.then(|| found(def, ident))
    }

    /// `room.Create<User>`
    pub(super) fn create_in(
        &mut self,
        span: Span,
        domain: ExprId,
        name: &Ident,
        args: &'a [ast::Type],
    ) -> Option<ExprId> {
        let ([ty], "Create") = (args, &*name.name) else { return None };
        let ast::TypeKind::Named(parts) = &ty.kind else { return None };
        if let [part] = &parts[..]
            && let Some(agent) = self.agent_in(domain, &part.name)
        {
            types::check_access(self.cx, self.scope, Def::Agent(agent), &part.name);
            let args = self.type_args(&part.args);
            return Some(self.creation(span, domain, agent, args));
        }
        let Some(found) = types::path(self.cx, self.scope, parts) else {
            return Some(self.error(span));
        };
        match found.def {
            Def::Agent(agent) => Some(self.creation(span, domain, agent, found.args)),
            Def::Error => Some(self.error(span)),
            def => {
                let what = types::describe(self.cx, def);
                let name = &found.ident.name;
                let problem = errors::wrong_base(name, what, &["an agent"], ty.span);
                self.report(problem);
                Some(self.error(span))
            }
        }
    }

    fn creation(
        &mut self,
        span: Span,
        domain: ExprId,
        agent: AgentId,
        args: Vec<Ty>,
    ) -> ExprId {
        // What its end would be is not known.
        if self.cx.is_open_agent(agent) {
            return self.error(span);
        }
        let id = self.push(span, ExprKind::CreateIn { domain, agent });
        if !args.is_empty() {
            self.type_args.insert(id, args);
        }
        id
    }

    /// The agent of a bare name in `room.Create<User>()` (§4): one of the room's own, if it
    /// is evident what `room` is; else one in scope; else the only one of that name.
    fn agent_in(&self, domain: ExprId, name: &Ident) -> Option<AgentId> {
        let evident = match &self.exprs[domain].kind {
            ExprKind::Local(local) => match &self.locals[*local].declared {
                Some(Ty::Domain(id, _)) => Some(*id),
                _ => self.domains.get(local).copied(),
            },
            ExprKind::Field(field) => match &self.cx.program.fields[*field].ty {
                Ty::Domain(id, _) => Some(*id),
                _ => None,
            },
            ExprKind::New { ty: Some(Ty::Domain(id, _)), .. } => Some(*id),
            ExprKind::This => self.cx.domains_of(self.context).next(),
            ExprKind::Parent(depth) => self.outer_domains().nth(*depth),
            _ => None,
        };
        let nested = evident.and_then(|it| types::nested(self.cx, Def::Domain(it), name));
        if let Some(Def::Agent(agent)) = nested {
            return Some(agent);
        }
        match self.cx.scopes.lookup(self.scope, &name.name) {
            Some(Def::Agent(agent)) => Some(agent),
            Some(_) => None,
            None => match self.cx.domain_agents.get(&name.name).map(|it| &it[..]) {
                Some([only]) => Some(*only),
                _ => None,
            },
        }
    }

    fn space_member(
        &mut self,
        span: Span,
        (space, ident, def): (SpaceId, &Ident, Option<Def>),
        name: &'a Ident,
        args: &'a [ast::Type],
    ) -> Entity {
        let has = self.cx.members.spaces[space].contains(&name.name);
        if !has && let Some(def) = def {
            return self.item_member(span, found(def, ident), name, args);
        }
        let base = self.push(ident.span, ExprKind::SpaceName(space));
        self.push_member(span, base, name, args)
    }

    pub(super) fn push_member(
        &mut self,
        span: Span,
        base: ExprId,
        name: &Ident,
        args: &'a [ast::Type],
    ) -> Entity {
        let type_args = self.type_args(args);
        let name = name.clone();
        let kind = ExprKind::Member { base, name, type_args, null_safe: false };
        Entity::Value(self.push(span, kind))
    }

    /// `Item.name`
    fn item_member(
        &mut self,
        span: Span,
        outer: Found,
        name: &'a Ident,
        args: &'a [ast::Type],
    ) -> Entity {
        match outer.def {
            Def::Namespace(namespace) => {
                if self.cx.scopes.reaches_library(namespace)
                    && self.cx.scopes.in_namespace(namespace, &name.name).is_none()
                    && let Some(entity) = self.library_member(name)
                {
                    return entity;
                }
                self.nested_item(&outer, name, args)
            }
            Def::Agent(id) => self.agent_member(span, id, &outer, name, args),
            Def::Domain(id) => {
                if types::nested(self.cx, outer.def, name).is_some() {
                    return self.nested_item(&outer, name, args);
                }
                self.domain_member(span, id, name);
                Entity::Error
            }
            Def::Channel(_) => self.nested_item(&outer, name, args),
            Def::Function(id) => {
                let base = self.push(outer.ident.span, ExprKind::Method(id));
                self.push_member(span, base, name, args)
            }
            Def::Const(id) => {
                let base = self.push(outer.ident.span, ExprKind::Const(id));
                self.push_member(span, base, name, args)
            }
            Def::Error => Entity::Error,
            Def::Record(_) if types::nested(self.cx, outer.def, name).is_some() => {
                self.nested_item(&outer, name, args)
            }
            Def::Enum(id) if outer.args.is_empty() && self.is_generic(id) => {
                let base = self.push(outer.ident.span, ExprKind::EnumName(id));
                self.push_member(span, base, name, args)
            }
            _ => match types::of_def(self.cx, &outer) {
                Ty::Error => Entity::Error,
                ty => {
                    let base = self.push(outer.ident.span, ExprKind::TypeName(ty));
                    self.push_member(span, base, name, args)
                }
            },
        }
    }

    fn is_generic(&self, id: crate::hir::EnumId) -> bool {
        !self.cx.program.enums[id].type_params.is_empty()
    }

    /// `System.Console`, `System.Int32`
    fn library_member(&mut self, name: &Ident) -> Option<Entity> {
        let def = builtin::named(&name.name).map(Def::Builtin);
        match self.space(&name.name, def) {
            Some(space) => Some(Entity::Space(space, name.clone(), def)),
            None => def.map(|def| Entity::Item(found(def, name))),
        }
    }

    fn nested_item(
        &mut self,
        outer: &Found,
        name: &'a Ident,
        args: &'a [ast::Type],
    ) -> Entity {
        let inner = types::inner(self.cx, outer.def, &outer.ident, name);
        let args_span = args.first().map_or(name.span, |it| it.span);
        let args = self.type_args(args);
        let Some(def) = inner else { return Entity::Error };
        self.use_item(def);
        types::check_access(self.cx, self.scope, def, name);
        let ident = name.clone();
        let mut found = Found { def, ident, args, args_span, n_outer: 0 };
        types::within(self.cx, self.scope, &outer.args, &mut found);
        Entity::Item(found)
    }

    /// `Agent.name`: only making one is possible from outside (AX0402).
    fn agent_member(
        &mut self,
        span: Span,
        id: AgentId,
        outer: &Found,
        name: &'a Ident,
        args: &'a [ast::Type],
    ) -> Entity {
        if types::nested(self.cx, outer.def, name).is_some() {
            return self.nested_item(outer, name, args);
        }
        let agent = self.cx.program.agents[id].decl.name.clone();
        if !matches!(&*name.name, "Create" | "CreateInNewDomain") {
            let port = self.cx.program.agents[id].channel.as_ref().map(|it| it.0);
            let port = port.and_then(|it| self.cx.port(it, &name.name));
            let declared = match (self.cx.agent_member(id, &name.name), port) {
                (Some(member), _) => {
                    self.use_member(member);
                    Some(self.cx.member_span(member))
                }
                (None, Some(port)) => Some(self.cx.program.ports[port].name.span),
                (None, None) => None,
            };
            if declared.is_none()
                && (self.cx.is_lost(&name.name) || self.cx.is_open_agent(id))
            {
                return Entity::Error;
            }
            let problem = if declared.is_some() {
                let program = &self.cx.program;
                let whole = print::path(program, &program.agents[id].decl);
                errors::agent_member(&agent.name, &whole, name, declared)
            } else {
                let owner = format!("agent `{}`", agent.name);
                errors::unknown_member(name, &owner, ["Create", "CreateInNewDomain"])
            };
            self.report(problem);
            return Entity::Error;
        }
        if self.cx.is_open_agent(id) {
            return Entity::Error;
        }
        if let Some(domain) = self.cx.program.agents[id].domain
            && !self.check_domain(id, domain, name)
        {
            return Entity::Error;
        }
        let base = self.push(outer.ident.span, ExprKind::AgentName(id));
        if !outer.args.is_empty() {
            self.type_args.insert(base, outer.args.clone());
        }
        self.push_member(span, base, name, args)
    }

    /// Decisions 37 and 61: an agent of a domain joins the current instance, or one of the
    /// domain that is around its own. Reports and gives `false` where there is none.
    fn check_domain(&mut self, agent: AgentId, domain: DomainId, name: &Ident) -> bool {
        let needed = match &*name.name {
            "Create" => Some(domain),
            _ => self.cx.program.domains[domain].parent,
        };
        let Some(needed) = needed else { return true };
        let inside = self.cx.domains_of(self.context).any(|it| it == needed);
        if !inside {
            let nested = &*name.name != "Create";
            let program = &self.cx.program;
            let agent = &program.agents[agent].decl;
            let whole = print::path(program, agent);
            let domain = &program.domains[needed].decl.name;
            let problem =
                errors::agent_outside(&agent.name, &whole, domain, name.span, nested);
            self.report(problem);
        }
        inside
    }

    /// `Domain.name`: state is not reached through the type (AX0403).
    fn domain_member(&mut self, span: Span, id: DomainId, name: &Ident) {
        let domain = self.cx.program.domains[id].decl.name.clone();
        let member = self.cx.members.domains[id].get(&name.name).copied();
        if member.is_none() && self.cx.is_lost(&name.name) {
            return;
        }
        let problem = match member {
            Some(member) => {
                self.use_member(member);
                let own = match self.context {
                    Context::Domain(own) if own == id => Some("this"),
                    _ if self.cx.domains_of(self.context).any(|it| it == id) => {
                        Some("parent")
                    }
                    _ => None,
                };
                let declared = self.cx.member_span(member);
                errors::domain_member(&domain, name, span, declared, own)
            }
            None if matches!(&*name.name, "Create" | "CreateInNewDomain") => {
                errors::domain_made_like_agent(&domain, name)
            }
            None => {
                let nested = &self.cx.scopes.scopes[self.cx.sources.domains[id].scope];
                let names = nested.names.keys().map(|it| &**it);
                errors::unknown_member(name, &format!("domain `{}`", domain.name), names)
            }
        };
        self.report(problem);
    }
}
