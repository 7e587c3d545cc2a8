//! What patterns cover: patterns as sets of values, which `matrix` asks whether something
//! is left over and whether each case is of use. It reports nothing.

mod matrix;
mod sets;
mod spell;

use super::cx::Shared;
use super::tables::Constant;
use crate::hir::body::BinaryOp;
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;
use matrix::Search;
pub(super) use sets::{Numbers, Texts};
use sets::{char_key, float_key};

/// The values that a pattern matches.
#[derive(Clone, Debug)]
pub(super) enum Cover {
    /// Every value.
    All,
    /// Some of these, but nobody can tell which: a guard, a comparison of texts.
    Maybe(Box<Cover>),
    Head(Head, Vec<Cover>),
    /// A struct or schema, by the fields that are tested.
    Record(Vec<(FieldId, Cover)>),
    Numbers(Numbers),
    Texts(Texts),
    /// Any of these; nothing if there are none.
    Either(Vec<Cover>),
    /// One of the alternatives of `or`, which stands at the span.
    Alternative(Span, Box<Cover>),
}

/// The outermost constructor of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Head {
    False,
    True,
    Null,
    NotNull,
    Case(usize),
    Tuple,
}

/// A case of a switch.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) cover: Cover,
    /// A guard may turn values away.
    pub(super) guarded: bool,
    /// Some part of the pattern was reported and matches nobody knows what.
    pub(super) broken: bool,
    /// The pattern, or the word `default`.
    pub(super) span: Span,
}

/// What is wrong with the cases of a switch.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    /// Values without a case, as patterns.
    pub(super) missing: Vec<String>,
    /// There were too many combinations to look at, and values may be without a case.
    pub(super) unknown: bool,
    pub(super) useless: Vec<Useless>,
}

/// A case or alternative that no value reaches.
#[derive(Debug)]
pub(super) struct Useless {
    /// The index of the case.
    pub(super) case: usize,
    /// The alternative; the whole case without.
    pub(super) alternative: Option<Span>,
    /// Cases and alternatives that take its values, a few of them. None if it has none.
    pub(super) by: Vec<Span>,
}

impl Verdict {
    pub(super) fn exhaustive(&self) -> bool {
        self.missing.is_empty() && !self.unknown
    }
}

impl Case {
    fn of(cover: Cover) -> Self {
        Self { cover, guarded: false, broken: false, span: Span::default() }
    }
}

/// How many parts patterns under `and` and `not` may fall into before they are given up.
const FUEL: usize = 10_000;

impl Cover {
    pub(super) fn nothing() -> Self {
        Cover::Either(Vec::new())
    }

    /// Nobody can tell what.
    pub(super) fn unknown() -> Self {
        Cover::Maybe(Box::new(Cover::All))
    }

    /// The one value that a constant is. `ty` is no nullable type.
    pub(super) fn constant(constant: &Constant, ty: &Ty) -> Self {
        match constant {
            Constant::Bool(false) => Cover::Head(Head::False, Vec::new()),
            Constant::Bool(true) => Cover::Head(Head::True, Vec::new()),
            Constant::String(text) if *ty == Ty::String => {
                Cover::Texts(Texts::one(text.clone()))
            }
            _ => match key(constant, ty) {
                Some(key) => Cover::Numbers(Numbers::between(key, key)),
                None => Cover::unknown(),
            },
        }
    }

    /// The values for which a comparison with a constant holds.
    pub(super) fn relation(op: BinaryOp, constant: &Constant, ty: &Ty) -> Self {
        let (Some(all), Some(key)) = (Numbers::all_of(ty), key(constant, ty)) else {
            return Cover::unknown();
        };
        let (low, high) = all.bounds();
        // What is no number compares with nothing.
        let high = if matches!(ty, Ty::Float | Ty::Double) { high - 1 } else { high };
        if key > high {
            return Cover::nothing();
        }
        Cover::Numbers(match op {
            BinaryOp::Lt => Numbers::between(low, key - 1),
            BinaryOp::Le => Numbers::between(low, key),
            BinaryOp::Gt => Numbers::between(key + 1, high),
            _ => Numbers::between(key, high),
        })
    }

    /// What both match.
    pub(super) fn and(&self, other: &Self) -> Self {
        let mut fuel = FUEL;
        let both = meet(self, other, &mut fuel);
        if fuel == 0 { Cover::unknown() } else { both }
    }

    fn is_vague(&self) -> bool {
        match self {
            Cover::Maybe(_) => true,
            Cover::Head(_, parts) | Cover::Either(parts) => {
                parts.iter().any(Cover::is_vague)
            }
            Cover::Record(tests) => tests.iter().any(|it| it.1.is_vague()),
            Cover::Alternative(_, inner) => inner.is_vague(),
            Cover::All | Cover::Numbers(_) | Cover::Texts(_) => false,
        }
    }

