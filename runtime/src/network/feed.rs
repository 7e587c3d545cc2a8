//! What a link takes from: a source, perhaps through pure functions. The functions of a chain run in
//! the one link behind them, so nothing is queued between them.
//! It does not deliver; the links do.
//!
//! A link that is held back (decision 63), since what it delivers to is full, goes on taking and
//! computing, and keeps the results until it may go on: so those before it are held back by a chain
//! with functions no more than they would be by its functions alone.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::control::{Control, LinkLife};
use super::job::{Job, caught};
use super::links::connect;
use super::pace::Pace;
use crate::port::Value;
use crate::port::source::{Ending, Item, Source, Tag, Take};
use crate::scheduler::current;
use crate::value::{Exception, Func1, Result};

/// A function that keeps the promise of a `function` and reads no state.
pub trait Pure<T, U>: Fn(T) -> Result<U> + Send + Sync + 'static {}

impl<T, U, F: Fn(T) -> Result<U> + Send + Sync + 'static> Pure<T, U> for F {}

/// What a link can take from.
pub trait Inlet: Sized {
    /// What leaves the source.
    type Message: Value;
    /// What the link gets.
    type Item: Value;
    /// Whether the two are the same.
    const IS_PLAIN: bool;

    /// The source, and what its messages go through.
    fn parts(
        self,
    ) -> Through<Self::Message, Self::Item, impl Pure<Self::Message, Self::Item>>;
}

impl<T: Value> Inlet for Source<T> {
    type Message = T;
    type Item = T;
    const IS_PLAIN: bool = true;

    fn parts(self) -> Through<T, T, impl Pure<T, T>> {
        self.through(Ok)
    }
}

/// A source and the pure functions that its messages go through on their way into a link.
pub struct Through<T, U, F> {
    source: Source<T>,
    function: F,
    gives: PhantomData<fn() -> U>,
}

impl<T, U, F> fmt::Debug for Through<T, U, F> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Through({:?})", self.source)
    }
}

impl<T: Value> Source<T> {
    /// Its messages through a function that keeps the promise of a `function` and reads no state.
    pub fn through<U: Value, F>(self, function: F) -> Through<T, U, F>
    where
        F: Fn(T) -> Result<U> + Send + Sync + 'static,
    {
        Through { source: self, function, gives: PhantomData }
    }

    /// As [`Source::through`], with a function value.
    pub fn through_func<U: Value>(
        self,
        function: Func1<T, U>,
    ) -> Through<T, U, impl Pure<T, U>> {
        self.through(move |message| function(message))
    }
}

impl<T: Value, U: Value, F> Through<T, U, F>
where
    F: Fn(T) -> Result<U> + Send + Sync + 'static,
{
    /// And then through another such function.
    pub fn through<V: Value, G>(
        self,
        next: G,
    ) -> Through<T, V, impl Fn(T) -> Result<V> + Send + Sync + 'static>
    where
        G: Fn(U) -> Result<V> + Send + Sync + 'static,
    {
        let first = self.function;
        self.source.through(move |message| next(first(message)?))
    }

    /// And then through a function value.
    pub fn through_func<V: Value>(
        self,
        next: Func1<U, V>,
    ) -> Through<T, V, impl Pure<T, V>> {
        self.through(move |message| next(message))
    }

    /// The same as a type that does not grow with the number of functions.
    pub fn erased(self) -> Through<T, U, Erased<T, U>> {
        self.source.through(Box::new(self.function))
    }
}

/// A function of whatever type.
type Erased<T, U> = Box<dyn Fn(T) -> Result<U> + Send + Sync>;

impl<T: Value, U: Value, F> Inlet for Through<T, U, F>
where
    F: Pure<T, U>,
{
    type Message = T;
    type Item = U;
    const IS_PLAIN: bool = false;

    fn parts(self) -> Through<T, U, impl Pure<T, U>> {
        self
    }
}

/// The messages of one link, as a part of its network.
pub(super) struct Feed<T: Value, U: Value, F> {
    /// Behind the valves of the network.
    source: Source<T>,
    function: Arc<F>,
    /// None where there are no functions.
    pace: Option<Pace>,
    /// Those that others work on, in order.
    flying: VecDeque<Flying<U>>,
    /// What was computed while the link was held back.
    ready: VecDeque<Item<U>>,
    over: Option<Ending>,
    /// A function has failed, and nobody listens: the link never goes on.
    failed: bool,
    /// The link has a message of this feed at work.
    at_work: bool,
    control: Arc<Control>,
    _life: LinkLife,
}

struct Flying<U> {
    job: Job<U>,
    tag: Option<Tag>,
}

