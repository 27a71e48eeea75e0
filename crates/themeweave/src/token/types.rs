//! Distinct spellings and their numbers.

use std::hash::Hasher;
use std::ops::Index;

use rustc_hash::FxHasher;

/// Distinct words, numbered from 0 in order of appearance. The text of all of them stands in one place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Types {
    text: String,
    /// Where each word ends in `text`.
    ends: Vec<usize>,
    /// Open addressing. Their number is a power of two, or none.
    slots: Vec<Slot>,
}

/// The key of a word, and its number plus one; 0 for a free slot.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    key: Key,
    number: u32,
}

/// What a word is looked up by: of up to 16 bytes all of it, so that no text need be fetched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Key {
    /// Two numbers of 64 bits, in halves so that a slot has no gaps.
    first: [u32; 2],
    last: [u32; 2],
    /// Bytes of the word; of longer words, of which the key is a hash, [`HASHED`].
    length: u32,
}

const HASHED: u32 = u32::MAX;

fn halves(number: u64) -> [u32; 2] {
    [number as u32, (number >> 32) as u32]
}

impl Key {
    fn new(word: &[u8]) -> Key {
        let length = word.len() as u32;
        // The first and the last bytes may be the same ones: with the length they are all of the word.
        if let (Some(&first), Some(&last), ..=16) = (word.first_chunk(), word.last_chunk(), length) {
            let [first, last] = [first, last].map(|bytes| halves(u64::from_le_bytes(bytes)));
            return Key { first, last, length };
        }
        if let (Some(&first), Some(&last), ..=16) = (word.first_chunk(), word.last_chunk(), length) {
            let [first, last] = [first, last].map(|bytes| [u32::from_le_bytes(bytes), 0]);
            return Key { first, last, length };
        }
        if length <= 16 {
            let first = word.iter().fold(0, |all, &byte| all << 8 | u64::from(byte));
            return Key { first: halves(first), last: [0, 0], length };
        }
        let mut hasher = FxHasher::default();
        hasher.write(word);
        Key { first: halves(hasher.finish()), last: [0, 0], length: HASHED }
    }

    fn hash(&self) -> usize {
        let mut hasher = FxHasher::default();
        let whole = |[low, high]: [u32; 2]| u64::from(low) | u64::from(high) << 32;
        hasher.write_u64(whole(self.first));
        hasher.write_u64(whole(self.last));
        hasher.write_u32(self.length);
        hasher.finish() as usize
    }
}

impl Types {
    /// The number of a word, a new one if it has none.
    pub(super) fn number(&mut self, word: &str) -> u32 {
        if 4 * self.len() >= 3 * self.slots.len() {
            self.grow();
        }
        let key = Key::new(word.as_bytes());
        let mask = self.slots.len() - 1;
        let mut at = key.hash() & mask;
        loop {
            let Slot { key: known, number } = self.slots[at];
            if number == 0 {
                break;
            }
            if known == key && (key.length != HASHED || self[number as usize - 1] == *word) {
                return number - 1;
            }
            at = (at + 1) & mask;
        }
        self.text.push_str(word);
        self.ends.push(self.text.len());
        let number = self.ends.len() as u32;
        self.slots[at] = Slot { key, number };
        number - 1
    }

    /// Doubles the number of slots.
    fn grow(&mut self) {
        let mask = (2 * self.slots.len()).max(64) - 1;
        let mut slots = vec![Slot::default(); mask + 1];
        for slot in self.slots.iter().filter(|slot| slot.number > 0) {
            let mut at = slot.key.hash() & mask;
            while slots[at].number > 0 {
                at = (at + 1) & mask;
            }
            slots[at] = *slot;
        }
        self.slots = slots;
    }

    /// The same without what new words are looked up by.
    pub(super) fn closed(mut self) -> Types {
        self.slots = Vec::new();
        self.ends.shrink_to_fit();
        self
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// All words, in the order of their numbers.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|number| &self[number])
    }
}

impl Index<usize> for Types {
    type Output = str;

    fn index(&self, number: usize) -> &str {
        let start = if number == 0 { 0 } else { self.ends[number - 1] };
        &self.text[start..self.ends[number]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_numbered_as_they_appear() {
        let mut types = Types::default();
        let words: Vec<String> =
            (0..5_000).map(|i| "wörd".repeat(i % 6) + &(i * i % 1_777).to_string()).collect();
        let mut expected: Vec<&str> = Vec::new();
        for word in &words {
            let known = expected.iter().position(|known| known == word).unwrap_or(expected.len());
            if known == expected.len() {
                expected.push(word);
            }
            assert_eq!(types.number(word), known as u32);
        }
        assert_eq!(types.iter().collect::<Vec<_>>(), expected);
        assert_eq!(types.number(""), expected.len() as u32);
    }
}
