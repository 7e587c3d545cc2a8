//! The dump of types, patterns and expressions, on one line. Every operator has parentheses
//! of its own; parentheses of the source are `paren(…)`.

use super::{Dump, stmt};
use crate::syntax::ast::{
    self, Expr, ExprKind, Literal, Pattern, PatternKind, Type, TypeKind, UnaryOp,
};
use std::fmt::Write as _;

/// The parts as texts with commas between.
pub(super) fn joined<T>(all: &[T], text: impl Fn(&T) -> String) -> String {
    all.iter().map(text).collect::<Vec<_>>().join(", ")
}

pub(super) fn type_text(ty: &Type) -> String {
    match &ty.kind {
        TypeKind::Named(parts) => {
            let part =
                |it: &ast::TypePart| format!("{}{}", it.name.name, type_args(&it.args));
            parts.iter().map(part).collect::<Vec<_>>().join(".")
        }
        TypeKind::Var => "var".into(),
        TypeKind::Void => "void".into(),
        TypeKind::Array(element) => format!("{}[]", type_text(element)),
        TypeKind::Nullable(inner) => format!("{}?", type_text(inner)),
        TypeKind::Tuple(parts) => {
            let part = |(ty, name): &(Type, Option<ast::Ident>)| match name {
                Some(name) => format!("{} {}", type_text(ty), name.name),
                None => type_text(ty),
            };
            format!("({})", joined(parts, part))
        }
        TypeKind::AtState(channel, state) => {
            format!("{}@{}", type_text(channel), state.name)
        }
        TypeKind::Error => "error".into(),
    }
}

fn type_args(args: &[Type]) -> String {
    if args.is_empty() { String::new() } else { format!("<{}>", joined(args, type_text)) }
}

pub(super) fn literal(value: &Literal) -> String {
    use ast::IntSuffix as Suffix;
    match value {
        Literal::Null => "null".into(),
        Literal::Bool(it) => it.to_string(),
        Literal::Int { value, suffix } => {
            let suffix = match suffix {
                Suffix::None => "",
                Suffix::Unsigned => "u",
                Suffix::Long => "L",
                Suffix::UnsignedLong => "uL",
            };
            format!("{value}{suffix}")
        }
        Literal::Float { value, single } => {
            format!("{value:?}{}", if *single { "f" } else { "" })
        }
        Literal::Decimal(digits) => format!("{digits}m"),
        Literal::Char(it) => format!("{it:?}"),
        Literal::String(it) => format!("{it:?}"),
        Literal::Duration(nanoseconds) => format!("{nanoseconds}ns"),
        Literal::Error => "error".into(),
    }
}

pub(super) fn tuple_pattern(tuple: &ast::TuplePattern) -> String {
    let part = |it: &ast::TuplePatternPart| match it {
        ast::TuplePatternPart::Name { ty, name } => {
            format!("{} {}", type_text(ty), name.name)
        }
        ast::TuplePatternPart::Bare(name) => name.name.to_string(),
        ast::TuplePatternPart::Nested(inner) => tuple_pattern(inner),
    };
    format!("({})", joined(&tuple.parts, part))
}

pub(super) fn pattern(it: &Pattern) -> String {
    match &it.kind {
        PatternKind::Wildcard => "_".into(),
        PatternKind::Var(name) => format!("var {}", name.name),
        PatternKind::Typed { ty, name } => format!("{} {}", type_text(ty), name.name),
        PatternKind::Expr(value) => expression(value),
        PatternKind::Case { path, args } => {
            format!("{}({})", super::path(path), joined(args, pattern))
        }
        PatternKind::Tuple(parts) => format!("tuple({})", joined(parts, pattern)),
        PatternKind::Properties { ty, fields, name } => {
            let ty = ty.as_ref().map(type_text).unwrap_or_default();
            let field =
                |it: &(ast::Ident, Pattern)| format!("{}: {}", it.0.name, pattern(&it.1));
            let name = name.as_ref().map(|it| format!(" {}", it.name));
            let name = name.unwrap_or_default();
            format!("{ty}{{{}}}{name}", joined(fields, field))
        }
        PatternKind::Relational { op, value } => {
            format!("{} {}", op.text(), expression(value))
        }
        PatternKind::Or(a, b) => format!("({} or {})", pattern(a), pattern(b)),
        PatternKind::And(a, b) => format!("({} and {})", pattern(a), pattern(b)),
        PatternKind::Not(inner) => format!("(not {})", pattern(inner)),
        PatternKind::Error => "error".into(),
    }
}

pub(super) fn arguments(all: &[ast::Arg]) -> String {
    let mut out = String::new();
    list(&mut out, all, argument);
    out
}

fn argument(out: &mut String, arg: &ast::Arg) {
    if let Some(name) = &arg.name {
        put(
            out,
            format_args!("{}{}", name.name, if arg.assigned { " = " } else { ": " }),
        );
    }
    write(out, &arg.value);
}

/// An expression on one line.
pub(super) fn expression(expr: &Expr) -> String {
    let mut out = String::new();
    write(&mut out, expr);
    out
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    _ = out.write_fmt(text);
}

