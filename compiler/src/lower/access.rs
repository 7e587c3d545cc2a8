//! Reading, storing and using places. State of agents and domains is reached through
//! closures of the runtime, which neither nest nor wait: what they need is evaluated
//! before. Which code may touch what was checked earlier.

use crate::ir::visit::{self, Visitor};
use crate::ir::{Expr, ExprKind, Var};
use crate::support::Name;

use super::body::Fx;
use super::build::{At, Flags, value_block};
use super::order::Held;
use super::place::{Place, Root, Step};
use super::stable::root;

/// A place while it is accessed: an expression of the place, or of a borrow of it.
pub(super) struct Reached {
    pub(super) expr: Expr,
    pub(super) by_ref: bool,
}

impl Reached {
    /// The place itself, to assign.
    pub(super) fn place(self, at: At) -> Expr {
        if self.by_ref { at.deref(self.expr) } else { self.expr }
    }

    /// A borrow of it.
    pub(super) fn borrow(self, at: At) -> Expr {
        if self.by_ref { self.expr } else { at.borrow(self.expr) }
    }

    pub(super) fn borrow_mut(self, at: At) -> Expr {
        if self.by_ref { self.expr } else { at.borrow_mut(self.expr) }
    }

    /// As the receiver of a method that changes it.
    pub(super) fn receiver_mut(self, at: At) -> Expr {
        let through = self.by_ref && matches!(self.expr.kind, ExprKind::Var(_));
        at.borrow_mut(if through { at.deref(self.expr) } else { self.expr })
    }

    /// Its value: a plain read or a clone.
    pub(super) fn value(self, at: At, copy: bool) -> Expr {
        match (copy, self.by_ref) {
            (true, true) => at.deref(self.expr),
            (true, false) => self.expr,
            (false, true) => at.clone(at.deref(self.expr)),
            (false, false) => at.clone(self.expr),
        }
    }
}

impl Fx<'_, '_> {
    /// The value of a place.
    pub(super) fn read(&mut self, mut place: Place) -> Expr {
        let at = place.at;
        let ty = place.ty.clone();
        let copy = self.lower.is_copy(&ty);
        match place.steps.pop() {
            Some(Step::Index(arg, index)) if index.from_end.is_none() => {
                self.access(place, false, vec![arg], |at, it, args| {
                    at.method(it.expr, "at", args).fallible()
                })
            }
            Some(Step::Checked) => self.access(place, false, vec![], |at, it, _| {
                at.rt("unwrap", vec![it.value(at, copy)]).fallible()
            }),
            Some(Step::Known(why)) => self.access(place, false, vec![], |at, it, _| {
                at.method(it.value(at, copy), "expect", vec![at.text(why)])
            }),
            last => {
                place.steps.extend(last);
                if let (Root::Value(_), true) = (&place.root, place.steps.is_empty()) {
                    let Root::Value(held) = place.root else {
                        unreachable!("matched above")
                    };
                    return self.settled(vec![held]).remove(0);
                }
                place.at = at;
                self.access(place, false, vec![], move |at, it, _| it.value(at, copy))
            }
        }
    }

    /// Stores a value: an expression of no value.
    pub(super) fn store(&mut self, mut place: Place, mut value: Held) -> Expr {
        let at = place.at;
        loop {
            match place.steps.pop() {
                Some(Step::Index(arg, index)) if index.from_end.is_none() => {
                    return self.access(place, true, vec![arg, value], |at, it, args| {
                        at.method(it.receiver_mut(at), "set", args).fallible()
                    });
                }
                // The slot takes the value whether or not there was one.
                Some(Step::Known(_)) => value.expr = at.some(value.expr),
                Some(Step::Pointer(pointer)) => {
                    value.expr = at.rt(pointer, vec![value.expr]);
                }
                last => {
                    place.steps.extend(last);
                    break;
                }
            }
        }
        self.access(place, true, vec![value], |at, it, mut args| {
            let value = args.pop().expect("the value was passed above");
            at.assign(it.place(at), value)
        })
    }

    /// Whether a place is assigned and read without running anything twice: no element and
    /// no state behind a closure.
    pub(super) fn is_simple(place: &Place) -> bool {
        matches!(place.root, Root::Var(_) | Root::Borrow(_) | Root::This(_))
            && place.steps.iter().all(|it| matches!(it, Step::Field(_) | Step::Tuple(_)))
    }

    /// Whether the part is a field, not an element, of state.
    pub(super) fn has_elements(place: &Place) -> bool {
        !place.steps.iter().all(|it| matches!(it, Step::Field(_) | Step::Tuple(_)))
    }

