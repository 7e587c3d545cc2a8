//! Moves at last use. Code is lowered with a clone wherever a variable is read; going
//! backwards over the finished body, the clone of a variable that nothing reads later
//! becomes a move. Loops are taken conservatively: what lives outside of one and occurs
//! in it is live throughout, unless it is assigned first.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::visit::{self, Visitor};
use crate::ir::{
    Arm, BinaryOp, Block, Callee, Expr, ExprKind, Function, Label, Pattern, Stmt,
    StmtKind, Var,
};
use crate::support::Name;

use super::early;
use super::free::free_vars;
use super::settle::is_access;

type Live = BTreeSet<Var>;

/// Turns clones into moves in one function.
pub(super) fn function(it: &mut Function) {
    let mut live = Live::new();
    Cx::new(&mut it.vars).block(&mut it.body, &mut live);
}

struct Cx<'v> {
    vars: &'v mut Vec<Name>,
    /// What is live behind a labelled block or loop, and at the beginning of the loop.
    labels: BTreeMap<Label, (Live, Live)>,
    loops: Vec<(Live, Live)>,
    /// What is live where failures are handled, innermost last.
    handlers: Vec<Live>,
}

impl<'v> Cx<'v> {
    fn new(vars: &'v mut Vec<Name>) -> Self {
        Self { vars, labels: BTreeMap::new(), loops: Vec::new(), handlers: Vec::new() }
    }

    fn block(&mut self, it: &mut Block, live: &mut Live) {
        if let Some(value) = &mut it.value {
            self.expr(value, live);
        }
        for stmt in it.stmts.iter_mut().rev() {
            self.stmt(stmt, live);
        }
    }

    fn stmt(&mut self, it: &mut Stmt, live: &mut Live) {
        match &mut it.kind {
            StmtKind::Let { pattern, init, .. } => {
                unbind(pattern, live);
                if let Some(init) = init {
                    self.expr(init, live);
                }
            }
            StmtKind::Expr(it) => self.expr(it, live),
            StmtKind::Note(_) => {}
        }
    }

    /// Takes what is live behind the expression to what is live before it.
    fn expr(&mut self, it: &mut Expr, live: &mut Live) {
        if fails(it) {
            self.failing(live);
        }
        if is_access(it) {
            return self.access(it, live);
        }
        if early::name_operands(it, self.vars, |var| live.contains(&var)) {
            return self.expr(it, live);
        }
        match &mut it.kind {
            ExprKind::Literal(_)
            | ExprKind::This
            | ExprKind::None
            | ExprKind::NoneOf(_)
            | ExprKind::RtConst(_)
            | ExprKind::Unreachable(_) => {}
            ExprKind::Var(var) => {
                live.insert(*var);
            }
            ExprKind::Clone(inner) => {
                if let ExprKind::Var(var) = inner.kind {
                    if live.insert(var) {
                        it.kind = ExprKind::Var(var);
                    }
                    return;
                }
                self.expr(inner, live);
            }
            ExprKind::Field(a, _)
            | ExprKind::TupleField(a, _)
            | ExprKind::Ref(a)
            | ExprKind::RefMut(a)
            | ExprKind::Deref(a)
            | ExprKind::Unary(_, a)
            | ExprKind::Cast(a, _)
            | ExprKind::Func(a)
            | ExprKind::Some(a)
            | ExprKind::Ok(a)
            | ExprKind::Err(a)
            | ExprKind::Matches(a, _) => self.expr(a, live),
            ExprKind::Try(a) | ExprKind::OrBreak(_, a) => {
                self.failing(live);
                self.expr(a, live);
            }
            ExprKind::Binary(op, a, b) => {
                if matches!(op, BinaryOp::And | BinaryOp::Or) {
                    let behind = live.clone();
                    self.expr(b, live);
                    live.extend(behind);
                    self.expr(a, live);
                } else {
                    self.operands(&mut [a, b], live);
                }
            }
            ExprKind::Assign { place, value } => {
                match place.kind {
                    ExprKind::Var(var) => {
                        live.remove(&var);
                    }
                    _ => self.expr(place, live),
                }
                self.expr(value, live);
            }
            ExprKind::Throw { value, .. } => {
                live.clear();
                self.failing(live);
                self.expr(value, live);
            }
            ExprKind::CompoundAssign { place, value, .. } => {
                self.expr(place, live);
                self.expr(value, live);
            }
            ExprKind::Call { callee: Callee::Method(_), args, .. } => {
                self.called(&mut args.iter_mut().collect::<Vec<_>>(), live);
            }
            ExprKind::Call { args, .. }
            | ExprKind::Tuple(args)
            | ExprKind::Vec(args)
            | ExprKind::Slice(args)
            | ExprKind::Case { args, .. } => {
                self.operands(&mut args.iter_mut().collect::<Vec<_>>(), live);
            }
            ExprKind::CallValue { callee: first, args, .. }
            | ExprKind::Method { receiver: first, args, .. } => {
                let mut all = vec![&mut **first];
                all.extend(args);
                self.called(&mut all, live);
            }
            ExprKind::Struct { fields, rest, .. } => {
                let mut all: Vec<&mut Expr> =
                    fields.iter_mut().map(|it| &mut it.1).collect();
                if let Some(rest) = rest {
                    all.push(rest);
                }
                self.operands(&mut all, live);
            }
            _ => self.control(it, live),
        }
    }

