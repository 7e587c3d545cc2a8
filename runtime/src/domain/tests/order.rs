//! Who waits is let in in the order of coming, so the turns before one's own can be counted.

use std::sync::Arc;
use std::task::Waker;

use crate::domain::admission::{Admission, On, Ticket, Way};

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
        assert!(admission.try_enter(false, None).is_some());
    }
    let writer = queue_up(&admission, true);
    // Readers that come later do not get past it, however many there are.
    assert!(admission.try_enter(false, None).is_none());
    let later: Vec<_> = (0..5).map(|_| queue_up(&admission, false)).collect();
    for _ in 0..3 {
        assert!(!writer.is_granted());
        admission.leave(Way::Counted);
    }
    assert!(writer.is_granted());
    assert_eq!(granted(&later), [false; 5]);
    admission.leave(Way::Writer);
    // Those that stand together enter together.
    assert_eq!(granted(&later), [true; 5]);
}

#[test]
fn a_reader_waits_for_those_before_it_only() {
    let admission = Admission::new();
    assert!(admission.try_enter(true, None).is_some());
    let tickets: Vec<_> =
        [true, false, true, false].map(|it| queue_up(&admission, it)).into();
    let mut order = Vec::new();
    for writes in [true, true, false, true] {
        admission.leave(if writes { Way::Writer } else { Way::Counted });
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
    assert!(admission.try_enter(false, None).is_some());
    let writer = queue_up(&admission, true);
    let reader = queue_up(&admission, false);
    assert!(!reader.is_granted());
    admission.give_up(&writer);
    assert!(reader.is_granted());
    admission.leave(Way::Counted);
    admission.leave(Way::Counted);
    assert!(admission.try_enter(true, None).is_some());
}

#[test]
fn readers_on_several_workers_get_flags() {
    let admission = Admission::new();
    let on = |worker| Some(On { worker, n_workers: 2 });
    let mut ways = Vec::new();
    for n in 0..40 {
        let way = admission.try_enter(false, on(n % 2)).expect("nobody is in the way");
        admission.leave(way);
        ways.push(way);
    }
    assert_eq!(ways.first(), Some(&Way::Counted));
    assert_eq!(ways.last(), Some(&Way::Flagged(1)));
    // A writer waits for those with flags, and those for the writer.
    let inside = [0, 1].map(|worker| admission.try_enter(false, on(worker)));
    assert_eq!(inside, [Some(Way::Flagged(0)), Some(Way::Flagged(1))]);
    assert_eq!(admission.try_enter(true, on(0)), None);
    let writer = queue_up(&admission, true);
    assert_eq!(admission.try_enter(false, on(0)), None);
    let reader = queue_up(&admission, false);
    for way in inside.into_iter().flatten() {
        assert!(!writer.is_granted());
        admission.leave(way);
    }
    assert!(writer.is_granted() && !reader.is_granted());
    admission.leave(Way::Writer);
    assert!(reader.is_granted());
    // Threads that are no workers are counted.
    assert_eq!(admission.try_enter(false, None), Some(Way::Counted));
}

/// A reader that waits at an inner domain keeps its flag, and another runs on its worker meanwhile.
#[test]
fn a_flag_stands_for_one_reader() {
    let admission = Admission::new();
    let on = Some(On { worker: 0, n_workers: 2 });
    admission.make_flags(2);
    let waiting = admission.try_enter(false, on);
    assert_eq!(waiting, Some(Way::Flagged(0)));
    let other = admission.try_enter(false, on);
    assert_eq!(other, Some(Way::Counted));
    admission.leave(Way::Counted);
    assert_eq!(admission.try_enter(true, on), None);
    admission.leave(Way::Flagged(0));
    assert_eq!(admission.try_enter(true, on), Some(Way::Writer));
}
