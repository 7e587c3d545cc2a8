//! The program: from `main` to its exit code.
//! It does not know the entry agent; it is told how to make it and where its channel's ports are.

use std::future::Future;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use crate::agent::failure;
use crate::channel::{Channel, Port, Using};
use crate::library::console;
use crate::port::Value;
use crate::port::receive::Suspension;
use crate::port::select::{Select, taken};
use crate::port::source::{Ending, Source, Take};
use crate::port::target::Target;
use crate::scheduler::strand::{Owner, Runnable};
use crate::scheduler::systematic::Plan;
use crate::scheduler::{End, Scheduler, current, panics};
use crate::stack;
use crate::value::{Array, Exception, Result, Signal, Str};

/// The ports of the application's channel.
#[derive(Debug)]
pub struct Entry<'a> {
    /// `input string[] CommandLine`
    pub command_line: &'a Port<Array<Str>>,
    /// `output int ExitCode`
    pub exit_code: &'a Port<i32>,
    /// `output Signal Done`
    pub done: &'a Port<Signal>,
}

/// The exit code of a program whose entry agent has failed.
const FAILED: i32 = 70;

/// What runs when no agent does.
struct Program;

impl Owner for Program {
    const NAME: &'static str = "the program";

    type Part = ();
}

/// What the first thread of a process can be trusted to have. It only makes the entry agent.
const MAIN_STACK_BYTES: usize = 4 << 20;

/// Runs the program whose entry agent `create` makes, until it ends.
pub fn run<C: Channel>(
    create: impl FnOnce() -> Result<Using<C>>,
    entry: impl for<'a> FnOnce(&'a C) -> Entry<'a>,
) -> ExitCode {
    stack::set_limit(MAIN_STACK_BYTES);
    let code = run_with(n_workers(), arguments(), create, entry);
    // What a process can give its parent is the code modulo 256 (decision 13).
    ExitCode::from(code.rem_euclid(256) as u8)
}

/// As [`run`], where making the entry agent may wait: its domain has a constructor that does.
pub fn run_waiting<C, F>(
    create: impl FnOnce() -> F,
    entry: impl for<'a> FnOnce(&'a C) -> Entry<'a> + Send + 'static,
) -> ExitCode
where
    C: Channel,
    F: Future<Output = Result<Using<C>>> + Send + 'static,
{
    stack::set_limit(MAIN_STACK_BYTES);
    let arguments = arguments();
    let code = run_on(n_workers(), |scheduler| {
        let application = create();
        let strand = Runnable::of_new(Program, async move {
            match application.await {
                Ok(application) => begin(scheduler, arguments, &application, entry),
                Err(exception) => cannot_start(scheduler, &exception),
            }
            Ok(())
        });
        // What waits in there for ever is told like the waits of agents.
        scheduler.living().enter_here(strand.clone());
        strand.start();
    });
    ExitCode::from(code.rem_euclid(256) as u8)
}

fn arguments() -> Vec<Str> {
    let arguments = std::env::args_os().skip(1);
    arguments.map(|text| text.to_string_lossy().into_owned().into()).collect()
}

fn cannot_start(scheduler: &'static Scheduler, exception: &Exception) {
    let report = failure::chain("the application cannot start: ", exception);
    scheduler.finish(End { code: FAILED, report: Some(report) });
}

/// As [`run`], with all that comes from outside as arguments, and the whole exit code.
pub(crate) fn run_with<C: Channel>(
    n_workers: usize,
    arguments: Vec<Str>,
    create: impl FnOnce() -> Result<Using<C>>,
    entry: impl for<'a> FnOnce(&'a C) -> Entry<'a>,
) -> i32 {
    run_on(n_workers, |scheduler| match create() {
        Ok(application) => begin(scheduler, arguments, &application, entry),
        Err(exception) => cannot_start(scheduler, &exception),
    })
}

