//! Decides which redemptions are new, which is the result on the open sheet, and which codes are used.
//!
//! The page receives a redemption several times: from the stream, by polling, and as the answer to a PIN. Answers can
//! arrive out of order.

use member_domain::{Fen, TimeStep, TotpPeriod, UnixMillis, wire::LedgerEntry};

/// A redemption up to this many milliseconds before the opening of the sheet still counts as its result. The page's
/// clock is accurate to this value, and no till redeems faster.
const SLACK_MILLIS: i64 = 500;
/// A redemption by PIN whose outcome was unknown is shown as the result for ten minutes.
const RECENT_MILLIS: i64 = 600_000;

/// The amount that the member pays at the till: the whole bill if the redemption was cancelled.
pub const fn amount_due(entry: &LedgerEntry) -> Fen {
    if entry.cancelled_at.is_some() { entry.bill_fen } else { entry.payable_fen }
}

/// An instant by the page's clocks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// The page's time; `None` while it is unknown.
    pub time: Option<UnixMillis>,
    /// The time of the monotonic clock, in milliseconds.
    pub monotonic: f64,
}

impl Moment {
    /// The time at an earlier value of the monotonic clock, minus the slack.
    fn time_at(self, monotonic: f64) -> Option<UnixMillis> {
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds are wanted")]
        let passed = (self.monotonic - monotonic) as i64;
        Some(self.time?.plus_millis(-passed - SLACK_MILLIS))
    }
}

/// An event for the state machine.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<'a> {
    /// The code sheet was opened.
    SheetOpened(Moment),
    /// The code sheet was closed.
    SheetClosed,
    /// The backend reported a redemption.
    Reported {
        /// The current state of the redemption.
        entry: LedgerEntry,
        /// The instant at which the page received it.
        now: Moment,
        /// The id of the result that the sheet shows.
        shown: Option<&'a str>,
        /// The code period of this device's credential.
        period: Option<TotpPeriod>,
    },
    /// A redemption by PIN on this device succeeded.
    RedeemedByPin {
        /// The redemption.
        entry: LedgerEntry,
        /// The instant at which the page received it.
        now: Moment,
        /// Whether the sheet is open for the redemption's shop.
        is_open: bool,
    },
}

/// An effect that the page runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Shows the redemption as the result on the sheet.
    Show(LedgerEntry),
    /// Removes the result from the sheet.
    Hide,
    /// Notifies the host app of a redemption that happened after the page was mounted.
    Announce(LedgerEntry),
    /// Requests the member's state again, because the redemption changed it.
    Refresh,
    /// Marks the codes up to this step as used.
    MarkUsed(TimeStep),
}

/// The state machine of redemptions.
#[derive(Clone, Debug)]
pub struct Redemptions {
    /// The monotonic time at which the page was mounted.
    mounted: f64,
    /// The instant at which the sheet was opened, while it is open.
    opened: Option<Moment>,
    /// The ids of the received redemptions, and whether each was cancelled.
    received: Vec<(String, bool)>,
    /// The last step whose code is used.
    used_step: Option<TimeStep>,
}

impl Redemptions {
    /// The state of a page that was mounted at this time of the monotonic clock.
    pub const fn mounted_at(monotonic: f64) -> Self {
        Self { mounted: monotonic, opened: None, received: Vec::new(), used_step: None }
    }

    /// Handles an event and returns the effects.
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
            Event::Reported { entry, now, shown, period } => self.handle_report(entry, now, shown, period),
            Event::RedeemedByPin { entry, now, is_open } => self.handle_pin_redemption(entry, now, is_open),
        }
    }

    // Separate functions, because the page needs their code only together with that of the stream and of the PIN.
    #[inline(never)]
    fn handle_report(
        &mut self,
        entry: LedgerEntry,
        now: Moment,
        shown: Option<&str>,
        period: Option<TotpPeriod>,
    ) -> Vec<Effect> {
        if self.is_known(&entry) {
            return Vec::new();
        }
        // The redemption was cancelled at the counter. The screen must no longer show it as redeemed.
        if entry.cancelled_at.is_some() {
            self.record(&entry);
            let is_shown = shown == Some(entry.id.as_str());
            return std::iter::once(Effect::Refresh).chain(is_shown.then_some(Effect::Show(entry))).collect();
        }
        // Without the time, the page cannot decide whether the redemption is new. It will receive the redemption again.
        let Some(mounted) = now.time_at(self.mounted) else { return Vec::new() };
        let mut effects = Vec::new();
        if entry.redeemed_at >= mounted {
            effects.push(Effect::Announce(entry.clone()));
        }
        self.record(&entry);
        effects.push(Effect::Refresh);
        effects.extend(period.and_then(|period| self.mark_used(TimeStep::at(entry.redeemed_at, period))));
        if self.opened_at(now).is_some_and(|opened| entry.redeemed_at >= opened) {
            effects.push(Effect::Show(entry));
        }
        effects
    }

    #[inline(never)]
    fn handle_pin_redemption(&mut self, entry: LedgerEntry, now: Moment, is_open: bool) -> Vec<Effect> {
        let mut effects = Vec::new();
        if !self.is_known(&entry) {
            effects.push(Effect::Announce(entry.clone()));
        }
        self.record(&entry);
        effects.push(Effect::Refresh);
        let is_recent = now.time.is_none_or(|now| now.millis_since(entry.redeemed_at) < RECENT_MILLIS);
        if is_open && is_recent {
            effects.push(Effect::Show(entry));
        }
        effects
    }

    /// Whether the page already received the redemption in this state or as cancelled.
    fn is_known(&self, entry: &LedgerEntry) -> bool {
        let is_cancelled = entry.cancelled_at.is_some();
        self.received.iter().any(|(id, was_cancelled)| id == &entry.id && (*was_cancelled || !is_cancelled))
    }

    fn record(&mut self, entry: &LedgerEntry) {
        self.received.push((entry.id.clone(), entry.cancelled_at.is_some()));
    }

    /// Marks the code of this step as used. If it was used already, marks the next one.
    fn mark_used(&mut self, step: TimeStep) -> Option<Effect> {
        let used_step = match self.used_step {
            Some(known) if known == step => step.next(),
            // Answers can arrive out of order.
            Some(known) if known > step => return None,
            _ => step,
        };
        self.used_step = Some(used_step);
        Some(Effect::MarkUsed(used_step))
    }

    /// The time at which the sheet was opened: the page's time then, or the time counted back from now, whichever is
    /// earlier. The first is wrong if the time was corrected since, the second if the phone slept.
    fn opened_at(&self, now: Moment) -> Option<UnixMillis> {
        let opened = self.opened?;
        let counted_back = now.time_at(opened.monotonic)?;
        Some(opened.time.map_or(counted_back, |time| counted_back.min(time.plus_millis(-SLACK_MILLIS))))
    }
}
