//! Locals in scope, by name. It does not know what they are; `BodyCx` holds them.

use std::collections::HashMap;

use crate::hir::{LocalFnId, LocalId};
use crate::support::Name;

/// What a bare name in a body can be bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Local(LocalId),
    LocalFn(LocalFnId),
}

/// Bindings by name, the innermost last, with what to undo at the end of each block.
#[derive(Debug, Default)]
pub(super) struct Env {
    names: HashMap<Name, Vec<(Target, usize)>>,
    undo: Vec<Name>,
    /// Number of lambdas and local functions around; names may be used anew inside them.
    function: usize,
    /// The last declaration of each name, wherever it stands, by the number of
    /// declarations before it.
    last: HashMap<Name, (Target, usize, usize)>,
    n_declared: usize,
    /// The number of declarations before the block.
    block: usize,
}

/// The state to return to.
#[derive(Debug)]
pub(super) struct Mark {
    undo: usize,
    function: usize,
    block: usize,
}

impl Env {
    /// Begins a block.
    pub(super) fn enter(&mut self) -> Mark {
        let block = std::mem::replace(&mut self.block, self.n_declared);
        Mark { undo: self.undo.len(), function: self.function, block }
    }

    /// Begins the inside of a lambda or local function.
    pub(super) fn enter_function(&mut self) -> Mark {
        let mark = self.enter();
        self.function += 1;
        mark
    }

    /// Forgets what was bound since.
    pub(super) fn leave(&mut self, mark: Mark) {
        for name in self.undo.drain(mark.undo..) {
            if let Some(bindings) = self.names.get_mut(&name) {
                bindings.pop();
            }
        }
        self.function = mark.function;
        self.block = mark.block;
    }

    pub(super) fn bind(&mut self, name: Name, target: Target) {
        self.last.insert(name.clone(), (target, self.n_declared, self.function));
        self.n_declared += 1;
        self.names.entry(name.clone()).or_default().push((target, self.function));
        self.undo.push(name);
    }

    /// What the name is bound to.
    pub(super) fn get(&self, name: &str) -> Option<Target> {
        self.names.get(name)?.last().map(|it| it.0)
    }

    /// What the name is bound to within the same function.
    pub(super) fn clash(&self, name: &str) -> Option<Target> {
        let (target, function) = self.names.get(name)?.last()?;
        (*function == self.function).then_some(*target)
    }

    /// What the name was bound to in a block inside the current one, which has ended.
    pub(super) fn inner(&self, name: &str) -> Option<Target> {
        let (target, at, function) = self.last.get(name)?;
        (*at >= self.block && *function == self.function).then_some(*target)
    }

    /// All names in scope, for suggestions.
    pub(super) fn names(&self) -> Vec<Name> {
        self.undo.clone()
    }
}
