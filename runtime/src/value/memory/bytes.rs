//! UTF-8 text in three words: short ASCII text stands in the handle itself, text of the program in
//! the program, all other text in shared memory. It knows lengths in bytes and in scalars, nothing more.

use std::ptr::{self, NonNull};
use std::slice;

use super::block;

/// A handle to text. Its parts are those of `far` text; near text stands in all bytes before `tag`.
#[repr(C)]
pub(in crate::value) struct Bytes {
    data: *const u8,
    len: u32,
    n_scalars: u32,
    rest: [u8; size_of::<usize>() - 1],
    tag: Tag,
}

/// Where the text is. A type of its own, so that `Option<Bytes>` needs no more room.
#[derive(Clone, Copy, PartialEq, Eq)]
#[expect(dead_code, reason = "lengths are made from their numbers")]
#[repr(u8)]
enum Tag {
    // Near: ASCII text of that length.
    N0,
    N1,
    N2,
    N3,
    N4,
    N5,
    N6,
    N7,
    N8,
    N9,
    N10,
    N11,
    N12,
    N13,
    N14,
    N15,
    N16,
    N17,
    N18,
    N19,
    N20,
    N21,
    N22,
    N23,
    /// In the program.
    Fixed,
    /// In memory that is counted, and grows.
    Counted,
}

/// The longest near text.
const NEAR: usize = size_of::<Bytes>() - 1;
const _: () = assert!(NEAR <= Tag::N23 as usize);

// SAFETY: far text is only changed by whoever holds the only handle to it, as with `Arc<str>`.
unsafe impl Send for Bytes {}
// SAFETY: as above.
unsafe impl Sync for Bytes {}

impl Bytes {
    pub(in crate::value) const EMPTY: Self = Self::with(ptr::null(), 0, 0, Tag::N0);

    const fn with(data: *const u8, len: u32, n_scalars: u32, tag: Tag) -> Self {
        Self { data, len, n_scalars, rest: [0; size_of::<usize>() - 1], tag }
    }

    /// Text of the program.
    pub(in crate::value) const fn fixed(text: &'static str, n_scalars: usize) -> Self {
        assert!(text.len() <= block::MOST, "no program is that long");
        Self::with(text.as_ptr(), text.len() as u32, n_scalars as u32, Tag::Fixed)
    }

    /// A copy of the text, which has that many scalars.
    pub(in crate::value) fn new(text: &str, n_scalars: usize) -> Self {
        let mut bytes = Self::EMPTY;
        bytes.push(text, n_scalars);
        bytes
    }

    #[inline]
    fn is_near(&self) -> bool {
        (self.tag as u8) < Tag::Fixed as u8
    }

    #[inline]
    pub(in crate::value) fn as_str(&self) -> &str {
        let (data, len) = if self.is_near() {
            (ptr::from_ref(self).cast::<u8>(), self.tag as usize)
        } else {
            (self.data, self.len as usize)
        };
        // SAFETY: near text begins where the handle does, far text at `data`; both are UTF-8 because
        // only whole `str`s are written, and nobody changes them while the handle is borrowed.
        unsafe { str::from_utf8_unchecked(slice::from_raw_parts(data, len)) }
    }

    #[inline]
    pub(in crate::value) fn n_scalars(&self) -> usize {
        if self.is_near() { self.tag as usize } else { self.n_scalars as usize }
    }

    /// Adds text of that many scalars to the end, in place if nobody else holds this text.
    #[inline]
    pub(in crate::value) fn push(&mut self, more: &str, n_scalars: usize) {
        if self.is_near() {
            let len = self.tag as usize;
            if len + more.len() <= NEAR && more.len() == n_scalars {
                // SAFETY: near text has room for `NEAR` bytes, and the tag that follows is set to
                // a length within it; what is added is ASCII. `more` is borrowed while `self` is
                // borrowed mutably, so they do not overlap.
                unsafe {
                    let end = ptr::from_mut(self).cast::<u8>().add(len);
                    ptr::copy_nonoverlapping(more.as_ptr(), end, more.len());
                    self.tag = std::mem::transmute::<u8, Tag>((len + more.len()) as u8);
                }
                return;
            }
        } else if self.tag == Tag::Counted && self.room() >= more.len() {
            // SAFETY: there is room, and the handle is alone.
            unsafe { self.write(more) };
            self.n_scalars += n_scalars as u32;
            return;
        }
        self.push_far(more, n_scalars);
    }

    /// Adds an ASCII character to the end.
    #[inline]
    pub(in crate::value) fn push_ascii(&mut self, byte: u8) {
        debug_assert!(byte.is_ascii(), "callers have looked");
        if self.is_near() {
            let len = self.tag as u8;
            if (len as usize) < NEAR {
                // SAFETY: as in `push`.
                unsafe {
                    ptr::from_mut(self).cast::<u8>().add(len.into()).write(byte);
                    self.tag = std::mem::transmute::<u8, Tag>(len + 1);
                }
                return;
            }
        } else if self.tag == Tag::Counted && self.room() > 0 {
            // SAFETY: there is room, and the handle is alone.
            unsafe { self.start().add(self.len as usize).write(byte) };
            self.len += 1;
            self.n_scalars += 1;
            return;
        }
        self.push_far(char::from(byte).encode_utf8(&mut [0; 1]), 1);
    }

