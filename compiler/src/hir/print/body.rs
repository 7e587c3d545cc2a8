//! Statements and expressions of the dump: a line a statement, an expression a text.

use super::{path, ty_text};
use crate::hir::body::{
    AssignOp, Binding, Block, Body, ExprKind, Initializer, InterpolationPart, Literal,
    LocalKind, Pattern, PatternKind, ReceiveCaseKind, Root, Stmt, StmtKind, SwitchLabel,
    TuplePattern, TuplePatternPart, UnaryOp,
};
use crate::hir::item::Owner;
use crate::hir::{BodyId, ExprId, LocalId, Program};
use crate::support::dump::Dump;

/// A body that is one expression, as text.
pub(super) fn expr_root(program: &Program, id: BodyId) -> String {
    let Some(body) = program.bodies.get(id) else { return "?".into() };
    match body.root {
        Root::Expr(expr) => Printer::new(program, body).expr(expr),
        Root::Block(_) => "{ … }".into(),
    }
}

/// Prints one body.
pub(super) struct Printer<'p> {
    program: &'p Program,
    body: &'p Body,
}

impl<'p> Printer<'p> {
    pub(super) fn new(program: &'p Program, body: &'p Body) -> Self {
        Self { program, body }
    }

    pub(super) fn root(&self, root: &Root, dump: &mut Dump) {
        match root {
            Root::Block(block) => self.block(block, dump),
            Root::Expr(expr) => dump.line(format!("=> {}", self.expr(*expr))),
        }
    }

    fn block(&self, block: &Block, dump: &mut Dump) {
        for stmt in &block.stmts {
            self.stmt(stmt, dump);
        }
    }

    fn nested(&self, head: String, block: &Block, dump: &mut Dump) {
        dump.nest(head, |dump| self.block(block, dump));
    }

    fn inner(&self, head: String, stmt: &Stmt, dump: &mut Dump) {
        dump.nest(head, |dump| match &stmt.kind {
            StmtKind::Block(block) => self.block(block, dump),
            _ => self.stmt(stmt, dump),
        });
    }

    fn stmt(&self, stmt: &Stmt, dump: &mut Dump) {
        match &stmt.kind {
            StmtKind::Error => dump.line("error"),
            StmtKind::Empty => dump.line(";"),
            StmtKind::Block(block) => self.nested("block".into(), block, dump),
            StmtKind::Local { local, init } => {
                let init =
                    init.map_or(String::new(), |it| format!(" = {}", self.expr(it)));
                dump.line(format!("{}{init}", self.declared(*local)));
            }
            StmtKind::Deconstruct { pattern, value } => {
                dump.line(format!("{} = {}", self.tuple(pattern), self.expr(*value)));
            }
            StmtKind::Using { local, resource, body } => {
                let local =
                    local.map_or(String::new(), |it| format!("{} = ", self.declared(it)));
                let head = format!("using {local}{}", self.expr(*resource));
                self.nested(head, body, dump);
            }
            StmtKind::Expr(expr) => dump.line(self.expr(*expr)),
            StmtKind::If { condition, then, otherwise } => {
                self.inner(format!("if {}", self.expr(*condition)), then, dump);
                if let Some(otherwise) = otherwise {
                    self.inner("else".into(), otherwise, dump);
                }
            }
            StmtKind::While { condition, body } => {
                self.inner(format!("while {}", self.expr(*condition)), body, dump);
            }
            StmtKind::DoWhile { body, condition } => {
                self.inner(format!("do while {}", self.expr(*condition)), body, dump);
            }
            StmtKind::For { init, condition, update, body } => {
                for stmt in init {
                    self.stmt(stmt, dump);
                }
                let condition = condition.map_or(String::new(), |it| self.expr(it));
                let update = self.all(update);
                self.inner(format!("for ; {condition}; {update}"), body, dump);
            }
            StmtKind::Foreach { binding, iterable, body } => {
                let binding = self.binding(binding);
                let head = format!("foreach {binding} in {}", self.expr(*iterable));
                self.inner(head, body, dump);
            }
            StmtKind::Switch { subject, sections } => {
                dump.nest(format!("switch {}", self.expr(*subject)), |dump| {
                    for section in sections {
                        let labels: Vec<String> =
                            section.labels.iter().map(|it| self.label(it)).collect();
                        self.nested(labels.join(" "), &section.body, dump);
                    }
                });
            }
            StmtKind::Break => dump.line("break"),
            StmtKind::Continue => dump.line("continue"),
            StmtKind::Return(value) => {
                let value =
                    value.map_or(String::new(), |it| format!(" {}", self.expr(it)));
                dump.line(format!("return{value}"));
            }
            StmtKind::Receive(cases) => dump.nest("receive", |dump| {
                for case in cases {
                    self.nested(self.case(&case.kind), &case.body, dump);
                }
            }),
            StmtKind::Checked { checked, body } => {
                let word = if *checked { "checked" } else { "unchecked" };
                self.nested(word.into(), body, dump);
            }
            StmtKind::Yield => dump.line("yield"),
            StmtKind::LocalFn(id) => {
                let local_fn = &self.body.local_fns[*id];
                let params: Vec<String> =
                    local_fn.params.iter().map(|it| self.declared(*it)).collect();
                let word = if local_fn.function.is_some() { "function " } else { "" };
                let returns = ty_text(self.program, &local_fn.returns);
                let (name, params) = (&local_fn.name.name, params.join(", "));
                dump.nest(format!("local {word}{returns} {name}({params})"), |dump| {
                    self.root(&local_fn.body, dump);
                });
            }
        }
    }

