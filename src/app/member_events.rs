//! The members-only events: those to come, and what the member is doing about one of them.

use member_domain::wire::{MemberEvent, MemberEventList, ProblemKind};
use wasm_bindgen_futures::spawn_local;

use super::requests::Requests;
use crate::{
    api::{self, ApiError},
    features::member_events::{SignUpStep, are_absent},
    host::Host,
    load::Load,
    navigation::Navigation,
    prelude::*,
    store::Kept,
};

/// The events, and the one whose sheet is open.
#[derive(Clone, Copy)]
pub(super) struct EventState {
    pub(super) list: RwSignal<Load<MemberEventList>>,
    /// The id of the event whose sheet is open.
    pub(super) open: Memo<Option<String>>,
    /// The last request about a sign-up: of which event, and how it stands.
    latest: RwSignal<Option<(String, SignUpStep)>>,
    host: Host,
    requests: Requests,
}

impl EventState {
    /// Nothing is asked for until it begins.
    pub(super) fn new(host: Host, navigation: Navigation) -> Self {
        Self {
            list: RwSignal::new(Load::Loading),
            open: navigation.event(),
            latest: RwSignal::new(None),
            host,
            requests: Requests::new(),
        }
    }

    /// Shows the events of the last visit, and asks for those of now.
    pub(super) fn begin(self) {
        let kept = self.host.store.kept_answer(Kept::Events).and_then(|json| api::decode(json).ok());
        // Not over what has been asked for meanwhile.
        if let Some(kept) = kept.filter(|_| self.list.with_untracked(|list| list.value().is_none())) {
            self.list.set(Load::ready(kept));
        }
        self.refresh();
        Effect::new(move |_| {
            self.open.track();
            // What failed is of the sheet that was open then.
            self.latest.update(|latest| {
                if !matches!(latest, Some((_, SignUpStep::Pending))) {
                    *latest = None;
                }
            });
        });
    }

    /// Asks for the events again.
    pub(super) fn refresh(self) {
        let _ = self.list.try_update(|list| {
            // Where there were none, their place is not held again: the page would move and move back.
            if !matches!(list, Load::Failed(error) if are_absent(*error)) {
                list.retry();
            }
        });
        let request = self.requests.begin();
        spawn_local(async move {
            let answer = self.host.api.member_events().await;
            if !self.requests.is_latest(request) {
                return;
            }
            if let Ok(answer) = &answer {
                self.host.store.keep_answer(Kept::Events, &answer.json);
            }
            let _ = self.list.try_update(|list| list.settle(answer.map(|answer| answer.value)));
        });
    }

    /// The event whose sheet is open, as far as it is known.
    pub(super) fn shown(self) -> Load<MemberEvent> {
        let id = self.open.get();
        self.list.with(|list| match list {
            Load::Loading => Load::Loading,
            Load::Failed(error) => Load::Failed(*error),
            Load::Ready { value, stale } => match value.events.iter().find(|event| Some(&event.id) == id.as_ref()) {
                Some(event) => Load::Ready { value: event.clone(), stale: *stale },
                None => Load::Failed(ApiError::Problem(ProblemKind::NotFound)),
            },
        })
    }

    /// How the last request about this event stands.
    pub(super) fn step(self) -> SignUpStep {
        let id = self.open.get();
        let of_open = |latest: &(String, SignUpStep)| (Some(&latest.0) == id.as_ref()).then_some(latest.1);
        self.latest.with(|latest| latest.as_ref().and_then(of_open)).unwrap_or(SignUpStep::Ready)
    }

    /// Signs the member up for the event whose sheet is open, or takes that back.
    pub(super) fn change(self, wanted: bool) {
        let Some(id) = self.open.get_untracked() else { return };
        if self.latest.with_untracked(|latest| latest.as_ref() == Some(&(id.clone(), SignUpStep::Pending))) {
            return;
        }
        self.latest.set(Some((id.clone(), SignUpStep::Pending)));
        spawn_local(async move {
            let api = self.host.api;
            let answer = if wanted { api.sign_up(&id).await } else { api.cancel_sign_up(&id).await };
            let step = answer.as_ref().err().map(|error| (id.clone(), SignUpStep::Failed(*error)));
            if let Ok(event) = answer {
                let _ = self.list.try_update(|list| put_in_place(list, event));
            }
            let _ = self.latest.try_update(|latest| {
                // The member may be busy with another event by now.
                if latest.as_ref().is_some_and(|(of, _)| *of == id) {
                    *latest = step;
                }
            });
            // What was on its way may be of before; without an answer nobody knows what happened.
            self.refresh();
        });
    }
}

fn put_in_place(list: &mut Load<MemberEventList>, event: MemberEvent) {
    if let Load::Ready { value, .. } = list
        && let Some(place) = value.events.iter_mut().find(|known| known.id == event.id)
    {
        *place = event;
    }
}
