//! The counts of the parts of a channel's ends.

use crate::channel::Side;
use crate::sync::{BiasedU64, Ordering};

/// What the two ends of a channel consist of, and which ends are there, in one word.
///
/// | bits | count |
/// |---|---|
/// | 0–28 | the parts of the using end: each of its handles, and each source or target made of its ports |
/// | 29–57 | those of the implementing end |
/// | 58–59 | the ends that are not gone |
/// | 60 | the implementing end has finished: its ports have ended |
/// | 61 | [`Rare`](crate::channel::header::Rare) is there, with what each end learns of the other |
/// | 62–63 | the other is to learn that the using end, the implementing one has gone |
///
/// Of "it is there" and "it has gone" whoever is second sees the other, since both change this word, and tells.
#[derive(Debug)]
pub(super) struct Ends(BiasedU64);

const BITS: u32 = 29;
const PARTS: u64 = (1 << BITS) - 1;
const END: u64 = 1 << (2 * BITS);
const FINISHED: u64 = END << 2;
const RARE: u64 = FINISHED << 1;
const GONE: u64 = RARE << 1;

/// More parts than this are not meant: some code forgets them.
const MOST: u64 = PARTS / 2;

/// The word at one time.
#[derive(Clone, Copy)]
pub(super) struct Now(u64);

impl Now {
    fn parts(self, side: Side) -> u64 {
        (self.0 >> (BITS * side as u32)) & PARTS
    }

    /// Whether the end consists of one part.
    pub(super) fn is_one(self, side: Side) -> bool {
        self.parts(side) == 1
    }

    /// Whether the other end is gone. For somebody who has a part of one.
    pub(super) fn is_last(self) -> bool {
        (self.0 / END) & 0b11 == 1
    }
}

impl Ends {
    /// Of two ends with one part each.
    pub(super) fn new(has_rare: bool) -> Self {
        let rare = if has_rare { RARE } else { 0 };
        Self(BiasedU64::new(1 | (1 << BITS) | (2 * END) | rare))
    }

    /// What all others did who have left is visible then.
    pub(super) fn now(&self) -> Now {
        Now(self.0.load(Ordering::Acquire))
    }

    /// One part more, for somebody who has the end.
    pub(super) fn add(&self, side: Side) {
        // Relaxed: there is nothing to be ordered after.
        let before = self.0.fetch_add(1 << (BITS * side as u32), Ordering::Relaxed);
        if Now(before).parts(side) > MOST {
            std::process::abort();
        }
    }

    /// One part more; `false` if the end is gone, or nobody means so many.
    pub(super) fn add_if_there(&self, side: Side) -> bool {
        let more = |word| {
            let may = (1..MOST).contains(&Now(word).parts(side));
            may.then_some(word + (1 << (BITS * side as u32)))
        };
        // Relaxed: as in `add`. From zero nothing comes back.
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
    }

    /// One part less; whether the end is gone, and that is still to be said and counted.
    #[inline]
    pub(super) fn leave(&self, side: Side) -> bool {
        // Acquire pairs with the release of the other end's leaving: nothing of that is left.
        let now = self.now();
        let part = 1 << (BITS * side as u32);
        if now.is_one(side) {
            // Nobody looks at the parts of the last end once they are gone: the last one stays.
            if now.is_last() {
                return true;
            }
            // Mostly there is nobody to be told.
            let to = (now.0 - part - END) | (GONE << side as u32);
            let done = now.0 & RARE == 0
                && self
                    .0
                    .compare_exchange(now.0, to, Ordering::AcqRel, Ordering::Relaxed)
                    .is_ok();
            if done {
                return false;
            }
        }
        Now(self.0.fetch_sub(part, Ordering::AcqRel)).is_one(side)
    }

    /// One end less, which is gone; whether it was the last. Nobody looks at the count then: the last one stays in it.
    pub(super) fn end(&self) -> bool {
        self.now().is_last() || Now(self.0.fetch_sub(END, Ordering::AcqRel)).is_last()
    }

    /// `Rare` has been made; which ends had gone before, for the first who says so.
    pub(super) fn set_rare(&self) -> [bool; 2] {
        // Release shows it to `set_gone`.
        let before = self.0.fetch_or(RARE, Ordering::AcqRel);
        let is_first = before & RARE == 0;
        [0, 1].map(|side| is_first && before & (GONE << side) != 0)
    }

    /// `side` has gone; whether that is to be told, by the caller.
    pub(super) fn set_gone(&self, side: Side) -> bool {
        let gone = GONE << side as u32;
        let before = self.0.fetch_or(gone, Ordering::AcqRel);
        before & gone == 0 && before & RARE != 0
    }

    pub(super) fn finish(&self) {
        // Relaxed: the counts of the end order this before its last part goes.
        self.0.fetch_or(FINISHED, Ordering::Relaxed);
    }

    pub(super) fn has_finished(&self) -> bool {
        self.0.load(Ordering::Relaxed) & FINISHED != 0
    }
}