    fn case(&self, kind: &ReceiveCaseKind) -> String {
        match kind {
            ReceiveCaseKind::From { sources, into, guard } => {
                let into = into.as_ref();
                let into = into
                    .map_or(String::new(), |it| format!(" into {}", self.binding(it)));
                let guard =
                    guard.map_or(String::new(), |it| format!(" when {}", self.expr(it)));
                format!("from {}{into}{guard}:", self.all(sources))
            }
            ReceiveCaseKind::Timeout(time) => format!("timeout {}:", self.expr(*time)),
            ReceiveCaseKind::Default => "default:".into(),
        }
    }

    fn label(&self, label: &SwitchLabel) -> String {
        let guard =
            label.guard.map_or(String::new(), |it| format!(" when {}", self.expr(it)));
        match &label.pattern {
            Some(pattern) => format!("case {}{guard}:", self.pattern(pattern)),
            None => "default:".into(),
        }
    }

    fn declared(&self, id: LocalId) -> String {
        let local = &self.body.locals[id];
        let ty = match &local.declared {
            Some(ty) => ty_text(self.program, ty),
            None => "var".into(),
        };
        let word = if local.kind == LocalKind::Const { "const " } else { "" };
        format!("{word}{ty} {}", local.name)
    }

    fn binding(&self, binding: &Binding) -> String {
        match binding {
            Binding::Single(local) => self.declared(*local),
            Binding::Tuple(pattern) => self.tuple(pattern),
        }
    }

    fn tuple(&self, pattern: &TuplePattern) -> String {
        let parts: Vec<String> = pattern
            .parts
            .iter()
            .map(|it| match it {
                TuplePatternPart::Local(local) => self.declared(*local),
                TuplePatternPart::Discard(_) => "_".into(),
                TuplePatternPart::Nested(inner) => self.tuple(inner),
            })
            .collect();
        format!("({})", parts.join(", "))
    }

    fn pattern(&self, pattern: &Pattern) -> String {
        match &pattern.kind {
            PatternKind::Error => "error".into(),
            PatternKind::Wildcard => "_".into(),
            PatternKind::Var(local) => self.declared(*local),
            PatternKind::Typed { local, .. } => self.declared(*local),
            PatternKind::Constant(expr) => self.expr(*expr),
            PatternKind::Case { path, args, constant } => {
                let name: Vec<&str> = path.iter().map(|it| &*it.name).collect();
                let mut text = name.join(".");
                if let Some(args) = args {
                    let args: Vec<String> =
                        args.iter().map(|it| self.pattern(it)).collect();
                    text += &format!("({})", args.join(", "));
                }
                if let Some(constant) = constant {
                    text += &format!(" [{}]", self.expr(*constant));
                }
                text
            }
            PatternKind::Tuple(parts) => {
                let parts: Vec<String> =
                    parts.iter().map(|it| self.pattern(it)).collect();
                format!("({})", parts.join(", "))
            }
            PatternKind::Properties { ty, fields } => {
                let ty = ty.as_ref();
                let ty = ty.map_or(String::new(), |it| ty_text(self.program, it) + " ");
                let fields: Vec<String> = fields
                    .iter()
                    .map(|(name, it)| format!("{}: {}", name.name, self.pattern(it)))
                    .collect();
                format!("{ty}{{ {} }}", fields.join(", "))
            }
            PatternKind::Relational { op, value } => {
                format!("{} {}", op.text(), self.expr(*value))
            }
            PatternKind::Or(left, right) => {
                format!("({} or {})", self.pattern(left), self.pattern(right))
            }
            PatternKind::And(left, right) => {
                format!("({} and {})", self.pattern(left), self.pattern(right))
            }
            PatternKind::Not(inner) => format!("not {}", self.pattern(inner)),
            PatternKind::Null => "null".into(),
        }
    }