    /// Control may go on where failures are handled.
    fn failing(&self, live: &mut Live) {
        if let Some(handler) = self.handlers.last() {
            live.extend(handler);
        }
    }

    fn control(&mut self, it: &mut Expr, live: &mut Live) {
        match &mut it.kind {
            ExprKind::If { condition, then, otherwise } => {
                let mut other = live.clone();
                self.block(then, live);
                if let Some(otherwise) = otherwise {
                    self.block(otherwise, &mut other);
                }
                live.extend(other);
                self.expr(condition, live);
            }
            ExprKind::Match { subject, arms } => self.matching(subject, arms, live),
            ExprKind::Handled { done, failed, body, var, handler } => {
                if let Some(done) = done {
                    self.labels.insert(*done, (live.clone(), Live::new()));
                }
                let mut within = live.clone();
                self.block(handler, &mut within);
                within.remove(var);
                self.labels.insert(*failed, (within.clone(), Live::new()));
                self.handlers.push(within);
                self.block(body, live);
                self.handlers.pop();
            }
            ExprKind::Block(it) => self.block(it, live),
            ExprKind::Labeled(label, it) => {
                self.labels.insert(*label, (live.clone(), Live::new()));
                self.block(it, live);
            }
            ExprKind::Loop { label, body } => {
                self.looping(*label, None, body, live);
            }
            ExprKind::While { label, condition, body } => {
                self.looping(*label, Some(condition), body, live);
            }
            ExprKind::For { label, pattern, iterable, body } => {
                let inside = free_vars([&*pattern].into_iter(), body);
                live.extend(inside);
                self.failing(live);
                self.enter(*label, live.clone(), live);
                let mut within = live.clone();
                self.block(body, &mut within);
                self.loops.pop();
                self.expr(iterable, live);
            }
            ExprKind::Break(label, value) => {
                *live = match label {
                    Some(label) => self.labels.get(label).map(|it| it.0.clone()),
                    None => self.loops.last().map(|it| it.0.clone()),
                }
                .unwrap_or_default();
                if let Some(value) = value {
                    self.expr(value, live);
                }
            }
            ExprKind::Continue(label) => {
                *live = match label {
                    Some(label) => self.labels.get(label).map(|it| it.1.clone()),
                    None => self.loops.last().map(|it| it.1.clone()),
                }
                .unwrap_or_default();
            }
            ExprKind::Return(value) => {
                live.clear();
                if let Some(value) = value {
                    self.expr(value, live);
                }
            }
            ExprKind::Closure { params, body, .. } => {
                let free = free_vars(params.iter().map(|it| &it.0), body);
                // It may run more than once: what it takes along stays with it.
                self.apart(body, free.iter().copied().collect());
                live.extend(free);
            }
            ExprKind::Async { body, .. } => {
                let free = free_vars([].into_iter(), body);
                self.apart(body, Live::new());
                live.extend(free);
            }
            _ => unreachable!("every other expression is handled by `expr`"),
        }
    }

    /// The body of a closure, of which nothing outside is left.
    fn apart(&mut self, body: &mut Block, mut live: Live) {
        Cx::new(self.vars).block(body, &mut live);
    }

    /// `me.state(|s| …)` runs where it stands, once.
    fn access(&mut self, it: &mut Expr, live: &mut Live) {
        let ExprKind::Method { receiver, args, .. } = &mut it.kind else {
            unreachable!("asked for methods only")
        };
        if let ExprKind::Closure { params, body, .. } = &mut args[0].kind {
            self.block(body, live);
            for (pattern, _) in params {
                unbind(pattern, live);
            }
        }
        self.expr(receiver, live);
    }

    fn enter(&mut self, label: Option<Label>, head: Live, behind: &Live) {
        if let Some(label) = label {
            self.labels.insert(label, (behind.clone(), head.clone()));
        }
        self.loops.push((behind.clone(), head));
    }

