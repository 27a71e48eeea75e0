//! Whole numbers in as few bytes as they need.
//!
//! Seven bits a byte, the lowest first, with the highest bit set in all bytes but the last (LEB128): a number
//! below 128 takes one byte, one below 16,384 two.

/// Writes a number behind what is there.
#[inline]
pub(crate) fn write(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 1 << 7 {
        bytes.push(number as u8 | 1 << 7);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Takes a number from the front; `None` where nothing is left.
#[inline]
pub(crate) fn read(bytes: &mut &[u8]) -> Option<u64> {
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
    fn numbers_come_back_as_they_were() {
        let numbers = [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX];
        let mut bytes = Vec::new();
        numbers.iter().for_each(|&number| write(number, &mut bytes));
        assert_eq!(bytes.len(), 1 + 1 + 1 + 2 + 2 + 3 + 5 + 10);
        let mut rest = bytes.as_slice();
        assert_eq!(std::iter::from_fn(|| read(&mut rest)).collect::<Vec<_>>(), numbers);
        assert_eq!(read(&mut &[0x80][..]), None);
    }
}
