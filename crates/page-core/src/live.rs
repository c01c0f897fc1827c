//! When the page asks again: what the stream of events triggers, what is asked while there is none, and what whenever the page
//! comes back.

use member_domain::wire::LedgerEntry;

/// How things stand when an event comes in.
#[expect(clippy::struct_excessive_bools, reason = "facts that do not depend on each other")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// Whether the member is known.
    pub is_known: bool,
    /// Whether the sheet with the code is open.
    pub is_open: bool,
    /// Whether the member's state is older than the last try to renew it.
    pub is_member_stale: bool,
    /// Whether the events are.
    pub are_events_stale: bool,
    /// Whether the page knows the time.
    pub has_time: bool,
    /// Whether the stream was opened and the browser has given it up since.
    pub is_given_up: bool,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The member is known, or no longer.
    Known(bool),
    /// The short interval has passed: a result is to show within two seconds.
    Poll,
    /// The long interval has passed: a stream can be dead without anybody noticing.
    Check,
    /// The browser says that the network is gone.
    Offline,
    /// The page is looked at again, or the phone has slept.
    Woken,
    /// The clock has lost the time.
    TimeLost,
    /// The stream stands.
    Connected,
    /// It broke off.
    Disconnected,
    /// It tells of a redemption.
    Redeemed(LedgerEntry),
    /// It tells that a members-only event has changed.
    MemberEvent,
    /// It tells that something else has.
    Changed,
}

/// What the page does about it.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Opens the stream.
    OpenStream,
    /// Closes it.
    CloseStream,
    /// Asks for the newest redemption.
    AskForResult,
    /// Takes a redemption in.
    TakeIn(LedgerEntry),
    /// Asks for the member's state.
    AskForMember,
    /// Asks for the members-only events.
    AskForEvents,
    /// Asks for the lists of shops.
    AskForShops,
    /// Asks for them if they could not be had.
    AskForMissingShops,
    /// Asks for the shops on open sheets if they could not be had.
    AskForMissingShop,
    /// Looks whether time has ended a card or a credential.
    LookAtCodes,
    /// Looks whether the clock is still right.
    LookAtClock,
}

/// The state.
#[derive(Clone, Copy, Debug, Default)]
pub struct Live {
    is_connected: bool,
    has_stream: bool,
}

impl Live {
    /// Takes an event in.
    pub fn update(&mut self, event: Event, at: Circumstances) -> Vec<Effect> {
        use Effect as E;
        let when = |is_due: bool, effect: Effect| is_due.then_some(effect);
        match event {
            Event::Known(true) if !self.has_stream => {
                self.has_stream = true;
                vec![E::OpenStream]
            }
            Event::Known(true) => Vec::new(),
            Event::Known(false) => {
                // Signed out: the next member's page has a stream of its own.
                *self = Self::default();
                vec![E::CloseStream]
            }
            Event::Poll => Vec::from_iter(when(!self.is_connected && at.is_open && at.is_known, E::AskForResult)),
            Event::Check => {
                let reopens = at.is_given_up && at.is_known;
                let timeless = at.is_open && !at.has_time;
                [
                    // The page may have missed what the stream would have told.
                    when(reopens, E::OpenStream),
                    when(at.is_open && at.is_known, E::AskForResult),
                    Some(E::LookAtCodes),
                    // What could not be had once is asked for again, also when the browser does not say that it is back online.
                    // Without the time there is no code; it may have been asked for in vain.
                    when(reopens || at.is_member_stale || timeless, E::AskForMember),
                    Some(E::AskForMissingShops),
                    when(reopens || at.are_events_stale, E::AskForEvents),
                ]
                .into_iter()
                .flatten()
                .collect()
            }
            // Asking fails at once, and what is on screen says how old it is.
            Event::Offline => vec![E::AskForMember, E::AskForShops],
            Event::Woken => vec![
                E::LookAtClock,
                E::LookAtCodes,
                E::AskForMissingShop,
                E::AskForMember,
                E::AskForShops,
                E::AskForEvents,
            ],
            Event::TimeLost => Vec::from_iter(when(at.is_known, E::AskForMember)),
            Event::Connected => {
                self.is_connected = true;
                Vec::from_iter(when(at.is_member_stale, E::AskForMember))
            }
            Event::Disconnected => {
                // The network may be gone: asking tells.
                let was_connected = std::mem::replace(&mut self.is_connected, false);
                Vec::from_iter(when(was_connected, E::AskForMember))
            }
            Event::Redeemed(entry) => vec![E::TakeIn(entry)],
            Event::MemberEvent => vec![E::AskForEvents],
            Event::Changed => vec![E::AskForMember, E::AskForEvents],
        }
    }
}
