//! The member's favourite shops. The device stores their ids and last known data, so they work offline.

use std::sync::Arc;

use member_domain::wire::ShopPage;
use page_core::{
    Listed,
    shops::{renew, toggle_favourite},
};
use wasm_bindgen_futures::spawn_local;

use super::requests::Requests;
use crate::{
    api,
    host::Host,
    prelude::*,
    store::{FAVOURITES, Store, StoredAnswer},
};

#[derive(Clone, Copy)]
pub(super) struct Favourites {
    /// Ids, newest first.
    ids: RwSignal<Vec<String>>,
    /// Last known data of these shops.
    shops: RwSignal<Vec<Arc<Listed>>>,
    host: Host,
    requests: Requests,
}

impl Favourites {
    /// Loads the ids of the last visit.
    pub(super) fn new(host: Host) -> Self {
        let ids = host.store.choice(FAVOURITES).unwrap_or_default();
        let ids: Vec<String> = ids.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect();
        Self { ids: RwSignal::new(ids), shops: RwSignal::new(Vec::new()), host, requests: Requests::new() }
    }

    /// Loads the stored data and requests new data.
    pub(super) fn begin(self) {
        self.shops.set(stored_favourites(self.host.store));
        self.refresh();
    }

    /// Whether a shop is a favourite; reactive.
    pub(super) fn has(self, id: &str) -> bool {
        self.ids.with(|ids| ids.iter().any(|known| known == id))
    }

    /// Known data of the favourites, newest first; reactive.
    pub(super) fn shops(self) -> Vec<Arc<Listed>> {
        let shops = self.shops.get();
        let known = |id: &String| shops.iter().find(|listed| &listed.shop.id == id).cloned();
        self.ids.with(|ids| ids.iter().filter_map(known).collect())
    }

    /// Adds or removes a favourite. `listed` is the shop's current data.
    pub(super) fn toggle(self, id: &str, listed: Arc<Listed>) {
        self.ids.update(|ids| toggle_favourite(ids, id));
        self.host.store.store_choice(FAVOURITES, &self.ids.get_untracked().join(","));
        self.shops.update(|shops| renew(shops, vec![listed]));
        self.refresh();
    }

    /// Requests current data of the favourites and stores the answers.
    pub(super) fn refresh(self) {
        let ids = self.ids.get_untracked();
        let request = self.requests.begin();
        if ids.is_empty() {
            self.host.store.forget_answer(StoredAnswer::Favourites);
            return;
        }
        spawn_local(async move {
            let answers = js_sys::Array::new();
            let mut fresh: Vec<Arc<Listed>> = Vec::new();
            for ids in ids.chunks(api::PAGE) {
                let Ok(answer) = self.host.api.shops_with(ids).await else { return };
                answers.push(&answer.json);
                fresh.extend(answer.value.shops.into_iter().map(Listed::new));
            }
            if !self.requests.is_latest(request) {
                return;
            }
            self.host.store.store_answer(StoredAnswer::Favourites, &answers);
            let _ = self.shops.try_update(|shops| renew(shops, fresh));
        });
    }
}

fn stored_favourites(store: Store) -> Vec<Arc<Listed>> {
    let pages =
        store.stored_answer(StoredAnswer::Favourites).and_then(|pages| api::decode::<Vec<ShopPage>>(pages).ok());
    pages.into_iter().flatten().flat_map(|page| page.shops).map(Listed::new).collect()
}
