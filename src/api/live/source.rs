//! A connection to `GET /v1/events`. The browser reconnects by itself and sends the last event's id.

use std::rc::Rc;

use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{EventSource, MessageEvent};

use crate::api::connection::Connection;

/// Handles an event: its name and its data. `error` without data: the connection broke.
pub(super) type OnEvent = Rc<dyn Fn(&str, &str)>;

/// The events the page listens to. The browser itself sends `error`.
const NAMES: [&str; 8] =
    ["hello", "error", "redemption", "member-event", "credential", "refund", "programme", "resync"];

/// An open connection. Dropping it closes it.
pub(super) enum Source {
    Native {
        source: EventSource,
        _listeners: Vec<Closure<dyn FnMut(MessageEvent)>>,
    },
    #[cfg(feature = "module")]
    ByToken(crate::api::stream::TokenStream),
}

impl Source {
    /// Connects. `None` if the browser does not support server-sent events.
    pub(super) fn open(connection: &Rc<Connection>, on_event: &OnEvent) -> Option<Self> {
        #[cfg(feature = "module")]
        if let Some(token) = connection.token.clone() {
            use crate::api::stream::{StreamChange, TokenStream};
            let on_event = Rc::clone(on_event);
            let stream = TokenStream::open(Rc::clone(connection), token, move |change| match change {
                StreamChange::Broke => on_event("error", ""),
                StreamChange::Event(event) => on_event(&event.name, &event.data),
            });
            return stream.map(Self::ByToken);
        }
        let source = EventSource::new(&[connection.base.as_str(), "/v1/events"].concat()).ok()?;
        let listen = |name: &'static str| {
            let on_event = Rc::clone(on_event);
            let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
                on_event(name, &message.data().as_string().unwrap_or_default());
            });
            let added = source.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
            added.ok().map(|()| listener)
        };
        let listeners = NAMES.into_iter().filter_map(listen).collect();
        Some(Self::Native { source, _listeners: listeners })
    }

    /// Whether the connection is closed for good, as after an HTTP error.
    pub(super) fn is_closed(&self) -> bool {
        match self {
            Self::Native { source, .. } => source.ready_state() == EventSource::CLOSED,
            #[cfg(feature = "module")]
            Self::ByToken(stream) => stream.is_closed(),
        }
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        match self {
            Self::Native { source, .. } => source.close(),
            // This stream closes itself when dropped.
            #[cfg(feature = "module")]
            Self::ByToken(_) => {}
        }
    }
}
