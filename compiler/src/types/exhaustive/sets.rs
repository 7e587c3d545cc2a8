//! Sets of numbers, characters, durations and texts, as patterns describe them. They know
//! nothing of types but which numbers each has.

use std::collections::{BTreeMap, BTreeSet};

use crate::hir::ty::Ty;
use crate::support::Name;
use crate::types::ty::int_range;

/// Numbers, as intervals that neither touch nor overlap, in order. Floating point numbers
/// and characters stand by their place in the order of all of them, see [`float_key`].
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::types) struct Numbers(Vec<(i128, i128)>);

impl Numbers {
    /// From `low` to `high`, both included; empty if they are the wrong way round.
    pub(in crate::types) fn between(low: i128, high: i128) -> Self {
        if low <= high { Self(vec![(low, high)]) } else { Self::default() }
    }

    /// The values of a type; `None` if they are not numbers in this sense.
    pub(in crate::types) fn all_of(ty: &Ty) -> Option<Self> {
        Some(match ty {
            Ty::Int(int) => {
                let (low, high) = int_range(*int);
                Self::between(low, high)
            }
            Ty::Char => Self::between(0, char_key(char::MAX)),
            Ty::Duration => Self::between(i64::MIN.into(), i64::MAX.into()),
            Ty::Float | Ty::Double => {
                let infinity = float_key(f64::INFINITY);
                Self::between(-infinity, infinity + 1)
            }
            _ => return None,
        })
    }

    pub(in crate::types) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The lowest and the highest.
    pub(super) fn bounds(&self) -> (i128, i128) {
        let low = self.0.first().map_or(0, |it| it.0);
        (low, self.0.last().map_or(-1, |it| it.1))
    }

    pub(super) fn parts(&self) -> &[(i128, i128)] {
        &self.0
    }

    /// Puts together intervals in order, which may touch.
    pub(super) fn from_sorted(parts: impl IntoIterator<Item = (i128, i128)>) -> Self {
        let mut out: Vec<(i128, i128)> = Vec::new();
        for (low, high) in parts {
            match out.last_mut() {
                Some(last) if low <= last.1.saturating_add(1) => {
                    last.1 = last.1.max(high);
                }
                _ => out.push((low, high)),
            }
        }
        Self(out)
    }

    /// What is in both.
    pub(super) fn and(&self, other: &Self) -> Self {
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut out = Vec::new();
        while let (Some(&&(a, b)), Some(&&(c, d))) = (left.peek(), right.peek()) {
            let (low, high) = (a.max(c), b.min(d));
            if low <= high {
                out.push((low, high));
            }
            if b < d {
                left.next();
            } else {
                right.next();
            }
        }
        Self(out)
    }
}

/// The place of a character in the order of all: there are none from U+D800 to U+DFFF.
pub(in crate::types) fn char_key(value: char) -> i128 {
    let code = i128::from(u32::from(value));
    if code >= 0xE000 { code - 0x800 } else { code }
}

/// The character at a place.
pub(super) fn char_at(key: i128) -> Option<char> {
    let code = if key >= 0xD800 { key + 0x800 } else { key };
    char::from_u32(u32::try_from(code).ok()?)
}

/// The place of a floating point number in the order of all: 0 is at 0, and what is no
/// number stands behind infinity.
pub(in crate::types) fn float_key(value: f64) -> i128 {
    if value.is_nan() {
        return i128::from(f64::INFINITY.to_bits()) + 1;
    }
    let size = i128::from(value.abs().to_bits());
    if value < 0.0 { -size } else { size }
}

/// The number at a place; `None` for what is no number.
pub(super) fn float_at(key: i128) -> Option<f64> {
    let size = f64::from_bits(u64::try_from(key.abs()).ok()?);
    let value = if key < 0 { -size } else { size };
    (!value.is_nan()).then_some(value)
}

/// Texts: those named, or all but them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::types) struct Texts {
    pub(super) named: BTreeSet<Name>,
    pub(super) others: bool,
}

impl Texts {
    pub(in crate::types) fn one(text: Name) -> Self {
        Self { named: BTreeSet::from([text]), others: false }
    }

    pub(super) fn has(&self, text: &Name) -> bool {
        self.named.contains(text) != self.others
    }

    /// What is in both.
    pub(super) fn and(&self, other: &Self) -> Self {
        let both = |a: &Self, b: &Self| {
            a.named.iter().filter(|it| b.has(it)).cloned().collect::<BTreeSet<_>>()
        };
        match (self.others, other.others) {
            (false, _) => Self { named: both(self, other), others: false },
            (_, false) => Self { named: both(other, self), others: false },
            _ => Self { named: &self.named | &other.named, others: true },
        }
    }
}

