//! Networks. A chain of operators is lowered from the left; what flows between operators
//! is a source, or a vector of sources, of the runtime. Pure nodes that follow each other
//! become one: what flows out of them runs in the link that takes it.

use crate::hir::ExprId;
use crate::hir::body::{ExprKind as HirKind, NetworkOp};
use crate::hir::ty::Ty;
use crate::ir::{Expr, ExprKind, Pattern};
use crate::types::tables::{Network, Node, Operand, SendKind, SourceKind};

use super::body::Fx;
use super::build::At;
use super::node::{Gives, Runs, Staged};
use super::order::Held;

/// A longer chain is built in steps: the target takes no deep nesting, neither of
/// expressions nor of types.
const MAX_NESTED: usize = 8;

/// What flows out of an operand.
enum Flow {
    /// A `Source<T>`.
    Source(Expr),
    /// Sources whose number is known.
    Sources(Vec<Expr>),
    /// A `Vec<Source<T>>`.
    Many(Expr),
    /// A source with pure functions behind it, which no link runs yet.
    Through(Expr),
    /// A network with results.
    Net(Expr),
    /// A network that ends in a vector of stages.
    NetVec(Expr, usize),
    /// A network that ends in targets.
    Ended(Expr),
    /// A network into points, and what comes out of them.
    Points { net: Expr, points: Vec<Expr> },
}

impl Fx<'_, '_> {
    /// A network as a statement: its results are dropped.
    pub(super) fn discarded_network(&mut self, id: ExprId) {
        let net = self.whole_network(id);
        self.push_expr(net);
    }

    /// A network whose value is kept: a `Net<U>`.
    pub(super) fn network_value(&mut self, id: ExprId) -> Expr {
        self.whole_network(id)
    }

    fn whole_network(&mut self, id: ExprId) -> Expr {
        let at = self.at;
        let flow = self.chain(id);
        self.at = at;
        let Some(network) = self.frame.types.networks.get(id) else {
            unreachable!("every network of a checked program is known")
        };
        let answers = network.reply.is_some();
        match flow {
            Flow::Net(net) if answers => at.rt("answer", vec![self.me_ref(), net]),
            Flow::Through(inlet) if answers => {
                at.rt("answer", vec![self.me_ref(), inlet])
            }
            Flow::NetVec(net, _) if answers => {
                // The replies come from all stages: they are merged for it.
                let sources = at.method(net, "sources", vec![]);
                let merged = at.rt("merge", vec![self.me_ref(), sources]);
                at.rt("answer", vec![self.me_ref(), merged])
            }
            Flow::Through(inlet) => at.rt("results", vec![self.me_ref(), inlet]),
            Flow::Net(net) | Flow::Ended(net) | Flow::Points { net, .. } => net,
            Flow::NetVec(net, _) => at.method(net, "net", vec![]),
            Flow::Source(_) | Flow::Sources(_) | Flow::Many(_) => {
                unreachable!("an operator makes a network")
            }
        }
    }

    fn chain(&mut self, id: ExprId) -> Flow {
        let mut links = Vec::new();
        let mut at = id;
        while let HirKind::Network { op, left, right, .. } =
            self.frame.body.exprs[at].kind
        {
            links.push((at, op, right));
            at = left;
        }
        let mut flow = self.first_operand(at);
        for (n, (id, op, right)) in links.into_iter().rev().enumerate() {
            if n % MAX_NESTED == MAX_NESTED - 1 {
                flow = self.in_a_step(flow);
            }
            let Some(network) = self.frame.types.networks.get(id).cloned() else {
                unreachable!("every network of a checked program is known")
            };
            self.go(self.frame.body.exprs[id].span);
            flow = self.link(op, &network, flow, right);
        }
        flow
    }

    /// What was built so far, as a variable.
    fn in_a_step(&mut self, flow: Flow) -> Flow {
        let at = self.at;
        match flow {
            Flow::Net(net) => Flow::Net(self.bind(net)),
            Flow::Through(inlet) => {
                let erased = at.method(inlet, "erased", vec![]);
                Flow::Through(self.bind(erased))
            }
            flow => flow,
        }
    }

    fn first_operand(&mut self, id: ExprId) -> Flow {
        match self.frame.types.operands.get(id) {
            Some(Operand::Vector(items)) => {
                let items = items.clone();
                let mut held = Vec::new();
                for item in items {
                    let source = self.single(item);
                    held.push(self.hold(source));
                }
                Flow::Sources(self.settled(held))
            }
            Some(Operand::RunTimeVector(_)) => Flow::Many(self.run_time_sources(id)),
            _ => Flow::Source(self.single(id)),
        }
    }

