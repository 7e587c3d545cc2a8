//! What sequences give, in which order, and how little they do for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use super::handoff::give;
use super::lazy::{Code, Iterated, Lazy};
use super::seq::{Element, Seq, iterate};
use crate::library::enumerable;
use crate::value::{Array, Dict, Exception, List, Result, Str, div};

fn numbers() -> Array<i32> {
    Array::from_vec(vec![3, 1, 2, 3])
}

fn all<T: Element, I: Iterator<Item = Result<T>> + Code>(chain: Lazy<I>) -> Vec<T> {
    chain.to_array().unwrap().as_slice().to_vec()
}

/// An endless iterator whose count says how often its body was left.
fn endless(left: Arc<AtomicI32>) -> Seq<i32> {
    iterate(move || {
        let left = left.clone();
        async move {
            let mut n = 0;
            loop {
                if give(n).await {
                    left.fetch_add(1, Ordering::SeqCst);
                    return Ok(());
                }
                n += 1;
            }
        }
    })
}

#[test]
fn steps_hand_on_elements() {
    let from = || numbers().lazy();
    assert_eq!(all(from().select(|n| Ok(n * 2))), [6, 2, 4, 6]);
    assert_eq!(all(from().filter(|n| Ok(n % 2 == 1))), [3, 1, 3]);
    assert_eq!(all(from().select_indexed(|n, at| Ok(n * at))), [0, 1, 4, 9]);
    assert_eq!(all(from().index().skip(3)), [(3, 3)]);
    assert_eq!(all(from().take(2)), [3, 1]);
    assert_eq!(all(from().take(-1)), Vec::<i32>::new());
    assert_eq!(all(from().skip(-1)), [3, 1, 2, 3]);
    assert_eq!(all(from().take_while(|n| Ok(n != 2))), [3, 1]);
    assert_eq!(all(from().skip_while(|n| Ok(n != 2))), [2, 3]);
    assert_eq!(all(from().take_last(2)), [2, 3]);
    assert_eq!(all(from().skip_last(3)), [3]);
    assert_eq!(all(from().take(1).append(7).prepend(8)), [8, 3, 7]);
    assert_eq!(all(from().concat(from().take(1).sequence())), [3, 1, 2, 3, 3]);
    assert_eq!(all(from().zip(from().skip(2).sequence())), [(3, 2), (1, 3)]);
    assert_eq!(all(from().distinct()), [3, 1, 2]);
    assert_eq!(all(from().distinct_by(|n| Ok(n % 2))), [3, 2]);
    let some = || Array::from_vec(vec![2, 3, 5]).sequence();
    assert_eq!(all(from().union(some())), [3, 1, 2, 5]);
    assert_eq!(all(from().intersect(some())), [3, 2]);
    assert_eq!(all(from().except(some())), [1]);
    assert_eq!(all(from().reverse()), [3, 2, 1, 3]);
    let chunks: Vec<i32> = all(from().chunk(3).unwrap().select(|it| Ok(it.length())));
    assert_eq!(chunks, [3, 1]);
    assert!(from().chunk(0).is_err());
    let twice = from().select_many(|n| Ok(Array::from_vec(vec![n, -n]).sequence()));
    assert_eq!(all(twice.take(3)), [3, -3, 1]);
}

#[test]
fn sorting_is_stable_and_groups_come_in_order() {
    let words = ["pear", "fig", "plum", "date"].map(Str::lit);
    let words = List::from_vec(words.to_vec());
    let by_length = words.lazy().order_by(|w: Str| Ok(w.length()));
    let text = |words: Seq<Str>| {
        let words: Vec<String> =
            all(words.lazy()).iter().map(|it| it.as_str().to_owned()).collect();
        words.join(" ")
    };
    assert_eq!(text(by_length.sequence()), "fig pear plum date");
    let refined = by_length.then_by_descending(Arc::new(Ok));
    assert_eq!(text(refined.sequence()), "fig plum pear date");
    let groups = words.lazy().group_by(|w: Str| Ok(w.length()));
    let groups = all(groups.select(|it| Ok((it.key(), it.lazy().count()?))));
    assert_eq!(groups, [(4, 3), (3, 1)]);
    assert_eq!(all(numbers().lazy().order().lazy()), [1, 2, 3, 3]);
    assert_eq!(all(numbers().lazy().order_descending().lazy()), [3, 3, 2, 1]);
}

