//! The dump of a syntax tree, for `dump ast` and for snapshots: declarations and statements
//! on lines of their own, expressions with every grouping spelled out. It is not source text.

mod expr;
mod stmt;

use super::ast::{self, ItemKind};
use crate::support::dump::Dump;
use expr::{arguments, expression, joined, literal, type_text};

/// Prints a file.
#[must_use]
pub fn print(file: &ast::File) -> String {
    let mut dump = Dump::new();
    usings(&mut dump, &file.usings);
    file.items.iter().for_each(|it| item(&mut dump, it));
    if !file.lost.is_empty() {
        dump.line(format!("lost {}", joined(&file.lost, |it| it.name.to_string())));
    }
    dump.finish()
}

fn path(path: &ast::Path) -> String {
    path.parts.iter().map(|it| &*it.name).collect::<Vec<_>>().join(".")
}

fn usings(dump: &mut Dump, usings: &[ast::Path]) {
    for using in usings {
        dump.line(format!("using {}", path(using)));
    }
}

fn docs(dump: &mut Dump, lines: &[String]) {
    for line in lines {
        dump.line(format!("/// {line}"));
    }
}

fn attributes(dump: &mut Dump, all: &[ast::Attribute]) {
    for attribute in all {
        let args = match attribute.args.as_slice() {
            [] => String::new(),
            args => format!("({})", arguments(args)),
        };
        dump.line(format!("[{}{args}]", path(&attribute.name)));
    }
}

fn modifiers(all: &[ast::Modifier]) -> String {
    all.iter().map(|it| format!("{} ", it.kind.text())).collect()
}

fn type_params(params: &[ast::TypeParam]) -> String {
    match params {
        [] => String::new(),
        _ => format!("<{}>", joined(params, |it| it.name.name.to_string())),
    }
}

fn wheres(clauses: &[ast::WhereClause]) -> String {
    let clause = |it: &ast::WhereClause| {
        let constraints = joined(&it.constraints, |it| it.name.to_string());
        format!(" where {}: {constraints}", it.param.name)
    };
    clauses.iter().map(clause).collect()
}

fn params(all: &[ast::Param]) -> String {
    joined(all, |it| {
        let passing =
            it.passing.as_ref().map(|it| format!("{} ", it.name)).unwrap_or_default();
        let default = it.default.as_ref().map(|it| format!(" = {}", expression(it)));
        let default = default.unwrap_or_default();
        format!("{passing}{} {}{default}", type_text(&it.ty), it.name.name)
    })
}

fn declarators(all: &[ast::Declarator]) -> String {
    joined(all, |it| match &it.init {
        Some(init) => format!("{} = {}", it.name.name, expression(init)),
        None => it.name.name.to_string(),
    })
}

