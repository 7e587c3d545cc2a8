//! Making agents and domains: which domain a new agent joins, what its constructor takes,
//! and what its maker gets. Whether the place may do so at all, `resolve` has checked.

use super::cx::Cx;
use super::errors::names;
use super::generics::Subst;
use super::index;
use super::member::Creation;
use super::tables::{AgentDomain, ArgBinding, Call};
use super::ty::Property;
use crate::hir::body::Arg;
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;

impl<'p> Cx<'p> {
    /// `A.CreateInNewDomain(args)` and `A.Create(args)`.
    pub(super) fn create(
        &mut self,
        id: ExprId,
        agent: AgentId,
        how: Creation,
        args: &'p [Arg],
    ) -> Ty {
        let home = self.home(agent);
        let domain = match (home, how) {
            (None, _) => AgentDomain::New,
            (Some(home), Creation::InCurrentDomain) => match self.level_of(home) {
                Some(level) => AgentDomain::Current(level),
                None => {
                    self.absorb_args(args);
                    let problem = names::not_inside(self, agent, home, self.span(id));
                    self.report(problem);
                    return self.using_end(agent);
                }
            },
            (Some(home), Creation::InNewDomain) => {
                self.needs_no_arguments(agent, home, self.span(id));
                match self.program.domains[home].parent {
                    None => AgentDomain::New,
                    Some(parent) => match self.level_of(parent) {
                        Some(level) => AgentDomain::NewNested(level),
                        None => {
                            self.absorb_args(args);
                            let problem =
                                names::not_inside(self, agent, parent, self.span(id));
                            self.report(problem);
                            return self.using_end(agent);
                        }
                    },
                }
            }
        };
        let crosses = how == Creation::InNewDomain;
        self.finish_creation(id, agent, domain, args, crosses)
    }

    /// `handle.Create<A>(args)`
    pub(super) fn create_in(
        &mut self,
        id: ExprId,
        domain: ExprId,
        agent: AgentId,
        args: &'p [Arg],
    ) -> Ty {
        let handle = self.value(domain);
        let home = self.home(agent);
        match &handle {
            Ty::Error => {}
            Ty::Domain(found, _) if Some(*found) == home => {}
            _ => {
                let problem =
                    names::wrong_domain(self, agent, &handle, self.span(domain));
                self.report(problem);
                self.absorb_args(args);
                return self.using_end(agent);
            }
        }
        self.finish_creation(id, agent, AgentDomain::Handle(domain), args, true)
    }

    fn finish_creation(
        &mut self,
        id: ExprId,
        agent: AgentId,
        domain: AgentDomain,
        args: &'p [Arg],
        crosses: bool,
    ) -> Ty {
        let span = self.span(id);
        let bound = match self.agent_constructor(agent) {
            Some(constructor) => {
                self.bind_method(constructor, &Subst::default(), args, span)
            }
            None => {
                let decl = &self.program.agents[agent].decl;
                self.no_constructor(&decl.name, args, span)
            }
        };
        if let Some(args) = bound {
            if crosses {
                self.check_crossing(&args);
            }
            self.out.calls.insert(id, Call::CreateAgent { agent, domain, args });
        }
        self.using_end(agent)
    }

    /// What is declared without a constructor takes no arguments.
    fn no_constructor(
        &mut self,
        name: &body::Ident,
        args: &'p [Arg],
        span: Span,
    ) -> Option<Vec<ArgBinding>> {
        let signature = super::call::Signature {
            what: format!("`{}`", name.name),
            params: Vec::new(),
            optional: Vec::new(),
            span: Some(name.span),
        };
        self.bind(&signature, args, span).map(|_| Vec::new())
    }

    /// Arguments that cross into another domain must be sendable (decision 17).
    fn check_crossing(&mut self, args: &[ArgBinding]) {
        for arg in args {
            let ArgBinding::Expr(id) = arg else { continue };
            let Some(ty) = self.done(*id) else { continue };
            if !self.shared.has(&ty, Property::Sendable) {
                let problem = names::not_sendable_argument(self, *id, &ty);
                self.report(problem);
            }
        }
    }

    /// `new Chatroom("news")`
    pub(super) fn new_domain(
        &mut self,
        id: ExprId,
        domain: DomainId,
        args: &'p [Arg],
    ) -> Ty {
        let span = self.span(id);
        let declared = &self.program.domains[domain];
        let nested = declared.parent.map(|parent| self.level_of(parent));
        let bound = match declared.constructor {
            Some(constructor) => {
                self.bind_method(constructor, &Subst::default(), args, span)
            }
            None => self.no_constructor(&declared.decl.name, args, span),
        };
        if let Some(args) = bound {
            self.check_crossing(&args);
            // From elsewhere `resolve` has rejected it.
            let nested = nested.map(|level| level.unwrap_or(0));
            self.out.calls.insert(id, Call::NewDomain { domain, nested, args });
        }
        Ty::Domain(domain, [].into())
    }

    /// The domain that an agent, or the one it extends, stands in.
    pub(super) fn home(&self, agent: AgentId) -> Option<DomainId> {
        index::agents(self.program, agent).find_map(|it| self.program.agents[it].domain)
    }

    /// The constructor that makes the agent: its own, or the one it inherits.
    pub(super) fn agent_constructor(&self, agent: AgentId) -> Option<MethodId> {
        index::agents(self.program, agent)
            .find_map(|it| self.program.agents[it].constructor)
    }

    /// What the maker of an agent gets.
    fn using_end(&self, agent: AgentId) -> Ty {
        let mut chain = index::agents(self.program, agent);
        match chain.find_map(|it| self.program.agents[it].channel.clone()) {
            Some((channel, args)) => Ty::Using(channel, args, None),
            None => Ty::Void,
        }
    }

    /// A domain that is made along with an agent gets no arguments (decision 37).
    fn needs_no_arguments(&mut self, agent: AgentId, domain: DomainId, span: Span) {
        let Some(constructor) = self.program.domains[domain].constructor else { return };
        let params = &self.program.methods[constructor].params;
        if params.iter().any(|it| it.default.is_none()) {
            let problem = names::domain_needs_arguments(self, agent, domain, span);
            self.report(problem);
        }
    }
}