/// Writes the elements with commas between.
fn list<T>(out: &mut String, all: &[T], each: impl Fn(&mut String, &T)) {
    for (index, it) in all.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        each(out, it);
    }
}

/// Writes `word(a, b)`.
fn grouped(out: &mut String, word: &str, all: &[Expr]) {
    put(out, format_args!("{word}("));
    list(out, all, write);
    out.push(')');
}

/// Writes `(a sign b)`. A chain leans left and may be long: its left spine is a loop.
fn infix(out: &mut String, left: &Expr, sign: &str, right: &Expr) {
    let mut spine = vec![(sign, right)];
    let mut first = left;
    while let Some((left, sign, right)) = operator(first) {
        spine.push((sign, right));
        first = left;
    }
    out.extend(std::iter::repeat_n('(', spine.len()));
    write(out, first);
    for (sign, right) in spine.into_iter().rev() {
        put(out, format_args!(" {sign} "));
        write(out, right);
        out.push(')');
    }
}

/// An expression with two operands and a sign between.
fn operator(expr: &Expr) -> Option<(&Expr, &'static str, &Expr)> {
    Some(match &*expr.kind {
        ExprKind::Binary { op, left, right } => (left, op.text(), right),
        ExprKind::Coalesce { left, right } => (left, "??", right),
        ExprKind::Send { target, value } => (target, "<--", value),
        ExprKind::Network { op, left, right, .. } => (left, op.text(), right),
        _ => return None,
    })
}

fn write(out: &mut String, expr: &Expr) {
    if let Some((left, sign, right)) = operator(expr) {
        return infix(out, left, sign, right);
    }
    match &*expr.kind {
        ExprKind::Literal(value) => out.push_str(&literal(value)),
        ExprKind::Name(name) => out.push_str(&name.name),
        ExprKind::GenericName { name, args } => {
            put(out, format_args!("{}{}", name.name, type_args(args)));
        }
        ExprKind::TypeName(ty) => put(out, format_args!("type {}", type_text(ty))),
        ExprKind::This => out.push_str("this"),
        ExprKind::Parent => out.push_str("parent"),
        ExprKind::Base => out.push_str("base"),
        ExprKind::Placeholder => out.push('_'),
        ExprKind::Paren(inner) => prefixed(out, "paren(", inner, ")"),
        ExprKind::Unary { op, operand } => prefixed(out, unary(*op), operand, ")"),
        ExprKind::Increment { prefix, decrement, operand } => {
            let sign = if *decrement { "--" } else { "++" };
            let (before, behind) = if *prefix { (sign, "") } else { ("", sign) };
            prefixed(out, &format!("({before}"), operand, &format!("{behind})"));
        }
        ExprKind::Cast { ty, operand } => {
            prefixed(out, &format!("cast<{}>(", type_text(ty)), operand, ")");
        }
        ExprKind::NonNull(operand) => prefixed(out, "(", operand, "!)"),
        ExprKind::FromEnd(operand) => prefixed(out, "(^", operand, ")"),
        ExprKind::Throw(value) => prefixed(out, "(throw ", value, ")"),
        ExprKind::Checked { checked, operand } => {
            prefixed(out, if *checked { "checked(" } else { "unchecked(" }, operand, ")");
        }
        ExprKind::Default(None) => out.push_str("default"),
        ExprKind::Default(Some(ty)) => {
            put(out, format_args!("default({})", type_text(ty)))
        }
        ExprKind::Unsupported { what } => put(out, format_args!("unsupported({what})")),
        ExprKind::Error => out.push_str("error"),
        _ => write_more(out, expr),
    }
}

fn unary(op: UnaryOp) -> &'static str {
    match op {
        UnaryOp::Neg => "(-",
        UnaryOp::Plus => "(+",
        UnaryOp::Not => "(!",
        UnaryOp::BitNot => "(~",
    }
}

fn prefixed(out: &mut String, before: &str, inner: &Expr, behind: &str) {
    out.push_str(before);
    write(out, inner);
    out.push_str(behind);
}

