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

use super::outlook::Outlook;
use super::source::{Ending, Item, Receive, Supply, Take};
use crate::domain::held;
use crate::mailbox::queue::Quick;
use crate::scheduler::asked;
use crate::scheduler::current::{self, Lent};
use crate::scheduler::strand::Strand;
use crate::scheduler::waits::{Origin, Place, Tells};
use crate::scheduler::yields;
use crate::time::Alarm;
use crate::value::{Duration, Exception, Result};

/// The beginning that all suspensions share.
#[derive(Debug)]
pub(crate) struct Suspension {
    pub(crate) at: &'static Location<'static>,
    stage: Stage,
    /// There is a limit, or an end of the conversation is as good as a message. For who suspends: it lies
    /// here, since each agent that waits has it.
    ends_of_itself: bool,
}

/// How far a suspension has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    New,
    /// The turns have ended. It may have to wait before it goes on.
    Begun,
    /// Nothing holds it back. So it stays: code of the activity does not run meanwhile.
    Free,
}

impl Suspension {
    #[track_caller]
    pub(crate) fn here() -> Self {
        Self::at(Location::caller())
    }

    pub(crate) fn at(at: &'static Location<'static>) -> Self {
        Self { at, stage: Stage::New, ends_of_itself: false }
    }

    /// Ends the turns; waits where sends are held back, or where others are to have their turn.
    #[inline]
    pub(crate) fn begin(&mut self) -> Poll<()> {
        if self.stage == Stage::Free { Poll::Ready(()) } else { self.begin_slowly() }
    }

    #[inline(never)]
    fn begin_slowly(&mut self) -> Poll<()> {
        if self.stage == Stage::New {
            self.stage = Stage::Begun;
            if !current::begin_suspension() {
                current::run_again();
                return Poll::Pending;
            }
        }
        if !current::is_free(Some(self.at)) {
            return Poll::Pending;
        }
        self.stage = Stage::Free;
        Poll::Ready(())
    }

    /// As `begin`, and does `body` with the waiting state of the activity. `None` if nothing has happened yet, since
    /// the suspension cannot go on at once.
    #[inline(always)]
    pub(super) fn begin_quickly<R>(
        &mut self,
        body: impl FnOnce(Lent<'_>) -> R,
    ) -> Option<R> {
        if self.stage == Stage::Begun {
            return None;
        }
        current::suspend_freely(
            self.stage == Stage::New,
            #[inline(always)]
            |waiting| {
                self.stage = Stage::Free;
                body(waiting)
            },
        )
    }

    fn ends_of_itself(self) -> Self {
        Self { ends_of_itself: true, ..self }
    }

    fn is_free(&self) -> bool {
        self.stage == Stage::Free
    }

    fn has_begun(&self) -> bool {
        self.stage != Stage::New
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
    current::with_waiting(|waiting| waiting.pool().begin());
    loop {
        let armed = current::with_waiting(|waiting| supply.arm(&mut waiting.pool()));
        match supply.take(true) {
            Take::Item(item) => return Poll::Ready(Ok(item)),
            Take::Over(ending) => return Poll::Ready(Err(ending)),
            Take::Busy => return Poll::Pending,
            Take::Empty if armed => return Poll::Pending,
            Take::Empty => {}
        }
    }
}

impl<S: Receive> Tells for Receiving<'_, S> {
    fn at(&self) -> Place {
        self.suspension.at
    }

    fn origins(&self, into: &mut Vec<Origin>) {
        self.from.with_supply(|supply| {
            into.push(supply.origin());
            supply.more_origins(into);
        });
    }

    fn is_own(&self, strand: &Strand) -> bool {
        self.from.with_supply(|supply| supply.is_own(strand))
    }

    fn outlook(&self) -> Outlook {
        self.from.with_supply(|supply| supply.outlook())
    }
}

/// `receive(source)`: waits for the next message.
#[track_caller]
pub fn receive<S: Receive>(from: &S) -> Receiving<'_, S> {
    Receiving { from, suspension: Suspension::here() }
}

/// The future of [`receive`].
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct Receiving<'a, S> {
    from: &'a S,
    suspension: Suspension,
}

/// What a poll gives that does nothing but what can be done at once.
enum Quickly<T> {
    Item(T),
    /// It waits.
    Waits,
    /// More is to be done; `is_first` if nothing was looked at before.
    Not {
        is_first: bool,
    },
}

/// What a poll gives: a message, or why there is none, or what the operation throws.
type Polled<T> = Poll<Result<core::result::Result<T, Ending>>>;

