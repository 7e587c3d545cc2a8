//! What the effect inference finds out about methods, lambdas and bodies.

use crate::hir::*;
use crate::support::index::IdMap;
use std::collections::{BTreeMap, BTreeSet};

/// Some of the domains around a piece of code. No two lie at one depth, so the depth of each,
/// 0 for the outermost, says which it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depths(u64);

impl Depths {
    /// What lies deeper than can be told apart counts as this.
    const DEEPEST: usize = u64::BITS as usize - 1;

    /// The domain at this depth alone.
    #[must_use]
    pub fn at(depth: usize) -> Self {
        Self(1 << depth.min(Self::DEEPEST))
    }

    /// Whether there is any.
    #[must_use]
    pub fn any(self) -> bool {
        self.0 != 0
    }

    /// Those around the domain at this depth, which itself is left out.
    #[must_use]
    pub fn around(self, depth: usize) -> Self {
        match depth {
            0..=Self::DEEPEST => Self(self.0 & ((1 << depth) - 1)),
            _ => self,
        }
    }
}

impl std::ops::BitOrAssign for Depths {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// The least effect of a piece of code, calls included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Reads fields of the own agent (or record).
    pub reads_own: bool,
    pub writes_own: bool,
    /// Reads state of these domains around it.
    pub reads_domain: Depths,
    pub writes_domain: Depths,
    /// Reads `readonly` fields of a domain. They are no state, so any agent may; but they
    /// live beside the state, and reaching them at run time takes a reader's turn.
    pub reads_fixed: Depths,
    /// Receives or otherwise suspends.
    pub suspends: bool,
    /// Suspends in a turn of a domain, too. A send that is held back does not: it waits at the
    /// next suspension.
    pub ends_turn: bool,
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
        let writes = self.writes_own || self.writes_domain.any();
        !(writes || self.suspends || self.sends || self.io)
    }
    /// Keeps the promise and reads no state: may run anywhere, any number at a time.
    #[must_use]
    pub fn is_pure(&self) -> bool {
        self.keeps_promise()
            && !self.reads_own
            && !self.reads_domain.any()
            && !self.reads_fixed.any()
    }
    /// Needs a turn on a domain, of whatever kind.
    #[must_use]
    pub fn needs_turn(&self) -> bool {
        self.reads_domain.any() || self.writes_domain.any() || self.reads_fixed.any()
    }
    /// What of it concerns the code that makes an instance of a domain, whose constructor it
    /// is the effect of: the new state, at this depth, is not that code's.
    #[must_use]
    pub fn around(&self, depth: usize) -> Self {
        Self {
            reads_own: false,
            writes_own: false,
            reads_domain: self.reads_domain.around(depth),
            writes_domain: self.writes_domain.around(depth),
            reads_fixed: self.reads_fixed.around(depth),
            uses_agent: false,
            ..self.clone()
        }
    }
    /// Adds the effect of a part.
    pub fn include(&mut self, part: &Self) {
        self.reads_own |= part.reads_own;
        self.writes_own |= part.writes_own;
        self.reads_domain |= part.reads_domain;
        self.writes_domain |= part.writes_domain;
        self.reads_fixed |= part.reads_fixed;
        self.suspends |= part.suspends;
        self.ends_turn |= part.ends_turn;
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
    /// Of a method as run by a derived agent, and by those that derive from it, where that
    /// differs from how its base runs it (virtual calls).
    pub derived: BTreeMap<MethodId, BTreeMap<AgentId, Effect>>,
    /// The base of each agent that has one.
    pub bases: IdMap<AgentId, AgentId>,
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
    /// What making an instance of a domain does to the code that makes it.
    pub domains: IdMap<DomainId, Effect>,
}

impl Effects {
    /// The effect of `method` when run by `agent`.
    #[must_use]
    pub fn method(&self, agent: Option<AgentId>, method: MethodId) -> Effect {
        let derived = self.derived.get(&method).and_then(|by_agent| {
            std::iter::successors(agent, |&it| self.bases.get(it).copied())
                .find_map(|it| by_agent.get(&it))
        });
        derived.or_else(|| self.methods.get(method)).cloned().unwrap_or_default()
    }
}