/// Runs what `start` starts, until the program ends.
#[inline(never)]
fn run_on(n_workers: usize, start: impl FnOnce(&'static Scheduler)) -> i32 {
    panics::keep_quiet();
    let cannot_start = |error| {
        failure::print(&format!("the program's threads cannot start: {error}"));
        FAILED
    };
    let scheduler = match plan()
        .map_or_else(|| Scheduler::start(n_workers), |plan| Ok(Scheduler::planned(plan)))
    {
        Ok(scheduler) => scheduler,
        Err(error) => return cannot_start(error),
    };
    current::adopt(scheduler, None);
    start(scheduler);
    scheduler.settle();
    if let Err(error) = scheduler.follow() {
        return cannot_start(error);
    }
    let end = scheduler.wait().clone();
    console::flush();
    scheduler.failures().report_all();
    if let Some(report) = end.report {
        failure::print(&report);
    }
    if let Some(signature) = scheduler.signature() {
        failure::print(&signature);
    }
    end.code
}

/// The entry agent says that pending work is to be finished before the program ends.
static DRAINS: AtomicBool = AtomicBool::new(false);

/// `[Drain]`: a message at `ExitCode` or `Done` ends the program when it is at rest. Before `run`.
pub fn drain() {
    DRAINS.store(true, Ordering::Relaxed);
}

/// What the systematic scheduler is to do, if `AXUM_SCHED` asks for it.
fn plan() -> Option<Plan> {
    let text = std::env::var("AXUM_SCHED").ok()?;
    let plan = Plan::read(&text);
    if plan.is_none() {
        let found = format!("`AXUM_SCHED` is `{text}`, which is no plan");
        let wanted = "such as `seed:7` or `seed:7,signature`";
        failure::print(&format!("{found} {wanted}: the usual workers run"));
    }
    plan
}

/// The number of workers: `AXUM_WORKERS`, or one for each processor.
fn n_workers() -> usize {
    std::env::var("AXUM_WORKERS")
        .ok()
        .and_then(|text| text.parse().ok())
        .or_else(|| std::thread::available_parallelism().ok().map(usize::from))
        .unwrap_or(1)
}

/// Sends the command line, and watches for what ends the program. The ports for sending are let go of, so
/// that the application can tell that no more arguments come.
fn begin<C: Channel>(
    scheduler: &'static Scheduler,
    arguments: Vec<Str>,
    application: &Using<C>,
    entry: impl for<'a> FnOnce(&'a C) -> Entry<'a>,
) {
    let entry = entry(application);
    entry.command_line.send(Array::from_vec(arguments));
    let watch = watch(entry.exit_code.source(), entry.done.source());
    let watching = async move {
        match watch.await {
            Some(end) if end.report.is_none() && DRAINS.load(Ordering::Relaxed) => {
                scheduler.finish_at_rest(end);
            }
            Some(end) => scheduler.finish(end),
            None => {}
        }
        Ok(())
    };
    Runnable::of_new(Program, watching).start();
}

/// Waits for the first message that ends the program, or for the failure of the application. When it has
/// ended normally without such a message, the others go on.
async fn watch(exit_code: Source<i32>, done: Source<Signal>) -> Option<End> {
    let (mut code, mut signal) = (None, None);
    let select = Select::new().case(&exit_code, &mut code).case(&done, &mut signal);
    match select.wait().await {
        Ok(0) => Some(End { code: taken(code), report: None }),
        Ok(_) => Some(End { code: 0, report: None }),
        Err(_) => match exit_code.supply.take(false) {
            Take::Over(Ending::Failed(failure)) => {
                Some(End { code: FAILED, report: Some(failure.report()) })
            }
            _ => None,
        },
    }
}

/// Sends to the application's `ExitCode` or `Done`: the program ends, and the caller never goes on.
#[track_caller]
pub fn exit<T: Value>(port: &Port<T>, value: T) -> Exiting<T> {
    Exiting { message: Some((port.target(), value)), suspension: Suspension::here() }
}

/// The future of [`exit`].
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct Exiting<T: Value> {
    message: Option<(Target<T>, T)>,
    suspension: Suspension,
}

impl<T: Value> Unpin for Exiting<T> {}

impl<T: Value> Future for Exiting<T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        if let Some((port, value)) = this.message.take() {
            port.send(value);
        }
        let _ = this.suspension.begin();
        Poll::Pending
    }
}
