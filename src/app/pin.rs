//! Redemption by a shop's PIN on the member's phone, for shops without a device. `page_core::pin` interprets
//! the answers.

use std::time::Duration;

use member_domain::wire::{LedgerEntry, Receipt};
use page_core::{
    PinTries as Tries,
    pin::{Effect as Outcome, Event},
};
use wasm_bindgen_futures::spawn_local;

use super::{redemption::RedemptionState, rest::arrival};
use crate::{
    clock::pause,
    crypto,
    features::redemption_code::{PinEntry, PinState},
    host::Host,
    load::Load,
    prelude::*,
};

/// The wait before querying an outcome again.
const ASK_AGAIN: Duration = Duration::from_secs(2);

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
            let kept = shop.as_deref().and_then(|shop| tries.host().store.kept_attempt(shop));
            tries.open(shop, kept);
        });
        tries
    }

    /// Shows a state immediately. Requests wait until the code that reads their answers is loaded.
    fn open(self, shop: Option<String>, kept: Option<String>) {
        for outcome in self.tries.try_update_value(|tries| tries.open(shop, kept)).unwrap_or_default() {
            match outcome {
                Outcome::Show(state) => drop(self.state.try_set(state)),
                other => spawn_local(async move {
                    arrival().await;
                    self.carry_out(other);
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
        let kept = self.host().store.kept_attempt(&shop);
        self.take(Event::Entered { shop, kept, fresh: crypto::random_key(), entry });
    }

    /// Does nothing once the page is unmounted.
    fn take(self, event: Event) {
        for outcome in self.tries.try_update_value(|tries| tries.update(event)).unwrap_or_default() {
            self.carry_out(outcome);
        }
    }

    fn carry_out(self, outcome: Outcome) {
        let Host { api, store, .. } = self.host();
        match outcome {
            Outcome::Show(state) => drop(self.state.try_set(state)),
            Outcome::Keep(tried) => store.keep_attempt(&tried.shop, &tried.key),
            Outcome::Forget(shop) => store.settle_attempt(&shop),
            Outcome::Send { tried, is_first, entry } => spawn_local(async move {
                let answer = api.redeem_by_pin(&tried.shop, &tried.key, &entry.pin, entry.bill).await;
                self.take(Event::Answered { tried, is_first, answer });
            }),
            Outcome::Ask { question, key } => spawn_local(async move {
                self.take(Event::Told { question, answer: api.attempt(&key).await });
            }),
            Outcome::Wait { question } => spawn_local(async move {
                pause(ASK_AGAIN).await;
                self.take(Event::Waited { question });
            }),
            Outcome::Redeemed { receipt, is_open } => {
                self.redemption.results.made_here(self.entry(receipt), is_open);
            }
        }
    }

    /// The receipt as a ledger entry.
    fn entry(self, receipt: Receipt) -> LedgerEntry {
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
