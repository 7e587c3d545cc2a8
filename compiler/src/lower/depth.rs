//! Which functions may call themselves, directly or by way of others, and where they ask
//! whether the stack still has room. Only they pay for it, and only before such a call.
//!
//! A call of a function value may run any function value of the program: all of them are
//! one node of the call graph, and ask at their beginning.

use std::collections::BTreeMap;

use crate::ir::{
    self, Block, Callee, Expr, ExprKind, ItemKind, ItemRef, Stmt, StmtKind, Ty,
};

use super::build::{At, Flags};
use super::rewrite::{self, Part};

/// What may come back to itself.
pub(super) struct Cycles {
    /// The functions on a cycle, with the number of the component.
    component: BTreeMap<ItemRef, u32>,
}

impl Cycles {
    pub(super) fn contains(&self, item: ItemRef) -> bool {
        self.component.contains_key(&item)
    }
}

/// How a function says that the stack is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    /// By its `Result`.
    Throws,
    Unwinds,
}

/// Looks for cycles; function values on one ask from here on.
pub(super) fn cycles(program: &mut ir::Program) -> Cycles {
    let mut graph = Graph::default();
    let mut nodes = BTreeMap::new();
    for item in &program.items {
        if let ItemKind::Function(_) = item.kind {
            nodes.insert(item.name, graph.add());
        }
    }
    let stores = program.items.iter().any(stores_functions);
    for item in &mut program.items {
        let ItemKind::Function(it) = &mut item.kind else { continue };
        let from = nodes[&item.name];
        if stores || it.params.iter().any(|it| is_function(&it.ty)) {
            graph.edge(from, FUNCTIONS);
        }
        let mut cx = Edges { graph: &mut graph, nodes: &nodes };
        cx.block(from, &mut it.body);
    }
    let cyclic = graph.cyclic();
    if cyclic[FUNCTIONS].is_some() {
        for item in &mut program.items {
            if let ItemKind::Function(it) = &mut item.kind {
                rewrite::block(&mut it.body, &mut guard_function_value);
            }
        }
    }
    let on_cycle = |(item, node): (ItemRef, usize)| Some((item, cyclic[node]?));
    Cycles { component: nodes.into_iter().filter_map(on_cycle).collect() }
}

/// A function value asks before anything else.
fn guard_function_value(it: &mut Expr) {
    let ExprKind::Func(closure) = &mut it.kind else { return };
    let line = closure.line;
    if let ExprKind::Closure { body, .. } = &mut closure.kind
        && runs_others(body)
    {
        body.stmts.insert(0, question(At(line), Guard::Throws));
    }
}

/// Whether the code may run a function value or a function of the program.
fn runs_others(body: &Block) -> bool {
    struct Runs(bool);
    impl ir::visit::Visitor for Runs {
        fn expr(&mut self, expr: &Expr) {
            self.0 |= match &expr.kind {
                ExprKind::CallValue { .. } | ExprKind::Func(_) => true,
                ExprKind::Call { callee: Callee::Rt(path, _), .. } => {
                    !HARMLESS.contains(&path.as_str()) && !path.starts_with("checked_")
                }
                ExprKind::Call { .. } => true,
                ExprKind::Method { name, .. } => {
                    !HARMLESS.contains(&name.as_str()) && !name.starts_with("wrapping_")
                }
                _ => false,
            };
        }
    }
    let mut runs = Runs(false);
    ir::visit::block(body, &mut runs);
    runs.0
}

/// Functions and methods of the runtime that are often alone in a function value, and that
/// run no other.
const HARMLESS: &[&str] = &[
    "add",
    "arg",
    "at",
    "concat",
    "count",
    "div",
    "format",
    "length",
    "lit",
    "mul",
    "neg",
    "read",
    "rem",
    "state",
    "state_mut",
    "sub",
    "write",
];

/// Makes a function on a cycle ask before what may lead back to it.
pub(super) fn guard(cycles: &Cycles, own: ItemRef, body: &mut Block, how: Guard) {
    let Some(component) = cycles.component.get(&own) else { return };
    let leads_back = |item: &ItemRef| cycles.component.get(item) == Some(component);
    place(&leads_back, body, how);
}

