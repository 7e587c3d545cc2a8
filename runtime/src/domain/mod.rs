//! Domains: state that agents share in turns.
//! It does not know what the state is, nor who its agents are.
//!
//! # Turns
//! * An activity takes the turn of its agent's access with `enter`: on the agent's domain and all outer
//!   ones, outermost first, so that two agents never wait for each other.
//! * A turn lasts at most until the end of the activity's poll, and ends at every suspension before that, but for one
//!   that neither waits nor keeps anybody waiting. So it belongs to the thread that polls, which has it in a list of its
//!   own ([`held`]), and no turn is ever held while its holder waits, but for outer ones while `enter` waits for inner
//!   ones.
//! * Readers share a turn; a writer has it alone. Who cannot enter queues up; the queue is a FIFO, and
//!   its head is passed by a bounded number of others, so neither readers nor writers starve ([`admission`]).
//! * The constructor of a domain has the writer's turn of the new instance, in which nobody else runs before
//!   it returns. One that waits takes it again, with those turns of outer domains that its maker has.
//! * While an activity waits in `enter`, no other activity of its agent is polled: `enter` is no
//!   suspension of the language, so what it has read of the agent's own fields must stay.

pub(crate) mod admission;
mod flags;
pub(crate) mod held;
mod state;
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
use crate::value::Result;
use admission::{Admission, Ticket, Way};
use state::State;
pub(crate) use turns::How;
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
    state: State<D>,
    chain: Chain,
    /// A `Dom<D::Parent>`, without its type: a type that holds that of its parent, and so on, has no end.
    parent: Box<dyn Any + Send + Sync>,
}

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
        let admission = &domain.inner().state.turns;
        // Nobody else has a handle yet, so the turn is free.
        let entered = admission.try_enter(true, None);
        debug_assert_eq!(entered, Some(Way::Writer));
        held::hold(admission, Way::Writer);
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
            held::end_turn_of(&domain.inner().state.turns);
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
            state: State::new(state, admission),
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
    #[inline]
    pub fn read<R>(&self, read: impl FnOnce(&D) -> R) -> R {
        self.inner().state.read(read)
    }

    /// Changes the state, in a writer's turn. Panics without one, and within `read`.
    #[inline]
    pub fn write<R>(&self, write: impl FnOnce(&mut D) -> R) -> R {
        self.inner().state.write(write)
    }

    /// The turns of those who live in it.
    #[inline]
    pub(crate) fn admissions(&self) -> &[Arc<Admission>] {
        self.inner.as_ref().map_or(&[], |inner| &inner.chain)
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
        held::end_turn_of(self.0);
    }
}

/// The future of `Me::enter` and `Turns::enter`.
#[must_use = "futures do nothing unless awaited"]
pub struct Entering<'a> {
    chain: &'a [Arc<Admission>],
    how: How<'a>,
    /// How far it has come, if it waits.
    begun: Option<Box<Begun>>,
}

/// How far one has come who enters.
struct Begun {
    /// The turns of `chain[first..n_entered]` are inside, each in its way, but not yet held by the thread.
    /// Those before were held already when it began, or are not for this code.
    first: usize,
    inside: Vec<Way>,
    /// For the turn behind those.
    ticket: Option<Arc<Ticket>>,
}

impl Begun {
    fn n_entered(&self) -> usize {
        self.first + self.inside.len()
    }
}

impl fmt::Debug for Entering<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Entering({:?})", self.how)
    }
}

impl<'a> Entering<'a> {
    pub(crate) fn new(chain: &'a [Arc<Admission>], how: How<'a>) -> Self {
        Self { chain, how, begun: None }
    }

    /// Leaves out what is not for this code, and what is held: the constructor of a domain begins in the
    /// turn of the code that makes it.
    fn begin(&self) -> Begun {
        let is_skipped = |(index, it): &(usize, &Arc<Admission>)| {
            self.how.at(*index) == Access::None || held::holds(it)
        };
        let first = self.chain.iter().enumerate().take_while(is_skipped).count();
        Begun { first, inside: Vec::new(), ticket: None }
    }

    /// Takes the next turn, or queues up for it.
    fn enter_next(&self, begun: &mut Begun) -> Poll<()> {
        let index = begun.n_entered();
        let writes = self.how.writes(index);
        let admission = &self.chain[index];
        let way = match &begun.ticket {
            Some(ticket) => admission.enter_by(ticket),
            None => admission.try_enter(writes, current::on()).or_else(|| {
                let ticket = Ticket::new(writes, current::waker());
                begun.ticket = Some(ticket.clone());
                admission.queue_up(ticket.clone());
                admission.enter_by(&ticket)
            }),
        };
        let Some(way) = way else { return Poll::Pending };
        begun.ticket = None;
        begun.inside.push(way);
        Poll::Ready(())
    }

    /// Gives back what this future has.
    #[cold]
    fn give_up(&self, mut begun: Begun) {
        if let Some(ticket) = begun.ticket.take() {
            self.chain[begun.n_entered()].give_up(&ticket);
        }
        while let Some(way) = begun.inside.pop() {
            self.chain[begun.n_entered()].leave(way);
        }
    }

    #[inline(never)]
    fn poll_slowly(&mut self) -> Poll<()> {
        if self.begun.is_none()
            && let ([only], How::All(access)) = (self.chain, self.how)
            && held::take(only, access == Access::Write)
        {
            return Poll::Ready(());
        }
        held::end_kept();
        let mut begun = match self.begun.take() {
            Some(begun)
                if begun.first > 0 && self.how.at(begun.first - 1) != Access::None =>
            {
                // What was held ended with the last poll, and turns are taken outermost first.
                self.give_up(*begun);
                self.begin()
            }
            Some(begun) => *begun,
            None => self.begin(),
        };
        while begun.n_entered() < self.chain.len() {
            if self.enter_next(&mut begun).is_pending() {
                self.begun = Some(Box::new(begun));
                current::wait_alone();
                return Poll::Pending;
            }
        }
        for (admission, way) in self.chain[begun.first..].iter().zip(&begun.inside) {
            held::hold(admission, *way);
        }
        Poll::Ready(())
    }
}

impl Future for Entering<'_> {
    type Output = ();

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        // Mostly there is one domain, which was the last, too, and nobody is in the way.
        if this.begun.is_none()
            && let ([only], How::All(access)) = (this.chain, this.how)
            && (access == Access::None
                || held::take_quickly(only, access == Access::Write))
        {
            return Poll::Ready(());
        }
        this.poll_slowly()
    }
}

impl Drop for Entering<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(begun) = self.begun.take() {
            self.give_up(*begun);
        }
    }
}
