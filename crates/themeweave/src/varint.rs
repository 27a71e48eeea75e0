//! Whole numbers in as few bytes as they need.
//!
//! Seven bits a byte, the lowest first, with the highest bit set in all bytes but the last (LEB128): a number
//! below 128 takes one byte, one below 16,384 two.

/// Writes a number behind what is there.
///
/// Those of up to four bytes are written without a branch for each byte, as they are read.
#[inline]
pub(crate) fn write(number: u64, bytes: &mut Vec<u8>) {
    if number >= 1 << 28 {
        return write_by_bytes(number, bytes);
    }
    let number = number as u32;
    let own = number & 0x7F | number << 1 & 0x7F00 | number << 2 & 0x7F_0000 | number << 3 & 0x7F00_0000;
    let further = (number | 1).ilog2() / 7;
    let four = own | 0x8080_8080 & ((1 << (8 * further)) - 1);
    let end = bytes.len() + further as usize + 1;
    bytes.extend_from_slice(&four.to_le_bytes());
    bytes.truncate(end);
}

/// The same for numbers of any length.
fn write_by_bytes(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 1 << 7 {
        bytes.push(number as u8 | 1 << 7);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Takes a number from the front; `None` where nothing is left.
///
/// Numbers of one byte stand among longer ones at random, so those of up to four bytes are read without a
/// branch for each byte.
#[inline]
pub(crate) fn read(bytes: &mut &[u8]) -> Option<u64> {
    let Some(&four) = bytes.first_chunk() else { return read_by_bytes(bytes) };
    let four = u32::from_le_bytes(four);
    let last = !four & 0x8080_8080;
    if last == 0 {
        return read_by_bytes(bytes);
    }
    // All bits up to the highest of the last byte.
    let own = four & (last ^ (last - 1));
    *bytes = &bytes[last.trailing_zeros() as usize / 8 + 1..];
    let number = own & 0x7F | own >> 1 & 0x3F80 | own >> 2 & 0x001F_C000 | own >> 3 & 0x0FE0_0000;
    Some(number.into())
}

/// The same for numbers of any length and at the end of the bytes.
fn read_by_bytes(bytes: &mut &[u8]) -> Option<u64> {
    let (&first, rest) = bytes.split_first()?;
    *bytes = rest;
    let mut number = u64::from(first & 0x7F);
    let (mut last, mut shift) = (first, 7);
    while last >= 1 << 7 {
        let (&next, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(next & 0x7F).checked_shl(shift)?;
        (last, shift) = (next, shift + 7);
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_length_stand_side_by_side() {
        let numbers: Vec<u64> = (0..64).flat_map(|bit| [(1 << bit) - 1, 1 << bit, 5 << bit >> 1]).collect();
        let mut bytes = Vec::new();
        numbers.iter().for_each(|&number| write(number, &mut bytes));
        let mut rest = bytes.as_slice();
        assert_eq!(std::iter::from_fn(|| read(&mut rest)).collect::<Vec<_>>(), numbers);
    }

    #[test]
    fn numbers_come_back_as_they_were() {
        let numbers = [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX];
        let mut bytes = Vec::new();
        numbers.iter().for_each(|&number| write(number, &mut bytes));
        assert_eq!(bytes.len(), 1 + 1 + 1 + 2 + 2 + 3 + 5 + 10);
        let mut rest = bytes.as_slice();
        assert_eq!(std::iter::from_fn(|| read(&mut rest)).collect::<Vec<_>>(), numbers);
        assert_eq!(read(&mut &[0x80][..]), None);
        assert_eq!(read(&mut &[0x80, 0x80, 0x80, 0x80][..]), None);
    }
}
