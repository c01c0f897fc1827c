//! A position in the words of a text.

use super::Word;

pub(super) struct Cursor {
    words: Vec<Word>,
    position: usize,
}

impl Cursor {
    pub(super) const fn new(words: Vec<Word>) -> Self {
        Self { words, position: 0 }
    }

    pub(super) const fn position(&self) -> usize {
        self.position
    }

    pub(super) const fn is_at_end(&self) -> bool {
        self.position == self.words.len()
    }

    pub(super) fn peek(&self) -> Option<Word> {
        self.peek_at(0)
    }

    /// Returns the word `offset` words after the next one.
    pub(super) fn peek_at(&self, offset: usize) -> Option<Word> {
        self.words.get(self.position + offset).copied()
    }

    pub(super) fn next(&mut self) -> Option<Word> {
        let word = self.peek()?;
        self.position += 1;
        Some(word)
    }

    /// Takes the next word if it is this one.
    pub(super) fn take(&mut self, word: Word) -> bool {
        let is_next = self.peek() == Some(word);
        self.position += usize::from(is_next);
        is_next
    }

    /// Takes a number.
    pub(super) fn number(&mut self) -> Option<u16> {
        let Some(Word::Number(value, _)) = self.next() else { return None };
        Some(value)
    }
}
