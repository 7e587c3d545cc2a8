//! Making agents and domains: which domain a new agent joins, what its constructor takes,
//! and what its maker gets. Whether the place may do so at all, `resolve` has checked.

use super::cx::{Cx, Why};
use super::early::Code;
use super::errors::names;
use super::generics::{self, Subst};
use super::index;
use super::infer::{Inference, Wanted};
use super::member::Creation;
use super::tables::{AgentDomain, ArgBinding, Call};
use super::ty::Property;
use crate::hir::body::Arg;
use crate::hir::ty::{Args, Ty};
use crate::hir::*;
use crate::support::span::Span;

/// An agent that is made.
struct Made {
    agent: AgentId,
    domain: AgentDomain,
    /// The type arguments of its domain, where the instance is known.
    around: Option<Args>,
    /// The expression behind which its type arguments are written.
    named: ExprId,
    /// It is made in another domain than the code that makes it.
    crosses: bool,
}

impl<'p> Cx<'p> {
    /// `A.CreateInNewDomain(args)` and `A.Create(args)`.
    pub(super) fn create(
        &mut self,
        id: ExprId,
        (named, agent): (ExprId, AgentId),
        how: Creation,
        args: &'p [Arg],
        hint: Option<&Ty>,
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
                    return self.unknown_end(agent);
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
                            return self.unknown_end(agent);
                        }
                    },
                }
            }
        };
        let crosses = how == Creation::InNewDomain;
        // Code of a domain makes agents of the same instance.
        let around = match &domain {
            AgentDomain::Current(_) => {
                home.map(|it| &self.program.domains[it].type_params)
            }
            AgentDomain::NewNested(_) => {
                let parent = home.and_then(|it| self.program.domains[it].parent);
                parent.map(|it| &self.program.domains[it].type_params)
            }
            _ => None,
        };
        let around = around.map(|it| generics::own(it));
        let made = Made { agent, domain, around, named, crosses };
        self.finish_creation(id, made, args, hint)
    }

    /// `handle.Create<A>(args)`
    pub(super) fn create_in(
        &mut self,
        id: ExprId,
        named: ExprId,
        (domain, agent): (ExprId, AgentId),
        args: &'p [Arg],
        hint: Option<&Ty>,
    ) -> Ty {
        let handle = self.value(domain);
        let home = self.home(agent);
        let mut around = None;
        match &handle {
            Ty::Error => {
                // Its type arguments are those of a domain that nobody knows.
                if home.is_some_and(|it| !self.program.domains[it].type_params.is_empty())
                {
                    self.absorb_args(args);
                    return Ty::Error;
                }
            }
            Ty::Domain(found, args) if Some(*found) == home => {
                around = Some(args.clone());
            }
            _ => {
                let problem =
                    names::wrong_domain(self, agent, &handle, self.span(domain));
                self.report(problem);
                self.absorb_args(args);
                return self.unknown_end(agent);
            }
        }
        let domain = AgentDomain::Handle(domain);
        let made = Made { agent, domain, around, named, crosses: true };
        self.finish_creation(id, made, args, hint)
    }

    fn finish_creation(
        &mut self,
        id: ExprId,
        made: Made,
        args: &'p [Arg],
        hint: Option<&Ty>,
    ) -> Ty {
        let span = self.span(id);
        let agent = made.agent;
        let declared = &self.program.agents[agent];
        let n_written = self.body.type_args.get(made.named).map_or(0, Vec::len);
        let found = match &declared.type_params[..] {
            [] if n_written > 0 => {
                self.absorb_args(args);
                let decl = &declared.decl;
                let problem = names::item_argument_count(self, decl, 0, n_written, span);
                self.report(problem);
                return self.using_end(agent, &[]);
            }
            [] => {
                let bound = match self.agent_constructor(agent) {
                    Some(it) => self.bind_method(it, &Subst::default(), args, span),
                    None => self.no_constructor(&declared.decl.name, args, span),
                };
                Some((Vec::new(), bound))
            }
            _ => self.agent_type_args(id, &made, args, hint),
        };
        let Some((type_args, bound)) = found else { return self.unknown_end(agent) };
        let end = self.using_end(agent, &type_args);
        if let Some(args) = bound {
            if made.crosses {
                self.check_crossing(&args);
            }
            if let (AgentDomain::NewNested(_), Some(domain)) =
                (&made.domain, declared.domain)
            {
                self.early_reads(Code::Makes(domain), id);
            }
            let call = Call::CreateAgent { agent, type_args, domain: made.domain, args };
            self.out.calls.insert(id, call);
        }
        end
    }

    /// The type arguments of a generic agent, with the arguments of its constructor.
    fn agent_type_args(
        &mut self,
        id: ExprId,
        made: &Made,
        args: &'p [Arg],
        hint: Option<&Ty>,
    ) -> Option<(Vec<Ty>, Option<Vec<ArgBinding>>)> {
        let span = self.span(id);
        let program = self.program;
        let declared = &program.agents[made.agent];
        let params = &declared.type_params;
        // What kind of domain it is was asked where the domain was made.
        if made.around.iter().flat_map(|it| it.iter()).any(Ty::is_error) {
            self.absorb_args(args);
            return None;
        }
        let given = self.given_args(made, args, span)?;
        let before = self.problems.len();
        let mut inference = Inference::new(params, &given);
        let own = generics::own(params);
        let constructor = self.agent_constructor(made.agent);
        let slots = match constructor {
            Some(it) => self.method_slots(it, args, span)?,
            None => {
                self.no_constructor(&declared.decl.name, args, span)?;
                Vec::new()
            }
        };
        let mut wanted = Vec::new();
        if let Some(constructor) = constructor {
            let method = &program.methods[constructor];
            let owner = method.decl.owner;
            let (of, seen) = program.agent_generics(made.agent, &own, owner);
            for (at, (param, slot)) in method.params.iter().zip(&slots).enumerate() {
                let Some(slot) = slot else { continue };
                let ty = inference.open(&param.ty.substitute(&of, &seen));
                let why = Why::Param(constructor, at);
                wanted.push(Wanted { value: args[*slot].value, ty, why });
            }
        }
        let returns = inference.open(&self.using_end(made.agent, &own));
        self.infer_from(&mut inference, &wanted, &returns, hint);
        let name = &declared.decl.name;
        let how = |args: &str| match made.domain {
            AgentDomain::Handle(_) => format!("….Create<{}{args}>(…)", name.name),
            _ => format!("{}{args}.CreateInNewDomain(…)", name.name),
        };
        let solved = self.solve(&inference, name, (span, before), &how)?;
        let bound = match constructor {
            Some(it) => self.bindings(it, &slots, args),
            None => Some(Vec::new()),
        };
        Some((solved, bound))
    }

    /// Type arguments that are written or those of a known instance of the domain; `Infer`
    /// for the others.
    fn given_args(
        &mut self,
        made: &Made,
        args: &'p [Arg],
        span: Span,
    ) -> Option<Vec<Ty>> {
        let program = self.program;
        let declared = &program.agents[made.agent];
        let n_params = declared.type_params.len();
        let n_outer = program.n_domain_params(made.agent);
        let written: &[Ty] =
            self.body.type_args.get(made.named).map_or(&[], Vec::as_slice);
        for ty in written {
            self.well_formed(ty, span);
        }
        let mut given = vec![Ty::Infer(u32::MAX); n_params];
        if let Some(around) = &made.around {
            for (slot, ty) in given.iter_mut().zip(around.iter()) {
                slot.clone_from(ty);
            }
        }
        let n_own = n_params - n_outer;
        let n_around = made.around.as_ref().map_or(0, |it| it.len());
        match written.len() {
            0 => {}
            n if n == n_own => given[n_outer..].clone_from_slice(written),
            n if n == n_params && n_around > 0 && n > n_own => {
                // A known instance, and its type written out again.
                if written[..n_around] != given[..n_around] {
                    self.absorb_args(args);
                    let problem = match (&made.domain, &made.around) {
                        (AgentDomain::Handle(handle), _)
                            if let Some(ty) = self.done(*handle) =>
                        {
                            let span = self.span(*handle);
                            names::wrong_domain(self, made.agent, &ty, span)
                        }
                        _ => {
                            let decl = &declared.decl;
                            names::item_argument_count(self, decl, n_own, n, span)
                        }
                    };
                    self.report(problem);
                    return None;
                }
                given[n_around..].clone_from_slice(&written[n_around..]);
            }
            // Those of the new domain, too.
            n if n == n_params - n_around => {
                given[n_around..].clone_from_slice(written);
            }
            n => {
                self.absorb_args(args);
                let decl = &declared.decl;
                let problem = names::item_argument_count(self, decl, n_own, n, span);
                self.report(problem);
                return None;
            }
        }
        Some(given)
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
        type_args: &Args,
        args: &'p [Arg],
    ) -> Ty {
        let span = self.span(id);
        let declared = &self.program.domains[domain];
        let owner = Subst::new(&declared.type_params, type_args);
        let nested = declared.parent.map(|parent| self.level_of(parent));
        let bound = match declared.constructor {
            Some(constructor) => self.bind_method(constructor, &owner, args, span),
            None => self.no_constructor(&declared.decl.name, args, span),
        };
        self.early_reads(Code::Makes(domain), id);
        if let Some(args) = bound {
            self.check_crossing(&args);
            // From elsewhere `resolve` has rejected it.
            let nested = nested.map(|level| level.unwrap_or(0));
            self.out.calls.insert(id, Call::NewDomain { domain, nested, args });
        }
        Ty::Domain(domain, type_args.clone())
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
    fn using_end(&self, agent: AgentId, args: &[Ty]) -> Ty {
        let declared = &self.program.agents[agent];
        match &declared.channel {
            Some((channel, of)) => {
                let of = of.iter().map(|it| it.substitute(&declared.type_params, args));
                Ty::Using(*channel, of.collect(), None)
            }
            None => Ty::Void,
        }
    }

    /// The same where a fault was reported.
    fn unknown_end(&self, agent: AgentId) -> Ty {
        match self.program.agents[agent].type_params.is_empty() {
            true => self.using_end(agent, &[]),
            false => Ty::Error,
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
