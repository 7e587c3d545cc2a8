//! Memory for messages, agents and channels: each worker keeps blocks that were freed, and gives them out
//! again. It knows sizes only.
//!
//! A block is a box, so any thread may free it in any way. Those for one size are one class. A worker keeps at most
//! two batches of each class: the one that it takes from and adds to, and a whole one. A batch too many goes to the
//! depot, from which a worker that has none takes one: so blocks get back to those who send when others only receive.
//! All depots together keep [`MOST_IN_DEPOTS`] bytes; then blocks go back to the system. Threads that are no
//! workers keep nothing.
//!
//! Nobody waits at a depot: it has several trays, of which each is used by one at a time; who finds all in use
//! asks the system, or gives back to it.

use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::sync::LazyLock;

use self::block::List;
use self::pooled::Room;
use crate::sync::{Ordering, Seldom, Tally};

mod block;
mod handle;
mod link;
#[cfg(all(test, loom))]
mod loom_exchange;
mod pooled;
mod shared;

pub(crate) use self::handle::Handle;
pub(crate) use self::pooled::Pooled;
pub(crate) use self::shared::Shared;

/// The sizes of classes are the multiples of this.
const STEP: usize = align_of::<usize>();
const N_CLASSES: usize = 128;

/// So many bytes wait in all depots together at most.
const MOST_IN_DEPOTS: usize = 64 << 20;
const N_TRAYS: usize = if cfg!(loom) { 1 } else { 4 };

/// How many blocks of a class change hands at once.
const fn batch(class: usize) -> u32 {
    match class {
        _ if cfg!(loom) => 1,
        ..64 => 128,
        _ => 32,
    }
}

/// How many bytes a batch is.
const fn batch_bytes(class: usize) -> usize {
    batch(class) as usize * size_of_class(class)
}

const fn size_of_class(class: usize) -> usize {
    (class + 1) * STEP
}

/// Of which class the blocks are with room for such a value, if there is one.
trait Classed: Sized {
    const CLASS: Option<usize> = {
        let n_steps = size_of::<Self>() / STEP;
        let fits = align_of::<Self>() == STEP && 0 < n_steps && n_steps <= N_CLASSES;
        // Not `then`, which is not const.
        if fits { Some(n_steps - 1) } else { None }
    };
}

impl<T> Classed for T {}

/// What a thread keeps of one class.
struct Shelf {
    open: List,
    /// How many blocks `open` is short of a batch. 0 in threads that keep nothing.
    n_missing: Cell<u32>,
    /// A whole batch.
    whole: Cell<Option<List>>,
}

thread_local! {
    /// Not dropped: workers live as long as the program, and other threads keep nothing.
    static SHELVES: [ManuallyDrop<Shelf>; N_CLASSES] = const {
        let mut shelves = [const { Shelf::of_class(0) }; N_CLASSES];
        let mut class = 1;
        while class < N_CLASSES {
            shelves[class] = Shelf::of_class(class);
            class += 1;
        }
        shelves
    };
    static KEEPS: Cell<bool> = const { Cell::new(false) };
}

/// Batches of one class that nobody has.
struct Depot {
    n_batches: Tally,
    trays: [Seldom<Vec<List>>; N_TRAYS],
}

static DEPOTS: LazyLock<[Depot; N_CLASSES]> =
    LazyLock::new(|| std::array::from_fn(|_| Depot::new()));

/// About how many bytes are in the depots.
static IN_DEPOTS: Tally = Tally::new(0);

/// The calling thread keeps blocks from now on. It is to live as long as the program.
pub(crate) fn adopt() {
    LazyLock::force(&DEPOTS);
    KEEPS.set(true);
    SHELVES.with(|shelves| {
        for (class, shelf) in shelves.iter().enumerate() {
            shelf.n_missing.set(batch(class));
        }
    });
}

#[inline(always)]
fn get<T>() -> Room<T> {
    // Here and below the class is named within: what is captured is not known when it is decided what to inline.
    let kept = SHELVES.with(|shelves| shelves[T::CLASS?].take());
    match kept {
        Some(room) => room,
        None => refill(),
    }
}

