//! Which functions can fail, found from the finished code: a function gives a `Result` if
//! something in it fails that it does not handle itself, and calls of it then end in `?`.
//! Closures over state hand their failures on. Where a failure goes is written by `escape`.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{
    self, Block, Callee, Expr, ExprKind, ItemKind, ItemRef, Label, StmtKind,
};

use super::depth::{self, Cycles, Guard};
use super::escape;
use super::rewrite::{self, Part};
use super::unwind;

/// What is known of a function.
#[derive(Clone, Copy)]
struct Fact {
    throws: bool,
    suspends: bool,
    /// It gives a plain value and is left by unwinding when the stack is used up.
    unwinds: bool,
}

/// What is known while one function is looked at.
struct Facts {
    fns: BTreeMap<ItemRef, Fact>,
    /// Labels of bodies seen so far in which something fails.
    failing: RefCell<BTreeSet<Label>>,
    /// A call that unwinds fails here.
    catches: Cell<bool>,
}

impl Facts {
    fn unwinds(&self, item: ItemRef) -> bool {
        self.fns.get(&item).is_some_and(|it| it.unwinds)
    }

    /// Looks at code in which a call that unwinds fails.
    fn catching(&self, look: impl FnOnce() -> bool) -> bool {
        let around = self.catches.replace(true);
        let result = look();
        self.catches.set(around);
        result
    }

