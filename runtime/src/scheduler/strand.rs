//! Strands and activities: what is run, one activity of a strand at a time.
//! It does not know what an activity does, nor what the strand's owner is.
//!
//! | strand | its list | who may touch its `core` and its activities |
//! |---|---|---|
//! | idle | armed | nobody |
//! | scheduled | empty or nodes | nobody, until a worker takes it from a queue |
//! | running | empty or nodes | that worker |
//!
//! A wake claims the activity (so it hangs in the list once) and pushes it. The push that undoes the
//! arming schedules the strand. The worker arms the list again at the end, with release; the next push
//! acquires that, and hands it on through the queue to the next worker. So what one worker did to the
//! strand is seen by the next, and there is never more than one.
//!
//! A claim is released just before the poll, so a wake during the poll pushes the activity again.

use std::fmt;
use std::future::Future;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::ptr;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use super::current::{self, Left, Waiting};
use super::waits::{Waited, Waits};
use super::{Scheduler, current::is_on};
use crate::mailbox::inbox::{Before, Chain, Claimed, Inbox, Link, Linked};
use crate::mailbox::sleeper::{Face, Sleep, Sleeper};
use crate::mailbox::waiters::WaitPool;
use crate::sync::Cell;
use crate::value::{Exception, Result};

/// What an activity runs.
pub(crate) type Body = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

/// What is told when all activities of a strand are done, or one has failed.
pub(crate) trait Owner: Send + Sync {
    /// Takes what is left to take apart. Called once, on the strand.
    fn end(&self, failure: Option<Exception>);
}

/// Whether the strand has more to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    Idle,
    Again,
}

/// How many polls a strand gets before it goes to the end of the queue.
const POLLS_PER_SLICE: usize = 32;

/// A logical thread.
pub(crate) struct Strand {
    link: Link<Strand>,
    ready: Inbox<Claimed<Activity>>,
    scheduler: &'static Scheduler,
    name: &'static str,
    core: Cell<Core>,
}

struct Core {
    /// Taken from the list, not yet polled.
    backlog: Chain<Claimed<Activity>>,
    activities: Vec<Option<Arc<Activity>>>,
    free: Vec<usize>,
    n_live: usize,
    owner: Option<Arc<dyn Owner>>,
    /// The activity that waits for its turn on a domain: until it goes on, no other one is polled.
    alone: Option<usize>,
    /// Those that became ready meanwhile, in order.
    set_aside: Vec<Claimed<Activity>>,
    /// Work that other strands do for this one.
    n_jobs: usize,
    /// It has led a port of its own channel into a network.
    serves: bool,
    /// It lives in a domain, whose state others have too.
    shares: bool,
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

impl Core {
    fn next_allowed(&mut self) -> Option<Claimed<Activity>> {
        loop {
            let claimed = self.backlog.next()?;
            if self.alone.is_none_or(|alone| alone == claimed.node().index) {
                return Some(claimed);
            }
            self.set_aside.push(claimed);
        }
    }
}

// SAFETY: `core` is touched only as the table at the top says; all else is atomic or constant.
unsafe impl Sync for Strand {}
// SAFETY: activities and owners are `Send`.
unsafe impl Send for Strand {}

// SAFETY: names the one field.
unsafe impl Linked for Strand {
    fn link(&self) -> &Link<Self> {
        &self.link
    }
}

impl fmt::Debug for Strand {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Strand({})", self.name)
    }
}

impl Strand {
    /// A strand that has not started. The name is for reports.
    pub(crate) fn new(scheduler: &'static Scheduler, name: &'static str) -> Arc<Self> {
        Arc::new(Self {
            link: Link::new(),
            // As if scheduled: nobody runs it before `start`.
            ready: Inbox::new(),
            scheduler,
            name,
            core: Cell::new(Core {
                backlog: Chain::empty(),
                activities: Vec::new(),
                free: Vec::new(),
                n_live: 0,
                owner: None,
                alone: None,
                set_aside: Vec::new(),
                n_jobs: 0,
                serves: false,
                shares: false,
                failing: None,
            }),
        })
    }

    /// Says of a strand that has not started that it lives in a domain.
    pub(crate) fn share(&self) {
        self.with_core(|core| core.shares = true);
    }

