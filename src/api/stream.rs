//! `GET /v1/events` with a token. The browser's `EventSource` cannot send a token, so fetch reads the stream.
//! Like `EventSource`, it reconnects by itself and sends the last event's id.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use gloo_net::http::RequestBuilder;
use js_sys::{Promise, Reflect};
use leptos::prelude::set_timeout_with_handle;
use member_domain::{EventStream, StreamEvent};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortController, AbortSignal, ReadableStreamDefaultReader, RequestCredentials, TextDecodeOptions, TextDecoder,
};

use super::{
    connection::Connection,
    token::{TokenReason, TokenSource, until_aborted},
};

/// The wait before reconnecting, unless the backend sets one.
const RETRY: Duration = Duration::from_secs(3);
/// The longest reconnection wait that the backend may set.
const LONGEST_RETRY: Duration = Duration::from_mins(1);

/// A change of the stream.
pub(super) enum StreamChange {
    /// An event arrived.
    Event(StreamEvent),
    /// The stream broke.
    Broke,
}

/// An open stream. Dropping it closes it.
pub(super) struct TokenStream {
    stop: AbortController,
    is_closed: Rc<Cell<bool>>,
}

impl TokenStream {
    pub(super) fn open(
        connection: Rc<Connection>,
        token: TokenSource,
        on_change: impl Fn(StreamChange) + 'static,
    ) -> Option<Self> {
        let stop = AbortController::new().ok()?;
        let is_closed = Rc::new(Cell::new(false));
        let (signal, ended) = (stop.signal(), Rc::clone(&is_closed));
        spawn_local(async move {
            let parser = RefCell::new(EventStream::default());
            while read_until_broken(&connection, &token, &parser, &signal, &on_change).await.is_some()
                && !signal.aborted()
            {
                on_change(StreamChange::Broke);
                parser.borrow_mut().reconnect();
                let requested = parser.borrow().retry_millis().map(Duration::from_millis);
                wait(requested.unwrap_or(RETRY).min(LONGEST_RETRY), &signal).await;
            }
            if !signal.aborted() {
                ended.set(true);
                on_change(StreamChange::Broke);
            }
        });
        Some(Self { stop, is_closed })
    }

    /// Whether the stream stopped for good after an HTTP error.
    pub(super) fn is_closed(&self) -> bool {
        self.is_closed.get()
    }
}

impl Drop for TokenStream {
    fn drop(&mut self) {
        self.stop.abort();
    }
}

/// Reads the stream until it breaks. `None` if an immediate retry is useless: the backend refused, or its
/// answer was not a stream.
async fn read_until_broken(
    connection: &Connection,
    source: &TokenSource,
    parser: &RefCell<EventStream>,
    signal: &AbortSignal,
    on_change: &impl Fn(StreamChange),
) -> Option<()> {
    let token = source.get(TokenReason::First, signal).await.ok()?;
    let url = [connection.base.as_str(), "/v1/events"].concat();
    let mut request = RequestBuilder::new(&url)
        .header("Accept", "text/event-stream")
        .header("Authorization", &["Bearer ", &token].concat())
        .credentials(RequestCredentials::Omit)
        .abort_signal(Some(signal));
    let last = parser.borrow().last_event_id().to_owned();
    if !last.is_empty() {
        request = request.header("Last-Event-ID", &last);
    }
    let Ok(response) = request.send().await else { return Some(()) };
    let kind = response.headers().get("content-type").unwrap_or_default();
    if response.status() != 200 || !kind.starts_with("text/event-stream") {
        return None;
    }
    let body = web_sys::Response::from(response).body()?;
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let decoder = TextDecoder::new().ok()?;
    let options = TextDecodeOptions::new();
    options.set_stream(true);
    while let Ok(chunk) = JsFuture::from(reader.read()).await {
        let value = Reflect::get(&chunk, &"value".into()).ok()?;
        let Ok(bytes) = value.dyn_into::<js_sys::Object>() else { break };
        let Ok(text) = decoder.decode_with_buffer_source_and_options(&bytes, &options) else { break };
        let Ok(events) = parser.borrow_mut().feed(&text) else { return None };
        if signal.aborted() {
            return None;
        }
        for event in events {
            on_change(StreamChange::Event(event));
        }
    }
    Some(())
}

/// Completes after `length` or when the stream is closed.
async fn wait(length: Duration, signal: &AbortSignal) {
    let mut timeout = None;
    let pause = Promise::new(&mut |resolve, _| {
        timeout = set_timeout_with_handle(move || drop(resolve.call0(&JsValue::UNDEFINED)), length).ok();
    });
    let _ = until_aborted(&pause, signal).await;
    if let Some(timeout) = timeout {
        timeout.clear();
    }
}
