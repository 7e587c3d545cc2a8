//! The turns that code takes: of which domains, and how. It does not say when: see `Entering`.

use std::fmt;
use std::sync::Arc;

use super::Chain;
use super::admission::Admission;
use crate::agent::Access;

/// How code enters the domains of its chain.
#[derive(Clone, Copy, Debug)]
pub(crate) enum How<'a> {
    /// All of them alike: an agent in its own domain.
    All(Access),
    /// Each in its way.
    Each(&'a [Access]),
}

impl How<'_> {
    #[inline]
    pub(super) fn at(self, index: usize) -> Access {
        match self {
            Self::All(access) => access,
            Self::Each(all) => all[index],
        }
    }

    #[inline]
    pub(super) fn writes(self, index: usize) -> bool {
        self.at(index) == Access::Write
    }
}

/// What code of a domain needs to go on after it has waited: it runs for an agent, whose turns these are.
#[derive(Clone)]
pub struct Turns {
    chain: Chain,
    access: Access,
    /// To each of them, if not to all alike: code of a domain that is being made has that one to write.
    each: Option<Arc<[Access]>>,
}

impl fmt::Debug for Turns {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Turns({:?})", self.how())
    }
}

impl Turns {
    /// Of code that no domain is around.
    pub fn none() -> Self {
        Self::of(Chain::NONE, Access::None)
    }

    pub(crate) fn of(chain: Chain, access: Access) -> Self {
        Self { chain, access, each: None }
    }

    /// Of the constructor of the innermost domain of `chain`, when code with these turns makes it.
    pub(super) fn within(&self, chain: Chain) -> Self {
        let around = chain.len().saturating_sub(1);
        let outer = chain.iter().take(around).map(|it| self.access_to(it));
        let each = outer.chain([Access::Write]).collect();
        Self { chain, access: Access::None, each: Some(each) }
    }

    fn access_to(&self, admission: &Arc<Admission>) -> Access {
        let at = self.chain.iter().position(|it| Arc::ptr_eq(it, admission));
        at.map_or(Access::None, |it| self.how().at(it))
    }

    fn how(&self) -> How<'_> {
        self.each.as_ref().map_or(How::All(self.access), |each| How::Each(each))
    }

    /// Takes the turns, outermost first. They end at the next suspension.
    pub fn enter(&self) -> super::Entering<'_> {
        super::Entering::new(&self.chain, self.how())
    }
}
