//! `receive { … }`: waits at several sources and takes from one. It does not look at the sources; the
//! cases ([`super::case`]) do. Joins are cases over a joined source (`join`).
//!
//! The cases are looked at beginning with one picked at random, which stays that for some waits, so that none is
//! preferred for long. A case whose guard refuses the head of its source leaves it there, and is looked at again when
//! the head changes or another source wakes the statement. Guards that read the state of a domain are looked at in a
//! turn, which goes on in the case that is chosen.
//!
//! A statement is built case by case, and each makes its type longer; so it allocates nothing, and
//! the quick way through its cases is known where the program is compiled. All else goes through
//! `dyn` ([`AllCases`]).

use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::case::{AllCases, And, Found, Guard, NoCases, OneCase, When, Without};
use super::outlook::Outlook;
use super::receive::Suspension;
use super::source::{Ending, Receive};
use crate::domain::{Entering, held};
use crate::mailbox::queue::{Glance, Quick};
use crate::scheduler::asked;
use crate::scheduler::current::{self, Lent};
use crate::scheduler::strand::Strand;
use crate::scheduler::waits::{Origin, Place, Tells};
use crate::time::Alarm;
use crate::value::{Duration, Exception, Result};

/// A `receive` statement: its cases in the order of their numbers, then `wait`. In the turn `T` its guards
/// are looked at.
pub struct Select<L, T> {
    cases: L,
    limit: Option<Duration>,
    has_default: bool,
    turn: T,
    /// Where the statement begins.
    at: &'static Location<'static>,
}

/// The turn in which guards are looked at.
pub(crate) trait Turn: Unpin + Send {
    /// Whether there is one.
    const IS_NEEDED: bool;

    fn enter(&mut self, cx: &mut Context<'_>) -> Poll<()>;
}

/// Guards need no turn.
#[derive(Debug)]
pub struct NoTurn;

impl Turn for NoTurn {
    const IS_NEEDED: bool = false;

    fn enter(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}

impl Turn for Entering<'_> {
    const IS_NEEDED: bool = true;

    fn enter(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        Pin::new(self).poll(cx)
    }
}

/// What a statement without cases that take waits for: only its time.
const NOTHING: &str = "nothing";

impl<L, T> fmt::Debug for Select<L, T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Select({})", self.at)
    }
}

impl Select<NoCases, NoTurn> {
    /// What `wait` gives for the `timeout` case.
    pub const TIMEOUT: usize = usize::MAX;
    /// What `wait` gives for the `default` case.
    pub const DEFAULT: usize = usize::MAX - 1;

    /// Without cases yet.
    #[expect(clippy::new_without_default, reason = "a statement, not a value")]
    #[track_caller]
    pub fn new() -> Self {
        Self {
            cases: NoCases,
            limit: None,
            has_default: false,
            turn: NoTurn,
            at: Location::caller(),
        }
    }
}

/// The message of the case that `wait` gave, out of what was handed over with the case.
pub fn taken<T>(message: Option<T>) -> T {
    match message {
        Some(message) => message,
        None => panic!("a receive statement takes a message that it does not have"),
    }
}