    /// One source, as a `Source<T>`.
    fn single(&mut self, id: ExprId) -> Expr {
        let at = self.go(self.frame.body.exprs[id].span);
        if let HirKind::Network { .. } = self.frame.body.exprs[id].kind {
            let flow = self.chain(id);
            self.at = at;
            return self.one_source(flow);
        }
        let request = matches!(
            self.frame.types.operands.get(id),
            Some(Operand::RequestSource { .. })
        );
        let kind = self.frame.types.sources.get(id).cloned();
        let place = self.place(id);
        let place = match kind {
            Some(SourceKind::End(port)) => self.port_of(place, id, port),
            _ => place,
        };
        self.at = at;
        if request {
            let inside = Self::in_state(&place);
            let port = self.access(place, false, vec![], |at, it, _| match inside {
                true => at.method(it.expr, "source", vec![]),
                false => it.place(at),
            });
            return at.rt("serve", vec![self.me_ref(), at.borrow(port)]);
        }
        self.access(place, false, vec![], |at, it, _| {
            at.method(it.expr, "source", vec![])
        })
    }

    /// A handle that lies in state, as a value; any other place as it is.
    fn outside_state(&mut self, place: super::place::Place) -> Expr {
        let inside = Self::in_state(&place);
        self.access(place, false, vec![], |at, it, _| match inside {
            true => at.clone(it.place(at)),
            false => it.place(at),
        })
    }

    fn run_time_sources(&mut self, id: ExprId) -> Expr {
        let at = self.go(self.frame.body.exprs[id].span);
        let kind = self.frame.types.sources.get(id).cloned();
        let request = match self.frame.types.operands.get(id) {
            Some(Operand::RunTimeVector(inner)) => {
                matches!(**inner, Operand::RequestSource { .. })
            }
            _ => false,
        };
        let place = self.place(id);
        let values = self.access(place, false, vec![], |at, it, _| {
            at.method(it.expr, "iter_values", vec![])
        });
        self.at = at;
        let var = self.temp();
        let element = match kind {
            Some(SourceKind::End(port)) => {
                at.field(at.var(var), &self.lower.port_name(port))
            }
            _ => at.var(var),
        };
        let source = match request {
            true => at.rt("serve", vec![self.me_ref(), at.borrow(element)]),
            false => at.method(element, "source", vec![]),
        };
        collected(at, values, var, source)
    }

    fn link(
        &mut self,
        op: NetworkOp,
        network: &Network,
        flow: Flow,
        right: ExprId,
    ) -> Flow {
        match op {
            NetworkOp::Forward => {
                let inlet = self.inlet(flow);
                self.into_one(inlet, network, right, false)
            }
            NetworkOp::ForwardOnce => {
                // One of the results, while the nodes before go on.
                let source = self.one_source(flow);
                self.into_one(source, network, right, true)
            }
            NetworkOp::Multiplex => {
                let at = self.at;
                let sources = self.sources(flow);
                let merged = at.rt("merge", vec![self.me_ref(), sources]);
                self.into_one(merged, network, right, false)
            }
            NetworkOp::Combine => {
                let combined = self.combined(flow, network.tuple);
                self.into_one(combined, network, right, false)
            }
            NetworkOp::Broadcast => {
                let inlet = self.inlet(flow);
                self.into_many(inlet, network, right, "broadcast")
            }
            NetworkOp::Alternate => {
                let inlet = self.inlet(flow);
                self.into_many(inlet, network, right, "alternate")
            }
            NetworkOp::Scatter => unreachable!("was rejected: not supported yet"),
        }
    }

    /// What one link can take from, with the pure functions before it.
    fn inlet(&mut self, flow: Flow) -> Expr {
        match flow {
            Flow::Through(inlet) => inlet,
            flow => self.one_source(flow),
        }
    }

    fn one_source(&mut self, flow: Flow) -> Expr {
        let at = self.at;
        match flow {
            Flow::Source(source) => source,
            Flow::Through(inlet) => {
                let net = at.rt("results", vec![self.me_ref(), inlet]);
                at.method(net, "source", vec![])
            }
            Flow::Net(net) => at.method(net, "source", vec![]),
            Flow::Points { net, mut points } => {
                self.push_expr(net);
                points.remove(0)
            }
            _ => unreachable!("a single source stands here"),
        }
    }

    /// A `Vec<Source<T>>`.
    fn sources(&mut self, flow: Flow) -> Expr {
        let at = self.at;
        match flow {
            Flow::Sources(sources) => at.expr(ExprKind::Vec(sources)),
            Flow::Many(sources) => sources,
            Flow::NetVec(net, _) => at.method(net, "sources", vec![]),
            Flow::Points { net, points } => {
                self.push_expr(net);
                at.expr(ExprKind::Vec(points))
            }
            _ => unreachable!("a vector of sources stands here"),
        }
    }

