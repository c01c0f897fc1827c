//! `GET /v1/events`: server-sent events. The browser reconnects by itself and says what it saw last.

use member_domain::wire::LedgerEntry;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{EventSource, MessageEvent};

use super::decode;

/// What the backend tells an open page.
#[derive(Clone, Debug, PartialEq)]
pub enum LiveEvent {
    /// The stream stands, now or again: what it brings can be relied on.
    Connected,
    /// The stream broke; until `Connected` nothing comes through it.
    Disconnected,
    /// A till redeemed this member's code, or took a redemption back.
    Redeemed(LedgerEntry),
    /// An event's seats changed in a way that concerns this member.
    MemberEvent,
    /// Something else about the member or the programme changed: ask again.
    Changed,
}

/// An open stream; dropping it closes it.
pub struct LiveEvents {
    source: EventSource,
    _listeners: Vec<Closure<dyn FnMut(MessageEvent)>>,
}

impl LiveEvents {
    /// Opens the stream; `None` where the browser has no server-sent events.
    pub fn open(on_event: impl Fn(LiveEvent) + Clone + 'static) -> Option<Self> {
        let source = EventSource::new("/v1/events").ok()?;
        let listen = |name: &str, read: fn(&MessageEvent) -> Option<LiveEvent>| {
            let on_event = on_event.clone();
            let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
                if let Some(event) = read(&message) {
                    on_event(event);
                }
            });
            let added = source.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
            added.ok().map(|()| listener)
        };
        let listeners = [
            listen("hello", |_| Some(LiveEvent::Connected)),
            listen("error", |_| Some(LiveEvent::Disconnected)),
            listen("redemption", redemption),
            listen("member-event", |_| Some(LiveEvent::MemberEvent)),
            listen("credential", |_| Some(LiveEvent::Changed)),
            listen("refund", |_| Some(LiveEvent::Changed)),
            listen("programme", |_| Some(LiveEvent::Changed)),
            listen("resync", |_| Some(LiveEvent::Changed)),
        ];
        Some(Self { source, _listeners: listeners.into_iter().flatten().collect() })
    }
}

impl LiveEvents {
    /// Whether the browser has given the stream up, as it does after an HTTP error.
    pub fn is_closed(&self) -> bool {
        self.source.ready_state() == EventSource::CLOSED
    }
}

impl Drop for LiveEvents {
    fn drop(&mut self) {
        self.source.close();
    }
}

fn redemption(message: &MessageEvent) -> Option<LiveEvent> {
    let json = js_sys::JSON::parse(&message.data().as_string()?).ok()?;
    decode(json).ok().map(LiveEvent::Redeemed)
}
