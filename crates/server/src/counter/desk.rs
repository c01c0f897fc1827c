//! What happens at a shop's counter, whichever way a request arrives there: the API's calls and the staff's pages go
//! through here, so that limits and records are the same for all.

use std::{sync::Arc, time::Duration};

use member_domain::{
    CallerId, Fen, Proof, RedeemedBy, RedemptionCode, Refusal, UnixMillis,
    wire::{ProblemKind, Receipt, TestReceipt},
};
use member_storage::{
    AttemptRecord, CancelOutcome, Cancellation, Database, PinTry, RedeemOutcome, RedemptionAttempt, Settled,
    StorageResult,
};
use sha2::{Digest, Sha256};

use super::{
    Counter,
    limits::Limits,
    pin::Pin,
    rules::{TotpRules, caller_of_member},
};
use crate::{
    clock::Clock,
    http::{
        problem::{ApiError, ApiResult, refusal},
        rate::Wait,
        session::Terminal,
    },
    secret::receipt_number,
};

/// The largest bill anybody may enter: 100,000 yuan. More is a typing error.
const MAX_BILL: Fen = Fen(10_000_000);

/// How often counts of attempts that a limit turned away are looked at for writing down.
const LOOK: Duration = Duration::from_secs(1);

/// Who asks, by what, and at which shop.
#[derive(Clone, Debug)]
pub(crate) struct Desk {
    pub(crate) caller: CallerId,
    pub(crate) method: RedeemedBy,
    pub(crate) shop_id: String,
}

impl From<Terminal> for Desk {
    fn from(terminal: Terminal) -> Self {
        Self { caller: terminal.token.into(), method: terminal.kind, shop_id: terminal.shop_id }
    }
}

impl Desk {
    /// The member at a shop where the PIN is entered on the member's phone.
    pub(crate) fn of_member(member_id: &str, shop_id: String) -> Self {
        Self { caller: caller_of_member(member_id), method: RedeemedBy::Pin, shop_id }
    }

    /// A record of an attempt here that said nothing more.
    fn record(&self, outcome: ProblemKind, now: UnixMillis) -> AttemptRecord {
        AttemptRecord::new(now, self.shop_id.clone(), self.method, self.caller, outcome.as_str())
    }

    /// Remembers that a limit turned an attempt away, and answers so.
    pub(crate) fn turned_away(&self, state: &Counter, wait: Wait, detail: &str, now: UnixMillis) -> ApiError {
        state.limits.count_refused(self.record(ProblemKind::RateLimited, now));
        wait.problem(detail)
    }
}

/// A request to redeem, read and well-formed.
pub(crate) struct RedeemRequest {
    pub(crate) idempotency_key: String,
    pub(crate) proof: Proof,
    pub(crate) bill: Fen,
}

impl RedeemRequest {
    /// Tells a retry from another request under the same key. No PIN goes into it: a retry must not test one.
    fn hash(&self, desk: &Desk) -> [u8; 32] {
        let hasher = match &self.proof {
            Proof::Code { code, .. } => Sha256::new().chain_update(code.to_digits()),
            Proof::Card { .. } => Sha256::new().chain_update(&desk.shop_id).chain_update([0]),
        };
        hasher.chain_update(self.bill.0.to_be_bytes()).finalize().into()
    }

    fn attempt(self, desk: Desk, now: UnixMillis) -> RedemptionAttempt {
        RedemptionAttempt {
            request_hash: self.hash(&desk),
            caller: desk.caller,
            method: desk.method,
            shop_id: desk.shop_id,
            idempotency_key: self.idempotency_key,
            proof: self.proof,
            bill: self.bill,
            id: receipt_number(),
            now,
        }
    }
}

/// The bill, if it is one that a shop may enter.
pub(crate) fn checked_bill(bill: Fen) -> ApiResult<Fen> {
    let valid = (Fen(1)..=MAX_BILL).contains(&bill);
    let wrong = || ApiError::field("billFen", format!("a whole number of fen from 1 to {}", MAX_BILL.0));
    valid.then_some(bill).ok_or_else(wrong)
}

/// Counts a request at this desk, or answers that they come too fast. To be called first, once a request.
pub(crate) fn admit(state: &Counter, desk: &Desk) -> ApiResult<()> {
    let now = state.clock.now();
    let too_fast = "too many requests at once: slow down";
    state.paces.admit(desk.caller, now).map_err(|wait| desk.turned_away(state, wait, too_fast, now))
}

pub(crate) const TOO_MANY_GUESSES: &str = "too many codes that no card has: wait, then scan the member's code again";

