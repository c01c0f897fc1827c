//! Redemption by a shop's PIN on the member's phone, for shops without a device. `page_core::pin` interprets
//! the answers.

use std::time::Duration;

use member_domain::wire::{LedgerEntry, Receipt};
use page_core::{
    PinTries as Tries,
    pin::{Effect as CoreEffect, Event},
};
use wasm_bindgen_futures::spawn_local;

use super::{redemption::RedemptionState, rest::second_file_loaded};
use crate::{
    clock::pause,
    crypto,
    features::redemption_code::{PinEntry, PinState},
    host::Host,
    load::Load,
    prelude::*,
};

/// The wait before querying an outcome again.
const QUERY_DELAY: Duration = Duration::from_secs(2);

/// The PIN tries. Each has an idempotency key until its outcome is known.
#[derive(Clone, Copy)]
pub(super) struct PinTries {
    /// State of the try at the shop the sheet is open for.
    pub(super) state: RwSignal<PinState>,
    tries: StoredValue<Tries>,
    redemption: RedemptionState,
}

impl PinTries {
    pub(super) fn start(redemption: RedemptionState) -> Self {
        let (state, tries) = (RwSignal::new(PinState::Ready), StoredValue::new(Tries::default()));
        let tries = Self { state, tries, redemption };
        Effect::new(move |_| {
            let shop = redemption.shop_id.get();
            let stored_key = shop.as_deref().and_then(|shop| tries.host().store.stored_attempt(shop));
            tries.open(shop, stored_key);
        });
        tries
    }

    /// Shows a state immediately. Requests wait until the code that reads their answers is loaded.
    fn open(self, shop: Option<String>, stored_key: Option<String>) {
        for effect in self.tries.try_update_value(|tries| tries.open(shop, stored_key)).unwrap_or_default() {
            match effect {
                CoreEffect::Show(state) => drop(self.state.try_set(state)),
                other => spawn_local(async move {
                    second_file_loaded().await;
                    self.run_effect(other);
                }),
            }
        }
    }

    fn host(self) -> Host {
        self.redemption.member.host
    }

    /// Redeems with the PIN and the bill that staff entered.
    pub(super) fn redeem(self, entry: PinEntry) {
        let known = self.redemption.shop.try_with_untracked(|shop| shop.as_ref().and_then(Load::value).cloned());
        let Some(shop) = known.flatten().map(|shop| shop.id) else { return };
        let stored_key = self.host().store.stored_attempt(&shop);
        self.handle(Event::Entered { shop, stored_key, new_key: crypto::random_key(), entry });
    }

    /// Does nothing once the page is unmounted.
    fn handle(self, event: Event) {
        for effect in self.tries.try_update_value(|tries| tries.update(event)).unwrap_or_default() {
            self.run_effect(effect);
        }
    }

    fn run_effect(self, effect: CoreEffect) {
        let Host { api, store, .. } = self.host();
        match effect {
            CoreEffect::Show(state) => drop(self.state.try_set(state)),
            CoreEffect::Store(tried) => store.store_attempt(&tried.shop, &tried.key),
            CoreEffect::Forget(shop) => store.forget_attempt(&shop),
            CoreEffect::Send { tried, is_first, entry } => spawn_local(async move {
                let answer = api.redeem_by_pin(&tried.shop, &tried.key, &entry.pin, entry.bill).await;
                self.handle(Event::Answered { tried, is_first, answer });
            }),
            CoreEffect::QueryOutcome { query_number, key } => spawn_local(async move {
                self.handle(Event::OutcomeReported { query_number, answer: api.attempt(&key).await });
            }),
            CoreEffect::Wait { query_number } => spawn_local(async move {
                pause(QUERY_DELAY).await;
                self.handle(Event::DelayPassed { query_number });
            }),
            CoreEffect::Redeemed { receipt, is_open } => {
                self.redemption.results.record_pin_redemption(self.to_ledger_entry(receipt), is_open);
            }
        }
    }

    /// The receipt as a ledger entry.
    fn to_ledger_entry(self, receipt: Receipt) -> LedgerEntry {
        let known = self.redemption.shop.try_with_untracked(|shop| shop.as_ref().and_then(Load::value).cloned());
        let name = known.flatten().filter(|shop| shop.id == receipt.shop_id).map(|shop| shop.name);
        LedgerEntry {
            id: receipt.id,
            shop_id: receipt.shop_id,
            shop_name: name.unwrap_or_default(),
            bill_fen: receipt.bill_fen,
            saved_fen: receipt.saved_fen,
            payable_fen: receipt.payable_fen,
            redeemed_at: receipt.redeemed_at,
            cancelled_at: receipt.cancelled_at,
        }
    }
}