/// Puts the question before the first statement with such a call; if that is a choice,
/// into the branches that have one, so that the others need not ask.
fn place(leads_back: &dyn Fn(&ItemRef) -> bool, body: &mut Block, how: Guard) {
    let mut at = 0;
    while at < body.stmts.len() {
        let stmt = &mut body.stmts[at];
        if let StmtKind::Let { init: Some(it), .. } | StmtKind::Expr(it) = &mut stmt.kind
            && calls(leads_back, it)
            && !into_branches(leads_back, it, how)
        {
            let line = At(stmt.line);
            body.stmts.insert(at, question(line, how));
            return;
        }
        at += 1;
    }
    if let Some(value) = &mut body.value
        && calls(leads_back, value)
        && !into_branches(leads_back, value, how)
    {
        body.stmts.push(question(At(value.line), how));
    }
}

/// Whether the expression is a choice that itself makes no such call; then its branches
/// ask.
fn into_branches(
    leads_back: &dyn Fn(&ItemRef) -> bool,
    it: &mut Expr,
    how: Guard,
) -> bool {
    match &mut it.kind {
        ExprKind::If { condition, then, otherwise } => {
            if calls(leads_back, condition) {
                return false;
            }
            place(leads_back, then, how);
            if let Some(otherwise) = otherwise {
                place(leads_back, otherwise, how);
            }
            true
        }
        ExprKind::Match { subject, arms } => {
            let guards = arms.iter_mut().filter_map(|it| it.guard.as_mut());
            if calls(leads_back, subject)
                || guards.into_iter().any(|it| calls(leads_back, it))
            {
                return false;
            }
            for arm in arms {
                place(leads_back, &mut arm.body, how);
            }
            true
        }
        _ => false,
    }
}

/// Whether something in the expression calls back.
fn calls(leads_back: &dyn Fn(&ItemRef) -> bool, it: &mut Expr) -> bool {
    let mut found = false;
    rewrite::expr(it, &mut |it| {
        if let ExprKind::Call {
            callee: Callee::Item(item) | Callee::Method(item), ..
        } = &it.kind
        {
            found |= leads_back(item);
        }
    });
    found
}

fn question(at: At, how: Guard) -> Stmt {
    at.stmt(match how {
        Guard::Throws => at.rt("deep", vec![]).fallible(),
        Guard::Unwinds => at.rt("deep_unwind", vec![]),
    })
}

/// Whether values of the item may hold functions.
fn stores_functions(item: &ir::Item) -> bool {
    let any = |fields: &[(crate::support::Name, Ty)]| {
        fields.iter().any(|it| is_function(&it.1))
    };
    match &item.kind {
        ItemKind::Agent(it) => any(&it.fields),
        ItemKind::Domain(it) => any(&it.fields),
        ItemKind::Struct(it) => any(&it.fields),
        ItemKind::Enum(it) => it.cases.iter().any(|it| it.1.iter().any(is_function)),
        ItemKind::Channel(it) => it.ports.iter().any(|it| is_function(&it.ty)),
        ItemKind::Json(_)
        | ItemKind::Opaque(_)
        | ItemKind::Foreign(_)
        | ItemKind::Bridge(_)
        | ItemKind::Function(_) => false,
    }
}

fn is_function(ty: &Ty) -> bool {
    match ty {
        Ty::Func { .. } => true,
        Ty::Rt(_, args) | Ty::Tuple(args) => args.iter().any(is_function),
        Ty::Option(inner) | Ty::Ref(inner) | Ty::RefMut(inner) => is_function(inner),
        _ => false,
    }
}

/// The node of all function values.
const FUNCTIONS: usize = 0;

/// Finds what the code of a node may run on the same stack.
struct Edges<'g> {
    graph: &'g mut Graph,
    nodes: &'g BTreeMap<ItemRef, usize>,
}

