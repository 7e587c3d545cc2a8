//! `receive { … }`: waits at several sources and takes from one.
//! Joins are cases over a joined source (`join`).
//!
//! The cases are looked at beginning with one picked at random, so that none is preferred. A case whose
//! guard refuses the head of its source leaves it there, and is looked at again when the head changes
//! or another source wakes the statement. Guards that read the state of a domain are looked at in a
//! turn, which goes on in the case that is chosen.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::Value;
use super::outlook::Outlook;
use super::receive::Suspension;
use super::source::{Ending, Receive, Source, Take};
use crate::domain::Entering;
use crate::mailbox::Look;
use crate::mailbox::queue::Quick;
use crate::mailbox::waiters::WaitPool;
use crate::scheduler::current;
use crate::scheduler::strand::Strand;
use crate::scheduler::waits::{Asked, Origin, Tells};
use crate::time::Alarm;
use crate::value::{Duration, Exception, Result};

/// What a case finds.
enum Found {
    /// The message has been taken.
    Taken,
    Nothing,
    /// There is a head, but the guard refuses it.
    Refused,
    /// Another is taking.
    Busy,
    Over(Ending),
}

trait Case: Send {
    /// Takes or arms where that needs no turn. Cases with guards are looked at in the turn.
    fn quick(&mut self, pool: Option<&mut WaitPool>) -> Quick<()>;
    fn look(&mut self, registered: bool) -> Result<Found>;
    fn arm(&self, pool: &mut WaitPool) -> bool;
    fn origin(&self) -> Origin;
    fn more_origins(&self, into: &mut Vec<Origin>);
    fn outlook(&self) -> Outlook;
    fn is_own(&self, strand: &Strand) -> bool;
    /// The message that was taken: a `&mut Option<T>`.
    fn message(&mut self) -> &mut dyn Any;
}

pub(super) type Guard<'a, T> = Box<dyn FnMut(&T) -> Result<bool> + Send + 'a>;

struct SourceCase<'a, T> {
    source: Source<T>,
    guard: Option<Guard<'a, T>>,
    message: Option<T>,
}

impl<T: Value> SourceCase<'_, T> {
    fn look_guarded(&mut self, registered: bool) -> Result<Found> {
        let Some(mut front) = self.source.supply.enter(registered) else {
            return Ok(Found::Busy);
        };
        match front.look(0) {
            Look::Over => return Ok(Found::Over(front.ending())),
            Look::Empty => return Ok(Found::Nothing),
            Look::Ready => {}
        }
        let (Some(guard), Some(head)) = (&mut self.guard, front.peek(0)) else {
            return Ok(Found::Nothing);
        };
        if !guard(&head)? {
            front.guard();
            return Ok(Found::Refused);
        }
        self.message = front.pop().map(|item| item.value);
        // Only a protocol that has moved since the look can have taken it back.
        Ok(if self.message.is_some() { Found::Taken } else { Found::Busy })
    }
}

impl<T: Value> Case for SourceCase<'_, T> {
    fn quick(&mut self, pool: Option<&mut WaitPool>) -> Quick<()> {
        if self.guard.is_some() {
            return Quick::InTurn;
        }
        match self.source.supply.quick(pool) {
            Quick::Item(value) => {
                self.message = Some(value);
                Quick::Item(())
            }
            Quick::Empty => Quick::Empty,
            Quick::Armed => Quick::Armed,
            Quick::InTurn => Quick::InTurn,
        }
    }

    fn look(&mut self, registered: bool) -> Result<Found> {
        if self.guard.is_some() {
            return self.look_guarded(registered);
        }
        Ok(match self.source.supply.take(registered) {
            Take::Item(item) => {
                self.message = Some(item.value);
                Found::Taken
            }
            Take::Empty => Found::Nothing,
            Take::Busy => Found::Busy,
            Take::Over(ending) => Found::Over(ending),
        })
    }

    fn arm(&self, pool: &mut WaitPool) -> bool {
        self.source.supply.arm(pool)
    }

    fn origin(&self) -> Origin {
        self.source.supply.origin()
    }

    fn more_origins(&self, into: &mut Vec<Origin>) {
        self.source.supply.more_origins(into);
    }

    fn outlook(&self) -> Outlook {
        self.source.supply.outlook()
    }

    fn is_own(&self, strand: &Strand) -> bool {
        self.source.supply.is_own(strand)
    }

    fn message(&mut self) -> &mut dyn Any {
        &mut self.message
    }
}

/// A `receive` statement: its cases in the order of their numbers, then `wait`.
pub struct Select<'a> {
    cases: Vec<Entry<'a>>,
    limit: Option<Duration>,
    has_default: bool,
    /// The turn in which guards are looked at, if they need one.
    turns: Option<Entering>,
    taken: Option<usize>,
    /// Where the statement begins.
    at: &'static Location<'static>,
}