fn item(dump: &mut Dump, item: &ast::Item) {
    docs(dump, &item.docs);
    attributes(dump, &item.attributes);
    let before = modifiers(&item.modifiers);
    let head = |word: &str, name: &ast::Ident, params: &[ast::TypeParam]| {
        format!("{before}{word} {}{}", name.name, type_params(params))
    };
    let base = |base: &Option<ast::Type>| {
        base.as_ref().map(|it| format!(" : {}", type_text(it))).unwrap_or_default()
    };
    match &item.kind {
        ItemKind::Namespace { path: name, usings: inner, items } => {
            dump.nest(format!("{before}namespace {}", path(name)), |dump| {
                usings(dump, inner);
                items.iter().for_each(|it| self::item(dump, it));
            });
        }
        ItemKind::Agent(it) => {
            let base = it.base.as_ref().map(|it| {
                let word = if it.channel { "channel " } else { "" };
                format!(" : {word}{}", type_text(&it.ty))
            });
            let head = head("agent", &it.name, &it.type_params);
            members(
                dump,
                head + &base.unwrap_or_default() + &wheres(&it.wheres),
                &it.members,
            );
        }
        ItemKind::Domain(it) => {
            let head = head("domain", &it.name, &it.type_params) + &base(&it.base);
            members(dump, head + &wheres(&it.wheres), &it.members);
        }
        ItemKind::Struct(it) => {
            let head = head("struct", &it.name, &it.type_params) + &base(&it.base);
            members(dump, head + &wheres(&it.wheres), &it.members);
        }
        ItemKind::Channel(it) => {
            let head = head("channel", &it.name, &it.type_params) + &base(&it.base);
            dump.nest(head + &wheres(&it.wheres), |dump| channel(dump, it));
        }
        ItemKind::Schema(it) => {
            let head = head("schema", &it.name, &it.type_params) + &base(&it.base);
            dump.nest(head + &wheres(&it.wheres), |dump| schema(dump, it));
        }
        ItemKind::Enum(it) => {
            let head = head("enum", &it.name, &it.type_params) + &wheres(&it.wheres);
            dump.nest(head, |dump| it.cases.iter().for_each(|it| enum_case(dump, it)));
        }
        ItemKind::Method(it) => method(dump, &before, it),
        ItemKind::Field(it) => {
            let names = declarators(&it.declarators);
            dump.line(format!("{before}field {} {names}", type_text(&it.ty)));
        }
        ItemKind::Constructor(it) => {
            let base =
                it.base_args.as_ref().map(|it| format!(" : base({})", arguments(it)));
            let base = base.unwrap_or_default();
            let head = format!(
                "{before}constructor {}({}){base}",
                it.name.name,
                params(&it.params)
            );
            dump.nest(head, |dump| stmt::statements(dump, &it.body.stmts));
        }
        ItemKind::Native(it) => native(dump, &before, it),
        ItemKind::Test(it) => {
            dump.nest(format!("{before}test {}", literal(&it.name)), |dump| {
                stmt::statements(dump, &it.body.stmts);
            });
        }
        ItemKind::Unsupported { what, name } => {
            let name =
                name.as_ref().map(|it| format!(" {}", it.name)).unwrap_or_default();
            dump.line(format!("{before}unsupported {what}{name}"));
        }
        ItemKind::Error => dump.line(format!("{before}error")),
    }
}

fn members(dump: &mut Dump, head: String, members: &[ast::Item]) {
    dump.nest(head, |dump| members.iter().for_each(|it| item(dump, it)));
}

fn channel(dump: &mut Dump, channel: &ast::Channel) {
    for port in &channel.ports {
        docs(dump, &port.docs);
        attributes(dump, &port.attributes);
        let direction = match port.direction {
            ast::Direction::Input => "input",
            ast::Direction::Output => "output",
        };
        let payload = port.payload.as_ref().map(|it| format!(" {}", type_text(it)));
        let reply = port.reply.as_ref().map(|it| format!(" : {}", type_text(it)));
        let (payload, reply) = (payload.unwrap_or_default(), reply.unwrap_or_default());
        dump.line(format!("{direction}{payload} {}{reply}", port.name.name));
    }
    for state in &channel.states {
        dump.nest(format!("state {}", state.name.name), |dump| {
            for it in &state.transitions {
                let binding = it.binding.as_ref().map(|it| format!("(var {})", it.name));
                let guard =
                    it.guard.as_ref().map(|it| format!(" when {}", expression(it)));
                let (binding, guard) =
                    (binding.unwrap_or_default(), guard.unwrap_or_default());
                dump.line(format!(
                    "{}{binding}{guard} -> {}",
                    it.port.name, it.next.name
                ));
            }
        });
    }
    channel.items.iter().for_each(|it| item(dump, it));
}

fn schema(dump: &mut Dump, schema: &ast::Schema) {
    for field in &schema.fields {
        docs(dump, &field.docs);
        attributes(dump, &field.attributes);
        let word = if field.optional { "optional" } else { "required" };
        let init = field.init.as_ref().map(|it| format!(" = {}", expression(it)));
        let init = init.unwrap_or_default();
        dump.line(format!("{word} {} {}{init}", type_text(&field.ty), field.name.name));
    }
    for rule in &schema.rules {
        dump.line(format!("rule {}", expression(&rule.condition)));
    }
    schema.members.iter().for_each(|it| item(dump, it));
}

