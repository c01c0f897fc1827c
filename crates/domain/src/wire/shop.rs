//! `GET /v1/shops` and `GET /v1/shops/{id}`.

use serde::{Deserialize, Serialize};

use crate::{Category, City, CivilDate, CodeForm, Discount, Fen, Place, RedeemMethod, UnixMillis};

/// A page of shops, nearest first when a place was given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShopPage {
    /// The shops.
    pub shops: Vec<Shop>,
    /// Pass it as `cursor` to get the page after this one; absent on the last.
    pub next_cursor: Option<String>,
    /// How many shops match in all.
    pub total: u32,
}

/// A curated shop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shop {
    /// Stable id.
    pub id: String,
    /// The name on the door.
    pub name: String,
    /// What it is.
    pub category: Category,
    /// Where it is.
    pub city: City,
    /// The administrative district, as written locally: 徐汇区.
    pub district: Option<String>,
    /// Street and number.
    pub address: Option<String>,
    /// Its position, in the coordinate system it was published in.
    pub place: Place,
    /// What the card takes off.
    pub discount_permille: Discount,
    /// What a visit costs on average, without the card.
    pub price_per_person_fen: Option<Fen>,
    /// Why it is in the list; absent where there is no evidence.
    pub curation: Option<Curation>,
    /// Opening hours as published.
    pub opening_hours: Option<String>,
    /// Whether it is open now.
    pub open: OpenState,
    /// How staff there take the code.
    pub redeem_methods: Vec<RedeemMethod>,
    /// What the QR holds there.
    #[serde(default = "url")]
    pub code_form: CodeForm,
    /// The first day it no longer takes part, once it has left the programme.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub left_on: Option<CivilDate>,
    /// For calling; only in the full answer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub phone: Option<String>,
}

/// Backends that do not say put the address into the QR.
const fn url() -> CodeForm {
    CodeForm::Url
}

/// Why a shop is in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Curation {
    /// The reason in the editors' words.
    pub reason: String,
    /// When it was last checked.
    pub on: CivilDate,
}

/// Whether a shop is open at the time of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state", from = "FlatOpenState")]
pub enum OpenState {
    /// Open; `until` is when that changes, if it does.
    Open {
        /// When it closes.
        until: Option<UnixMillis>,
    },
    /// Closed; `until` is when it opens, if it does.
    Closed {
        /// When it opens.
        until: Option<UnixMillis>,
    },
    /// No hours are published, or none that can be read.
    Unknown,
}

/// [`OpenState`] as it is read: serde's own reading of tagged enums keeps any value in memory first, which costs the page
/// ten kilobytes of wasm.
#[derive(Deserialize)]
struct FlatOpenState {
    state: OpenWord,
    #[serde(default)]
    until: Option<UnixMillis>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum OpenWord {
    Open,
    Closed,
    Unknown,
}

impl From<FlatOpenState> for OpenState {
    fn from(FlatOpenState { state, until }: FlatOpenState) -> Self {
        match state {
            OpenWord::Open => Self::Open { until },
            OpenWord::Closed => Self::Closed { until },
            OpenWord::Unknown => Self::Unknown,
        }
    }
}