struct Entry<'a> {
    case: Box<dyn Case + 'a>,
    /// The next message at its source will wake this activity.
    armed: bool,
    /// There was a message that its guard refused.
    refused: bool,
    /// Why its source was over at the last look, if it was.
    ending: Option<Ending>,
}

impl Entry<'_> {
    fn origin(&self) -> Origin {
        Origin { refused: self.refused, ..self.case.origin() }
    }
}

/// What a statement without cases that take waits for: only its time.
const NOTHING: &str = "nothing";

impl fmt::Debug for Select<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Select({})", self.cases.len())
    }
}

impl<'a> Select<'a> {
    /// What `wait` gives for the `timeout` case.
    pub const TIMEOUT: usize = usize::MAX;
    /// What `wait` gives for the `default` case.
    pub const DEFAULT: usize = usize::MAX - 1;

    /// Without cases yet.
    #[expect(clippy::new_without_default, reason = "a statement, not a value")]
    #[track_caller]
    pub fn new() -> Self {
        Self {
            cases: Vec::new(),
            limit: None,
            has_default: false,
            turns: None,
            taken: None,
            at: Location::caller(),
        }
    }

    pub(super) fn push<T: Value>(
        &mut self,
        source: Source<T>,
        guard: Option<Guard<'a, T>>,
    ) {
        let case = Box::new(SourceCase { source, guard, message: None });
        self.cases.push(Entry { case, armed: false, refused: false, ending: None });
    }

    /// `from source into x:`
    pub fn case<S: Receive>(&mut self, source: &S) {
        self.push(source.source(), None);
    }

    /// `from source into x when …:`
    pub fn case_when<S: Receive>(
        &mut self,
        source: &S,
        guard: impl FnMut(&S::Item) -> Result<bool> + Send + 'a,
    ) {
        self.push(source.source(), Some(Box::new(guard)));
    }

    /// `timeout limit:`
    pub fn timeout(&mut self, limit: Duration) {
        self.limit = Some(limit);
    }

    /// `default:`
    pub fn default_case(&mut self) {
        self.has_default = true;
    }

    /// Guards read the state of the agent's domain.
    pub fn in_turns(&mut self, turns: Entering) {
        self.turns = Some(turns);
    }

    /// Waits for a case and gives its number. Throws `ChannelClosedException` if all sources are over.
    pub fn wait(&mut self) -> Selecting<'_, 'a> {
        let suspension = Suspension::at(self.at);
        Selecting { select: self, suspension, alarm: None }
    }

    /// The message of the case that `wait` gave.
    pub fn take<T: Value>(&mut self) -> T {
        let entry = self.taken.take().and_then(|case| self.cases.get_mut(case));
        let message = entry
            .and_then(|entry| entry.case.message().downcast_mut::<Option<T>>()?.take());
        match message {
            Some(message) => message,
            None => panic!("a receive statement takes a message that it does not have"),
        }
    }

    /// As `look` and `arm`, where that needs no turn at any source: gives a case, or `Armed`.
    fn look_quickly(&mut self) -> Quick<usize> {
        if self.has_default {
            return Quick::InTurn;
        }
        let n_cases = self.cases.len();
        let start = current::random(n_cases);
        current::with_waiting(|waiting| {
            // First without arming: what is there is not to leave arms behind it.
            for arms in [false, true] {
                for step in 0..n_cases {
                    let number = (start + step) % n_cases;
                    let pool = arms.then_some(&mut waiting.pool);
                    match self.cases[number].case.quick(pool) {
                        Quick::Item(()) => return Quick::Item(number),
                        Quick::Empty | Quick::Armed => {}
                        Quick::InTurn => return Quick::InTurn,
                    }
                }
            }
            Quick::Armed
        })
    }

    /// The first case that has something, beginning with a random one.
    fn look(&mut self, registered: bool) -> Result<Looked> {
        let n_cases = self.cases.len();
        let start = current::random(n_cases);
        let mut looked = Looked { taken: None, is_over: n_cases > 0, again: false };
        for step in 0..n_cases {
            let number = (start + step) % n_cases;
            let entry = &mut self.cases[number];
            entry.ending = None;
            let found = entry.case.look(registered)?;
            entry.refused = matches!(found, Found::Refused);
            match found {
                Found::Taken => {
                    looked.taken = Some(number);
                    return Ok(looked);
                }
                Found::Over(ending) => entry.ending = Some(ending),
                Found::Nothing => {
                    looked.is_over = false;
                    // It had something when it was to be armed, and another has taken it.
                    looked.again |= registered && !entry.armed;
                }
                Found::Refused | Found::Busy => looked.is_over = false,
            }
        }
        Ok(looked)
    }

