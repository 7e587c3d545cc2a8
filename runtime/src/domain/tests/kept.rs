//! A turn that a thread keeps over a `yield;` is there still, and nobody takes it for one that is held.

use std::sync::Arc;
use std::task::Waker;

use crate::domain::admission::{Admission, Ticket, Way};
use crate::domain::held;
use crate::scheduler::current;

fn domain() -> Arc<Admission> {
    Arc::new(Admission::new())
}

/// A domain of which this thread keeps the turn.
fn kept(writes: bool) -> Arc<Admission> {
    let domain = domain();
    assert!(held::take(&domain, writes));
    held::keep_turns();
    assert!(!held::holds(&domain) && !held::holds_turn());
    domain
}

/// Whether somebody is inside.
fn is_used(domain: &Admission) -> bool {
    match domain.try_enter(true, None) {
        Some(way) => {
            domain.leave(way);
            false
        }
        None => true,
    }
}

#[test]
fn it_is_taken_again_without_entering() {
    let domain = kept(true);
    held::keep_turns();
    assert!(is_used(&domain));
    assert!(held::take_quickly(&domain, false));
    assert!(held::holds(&domain) && held::holds_turn());
    held::end_turns();
    assert!(!is_used(&domain));
}

#[test]
fn it_ends_as_others_do() {
    let domain = kept(false);
    held::end_turns();
    assert!(!is_used(&domain) && !current::has_turns());
}

#[test]
fn it_ends_where_it_is_wanted() {
    for writes in [true, false] {
        let domain = kept(writes);
        let writer = Ticket::new(true, Waker::noop().clone());
        domain.queue_up(writer.clone());
        assert_eq!(domain.enter_by(&writer), None);
        held::keep_turns();
        assert!(!current::has_turns());
        assert_eq!(domain.enter_by(&writer), Some(Way::Writer));
    }
}

#[test]
fn no_reader_becomes_a_writer() {
    let domain = kept(false);
    assert!(!held::take_quickly(&domain, true));
    assert!(held::take(&domain, true));
    assert_eq!(domain.try_enter(false, None), None);
    held::end_turns();
    assert!(!is_used(&domain));
}

#[test]
fn it_ends_before_another_begins() {
    let (first, second) = (kept(true), domain());
    assert!(!held::take_quickly(&second, true));
    assert!(held::take(&second, true));
    assert!(!is_used(&first) && is_used(&second));
    held::end_turns();
    // The constructor of a domain begins in its turn.
    let (first, second) = (kept(true), domain());
    let way = second.try_enter(true, None).expect("nobody is inside");
    held::hold(&second, way);
    assert!(!is_used(&first) && held::holds(&second));
    held::end_turn_of(&second);
    assert!(!is_used(&second));
}

#[test]
fn the_constructor_of_a_domain_ends_it_when_it_returns() {
    let (domain, other) = (kept(true), domain());
    held::end_turn_of(&other);
    assert!(is_used(&domain));
    held::end_turn_of(&domain);
    assert!(!is_used(&domain));
}

/// Who has it gives its worker away, as without: the loop may send for long.
#[test]
fn it_is_no_reason_to_go_on() {
    let domain = domain();
    assert!(held::take(&domain, true));
    assert!(!current::is_out_of_breath());
    held::keep_turns();
    assert!(current::is_out_of_breath());
    held::end_turns();
}
