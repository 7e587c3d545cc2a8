//! Domains: state that agents share in turns.
//! It does not know what the state is, nor who its agents are.
//!
//! # Turns
//! * An activity takes the turn of its agent's access with `enter`: on the agent's domain and all outer
//!   ones, outermost first, so that two agents never wait for each other.
//! * A turn lasts at most until the end of the activity's poll, and ends at every suspension before that.
//!   So it belongs to the thread that polls, which keeps it in a list of its own (`scheduler::current`),
//!   and no turn is ever held while its holder waits, but for outer ones while `enter` waits for inner
//!   ones.
//! * Readers share a turn; a writer has it alone. Who cannot enter queues up; the queue is a FIFO, and
//!   nobody enters past it, so neither readers nor writers starve ([`admission`]).
//! * The constructor of a domain has the writer's turn of the new instance, in which nobody else runs before
//!   it returns. One that waits takes it again, with those turns of outer domains that its maker has.
//! * While an activity waits in `enter`, no other activity of its agent is polled: `enter` is no
//!   suspension of the language, so what it has read of the agent's own fields must stay.

pub(crate) mod admission;
mod turns;

#[cfg(test)]
mod tests;

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::agent::Access;
use crate::agent::starting::PutOff;
use crate::scheduler::current;
use crate::sync::Cell;
use crate::value::Result;
use admission::{Admission, Ticket};
use turns::How;
pub use turns::Turns;

/// A domain type: the generated struct of its state.
pub trait Domain: Sized + Send + Sync + 'static {
    /// Its name in the program.
    const NAME: &'static str;
    /// The domain around it; [`NoDomain`] if none.
    type Parent: Domain;
}

/// The domain of agents that live in none.
#[derive(Debug)]
pub struct NoDomain;

impl Domain for NoDomain {
    const NAME: &'static str = "";
    type Parent = NoDomain;
}

/// A domain instance as a handle. A clone names the same instance; `==` is identity.
pub struct Dom<D: Domain> {
    /// `None` only for `NoDomain`.
    inner: Option<Arc<Inner<D>>>,
}

/// The future of an instance whose constructor may wait.
pub type Making<D> = Pin<Box<dyn Future<Output = Result<Dom<D>>> + Send>>;

/// What is awaited for an instance whose constructor may wait.
pub fn made<D: Domain>(making: Making<D>) -> Making<D> {
    making
}

/// The turns to take: of the outermost domain first.
#[derive(Clone)]
pub(crate) struct Chain(Option<Arc<[Arc<Admission>]>>);

impl Chain {
    /// Of those who live in no domain.
    pub(crate) const NONE: Self = Self(None);
}

impl Deref for Chain {
    type Target = [Arc<Admission>];

    fn deref(&self) -> &[Arc<Admission>] {
        self.0.as_deref().unwrap_or_default()
    }
}

struct Inner<D: Domain> {
    state: Cell<D>,
    admission: Arc<Admission>,
    chain: Chain,
    /// A `Dom<D::Parent>`, without its type: a type that holds that of its parent, and so on, has no end.
    parent: Box<dyn Any + Send + Sync>,
}

// SAFETY: the state is touched only with a turn of its admission: by one writer, or by readers, which
// `D: Sync` allows; it may be dropped by any thread, which `D: Send` allows.
unsafe impl<D: Domain> Sync for Inner<D> {}
// SAFETY: as above.
unsafe impl<D: Domain> Send for Inner<D> {}

impl<D: Domain> Clone for Dom<D> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone() }
    }
}

impl<D: Domain> PartialEq for Dom<D> {
    fn eq(&self, other: &Self) -> bool {
        match (&self.inner, &other.inner) {
            (Some(one), Some(two)) => Arc::ptr_eq(one, two),
            (None, None) => true,
            _ => false,
        }
    }
}

impl<D: Domain> Eq for Dom<D> {}

impl<D: Domain> fmt::Debug for Dom<D> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Dom({})", D::NAME)
    }
}

impl Dom<NoDomain> {
    /// No domain.
    pub fn none() -> Self {
        Self { inner: None }
    }
}

