//! The cases of `receive { }`: a source, perhaps a guard, and the place for the message.
//! When they are looked at and in which order is `select`'s.

use super::Value;
use super::outlook::Outlook;
use super::source::{Ending, Receive, Take};
use crate::mailbox::Look;
use crate::mailbox::queue::{Glance, Quick};
use crate::mailbox::waiters::WaitPool;
use crate::scheduler::strand::Strand;
use crate::scheduler::waits::Origin;
use crate::value::Result;

/// What a case finds.
#[derive(Debug)]
pub(crate) enum Found {
    /// The message has been taken.
    Taken,
    Nothing,
    /// There is a head, but the guard refuses it.
    Refused,
    /// Another is taking.
    Busy,
    Over(Ending),
}

/// What is known of a case since the last look at it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LookedAt {
    /// The next message at its source will wake this activity.
    pub(crate) armed: bool,
    /// There was a message that its guard refused.
    pub(crate) refused: bool,
}

/// One case.
pub(crate) trait Case: Send {
    /// Takes or arms where that needs no turn. Cases with guards are looked at in the turn.
    fn quick(&mut self, pool: Option<&mut WaitPool>) -> Quick<()>;
    /// See [`Receive::glance`].
    fn glance(&self, owner: usize) -> Glance;
    fn look(&mut self, registered: bool) -> Result<Found>;
    fn arm(&self, pool: &mut WaitPool) -> bool;
    fn origin(&self) -> Origin;
    fn more_origins(&self, into: &mut Vec<Origin>);
    fn outlook(&self) -> Outlook;
    fn is_own(&self, strand: &Strand) -> bool;
    fn looked(&self) -> LookedAt;
    fn looked_mut(&mut self) -> &mut LookedAt;
}

/// The cases of a statement by their numbers.
pub(crate) trait AllCases {
    fn len(&self) -> usize;
    /// [`Case::quick`] of one of them.
    fn quick(&mut self, number: usize, pool: Option<&mut WaitPool>) -> Quick<()>;
    /// [`Case::glance`] of one of them.
    fn glance(&self, number: usize, owner: usize) -> Glance;
    fn see(&self, number: usize) -> &dyn Case;
    fn at(&mut self, number: usize) -> &mut dyn Case;
}

/// A statement without cases.
#[derive(Debug)]
pub struct NoCases;

impl AllCases for NoCases {
    #[inline]
    fn len(&self) -> usize {
        0
    }

    #[inline(always)]
    fn quick(&mut self, _: usize, _: Option<&mut WaitPool>) -> Quick<()> {
        Quick::InTurn
    }

    #[inline(always)]
    fn glance(&self, _: usize, _: usize) -> Glance {
        Glance::Other
    }

    fn see(&self, number: usize) -> &dyn Case {
        unreachable!("there is no case {number}")
    }

    fn at(&mut self, number: usize) -> &mut dyn Case {
        unreachable!("there is no case {number}")
    }
}

/// The cases `rest` and one more.
#[derive(Debug)]
pub struct And<L, C> {
    rest: L,
    last: C,
}

impl<L, C> And<L, C> {
    pub(super) fn new(rest: L, last: C) -> Self {
        Self { rest, last }
    }
}

impl<L: AllCases, C: Case> AllCases for And<L, C> {
    #[inline]
    fn len(&self) -> usize {
        self.rest.len() + 1
    }

    #[inline(always)]
    fn quick(&mut self, number: usize, pool: Option<&mut WaitPool>) -> Quick<()> {
        if number == self.rest.len() {
            self.last.quick(pool)
        } else {
            self.rest.quick(number, pool)
        }
    }

    #[inline(always)]
    fn glance(&self, number: usize, owner: usize) -> Glance {
        if number == self.rest.len() {
            self.last.glance(owner)
        } else {
            self.rest.glance(number, owner)
        }
    }

    fn see(&self, number: usize) -> &dyn Case {
        if number == self.rest.len() { &self.last } else { self.rest.see(number) }
    }