fn enum_case(dump: &mut Dump, case: &ast::EnumCase) {
    docs(dump, &case.docs);
    let payload = match case.payload.as_slice() {
        [] => String::new(),
        payload => format!("({})", params(payload)),
    };
    let value = case.value.as_ref().map(|it| format!(" = {}", expression(it)));
    dump.line(format!("case {}{payload}{}", case.name.name, value.unwrap_or_default()));
}

fn signature(method: &ast::Method) -> String {
    let throws = if method.throws { " throws" } else { "" };
    format!(
        "{} {}{}({}){throws}{}",
        type_text(&method.returns),
        method.name.name,
        type_params(&method.type_params),
        params(&method.params),
        wheres(&method.wheres)
    )
}

/// A method, function or local function with its body.
fn method(dump: &mut Dump, before: &str, method: &ast::Method) {
    let head = format!("{before}method {}", signature(method));
    match &method.body {
        ast::MethodBody::Block(body) => {
            dump.nest(head, |dump| stmt::statements(dump, &body.stmts));
        }
        ast::MethodBody::Expr(value) => {
            dump.line(format!("{head} => {}", expression(value)))
        }
        ast::MethodBody::None => dump.line(head + ";"),
    }
}

fn used(it: &ast::Use) -> String {
    let wants = match &it.wants {
        ast::Wants::Version(version) => format!("{:?}", &*version.name),
        ast::Wants::Table { settings, .. } => {
            let setting = |(key, value): &(ast::Ident, ast::Setting)| {
                let value = match value {
                    ast::Setting::Text(text) => format!("{:?}", &*text.name),
                    ast::Setting::List(_, all) => {
                        format!("[{}]", joined(all, |it| format!("{:?}", &*it.name)))
                    }
                    ast::Setting::Bool(_, value) => value.to_string(),
                };
                format!("{} = {value}", key.name)
            };
            format!("{{ {} }}", joined(settings, setting))
        }
    };
    format!("{} = {wants}", it.name.name)
}

fn native(dump: &mut Dump, before: &str, native: &ast::Native) {
    let (head, members) = match native {
        ast::Native::Module { path, uses, items } => {
            let uses = match uses.as_slice() {
                [] => String::new(),
                uses => {
                    format!(" uses {}", joined(uses, used))
                }
            };
            (format!("native {:?}{uses}", &*path.name), items)
        }
        ast::Native::Type {
            handle,
            name,
            type_params: params,
            bases,
            wheres: clauses,
            members,
        } => {
            let word = if *handle { "handle" } else { "type" };
            let bases = match bases.as_slice() {
                [] => String::new(),
                bases => format!(" : {}", joined(bases, type_text)),
            };
            let params = type_params(params);
            (
                format!("native {word} {}{params}{bases}{}", name.name, wheres(clauses)),
                members,
            )
        }
        ast::Native::Namespace { name, members } => {
            (format!("native namespace {}", name.name), members)
        }
    };
    dump.nest(format!("{before}{head}"), |dump| {
        members.iter().for_each(|it| native_member(dump, it));
    });
}

fn native_member(dump: &mut Dump, member: &ast::NativeMember) {
    use ast::NativeMemberKind as Kind;
    docs(dump, &member.docs);
    attributes(dump, &member.attributes);
    let before = modifiers(&member.modifiers);
    let throws = |throws: bool| if throws { " throws" } else { "" };
    let access = |settable: bool| if settable { "get set" } else { "get" };
    let text = match &member.kind {
        Kind::OpaqueType(name) => format!("opaque type {}", name.name),
        Kind::Method(method) => format!("method {}", signature(method)),
        Kind::New { params: all, throws: it } => {
            format!("new({}){}", params(all), throws(*it))
        }
        Kind::Property { ty, name, throws: it, settable } => {
            let ty = type_text(ty);
            format!("property {ty} {}{} {}", name.name, throws(*it), access(*settable))
        }
        Kind::Indexer { ty, params: all, throws: it, settable } => {
            let (ty, all) = (type_text(ty), params(all));
            format!("indexer {ty} [{all}]{} {}", throws(*it), access(*settable))
        }
    };
    dump.line(before + &text);
}
