//! What a value was computed from: state that was read, and whether its reader has waited
//! since. All sets are small and bounded, so that joining them costs the same everywhere.

use std::collections::BTreeMap;

use crate::hir::*;
use crate::support::span::Span;

/// What was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// A field of an agent or domain, or one field of the record in it.
    Field(FieldId, Option<FieldId>),
    /// A parameter of the method at hand: what its callers give is known to them.
    Param(LocalId),
}

impl Origin {
    /// Whether a write of `self` replaces what `read` has read.
    pub(super) fn replaces(self, read: Self) -> bool {
        match (self, read) {
            (Self::Field(one, part), Self::Field(two, other)) => {
                one == two && (part.is_none() || other.is_none() || part == other)
            }
            _ => false,
        }
    }
}

/// Where the code waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wait {
    pub(super) span: Span,
    /// Others may run in the domain meanwhile; else, only in the agent.
    pub(super) ends_turn: bool,
}

/// State in a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taint {
    pub(super) origin: Origin,
    /// The expression that reads it.
    pub(super) read: Span,
    /// It is of a domain.
    pub(super) shared: bool,
    /// The first wait since.
    pub(super) wait: Option<Span>,
    /// The value is what was read, and no more.
    pub(super) whole: bool,
}

/// The state in one value: one entry for each origin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Taints(pub(super) Vec<Taint>);

impl Taints {
    /// More are not followed.
    const MOST: usize = 4;

    pub(super) fn one(taint: Taint) -> Self {
        Self(vec![taint])
    }

    pub(super) fn add(&mut self, taint: Taint) {
        let Some(known) = self.0.iter_mut().find(|it| it.origin == taint.origin) else {
            if self.0.len() < Self::MOST {
                self.0.push(taint);
            }
            return;
        };
        let whole = known.whole && taint.whole;
        // What is stale counts; else, and among those, what stands first.
        let before = |it: &Taint| (it.wait.is_none(), it.read, it.wait);
        if before(&taint) < before(known) {
            *known = taint;
        }
        known.whole = whole;
    }

    pub(super) fn join(&mut self, other: &Self) {
        for &taint in &other.0 {
            self.add(taint);
        }
    }

    /// As part of a greater value.
    pub(super) fn inside(mut self) -> Self {
        for taint in &mut self.0 {
            taint.whole = false;
        }
        self
    }

    pub(super) fn wait(&mut self, at: Wait) {
        for taint in &mut self.0 {
            if at.ends_turn || !taint.shared {
                taint.wait.get_or_insert(at.span);
            }
        }
    }
}

/// What is known at a point of a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    /// Control does not get there.
    pub(super) dead: bool,
    locals: BTreeMap<LocalId, Taints>,
}

impl State {
    /// More locals with state in them are not followed.
    const MOST: usize = 48;

    pub(super) fn dead() -> Self {
        Self { dead: true, ..Self::default() }
    }

    pub(super) fn get(&self, local: LocalId) -> Taints {
        self.locals.get(&local).cloned().unwrap_or_default()
    }

    pub(super) fn set(&mut self, local: LocalId, taints: Taints) {
        if taints.0.is_empty() {
            self.locals.remove(&local);
        } else if self.locals.len() < Self::MOST || self.locals.contains_key(&local) {
            self.locals.insert(local, taints);
        }
    }

    pub(super) fn add(&mut self, local: LocalId, taints: &Taints) {
        let mut sum = self.get(local);
        sum.join(taints);
        self.set(local, sum.inside());
    }

    pub(super) fn wait(&mut self, at: Wait) {
        for taints in self.locals.values_mut() {
            taints.wait(at);
        }
    }

    pub(super) fn join(&mut self, other: &Self) {
        if other.dead {
            return;
        }
        if self.dead {
            self.clone_from(other);
            return;
        }
        for (&local, taints) in &other.locals {
            let mut sum = self.get(local);
            sum.join(taints);
            self.set(local, sum);
        }
    }
}
