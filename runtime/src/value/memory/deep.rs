//! Values nested so deeply that going through them takes more stack than there is: what is dropped
//! waits on a list, everything else goes on on another thread's stack.

use std::cell::{Cell, RefCell};
use std::hash::{Hash, Hasher};
use std::{panic, thread};

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
pub(in crate::value) fn roomy<R: Send>(run: impl FnOnce() -> R + Send) -> R {
    if stack::is_used_up() { elsewhere(run) } else { run() }
}

/// Address space for the stack of a thread that goes on with a deep value.
const STACK_BYTES: usize = 256 << 20;

/// Runs something on a thread of its own, and waits for it.
#[cold]
#[inline(never)]
fn elsewhere<R: Send>(run: impl FnOnce() -> R + Send) -> R {
    let run = || {
        stack::set_limit(STACK_BYTES);
        run()
    };
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK_BYTES);
        let other = thread.spawn_scoped(scope, run);
        let done = other.expect("the system gives another thread").join();
        done.unwrap_or_else(|panic| panic::resume_unwind(panic))
    })
}

/// Hashes what is one level deeper in a value.
#[inline]
pub(in crate::value) fn hash_roomy<T: Hash + Sync + ?Sized, H: Hasher>(
    value: &T,
    state: &mut H,
) {
    if stack::is_used_up() { hash_elsewhere(value, state) } else { value.hash(state) }
}

/// The hasher may be bound to this thread: what it is to be given comes back.
#[cold]
#[inline(never)]
fn hash_elsewhere<T: Hash + Sync + ?Sized, H: Hasher>(value: &T, state: &mut H) {
    let written = elsewhere(|| {
        let mut written = Written(Vec::new());
        value.hash(&mut written);
        written
    });
    for write in written.0 {
        write(state);
    }
}

/// What was given to a hasher, to be given to another by the same calls.
struct Written(Vec<Write>);

type Write = Box<dyn FnOnce(&mut dyn Hasher) + Send>;

macro_rules! written {
    ($($write:ident: $number:ty),*) => {
        $(fn $write(&mut self, number: $number) {
            self.0.push(Box::new(move |to| to.$write(number)));
        })*
    };
}

impl Hasher for Written {
    fn write(&mut self, bytes: &[u8]) {
        let bytes = bytes.to_vec();
        self.0.push(Box::new(move |to| to.write(&bytes)));
    }

    written!(write_u8: u8, write_u16: u16, write_u32: u32, write_u64: u64, write_u128: u128);
    written!(write_i8: i8, write_i16: i16, write_i32: i32, write_i64: i64, write_i128: i128);
    written!(write_usize: usize, write_isize: isize);

    fn finish(&self) -> u64 {
        unreachable!("a value does not ask what its hash is")
    }
}

/// Handles compare and hash as what they hold, however deep that is.
macro_rules! compared {
    ($name:ident) => {
        impl<T: PartialEq + Sync> PartialEq for $name<T> {
            fn eq(&self, other: &Self) -> bool {
                let (one, other) = (&*self.0, &*other.0);
                $crate::value::memory::roomy(|| one == other)
            }
        }

        impl<T: Eq + Sync> Eq for $name<T> {}

        impl<T: PartialOrd + Sync> PartialOrd for $name<T> {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                let (one, other) = (&*self.0, &*other.0);
                $crate::value::memory::roomy(|| one.partial_cmp(other))
            }
        }

        impl<T: std::hash::Hash + Sync> std::hash::Hash for $name<T> {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                $crate::value::memory::hash_roomy(&*self.0, state);
            }
        }
    };
}

/// Handles print as what they hold.
macro_rules! printed {
    ($name:ident) => {
        impl<T: std::fmt::Debug> std::fmt::Debug for $name<T> {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                (**self).fmt(out)
            }
        }
    };
}

pub(in crate::value) use {compared, printed};

#[cfg(all(test, not(loom)))]
mod tests {
    use std::collections::hash_map::DefaultHasher;
    use std::hash::{Hash, Hasher};

    use super::hash_elsewhere;
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

    #[test]
    fn what_is_hashed_elsewhere_has_the_same_hash() {
        let numbers = (1_u8, -2_i16, 3_u32, -4_i64, 5_u128, 6_usize, true, 'c');
        let value = (numbers, "text", [7_i8; 3], vec![Some("more".to_owned()), None]);
        let (mut here, mut there) = (DefaultHasher::new(), DefaultHasher::new());
        value.hash(&mut here);
        hash_elsewhere(&value, &mut there);
        assert_eq!(here.finish(), there.finish());
        there.write_u8(1);
        assert_ne!(here.finish(), there.finish());
    }
}
