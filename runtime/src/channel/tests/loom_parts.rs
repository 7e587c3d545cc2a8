//! Models of the counts of a channel's ends: who finds that it was the last part of the last end is alone with what is
//! left in the ports, and sees what all others have done there.

use std::sync::Arc;

use loom::thread;

use crate::channel::Side;
use crate::channel::ends::Ends;
use crate::sync::{AtomicU32, Cell, Ordering};

struct Memory {
    ends: Ends,
    /// Read by those who have a part, written by who frees.
    used: Cell<()>,
    n_freed: AtomicU32,
}

impl Memory {
    /// As the end of a part does.
    fn leave(&self, side: Side) {
        self.used.with(|_| ());
        if !self.ends.leave(side) {
            return;
        }
        self.used.with(|_| ());
        if self.ends.end() {
            self.used.with_mut(|_| ());
            self.n_freed.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// As what is made of a port of the end, if that is there.
    fn hold(&self, side: Side) {
        if self.ends.add_if_there(side) {
            self.leave(side);
        }
    }
}

fn check(model: impl Fn(&Arc<Memory>) + Sync + Send + 'static) {
    let model = Arc::new(model);
    // With somebody to be told, an end that goes takes more steps.
    for has_rare in [false, true] {
        let mut builder = loom::model::Builder::new();
        builder.preemption_bound = Some(3);
        let model = model.clone();
        builder.check(move || {
            let (ends, used) = (Ends::new(has_rare), Cell::new(()));
            let memory = Arc::new(Memory { ends, used, n_freed: AtomicU32::new(0) });
            model(&memory);
            assert_eq!(memory.n_freed.load(Ordering::Relaxed), 1, "freed once");
        });
    }
}

#[test]
fn loom_parts_of_both_ends_go() {
    check(|memory| {
        let other = memory.clone();
        let going = thread::spawn(move || other.leave(Side::Using));
        memory.leave(Side::Impl);
        going.join().expect("it does not panic");
    });
}

#[test]
fn loom_parts_of_the_last_end_go() {
    check(|memory| {
        memory.ends.add(Side::Using);
        memory.leave(Side::Impl);
        let other = memory.clone();
        let going = thread::spawn(move || other.leave(Side::Using));
        memory.leave(Side::Using);
        going.join().expect("it does not panic");
    });
}

#[test]
fn loom_a_part_is_made_while_the_end_goes() {
    check(|memory| {
        let other = memory.clone();
        let going = thread::spawn(move || other.leave(Side::Using));
        memory.hold(Side::Using);
        memory.leave(Side::Impl);
        going.join().expect("it does not panic");
    });
}

#[test]
fn loom_three_parts_go() {
    check(|memory| {
        memory.ends.add(Side::Using);
        let (one, two) = (memory.clone(), memory.clone());
        let first = thread::spawn(move || one.leave(Side::Using));
        let second = thread::spawn(move || two.leave(Side::Using));
        memory.leave(Side::Impl);
        first.join().expect("it does not panic");
        second.join().expect("it does not panic");
    });
}
