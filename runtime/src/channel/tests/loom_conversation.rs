//! Models of the order of a conversation over two ports of one end: the messages are taken in the order
//! in which they were sent, whoever takes them, and nobody sleeps on. Joins are not modelled: they take
//! turns in the order of addresses, which is another each time; what they do is told in `port/join.rs`.

use loom::thread;

use super::alone;
use super::loom_counts::receive;
use crate::channel::endpoint::ProtocolEnd;
use crate::channel::protocol::{Protocol, ProtocolState};
use crate::channel::{Channel, ChannelCore, Declared, Impl, Port, Using};
use crate::port::source::Take;
use crate::scheduler::tests::sleeping;

/// What is sent is `First`, then `Second`; the other way around would lead astray.
struct Feed {
    first: Port<u32>,
    second: Port<u32>,
}

impl Channel for Feed {
    const NAME: &'static str = "Feed";
    const PROTOCOL: Option<&'static Protocol> = Some(&Protocol {
        states: &[
            ProtocolState {
                name: "Start",
                moves: &[("First", 1), ("Second", 3)],
                guards: &[],
            },
            ProtocolState { name: "Middle", moves: &[("Second", 2)], guards: &[] },
            ProtocolState { name: "Last", moves: &[("First", 1)], guards: &[] },
            ProtocolState { name: "Astray", moves: &[("First", 3)], guards: &[] },
        ],
    });

    const PORTS: &'static [Declared<Self>] = &[
        Declared::input("First", |it| &it.first),
        Declared::input("Second", |it| &it.second),
    ];

    fn open(core: &ChannelCore) -> Self {
        Self { first: core.port(), second: core.port() }
    }
}

/// Both at any time.
struct Loose {
    first: Port<u32>,
    second: Port<u32>,
}

impl Channel for Loose {
    const NAME: &'static str = "Loose";
    const PROTOCOL: Option<&'static Protocol> = Some(&Protocol {
        states: &[ProtocolState {
            name: "Start",
            moves: &[("First", 0), ("Second", 0)],
            guards: &[],
        }],
    });

    const PORTS: &'static [Declared<Self>] = &[
        Declared::input("First", |it| &it.first),
        Declared::input("Second", |it| &it.second),
    ];

    fn open(core: &ChannelCore) -> Self {
        Self { first: core.port(), second: core.port() }
    }
}

fn open() -> (Using<Feed>, Impl<Feed>) {
    alone::open()
}

fn check(model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(2);
    // A conversation takes more steps than loom expects of a model.
    builder.max_branches = 10_000;
    sleeping::check(builder, model);
}

/// Whether the receiving end has come to this state.
fn is_in(end: &Impl<Feed>, state: usize) -> bool {
    end.check_state(state).is_ok()
}

#[test]
fn loom_a_conversation_is_taken_as_it_is_sent() {
    check(|| {
        let (using, end) = open();
        let sending = thread::spawn(move || {
            using.first.send_checked(1).expect("the protocol allows it");
            using.second.send_checked(2).expect("the protocol allows it");
            using
        });
        assert_eq!(receive(&end.first.source()), Some(1));
        assert_eq!(receive(&end.second.source()), Some(2));
        assert!(is_in(&end, 2));
        drop(sending.join());
    });
}

#[test]
fn loom_who_takes_the_first_wakes_who_waits_for_the_second() {
    check(|| {
        let (using, end) = open();
        using.first.send_checked(1).expect("the protocol allows it");
        using.second.send_checked(2).expect("the protocol allows it");
        let first = end.first.source();
        let taking = thread::spawn(move || receive(&first));
        assert_eq!(receive(&end.second.source()), Some(2));
        assert!(is_in(&end, 2));
        assert_eq!(taking.join().expect("the taker does not panic"), Some(1));
    });
}

#[test]
fn loom_competitors_at_one_port_walk_one_way() {
    check(|| {
        let (using, end) = open();
        using.first.send_checked(1).expect("the protocol allows it");
        using.second.send_checked(2).expect("the protocol allows it");
        using.first.send_checked(3).expect("the protocol allows it");
        let first = end.first.source();
        let taking = thread::spawn({
            let first = first.clone();
            move || receive(&first)
        });
        assert_eq!(receive(&end.second.source()), Some(2));
        let mine = receive(&first);
        let others = taking.join().expect("the taker does not panic");
        assert_eq!((others, mine), (Some(1), Some(3)));
        assert!(is_in(&end, 1));
    });
}

#[test]
fn loom_senders_at_one_port_queue_in_order() {
    check(|| {
        let (using, end) = alone::open::<Loose>();
        let other = using.clone();
        let sending = thread::spawn(move || other.first.send_checked(1).is_ok());
        assert!(using.first.send_checked(2).is_ok());
        assert_eq!(sending.join().ok(), Some(true));
        let first = end.first.source();
        assert_eq!(receive(&first).zip(receive(&first)).map(|(a, b)| a + b), Some(3));
    });
}

#[test]
fn loom_senders_at_two_ports_queue_in_order() {
    check(|| {
        let (using, end) = alone::open::<Loose>();
        let other = using.clone();
        let sending = thread::spawn(move || other.first.send_checked(1).is_ok());
        assert!(using.second.send_checked(2).is_ok());
        assert_eq!(sending.join().ok(), Some(true));
        // Whichever was first is taken in the first round, the other in the second at the latest.
        let sources = [end.first.source(), end.second.source()];
        let taken = sources.iter().chain(&sources).filter_map(|source| {
            match source.supply.take(false) {
                Take::Item(item) => Some(item.value),
                Take::Empty | Take::Busy | Take::Over(_) => None,
            }
        });
        assert_eq!(taken.sum::<u32>(), 3);
    });
}
