//! One worker's loop. It does not decide what a strand does in its slice.

use std::sync::Arc;
use std::task::Wake;
use std::thread;

use super::strand::{After, Strand};
use super::{Looked, Scheduler, current};
use crate::mailbox::pool;
use crate::stack;

/// How often the common list is looked at first, so that it is never starved by the own queue.
const COMMON_EVERY: u32 = 61;

/// Address space for the stack of a worker; only what is touched takes memory.
const STACK_BYTES: usize = 64 << 20;

/// How much of it nested calls may take. To unwind more of them would take seconds.
const CALLS_BYTES: usize = 16 << 20;

pub(super) fn spawn(scheduler: &'static Scheduler, worker: usize) -> std::io::Result<()> {
    thread::Builder::new()
        .name(format!("worker {worker}"))
        .stack_size(STACK_BYTES)
        .spawn(move || run(scheduler, worker))?;
    Ok(())
}

fn run(scheduler: &'static Scheduler, worker: usize) {
    stack::set_limit(CALLS_BYTES);
    scheduler.idle.enlist(worker);
    current::adopt(scheduler, Some(worker));
    pool::adopt();
    let mut tick = 0_u32;
    // A worker that starts is searching: somebody may have counted on it.
    scheduler.idle.start_searching();
    let mut searching = true;
    while !scheduler.is_stopping() {
        tick = tick.wrapping_add(1);
        if let Some(strand) = next(scheduler, worker, tick, &mut searching) {
            if searching {
                searching = false;
                // Work that came while this one searched woke nobody.
                if scheduler.idle.stop_searching() && scheduler.has_work() {
                    scheduler.idle.notify();
                }
            }
            if let After::Again = strand.run() {
                scheduler.schedule(strand);
            }
        } else {
            sleep(scheduler, worker);
            searching = true;
        }
    }
}

fn next(
    scheduler: &'static Scheduler,
    worker: usize,
    tick: u32,
    searching: &mut bool,
) -> Option<Arc<Strand>> {
    if tick.is_multiple_of(COMMON_EVERY)
        && let Some(strand) = scheduler.take_common(worker)
    {
        return Some(strand);
    }
    if let Some(strand) = scheduler.queues[worker].pop() {
        return Some(strand);
    }
    if !*searching {
        scheduler.idle.start_searching();
        *searching = true;
    }
    scheduler.take_common(worker).or_else(|| steal(scheduler, worker))
}

/// Takes one strand from another's queue.
fn steal(scheduler: &'static Scheduler, worker: usize) -> Option<Arc<Strand>> {
    let n_workers = scheduler.n_workers();
    let start = current::random(n_workers);
    (0..n_workers)
        .map(|step| (start + step) % n_workers)
        .filter(|victim| *victim != worker)
        .find_map(|victim| scheduler.queues[victim].pop())
}

/// Called while searching, returns while searching.
fn sleep(scheduler: &'static Scheduler, worker: usize) {
    let dozing = scheduler.idle.doze(worker);
    let looked = match scheduler.has_work() || scheduler.is_stopping() {
        true => Looked::Again,
        false => scheduler.look_for_quiescence(dozing),
    };
    match looked {
        Looked::Sleep => scheduler.idle.park(worker),
        Looked::Again => scheduler.idle.rouse(worker),
        Looked::Wake(activities) => {
            scheduler.idle.rouse(worker);
            activities.into_iter().for_each(Wake::wake);
        }
    }
}
