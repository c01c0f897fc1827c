//! `GET /v1/me`: everything the first paint needs, in one answer.

use serde::{Deserialize, Serialize};

use super::Refund;
use crate::{City, CivilDate, Fen, PayoffTerms, ProgrammePhase, ProgrammeSchedule, RefundRule, UnixMillis};

/// The member's whole state at `server_time`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeAnswer {
    /// When the server wrote this answer; the page carries its clock on from here.
    pub server_time: UnixMillis,
    /// How long a page may show codes after it last reached the server, in milliseconds.
    #[serde(default = "three_days")]
    pub offline_millis: i64,
    /// Who is signed in.
    pub member: Member,
    /// The programme the member can have a card of.
    pub programme: Programme,
    /// The member's card, if there is one.
    pub card: Option<Card>,
    /// What the card has brought so far; absent without a card.
    pub payoff: Option<Payoff>,
    /// The refund of the card's price, once one is decided.
    pub refund: Option<Refund>,
    /// Whether some device holds the credential that codes are made with.
    pub credential: CredentialStatus,
}

impl MeAnswer {
    /// This answer as the backend would give it on `today`, as far as dates decide: an open page lives through midnights.
    pub fn on(mut self, today: CivilDate) -> Self {
        let phase = ProgrammeSchedule { last_day: self.programme.last_day }.phase_on(today);
        self.programme.phase = phase;
        // A card that the backend calls ended is over, whatever its dates.
        if let Some(card) = self.card.as_mut().filter(|card| card.state != CardState::Ended) {
            card.state = CardState::on(today, phase, card.valid_from, card.valid_until);
        }
        self
    }

    /// The last day the card works: its own, or the programme's if that comes first.
    pub fn last_day(&self) -> Option<CivilDate> {
        let card = self.card.as_ref()?;
        Some(self.programme.last_day.map_or(card.valid_until, |last_day| last_day.min(card.valid_until)))
    }

    /// What decides whether the card pays for itself.
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

    /// The refund of this card's price, if one is decided.
    pub fn card_refund(&self) -> Option<&Refund> {
        self.refund.as_ref().filter(|refund| !refund.of_earlier_card)
    }

    /// Whether an announced end brings this card nothing back: by the programme's rule, or since nothing was paid.
    pub fn nothing_comes_back(&self) -> bool {
        let (Some(card), Some(last_day)) = (&self.card, self.programme.last_day) else { return false };
        let share = self.programme.refund_rule.split(card.paid_fen, card.valid_from, card.valid_until, last_day);
        self.card_refund().is_none() && share.refund <= Fen(0)
    }
}

/// What a page goes by where the backend does not say: 72 hours.
const fn three_days() -> i64 {
    259_200_000
}

/// Who is signed in, as far as the page needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// The name with all but its first character hidden: 林*.
    pub name_masked: String,
}

/// The programme behind the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Programme {
    /// Stable id.
    pub id: String,
    /// Its name in Chinese.
    pub name: String,
    /// Its name in English, where the operator gave one.
    pub name_en: Option<String>,
    /// What a card costs for a year.
    pub price_fen: Fen,
    /// Where the programme stands today.
    pub phase: ProgrammePhase,
    /// The last day cards work, once an end is announced.
    pub last_day: Option<CivilDate>,
    /// What comes back when it ends.
    #[serde(default)]
    pub refund_rule: RefundRule,
    /// What the operator says about the end, once it is announced.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub announcement: Option<Announcement>,
    /// Whom members turn to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub support: Option<Support>,
}

/// The operator's announcement that the programme ends, in full. Text, never HTML; an empty line parts paragraphs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Announcement {
    /// The date it bears.
    pub dated: CivilDate,
    /// In Chinese.
    pub text: String,
    /// In English, where the operator gave it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub text_en: Option<String>,
}

/// Whom members turn to; at least one of the two is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Support {
    /// An address that starts with `https://`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub url: Option<String>,
    /// A phone number: digits, spaces, hyphens, perhaps a leading +.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub phone: Option<String>,
}

/// Whether a card works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardState {
    /// It works today.
    Active,
    /// Its first day is still to come.
    NotYetValid,
    /// Its last day, or the programme's, has passed.
    Ended,
}

impl CardState {
    /// Whether a card of these days works on `today`, in a programme of this phase.
    pub fn on(today: CivilDate, phase: ProgrammePhase, valid_from: CivilDate, valid_until: CivilDate) -> Self {
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
pub struct Card {
    /// The card's number with its middle hidden: `6601 •••• 4827`.
    pub number_masked: String,
    /// Whether it works today.
    pub state: CardState,
    /// The first day it works.
    pub valid_from: CivilDate,
    /// The last day it works.
    pub valid_until: CivilDate,
    /// Where it works.
    pub cities: Vec<City>,
    /// What the member paid for it.
    pub paid_fen: Fen,
}

/// What the card has saved, from confirmed redemptions only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payoff {
    /// The sum of all savings.
    pub saved_fen: Fen,
    /// How many redemptions that was.
    pub redemptions: u32,
    /// The same by months, as they are in Asia/Shanghai: those in which something was redeemed, oldest first.
    #[serde(default)]
    pub months: Vec<PayoffMonth>,
}

/// What the card has saved in one month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PayoffMonth {
    /// The month's first day.
    pub month: CivilDate,
    /// The sum of its savings.
    pub saved_fen: Fen,
    /// How many redemptions that was.
    pub redemptions: u32,
}

/// Whether a device holds an active credential of this card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "status", try_from = "FlatCredentialStatus")]
pub enum CredentialStatus {
    /// No device is enrolled.
    None,
    /// One is; `number` tells a device whether it is the one.
    Active {
        /// The active credential's number.
        number: crate::CredentialNumber,
    },
}

/// [`CredentialStatus`] as it is read; see `FlatOpenState` for why.
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
