//! Values nested so deeply that going through them takes more stack than there is: what is dropped
//! waits on a list, everything else goes on on another thread's stack.

use std::cell::{Cell, RefCell};

use super::lent;
use crate::stack;

thread_local! {
    /// What is to be dropped by the loop that runs further out.
    static LATER: RefCell<Vec<Box<dyn FnOnce()>>> = const { RefCell::new(Vec::new()) };
    static RUNS: Cell<bool> = const { Cell::new(false) };
}

/// Runs what drops something that nobody holds any more, now or later.
#[inline]
pub(super) fn end(last: impl FnOnce() + 'static) {
    if stack::is_used_up() { end_later(Box::new(last)) } else { last() }
}

/// At the limit of the stack: what is dropped from here on is put on a list, which the first
/// that came here works off before it returns.
#[cold]
#[inline(never)]
fn end_later(last: Box<dyn FnOnce()>) {
    LATER.with_borrow_mut(|later| later.push(last));
    if RUNS.replace(true) {
        return;
    }
    while let Some(last) = LATER.with_borrow_mut(Vec::pop) {
        last();
    }
    RUNS.set(false);
}

/// Runs something that goes one level deeper into a value.
#[inline]
pub(in crate::value) fn roomy<R>(run: impl FnOnce() -> R) -> R {
    if stack::is_used_up() { elsewhere(run) } else { run() }
}

/// Address space for the stack of a thread that goes on with a deep value.
const STACK_BYTES: usize = 256 << 20;

#[cold]
#[inline(never)]
fn elsewhere<R>(run: impl FnOnce() -> R) -> R {
    lent::elsewhere(STACK_BYTES, || {
        stack::set_limit(STACK_BYTES);
        run()
    })
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::collections::hash_map::DefaultHasher;
    use std::hash::{Hash, Hasher};

    use crate::stack;
    use crate::value::{Link, List, Shared, Show, show_case, show_record, to_str};

    const DEPTH: i32 = 100_000;

    #[derive(Clone, PartialEq, Eq, Hash)]
    enum Chain {
        End,
        More(i32, Shared<Chain>),
        Linked(Link<Box<Chain>>),
        Many(List<Chain>),
    }

    impl Show for Chain {
        fn show(&self, out: &mut String) {
            match self {
                Self::End => show_case(out, "End", &[]),
                Self::More(n, rest) => show_case(out, "More", &[n, &**rest]),
                Self::Linked(rest) => match &**rest {
                    Some(rest) => show_record(out, "L", &[("R", &**rest)]),
                    None => out.push('-'),
                },
                Self::Many(all) => all.show(out),
            }
        }
    }

    fn chain(last: i32, next: fn(i32, Chain) -> Chain) -> Chain {
        (0..DEPTH)
            .fold(Chain::More(last, Shared::new(Chain::End)), |rest, n| next(n, rest))
    }

    fn hash(it: &Chain) -> u64 {
        let mut hasher = DefaultHasher::new();
        it.hash(&mut hasher);
        hasher.finish()
    }

    fn deep_values_behave(next: fn(i32, Chain) -> Chain) {
        let test = move || {
            stack::set_limit(4 << 20);
            let (one, same, other) = (chain(1, next), chain(1, next), chain(2, next));
            assert!(one == same && one != other);
            assert!(hash(&one) == hash(&same) && hash(&one) != hash(&other));
            assert_eq!(to_str(&one), to_str(&same));
            let copy = one.clone();
            drop(one);
            assert!(copy == same);
        };
        let thread = std::thread::Builder::new().stack_size(4 << 20).spawn(test);
        thread.expect("a thread starts").join().expect("nothing overflows");
    }

    #[test]
    fn deep_cases_compare_hash_print_and_drop() {
        deep_values_behave(|n, rest| Chain::More(n, Shared::new(rest)));
    }

    #[test]
    fn deep_links_compare_hash_print_and_drop() {
        deep_values_behave(|_, rest| Chain::Linked(Link::new(Some(Box::new(rest)))));
    }

    #[test]
    fn deep_lists_compare_hash_print_and_drop() {
        deep_values_behave(|_, rest| Chain::Many(List::from_vec(vec![rest])));
    }
}
