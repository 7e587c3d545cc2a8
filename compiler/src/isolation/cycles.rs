//! AX0807: links of one body that lead back to where they begin. If every point on the way holds its
//! senders back, the links can all wait for each other; if none of it ever lets go of a message, they
//! can only fill up. It is a warning: what cannot be followed is not reported.

use std::collections::{BTreeMap, BTreeSet};

use super::call_graph::{NodeId, components};
use super::errors;
use super::tables::Effects;
use crate::diag::Diagnostic;
use crate::hir::body::*;
use crate::hir::item::Policy;
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::index::IdVec;
use crate::support::span::Span;
use crate::types::Types;
use crate::types::tables::{
    ArgBinding, BodyTypes, Call, Member, Node, NodeKind, Operand,
};

/// What the walk over the bodies notes.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// Chains of links that stand as statements, or whose value is kept in a local.
    pub(super) chains: Vec<(BodyId, ExprId, Option<LocalId>)>,
    /// What locals begin with.
    pub(super) inits: BTreeMap<(BodyId, LocalId), ExprId>,
}

/// Something that messages come out of as they went in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Local(BodyId, LocalId),
    Field(FieldId),
}

/// What a point does with too many messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keeps {
    All,
    /// Its senders are held back.
    Few,
    /// It drops or refuses them, or nobody knows.
    Other,
}

/// One way from sources through nodes to targets.
#[derive(Debug)]
struct Link {
    span: Span,
    sources: Vec<Place>,
    targets: Vec<Place>,
    /// Messages may not get to the targets, or not as many.
    lossy: bool,
    /// It takes one message only, or gives each to one target, and some of these are elsewhere.
    leaves: bool,
}

struct Cx<'a> {
    program: &'a Program,
    types: &'a Types,
    effects: &'a Effects,
    noted: &'a Noted,
    links: BTreeMap<BodyId, Vec<Link>>,
    /// Mentions of points that the links explain.
    explained: BTreeSet<(BodyId, ExprId)>,
    /// Points that are used in other ways, which may take messages out of them.
    open: BTreeSet<Place>,
}

/// Warns of the cycles in all bodies.
pub(super) fn check(
    program: &Program,
    types: &Types,
    effects: &Effects,
    noted: &Noted,
    found: &mut Vec<Diagnostic>,
) {
    if noted.chains.is_empty() {
        return;
    }
    let mut cx = Cx {
        program,
        types,
        effects,
        noted,
        links: BTreeMap::new(),
        explained: BTreeSet::new(),
        open: BTreeSet::new(),
    };
    let ended = cx.ended_by_hand();
    for &(body, chain, local) in &noted.chains {
        if local.is_none_or(|it| !ended.contains(&(body, it))) {
            cx.chain(body, chain);
        }
    }
    cx.mentions();
    for (&body, links) in &cx.links {
        cx.cycles(body, links, found);
    }
}

