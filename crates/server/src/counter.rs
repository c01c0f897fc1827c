//! What happens at a shop's counter, whichever way a request arrives there: the API's calls and the staff's pages go
//! through here.

use member_domain::{
    Fen,
    wire::{ProblemKind, Receipt},
};
use sha2::{Digest, Sha256};

use crate::{
    problem::{ApiError, ApiResult, refusal},
    redeeming::{CallerId, Proof, RedeemedBy},
    secret::receipt_number,
    serve::AppState,
    storage::{RedeemOutcome, RedemptionAttempt},
};

/// The largest bill anybody may enter: 100,000 yuan. More is a typing error.
const MAX_BILL: Fen = Fen(10_000_000);

/// A request to redeem, read and well-formed.
pub(crate) struct RedeemRequest {
    pub(crate) caller: CallerId,
    pub(crate) method: RedeemedBy,
    pub(crate) shop_id: String,
    pub(crate) idempotency_key: String,
    pub(crate) proof: Proof,
    pub(crate) bill: Fen,
}

impl RedeemRequest {
    /// Tells a retry from another request under the same key. No PIN goes into it: a retry must not test one.
    fn hash(&self) -> [u8; 32] {
        let hasher = Sha256::new();
        let hasher = match &self.proof {
            Proof::Code { code, .. } => hasher.chain_update(code.to_digits()),
            Proof::Card { .. } => hasher.chain_update(&self.shop_id).chain_update([0]),
        };
        hasher.chain_update(self.bill.0.to_be_bytes()).finalize().into()
    }
}

/// The bill, if it is one that a shop may enter.
pub(crate) fn checked_bill(bill: Fen) -> ApiResult<Fen> {
    let valid = (Fen(1)..=MAX_BILL).contains(&bill);
    valid
        .then_some(bill)
        .ok_or_else(|| ApiError::field("billFen", format!("a whole number of fen from 1 to {}", MAX_BILL.0)))
}

/// Redeems, or answers what the first request under this key was answered.
pub(crate) async fn redeem(state: &AppState, request: RedeemRequest) -> ApiResult<Receipt> {
    let attempt = RedemptionAttempt {
        request_hash: request.hash(),
        caller: request.caller,
        method: request.method,
        shop_id: request.shop_id,
        idempotency_key: request.idempotency_key,
        proof: request.proof,
        bill: request.bill,
        id: receipt_number(),
        now: state.clock.now(),
    };
    match state.database.redeem(attempt).await? {
        RedeemOutcome::Confirmed(receipt) => Ok(receipt),
        RedeemOutcome::Refused(why) => Err(refusal(why)),
        RedeemOutcome::KeyReused => Err(ApiError::new(
            ProblemKind::Conflict,
            "this Idempotency-Key was used for another request: use a new key for a new redemption",
        )),
    }
}
