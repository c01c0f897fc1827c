//! Opening hours in OpenStreetMap's syntax. Only constructs on a list are read: those that `timeline`
//! evaluates as the specification says. Any other text is not read at all.
//!
//! The specification: <https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification>

mod cursor;
mod days;
mod read_days;
mod read_times;
mod words;

use cursor::Cursor;
pub(crate) use days::Days;
use words::{Word, words};

/// The maximum number of rules. A set of rules is one number in [`super::timeline`].
const MOST_RULES: usize = 64;

/// A shop's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Open,
    Closed,
    Unknown,
}

/// Opening hours: rules, of which a later one applies before an earlier one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hours {
    pub(crate) rules: Vec<Rule>,
}

/// A rule: a state on some days, at some times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) join: Join,
    pub(crate) days: Days,
    /// The times. Without times, the rule is for the whole day.
    pub(crate) spans: Vec<Span>,
    pub(crate) state: State,
}

/// How a rule joins the rules before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Join {
    /// `;`: on its days, it replaces them.
    Replaces,
    /// `,`: it adds to them.
    Adds,
    /// `||`: it applies where they say closed or nothing.
    Otherwise,
}

/// A span of time, in minutes since the day's midnight. It may end on the next day, or a little later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: u16,
    pub(crate) until: u16,
    /// Whether this is the time after an open end (`18:00+`), when the shop may still be open.
    pub(crate) is_open_end: bool,
}

impl Span {
    pub(crate) const DAY: u16 = 24 * 60;

    pub(crate) fn contains(self, minute: u16) -> bool {
        (self.from..self.until).contains(&minute)
    }
}

impl Rule {
    /// Returns the state at a minute of a day that the rule is for; `None` if the rule does not say.
    pub(crate) fn state_at(&self, minute: u16) -> Option<State> {
        if self.spans.is_empty() {
            return (minute < Span::DAY).then_some(self.state);
        }
        let span = self.spans.iter().rfind(|span| span.contains(minute))?;
        Some(if span.is_open_end && self.state == State::Open { State::Unknown } else { self.state })
    }

    /// Whether the rule lasts until the next day.
    pub(crate) fn passes_midnight(&self) -> bool {
        self.spans.iter().any(|span| span.until > Span::DAY)
    }

    /// Whether the rule says that the state is not known.
    fn says_unknown(&self) -> bool {
        self.state == State::Unknown || self.spans.iter().any(|span| span.is_open_end)
    }
}

impl Hours {
    /// Parses the hours; `None` unless every construct is on the list.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut cursor = Cursor::new(words(text)?);
        let rules = rules(&mut cursor)?;
        let hours = Self { rules };
        hours.is_plain().then_some(hours)
    }

    /// Whether the specification says what the rules mean together, and a shop can mean it.
    fn is_plain(&self) -> bool {
        let may_open = self.rules.iter().any(|rule| rule.state != State::Closed);
        let is_closed = matches!(self.rules.as_slice(), [rule] if rule.days.is_every_day() && rule.spans.is_empty());
        let is_plain = |(index, rule): (usize, &Rule)| match rule.join {
            // A rule for every day would make the rules before it pointless. Only a break (`12:00-13:00 off`)
            // makes sense there.
            Join::Replaces if index > 0 && rule.days.is_every_day() => {
                rule.state == State::Closed && !rule.spans.is_empty()
            }
            // It is not clear whether the hours after midnight are also only a fallback.
            Join::Otherwise => !rule.passes_midnight(),
            Join::Replaces | Join::Adds => true,
        };
        (may_open || is_closed) && self.rules.len() <= MOST_RULES && self.rules.iter().enumerate().all(is_plain)
    }

    /// Whether any closing time is on the next day.
    pub(crate) fn closes_on_next_day(&self) -> bool {
        let mut spans = self.rules.iter().flat_map(|rule| &rule.spans);
        spans.any(|span| !span.is_open_end && span.until > Span::DAY)
    }

    /// Whether any of these hours last until the next day.
    pub(crate) fn passes_midnight(&self) -> bool {
        self.rules.iter().any(Rule::passes_midnight)
    }

    /// Whether any rule says that the state is not known.
    pub(crate) fn says_unknown(&self) -> bool {
        self.rules.iter().any(Rule::says_unknown)
    }

    /// Whether the hours depend on holidays.
    pub(crate) fn needs_holidays(&self) -> bool {
        self.rules.iter().any(|rule| rule.days.needs_holidays())
    }

    /// Whether the hours are the same in every week.
    pub(crate) fn is_weekly(&self) -> bool {
        self.rules.iter().all(|rule| rule.days.is_weekly())
    }
}

/// Parses all rules. There is at least one. Nothing between two `;` is no rule.
fn rules(cursor: &mut Cursor) -> Option<Vec<Rule>> {
    let mut rules = Vec::new();
    let mut join = Join::Replaces;
    loop {
        while join == Join::Replaces && cursor.take(Word::Mark(';')) {}
        if join == Join::Replaces && cursor.is_at_end() && !rules.is_empty() {
            return Some(rules);
        }
        let (rule, may_go_on) = rule(cursor, join)?;
        rules.push(rule);
        join = match cursor.next() {
            None => return Some(rules),
            Some(Word::Mark(';')) => Join::Replaces,
            Some(Word::Otherwise) => Join::Otherwise,
            // A comma after a fallback could add to the fallback or to the rules before it.
            Some(Word::Mark(',')) if may_go_on && join != Join::Otherwise => Join::Adds,
            Some(_) => return None,
        };
    }
}

/// Parses days, times, state and comment, each of which may be absent. Also returns whether a rule may follow
/// after a comma: after days alone, a comma is part of a list.
fn rule(cursor: &mut Cursor, join: Join) -> Option<(Rule, bool)> {
    let start = cursor.position();
    let days = read_days::days(cursor)?;
    let is_always = cursor.take(Word::Always);
    let spans = if is_always { Vec::new() } else { read_times::spans(cursor)? };
    let state = match cursor.peek() {
        Some(Word::State(state)) => {
            cursor.next();
            Some(state)
        }
        _ => None,
    };
    let has_comment = cursor.take(Word::Comment);
    let may_go_on = !spans.is_empty() || state.is_some() || has_comment;
    // A comment alone is a condition: `10:00-18:00 "by appointment"`. After `open`, it is a remark.
    let state = state.unwrap_or(if has_comment { State::Unknown } else { State::Open });
    (cursor.position() > start).then_some((Rule { join, days, spans, state }, may_go_on))
}

#[cfg(test)]
mod tests;
