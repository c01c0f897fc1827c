//! The meaning of a text, clause by clause, and its form in OpenStreetMap's syntax.

const NAMES: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// A set of days: a bit for each weekday from Monday on, and one for public holidays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days(u8);

impl Days {
    pub(super) const EVERY: Self = Self(0b0111_1111);
    pub(super) const WEEKEND: Self = Self(0b0110_0000);
    pub(super) const HOLIDAYS: Self = Self(0b1000_0000);

    /// Returns the weekday with this number; Monday is 0.
    pub(super) const fn weekday(index: usize) -> Self {
        Self(1 << index)
    }

    /// Returns the union; `None` if both have a day in common.
    pub(super) fn with(self, other: Self) -> Option<Self> {
        (self.0 & other.0 == 0).then_some(Self(self.0 | other.0))
    }

    /// Returns the days from this weekday to `last`, past Sunday if needed; `None` if either is not one
    /// weekday, or if both are the same.
    pub(super) fn to(self, last: Self) -> Option<Self> {
        let index = |days: Self| (0..7).find(|index| days == Self::weekday(*index));
        let (first, last) = (index(self)?, index(last)?);
        let count = (last + 7 - first) % 7 + 1;
        (count > 1).then(|| (first..first + count).fold(Self(0), |days, index| Self(days.0 | 1 << (index % 7))))
    }

    fn weekdays(self) -> impl Iterator<Item = usize> {
        (0..7).filter(move |index| self.0 & Self::weekday(*index).0 != 0)
    }

    const fn has_holidays(self) -> bool {
        self.0 & Self::HOLIDAYS.0 != 0
    }
}

/// A span of time, in minutes since the day's midnight. A span past midnight ends after 1440.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: u16,
    pub(super) until: u16,
}

impl Span {
    const DAY: u16 = 24 * 60;
    pub(super) const WHOLE_DAY: Self = Self { from: 0, until: Self::DAY };

    /// Returns the span between two times. The second may be on the next day. `None` if the span is empty or
    /// longer than a day, or if the day of its end is ambiguous.
    pub(super) fn new(from: u16, until: u16, is_next_day: bool) -> Option<Self> {
        let until = match until {
            until if is_next_day && until < Self::DAY => until + Self::DAY,
            _ if is_next_day => return None,
            until if until < from => Self::is_clearly_night(from, until).then_some(until + Self::DAY)?,
            until => until,
        };
        (from < Self::DAY && from < until && until - from <= Self::DAY).then_some(Self { from, until })
    }

    /// Whether an end before the start can only be on the next day. `9:00-6:00` may use a 12-hour clock. Such
    /// a clock has no hour 0.
    const fn is_clearly_night(from: u16, until: u16) -> bool {
        until < 60 || (from >= Self::DAY / 2 && until <= 6 * 60)
    }
}

/// One clause of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Clause {
    /// Open at these times on these days. Without days: on all days that no other clause names.
    Open(Option<Days>, Vec<Span>),
    /// Closed on these days.
    Closed(Days),
    /// On these days, the usual times apply.
    AsUsual(Days),
    /// Open on every day, including holidays.
    NeverClosed,
}

/// The meaning of a whole text.
#[derive(Default)]
pub(super) struct Hours {
    /// The times of the days that no other clause names.
    general: Option<Vec<Span>>,
    weekdays: [Option<Vec<Span>>; 7],
    closed: [bool; 7],
    holidays: Option<Holidays>,
    is_never_closed: bool,
}

enum Holidays {
    Open(Vec<Span>),
    Closed,
    AsUsual,
}