/// Expressions with parts of several kinds.
fn write_more(out: &mut String, expr: &Expr) {
    match &*expr.kind {
        ExprKind::Interpolated(parts) => interpolated(out, parts),
        ExprKind::Member { base, name, args } => {
            write(out, base);
            put(out, format_args!(".{}{}", name.name, type_args(args)));
        }
        ExprKind::NullMember { base, name, args } => {
            write(out, base);
            put(out, format_args!("?.{}{}", name.name, type_args(args)));
        }
        ExprKind::Port { base, name } => {
            prefixed(out, "", base, &format!("::{}", name.name))
        }
        ExprKind::Index { base, args } => {
            prefixed(out, "", base, "[");
            list(out, args, write);
            out.push(']');
        }
        ExprKind::NullIndex { base, args } => {
            prefixed(out, "", base, "?[");
            list(out, args, write);
            out.push(']');
        }
        ExprKind::Call { callee, args } => {
            prefixed(out, "", callee, "(");
            list(out, args, argument);
            out.push(')');
        }
        ExprKind::New { ty, args, init } => {
            let ty = ty.as_ref().map(type_text).unwrap_or_default();
            put(out, format_args!("new {ty}("));
            list(out, args, argument);
            out.push(')');
            init.iter().for_each(|it| initializer(out, it));
        }
        ExprKind::NewArray { element, size } => {
            prefixed(out, &format!("new array of {} [", type_text(element)), size, "]");
        }
        ExprKind::NewArrayInit { element, items } => {
            let element = element.as_ref().map(type_text).unwrap_or("?".into());
            grouped(out, &format!("new array of {element} "), items);
        }
        ExprKind::Vector(items) => grouped(out, "vector", items),
        ExprKind::Tuple(parts) => {
            out.push_str("tuple(");
            list(out, parts, |out, (name, value)| {
                let name = name.as_ref().map(|it| format!("{}: ", it.name));
                prefixed(out, &name.unwrap_or_default(), value, "");
            });
            out.push(')');
        }
        ExprKind::Conditional { condition, then, otherwise } => {
            prefixed(out, "(", condition, " ? ");
            prefixed(out, "", then, " : ");
            prefixed(out, "", otherwise, ")");
        }
        ExprKind::Assign { target, op, value } => {
            let sign = match op {
                Some(ast::AssignOp::Op(op)) => op.text(),
                Some(ast::AssignOp::Coalesce) => "??",
                None => "",
            };
            prefixed(out, "(", target, &format!(" {sign}= "));
            prefixed(out, "", value, ")");
        }
        _ => write_rest(out, expr),
    }
}

fn write_rest(out: &mut String, expr: &Expr) {
    match &*expr.kind {
        ExprKind::Is { operand, pattern: it } => {
            prefixed(out, "(", operand, &format!(" is {})", pattern(it)));
        }
        ExprKind::With { operand, fields: all } => {
            prefixed(out, "(", operand, " with");
            fields(out, all);
            out.push(')');
        }
        ExprKind::SwitchExpr { subject, arms } => {
            prefixed(out, "(", subject, " switch {");
            list(out, arms, |out, arm| {
                out.push_str(&pattern(&arm.pattern));
                if let Some(guard) = &arm.guard {
                    prefixed(out, " when ", guard, "");
                }
                prefixed(out, " => ", &arm.value, "");
            });
            out.push_str("})");
        }
        ExprKind::Lambda { params, body } => lambda(out, params, body),
        ExprKind::Range { from, to } => {
            out.push('(');
            from.iter().for_each(|it| write(out, it));
            out.push_str("..");
            to.iter().for_each(|it| write(out, it));
            out.push(')');
        }
        ExprKind::Receive { source, timeout } => {
            prefixed(out, "receive(", source, "");
            if let Some(timeout) = timeout {
                prefixed(out, ", ", timeout, "");
            }
            out.push(')');
        }
        _ => unreachable!("`write` and `write_more` print every other kind"),
    }
}

fn interpolated(out: &mut String, parts: &[ast::InterpolationPart]) {
    out.push_str("interpolated(");
    list(out, parts, |out, part| match part {
        ast::InterpolationPart::Text(text) => put(out, format_args!("{text:?}")),
        ast::InterpolationPart::Hole { value, alignment, format } => {
            prefixed(out, "{", value, "");
            alignment.iter().for_each(|it| put(out, format_args!(",{it}")));
            format.iter().for_each(|it| put(out, format_args!(":{it}")));
            out.push('}');
        }
    });
    out.push(')');
}

fn fields(out: &mut String, all: &[(ast::Ident, Expr)]) {
    out.push_str(" fields(");
    list(out, all, |out, (name, value)| {
        prefixed(out, &format!("{} = ", name.name), value, "");
    });
    out.push(')');
}

fn initializer(out: &mut String, init: &ast::Initializer) {
    match init {
        ast::Initializer::Fields(all) => fields(out, all),
        ast::Initializer::Items(items) => grouped(out, " items", items),
        ast::Initializer::Pairs(pairs) => {
            out.push_str(" pairs(");
            list(out, pairs, |out, (key, value)| {
                prefixed(out, "", key, " = ");
                write(out, value);
            });
            out.push(')');
        }
    }
}

/// A block body is printed as its statements between braces, on the same line.
fn lambda(out: &mut String, params: &[ast::LambdaParam], body: &ast::LambdaBody) {
    let param = |it: &ast::LambdaParam| match &it.ty {
        Some(ty) => format!("{} {}", type_text(ty), it.name.name),
        None => it.name.name.to_string(),
    };
    put(out, format_args!("(({}) => ", joined(params, param)));
    match body {
        ast::LambdaBody::Expr(value) => write(out, value),
        ast::LambdaBody::Block(block) => {
            let mut inner = Dump::new();
            stmt::statements(&mut inner, &block.stmts);
            let inner = inner.finish();
            let lines: Vec<&str> = inner.lines().map(str::trim_start).collect();
            put(out, format_args!("{{ {} }}", lines.join("; ")));
        }
    }
    out.push(')');
}
