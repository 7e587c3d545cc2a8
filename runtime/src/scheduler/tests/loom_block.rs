//! Models of the end of a strand whose block others have, too: users of its channel, handles of its owner, and
//! wakers. Whoever goes last, the owner, the future and the channel are dropped once, the memory is freed
//! once, and nobody who is not done yet is overtaken by that. (A dropped `Cell` is to loom a written one, and the
//! blocks of the pool are loom's allocations.)

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use loom::thread;

use crate::channel::here::Here;
use crate::channel::{Channel, ChannelCore, Declared, Port, Using};
use crate::port::source::Ending;
use crate::scheduler::strand::{Owned, Owner, Owning, Runnable, Strand};
use crate::sync::{AtomicU32, Cell, Ordering};
use crate::value::Exception;

static N_OWNERS: AtomicUsize = AtomicUsize::new(0);
static N_FUTURES: AtomicUsize = AtomicUsize::new(0);
static N_CHANNELS: AtomicUsize = AtomicUsize::new(0);

/// Loom tries what follows in all orders. By itself it tries to change a word before another thread reads it only if
/// the changing thread has not read it before, too. This orders nothing.
pub(super) struct Race(AtomicU32);

impl Race {
    pub(super) fn new() -> Self {
        Self(AtomicU32::new(0))
    }

    pub(super) fn run(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Counts how often it is dropped, and lets loom see who else uses it then.
struct Token {
    uses: Cell<()>,
    n_dropped: &'static AtomicUsize,
}

// SAFETY: the cell has nothing.
unsafe impl Send for Token {}
// SAFETY: as above.
unsafe impl Sync for Token {}

impl Token {
    fn new(n_dropped: &'static AtomicUsize) -> Self {
        Self { uses: Cell::new(()), n_dropped }
    }

    fn look(&self) {
        self.uses.with(|_| ());
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        self.n_dropped.fetch_add(1, Ordering::Relaxed);
    }
}

struct Chat {
    port: Port<u32>,
    token: Token,
}

impl Channel for Chat {
    const NAME: &'static str = "Chat";
    const PORTS: &'static [Declared<Self>] = &[Declared::input("Port", |it| &it.port)];

    fn open(core: &ChannelCore) -> Self {
        Self { port: core.port(), token: Token::new(&N_CHANNELS) }
    }
}

struct Agent {
    token: Token,
}

impl Owner for Agent {
    const NAME: &'static str = "Agent";

    type Part = Chat;

    fn end(me: &Owned<Self>, strand: &Strand, _: Option<Exception>, goes: bool) {
        me.token.look();
        Here::of(strand).finish_impl(&Ending::Normal, goes);
    }
}

/// What there is when an agent starts: its strand, a handle of the owner, and the using end.
struct Made {
    strand: Runnable,
    owning: Owning<Agent>,
    using: Using<Chat>,
    race: Arc<Race>,
}

fn make() -> Made {
    let mut owning = None;
    let owner = Agent { token: Token::new(&N_OWNERS) };
    let crate::scheduler::strand::Made { strand, users, .. } =
        Owning::strand_for(owner, |me: Owning<Agent>| {
            owning = Some(me.clone());
            let token = Token::new(&N_FUTURES);
            async move {
                let _held = (me, token);
                Ok(())
            }
        });
    let owning = owning.expect("the future is made");
    Made { strand, owning, using: Using::first(users), race: Arc::new(Race::new()) }
}

/// As the worker does that has polled the first activity, the only one, to its end.
fn end(strand: Runnable, race: &Race) {
    race.run();
    strand.within(|| strand.first().finish());
    race.run();
    strand.end_lone_by(|_| ());
}

/// The same for a strand that nobody has run.
pub(crate) fn end_unpolled(strand: Runnable) {
    strand.within(|| strand.first().finish());
    strand.end_lone_by(|_| ());
}

fn check(bound: usize, model: impl Fn() + Sync + Send + 'static) {
    // One at a time: all count in the same places.
    static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _alone = ALONE.lock();
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(bound);
    let all = [&N_OWNERS, &N_FUTURES, &N_CHANNELS];
    builder.check(move || {
        all.iter().for_each(|it| it.store(0, Ordering::Relaxed));
        model();
        assert_eq!(all.map(|it| it.load(Ordering::Relaxed)), [1, 1, 1], "dropped once");
    });
}

#[test]
fn loom_an_agent_ends_while_its_last_user_goes() {
    check(3, || {
        let Made { strand, owning, using, race } = make();
        drop(owning);
        let other = race.clone();
        let ending = thread::spawn(move || end(strand, &other));
        using.port.send(1);
        using.token.look();
        race.run();
        drop(using);
        ending.join().expect("it does not panic");
    });
}

#[test]
fn loom_an_agent_ends_while_a_target_of_its_port_goes() {
    check(3, || {
        let Made { strand, owning, using, race } = make();
        drop(owning);
        let target = using.port.target();
        let other = race.clone();
        let ending = thread::spawn(move || end(strand, &other));
        using.token.look();
        race.run();
        drop(using);
        target.send(1);
        race.run();
        drop(target);
        ending.join().expect("it does not panic");
    });
}

#[test]
fn loom_an_agent_ends_while_all_others_go() {
    check(2, || {
        let Made { strand, owning, using, race } = make();
        let waker = strand.first().clone();
        let other = race.clone();
        let ending = thread::spawn(move || end(strand, &other));
        let third = race.clone();
        let leaving = thread::spawn(move || {
            using.token.look();
            third.run();
            drop(using);
        });
        owning.token.look();
        owning.part().token.look();
        race.run();
        drop(owning);
        drop(waker);
        ending.join().expect("it does not panic");
        leaving.join().expect("it does not panic");
    });
}