/// The feed of a new network.
pub(super) fn open<I: Inlet>(
    inlet: I,
) -> Feed<I::Message, I::Item, impl Pure<I::Message, I::Item>> {
    let Through { source, function, .. } = inlet.parts();
    let (control, source) = connect(source);
    Feed::new(&control, source, function, I::IS_PLAIN)
}

impl<T: Value, U: Value, F> Feed<T, U, F>
where
    F: Fn(T) -> Result<U> + Send + Sync + 'static,
{
    /// The feed of one more link of a network.
    pub(super) fn new(
        control: &Arc<Control>,
        source: Source<T>,
        function: F,
        is_plain: bool,
    ) -> Self {
        let n_workers = current::scheduler().n_workers();
        Self {
            source,
            function: Arc::new(function),
            pace: (!is_plain).then(|| Pace::new(n_workers)),
            flying: VecDeque::new(),
            ready: VecDeque::new(),
            over: None,
            failed: false,
            at_work: false,
            control: control.clone(),
            _life: control.link(),
        }
    }

    pub(super) fn control(&self) -> Arc<Control> {
        self.control.clone()
    }

    /// A function has failed, or what came behind it; see [`Control::fail`].
    pub(super) fn tell(&self, exception: Exception) -> Result<()> {
        self.control.fail(exception)
    }

    /// The next message, in the order of the source, or why there is none. The one before has landed.
    pub(super) fn next(&mut self) -> Next<'_, T, U, F> {
        self.land();
        Next { feed: self, begun: false }
    }

    fn land(&mut self) {
        if std::mem::take(&mut self.at_work) {
            self.control.land();
        }
    }

    /// Whether the source may be taken from.
    #[inline]
    fn may_take(&self) -> bool {
        let max_flying = self.pace.as_ref().map_or(0, Pace::max_flying);
        let has_room = self.flying.is_empty() || self.flying.len() < max_flying;
        has_room && self.over.is_none() && !self.failed
    }

    /// Goes on by one result, if that needs nothing more; `registered` as for sources.
    #[inline(always)]
    fn advance(&mut self, registered: bool) -> Step<U> {
        loop {
            if !self.flying.is_empty()
                && let Some(step) = self.first_landed()
            {
                return step;
            }
            if !self.may_take() {
                return match &self.over {
                    Some(ending) if self.flying.is_empty() && !self.failed => {
                        Step::Over(ending.clone())
                    }
                    _ => Step::Nothing,
                };
            }
            match self.source.supply.take(registered) {
                Take::Item(item) => {
                    self.control.take_off();
                    if let Some(step) = self.begin(item) {
                        return step;
                    }
                }
                Take::Over(ending) => self.over = Some(ending),
                Take::Empty | Take::Busy => return Step::Nothing,
            }
        }
    }

    /// Begins to work on a message; its result, if the link has done that itself.
    #[inline(always)]
    fn begin(&mut self, item: Item<T>) -> Option<Step<U>> {
        let Item { value, tag } = item;
        let Some(pace) = &mut self.pace else {
            // There is no function: nothing is to be caught or timed.
            return Some(match (self.function)(value) {
                Ok(value) => Step::Item(Item { value, tag }),
                Err(exception) => self.fail(exception),
            });
        };
        if pace.max_flying() > 0 {
            let job = Job::start(&self.function, value);
            self.flying.push_back(Flying { job, tag });
            return None;
        }
        let function = &*self.function;
        match pace.work(|| caught(|| function(value))) {
            Ok(value) => Some(Step::Item(Item { value, tag })),
            // The request of a message that failed gets no reply: its tag is dropped.
            Err(exception) => Some(self.fail(exception)),
        }
    }

    /// The result of the first of those that others work on, if it is there.
    fn first_landed(&mut self) -> Option<Step<U>> {
        let (worked, cost) = self.flying.front()?.job.result.get()?.clone();
        let Flying { job, tag } = self.flying.pop_front()?;
        drop(job);
        if let Some(pace) = &mut self.pace {
            pace.worked(cost);
        }
        Some(match worked {
            Ok(value) => Step::Item(Item { value, tag }),
            Err(exception) => self.fail(exception),
        })
    }

    /// A function has failed. If nobody listens, the agent ends once what is on its way has been
    /// delivered, and nothing more is taken.
    #[cold]
    fn fail(&mut self, exception: Exception) -> Step<U> {
        self.control.land();
        if let Err(exception) = self.control.fail(exception) {
            if let Some(strand) = current::strand() {
                strand.fail_at_rest(exception);
            }
            self.failed = true;
            // Those behind it are not waited for.
            self.flying.drain(..).for_each(|_| self.control.land());
        }
        Step::Again
    }
}