    /// Whether nobody but the one activity that it has can have what it has. For its own code.
    pub(crate) fn is_alone(&self) -> bool {
        self.with_core(|core| core.n_live == 1 && !core.shares)
    }

    /// Gives a strand that has not started its owner.
    pub(crate) fn own(&self, owner: Arc<dyn Owner>) {
        self.with_core(|core| core.owner = Some(owner));
    }

    /// Ends a strand that has not started and never will.
    pub(crate) fn abandon(self: &Arc<Self>) {
        current::with_strand(self, || self.end(None));
    }

    pub(crate) fn scheduler(&self) -> &'static Scheduler {
        self.scheduler
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Starts a new strand with its first activity.
    pub(crate) fn start(self: &Arc<Self>, body: Body) {
        // It has not been scheduled, so nobody else touches it.
        self.insert(body);
        self.scheduler.schedule_new(self.clone());
    }

    /// Adds an activity to the running strand, from its own code.
    pub(crate) fn add(self: &Arc<Self>, body: Body) {
        assert!(is_on(self), "a network is linked outside of its agent");
        self.insert(body);
    }

    /// A port of the agent's own channel leads into a network. For its own code.
    pub(crate) fn serve(&self) {
        self.with_core(|core| core.serves = true);
    }

    fn with_core<R>(&self, body: impl FnOnce(&mut Core) -> R) -> R {
        // SAFETY: callers are the worker that runs the strand, or whoever has not started it yet, and
        // no `body` calls out to code that could come back here.
        self.core.with_mut(|core| body(unsafe { &mut *core }))
    }

    fn insert(self: &Arc<Self>, body: Body) {
        let activity = self.with_core(|core| {
            let index = core.free.pop().unwrap_or(core.activities.len());
            let activity = Activity::new(self.clone(), index, body);
            if index == core.activities.len() {
                core.activities.push(Some(activity.clone()));
            } else {
                core.activities[index] = Some(activity.clone());
            }
            core.n_live += 1;
            activity
        });
        // The strand runs, or is about to: its list is not armed.
        if let Some(claimed) = Claimed::claim(&activity) {
            self.ready.push(claimed);
        }
    }

    /// Runs what is ready. Only the worker that took the strand from a queue calls it.
    pub(crate) fn run(self: &Arc<Self>) -> After {
        current::with_strand(self, || self.slice())
    }

    /// The strand fails, but what is on its way is delivered first: it ends when it is at rest. For its
    /// own code; who calls this does nothing more.
    pub(crate) fn fail_at_rest(&self, exception: Exception) {
        self.with_core(|core| {
            let failing = Failing { exception, n_polls_left: POLLS_AFTER_FAILURE };
            core.failing.get_or_insert(failing);
        });
    }

    /// Another strand begins to work for this one, or has done so. For its own code.
    pub(crate) fn count_jobs(&self, change: impl FnOnce(usize) -> usize) {
        self.with_core(|core| core.n_jobs = change(core.n_jobs));
    }

    /// Why the strand ends now, after one poll more.
    fn failed(&self) -> Option<Exception> {
        self.with_core(|core| {
            let failing = core.failing.as_mut()?;
            failing.n_polls_left = failing.n_polls_left.saturating_sub(1);
            if failing.n_polls_left > 0 {
                return None;
            }
            core.failing.take().map(|failing| failing.exception)
        })
    }

    /// Why the strand ends now that nothing is ready.
    fn failed_at_rest(&self) -> Option<Exception> {
        self.with_core(|core| {
            if core.n_jobs > 0 {
                return None;
            }
            core.failing.take().map(|failing| failing.exception)
        })
    }

    fn slice(self: &Arc<Self>) -> After {
        for _ in 0..POLLS_PER_SLICE {
            let Some(activity) = self.next_ready() else { return After::Idle };
            if let Some(exception) = self.failed() {
                self.end(Some(exception));
            }
            match activity.poll() {
                Polled::Gone => {}
                Polled::Pending(left) => {
                    if left.alone {
                        self.with_core(|core| core.alone = Some(activity.index));
                    } else {
                        self.go_on();
                    }
                    if left.yielded {
                        return After::Again;
                    }
                }
                Polled::Done => self.remove(&activity),
                Polled::Failed(exception) => self.end(Some(exception)),
            }
        }
        After::Again
    }