    fn all(&self, exprs: &[ExprId]) -> String {
        exprs.iter().map(|it| self.expr(*it)).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn expr(&self, id: ExprId) -> String {
        match &self.body.exprs[id].kind {
            ExprKind::Error => "error".into(),
            ExprKind::Literal(literal) => literal_text(literal),
            ExprKind::Local(local) => self.body.locals[*local].name.to_string(),
            ExprKind::LocalFn(id) => self.body.local_fns[*id].name.name.to_string(),
            ExprKind::Binary { op, left, right } => {
                format!("({} {} {})", self.expr(*left), op.text(), self.expr(*right))
            }
            ExprKind::Network { op, left, right, .. } => {
                format!("({} {} {})", self.expr(*left), op.text(), self.expr(*right))
            }
            ExprKind::Interpolated(parts) => self.interpolated(parts),
            ExprKind::Lambda(id) => self.lambda(*id),
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
            | ExprKind::BareCase(_) => self.named(id),
            ExprKind::New { .. }
            | ExprKind::NewAgent { .. }
            | ExprKind::NewArray { .. }
            | ExprKind::NewArrayInit { .. }
            | ExprKind::Call { .. }
            | ExprKind::With { .. }
            | ExprKind::Switch { .. } => self.compound(id),
            _ => self.operator(id),
        }
    }

    fn lambda(&self, id: crate::hir::LambdaId) -> String {
        let lambda = &self.body.lambdas[id];
        let params: Vec<String> =
            lambda.params.iter().map(|it| self.declared(*it)).collect();
        let body = match &lambda.body {
            Root::Expr(expr) => self.expr(*expr),
            Root::Block(block) => {
                let mut dump = Dump::new();
                self.block(block, &mut dump);
                let text = dump.finish();
                let lines: Vec<&str> = text.lines().map(str::trim).collect();
                format!("{{ {} }}", lines.join("; "))
            }
        };
        format!("(({}) => {body})", params.join(", "))
    }

    fn interpolated(&self, parts: &[InterpolationPart]) -> String {
        let parts: Vec<String> = parts
            .iter()
            .map(|it| match it {
                InterpolationPart::Text(text) => text.clone(),
                InterpolationPart::Hole { value, alignment, format } => {
                    let alignment =
                        alignment.map_or(String::new(), |it| format!(",{it}"));
                    let format =
                        format.as_ref().map_or(String::new(), |it| format!(":{it}"));
                    format!("{{{}{alignment}{format}}}", self.expr(*value))
                }
            })
            .collect();
        format!("${:?}", parts.concat())
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
            _ => unreachable!("`expr` sends only names here"),
        }
    }

    fn compound(&self, id: ExprId) -> String {
        let program = self.program;
        match &self.body.exprs[id].kind {
            ExprKind::Call { callee, type_args, args } => {
                let args: Vec<String> = args.iter().map(|it| self.arg(it)).collect();
                let types = self.types(type_args);
                format!("{}{types}({})", self.expr(*callee), args.join(", "))
            }
            ExprKind::New { ty, args, init } => {
                let ty = ty.as_ref().map_or(String::new(), |it| ty_text(program, it));
                let args: Vec<String> = args.iter().map(|it| self.arg(it)).collect();
                let init = init.as_ref().map_or(String::new(), |it| self.initializer(it));
                format!("new {ty}({}){init}", args.join(", "))
            }
            ExprKind::NewAgent { agent } => {
                format!("new agent {}", path(program, &program.agents[*agent].decl))
            }
            ExprKind::NewArray { element, size } => {
                format!("new {}[{}]", ty_text(program, element), self.expr(*size))
            }
            ExprKind::NewArrayInit { element, items } => {
                let element = element.as_ref();
                let element = element.map_or(String::new(), |it| ty_text(program, it));
                format!("new {element}[] {{ {} }}", self.all(items))
            }
            ExprKind::With { operand, fields } => {
                format!("({} with {{ {} }})", self.expr(*operand), self.fields(fields))
            }
            ExprKind::Switch { subject, arms } => {
                let arms: Vec<String> = arms
                    .iter()
                    .map(|it| {
                        let guard = it.guard.map_or(String::new(), |it| {
                            format!(" when {}", self.expr(it))
                        });
                        let pattern = self.pattern(&it.pattern);
                        format!("{pattern}{guard} => {}", self.expr(it.value))
                    })
                    .collect();
                format!("({} switch {{ {} }})", self.expr(*subject), arms.join(", "))
            }
            _ => unreachable!("`expr` sends only these here"),
        }
    }

    fn arg(&self, arg: &crate::hir::body::Arg) -> String {
        match &arg.name {
            Some(name) => format!("{}: {}", name.name, self.expr(arg.value)),
            None => self.expr(arg.value),
        }
    }

