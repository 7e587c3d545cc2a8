//! Who changes words without locking them: the one worker that is alone.
//!
//! A read-modify-write that others may see takes some twenty times as long as one by plain loads and stores. While one
//! worker alone changes the runtime's words, it *has the bias*: it changes them plainly, each time within a *section*.
//! Whoever else wants to change one takes the bias away first, and then all lock.
//!
//! 1. Who changes words *enters* before and *leaves* after: a thread for long, or for one change. `word` counts them.
//! 2. The only one who has entered may take the bias, by a compare-and-swap of `word`.
//! 3. It opens a section (`inside`), passes a light barrier, reads `word`, changes its word if the bias is there
//!    still, and closes the section.
//! 4. Who enters and finds the bias takes it out of `word`, has all threads pass a heavy barrier, and waits until no
//!    section is open. Others who enter meanwhile wait for that.
//!
//! Either the light barrier of 3 comes before the heavy one of 4: then the section is seen, open or closed. Or it comes
//! after: then the bias is seen to be gone. A section is closed with release and seen closed with acquire, so what its
//! owner did before is visible to the one who has entered; who takes the bias acquires what those did who have left.
//!
//! The light barrier keeps the compiler from reordering and nothing else: the heavy one is a call of the system that
//! makes each running thread pass a real one ([`super::barrier`]). That only one side pays is the asymmetric Dekker
//! synchronization of Dice, Huang and Yang (2001); a lock that belongs to one thread until another wants it is the
//! lock reservation of Kawachiya, Koseki and Onodera (2002).

#[cfg(not(loom))]
use std::sync::atomic::compiler_fence;

use super::{AtomicBool, AtomicU32, Ordering, Seldom};

/// Somebody has it.
const HAD: u32 = 0b01;
/// Somebody takes it away.
const GOING: u32 = 0b10;
/// One who has entered.
const ONE: u32 = 0b100;

#[derive(Debug)]
#[repr(align(128))]
pub(super) struct Bias {
    /// How many have entered, in units of `ONE`; `HAD` and `GOING`.
    word: AtomicU32,
    /// A section is open.
    inside: AtomicBool,
    taking_away: Seldom<()>,
}

#[inline(always)]
fn light() {
    #[cfg(not(loom))]
    compiler_fence(Ordering::SeqCst);
    #[cfg(loom)]
    super::fence(Ordering::SeqCst);
}

fn heavy() {
    #[cfg(not(loom))]
    super::barrier::in_all_threads();
    #[cfg(loom)]
    super::fence(Ordering::SeqCst);
}

fn wait_a_little() {
    #[cfg(not(loom))]
    std::thread::yield_now();
    #[cfg(loom)]
    loom::thread::yield_now();
}

impl Bias {
    #[cfg(not(loom))]
    pub(super) const fn new() -> Self {
        Self {
            word: AtomicU32::new(0),
            inside: AtomicBool::new(false),
            taking_away: Seldom::new(()),
        }
    }

    #[cfg(loom)]
    fn new() -> Self {
        Self {
            word: AtomicU32::new(0),
            inside: AtomicBool::new(false),
            taking_away: Seldom::new(()),
        }
    }

    /// From now on the caller may change words, by locking them.
    #[inline]
    pub(super) fn enter(&self) {
        // Acquire pairs with the release of who has left, or has taken the bias away.
        if self.word.fetch_add(ONE, Ordering::AcqRel) & (HAD | GOING) != 0 {
            self.take_away();
        }
    }

    /// For one who has entered: nobody takes the bias any more, and it leaves with nobody.
    #[cold]
    fn take_away(&self) {
        self.taking_away.with(|()| {
            // Relaxed: who changes it now has the lock.
            if self.word.load(Ordering::Relaxed) & HAD == 0 {
                return;
            }
            self.word.fetch_add(GOING - HAD, Ordering::Relaxed);
            heavy();
            // Acquire pairs with the release where the section is closed.
            while self.inside.load(Ordering::Acquire) {
                wait_a_little();
            }
            // Release pairs with the acquire of who enters.
            self.word.fetch_sub(GOING, Ordering::Release);
        });
    }

    /// The caller, who has entered, changes no more words.
    #[inline]
    pub(super) fn leave(&self) {
        // Release pairs with who enters, or takes the bias.
        self.word.fetch_sub(ONE, Ordering::Release);
    }

    /// As `leave`, for who took the bias and may have it still.
    pub(super) fn leave_with(&self) {
        // Release as above. If it fails somebody takes the bias away, or has.
        let left = self.word.compare_exchange(
            ONE + HAD,
            0,
            Ordering::Release,
            Ordering::Relaxed,
        );
        if left.is_err() {
            self.leave();
        }
    }

    /// Whether only one has entered, as far as one look can tell.
    #[cfg(not(loom))]
    #[inline(always)]
    pub(super) fn is_alone(&self) -> bool {
        self.word.load(Ordering::Relaxed) == ONE
    }