impl Cx<'_> {
    /// Locals that hold networks, and by which these may be ended.
    fn ended_by_hand(&self) -> BTreeSet<(BodyId, LocalId)> {
        let kept = self.noted.chains.iter().filter_map(|it| Some((it.0, it.2?)));
        let kept: BTreeSet<(BodyId, LocalId)> = kept.collect();
        let bodies: BTreeSet<BodyId> = kept.iter().map(|it| it.0).collect();
        let mut ended = BTreeSet::new();
        for id in bodies {
            let body = &self.program.bodies[id];
            let mut harmless = BTreeSet::new();
            for expr in body.exprs.iter() {
                if let ExprKind::Member { base, name, .. } = &expr.kind
                    && matches!(&*name.name, "Failures" | "Completion" | "Count")
                {
                    harmless.insert(*base);
                }
            }
            for (at, expr) in body.exprs.enumerate() {
                if let ExprKind::Local(local) = expr.kind
                    && kept.contains(&(id, local))
                    && !harmless.contains(&at)
                {
                    ended.insert((id, local));
                }
            }
        }
        ended
    }

    /// The links of one chain of operators.
    fn chain(&mut self, body: BodyId, root: ExprId) {
        let program = self.program;
        let exprs = &program.bodies[body].exprs;
        let mut steps = Vec::new();
        let mut at = root;
        while let ExprKind::Network { op, op_span, left, right } = &exprs[at].kind {
            steps.push((*op, *op_span, *right));
            at = *left;
        }
        let mut parts = Parts::default();
        self.parts(body, at, &mut parts);
        let mut sources = parts.points;
        let (mut lossy, mut once) = (false, false);
        for (op, span, right) in steps.into_iter().rev() {
            lossy |= matches!(op, NetworkOp::Combine | NetworkOp::Scatter);
            once |= op == NetworkOp::ForwardOnce;
            let mut parts = Parts::default();
            self.parts(body, right, &mut parts);
            lossy |= parts.lossy;
            if parts.nodes && parts.points.is_empty() && !parts.elsewhere {
                continue;
            }
            let leaves =
                once || op == NetworkOp::Alternate && (parts.elsewhere || parts.nodes);
            let targets = parts.points;
            let from = std::mem::replace(&mut sources, targets.clone());
            let links = self.links.entry(body).or_default();
            links.push(Link { span, sources: from, targets, lossy, leaves });
            (lossy, once) = (false, false);
        }
        if !sources.is_empty() && self.links_end_in_node(body, root) {
            let (span, targets) = (exprs[root].span, Vec::new());
            let links = self.links.entry(body).or_default();
            links.push(Link { span, sources, targets, lossy: true, leaves: true });
        }
    }

    /// Whether the last operand of the chain is a node, whose results leave it.
    fn links_end_in_node(&self, body: BodyId, root: ExprId) -> bool {
        let ExprKind::Network { right, .. } = self.program.bodies[body].exprs[root].kind
        else {
            return false;
        };
        let mut parts = Parts::default();
        self.look(body, right, &mut parts, &mut Vec::new());
        parts.nodes
    }

    fn parts(&mut self, body: BodyId, operand: ExprId, into: &mut Parts) {
        let mut seen = Vec::new();
        self.look(body, operand, into, &mut seen);
        self.explained.extend(seen.into_iter().map(|it| (body, it)));
    }

    /// What an operand consists of; `seen` are the mentions of points.
    fn look(
        &self,
        body: BodyId,
        operand: ExprId,
        into: &mut Parts,
        seen: &mut Vec<ExprId>,
    ) {
        let Some(table) = self.types.bodies.get(body) else { return };
        let mut open = vec![operand];
        while let Some(at) = open.pop() {
            match table.operands.get(at) {
                Some(Operand::Vector(items)) => open.extend(items),
                Some(Operand::Node(node)) => {
                    into.nodes = true;
                    into.lossy |= self.may_end(body, at, node);
                }
                _ => match self.place(body, table, at) {
                    Some(place) => {
                        into.points.push(place);
                        seen.push(at);
                    }
                    None => into.elsewhere = true,
                },
            }
        }
    }

    /// Whether a message that goes into the node may come to nothing.
    fn may_end(&self, body: BodyId, at: ExprId, node: &Node) -> bool {
        let throws = match &node.kind {
            NodeKind::Method { method, .. } => {
                let data = &self.program.methods[*method];
                let overridden = data.overridable != item::Overridable::No;
                overridden
                    || match &data.native {
                        Some(native) => native.throws,
                        None => {
                            self.effects.methods.get(*method).is_none_or(|it| it.throws)
                        }
                    }
            }
            NodeKind::Lambda(lambda) => {
                self.effects.lambdas.get(&(body, *lambda)).is_none_or(|it| it.throws)
            }
            NodeKind::Value => {
                self.effects.value_nodes.get(&(body, at)).is_none_or(|it| it.throws)
            }
        };
        throws || node.many || node.gives == Ty::Void
    }

    /// The point that an expression names.
    fn place(&self, body: BodyId, table: &BodyTypes, at: ExprId) -> Option<Place> {
        let place = self.named(body, at)?;
        let Ty::Native(id, _) = table.exprs.get(at)? else { return None };
        let name = &*self.program.natives[*id].decl.name.name;
        name.ends_with("InteractionPoint").then_some(place)
    }

    fn named(&self, body: BodyId, at: ExprId) -> Option<Place> {
        match &self.program.bodies[body].exprs[at].kind {
            ExprKind::Local(local) => Some(Place::Local(body, *local)),
            ExprKind::Field(field) => Some(Place::Field(*field)),
            _ => None,
        }
    }

    /// Finds the points that something else than a link may take messages from.
    fn mentions(&mut self) {
        let of_links: BTreeSet<Place> = self
            .links
            .values()
            .flatten()
            .flat_map(|it| it.sources.iter().chain(&it.targets).copied())
            .collect();
        for (id, body) in self.program.bodies.enumerate() {
            let mut only_given = BTreeSet::new();
            for expr in body.exprs.iter() {
                match &expr.kind {
                    ExprKind::Send { target, .. } => {
                        only_given.insert(*target);
                    }
                    ExprKind::Member { base, name, .. } if &*name.name == "Count" => {
                        only_given.insert(*base);
                    }
                    _ => {}
                }
            }
            for at in body.exprs.ids() {
                if let Some(place) = self.named(id, at)
                    && of_links.contains(&place)
                    && !self.explained.contains(&(id, at))
                    && !only_given.contains(&at)
                {
                    self.open.insert(place);
                }
            }
        }
        // A field whose messages links of two bodies take.
        let mut taken: BTreeMap<Place, BodyId> = BTreeMap::new();
        for (&body, links) in &self.links {
            for &place in links.iter().flat_map(|it| &it.sources) {
                if *taken.entry(place).or_insert(body) != body {
                    self.open.insert(place);
                }
            }
        }
    }

    /// Reports the cycles among the links of one body.
    fn cycles(&self, body: BodyId, links: &[Link], found: &mut Vec<Diagnostic>) {
        let mut numbers: BTreeMap<Place, NodeId> = BTreeMap::new();
        let mut edges: IdVec<NodeId, Vec<(usize, NodeId)>> = IdVec::new();
        for _ in links {
            edges.push(Vec::new());
        }
        for &place in links.iter().flat_map(|it| it.sources.iter().chain(&it.targets)) {
            numbers.entry(place).or_insert_with(|| edges.push(Vec::new()));
        }
        let link_ids: Vec<NodeId> = edges.ids().take(links.len()).collect();
        for (&id, link) in link_ids.iter().zip(links) {
            for place in &link.sources {
                edges[numbers[place]].push((0, id));
            }
            edges[id].extend(link.targets.iter().map(|it| (0, numbers[it])));
        }
        let places: BTreeMap<NodeId, Place> =
            numbers.iter().map(|(&place, &id)| (id, place)).collect();
        for component in components(&edges) {
            if component.len() < 2 {
                continue;
            }
            let ring: BTreeSet<NodeId> = component.into_iter().collect();
            let points: Vec<Place> =
                ring.iter().filter_map(|it| places.get(it).copied()).collect();
            let inside = |id: NodeId| ring.contains(&id);
            let way: Vec<&Link> = link_ids
                .iter()
                .zip(links)
                .filter_map(|(&id, link)| inside(id).then_some(link))
                .collect();
            // Other links compete for the messages, and other code may take them.
            let taken = link_ids.iter().zip(links).any(|(&id, link)| {
                !inside(id) && link.sources.iter().any(|it| inside(numbers[it]))
            });
            let open = taken
                || points.iter().any(|it| self.open.contains(it))
                || way.iter().any(|it| {
                    it.leaves || it.targets.iter().any(|it| !inside(numbers[it]))
                });
            if open {
                continue;
            }
            self.report(body, &points, &way, found);
        }
    }

    fn report(
        &self,
        body: BodyId,
        points: &[Place],
        way: &[&Link],
        found: &mut Vec<Diagnostic>,
    ) {
        let keeps: Vec<Keeps> = points.iter().map(|it| self.keeps(*it)).collect();
        let stops = keeps.iter().all(|it| *it == Keeps::Few);
        let fills =
            keeps.iter().all(|it| *it == Keeps::All) && !way.iter().any(|it| it.lossy);
        let Some(closing) = way.iter().max_by_key(|it| it.span) else { return };
        let Some(target) = closing.targets.first() else { return };
        let name = match target {
            Place::Local(_, local) => &self.program.bodies[body].locals[*local].name,
            Place::Field(field) => &self.program.fields[*field].name.name,
        };
        let mut others: Vec<Span> = way.iter().map(|it| it.span).collect();
        others.retain(|it| *it != closing.span);
        if stops || fills {
            found.push(errors::cycle_of_links(name, stops, closing.span, &others));
        }
    }

    /// What a point does when there is too much, by how it is made.
    fn keeps(&self, place: Place) -> Keeps {
        let program = self.program;
        let (ty, init) = match place {
            Place::Local(body, local) => {
                let Some(table) = self.types.bodies.get(body) else {
                    return Keeps::Other;
                };
                let init = self.noted.inits.get(&(body, local));
                (table.locals.get(local), init.map(|it| (body, *it)))
            }
            Place::Field(field) => {
                let data = &program.fields[field];
                let init = data.init.and_then(|it| match program.bodies[it].root {
                    Root::Expr(expr) => Some((it, expr)),
                    Root::Block(_) => None,
                });
                (Some(&data.ty), init)
            }
        };
        let Some(Ty::Native(id, _)) = ty else { return Keeps::Other };
        match &*program.natives[*id].decl.name.name {
            "OrderedInteractionPoint" | "UnorderedInteractionPoint" => Keeps::All,
            "BoundedInteractionPoint" => {
                match init.and_then(|(body, init)| self.policy(body, init)) {
                    Some(Policy::Suspend) => Keeps::Few,
                    _ => Keeps::Other,
                }
            }
            _ => Keeps::Other,
        }
    }

    /// The policy that a bounded point is made with.
    fn policy(&self, body: BodyId, init: ExprId) -> Option<Policy> {
        let table = self.types.bodies.get(body)?;
        let Call::NewNative { args, .. } = table.calls.get(init)? else { return None };
        match &args[..] {
            [_] => Some(Policy::Suspend),
            [_, ArgBinding::Expr(policy)] => {
                let Member::EnumCase(id, case) = table.members.get(*policy)? else {
                    return None;
                };
                let name = &self.program.enums[*id].cases.get(*case)?.name.name;
                Policy::ALL.into_iter().find(|it| it.name() == &**name)
            }
            _ => None,
        }
    }
}

/// What an operand consists of.
#[derive(Debug, Default)]
struct Parts {
    points: Vec<Place>,
    nodes: bool,
    /// Something that is neither.
    elsewhere: bool,
    lossy: bool,
}
