//! `GET /v1/me`

use axum::{Json, extract::State};
use member_domain::{
    CivilDate, CredentialNumber, ProgrammePhase, ProgrammeSchedule, UnixMillis, mask_card_number, mask_name,
    wire::{Card, CardState, CredentialStatus, MeAnswer, Member, Payoff, ProblemKind, Programme},
};
use member_storage::MemberRecord;

use crate::{
    http::{
        problem::{ApiError, ApiResult},
        session::SignedInMember,
    },
    members::Members,
    openapi::{
        responses::{Internal, NotFound, RateLimited, Unauthorized},
        samples::member,
    },
};

/// Everything the first paint needs
///
/// Programme, card, payoff, refund and credential status in one answer, all as of `serverTime`. For a member
/// with several cards, this is the card that is valid longest, and its programme. For a member without a
/// card, the programme is the newest one that has no announced end, otherwise the newest one.
#[utoipa::path(
    get,
    path = "/v1/me",
    operation_id = "getMe",
    tag = "member",
    security(("memberSession" = []), ("memberBearer" = [])),
    responses(
        (status = 200, description = "The member's state.", body = MeAnswer, examples(
            ("active" = (
                summary = "A card in the middle of its year, a device enrolled",
                value = json!(member::active())
            )),
            ("refunding" = (
                summary = "The programme has ended and the refund is on its way",
                value = json!(member::refunding())
            )),
            ("withoutCard" = (summary = "Signed in, no card", value = json!(member::without_card()))),
        )),
        Unauthorized,
        NotFound,
        RateLimited,
        Internal,
    ),
)]
pub(crate) async fn show(State(state): State<Members>, member: SignedInMember) -> ApiResult<Json<MeAnswer>> {
    let now = state.clock.now();
    let record = state.database.member(member.id.clone()).await?;
    let record = record
        .ok_or_else(|| ApiError::new(ProblemKind::NotFound, "there is no programme yet: the operator creates one"))?;
    let refund = state.database.member_refund(member.id).await?;
    let phase = phase(&record, now);
    let card = record.card.as_ref().map(|card| Card {
        number_masked: mask_card_number(&card.number),
        state: CardState::as_of(CivilDate::in_shanghai(now), phase, card.valid_from, card.valid_until),
        valid_from: card.valid_from,
        valid_until: card.valid_until,
        cities: card.cities.clone(),
        paid_fen: card.paid,
    });
    let payoff = card.is_some().then(|| Payoff {
        saved_fen: record.months.iter().map(|month| month.saved_fen).sum(),
        redemptions: record.months.iter().map(|month| month.redemptions).sum(),
        months: record.months,
    });
    let credential = match record.credential_number.map(CredentialNumber::try_from) {
        Some(Ok(number)) => CredentialStatus::Active { number },
        _ => CredentialStatus::None,
    };
    let programme = Programme {
        id: record.programme.id,
        name: record.programme.name,
        name_en: record.programme.name_en,
        price_fen: record.programme.price,
        phase,
        last_day: record.programme.last_day,
        refund_rule: record.programme.refund_rule,
        announcement: record.programme.announcement,
        support: record.programme.support,
    };
    let member = Member { name_masked: mask_name(&record.name) };
    Ok(Json(MeAnswer {
        server_time: now,
        offline_millis: state.offline_millis,
        member,
        programme,
        card,
        payoff,
        refund,
        credential,
    }))
}

pub(crate) fn phase(record: &MemberRecord, now: UnixMillis) -> ProgrammePhase {
    ProgrammeSchedule { last_day: record.programme.last_day }.phase_at(now)
}
