//! The text form of the tables for `dump types` and snapshots: every body with the types
//! of its locals, then of its expressions with what they convert to and mean.

use super::show::show;
use super::tables::{
    AgentDomain, BodyTypes, Call, Constant, Conversion, Member, Operand, Types,
};
use crate::hir::body::{Body, ExprKind};
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::dump::Dump;
use crate::support::span::Span;

/// The tables of all bodies in user files. `text` gives the source of a span.
#[must_use]
pub fn print(program: &Program, types: &Types, text: &dyn Fn(Span) -> String) -> String {
    let mut dump = Dump::new();
    for (id, body) in program.bodies.enumerate() {
        if body.span.file.0 >= program.n_user_files {
            continue;
        }
        if let Some(table) = types.bodies.get(id) {
            let printer = Printer { program, body, table, text };
            let head = printer.excerpt(body.span);
            dump.nest(format!("body {head}"), |dump| printer.body(dump));
        }
    }
    dump.finish()
}

struct Printer<'a> {
    program: &'a Program,
    body: &'a Body,
    table: &'a BodyTypes,
    text: &'a dyn Fn(Span) -> String,
}

impl Printer<'_> {
    fn body(&self, dump: &mut Dump) {
        for (id, local) in self.body.locals.enumerate() {
            let ty = self.table.locals.get(id).map_or("-".to_owned(), |it| self.ty(it));
            dump.line(format!("local {}: {ty}", local.name));
        }
        for (id, expr) in self.body.exprs.enumerate() {
            if let Some(ty) = self.table.exprs.get(id) {
                let mut line = format!("{}: {}", self.excerpt(expr.span), self.ty(ty));
                for note in self.notes(id) {
                    line.push_str("  ");
                    line.push_str(&note);
                }
                dump.line(line);
            }
        }
    }

    fn ty(&self, ty: &Ty) -> String {
        show(self.program, ty)
    }

    /// The source in one line, shortened.
    fn excerpt(&self, span: Span) -> String {
        let text = (self.text)(span);
        let words: Vec<&str> = text.split_whitespace().collect();
        let line = words.join(" ");
        if line.chars().count() <= 40 {
            return line;
        }
        let head: String = line.chars().take(37).collect();
        format!("{head}…")
    }

    fn notes(&self, id: ExprId) -> Vec<String> {
        let table = self.table;
        let mut notes = Vec::new();
        // The value of a literal is what was written.
        if let Some(constant) = table.constants.get(id)
            && !matches!(self.body.exprs[id].kind, ExprKind::Literal(_))
        {
            notes.push(format!("= {}", constant_text(constant)));
        }
        if let Some(it) = table.operators.get(id) {
            let checked = if it.checked { " checked" } else { "" };
            notes.push(format!("by {:?} in {}{checked}", it.kind, self.ty(&it.operand)));
        }
        if let Some(it) = table.members.get(id) {
            notes.push(format!("is {}", self.member(it)));
        }
        if let Some(it) = table.calls.get(id) {
            notes.push(self.call(it));
        }
        if let Some(it) = table.casts.get(id) {
            notes.push(format!("cast {}", self.conversion(it)));
        }
        if let Some(it) = table.sources.get(id) {
            notes.push(format!("source {it:?}"));
        }
        if let Some(it) = table.sends.get(id) {
            notes.push(format!("target {it:?}"));
        }
        if let Some(it) = table.operands.get(id) {
            notes.push(format!("operand {}", self.operand(it)));
        }
        if let Some(it) = table.networks.get(id) {
            let none = || "nothing".to_owned();
            let results = it.results.as_ref().map_or_else(none, |it| self.ty(it));
            let mut text = format!("gives {results}");
            if let Some(reply) = &it.reply {
                text.push_str(&format!(", replies {}", self.ty(reply)));
            }
            for (flag, word) in [
                (it.vector, ", as a vector"),
                (it.tuple, ", from tuples"),
                (it.through_point, ", out of a point"),
            ] {
                if flag {
                    text.push_str(word);
                }
            }
            notes.push(text);
        }
        if table.null_chains.contains(id) {
            notes.push("ends a chain with ?.".to_owned());
        }
        if let Some(it) = table.conversions.get(id) {
            notes.push(format!("→ {}", self.conversion(it)));
        }
        notes
    }

    fn member(&self, member: &Member) -> String {
        let program = self.program;
        match member {
            Member::Field(it) => format!("field {}", program.fields[*it].name.name),
            Member::Port(it) => format!("port {}", program.ports[*it].name.name),
            Member::Method(it) | Member::Property { method: it, .. } => {
                format!("member {}", program.methods[*it].decl.name.name)
            }
            Member::EnumCase(id, case) => {
                format!("case {}", program.enums[*id].cases[*case].name.name)
            }
            other => format!("{other:?}"),
        }
    }

    fn call(&self, call: &Call) -> String {
        let program = self.program;
        let method = |it: &MethodId| program.methods[*it].decl.name.name.to_string();
        match call {
            Call::Method { method: it, .. } => {
                let params = program.methods[*it].params.iter();
                let params: Vec<String> = params.map(|it| self.ty(&it.ty)).collect();
                format!("calls {}({})", method(it), params.join(", "))
            }
            Call::LocalFn { local_fn, .. } => {
                format!("calls {}", self.body.local_fns[*local_fn].name.name)
            }
            Call::Value { .. } => "calls the value".to_owned(),
            Call::EnumCase { id, case, .. } => {
                format!("case {}", program.enums[*id].cases[*case].name.name)
            }
            Call::CreateAgent { agent, domain, .. } => {
                let name = &program.agents[*agent].decl.name.name;
                let place = match domain {
                    AgentDomain::New => "a new domain".to_owned(),
                    AgentDomain::NewNested(level) => format!("a new domain in {level}"),
                    AgentDomain::Current(level) => format!("domain {level}"),
                    AgentDomain::Handle(_) => "that domain".to_owned(),
                };
                format!("makes {name} in {place}")
            }
            Call::NewDomain { domain, .. } => {
                format!("makes {}", program.domains[*domain].decl.name.name)
            }
            Call::NewRecord { record, fields } => {
                let names = fields.iter();
                let names: Vec<&str> =
                    names.map(|it| &*program.fields[it.0].name.name).collect();
                let record = &program.records[*record].decl.name.name;
                format!("makes {record} with {}", names.join(", "))
            }
            Call::NewNative { native, .. } => {
                format!("makes {}", program.natives[*native].decl.name.name)
            }
            Call::CloseEnd(_) => "closes the end".to_owned(),
            Call::Monitor(_) => "monitors the agent".to_owned(),
            Call::ToText(_) => "gives its text".to_owned(),
            Call::ToJson(_) => "gives its JSON".to_owned(),
            Call::FromJson { ty, .. } => format!("reads {} from JSON", self.ty(ty)),
        }
    }

    fn conversion(&self, conversion: &Conversion) -> String {
        let ports = &self.program.ports;
        match conversion {
            Conversion::Numeric { to, checked: false, .. }
            | Conversion::Constant { to }
            | Conversion::ToBaseChannel { to, .. } => self.ty(to),
            Conversion::Numeric { to, checked: true, .. } => {
                format!("{} checked", self.ty(to))
            }
            Conversion::Null { to } => self.ty(to),
            Conversion::Inside(it) => format!("inside {}", self.conversion(it)),
            Conversion::Then(first, next) => {
                format!("{}, {}", self.conversion(first), self.conversion(next))
            }
            Conversion::EndToSource(it) => format!("source {}", ports[*it].name.name),
            Conversion::EndToTarget(it) => format!("target {}", ports[*it].name.name),
            Conversion::ToBaseRecord { to, .. } => {
                self.program.records[*to].decl.name.name.to_string()
            }
            Conversion::Coerce { to, .. } => format!("coerced to {}", self.ty(to)),
            Conversion::Each(it) => format!("each {}", self.conversion(it)),
            Conversion::Values(it) => format!("each value {}", self.conversion(it)),
            Conversion::MethodToFunc { method, .. } => {
                format!("function {}", self.program.methods[*method].decl.name.name)
            }
            Conversion::Tuple(parts) => {
                let part = |it: &Option<Conversion>| {
                    it.as_ref().map_or("same".to_owned(), |it| self.conversion(it))
                };
                format!("({})", parts.iter().map(part).collect::<Vec<_>>().join(", "))
            }
            other => format!("{other:?}"),
        }
    }

    fn operand(&self, operand: &Operand) -> String {
        match operand {
            Operand::Source(ty) => format!("source of {}", self.ty(ty)),
            Operand::RequestSource { payload, reply, .. } => {
                format!("requests of {} for {}", self.ty(payload), self.ty(reply))
            }
            Operand::Target(ty) => format!("target of {}", self.ty(ty)),
            Operand::Node(node) => {
                format!("node from {} to {}", self.ty(&node.takes), self.ty(&node.gives))
            }
            Operand::Vector(items) => format!("vector of {}", items.len()),
            Operand::RunTimeVector(inner) => {
                format!("vector, each {}", self.operand(inner))
            }
            Operand::Network(ty) => format!("network of {}", self.ty(ty)),
            Operand::NetworkVector(ty) => {
                format!("vector of networks of {}", self.ty(ty))
            }
        }
    }
}

fn constant_text(constant: &Constant) -> String {
    match constant {
        Constant::Bool(it) => it.to_string(),
        Constant::Char(it) => format!("{it:?}"),
        Constant::Int(it) => it.to_string(),
        Constant::Float(it) => format!("{it:?}"),
        Constant::Decimal(it) => format!("{it}m"),
        Constant::String(it) => format!("{it:?}"),
        Constant::Null => "null".to_owned(),
    }
}
