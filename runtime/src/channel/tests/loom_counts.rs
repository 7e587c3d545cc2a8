//! Models of the counts of a channel: whoever goes last, and while others come, the block is freed once
//! and after all, ports end when nobody holds them, and each end hears of the other's going.

use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};

use loom::thread;

use super::alone::open;
use crate::channel::{Channel, ChannelCore, Declared, Kind, Port};
use crate::mailbox::tests::loom_sleep::Sleeper;
use crate::port::Value;
use crate::port::source::{Source, Take};
use crate::port::tests::loom_request::take_or_wait;
use crate::scheduler::tests::sleeping;

/// Takes the next message as a future does.
pub(super) fn receive<T: Value>(source: &Source<T>) -> Option<T> {
    let sleeper = Sleeper::new();
    let mut owner = sleeper.pool();
    let mut pool = owner.pool();
    let supply = &*source.supply;
    loop {
        match take_or_wait(supply, &sleeper, &mut pool) {
            Take::Item(item) => return Some(item.value),
            Take::Over(_) => return None,
            Take::Empty | Take::Busy => {}
        }
    }
}

/// A channel of one port that counts how often it is freed. Each model has its own.
macro_rules! channel {
    ($name:ident, $n_freed:ident) => {
        static $n_freed: AtomicUsize = AtomicUsize::new(0);

        struct $name {
            port: Port<u32>,
        }

        impl Channel for $name {
            const NAME: &'static str = stringify!($name);
            const PORTS: &'static [Declared<Self>] =
                &[Declared::input("Port", |it| &it.port)];

            fn open(core: &ChannelCore) -> Self {
                Self { port: core.port() }
            }
        }

        impl Drop for $name {
            fn drop(&mut self) {
                $n_freed.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
}

fn check(
    n_freed: &'static AtomicUsize,
    bound: usize,
    model: impl Fn() + Sync + Send + 'static,
) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(bound);
    sleeping::check(builder, move || {
        n_freed.store(0, Ordering::Relaxed);
        model();
        assert_eq!(n_freed.load(Ordering::Relaxed), 1, "freed once");
    });
}

channel!(Parting, N_PARTINGS);

#[test]
fn loom_two_ends_that_go_free_the_channel_once() {
    check(&N_PARTINGS, 3, || {
        let (using, end) = open::<Parting>();
        let going = thread::spawn(move || drop(using));
        drop(end);
        going.join().expect("it does not panic");
    });
}

channel!(Taken, N_TAKEN);

#[test]
fn loom_a_target_outlives_the_handles_it_was_made_beside() {
    check(&N_TAKEN, 3, || {
        let (using, end) = open::<Taken>();
        let other = using.clone();
        let going = thread::spawn(move || drop(using));
        let target = other.port.target();
        drop(other);
        target.send(1);
        assert_eq!(receive(&end.port.source()), Some(1));
        drop(target);
        assert_eq!(receive(&end.port.source()), None);
        going.join().expect("it does not panic");
        drop(end);
    });
}

channel!(Told, N_TOLD);

#[test]
fn loom_who_asks_while_the_other_end_goes_is_told() {
    check(&N_TOLD, 3, || {
        let (using, end) = open::<Told>();
        let going = thread::spawn(move || drop(using));
        assert!(receive(&end.completion()).is_some_and(|it| it.is_none()));
        drop(end);
        going.join().expect("it does not panic");
    });
}

channel!(Base, N_BASES);

#[repr(C)]
struct Derived {
    base: Base,
    own: Port<u32>,
}

impl Deref for Derived {
    type Target = Base;

    fn deref(&self) -> &Base {
        &self.base
    }
}

impl Channel for Derived {
    const NAME: &'static str = "Derived";
    const BASE: Option<&'static Kind> = Some(Kind::of::<Base>());
    const PORTS: &'static [Declared<Self>] =
        &[Declared::input("Port", |it| &it.port), Declared::input("Own", |it| &it.own)];

    fn open(core: &ChannelCore) -> Self {
        Self { base: Base::open(core), own: core.port() }
    }
}

#[test]
fn loom_a_handle_as_the_base_holds_the_ports_of_the_base() {
    check(&N_BASES, 2, || {
        let (using, end) = open::<Derived>();
        let base = using.base_end();
        let going = thread::spawn(move || drop(using));
        drop(base.clone());
        base.port.send(1);
        drop(base);
        assert_eq!(receive(&end.own.source()), None);
        assert_eq!(receive(&end.port.source()), Some(1));
        assert_eq!(receive(&end.port.source()), None);
        going.join().expect("it does not panic");
        drop(end);
    });
}