    fn next_ready(&self) -> Option<Arc<Activity>> {
        loop {
            if let Some(claimed) = self.with_core(Core::next_allowed) {
                return Some(claimed.release());
            }
            let fresh = self.ready.take();
            if fresh.is_empty()
                && let Some(exception) = self.failed_at_rest()
            {
                self.end(Some(exception));
            } else if fresh.is_empty() {
                // Release: what this slice did is seen by the next.
                if self.ready.arm() {
                    return None;
                }
            } else {
                self.with_core(|core| core.backlog = fresh.reversed());
            }
        }
    }

    /// Nobody waits alone any more: those that were set aside come first.
    fn go_on(&self) {
        self.with_core(|core| {
            core.alone = None;
            for claimed in core.set_aside.drain(..).rev() {
                core.backlog.put_first(claimed);
            }
        });
    }

    fn remove(&self, activity: &Arc<Activity>) {
        self.go_on();
        let (n_live, first) = self.with_core(|core| {
            core.activities[activity.index] = None;
            core.free.push(activity.index);
            core.n_live -= 1;
            (core.n_live, core.activities[0].clone())
        });
        match (n_live, first) {
            (0, _) => self.end(None),
            // Nobody but the constructor is left to take what is in its way.
            (1, Some(first)) if first.has_noted() => Sleep::wake(first),
            _ => {}
        }
    }

    /// Drops all activities and tells the owner. Later wakes find nothing to poll.
    fn end(&self, failure: Option<Exception>) {
        let (activities, owner) = self.with_core(|core| {
            core.n_live = 0;
            core.free.clear();
            core.alone = None;
            core.failing = None;
            (std::mem::take(&mut core.activities), core.owner.take())
        });
        let Some(owner) = owner else {
            activities.iter().flatten().for_each(|activity| activity.finish());
            return;
        };
        // First, so that those who wait for this agent learn the reason before its parts go.
        owner.end(failure);
        activities.iter().flatten().for_each(|activity| activity.finish());
    }

    /// Where the activities of an idle strand wait. Only when the whole program is at rest.
    pub(crate) fn waits(&self) -> Waits {
        // Undoing the arming is what a push does before it schedules the strand: from here on nobody
        // else may run it.
        if !self.ready.disarm() {
            return Waits::default();
        }
        let waits = self.with_core(|core| {
            let activities = core.activities.iter().flatten();
            let places = activities.filter_map(|activity| activity.place()).collect();
            Waits { places, serves: core.serves }
        });
        self.ready.arm();
        waits
    }

    /// The wait of an activity of an idle strand ends with an exception once the activity is woken.
    /// Only when the whole program is at rest.
    pub(crate) fn end_wait(
        &self,
        index: usize,
        with: Exception,
    ) -> Option<Arc<Activity>> {
        if !self.ready.disarm() {
            return None;
        }
        let activity = self.with_core(|core| core.activities.get(index)?.clone());
        if let Some(activity) = &activity {
            activity.with_waiting(|waiting| {
                if let Some(waiting) = waiting {
                    waiting.verdict = Some(with);
                }
            });
        }
        self.ready.arm();
        activity
    }
}

/// A future and the state of its waiting.
#[repr(C)]
pub(crate) struct Activity {
    /// First: see [`Sleep`].
    face: Face,
    link: Link<Activity>,
    strand: Arc<Strand>,
    index: usize,
    /// `None` during a poll, and for ever once it is done. This and the next are touched only by the
    /// worker that runs the strand.
    body: Cell<Option<Body>>,
    /// Made by the first poll. It stays where it is: polls are given a pointer to it.
    waiting: Cell<Option<Waiting>>,
}

// SAFETY: the cells are touched only by the worker that runs the strand; all else is atomic or constant.
unsafe impl Sync for Activity {}
// SAFETY: the body is `Send`.
unsafe impl Send for Activity {}

// SAFETY: names the one field.
unsafe impl Linked for Activity {
    fn link(&self) -> &Link<Self> {
        &self.link
    }
}

impl fmt::Debug for Activity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Activity({} {})", self.strand.name, self.index)
    }
}

impl Wake for Activity {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.clone().run_again();
    }
}

// SAFETY: the type is `repr(C)` and begins with its face.
unsafe impl Sleep for Activity {
    fn wake(self: Arc<Self>) {
        self.run_again();
    }
}

