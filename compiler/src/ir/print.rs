//! The text form of the IR for `dump ir` and snapshots. It is for reading, not for parsing.
//! Variables show the user's name and their number; moves, clones, `.await` and `?` show
//! as such.

use super::{
    Block, Callee, Channel, Expr, ExprKind, Function, Item, ItemKind, ItemRef, JsonField,
    JsonShape, Literal, Pattern, Program, SelfMode, Stmt, StmtKind, Ty, UnaryOp, Var,
};
use crate::support::Name;
use crate::support::dump::Dump;

mod expr;

/// The program as an indented tree.
#[must_use]
pub fn print(program: &Program) -> String {
    let mut dump = Dump::new();
    for it in &program.items {
        item(program, it, &mut dump);
    }
    if let Some(entry) = &program.entry {
        let body = Body { program, vars: &entry.vars };
        let head = format!("entry of {}", name(program, entry.application));
        dump.nest(head, |dump| body.block(&entry.create, dump));
    }
    dump.finish()
}

fn name(program: &Program, item: ItemRef) -> String {
    program.names[item.0 as usize].join(".")
}

fn channel(
    program: &Program,
    channel: &Channel,
    shown: &str,
    place: &str,
    dump: &mut Dump,
) {
    let base = channel.base.map(|(base, _)| format!(": {} ", name(program, base)));
    let base = base.unwrap_or_default();
    dump.nest(format!("channel {shown} {base} {place}"), |dump| {
        for port in &channel.ports {
            let direction = if port.input { "input" } else { "output" };
            let ty = ty(program, &port.ty);
            dump.line(format!("{direction} {}: {ty}", port.name));
        }
        for state in &channel.protocol {
            let moves: Vec<String> = state.moves.iter().map(protocol_move).collect();
            dump.line(format!("state {}: {}", state.name, moves.join(", ")));
        }
    });
}

fn item(program: &Program, it: &Item, dump: &mut Dump) {
    let shown = name(program, it.name);
    let place = match program.files.get(it.line.file as usize) {
        Some(file) => format!("{file}:{}", it.line.line),
        None => String::new(),
    };
    let fields = |fields: &[(Name, Ty)], dump: &mut Dump| {
        for (name, field) in fields {
            dump.line(format!("{name}: {}", ty(program, field)));
        }
    };
    match &it.kind {
        ItemKind::Channel(it) => channel(program, it, &shown, &place, dump),
        ItemKind::Agent(agent) => {
            dump.nest(format!("agent {shown} {:?}  {place}", agent.access), |dump| {
                if let Some(channel) = agent.channel {
                    dump.line(format!("channel {}", name(program, channel)));
                }
                if let Some(domain) = agent.domain {
                    dump.line(format!("domain {}", name(program, domain)));
                }
                fields(&agent.fields, dump);
            });
        }
        ItemKind::Domain(domain) => {
            dump.nest(format!("domain {shown}  {place}"), |dump| {
                fields(&domain.fields, dump);
            });
        }
        ItemKind::Struct(it) => {
            let head = format!("struct {shown} {}  {place}", derives(it.derives));
            dump.nest(head, |dump| fields(&it.fields, dump));
        }
        ItemKind::Enum(it) => {
            let head = format!("enum {shown} {}  {place}", derives(it.derives));
            dump.nest(head, |dump| {
                for (index, (case, payload)) in it.cases.iter().enumerate() {
                    let payload: Vec<String> =
                        payload.iter().map(|it| ty(program, it)).collect();
                    let mut line = format!("{case}({})", payload.join(", "));
                    if let Some(number) = it.numbers.get(index) {
                        line += &format!(" = {number}");
                    }
                    dump.line(line);
                }
            });
        }
        ItemKind::Opaque(it) => dump.line(format!("opaque {shown} = {}", it.rust)),
        ItemKind::Foreign(it) => {
            dump.line(format!("native {shown} = {}.{}", it.module, it.function));
        }
        ItemKind::Bridge(it) => dump.line(format!("bridge {shown} = {}", it.rust)),
        ItemKind::Json(it) => {
            let verb = if it.reads { "reads" } else { "writes" };
            let of = name(program, it.of);
            dump.nest(format!("json {verb} {of}  {place}"), |dump| {
                let line = |dump: &mut Dump, head: &str, fields: &[JsonField]| {
                    let fields = fields.iter();
                    let keys: Vec<String> = fields
                        .map(|it| format!("{}: {}", it.key, ty(program, &it.ty)))
                        .collect();
                    dump.line(format!("{head}({})", keys.join(", ")));
                };
                match &it.shape {
                    JsonShape::Record { fields, check } => {
                        let check = check.map(|it| name(program, it)).unwrap_or_default();
                        line(dump, &check, fields);
                    }
                    JsonShape::Enum(cases) => {
                        cases.iter().for_each(|(case, fields)| line(dump, case, fields));
                    }
                }
            });
        }
        ItemKind::Function(it) => function(program, &shown, &place, it, dump),
    }
}

fn derives(it: super::Derives) -> String {
    let all = [
        ("equatable", it.equatable),
        ("hashable", it.hashable),
        ("comparable", it.comparable),
        ("default", it.default),
        ("copy", it.copy),
    ];
    let all: Vec<&str> = all.iter().filter(|it| it.1).map(|it| it.0).collect();
    format!("[{}]", all.join(" "))
}

