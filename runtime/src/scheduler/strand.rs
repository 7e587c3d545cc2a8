//! Strands and activities: what is run, one activity of a strand at a time.
//! It does not know what an activity does, nor what the strand's owner is.
//!
//! | strand | its word ([`ready`](super::ready)) | where the right to run it is ([`Runnable`]) |
//! |---|---|---|
//! | idle | idle | in the word |
//! | scheduled | taken, marked or nodes | in a queue |
//! | running | taken, marked or nodes | with a worker |
//! | over | over | gone |
//!
//! The wake that finds the word idle schedules the strand. The worker makes it idle again at the end, with
//! release; the next wake acquires that, and hands it on through the queue to the next worker. So what one
//! worker did to the strand is seen by the next.
//!
//! An activity that hangs in the list has its flag set, so it hangs there once. The flag is taken back just
//! before the poll, so a wake during the poll hangs it up again.
//!
//! Most strands have one activity for all their life, the first, which needs neither list nor flag. What only
//! the others need is made when the second is added ([`Rare`]).

use std::cell::{OnceCell, RefCell};
use std::fmt;
use std::future::Future;
use std::mem;
use std::ptr;

use super::Scheduler;
use super::activity::{Activity, quietly};
pub(crate) use super::block::{BlockRef, Head, InBlock, With};
use super::current::{self, is_on};
pub(crate) use super::handle::{ActivityRef, StrandRef};
use super::hung::Hung;
use super::living::Home as Lives;
use super::marks::{FIRST_IS_READY, LONE, Marks, OVER, SERVES, SHARES};
use super::owner::Added;
pub(crate) use super::owner::{Made, Owned, Owner, Owning, Part};
use super::ready::{Ready, Since};
pub(crate) use super::runner::{OfStrand, Runnable};
pub(crate) use super::runs::Runs;
use super::slice::Next;
use super::waits::Waits;
use crate::channel::here::Common;
use crate::mailbox::inbox::Chain;
use crate::sync::Ordering;
use crate::value::{Exception, Result};

/// A logical thread. In the blocks of other activities than the first there is one, too, whose activity is that one,
/// and which does nothing else.
#[repr(C)]
pub(crate) struct Strand {
    /// First: see [`block`](super::block).
    first: Activity,
    pub(super) ready: Ready<Hung, Runnable>,
    /// Made when it is first needed.
    rare: OfStrand<OnceCell<Box<RefCell<Rare>>>>,
    /// What is common to all channels, of the one behind the strand.
    pub(crate) channel: Common,
}

/// What strands with one activity do without.
#[derive(Default)]
struct Rare {
    /// Taken out of the word, not yet polled: others than the first activity.
    others: Chain<Hung>,
    /// How many others live.
    n_added: usize,
    /// All but the first: the one at 0 has the index 1.
    added: Vec<Option<ActivityRef>>,
    /// Which of them are free.
    free: Vec<u32>,
    /// The activity that waits for its turn on a domain: until it goes on, no other one is polled.
    alone: Option<u32>,
    /// Those that became ready meanwhile, in order; `None` for the first.
    set_aside: Vec<Option<Hung>>,
    /// Work that other strands do for this one.
    n_jobs: usize,
    /// Why the strand will end once it is at rest.
    failing: Option<Failing>,
}

struct Failing {
    exception: Exception,
    /// How many more polls it may take to come to rest.
    n_polls_left: usize,
}

/// So many polls may follow a failure before the strand ends, at rest or not.
const POLLS_AFTER_FAILURE: usize = 1000;

impl fmt::Debug for Strand {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Strand({})", self.name())
    }
}

impl Strand {
    #[inline]
    pub(super) fn new(first: Activity, channel: Common) -> Self {
        let rare = OfStrand::new(OnceCell::new());
        Self { first, ready: Ready::new(), rare, channel }
    }

    #[inline(always)]
    pub(super) fn first(&self) -> &Activity {
        &self.first
    }

    #[inline(always)]
    pub(super) fn head(&self) -> &Head {
        self.first.head()
    }

    #[inline(always)]
    fn marks(&self) -> &Marks {
        &self.head().flags.marks
    }

    /// Says of a strand that has not started that it lives in a domain.
    pub(crate) fn share(&self) {
        self.marks().set(SHARES, true);
    }

    /// Whether nobody but the one activity that it has can have what it has. For its own code.
    pub(crate) fn is_alone(&self) -> bool {
        !self.marks().has(SHARES) && self.n_live() == 1
    }

    /// In whose list of agents it is, and where.
    pub(super) fn home(&self) -> Lives {
        // Relaxed: written before the strand starts.
        Lives(self.first.home.load(Ordering::Relaxed))
    }

    pub(super) fn place(&self) -> u32 {
        self.first.number()
    }

    pub(super) fn set_home(&self, home: Lives) {
        self.first.home.store(home.0, Ordering::Relaxed);
    }

    pub(super) fn set_place(&self, place: u32) {
        self.first.number.store(place, Ordering::Relaxed);
    }

    /// How many activities live. For its own code.
    fn n_live(&self) -> usize {
        usize::from(self.first.lives()) + self.see_rare(|rare| rare.n_added)
    }

