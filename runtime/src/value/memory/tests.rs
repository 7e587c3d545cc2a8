//! Tests of shared elements: who copies, who frees, and what stays in place.

use std::sync::Arc;

use super::*;

fn texts(n: usize) -> Buffer<String> {
    (0..n).map(|it| it.to_string()).collect()
}

#[test]
fn clones_share_until_one_changes() {
    let mut first = texts(3);
    let mut second = first.clone();
    assert_eq!(first.as_ptr(), second.as_ptr());
    second.make_mut()[0].push('x');
    assert_ne!(first.as_ptr(), second.as_ptr());
    assert_eq!((&first[0], &second[0]), (&"0".to_owned(), &"0x".to_owned()));
    let before = first.as_ptr();
    first.make_mut()[1].push('y');
    assert_eq!(first.as_ptr(), before);
    assert_eq!(second[1], "1");
}

#[test]
fn grows_in_place_when_alone() {
    let mut items = Buffer::with_capacity(100);
    items.push(0);
    let before = items.as_ptr();
    for n in 1..100 {
        items.push(n);
    }
    assert_eq!(items.as_ptr(), before);
    let copy = items.clone();
    items.push(100);
    assert_eq!((items.len(), copy.len()), (101, 100));
    assert_eq!(items.pop(), Some(100));
    assert_eq!(items[..], copy[..]);
}

#[test]
fn inserts_and_removes() {
    let mut items = texts(5);
    let copy = items.clone();
    items.insert(0, "a".to_owned());
    items.insert(6, "z".to_owned());
    items.remove(1..3);
    assert_eq!(items[..], ["a", "2", "3", "4", "z"]);
    items.truncate(2);
    items.extend_from_slice(&copy[4..]);
    assert_eq!(items[..], ["a", "2", "4"]);
    assert_eq!(items.clone().into_vec(), ["a", "2", "4"]);
    assert_eq!(items.into_vec(), ["a", "2", "4"]);
    assert_eq!(copy.len(), 5);
    let mut cleared = copy.clone();
    cleared.clear();
    assert_eq!((cleared.len(), copy.len()), (0, 5));
    cleared.push("b".to_owned());
    cleared.clear();
    assert_eq!((cleared.pop(), cleared.len()), (None, 0));
}

#[test]
fn nothing_is_dropped_twice_or_never() {
    let token = Arc::new(());
    let count = || Arc::strong_count(&token) - 1;
    let mut items: Buffer<Arc<()>> = (0..4).map(|_| Arc::clone(&token)).collect();
    let shared = items.clone();
    assert_eq!(count(), 4);
    items.make_mut();
    assert_eq!(count(), 8);
    drop(shared);
    items.remove(0..2);
    assert_eq!(count(), 2);
    let mut given = Items::new(items);
    assert!(given.next().is_some());
    assert_eq!(count(), 1);
    drop(given);
    assert_eq!(count(), 0);
    let items: Buffer<Arc<()>> = vec![Arc::clone(&token); 3].into();
    let other = items.clone();
    assert_eq!(Items::new(items).count(), 3);
    assert_eq!(count(), 3);
    drop(other);
    assert_eq!(count(), 0);
}

#[test]
fn iterating_over_the_only_handle_gives_the_elements_away() {
    let items = texts(3);
    let first = items[0].as_ptr();
    let given: Vec<String> = Items::new(items).collect();
    assert_eq!((given[0].as_ptr(), given.len()), (first, 3));
    let items = texts(3);
    let kept = items.clone();
    let cloned: Vec<String> = Items::new(items).collect();
    assert_ne!(cloned[0].as_ptr(), kept[0].as_ptr());
}

#[test]
fn elements_of_any_size_and_alignment() {
    #[derive(Clone, Debug, PartialEq)]
    #[repr(align(64))]
    struct Wide(u8);
    let mut wide: Buffer<Wide> = (0..9).map(Wide).collect();
    wide.push(Wide(9));
    assert_eq!(wide.as_ptr().addr() % 64, 0);
    assert_eq!(wide.clone().make_mut()[9], Wide(9));
    let mut none: Buffer<()> = Buffer::filled((), 1000);
    let copy = none.clone();
    none.push(());
    assert_eq!((none.len(), copy.len(), none.pop()), (1001, 1000, Some(())));
    let empty: Buffer<Wide> = Vec::new().into();
    assert!(empty.clone().is_empty() && empty.into_vec().is_empty());
}
