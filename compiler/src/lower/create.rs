//! `A.CreateInNewDomain(…)`, `A.Create(…)`, `room.Create<A>(…)`; and which fields of a
//! state begin with their value.

use std::collections::BTreeSet;

use crate::hir::body::{Context, ExprKind as HirKind, Root};
use crate::hir::item::Owner;
use crate::hir::ty::Args;
use crate::hir::{AgentId, BodyId, ExprId, FieldId, Program};
use crate::ir::Expr;
use crate::types::Types;
use crate::types::tables::{AgentDomain, ArgBinding, Call, Member};

use super::Lower;
use super::body::Fx;
use super::names::Key;

impl Fx<'_, '_> {
    pub(super) fn create(
        &mut self,
        agent: AgentId,
        type_args: &Args,
        domain: &AgentDomain,
        args: &[ArgBinding],
    ) -> Expr {
        let at = self.at;
        let of = self.lower.program.agents[agent].domain;
        let program = self.lower.program;
        let domain_args = match of {
            Some(of) => program.args_of_domain(agent, type_args, of),
            None => [].into(),
        };
        let domain = match (domain, of) {
            (AgentDomain::Handle(handle), _) => self.value(*handle),
            (_, None) => at.rt("Dom::none", vec![]),
            (AgentDomain::New, _) => self.fresh_domain(of, &domain_args),
            (AgentDomain::NewNested(level), Some(of)) => {
                let parent = self.dom_value(*level);
                self.make_home((of, domain_args), parent)
            }
            (AgentDomain::Current(level), _) => self.dom_value(*level),
        };
        let mut held = vec![self.hold(domain)];
        if let Some((owner, constructor)) = self.lower.constructor(agent) {
            let owner = Owner::Agent(owner);
            let (params, all) = program.agent_generics(agent, type_args, owner);
            held.extend(self.arguments_in(constructor, (&params, &all), args));
        }
        self.at = at;
        let mut args = self.settled(held);
        if args.len() == 1 && !self.lower.creators.contains(&agent) {
            let domain = args.remove(0);
            return self.spawn((agent, type_args), domain, vec![]);
        }
        let create = self.lower.need(Key::CreateAgent(agent, type_args.clone()));
        at.call(create, args)
    }
}

/// Agents whose code may come to create agents, perhaps of their own kind. Rustc cannot tell
/// whether a body that spawns itself may cross threads, unless a plain function stands
/// between.
pub(super) fn creators(program: &Program, types: &Types) -> BTreeSet<AgentId> {
    let mut own = BTreeSet::new();
    let mut all = false;
    for (id, body) in program.bodies.enumerate() {
        let Some(table) = types.bodies.get(id) else { continue };
        let creates =
            |it: &Call| matches!(it, Call::CreateAgent { .. } | Call::NewDomain { .. });
        if !table.calls.iter().any(|(_, it)| creates(it)) {
            continue;
        }
        match body.context {
            Context::Agent(agent) => _ = own.insert(agent),
            // Any agent may call it, and wait for it.
            Context::Domain(_) | Context::Record(_) => all = true,
            Context::Free | Context::Test => {}
        }
    }
    let runs = |agent: AgentId| {
        let mut bases = std::iter::successors(Some(agent), |it| program.agents[*it].base);
        all || bases.any(|it| own.contains(&it))
    };
    program.agents.ids().filter(|it| runs(*it)).collect()
}

impl Lower<'_> {
    /// Whether a field of a state is an `Option` until it is assigned: its type has no
    /// default, and its initialiser has to run first.
    pub(super) fn is_late(&self, field: FieldId) -> bool {
        let it = &self.program.fields[field];
        matches!(it.owner, Owner::Agent(_) | Owner::Domain(_))
            && !self.defaultable(&it.ty)
            && !it.init.is_some_and(|it| self.is_plain_init(it))
    }

    /// Whether an initialiser can be evaluated before the state exists: it is a constant,
    /// a case of an enum, or a fresh value of a library type.
    pub(super) fn is_plain_init(&self, init: BodyId) -> bool {
        match &self.program.bodies[init].root {
            Root::Expr(id) => self.is_plain_expr(init, *id),
            Root::Block(_) => false,
        }
    }

    fn is_plain_expr(&self, body: BodyId, id: ExprId) -> bool {
        let Some(table) = self.types.bodies.get(body) else { return false };
        if table.constants.contains(id) {
            return true;
        }
        let exprs = &self.program.bodies[body].exprs;
        match &exprs[id].kind {
            HirKind::Literal(_) => true,
            HirKind::Member { .. } | HirKind::BareCase(_) => matches!(
                table.members.get(id),
                Some(Member::EnumCase(..) | Member::SignalValue)
            ),
            HirKind::New { init: None, .. } => match table.calls.get(id) {
                Some(Call::NewNative { constructor, args, .. }) => {
                    let sig = &self.program.methods[*constructor].native;
                    sig.as_ref().is_some_and(|it| !it.throws && !it.io)
                        && args.iter().all(|it| match it {
                            ArgBinding::Expr(arg) => self.is_plain_expr(body, *arg),
                            _ => false,
                        })
                }
                _ => false,
            },
            HirKind::NewArrayInit { items, .. } | HirKind::Vector(items) => {
                items.iter().all(|it| self.is_plain_expr(body, *it))
            }
            HirKind::Default(_) => true,
            _ => false,
        }
    }
}
