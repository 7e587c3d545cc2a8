//! What only the whole program shows: endless values, constants that need themselves, the
//! entry agent, and members that nothing uses. It binds no names.

use std::collections::BTreeSet;

use super::{Cx, errors};
use crate::hir::body::{Expr, ExprKind, Root};
use crate::hir::item::{Decl, MethodKind, Overridable, Owner, Record, Visibility};
use crate::hir::ty::Ty;
use crate::hir::{AgentId, ConstId, FieldId, RecordId, TypeParamId};
use crate::support::Name;
use crate::support::index::{Id, IdVec};
use crate::syntax::ast::Ident;

/// Checks the resolved program.
pub(super) fn check(cx: &mut Cx<'_>) {
    records(cx);
    constants(cx);
    entry(cx);
    drains(cx);
    unused(cx);
}

/// One step of a walk along edges.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    Open,
    Done,
}

/// Circles of a relation: each found once, as the nodes on it and the edge labels.
fn circles<I: Id, E: Copy>(edges: &IdVec<I, Vec<(I, E)>>) -> Vec<Vec<(I, E)>> {
    let mut marks = vec![Mark::New; edges.len()];
    let mut found = Vec::new();
    for start in edges.ids() {
        if marks[start.index()] != Mark::New {
            continue;
        }
        // The path from `start`, with the number of edges of each node already taken.
        let mut path: Vec<(I, usize)> = vec![(start, 0)];
        marks[start.index()] = Mark::Open;
        while let Some((id, taken)) = path.last_mut() {
            let (node, edge) = (*id, *taken);
            *taken += 1;
            let Some(&(next, _)) = edges[node].get(edge) else {
                marks[node.index()] = Mark::Done;
                path.pop();
                continue;
            };
            match marks[next.index()] {
                Mark::New => {
                    marks[next.index()] = Mark::Open;
                    path.push((next, 0));
                }
                Mark::Open => {
                    let on_circle = path.iter().skip_while(|it| it.0 != next);
                    let circle =
                        on_circle.map(|&(id, taken)| (id, edges[id][taken - 1].1));
                    found.push(circle.collect());
                }
                Mark::Done => {}
            }
        }
    }
    found
}

/// Decision 97: only a record that must hold itself is without end.
fn records(cx: &mut Cx<'_>) {
    let held_params = held_params(cx);
    let mut edges: IdVec<RecordId, Vec<(RecordId, FieldId)>> = IdVec::new();
    for id in cx.program.records.ids() {
        let mut held = Vec::new();
        let records = &cx.program.records;
        let base = |it: &RecordId| records[*it].base.as_ref().map(|it| it.0);
        for record in std::iter::successors(Some(id), base) {
            for &field in &records[record].fields {
                let ty = &cx.program.fields[field].ty;
                hold(ty, &held_params, &mut |it| {
                    if let Held::Record(id) = it {
                        held.push((id, field));
                    }
                });
            }
        }
        edges.push(held);
    }
    for circle in circles(&edges) {
        let (record, field) = circle[0];
        let field = &cx.program.fields[field];
        let record = &cx.program.records[record].decl.name;
        let problem = errors::infinite_record(
            record,
            &field.name,
            field.ty_span,
            circle.len() == 1,
        );
        cx.report(problem);
    }
}

/// Something that every value of a type holds.
enum Held {
    Record(RecordId),
    Param(TypeParamId),
}

/// For each record the positions of type parameters of which its values hold one.
fn held_params(cx: &Cx<'_>) -> IdVec<RecordId, Vec<usize>> {
    let program = &cx.program;
    let mut known: IdVec<RecordId, Vec<usize>> = IdVec::new();
    for _ in program.records.iter() {
        known.push(Vec::new());
    }
    loop {
        let mut changed = false;
        let generic = |it: &(RecordId, &Record)| !it.1.type_params.is_empty();
        for (id, record) in program.records.enumerate().filter(generic) {
            let mut found = Vec::new();
            for field in &record.fields {
                hold(&program.fields[*field].ty, &known, &mut |it| {
                    if let Held::Param(param) = it {
                        found.extend(
                            record.type_params.iter().position(|it| *it == param),
                        );
                    }
                });
            }
            for at in found {
                if !known[id].contains(&at) {
                    known[id].push(at);
                    changed = true;
                }
            }
        }
        if !changed {
            return known;
        }
    }
}

/// What every value of the type holds.
fn hold(
    ty: &Ty,
    held_params: &IdVec<RecordId, Vec<usize>>,
    found: &mut impl FnMut(Held),
) {
    match ty {
        Ty::Param(id) => found(Held::Param(*id)),
        Ty::Record(id, args) => {
            found(Held::Record(*id));
            for &at in &held_params[*id] {
                if let Some(arg) = args.get(at) {
                    hold(arg, held_params, found);
                }
            }
        }
        Ty::Tuple(elements) => {
            for element in elements.iter() {
                hold(&element.ty, held_params, found);
            }
        }
        _ => {}
    }
}

fn constants(cx: &mut Cx<'_>) {
    let mut edges: IdVec<ConstId, Vec<(ConstId, ())>> = IdVec::new();
    for constant in cx.program.consts.iter() {
        let mut needs = Vec::new();
        if let Some(body) = cx.program.bodies.get(constant.value) {
            for expr in body.exprs.iter() {
                if let ExprKind::Const(id) = expr.kind {
                    needs.push((id, ()));
                }
            }
        }
        edges.push(needs);
    }
    for circle in circles(&edges) {
        let names: Vec<Ident> = circle
            .iter()
            .map(|(id, ())| cx.program.consts[*id].decl.name.clone())
            .collect();
        cx.report(errors::cyclic_const(&names[0], &names[1..]));
        // What has no value must not be blamed for it again.
        for (id, ()) in circle {
            let value = cx.program.consts[id].value;
            let body = &mut cx.program.bodies[value];
            let error = Expr { span: body.span, kind: ExprKind::Error };
            body.root = Root::Expr(body.exprs.push(error));
        }
    }
}