#[test]
fn ends_give_one_value() {
    let from = || numbers().lazy();
    assert_eq!((from().sum(), from().average()), (Ok(9), Ok(2.25)));
    assert_eq!((from().min(), from().max()), (Ok(1), Ok(3)));
    assert_eq!((from().first(), from().last(), from().count()), (Ok(3), Ok(3), Ok(4)));
    assert_eq!(from().min_by(|n| Ok(-n)), Ok(3));
    assert_eq!(from().max_of(|n| Ok(-n)), Ok(-1));
    assert_eq!(from().aggregate(1, |a, b| Ok(a * b)), Ok(18));
    assert_eq!(from().reduce(|a, b| Ok(a - b)), Ok(-3));
    assert_eq!(from().element_at(2), Ok(2));
    assert_eq!(from().element_at_or_null(4), Ok(None));
    assert_eq!(from().single_where(|n| Ok(n == 2)), Ok(2));
    assert!(from().single_where(|n| Ok(n == 3)).is_err());
    assert_eq!(from().sequence_equal(numbers().sequence()), Ok(true));
    assert_eq!(from().sequence_equal(from().take(3).sequence()), Ok(false));
    let by_number: Dict<i32, bool> =
        from().distinct().to_dictionary_of(Ok, |n| Ok(n > 1)).unwrap();
    assert_eq!(by_number.find(1), Some(false));
    assert!(from().to_dictionary(Ok).is_err());
    let most = Array::from_vec(vec![i32::MAX, 1]).lazy();
    assert_eq!(most.sum().unwrap_err().kind(), "OverflowException");
}

#[test]
fn nan_is_neither_least_nor_greatest() {
    let from = || Array::from_vec(vec![f64::NAN, 2.0, 1.0]).lazy();
    assert_eq!((from().min(), from().max()), (Ok(1.0), Ok(2.0)));
    assert!(from().take(1).max().unwrap().is_nan());
}

#[test]
fn an_empty_sequence_has_no_element() {
    let none = || enumerable::empty::<i32>();
    for thrown in [none().first(), none().last(), none().min(), none().max()] {
        assert_eq!(thrown.unwrap_err().kind(), "InvalidOperationException");
    }
    let line = line!() + 1;
    let thrown = none().single().unwrap_err();
    assert_eq!(thrown.location().line(), line);
    assert!(none().average().is_err());
    assert_eq!((none().sum(), none().count(), none().any()), (Ok(0), Ok(0), Ok(false)));
    assert_eq!(none().first_or_null(), Ok(None));
}

#[test]
fn a_failure_ends_the_chain() {
    let chain = Array::from_vec(vec![1, 0, 2]).lazy().select(|n| div(6, n));
    assert_eq!(chain.clone().first(), Ok(6));
    assert_eq!(chain.to_array().unwrap_err().kind(), "DivideByZeroException");
}

#[test]
fn only_what_is_asked_for_is_made() {
    let left = Arc::new(AtomicI32::new(0));
    let squares = endless(left.clone()).lazy().select(|n| Ok(n * n)).sequence();
    assert_eq!(all(squares.lazy().take(4)), [0, 1, 4, 9]);
    assert_eq!(left.load(Ordering::SeqCst), 1);
    // Each enumeration starts anew.
    assert_eq!(all(squares.lazy().take(2)), [0, 1]);
    assert_eq!(left.load(Ordering::SeqCst), 2);
    // One that nothing was asked of has nothing to leave.
    drop(squares.iterate());
    assert_eq!(left.load(Ordering::SeqCst), 2);
}

#[test]
fn a_body_ends_by_itself_or_by_what_it_throws() {
    let body = |fails: bool| {
        iterate(move || async move {
            for n in 0..2 {
                if give(n).await {
                    return Ok(());
                }
            }
            if fails { Err(Exception::new("FormatException", "no")) } else { Ok(()) }
        })
    };
    let mut fails = body(true).iterate();
    assert_eq!((fails.next(), fails.next()), (Some(Ok(0)), Some(Ok(1))));
    assert_eq!(fails.next().unwrap().unwrap_err().kind(), "FormatException");
    assert_eq!(fails.next(), None);
    assert_eq!(all(body(false).lazy()), [0, 1]);
}

#[test]
fn ranges_know_their_limits() {
    assert_eq!(all(enumerable::range(-1, 3).unwrap()), [-1, 0, 1]);
    assert_eq!(all(enumerable::range(i32::MAX, 1).unwrap()), [i32::MAX]);
    assert!(enumerable::range(i32::MAX, 2).is_err() && enumerable::range(0, -1).is_err());
    assert_eq!(all(enumerable::repeat('a', 2).unwrap()), ['a', 'a']);
}
