//! Stages: what a network does with a message.
//! It does not link; `stages` does.

use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::job::caught;
use crate::agent::{Agent, Me};
use crate::port::Value;
use crate::scheduler::panics;
use crate::value::{Func1, Result};

/// A node that is not linked yet: a transform from `T` to `U`, or a sink if `U` is `()`.
pub struct Stage<T, U> {
    pub(super) kind: Kind<T, U>,
}

pub(super) enum Kind<T, U> {
    /// Keeps the promise of a `function` and reads no state.
    Pure(Arc<dyn Fn(T) -> Result<U> + Send + Sync>),
    /// Runs on the agent's strand: makes what works on the messages of one link.
    Node(Arc<dyn Fn() -> Box<dyn Works<T, U>> + Send + Sync>),
}

/// What works on the messages of a link, one after the other.
pub(super) trait Works<T, U>: Send {
    /// Begins with a message; the one before is done.
    fn begin(&mut self, message: T);

    /// What the message gives, once it is done. A panic is an exception.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<U>>;
}

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

/// A stage that keeps the promise of a `function` and reads no state: any number of its messages may be
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
        let (me, body) = (self.clone(), Arc::new(body));
        let node = move || -> Box<dyn Works<T, U>> {
            let (me, body) = (me.clone(), body.clone());
            Box::new(Running {
                start: move |message| body(me.clone(), message),
                running: Box::pin(None),
            })
        };
        Stage { kind: Kind::Node(Arc::new(node)) }
    }

    /// A stage that runs on this agent's one logical thread, and never waits.
    pub fn action<T: Value, U: Value>(
        &self,
        body: impl Fn(&Me<A>, T) -> Result<U> + Send + Sync + 'static,
    ) -> Stage<T, U> {
        let (me, body) = (self.clone(), Arc::new(body));
        let node = move || -> Box<dyn Works<T, U>> {
            let (me, body) = (me.clone(), body.clone());
            Box::new(Action { run: move |message| body(&me, message), message: None })
        };
        Stage { kind: Kind::Node(Arc::new(node)) }
    }
}

/// Code that may wait. The place of its future is the same for all messages.
struct Running<S, Fut> {
    start: S,
    running: Pin<Box<Option<Fut>>>,
}

impl<T, U, S, Fut> Works<T, U> for Running<S, Fut>
where
    S: Fn(T) -> Fut + Send,
    Fut: Future<Output = Result<U>> + Send,
{
    fn begin(&mut self, message: T) {
        self.running.set(Some((self.start)(message)));
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<U>> {
        let Some(running) = self.running.as_mut().as_pin_mut() else {
            return Poll::Pending;
        };
        let polled = match catch_unwind(AssertUnwindSafe(|| running.poll(cx))) {
            Ok(polled) => polled,
            Err(panic) => Poll::Ready(Err(panics::to_exception(&*panic))),
        };
        if polled.is_ready() {
            self.running.set(None);
        }
        polled
    }
}

/// Code that does not.
struct Action<T, R> {
    run: R,
    message: Option<T>,
}

impl<T: Send, U, R> Works<T, U> for Action<T, R>
where
    R: Fn(T) -> Result<U> + Send,
{
    fn begin(&mut self, message: T) {
        self.message = Some(message);
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<Result<U>> {
        match self.message.take() {
            Some(message) => Poll::Ready(caught(|| (self.run)(message))),
            None => Poll::Pending,
        }
    }
}
