//! Redeems and cancels at a shop's counter. The API's calls and the staff pages both use this module, so that
//! the same limits and records apply to all requests.

use std::{sync::Arc, time::Duration};

use member_domain::{
    CallerId, Fen, Proof, RedeemedBy, RedemptionCode, Refusal, UnixMillis,
    wire::{ProblemKind, Receipt, TestReceipt},
};
use member_storage::{
    AttemptRecord, CancelOutcome, Cancellation, Database, PinSettled, PinTry, RedeemOutcome, RedemptionAttempt,
    Settled, StorageResult,
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

/// The largest bill: 100,000 yuan. A larger bill is a typing error.
const MAX_BILL: Fen = Fen(10_000_000);

/// How often to check whether counts of rate-limited attempts are due to be recorded.
const LOOK: Duration = Duration::from_secs(1);

/// The caller, the method and the shop of a request.
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
    /// Returns the desk of a member on whose phone the shop's PIN is entered.
    pub(crate) fn of_member(member_id: &str, shop_id: String) -> Self {
        Self { caller: caller_of_member(member_id), method: RedeemedBy::Pin, shop_id }
    }

    /// Returns a record of an attempt at this desk that has only an outcome.
    fn record(&self, outcome: ProblemKind, now: UnixMillis) -> AttemptRecord {
        AttemptRecord::new(now, self.shop_id.clone(), self.method, self.caller, outcome.as_str())
    }

    /// Counts a rate-limited attempt, and returns the error for its caller.
    pub(crate) fn turned_away(&self, state: &Counter, wait: Wait, detail: &str, now: UnixMillis) -> ApiError {
        state.limits.count_refused(self.record(ProblemKind::RateLimited, now));
        wait.problem(detail)
    }
}

/// A well-formed request to redeem.
pub(crate) struct RedeemRequest {
    pub(crate) idempotency_key: String,
    pub(crate) proof: Proof,
    pub(crate) bill: Fen,
}