impl<T: Value, U: Value, F> Drop for Feed<T, U, F> {
    fn drop(&mut self) {
        let n_left = usize::from(self.at_work) + self.ready.len() + self.flying.len();
        (0..n_left).for_each(|_| self.control.land());
    }
}

/// What a feed has come to.
enum Step<U> {
    Item(Item<U>),
    /// A message has failed: the next may be there.
    Again,
    Over(Ending),
    /// It is to be waited for.
    Nothing,
}

/// Waits for the next message of a link. No wait of the program's own: it is not reported.
pub(super) struct Next<'a, T: Value, U: Value, F> {
    feed: &'a mut Feed<T, U, F>,
    begun: bool,
}

impl<T: Value, U: Value, F> Next<'_, T, U, F>
where
    F: Fn(T) -> Result<U> + Send + Sync + 'static,
{
    /// The link gives way to others if it has had its share: then it is woken again.
    fn may_go_on(&mut self) -> bool {
        let is_slice_over = self.feed.pace.as_ref().is_some_and(Pace::is_slice_over);
        let may_go_on = current::begin_suspension() && !is_slice_over;
        if !may_go_on {
            if let Some(pace) = &mut self.feed.pace {
                pace.pause();
            }
            current::give_way();
            current::run_again();
        }
        may_go_on
    }

    /// Begins the suspension if nothing is in its way.
    #[inline]
    fn begins_at_once(&mut self) -> bool {
        let may_begin =
            !self.begun && !self.feed.pace.as_ref().is_some_and(Pace::is_slice_over);
        let begins = may_begin && current::suspend_freely(true, |_| ()).is_some();
        self.begun |= begins;
        begins
    }

    /// Registers the link with what it waits for: `false` if something may be there already.
    fn arm(&self) -> bool {
        let feed = &*self.feed;
        current::with_waiting(|waiting| {
            if let Some(first) = feed.flying.front() {
                first.job.result.register(&mut waiting.pool());
            }
            !feed.may_take() || feed.source.supply.arm(&mut waiting.pool())
        })
    }

    /// Which result is waited for.
    fn first(&self) -> Option<*const ()> {
        let first = self.feed.flying.front()?;
        Some(Arc::as_ptr(&first.job.result).cast())
    }

    /// Waits until there is something to go on with.
    fn poll_slowly(
        &mut self,
        is_free: bool,
    ) -> Poll<core::result::Result<Item<U>, Ending>> {
        if is_free {
            // Otherwise what holds the link back has begun the wait.
            current::with_waiting(|waiting| waiting.pool().begin());
        }
        loop {
            let (first, took) = (self.first(), self.feed.may_take());
            let armed = self.arm();
            match self.feed.advance(true) {
                Step::Item(item) if is_free => return Poll::Ready(Ok(item)),
                Step::Item(item) => self.feed.ready.push_back(item),
                Step::Over(ending) if is_free => return Poll::Ready(Err(ending)),
                Step::Over(_) => return Poll::Pending,
                Step::Again => {}
                Step::Nothing => {
                    // What was registered is what is waited for.
                    if armed && first == self.first() && took == self.feed.may_take() {
                        return Poll::Pending;
                    }
                    continue;
                }
            }
            if !self.may_go_on() {
                return Poll::Pending;
            }
        }
    }
}

impl<T: Value, U: Value, F> Future for Next<'_, T, U, F>
where
    F: Fn(T) -> Result<U> + Send + Sync + 'static,
{
    type Output = core::result::Result<Item<U>, Ending>;

    #[inline]
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let is_free = if this.begins_at_once() {
            true
        } else {
            if !this.begun {
                this.begun = true;
                if !this.may_go_on() {
                    return Poll::Pending;
                }
            }
            current::is_free(None)
        };
        if is_free {
            let step = match this.feed.ready.pop_front() {
                Some(item) => Step::Item(item),
                None => this.feed.advance(false),
            };
            match step {
                Step::Item(item) => {
                    this.feed.at_work = true;
                    return Poll::Ready(Ok(item));
                }
                Step::Over(ending) => return Poll::Ready(Err(ending)),
                Step::Again | Step::Nothing => {}
            }
        } else if this.feed.pace.is_none() {
            // There is nothing to compute meanwhile: the messages stay where they are.
            return Poll::Pending;
        }
        let polled = this.poll_slowly(is_free);
        match &polled {
            Poll::Ready(Ok(_)) => this.feed.at_work = true,
            Poll::Ready(Err(_)) => {}
            Poll::Pending => {
                if let Some(pace) = &mut this.feed.pace {
                    pace.pause();
                }
            }
        }
        polled
    }
}