    /// Why all sources are over: the first agent that failed says most. Requests that will not be
    /// answered say so if nothing but requests was waited for.
    fn ending(&self) -> Ending {
        let endings = || self.cases.iter().filter_map(|entry| entry.ending.as_ref());
        let failed = endings().find(|ending| matches!(ending, Ending::Failed(_)));
        let only_requests =
            endings().all(|ending| matches!(ending, Ending::NoReply | Ending::Replied));
        match failed {
            Some(failed) => failed.clone(),
            None if !only_requests => Ending::Normal,
            None if endings().any(|ending| matches!(ending, Ending::NoReply)) => {
                Ending::NoReply
            }
            None => Ending::Replied,
        }
    }

    /// Registers with all sources. One that has something is not armed.
    fn arm(&mut self) {
        current::with_waiting(|waiting| {
            for entry in &mut self.cases {
                entry.armed = entry.case.arm(&mut waiting.pool);
            }
        });
    }
}

impl Tells for Select<'_> {
    fn origins(&self, into: &mut Vec<Origin>) {
        for entry in &self.cases {
            into.push(entry.origin());
            entry.case.more_origins(into);
        }
        if self.cases.is_empty() {
            into.push(Origin::other(NOTHING));
        }
    }

    fn is_own(&self, strand: &Strand) -> bool {
        self.cases.iter().any(|entry| entry.case.is_own(strand))
    }

    fn outlook(&self) -> Outlook {
        // With a limit it ends of itself.
        match self.limit.is_some() || self.has_default {
            true => Outlook::Free,
            false => Outlook::any(self.cases.iter().map(|entry| entry.case.outlook())),
        }
    }
}

/// What a look at all cases has found.
struct Looked {
    taken: Option<usize>,
    /// All sources are over.
    is_over: bool,
    /// Another look is due before sleeping.
    again: bool,
}

/// The future of [`Select::wait`].
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct Selecting<'s, 'a> {
    select: &'s mut Select<'a>,
    suspension: Suspension,
    alarm: Option<Alarm>,
}

impl Selecting<'_, '_> {
    /// What a look decides, if anything.
    fn decide(&mut self, looked: &Looked) -> Option<Result<usize>> {
        if let Some(case) = looked.taken {
            self.select.taken = Some(case);
            return Some(Ok(case));
        }
        if looked.is_over {
            let exception = self.in_vain();
            return Some(Err(
                exception.unwrap_or_else(|| self.over(&self.select.ending()))
            ));
        }
        if self.select.has_default {
            return Some(Ok(Select::DEFAULT));
        }
        None
    }

    /// Why it need not wait, if nobody takes what is in the way of all its cases.
    fn in_vain(&self) -> Option<Exception> {
        Some(self.select.outlook().in_vain()?.at(self.suspension.at))
    }

    fn over(&self, ending: &Ending) -> Exception {
        let at = self.suspension.at;
        let strand = current::strand();
        let is_own =
            self.select.cases.iter().any(|entry| {
                strand.as_ref().is_some_and(|strand| entry.case.is_own(strand))
            });
        if is_own { ending.own_exception(at) } else { ending.exception(at) }
    }

    fn look_and_arm(&mut self) -> Poll<Result<usize>> {
        match self.select.look_quickly() {
            Quick::Item(case) => {
                self.select.taken = Some(case);
                return Poll::Ready(Ok(case));
            }
            Quick::Armed => return Poll::Pending,
            Quick::Empty | Quick::InTurn => {}
        }
        let looked = self.select.look(false)?;
        if let Some(decided) = self.decide(&looked) {
            return Poll::Ready(decided);
        }
        current::with_waiting(|waiting| waiting.pool.begin());
        loop {
            self.select.arm();
            let looked = self.select.look(true)?;
            if let Some(decided) = self.decide(&looked) {
                return Poll::Ready(decided);
            }
            if !looked.again {
                return match self.in_vain() {
                    Some(exception) => Poll::Ready(Err(exception)),
                    None => Poll::Pending,
                };
            }
        }
    }
}

impl Future for Selecting<'_, '_> {
    type Output = Result<usize>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<usize>> {
        let this = self.get_mut();
        std::task::ready!(this.suspension.begin(cx));
        if let Some(exception) = current::verdict() {
            return Poll::Ready(Err(exception.at(this.suspension.at)));
        }
        if let Some(turns) = &mut this.select.turns {
            std::task::ready!(Pin::new(turns).poll(cx));
        }
        if let Poll::Ready(result) = this.look_and_arm() {
            return Poll::Ready(result);
        }
        current::end_turns();
        if let Some(limit) = this.select.limit {
            let alarm = this.alarm.get_or_insert_with(|| Alarm::after(limit, cx.waker()));
            if alarm.has_rung() {
                return Poll::Ready(Ok(Select::TIMEOUT));
            }
        }
        current::note(Asked::new(this.suspension.at, this.select));
        Poll::Pending
    }
}