    /// Finds the functions that throw, from those already known to.
    fn spread(&mut self, program: &ir::Program) {
        loop {
            let mut changed = false;
            for item in &program.items {
                let ItemKind::Function(it) = &item.kind else { continue };
                self.failing.borrow_mut().clear();
                self.catches.set(it.suspends);
                if !self.fns[&item.name].throws && block_throws(self, &it.body) {
                    self.fns.entry(item.name).and_modify(|it| it.throws = true);
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
    }
}

/// Settles the marks of all functions and calls.
pub(super) fn settle(program: &mut ir::Program) {
    let cycles = depth::cycles(program);
    let mut facts = Facts {
        fns: BTreeMap::new(),
        failing: RefCell::default(),
        catches: Cell::new(false),
    };
    for item in &mut program.items {
        if let ItemKind::Function(it) = &mut item.kind {
            if it.suspends {
                depth::guard(&cycles, item.name, &mut it.body, Guard::Throws);
            }
            let fact = Fact { throws: it.throws, suspends: it.suspends, unwinds: false };
            facts.fns.insert(item.name, fact);
        }
        if let ItemKind::Foreign(it) = &item.kind {
            let fact = Fact { throws: true, suspends: it.suspends, unwinds: false };
            facts.fns.insert(item.name, fact);
        }
    }
    facts.spread(program);
    guard_cycles(program, &cycles, &mut facts);
    for item in &mut program.items {
        if let ItemKind::Function(it) = &mut item.kind {
            it.throws = facts.fns[&item.name].throws;
            facts.failing.borrow_mut().clear();
            rewrite::block(&mut it.body, &mut |expr| mark(&facts, expr));
            let unwinds = |item| facts.unwinds(item);
            escape::function(&mut it.body, &mut it.vars, it.suspends, &unwinds);
        }
    }
    if let Some(entry) = &mut program.entry {
        rewrite::block(&mut entry.create, &mut |expr| mark(&facts, expr));
        let unwinds = |item| facts.unwinds(item);
        escape::function(&mut entry.create, &mut entry.vars, true, &unwinds);
    }
}

/// Makes the functions on cycles that do not wait ask for the stack: those that throw
/// anyway throw, the others unwind. What then can fail besides is found again.
fn guard_cycles(program: &mut ir::Program, cycles: &Cycles, facts: &mut Facts) {
    let mut any = false;
    for item in &mut program.items {
        let ItemKind::Function(it) = &mut item.kind else { continue };
        if it.suspends || !cycles.contains(item.name) {
            continue;
        }
        let throws = facts.fns[&item.name].throws;
        let how = if throws { Guard::Throws } else { Guard::Unwinds };
        depth::guard(cycles, item.name, &mut it.body, how);
        any |= !throws;
        facts.fns.entry(item.name).and_modify(|it| it.unwinds = !throws);
    }
    if !any {
        return;
    }
    loop {
        let mut changed = false;
        for item in &mut program.items {
            let ItemKind::Function(it) = &mut item.kind else { continue };
            if it.suspends || facts.unwinds(item.name) {
                continue;
            }
            if unwind::block(&|it| facts.unwinds(it), &mut it.body) {
                facts.fns.entry(item.name).and_modify(|it| it.unwinds = true);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    facts.spread(program);
}

/// Sets the marks of one expression whose parts have theirs.
fn mark(facts: &Facts, it: &mut Expr) {
    let throws = match &it.kind {
        ExprKind::Call { callee, args, suspends, .. } => {
            match call_throws(facts, callee, args, *suspends) {
                Some(throws) => throws,
                None => return,
            }
        }
        ExprKind::Method { .. } if is_access(it) => throws_here(facts, it),
        _ => return,
    };
    match &mut it.kind {
        ExprKind::Call { throws: mark, .. } => *mark = throws,
        ExprKind::Method { args, throws: mark, .. } => {
            *mark = throws;
            if throws {
                hand_on(facts, &mut args[0]);
            }
        }
        _ => unreachable!("only calls get here"),
    }
}

/// Makes a closure over state give the `Result` of what fails in it.
fn hand_on(facts: &Facts, closure: &mut Expr) {
    let ExprKind::Closure { returns, throws, body, .. } = &mut closure.kind else {
        unreachable!("state is reached through a closure")
    };
    if body.stmts.is_empty()
        && let Some(value) = &mut body.value
        && fails_last(facts, value)
    {
        match &mut value.kind {
            ExprKind::Call { throws, .. }
            | ExprKind::CallValue { throws, .. }
            | ExprKind::Method { throws, .. } => *throws = false,
            _ => unreachable!("asked for calls only"),
        }
        return;
    }
    *throws = true;
    *returns = Some(ir::Ty::Infer);
}

/// Whether nothing in the expression fails but the call that it is.
fn fails_last(facts: &Facts, it: &mut Expr) -> bool {
    let own =
        match &it.kind {
            ExprKind::Call {
                callee: Callee::Item(item) | Callee::Method(item), ..
            } if facts.unwinds(*item) => false,
            ExprKind::Call { throws, suspends, .. }
            | ExprKind::Method { throws, suspends, .. } => *throws && !suspends,
            ExprKind::CallValue { throws, .. } => *throws,
            _ => false,
        };
    let mut inner = false;
    rewrite::parts(it, &mut |part| {
        inner |= facts.catching(|| match part {
            Part::Expr(it) => throws(facts, it),
            Part::Block(it) => block_throws(facts, it),
        });
    });
    own && !inner
}

/// Whether a call of the program's own fails; `None` for others.
fn call_throws(
    facts: &Facts,
    callee: &Callee,
    args: &[Expr],
    suspends: bool,
) -> Option<bool> {
    match callee {
        Callee::Item(item) | Callee::Method(item) => {
            let fact = facts.fns.get(item);
            // A future that is not awaited here has not failed yet.
            Some(fact.is_some_and(|it| it.throws && (suspends || !it.suspends)))
        }
        Callee::Rt(path, _) if path == "boxed" => match args {
            [Expr { kind: ExprKind::Call { callee, args, .. }, .. }] => {
                call_throws(facts, callee, args, true)
            }
            _ => None,
        },
        _ => None,
    }
}

/// `me.state(|s| …)` and its like.
pub(super) fn is_access(it: &Expr) -> bool {
    match &it.kind {
        ExprKind::Method { name, args, .. } => {
            matches!(name.as_str(), "state" | "state_mut" | "read" | "write")
                && matches!(
                    args.as_slice(),
                    [Expr { kind: ExprKind::Closure { moves: false, .. }, .. }]
                )
        }
        _ => false,
    }
}

fn block_throws(facts: &Facts, it: &Block) -> bool {
    it.stmts.iter().any(|it| match &it.kind {
        StmtKind::Let { init: Some(it), .. } | StmtKind::Expr(it) => throws(facts, it),
        StmtKind::Let { init: None, .. } | StmtKind::Note(_) => false,
    }) || it.value.as_ref().is_some_and(|it| throws(facts, it))
}

/// Whether evaluating the expression can end in a failure here.
fn throws(facts: &Facts, it: &Expr) -> bool {
    if throws_here(facts, it) {
        return true;
    }
    match &it.kind {
        // What these do happens elsewhere, or was looked at.
        ExprKind::Closure { .. } | ExprKind::Async { .. } => false,
        ExprKind::Method { receiver, .. } if is_access(it) => throws(facts, receiver),
        ExprKind::Handled { failed, body, handler, .. } => {
            let fails = facts.catching(|| block_throws(facts, body));
            if fails {
                facts.failing.borrow_mut().insert(*failed);
            }
            fails && block_throws(facts, handler)
        }
        _ => {
            let mut copy = Scan { facts, found: false };
            copy.parts(it);
            copy.found
        }
    }
}

/// Whether the expression itself fails, its parts apart.
fn throws_here(facts: &Facts, it: &Expr) -> bool {
    match &it.kind {
        ExprKind::Try(_) | ExprKind::OrBreak(..) => true,
        ExprKind::Throw { of, .. } => {
            of.is_none_or(|it| facts.failing.borrow().contains(&it))
        }
        ExprKind::CallValue { throws, .. } => *throws,
        ExprKind::Call { callee, args, suspends, throws } => {
            let unwinds = match callee {
                Callee::Item(item) | Callee::Method(item) => facts.unwinds(*item),
                _ => false,
            };
            unwinds && facts.catches.get()
                || call_throws(facts, callee, args, *suspends).unwrap_or(*throws)
        }
        ExprKind::Method { args, throws, .. } => match (&args.first(), is_access(it)) {
            (
                Some(Expr {
                    kind: ExprKind::Closure { body, throws: given, .. }, ..
                }),
                true,
            ) => *throws || *given || facts.catching(|| block_throws(facts, body)),
            _ => *throws,
        },
        _ => false,
    }
}

/// Looks at the direct parts of an expression.
struct Scan<'f> {
    facts: &'f Facts,
    found: bool,
}

impl Scan<'_> {
    fn any(&mut self, exprs: &[Expr]) {
        self.found |= exprs.iter().any(|it| throws(self.facts, it));
    }

    fn one(&mut self, it: &Expr) {
        self.found |= throws(self.facts, it);
    }

    fn block(&mut self, it: &Block) {
        self.found |= block_throws(self.facts, it);
    }

    fn parts(&mut self, it: &Expr) {
        match &it.kind {
            ExprKind::Field(a, _)
            | ExprKind::TupleField(a, _)
            | ExprKind::Clone(a)
            | ExprKind::Ref(a)
            | ExprKind::RefMut(a)
            | ExprKind::Deref(a)
            | ExprKind::Unary(_, a)
            | ExprKind::Cast(a, _)
            | ExprKind::Func(a)
            | ExprKind::Some(a)
            | ExprKind::Ok(a)
            | ExprKind::Err(a)
            | ExprKind::Matches(a, _)
            | ExprKind::OrBreak(_, a)
            | ExprKind::Throw { value: a, .. }
            | ExprKind::Try(a) => self.one(a),
            ExprKind::Break(_, a) | ExprKind::Return(a) => {
                if let Some(a) = a {
                    self.one(a);
                }
            }
            ExprKind::Binary(_, a, b)
            | ExprKind::Assign { place: a, value: b }
            | ExprKind::CompoundAssign { place: a, value: b, .. } => {
                self.one(a);
                self.one(b);
            }
            ExprKind::Call { args, .. }
            | ExprKind::Tuple(args)
            | ExprKind::Vec(args)
            | ExprKind::Slice(args)
            | ExprKind::Case { args, .. } => self.any(args),
            ExprKind::CallValue { callee: a, args, .. }
            | ExprKind::Method { receiver: a, args, .. } => {
                self.one(a);
                self.any(args);
            }
            ExprKind::Struct { fields, rest, .. } => {
                self.found |= fields.iter().any(|it| throws(self.facts, &it.1));
                if let Some(rest) = rest {
                    self.one(rest);
                }
            }
            ExprKind::If { condition, then, otherwise } => {
                self.one(condition);
                self.block(then);
                if let Some(otherwise) = otherwise {
                    self.block(otherwise);
                }
            }
            ExprKind::Match { subject, arms } => {
                self.one(subject);
                for arm in arms {
                    if let Some(guard) = &arm.guard {
                        self.one(guard);
                    }
                    self.block(&arm.body);
                }
            }
            ExprKind::Block(it)
            | ExprKind::Labeled(_, it)
            | ExprKind::Loop { body: it, .. } => {
                self.block(it);
            }
            ExprKind::While { condition: a, body, .. }
            | ExprKind::For { iterable: a, body, .. } => {
                self.one(a);
                self.block(body);
            }
            _ => {}
        }
    }
}