    /// The least or the most that it may be, which is certain.
    fn settled(&self, most: bool) -> Self {
        let all = |parts: &[Cover]| parts.iter().map(|it| it.settled(most)).collect();
        match self {
            Cover::Maybe(inner) if most => inner.settled(most),
            Cover::Maybe(_) => Cover::nothing(),
            Cover::Head(head, parts) => Cover::Head(*head, all(parts)),
            Cover::Either(parts) => Cover::Either(all(parts)),
            Cover::Record(tests) => {
                let tests = tests.iter().map(|it| (it.0, it.1.settled(most)));
                Cover::Record(tests.collect())
            }
            Cover::Alternative(_, inner) => inner.settled(most),
            Cover::All | Cover::Numbers(_) | Cover::Texts(_) => self.clone(),
        }
    }
}

/// Where a constant stands among the values of its type.
fn key(constant: &Constant, ty: &Ty) -> Option<i128> {
    Some(match (constant, ty) {
        (Constant::Int(it), Ty::Int(_) | Ty::Duration) => *it,
        (Constant::Char(it), Ty::Char) => char_key(*it),
        (Constant::Char(it), Ty::Int(_)) => i128::from(u32::from(*it)),
        (Constant::Float(it), Ty::Float | Ty::Double) => float_key(*it),
        #[expect(clippy::cast_precision_loss, reason = "conversion to double rounds")]
        (Constant::Int(it), Ty::Float | Ty::Double) => float_key(*it as f64),
        _ => return None,
    })
}

fn meet(a: &Cover, b: &Cover, fuel: &mut usize) -> Cover {
    *fuel = fuel.saturating_sub(1);
    if *fuel == 0 {
        return Cover::unknown();
    }
    match (a, b) {
        (Cover::All, other) | (other, Cover::All) => other.clone(),
        (Cover::Alternative(span, inner), other)
        | (other, Cover::Alternative(span, inner)) => {
            Cover::Alternative(*span, Box::new(meet(inner, other, fuel)))
        }
        (Cover::Maybe(inner), other) | (other, Cover::Maybe(inner)) => {
            Cover::Maybe(Box::new(meet(inner, other, fuel)))
        }
        (Cover::Either(parts), other) | (other, Cover::Either(parts)) => {
            let parts = parts.iter().map(|it| meet(it, other, fuel));
            Cover::Either(parts.collect())
        }
        (Cover::Head(x, left), Cover::Head(y, right)) if x == y => {
            let parts = left.iter().zip(right).map(|(a, b)| meet(a, b, fuel));
            Cover::Head(*x, parts.collect())
        }
        (Cover::Record(left), Cover::Record(right)) => {
            let mut tests = left.clone();
            for (field, test) in right {
                match tests.iter_mut().find(|it| it.0 == *field) {
                    Some(same) => same.1 = meet(&same.1, test, fuel),
                    None => tests.push((*field, test.clone())),
                }
            }
            Cover::Record(tests)
        }
        (Cover::Numbers(x), Cover::Numbers(y)) => Cover::Numbers(x.and(y)),
        (Cover::Texts(x), Cover::Texts(y)) => Cover::Texts(x.and(y)),
        _ => Cover::nothing(),
    }
}

impl Shared<'_> {
    /// Looks at the cases of a switch over values of type `ty`, in the order in which they
    /// are tried.
    pub(super) fn judge(&self, ty: &Ty, cases: &[Case]) -> Verdict {
        let mut search = Search::new(self, cases);
        let missing = search.run(ty);
        let all = |it: &Case| !it.guarded && matches!(it.cover, Cover::All);
        let mut verdict = Verdict::default();
        if search.gave_up {
            verdict.unknown = !cases.iter().any(all);
            return verdict;
        }
        verdict.missing = missing.iter().map(|it| self.spell(it, ty)).collect();
        verdict.useless = search.useless();
        verdict
    }

    /// Whether some value of the type may match.
    pub(super) fn is_satisfiable(&self, ty: &Ty, cover: &Cover) -> bool {
        let cases = [Case::of(cover.clone())];
        let mut search = Search::new(self, &cases);
        search.run(ty);
        search.gave_up || search.useful(0)
    }

    /// What a pattern covers that matches where `cover` does not.
    pub(super) fn complement(&self, cover: &Cover, ty: &Ty) -> Cover {
        let rest = |cover: Cover| {
            let cases = [Case::of(cover)];
            let mut search = Search::new(self, &cases);
            let missing = search.run(ty);
            let known = !search.gave_up && missing.len() < matrix::MANY;
            known.then_some(Cover::Either(missing))
        };
        let Some(certain) = rest(cover.settled(true)) else { return Cover::unknown() };
        if !cover.is_vague() {
            return certain;
        }
        match rest(cover.settled(false)) {
            Some(most) => Cover::Either(vec![certain, Cover::Maybe(Box::new(most))]),
            None => Cover::unknown(),
        }
    }
}