    /// Takes the bias, for one who has entered; `false` if somebody else has, too.
    pub(super) fn take(&self) -> bool {
        // Acquire pairs with the release of all who have left.
        let taken = self.word.compare_exchange(
            ONE,
            ONE + HAD,
            Ordering::Acquire,
            Ordering::Relaxed,
        );
        taken.is_ok()
    }

    /// Opens a section if the caller, who took the bias, has it still: until it is closed, the caller changes words by
    /// plain loads and stores. Nothing in it panics or takes long.
    #[inline(always)]
    pub(super) fn section(&self) -> Option<Section<'_>> {
        // Relaxed, both: the barriers order them.
        self.inside.store(true, Ordering::Relaxed);
        light();
        let section = Section(self);
        (self.word.load(Ordering::Relaxed) & HAD != 0).then_some(section)
    }
}

/// It is open as long as this is there.
pub(super) struct Section<'a>(&'a Bias);

impl Drop for Section<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        // Release pairs with the acquire in `take_away`.
        self.0.inside.store(false, Ordering::Release);
    }
}

#[cfg(all(test, loom))]
mod loom_tests {
    use loom::sync::Arc;
    use loom::thread;

    use super::super::{AtomicUsize, Cell};
    use super::*;

    /// A number that is changed as words are, and what it says how often that was changed.
    struct Counted {
        bias: Bias,
        number: AtomicUsize,
        changed: Cell<usize>,
    }

    impl Counted {
        fn new() -> Arc<Self> {
            Arc::new(Self {
                bias: Bias::new(),
                number: AtomicUsize::new(0),
                changed: Cell::new(0),
            })
        }

        fn plainly(&self) -> Option<usize> {
            let _section = self.bias.section()?;
            let before = self.number.load(Ordering::Acquire);
            self.number.store(before + 1, Ordering::Release);
            Some(before)
        }

        fn locked(&self) -> usize {
            self.number.fetch_add(1, Ordering::AcqRel)
        }

        /// For who has entered.
        fn change(&self, took: &mut bool) -> usize {
            if *took {
                match self.plainly() {
                    Some(before) => return before,
                    None => *took = false,
                }
            }
            self.locked()
        }
    }

    #[test]
    fn loom_no_change_is_lost_when_another_enters() {
        loom::model(|| {
            let it = Counted::new();
            it.bias.enter();
            let mut took = it.bias.take();
            assert!(took, "nobody else is there");
            let other = {
                let it = it.clone();
                thread::spawn(move || {
                    it.bias.enter();
                    let before = it.locked();
                    it.bias.leave();
                    before
                })
            };
            let mut seen = vec![it.change(&mut took), it.change(&mut took)];
            seen.push(other.join().expect("the model does not panic"));
            seen.sort_unstable();
            assert_eq!(seen, [0, 1, 2]);
        });
    }

    #[test]
    fn loom_two_who_enter_wait_for_the_section() {
        loom::model(|| {
            let it = Counted::new();
            it.bias.enter();
            let mut took = it.bias.take();
            let others: Vec<_> = (0..2)
                .map(|_| {
                    let it = it.clone();
                    thread::spawn(move || {
                        it.bias.enter();
                        let before = it.locked();
                        it.bias.leave();
                        before
                    })
                })
                .collect();
            let mut seen = vec![it.change(&mut took)];
            seen.extend(others.into_iter().map(|it| it.join().expect("as above")));
            seen.sort_unstable();
            assert_eq!(seen, [0, 1, 2]);
        });
    }

    #[test]
    fn loom_what_was_done_with_the_bias_is_seen_without() {
        loom::model(|| {
            let it = Counted::new();
            it.bias.enter();
            let mut took = it.bias.take();
            let other = {
                let it = it.clone();
                thread::spawn(move || {
                    it.bias.enter();
                    if it.locked() == 1 {
                        // SAFETY: loom reports what is not ordered with the write below.
                        it.changed.with(|it| assert_eq!(unsafe { *it }, 1));
                    }
                    it.bias.leave();
                })
            };
            // SAFETY: as above.
            it.changed.with_mut(|it| unsafe { *it = 1 });
            it.change(&mut took);
            it.bias.leave_with();
            other.join().expect("the model does not panic");
        });
    }

    #[test]
    fn loom_the_bias_goes_from_one_to_the_other() {
        loom::model(|| {
            let it = Counted::new();
            let work = |it: &Counted| {
                it.bias.enter();
                let mut took = it.bias.take();
                let before = it.change(&mut took);
                // SAFETY: loom reports what is not ordered; the second to change comes after the first has left.
                it.changed.with_mut(|it| unsafe { *it += 1 });
                it.bias.leave_with();
                before
            };
            let other = {
                let it = it.clone();
                thread::spawn(move || {
                    it.bias.enter();
                    let before = it.locked();
                    it.bias.leave();
                    before
                })
            };
            let here = work(&it);
            let there = other.join().expect("the model does not panic");
            assert_eq!(here + there, 1);
            assert_eq!(work(&it), 2);
        });
    }
}
