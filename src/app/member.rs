//! The member's state. It starts with the stored answer of the last visit and refreshes after redemptions and
//! changes.

use js_sys::{Object, Reflect};
use member_domain::{
    CivilDate, CredentialNumber, ProgrammePhase,
    wire::{CredentialStatus, MeAnswer},
};
use page_core::{
    LastRequest,
    member::{self, Effect as CoreEffect},
};
use wasm_bindgen_futures::spawn_local;

use super::requests::Requests;
use crate::{
    api::{self, Answer, ApiError},
    clock::{PageClock, RequestTimes},
    host::Host,
    load::Load,
    prelude::*,
    store::StoredAnswer,
};

/// The known state of the member.
#[derive(Clone, Copy)]
pub(super) struct MemberState {
    /// The last answer, derived for today. The whole page uses it.
    pub(super) me: Memo<Load<MeAnswer>>,
    /// The last answer as received.
    answer: RwSignal<Load<MeAnswer>>,
    /// Today's date in Asia/Shanghai, once it is known.
    pub(super) today: Signal<Option<CivilDate>>,
    /// Outcome of the last request.
    pub(super) last_request: RwSignal<LastRequest>,
    /// Error of the last request, if it failed. Each request sets it.
    pub(super) failure: RwSignal<Option<ApiError>>,
    clock: PageClock,
    pub(super) host: Host,
    requests: Requests,
}

impl MemberState {
    pub(super) fn start(host: Host, clock: PageClock) -> Self {
        let stored = host.store.stored_answer(StoredAnswer::Me).and_then(|json| api::decode::<MeAnswer>(json).ok());
        let answer = RwSignal::new(stored.map_or(Load::Loading, Load::ready));
        let last_request = RwSignal::new(LastRequest::Pending);
        let today = clock.use_today();
        let me = Memo::new(move |_| answer.with(|answer| answer.map(|me| member::as_of(me, today.get()))));
        let failure = RwSignal::new(None);
        let state = Self { me, answer, today, last_request, failure, clock, host, requests: Requests::new() };
        match host.api.early_me() {
            Some((answer, times)) => state.apply_answer(answer, times),
            None => state.refresh(),
        }
        state
    }

    /// Requests the member's state again.
    pub(super) fn refresh(self) {
        let _ = self.answer.try_update(Load::retry);
        let request = self.requests.begin();
        spawn_local(async move {
            let (answer, times) = self.host.api.me().await;
            if self.requests.is_latest(request) {
                self.apply_answer(answer, times);
            }
        });
    }

    /// Applies an answer.
    fn apply_answer(self, answer: Result<Answer<MeAnswer>, ApiError>, times: RequestTimes) {
        let (api, store) = (self.host.api, self.host.store);
        let sets_clock = answer.as_ref().is_ok_and(|me| self.clock.set(me.value.server_time, times));
        let value = answer.as_ref().map(|me| &me.value).map_err(|error| *error);
        let decide = |known: &Load<MeAnswer>| {
            member::answer_effects(value, known.value(), sets_clock, api.can_identify_member())
        };
        for effect in self.answer.try_with_untracked(decide).unwrap_or_default() {
            match effect {
                CoreEffect::Retry => return self.refresh(),
                CoreEffect::ForgetLists => {
                    store.forget_answer(StoredAnswer::Ledger);
                    store.forget_answer(StoredAnswer::Events);
                }
                CoreEffect::ForgetAll => {
                    store.forget_answers();
                    spawn_local(store.forget_credential());
                }
                CoreEffect::Store => {
                    if let Ok(me) = &answer {
                        store.store_answer(StoredAnswer::Me, &me.json);
                    }
                }
            }
        }
        let _ = self.failure.try_set(answer.as_ref().err().copied());
        let last_request = if answer.is_ok() { LastRequest::Answered } else { LastRequest::Failed };
        let _ = self.answer.try_update(|me| me.settle(answer.map(|answer| answer.value)));
        let _ = self.last_request.try_set(last_request);
    }

    pub(super) fn is_known_untracked(self) -> bool {
        self.me.try_with_untracked(|me| me.value().is_some()) == Some(true)
    }

    /// Whether the programme has ended; reactive.
    pub(super) fn is_over(self) -> bool {
        self.me.with(|me| me.value().is_some_and(|me| me.programme.phase == ProgrammePhase::Ended))
    }

    /// Identifies the signed-in member, as far as the page can; reactive.
    pub(super) fn member_and_card(self) -> Option<String> {
        self.me.with(|me| me.value().map(member::member_and_card))
    }

    /// The card's masked number. Empty without a card.
    pub(super) fn card_untracked(self) -> String {
        let card = self.me.try_with_untracked(|me| me.value()?.card.as_ref().map(|card| card.number_masked.clone()));
        card.flatten().unwrap_or_default()
    }

    /// Records that this device now has the card's credential. Drops pending answers: they may predate the
    /// enrolment.
    pub(super) fn record_enrolment(self, number: CredentialNumber) {
        self.requests.begin();
        let _ = self.answer.try_update(|me| {
            if let Load::Ready { value, .. } = me {
                value.credential = CredentialStatus::Active { number };
            }
        });
    }

    /// Stores the new credential status for the next visit, which may be offline. Then requests the state
    /// again: the dropped answers may contain other changes.
    pub(super) fn store_enrolment(self, number: &CredentialNumber) {
        let store = self.host.store;
        if let Some(me) = store.stored_answer(StoredAnswer::Me) {
            let status = Object::new();
            let _ = Reflect::set(&status, &"status".into(), &"active".into());
            let _ = Reflect::set(&status, &"number".into(), &number.as_str().into());
            let _ = Reflect::set(&me, &"credential".into(), &status);
            store.store_answer(StoredAnswer::Me, &me);
        }
        self.refresh();
    }
}
