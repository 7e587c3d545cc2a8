//! What the effect inference finds out about methods, lambdas and bodies.

use crate::hir::*;
use crate::support::index::IdMap;
use std::collections::{BTreeMap, BTreeSet};

/// The least effect of a piece of code, calls included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Reads fields of the own agent (or record).
    pub reads_own: bool,
    pub writes_own: bool,
    /// Reads state of some domain around it.
    pub reads_domain: bool,
    pub writes_domain: bool,
    /// Reads `readonly` fields of a domain. They are no state, so any agent may; but they
    /// live beside the state, and reaching them at run time takes a reader's turn.
    pub reads_fixed: bool,
    /// Receives or otherwise suspends.
    pub suspends: bool,
    /// Sends, creates agents, links networks, or changes what a handle names.
    pub sends: bool,
    pub io: bool,
    pub throws: bool,
    /// Uses the agent itself: fields, ports, domain, networks; else it can be a free function.
    pub uses_agent: bool,
}

impl Effect {
    /// Keeps the promise of `function`: no writes, sends, receives or I/O.
    #[must_use]
    pub fn keeps_promise(&self) -> bool {
        !(self.writes_own || self.writes_domain || self.suspends || self.sends || self.io)
    }
    /// Keeps the promise and reads no state: may run anywhere, any number at a time.
    #[must_use]
    pub fn is_pure(&self) -> bool {
        self.keeps_promise() && !self.reads_own && !self.reads_domain && !self.reads_fixed
    }
    /// Needs a turn on a domain, of whatever kind.
    #[must_use]
    pub fn needs_turn(&self) -> bool {
        self.reads_domain || self.writes_domain || self.reads_fixed
    }
    /// Adds the effect of a part.
    pub fn include(&mut self, part: &Self) {
        self.reads_own |= part.reads_own;
        self.writes_own |= part.writes_own;
        self.reads_domain |= part.reads_domain;
        self.writes_domain |= part.writes_domain;
        self.reads_fixed |= part.reads_fixed;
        self.suspends |= part.suspends;
        self.sends |= part.sends;
        self.io |= part.io;
        self.throws |= part.throws;
        self.uses_agent |= part.uses_agent;
    }
}

/// Effects of the whole program. A method that derived agents override is looked up by
/// the agent that runs it: see `method`.
#[derive(Debug, Default)]
pub struct Effects {
    /// Of each method as its own declaration stands.
    pub methods: IdMap<MethodId, Effect>,
    /// Of a method as run by a derived agent, where that differs (virtual calls).
    pub derived: BTreeMap<(AgentId, MethodId), Effect>,
    /// Of each lambda when called.
    pub lambdas: BTreeMap<(BodyId, LambdaId), Effect>,
    pub local_fns: BTreeMap<(BodyId, LocalFnId), Effect>,
    /// Of bodies that belong to no method (initialisers, rules, constants).
    pub bodies: IdMap<BodyId, Effect>,
    /// Methods that can call themselves, directly or around a cycle.
    pub recursive: BTreeSet<MethodId>,
    /// Local functions that can, likewise.
    pub recursive_local_fns: BTreeSet<(BodyId, LocalFnId)>,
    /// Of function values used as nodes (`NodeKind::Value`), by their expression: the join
    /// of all that may be called. Parallel only if it is pure.
    pub value_nodes: BTreeMap<(BodyId, ExprId), Effect>,
    /// Agents that are neither reader nor writer, but whose code, inherited or own, reads
    /// `readonly` fields of a domain: at run time they take turns as readers.
    pub fixed_readers: BTreeSet<AgentId>,
}

impl Effects {
    /// The effect of `method` when run by `agent`.
    #[must_use]
    pub fn method(&self, agent: Option<AgentId>, method: MethodId) -> Effect {
        agent
            .and_then(|agent| self.derived.get(&(agent, method)))
            .or_else(|| self.methods.get(method))
            .cloned()
            .unwrap_or_default()
    }
}
