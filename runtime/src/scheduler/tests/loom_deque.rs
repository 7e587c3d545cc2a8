//! Models of the run queue, of the stack of new strands and of a slot in it: every node is taken once, also when places are used
//! again.

use std::sync::Arc;

use loom::thread;

use crate::scheduler::deque::Deque;
use crate::scheduler::fresh::Fresh;
use crate::scheduler::slot::Slot;

/// With two slots under loom, three nodes go around.
#[test]
fn loom_the_owner_and_a_thief_take_each_node_once() {
    loom::model(|| {
        let deque = Arc::new(Deque::new());
        let owner = deque.owner();
        let node = Arc::new(());
        let thief = deque.clone();
        let stealing = thread::spawn(move || thief.take_half(drop));
        let mut n_refused = 0;
        let mut n_popped = 0;
        for round in 0..3 {
            if owner.push(node.clone()).is_err() {
                n_refused += 1;
            }
            if round == 1 {
                n_popped += usize::from(owner.pop().is_some());
            }
        }
        while owner.pop().is_some() {
            n_popped += 1;
        }
        let n_stolen = stealing.join().expect("the thief does not panic");
        assert_eq!(n_refused + n_popped + n_stolen, 3);
        assert!(!deque.has_nodes());
        assert_eq!(Arc::strong_count(&node), 1);
    });
}

#[test]
fn loom_two_thieves_never_take_the_same() {
    loom::model(|| {
        let deque = Arc::new(Deque::new());
        let owner = deque.owner();
        for n in 0..2 {
            assert!(owner.push(Arc::new(n)).is_ok());
        }
        let thieves: Vec<_> = (0..2)
            .map(|_| {
                let deque = deque.clone();
                thread::spawn(move || {
                    let mut taken = Vec::new();
                    deque.take_half(|node| taken.push(*node));
                    taken
                })
            })
            .collect();
        let mut taken: Vec<i32> = thieves
            .into_iter()
            .flat_map(|thief| thief.join().expect("the thief does not panic"))
            .collect();
        // What thieves have taken the queue does not count, though the owner has not looked.
        assert_eq!(deque.len(), 2 - taken.len());
        taken.extend(owner.pop().map(|node| *node));
        taken.sort_unstable();
        assert_eq!(taken, [0, 1]);
        assert!(!deque.has_nodes());
    });
}

#[test]
fn loom_a_thief_takes_half_and_the_owner_the_rest() {
    loom::model(|| {
        let deque = Arc::new(Deque::new());
        let owner = deque.owner();
        let push = |n| owner.push(Arc::new(n));
        assert!(push(0).is_ok() && push(1).is_ok());
        let thief = deque.clone();
        let stealing = thread::spawn(move || {
            let mut stolen = Vec::new();
            thief.take_half(|node| stolen.push(*node));
            stolen
        });
        let mut taken: Vec<i32> = owner.pop().map(|node| *node).into_iter().collect();
        if push(2).is_err() {
            taken.push(2);
        }
        while let Some(node) = owner.pop() {
            taken.push(*node);
        }
        let stolen = stealing.join().expect("the thief does not panic");
        assert!(stolen.len() <= 1);
        taken.extend(stolen);
        taken.sort_unstable();
        assert_eq!(taken, [0, 1, 2]);
    });
}

/// Both take what is there, and the owner fills the slot anew when it finds it empty.
#[test]
fn loom_what_is_in_the_slot_is_taken_once() {
    loom::model(|| {
        let slot = Arc::new(Slot::new());
        let thief = slot.clone();
        let stealing = thread::spawn(move || thief.take().map(|node: Arc<i32>| *node));
        let mut taken = Vec::new();
        slot.fill(Arc::new(0));
        taken.extend(slot.take().map(|node| *node));
        slot.fill(Arc::new(1));
        if slot.is_full() {
            taken.extend(slot.take().map(|node| *node));
        }
        slot.fill(Arc::new(2));
        taken.extend(stealing.join().expect("the thief does not panic"));
        taken.extend(slot.take().map(|node| *node));
        taken.sort_unstable();
        assert_eq!(taken, [0, 1, 2]);
    });
}

/// A thief that is late takes a node that has a later number, and nothing is lost by it.
#[test]
fn loom_a_thief_is_late_and_another_is_not() {
    loom::model(|| {
        let deque = Arc::new(Deque::new());
        let owner = deque.owner();
        assert!(owner.push(Arc::new(0)).is_ok());
        let thieves: Vec<_> = (0..2)
            .map(|_| {
                let deque = deque.clone();
                thread::spawn(move || {
                    let mut taken = Vec::new();
                    deque.take_half(|node: Arc<i32>| taken.push(*node));
                    taken
                })
            })
            .collect();
        let mut taken = Vec::new();
        for n in 1..4 {
            taken.extend(owner.push(Arc::new(n)).err().map(|node| *node));
        }
        for thief in thieves {
            taken.extend(thief.join().expect("the thief does not panic"));
        }
        while let Some(node) = owner.pop() {
            taken.push(*node);
        }
        taken.sort_unstable();
        assert_eq!(taken, [0, 1, 2, 3]);
        assert!(!deque.has_nodes());
    });
}

#[test]
fn loom_what_is_new_is_taken_once_from_both_ends() {
    loom::model(|| {
        let fresh = Arc::new(Fresh::new());
        assert!(fresh.push(Arc::new(0)).is_ok());
        let thief = fresh.clone();
        let stealing =
            thread::spawn(move || thief.take_oldest().map(|node: Arc<i32>| *node));
        let mut taken = Vec::new();
        assert!(fresh.push(Arc::new(1)).is_ok());
        taken.extend(fresh.push(Arc::new(2)).err().map(|node| *node));
        taken.extend(fresh.pop().map(|node| *node));
        taken.extend(fresh.push(Arc::new(3)).err().map(|node| *node));
        while let Some(node) = fresh.pop() {
            taken.push(*node);
        }
        assert!(!fresh.may_have_nodes());
        taken.extend(stealing.join().expect("the thief does not panic"));
        taken.sort_unstable();
        assert_eq!(taken, [0, 1, 2, 3]);
    });
}