impl RedeemRequest {
    /// Returns a hash that distinguishes a retry from another request with the same idempotency key. The PIN
    /// is not part of it: a retry must not test a PIN.
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

/// Returns the bill if it is from 1 fen to `MAX_BILL`.
pub(crate) fn checked_bill(bill: Fen) -> ApiResult<Fen> {
    let valid = (Fen(1)..=MAX_BILL).contains(&bill);
    let wrong = || ApiError::field("billFen", format!("a whole number of fen from 1 to {}", MAX_BILL.0));
    valid.then_some(bill).ok_or_else(wrong)
}

/// Counts a request at this desk, or returns the error that requests come too fast. Call it first, once for
/// each request.
pub(crate) fn admit(state: &Counter, desk: &Desk) -> ApiResult<()> {
    let now = state.clock.now();
    let too_fast = "too many requests at once: slow down";
    state.paces.admit(desk.caller, now).map_err(|wait| desk.turned_away(state, wait, too_fast, now))
}

/// How often a try at a PIN waits for pending ones.
const PIN_TURNS: u32 = 40;
/// How long a try waits each time.
const PIN_TURN: Duration = Duration::from_millis(200);
const SHOP_LOCKED: &str = "too many wrong PINs: this shop's PIN is locked for a while, use the code instead";
const MEMBER_LOCKED: &str = "you entered too many wrong PINs: no PIN is taken from you for a day, use the code instead";
const PINS_PENDING: &str = "other PINs are being checked at this shop: try again in a second";

pub(crate) const TOO_MANY_GUESSES: &str = "too many codes that no card has: wait, then scan the member's code again";

/// Records a malformed request to redeem.
pub(crate) async fn record_malformed(state: &Counter, desk: &Desk) -> ApiResult<()> {
    let record = desk.record(ProblemKind::InvalidRequest, state.clock.now());
    Ok(state.database.record_attempts(vec![record]).await?)
}

/// Counts and records a paired phone's scan whose digits are not a code.
pub(crate) async fn refuse_scan(state: &Counter, desk: &Desk, digits: &str) -> ApiResult<()> {
    admit(state, desk)?;
    let now = state.clock.now();
    state
        .limits
        .guess_no_code(desk.caller, now)
        .map_err(|wait| desk.turned_away(state, wait, TOO_MANY_GUESSES, now))?;
    let record = desk.record(ProblemKind::InvalidRequest, now);
    Ok(state.database.record_unreadable_scan(record, digits.to_owned()).await?)
}

/// The result of a successful request.
pub(crate) enum Done {
    Redeemed(Receipt),
    /// The code was a test code. Nothing was redeemed.
    Tested(TestReceipt),
}

/// Redeems, or returns the answer to the first request with this idempotency key.
pub(crate) async fn redeem(state: &Counter, desk: Desk, request: RedeemRequest) -> ApiResult<Done> {
    let attempt = request.attempt(desk.clone(), state.clock.now());
    redeem_attempt(state, &desk, attempt).await
}

/// Runs `judged`, which judges a code that a paired phone has scanned, unless this desk has guessed too many
/// codes. The second value of `judged` is `true` if no credential makes the code. The judgement completes
/// even if the caller disconnects.
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

/// Redeems in a task that completes even if the caller disconnects, so that every guess counts.
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

/// Redeems for the member in person, if `pin` is the shop's PIN. A retry gets the first answer, without a
/// check of the PIN. The redemption completes even if the caller disconnects, so that every counted PIN try
/// is recorded.
pub(crate) async fn redeem_by_pin(
    state: &Counter,
    desk: Desk,
    member_id: String,
    request: RedeemRequest,
    pin: Pin,
) -> ApiResult<Done> {
    let state = state.clone();
    let task = tokio::spawn(async move { redeem_by_pin_to_the_end(&state, desk, member_id, request, pin).await });
    task.await.map_err(|_| ApiError::Internal)?
}

async fn redeem_by_pin_to_the_end(
    state: &Counter,
    desk: Desk,
    member_id: String,
    request: RedeemRequest,
    pin: Pin,
) -> ApiResult<Done> {
    let now = state.clock.now();
    let attempt = request.attempt(desk.clone(), now);
    if let Some(earlier) = state.database.answer_again(attempt.clone()).await? {
        return answer(earlier);
    }
    let forbidden = |detail: &str| ApiError::new(ProblemKind::Forbidden, detail);
    let refused = attempt.record(ProblemKind::Forbidden.as_str());
    let (id, hash) = match begin_pin_try(state, &desk, &member_id, now).await? {
        PinTry::Granted { id, hash } => (id, hash),
        PinTry::Undecided => return Err(desk.turned_away(state, Wait::until(now, now), PINS_PENDING, now)),
        PinTry::ShopLocked(until) => return Err(desk.turned_away(state, Wait::until(until, now), SHOP_LOCKED, now)),
        PinTry::MemberLocked(until) => {
            return Err(desk.turned_away(state, Wait::until(until, now), MEMBER_LOCKED, now));
        }
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
    let settled = match is_right(state, pin, hash.clone()).await {
        Ok(right) => {
            let wrong = attempt.record(ProblemKind::InvalidRequest.as_str());
            state.database.settle_pin_try(id, right.then_some(hash), wrong).await
        }
        Err(error) => {
            state.database.drop_pin_try(id).await?;
            return Err(error);
        }
    };
    state.pins_settled.notify_waiters();
    match settled? {
        PinSettled::Right => redeem_attempt(state, &desk, attempt).await,
        PinSettled::Wrong { tries_left, locked_until, guessed_at } => {
            if let Some(shops) = guessed_at {
                tracing::warn!(shops, "a member entered too many wrong PINs and may try none for a day");
            }
            if tries_left == 0 {
                Err(Wait::until(locked_until, now).problem(SHOP_LOCKED))
            } else {
                Err(ApiError::WrongPin { tries_left })
            }
        }
    }
}

/// Begins a member's try at a shop's PIN. Waits for pending tries, so that a right PIN is not refused because other
/// tries may be wrong.
async fn begin_pin_try(state: &Counter, desk: &Desk, member_id: &str, now: UnixMillis) -> ApiResult<PinTry> {
    for _ in 0..PIN_TURNS {
        let mut settled = std::pin::pin!(state.pins_settled.notified());
        // Enabled before the query, so that a try that is settled after the query wakes this one.
        settled.as_mut().enable();
        let (shop_id, member_id) = (desk.shop_id.clone(), member_id.to_owned());
        match state.database.begin_pin_try(shop_id, member_id, desk.caller, now).await? {
            PinTry::Undecided => {}
            decided => return Ok(decided),
        }
        // Another process may settle the pending try, so the wait has an end.
        let _ = tokio::time::timeout(PIN_TURN, settled).await;
    }
    Ok(PinTry::Undecided)
}

/// Compares a PIN with a hash on a blocking thread. `pin_checks` limits concurrent comparisons, because each
/// takes 19 MiB.
async fn is_right(state: &Counter, pin: Pin, hash: String) -> ApiResult<bool> {
    let _permit = state.pin_checks.acquire().await.map_err(|_| ApiError::Internal)?;
    let compared = tokio::task::spawn_blocking(move || pin.verify(&hash)).await;
    compared.map_err(|_| ApiError::Internal)?.map_err(|error| {
        tracing::error!(%error, "cannot compare a shop's PIN");
        ApiError::Internal
    })
}

/// Cancels a redemption of this desk's shop.
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

/// Records the numbers of rate-limited attempts, minute by minute, until the process ends.
pub(crate) async fn write_refused_when_due(database: Database, limits: Arc<Limits>, clock: Clock) {
    loop {
        tokio::time::sleep(LOOK).await;
        let due = limits.take_refused_due(clock.now());
        if let Err(error) = write_refused(&database, due).await {
            tracing::error!(%error, "cannot record rate-limited attempts");
        }
    }
}

/// Writes these records, if there are any.
pub(crate) async fn write_refused(database: &Database, refused: Vec<AttemptRecord>) -> StorageResult<()> {
    if refused.is_empty() { Ok(()) } else { database.record_attempts(refused).await }
}
