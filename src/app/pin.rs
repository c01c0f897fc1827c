//! Redeeming by a shop's PIN on the member's own phone, where the shop has no device. Each try ends in a definite state; one
//! whose answer was lost is asked about under its own key and never sent again under another.

use std::time::Duration;

use member_domain::wire::{AttemptState, LedgerEntry, ProblemKind, Receipt, Shop};
use wasm_bindgen_futures::spawn_local;

use super::{redemption::RedemptionState, rest::arrival};
use crate::{
    api::{ApiError, PinRefusal},
    clock::pause,
    crypto,
    features::redemption_code::{PinEntry, PinState},
    host::Host,
    load::Load,
    prelude::*,
};

/// How long to wait before asking again for an outcome.
const ASK_AGAIN: Duration = Duration::from_secs(2);
/// How often "not there" is the answer before it is believed: a request can be under way longer than the page waits.
const NOT_THERE: u32 = 4;

/// The tries, a key each until its outcome is known.
#[derive(Clone, Copy)]
pub(super) struct PinTries {
    /// Where the try at the shop stands that the sheet is open for.
    pub(super) state: RwSignal<PinState>,
    redemption: RedemptionState,
    /// Shop and key of the tries whose outcome is not known; also in storage, where there is any.
    unsettled: StoredValue<Vec<(String, String)>>,
}

impl PinTries {
    pub(super) fn start(redemption: RedemptionState) -> Self {
        let state = RwSignal::new(PinState::Ready);
        let tries = Self { state, redemption, unsettled: StoredValue::new(Vec::new()) };
        Effect::new(move |_| {
            let shop = redemption.shop_id.get();
            state.set(PinState::Ready);
            if let Some(shop) = shop
                && let Some(key) = tries.key(&shop)
            {
                // At once, since no code may show until the outcome is known.
                state.set(PinState::Asking);
                spawn_local(async move {
                    arrival().await;
                    tries.ask(shop, key);
                });
            }
        });
        tries
    }

    fn host(self) -> Host {
        self.redemption.member.host
    }

    /// The key of the try at this shop whose outcome is not known.
    fn key(self, shop: &str) -> Option<String> {
        let in_memory =
            self.unsettled.with_value(|all| all.iter().find(|(of, _)| of == shop).map(|(_, key)| key.clone()));
        in_memory.or_else(|| self.host().store.kept_attempt(shop))
    }

    /// Staff have entered the PIN and the bill.
    pub(super) fn redeem(self, entry: PinEntry) {
        let known = self.redemption.shop.try_with_untracked(|shop| shop.as_ref().and_then(Load::value).cloned());
        let Some(Shop { id: shop, .. }) = known.flatten() else { return };
        let earlier = self.key(&shop);
        // An earlier request under this key may still have redeemed: a refusal of this one says nothing about it.
        let is_first = earlier.is_none();
        let key = earlier.unwrap_or_else(crypto::random_key);
        self.unsettled.update_value(|all| {
            all.retain(|(of, _)| of != &shop);
            all.push((shop.clone(), key.clone()));
        });
        self.host().store.keep_attempt(&shop, &key);
        self.state.set(PinState::Pending);
        spawn_local(async move {
            match self.host().api.redeem_by_pin(&shop, &key, &entry.pin, entry.bill).await {
                Ok(receipt) => self.done(&shop, receipt),
                Err(PinRefusal::Wrong(left)) => self.turned_away(&shop, is_first, PinState::Wrong(left)),
                Err(PinRefusal::Locked(seconds)) => {
                    self.turned_away(&shop, is_first, PinState::Locked(seconds.div_ceil(60)));
                }
                Err(PinRefusal::Other(ApiError::Problem(ProblemKind::Unauthorized))) if !is_first => {
                    self.show(&shop, PinState::Unknown);
                }
                Err(PinRefusal::Other(
                    ApiError::Unreachable
                    | ApiError::Unreadable
                    | ApiError::Problem(ProblemKind::Internal | ProblemKind::Conflict),
                )) => self.ask(shop, key),
                Err(PinRefusal::Other(ApiError::Problem(kind))) => self.settle(&shop, PinState::Refused(kind)),
            }
        });
    }

    /// Asks what became of a try until there is an answer, or the sheet is closed.
    fn ask(self, shop: String, key: String) {
        self.show(&shop, PinState::Asking);
        spawn_local(async move {
            let mut not_there = 0;
            while self.is_open_for(&shop) {
                match self.host().api.attempt(&key).await {
                    Ok(answer) => match (answer.state, answer.receipt) {
                        (AttemptState::Done, Some(receipt)) => return self.done(&shop, receipt),
                        (AttemptState::Refused, _) => {
                            let kind = answer.problem.as_deref().and_then(ProblemKind::from_type);
                            return self.settle(&shop, PinState::Refused(kind.unwrap_or(ProblemKind::Internal)));
                        }
                        // It could still arrive, so the next try goes under the same key.
                        _ if not_there == NOT_THERE => return self.show(&shop, PinState::NotArrived),
                        _ => not_there += 1,
                    },
                    // Nobody is signed in any more: asking leads nowhere.
                    Err(ApiError::Problem(ProblemKind::Unauthorized | ProblemKind::Forbidden)) => {
                        return self.show(&shop, PinState::Unknown);
                    }
                    Err(_) => {}
                }
                pause(ASK_AGAIN).await;
            }
        });
    }

    fn is_open_for(self, shop: &str) -> bool {
        self.redemption.shop_id.try_get_untracked().flatten().as_deref() == Some(shop)
    }

    /// Shows where the try stands, unless the sheet is open for another shop by now.
    fn show(self, shop: &str, state: PinState) {
        if self.is_open_for(shop) {
            let _ = self.state.try_set(state);
        }
    }

    /// This request was turned away unheard. If it was the first under its key the next try is another one.
    fn turned_away(self, shop: &str, is_first: bool, state: PinState) {
        if is_first { self.settle(shop, state) } else { self.show(shop, state) }
    }

    /// The outcome is known: the next try is another one.
    fn settle(self, shop: &str, state: PinState) {
        self.host().store.settle_attempt(shop);
        let _ = self.unsettled.try_update_value(|all| all.retain(|(of, _)| of != shop));
        self.show(shop, state);
    }

    fn done(self, shop: &str, receipt: Receipt) {
        let is_open = self.is_open_for(shop);
        self.settle(shop, PinState::Ready);
        let known = self.redemption.shop.try_with_untracked(|shop| shop.as_ref().and_then(Load::value).cloned());
        let name = known.flatten().filter(|shop| shop.id == receipt.shop_id).map(|shop| shop.name);
        let entry = LedgerEntry {
            id: receipt.id,
            shop_id: receipt.shop_id,
            shop_name: name.unwrap_or_default(),
            bill_fen: receipt.bill_fen,
            saved_fen: receipt.saved_fen,
            payable_fen: receipt.payable_fen,
            redeemed_at: receipt.redeemed_at,
            cancelled_at: receipt.cancelled_at,
        };
        self.redemption.results.made_here(entry, is_open);
    }
}
