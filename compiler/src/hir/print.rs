//! The dump of a resolved program: names instead of numbers, in the order of the source.
//! It prints what names were bound to, not source text; `--emit` prints programs.

mod body;
mod expr;
mod ty;

pub use ty::ty_text;

use super::item::{
    Agent, Decl, Domain, Field, Method, Overridable, Record, RecordKind, Visibility,
};
use super::{FieldId, MethodId, Program};
use crate::support::dump::Dump;
use crate::syntax::ast::Direction;
use body::Printer;

/// Prints the program's own items; the library's only with `library`.
#[must_use]
pub fn print(program: &Program, library: bool) -> String {
    let mut dump = Dump::new();
    let shown = |decl: &Decl| library || !decl.library;
    let top = |decl: &Decl| shown(decl) && decl.owner == super::item::Owner::Namespace;
    for item in program.consts.iter().filter(|it| shown(&it.decl)) {
        let value = body::expr_root(program, item.value);
        let ty = ty_text(program, &item.ty);
        dump.line(format!("const {ty} {} = {value}", item.decl.name.name));
    }
    for item in program.enums.iter().filter(|it| shown(&it.decl)) {
        dump.nest(format!("enum {}", path(program, &item.decl)), |dump| {
            for case in &item.cases {
                let payload: Vec<String> = case
                    .payload
                    .iter()
                    .map(|(name, ty)| format!("{} {}", ty_text(program, ty), name.name))
                    .collect();
                let payload = payload.join(", ");
                let mut line = match payload.is_empty() {
                    true => case.name.name.to_string(),
                    false => format!("{}({payload})", case.name.name),
                };
                if let Some(number) = case.number {
                    line += &format!(" = {}", body::expr_root(program, number));
                }
                dump.line(line);
            }
        });
    }
    for item in program.records.iter().filter(|it| shown(&it.decl)) {
        record(program, item, &mut dump);
    }
    for item in program.channels.iter().filter(|it| shown(&it.decl)) {
        channel(program, item, &mut dump);
    }
    for item in program.domains.iter().filter(|it| shown(&it.decl)) {
        domain(program, item, &mut dump);
    }
    for item in program.agents.iter().filter(|it| shown(&it.decl)) {
        agent(program, item, &mut dump);
    }
    for (id, item) in program.methods.enumerate() {
        if top(&item.decl) {
            method(program, id, &mut dump);
        }
    }
    if let Some(entry) = program.entry {
        dump.line(format!("entry {}", path(program, &program.agents[entry].decl)));
    }
    dump.finish()
}

/// The name with the namespace and the items around it.
pub(crate) fn path(program: &Program, decl: &Decl) -> String {
    use super::item::Owner;
    let owner = match decl.owner {
        Owner::Namespace => None,
        Owner::Agent(id) => Some(&program.agents[id].decl),
        Owner::Domain(id) => Some(&program.domains[id].decl),
        Owner::Channel(id) => Some(&program.channels[id].decl),
        Owner::Record(id) => Some(&program.records[id].decl),
        Owner::Enum(id) => Some(&program.enums[id].decl),
        Owner::Native(id) => Some(&program.natives[id].decl),
        Owner::Space(id) => Some(&program.spaces[id].decl),
    };
    match owner {
        Some(owner) => format!("{}.{}", path(program, owner), decl.name.name),
        // The library's names are visible without their namespace.
        None if decl.library || decl.namespace.is_empty() => decl.name.name.to_string(),
        None => format!("{}.{}", decl.namespace.join("."), decl.name.name),
    }
}

fn private(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "",
        Visibility::Private => "private ",
    }
}

fn record(program: &Program, item: &Record, dump: &mut Dump) {
    let word = match item.kind {
        RecordKind::Struct => "struct",
        RecordKind::Schema => "schema",
        RecordKind::Exception => "exception",
    };
    let mut head = format!("{word} {}", path(program, &item.decl));
    if let Some((base, _)) = &item.base {
        head += &format!(" : {}", path(program, &program.records[*base].decl));
    }
    dump.nest(head, |dump| {
        fields(program, &item.fields, dump);
        for rule in &item.rules {
            dump.line(format!("rule {}", body::expr_root(program, *rule)));
        }
        for id in &item.methods {
            method(program, *id, dump);
        }
    });
}