    fn types(&self, args: &[crate::hir::ty::Ty]) -> String {
        if args.is_empty() {
            return String::new();
        }
        let args: Vec<String> = args.iter().map(|it| ty_text(self.program, it)).collect();
        format!("<{}>", args.join(", "))
    }

    fn fields(&self, fields: &[(crate::hir::body::Ident, ExprId)]) -> String {
        let fields: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{} = {}", name.name, self.expr(*value)))
            .collect();
        fields.join(", ")
    }

    fn initializer(&self, init: &Initializer) -> String {
        match init {
            Initializer::Fields(fields) => format!(" {{ {} }}", self.fields(fields)),
            Initializer::Items(items) => format!(" {{ {} }}", self.all(items)),
            Initializer::Pairs(pairs) => {
                let pairs: Vec<String> = pairs
                    .iter()
                    .map(|(key, value)| {
                        format!("[{}] = {}", self.expr(*key), self.expr(*value))
                    })
                    .collect();
                format!(" {{ {} }}", pairs.join(", "))
            }
        }
    }

    fn operator(&self, id: ExprId) -> String {
        let dot = |null_safe: &bool| if *null_safe { "?" } else { "" };
        match &self.body.exprs[id].kind {
            ExprKind::Member { base, name, type_args, null_safe } => {
                let (base, dot) = (self.expr(*base), dot(null_safe));
                format!("{base}{dot}.{}{}", name.name, self.types(type_args))
            }
            ExprKind::CreateIn { domain, agent } => {
                let agent = path(self.program, &self.program.agents[*agent].decl);
                format!("{}.Create<{agent}>", self.expr(*domain))
            }
            ExprKind::Port { base, name } => {
                format!("{}::{}", self.expr(*base), name.name)
            }
            ExprKind::Index { base, args, null_safe } => {
                format!("{}{}[{}]", self.expr(*base), dot(null_safe), self.all(args))
            }
            ExprKind::Vector(items) => format!("{{ {} }}", self.all(items)),
            ExprKind::Tuple(items) => {
                let items: Vec<String> = items
                    .iter()
                    .map(|(name, it)| match name {
                        Some(name) => format!("{}: {}", name.name, self.expr(*it)),
                        None => self.expr(*it),
                    })
                    .collect();
                format!("({})", items.join(", "))
            }
            ExprKind::Unary { op, operand } => {
                let op = match op {
                    UnaryOp::Neg => "-",
                    UnaryOp::Plus => "+",
                    UnaryOp::Not => "!",
                    UnaryOp::BitNot => "~",
                };
                format!("{op}{}", self.expr(*operand))
            }
            ExprKind::Increment { prefix, decrement, operand } => {
                let op = if *decrement { "--" } else { "++" };
                match prefix {
                    true => format!("{op}{}", self.expr(*operand)),
                    false => format!("{}{op}", self.expr(*operand)),
                }
            }
            ExprKind::Cast { ty, operand } => {
                format!("({}){}", ty_text(self.program, ty), self.expr(*operand))
            }
            ExprKind::NonNull(operand) => format!("{}!", self.expr(*operand)),
            ExprKind::Coalesce { left, right } => {
                format!("({} ?? {})", self.expr(*left), self.expr(*right))
            }
            ExprKind::Conditional { condition, then, otherwise } => format!(
                "({} ? {} : {})",
                self.expr(*condition),
                self.expr(*then),
                self.expr(*otherwise)
            ),
            ExprKind::Assign { target, op, value } => {
                let op = match op {
                    None => String::new(),
                    Some(AssignOp::Op(op)) => op.text().to_owned(),
                    Some(AssignOp::Coalesce) => "??".to_owned(),
                };
                format!("{} {op}= {}", self.expr(*target), self.expr(*value))
            }
            ExprKind::Is { operand, pattern } => {
                format!("({} is {})", self.expr(*operand), self.pattern(pattern))
            }
            ExprKind::Checked { checked, operand } => {
                let word = if *checked { "checked" } else { "unchecked" };
                format!("{word}({})", self.expr(*operand))
            }
            ExprKind::Range { from, to } => {
                let end =
                    |it: &Option<ExprId>| it.map_or(String::new(), |it| self.expr(it));
                format!("{}..{}", end(from), end(to))
            }
            ExprKind::FromEnd(operand) => format!("^{}", self.expr(*operand)),
            ExprKind::Receive { source, timeout } => {
                let timeout =
                    timeout.map_or(String::new(), |it| format!(", {}", self.expr(it)));
                format!("receive({}{timeout})", self.expr(*source))
            }
            ExprKind::Send { target, value } => {
                format!("{} <-- {}", self.expr(*target), self.expr(*value))
            }
            ExprKind::Default(ty) => match ty {
                Some(ty) => format!("default({})", ty_text(self.program, ty)),
                None => "default".into(),
            },
            _ => unreachable!("`expr` handles all others"),
        }
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
