//! Stages: what a network does with a message.
//! It does not link; `stages` does.

use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::agent::{Agent, Me};
use crate::port::Value;
use crate::port::event::Event;
use crate::scheduler::strand::Strand;
use crate::scheduler::{current, panics};
use crate::value::{Func1, Result};

/// A node that is not linked yet: a transform from `T` to `U`, or a sink if `U` is `()`.
pub struct Stage<T, U> {
    pub(crate) kind: Kind<T, U>,
}

pub(crate) enum Kind<T, U> {
    /// Keeps the promise of a `function` and reads no state.
    Pure(Arc<dyn Fn(T) -> Result<U> + Send + Sync>),
    /// Runs on the agent's strand.
    Node(Arc<dyn Fn(T) -> Running<U> + Send + Sync>),
}

/// A node at work on one message.
pub(crate) type Running<U> = Pin<Box<dyn Future<Output = Result<U>> + Send>>;

impl<T, U> Clone for Stage<T, U> {
    fn clone(&self) -> Self {
        let kind = match &self.kind {
            Kind::Pure(function) => Kind::Pure(function.clone()),
            Kind::Node(node) => Kind::Node(node.clone()),
        };
        Self { kind }
    }
}

impl<T, U> fmt::Debug for Stage<T, U> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self.kind {
            Kind::Pure(_) => "Stage(pure)",
            Kind::Node(_) => "Stage(node)",
        })
    }
}

/// A stage that keeps the promise of a `function` and reads no state: any number of its messages are
/// worked on at a time, and results are handed on in the order of the messages.
pub fn pure<T: Value, U: Value>(
    function: impl Fn(T) -> Result<U> + Send + Sync + 'static,
) -> Stage<T, U> {
    Stage { kind: Kind::Pure(Arc::new(function)) }
}

/// As [`pure`], from a function value.
pub fn pure_func<T: Value, U: Value>(function: Func1<T, U>) -> Stage<T, U> {
    Stage { kind: Kind::Pure(function) }
}

impl<A: Agent> Me<A> {
    /// A stage that runs on this agent's one logical thread, one message at a time.
    pub fn node<T: Value, U: Value, Fut>(
        &self,
        body: impl Fn(Me<A>, T) -> Fut + Send + Sync + 'static,
    ) -> Stage<T, U>
    where
        Fut: Future<Output = Result<U>> + Send + 'static,
    {
        let me = self.clone();
        let node = move |message| -> Running<U> {
            Box::pin(Caught { running: Box::pin(body(me.clone(), message)) })
        };
        Stage { kind: Kind::Node(Arc::new(node)) }
    }
}

/// A future whose panic is an exception.
struct Caught<U> {
    running: Running<U>,
}

impl<U> Future for Caught<U> {
    type Output = Result<U>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<U>> {
        let running = self.running.as_mut();
        match catch_unwind(AssertUnwindSafe(|| running.poll(cx))) {
            Ok(polled) => polled,
            Err(panic) => Poll::Ready(Err(panics::to_exception(&*panic))),
        }
    }
}

/// A message that a pure stage works on, on a strand of its own.
pub(crate) struct Job<U> {
    pub(crate) result: Arc<Event<Result<U>>>,
}

impl<U: Value> Job<U> {
    /// Begins to work on `message`.
    pub(crate) fn start<T: Value>(
        function: &Arc<dyn Fn(T) -> Result<U> + Send + Sync>,
        message: T,
    ) -> Self {
        let result = Event::new("a stage");
        if let Some(own) = current::strand() {
            own.count_jobs(|n_jobs| n_jobs + 1);
        }
        let (function, event) = (function.clone(), result.clone());
        let strand = Strand::new(current::scheduler(), "a pure stage");
        strand.start(Box::pin(async move {
            let worked = catch_unwind(AssertUnwindSafe(|| function(message)));
            let worked =
                worked.unwrap_or_else(|panic| Err(panics::to_exception(&*panic)));
            // Nobody else sets it.
            let _ = event.set(worked);
            Ok(())
        }));
        Self { result }
    }
}

impl<U> Drop for Job<U> {
    /// Its result has been taken, or nobody wants it any more.
    fn drop(&mut self) {
        if let Some(own) = current::strand() {
            own.count_jobs(|n_jobs| n_jobs.saturating_sub(1));
        }
    }
}