impl<D: Domain> Dom<D> {
    /// Makes an instance. `init` is the body of its constructor and has the writer's turn; agents that
    /// are made in it start when it returns, or never if it throws.
    pub fn create(
        parent: Dom<D::Parent>,
        state: D,
        init: impl FnOnce(&Dom<D>) -> Result<()>,
    ) -> Result<Dom<D>> {
        let domain = Self::unborn(parent, state);
        let agents = PutOff::new(domain.chain());
        let admission = &domain.inner().admission;
        // Nobody else has a handle yet, so the turn is free.
        let entered = admission.try_enter(true);
        debug_assert!(entered);
        current::hold_turn(admission.clone(), true);
        let turn = EndTurn(admission);
        let done = init(&domain);
        drop(turn);
        done?;
        agents.start_all();
        Ok(domain)
    }

    /// The same where the constructor may wait. `turns` are those of the code that makes the instance, if it
    /// lies in another one: the constructor takes them, and its own writer's turn, again after each wait.
    pub fn create_waiting<F, Fut>(
        parent: Dom<D::Parent>,
        turns: &Turns,
        state: D,
        init: F,
    ) -> Making<D>
    where
        F: FnOnce(Dom<D>, Turns) -> Fut,
        Fut: Future<Output = Result<()>> + Send + 'static,
    {
        let domain = Self::unborn(parent, state);
        let agents = PutOff::new(domain.chain());
        let init = init(domain.clone(), turns.within(domain.chain()));
        Box::pin(async move {
            let done = init.await;
            current::end_turn_of(Arc::as_ptr(&domain.inner().admission).cast());
            done?;
            agents.start_all();
            Ok(domain)
        })
    }

    /// An instance whose constructor has not run.
    fn unborn(parent: Dom<D::Parent>, state: D) -> Self {
        let admission = Arc::new(Admission::new());
        let mut chain: Vec<_> = parent.chain().iter().cloned().collect();
        chain.push(admission.clone());
        let inner = Inner {
            state: Cell::new(state),
            admission,
            chain: Chain(Some(chain.into())),
            parent: Box::new(parent),
        };
        Dom { inner: Some(Arc::new(inner)) }
    }

    fn inner(&self) -> &Inner<D> {
        match &self.inner {
            Some(inner) => inner,
            None => panic!("an agent without a domain uses one"),
        }
    }

    /// The domain around it.
    pub fn parent(&self) -> &Dom<D::Parent> {
        match self.inner().parent.downcast_ref() {
            Some(parent) => parent,
            None => unreachable!("`create` puts in a handle of this type"),
        }
    }

    /// Reads the state, in a turn. Panics without one: the compiler does not emit such code.
    pub fn read<R>(&self, read: impl FnOnce(&D) -> R) -> R {
        let inner = self.inner();
        let _use = Use::of(&inner.admission, |turn| {
            (turn.uses >= 0).then(|| turn.uses += 1).is_some()
        });
        inner.state.with(|state| {
            // SAFETY: this thread has a turn, so no other thread writes; `Use` keeps its own writes out.
            read(unsafe { &*state })
        })
    }

    /// Changes the state, in a writer's turn. Panics without one, and within `read`.
    pub fn write<R>(&self, write: impl FnOnce(&mut D) -> R) -> R {
        let inner = self.inner();
        let _use = Use::of(&inner.admission, |turn| {
            (turn.writes && turn.uses == 0).then(|| turn.uses = -1).is_some()
        });
        inner.state.with_mut(|state| {
            // SAFETY: this thread has the writer's turn, so no other thread has any; `Use` keeps its own
            // other uses out.
            write(unsafe { &mut *state })
        })
    }

    pub(crate) fn chain(&self) -> Chain {
        match &self.inner {
            Some(inner) => inner.chain.clone(),
            None => Chain::NONE,
        }
    }
}

/// Ends the turn of a domain's constructor, also when it panics.
struct EndTurn<'a>(&'a Arc<Admission>);

impl Drop for EndTurn<'_> {
    fn drop(&mut self) {
        current::end_turn_of(Arc::as_ptr(self.0).cast());
    }
}

/// A use of a domain's state within a closure.
struct Use {
    of: *const (),
    before: isize,
}

