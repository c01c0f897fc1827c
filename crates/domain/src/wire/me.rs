//! `GET /v1/me`: one answer with all data of the first paint.

use serde::{Deserialize, Serialize};

use super::Refund;
use crate::{
    City, CivilDate, Fen, PayoffTerms, ProgrammePhase, ProgrammeSchedule, RefundRule, UnixMillis, described::described,
};

/// The complete state of the member at `serverTime`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Me))]
pub struct MeAnswer {
    /// The server's time when it wrote this answer. The page's clock continues from this time.
    pub server_time: UnixMillis,
    /// How long after this answer a page that cannot reach the server may show codes, in milliseconds. If the
    /// field is absent, 72 hours.
    #[serde(default = "three_days")]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, default = three_days))]
    pub offline_millis: i64,
    /// The member who is signed in.
    pub member: Member,
    /// The programme for which the member can have a card.
    pub programme: Programme,
    /// The member's card; `null` for a member without a card.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub card: Option<Card>,
    /// The savings of the card so far; `null` exactly if `card` is `null`.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub payoff: Option<Payoff>,
    /// The refund of the card's price; `null` until a refund is decided.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub refund: Option<Refund>,
    /// Whether a device is enrolled for the card's codes.
    pub credential: CredentialStatus,
}

impl MeAnswer {
    /// This answer as of `today`: recomputes the states that depend on dates. A page can stay open past
    /// midnight.
    pub fn as_of(mut self, today: CivilDate) -> Self {
        let phase = ProgrammeSchedule { last_day: self.programme.last_day }.phase_on(today);
        self.programme.phase = phase;
        // A card that the backend calls ended stays ended, independent of its dates.
        if let Some(card) = self.card.as_mut().filter(|card| card.state != CardState::Ended) {
            card.state = CardState::as_of(today, phase, card.valid_from, card.valid_until);
        }
        self
    }

    /// The last day on which the card works: the earlier of its own last day and the programme's.
    pub fn last_day(&self) -> Option<CivilDate> {
        let card = self.card.as_ref()?;
        Some(self.programme.last_day.map_or(card.valid_until, |last_day| last_day.min(card.valid_until)))
    }

    /// The facts that decide whether the card pays for itself.
    pub fn payoff_terms(&self) -> Option<PayoffTerms> {
        let (card, payoff) = (self.card.as_ref()?, self.payoff.as_ref()?);
        Some(PayoffTerms {
            paid: card.paid_fen,
            saved: payoff.saved_fen,
            redemptions: payoff.redemptions,
            first_day: card.valid_from,
            last_day: self.last_day()?,
            refund: self.card_refund().map(|refund| (refund.amount_fen, refund.state)),
        })
    }

    /// The refund of this card's price, if a refund is decided.
    pub fn card_refund(&self) -> Option<&Refund> {
        self.refund.as_ref().filter(|refund| !refund.of_earlier_card)
    }

    /// Whether an announced end refunds nothing for this card: because of the programme's rule, or because
    /// nothing was paid.
    pub fn refunds_nothing(&self) -> bool {
        let (Some(card), Some(last_day)) = (&self.card, self.programme.last_day) else { return false };
        let share = self.programme.refund_rule.split(card.paid_fen, card.valid_from, card.valid_until, last_day);
        self.card_refund().is_none() && share.refund <= Fen(0)
    }
}

/// The default of `offline_millis`, for a backend that does not send it: 72 hours.
const fn three_days() -> i64 {
    259_200_000
}

/// The data of the signed-in member that the page needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// The first character of the name and `*`, however long the name is; `*` alone if there is no name.
    #[cfg_attr(feature = "openapi", schema(examples("林*")))]
    pub name_masked: String,
}

/// The programme of the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Programme {
    /// The stable id.
    pub id: String,
    /// The name in Chinese.
    pub name: String,
    /// The name in English; `null` if the operator gave none.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub name_en: Option<String>,
    /// The price of a card for a year, in fen.
    pub price_fen: Fen,
    /// The phase of the programme today.
    pub phase: ProgrammePhase,
    /// The last day on which cards work; `null` while no end is announced.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_day: Option<CivilDate>,
    /// The refund rule for the end of the programme.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(default = "full"))]
    pub refund_rule: RefundRule,
    /// The operator's announcement of the end; absent until it is published.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub announcement: Option<Announcement>,
    /// The support contact for members; absent if the operator gave none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub support: Option<Support>,
}