    /// Runs `use_it` on the place; `args` are evaluated before, in order. The result is the
    /// expression of what `use_it` makes, with the way to the place around it.
    pub(super) fn access(
        &mut self,
        mut place: Place,
        mutable: bool,
        mut args: Vec<Held>,
        use_it: impl FnOnce(At, Reached, Vec<Expr>) -> Expr,
    ) -> Expr {
        let at = place.at;
        if matches!(place.root, Root::Domain(_)) {
            self.at = at;
            self.turn();
        }
        self.settle(held(&mut place, &mut args));
        let closed = matches!(place.root, Root::Own | Root::Domain(_));
        let deep = mutable && Self::has_elements(&place);
        let whole = Whole::of(&place);
        for it in held(&mut place, &mut args).into_iter().filter(|_| closed || deep) {
            if !is_plain(&it.expr) || (deep && whole.is_touched_by(&it.expr)) {
                let expr = std::mem::replace(&mut it.expr, at.unit());
                it.expr = self.bind(expr);
            }
        }
        let args = args.into_iter().map(|it| it.expr).collect();
        let (receiver, method, param) = match place.root {
            Root::Own => (self.me(), if mutable { "state_mut" } else { "state" }, "s"),
            Root::Domain(level) => {
                (self.dom(level), if mutable { "write" } else { "read" }, "d")
            }
            // A part of what is borrowed: the variable itself does not change.
            Root::Borrow(var) if mutable && !place.steps.is_empty() => {
                let base = Reached { expr: at.deref(at.var(var)), by_ref: false };
                return use_it(at, reach(at, base, place.steps, mutable), args);
            }
            root => {
                let base = self.open_root(at, root, mutable);
                return use_it(at, reach(at, base, place.steps, mutable), args);
            }
        };
        let param = self.state_var(param);
        let base = Reached { expr: at.deref(at.var(param)), by_ref: false };
        let body = use_it(at, reach(at, base, place.steps, mutable), args);
        at.method(receiver, method, vec![at.access(param, value_block(body))])
    }

    fn open_root(&mut self, at: At, root: Root, mutable: bool) -> Reached {
        let (expr, by_ref) = match root {
            Root::Var(var) => (at.var(var), false),
            Root::Borrow(var) => (at.var(var), true),
            Root::This(Some(var)) => (at.var(var), false),
            Root::This(None) => (at.expr(ExprKind::This), true),
            Root::Value(it) if mutable => (self.bind(it.expr), false),
            Root::Value(it) | Root::Shared(it) => (it.expr, false),
            Root::Own | Root::Domain(_) => {
                unreachable!("state is reached through a closure")
            }
        };
        Reached { expr, by_ref }
    }

    /// Whether the place lies in the state of the agent or of a domain.
    pub(super) fn in_state(place: &Place) -> bool {
        matches!(place.root, Root::Own | Root::Domain(_))
    }

    /// Makes the indices of a place safe to use twice.
    pub(super) fn freeze(&mut self, place: &mut Place) {
        for step in &mut place.steps {
            let Step::Index(arg, index) = step else { continue };
            if matches!(arg.expr.kind, ExprKind::Literal(_)) {
                continue;
            }
            let expr = std::mem::replace(&mut arg.expr, self.at.unit());
            let var = self.bind(expr);
            // A key may be a value that a use would move.
            let key = if index.by_key { self.at.clone(var) } else { var };
            *arg = self.hold(key);
        }
    }
}

/// Operands in order of evaluation.
fn held<'h>(place: &'h mut Place, args: &'h mut [Held]) -> Vec<&'h mut Held> {
    let root = match &mut place.root {
        Root::Value(it) | Root::Shared(it) => Some(it),
        _ => None,
    };
    let indices = place.steps.iter_mut().filter_map(|it| match it {
        Step::Index(arg, _) => Some(arg),
        _ => None,
    });
    root.into_iter().chain(indices).chain(args).collect()
}

/// Follows the steps from `base`.
fn reach(at: At, base: Reached, steps: Vec<Step>, mutable: bool) -> Reached {
    let mut it = base;
    for step in steps {
        it = match step {
            Step::Field(name) => {
                Reached { expr: at.field(it.expr, &name), by_ref: false }
            }
            Step::Tuple(index) => {
                let expr = ExprKind::TupleField(Box::new(it.expr), index);
                Reached { expr: at.expr(expr), by_ref: false }
            }
            Step::Pointer(_) if mutable => {
                let inner = at.method(it.receiver_mut(at), "make_mut", vec![]);
                Reached { expr: inner, by_ref: true }
            }
            Step::Pointer(_) => Reached { expr: at.deref(it.place(at)), by_ref: false },
            Step::Known(why) => {
                let inner = optional(at, it, mutable);
                let expr = at.method(inner, "expect", vec![at.text(why)]);
                Reached { expr, by_ref: true }
            }
            Step::Checked => {
                let inner = optional(at, it, mutable);
                Reached { expr: at.rt("unwrap", vec![inner]).fallible(), by_ref: true }
            }
            Step::Index(arg, index) => {
                let arg = match index.from_end {
                    Some(length) => {
                        let end = at.method(it.expr.clone(), length, vec![]);
                        at.method(end, "wrapping_sub", vec![arg.expr])
                    }
                    None => arg.expr,
                };
                let expr = match mutable {
                    true => at.method(it.receiver_mut(at), "at_mut", vec![arg]),
                    false if index.by_key => {
                        at.method(it.expr, "at_ref", vec![at.borrow(arg)])
                    }
                    false => at.method(it.expr, "at_ref", vec![arg]),
                };
                Reached { expr: expr.fallible(), by_ref: true }
            }
        };
    }
    it
}