/// Takes back what `get` gave; or gives it to the system.
#[inline(always)]
fn put<T>(room: Room<T>) {
    let Some(class) = T::CLASS else { return };
    let is_whole = SHELVES.with(|shelves| {
        T::CLASS.is_some_and(|class| shelves[class].n_missing.get() == 0)
    });
    if is_whole && !make_room(class) {
        return;
    }
    SHELVES.with(|shelves| {
        if let Some(class) = T::CLASS {
            shelves[class].put(room);
        }
    });
}

/// Room out of a whole batch, or from the system.
#[cold]
fn refill<T>() -> Room<T> {
    match T::CLASS {
        Some(class) if open_batch(class) => get(),
        _ => Box::new_uninit(),
    }
}

/// Puts a whole batch in place of none. `false` if there is none.
fn open_batch(class: usize) -> bool {
    // Threads that keep nothing do not open batches.
    KEEPS.get()
        && SHELVES.with(|shelves| shelves[class].open_batch(&DEPOTS[class], class))
}

/// Puts a batch aside that is whole. `false` if there is no room for one.
#[cold]
fn make_room(class: usize) -> bool {
    // Threads that keep nothing have no room.
    KEEPS.get() && SHELVES.with(|shelves| shelves[class].make_room(&DEPOTS[class], class))
}

impl Shelf {
    const fn of_class(class: usize) -> ManuallyDrop<Self> {
        ManuallyDrop::new(Self {
            open: List::new(size_of_class(class)),
            n_missing: Cell::new(0),
            whole: Cell::new(None),
        })
    }

    #[inline(always)]
    fn take<T>(&self) -> Option<Room<T>> {
        let room = self.open.pop()?;
        self.n_missing.set(self.n_missing.get() + 1);
        Some(room)
    }

    #[inline(always)]
    fn put<T>(&self, room: Room<T>) {
        self.n_missing.set(self.n_missing.get() - 1);
        self.open.push(room);
    }

    /// Puts a whole batch in place of none. `false` if there is none.
    fn open_batch(&self, depot: &Depot, class: usize) -> bool {
        let batch = self.whole.take().or_else(|| depot.take(class));
        if let Some(batch) = &batch {
            self.open.exchange(batch);
            self.n_missing.set(0);
        }
        batch.is_some()
    }

    /// Puts a batch aside that is whole. `false` if there is no room for one.
    fn make_room(&self, depot: &Depot, class: usize) -> bool {
        if let Some(other) = self.whole.take()
            && let Some(left) = depot.put(other, class)
        {
            self.whole.set(Some(left));
            return false;
        }
        let whole = List::new(size_of_class(class));
        self.open.exchange(&whole);
        self.n_missing.set(batch(class));
        self.whole.set(Some(whole));
        true
    }
}

impl Depot {
    fn new() -> Self {
        let trays = std::array::from_fn(|_| Seldom::new(Vec::new()));
        Self { n_batches: Tally::new(0), trays }
    }

    /// Takes in a batch, or gives it back if there is no room for it now.
    fn put(&self, batch: List, class: usize) -> Option<List> {
        // Relaxed, here and below: an estimate.
        if IN_DEPOTS.load(Ordering::Relaxed) >= MOST_IN_DEPOTS {
            return Some(batch);
        }
        IN_DEPOTS.fetch_add(batch_bytes(class), Ordering::Relaxed);
        let mut left = Some(batch);
        self.at_a_tray(|batches| left.take().map(|batch| batches.push(batch)));
        match left {
            None => self.n_batches.fetch_add(1, Ordering::Relaxed),
            Some(_) => IN_DEPOTS.fetch_sub(batch_bytes(class), Ordering::Relaxed),
        };
        left
    }

    /// A batch, if there is one in a tray that nobody uses.
    fn take(&self, class: usize) -> Option<List> {
        // Relaxed: only not to look into trays that are empty.
        if self.n_batches.load(Ordering::Relaxed) == 0 {
            return None;
        }
        let taken = self.at_a_tray(Vec::pop)?;
        self.n_batches.fetch_sub(1, Ordering::Relaxed);
        IN_DEPOTS.fetch_sub(batch_bytes(class), Ordering::Relaxed);
        Some(taken)
    }

