//! A stable name for content, the same in every version and on every machine. It is quick,
//! not proof against somebody who wants two contents to have one name. The build script
//! uses this file as well.

/// A name for content: 128 bits of FNV-1a over all parts, in hexadecimal. Parts of
/// different lengths never run into each other.
#[must_use]
pub(crate) fn digest(parts: &[&[u8]]) -> String {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for part in parts {
        for byte in (part.len() as u64).to_le_bytes().iter().chain(*part) {
            hash = (hash ^ u128::from(*byte)).wrapping_mul(PRIME);
        }
    }
    format!("{hash:032x}")
}
