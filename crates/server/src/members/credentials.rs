//! `POST /v1/credentials`: enrols the requesting device. The previously enrolled device stops working.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use member_domain::{
    CivilDate, CredentialNumber, ProgrammePhase, Totp, ValuePattern,
    wire::{CardState, CredentialAnswer, Jwk, ProblemKind, TotpAlgorithm, TotpDetails},
};
use member_storage::NewCredential;

use super::me::phase;
use crate::{
    http::{
        problem::{ApiError, ApiResult},
        session::SignedInMember,
    },
    members::Members,
    openapi::{
        responses::{ForbiddenOrProgrammeEnded, Internal, NotFound, RateLimited, Unauthorized},
        samples::member,
    },
    secret::{base64url, credential_value, random_bytes},
};

/// Enrol this device for making codes
///
/// Answers with a new credential and makes it the card's only active one. From now on, codes of the
/// previously enrolled device are refused. The request has no body. Every call makes a new credential. So a
/// device does not repeat the call while it has a good credential. After a lost answer it is safe to call
/// again. The member's open pages are notified by the event `credential`.
///
/// It needs a card that is valid today, in a programme that has not ended.
#[utoipa::path(
    post,
    path = "/v1/credentials",
    operation_id = "enrolDevice",
    tag = "redemption",
    security(("memberSession" = []), ("memberBearer" = [])),
    responses(
        (
            status = 201,
            description = "The credential. No other answer contains its key.",
            body = CredentialAnswer,
            headers(("Cache-Control")),
            example = member::credential,
        ),
        Unauthorized,
        ForbiddenOrProgrammeEnded,
        NotFound,
        RateLimited,
        Internal,
    ),
)]
pub(crate) async fn enrol(State(state): State<Members>, member: SignedInMember) -> ApiResult<impl IntoResponse> {
    let now = state.clock.now();
    state
        .enrolments
        .take(member.id.clone(), now)
        .map_err(|wait| wait.problem("too many devices enrolled: wait a while"))?;
    let record = state.database.member(member.id).await?;
    let record = record.ok_or_else(|| ApiError::new(ProblemKind::NotFound, "there is no programme yet"))?;
    let phase = phase(&record, now);
    let card =
        record.card.ok_or_else(|| ApiError::new(ProblemKind::Forbidden, "you have no card to show a code of"))?;
    if phase == ProgrammePhase::Ended {
        return Err(ApiError::new(ProblemKind::ProgrammeEnded, "the programme has ended, cards no longer work"));
    }
    if CardState::as_of(CivilDate::in_shanghai(now), phase, card.valid_from, card.valid_until) != CardState::Active {
        return Err(ApiError::new(ProblemKind::Forbidden, "your card is not valid today"));
    }
    // A credential expires with its card. From the next day on, none of its codes is accepted.
    let expires_at = card.valid_until.plus_days(1).start_in_shanghai();
    let key: [u8; 32] = random_bytes();
    let number = loop {
        let number = CredentialNumber::from_value(credential_value()).expect("credential_value has 10 digits");
        let credential = NewCredential { number: number.clone(), key, period: state.code_period, expires_at };
        if state.database.put_credential(card.number.clone(), credential, now).await? {
            break number;
        }
    };
    let answer = CredentialAnswer {
        value_pattern: ValuePattern::url(&state.public_origin, &number),
        number,
        totp_details: TotpDetails {
            algorithm: TotpAlgorithm::Sha256,
            period_millis: state.code_period,
            value_length: Totp::DIGITS,
        },
        key: Jwk { kty: "oct".to_owned(), alg: "HS256".to_owned(), k: base64url(&key) },
        server_time: now,
        expires_at,
    };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(answer)))
}
