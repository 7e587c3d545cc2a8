//! The dump of statements: one line for each, nested ones a level deeper.

use super::expr::{expression, joined, pattern, tuple_pattern, type_text};
use super::{declarators, method, modifiers};
use crate::support::dump::Dump;
use crate::syntax::ast::{self, StmtKind};

pub(super) fn statements(dump: &mut Dump, all: &[ast::Stmt]) {
    all.iter().for_each(|it| statement(dump, it));
}

fn block(dump: &mut Dump, head: impl AsRef<str>, block: &ast::Block) {
    dump.nest(head, |dump| statements(dump, &block.stmts));
}

/// A statement below a head; the braces of a block are not worth a level.
fn body(dump: &mut Dump, head: impl AsRef<str>, stmt: &ast::Stmt) {
    dump.nest(head, |dump| match &stmt.kind {
        StmtKind::Block(inner) if stmt.attributes.is_empty() => {
            statements(dump, &inner.stmts)
        }
        _ => statement(dump, stmt),
    });
}

fn local(ty: &ast::Type, all: &[ast::Declarator]) -> String {
    format!("local {} {}", type_text(ty), declarators(all))
}

fn statement(dump: &mut Dump, stmt: &ast::Stmt) {
    super::attributes(dump, &stmt.attributes);
    match &stmt.kind {
        StmtKind::Empty => dump.line("empty"),
        StmtKind::Block(inner) => block(dump, "block", inner),
        StmtKind::Local { constant, ty, declarators } => {
            let word = if *constant { "const " } else { "" };
            dump.line(format!("{word}{}", local(ty, declarators)));
        }
        StmtKind::Deconstruct { pattern, value } => {
            dump.line(format!(
                "deconstruct {} = {}",
                tuple_pattern(pattern),
                expression(value)
            ));
        }
        StmtKind::LocalFunction { modifiers: before, method: it } => {
            method(dump, &format!("local {}", modifiers(before)), it);
        }
        StmtKind::Expr(it) => dump.line(expression(it)),
        StmtKind::Break => dump.line("break"),
        StmtKind::Continue => dump.line("continue"),
        StmtKind::Return(None) => dump.line("return"),
        StmtKind::Return(Some(it)) => dump.line(format!("return {}", expression(it))),
        StmtKind::Throw(None) => dump.line("throw"),
        StmtKind::Throw(Some(it)) => dump.line(format!("throw {}", expression(it))),
        StmtKind::UsingVar { ty, declarators } => {
            dump.line(format!("using {}", local(ty, declarators)));
        }
        StmtKind::Checked { checked, body } => {
            block(dump, if *checked { "checked" } else { "unchecked" }, body);
        }
        StmtKind::Yield => dump.line("yield"),
        StmtKind::YieldReturn(it) => {
            dump.line(format!("yield return {}", expression(it)))
        }
        StmtKind::YieldBreak => dump.line("yield break"),
        StmtKind::Assert(all) => dump.line(format!("assert {}", joined(all, expression))),
        StmtKind::ExpectThrows { ty, body } => {
            block(dump, format!("expect throws {}", type_text(ty)), body);
        }
        StmtKind::Unsupported { what } => dump.line(format!("unsupported {what}")),
        StmtKind::Error => dump.line("error"),
        nested => compound(dump, nested),
    }
}