impl Edges<'_> {
    fn block(&mut self, from: usize, it: &mut Block) {
        for stmt in &mut it.stmts {
            if let StmtKind::Let { ty: Some(ty), .. } = &stmt.kind
                && is_function(ty)
            {
                self.graph.edge(from, FUNCTIONS);
            }
            if let StmtKind::Let { init: Some(it), .. } | StmtKind::Expr(it) =
                &mut stmt.kind
            {
                self.expr(from, it);
            }
        }
        if let Some(value) = &mut it.value {
            self.expr(from, value);
        }
    }

    fn expr(&mut self, from: usize, it: &mut Expr) {
        let mut inner = from;
        match &it.kind {
            ExprKind::Call { callee, .. } => match callee {
                Callee::Item(item) | Callee::Method(item) => {
                    if let Some(&to) = self.nodes.get(item) {
                        self.graph.edge(from, to);
                    }
                }
                // An agent runs on a stack of its own.
                Callee::Rt(path, _) if path == "spawn" => return,
                _ => {}
            },
            ExprKind::CallValue { .. } => self.graph.edge(from, FUNCTIONS),
            // Who makes a function value may give it to something that calls it.
            ExprKind::Func(_) => {
                self.graph.edge(from, FUNCTIONS);
                inner = FUNCTIONS;
            }
            _ => {}
        }
        rewrite::parts(it, &mut |part| match part {
            Part::Expr(it) => self.expr(inner, it),
            Part::Block(it) => self.block(inner, it),
        });
    }
}

/// A graph of calls.
struct Graph {
    edges: Vec<Vec<usize>>,
}

impl Default for Graph {
    fn default() -> Self {
        Self { edges: vec![Vec::new()] }
    }
}

impl Graph {
    fn add(&mut self) -> usize {
        self.edges.push(Vec::new());
        self.edges.len() - 1
    }

    fn edge(&mut self, from: usize, to: usize) {
        if self.edges[from].last() != Some(&to) {
            self.edges[from].push(to);
        }
    }

    /// For each node that a path leads back to, the number of its strongly connected
    /// component. Tarjan's algorithm, with a stack of its own.
    fn cyclic(&self) -> Vec<Option<u32>> {
        let n_nodes = self.edges.len();
        let mut found = vec![None; n_nodes];
        let mut order = vec![usize::MAX; n_nodes];
        let mut low = vec![0; n_nodes];
        let mut open = vec![false; n_nodes];
        let (mut pending, mut next, mut number) = (Vec::new(), 0, 0);
        for start in 0..n_nodes {
            if order[start] != usize::MAX {
                continue;
            }
            let mut work = vec![(start, 0)];
            while let Some((node, edge)) = work.pop() {
                if edge == 0 {
                    (order[node], low[node]) = (next, next);
                    next += 1;
                    pending.push(node);
                    open[node] = true;
                }
                if let Some(&to) = self.edges[node].get(edge) {
                    work.push((node, edge + 1));
                    if order[to] == usize::MAX {
                        work.push((to, 0));
                    } else if open[to] {
                        low[node] = low[node].min(order[to]);
                    }
                    continue;
                }
                if let Some(&(parent, _)) = work.last() {
                    low[parent] = low[parent].min(low[node]);
                }
                if low[node] != order[node] {
                    continue;
                }
                let alone = pending.last() == Some(&node);
                let cycle = !alone || self.edges[node].contains(&node);
                while let Some(member) = pending.pop() {
                    open[member] = false;
                    found[member] = cycle.then_some(number);
                    if member == node {
                        break;
                    }
                }
                number += 1;
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::Graph;

    #[test]
    fn nodes_on_cycles_are_found_with_their_component() {
        let mut graph = Graph::default();
        for _ in 0..6 {
            graph.add();
        }
        for (from, to) in [(1, 2), (2, 3), (3, 2), (3, 4), (5, 5), (6, 5), (0, 6)] {
            graph.edge(from, to);
        }
        let found = graph.cyclic();
        let on_cycle: Vec<usize> = (0..7).filter(|it| found[*it].is_some()).collect();
        assert_eq!(on_cycle, [2, 3, 5]);
        assert_eq!(found[2], found[3]);
        assert_ne!(found[2], found[5]);
    }

    #[test]
    fn long_chains_need_no_stack() {
        let mut graph = Graph::default();
        for node in 1..=200_000 {
            graph.add();
            graph.edge(node - 1, node);
        }
        assert!(graph.cyclic().iter().all(Option::is_none));
        graph.edge(200_000, 0);
        assert!(graph.cyclic().iter().all(Option::is_some));
    }
}
