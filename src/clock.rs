//! Time on the page: the server's, carried on by the browser's monotonic clock, never the phone's own. Also the only
//! timers there are.

use std::time::Duration;

use js_sys::Date;
use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*};
use member_domain::UnixMillis;

/// The page's clock. Before the first answer of the server it does not know what time it is.
#[derive(Clone, Copy, Debug)]
pub struct PageClock {
    /// Server time minus monotonic time, in milliseconds.
    offset: RwSignal<Option<f64>>,
    /// The phone's time minus monotonic time when the offset was taken. Their difference changes only if the phone slept,
    /// which stops the monotonic clock on most systems, or if its clock was set.
    lead: StoredValue<f64>,
}

/// How far the two clocks may drift apart before the page asks for the time again: well below a code's window.
const DRIFT_MILLIS: f64 = 2_000.0;

impl Default for PageClock {
    fn default() -> Self {
        Self { offset: RwSignal::new(None), lead: StoredValue::new(0.0) }
    }
}

/// Milliseconds since the page was opened, unmoved by changes of the phone's clock.
pub fn monotonic_millis() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

impl PageClock {
    /// Takes the server's time from an answer to a request sent at `asked`, in monotonic milliseconds. The answer was
    /// written somewhere between then and now; the middle is off by half the round trip at most.
    #[expect(clippy::cast_precision_loss, reason = "instants of this millennium are exact in a double")]
    pub fn set(&self, server_time: UnixMillis, asked: f64) {
        let middle = f64::midpoint(asked, monotonic_millis());
        self.lead.set_value(Date::now() - monotonic_millis());
        self.offset.set(Some(server_time.0 as f64 - middle));
    }

    /// Forgets the time if the phone has slept or its clock was set since it was taken; the server has to tell it again.
    pub fn check(&self) {
        let drift = (Date::now() - monotonic_millis() - self.lead.get_value()).abs();
        if drift > DRIFT_MILLIS && self.offset.with_untracked(Option::is_some) {
            self.offset.set(None);
        }
    }

    /// Whether the time is unknown; reactive.
    pub fn is_lost(&self) -> bool {
        self.offset.with(Option::is_none)
    }

    /// The current instant, once it is known.
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds are what is wanted")]
    pub fn now(&self) -> Option<UnixMillis> {
        self.offset.get_untracked().map(|offset| UnixMillis((monotonic_millis() + offset).floor() as i64))
    }

    /// The current instant as a signal that changes at every full second while the owner lives.
    pub fn use_now(self) -> Signal<Option<UnixMillis>> {
        let now = RwSignal::new(self.now());
        let timer = StoredValue::new(None::<TimeoutHandle>);
        Effect::new(move |_| {
            self.offset.track();
            tick(self, now, timer);
        });
        // A hidden page's timers sleep: look again the moment it is back.
        let wake = move || tick(self, now, timer);
        use_wake(wake);
        on_cleanup(move || {
            if let Some(handle) = timer.try_get_value().flatten() {
                handle.clear();
            }
        });
        now.into()
    }
}

/// Shows the time and sets a timer for the next full second.
fn tick(clock: PageClock, shown: RwSignal<Option<UnixMillis>>, timer: StoredValue<Option<TimeoutHandle>>) {
    clock.check();
    let now = clock.now();
    if shown.try_set(now).is_some() {
        return;
    }
    if let Some(handle) = timer.try_get_value().flatten() {
        handle.clear();
    }
    let wait = now.map_or(1_000, |now| 1_000 - now.0.rem_euclid(1_000));
    let wait = Duration::from_millis(u64::try_from(wait).unwrap_or(1_000));
    let next = set_timeout_with_handle(move || tick(clock, shown, timer), wait).ok();
    timer.try_update_value(|slot| *slot = next);
}

/// Runs `callback` whenever the page comes back: shown again, taken out of the back-forward cache, online again.
pub fn use_wake(callback: impl Fn() + Clone + 'static) {
    let (on_return, on_online, on_visible) = (callback.clone(), callback.clone(), callback);
    let returned = window_event_listener(ev::pageshow, move |event| {
        if event.persisted() {
            on_return();
        }
    });
    let online = window_event_listener(ev::online, move |_| on_online());
    let visible = document_listener("visibilitychange", move || {
        if !document().hidden() {
            on_visible();
        }
    });
    on_cleanup(move || {
        returned.remove();
        online.remove();
        drop(visible);
    });
}

/// Runs `callback` every `period` while the owner lives.
pub fn use_interval(period: Duration, callback: impl Fn() + 'static) {
    if let Ok(handle) = set_interval_with_handle(callback, period) {
        on_cleanup(move || handle.clear());
    }
}

/// A listener on the document that is removed when dropped.
struct DocumentListener {
    name: &'static str,
    listener: send_wrapper::SendWrapper<wasm_bindgen::prelude::Closure<dyn FnMut()>>,
}

fn document_listener(name: &'static str, callback: impl FnMut() + 'static) -> DocumentListener {
    use wasm_bindgen::JsCast;
    let listener = wasm_bindgen::prelude::Closure::new(callback);
    let _ = document().add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
    DocumentListener { name, listener: send_wrapper::SendWrapper::new(listener) }
}

impl Drop for DocumentListener {
    fn drop(&mut self) {
        use wasm_bindgen::JsCast;
        let listener = self.listener.as_ref().unchecked_ref();
        let _ = document().remove_event_listener_with_callback(self.name, listener);
    }
}
