//! Copies and writes what is mostly too short for a call to be worth it.

/// Copies as many bytes as there are places.
#[inline]
pub(super) fn copy(from: &[u8], to: &mut [u8]) {
    let copied = ends::<8>(from, to) || ends::<4>(from, to) || ends::<1>(from, to);
    if !copied {
        to.copy_from_slice(from);
    }
}

/// Copies the first `N` bytes and the last, if that is all.
#[inline]
fn ends<const N: usize>(from: &[u8], to: &mut [u8]) -> bool {
    let (Some(first), Some(last)) = (from.first_chunk::<N>(), from.last_chunk::<N>())
    else {
        return false;
    };
    if from.len() > 2 * N {
        return false;
    }
    if let Some(to) = to.first_chunk_mut() {
        *to = *first;
    }
    if let Some(to) = to.last_chunk_mut() {
        *to = *last;
    }
    true
}

/// Writes a number with its sign in decimal digits to the end; gives what has been written.
#[inline]
pub(super) fn decimal(negative: bool, mut magnitude: u64, to: &mut [u8; 21]) -> &[u8] {
    let mut at = to.len();
    loop {
        at -= 1;
        to[at] = b'0' + (magnitude % 10) as u8;
        magnitude /= 10;
        if magnitude == 0 {
            break;
        }
    }
    if negative {
        at -= 1;
        to[at] = b'-';
    }
    &to[at..]
}

/// The most bytes that `padded` takes: with a length and a tag they are three words.
pub(super) const PADDED: usize = 22;

/// These bytes, if they are few enough, and zeros behind them. They are put together in registers: read as
/// words soon after, bytes would still be on their way to memory.
#[inline]
pub(super) fn padded(from: &[u8]) -> Option<[u8; PADDED]> {
    let n = from.len() as u32;
    let (first, second, third) = match (from.first_chunk(), from.last_chunk()) {
        (Some(first), Some(last)) => {
            let (first, last) = (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
            match from[8..].first_chunk() {
                None => (first, last.unbounded_shr(8 * (16 - n)), 0),
                Some(second) if n <= PADDED as u32 => {
                    (first, u64::from_le_bytes(*second), last.unbounded_shr(8 * (24 - n)))
                }
                Some(_) => return None,
            }
        }
        _ => (few(from), 0, 0),
    };
    let mut padded = [0; PADDED];
    padded[..8].copy_from_slice(&first.to_le_bytes());
    padded[8..16].copy_from_slice(&second.to_le_bytes());
    padded[16..].copy_from_slice(&third.to_le_bytes()[..PADDED - 16]);
    Some(padded)
}

/// Less than eight bytes as a number, the first the lowest.
#[inline]
fn few(from: &[u8]) -> u64 {
    let n = from.len();
    if let (Some(first), Some(last)) = (from.first_chunk(), from.last_chunk()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        return u64::from(first) | u64::from(last) << (8 * (n - 4));
    }
    match from {
        [] => 0,
        [first, ..] => {
            let at = |at: usize| u64::from(from[at]) << (8 * at);
            u64::from(*first) | at(n / 2) | at(n - 1)
        }
    }
}
