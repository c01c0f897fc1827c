//! Evaluates opening hours day by day. Where the specification's words and the shop's likely meaning differ,
//! the state is unknown.
//!
//! A night past midnight has two readings. By the specification, a rule replaces the others from midnight to
//! midnight: `Mo-Su 18:00-02:00; Mo off` closes on Monday at 0:00, in the middle of Sunday's night, and is
//! open from 0:00 to 2:00 on Tuesday. A shop that writes this means Monday's night as a whole. The state is
//! known where both readings agree.

use chrono::NaiveDate;

use crate::{
    holidays::{self, Holiday},
    syntax::{Hours, Join, Rule, Span, State},
};

/// Opening hours, prepared for evaluation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Timeline {
    hours: Hours,
    /// The minutes of a day at which the state can change, in order. The first is 0.
    changes: Vec<u16>,
    needs_holidays: bool,
    passes_midnight: bool,
}

/// A set of rules, by their index.
#[derive(Clone, Copy)]
struct RuleSet(u64);

/// The rules that are for a day, and for the day before it.
#[derive(Clone, Copy)]
struct Applying {
    today: RuleSet,
    yesterday: RuleSet,
}

impl Timeline {
    pub(crate) fn new(hours: Hours) -> Self {
        let ends = hours.rules.iter().flat_map(|rule| &rule.spans).flat_map(|span| [span.from, span.until]);
        let mut changes: Vec<u16> = ends.map(|minute| minute % Span::DAY).chain([0]).collect();
        changes.sort_unstable();
        changes.dedup();
        let (needs_holidays, passes_midnight) = (hours.needs_holidays(), hours.passes_midnight());
        Self { hours, changes, needs_holidays, passes_midnight }
    }

    /// Parses hours in OpenStreetMap's syntax.
    pub(crate) fn read(text: &str) -> Option<Self> {
        Hours::read(text).map(Self::new)
    }

    pub(crate) const fn hours(&self) -> &Hours {
        &self.hours
    }

    /// Whether the state may be unknown for another reason than the holidays of coming years.
    pub(crate) fn is_partly_unknown(&self) -> bool {
        self.hours.says_unknown() || self.has_ambiguous_night()
    }

    /// Returns the states of a day: each with the minute at which it begins. The first begins at 0.
    pub(crate) fn states(&self, day: NaiveDate) -> Vec<(u16, State)> {
        let applying = self.applying(day);
        let mut states: Vec<(u16, State)> = Vec::with_capacity(self.changes.len());
        for minute in &self.changes {
            let state = self.state(&applying, *minute);
            if states.last().is_none_or(|(_, last)| *last != state) {
                states.push((*minute, state));
            }
        }
        states
    }