fn function(program: &Program, shown: &str, place: &str, it: &Function, dump: &mut Dump) {
    let body = Body { program, vars: &it.vars };
    let mut params: Vec<String> = it
        .params
        .iter()
        .map(|it| format!("{}: {}", body.var(it.var), ty(program, &it.ty)))
        .collect();
    match it.receiver {
        Some((_, SelfMode::Ref)) => params.insert(0, "&self".into()),
        Some((_, SelfMode::Mut)) => params.insert(0, "&mut self".into()),
        None => {}
    }
    let (waits, throws) =
        (if it.suspends { "async " } else { "" }, if it.throws { " throws" } else { "" });
    let returns = ty(program, &it.returns);
    let head =
        format!("{waits}fn {shown}({}) -> {returns}{throws}  {place}", params.join(", "));
    dump.nest(head, |dump| body.block(&it.body, dump));
}

/// A type on one line.
fn ty(program: &Program, it: &Ty) -> String {
    let all =
        |tys: &[Ty]| tys.iter().map(|it| ty(program, it)).collect::<Vec<_>>().join(", ");
    match it {
        Ty::Unit => "()".into(),
        Ty::Never => "!".into(),
        Ty::Prim(name) => (*name).into(),
        Ty::Rt(name, args) if args.is_empty() => name.to_string(),
        Ty::Rt(name, args) => format!("{name}<{}>", all(args)),
        Ty::Item(item) => name(program, *item),
        Ty::Option(inner) => format!("{}?", ty(program, inner)),
        Ty::Tuple(parts) => format!("({})", all(parts)),
        Ty::Func { params, returns } => {
            format!("fn({}) -> {}", all(params), ty(program, returns))
        }
        Ty::Ref(inner) => format!("&{}", ty(program, inner)),
        Ty::RefMut(inner) => format!("&mut {}", ty(program, inner)),
        Ty::Infer => "_".into(),
    }
}

/// The code of one function while it is printed.
struct Body<'a> {
    program: &'a Program,
    vars: &'a [Name],
}

impl Body<'_> {
    fn var(&self, var: Var) -> String {
        let name = self.vars.get(var.0 as usize).map_or("?", |it| it);
        format!("{name}#{}", var.0)
    }

    fn block(&self, it: &Block, dump: &mut Dump) {
        for stmt in &it.stmts {
            self.stmt(stmt, dump);
        }
        if let Some(value) = &it.value {
            self.tree("= ", value, dump);
        }
    }

    fn stmt(&self, it: &Stmt, dump: &mut Dump) {
        match &it.kind {
            StmtKind::Let { pattern, ty: declared, init } => {
                let mut head = format!("let {}", self.pattern(pattern));
                if let Some(declared) = declared {
                    head.push_str(&format!(": {}", ty(self.program, declared)));
                }
                match init {
                    Some(init) => self.tree(&format!("{head} = "), init, dump),
                    None => dump.line(head),
                }
            }
            StmtKind::Expr(it) => self.tree("", it, dump),
            StmtKind::Note(text) => dump.line(format!("// {text}")),
        }
    }

    fn pattern(&self, it: &Pattern) -> String {
        let all = |parts: &[Pattern]| {
            parts.iter().map(|it| self.pattern(it)).collect::<Vec<_>>().join(", ")
        };
        match it {
            Pattern::Wildcard => "_".into(),
            Pattern::Var(var) => self.var(*var),
            Pattern::RefVar(var) => format!("ref {}", self.var(*var)),
            Pattern::Literal(it) => literal(it),
            Pattern::Tuple(parts) => format!("({})", all(parts)),
            Pattern::Case { case, args, .. } if args.is_empty() => case.to_string(),
            Pattern::Case { case, args, .. } => format!("{case}({})", all(args)),
            Pattern::Struct { fields, .. } => {
                let fields = fields
                    .iter()
                    .map(|(name, it)| format!("{name}: {}", self.pattern(it)));
                format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
            }
            Pattern::Some(inner) => format!("Some({})", self.pattern(inner)),
            Pattern::None => "None".into(),
            Pattern::Or(parts) => {
                let parts: Vec<String> =
                    parts.iter().map(|it| self.pattern(it)).collect();
                parts.join(" | ")
            }
            Pattern::RtConst(path) => (*path).into(),
            Pattern::RtCase(path, parts) => format!("{path}({})", all(parts)),
        }
    }
}

fn literal(it: &Literal) -> String {
    match it {
        Literal::Bool(value) => value.to_string(),
        Literal::Char(value) => format!("{value:?}"),
        Literal::Int(value, suffix) => format!("{value}{suffix}"),
        Literal::Float(value, suffix) => format!("{value:?}{suffix}"),
        Literal::Str(text) => format!("{text:?}"),
        Literal::Text(text) => format!("text {text:?}"),
        Literal::Unit => "()".into(),
    }
}

fn protocol_move(it: &super::Move) -> String {
    let guard = it.guard.map(|it| format!(" if guard {it}")).unwrap_or_default();
    let next = it.next.map_or("End".into(), |it| format!("{it}"));
    format!("{}{guard} -> {next}", it.port)
}
