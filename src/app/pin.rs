//! Redeeming by a shop's PIN on the member's own phone, where the shop has no device. Each try ends in a definite state; one
//! whose answer was lost is asked about under its own key and never sent again under another.

use std::time::Duration;

use leptos::prelude::*;
use member_domain::wire::{AttemptState, LedgerEntry, ProblemKind, Receipt, Shop};
use wasm_bindgen_futures::spawn_local;

use super::redemption::RedemptionState;
use crate::{
    api::{self, ApiError, PinRefusal},
    clock::pause,
    crypto,
    features::redemption_code::{PinEntry, PinState},
    load::Load,
    store,
};

/// How long to wait before asking again for an outcome.
const ASK_AGAIN: Duration = Duration::from_secs(2);

/// The tries of one opening of the sheet.
#[derive(Clone, Copy)]
pub(super) struct PinTries {
    pub(super) state: RwSignal<PinState>,
    redemption: RedemptionState,
    /// The key of the try under way; kept until its outcome is known.
    key: StoredValue<Option<String>>,
}

impl PinTries {
    pub(super) fn start(redemption: RedemptionState) -> Self {
        let tries = Self { state: RwSignal::new(PinState::Ready), redemption, key: StoredValue::new(None) };
        Effect::new(move |_| {
            let unsettled = redemption.shop_id.get().and_then(|shop| store::kept_attempt(&shop));
            tries.state.set(PinState::Ready);
            tries.key.set_value(unsettled.clone());
            if let Some(key) = unsettled {
                tries.ask(key);
            }
        });
        tries
    }

    /// Staff have entered the PIN and the bill.
    pub(super) fn redeem(self, entry: PinEntry) {
        let Some(shop) = self.shop() else { return };
        let key = self.key.get_value().unwrap_or_else(crypto::random_key);
        self.key.set_value(Some(key.clone()));
        store::keep_attempt(&shop.id, &key);
        self.state.set(PinState::Pending);
        spawn_local(async move {
            match api::redeem_by_pin(&shop.id, &key, &entry.pin, entry.bill).await {
                Ok(receipt) => self.done(receipt),
                Err(PinRefusal::Wrong(left)) => self.settle(PinState::Wrong(left)),
                Err(PinRefusal::Locked(seconds)) => self.settle(PinState::Locked(seconds.div_ceil(60))),
                Err(PinRefusal::Other(
                    ApiError::Unreachable
                    | ApiError::Unreadable
                    | ApiError::Problem(ProblemKind::Internal | ProblemKind::Conflict),
                )) => self.ask(key),
                Err(PinRefusal::Other(ApiError::Problem(kind))) => self.settle(PinState::Refused(kind)),
            }
        });
    }

    /// Asks what became of a try until there is an answer, or the sheet is closed.
    fn ask(self, key: String) {
        let _ = self.state.try_set(PinState::Asking);
        spawn_local(async move {
            while self.is_current(&key) {
                match api::attempt(&key).await {
                    Ok(answer) => {
                        match (answer.state, answer.receipt) {
                            (AttemptState::Done, Some(receipt)) => self.done(receipt),
                            (AttemptState::Refused, _) => {
                                let kind = answer.problem.as_deref().and_then(ProblemKind::from_type);
                                self.settle(PinState::Refused(kind.unwrap_or(ProblemKind::Internal)));
                            }
                            // It has not arrived. It still could, so the next try goes under the same key.
                            _ => drop(self.state.try_set(PinState::NotArrived)),
                        }
                        return;
                    }
                    Err(_) => pause(ASK_AGAIN).await,
                }
            }
        });
    }

    fn is_current(self, key: &str) -> bool {
        self.key.try_with_value(|current| current.as_deref() == Some(key)) == Some(true)
    }

    fn settle(self, state: PinState) {
        store::settle_attempt();
        let _ = self.key.try_set_value(None);
        let _ = self.state.try_set(state);
    }

    fn done(self, receipt: Receipt) {
        self.settle(PinState::Ready);
        let shop_name = self.shop().filter(|shop| shop.id == receipt.shop_id).map(|shop| shop.name);
        self.redemption.redeemed_here(LedgerEntry {
            id: receipt.id,
            shop_id: receipt.shop_id,
            shop_name: shop_name.unwrap_or_default(),
            bill_fen: receipt.bill_fen,
            saved_fen: receipt.saved_fen,
            payable_fen: receipt.payable_fen,
            redeemed_at: receipt.redeemed_at,
            cancelled_at: receipt.cancelled_at,
        });
    }

    fn shop(self) -> Option<Shop> {
        self.redemption.shop.try_with_untracked(|shop| shop.as_ref().and_then(Load::value).cloned()).flatten()
    }
}