    pub(crate) fn scheduler(&self) -> &'static Scheduler {
        Scheduler::the()
    }

    /// Where it is, only to be compared.
    pub(crate) fn address(&self) -> usize {
        ptr::from_ref(self).addr()
    }

    /// A port of the agent's own channel leads into a network. For its own code.
    pub(crate) fn serve(&self) {
        self.marks().set(SERVES, true);
    }

    /// Whether the first activity is all that there ever was, and lives.
    #[inline(always)]
    pub(super) fn is_lone(&self) -> bool {
        self.marks().has(LONE)
    }

    pub(super) fn is_over(&self) -> bool {
        self.marks().has(OVER)
    }

    /// For the strand's own code, and who runs it.
    fn with_rare<R>(&self, body: impl FnOnce(&mut Rare) -> R) -> R {
        self.marks().set(LONE, false);
        self.rare.with(|rare| body(&mut rare.get_or_init(Default::default).borrow_mut()))
    }

    /// As `with_rare`, if there is something.
    fn see_rare<R: Default>(&self, body: impl FnOnce(&mut Rare) -> R) -> R {
        self.rare.with(|rare| {
            rare.get().map_or_else(R::default, |rare| body(&mut rare.borrow_mut()))
        })
    }

    /// The strand fails, but what is on its way is delivered first: it ends when it is at rest. For its
    /// own code; who calls this does nothing more.
    pub(crate) fn fail_at_rest(&self, exception: Exception) {
        self.with_rare(|rare| {
            let failing = Failing { exception, n_polls_left: POLLS_AFTER_FAILURE };
            rare.failing.get_or_insert(failing);
        });
    }

    /// Another strand begins to work for this one, or has done so. For its own code.
    pub(crate) fn count_jobs(&self, change: impl FnOnce(usize) -> usize) {
        self.with_rare(|rare| rare.n_jobs = change(rare.n_jobs));
    }

    /// Why the strand ends now, after one poll more.
    pub(super) fn failed(&self) -> Option<Exception> {
        self.see_rare(|rare| {
            let failing = rare.failing.as_mut()?;
            failing.n_polls_left = failing.n_polls_left.saturating_sub(1);
            if failing.n_polls_left > 0 {
                return None;
            }
            rare.failing.take().map(|failing| failing.exception)
        })
    }

    /// Why the strand ends now that nothing is ready.
    pub(super) fn failed_at_rest(&self) -> Option<Exception> {
        self.see_rare(|rare| {
            if rare.n_jobs > 0 {
                return None;
            }
            rare.failing.take().map(|failing| failing.exception)
        })
    }

    /// Takes out of the word what is ready; `false` if nothing is.
    pub(super) fn refill(&self, begins: bool) -> bool {
        let fresh = self.ready.take(&self.first.is_hung);
        let first_is_ready = match fresh.since {
            Since::Idle => false,
            Since::Taken => begins,
            Since::Marked => true,
        };
        let any = first_is_ready || !fresh.others.is_empty();
        self.marks().set(FIRST_IS_READY, first_is_ready);
        if !fresh.others.is_empty() {
            self.with_rare(|rare| rare.others = fresh.others);
        }
        any
    }

    /// Whether something was taken out of the word.
    pub(super) fn has_ready(&self) -> bool {
        self.marks().has(FIRST_IS_READY) || self.see_rare(|rare| !rare.others.is_empty())
    }

    /// What was taken out and may be polled now.
    pub(super) fn next_allowed(&self) -> Option<Next> {
        let marks = self.marks();
        if !self.see_rare(|rare| rare.alone.is_some()) && marks.take(FIRST_IS_READY) {
            return Some(Next::First);
        }
        self.see_rare(|rare| rare.next_allowed(marks))
    }

    /// Nobody waits alone any more: those that were set aside come first.
    pub(super) fn go_on(&self) {
        self.see_rare(|rare| {
            rare.alone = None;
            for aside in rare.set_aside.drain(..).rev() {
                match aside {
                    None => self.marks().set(FIRST_IS_READY, true),
                    Some(hung) => rare.others.put_first(hung),
                }
            }
        });
    }
}

impl Rare {
    /// As of the strand.
    fn next_allowed(&mut self, marks: &Marks) -> Option<Next> {
        let rare = self;
        let Some(alone) = rare.alone else {
            return Some(Next::Added(rare.others.next()?.take_down()));
        };
        if marks.take(FIRST_IS_READY) {
            if alone == 0 {
                return Some(Next::First);
            }
            rare.set_aside.push(None);
        }
        for hung in rare.others.by_ref() {
            if alone == hung.index() {
                return Some(Next::Added(hung.take_down()));
            }
            rare.set_aside.push(Some(hung));
        }
        None
    }
}

impl Runnable {
    /// A strand that belongs to nobody and has not started. The name is for reports.
    pub(crate) fn of_new<O, F>(owner: O, body: F) -> Self
    where
        O: Owner,
        F: Future<Output = Result<()>> + Send + 'static,
    {
        Owning::strand_for(owner, |_| body).strand
    }