/// Finds the agent that the program starts with (§12).
fn entry(cx: &mut Cx<'_>) {
    let Some(application) = cx.program.lang.application else { return };
    let mut is_base = vec![false; cx.program.agents.len()];
    for agent in cx.program.agents.iter() {
        if let Some(base) = agent.base {
            is_base[base.index()] = true;
        }
    }
    let entries: Vec<AgentId> = cx
        .program
        .agents
        .enumerate()
        .filter(|(id, agent)| {
            let channel = agent.channel.as_ref().map(|it| it.0);
            // What other packages start with is their own affair.
            let own = !agent.decl.library
                && cx.packages.of_file(agent.decl.name.span.file) == 0;
            own && !is_base[id.index()]
                && channel == Some(application)
                && agent.type_params.is_empty()
        })
        .map(|it| it.0)
        .collect();
    if let [first, others @ ..] = &entries[..] {
        for other in others {
            let agents = &cx.program.agents;
            let (first, other) = (&agents[*first].decl.name, &agents[*other].decl.name);
            let problem = errors::second_entry(other, first);
            cx.report(problem);
        }
        if others.is_empty() {
            cx.program.entry = Some(*first);
            entry_arguments(cx, *first);
        }
    }
}

/// `[Drain]` is about the end of the program, which only entry agents bring about.
fn drains(cx: &mut Cx<'_>) {
    let application = cx.program.lang.application;
    let mut problems = Vec::new();
    for agent in cx.program.agents.iter() {
        let is_entry = agent.channel.as_ref().is_some_and(|it| Some(it.0) == application);
        for attribute in agent.attributes.iter().filter(|_| !is_entry) {
            let name = Ident { name: attribute.name.clone(), span: attribute.span };
            let what = format!("agent `{}`", agent.decl.name.name);
            let place = &["the entry agent"];
            problems.push(errors::misplaced_attribute(&name, &what, place));
        }
    }
    cx.problems.extend(problems);
}

/// Decision 6: nobody is there to give the entry agent, or its domain, arguments.
fn entry_arguments(cx: &mut Cx<'_>, entry: AgentId) {
    let program = &cx.program;
    let agents = &program.agents;
    let own = std::iter::successors(Some(entry), |&it| agents[it].base)
        .find_map(|it| agents[it].constructor);
    let domain = agents[entry].domain;
    let domains = std::iter::successors(domain, |&it| program.domains[it].parent);
    let around = domains.filter_map(|it| program.domains[it].constructor);
    let mut problems = Vec::new();
    for (index, id) in own.into_iter().chain(around).enumerate() {
        let constructor = &program.methods[id];
        let needed = constructor.params.iter().filter(|it| it.default.is_none()).count();
        if needed > 0 {
            let of_domain = index > 0 || own.is_none();
            let name = &agents[entry].decl.name;
            problems.push(errors::entry_arguments(
                name,
                of_domain.then_some(&constructor.decl.name),
                constructor.decl.name.span,
            ));
        }
    }
    cx.problems.extend(problems);
}

/// Decision 99: private members of agents and domains that no body names.
fn unused(cx: &mut Cx<'_>) {
    if cx.incomplete {
        return;
    }
    let mut problems = Vec::new();
    let program = &cx.program;
    // What `value.Name` means is not known here; it may be one of these.
    let mut mentioned: BTreeSet<&Name> = BTreeSet::new();
    for expr in program.bodies.iter().flat_map(|it| it.exprs.iter()) {
        if let ExprKind::Member { name, .. } = &expr.kind {
            mentioned.insert(&name.name);
        }
    }
    let may_warn =
        |name: &Ident| !name.name.starts_with('_') && !mentioned.contains(&name.name);
    let agents = program.agents.iter().filter(|it| !it.decl.library);
    let agents = agents.map(|it| (&it.fields, &it.methods));
    let domains = program.domains.iter().filter(|it| !it.decl.library);
    let domains = domains.map(|it| (&it.fields, &it.methods));
    for (fields, methods) in agents.chain(domains) {
        for id in fields {
            let field = &program.fields[*id];
            let private = field.visibility == Visibility::Private;
            if private && !cx.used_fields.contains(id) && may_warn(&field.name) {
                problems.push(errors::unused("field", &field.name));
            }
        }
        for id in methods {
            let method = &program.methods[*id];
            let private = method.decl.visibility == Visibility::Private
                && method.kind == MethodKind::Method
                && method.overridable == Overridable::No;
            if private && !cx.used_methods.contains(id) && may_warn(&method.decl.name) {
                problems.push(errors::unused("method", &method.decl.name));
            }
        }
    }
    let private = |decl: &Decl| {
        !decl.library && decl.visibility == Visibility::Private && may_warn(&decl.name)
    };
    for (id, function) in program.methods.enumerate() {
        let free = function.decl.owner == Owner::Namespace && private(&function.decl);
        if free && !cx.used_methods.contains(&id) {
            problems.push(errors::unused("function", &function.decl.name));
        }
    }
    for (id, constant) in program.consts.enumerate() {
        if private(&constant.decl) && !cx.used_consts.contains(&id) {
            problems.push(errors::unused("constant", &constant.decl.name));
        }
    }
    cx.problems.extend(problems);
}
