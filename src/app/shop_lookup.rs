//! The shop a sheet is open for: first from the loaded lists, then from the backend.

use member_domain::wire::Shop;
use page_core::shops::settle_shop;
use wasm_bindgen_futures::spawn_local;

use super::{rest::second_file_loaded, shops::ShopState};
use crate::{load::Load, prelude::*};

/// The shop with the requested id.
#[derive(Clone, Copy)]
pub(super) struct ShopLookup {
    pub(super) id: Memo<Option<String>>,
    /// `None` while no shop is requested.
    pub(super) shop: RwSignal<Option<Load<Shop>>>,
    shops: ShopState,
    /// Whether lists are available. Their code loads after the code sheet's.
    has_lists: StoredValue<bool>,
}

impl ShopLookup {
    /// Looks up the shop that `id` names, once [`Self::begin`] runs.
    pub(super) fn new(id: Memo<Option<String>>, shops: ShopState) -> Self {
        Self { id, shop: RwSignal::new(None), shops, has_lists: StoredValue::new(false) }
    }

    /// Looks up the shop now and whenever the id changes.
    pub(super) fn begin(self) {
        Effect::new(move |_| self.look_up(self.id.get()));
    }

    /// Sets a shop that is already loaded.
    pub(super) fn set_shop(self, shop: Shop) {
        self.shop.set(Some(Load::ready(shop)));
    }

    /// Takes the shop from the lists, which have just become available, unless it is already loaded.
    pub(super) fn find_in_lists(self) {
        self.has_lists.set_value(true);
        let Some(id) = self.id.get_untracked() else { return };
        let is_known = self.shop.with_untracked(|shop| shop.as_ref().and_then(Load::value).is_some());
        if let Some(shop) = self.shops.find_shop(&id).filter(|_| !is_known) {
            self.set_shop(shop);
        }
    }

    /// Requests the shop again in any case.
    pub(super) fn retry(self) {
        self.look_up(self.id.get_untracked());
    }

    /// Requests a shop again that failed to load or is stale.
    pub(super) fn retry_if_failed(self) {
        if self.shop.with_untracked(|shop| matches!(shop, Some(Load::Failed(_) | Load::Ready { stale: true, .. }))) {
            self.retry();
        }
    }

    /// Shows a loaded shop immediately and requests it again: it may have left, or its way to redeem may have
    /// changed.
    fn look_up(self, id: Option<String>) {
        let Some(id) = id else { return self.shop.set(None) };
        let is_shown =
            self.shop.with_untracked(|shop| shop.as_ref().and_then(Load::value).is_some_and(|shop| shop.id == id));
        if !is_shown {
            let known = if self.has_lists.get_value() { self.shops.find_shop(&id) } else { None };
            self.shop.set(Some(known.map_or(Load::Loading, Load::ready)));
        }
        spawn_local(async move {
            // The code must not wait for the shop, and the shop decoder may load later than the code.
            second_file_loaded().await;
            let answer = self.shops.host.api.shop(&id).await;
            // The id may have changed meanwhile.
            if self.id.try_get_untracked().flatten().as_ref() != Some(&id) {
                return;
            }
            let _ = self.shop.try_update(|shop| settle_shop(shop, answer));
        });
    }
}
