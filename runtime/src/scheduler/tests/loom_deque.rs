//! Models of the run queue: every node is taken once, also when slots are used again.

use std::sync::Arc;

use loom::thread;

use crate::scheduler::deque::Deque;

/// With two slots under loom, three nodes go around.
#[test]
fn loom_the_owner_and_a_thief_take_each_node_once() {
    loom::model(|| {
        let deque = Arc::new(Deque::new());
        let node = Arc::new(());
        let thief = deque.clone();
        let stealing = thread::spawn(move || usize::from(thief.pop().is_some()));
        let mut n_refused = 0;
        let mut n_popped = 0;
        for round in 0..3 {
            // SAFETY: this thread alone pushes.
            if unsafe { deque.push(node.clone()) }.is_err() {
                n_refused += 1;
            }
            if round == 1 {
                n_popped += usize::from(deque.pop().is_some());
            }
        }
        while deque.pop().is_some() {
            n_popped += 1;
        }
        let n_stolen = stealing.join().expect("the thief does not panic");
        assert_eq!(n_refused + n_popped + n_stolen, 3);
        assert_eq!(Arc::strong_count(&node), 1);
    });
}

#[test]
fn loom_two_thieves_never_take_the_same() {
    loom::model(|| {
        let deque = Arc::new(Deque::new());
        for n in 0..2 {
            // SAFETY: this thread alone pushes.
            assert!(unsafe { deque.push(Arc::new(n)) }.is_ok());
        }
        let thieves: Vec<_> = (0..2)
            .map(|_| {
                let deque = deque.clone();
                thread::spawn(move || deque.pop().map(|node| *node))
            })
            .collect();
        let mut taken: Vec<i32> = thieves
            .into_iter()
            .filter_map(|thief| thief.join().expect("the thief does not panic"))
            .collect();
        taken.sort_unstable();
        assert_eq!(taken, [0, 1]);
    });
}