/// Numbers that were given away, each with the one who took it first. Giving away costs
/// what it finds, so that thousands of overlapping ranges do too.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// By lowest number: the highest, and the owner.
    owners: BTreeMap<i128, (i128, usize)>,
}

impl Taken {
    /// Gives what is free of `low..=high` to `owner`, and what is next to it of the same
    /// stretch; says whether there was any, and adds a few of those that have the rest.
    pub(super) fn take(
        &mut self,
        (low, high): (i128, i128),
        owner: Option<usize>,
        others: &mut Vec<usize>,
    ) -> bool {
        let mut free = Vec::new();
        let mut inside = Vec::new();
        let mut at = low;
        let before = self.owners.range(..=low).next_back();
        let start = before.filter(|it| it.1.0 >= low).map_or(low, |it| *it.0);
        for (&from, &(to, whose)) in self.owners.range(start..=high) {
            if at < from {
                free.push((at, from - 1));
            }
            at = at.max(to.saturating_add(1));
            if others.len() < 3 && !others.contains(&whose) {
                others.push(whose);
            }
            inside.push((from, to));
        }
        if at <= high {
            free.push((at, high));
        }
        let Some(owner) = owner.filter(|_| !free.is_empty()) else {
            return !free.is_empty();
        };
        // Stretches that lie within are swallowed: whoever asks for them again is told of
        // this owner, who covers them as well.
        for (from, to) in inside {
            if low <= from && to <= high {
                self.owners.remove(&from);
            }
        }
        let from = self.owners.range(..=low).next_back().filter(|it| it.1.0 >= low);
        let from = from.map_or(low, |it| it.1.0 + 1);
        let to = self.owners.range(from..=high).next().map_or(high, |it| it.0 - 1);
        if from <= to {
            self.owners.insert(from, (to, owner));
        }
        true
    }

    /// What nobody took.
    pub(super) fn rest(&self, all: &Numbers) -> Numbers {
        let mut left = Vec::new();
        for &(low, high) in all.parts() {
            let mut at = low;
            for (&from, &(to, _)) in self.owners.range(..=high) {
                if to < low {
                    continue;
                }
                if at < from {
                    left.push((at, from - 1));
                }
                at = at.max(to + 1);
            }
            if at <= high {
                left.push((at, high));
            }
        }
        Numbers::from_sorted(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_numbers_meet() {
        let a = Numbers::from_sorted([(0, 5), (6, 9), (20, 30)]);
        assert_eq!(a.parts(), [(0, 9), (20, 30)]);
        let b = Numbers::from_sorted([(5, 22)]);
        assert_eq!(a.and(&b).parts(), [(5, 9), (20, 22)]);
        assert!(a.and(&Numbers::between(10, 19)).is_empty());
    }

    #[test]
    fn floating_point_numbers_are_in_order() {
        let values = [f64::NEG_INFINITY, -2.5, -0.0, 1e-300, 1.0, f64::INFINITY];
        for pair in values.windows(2) {
            assert!(float_key(pair[0]) < float_key(pair[1]), "{pair:?}");
        }
        assert_eq!(float_key(-0.0), float_key(0.0));
        assert_eq!(float_at(float_key(-2.5)), Some(-2.5));
        assert_eq!(float_at(float_key(f64::NAN)), None);
    }

    #[test]
    fn numbers_are_taken_once() {
        let mut taken = Taken::default();
        let mut by = Vec::new();
        assert!(taken.take((3, 3), Some(0), &mut by));
        assert!(taken.take((5, 7), Some(1), &mut by));
        assert!(by.is_empty());
        assert!(taken.take((1, 6), Some(2), &mut by));
        by.sort_unstable();
        assert_eq!(by, [0, 1]);
        by.clear();
        assert!(!taken.take((2, 7), Some(3), &mut by));
        assert!(by.contains(&2) && by.contains(&1));
        let left = taken.rest(&Numbers::between(0, 10));
        assert_eq!(left.parts(), [(0, 0), (8, 10)]);
    }

    #[test]
    fn texts_meet() {
        let named = |texts: &[&str], others| Texts {
            named: texts.iter().map(|it| Name::from(*it)).collect(),
            others,
        };
        let a = named(&["a", "b"], false);
        assert_eq!(a.and(&named(&["b"], true)), named(&["a"], false));
        assert_eq!(
            named(&["a"], true).and(&named(&["b"], true)),
            named(&["a", "b"], true)
        );
        assert_eq!(named(&["a"], false).and(&named(&["b"], false)), named(&[], false));
    }
}