/// Records a request to redeem that could not be read.
pub(crate) async fn record_malformed(state: &Counter, desk: &Desk) -> ApiResult<()> {
    let record = desk.record(ProblemKind::InvalidRequest, state.clock.now());
    Ok(state.database.record_attempts(vec![record]).await?)
}

/// Counts and records a paired phone's scan of digits that are no code.
pub(crate) async fn refuse_scan(state: &Counter, desk: &Desk, digits: &str) -> ApiResult<()> {
    admit(state, desk)?;
    let record = desk.record(ProblemKind::InvalidRequest, state.clock.now());
    Ok(state.database.record_unreadable_scan(record, digits.to_owned()).await?)
}

/// What a request that stood has done.
pub(crate) enum Done {
    Redeemed(Receipt),
    /// It was a test code: nothing was redeemed.
    Tested(TestReceipt),
}

/// Redeems, or answers what the first request under this key was answered.
pub(crate) async fn redeem(state: &Counter, desk: Desk, request: RedeemRequest) -> ApiResult<Done> {
    let attempt = request.attempt(desk.clone(), state.clock.now());
    redeem_attempt(state, &desk, attempt).await
}

/// Has a code judged that a paired phone has scanned, unless this desk guesses too many. `judged` answers also whether no
/// credential makes the code. Goes on to its end when the caller hangs up.
pub(crate) async fn guess<T: Send + 'static>(
    state: &Counter,
    desk: &Desk,
    code: RedemptionCode,
    judged: impl Future<Output = StorageResult<(T, bool)>> + Send + 'static,
) -> ApiResult<T> {
    let now = state.clock.now();
    let leave = state.limits.leave_to_guess(desk.caller, code.credential(), now).await;
    let leave = leave.map_err(|wait| desk.turned_away(state, wait, TOO_MANY_GUESSES, now))?;
    let task = tokio::spawn(async move {
        let (answer, is_unknown) = judged.await?;
        if is_unknown {
            leave.wrong(now);
        }
        Ok(answer)
    });
    task.await.map_err(|_| ApiError::Internal)?
}

/// Goes on to its end when the caller hangs up: a guess counts whether or not anybody waits for the answer.
async fn redeem_attempt(state: &Counter, desk: &Desk, attempt: RedemptionAttempt) -> ApiResult<Done> {
    let (state, desk) = (state.clone(), desk.clone());
    let task = tokio::spawn(async move { redeem_to_the_end(&state, &desk, attempt).await });
    task.await.map_err(|_| ApiError::Internal)?
}

async fn redeem_to_the_end(state: &Counter, desk: &Desk, attempt: RedemptionAttempt) -> ApiResult<Done> {
    let now = attempt.now;
    let leave = match &attempt.proof {
        Proof::Code { code, .. } => state.limits.leave_to_guess(desk.caller, code.credential(), now).await.map(Some),
        Proof::Card { .. } => Ok(None),
    };
    let may_be_judged = leave.is_ok();
    let turned_away = if may_be_judged { state.limits.take_refused_of(desk.caller, now) } else { Vec::new() };
    let outcome = state.database.redeem(attempt, TotpRules, may_be_judged, turned_away.clone()).await;
    if outcome.is_err() {
        for record in turned_away {
            state.limits.count_refused(record);
        }
    }
    let outcome = outcome?;
    match leave {
        Err(wait) if matches!(outcome, RedeemOutcome::NotJudged) => {
            return Err(desk.turned_away(state, wait, TOO_MANY_GUESSES, now));
        }
        Ok(Some(leave)) if matches!(outcome, RedeemOutcome::Settled(Settled::Refused(Refusal::CodeUnknown))) => {
            leave.wrong(now);
        }
        _ => {}
    }
    answer(outcome)
}

fn answer(outcome: RedeemOutcome) -> ApiResult<Done> {
    match outcome {
        RedeemOutcome::Settled(settled) | RedeemOutcome::Repeated(settled) => match settled {
            Settled::Redeemed(receipt) => Ok(Done::Redeemed(receipt)),
            Settled::Tested(test) => Ok(Done::Tested(test)),
            Settled::Refused(why) => Err(refusal(why)),
        },
        RedeemOutcome::KeyReused => Err(ApiError::new(
            ProblemKind::Conflict,
            "this Idempotency-Key was used for another request: use a new key for a new redemption",
        )),
        RedeemOutcome::NotJudged => Err(ApiError::Internal),
    }
}