    /// Starts a new strand.
    pub(crate) fn start(self) {
        Scheduler::schedule_soon(self);
    }

    /// Ends a strand that has not started and never will.
    pub(crate) fn abandon(self) {
        self.within(|| self.end(None));
    }
}

impl StrandRef {
    /// Adds an activity to the running strand, from its own code.
    pub(crate) fn add<F>(&self, body: F)
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        assert!(is_on(self), "a network is linked outside of its agent");
        let index = self.with_rare(|rare| {
            rare.free.pop().unwrap_or_else(|| {
                rare.added.push(None);
                // A strand with so many activities would not fit any memory.
                rare.added.len() as u32
            })
        });
        let activity = Added::activity(self.clone(), index, body);
        self.with_rare(|rare| {
            rare.added[index as usize - 1] = Some(activity.clone());
            rare.n_added += 1;
        });
        // The strand runs: its word is not idle.
        if let Some(hung) = Hung::hang(activity) {
            drop(self.ready.push(hung));
        }
    }

    pub(super) fn wait_alone(&self, index: u32) {
        // Without others there is nobody to be kept out.
        if self.n_live() > 1 {
            self.with_rare(|rare| rare.alone = Some(index));
        }
    }

    pub(super) fn remove(&self, activity: &ActivityRef) {
        self.go_on();
        let gone = self.see_rare(|rare| {
            let place = rare.added.get_mut(activity.index().checked_sub(1)? as usize)?;
            rare.free.push(activity.index());
            rare.n_added -= 1;
            place.take()
        });
        drop(gone);
        match self.n_live() {
            0 => self.end(None),
            // Nobody but the constructor is left to take what is in its way.
            1 if self.first().has_noted() => self.first().front().run_again(),
            _ => {}
        }
    }

    fn activity(&self, index: u32) -> Option<ActivityRef> {
        match index.checked_sub(1) {
            None => Some(self.first().clone()),
            Some(at) => self.see_rare(|rare| rare.added.get(at as usize)?.clone()),
        }
    }

    /// Drops all activities and tells the owner. Later wakes find nothing to poll.
    pub(super) fn end(&self, failure: Option<Exception>) {
        if self.is_over() {
            return;
        }
        self.marks().set(LONE | FIRST_IS_READY, false);
        self.marks().set(OVER, true);
        let mut rare = self.see_rare(mem::take);
        drop(mem::take(&mut rare.others));
        drop(self.ready.finish());
        // First, so that those who wait for this agent learn the reason before its parts go.
        quietly(|| self.behind().end(self, failure, false));
        self.leave();
        self.first().finish();
        rare.added.into_iter().flatten().for_each(|activity| activity.finish());
        quietly(|| self.behind().leave(self));
    }

    /// It lives no more.
    #[inline]
    fn leave(&self) {
        let living = self.scheduler().living();
        current::with_here(|here| living.leave(here, self));
    }

    /// The first activity, which was the only one ever, is done.
    pub(super) fn end_lone(&self) {
        self.end_lone_by(Self::leave);
    }

    /// As `end_lone`; `leave` takes it out of the list of those that live.
    #[inline(always)]
    pub(super) fn end_lone_by(&self, leave: impl Fn(&Self)) {
        /// It leaves, then the owner goes, also when a panic goes through.
        struct Going<'a, L: Fn(&StrandRef)>(&'a StrandRef, L);

        impl<L: Fn(&StrandRef)> Drop for Going<'_, L> {
            fn drop(&mut self) {
                (self.1)(self.0);
                self.0.behind().leave(self.0);
            }
        }

        self.marks().set(LONE, false);
        self.marks().set(OVER, true);
        drop(self.ready.finish());
        let _going = Going(self, leave);
        self.behind().end(self, None, true);
    }

    /// Where the activities of an idle strand wait.
    pub(super) fn waits(&self) -> Waits {
        self.while_idle(|| {
            let added: Vec<_> =
                self.see_rare(|rare| rare.added.iter().flatten().cloned().collect());
            let all = std::iter::once(self.first()).chain(&added);
            let places = all.filter_map(ActivityRef::place).collect();
            Waits { places, serves: self.marks().has(SERVES) }
        })
        .unwrap_or_default()
    }

    /// The wait of an activity of an idle strand ends with an exception once the activity is woken.
    pub(crate) fn end_wait(&self, index: u32, with: Exception) -> Option<ActivityRef> {
        self.while_idle(|| {
            let activity = self.activity(index)?;
            if activity.lives() {
                activity.with_waiting(|waiting| waiting.decide(with));
            }
            Some(activity)
        })?
    }

    /// Does what only who runs the strand may do, if nobody does and nobody is about to.
    fn while_idle<R>(&self, body: impl FnOnce() -> R) -> Option<R> {
        // This is what a wake does before it schedules the strand: from here on nobody else may run it.
        let strand = self.ready.seize()?;
        let done = strand.within(body);
        if let Err(strand) = strand.rest() {
            // It was woken meanwhile.
            Scheduler::schedule(strand);
        }
        Some(done)
    }
}