/// Statements that hold others.
fn compound(dump: &mut Dump, kind: &StmtKind) {
    match kind {
        StmtKind::If { condition, then, otherwise } => {
            if_else(dump, condition, then, otherwise)
        }
        StmtKind::While { condition, body: inner } => {
            body(dump, format!("while {}", expression(condition)), inner);
        }
        StmtKind::DoWhile { body: inner, condition } => {
            body(dump, format!("do while {}", expression(condition)), inner);
        }
        StmtKind::For { init, condition, update, body: inner } => {
            dump.nest("for", |dump| {
                dump.nest("init", |dump| statements(dump, init));
                if let Some(it) = condition {
                    dump.line(format!("while {}", expression(it)));
                }
                if !update.is_empty() {
                    dump.line(format!("then {}", joined(update, expression)));
                }
                body(dump, "do", inner);
            });
        }
        StmtKind::Foreach { binding, iterable, body: inner } => {
            let binding = match binding {
                ast::ForeachBinding::Single { ty, name } => {
                    format!("{} {}", type_text(ty), name.name)
                }
                ast::ForeachBinding::Tuple(it) => tuple_pattern(it),
            };
            body(dump, format!("foreach {binding} in {}", expression(iterable)), inner);
        }
        StmtKind::Switch { subject, sections } => {
            dump.nest(format!("switch {}", expression(subject)), |dump| {
                sections.iter().for_each(|it| section(dump, it));
            });
        }
        StmtKind::Try { body, catches, finally } => {
            block(dump, "try", body);
            catches.iter().for_each(|it| catch(dump, it));
            if let Some(it) = finally {
                block(dump, "finally", it);
            }
        }
        StmtKind::Using { resource, body: inner } => {
            let resource = match resource {
                ast::UsingResource::Local { ty, declarators } => local(ty, declarators),
                ast::UsingResource::Expr(it) => expression(it),
            };
            body(dump, format!("using {resource}"), inner);
        }
        StmtKind::Receive(cases) => {
            dump.nest("receive", |dump| {
                cases.iter().for_each(|it| receive_case(dump, it))
            });
        }
        _ => unreachable!("`statement` prints every other kind itself"),
    }
}

/// A chain of `else if` is printed by a loop: it may be long.
fn if_else(
    dump: &mut Dump,
    condition: &ast::Expr,
    then: &ast::Stmt,
    otherwise: &Option<Box<ast::Stmt>>,
) {
    body(dump, format!("if {}", expression(condition)), then);
    let mut rest = otherwise;
    while let Some(next) = rest {
        match &next.kind {
            StmtKind::If { condition, then, otherwise } if next.attributes.is_empty() => {
                body(dump, format!("else if {}", expression(condition)), then);
                rest = otherwise;
            }
            _ => return body(dump, "else", next),
        }
    }
}

fn guard(guard: &Option<ast::Expr>) -> String {
    guard.as_ref().map(|it| format!(" when {}", expression(it))).unwrap_or_default()
}

fn section(dump: &mut Dump, section: &ast::SwitchSection) {
    let labels = joined(&section.labels, |it| match &it.pattern {
        Some(it_pattern) => format!("case {}{}", pattern(it_pattern), guard(&it.guard)),
        None => "default".to_string(),
    });
    dump.nest(labels, |dump| statements(dump, &section.body));
}

fn catch(dump: &mut Dump, catch: &ast::Catch) {
    let ty =
        catch.ty.as_ref().map(|it| format!(" {}", type_text(it))).unwrap_or_default();
    let name = catch.name.as_ref().map(|it| format!(" {}", it.name)).unwrap_or_default();
    block(dump, format!("catch{ty}{name}{}", guard(&catch.filter)), &catch.body);
}

fn receive_case(dump: &mut Dump, case: &ast::ReceiveCase) {
    let head = match &case.kind {
        ast::ReceiveCaseKind::From { sources, into, guard: when } => {
            let into = into.as_ref().map(|it| match it {
                ast::ReceiveBinding::Single { ty, name } => {
                    format!(" into {} {}", type_text(ty), name.name)
                }
                ast::ReceiveBinding::Bare(name) => format!(" into {}", name.name),
                ast::ReceiveBinding::Tuple(it) => format!(" into {}", tuple_pattern(it)),
            });
            let into = into.unwrap_or_default();
            format!("from {}{into}{}", joined(sources, expression), guard(when))
        }
        ast::ReceiveCaseKind::Timeout(after) => format!("timeout {}", expression(after)),
        ast::ReceiveCaseKind::Default => "default".to_string(),
    };
    dump.nest(head, |dump| statements(dump, &case.body));
}
