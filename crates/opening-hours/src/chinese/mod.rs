//! Translates opening hours of Chinese shops into OpenStreetMap's syntax: `11:00-19:00（周一闭馆）` becomes
//! `Tu,We,Th,Fr,Sa,Su 11:00-19:00`. It is strict: a text is not translated at all if any part is left over,
//! or if the text contradicts itself.

mod hours;
mod words;

use hours::{Clause, Days, Hours, Span};
use words::{Word, words};

/// Returns the hours in OpenStreetMap's syntax; `None` unless every word is understood.
pub(super) fn translated(text: &str) -> Option<String> {
    let mut reader = Reader { words: words(text)?, position: 0 };
    let mut hours = Hours::default();
    reader.skip(|word| matches!(word, Word::Break | Word::Heading));
    reader.skip(|word| *word == Word::Colon);
    while reader.peek().is_some() {
        hours.add(reader.clause()?)?;
        reader.skip(|word| *word == Word::Break);
    }
    hours.in_osm_syntax()
}

struct Reader {
    words: Vec<Word>,
    position: usize,
}

impl Reader {
    fn peek(&self) -> Option<Word> {
        self.words.get(self.position).copied()
    }

    fn peek_after(&self) -> Option<Word> {
        self.words.get(self.position + 1).copied()
    }

    fn next_if(&mut self, wanted: impl Fn(&Word) -> bool) -> Option<Word> {
        let word = self.peek().filter(wanted)?;
        self.position += 1;
        Some(word)
    }

    fn skip(&mut self, unwanted: impl Fn(&Word) -> bool) {
        while self.next_if(&unwanted).is_some() {}
    }

    /// Parses a clause: days with their state or times, such as `周一、周三休息` or `周末及节假日：09:00-23:00`, or times
    /// alone.
    fn clause(&mut self) -> Option<Clause> {
        let days = self.days()?;
        self.skip(|word| *word == Word::Colon);
        if self.next_if(|word| *word == Word::Closed).is_some() {
            return Some(Clause::Closed(days?));
        }
        if self.next_if(|word| *word == Word::AsUsual).is_some() {
            return Some(Clause::AsUsual(days?));
        }
        if self.next_if(|word| *word == Word::NeverClosed).is_some() {
            // `周末无休` is about the weekend only.
            return Some(days.map_or(Clause::NeverClosed, Clause::AsUsual));
        }
        self.skip(|word| matches!(word, Word::Heading | Word::Colon));
        let spans = self.spans()?;
        self.next_if(|word| *word == Word::Open);
        Some(Clause::Open(days, spans))
    }

    /// Parses a list of days; `Some(None)` if there is none.
    #[expect(clippy::option_option, reason = "the outer one is a text that cannot be read, as everywhere here")]
    fn days(&mut self) -> Option<Option<Days>> {
        let Some(mut days) = self.some_days()? else { return Some(None) };
        loop {
            let is_list = matches!(self.peek(), Some(Word::Break | Word::And));
            let at = if is_list { self.peek_after() } else { self.peek() };
            // `周一、三、五`: a numeral is a day only after another day, and only in a list.
            let is_more = matches!(at, Some(Word::Days(_))) || (is_list && matches!(at, Some(Word::Numeral(_))));
            if !is_more {
                return Some(Some(days));
            }
            if is_list {
                self.position += 1;
            }
            days = days.with(self.some_days()??)?;
        }
    }

    /// Parses one day, a range of days, or a word for several days; `Some(None)` if there is none.
    #[expect(clippy::option_option, reason = "the outer one is a text that cannot be read, as everywhere here")]
    fn some_days(&mut self) -> Option<Option<Days>> {
        let Some(Word::Days(days) | Word::Numeral(days)) =
            self.next_if(|word| matches!(word, Word::Days(_) | Word::Numeral(_)))
        else {
            return Some(None);
        };
        let is_range =
            self.peek() == Some(Word::To) && matches!(self.peek_after(), Some(Word::Days(_) | Word::Numeral(_)));
        if !is_range {
            return Some(Some(days));
        }
        self.position += 1;
        let (Word::Days(last) | Word::Numeral(last)) = self.next_if(|_| true)? else { return None };
        Some(Some(days.to(last)?))
    }

    fn spans(&mut self) -> Option<Vec<Span>> {
        if self.next_if(|word| *word == Word::AroundTheClock).is_some() {
            return Some(vec![Span::WHOLE_DAY]);
        }
        let mut spans = vec![self.span()?];
        loop {
            match (self.peek(), self.peek_after()) {
                (Some(Word::Time(_)), _) => {}
                (Some(Word::Break | Word::And), Some(Word::Time(_))) => self.position += 1,
                _ => return Some(spans),
            }
            let span = self.span()?;
            // The spans must be in order, without overlap.
            if span.from < spans.last()?.until {
                return None;
            }
            spans.push(span);
        }
    }

    fn span(&mut self) -> Option<Span> {
        let Word::Time(from) = self.next_if(|_| true)? else { return None };
        self.next_if(|word| *word == Word::To)?;
        let is_next_day = self.next_if(|word| *word == Word::NextDay).is_some();
        let Word::Time(until) = self.next_if(|_| true)? else { return None };
        Span::new(from, until, is_next_day)
    }
}

#[cfg(test)]
mod tests;