    fn combined(&mut self, flow: Flow, tuple: bool) -> Expr {
        let at = self.at;
        if !tuple {
            let sources = self.sources(flow);
            return at.rt("combine", vec![self.me_ref(), sources]);
        }
        let sources = match flow {
            Flow::Sources(sources) => sources,
            Flow::Points { net, points } => {
                self.push_expr(net);
                points
            }
            Flow::NetVec(net, n) => {
                let var = self.temp();
                let sources = at.method(net, "sources", vec![]);
                self.push(at.bind(Pattern::Var(var), None, Some(sources)));
                let next =
                    || at.method(at.borrow_mut(at.var(var)), "remove", vec![at.int(0)]);
                (0..n).map(|_| next()).collect()
            }
            _ => unreachable!("a tuple is combined of a known number of sources"),
        };
        let name = format!("combine{}", sources.len());
        let mut args = vec![self.me_ref()];
        args.extend(sources);
        at.rt(&name, args)
    }

    /// What a source flows into.
    fn into_one(
        &mut self,
        inlet: Expr,
        network: &Network,
        right: ExprId,
        once: bool,
    ) -> Flow {
        let at = self.at;
        let inlet = self.hold(inlet);
        match self.frame.types.operands.get(right).cloned() {
            Some(Operand::Node(node)) => {
                let gives = match node.many {
                    true => Gives::Value,
                    false => self.gives(&node, network),
                };
                let staged = self.staged(right, &node, gives);
                self.at = at;
                self.into_node(inlet, staged, (once, node.many))
            }
            _ => {
                let (target, point) = self.target_operand(right, network.through_point);
                self.at = at;
                let target = self.hold(target);
                let mut args = self.settled(vec![inlet, target]);
                args.insert(0, self.me_ref());
                let name = if once { "forward_once" } else { "forward" };
                let net = at.rt(name, args);
                match point {
                    Some(point) => Flow::Points { net, points: vec![point] },
                    None => Flow::Ended(net),
                }
            }
        }
    }

    /// A link through a node: for one message or all, and with one result for each or many.
    fn into_node(
        &mut self,
        inlet: Held,
        staged: Staged,
        (once, many): (bool, bool),
    ) -> Flow {
        let at = self.at;
        let runs = staged.runs;
        let name = match (once, many, runs) {
            (true, false, _) => "transform_once",
            (true, true, _) => "transform_once_many",
            (false, true, Runs::Action | Runs::Node) => "transform_many",
            (false, false, Runs::Action) => "act",
            (false, false, Runs::Node) => "transform",
            (false, many, Runs::Pure | Runs::PureValue) => {
                let code = self.hold(staged.code);
                let mut args = self.settled(vec![inlet, code]);
                let code = args.split_off(1);
                let name = if runs == Runs::Pure { "through" } else { "through_func" };
                let through = at.method(args.remove(0), name, code);
                return match many {
                    true => Flow::Net(at.rt("many", vec![self.me_ref(), through])),
                    false => Flow::Through(through),
                };
            }
        };
        let code = if name == "act" { staged.code } else { self.as_stage(staged) };
        let code = self.hold(code);
        let mut args = self.settled(vec![inlet, code]);
        args.insert(0, self.me_ref());
        Flow::Net(at.rt(name, args))
    }

    fn gives(&self, node: &Node, network: &Network) -> Gives {
        let void = self.substitute(&node.gives) == Ty::Void;
        match &network.reply {
            Some(Ty::Signal) if void => Gives::Signal,
            _ => Gives::Value,
        }
    }

    /// A `Target<T>`; for a point that goes on, also the source of what it took.
    fn target_operand(&mut self, id: ExprId, through: bool) -> (Expr, Option<Expr>) {
        let at = self.go(self.frame.body.exprs[id].span);
        let kind = self.frame.types.sends.get(id).cloned();
        let place = self.place(id);
        let place = match kind {
            Some(SendKind::End(port)) => self.port_of(place, id, port),
            _ => place,
        };
        if through {
            let value = self.outside_state(place);
            let value = match value.kind {
                ExprKind::Var(_) | ExprKind::Field(..) => value,
                _ => self.bind(value),
            };
            let target = at.method(value.clone(), "target", vec![]);
            return (target, Some(at.method(value, "source", vec![])));
        }
        let target = self.access(place, false, vec![], |at, it, _| {
            at.method(it.expr, "target", vec![])
        });
        (target, None)
    }