impl Hours {
    /// Adds a clause; `None` if it contradicts an earlier one.
    pub(super) fn add(&mut self, clause: Clause) -> Option<()> {
        match clause {
            Clause::Open(None, spans) => set(&mut self.general, spans),
            Clause::Open(Some(days), spans) => {
                if days.has_holidays() {
                    set(&mut self.holidays, Holidays::Open(spans.clone()))?;
                }
                // `每天 10:00-20:00，周六 10:00-22:00`: the first times are for the days that no other clause
                // names.
                if days.0 & Days::EVERY.0 == Days::EVERY.0 {
                    return set(&mut self.general, spans);
                }
                days.weekdays().try_for_each(|index| set(&mut self.weekdays[index], spans.clone()))
            }
            Clause::Closed(days) => {
                if days.has_holidays() {
                    set(&mut self.holidays, Holidays::Closed)?;
                }
                days.weekdays().for_each(|index| self.closed[index] = true);
                Some(())
            }
            Clause::AsUsual(days) => {
                if days.has_holidays() {
                    set(&mut self.holidays, Holidays::AsUsual)?;
                }
                let is_closed = days.weekdays().any(|index| self.closed[index]);
                (!is_closed).then_some(())
            }
            Clause::NeverClosed => {
                self.is_never_closed = true;
                Some(())
            }
        }
    }

    /// Whether there is a day on which the shop is closed, or whose times are not known.
    fn has_days_off(&self) -> bool {
        let is_without_times = |index: usize| self.general.is_none() && self.weekdays[index].is_none();
        matches!(self.holidays, Some(Holidays::Closed))
            || (0..7).any(|index| self.closed[index] || is_without_times(index))
    }

    /// Returns the hours in OpenStreetMap's syntax; `None` if the text contradicts itself as a whole, or if
    /// the syntax cannot express it.
    pub(super) fn in_osm_syntax(&self) -> Option<String> {
        if self.is_never_closed && self.has_days_off() {
            return None;
        }
        let said = self.general.iter().chain(self.weekdays.iter().flatten()).flatten();
        let holidays = match &self.holidays {
            Some(Holidays::Open(spans)) => Some((format!("PH {}", times(spans)), spans.as_slice())),
            Some(Holidays::Closed) => Some(("PH off".to_owned(), [].as_slice())),
            Some(Holidays::AsUsual) | None => None,
        };
        if let Some((_, spans)) = &holidays
            && said.clone().chain(spans.iter()).any(|span| span.until > Span::DAY)
        {
            // A holiday rule would cut off the night before.
            return None;
        }
        let mut rules = if said.clone().next().is_none() { self.days_off()? } else { self.rules()? };
        if let Some((rule, _)) = holidays {
            rules = format!("{rules}; {rule}");
        }
        Some(rules)
    }

    /// Returns one rule for all days with the same times; `None` if the shop is open on no day, which nobody
    /// means. The rules add to each other. If they replaced each other, a day's rule would cut off the night
    /// before.
    fn rules(&self) -> Option<String> {
        let mut rules: Vec<(Vec<&str>, String)> = Vec::new();
        for (index, name) in NAMES.into_iter().enumerate().filter(|(index, _)| !self.closed[*index]) {
            let Some(spans) = self.weekdays[index].as_ref().or(self.general.as_ref()) else { continue };
            let times = times(spans);
            match rules.iter_mut().find(|(_, known)| *known == times) {
                Some((days, _)) => days.push(name),
                None => rules.push((vec![name], times)),
            }
        }
        let rules: Vec<String> = rules.into_iter().map(|(days, times)| format!("{} {times}", days.join(","))).collect();
        (!rules.is_empty()).then(|| rules.join(", "))
    }

    /// Returns the rules if only days off are named. The other days are unknown.
    fn days_off(&self) -> Option<String> {
        let named = |closed: bool| -> Vec<&str> {
            NAMES
                .into_iter()
                .enumerate()
                .filter(|(index, _)| self.closed[*index] == closed)
                .map(|(_, name)| name)
                .collect()
        };
        let (off, other) = (named(true).join(","), named(false).join(","));
        match (off.is_empty(), other.is_empty()) {
            (false, false) => Some(format!("{other} unknown; {off} off")),
            (true, _) if matches!(self.holidays, Some(Holidays::Closed)) => Some(format!("{other} unknown")),
            _ => None,
        }
    }
}

/// Sets an empty place; `None` if it was set before.
fn set<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.is_none().then(|| *place = Some(value))
}

fn times(spans: &[Span]) -> String {
    let time = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let spans: Vec<String> = spans.iter().map(|span| format!("{}-{}", time(span.from), time(span.until))).collect();
    spans.join(",")
}
