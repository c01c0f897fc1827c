//! What a text says, clause by clause, and the same in OpenStreetMap's syntax.

const NAMES: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// A set of days: a bit for each weekday from Monday on, and one for public holidays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days(u8);

impl Days {
    pub(super) const EVERY: Self = Self(0b0111_1111);
    pub(super) const WEEKEND: Self = Self(0b0110_0000);
    pub(super) const HOLIDAYS: Self = Self(0b1000_0000);

    /// The weekday with this number; Monday is 0.
    pub(super) const fn weekday(index: usize) -> Self {
        Self(1 << index)
    }

    /// Both; `None` if a day would be named twice.
    pub(super) fn with(self, other: Self) -> Option<Self> {
        (self.0 & other.0 == 0).then_some(Self(self.0 | other.0))
    }

    /// From one weekday to another, past Sunday if need be; `None` if either is something else.
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

/// From when until when, in minutes since the day's midnight; what passes midnight has more than 1440.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: u16,
    pub(super) until: u16,
}

impl Span {
    const DAY: u16 = 24 * 60;
    pub(super) const WHOLE_DAY: Self = Self { from: 0, until: Self::DAY };

    /// Between two times, of which the second may be on the next day; `None` if that is nothing, or more than a day, or if
    /// which day is meant is anybody's guess.
    pub(super) fn new(from: u16, until: u16, is_next_day: bool) -> Option<Self> {
        let until = match until {
            until if is_next_day && until < Self::DAY => until + Self::DAY,
            _ if is_next_day => return None,
            until if until < from => Self::is_clearly_night(from, until).then_some(until + Self::DAY)?,
            until => until,
        };
        (from < Self::DAY && from < until && until - from <= Self::DAY).then_some(Self { from, until })
    }

    /// Whether an end before the beginning can only be on the next day. `9:00-6:00` may be meant on a clock of twelve
    /// hours; there is no hour 0 on such a clock.
    const fn is_clearly_night(from: u16, until: u16) -> bool {
        until < 60 || (from >= Self::DAY / 2 && until <= 6 * 60)
    }
}

/// One statement of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Clause {
    /// Open at these times on these days, or on all that nothing else is said of.
    Open(Option<Days>, Vec<Span>),
    /// Closed on these days.
    Closed(Days),
    /// These days are like any other.
    AsUsual(Days),
    /// Open on every day, holidays or not.
    NeverClosed,
}

/// All that a text says.
#[derive(Default)]
pub(super) struct Hours {
    /// Of days that nothing else is said of.
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
    /// Takes another statement in; `None` if it contradicts an earlier one.
    pub(super) fn add(&mut self, clause: Clause) -> Option<()> {
        match clause {
            Clause::Open(None, spans) => set(&mut self.general, spans),
            Clause::Open(Some(days), spans) => {
                if days.has_holidays() {
                    set(&mut self.holidays, Holidays::Open(spans.clone()))?;
                }
                // `每天 10:00-20:00，周六 10:00-22:00`: every day, but for those of which more is said.
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

    /// Whether there is a day on which it is closed, or of which nothing is said.
    fn has_days_off(&self) -> bool {
        let is_without_times = |index: usize| self.general.is_none() && self.weekdays[index].is_none();
        matches!(self.holidays, Some(Holidays::Closed))
            || (0..7).any(|index| self.closed[index] || is_without_times(index))
    }

    /// `None` if the text contradicts itself as a whole, or says what the syntax cannot.
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
            // A rule for a holiday would end what began on the evening before.
            return None;
        }
        let mut rules = if said.clone().next().is_none() { self.days_off()? } else { self.rules()? };
        if let Some((rule, _)) = holidays {
            rules = format!("{rules}; {rule}");
        }
        Some(rules)
    }

    /// One rule for all days with the same times. Rules that add to each other, not that replace each other: else a day's
    /// rule would end what began on the evening before. What is open on no day is a text nobody means.
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

    /// Where only days off are named, nothing is known of the others.
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

/// Sets what was not set.
fn set<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.is_none().then(|| *place = Some(value))
}

fn times(spans: &[Span]) -> String {
    let time = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let spans: Vec<String> = spans.iter().map(|span| format!("{}-{}", time(span.from), time(span.until))).collect();
    spans.join(",")
}
