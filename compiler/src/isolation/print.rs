//! The effects as text, for `dump effects` and snapshots: a line for each method, lambda and
//! local function of the user's, by name. It is for reading, not for parsing.

use std::collections::BTreeMap;

use super::tables::{Effect, Effects};
use crate::hir::item::Owner;
use crate::hir::*;
use crate::support::dump::Dump;
use crate::support::index::Id;

/// The effects of the program's own code.
#[must_use]
pub fn print(program: &Program, effects: &Effects) -> String {
    let mut dump = Dump::new();
    for (id, method) in program.methods.enumerate() {
        let Some(body) = method.body.filter(|_| !method.decl.library) else { continue };
        let name = qualified(program, id);
        let effect = effects.method(None, id);
        let recursive = if effects.recursive.contains(&id) { " (recursive)" } else { "" };
        dump.nest(format!("{name}: {}{recursive}", words(&effect)), |dump| {
            inside(program, effects, body, dump);
        });
    }
    let by_method = effects.derived.iter();
    let derived: BTreeMap<(AgentId, MethodId), &Effect> = by_method
        .flat_map(|(&method, by)| by.iter().map(move |(&it, by)| ((it, method), by)))
        .collect();
    for ((agent, method), effect) in derived {
        let agent = &program.agents[agent].decl.name.name;
        let name = qualified(program, method);
        dump.line(format!("{name} as {agent}: {}", words(effect)));
    }
    for (id, field) in program.fields.enumerate() {
        let Some(body) = field.init.filter(|it| is_users(program, *it)) else { continue };
        let name =
            format!("{}{}", prefix(program, field.owner), program.fields[id].name.name);
        if let Some(effect) = effects.bodies.get(body) {
            dump.nest(format!("{name} = …: {}", words(effect)), |dump| {
                inside(program, effects, body, dump);
            });
        }
    }
    for test in program.tests.iter().filter(|it| is_users(program, it.body)) {
        if let Some(effect) = effects.bodies.get(test.body) {
            dump.nest(format!("test {:?}: {}", test.name, words(effect)), |dump| {
                inside(program, effects, test.body, dump);
            });
        }
    }
    dump.finish()
}

fn is_users(program: &Program, body: BodyId) -> bool {
    program.bodies[body].span.file.0 < program.n_user_files
}

/// Lambdas and local functions of a body, in source order.
fn inside(program: &Program, effects: &Effects, body: BodyId, dump: &mut Dump) {
    let data = &program.bodies[body];
    for id in data.lambdas.ids() {
        if let Some(effect) = effects.lambdas.get(&(body, id)) {
            dump.line(format!("lambda {}: {}", id.index() + 1, words(effect)));
        }
    }
    for (id, local_fn) in data.local_fns.enumerate() {
        if let Some(effect) = effects.local_fns.get(&(body, id)) {
            dump.line(format!("{}: {}", local_fn.name.name, words(effect)));
        }
    }
}

/// `Main.Run`, `Count`
fn qualified(program: &Program, method: MethodId) -> String {
    let decl = &program.methods[method].decl;
    format!("{}{}", prefix(program, decl.owner), decl.name.name)
}

fn prefix(program: &Program, owner: Owner) -> String {
    let decl = match owner {
        Owner::Namespace => return String::new(),
        Owner::Agent(id) => &program.agents[id].decl,
        Owner::Domain(id) => &program.domains[id].decl,
        Owner::Channel(id) => &program.channels[id].decl,
        Owner::Record(id) => &program.records[id].decl,
        Owner::Enum(id) => &program.enums[id].decl,
        Owner::Native(id) => &program.natives[id].decl,
        Owner::Space(id) => &program.spaces[id].decl,
    };
    format!("{}.", decl.name.name)
}

/// `reads own, sends, throws`, or `pure`.
fn words(effect: &Effect) -> String {
    let parts = [
        (effect.reads_own, "reads own"),
        (effect.writes_own, "writes own"),
        (effect.reads_domain.any(), "reads domain"),
        (effect.writes_domain.any(), "writes domain"),
        (effect.reads_fixed.any(), "reads fixed"),
        (effect.suspends && !effect.ends_turn, "is held back"),
        (effect.ends_turn, "suspends"),
        (effect.sends, "sends"),
        (effect.io, "io"),
        (effect.throws, "throws"),
        (effect.uses_agent, "uses agent"),
    ];
    let words: Vec<&str> =
        parts.iter().filter(|(has, _)| *has).map(|(_, word)| *word).collect();
    if words.is_empty() { "pure".to_owned() } else { words.join(", ") }
}
