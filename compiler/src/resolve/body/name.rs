//! Bare names in expressions, in the order of decision 40. What stands behind a dot is in
//! `member` and `receiver`.

use super::BodyCx;
use super::env::Target;
use crate::hir::body::{Context, ExprKind};
use crate::hir::{AgentId, ChannelId, DomainId, ExprId, RecordId, SpaceId};
use crate::resolve::items::port_names;
use crate::resolve::scope::Def;
use crate::resolve::types::{self, Found};
use crate::resolve::{Member, builtin, errors, import};
use crate::support::Name;
use crate::support::span::Span;
use crate::syntax::ast::Ident;

/// What a name stands for where it is not yet known to be a value.
#[derive(Debug)]
pub(super) enum Entity {
    Value(ExprId),
    Item(Found),
    /// A library namespace of functions, and the type of the same name if there is one.
    Space(SpaceId, Ident, Option<Def>),
    /// It was reported.
    Error,
}

impl<'a> BodyCx<'_, 'a> {
    /// A bare name.
    pub(super) fn name(&mut self, ident: &Ident) -> Entity {
        if let Some(id) = self.own_value(ident) {
            return Entity::Value(id);
        }
        match self.item(ident) {
            Some(entity) => entity,
            None if &*ident.name == "parent" => {
                let kind = self.parent(ident.span, 0);
                Entity::Value(self.push(ident.span, kind))
            }
            None => {
                self.unknown(ident);
                Entity::Error
            }
        }
    }

    /// A bare name that is a value, if it is one; nothing is reported.
    pub(super) fn find_value(&mut self, ident: &Ident) -> Option<ExprId> {
        if let Some(id) = self.own_value(ident) {
            return Some(id);
        }
        match self.item(ident)? {
            Entity::Item(Found { def: Def::Const(id), .. }) => {
                Some(self.push(ident.span, ExprKind::Const(id)))
            }
            _ => None,
        }
    }

    /// Locals, and members and ports of the own agent, record or domain.
    fn own_value(&mut self, ident: &Ident) -> Option<ExprId> {
        let name = &*ident.name;
        if let Some(target) = self.env.get(name) {
            let kind = match target {
                Target::Local(id) => {
                    self.used[id.0 as usize] = true;
                    self.locals[id].across_sections |= self.of_sections.contains(&id);
                    ExprKind::Local(id)
                }
                Target::LocalFn(id) => ExprKind::LocalFn(id),
            };
            return Some(self.push(ident.span, kind));
        }
        let kind = self.own_member(name)?;
        Some(self.push(ident.span, kind))
    }

    fn own_member(&mut self, name: &str) -> Option<ExprKind> {
        let member = match self.context {
            Context::Agent(id) => self.cx.agent_member(id, name),
            Context::Record(id) => self.cx.record_member(id, name),
            Context::Domain(id) => self.cx.members.domains[id].get(name).copied(),
            Context::Free | Context::Test => None,
        };
        if let Some(member) = member {
            return Some(self.use_member(member));
        }
        let Context::Agent(agent) = self.context else { return None };
        if name == "PrimaryChannel" && self.own_channel().is_some() {
            return Some(ExprKind::PrimaryChannel);
        }
        if let Some(port) = self.own_channel().and_then(|it| self.cx.port(it, name)) {
            return Some(ExprKind::OwnPort(port));
        }
        let domain = self.cx.program.agents[agent].domain?;
        let member = self.cx.members.domains[domain].get(name).copied()?;
        Some(self.use_member(member))
    }

    /// The channel of the agent whose code this is.
    pub(super) fn own_channel(&self) -> Option<ChannelId> {
        let Context::Agent(agent) = self.context else { return None };
        self.cx.program.agents[agent].channel.as_ref().map(|it| it.0)
    }

    pub(super) fn use_member(&mut self, member: Member) -> ExprKind {
        match member {
            Member::Field(id) => {
                self.cx.used_fields.insert(id);
                ExprKind::Field(id)
            }
            Member::Method(id) => {
                self.cx.used_methods.insert(id);
                ExprKind::Method(id)
            }
        }
    }

    pub(super) fn use_item(&mut self, def: Def) {
        match def {
            Def::Function(id) => {
                self.cx.used_methods.insert(id);
            }
            Def::Const(id) => {
                self.cx.used_consts.insert(id);
            }
            _ => {}
        }
    }

    /// An item by its bare name: of the scopes around, or of the library.
    pub(super) fn item(&mut self, ident: &Ident) -> Option<Entity> {
        let name = &*ident.name;
        let is_own = |this: &Self, def: Option<Def>| {
            def.is_some_and(|def| {
                matches!(def, Def::Param(_) | Def::Error)
                    || types::decl(this.cx, def).is_some_and(|it| !it.library)
            })
        };
        let meant = self.cx.scopes.find(self.scope, name);
        let mut def = meant.map(|it| it.def);
        if !is_own(self, def) {
            def = self.inherited_item(ident).or(def);
        } else if let Some(meant) = meant {
            def = Some(types::settle(self.cx, meant, ident));
        }
        let own = is_own(self, def);
        if let Some(def) = def {
            types::check_access(self.cx, self.scope, def, ident);
            self.use_item(def);
        }
        let def = def.or_else(|| builtin::named(name).map(Def::Builtin));
        if !own && let Some(space) = self.space(name, def) {
            return Some(Entity::Space(space, ident.clone(), def));
        }
        def.map(|def| Entity::Item(found(def, ident)))
    }

    /// An item declared inside what the own agent or schema derives from.
    fn inherited_item(&self, ident: &Ident) -> Option<Def> {
        let program = &self.cx.program;
        match self.context {
            Context::Agent(id) => {
                let base = |it: &AgentId| program.agents[*it].base;
                std::iter::successors(Some(id), base)
                    .find_map(|it| types::nested(self.cx, Def::Agent(it), ident))
            }
            Context::Record(id) => {
                let base =
                    |it: &RecordId| program.records[*it].base.as_ref().map(|it| it.0);
                std::iter::successors(Some(id), base)
                    .find_map(|it| types::nested(self.cx, Def::Record(it), ident))
            }
            Context::Domain(_) | Context::Free | Context::Test => None,
        }
    }

    /// The library namespace of a name, or of another spelling of the same type.
    pub(super) fn space(&self, name: &str, def: Option<Def>) -> Option<SpaceId> {
        let spaces = &self.cx.scopes.spaces;
        if let Some(id) = spaces.get(name) {
            return Some(*id);
        }
        let Some(Def::Builtin(builtin)) = def else { return None };
        builtin.spellings().find_map(|it| spaces.get(it).copied())
    }

    /// Reports a bare name that stands for nothing in scope, with the closest one that does.
    pub(super) fn unknown(&mut self, ident: &Ident) {
        if self.is_excused(ident) {
            return;
        }
        let domain = self.cx.domains_of(self.context).skip(1).find_map(|id| {
            let member = self.cx.members.domains[id].get(&ident.name).copied();
            member.map(|it| (id, it))
        });
        if let Some((id, member)) = domain {
            // Named somewhere, so not unused, even if wrongly.
            self.use_member(member);
            let declared = self.cx.member_span(member);
            let name = &self.cx.program.domains[id].decl.name;
            let problem = errors::bare_outer_member(ident, name, declared);
            self.report(problem);
            return;
        }
        if errors::is_planned(&ident.name) {
            let what = format!("`{}` is", ident.name);
            self.report(errors::not_yet(&what, ident.span));
            return;
        }
        let scopes = &self.cx.scopes;
        let package = scopes.namespaces[scopes.namespace_of(self.scope)].package;
        let path = std::slice::from_ref(&ident.name);
        if let Some(problem) = import::out_of_reach(self.cx, package, path, ident.span) {
            self.report(problem);
            return;
        }
        let candidates = self.candidates();
        if !candidates.is_empty()
            && let Some(it) = import::elsewhere(self.cx, self.scope, &ident.name)
        {
            self.report(errors::with_using(errors::unknown_name(ident, []), &it));
            return;
        }
        let problem = match (&*ident.name, self.context) {
            ("PrimaryChannel", Context::Agent(id)) => {
                errors::no_channel(ident, &self.cx.program.agents[id].decl.name)
            }
            _ => match self.home_of_agent(&ident.name) {
                Some(domain) => {
                    let domain = &self.cx.program.domains[domain].decl.name;
                    errors::unknown_nested(ident, domain)
                }
                None => errors::unknown_name(ident, candidates.iter().map(|it| &**it)),
            },
        };
        self.report(problem);
    }

    /// The domain in which the only agent of that name stands.
    fn home_of_agent(&self, name: &Name) -> Option<DomainId> {
        match self.cx.domain_agents.get(name)?[..] {
            [agent] => self.cx.program.agents[agent].domain,
            _ => None,
        }
    }

    /// Whether a name is unknown only because something else was reported.
    pub(super) fn is_excused(&self, ident: &Ident) -> bool {
        self.cx.is_lost(&ident.name) || self.cx.is_open(self.context)
    }

    /// Every bare name that would be found here.
    fn candidates(&mut self) -> Vec<Name> {
        if !self.cx.may_suggest() {
            return Vec::new();
        }
        let mut all = self.env.names();
        let cx = &*self.cx;
        match self.context {
            Context::Agent(id) => {
                let base = |it: &AgentId| cx.program.agents[*it].base;
                for agent in std::iter::successors(Some(id), base) {
                    all.extend(cx.members.agents[agent].keys().cloned());
                }
                if let Some(channel) = self.own_channel() {
                    all.extend(port_names(cx, channel));
                    all.push("PrimaryChannel".into());
                }
                if let Some(domain) = cx.program.agents[id].domain {
                    all.extend(cx.members.domains[domain].keys().cloned());
                }
            }
            Context::Domain(id) => all.extend(cx.members.domains[id].keys().cloned()),
            Context::Record(id) => all.extend(cx.record_names(id)),
            Context::Free | Context::Test => {}
        }
        all.extend(cx.scopes.visible(self.scope).into_iter().map(|it| it.0));
        all.extend(cx.scopes.spaces.keys().cloned());
        all.extend(cx.cases.keys().cloned());
        all
    }

    /// What the entity is as a value; reports it if it is none.
    pub(super) fn value(&mut self, entity: Entity, span: Span) -> ExprId {
        match entity {
            Entity::Value(id) => id,
            Entity::Error => self.error(span),
            Entity::Space(_, ident, def) => {
                let def = def.map(|it| types::describe(self.cx, it));
                let what = def.unwrap_or("a namespace");
                self.report(errors::no_value(&ident.name, what, ident.span));
                self.error(span)
            }
            Entity::Item(found) => match found.def {
                Def::Function(id) => {
                    let value = self.push(span, ExprKind::Method(id));
                    self.applied(value, &found.ident, found.args, found.args_span);
                    value
                }
                Def::Const(id) => self.push(span, ExprKind::Const(id)),
                Def::Error => self.error(span),
                _ if self.cx.cases.contains_key(&found.ident.name)
                    && span == found.ident.span =>
                {
                    self.push(span, ExprKind::BareCase(found.ident))
                }
                def => {
                    let what = types::describe(self.cx, def);
                    let ident = &found.ident;
                    self.report(errors::no_value(&ident.name, what, ident.span));
                    self.error(span)
                }
            },
        }
    }

    /// A bare name as a value.
    pub(super) fn name_value(&mut self, ident: &Ident) -> ExprId {
        if let Some(id) = self.own_value(ident) {
            return id;
        }
        match self.item(ident) {
            Some(entity) => self.value(entity, ident.span),
            None if self.cx.cases.contains_key(&ident.name) => {
                self.push(ident.span, ExprKind::BareCase(ident.clone()))
            }
            None if &*ident.name == "parent" => {
                let kind = self.parent(ident.span, 0);
                self.push(ident.span, kind)
            }
            None => {
                self.unknown(ident);
                self.error(ident.span)
            }
        }
    }
}

/// An item by its own name.
pub(super) fn found(def: Def, ident: &Ident) -> Found {
    Found {
        def,
        ident: ident.clone(),
        args: Vec::new(),
        args_span: ident.span,
        n_outer: 0,
    }
}