/// The operator's full announcement that the programme ends. It is plain text, never HTML. An empty line
/// separates paragraphs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Announcement {
    /// The date of the announcement.
    pub dated: CivilDate,
    /// The text in Chinese.
    pub text: String,
    /// The text in English; absent if the operator gave none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub text_en: Option<String>,
}

/// The support contact for members. At least one of the two fields is present.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(min_properties = 1))]
pub struct Support {
    /// An address of the operator. It starts with `https://`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false, pattern = "^https://"))]
    pub url: Option<String>,
    /// A phone number: digits, spaces, hyphens, and optionally a leading `+`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false, pattern = r"^\+?[0-9 -]+$"))]
    pub phone: Option<String>,
}

described! {
    /// Whether a card works.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum CardState {
        /// The card works today.
        Active,
        /// The first day of the card is in the future.
        NotYetValid,
        /// The last day of the card or of the programme has passed.
        Ended,
    }
}

impl CardState {
    /// The state of a card with this validity on `today`, in a programme of this phase.
    pub fn as_of(today: CivilDate, phase: ProgrammePhase, valid_from: CivilDate, valid_until: CivilDate) -> Self {
        if phase == ProgrammePhase::Ended || today > valid_until {
            Self::Ended
        } else if today < valid_from {
            Self::NotYetValid
        } else {
            Self::Active
        }
    }
}

/// A membership card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Card {
    /// The card number with its middle hidden.
    #[cfg_attr(feature = "openapi", schema(examples("6601 •••• 4827")))]
    pub number_masked: String,
    /// Whether the card works today.
    pub state: CardState,
    /// The first day on which the card works.
    pub valid_from: CivilDate,
    /// The last day on which the card works, unless the programme ends before.
    pub valid_until: CivilDate,
    /// The cities in which the card works.
    pub cities: Vec<City>,
    /// The price that the member paid for the card, in fen.
    pub paid_fen: Fen,
}

/// The savings of the card, from confirmed redemptions only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Payoff {
    /// The sum of all savings with this card, in fen.
    pub saved_fen: Fen,
    /// The number of redemptions.
    pub redemptions: u32,
    /// The savings by month in Asia/Shanghai, oldest first. Months without redemptions are absent. The sums
    /// of the months are `savedFen` and `redemptions`.
    #[serde(default)]
    pub months: Vec<PayoffMonth>,
}

/// The savings of the card in one month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PayoffMonth {
    /// The first day of the month.
    pub month: CivilDate,
    /// The sum of the month's savings, in fen.
    pub saved_fen: Fen,
    /// The number of redemptions in the month.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub redemptions: u32,
}

/// Whether a device holds the credential that codes of this card are made with. A device compares `number`
/// with the number of its own credential: if they differ, another device was enrolled since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "status", try_from = "FlatCredentialStatus")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CredentialStatus {
    /// No device is enrolled.
    None,
    /// A device is enrolled.
    Active {
        /// The number of the active credential.
        number: crate::CredentialNumber,
    },
}

/// The form in which [`CredentialStatus`] is deserialized; `FlatOpenState` gives the reason.
#[derive(Deserialize)]
struct FlatCredentialStatus {
    status: String,
    #[serde(default)]
    number: Option<crate::CredentialNumber>,
}

impl TryFrom<FlatCredentialStatus> for CredentialStatus {
    type Error = &'static str;

    fn try_from(FlatCredentialStatus { status, number }: FlatCredentialStatus) -> Result<Self, Self::Error> {
        match (status.as_str(), number) {
            ("none", _) => Ok(Self::None),
            ("active", Some(number)) => Ok(Self::Active { number }),
            _ => Err("a credential's status is 'none', or 'active' with its number"),
        }
    }
}