#[expect(private_bounds, reason = "generated code cannot make lists of its own")]
impl<L: AllCases, T: Turn> Select<L, T> {
    pub(super) fn and<S: Receive, G: Guard<S::Item>>(
        self,
        source: S,
        guard: G,
        message: &mut Option<S::Item>,
    ) -> Select<And<L, OneCase<'_, S, G>>, T> {
        let Self { cases, limit, has_default, turn, at } = self;
        let cases = And::new(cases, OneCase::new(source, guard, message));
        Select { cases, limit, has_default, turn, at }
    }

    /// `from source into x:`. The message goes to `message`.
    pub fn case<S: Receive>(
        self,
        source: S,
        message: &mut Option<S::Item>,
    ) -> Select<And<L, OneCase<'_, S, Without>>, T> {
        self.and(source, Without, message)
    }

    /// `from source into x when …:`
    pub fn case_when<S: Receive, G: FnMut(&S::Item) -> Result<bool> + Send>(
        self,
        source: S,
        guard: G,
        message: &mut Option<S::Item>,
    ) -> Select<And<L, OneCase<'_, S, When<G>>>, T> {
        self.and(source, When(guard), message)
    }

    /// `timeout limit:`
    #[must_use]
    pub fn timeout(self, limit: Duration) -> Self {
        Self { limit: Some(limit), ..self }
    }

    /// `default:`
    #[must_use]
    pub fn default_case(self) -> Self {
        Self { has_default: true, ..self }
    }

    /// Guards read the state of the agent's domain.
    #[must_use]
    pub fn in_turns(self, turn: Entering<'_>) -> Select<L, Entering<'_>> {
        let Self { cases, limit, has_default, at, .. } = self;
        Select { cases, limit, has_default, turn, at }
    }

    /// Waits for a case and gives its number. Throws `ChannelClosedException` if all sources are over.
    pub fn wait(self) -> Selecting<L, T> {
        let suspension = Suspension::at(self.at);
        Selecting { select: self, suspension, alarm: None }
    }

    /// As `look` and `arm`, where that needs no turn at any source: gives a case, or `Armed`.
    #[inline(always)]
    fn look_quickly(&mut self, waiting: Lent<'_>) -> Quick<usize> {
        let n_cases = self.cases.len();
        if self.has_default || T::IS_NEEDED || waiting.has_verdict() {
            return Quick::InTurn;
        }
        let start = if n_cases > 1 { current::start(n_cases) } else { 0 };
        let owner = waiting.pool().owner_address();
        let mut n_armed = 0;
        let mut number = start;
        // First without arming: what is there is not to leave arms behind it.
        for _ in 0..n_cases {
            match self.cases.glance(number, owner) {
                Glance::Armed => n_armed += 1,
                Glance::Empty => {}
                Glance::Other => match self.cases.quick(number, None) {
                    Quick::Item(()) => return Quick::Item(number),
                    Quick::Empty | Quick::Armed => {}
                    Quick::InTurn => return Quick::InTurn,
                },
            }
            number += 1;
            if number == n_cases {
                number = 0;
            }
        }
        if n_armed == n_cases { Quick::Armed } else { self.arm_quickly(start, waiting) }
    }

    /// Arms what is not, or takes what has come meanwhile.
    #[inline(never)]
    fn arm_quickly(&mut self, start: usize, waiting: Lent<'_>) -> Quick<usize> {
        let n_cases = self.cases.len();
        for number in (start..n_cases).chain(0..start) {
            match self.cases.quick(number, Some(&mut waiting.pool())) {
                Quick::Item(()) => return Quick::Item(number),
                Quick::Empty | Quick::Armed => {}
                Quick::InTurn => return Quick::InTurn,
            }
        }
        Quick::Armed
    }
}

impl<L: AllCases, T: Turn> Tells for Select<L, T> {
    fn at(&self) -> Place {
        self.at
    }

    fn origins(&self, into: &mut Vec<Origin>) {
        for number in 0..self.cases.len() {
            let case = self.cases.see(number);
            into.push(Origin { refused: case.looked().refused, ..case.origin() });
            case.more_origins(into);
        }
        if self.cases.len() == 0 {
            into.push(Origin::other(NOTHING));
        }
    }

    fn is_own(&self, strand: &Strand) -> bool {
        (0..self.cases.len()).any(|number| self.cases.see(number).is_own(strand))
    }

    fn outlook(&self) -> Outlook {
        // With a limit it ends of itself.
        match self.limit.is_some() || self.has_default {
            true => Outlook::Free,
            false => outlook(&self.cases),
        }
    }
}

fn outlook(cases: &dyn AllCases) -> Outlook {
    Outlook::any((0..cases.len()).map(|number| cases.see(number).outlook()))
}

/// What a look at all cases has found.
struct Looked {
    taken: Option<usize>,
    /// All sources are over.
    is_over: bool,
    /// Why those are over that are, with their numbers.
    endings: Vec<(usize, Ending)>,
    /// Another look is due before sleeping.
    again: bool,
}

/// The first case that has something, beginning with a random one.
fn look(cases: &mut dyn AllCases, registered: bool) -> Result<Looked> {
    let n_cases = cases.len();
    let start = current::random(n_cases);
    let (is_over, endings) = (n_cases > 0, Vec::new());
    let mut looked = Looked { taken: None, is_over, endings, again: false };
    for step in 0..n_cases {
        let number = (start + step) % n_cases;
        let case = cases.at(number);
        let found = case.look(registered)?;
        let state = case.looked_mut();
        state.refused = matches!(found, Found::Refused);
        match found {
            Found::Taken => {
                looked.taken = Some(number);
                return Ok(looked);
            }
            Found::Over(ending) => looked.endings.push((number, ending)),
            Found::Nothing => {
                looked.is_over = false;
                // It had something when it was to be armed, and another has taken it.
                looked.again |= registered && !state.armed;
            }
            Found::Refused | Found::Busy => looked.is_over = false,
        }
    }
    Ok(looked)
}

/// Registers with all sources. One that has something is not armed.
fn arm(cases: &mut dyn AllCases) {
    current::with_waiting(|waiting| {
        for number in 0..cases.len() {
            let case = cases.at(number);
            case.looked_mut().armed = case.arm(&mut waiting.pool());
        }
    });
}

