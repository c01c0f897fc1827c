//! The member's favourite shops. The device stores their ids and last known data, so they work offline. If the backend
//! has favourites, all devices of the member share them, and they survive a browser that clears its storage.

use std::sync::Arc;

use member_domain::wire::{ProblemKind, ShopPage};
use page_core::{FavouriteShops, Listed, shops::renew};
use wasm_bindgen_futures::spawn_local;

use super::requests::Requests;
use crate::{
    api::{self, ApiError},
    host::Host,
    prelude::*,
    store::{FAVOURITES, Store, StoredAnswer, UNSENT_FAVOURITES},
    unicode::normalize,
};

#[derive(Clone, Copy)]
pub(super) struct Favourites {
    known: RwSignal<FavouriteShops>,
    /// Last known data of these shops.
    shops: RwSignal<Vec<Arc<Listed>>>,
    host: Host,
    requests: Requests,
    /// Whether changes are being sent.
    is_sending: StoredValue<bool>,
}

impl Favourites {
    /// No favourites until [`Self::begin`].
    pub(super) fn new(host: Host) -> Self {
        Self {
            known: RwSignal::new(FavouriteShops::default()),
            shops: RwSignal::new(Vec::new()),
            host,
            requests: Requests::new(),
            is_sending: StoredValue::new(false),
        }
    }

    /// Loads the ids and the data of the last visit and requests new data.
    pub(super) fn begin(self) {
        let store = self.host.store;
        let ids = store.choice(FAVOURITES).unwrap_or_default();
        self.known.set(FavouriteShops::from_storage(&ids, store.choice(UNSENT_FAVOURITES).as_deref()));
        self.shops.set(stored_favourites(store));
        self.refresh();
    }

    /// Whether a shop is a favourite; reactive.
    pub(super) fn has(self, id: &str) -> bool {
        self.known.with(|favourites| favourites.ids().iter().any(|known| known == id))
    }

    /// Known data of the favourites, newest first; reactive.
    pub(super) fn shops(self) -> Vec<Arc<Listed>> {
        let shops = self.shops.get();
        let loaded = |id: &String| shops.iter().find(|listed| &listed.shop.id == id).cloned();
        self.known.with(|favourites| favourites.ids().iter().filter_map(loaded).collect())
    }

    /// Adds or removes a favourite. `listed` is the shop's current data.
    pub(super) fn toggle(self, id: &str, listed: Arc<Listed>) {
        // A device that has not synced yet keeps all its favourites unsent.
        self.known.update(|favourites| favourites.toggle(id));
        let store = self.host.store;
        store.store_choice(FAVOURITES, &self.known.with_untracked(FavouriteShops::ids_text));
        if store.choice(UNSENT_FAVOURITES).is_some() {
            store.store_choice(UNSENT_FAVOURITES, &self.known.with_untracked(FavouriteShops::unsent_text));
        }
        self.shops.update(|shops| renew(shops, vec![listed]));
        self.refresh();
        self.sync();
    }

    /// Sends the changes of this device and receives those of others.
    pub(super) fn sync(self) {
        if self.is_sending.get_value() {
            return;
        }
        self.is_sending.set_value(true);
        spawn_local(async move {
            while let Some(changes) = self.known.try_with_untracked(FavouriteShops::next_changes) {
                match self.host.api.change_favourites(&changes).await {
                    Ok(ids) => {
                        let before = self.known.try_with_untracked(|favourites| favourites.ids().to_vec());
                        let _ = self.known.try_update(|favourites| favourites.settle(&changes, ids));
                        self.store();
                        if before != self.known.try_with_untracked(|favourites| favourites.ids().to_vec()) {
                            self.refresh();
                        }
                    }
                    // The member has signed out. The favourites belong to nobody here.
                    Err(ApiError::Problem(ProblemKind::Unauthorized)) => {
                        let _ = self.known.try_set(FavouriteShops::default());
                        break;
                    }
                    // Another try comes with the next change or visit. A backend without favourites refuses each.
                    Err(_) => break,
                }
                if self.known.try_with_untracked(FavouriteShops::has_unsent) != Some(true) {
                    break;
                }
            }
            let _ = self.is_sending.try_set_value(false);
        });
    }

    /// Stores the ids and the unsent changes for the next visit.
    fn store(self) {
        let texts = self.known.try_with_untracked(|favourites| (favourites.ids_text(), favourites.unsent_text()));
        if let Some((ids, unsent)) = texts {
            self.host.store.store_choice(FAVOURITES, &ids);
            self.host.store.store_choice(UNSENT_FAVOURITES, &unsent);
        }
    }

    /// Requests current data of the favourites and stores the answers.
    pub(super) fn refresh(self) {
        let Some(ids) = self.known.try_with_untracked(|favourites| favourites.ids().to_vec()) else { return };
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
                fresh.extend(answer.value.shops.into_iter().map(|shop| Listed::new(shop, normalize)));
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
    pages.into_iter().flatten().flat_map(|page| page.shops).map(|shop| Listed::new(shop, normalize)).collect()
}
