//! Calls of the operating system that may take long: threads of their own run them, and the
//! agent that asked waits as for a message. It does not know what the calls do.

#![expect(
    clippy::disallowed_types,
    reason = "threads that do nothing but block hand over work behind a lock, off the message path"
)]

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::thread;

use crate::port::event::Event;
use crate::port::receive::Suspension;
use crate::scheduler::current;
use crate::value::{Exception, Result};

/// More calls than this wait for each other.
const MOST_THREADS: usize = 16;

type Job = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Crew {
    jobs: VecDeque<Job>,
    n_threads: usize,
    n_idle: usize,
}

/// The threads, and what they have to do.
static CREW: Mutex<Option<Crew>> = Mutex::new(None);
static WORK: Condvar = Condvar::new();

/// Has some thread run the job.
fn hand_over(job: Job) {
    let mut crew = CREW.lock().unwrap_or_else(PoisonError::into_inner);
    let crew = crew.get_or_insert_default();
    crew.jobs.push_back(job);
    let busy = crew.n_idle < crew.jobs.len();
    if busy && crew.n_threads < MOST_THREADS {
        let thread = thread::Builder::new().name("blocking".to_owned()).spawn(run);
        // With one thread at least the jobs are done, one after the other.
        if thread.is_ok() {
            crew.n_threads += 1;
        } else if crew.n_threads == 0 {
            panic!("no thread can be started for calls that block");
        }
    }
    WORK.notify_one();
}

fn run() {
    loop {
        let mut guard = CREW.lock().unwrap_or_else(PoisonError::into_inner);
        let job = loop {
            let crew = guard.get_or_insert_default();
            if let Some(job) = crew.jobs.pop_front() {
                break job;
            }
            crew.n_idle += 1;
            guard = WORK.wait(guard).unwrap_or_else(PoisonError::into_inner);
            guard.get_or_insert_default().n_idle -= 1;
        };
        drop(guard);
        job();
    }
}

/// The future of a call that blocks.
#[must_use = "futures do nothing unless awaited"]
pub struct Blocking<T> {
    suspension: Suspension,
    at: &'static Location<'static>,
    call: Option<Box<dyn FnOnce() -> Result<T> + Send>>,
    done: Option<Arc<Event<Result<T>>>>,
    waits_for: &'static str,
}

/// What a call gave; the text says what went wrong.
pub(super) type Outcome<T> = std::result::Result<T, String>;

impl<T> Blocking<T> {
    /// A call that is made when the future is polled.
    #[track_caller]
    pub(super) fn new(call: impl FnOnce() -> Outcome<T> + Send + 'static) -> Self {
        let call = || call().map_err(|it| Exception::new("IoException", it));
        Self::throwing("a file", call)
    }

    /// The same of a call that throws what it likes.
    #[track_caller]
    pub(super) fn throwing(
        waits_for: &'static str,
        call: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Self {
        Self {
            suspension: Suspension::here(),
            at: Location::caller(),
            call: Some(Box::new(call)),
            done: None,
            waits_for,
        }
    }
}

impl<T> fmt::Debug for Blocking<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Blocking")
    }
}

impl<T: Clone + Send + Sync + 'static> Future for Blocking<T> {
    type Output = Result<T>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<T>> {
        let this = self.get_mut();
        std::task::ready!(this.suspension.begin());
        if let Some(call) = this.call.take() {
            let event = Event::new(this.waits_for);
            let scheduler = current::scheduler();
            if scheduler.systematic().is_some() {
                return Poll::Ready(call().map_err(|it| it.at(this.at)));
            }
            // Until the call is done, the program is not at rest.
            scheduler.pend();
            let done = Arc::clone(&event);
            hand_over(Box::new(move || {
                // Nobody else sets it.
                let _ = done.set(call());
                scheduler.settle();
            }));
            this.done = Some(event);
        }
        let done = this.done.as_ref().expect("the call was made above");
        let at = this.at;
        let outcome =
            |outcome: &Result<T>| Poll::Ready(outcome.clone().map_err(|it| it.at(at)));
        if let Some(it) = done.get() {
            return outcome(it);
        }
        current::with_waiting(|waiting| {
            waiting.pool().begin();
            done.register(&mut waiting.pool());
        });
        match done.get() {
            Some(it) => outcome(it),
            None => Poll::Pending,
        }
    }
}
