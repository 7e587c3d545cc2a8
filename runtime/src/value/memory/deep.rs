//! Values nested so deeply that going through them takes more stack than there is: freeing
//! them goes on from a list, everything else on another thread's stack.

use std::cell::{Cell, RefCell};
use std::ptr::NonNull;
use std::thread;

use crate::stack;

/// Frees the memory behind a pointer, with the values in it, of which there are so many.
type Free = unsafe fn(NonNull<()>, usize);

thread_local! {
    /// What is to be freed by the loop that runs further out.
    static LATER: RefCell<Vec<(NonNull<()>, usize, Free)>> = const { RefCell::new(Vec::new()) };
    static RUNS: Cell<bool> = const { Cell::new(false) };
}

/// Frees what nobody holds any more, now or later.
///
/// # Safety
/// `free` may be called for the pointer and the number, once.
#[inline]
pub(super) unsafe fn free<T>(pointer: NonNull<T>, n: usize, free: Free) {
    if stack::is_used_up() {
        // SAFETY: the caller's.
        unsafe { free_later(pointer.cast(), n, free) };
    } else {
        // SAFETY: the caller's.
        unsafe { free(pointer.cast(), n) };
    }
}

/// At the limit of the stack: what is freed from here on is put on a list, which the first
/// that came here works off before it returns.
///
/// # Safety
/// As for `free`.
#[cold]
#[inline(never)]
unsafe fn free_later(pointer: NonNull<()>, n: usize, free: Free) {
    LATER.with_borrow_mut(|later| later.push((pointer, n, free)));
    if RUNS.replace(true) {
        return;
    }
    while let Some((pointer, n, free)) = LATER.with_borrow_mut(Vec::pop) {
        // SAFETY: each is on the list once, by a caller who said that it may be freed.
        unsafe { free(pointer, n) };
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

/// What another thread does for this one.
struct Lent<T>(T);

// SAFETY: the thread that lends waits until the other is done, so that no two use it at
// once; and nothing that values do depends on which thread does it.
unsafe impl<T> Send for Lent<T> {}

impl<T> Lent<T> {
    fn take(self) -> T {
        self.0
    }
}

#[cold]
#[inline(never)]
fn elsewhere<R>(run: impl FnOnce() -> R) -> R {
    let run = Lent(run);
    thread::scope(|scope| {
        let other = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(
            scope,
            move || {
                stack::set_limit(STACK_BYTES);
                Lent(run.take()())
            },
        );
        let done = other.expect("the system gives another thread").join();
        done.unwrap_or_else(|panic| std::panic::resume_unwind(panic)).take()
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