enum Polled {
    Pending(Left),
    Done,
    Failed(Exception),
    /// It had ended already.
    Gone,
}

impl Activity {
    fn new(strand: Arc<Strand>, index: usize, body: Body) -> Arc<Self> {
        let (face, link) = (Face::of::<Self>(), Link::new());
        let (body, waiting) = (Cell::new(Some(body)), Cell::new(None));
        Arc::new(Self { face, link, strand, index, body, waiting })
    }

    /// Hangs the activity into the list of its strand, unless it hangs there.
    fn run_again(self: Arc<Self>) {
        let Some(claimed) = Claimed::claim_owned(self) else { return };
        let strand = ptr::from_ref(&*claimed.node().strand);
        // SAFETY: the activity has a count of its strand, and is not let go before it is pushed.
        if unsafe { &*strand }.ready.push(claimed) == Before::Armed {
            // SAFETY: this push undid the arming, so nobody runs the strand before it is scheduled: the
            // activity hangs in its list until then, and has a count of it.
            let strand = unsafe {
                Arc::increment_strong_count(strand);
                Arc::from_raw(strand)
            };
            strand.scheduler().schedule(strand);
        }
    }

    fn with_waiting<R>(&self, body: impl FnOnce(&mut Option<Waiting>) -> R) -> R {
        // SAFETY: callers are on the worker that runs the strand and outside of a poll of this activity,
        // and no `body` calls out.
        self.waiting.with_mut(|waiting| body(unsafe { &mut *waiting }))
    }

    fn take_body(&self) -> Option<Body> {
        // SAFETY: callers are on the worker that runs the strand.
        self.body.with_mut(|body| unsafe { &mut *body }.take())
    }

    fn poll(self: &Arc<Self>) -> Polled {
        let Some(mut body) = self.take_body() else { return Polled::Gone };
        let waiting = self.with_waiting(|waiting| {
            ptr::from_mut(waiting.get_or_insert_with(|| Waiting {
                pool: WaitPool::new(Sleeper::of(self.clone())),
                noted: None,
                verdict: None,
                held_back: Vec::new(),
            }))
        });
        // Without a count of its own: `self` has one for as long as the poll lasts.
        // SAFETY: the count that the waker believes to have is never given back.
        let lent = unsafe { Arc::from_raw(Arc::as_ptr(self)) };
        let waker = ManuallyDrop::new(Waker::from(lent));
        // SAFETY: it stays where it is, and is touched again only after `end_poll`.
        unsafe { current::begin_poll(waiting) };
        let polled = catch_unwind(AssertUnwindSafe(|| {
            body.as_mut().poll(&mut Context::from_waker(&waker))
        }));
        let left = current::end_poll();
        let polled = match polled {
            Ok(Poll::Pending) => {
                // SAFETY: this is the worker that runs the strand.
                self.body.with_mut(|place| unsafe { *place = Some(body) });
                return Polled::Pending(left);
            }
            Ok(Poll::Ready(Ok(()))) => Polled::Done,
            Ok(Poll::Ready(Err(exception))) => Polled::Failed(exception),
            Err(panic) => Polled::Failed(super::panics::to_exception(&*panic)),
        };
        self.drop_waiting();
        drop_quietly(body);
        polled
    }

    fn drop_waiting(&self) {
        drop(self.with_waiting(Option::take));
    }

    /// Drops what is left of it.
    fn finish(&self) {
        self.drop_waiting();
        if let Some(body) = self.take_body() {
            drop_quietly(body);
        }
    }

    fn place(&self) -> Option<Waited> {
        self.with_waiting(|waiting| {
            let waiting = waiting.as_ref()?;
            // SAFETY: the program is at rest, so the activity is suspended since it noted this.
            let (place, more, outlook) = unsafe { waiting.place(&self.strand) }?;
            Some(Waited { index: self.index, place, more, outlook })
        })
    }

    /// Whether it waits in the program's own code.
    fn has_noted(&self) -> bool {
        self.with_waiting(|waiting| {
            waiting.as_ref().is_some_and(|waiting| waiting.noted.is_some())
        })
    }
}

/// A panic while an activity's parts are dropped must not take the worker with it.
fn drop_quietly(body: Body) {
    let _ = catch_unwind(AssertUnwindSafe(|| drop(body)));
}
