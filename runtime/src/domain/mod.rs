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
//! * While an activity waits in `enter`, no other activity of its agent is polled: `enter` is no
//!   suspension of the language, so what it has read of the agent's own fields must stay.

pub(crate) mod admission;

#[cfg(all(test, loom))]
mod tests;

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::agent::Access;
use crate::agent::starting::PutOff;
use crate::scheduler::current;
use crate::sync::Cell;
use crate::value::Result;
use admission::{Admission, Ticket};

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

/// The turns to take: of the outermost domain first.
type Chain = Arc<[Arc<Admission>]>;

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
    /// it makes start when it returns, or never if it throws.
    pub fn create(
        parent: Dom<D::Parent>,
        state: D,
        init: impl FnOnce(&Dom<D>) -> Result<()>,
    ) -> Result<Dom<D>> {
        let admission = Arc::new(Admission::new());
        let mut chain: Vec<_> = parent.chain().iter().cloned().collect();
        chain.push(admission.clone());
        let inner = Inner {
            state: Cell::new(state),
            admission: admission.clone(),
            chain: chain.into(),
            parent: Box::new(parent),
        };
        let domain = Dom { inner: Some(Arc::new(inner)) };
        let agents = PutOff::new();
        // Nobody else has a handle yet, so the turn is free.
        let entered = admission.try_enter(true);
        debug_assert!(entered);
        current::hold_turn(admission.clone(), true);
        let turn = EndTurn(&admission);
        let done = init(&domain);
        drop(turn);
        done?;
        agents.start_all();
        Ok(domain)
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
            None => Arc::new([]),
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

/// The future of `Me::enter`.
#[must_use = "futures do nothing unless awaited"]
pub struct Entering {
    chain: Chain,
    access: Access,
    /// The turns of `chain[..n_entered]` are held by this future.
    n_entered: usize,
    /// For the turn of `chain[n_entered]`.
    ticket: Option<Arc<Ticket>>,
}

impl fmt::Debug for Entering {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Entering({:?})", self.access)
    }
}

impl Entering {
    pub(crate) fn new(chain: Chain, access: Access) -> Self {
        Self { chain, access, n_entered: 0, ticket: None }
    }

    fn writes(&self) -> bool {
        self.access == Access::Write
    }

    /// Takes the next turn, or queues up for it.
    fn enter_next(&mut self, cx: &Context<'_>) -> Poll<()> {
        let writes = self.writes();
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
}

impl Future for Entering {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let Some(innermost) = this.chain.last() else { return Poll::Ready(()) };
        let innermost = Arc::as_ptr(innermost).cast();
        let is_held = current::with_turn_of(innermost, |turn| turn.is_some());
        if this.access == Access::None || is_held {
            return Poll::Ready(());
        }
        while this.n_entered < this.chain.len() {
            if this.enter_next(cx).is_pending() {
                current::wait_alone();
                return Poll::Pending;
            }
        }
        this.n_entered = 0;
        for admission in this.chain.iter() {
            current::hold_turn(admission.clone(), this.writes());
        }
        Poll::Ready(())
    }
}

impl Drop for Entering {
    fn drop(&mut self) {
        let writes = self.writes();
        if let Some(ticket) = self.ticket.take() {
            self.chain[self.n_entered].give_up(&ticket);
        }
        for admission in self.chain[..self.n_entered].iter().rev() {
            admission.leave(writes);
        }
    }
}
