//! Decides when the page requests data again: after events of the stream, at intervals while there is no stream, and
//! when the page becomes visible again.

use member_domain::wire::LedgerEntry;

/// The state of the page when an event arrives.
#[expect(clippy::struct_excessive_bools, reason = "facts that do not depend on each other")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// Whether the member is known.
    pub is_member_known: bool,
    /// Whether the code sheet is open.
    pub is_open: bool,
    /// Whether the page has shown a code, so that a till can have redeemed it.
    pub has_shown_code: bool,
    /// Whether the last refresh of the member's state failed.
    pub is_member_stale: bool,
    /// Whether the last refresh of the members-only events failed.
    pub are_events_stale: bool,
    /// Whether the page knows the time.
    pub has_time: bool,
    /// Whether the browser gave up an opened stream.
    pub is_stream_closed: bool,
}

/// An event for the state machine.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The member is known (`true`), or no longer (`false`).
    MemberKnown(bool),
    /// The short interval has passed. It lets a result appear within two seconds.
    Poll,
    /// The long interval has passed. A stream can break without a notice.
    Check,
    /// The browser reports that the network is gone.
    Offline,
    /// The page is visible again, or the phone woke up.
    PageResumed,
    /// The clock no longer knows the time.
    TimeLost,
    /// The stream is connected.
    Connected,
    /// The stream broke.
    Disconnected,
    /// The stream reports a redemption.
    Redeemed(LedgerEntry),
    /// The stream reports a change of a members-only event.
    MemberEvent,
    /// The stream reports another change.
    Changed,
}

/// An effect that the page runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Opens the stream.
    OpenStream,
    /// Closes the stream.
    CloseStream,
    /// Requests the newest redemption.
    RequestResult,
    /// Handles a redemption.
    HandleRedemption(LedgerEntry),
    /// Requests the member's state.
    RequestMember,
    /// Requests the members-only events.
    RequestEvents,
    /// Requests the lists of shops.
    RequestShops,
    /// Requests the lists of shops that failed to load.
    RetryShops,
    /// Requests the shops of open sheets that failed to load.
    RetryShop,
    /// Checks whether a card or a credential has expired.
    CheckCodes,
    /// Checks whether the clock is still correct.
    CheckClock,
}

/// The state machine of repeated requests.
#[derive(Clone, Copy, Debug, Default)]
pub struct RefreshRules {
    is_connected: bool,
    has_stream: bool,
}

impl RefreshRules {
    /// Handles an event and returns the effects.
    pub fn update(&mut self, event: Event, at: Circumstances) -> Vec<Effect> {
        use Effect as E;
        let when = |is_due: bool, effect: Effect| is_due.then_some(effect);
        match event {
            Event::MemberKnown(true) if !self.has_stream => {
                self.has_stream = true;
                vec![E::OpenStream]
            }
            Event::MemberKnown(true) => Vec::new(),
            Event::MemberKnown(false) => {
                // The member signed out. The next member's page opens its own stream.
                *self = Self::default();
                vec![E::CloseStream]
            }
            Event::Poll => {
                Vec::from_iter(when(!self.is_connected && at.is_open && at.is_member_known, E::RequestResult))
            }
            Event::Check => {
                let reopens = at.is_stream_closed && at.is_member_known;
                let lacks_time = at.is_open && !at.has_time;
                [
                    // The page may have missed events of the stream.
                    when(reopens, E::OpenStream),
                    when(at.is_open && at.is_member_known, E::RequestResult),
                    Some(E::CheckCodes),
                    // Failed requests are repeated, even if the browser does not report that it is online again.
                    // Without the time the page shows no code, and an earlier request for the time may have failed.
                    when(reopens || at.is_member_stale || lacks_time, E::RequestMember),
                    Some(E::RetryShops),
                    when(reopens || at.are_events_stale, E::RequestEvents),
                ]
                .into_iter()
                .flatten()
                .collect()
            }
            // These requests fail at once, so that the panels mark their data as stale.
            Event::Offline => vec![E::RequestMember, E::RequestShops],
            Event::PageResumed => {
                vec![E::CheckClock, E::CheckCodes, E::RetryShop, E::RequestMember, E::RequestShops, E::RequestEvents]
            }
            Event::TimeLost => Vec::from_iter(when(at.is_member_known, E::RequestMember)),
            Event::Connected => {
                self.is_connected = true;
                // The stream does not report what happened before it was connected.
                let missed = when(at.has_shown_code && at.is_member_known, E::RequestResult);
                missed.into_iter().chain(when(at.is_member_stale, E::RequestMember)).collect()
            }
            Event::Disconnected => {
                // The network may be gone; this request shows whether it is.
                let was_connected = std::mem::replace(&mut self.is_connected, false);
                Vec::from_iter(when(was_connected, E::RequestMember))
            }
            Event::Redeemed(entry) => vec![E::HandleRedemption(entry)],
            Event::MemberEvent => vec![E::RequestEvents],
            Event::Changed => vec![E::RequestMember, E::RequestEvents],
        }
    }
}
