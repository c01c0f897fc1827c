//! The member's ledger: the newest page, refreshed in place, and the older pages that the member has loaded.

use member_domain::wire::LedgerPage;
use page_core::{append_older, join_newest};
use wasm_bindgen_futures::spawn_local;

use super::{member::MemberState, requests::Requests};
use crate::{api, host::Host, load::Load, navigation::Navigation, prelude::*, store::StoredAnswer};

#[derive(Clone, Copy)]
pub(super) struct LedgerState {
    pub(super) pages: RwSignal<Load<LedgerPage>>,
    /// Whether the savings sheet is open.
    pub(super) open: Memo<bool>,
    /// State of the last request for an older page.
    pub(super) earlier: RwSignal<Load<()>>,
    host: Host,
    requests: Requests,
}

impl LedgerState {
    /// Sends no request until [`Self::begin`].
    pub(super) fn new(navigation: Navigation, member: MemberState) -> Self {
        Self {
            pages: RwSignal::new(Load::Loading),
            open: navigation.savings(),
            earlier: RwSignal::new(Load::ready(())),
            host: member.host,
            requests: Requests::new(),
        }
    }

    /// Refreshes when the sheet opens, and when the card's savings change while it is open.
    pub(super) fn begin(self, member: MemberState) {
        let payoff = Memo::new(move |_| member.me.with(|me| me.value().and_then(|me| me.payoff.clone())));
        // A newly signed-in member must not see another member's redemptions.
        let member_and_card = Memo::new(move |_| member.member_and_card());
        Effect::new(move |before: Option<Option<String>>| {
            let member_and_card = member_and_card.get();
            if before.flatten().is_some_and(|before| Some(before) != member_and_card) {
                self.requests.begin();
                self.pages.set(Load::Loading);
                self.refresh();
            }
            member_and_card
        });
        Effect::new(move |_| {
            // Reads the value: tracking a memo without reading it does not recompute it.
            payoff.get();
            if self.open.get() {
                self.refresh();
            }
        });
    }

    /// Requests the newest page again, if the sheet is open.
    pub(super) fn refresh(self) {
        if self.open.try_get_untracked() != Some(true) {
            return;
        }
        let _ = self.pages.try_update(|pages| {
            pages.retry();
            let stored = self.host.store.stored_answer(StoredAnswer::Ledger).and_then(|json| api::decode(json).ok());
            if let (Load::Loading, Some(stored)) = (&*pages, stored) {
                *pages = Load::ready(stored);
            }
        });
        let request = self.requests.begin();
        spawn_local(async move {
            let answer = self.host.api.latest_redemptions().await;
            if !self.requests.is_latest(request) {
                return;
            }
            if let Ok(answer) = &answer {
                self.host.store.store_answer(StoredAnswer::Ledger, &answer.json);
            }
            let _ = self.pages.try_update(|pages| {
                let newest = answer.map(|answer| join_newest(answer.value, pages.value()));
                pages.settle(newest);
            });
        });
    }

    /// Requests the page after the oldest entry.
    pub(super) fn load_earlier(self) {
        let cursor = self.pages.with_untracked(|pages| pages.value().and_then(|pages| pages.next_cursor.clone()));
        let Some(cursor) = cursor.filter(|_| self.earlier.with_untracked(|earlier| *earlier != Load::Loading)) else {
            return;
        };
        self.earlier.set(Load::Loading);
        spawn_local(async move {
            let answer = self.host.api.earlier_redemptions(&cursor).await;
            let settled = answer.as_ref().map_or_else(|error| Load::Failed(*error), |_| Load::ready(()));
            if let Ok(page) = answer {
                let _ = self.pages.try_update(|pages| {
                    if let Load::Ready { value, .. } = pages {
                        append_older(value, &cursor, page);
                    }
                });
            }
            let _ = self.earlier.try_set(settled);
        });
    }
}