/// Redeems for the member in person, if `pin` is the shop's. A retry is answered before any PIN is looked at. Goes on to
/// its end when the caller hangs up: a try that counts is recorded.
pub(crate) async fn redeem_by_pin(state: &Counter, desk: Desk, request: RedeemRequest, pin: Pin) -> ApiResult<Done> {
    let state = state.clone();
    let task = tokio::spawn(async move { redeem_by_pin_to_the_end(&state, desk, request, pin).await });
    task.await.map_err(|_| ApiError::Internal)?
}

async fn redeem_by_pin_to_the_end(state: &Counter, desk: Desk, request: RedeemRequest, pin: Pin) -> ApiResult<Done> {
    let now = state.clock.now();
    let attempt = request.attempt(desk.clone(), now);
    if let Some(earlier) = state.database.answer_again(attempt.clone()).await? {
        return answer(earlier);
    }
    let locked = "too many wrong PINs: this shop's PIN is locked for a while, use the code instead";
    let forbidden = |detail: &str| ApiError::new(ProblemKind::Forbidden, detail);
    let refused = attempt.record(ProblemKind::Forbidden.as_str());
    let granted = state.database.reserve_pin_try(desk.shop_id.clone(), now).await?;
    let (hash, tries_left, locked_until) = match granted {
        PinTry::Granted { hash, tries_left, locked_until } => (hash, tries_left, locked_until),
        PinTry::Locked(until) => return Err(desk.turned_away(state, Wait::until(until, now), locked, now)),
        PinTry::NoShop => return Err(ApiError::new(ProblemKind::NotFound, "there is no such shop")),
        PinTry::NoPin => {
            state.database.record_attempts(vec![refused]).await?;
            return Err(forbidden("this shop takes no PIN: have the staff scan the code"));
        }
        PinTry::ShopLeft => {
            state.database.record_attempts(vec![refused]).await?;
            return Err(refusal(Refusal::ShopLeft));
        }
    };
    let wrong_is = if tries_left == 0 { ProblemKind::RateLimited } else { ProblemKind::InvalidRequest };
    let right = is_right(state, pin, hash.clone()).await?;
    let wrong = attempt.record(wrong_is.as_str());
    if state.database.settle_pin_try(desk.shop_id.clone(), right.then_some(hash), wrong).await? {
        redeem_attempt(state, &desk, attempt).await
    } else if tries_left == 0 {
        Err(Wait::until(locked_until, now).problem(locked))
    } else {
        Err(ApiError::WrongPin { tries_left })
    }
}

/// Compares a PIN with a hash, on a blocking thread and not many at once: each takes 19 MiB.
async fn is_right(state: &Counter, pin: Pin, hash: String) -> ApiResult<bool> {
    let _permit = state.pin_checks.acquire().await.map_err(|_| ApiError::Internal)?;
    let compared = tokio::task::spawn_blocking(move || pin.verify(&hash)).await;
    compared.map_err(|_| ApiError::Internal)?.map_err(|error| {
        tracing::error!(%error, "a shop's PIN cannot be compared");
        ApiError::Internal
    })
}

/// Takes a redemption of this desk's shop back.
pub(crate) async fn cancel(state: &Counter, desk: &Desk, redemption_id: String) -> ApiResult<Receipt> {
    let wish = Cancellation {
        redemption_id,
        shop_id: desk.shop_id.clone(),
        caller: desk.caller,
        method: desk.method,
        now: state.clock.now(),
    };
    match state.database.cancel(wish).await? {
        CancelOutcome::Cancelled(receipt) => Ok(receipt),
        CancelOutcome::Unknown => Err(ApiError::new(ProblemKind::NotFound, "this shop has no such redemption")),
        CancelOutcome::TooLate => Err(ApiError::new(
            ProblemKind::Conflict,
            "a redemption can be taken back for ten minutes only: settle it with the member, and tell the operator",
        )),
    }
}

/// Writes down, minute by minute, how many attempts the limits turned away, until the process ends.
pub(crate) async fn write_refused_when_due(database: Database, limits: Arc<Limits>, clock: Clock) {
    loop {
        tokio::time::sleep(LOOK).await;
        let due = limits.take_refused_due(clock.now());
        if let Err(error) = write_refused(&database, due).await {
            tracing::error!(%error, "cannot record the attempts that a limit turned away");
        }
    }
}

/// Writes these records, if there are any.
pub(crate) async fn write_refused(database: &Database, refused: Vec<AttemptRecord>) -> StorageResult<()> {
    if refused.is_empty() { Ok(()) } else { database.record_attempts(refused).await }
}