    fn looping(
        &mut self,
        label: Option<Label>,
        condition: Option<&mut Box<Expr>>,
        body: &mut Block,
        live: &mut Live,
    ) {
        let behind = live.clone();
        live.extend(free_vars([].into_iter(), body));
        if let Some(condition) = &condition {
            live.extend(mentioned(condition));
        }
        self.failing(live);
        let head = live.clone();
        self.enter(label, head.clone(), &behind);
        let mut within = head.clone();
        self.block(body, &mut within);
        self.loops.pop();
        if let Some(condition) = condition {
            let mut at_test = head;
            self.expr(condition, &mut at_test);
        }
    }

    fn matching(&mut self, subject: &mut Expr, arms: &mut [Arm], live: &mut Live) {
        let behind = live.clone();
        let mut before = Live::new();
        let looked_at = match &subject.kind {
            ExprKind::Clone(_) => BTreeSet::new(),
            _ => borrowed_by_call(subject),
        };
        for arm in arms.iter_mut().rev() {
            let mut within = behind.clone();
            within.extend(&looked_at);
            self.block(&mut arm.body, &mut within);
            if let Some(guard) = &mut arm.guard {
                // Where the guard is false the next arm goes on with everything.
                within.extend(&before);
                within.extend(mentioned(guard));
                self.expr(guard, &mut within);
            }
            unbind(&arm.pattern, &mut within);
            before.extend(within);
        }
        *live = before;
        self.expr(subject, live);
    }

    /// Operands from left to right. What an earlier one borrows is still in use while a
    /// later one is evaluated.
    fn operands(&mut self, all: &mut [&mut Expr], live: &mut Live) {
        let held: Vec<Live> = all.iter().map(|it| borrowed(it)).collect();
        self.reverse(all, &held, live);
    }

    /// Like [`Self::operands`], where the first is the receiver, borrowed by the call.
    fn called(&mut self, all: &mut [&mut Expr], live: &mut Live) {
        let mut held: Vec<Live> = all.iter().map(|it| borrowed(it)).collect();
        held[0] = borrowed_by_call(all[0]);
        self.reverse(all, &held, live);
    }

    fn reverse(&mut self, all: &mut [&mut Expr], held: &[Live], live: &mut Live) {
        let Some((_, earlier)) = held.split_last() else { return };
        // Whatever is borrowed by any of them stays until the last is evaluated.
        for it in earlier {
            live.extend(it);
        }
        for it in all.iter_mut().rev() {
            self.expr(it, live);
        }
    }
}

/// Whether the expression itself may fail, its parts apart.
fn fails(it: &Expr) -> bool {
    match &it.kind {
        ExprKind::Call { throws, .. }
        | ExprKind::CallValue { throws, .. }
        | ExprKind::Method { throws, .. } => *throws,
        _ => false,
    }
}

fn unbind(pattern: &Pattern, live: &mut Live) {
    visit::bound(pattern, &mut |var| {
        live.remove(&var);
    });
}

fn mentioned(it: &Expr) -> Live {
    struct Mentioned(Live);
    impl Visitor for Mentioned {
        fn expr(&mut self, expr: &Expr) {
            if let ExprKind::Var(var) = expr.kind {
                self.0.insert(var);
            }
        }
    }
    let mut all = Mentioned(Live::new());
    visit::expr(it, &mut all);
    all.0
}

/// Methods whose result looks into their receiver.
const LOOKING: &[&str] = &[
    "as_mut", "as_ref", "as_str", "at_mut", "at_ref", "domain", "expect", "make_mut",
    "parent", "port", "value",
];

/// Variables that the value of an expression still borrows.
fn borrowed(it: &Expr) -> Live {
    match &it.kind {
        ExprKind::Ref(inner) | ExprKind::RefMut(inner) => mentioned(inner),
        ExprKind::Method { receiver, name, .. } if LOOKING.contains(&name.as_str()) => {
            mentioned(receiver)
        }
        // What is borrowed for a call lives on in a result that looks into it.
        ExprKind::Call { callee: Callee::Rt(path, _), args, .. }
            if matches!(path.as_str(), "arg" | "arg_with" | "unwrap") =>
        {
            args.iter().flat_map(borrowed).collect()
        }
        ExprKind::Slice(args) | ExprKind::Vec(args) | ExprKind::Tuple(args) => {
            args.iter().flat_map(borrowed).collect()
        }
        ExprKind::Some(inner) | ExprKind::Try(inner) => borrowed(inner),
        _ => Live::new(),
    }
}

/// The same of a receiver, which the call itself borrows.
fn borrowed_by_call(receiver: &Expr) -> Live {
    match &receiver.kind {
        ExprKind::Var(_)
        | ExprKind::Field(..)
        | ExprKind::TupleField(..)
        | ExprKind::Deref(_) => mentioned(receiver),
        _ => borrowed(receiver),
    }
}
