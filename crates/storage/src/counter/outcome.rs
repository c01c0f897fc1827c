//! Attempts to redeem, and their outcomes.

use member_domain::{
    CallerId, Fen, Proof, RedeemedBy, Refusal, UnixMillis,
    wire::{ProblemKind, Receipt, TestReceipt},
};

use super::{attempts::AttemptRecord, test_codes};
use crate::engine::Guard;

/// A request to redeem, from a till, from a paired phone or with a shop's PIN.
#[derive(Clone, Debug)]
pub struct RedemptionAttempt {
    /// The caller: a terminal, or a member at a shop with a PIN.
    pub caller: CallerId,
    /// The means of redemption.
    pub method: RedeemedBy,
    /// The shop at which to redeem.
    pub shop_id: String,
    /// The idempotency key of the request. It is valid for this caller only.
    pub idempotency_key: String,
    /// A hash of the request. It tells a retry from a different request with the same key.
    pub request_hash: [u8; 32],
    /// The proof that the member is present.
    pub proof: Proof,
    /// The bill before the discount, in fen.
    pub bill: Fen,
    /// The id of the redemption, if it is confirmed.
    pub id: String,
    /// When the request was made.
    pub now: UnixMillis,
}

/// The outcome of a request to redeem.
pub enum RedeemOutcome {
    /// The request was judged now.
    Settled(Settled),
    /// The first request with this key was judged earlier. Holds its outcome.
    Repeated(Settled),
    /// An earlier, different request used this key.
    KeyReused,
    /// The caller did not allow the request to be judged, and its key is not known. The request was not
    /// recorded.
    NotJudged,
}

/// A final outcome. Later changes do not alter it.
pub enum Settled {
    /// Redeemed. The receipt also says whether the redemption was cancelled since.
    Redeemed(Receipt),
    /// A valid test code. Nothing was redeemed.
    Tested(TestReceipt),
    /// Refused, for this reason.
    Refused(Refusal),
}

impl RedemptionAttempt {
    /// The guard of writes that judge this attempt or look up its first outcome. Its retries have the same
    /// guard.
    pub(super) fn guard(&self) -> Guard {
        match &self.proof {
            Proof::Code { code, .. } if code.is_test() => test_codes::guard(code),
            Proof::Code { code, .. } => Guard::Credential(code.credential().clone()),
            Proof::Card { member_id } => Guard::Member(member_id.clone()),
        }
    }

    /// Returns the record of this attempt with its outcome.
    pub(super) fn ended(&self, outcome: &RedeemOutcome) -> AttemptRecord {
        let replayed = matches!(outcome, RedeemOutcome::Repeated(_));
        let (outcome, redemption_id) = match outcome {
            RedeemOutcome::Settled(settled) | RedeemOutcome::Repeated(settled) => match settled {
                Settled::Redeemed(receipt) => ("done", Some(receipt.id.clone())),
                Settled::Tested(_) => ("tested", None),
                Settled::Refused(refusal) => (refusal.kind().as_str(), None),
            },
            RedeemOutcome::KeyReused => (ProblemKind::Conflict.as_str(), None),
            RedeemOutcome::NotJudged => (ProblemKind::RateLimited.as_str(), None),
        };
        AttemptRecord { redemption_id, replayed, ..self.record(outcome) }
    }

    /// Returns the record of an attempt whose outcome does not come from
    /// [`Database::redeem`](crate::Database::redeem).
    pub fn record(&self, outcome: &'static str) -> AttemptRecord {
        AttemptRecord {
            idempotency_key: Some(self.idempotency_key.clone()),
            credential_number: match &self.proof {
                Proof::Code { code, .. } => Some(code.credential().as_str().to_owned()),
                Proof::Card { .. } => None,
            },
            bill: Some(self.bill),
            ..AttemptRecord::new(self.now, self.shop_id.clone(), self.method, self.caller, outcome)
        }
    }
}
