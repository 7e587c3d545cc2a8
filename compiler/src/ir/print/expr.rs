//! Expressions of the dump: on one line where they hold no blocks, else as a tree.

use super::{Block, Body, Callee, Dump, Expr, ExprKind, UnaryOp, literal, name, ty};

impl Body<'_> {
    /// The expression behind `head`.
    pub(super) fn tree(&self, head: &str, it: &Expr, dump: &mut Dump) {
        match &it.kind {
            ExprKind::If { condition, then, otherwise } => {
                dump.nest(format!("{head}if {}", self.line(condition)), |dump| {
                    self.block(then, dump);
                });
                if let Some(otherwise) = otherwise {
                    dump.nest("else", |dump| self.block(otherwise, dump));
                }
            }
            ExprKind::Match { subject, arms } => {
                dump.nest(format!("{head}match {}", self.line(subject)), |dump| {
                    for arm in arms {
                        let guard = arm.guard.as_ref();
                        let guard = guard
                            .map_or(String::new(), |it| format!(" if {}", self.line(it)));
                        let arm_head =
                            format!("{}{guard} =>", self.pattern(&arm.pattern));
                        dump.nest(arm_head, |dump| self.block(&arm.body, dump));
                    }
                });
            }
            ExprKind::Block(block) => {
                dump.nest(format!("{head}block"), |dump| self.block(block, dump));
            }
            ExprKind::Labeled(label, block) => {
                dump.nest(format!("{head}'{}: block", label.0), |dump| {
                    self.block(block, dump);
                });
            }
            ExprKind::Handled { done, failed, body, var, handler } => {
                let done = done.map_or(String::new(), |it| format!("'{} ", it.0));
                let labels = format!("{done}'{}", failed.0);
                dump.nest(format!("{head}try {labels}"), |dump| self.block(body, dump));
                dump.nest(format!("failed {}", self.var(*var)), |dump| {
                    self.block(handler, dump);
                });
            }
            ExprKind::Loop { body, .. } => {
                dump.nest(format!("{head}loop"), |dump| self.block(body, dump));
            }
            ExprKind::While { condition, body, .. } => {
                dump.nest(format!("{head}while {}", self.line(condition)), |dump| {
                    self.block(body, dump);
                });
            }
            ExprKind::For { pattern, iterable, body, .. } => {
                let (pattern, iterable) = (self.pattern(pattern), self.line(iterable));
                dump.nest(format!("{head}for {pattern} in {iterable}"), |dump| {
                    self.block(body, dump);
                });
            }
            _ => dump.line(format!("{head}{}", self.line(it))),
        }
    }

    fn lines(&self, all: &[Expr]) -> String {
        all.iter().map(|it| self.line(it)).collect::<Vec<_>>().join(", ")
    }

    fn inline(&self, block: &Block) -> String {
        let mut dump = Dump::new();
        self.block(block, &mut dump);
        let text = dump.finish();
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        format!("{{ {} }}", lines.join("; "))
    }

    fn line(&self, it: &Expr) -> String {
        let ending = |suspends: bool, throws: bool| match (suspends, throws) {
            (true, true) => ".await?",
            (true, false) => ".await",
            (false, true) => "?",
            (false, false) => "",
        };
        match &it.kind {
            ExprKind::Literal(it) => literal(it),
            ExprKind::Var(var) => self.var(*var),
            ExprKind::This => "self".into(),
            ExprKind::Field(base, name) => format!("{}.{name}", self.line(base)),
            ExprKind::TupleField(base, index) => format!("{}.{index}", self.line(base)),
            ExprKind::Call { callee, args, suspends, throws } => {
                let (callee, args) = (self.callee(callee), self.lines(args));
                format!("{callee}({args}){}", ending(*suspends, *throws))
            }
            ExprKind::CallValue { callee, args, throws } => {
                let (callee, args) = (self.line(callee), self.lines(args));
                format!("({callee})({args}){}", ending(false, *throws))
            }
            ExprKind::Method { receiver, name, args, suspends, throws, .. } => {
                let (receiver, args) = (self.line(receiver), self.lines(args));
                format!("{receiver}.{name}({args}){}", ending(*suspends, *throws))
            }
            ExprKind::Clone(a) => format!("{}.clone()", self.line(a)),
            ExprKind::Ref(a) => format!("&{}", self.line(a)),
            ExprKind::RefMut(a) => format!("&mut {}", self.line(a)),
            ExprKind::Deref(a) => format!("*{}", self.line(a)),
            ExprKind::Unary(UnaryOp::Neg, a) => format!("-{}", self.line(a)),
            ExprKind::Unary(UnaryOp::Not, a) => format!("!{}", self.line(a)),
            ExprKind::Binary(op, a, b) => {
                format!("({} {op:?} {})", self.line(a), self.line(b))
            }
            ExprKind::Cast(a, to) => {
                format!("{} as {}", self.line(a), ty(self.program, to))
            }
            ExprKind::Func(a) => format!("func {}", self.line(a)),
            ExprKind::Tuple(parts) => format!("({})", self.lines(parts)),
            ExprKind::Vec(parts) => format!("vec[{}]", self.lines(parts)),
            ExprKind::Slice(parts) => format!("&[{}]", self.lines(parts)),
            ExprKind::Some(a) => format!("Some({})", self.line(a)),
            ExprKind::None | ExprKind::NoneOf(_) => "None".into(),
            ExprKind::Ok(a) => format!("Ok({})", self.line(a)),
            ExprKind::Err(a) => format!("Err({})", self.line(a)),
            ExprKind::Try(a) => format!("{}?", self.line(a)),
            ExprKind::OrBreak(label, a) => format!("{}?'{}", self.line(a), label.0),
            ExprKind::Throw { value, .. } => format!("throw {}", self.line(value)),
            ExprKind::RtConst(path) => path.to_string(),
            ExprKind::Unreachable(why) => format!("unreachable: {why}"),
            _ => self.longer(it),
        }
    }

    fn longer(&self, it: &Expr) -> String {
        match &it.kind {
            ExprKind::Closure { params, moves, suspends, body, .. } => {
                let params: Vec<String> =
                    params.iter().map(|it| self.pattern(&it.0)).collect();
                let moves = if *moves { "move " } else { "" };
                let waits = if *suspends { "async " } else { "" };
                format!("{moves}|{}| {waits}{}", params.join(", "), self.inline(body))
            }
            ExprKind::Async { body, .. } => format!("async {}", self.inline(body)),
            ExprKind::Struct { item, fields, rest } => {
                let mut parts: Vec<String> = fields
                    .iter()
                    .map(|(name, it)| format!("{name}: {}", self.line(it)))
                    .collect();
                parts.extend(rest.as_ref().map(|it| format!("..{}", self.line(it))));
                format!("{} {{ {} }}", name(self.program, *item), parts.join(", "))
            }
            ExprKind::Case { item, case, args } => {
                let of = name(self.program, *item);
                match args.is_empty() {
                    true => format!("{of}::{case}"),
                    false => format!("{of}::{case}({})", self.lines(args)),
                }
            }
            ExprKind::Assign { place, value } => {
                format!("{} = {}", self.line(place), self.line(value))
            }
            ExprKind::CompoundAssign { op, place, value } => {
                format!("{} {op:?}= {}", self.line(place), self.line(value))
            }
            ExprKind::Matches(a, pattern) => {
                format!("{} matches {}", self.line(a), self.pattern(pattern))
            }
            ExprKind::Break(label, value) => {
                let label = label.map_or(String::new(), |it| format!(" '{}", it.0));
                let value = value
                    .as_ref()
                    .map_or(String::new(), |it| format!(" {}", self.line(it)));
                format!("break{label}{value}")
            }
            ExprKind::Continue(label) => {
                let label = label.map_or(String::new(), |it| format!(" '{}", it.0));
                format!("continue{label}")
            }
            ExprKind::Return(value) => match value {
                Some(value) => format!("return {}", self.line(value)),
                None => "return".into(),
            },
            _ => {
                let mut dump = Dump::new();
                self.tree("", it, &mut dump);
                let text = dump.finish();
                let lines: Vec<&str> = text.lines().map(str::trim).collect();
                lines.join("; ")
            }
        }
    }

    fn callee(&self, it: &Callee) -> String {
        match it {
            Callee::Item(item) | Callee::Method(item) => name(self.program, *item),
            Callee::Assoc(item, function) => {
                format!("{}::{function}", name(self.program, *item))
            }
            Callee::Rt(path, args) if args.is_empty() => format!("rt::{path}"),
            Callee::Rt(path, args) => {
                let args: Vec<String> =
                    args.iter().map(|it| ty(self.program, it)).collect();
                format!("rt::{path}<{}>", args.join(", "))
            }
            Callee::Prim(of, function) => format!("{of}::{function}"),
        }
    }
}
