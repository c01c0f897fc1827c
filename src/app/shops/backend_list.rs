//! A list loaded from the backend, and its requests.

use page_core::{Load, ShopList, ShopQuery, shops};
use wasm_bindgen_futures::spawn_local;

use super::super::requests::Requests;
use crate::{features::nearby_shops::More, host::Host, prelude::*, store::StoredAnswer, unicode::normalize};

#[derive(Clone, Copy)]
pub(super) struct BackendList {
    pub(super) list: RwSignal<Load<ShopList>>,
    host: Host,
    requests: Requests,
    /// Whether the first page is pending. Until it arrives, the next page is unknown.
    is_first_pending: StoredValue<bool>,
}

impl BackendList {
    pub(super) fn new(host: Host) -> Self {
        Self {
            list: RwSignal::new(Load::Loading),
            host,
            requests: Requests::new(),
            is_first_pending: StoredValue::new(false),
        }
    }

    /// Requests the first page. With `keep`, the list on screen stays until the answer arrives.
    pub(super) fn request_first_page(self, query: ShopQuery, keep: bool) {
        let request = self.requests.begin();
        self.is_first_pending.set_value(true);
        spawn_local(async move {
            let answer = self.host.api.shops(&query, None).await;
            if !self.requests.is_latest(request) {
                return;
            }
            let _ = self.is_first_pending.try_set_value(false);
            if let Ok(answer) = &answer
                && keep
            {
                self.host.store.store_answer(StoredAnswer::Shops, &answer.json);
            }
            let answer = answer.map(|answer| answer.value);
            let _ = self.list.try_update(|list| shops::settle_first(list, &query, answer, normalize));
        });
    }

    /// Requests the page after the loaded ones, if there is one.
    pub(super) fn request_next_page(self, query: ShopQuery, more: RwSignal<More>) {
        let next = self.list.with_untracked(|list| shops::next_page(list, &query));
        let Some(cursor) = next.filter(|_| !self.is_first_pending.get_value() && more.get_untracked() != More::Pending)
        else {
            return;
        };
        more.set(More::Pending);
        let request = self.requests.begin();
        spawn_local(async move {
            let answer = self.host.api.shops(&query, Some(&cursor)).await;
            if !self.requests.is_latest(request) {
                return;
            }
            let state = if answer.is_ok() { More::Idle } else { More::Failed };
            if let Ok(page) = answer {
                let _ = self.list.try_update(|list| {
                    if let Load::Ready { value, .. } = list {
                        value.append(page.value, normalize);
                    }
                });
            }
            let _ = more.try_set(state);
        });
    }

    /// Ignores the answers of pending requests.
    pub(super) fn ignore_pending(self) {
        self.requests.begin();
    }
}