    /// Whether a night can be read in two ways, on any day of a year.
    fn has_ambiguous_night(&self) -> bool {
        const SOME_MONDAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 1, 5).expect("a date");
        if self.hours.rules.len() < 2 || !self.passes_midnight {
            return false;
        }
        let days = if self.hours.is_weekly() { 7 } else { 366 };
        let worlds: &[bool] = if self.needs_holidays { &[false, true] } else { &[false] };
        SOME_MONDAY.iter_days().take(days).any(|day| {
            worlds.iter().flat_map(|today| worlds.iter().map(|yesterday| (*today, *yesterday))).any(|holidays| {
                let applying = self.applying_if(day, holidays);
                self.changes.iter().any(|minute| self.reading(applying, *minute).is_none())
            })
        })
    }

    /// Returns the state at a minute of a day; unknown if it depends on days that may become holidays.
    fn state(&self, applying: &[Applying], minute: u16) -> State {
        let mut readings = applying.iter().map(|applying| self.reading(*applying, minute));
        let first = readings.next().flatten();
        if readings.all(|reading| reading == first) { first.unwrap_or(State::Unknown) } else { State::Unknown }
    }

    /// Returns the state on which both readings of nights agree.
    fn reading(&self, applying: Applying, minute: u16) -> Option<State> {
        let by_clock = self.by_clock(applying, minute);
        (!self.passes_midnight || by_clock == self.by_night(applying, minute)).then_some(by_clock)
    }

    /// Returns the state if each rule replaces others from midnight to midnight. The hours that a rule has
    /// after midnight replace nothing.
    fn by_clock(&self, Applying { today, yesterday }: Applying, minute: u16) -> State {
        let rules = &self.hours.rules;
        let first = today.last_index_of(rules, Rule::replaces);
        let mut state = None;
        for (index, rule) in rules.iter().enumerate() {
            // A rule that is replaced takes its own night along.
            let is_replaced = first.is_some_and(|first| index < first);
            for said in [
                today.contains(index).then(|| rule.state_at(minute)),
                yesterday.contains(index).then(|| rule.state_at(minute + Span::DAY)),
            ] {
                if !is_replaced {
                    state = rule.after(state, said.flatten());
                }
            }
        }
        state.unwrap_or(State::Closed)
    }

    /// Returns the state if a night belongs as a whole to the day on which it begins.
    fn by_night(&self, Applying { today, yesterday }: Applying, minute: u16) -> State {
        let states = [self.of_day(today, minute), self.of_day(yesterday, minute + Span::DAY)];
        let has = |state| states.contains(&Some(state));
        if has(State::Open) {
            State::Open
        } else if has(State::Unknown) {
            State::Unknown
        } else {
            State::Closed
        }
    }

    /// Returns the state at a minute since the midnight of the day that the rules are for.
    fn of_day(&self, today: RuleSet, minute: u16) -> Option<State> {
        let rules = &self.hours.rules;
        let first = today.last_index_of(rules, Rule::replaces).unwrap_or(0);
        let applying = rules.iter().enumerate().skip(first).filter(|(index, _)| today.contains(*index));
        applying.fold(None, |state, (_, rule)| {
            // `Mo off` also closes the night that would begin on Monday.
            let is_off = rule.spans.is_empty() && rule.state == State::Closed;
            rule.after(state, if is_off { Some(State::Closed) } else { rule.state_at(minute) })
        })
    }

    /// Returns the rules that are for a day, for each way in which it and the day before may be holidays.
    fn applying(&self, day: NaiveDate) -> Vec<Applying> {
        let may_be = |day: Option<NaiveDate>| match day.filter(|_| self.needs_holidays).map(holidays::holiday) {
            Some(Holiday::Yes) => [true].as_slice(),
            Some(Holiday::Perhaps) => &[false, true],
            Some(Holiday::No) | None => &[false],
        };
        let today = may_be(Some(day));
        let yesterday = may_be(day.pred_opt());
        let ways = today.iter().flat_map(|today| yesterday.iter().map(|yesterday| (*today, *yesterday)));
        ways.map(|holidays| self.applying_if(day, holidays)).collect()
    }

    fn applying_if(&self, day: NaiveDate, (today, yesterday): (bool, bool)) -> Applying {
        Applying {
            today: self.rules_for(day, today),
            yesterday: day.pred_opt().map_or(RuleSet(0), |day| self.rules_for(day, yesterday)),
        }
    }

    fn rules_for(&self, day: NaiveDate, is_holiday: bool) -> RuleSet {
        let rules = self.hours.rules.iter().enumerate().filter(|(_, rule)| rule.days.contain(day, is_holiday));
        RuleSet(rules.fold(0, |set, (index, _)| set | 1 << index))
    }
}

impl RuleSet {
    const fn contains(self, index: usize) -> bool {
        self.0 & (1 << index) != 0
    }

    fn last_index_of(self, rules: &[Rule], is_wanted: impl Fn(&Rule) -> bool) -> Option<usize> {
        (0..rules.len()).rev().find(|index| self.contains(*index) && is_wanted(&rules[*index]))
    }
}

impl Rule {
    /// Whether the rule replaces the rules before it. `off` only closes at its own times.
    fn replaces(&self) -> bool {
        self.join == Join::Replaces && self.state != State::Closed
    }

    /// Returns the state after this rule.
    fn after(&self, before: Option<State>, said: Option<State>) -> Option<State> {
        let is_settled = matches!(before, Some(State::Open | State::Unknown));
        if said.is_none() || (self.join == Join::Otherwise && is_settled) { before } else { said }
    }
}