fn fields(program: &Program, ids: &[FieldId], dump: &mut Dump) {
    for id in ids {
        let Field { name, ty, readonly, optional, init, visibility, .. } =
            &program.fields[*id];
        let mut line = private(*visibility).to_owned();
        if *optional {
            line += "optional ";
        } else if *readonly {
            line += "readonly ";
        }
        line += &format!("{} {}", ty_text(program, ty), name.name);
        if let Some(init) = init {
            line += &format!(" = {}", body::expr_root(program, *init));
        }
        dump.line(line);
    }
}

fn channel(program: &Program, item: &super::item::Channel, dump: &mut Dump) {
    let mut head = format!("channel {}", path(program, &item.decl));
    if let Some((base, _)) = &item.base {
        head += &format!(" : {}", path(program, &program.channels[*base].decl));
    }
    dump.nest(head, |dump| {
        for id in &item.ports {
            let port = &program.ports[*id];
            let word = match port.direction {
                Direction::Input => "input",
                Direction::Output => "output",
            };
            let payload = ty_text(program, &port.payload);
            let mut line = format!("{word} {payload} {}", port.name.name);
            if let Some(bounds) = &port.bounds {
                let capacity = body::expr_root(program, bounds.capacity);
                line = format!("[Bounded({capacity}, {})] {line}", bounds.policy.name());
            }
            if let Some(reply) = &port.reply {
                line += &format!(" : {}", ty_text(program, reply));
            }
            dump.line(line);
        }
        for state in &item.states {
            dump.nest(format!("{}:", state.name.name), |dump| {
                for step in &state.moves {
                    let next = match step.next {
                        Some(next) => &*item.states[next].name.name,
                        None => "End",
                    };
                    let port = &program.ports[step.port].name.name;
                    let guard = step.guard.map_or(String::new(), |it| {
                        format!(" when {}", body::expr_root(program, it))
                    });
                    dump.line(format!("{port}{guard} -> {next}"));
                }
            });
        }
    });
}

fn domain(program: &Program, item: &Domain, dump: &mut Dump) {
    dump.nest(format!("domain {}", path(program, &item.decl)), |dump| {
        fields(program, &item.fields, dump);
        for id in item.constructor.iter().chain(&item.methods) {
            method(program, *id, dump);
        }
    });
}

fn agent(program: &Program, item: &Agent, dump: &mut Dump) {
    use super::item::Access;
    let access = match item.access {
        Access::Neither => "",
        Access::Reader => "reader ",
        Access::Writer => "writer ",
    };
    let mut head = format!("{access}agent {}", path(program, &item.decl));
    if let Some((channel, _)) = &item.channel {
        let channel = path(program, &program.channels[*channel].decl);
        head += &format!(" : channel {channel}");
    }
    if let Some(base) = item.base {
        head += &format!(" base {}", path(program, &program.agents[base].decl));
    }
    dump.nest(head, |dump| {
        fields(program, &item.fields, dump);
        for id in item.constructor.iter().chain(&item.methods) {
            method(program, *id, dump);
        }
    });
}

fn method(program: &Program, id: MethodId, dump: &mut Dump) {
    let Method { decl, function, overridable, params, returns, .. } =
        &program.methods[id];
    let mut head = private(decl.visibility).to_owned();
    head += match overridable {
        Overridable::No => "",
        Overridable::Virtual => "virtual ",
        Overridable::Override(_) => "override ",
    };
    if function.is_some() {
        head += "function ";
    }
    let params: Vec<String> = params
        .iter()
        .map(|it| format!("{} {}", ty_text(program, &it.ty), it.name.name))
        .collect();
    let params = params.join(", ");
    head += &match program.methods[id].kind {
        super::item::MethodKind::Constructor => format!("{}({params})", decl.name.name),
        _ => format!("{} {}({params})", ty_text(program, returns), decl.name.name),
    };
    if let Some(args) = &program.methods[id].base_args {
        let args: Vec<String> =
            args.iter().map(|it| body::expr_root(program, *it)).collect();
        let names = &program.methods[id].base_names;
        let args: Vec<String> = args
            .into_iter()
            .zip(names)
            .map(|(arg, name)| match name {
                Some(name) => format!("{}: {arg}", name.name),
                None => arg,
            })
            .collect();
        head += &format!(" : base({})", args.join(", "));
    }
    dump.nest(head, |dump| {
        if let Some(id) = program.methods[id].body
            && let Some(body) = program.bodies.get(id)
        {
            Printer::new(program, body).root(&body.root, dump);
        }
    });
}
