//! The suspending operations on one source: `receive`, with and without a limit, and `next`.
//! Waiting at several sources is `select`.
//!
//! Each is a plain function that gives a named future, so that the place in the program can be taken at
//! the call. A suspension ends the activity's turns at its first poll, also when it completes at once
//! (decision 62).

use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::Value;
use super::outlook::Outlook;
use super::source::{Ending, Item, Receive, Source, Supply, Take};
use crate::scheduler::current;
use crate::scheduler::waits::WaitPlace;
use crate::time::Alarm;
use crate::value::{Duration, Exception, Result};

/// The beginning that all suspensions share.
#[derive(Debug)]
pub(crate) struct Suspension {
    pub(crate) at: &'static Location<'static>,
    begun: bool,
    /// Of a network's link: where it waits is no place of the program.
    of_link: bool,
}

impl Suspension {
    #[track_caller]
    pub(crate) fn here() -> Self {
        Self::at(Location::caller())
    }

    pub(crate) fn at(at: &'static Location<'static>) -> Self {
        Self { at, begun: false, of_link: false }
    }

    #[track_caller]
    pub(crate) fn of_link() -> Self {
        Self { of_link: true, ..Self::here() }
    }

    /// Ends the turns; waits where sends are held back, or where others are to have their turn.
    pub(crate) fn begin(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if !self.begun {
            self.begun = true;
            current::end_turns();
            if !current::spend() {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
        }
        let place = (!self.of_link).then_some(self.at);
        if current::is_free(place) { Poll::Ready(()) } else { Poll::Pending }
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.begun
    }
}

/// Takes the next message, or registers the current activity and sleeps.
pub(crate) fn take_or_wait<T>(
    supply: &dyn Supply<T>,
) -> Poll<core::result::Result<Item<T>, Ending>> {
    match supply.take(false) {
        Take::Item(item) => return Poll::Ready(Ok(item)),
        Take::Over(ending) => return Poll::Ready(Err(ending)),
        Take::Empty | Take::Busy => {}
    }
    current::with_waiting(|waiting| waiting.pool.begin());
    loop {
        let armed = current::with_waiting(|waiting| supply.arm(&mut waiting.pool));
        match supply.take(true) {
            Take::Item(item) => return Poll::Ready(Ok(item)),
            Take::Over(ending) => return Poll::Ready(Err(ending)),
            Take::Busy => return Poll::Pending,
            Take::Empty if armed => return Poll::Pending,
            Take::Empty => {}
        }
    }
}

fn is_own<T>(supply: &dyn Supply<T>) -> bool {
    current::strand().is_some_and(|strand| supply.is_own(&strand))
}

/// Notes that the program waits for `supply` here.
fn note<T>(supply: &dyn Supply<T>, outlook: Outlook, at: &'static Location<'static>) {
    let place = WaitPlace { at, origin: supply.origin(), serving: is_own(supply) };
    current::note(place, outlook, |more| supply.more_origins(more));
}

/// What waiting for a source that is over throws.
pub(crate) fn ended<T>(
    supply: &dyn Supply<T>,
    ending: &Ending,
    at: &'static Location<'static>,
) -> Exception {
    if is_own(supply) { ending.own_exception(at) } else { ending.exception(at) }
}

/// `receive(source)`: waits for the next message.
#[track_caller]
pub fn receive<S: Receive>(source: &S) -> Receiving<S::Item> {
    let (source, suspension) = (source.source(), Suspension::here());
    Receiving { source, suspension, ends_of_itself: false }
}

/// The future of [`receive`].
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct Receiving<T> {
    source: Source<T>,
    suspension: Suspension,
    /// There is a limit, or an end of the conversation is as good as a message.
    ends_of_itself: bool,
}

impl<T: Value> Receiving<T> {
    /// The next message, or why none comes.
    fn poll_item(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<core::result::Result<Item<T>, Ending>>> {
        let first = !self.suspension.has_begun();
        std::task::ready!(self.suspension.begin(cx));
        let supply = &*self.source.supply;
        let at = self.suspension.at;
        if let Some(exception) = current::verdict() {
            return Poll::Ready(Err(exception.at(at)));
        }
        if first && let Some(exception) = supply.forbids() {
            return Poll::Ready(Err(exception.at(at)));
        }
        let found = take_or_wait(supply);
        if let Poll::Ready(Ok(item)) = found {
            return Poll::Ready(Ok(Ok(item)));
        }
        let outlook = supply.outlook();
        if !self.ends_of_itself
            && let Some(exception) = outlook.in_vain()
        {
            return Poll::Ready(Err(exception.at(at)));
        }
        if found.is_pending() {
            note(supply, outlook, at);
        }
        found.map(Ok)
    }

    fn ended(&self, ending: &Ending) -> Exception {
        ended(&*self.source.supply, ending, self.suspension.at)
    }
}

impl<T: Value> Future for Receiving<T> {
    type Output = Result<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T>> {
        let this = self.get_mut();
        Poll::Ready(match std::task::ready!(this.poll_item(cx))? {
            Ok(item) => Ok(item.value),
            Err(ending) => Err(this.ended(&ending)),
        })
    }
}

/// `receive(source, limit)`: throws `TimeoutException` if nothing comes in time.
#[track_caller]
pub fn receive_within<S: Receive>(
    source: &S,
    limit: Duration,
) -> ReceivingWithin<S::Item> {
    let receiving = Receiving { ends_of_itself: true, ..receive(source) };
    ReceivingWithin { receiving, limit, alarm: None }
}

/// The future of [`receive_within`].
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct ReceivingWithin<T> {
    receiving: Receiving<T>,
    limit: Duration,
    alarm: Option<Alarm>,
}

impl<T: Value> Future for ReceivingWithin<T> {
    type Output = Result<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T>> {
        let this = self.get_mut();
        if let Poll::Ready(result) = Pin::new(&mut this.receiving).poll(cx) {
            return Poll::Ready(result);
        }
        // Counted from the call, not from when the waiting begins.
        let alarm =
            this.alarm.get_or_insert_with(|| Alarm::after(this.limit, cx.waker()));
        if alarm.has_rung() {
            let text = format!(
                "nothing came within {}",
                crate::value::to_str(&this.limit).as_str()
            );
            let at = this.receiving.suspension.at;
            return Poll::Ready(Err(Exception::new("TimeoutException", text).at(at)));
        }
        Poll::Pending
    }
}

/// `foreach` over a source: the next message, or `None` at its normal end. Throws if the agent that
/// could have sent has failed.
#[track_caller]
pub fn next<S: Receive>(source: &S) -> Next<S::Item> {
    Next { receiving: Receiving { ends_of_itself: true, ..receive(source) } }
}

/// The future of [`next`].
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct Next<T> {
    receiving: Receiving<T>,
}

impl<T: Value> Future for Next<T> {
    type Output = Result<Option<T>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Option<T>>> {
        let receiving = &mut self.get_mut().receiving;
        Poll::Ready(match std::task::ready!(receiving.poll_item(cx))? {
            Ok(item) => Ok(Some(item.value)),
            Err(Ending::Normal | Ending::Replied) => Ok(None),
            Err(ending) => Err(receiving.ended(&ending)),
        })
    }
}

/// `yield;`: lets others have their turn.
#[track_caller]
pub fn yield_now() -> YieldNow {
    YieldNow { suspension: Suspension::here(), yielded: false }
}

/// The future of [`yield_now`].
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct YieldNow {
    suspension: Suspension,
    yielded: bool,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        if !this.yielded {
            this.yielded = true;
            // Whether or not it is the budget that ends the poll, the activity goes on later.
            if this.suspension.begin(cx).is_ready() {
                cx.waker().wake_by_ref();
            }
            return Poll::Pending;
        }
        this.suspension.begin(cx)
    }
}

/// Boxes the future of a method that may call itself. Its type stays known, so that the
/// compiler can see through it whether it may cross threads.
pub fn boxed<F: Future>(future: F) -> Pin<Box<F>> {
    Box::pin(future)
}
