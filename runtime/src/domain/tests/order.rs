//! Who waits is let in in the order of coming, and may be passed by a bounded number of others, so the turns
//! before one's own can be counted.

use std::sync::Arc;
use std::task::Waker;

use crate::domain::admission::{Admission, MOST_PASS, On, Ticket, Way};

fn queue_up(admission: &Admission, writes: bool) -> Arc<Ticket> {
    let ticket = Ticket::new(writes, Waker::noop().clone());
    admission.queue_up(ticket.clone());
    ticket
}

fn granted(tickets: &[Arc<Ticket>]) -> Vec<bool> {
    tickets.iter().map(|it| it.is_granted()).collect()
}

fn called(tickets: &[Arc<Ticket>]) -> Vec<bool> {
    tickets.iter().map(|it| it.is_called()).collect()
}

/// On a thread that is no worker.
fn try_enter(admission: &Admission, writes: bool) -> Option<Way> {
    admission.try_enter(writes, None)
}

/// Passes those who wait as often as one may.
fn pass(admission: &Admission, writes: bool) {
    for _ in 0..MOST_PASS {
        let way = try_enter(admission, writes).expect("they can be passed");
        admission.leave(way);
    }
    assert_eq!(try_enter(admission, writes), None);
}

#[test]
fn a_writer_waits_for_those_before_it_only() {
    let admission = Admission::new();
    for _ in 0..3 {
        assert!(try_enter(&admission, false).is_some());
    }
    let writer = queue_up(&admission, true);
    // Some readers that come later get past it, and no more.
    pass(&admission, false);
    let later: Vec<_> = (0..5).map(|_| queue_up(&admission, false)).collect();
    for _ in 0..3 {
        assert!(!writer.is_granted());
        admission.leave(Way::Counted);
    }
    assert!(writer.is_granted());
    assert_eq!(granted(&later), [false; 5]);
    admission.leave(Way::Writer);
    // Those that stand together enter together.
    assert_eq!(called(&later), [true; 5]);
    for reader in &later {
        assert_eq!(admission.enter_by(reader), Some(Way::Counted));
    }
}

#[test]
fn who_waits_is_called_in_the_order_of_coming() {
    let admission = Admission::new();
    assert!(try_enter(&admission, true).is_some());
    let tickets: Vec<_> =
        [true, false, true, false].map(|it| queue_up(&admission, it)).into();
    let mut before = Way::Writer;
    for n in 0..4 {
        admission.leave(before);
        let is_called: Vec<_> = (0..4).map(|it| it == n).collect();
        assert_eq!(called(&tickets), is_called);
        before = admission.enter_by(&tickets[n]).expect("nobody is in the way");
    }
    admission.leave(before);
    assert_eq!(try_enter(&admission, true), Some(Way::Writer));
}

/// Who is called and finds another inside is called again; when it has been passed often enough, nobody else gets in.
#[test]
fn who_is_passed_keeps_its_place() {
    let admission = Admission::new();
    assert!(try_enter(&admission, true).is_some());
    let tickets: Vec<_> =
        [false, false, true, false].map(|it| queue_up(&admission, it)).into();
    admission.leave(Way::Writer);
    assert_eq!(called(&tickets), [true, true, false, false]);
    for _ in 0..MOST_PASS {
        assert_eq!(try_enter(&admission, true), Some(Way::Writer));
        assert_eq!(admission.enter_by(&tickets[0]), None);
        assert_eq!(called(&tickets), [false, true, false, false]);
        admission.leave(Way::Writer);
    }
    assert_eq!(try_enter(&admission, true), None);
    // Those that stand together have been let in together by the one who left last.
    assert_eq!(granted(&tickets), [true, true, false, false]);
    assert_eq!(admission.enter_by(&tickets[1]), Some(Way::Counted));
}

#[test]
fn who_gives_up_is_in_nobodys_way() {
    let admission = Admission::new();
    assert!(try_enter(&admission, false).is_some());
    let writer = queue_up(&admission, true);
    let reader = queue_up(&admission, false);
    assert!(!reader.is_called());
    admission.give_up(&writer);
    assert!(reader.is_called());
    assert_eq!(admission.enter_by(&reader), Some(Way::Counted));
    let late = queue_up(&admission, true);
    pass(&admission, false);
    admission.leave(Way::Counted);
    admission.leave(Way::Counted);
    // It was inside already.
    assert!(late.is_granted());
    admission.give_up(&late);
    assert!(try_enter(&admission, true).is_some());
}

#[test]
fn readers_on_several_workers_get_flags() {
    let admission = Admission::new();
    let on = |worker| Some(On { worker, n_workers: 2 });
    let mut ways = Vec::new();
    for n in 0..100 {
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
    // Who passes one who waits is counted.
    assert_eq!(admission.try_enter(false, on(0)), Some(Way::Counted));
    admission.leave(Way::Counted);
    let reader = queue_up(&admission, false);
    for way in inside.into_iter().flatten() {
        assert!(!writer.is_called());
        admission.leave(way);
    }
    assert!(writer.is_called() && !reader.is_called());
    assert_eq!(admission.enter_by(&writer), Some(Way::Writer));
    admission.leave(Way::Writer);
    assert_eq!(admission.enter_by(&reader), Some(Way::Counted));
    // Threads that are no workers are counted.
    assert_eq!(try_enter(&admission, false), Some(Way::Counted));
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