    /// Whether the texts are equal.
    #[inline]
    pub(in crate::value) fn equals(&self, other: &Self) -> bool {
        if self.is_near() && other.is_near() {
            // What lies behind near text is zero, so that three words tell.
            return self.words() == other.words();
        }
        self.as_str() == other.as_str()
    }

    #[inline]
    fn words(&self) -> [usize; size_of::<Bytes>() / size_of::<usize>()] {
        // SAFETY: all bytes of the handle are initialised, and it is as large and aligned as words.
        unsafe { ptr::from_ref(self).cast::<[usize; _]>().read() }
    }

    /// Whether the text is counted, and this the only handle.
    fn is_alone(&self) -> bool {
        self.tag == Tag::Counted
            // SAFETY: counted text has a header before it.
            && unsafe { block::header(self.start()).as_ref() }.count.is_one()
    }

    /// How many bytes can be added in place: none if others hold the text too.
    #[inline]
    fn room(&self) -> usize {
        // SAFETY: counted text has a header before it.
        let header = unsafe { block::header(self.start()).as_ref() };
        match header.count.is_one() {
            true => header.capacity as usize - self.len as usize,
            false => 0,
        }
    }

    #[inline]
    fn start(&self) -> NonNull<u8> {
        debug_assert!(self.tag == Tag::Counted, "only counted text is changed");
        // SAFETY: counted text stands in an allocation.
        unsafe { NonNull::new_unchecked(self.data.cast_mut()) }
    }

    /// # Safety
    /// The text is counted, has room for `more`, and nobody else holds it.
    #[inline]
    unsafe fn write(&mut self, more: &str) {
        // SAFETY: as the caller says.
        unsafe {
            let end = self.start().add(self.len as usize).as_ptr();
            ptr::copy_nonoverlapping(more.as_ptr(), end, more.len());
        }
        self.len += more.len() as u32;
    }

    #[cold]
    #[inline(never)]
    fn push_far(&mut self, more: &str, n_scalars: usize) {
        if more.is_empty() {
            return;
        }
        let old = self.as_str().len();
        let capacity = block::grown(old, old + more.len(), 2 * NEAR);
        if self.is_alone() {
            // SAFETY: text that is alone is nobody else's; its old place is not used again.
            self.data = unsafe { block::enlarge(self.start(), capacity) }.as_ptr();
        } else {
            let data = block::allocate::<u8>(capacity).as_ptr();
            let mut far = Self::with(data, 0, self.n_scalars() as u32, Tag::Counted);
            // SAFETY: the new allocation has room for both, and no other handle.
            unsafe { far.write(self.as_str()) };
            *self = far;
        }
        // SAFETY: there is room now, and the handle is alone.
        unsafe { self.write(more) };
        self.n_scalars += n_scalars as u32;
    }

    #[cold]
    #[inline(never)]
    fn release(&mut self) {
        // SAFETY: the text is counted, and the handle goes.
        unsafe {
            if block::header(self.start()).as_ref().count.leave() {
                block::free(self.start());
            }
        }
    }
}

impl Clone for Bytes {
    #[inline]
    fn clone(&self) -> Self {
        if self.tag == Tag::Counted {
            // SAFETY: counted text has a header before it.
            unsafe { block::header(self.start()).as_ref() }.count.add();
        }
        // SAFETY: near and fixed text may be copied; counted text has been counted.
        unsafe { ptr::read(self) }
    }
}

impl Drop for Bytes {
    #[inline]
    fn drop(&mut self) {
        if self.tag == Tag::Counted {
            self.release();
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn text_moves_out_when_it_outgrows_its_handle() {
        assert_eq!(size_of::<Option<Option<Bytes>>>(), size_of::<Bytes>());
        let mut text = Bytes::new("", 0);
        let mut expected = String::new();
        for n in 0..100 {
            let before = text.clone();
            text.push("ab", 2);
            assert_eq!((before.as_str(), before.n_scalars()), (&*expected, n * 2));
            expected.push_str("ab");
            assert_eq!((text.as_str(), text.n_scalars()), (&*expected, expected.len()));
        }
    }

    #[test]
    fn grows_in_place_when_alone() {
        let mut text = Bytes::new(&"x".repeat(60), 60);
        text.push("yyyy", 4);
        let before = text.as_str().as_ptr();
        text.push("z", 1);
        assert_eq!(text.as_str().as_ptr(), before);
        let copy = text.clone();
        text.push("z", 1);
        assert_ne!(text.as_str().as_ptr(), before);
        assert_eq!((copy.as_str().len(), text.as_str().len()), (65, 66));
    }

    #[test]
    fn other_scalars_are_never_near() {
        let mut text = Bytes::fixed("grün", 4);
        let copy = text.clone();
        text.push("ü", 1);
        assert_eq!((text.as_str(), text.n_scalars()), ("grünü", 5));
        assert_eq!((copy.as_str(), copy.n_scalars()), ("grün", 4));
        let mut near = Bytes::new("abc", 3);
        assert!(near.equals(&Bytes::fixed("abc", 3)) && near.equals(&near.clone()));
        assert!(!near.equals(&Bytes::new("abd", 3)) && !near.equals(&Bytes::EMPTY));
        near.push("é", 1);
        assert_eq!((near.as_str(), near.n_scalars()), ("abcé", 4));
        near.push("", 0);
        assert_eq!(std::thread::spawn(move || near.n_scalars()).join().ok(), Some(4));
    }
}
