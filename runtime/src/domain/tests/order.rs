//! Who waits is let in in the order of coming, so the turns before one's own can be counted.

use std::sync::Arc;
use std::task::Waker;

use crate::domain::admission::{Admission, Ticket};

fn queue_up(admission: &Admission, writes: bool) -> Arc<Ticket> {
    let ticket = Ticket::new(writes, Waker::noop().clone());
    admission.queue_up(ticket.clone());
    ticket
}

fn granted(tickets: &[Arc<Ticket>]) -> Vec<bool> {
    tickets.iter().map(|it| it.is_granted()).collect()
}

#[test]
fn a_writer_waits_for_those_before_it_only() {
    let admission = Admission::new();
    for _ in 0..3 {
        assert!(admission.try_enter(false));
    }
    let writer = queue_up(&admission, true);
    // Readers that come later do not get past it, however many there are.
    assert!(!admission.try_enter(false));
    let later: Vec<_> = (0..5).map(|_| queue_up(&admission, false)).collect();
    for _ in 0..3 {
        assert!(!writer.is_granted());
        admission.leave(false);
    }
    assert!(writer.is_granted());
    assert_eq!(granted(&later), [false; 5]);
    admission.leave(true);
    // Those that stand together enter together.
    assert_eq!(granted(&later), [true; 5]);
}

#[test]
fn a_reader_waits_for_those_before_it_only() {
    let admission = Admission::new();
    assert!(admission.try_enter(true));
    let tickets: Vec<_> =
        [true, false, true, false].map(|it| queue_up(&admission, it)).into();
    let mut order = Vec::new();
    for writes in [true, true, false, true] {
        admission.leave(writes);
        order.push(granted(&tickets));
    }
    assert_eq!(
        order,
        [
            [true, false, false, false],
            [true, true, false, false],
            [true, true, true, false],
            [true, true, true, true],
        ]
    );
}

#[test]
fn who_gives_up_is_in_nobodys_way() {
    let admission = Admission::new();
    assert!(admission.try_enter(false));
    let writer = queue_up(&admission, true);
    let reader = queue_up(&admission, false);
    assert!(!reader.is_granted());
    admission.give_up(&writer);
    assert!(reader.is_granted());
    admission.leave(false);
    admission.leave(false);
    assert!(admission.try_enter(true));
}
