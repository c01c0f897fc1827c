//! `GET /v1/shops` and `GET /v1/shops/{id}`.

use serde::{Deserialize, Serialize};

use crate::{
    Category, City, CivilDate, CodeForm, Discount, Fen, FilterKind, Place, RedeemMethod, UnixMillis, VisitKind,
};

/// A page of shops. If the request gives a place, the nearest shops come first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShopPage {
    /// The shops.
    pub shops: Vec<Shop>,
    /// The `cursor` of the next page; absent on the last page.
    pub next_cursor: Option<String>,
    /// The number of shops that match.
    pub total: u32,
    /// Whether the count stopped at `total`. At least `total` shops match.
    #[serde(default)]
    pub total_is_capped: bool,
    /// The districts of the requested city; on the first page only.
    #[serde(default)]
    pub districts: Vec<String>,
    /// If no shop matches: the effect of each filter, in the order in which filters are shown.
    #[serde(default)]
    pub nothing_because: Vec<FilterEffect>,
    /// The server's time when it wrote this answer.
    #[serde(default)]
    pub server_time: Option<UnixMillis>,
}

/// The effect of one filter on an empty list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FilterEffect {
    /// The filter.
    pub filter: FilterKind,
    /// The number of shops that pass all other filters, so that only this filter removes them. Counted up to 1,000.
    pub removed: u32,
    /// The first of these shops, in the order of the list.
    #[serde(default)]
    pub nearest: Option<Shop>,
}

/// A curated shop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shop {
    /// The stable id.
    pub id: String,
    /// The name at the shop's door.
    pub name: String,
    /// The category.
    pub category: Category,
    /// The city.
    pub city: City,
    /// The administrative district, in the local spelling: 徐汇区.
    pub district: Option<String>,
    /// The street and number.
    pub address: Option<String>,
    /// The position, in the coordinate system in which it was published.
    pub place: Place,
    /// The discount with the card.
    pub discount_permille: Discount,
    /// The average price of a visit, without the card.
    pub price_per_person_fen: Option<Fen>,
    /// The reason why the shop is in the list; absent without evidence.
    pub curation: Option<Curation>,
    /// The opening hours as published.
    pub opening_hours: Option<String>,
    /// Whether the shop is open now.
    pub open: OpenState,
    /// The ways in which staff enter the code.
    pub redeem_methods: Vec<RedeemMethod>,
    /// The content of the QR at this shop.
    #[serde(default = "url")]
    pub code_form: CodeForm,
    /// The first day on which the shop no longer takes part, once it has left the programme.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub left_on: Option<CivilDate>,
    /// The pinyin readings of name, district and address, in the form of [`crate::SearchDocument`].
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pinyin: Option<String>,
    /// The shop's record of redemptions.
    #[serde(default)]
    pub trust: Trust,
    /// The phone number; only in the full answer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub phone: Option<String>,
    /// The rules of the discount in the shop's words; only in the full answer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub discount_rules: Option<String>,
    /// The offers that the discount cannot be combined with, in the shop's words; only in the full answer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub not_combined_with: Option<String>,
    /// The published notes that led to the selection of the shop; only in the full answer.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub notes: Vec<Note>,
    /// The opening hours of today and the next six days; only in the full answer. Empty if the published hours cannot
    /// be parsed.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub week: Vec<OpenDay>,
}

/// A shop's record of redemptions. It covers the last 30 days unless a field says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Trust {
    /// The time of the last redemption, without a limit of 30 days.
    #[serde(default)]
    pub last_success_at: Option<UnixMillis>,
    /// The number of attempts that redeemed a code.
    #[serde(default)]
    pub redemptions: u32,
    /// The number of attempts that failed at the counter.
    #[serde(default)]
    pub failures: u32,
    /// The last day on which staff scanned a test code successfully.
    #[serde(default)]
    pub staff_tested_on: Option<CivilDate>,
    /// Whether redemptions fail so often that other shops come first ([`crate::fails_often`]).
    #[serde(default)]
    pub fails_often: bool,
}

/// A published note about a shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The title, if it is known.
    #[serde(default)]
    pub title: Option<String>,
    /// The `https` URL of the note.
    pub url: String,
}

/// One day's opening hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenDay {
    /// The day.
    pub date: CivilDate,
    /// The open spans in order; empty if the shop is closed all day. A span past midnight belongs to the day on which
    /// it begins.
    pub spans: Vec<OpenSpan>,
}

/// A span of time in which a shop is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSpan {
    /// The time when the shop opens.
    pub from: UnixMillis,
    /// The time when the shop closes.
    pub until: UnixMillis,
}

/// The default of `code_form`, for a backend that does not send it.
const fn url() -> CodeForm {
    CodeForm::Url
}

/// The reason why a shop is in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Curation {
    /// The reason in the editors' words.
    pub reason: String,
    /// The date of the last check.
    pub on: CivilDate,
    /// The number of published notes that support the reason.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note_count: Option<u32>,
    /// The qualities that people praise, in a few words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub praise: Option<String>,
    /// The date of an editor's last visit.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub visited_on: Option<CivilDate>,
    /// The party that paid for that visit.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub visit: Option<VisitKind>,
}

impl Curation {
    /// A reason and its date, without further evidence.
    pub const fn new(reason: String, on: CivilDate) -> Self {
        Self { reason, on, note_count: None, praise: None, visited_on: None, visit: None }
    }

    /// Whether the last check is more than six months before `today`.
    pub fn is_old(&self, today: CivilDate) -> bool {
        today.days_since(self.on) > MAX_AGE_DAYS
    }
}

/// Six months: half of 365 days, rounded up.
const MAX_AGE_DAYS: i64 = 183;

/// Whether a shop is open at the time of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state", from = "FlatOpenState")]
pub enum OpenState {
    /// The shop is open. `until` is the next change, if there is one.
    Open {
        /// The time when the shop closes.
        until: Option<UnixMillis>,
    },
    /// The shop is closed. `until` is the next change, if there is one.
    Closed {
        /// The time when the shop opens.
        until: Option<UnixMillis>,
    },
    /// No hours are published, or they cannot be parsed.
    Unknown,
}

impl OpenState {
    /// The state at `now`. It is unknown once `until` has passed, so that a cached answer does not show an outdated
    /// state.
    pub fn at(self, now: UnixMillis) -> Self {
        match self {
            Self::Open { until: Some(until) } | Self::Closed { until: Some(until) } if until <= now => Self::Unknown,
            state => state,
        }
    }
}

/// The form in which [`OpenState`] is deserialized. Serde's derived code for tagged enums first buffers a value of any
/// type, which adds ten kilobytes to the page's wasm.
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