fn optional(at: At, it: Reached, mutable: bool) -> Expr {
    match mutable {
        true => at.method(it.receiver_mut(at), "as_mut", vec![]),
        false => at.method(it.expr, "as_ref", vec![]),
    }
}

/// Whether an expression may stand inside a closure over state: it neither waits nor
/// throws, and calls nothing that could touch state itself.
pub(super) fn is_plain(expr: &Expr) -> bool {
    struct Plain(bool);
    impl Visitor for Plain {
        fn expr(&mut self, expr: &Expr) {
            self.0 &= match &expr.kind {
                ExprKind::Call { callee, suspends, throws, .. } => {
                    let own = matches!(
                        callee,
                        crate::ir::Callee::Item(_) | crate::ir::Callee::Method(_)
                    );
                    !suspends && !throws && !own
                }
                ExprKind::Method { suspends, throws, .. } => !suspends && !throws,
                ExprKind::CallValue { .. }
                | ExprKind::Closure { .. }
                | ExprKind::Func(_)
                | ExprKind::Async { .. }
                | ExprKind::Try(_)
                | ExprKind::Block(_)
                | ExprKind::Labeled(..)
                | ExprKind::If { .. }
                | ExprKind::Match { .. }
                | ExprKind::Return(_)
                | ExprKind::Break(..)
                | ExprKind::Continue(_) => false,
                _ => true,
            };
        }
    }
    let mut plain = Plain(true);
    visit::expr(expr, &mut plain);
    plain.0
}

/// What a place lies in, as far as other expressions may not look at it while it changes.
pub(super) enum Whole {
    Var(Var),
    /// This field of the record whose method runs, or all of it.
    This(Option<Name>),
    Elsewhere,
}

impl Whole {
    pub(super) fn of(place: &Place) -> Self {
        match (&place.root, place.steps.first()) {
            (Root::Var(var) | Root::Borrow(var) | Root::This(Some(var)), _) => {
                Self::Var(*var)
            }
            (Root::This(None), Some(Step::Field(name))) => Self::This(Some(name.clone())),
            (Root::This(None), _) => Self::This(None),
            _ => Self::Elsewhere,
        }
    }

    /// Whether the expression looks at it.
    pub(super) fn is_touched_by(&self, expr: &Expr) -> bool {
        struct Looks<'n> {
            field: Option<&'n Name>,
            n_this: usize,
            n_apart: usize,
        }
        impl Visitor for Looks<'_> {
            fn expr(&mut self, expr: &Expr) {
                match &expr.kind {
                    ExprKind::This => self.n_this += 1,
                    ExprKind::Field(base, name)
                        if matches!(base.kind, ExprKind::This)
                            && self.field.is_some_and(|it| it != name) =>
                    {
                        self.n_apart += 1;
                    }
                    _ => {}
                }
            }
        }
        match self {
            Self::Var(var) => mentions(expr, *var),
            Self::This(field) => {
                let mut looks = Looks { field: field.as_ref(), n_this: 0, n_apart: 0 };
                visit::expr(expr, &mut looks);
                looks.n_this > looks.n_apart
            }
            Self::Elsewhere => false,
        }
    }
}

/// Whether the variable occurs.
pub(super) fn mentions(expr: &Expr, var: Var) -> bool {
    struct Mentions(Var, bool);
    impl Visitor for Mentions {
        fn expr(&mut self, expr: &Expr) {
            self.1 |= matches!(expr.kind, ExprKind::Var(it) if it == self.0);
        }
    }
    let mut mentions = Mentions(var, root(expr) == Some(var));
    visit::expr(expr, &mut mentions);
    mentions.1
}

/// Whether evaluating it clearly cannot throw.
pub(super) fn is_total(expr: &Expr) -> bool {
    struct Total(bool);
    impl Visitor for Total {
        fn expr(&mut self, expr: &Expr) {
            self.0 &= match &expr.kind {
                ExprKind::Call { callee, throws, .. } => {
                    !throws && matches!(callee, crate::ir::Callee::Rt(..))
                }
                ExprKind::Method { throws, .. } => !throws,
                ExprKind::CallValue { .. } | ExprKind::Try(_) => false,
                _ => true,
            };
        }
    }
    let mut total = Total(true);
    visit::expr(expr, &mut total);
    total.0
}
