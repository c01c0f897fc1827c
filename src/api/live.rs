//! `GET /v1/events`: server-sent events.

mod shared;
mod source;

use std::rc::Rc;

use member_domain::wire::LedgerEntry;

use self::{shared::SharedStream, source::Source};
use super::{Api, connection::parse, decode};

/// An event of the live stream.
#[derive(Clone, Debug, PartialEq)]
pub enum LiveEvent {
    /// The stream is connected, for the first time or again.
    Connected,
    /// The stream broke. No event arrives until `Connected`.
    Disconnected,
    /// A till redeemed this member's code or cancelled a redemption.
    Redeemed(LedgerEntry),
    /// The seats of an event changed in a way that affects this member.
    MemberEvent,
    /// The member or the programme changed in another way: the page must refresh.
    Changed,
}

/// The page's part in the stream. Dropping it closes it.
pub struct LiveEvents(SharedStream);

impl Api {
    /// Opens the stream. All tabs of a device with the same `member` share one connection. No event arrives while the
    /// tab is hidden. `None` if the page is unmounted.
    pub fn live_events(self, member: &str, on_event: impl Fn(LiveEvent) + 'static) -> Option<LiveEvents> {
        let connection = self.connection()?;
        let group = ["member-page-events", &connection.base, member].join(" ");
        let connect = Box::new(move |on_event: &_| Source::open(&connection, on_event));
        let on_event = move |name: &str, data: &str| {
            if let Some(event) = parse_event(name, data) {
                on_event(event);
            }
        };
        Some(LiveEvents(SharedStream::open(group, connect, Rc::new(on_event))))
    }
}

impl LiveEvents {
    /// Whether the backend refused the stream, as after the end of a session. The browser does not repeat it.
    pub fn is_closed(&self) -> bool {
        self.0.is_closed()
    }
}

fn parse_event(name: &str, data: &str) -> Option<LiveEvent> {
    match name {
        "hello" => Some(LiveEvent::Connected),
        "error" => Some(LiveEvent::Disconnected),
        "redemption" => decode(parse(&data.into()).ok()?).ok().map(LiveEvent::Redeemed),
        "member-event" => Some(LiveEvent::MemberEvent),
        "credential" | "refund" | "programme" | "resync" => Some(LiveEvent::Changed),
        _ => None,
    }
}
