//! One connection to the event stream for all tabs of a device. Over HTTP/1.1, browsers allow six connections to a
//! server. Without sharing, six open tabs would leave none for the requests of the seventh.
//!
//! The visible tabs of a group wait for a Web Lock. The tab that holds the lock reads the stream and passes each event
//! to the others through a broadcast channel. When the tab is hidden or closed, the next one gets the lock. A hidden
//! tab takes no part: the system may suspend it. It refreshes when it is visible again. Without Web Locks, each tab
//! has its own connection.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::{
    JsCast, JsValue,
    prelude::{Closure, wasm_bindgen},
};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, BroadcastChannel, Event, MessageEvent};

use super::source::{OnEvent, Source};

/// A message of a tab that asks whether the stream is connected.
const STATE_REQUEST: &str = "state?";
const CONNECTED: &str = "hello";
const DISCONNECTED: &str = "error";
/// The event after which a page requests everything again.
const RESYNC: &str = "resync";

#[wasm_bindgen]
extern "C" {
    /// The browser's lock manager, which web-sys does not offer by default.
    type LockManager;

    #[wasm_bindgen(method)]
    fn request(this: &LockManager, name: &str, options: &Object, granted: &Function) -> Promise;
}

/// Opens the connection.
type Connect = Box<dyn Fn(&OnEvent) -> Option<Source>>;

/// The tab's part in the stream. Dropping it ends it.
pub(super) struct SharedStream {
    tab: Rc<Tab>,
    on_visibility: Closure<dyn FnMut(Event)>,
}

impl SharedStream {
    /// Takes part in the group's stream. Tabs with the same group must belong to the same member.
    pub(super) fn open(group: String, connect: Connect, on_event: OnEvent) -> Self {
        let tab = Rc::new_cyclic(|this| Tab {
            this: this.clone(),
            group,
            connect,
            on_event,
            role: RefCell::new(Role::Absent),
            is_connected: Cell::new(false),
            has_relied: Cell::new(false),
        });
        tab.update();
        let of_tab = Rc::clone(&tab);
        let on_visibility = Closure::new(move |_| of_tab.update());
        let _ = document().add_event_listener_with_callback("visibilitychange", on_visibility.as_ref().unchecked_ref());
        Self { tab, on_visibility }
    }

    /// Whether the backend refused the stream.
    pub(super) fn is_closed(&self) -> bool {
        matches!(*self.tab.role.borrow(), Role::Refused)
    }
}

impl Drop for SharedStream {
    fn drop(&mut self) {
        let _ = document()
            .remove_event_listener_with_callback("visibilitychange", self.on_visibility.as_ref().unchecked_ref());
        self.tab.set_role(Role::Refused);
    }
}

struct Tab {
    this: Weak<Self>,
    group: String,
    connect: Connect,
    on_event: OnEvent,
    role: RefCell<Role>,
    /// Whether this tab's own connection works.
    is_connected: Cell<bool>,
    /// Whether this tab has received events through another tab.
    has_relied: Cell<bool>,
}

/// What the tab does at present. Dropping a role ends it.
enum Role {
    /// Hidden.
    Absent,
    /// Waits for the lock and receives the events of the tab that holds it.
    Waiting(Membership),
    /// Has the connection. The membership is missing in browsers without locks.
    Reading(Option<Membership>, Source),
    /// The backend refused the stream.
    Refused,
}

/// Membership in the group: the channel, and the lock or the request for it.
struct Membership {
    channel: BroadcastChannel,
    request: AbortController,
    /// Releases the lock.
    release: Function,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_lock: Closure<dyn FnMut() -> Promise>,
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.channel.close();
        self.request.abort();
        let _ = self.release.call0(&JsValue::UNDEFINED);
    }
}

impl Tab {
    /// Takes part while the tab is visible.
    fn update(&self) {
        let is_absent = matches!(*self.role.borrow(), Role::Absent);
        if document().hidden() {
            if !matches!(*self.role.borrow(), Role::Refused) {
                self.set_role(Role::Absent);
            }
        } else if is_absent {
            match self.join() {
                Some(membership) => self.set_role(Role::Waiting(membership)),
                None => self.read(None),
            }
        }
    }

    /// The previous role is dropped after the change: dropping it can call this tab.
    fn set_role(&self, role: Role) {
        self.is_connected.set(false);
        let previous = self.role.replace(role);
        drop(previous);
    }

    /// Joins the group. `None` in browsers without locks or channels.
    fn join(&self) -> Option<Membership> {
        let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
        let locks: LockManager = locks.is_object().then(|| locks.unchecked_into())?;
        let channel = BroadcastChannel::new(&self.group).ok()?;
        let request = AbortController::new().ok()?;
        let this = self.this.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            if let Some(tab) = this.upgrade() {
                let message = Array::from(&message.data());
                let text = |index| message.get(index).as_string().unwrap_or_default();
                tab.receive(&text(0), &text(1));
            }
        });
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let mut release = None;
        // The lock is held until this promise resolves.
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        let this = self.this.clone();
        let on_lock = Closure::<dyn FnMut() -> Promise>::new(move || {
            if let Some(tab) = this.upgrade() {
                tab.lead();
            }
            held.clone()
        });
        let options = Object::new();
        Reflect::set(&options, &"signal".into(), &request.signal()).ok()?;
        let granted = locks.request(&self.group, &options, on_lock.as_ref().unchecked_ref());
        // An aborted request rejects the promise. The browser reports rejections that nobody handles.
        spawn_local(async move { drop(JsFuture::from(granted).await) });
        post(&channel, STATE_REQUEST, "");
        Some(Membership { channel, request, release: release?, _on_message: on_message, _on_lock: on_lock })
    }

    /// Handles a message of another tab.
    fn receive(&self, name: &str, data: &str) {
        if name != STATE_REQUEST {
            self.has_relied.set(true);
            (self.on_event)(name, data);
        } else if let Role::Reading(Some(membership), _) = &*self.role.borrow() {
            post(&membership.channel, if self.is_connected.get() { CONNECTED } else { DISCONNECTED }, "");
        }
    }

    /// Connects with the lock that this tab was given.
    fn lead(&self) {
        match self.role.replace(Role::Absent) {
            Role::Waiting(membership) => self.read(Some(membership)),
            // The tab left at the same moment. Its membership is already dropped.
            role => drop(self.role.replace(role)),
        }
    }

    /// Connects.
    fn read(&self, membership: Option<Membership>) {
        let this = self.this.clone();
        let on_event: OnEvent = Rc::new(move |name, data| {
            if let Some(tab) = this.upgrade() {
                tab.pass_on(name, data);
            }
        });
        let role = (self.connect)(&on_event).map_or(Role::Refused, |source| Role::Reading(membership, source));
        self.set_role(role);
    }

    /// Handles an event of this tab's connection.
    fn pass_on(&self, name: &str, data: &str) {
        match name {
            CONNECTED => self.is_connected.set(true),
            DISCONNECTED => self.is_connected.set(false),
            _ => {}
        }
        let mut is_refused = false;
        if let Role::Reading(membership, source) = &*self.role.borrow() {
            if let Some(membership) = membership {
                post(&membership.channel, name, data);
            }
            is_refused = source.is_closed();
        }
        if is_refused {
            self.set_role(Role::Refused);
        }
        (self.on_event)(name, data);
        // Events between the other tab's connection and this one are lost.
        if name == CONNECTED && self.has_relied.take() {
            (self.on_event)(RESYNC, "");
        }
    }
}

fn post(channel: &BroadcastChannel, name: &str, data: &str) {
    let _ = channel.post_message(&Array::of2(&name.into(), &data.into()));
}