    /// `source -<< { … }`, `source -<: { … }`
    fn into_many(
        &mut self,
        source: Expr,
        network: &Network,
        right: ExprId,
        name: &str,
    ) -> Flow {
        let at = self.at;
        let mut held = vec![self.hold(source)];
        let stages_name = format!("{name}_stages");
        match self.frame.types.operands.get(right).cloned() {
            Some(Operand::Vector(items)) => {
                let nodes: Vec<Option<Node>> =
                    items.iter().map(|it| self.node_of(*it)).collect();
                let all_nodes = nodes.iter().all(Option::is_some);
                // Where a `Signal` is the reply, who returns nothing answers like the others.
                let signal = network.reply == Some(Ty::Signal);
                let given = |it: &Node| match self.substitute(&it.gives) {
                    Ty::Void if signal => Ty::Signal,
                    other => other,
                };
                let alike = nodes.windows(2).all(|it| match (&it[0], &it[1]) {
                    (Some(a), Some(b)) => given(a) == given(b),
                    _ => true,
                });
                if all_nodes && alike {
                    for (item, node) in items.iter().zip(nodes.into_iter().flatten()) {
                        let gives = self.gives(&node, network);
                        let stage = self.stage(*item, &node, gives);
                        held.push(self.hold(stage));
                    }
                    let n = items.len();
                    let net = self.vector_call(at, &stages_name, held);
                    return Flow::NetVec(net, n);
                }
                let mut points = Vec::new();
                for (item, node) in items.iter().zip(nodes) {
                    let target = match node {
                        Some(node) => {
                            let stage = self.stage(*item, &node, Gives::Nothing);
                            let me = self.me();
                            at.method(me, "sink", vec![stage])
                        }
                        None => {
                            let (target, point) =
                                self.target_operand(*item, network.through_point);
                            points.extend(point);
                            target
                        }
                    };
                    held.push(self.hold(target));
                }
                let net = self.vector_call(at, name, held);
                match points.is_empty() {
                    true => Flow::Ended(net),
                    false => Flow::Points { net, points },
                }
            }
            Some(Operand::RunTimeVector(inner)) => {
                let (name, vector) = match &*inner {
                    Operand::Node(node) => {
                        (&*stages_name, self.stages_of_values(right, node))
                    }
                    _ => (name, self.run_time_targets(right)),
                };
                self.at = at;
                held.push(self.hold(vector));
                let mut args = self.settled(held);
                args.insert(0, self.me_ref());
                let net = at.rt(name, args);
                match &*inner {
                    Operand::Node(_) => Flow::NetVec(net, 0),
                    _ if network.through_point => {
                        self.push_expr(net);
                        Flow::Many(self.run_time_sources(right))
                    }
                    _ => Flow::Ended(net),
                }
            }
            _ => unreachable!("a vector stands here"),
        }
    }

    fn node_of(&self, id: ExprId) -> Option<Node> {
        match self.frame.types.operands.get(id) {
            Some(Operand::Node(node)) => Some(node.clone()),
            _ => None,
        }
    }

    /// A function of the runtime over a source and a vector.
    fn vector_call(&mut self, at: At, name: &str, held: Vec<Held>) -> Expr {
        self.at = at;
        let mut operands = self.settled(held);
        let vector = at.expr(ExprKind::Vec(operands.split_off(1)));
        let source = operands.remove(0);
        at.rt(name, vec![self.me_ref(), source, vector])
    }

    fn run_time_targets(&mut self, id: ExprId) -> Expr {
        let at = self.go(self.frame.body.exprs[id].span);
        let kind = self.frame.types.sends.get(id).cloned();
        let place = self.place(id);
        let values = self.access(place, false, vec![], |at, it, _| {
            at.method(it.expr, "iter_values", vec![])
        });
        self.at = at;
        let var = self.temp();
        let element = match kind {
            Some(SendKind::End(port)) => {
                at.field(at.var(var), &self.lower.port_name(port))
            }
            _ => at.var(var),
        };
        let target = at.method(element, "target", vec![]);
        collected(at, values, var, target)
    }
}

/// `values.map(|var| element).collect()`
fn collected(at: At, values: Expr, var: crate::ir::Var, element: Expr) -> Expr {
    let closure = at.expr(ExprKind::Closure {
        params: vec![(Pattern::Var(var), None)],
        moves: false,
        suspends: false,
        returns: None,
        throws: false,
        body: super::build::value_block(element),
    });
    let mapped = at.method(values, "map", vec![closure]);
    at.method(mapped, "collect", vec![])
}
