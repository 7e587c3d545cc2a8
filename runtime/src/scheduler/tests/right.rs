//! Who has the right to run a strand, and what nobody else may do.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::sleeping::Nobody;
use crate::scheduler::strand::{ActivityRef, Runnable};

fn new() -> Runnable {
    Runnable::of_new(Nobody, async { Ok(()) })
}

fn panics(body: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(body)).is_err()
}

fn look(activity: &ActivityRef) {
    assert!(!activity.has_noted());
}

#[test]
fn a_value_is_lent_to_who_runs_its_strand() {
    let (strand, other) = (new(), new());
    let first = strand.first();
    strand.within(|| look(first));
    assert!(panics(|| look(first)));
    assert!(panics(|| other.within(|| look(first))));
    strand.within(|| {
        other.within(|| look(other.first()));
        look(first);
    });
    assert!(panics(|| strand.within(|| panic!())));
    assert!(panics(|| look(first)));
}

#[test]
fn a_future_is_polled_and_dropped_by_who_runs_its_strand() {
    let strand = new();
    let first = strand.first();
    assert!(panics(|| drop(first.front().poll())));
    assert!(panics(|| first.front().finish()));
    strand.within(|| {
        assert!(first.front().poll().is_some_and(|it| it.is_ready()));
        first.front().finish();
        assert!(first.front().poll().is_none());
        first.front().finish();
    });
}

#[test]
fn a_strand_at_rest_is_seized_once() {
    let strand = new();
    let first = strand.first().clone();
    assert!(first.front().ready.seize().is_none());
    assert!(strand.rest().is_ok());
    let again = first.front().ready.seize();
    assert!(first.front().ready.seize().is_none());
    assert!(first.front().ready.mark(&first.is_hung).is_none());
    // It was woken.
    assert!(again.is_some_and(|strand| strand.rest().is_err()));
}
