//! Expressions and patterns of the dump, written into one text: a chain of a hundred
//! thousand operands costs no more than its length.

use super::body::Printer;
use super::{path, ty_text};
use crate::hir::body::{
    Arg, AssignOp, ExprKind, Ident, Initializer, InterpolationPart, Literal, Pattern,
    PatternKind, Root, UnaryOp,
};
use crate::hir::item::Owner;
use crate::hir::ty::Ty;
use crate::hir::{ExprId, Program};
use crate::support::dump::Dump;

impl Printer<'_> {
    /// The expression as text.
    pub(super) fn expr(&self, id: ExprId) -> String {
        let mut out = String::new();
        self.write(id, &mut out);
        out
    }

    /// Several expressions with commas between them.
    pub(super) fn all(&self, exprs: &[ExprId]) -> String {
        let mut out = String::new();
        self.write_all(exprs, &mut out);
        out
    }

    fn write_all(&self, exprs: &[ExprId], out: &mut String) {
        separated(exprs, out, |it, out| self.write(*it, out));
    }

    /// The pattern as text.
    pub(super) fn pattern(&self, pattern: &Pattern) -> String {
        let mut out = String::new();
        self.write_pattern(pattern, &mut out);
        out
    }

    fn write_pattern(&self, pattern: &Pattern, out: &mut String) {
        match &pattern.kind {
            PatternKind::Error => out.push_str("error"),
            PatternKind::Wildcard => out.push('_'),
            PatternKind::Null => out.push_str("null"),
            PatternKind::NonNull(None) => out.push_str("{ }"),
            PatternKind::NonNull(Some(local)) => {
                out.push_str("{ } ");
                out.push_str(&self.declared(*local));
            }
            PatternKind::Var(local) | PatternKind::Typed { local, .. } => {
                out.push_str(&self.declared(*local));
            }
            PatternKind::Constant(expr) => self.write(*expr, out),
            PatternKind::Case { path, args, constant } => {
                let name: Vec<&str> = path.iter().map(|it| &*it.name).collect();
                out.push_str(&name.join("."));
                if let Some(args) = args {
                    out.push('(');
                    separated(args, out, |it, out| self.write_pattern(it, out));
                    out.push(')');
                }
                if let Some(constant) = constant {
                    out.push_str(" [");
                    self.write(*constant, out);
                    out.push(']');
                }
            }
            PatternKind::Tuple(parts) => {
                out.push('(');
                separated(parts, out, |it, out| self.write_pattern(it, out));
                out.push(')');
            }
            PatternKind::Properties { ty, fields } => {
                if let Some(ty) = ty {
                    out.push_str(&ty_text(self.program, ty));
                    out.push(' ');
                }
                out.push_str("{ ");
                separated(fields, out, |(name, it), out| {
                    out.push_str(&name.name);
                    out.push_str(": ");
                    self.write_pattern(it, out);
                });
                out.push_str(" }");
            }
            PatternKind::Relational { op, value } => {
                out.push_str(op.text());
                out.push(' ');
                self.write(*value, out);
            }
            PatternKind::Or(left, right) => self.both(left, " or ", right, out),
            PatternKind::And(left, right) => self.both(left, " and ", right, out),
            PatternKind::Not(inner) => {
                out.push_str("not ");
                self.write_pattern(inner, out);
            }
        }
    }

    fn both(&self, left: &Pattern, word: &str, right: &Pattern, out: &mut String) {
        out.push('(');
        self.write_pattern(left, out);
        out.push_str(word);
        self.write_pattern(right, out);
        out.push(')');
    }

    fn write(&self, id: ExprId, out: &mut String) {
        match &self.body.exprs[id].kind {
            ExprKind::Error => out.push_str("error"),
            ExprKind::Literal(literal) => out.push_str(&literal_text(literal)),
            ExprKind::Local(local) => out.push_str(&self.body.locals[*local].name),
            ExprKind::LocalFn(id) => out.push_str(&self.body.local_fns[*id].name.name),
            ExprKind::Binary { .. } | ExprKind::Network { .. } => self.chain(id, out),
            ExprKind::Interpolated(parts) => self.interpolated(parts, out),
            ExprKind::Lambda(id) => self.lambda(*id, out),
            ExprKind::Field(_)
            | ExprKind::Method(_)
            | ExprKind::BaseMethod(_)
            | ExprKind::OwnPort(_)
            | ExprKind::Const(_)
            | ExprKind::This
            | ExprKind::Parent(_)
            | ExprKind::PrimaryChannel
            | ExprKind::Placeholder
            | ExprKind::TypeName(_)
            | ExprKind::AgentName(_)
            | ExprKind::DomainName(_)
            | ExprKind::SpaceName(_)
            | ExprKind::EnumName(_)
            | ExprKind::BareCase(_) => out.push_str(&self.named(id)),
            ExprKind::New { .. }
            | ExprKind::NewAgent { .. }
            | ExprKind::NewArray { .. }
            | ExprKind::NewArrayInit { .. }
            | ExprKind::Call { .. }
            | ExprKind::With { .. }
            | ExprKind::Switch { .. } => self.compound(id, out),
            ExprKind::Member { .. }
            | ExprKind::CreateIn { .. }
            | ExprKind::Port { .. }
            | ExprKind::Index { .. } => self.postfix(id, out),
            _ => self.operator(id, out),
        }
    }

    /// A chain of operators leans left.
    fn chain(&self, id: ExprId, out: &mut String) {
        let mut chain = Vec::new();
        let mut at = id;
        loop {
            let (text, left, right) = match &self.body.exprs[at].kind {
                ExprKind::Binary { op, left, right } => (op.text(), left, right),
                ExprKind::Network { op, left, right, .. } => (op.text(), left, right),
                _ => break,
            };
            out.push('(');
            chain.push((text, *right));
            at = *left;
        }
        self.write(at, out);
        for (text, right) in chain.into_iter().rev() {
            out.push(' ');
            out.push_str(text);
            out.push(' ');
            self.write(right, out);
            out.push(')');
        }
    }

    fn lambda(&self, id: crate::hir::LambdaId, out: &mut String) {
        let lambda = &self.body.lambdas[id];
        out.push_str("((");
        separated(&lambda.params, out, |it, out| out.push_str(&self.declared(*it)));
        out.push_str(") => ");
        match &lambda.body {
            Root::Expr(expr) => self.write(*expr, out),
            Root::Block(block) => {
                let mut dump = Dump::new();
                self.block(block, &mut dump);
                let text = dump.finish();
                let lines: Vec<&str> = text.lines().map(str::trim).collect();
                out.push_str(&format!("{{ {} }}", lines.join("; ")));
            }
        }
        out.push(')');
    }

    fn interpolated(&self, parts: &[InterpolationPart], out: &mut String) {
        let mut text = String::new();
        for part in parts {
            match part {
                InterpolationPart::Text(it) => text.push_str(it),
                InterpolationPart::Hole { value, alignment, format } => {
                    text.push('{');
                    self.write(*value, &mut text);
                    if let Some(alignment) = alignment {
                        text.push_str(&format!(",{alignment}"));
                    }
                    if let Some(format) = format {
                        text.push_str(&format!(":{format}"));
                    }
                    text.push('}');
                }
            }
        }
        out.push_str(&format!("${text:?}"));
    }

    /// Names of members with their owner: what they were bound to is the point of the dump.
    fn named(&self, id: ExprId) -> String {
        let program = self.program;
        match &self.body.exprs[id].kind {
            ExprKind::Field(id) => {
                let field = &program.fields[*id];
                let owner = owner_name(program, field.owner);
                format!("{owner}.{}", field.name.name)
            }
            ExprKind::Method(id) => path(program, &program.methods[*id].decl),
            ExprKind::BaseMethod(id) => {
                format!("base {}", path(program, &program.methods[*id].decl))
            }
            ExprKind::OwnPort(id) => {
                format!("PrimaryChannel::{}", program.ports[*id].name.name)
            }
            ExprKind::Const(id) => path(program, &program.consts[*id].decl),
            ExprKind::This => "this".into(),
            ExprKind::Parent(depth) => vec!["parent"; depth + 1].join("."),
            ExprKind::PrimaryChannel => "PrimaryChannel".into(),
            ExprKind::Placeholder => "_".into(),
            ExprKind::TypeName(ty) => format!("type {}", ty_text(program, ty)),
            ExprKind::AgentName(id) => {
                format!("agent {}", path(program, &program.agents[*id].decl))
            }
            ExprKind::DomainName(id) => {
                format!("domain {}", path(program, &program.domains[*id].decl))
            }
            ExprKind::SpaceName(id) => {
                format!("space {}", program.spaces[*id].decl.name.name)
            }
            ExprKind::EnumName(id) => {
                format!("enum {}", path(program, &program.enums[*id].decl))
            }
            ExprKind::BareCase(name) => format!("case {}", name.name),
            _ => unreachable!("`write` sends only names here"),
        }
    }

    fn compound(&self, id: ExprId, out: &mut String) {
        let program = self.program;
        match &self.body.exprs[id].kind {
            ExprKind::Call { callee, type_args, args } => {
                self.write(*callee, out);
                out.push_str(&self.types(type_args));
                self.args(args, out);
            }
            ExprKind::New { ty, args, init } => {
                let ty = ty.as_ref().map_or(String::new(), |it| ty_text(program, it));
                out.push_str(&format!("new {ty}"));
                self.args(args, out);
                if let Some(init) = init {
                    self.initializer(init, out);
                }
            }
            ExprKind::NewAgent { agent } => {
                let agent = path(program, &program.agents[*agent].decl);
                out.push_str(&format!("new agent {agent}"));
            }
            ExprKind::NewArray { element, size } => {
                out.push_str(&format!("new {}[", ty_text(program, element)));
                self.write(*size, out);
                out.push(']');
            }
            ExprKind::NewArrayInit { element, items } => {
                let element = element.as_ref();
                let element = element.map_or(String::new(), |it| ty_text(program, it));
                out.push_str(&format!("new {element}[] {{ "));
                self.write_all(items, out);
                out.push_str(" }");
            }
            ExprKind::With { operand, fields } => {
                out.push('(');
                self.write(*operand, out);
                out.push_str(" with { ");
                self.fields(fields, out);
                out.push_str(" })");
            }
            ExprKind::Switch { subject, arms } => {
                out.push('(');
                self.write(*subject, out);
                out.push_str(" switch { ");
                separated(arms, out, |arm, out| {
                    self.write_pattern(&arm.pattern, out);
                    if let Some(guard) = arm.guard {
                        out.push_str(" when ");
                        self.write(guard, out);
                    }
                    out.push_str(" => ");
                    self.write(arm.value, out);
                });
                out.push_str(" })");
            }
            _ => unreachable!("`write` sends only these here"),
        }
    }

    fn args(&self, args: &[Arg], out: &mut String) {
        out.push('(');
        separated(args, out, |arg, out| {
            if let Some(name) = &arg.name {
                out.push_str(&name.name);
                out.push_str(": ");
            }
            self.write(arg.value, out);
        });
        out.push(')');
    }

    fn types(&self, args: &[Ty]) -> String {
        if args.is_empty() {
            return String::new();
        }
        let args: Vec<String> = args.iter().map(|it| ty_text(self.program, it)).collect();
        format!("<{}>", args.join(", "))
    }

    fn fields(&self, fields: &[(Ident, ExprId)], out: &mut String) {
        separated(fields, out, |(name, value), out| {
            out.push_str(&name.name);
            out.push_str(" = ");
            self.write(*value, out);
        });
    }

    fn initializer(&self, init: &Initializer, out: &mut String) {
        out.push_str(" { ");
        match init {
            Initializer::Fields(fields) => self.fields(fields, out),
            Initializer::Items(items) => self.write_all(items, out),
            Initializer::Pairs(pairs) => separated(pairs, out, |(key, value), out| {
                out.push('[');
                self.write(*key, out);
                out.push_str("] = ");
                self.write(*value, out);
            }),
        }
        out.push_str(" }");
    }

    /// What stands behind its operand.
    fn postfix(&self, id: ExprId, out: &mut String) {
        match &self.body.exprs[id].kind {
            ExprKind::Member { base, name, type_args, null_safe } => {
                self.write(*base, out);
                out.push_str(if *null_safe { "?." } else { "." });
                out.push_str(&name.name);
                out.push_str(&self.types(type_args));
            }
            ExprKind::CreateIn { domain, agent } => {
                self.write(*domain, out);
                let agent = path(self.program, &self.program.agents[*agent].decl);
                out.push_str(&format!(".Create<{agent}>"));
            }
            ExprKind::Port { base, name } => {
                self.write(*base, out);
                out.push_str("::");
                out.push_str(&name.name);
            }
            ExprKind::Index { base, args, null_safe } => {
                self.write(*base, out);
                out.push_str(if *null_safe { "?[" } else { "[" });
                self.write_all(args, out);
                out.push(']');
            }
            _ => unreachable!("`write` sends only these here"),
        }
    }

    fn infix(&self, left: ExprId, text: &str, right: ExprId, out: &mut String) {
        self.write(left, out);
        out.push_str(text);
        self.write(right, out);
    }

    fn operator(&self, id: ExprId, out: &mut String) {
        match &self.body.exprs[id].kind {
            ExprKind::Vector(items) => {
                out.push_str("{ ");
                self.write_all(items, out);
                out.push_str(" }");
            }
            ExprKind::Tuple(items) => {
                out.push('(');
                separated(items, out, |(name, it), out| {
                    if let Some(name) = name {
                        out.push_str(&name.name);
                        out.push_str(": ");
                    }
                    self.write(*it, out);
                });
                out.push(')');
            }
            ExprKind::Unary { op, operand } => {
                out.push(match op {
                    UnaryOp::Neg => '-',
                    UnaryOp::Plus => '+',
                    UnaryOp::Not => '!',
                    UnaryOp::BitNot => '~',
                });
                self.write(*operand, out);
            }
            ExprKind::Increment { prefix, decrement, operand } => {
                let op = if *decrement { "--" } else { "++" };
                if *prefix {
                    out.push_str(op);
                }
                self.write(*operand, out);
                if !prefix {
                    out.push_str(op);
                }
            }
            ExprKind::NonNull(operand) => {
                self.write(*operand, out);
                out.push('!');
            }
            ExprKind::Coalesce { left, right } => {
                out.push('(');
                self.infix(*left, " ?? ", *right, out);
                out.push(')');
            }
            ExprKind::Throw(value) => {
                out.push_str("(throw ");
                self.write(*value, out);
                out.push(')');
            }
            ExprKind::Conditional { condition, then, otherwise } => {
                out.push('(');
                self.infix(*condition, " ? ", *then, out);
                out.push_str(" : ");
                self.write(*otherwise, out);
                out.push(')');
            }
            ExprKind::Assign { target, op, value } => {
                let op = match op {
                    None => "",
                    Some(AssignOp::Op(op)) => op.text(),
                    Some(AssignOp::Coalesce) => "??",
                };
                self.infix(*target, &format!(" {op}= "), *value, out);
            }
            ExprKind::Is { operand, pattern } => {
                out.push('(');
                self.write(*operand, out);
                out.push_str(" is ");
                self.write_pattern(pattern, out);
                out.push(')');
            }
            ExprKind::Range { from, to } => {
                if let Some(from) = from {
                    self.write(*from, out);
                }
                out.push_str("..");
                if let Some(to) = to {
                    self.write(*to, out);
                }
            }
            ExprKind::FromEnd(operand) => {
                out.push('^');
                self.write(*operand, out);
            }
            ExprKind::Send { target, value } => {
                self.infix(*target, " <-- ", *value, out);
            }
            _ => self.form(id, out),
        }
    }

    /// What is written with words or a type.
    fn form(&self, id: ExprId, out: &mut String) {
        match &self.body.exprs[id].kind {
            ExprKind::Cast { ty, operand } => {
                out.push_str(&format!("({})", ty_text(self.program, ty)));
                self.write(*operand, out);
            }
            ExprKind::Checked { checked, operand } => {
                out.push_str(if *checked { "checked(" } else { "unchecked(" });
                self.write(*operand, out);
                out.push(')');
            }
            ExprKind::Receive { source, timeout } => {
                out.push_str("receive(");
                self.write(*source, out);
                if let Some(timeout) = timeout {
                    out.push_str(", ");
                    self.write(*timeout, out);
                }
                out.push(')');
            }
            ExprKind::Default(None) => out.push_str("default"),
            ExprKind::Default(Some(ty)) => {
                out.push_str(&format!("default({})", ty_text(self.program, ty)));
            }
            _ => unreachable!("`write` handles all others"),
        }
    }
}

/// Writes items with commas between them.
fn separated<T>(items: &[T], out: &mut String, mut item: impl FnMut(&T, &mut String)) {
    for (index, it) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        item(it, out);
    }
}

/// The item that a field belongs to.
fn owner_name(program: &Program, owner: Owner) -> String {
    match owner {
        Owner::Agent(id) => path(program, &program.agents[id].decl),
        Owner::Domain(id) => path(program, &program.domains[id].decl),
        Owner::Record(id) => path(program, &program.records[id].decl),
        _ => "?".into(),
    }
}

fn literal_text(literal: &Literal) -> String {
    match literal {
        Literal::Null => "null".into(),
        Literal::Bool(value) => value.to_string(),
        Literal::Int { value, .. } => value.to_string(),
        Literal::Float { value, .. } => format!("{value:?}"),
        Literal::Decimal(text) => format!("{text}m"),
        Literal::Char(value) => format!("{value:?}"),
        Literal::String(text) => format!("{text:?}"),
        Literal::Duration(nanos) => format!("{nanos}ns"),
        Literal::Error => "error".into(),
    }
}