impl<S: Receive> Receiving<'_, S> {
    /// Takes the next message or waits for it where that can be done at once. Where it waits it notes so, if
    /// `notes`: then the poll is to give `Pending` next.
    #[inline(always)]
    fn poll_quickly(&mut self, notes: bool) -> Quickly<S::Item> {
        let from = self.from;
        let is_first = !self.suspension.is_free();
        // Not as what `begin_quickly` gives: as part of an option it would be put together and looked at once more.
        let mut quick = Quickly::Not { is_first: true };
        self.suspension.begin_quickly(
            #[inline(always)]
            |waiting| {
                quick = match from.quick(Some(&mut waiting.pool())) {
                    Quick::Item(value) => Quickly::Item(value),
                    Quick::Armed => {
                        if notes {
                            waiting.note();
                        }
                        Quickly::Waits
                    }
                    Quick::Empty | Quick::InTurn => Quickly::Not { is_first },
                };
            },
        );
        quick
    }

    /// The next message, or why there is none, where it was not to be had quickly.
    #[inline(never)]
    fn poll_on(&mut self, notes: bool, is_first: bool) -> Polled<S::Item> {
        if asked::tell(self) {
            return Poll::Pending;
        }
        std::task::ready!(self.suspension.begin());
        self.poll_slowly(notes, is_first)
    }

    /// The next message, or why there is none. Where it waits it notes so, if `notes`.
    fn poll_message(&mut self, notes: bool) -> Polled<S::Item> {
        match self.poll_quickly(notes) {
            Quickly::Item(value) => Poll::Ready(Ok(Ok(value))),
            Quickly::Waits => Poll::Pending,
            Quickly::Not { is_first } => self.poll_on(notes, is_first),
        }
    }

    fn poll_slowly(&self, notes: bool, is_first: bool) -> Polled<S::Item> {
        let found = self.poll_in_turn(is_first);
        if notes && found.is_pending() {
            current::note();
        }
        found
    }

    fn poll_in_turn(&self, is_first: bool) -> Polled<S::Item> {
        self.from.with_supply(|supply| self.poll_supply(supply, is_first))
    }

    fn poll_supply(
        &self,
        supply: &dyn Supply<S::Item>,
        is_first: bool,
    ) -> Polled<S::Item> {
        let at = self.suspension.at;
        if let Some(exception) = current::verdict() {
            return Poll::Ready(Err(exception.at(at)));
        }
        if is_first && let Some(exception) = supply.forbids() {
            return Poll::Ready(Err(exception.at(at)));
        }
        let found = take_or_wait(supply);
        if !matches!(found, Poll::Ready(Ok(_)))
            && !self.suspension.ends_of_itself
            && let Some(exception) = supply.outlook().in_vain()
        {
            return Poll::Ready(Err(exception.at(at)));
        }
        found.map(|found| Ok(found.map(|item| item.value)))
    }

    /// As `poll_on`, and an end is an exception.
    #[inline(never)]
    fn poll_to_end(&mut self, is_first: bool) -> Poll<Result<S::Item>> {
        let message = std::task::ready!(self.poll_on(true, is_first));
        Poll::Ready(message?.map_err(|ending| self.ended(&ending)))
    }

    /// As `poll_on`, for `next`. It gives the message apart: together with an exception it would be put into memory by
    /// its half and read as a whole, for which that one waits who took it quickly.
    #[inline(never)]
    fn poll_to_next(
        &mut self,
        is_first: bool,
        message: &mut Option<S::Item>,
    ) -> Poll<Result<()>> {
        match std::task::ready!(self.poll_on(true, is_first))? {
            Ok(value) => *message = Some(value),
            Err(Ending::Normal | Ending::Replied) => {}
            Err(ending) => return Poll::Ready(Err(self.ended(&ending))),
        }
        Poll::Ready(Ok(()))
    }

    /// What waiting for a source that is over throws.
    #[cold]
    fn ended(&self, ending: &Ending) -> Exception {
        let at = self.suspension.at;
        let strand = current::strand();
        if strand.is_some_and(|strand| self.is_own(&strand)) {
            ending.own_exception(at)
        } else {
            ending.exception(at)
        }
    }
}

impl<S: Receive> Future for Receiving<'_, S> {
    type Output = Result<S::Item>;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<S::Item>> {
        let this = self.get_mut();
        match this.poll_quickly(true) {
            Quickly::Item(value) => Poll::Ready(Ok(value)),
            Quickly::Waits => Poll::Pending,
            Quickly::Not { is_first } => this.poll_to_end(is_first),
        }
    }
}

/// `receive(source, limit)`: throws `TimeoutException` if nothing comes in time.
#[track_caller]
pub fn receive_within<S: Receive>(source: &S, limit: Duration) -> ReceivingWithin<'_, S> {
    let suspension = Suspension::here().ends_of_itself();
    let receiving = Receiving { from: source, suspension };
    ReceivingWithin { receiving, limit, alarm: None }
}

