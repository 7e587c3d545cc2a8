//! A model of two workers that exchange blocks by a depot: each block has one owner at a time, none is lost, and who
//! gets one sees what was done with it before.

use std::mem::ManuallyDrop;
use std::sync::Arc;

use loom::thread;

use super::pooled::Room;
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

/// As `put` does it; how many blocks are kept. Batches are of one block here, so the third goes to the depot.
fn put(shelf: &Shelf, depot: &Depot) -> usize {
    let is_kept = shelf.n_missing.get() > 0 || shelf.make_room(depot, CLASS);
    if is_kept {
        shelf.put(Room::<Block>::new_uninit());
    }
    usize::from(is_kept)
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
        let work = |depot: &Depot| {
            let shelf = shelf();
            let n_kept: usize = (0..3).map(|_| put(&shelf, depot)).sum();
            (n_kept, get(&shelf, depot, 4))
        };
        let others = depot.clone();
        let other = thread::spawn(move || work(&others));
        // One is at the tray for a while, and the other may find it in use.
        depot.at_a_tray(|_| Some(thread::yield_now()));
        let (n_kept, n_gotten) = work(&depot);
        let (n_kept_there, n_gotten_there) = other.join().expect("nothing panics");
        let n_left = get(&shelf(), &depot, 2);
        assert_eq!(n_gotten + n_gotten_there + n_left, n_kept + n_kept_there);
    });
}
