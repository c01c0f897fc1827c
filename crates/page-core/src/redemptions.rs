//! Redemptions as they reach the page: which are news, which is the result on the open sheet, which codes are used up.
//!
//! The same redemption arrives several times: by the stream, by polling, and as the answer to a PIN. Answers overtake each other.

use member_domain::{TimeStep, TotpPeriod, UnixMillis, wire::LedgerEntry};

/// A redemption this many milliseconds older than the sheet's opening still counts as its result: the page's clock is that exact,
/// and no till is faster.
const SLACK_MILLIS: i64 = 500;
/// A redemption by PIN whose outcome was unknown is shown as the result for this long: ten minutes.
const RECENT_MILLIS: i64 = 600_000;

/// An instant, as the page knows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// The page's time; `None` while nobody has told it.
    pub time: Option<UnixMillis>,
    /// The monotonic clock, in milliseconds.
    pub monotonic: f64,
}

impl Moment {
    /// The time that it was at an earlier reading of the monotonic clock, minus the slack.
    fn time_at(self, monotonic: f64) -> Option<UnixMillis> {
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds are wanted")]
        let passed = (self.monotonic - monotonic) as i64;
        Some(self.time?.plus_millis(-passed - SLACK_MILLIS))
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<'a> {
    /// The sheet with the code was opened.
    SheetOpened(Moment),
    /// It was closed.
    SheetClosed,
    /// The backend told of a redemption.
    Told {
        /// The redemption as it stands now.
        entry: LedgerEntry,
        /// When the page heard of it.
        now: Moment,
        /// The id of the result on the sheet.
        shown: Option<&'a str>,
        /// The period of the codes that the device shows.
        period: Option<TotpPeriod>,
    },
    /// A redemption by PIN on this device succeeded.
    MadeHere {
        /// The redemption.
        entry: LedgerEntry,
        /// When the page heard of it.
        now: Moment,
        /// Whether the sheet is open for its shop.
        is_open: bool,
    },
}

/// What the page does about it.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Shows the redemption as the result on the sheet.
    Show(LedgerEntry),
    /// Takes the result off the sheet.
    Hide,
    /// Tells the host app of a redemption that happened since the page was mounted.
    Announce(LedgerEntry),
    /// Requests the member's state again: the redemption changed it.
    Refresh,
    /// The codes up to this step are used up.
    Spend(TimeStep),
}

/// The state.
#[derive(Clone, Debug)]
pub struct Redemptions {
    /// The monotonic clock when the page was mounted.
    mounted: f64,
    /// When the sheet was opened, while it is open.
    opened: Option<Moment>,
    /// The redemptions heard of, and whether they were cancelled.
    heard: Vec<(String, bool)>,
    /// The last step whose code is used up.
    spent: Option<TimeStep>,
}

impl Redemptions {
    /// The state of a page that was mounted at this reading of the monotonic clock.
    pub const fn mounted_at(monotonic: f64) -> Self {
        Self { mounted: monotonic, opened: None, heard: Vec::new(), spent: None }
    }

    /// Takes an event in.
    pub fn update(&mut self, event: Event<'_>) -> Vec<Effect> {
        match event {
            Event::SheetOpened(now) => {
                self.opened = Some(now);
                vec![Effect::Hide]
            }
            Event::SheetClosed => {
                self.opened = None;
                vec![Effect::Hide]
            }
            Event::Told { entry, now, shown, period } => self.told(entry, now, shown, period),
            Event::MadeHere { entry, now, is_open } => self.made_here(entry, now, is_open),
        }
    }

    // Each a function of its own, since the page has no use for their code before it has that of the stream and of the PIN.
    #[inline(never)]
    fn told(
        &mut self,
        entry: LedgerEntry,
        now: Moment,
        shown: Option<&str>,
        period: Option<TotpPeriod>,
    ) -> Vec<Effect> {
        if self.is_known(&entry) {
            return Vec::new();
        }
        // Cancelled at the counter: the screen must not go on saying that it was redeemed.
        if entry.cancelled_at.is_some() {
            self.note(&entry);
            let is_shown = shown == Some(entry.id.as_str());
            return std::iter::once(Effect::Refresh).chain(is_shown.then_some(Effect::Show(entry))).collect();
        }
        // Without the time nobody knows whether it is news; the page will hear of it again.
        let Some(mounted) = now.time_at(self.mounted) else { return Vec::new() };
        let mut effects = Vec::new();
        if entry.redeemed_at >= mounted {
            effects.push(Effect::Announce(entry.clone()));
        }
        self.note(&entry);
        effects.push(Effect::Refresh);
        effects.extend(period.and_then(|period| self.spend(TimeStep::at(entry.redeemed_at, period))));
        if self.opened_at(now).is_some_and(|opened| entry.redeemed_at >= opened) {
            effects.push(Effect::Show(entry));
        }
        effects
    }

    #[inline(never)]
    fn made_here(&mut self, entry: LedgerEntry, now: Moment, is_open: bool) -> Vec<Effect> {
        let mut effects = Vec::new();
        if !self.is_known(&entry) {
            effects.push(Effect::Announce(entry.clone()));
        }
        self.note(&entry);
        effects.push(Effect::Refresh);
        let is_recent = now.time.is_none_or(|now| now.millis_since(entry.redeemed_at) < RECENT_MILLIS);
        if is_open && is_recent {
            effects.push(Effect::Show(entry));
        }
        effects
    }

    /// Whether the page knows this already, or something newer: that it was cancelled.
    fn is_known(&self, entry: &LedgerEntry) -> bool {
        let is_cancelled = entry.cancelled_at.is_some();
        self.heard.iter().any(|(id, was_cancelled)| id == &entry.id && (*was_cancelled || !is_cancelled))
    }

    fn note(&mut self, entry: &LedgerEntry) {
        self.heard.push((entry.id.clone(), entry.cancelled_at.is_some()));
    }

    /// The code of this step is used up, or the code after it if that was used already.
    fn spend(&mut self, step: TimeStep) -> Option<Effect> {
        let spent = match self.spent {
            Some(known) if known == step => step.next(),
            // Answers overtake each other.
            Some(known) if known > step => return None,
            _ => step,
        };
        self.spent = Some(spent);
        Some(Effect::Spend(spent))
    }

    /// When the sheet was opened: as the page knew the time then, or counted back from now, whichever is earlier. The first can be
    /// off where the time was corrected since, the second where the phone slept.
    fn opened_at(&self, now: Moment) -> Option<UnixMillis> {
        let opened = self.opened?;
        let counted = now.time_at(opened.monotonic)?;
        Some(opened.time.map_or(counted, |time| counted.min(time.plus_millis(-SLACK_MILLIS))))
    }
}
