//! `GET /v1/me`: everything the first paint needs, in one answer.

use serde::{Deserialize, Serialize};

use super::Refund;
use crate::{City, CivilDate, Fen, ProgrammePhase, UnixMillis};

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
