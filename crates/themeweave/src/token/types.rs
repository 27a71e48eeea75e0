//! Distinct spellings and their numbers.

use std::hash::Hasher;
use std::ops::{Index, Range};

use rustc_hash::FxHasher;

/// Distinct words, numbered from 0 in order of appearance. The text of all of them stands in one place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Types {
    text: String,
    /// Where each word ends in `text`.
    ends: Vec<usize>,
    /// What each word is known by: that of common words, which come early, stays in the cache.
    keys: Vec<Key>,
    /// Open addressing. Their number is a power of two, or none.
    slots: Vec<Slot>,
}

/// Some bits of the hash of a word, and its number plus one; 0 for a free slot.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    tag: u32,
    number: u32,
}

/// Of up to 15 bytes all of them, and in the last byte how many; of a longer word a hash, and [`HASHED`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key(u128);

/// Bytes of words whose key is all of them.
const SHORT: usize = 15;
const HASHED: u8 = u8::MAX;

impl Key {
    fn new(text: &str, word: Range<usize>) -> Key {
        let text = text.as_bytes();
        if word.len() > SHORT {
            let mut hasher = FxHasher::default();
            hasher.write(&text[word]);
            return Key(u128::from(hasher.finish())).with_last(HASHED);
        }
        let bytes = text[word.start..].first_chunk().copied().unwrap_or_else(|| {
            let mut bytes = [0; 16];
            bytes[..word.len()].copy_from_slice(&text[word.clone()]);
            bytes
        });
        Key::short(bytes, word.len())
    }

    /// That of a word of up to 15 bytes at the beginning of others, which are cut off: no loop over letters.
    #[inline(always)]
    fn short(bytes: [u8; 16], length: usize) -> Key {
        Key(u128::from_le_bytes(bytes) & !(u128::MAX << (8 * length))).with_last(length as u8)
    }

    fn with_last(self, byte: u8) -> Key {
        Key(self.0 | u128::from(byte) << (8 * SHORT))
    }

    fn is_hashed(self) -> bool {
        (self.0 >> (8 * SHORT)) as u8 == HASHED
    }

    /// Of one multiplication, and its upper half, which depends on all bits, also put into the lower one.
    #[inline]
    fn hash(self) -> u64 {
        let halves = self.0 as u64 ^ ((self.0 >> 64) as u64).rotate_left(29);
        let product = halves.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        product ^ product >> 32
    }
}

impl Types {
    /// No words yet, and room for so many.
    pub(super) fn with_capacity(words: usize) -> Types {
        Types {
            text: String::with_capacity(8 * words),
            ends: Vec::with_capacity(words),
            keys: Vec::with_capacity(words),
            slots: vec![Slot::default(); Types::slots_for(words)],
        }
    }

    /// A power of two of slots, at least twice as many as words.
    fn slots_for(words: usize) -> usize {
        (2 * words).next_power_of_two().max(64)
    }

    /// The number of the word at some bytes of a text, a new one if it has none.
    ///
    /// Nearly all words are short and have one. To find it takes so little code that it can stand in the loop over words.
    #[inline(always)]
    pub(super) fn number(&mut self, text: &str, word: Range<usize>) -> u32 {
        if word.len() <= SHORT
            && let Some(&bytes) = text.as_bytes()[word.start..].first_chunk()
        {
            let key = Key::short(bytes, word.len());
            return self.find(key, |_| true).unwrap_or_else(|| self.add(key, &text[word]));
        }
        self.number_of_any(text, word)
    }

    /// The same for any word.
    #[inline(never)]
    fn number_of_any(&mut self, text: &str, word: Range<usize>) -> u32 {
        let key = Key::new(text, word.clone());
        let is_same = |known| !key.is_hashed() || self[known] == text[word.clone()];
        self.find(key, is_same).unwrap_or_else(|| self.add(key, &text[word]))
    }

    /// The number of the word with a key, if it `is_same`.
    #[inline(always)]
    fn find(&self, key: Key, is_same: impl Fn(usize) -> bool) -> Option<u32> {
        let hash = key.hash();
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = hash as usize & mask;
        // Without slots there is no first one, and a free one has no word.
        while let Some(slot) = self.slots.get(at)
            && let Some(&known) = self.keys.get((slot.number as usize).wrapping_sub(1))
        {
            let number = slot.number - 1;
            if slot.tag == (hash >> 32) as u32 && known == key && is_same(number as usize) {
                return Some(number);
            }
            at = (at + 1) & mask;
        }
        None
    }

    /// The numbers of all words of others.
    pub(super) fn numbers(&mut self, others: &Types) -> impl Iterator<Item = u32> {
        (0..others.len()).map(move |number| self.number(&others.text, others.range(number)))
    }

    /// Adds a word that has no number.
    #[inline(never)]
    fn add(&mut self, key: Key, word: &str) -> u32 {
        if 2 * self.len() >= self.slots.len() {
            self.grow();
        }
        self.text.push_str(word);
        self.ends.push(self.text.len());
        self.keys.push(key);
        self.place(key, self.len());
        self.len() as u32 - 1
    }

    /// Puts a word that has none into a slot.
    fn place(&mut self, key: Key, number: usize) {
        let hash = key.hash();
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots[at].number > 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = Slot { tag: (hash >> 32) as u32, number: number as u32 };
    }

    /// Makes more slots, once half of them are taken. Words that appeared first, which are the commonest, are found at
    /// once.
    fn grow(&mut self) {
        self.slots = vec![Slot::default(); Types::slots_for(self.len() + 1)];
        for number in 1..=self.len() {
            self.place(self.keys[number - 1], number);
        }
    }

    /// The same without what new words are looked up by.
    pub(super) fn closed(mut self) -> Types {
        (self.keys, self.slots) = (Vec::new(), Vec::new());
        self.ends.shrink_to_fit();
        self
    }

    /// Where a word stands in `text`.
    fn range(&self, number: usize) -> Range<usize> {
        let start = if number == 0 { 0 } else { self.ends[number - 1] };
        start..self.ends[number]
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
        &self.text[self.range(number)]
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
            assert_eq!(types.number(&format!("a{word}b"), 1..1 + word.len()), known as u32);
            assert_eq!(types.number(word, 0..word.len()), known as u32);
        }
        assert_eq!(types.iter().collect::<Vec<_>>(), expected);
        assert_eq!(types.number("a", 1..1), expected.len() as u32);
        let mut others = Types::default();
        assert_eq!(others.number("new", 0..3), 0);
        let known: Vec<u32> = (1..=types.len() as u32).collect();
        assert_eq!(others.numbers(&types).collect::<Vec<_>>(), known);
    }
}
