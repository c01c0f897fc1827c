//! The members-only events: the upcoming events and the member's sign-ups.

use member_domain::wire::{MemberEvent, MemberEventList};
use page_core::{
    SignUpStep, SignUps,
    sign_ups::{find_event, replace_event, retry_events},
};
use wasm_bindgen_futures::spawn_local;

use super::requests::Requests;
use crate::{api, host::Host, load::Load, navigation::Navigation, prelude::*, store::StoredAnswer};

/// The list of events and the event whose sheet is open.
#[derive(Clone, Copy)]
pub(super) struct EventState {
    pub(super) list: RwSignal<Load<MemberEventList>>,
    /// The id of the event whose sheet is open.
    pub(super) open: Memo<Option<String>>,
    /// State of the last sign-up request.
    sign_ups: RwSignal<SignUps>,
    host: Host,
    requests: Requests,
}

impl EventState {
    /// Sends no request until [`Self::begin`].
    pub(super) fn new(host: Host, navigation: Navigation) -> Self {
        Self {
            list: RwSignal::new(Load::Loading),
            open: navigation.event(),
            sign_ups: RwSignal::new(SignUps::default()),
            host,
            requests: Requests::new(),
        }
    }

    /// Shows the stored events of the last visit and requests the current ones.
    pub(super) fn begin(self) {
        let stored = self.host.store.stored_answer(StoredAnswer::Events).and_then(|json| api::decode(json).ok());
        // Must not overwrite a newer answer.
        if let Some(stored) = stored.filter(|_| self.list.with_untracked(|list| list.value().is_none())) {
            self.list.set(Load::ready(stored));
        }
        self.refresh();
        Effect::new(move |_| {
            self.open.track();
            self.sign_ups.update(SignUps::clear_failure);
        });
    }

    /// Requests the events again.
    pub(super) fn refresh(self) {
        let _ = self.list.try_update(retry_events);
        let request = self.requests.begin();
        spawn_local(async move {
            let answer = self.host.api.member_events().await;
            if !self.requests.is_latest(request) {
                return;
            }
            if let Ok(answer) = &answer {
                self.host.store.store_answer(StoredAnswer::Events, &answer.json);
            }
            let _ = self.list.try_update(|list| list.settle(answer.map(|answer| answer.value)));
        });
    }

    /// The event whose sheet is open, if it is known.
    pub(super) fn open_event(self) -> Load<MemberEvent> {
        let id = self.open.get().unwrap_or_default();
        self.list.with(|list| find_event(list, &id))
    }

    /// State of the last sign-up request for this event.
    pub(super) fn sign_up_step(self) -> SignUpStep {
        let id = self.open.get().unwrap_or_default();
        self.sign_ups.with(|sign_ups| sign_ups.step(&id))
    }

    /// Signs the member up for the open event, or cancels the sign-up.
    pub(super) fn set_sign_up(self, is_wanted: bool) {
        let Some(id) = self.open.get_untracked() else { return };
        if self.sign_ups.try_update(|sign_ups| sign_ups.begin(&id)) != Some(true) {
            return;
        }
        spawn_local(async move {
            let api = self.host.api;
            let answer = if is_wanted { api.sign_up(&id).await } else { api.cancel_sign_up(&id).await };
            let failure = answer.as_ref().err().copied();
            if let Ok(event) = answer {
                let _ = self.list.try_update(|list| replace_event(list, event));
            }
            let _ = self.sign_ups.try_update(|sign_ups| sign_ups.end(&id, failure));
            // Pending answers may predate the change. After a failed request the outcome is unknown.
            self.refresh();
        });
    }
}