/// Why all sources are over: the first agent that failed says most. Requests that will not be
/// answered say so if nothing but requests was waited for.
fn ending(mut endings: Vec<(usize, Ending)>) -> Ending {
    endings.sort_by_key(|(number, _)| *number);
    let mut most = Ending::Replied;
    for (_, ending) in endings {
        match (&ending, &most) {
            (Ending::Failed(_), _) => return ending,
            (Ending::Normal, _) | (Ending::NoReply, Ending::Replied) => most = ending,
            (Ending::NoReply | Ending::Replied, _) => {}
        }
    }
    most
}

/// The future of [`Select::wait`].
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct Selecting<L, T> {
    select: Select<L, T>,
    suspension: Suspension,
    alarm: Option<Alarm>,
}

// Nothing in it is ever pinned.
impl<L, T> Unpin for Selecting<L, T> {}

/// The parts of a statement that do not depend on what its cases are.
struct Slowly<'s> {
    cases: &'s mut dyn AllCases,
    has_default: bool,
    ends_of_itself: bool,
    at: &'static Location<'static>,
}

impl Slowly<'_> {
    /// What a look decides, if anything.
    fn decide(&mut self, looked: Looked) -> Option<Result<usize>> {
        if let Some(case) = looked.taken {
            return Some(Ok(case));
        }
        if looked.is_over {
            return Some(Err(self
                .in_vain()
                .unwrap_or_else(|| self.over(looked.endings))));
        }
        if self.has_default {
            return Some(Ok(Select::DEFAULT));
        }
        None
    }

    /// Why it need not wait, if nobody takes what is in the way of all its cases.
    fn in_vain(&self) -> Option<Exception> {
        if self.ends_of_itself {
            return None;
        }
        Some(outlook(self.cases).in_vain()?.at(self.at))
    }

    fn over(&self, endings: Vec<(usize, Ending)>) -> Exception {
        let ending = ending(endings);
        let strand = current::strand();
        let is_own = (0..self.cases.len()).any(|number| {
            strand.as_ref().is_some_and(|strand| self.cases.see(number).is_own(strand))
        });
        if is_own { ending.own_exception(self.at) } else { ending.exception(self.at) }
    }

    fn look_and_arm(&mut self) -> Poll<Result<usize>> {
        let looked = look(self.cases, false)?;
        if let Some(decided) = self.decide(looked) {
            return Poll::Ready(decided);
        }
        current::with_waiting(|waiting| waiting.pool().begin());
        loop {
            arm(self.cases);
            let looked = look(self.cases, true)?;
            let again = looked.again;
            if let Some(decided) = self.decide(looked) {
                return Poll::Ready(decided);
            }
            if !again {
                return match self.in_vain() {
                    Some(exception) => Poll::Ready(Err(exception)),
                    None => Poll::Pending,
                };
            }
        }
    }
}

#[expect(private_bounds, reason = "as above")]
impl<L: AllCases, T: Turn> Selecting<L, T> {
    #[inline(never)]
    fn poll_slowly(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize>> {
        if asked::tell(&self.select) {
            return Poll::Pending;
        }
        std::task::ready!(self.suspension.begin());
        let at = self.suspension.at;
        if let Some(exception) = current::verdict() {
            return Poll::Ready(Err(exception.at(at)));
        }
        let select = &mut self.select;
        std::task::ready!(select.turn.enter(cx));
        let ends_of_itself = select.limit.is_some() || select.has_default;
        let has_default = select.has_default;
        let cases = &mut select.cases;
        let mut slowly = Slowly { cases, has_default, ends_of_itself, at };
        if let Poll::Ready(result) = slowly.look_and_arm() {
            return Poll::Ready(result);
        }
        held::end_turns();
        self.wait_or_ring()
    }

    /// Nothing is there: waits, if the limit lets it.
    fn wait_or_ring(&mut self) -> Poll<Result<usize>> {
        if let Some(limit) = self.select.limit {
            let alarm = self.alarm.get_or_insert_with(|| Alarm::after(limit));
            if alarm.has_rung() {
                return Poll::Ready(Ok(Select::TIMEOUT));
            }
        }
        current::note();
        Poll::Pending
    }
}

impl<L: AllCases, T: Turn> Future for Selecting<L, T> {
    type Output = Result<usize>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<usize>> {
        let this = self.get_mut();
        let select = &mut this.select;
        let quick = this.suspension.begin_quickly(|waiting| {
            let quick = select.look_quickly(waiting);
            if matches!(quick, Quick::Armed) && select.limit.is_none() {
                waiting.note();
            }
            quick
        });
        match quick {
            Some(Quick::Item(case)) => Poll::Ready(Ok(case)),
            Some(Quick::Armed) if this.select.limit.is_none() => Poll::Pending,
            Some(Quick::Armed) => this.wait_or_ring(),
            Some(Quick::Empty | Quick::InTurn) | None => this.poll_slowly(cx),
        }
    }
}
