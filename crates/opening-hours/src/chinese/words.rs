//! The words in which opening hours are written.

use super::hours::Days;

/// One word, or a mark between words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// One or several days: 周一, 周末, 节假日.
    Days(Days),
    /// 一 to 六, 日: a day in a list of days.
    Numeral(Days),
    /// Minutes since midnight.
    Time(u16),
    /// 次日
    NextDay,
    /// 至, or a dash.
    To,
    /// 及
    And,
    /// A comma, a stop, a bracket, the end of a line.
    Break,
    /// A colon that is not part of a time.
    Colon,
    /// 24小时
    AroundTheClock,
    /// 休息
    Closed,
    /// 照常营业
    AsUsual,
    /// 全年无休, 无休
    NeverClosed,
    /// 营业, after times
    Open,
    /// 营业时间
    Heading,
}

/// The known words. A longer word comes before a word that is its beginning.
const VOCABULARY: &[(&str, Word)] = &[
    ("营业时间", Word::Heading),
    ("开放时间", Word::Heading),
    ("开馆时间", Word::Heading),
    ("法定节假日", Word::Days(Days::HOLIDAYS)),
    ("国家法定节假日", Word::Days(Days::HOLIDAYS)),
    ("国定节假日", Word::Days(Days::HOLIDAYS)),
    ("法定假日", Word::Days(Days::HOLIDAYS)),
    ("节假日", Word::Days(Days::HOLIDAYS)),
    ("全年无休", Word::NeverClosed),
    ("全年不休", Word::NeverClosed),
    ("照常营业", Word::AsUsual),
    ("正常营业", Word::AsUsual),
    ("照常开放", Word::AsUsual),
    ("正常开放", Word::AsUsual),
    ("无休", Word::NeverClosed),
    ("不休息", Word::NeverClosed),
    ("不休", Word::NeverClosed),
    ("全天24小时", Word::AroundTheClock),
    ("24小时", Word::AroundTheClock),
    ("二十四小时", Word::AroundTheClock),
    ("每天", Word::Days(Days::EVERY)),
    ("每日", Word::Days(Days::EVERY)),
    ("天天", Word::Days(Days::EVERY)),
    ("周末", Word::Days(Days::WEEKEND)),
    ("双休日", Word::Days(Days::WEEKEND)),
    ("不营业", Word::Closed),
    ("不开放", Word::Closed),
    ("不开馆", Word::Closed),
    ("固定休息", Word::Closed),
    ("休息", Word::Closed),
    ("闭馆", Word::Closed),
    ("休馆", Word::Closed),
    ("闭店", Word::Closed),
    ("公休", Word::Closed),
    ("店休", Word::Closed),
    ("定休", Word::Closed),
    ("休业", Word::Closed),
    ("停业", Word::Closed),
    ("休", Word::Closed),
    ("营业", Word::Open),
    ("开放", Word::Open),
    ("次日凌晨", Word::NextDay),
    ("次日", Word::NextDay),
    ("翌日", Word::NextDay),
    ("第二天", Word::NextDay),
    ("至", Word::To),
    ("到", Word::To),
    ("以及", Word::And),
    ("及", Word::And),
    ("和", Word::And),
    ("与", Word::And),
];

/// Splits a text into words; `None` if any part is not a word.
pub(super) fn words(text: &str) -> Option<Vec<Word>> {
    let text: Vec<char> = text.chars().map(plain).collect();
    let mut rest = text.as_slice();
    let mut words = Vec::new();
    while let Some(first) = rest.first() {
        let (word, length) = match first {
            ' ' => {
                rest = &rest[1..];
                continue;
            }
            '-' => (Word::To, rest.iter().take(2).take_while(|character| **character == '-').count()),
            ',' | ';' | '(' | ')' | '[' | ']' | '.' | '/' | '|' | '\n' => (Word::Break, 1),
            ':' => (Word::Colon, 1),
            _ => time(rest).or_else(|| weekday(rest)).or_else(|| known(rest))?,
        };
        words.push(word);
        rest = &rest[length..];
    }
    Some(words)
}

/// Replaces characters that differ only in width or shape by one form.
fn plain(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5d}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        '\u{3000}' | '\u{a0}' | '\t' => ' ',
        '、' | '。' | '·' => ',',
        '【' => '(',
        '】' => ')',
        '\r' => '\n',
        '∶' | '︰' => ':',
        '‐' | '‑' | '–' | '—' | '―' | '−' | '─' | '~' | '～' | '〜' | '∼' => '-',
        _ => character,
    }
}

/// Parses a time: `9:00`, `10点`, `10点半`, `10时30分`. The latest is 30:00, which is 6:00 on the next day.
fn time(text: &[char]) -> Option<(Word, usize)> {
    let (hour, digits) = number(text)?;
    let after = &text[digits..];
    let (minute, length) = match after.first()? {
        ':' => {
            let (minute, width) = number(&after[1..])?;
            (minute, if width == 2 { 3 } else { return None })
        }
        '点' | '时' => match after.get(1) {
            Some('半') => (30, 2),
            Some('0'..='9') => {
                let (minute, width) = number(&after[1..])?;
                (minute, if after.get(1 + width) == Some(&'分') { 2 + width } else { return None })
            }
            _ => (0, 1),
        },
        _ => return None,
    };
    let total = hour * 60 + minute;
    (minute < 60 && total <= 30 * 60).then_some((Word::Time(total), digits + length))
}

/// Parses a number of one or two digits, and returns it with its length. Three digits are not a number.
fn number(text: &[char]) -> Option<(u16, usize)> {
    let digits: Vec<u32> = text.iter().take(3).map_while(|character| character.to_digit(10)).collect();
    let value = digits.iter().fold(0, |value, digit| value * 10 + digit);
    (1..=2).contains(&digits.len()).then(|| Some((u16::try_from(value).ok()?, digits.len())))?
}

/// Parses a weekday: 周一, 星期一, 礼拜一, 周六日, or the numeral alone.
fn weekday(text: &[char]) -> Option<(Word, usize)> {
    let is_prefix = |prefix: &str| text.iter().copied().take(prefix.chars().count()).eq(prefix.chars());
    let prefix =
        ["星期", "礼拜", "周"].into_iter().find(|prefix| is_prefix(prefix)).map_or(0, |found| found.chars().count());
    let numerals: Vec<Days> = text[prefix..].iter().map_while(|character| numeral(*character)).collect();
    let first = *numerals.first()?;
    if prefix == 0 {
        // `二十四小时` also begins with a numeral.
        return (numerals.len() == 1 && text.get(1) != Some(&'十')).then_some((Word::Numeral(first), 1));
    }
    let days = numerals.iter().skip(1).try_fold(first, |days, day| days.with(*day))?;
    Some((Word::Days(days), prefix + numerals.len()))
}

fn numeral(character: char) -> Option<Days> {
    let index = match character {
        '天' => 6,
        _ => "一二三四五六日".chars().position(|numeral| numeral == character)?,
    };
    Some(Days::weekday(index))
}

fn known(text: &[char]) -> Option<(Word, usize)> {
    let length = |word: &str| word.chars().count();
    let (word, meaning) =
        VOCABULARY.iter().find(|(word, _)| text.iter().copied().take(length(word)).eq(word.chars()))?;
    Some((*meaning, length(word)))
}
