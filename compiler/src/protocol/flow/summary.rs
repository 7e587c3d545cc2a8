//! What methods do to the channel of their agent and to ends that they are lent, remembered
//! by what was known when they were called. Recursion, and a method called in more ways than
//! a person would read, make the state unknown.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::build::{self, Role};
use super::graph::Graph;
use super::kind::Kind;
use super::report::Reports;
use super::solve;
use super::status::{Set, Status};
use super::touch::has_protocol;
use super::{Shared, Side};
use crate::hir::body::Context;
use crate::hir::item::Overridable;
use crate::hir::*;

/// What is known after a call.
#[derive(Clone, Debug)]
pub(super) struct Summary {
    /// Of the own channel; `None` if control does not come back.
    pub(super) after: Option<Set>,
    /// Of the own channel where an exception leaves the method.
    pub(super) thrown: Option<Set>,
    /// Of the parameters.
    pub(super) params: Vec<Option<Set>>,
}

impl Summary {
    fn unknown() -> Self {
        let set = Some(Set::unknown());
        Self { after: set.clone(), thrown: set, params: Vec::new() }
    }
}

type Key = (Option<AgentId>, BodyId, Vec<Status>);

/// Entries that are told apart for one body.
const MOST: usize = 12;
/// Calls within calls that are followed.
const DEEPEST: usize = 150;

pub(super) struct Summaries<'c, 'a> {
    pub(super) cx: &'c Shared<'a>,
    pub(super) reports: Reports,
    graphs: BTreeMap<BodyId, Option<Rc<Graph>>>,
    known: HashMap<Key, Summary>,
    busy: BTreeSet<(Option<AgentId>, BodyId)>,
    /// How often each body was followed.
    n_entries: BTreeMap<(Option<AgentId>, BodyId), usize>,
    methods: BTreeMap<BodyId, MethodId>,
}

impl<'c, 'a> Summaries<'c, 'a> {
    pub(super) fn new(cx: &'c Shared<'a>) -> Self {
        let methods = cx.program.methods.enumerate();
        let methods = methods.filter_map(|(id, it)| Some((it.body?, id))).collect();
        Self { methods, ..Self::of_none(cx) }
    }

    /// For code whose calls are not followed.
    pub(super) fn of_none(cx: &'c Shared<'a>) -> Self {
        Self {
            cx,
            reports: Reports::default(),
            graphs: BTreeMap::new(),
            known: HashMap::new(),
            busy: BTreeSet::new(),
            n_entries: BTreeMap::new(),
            methods: BTreeMap::new(),
        }
    }

    /// Whether the body was followed from some entry.
    pub(super) fn is_done(&self, body: BodyId) -> bool {
        self.graphs.contains_key(&body)
    }

    /// A call of a method by code that `class` runs.
    pub(super) fn of(
        &mut self,
        class: Option<AgentId>,
        method: MethodId,
        virtual_call: bool,
        entry: &Set,
    ) -> Summary {
        let method = match class.filter(|_| virtual_call) {
            Some(class) => self.overriding(class, method),
            None => method,
        };
        let Some(body) = self.cx.program.methods[method].body else {
            return Summary::unknown();
        };
        // An iterator runs when somebody asks for its elements.
        if self.cx.program.bodies[body].iterator {
            return Summary::unknown();
        }
        self.body(class, body, Some(entry))
    }

    /// The method that runs if `class` is asked for `method`.
    fn overriding(&self, class: AgentId, method: MethodId) -> MethodId {
        let program = self.cx.program;
        let data = &program.methods[method];
        if data.overridable == Overridable::No {
            return method;
        }
        let mut at = Some(class);
        while let Some(agent) = at {
            let mut methods = program.agents[agent].methods.iter();
            let same = methods
                .find(|it| program.methods[**it].decl.name.name == data.decl.name.name);
            if let Some(&same) = same {
                return same;
            }
            at = program.agents[agent].base;
        }
        method
    }

    /// Follows a body, or remembers what came of it.
    pub(super) fn body(
        &mut self,
        class: Option<AgentId>,
        body: BodyId,
        entry: Option<&Set>,
    ) -> Summary {
        let graph = match self.graphs.get(&body) {
            Some(graph) => graph.clone(),
            None => self.build(body),
        };
        let Some(graph) = graph else {
            let after = entry.cloned();
            return Summary { thrown: after.clone(), after, params: Vec::new() };
        };
        let place = (class, body);
        if self.busy.contains(&place) || self.busy.len() > DEEPEST {
            return Summary::unknown();
        }
        let n_entries = self.n_entries.entry(place).or_default();
        let unknown = Set::unknown();
        let entry = if *n_entries < MOST { entry } else { Some(&unknown) };
        let key = (class, body, entry.map(Set::statuses).unwrap_or_default());
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        *n_entries += 1;
        self.busy.insert(place);
        let summary = self.follow(class, &graph, entry);
        self.busy.remove(&place);
        self.known.insert(key, summary.clone());
        summary
    }

    fn follow(
        &mut self,
        class: Option<AgentId>,
        graph: &Rc<Graph>,
        entry: Option<&Set>,
    ) -> Summary {
        let own = graph.own.map(|_| entry.cloned().unwrap_or_else(Set::unknown));
        let ends = solve::solve(self, graph, &graph.main, class, own);
        let own_at = |env: &super::env::Env| match graph.own {
            Some(slot) => env.get(slot).cloned(),
            None => None,
        };
        let param = |slot: &Option<u32>| ends.exit.as_ref()?.get((*slot)?).cloned();
        Summary {
            after: ends.exit.as_ref().and_then(own_at),
            thrown: ends.thrown.as_ref().and_then(own_at),
            params: graph.params.iter().map(param).collect(),
        }
    }

    /// Makes the graph of a body, and follows what may run at any time.
    fn build(&mut self, body: BodyId) -> Option<Rc<Graph>> {
        let program = self.cx.program;
        let data = &program.bodies[body];
        let own = match data.context {
            Context::Agent(agent) => self.channel(agent),
            _ => None,
        };
        let own = own.map(|it| Kind::End(it, Side::Impl));
        let method = self.methods.get(&body);
        let returns = method.map(|it| program.methods[*it].returns_span);
        let role = Role { own, returns };
        let table = self.cx.types.bodies.get(body);
        let graph = table.and_then(|it| build::graph(self.cx, data, it, &role));
        let graph = graph.map(Rc::new);
        self.graphs.insert(body, graph.clone());
        if let Some(graph) = &graph {
            for routine in &graph.inner {
                let own = graph.own.map(|_| Set::unknown());
                solve::solve(self, graph, routine, None, own);
            }
        }
        graph
    }

    /// The channel of an agent, if it has a protocol.
    pub(super) fn channel(&self, agent: AgentId) -> Option<ChannelId> {
        let (channel, _) = self.cx.program.agents[agent].channel.as_ref()?;
        has_protocol(self.cx.program, *channel).then_some(*channel)
    }
}
