//! `GET /v1/redemptions`; `POST /v1/shops/{id}/redemptions` with a shop's PIN; `GET
//! /v1/redemptions/attempts/{key}`.

use gloo_net::http::Method;
use js_sys::{JSON, Object, Reflect};
use member_domain::{
    Fen,
    wire::{AttemptAnswer, LedgerPage, ProblemKind, Receipt},
};

use super::{Answer, Api, ApiError, Call, PinRefusal, Refusal, decode, percent_encode};

const LEDGER_FILE: &str = "/v1/redemptions.csv";

impl Api {
    /// Requests the newest page of the member's ledger.
    pub async fn latest_redemptions(self) -> Result<Answer<LedgerPage>, ApiError> {
        Answer::read(self.request(Method::GET, "/v1/redemptions").await?)
    }

    /// Requests the page of the ledger that follows this cursor.
    pub async fn earlier_redemptions(self, cursor: &str) -> Result<LedgerPage, ApiError> {
        self.get(&format!("/v1/redemptions?cursor={}", percent_encode(cursor))).await
    }

    /// Redeems at a shop by its PIN. The idempotency key `key` prevents a second redemption.
    pub async fn redeem_by_pin(self, shop: &str, key: &str, pin: &str, bill: Fen) -> Result<Receipt, PinRefusal> {
        let body = Object::new();
        #[expect(clippy::cast_precision_loss, reason = "amounts are below 2^53 fen")]
        let fen = bill.0 as f64;
        let _ = Reflect::set(&body, &"pin".into(), &pin.into());
        let _ = Reflect::set(&body, &"billFen".into(), &fen.into());
        let path = format!("/v1/shops/{}/redemptions", percent_encode(shop));
        let body = JSON::stringify(&body).ok().map(Into::into);
        let answer = self
            .send(Call {
                method: Method::POST,
                path: &path,
                accept: super::JSON,
                idempotency_key: Some(key),
                body,
                is_secret: false,
            })
            .await;
        answer.map_err(pin_refusal).and_then(|json| decode(json).map_err(PinRefusal::Other))
    }

    /// Returns the link to the whole ledger as a file. `None` for a page with tokens: a link cannot carry
    /// one.
    pub fn ledger_address(self) -> Option<String> {
        let base = self.connection().map(|connection| (!connection.uses_token()).then(|| connection.base.clone()));
        base.flatten().map(|base| base + LEDGER_FILE)
    }

    /// Requests the whole ledger as CSV.
    pub async fn ledger_file(self) -> Result<String, ApiError> {
        let Some(connection) = self.connection() else { return Err(ApiError::Unreachable) };
        let call = Call {
            method: Method::GET,
            path: LEDGER_FILE,
            accept: "text/csv",
            idempotency_key: None,
            body: None,
            is_secret: false,
        };
        connection.send_for_text(&call).await.map(String::from).map_err(|refusal| refusal.error)
    }

    /// Requests the outcome of the attempt with this idempotency key.
    pub async fn attempt(self, key: &str) -> Result<AttemptAnswer, ApiError> {
        self.get(&format!("/v1/redemptions/attempts/{}", percent_encode(key))).await
    }
}

fn pin_refusal(Refusal { error, problem }: Refusal) -> PinRefusal {
    let problem = problem.as_ref();
    match error {
        ApiError::Problem(ProblemKind::RateLimited) => {
            PinRefusal::Locked(problem.and_then(|problem| problem.retry_after).unwrap_or(60))
        }
        ApiError::Problem(ProblemKind::InvalidRequest)
            if problem.and_then(|problem| problem.field.as_deref()) == Some("pin") =>
        {
            PinRefusal::Wrong(problem.and_then(|problem| problem.tries_left).unwrap_or(0))
        }
        other => PinRefusal::Other(other),
    }
}
