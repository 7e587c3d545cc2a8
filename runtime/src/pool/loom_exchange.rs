//! A model of two workers that exchange blocks by a depot: each block has one owner at a time, none is lost, and who
//! gets one sees what was done with it before.

use std::mem::ManuallyDrop;
use std::sync::Arc;

use loom::thread;

use super::block::Room;
use super::{Depot, Shelf, batch};

/// A class of blocks in which a link has room.
const CLASS: usize = 0;
type Block = u64;

/// What one worker keeps of the class.
fn shelf() -> Shelf {
    let shelf = ManuallyDrop::into_inner(Shelf::of_class(CLASS));
    shelf.n_missing.set(batch(CLASS));
    shelf
}

/// As `put` does it. Batches are of one block here, so the third goes to the depot.
fn put(shelf: &Shelf, depot: &Depot) {
    if shelf.n_missing.get() == 0 {
        shelf.make_room(depot, CLASS);
    }
    shelf.put(Room::<Block>::new_uninit());
}

/// As `get` does it; how many there were of so many.
fn get(shelf: &Shelf, depot: &Depot, n_blocks: usize) -> usize {
    let one = || {
        shelf
            .take::<Block>()
            .or_else(|| shelf.open_batch(depot, CLASS).then(|| shelf.take()).flatten())
    };
    (0..n_blocks).map_while(|_| one()).count()
}

#[test]
fn loom_blocks_go_through_a_depot_one_owner_at_a_time() {
    loom::model(|| {
        let depot = Arc::new(Depot::new());
        let work = |depot: Arc<Depot>| {
            let shelf = shelf();
            (0..3).for_each(|_| put(&shelf, &depot));
            get(&shelf, &depot, 4)
        };
        let others = depot.clone();
        let other = thread::spawn(move || work(others));
        // One is at the tray for a while, and the other may find it in use.
        depot.at_a_tray(|_| Some(thread::yield_now()));
        let n_gotten = work(depot) + other.join().expect("nothing panics");
        // What was for the tray while another was at it went to the system, or stays there.
        assert!((4..=6).contains(&n_gotten), "{n_gotten}");
    });
}