/// The future of [`receive_within`].
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct ReceivingWithin<'a, S> {
    receiving: Receiving<'a, S>,
    limit: Duration,
    alarm: Option<Alarm>,
}

impl<S: Receive> Future for ReceivingWithin<'_, S> {
    type Output = Result<S::Item>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<S::Item>> {
        let this = self.get_mut();
        if let Poll::Ready(message) = this.receiving.poll_message(false) {
            return Poll::Ready(message?.map_err(|ending| this.receiving.ended(&ending)));
        }
        if asked::is_asked() {
            return Poll::Pending;
        }
        // Counted from the call, not from when the waiting begins.
        let alarm = this.alarm.get_or_insert_with(|| Alarm::after(this.limit));
        if alarm.has_rung() {
            let text = format!(
                "nothing came within {}",
                crate::value::to_str(&this.limit).as_str()
            );
            let at = this.receiving.suspension.at;
            return Poll::Ready(Err(Exception::new("TimeoutException", text).at(at)));
        }
        current::note();
        Poll::Pending
    }
}

/// `foreach` over a source: the next message, or `None` at its normal end. Throws if the agent that
/// could have sent has failed.
#[track_caller]
pub fn next<S: Receive>(source: &S) -> Next<'_, S> {
    let suspension = Suspension::here().ends_of_itself();
    Next { receiving: Receiving { from: source, suspension } }
}

/// The future of [`next`].
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct Next<'a, S> {
    receiving: Receiving<'a, S>,
}

impl<S: Receive> Future for Next<'_, S> {
    type Output = Result<Option<S::Item>>;

    #[inline]
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        let receiving = &mut self.get_mut().receiving;
        match receiving.poll_quickly(true) {
            Quickly::Item(value) => Poll::Ready(Ok(Some(value))),
            Quickly::Waits => Poll::Pending,
            Quickly::Not { is_first } => {
                let mut message = None;
                let polled = receiving.poll_to_next(is_first, &mut message);
                polled.map_ok(|()| message)
            }
        }
    }
}

/// `yield;`: lets others have their turn, at the domain always, and at the worker where that pays
/// ([`yields`](crate::scheduler::yields)).
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

impl YieldNow {
    #[inline(never)]
    fn poll_slowly(&mut self) -> Poll<()> {
        if !self.yielded {
            self.yielded = true;
            held::end_turns();
            // Whether or not it is the budget that ends the poll, the activity goes on later.
            if self.suspension.begin_quickly(|_| ()).is_some()
                || self.suspension.begin().is_ready()
            {
                if yields::go_on() {
                    return Poll::Ready(());
                }
                current::run_again();
                current::give_way();
            }
            return Poll::Pending;
        }
        self.suspension.begin()
    }
}

impl Future for YieldNow {
    type Output = ();

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        if !this.yielded && current::may_suspend() && yields::goes_on() {
            current::suspend();
            return Poll::Ready(());
        }
        this.poll_slowly()
    }
}

/// In a loop that sends and does not wait: hands the worker on when the activity has had its budget. That is no
/// suspension: no turn ends, and until the activity goes on, its agent does nothing else. In a turn, which
/// others may wait for, it goes on.
#[inline]
pub fn breathe() -> Breathing {
    Breathing { breathed: false }
}

/// The future of [`breathe`].
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct Breathing {
    breathed: bool,
}

impl Breathing {
    #[cold]
    #[inline(never)]
    fn give_way(&mut self) {
        self.breathed = true;
        current::run_again();
        current::wait_alone();
        current::give_way();
    }
}

impl Future for Breathing {
    type Output = ();

    #[inline]
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        if this.breathed || !current::is_out_of_breath() {
            return Poll::Ready(());
        }
        this.give_way();
        Poll::Pending
    }
}

/// Behind a send to a port that holds its senders back: waits until there is room. In a turn the
/// activity goes on, and waits at its next suspension (decision 63).
#[track_caller]
pub fn room() -> MakingRoom {
    MakingRoom { suspension: Suspension::here() }
}

/// The future of [`room`].
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct MakingRoom {
    suspension: Suspension,
}

impl Future for MakingRoom {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        if !this.suspension.has_begun()
            && (held::holds_turn() || !current::is_held_back())
        {
            return Poll::Ready(());
        }
        this.suspension.begin()
    }
}

/// Boxes the future of a method that may call itself. Its type stays known, so that the
/// compiler can see through it whether it may cross threads.
pub fn boxed<F: Future>(future: F) -> Pin<Box<F>> {
    Box::pin(future)
}
