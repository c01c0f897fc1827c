//! `GET /v1/events`: server-sent events. The browser reconnects by itself and sends the last event's id.

use member_domain::wire::LedgerEntry;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{EventSource, MessageEvent};

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

/// An open stream. Dropping it closes it.
pub struct LiveEvents(Stream);

enum Stream {
    Native {
        source: EventSource,
        _listeners: Vec<Closure<dyn FnMut(MessageEvent)>>,
    },
    #[cfg(feature = "module")]
    ByToken(super::stream::TokenStream),
}

impl Api {
    /// Opens the stream. `None` if the browser does not support server-sent events.
    pub fn live_events(self, on_event: impl Fn(LiveEvent) + Clone + 'static) -> Option<LiveEvents> {
        let connection = self.connection()?;
        #[cfg(feature = "module")]
        if let Some(token) = connection.token.clone() {
            use super::stream::{StreamChange, TokenStream};
            let stream = TokenStream::open(connection, token, move |change| match change {
                StreamChange::Broke => on_event(LiveEvent::Disconnected),
                StreamChange::Event(event) => {
                    if let Some(event) = parse_event(&event.name, &event.data) {
                        on_event(event);
                    }
                }
            });
            return stream.map(|stream| LiveEvents(Stream::ByToken(stream)));
        }
        let source = EventSource::new(&[connection.base.as_str(), "/v1/events"].concat()).ok()?;
        let listen = |name: &'static str| {
            let on_event = on_event.clone();
            let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
                if let Some(event) = parse_event(name, &message.data().as_string().unwrap_or_default()) {
                    on_event(event);
                }
            });
            let added = source.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
            added.ok().map(|()| listener)
        };
        let listeners = NAMES.into_iter().filter_map(listen).collect();
        Some(LiveEvents(Stream::Native { source, _listeners: listeners }))
    }
}

impl LiveEvents {
    /// Whether the browser closed the stream for good, as it does after an HTTP error.
    pub fn is_closed(&self) -> bool {
        match &self.0 {
            Stream::Native { source, .. } => source.ready_state() == EventSource::CLOSED,
            #[cfg(feature = "module")]
            Stream::ByToken(stream) => stream.is_closed(),
        }
    }
}

impl Drop for LiveEvents {
    fn drop(&mut self) {
        match &self.0 {
            Stream::Native { source, .. } => source.close(),
            // This stream closes itself when dropped.
            #[cfg(feature = "module")]
            Stream::ByToken(_) => {}
        }
    }
}

/// The events the page listens to. The browser itself sends `error`.
const NAMES: [&str; 8] =
    ["hello", "error", "redemption", "member-event", "credential", "refund", "programme", "resync"];

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
