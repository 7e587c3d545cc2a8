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

/// Bytes as text; there is nothing but ASCII in them.
#[inline]
pub(in crate::value) fn ascii(bytes: &[u8]) -> &str {
    assert!(bytes.is_ascii(), "digits and signs are ASCII");
    // SAFETY: ASCII is UTF-8.
    unsafe { str::from_utf8_unchecked(bytes) }
}

/// Copies text, which is mostly too short for a call to be worth it.
///
/// # Safety
/// There is room for all of `from` at `to`, and they do not overlap.
#[inline]
unsafe fn copy(from: &[u8], to: *mut u8) {
    let len = from.len();
    // SAFETY: as the caller says. Two chunks that may overlap each other lie within the text.
    unsafe {
        if let (Some(first), Some(last)) = (from.first_chunk::<8>(), from.last_chunk())
            && len <= 16
        {
            to.cast::<[u8; 8]>().write_unaligned(*first);
            to.add(len - 8).cast::<[u8; 8]>().write_unaligned(*last);
        } else if let (Some(first), Some(last)) =
            (from.first_chunk::<4>(), from.last_chunk())
            && len < 8
        {
            to.cast::<[u8; 4]>().write_unaligned(*first);
            to.add(len - 4).cast::<[u8; 4]>().write_unaligned(*last);
        } else if let ([first, .., last], true) = (from, len < 4) {
            to.write(*first);
            to.add(len / 2).write(from[len / 2]);
            to.add(len - 1).write(*last);
        } else {
            ptr::copy_nonoverlapping(from.as_ptr(), to, len);
        }
    }
}

/// Writes a number that has that many digits.
#[inline]
fn write_digits(mut magnitude: u64, digits: &mut [u8]) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (magnitude % 10) as u8;
        magnitude /= 10;
    }
}

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
        match self.end(more.len(), more.len() == n_scalars) {
            // SAFETY: there is room for that many bytes. `more` is borrowed while `self` is
            // borrowed mutably, so they do not overlap; it has that many scalars.
            Some(end) => unsafe {
                copy(more.as_bytes(), end);
                self.added(more.len(), n_scalars);
            },
            None => self.push_far(more, n_scalars),
        }
    }

    /// Adds an ASCII character to the end.
    #[inline]
    pub(in crate::value) fn push_ascii(&mut self, byte: u8) {
        assert!(byte.is_ascii(), "callers have looked");
        match self.end(1, true) {
            // SAFETY: there is room for a byte.
            Some(end) => unsafe {
                end.write(byte);
                self.added(1, 1);
            },
            None => self.push_far(char::from(byte).encode_utf8(&mut [0; 1]), 1),
        }
    }

    /// Adds a number in decimal digits to the end.
    #[inline]
    pub(in crate::value) fn push_decimal(&mut self, negative: bool, magnitude: u64) {
        let n_digits = magnitude.checked_ilog10().unwrap_or(0) as usize + 1;
        let len = n_digits + usize::from(negative);
        match self.end(len, true) {
            // SAFETY: there is room for that many bytes, and nothing but ASCII is written.
            Some(end) => unsafe {
                end.write(b'-');
                let digits = slice::from_raw_parts_mut(end.add(len - n_digits), n_digits);
                write_digits(magnitude, digits);
                self.added(len, len);
            },
            None => {
                let mut digits = [b'-'; 21];
                let start = digits.len() - len;
                let first = digits.len() - n_digits;
                write_digits(magnitude, &mut digits[first..]);
                self.push_far(ascii(&digits[start..]), len);
            }
        }
    }

    /// Where text of that length can be added in place, if it can.
    #[inline]
    fn end(&mut self, len: usize, is_ascii: bool) -> Option<*mut u8> {
        if self.is_near() {
            let old = self.tag as usize;
            let fits = old + len <= NEAR && is_ascii;
            // SAFETY: near text stands in the handle itself, which has that many bytes.
            return fits.then(|| unsafe { ptr::from_mut(self).cast::<u8>().add(old) });
        }
        if self.tag == Tag::Counted && self.room() >= len {
            // SAFETY: the allocation has room behind the text, and the handle is alone.
            return Some(unsafe { self.start().add(self.len as usize) }.as_ptr());
        }
        None
    }

    /// Counts what has been written to where `end` said.
    ///
    /// # Safety
    /// It was whole text of that length and number of scalars.
    #[inline]
    unsafe fn added(&mut self, len: usize, n_scalars: usize) {
        if self.is_near() {
            // SAFETY: `end` saw to it that the new length is that of near text, which has a tag.
            self.tag =
                unsafe { std::mem::transmute::<u8, Tag>(self.tag as u8 + len as u8) };
        } else {
            self.len += len as u32;
            self.n_scalars += n_scalars as u32;
        }
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

    #[cold]
    #[inline(never)]
    fn push_far(&mut self, more: &str, n_scalars: usize) {
        let old = self.as_str().len();
        let capacity = block::grown(old, old + more.len(), 2 * NEAR);
        if self.is_alone() {
            // SAFETY: text that is alone is nobody else's; its old place is not used again.
            self.data = unsafe { block::enlarge(self.start(), capacity) }.as_ptr();
        } else {
            let data = block::allocate::<u8>(capacity).as_ptr();
            let mut far = Self::with(data, 0, 0, Tag::Counted);
            far.push(self.as_str(), self.n_scalars());
            *self = far;
        }
        self.push(more, n_scalars);
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
    fn text_of_every_length_is_copied_whole() {
        let all = "0123456789abcdefghijklmnopqrstuvwxyzABCD";
        for n in 0..all.len() {
            let mut text = Bytes::new(&all[..n], n);
            text.push(&all[n..], all.len() - n);
            assert_eq!(text.as_str(), all);
        }
        for number in [0, 9, 10, 99, 100, u64::MAX] {
            for negative in [false, true] {
                let mut text = Bytes::new("0123456789", 10);
                text.push_decimal(negative, number);
                let sign = if negative { "-" } else { "" };
                assert_eq!(text.as_str(), format!("0123456789{sign}{number}"));
                text.push_decimal(negative, number);
                assert!(text.as_str().ends_with(&number.to_string()));
                assert_eq!(text.as_str().len(), text.n_scalars());
            }
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
