//! Models of handles to elements.

use loom::cell::UnsafeCell;

use super::rows::Rows;

fn one() -> Rows<UnsafeCell<i32>> {
    let mut rows = Rows::EMPTY;
    assert!(rows.make_room(1) && rows.fill(1, |_| UnsafeCell::new(0)));
    rows
}

#[test]
fn loom_the_last_of_two_handles_frees_and_sees_all() {
    loom::model(|| {
        let first = one();
        let second = first.clone();
        let other = loom::thread::spawn(move || {
            // SAFETY: loom reports what is not ordered with the write below.
            second[0].with(|it| unsafe { *it });
        });
        let mut first = first;
        if first.is_alone() {
            // SAFETY: as above.
            first[0].with_mut(|it| unsafe { *it = 1 });
        }
        drop(first);
        other.join().expect("the model does not panic");
    });
}

#[test]
fn loom_handles_cloned_elsewhere_are_counted() {
    loom::model(|| {
        let mut first = one();
        let second = first.clone();
        let other = loom::thread::spawn(move || {
            let third = second.clone();
            drop(second);
            // SAFETY: loom reports what is not ordered with the write below.
            third[0].with(|it| unsafe { *it })
        });
        if first.is_alone() {
            // SAFETY: as above.
            first[0].with_mut(|it| unsafe { *it = 1 });
        }
        assert_eq!(other.join().expect("the model does not panic"), 0);
        assert!(first.is_alone());
    });
}