    fn at(&mut self, number: usize) -> &mut dyn Case {
        if number == self.rest.len() { &mut self.last } else { self.rest.at(number) }
    }
}

/// Which messages a case takes.
pub(crate) trait Guard<T>: Send {
    /// Whether it can refuse any.
    const REFUSES: bool;

    fn holds(&mut self, message: &T) -> Result<bool>;
}

/// All.
#[derive(Debug)]
pub struct Without;

impl<T> Guard<T> for Without {
    const REFUSES: bool = false;

    fn holds(&mut self, _: &T) -> Result<bool> {
        Ok(true)
    }
}

/// Those of which this says so.
#[derive(Debug)]
pub struct When<G>(pub(super) G);

impl<T, G: FnMut(&T) -> Result<bool> + Send> Guard<T> for When<G> {
    const REFUSES: bool = true;

    fn holds(&mut self, message: &T) -> Result<bool> {
        (self.0)(message)
    }
}

/// A case that takes from one source.
#[derive(Debug)]
pub struct OneCase<'m, S: Receive, G> {
    source: S,
    guard: G,
    message: &'m mut Option<S::Item>,
    looked: LookedAt,
}

impl<'m, S: Receive, G> OneCase<'m, S, G> {
    pub(super) fn new(source: S, guard: G, message: &'m mut Option<S::Item>) -> Self {
        Self { source, guard, message, looked: LookedAt::default() }
    }
}

impl<T: Value, S: Receive<Item = T> + Send, G: Guard<T>> Case for OneCase<'_, S, G> {
    #[inline(always)]
    fn quick(&mut self, pool: Option<&mut WaitPool>) -> Quick<()> {
        if G::REFUSES {
            return Quick::InTurn;
        }
        match self.source.quick(pool) {
            Quick::Item(value) => {
                *self.message = Some(value);
                Quick::Item(())
            }
            Quick::Empty => Quick::Empty,
            Quick::Armed => Quick::Armed,
            Quick::InTurn => Quick::InTurn,
        }
    }

    #[inline(always)]
    fn glance(&self, owner: usize) -> Glance {
        if G::REFUSES { Glance::Other } else { self.source.glance(owner) }
    }

    fn look(&mut self, registered: bool) -> Result<Found> {
        let source = self.source.source();
        if !G::REFUSES {
            return Ok(match source.supply.take(registered) {
                Take::Item(item) => {
                    *self.message = Some(item.value);
                    Found::Taken
                }
                Take::Empty => Found::Nothing,
                Take::Busy => Found::Busy,
                Take::Over(ending) => Found::Over(ending),
            });
        }
        let Some(mut front) = source.supply.enter(registered) else {
            return Ok(Found::Busy);
        };
        match front.look(0) {
            Look::Over => return Ok(Found::Over(front.ending())),
            Look::Empty => return Ok(Found::Nothing),
            Look::Ready => {}
        }
        let Some(head) = front.peek(0) else { return Ok(Found::Nothing) };
        if !self.guard.holds(&head)? {
            front.guard();
            return Ok(Found::Refused);
        }
        *self.message = front.pop().map(|item| item.value);
        // Only a protocol that has moved since the look can have taken it back.
        Ok(if self.message.is_some() { Found::Taken } else { Found::Busy })
    }

    fn arm(&self, pool: &mut WaitPool) -> bool {
        self.source.source().supply.arm(pool)
    }

    fn origin(&self) -> Origin {
        self.source.source().supply.origin()
    }

    fn more_origins(&self, into: &mut Vec<Origin>) {
        self.source.source().supply.more_origins(into);
    }

    fn outlook(&self) -> Outlook {
        self.source.source().supply.outlook()
    }

    fn is_own(&self, strand: &Strand) -> bool {
        self.source.source().supply.is_own(strand)
    }

    fn looked(&self) -> LookedAt {
        self.looked
    }

    fn looked_mut(&mut self) -> &mut LookedAt {
        &mut self.looked
    }
}
