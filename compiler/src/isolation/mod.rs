//! Effects, domains and transfer. Reads the resolved program and its types; writes the
//! effect tables; may report AX0107, AX04xx, AX0505, AX07xx, AX0805 and AX0807.

mod asynchronous;
mod blame;
mod call;
mod call_graph;
mod capture;
mod cycles;
mod domain;
mod effects;
mod errors;
mod expr;
mod function;
mod guard;
mod hierarchy;
mod hosts;
mod iterators;
mod place;
pub mod print;
mod stale;
pub mod tables;
mod transfer;
mod unit;
mod value;
mod walk;

#[cfg(test)]
mod tests;

pub use tables::Effects;

use crate::diag::Diagnostic;
use crate::hir::Program;
use crate::types::Types;

/// Infers effects and checks every promise that rests on them.
#[must_use]
pub fn check(program: &Program, types: &Types) -> (Effects, Vec<Diagnostic>) {
    let mut cx = walk::Cx::new(program, types);
    for body in program.bodies.ids() {
        walk::walk(&mut cx, body);
    }
    let walk::Cx { mut units, flow, guards, networks, .. } = cx;
    let values = value::settle(program, types, &mut units, &flow);
    let graph = call_graph::Graph::build(program, &units);
    let effects = effects::infer(program, &units, &graph);
    let nodes = units.nodes();
    let facts = blame::Facts {
        program,
        units: &units,
        graph: &graph,
        effects: &effects,
        values: &values,
        nodes: &nodes,
    };
    let mut found = Vec::new();
    domain::check(&facts, &mut found);
    let blamed = function::check(&facts, &mut found);
    capture::check(&facts, types, &blamed, &mut found);
    let outer = capture::outer_assignments(&facts);
    guard::check(&facts, &guards, &outer, &mut found);
    iterators::check(&facts, &mut found);
    hosts::check(&facts, &blamed, &mut found);
    stale::check(&facts, types, &mut found);
    transfer::check(&facts, &mut found);
    let tables = effects::tables(program, &units, &graph, &effects, &values);
    asynchronous::check(program, &tables, &mut found);
    cycles::check(program, types, &tables, &networks, &mut found);
    (tables, found)
}
