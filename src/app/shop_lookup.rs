//! One shop that a sheet is open for: what the list knows of it at once, then what the backend says.

use member_domain::wire::Shop;
use page_core::shops::settle_shop;
use wasm_bindgen_futures::spawn_local;

use super::{rest::arrival, shops::ShopState};
use crate::{load::Load, prelude::*};

/// The shop with the wanted id.
#[derive(Clone, Copy)]
pub(super) struct ShopLookup {
    pub(super) id: Memo<Option<String>>,
    /// `None` while no shop is wanted.
    pub(super) shop: RwSignal<Option<Load<Shop>>>,
    shops: ShopState,
    /// Whether there are lists to look in. Their code comes after that of the sheet with the code.
    has_lists: StoredValue<bool>,
}

impl ShopLookup {
    /// Of whichever shop `id` names, once it begins.
    pub(super) fn new(id: Memo<Option<String>>, shops: ShopState) -> Self {
        Self { id, shop: RwSignal::new(None), shops, has_lists: StoredValue::new(false) }
    }

    /// Looks up the shop, now and whenever another is named.
    pub(super) fn begin(self) {
        Effect::new(move |_| self.look_up(self.id.get()));
    }

    /// Takes a shop that is already known.
    pub(super) fn know(self, shop: Shop) {
        self.shop.set(Some(Load::ready(shop)));
    }

    /// Takes the shop from the lists that have just come to hand, unless it is known by now.
    pub(super) fn look_in_lists(self) {
        self.has_lists.set_value(true);
        let Some(id) = self.id.get_untracked() else { return };
        let is_known = self.shop.with_untracked(|shop| shop.as_ref().and_then(Load::value).is_some());
        if let Some(shop) = self.shops.find_shop(&id).filter(|_| !is_known) {
            self.know(shop);
        }
    }

    /// Asks again, whatever is known.
    pub(super) fn retry(self) {
        self.look_up(self.id.get_untracked());
    }

    /// Asks again for a shop that could not be had.
    pub(super) fn look_again(self) {
        if self.shop.with_untracked(|shop| matches!(shop, Some(Load::Failed(_) | Load::Ready { stale: true, .. }))) {
            self.retry();
        }
    }

    /// Shows what is known of the shop at once, and asks: it may have left, or take codes another way by now.
    fn look_up(self, id: Option<String>) {
        let Some(id) = id else { return self.shop.set(None) };
        let at_hand =
            self.shop.with_untracked(|shop| shop.as_ref().and_then(Load::value).is_some_and(|shop| shop.id == id));
        if !at_hand {
            let known = if self.has_lists.get_value() { self.shops.find_shop(&id) } else { None };
            self.shop.set(Some(known.map_or(Load::Loading, Load::ready)));
        }
        spawn_local(async move {
            // The code does not wait for the shop, and what reads shops need not be there as soon as it.
            arrival().await;
            let answer = self.shops.host.api.shop(&id).await;
            // Another shop may be wanted by now.
            if self.id.try_get_untracked().flatten().as_ref() != Some(&id) {
                return;
            }
            let _ = self.shop.try_update(|shop| settle_shop(shop, answer));
        });
    }
}
