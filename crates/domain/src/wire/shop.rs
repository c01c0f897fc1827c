//! `GET /v1/shops` and `GET /v1/shops/{id}`.

use serde::{Deserialize, Serialize};

use crate::{
    Category, City, CivilDate, CodeForm, Discount, Fen, FilterKind, Place, RedeemMethod, UnixMillis, VisitKind,
};

/// A page of shops, nearest first when a place was given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShopPage {
    /// The shops.
    pub shops: Vec<Shop>,
    /// Pass it as `cursor` to get the page after this one; absent on the last.
    pub next_cursor: Option<String>,
    /// How many shops match in all.
    pub total: u32,
    /// Whether counting stopped at `total`: at least that many match.
    #[serde(default)]
    pub total_is_capped: bool,
    /// The districts of the city asked for; on the first page only.
    #[serde(default)]
    pub districts: Vec<String>,
    /// Where nothing matches: what each filter has to do with it, in the order they are shown.
    #[serde(default)]
    pub nothing_because: Vec<Removal>,
    /// When the answer was written.
    #[serde(default)]
    pub server_time: Option<UnixMillis>,
}

/// What one filter has to do with an empty list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Removal {
    /// The filter.
    pub filter: FilterKind,
    /// How many shops pass all other filters, so that this one alone removed them; counted up to 1,000.
    pub removed: u32,
    /// The first of them, in the order of the list.
    #[serde(default)]
    pub nearest: Option<Shop>,
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
    /// How name, district and address are read, as [`crate::SearchDocument`] takes it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pinyin: Option<String>,
    /// How well redeeming works there.
    #[serde(default)]
    pub trust: Trust,
    /// For calling; only in the full answer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub phone: Option<String>,
    /// The rules of the discount in the shop's words; only in the full answer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub discount_rules: Option<String>,
    /// What the discount cannot be combined with, in the shop's words; only in the full answer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub not_combined_with: Option<String>,
    /// The notes it was picked from; only in the full answer.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub notes: Vec<Note>,
    /// When it is open today and on the six days after; only in the full answer, and empty where its hours cannot be
    /// read.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub week: Vec<OpenDay>,
}

/// How well redeeming works at a shop: its own record, of the last 30 days unless it says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Trust {
    /// When a code was last redeemed there, ever.
    #[serde(default)]
    pub last_success_at: Option<UnixMillis>,
    /// How many attempts were redeemed.
    #[serde(default)]
    pub redemptions: u32,
    /// How many attempts failed at the counter.
    #[serde(default)]
    pub failures: u32,
    /// The day staff there last scanned a test code successfully.
    #[serde(default)]
    pub staff_tested_on: Option<CivilDate>,
    /// Whether it fails so often that it stands behind others ([`crate::fails_often`]).
    #[serde(default)]
    pub fails_often: bool,
}

/// A published note that speaks of a shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its title, where one is known.
    #[serde(default)]
    pub title: Option<String>,
    /// Where it is: an `https` address.
    pub url: String,
}

/// One day's opening hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenDay {
    /// The day.
    pub date: CivilDate,
    /// When it is open, in order; empty where it is closed all day. A span that goes past midnight stands on the day it
    /// begins.
    pub spans: Vec<OpenSpan>,
}

/// From when until when a shop is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSpan {
    /// When it opens.
    pub from: UnixMillis,
    /// When it closes.
    pub until: UnixMillis,
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
    /// How many published notes say so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note_count: Option<u32>,
    /// What people praise, in a few words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub praise: Option<String>,
    /// When an editor was last there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub visited_on: Option<CivilDate>,
    /// Who paid for that visit.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub visit: Option<VisitKind>,
}

impl Curation {
    /// A reason and when it was checked, without further evidence.
    pub const fn new(reason: String, on: CivilDate) -> Self {
        Self { reason, on, note_count: None, praise: None, visited_on: None, visit: None }
    }

    /// Whether it has not been checked for six months on `today`.
    pub fn is_old(&self, today: CivilDate) -> bool {
        today.days_since(self.on) > MAX_AGE_DAYS
    }
}

/// Six months: half of a year's 365 days, rounded up.
const MAX_AGE_DAYS: i64 = 183;

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

impl OpenState {
    /// What is known of it at `now`: once `until` has passed, nothing. An answer that was kept must not go on promising.
    pub fn at(self, now: UnixMillis) -> Self {
        match self {
            Self::Open { until: Some(until) } | Self::Closed { until: Some(until) } if until <= now => Self::Unknown,
            state => state,
        }
    }
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