impl Use {
    fn of(
        admission: &Arc<Admission>,
        begin: impl FnOnce(&mut current::HeldTurn) -> bool,
    ) -> Self {
        let of = Arc::as_ptr(admission).cast();
        let before = current::with_turn_of(of, |turn| match turn {
            Some(turn) => {
                let before = turn.uses;
                begin(turn).then_some(before)
            }
            None => None,
        });
        match before {
            Some(before) => Self { of, before },
            None => panic!("the state of a domain is used without a turn that allows it"),
        }
    }
}

impl Drop for Use {
    fn drop(&mut self) {
        current::with_turn_of(self.of, |turn| {
            if let Some(turn) = turn {
                turn.uses = self.before;
            }
        });
    }
}

/// The future of `Me::enter` and `Turns::enter`.
#[must_use = "futures do nothing unless awaited"]
pub struct Entering {
    chain: Chain,
    how: How,
    /// The turns of `chain[first..n_entered]` are held by this future. Those before were held already
    /// when it began, or are not for this code.
    first: usize,
    n_entered: usize,
    /// For the turn of `chain[n_entered]`.
    ticket: Option<Arc<Ticket>>,
}

impl fmt::Debug for Entering {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Entering({:?})", self.how)
    }
}

impl Entering {
    fn new(chain: Chain, how: How) -> Self {
        Self { chain, how, first: 0, n_entered: 0, ticket: None }
    }

    /// Whether this thread has the turn of `chain[index]`.
    fn is_held(&self, index: usize) -> bool {
        let of = Arc::as_ptr(&self.chain[index]).cast();
        current::with_turn_of(of, |turn| turn.is_some())
    }

    /// Leaves out what is not for this code, and what is held: the constructor of a domain begins in the
    /// turn of the code that makes it.
    fn skip(&mut self) {
        let skips =
            |it: &Self, index| it.how.at(index) == Access::None || it.is_held(index);
        while self.first < self.chain.len() && skips(self, self.first) {
            self.first += 1;
        }
        self.n_entered = self.first;
    }

    /// Takes the next turn, or queues up for it.
    fn enter_next(&mut self, cx: &Context<'_>) -> Poll<()> {
        let writes = self.how.writes(self.n_entered);
        let admission = &self.chain[self.n_entered];
        let entered = match &self.ticket {
            Some(ticket) => ticket.is_granted(),
            None if admission.try_enter(writes) => true,
            None => {
                let ticket = Ticket::new(writes, cx.waker().clone());
                self.ticket = Some(ticket.clone());
                admission.queue_up(ticket.clone());
                ticket.is_granted()
            }
        };
        if !entered {
            return Poll::Pending;
        }
        self.ticket = None;
        self.n_entered += 1;
        Poll::Ready(())
    }

    /// Gives back what this future holds.
    fn give_up(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.chain[self.n_entered].give_up(&ticket);
        }
        for index in (self.first..self.n_entered).rev() {
            self.chain[index].leave(self.how.writes(index));
        }
        (self.first, self.n_entered) = (0, 0);
    }
}

impl Future for Entering {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let Some(innermost) = this.chain.len().checked_sub(1) else {
            return Poll::Ready(());
        };
        if this.how.at(innermost) == Access::None || this.is_held(innermost) {
            return Poll::Ready(());
        }
        let begins = this.n_entered == 0 && this.ticket.is_none();
        if !begins && this.first > 0 && this.how.at(this.first - 1) != Access::None {
            // What was held ended with the last poll, and turns are taken outermost first.
            this.give_up();
        }
        if this.n_entered == 0 && this.ticket.is_none() {
            this.skip();
        }
        while this.n_entered < this.chain.len() {
            if this.enter_next(cx).is_pending() {
                current::wait_alone();
                return Poll::Pending;
            }
        }
        for index in this.first..this.chain.len() {
            current::hold_turn(this.chain[index].clone(), this.how.writes(index));
        }
        (this.first, this.n_entered) = (0, 0);
        Poll::Ready(())
    }
}

impl Drop for Entering {
    fn drop(&mut self) {
        self.give_up();
    }
}
