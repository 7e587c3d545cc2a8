//! Agents: a strand, a state that only the strand touches, and the implementing end of a channel.
//! It does not schedule, and does not know networks.
//!
//! # The life of an agent
//! | step | what happens |
//! |---|---|
//! | `spawn` | strand, channel and state are made; its constructor is the first activity |
//! | start | at once, or when the domain's constructor returns within which it was made |
//! | runs | its activities (the constructor, links of networks) are polled one at a time |
//! | ends | its last activity has returned: the channel completes normally |
//! | fails | an activity threw or panicked: the channel completes with `AgentFailedException` |
//! | in both cases | all activities are dropped, then the state |
//!
//! An exception that says that the agent's own users have gone is a normal end (decision 50).

pub(crate) mod failure;
pub(crate) mod starting;

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use crate::channel::here::Here;
use crate::channel::{Channel, Impl, Using};
use crate::domain::{Dom, Domain, Entering, How, Turns};
use crate::network::control::Control;
use crate::port::source::{Ending, UsersGone};
use crate::scheduler::current;
use crate::scheduler::strand::OfStrand;
use crate::scheduler::strand::{Made, Owned, Owner, Owning, Strand};
use crate::value::{Exception, Result};
use failure::Failure;

/// An agent type: the generated struct of its fields.
pub trait Agent: Sized + Send + 'static {
    /// Its name in the program.
    const NAME: &'static str;
    /// The channel it implements; [`crate::channel::NoChannel`] if none.
    type Channel: Channel;
    /// The domain it lives in; [`crate::domain::NoDomain`] if none.
    type Domain: Domain;
    /// How it uses the state of its domain.
    const ACCESS: Access;
}

/// How an agent uses the state of its domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Not at all.
    None,
    /// `reader agent`.
    Read,
    /// `writer agent`.
    Write,
}

/// An agent as its own code sees it. A clone names the same agent.
pub struct Me<A: Agent> {
    inner: Owning<Inner<A>>,
    /// Here, so that it is kept as long as the agent has something to do, and not by whoever has its channel.
    domain: Dom<A::Domain>,
}

/// What an agent has behind its strand, in one allocation with it and with its constructor's future.
struct Inner<A: Agent> {
    /// Until the agent ends.
    state: OfStrand<RefCell<Option<A>>>,
}

impl<A: Agent> Clone for Me<A> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), domain: self.domain.clone() }
    }
}

impl<A: Agent> fmt::Debug for Me<A> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Me({})", A::NAME)
    }
}

impl<A: Agent> Me<A> {
    /// Reads the agent's fields. Panics outside of the agent's strand, and within `state_mut`: the
    /// compiler does not emit such code.
    pub fn state<R>(&self, read: impl FnOnce(&A) -> R) -> R {
        Inner::with_state(&self.inner, |state| match state.try_borrow() {
            Ok(state) => read(state.as_ref().unwrap_or_else(after_end)),
            Err(_) => while_changed(),
        })
    }

    /// Changes the agent's fields; panics as [`Me::state`] does.
    pub fn state_mut<R>(&self, write: impl FnOnce(&mut A) -> R) -> R {
        Inner::with_state(&self.inner, |state| match state.try_borrow_mut() {
            Ok(mut state) => write(state.as_mut().unwrap_or_else(after_end)),
            Err(_) => while_changed(),
        })
    }

    /// The ports of the implementing end.
    pub fn port(&self) -> &A::Channel {
        self.inner.part()
    }

    /// The implementing end as a value (`PrimaryChannel`).
    pub fn channel(&self) -> Impl<A::Channel> {
        self.inner.impl_end()
    }

    /// The domain the agent lives in.
    pub fn domain(&self) -> &Dom<A::Domain> {
        &self.domain
    }

    /// Takes the agent's turn on its domain and all outer ones, outermost first. It ends at the next
    /// suspension.
    #[inline]
    pub fn enter(&self) -> Entering<'_> {
        Entering::new(self.domain.admissions(), How::All(A::ACCESS))
    }

    /// What code of the agent's domains needs to take its turns.
    pub fn turns(&self) -> Turns {
        Turns::of(self.domain.chain(), A::ACCESS)
    }

    /// Adds a link of a network to the agent, from its own code.
    pub(crate) fn link(
        &self,
        of: &Arc<Control>,
        body: impl Future<Output = Result<()>> + Send + 'static,
    ) {
        let strand = self.inner.strand();
        let address = strand.address();
        if of.origins().iter().any(|origin| origin.is_own_port(address)) {
            strand.serve();
        }
        self.add(body);
    }

    /// Adds a job that belongs to no network.
    pub(crate) fn add(&self, body: impl Future<Output = Result<()>> + Send + 'static) {
        self.inner.strand().add(body);
    }
}

#[cold]
fn after_end<T>() -> T {
    panic!("the state of an agent is used after its end")
}

#[cold]
fn while_changed() -> ! {
    panic!("the state of an agent is used while it is being changed")
}

impl<A: Agent> Inner<A> {
    #[inline(always)]
    fn with_state<R>(me: &Owned<Self>, body: impl FnOnce(&RefCell<Option<A>>) -> R) -> R {
        me.state.with(body)
    }
}

impl<A: Agent> Owner for Inner<A> {
    const NAME: &'static str = A::NAME;

    type Part = A::Channel;

    fn end(me: &Owned<Self>, strand: &Strand, failure: Option<Exception>, goes: bool) {
        let ending = match failure {
            None => Ending::Normal,
            Some(exception) if exception.value::<UsersGone>().is_some() => Ending::Normal,
            Some(exception) => Ending::Failed(Failure::new(A::NAME, exception)),
        };
        Here::of(strand).finish_impl(&ending, goes);
        // It is dropped where others may look at the place.
        let state = Self::with_state(me, |state| match state.try_borrow_mut() {
            Ok(mut state) => state.take(),
            Err(_) => while_changed(),
        });
        drop(state);
    }
}

/// Makes an agent and starts it; gives the using end of its channel. `body` makes the future of the
/// constructor, and does nothing else.
pub fn spawn<A, F, Fut>(domain: Dom<A::Domain>, state: A, body: F) -> Using<A::Channel>
where
    A: Agent,
    F: FnOnce(Me<A>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<()>> + Send + 'static,
{
    let scheduler = current::scheduler();
    let chain = domain.chain();
    let inner = Inner { state: OfStrand::new(RefCell::new(Some(state))) };
    let Made { strand, again, users } =
        Owning::strand_for(inner, |inner| body(Me { inner, domain }));
    if !chain.is_empty() {
        strand.share();
    }
    scheduler.living().enter_here(again);
    starting::start(strand, &chain);
    current::count_spawn();
    Using::first(users)
}
