//! Sorting that never panics: by the order of `comparable`, or by a function that may throw.
//! It does not know the collections, only vectors.

use std::cmp::Ordering;

use super::{Result, total_cmp};

/// Sorts, keeping equal elements in order; NaN and what contains it comes last.
pub(super) fn sort<T: PartialOrd + Clone>(items: &mut [T]) {
    let ordered = |item: &T| item.partial_cmp(item).is_some();
    if items.iter().all(ordered) {
        items.sort_by(total_cmp);
        return;
    }
    // A record that contains NaN compares with some others and not with the rest, which is no order
    // that the standard sort may be given; merging copes with it.
    let (mut regular, odd): (Vec<T>, Vec<T>) = items.iter().cloned().partition(ordered);
    regular.sort_by(total_cmp);
    // `total_cmp` cannot throw, so nothing is lost here.
    let odd = sort_by(odd, &mut |a, b| Ok(total_cmp(a, b))).unwrap_or_default();
    for (place, item) in items.iter_mut().zip(regular.into_iter().chain(odd)) {
        *place = item;
    }
}

/// Sorts by merging, keeping equal elements in order. The comparison may be inconsistent, and throw.
pub(super) fn sort_by<T>(
    mut items: Vec<T>,
    compare: &mut dyn FnMut(&T, &T) -> Result<Ordering>,
) -> Result<Vec<T>> {
    if items.len() < 2 {
        return Ok(items);
    }
    let right = items.split_off(items.len() / 2);
    let mut left = sort_by(items, compare)?.into_iter().peekable();
    let mut right = sort_by(right, compare)?.into_iter().peekable();
    let mut merged = Vec::with_capacity(left.len() + right.len());
    loop {
        let take_left = match (left.peek(), right.peek()) {
            (Some(a), Some(b)) => compare(a, b)? != Ordering::Greater,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => return Ok(merged),
        };
        merged.extend(if take_left { left.next() } else { right.next() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Exception;

    #[test]
    fn sorts_with_nan_last() {
        let mut items = vec![3.0, f64::NAN, 1.0, 2.0];
        sort(&mut items);
        assert_eq!(items[..3], [1.0, 2.0, 3.0]);
        assert!(items[3].is_nan());
    }

    #[test]
    fn copes_with_records_that_contain_nan() {
        let mut items: Vec<(f64, f64)> = (0..200)
            .map(|n| {
                let n = f64::from(n * 37 % 100);
                if n as i32 % 3 == 0 { (f64::NAN, n) } else { (n, f64::NAN) }
            })
            .collect();
        sort(&mut items);
        assert_eq!(items.len(), 200);
    }

    #[test]
    fn is_stable_and_may_throw() {
        let words = vec!["bb", "a", "cc", "d"];
        let sorted = sort_by(words, &mut |a, b| Ok(a.len().cmp(&b.len()))).unwrap();
        assert_eq!(sorted, ["a", "d", "bb", "cc"]);
        let thrown =
            sort_by(vec![1, 2], &mut |_, _| Err(Exception::new("Exception", "no")));
        assert!(thrown.is_err());
    }
}