    /// What `look` finds in the first tray that nobody uses and in which it finds something.
    fn at_a_tray<R>(
        &self,
        mut look: impl FnMut(&mut Vec<List>) -> Option<R>,
    ) -> Option<R> {
        self.trays.iter().find_map(|tray| tray.try_with(&mut look).flatten())
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::collections::HashSet;
    use std::fmt::Debug;

    use super::*;

    fn take<const N: usize>(n_values: usize) -> Vec<Pooled<[u64; N]>> {
        (0..n_values).map(|_| Pooled::new([7; N])).collect()
    }

    fn give_back<const N: usize>(values: Vec<Pooled<[u64; N]>>) {
        values.into_iter().for_each(Pooled::end);
    }

    /// Where they are, which is what they show.
    fn addresses<T: Debug>(values: &[T]) -> HashSet<String> {
        values.iter().map(|it| format!("{it:?}")).collect()
    }

    #[test]
    fn blocks_go_to_the_depot_and_come_back() {
        adopt();
        let n_blocks = 10 * batch(19) as usize;
        let values = take::<20>(n_blocks);
        let before = addresses(&values);
        give_back(values);
        assert_eq!(addresses(&take::<20>(n_blocks)), before);
    }

    #[test]
    fn what_one_thread_frees_another_gets() {
        adopt();
        let n_blocks = 6 * batch(24) as usize;
        let values = take::<25>(n_blocks);
        let sent = addresses(&values);
        let receiving = std::thread::spawn(move || {
            adopt();
            give_back(values);
        });
        receiving.join().expect("it does not panic");
        let back = addresses(&take::<25>(n_blocks));
        let n_back = back.intersection(&sent).count();
        assert!(n_back >= 4 * batch(24) as usize, "{n_back} of {n_blocks} came back");
    }

    #[test]
    fn large_values_and_threads_that_keep_nothing_use_the_system() {
        give_back(take::<200>(1));
        let keeps_nothing = || {
            let value = Pooled::new((1, 2_u128, 3));
            assert_eq!(value.into_inner(), (1, 2, 3));
            give_back(take::<3>(1));
            drop(take::<3>(1));
            SHELVES.with(|shelves| {
                let class = <[u64; 3]>::CLASS.expect("it is small");
                shelves[class].open.pop::<[u64; 3]>().is_none()
            })
        };
        let nothing = std::thread::spawn(keeps_nothing).join();
        assert!(nothing.expect("it does not panic"));
    }
}

#[cfg(all(test, loom))]
mod loom_tests {
    use loom::thread;

    use super::*;
    use crate::sync::{AtomicU32, Cell};

    /// A value whose end writes what the others have read, as loom sees it.
    struct Read(Cell<()>, AtomicU32);

    // SAFETY: the cell has nothing.
    unsafe impl Send for Read {}
    // SAFETY: as above.
    unsafe impl Sync for Read {}

    impl Read {
        fn look(&self) {
            self.0.with(|_| ());
            // Loom tries what follows in all orders.
            self.1.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn loom_the_last_handle_ends_what_is_shared() {
        loom::model(|| {
            let (shared, other) = Shared::two(Read(Cell::new(()), AtomicU32::new(0)));
            let looking = thread::spawn(move || {
                other.clone().look();
                other.look();
            });
            shared.look();
            drop(shared);
            looking.join().expect("the model does not panic");
        });
    }

    #[test]
    fn loom_who_is_alone_changes_what_others_have_read() {
        fn leave(mut handle: Handle<Read>) {
            if let Some(last) = handle.leave() {
                last.end();
            }
        }
        loom::model(|| {
            let [mut handle, other] = Handle::to(Read(Cell::new(()), AtomicU32::new(0)));
            let looking = thread::spawn(move || {
                other.get().expect("it has a value").look();
                leave(other);
            });
            if let Ok(it) = handle.alone() {
                it.0.with_mut(|_| ());
            }
            leave(handle);
            looking.join().expect("the model does not panic");
        });
    }
}
