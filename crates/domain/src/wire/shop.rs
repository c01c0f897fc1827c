//! `GET /v1/shops` and `GET /v1/shops/{id}`.

use serde::{Deserialize, Serialize};

use crate::{
    Category, City, CivilDate, CodeForm, Discount, Fen, FilterKind, Place, RedeemMethod, UnixMillis, VisitKind,
};

/// A page of shops. If the request gives a place, the nearest shops come first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShopPage {
    /// The shops, in order, without `phone`, `discountRules`, `notCombinedWith`, `notes` and `week`.
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub shops: Vec<Shop>,
    /// The `cursor` of the next page; `null` on the last page.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_cursor: Option<String>,
    /// The number of shops that pass the filters, on all pages together; counted up to 1,000.
    pub total: u32,
    /// Whether the count stopped at `total`, so that more shops pass.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(default = false))]
    pub total_is_capped: bool,
    /// The districts of the requested city; on the first page only, otherwise empty.
    #[serde(default)]
    pub districts: Vec<String>,
    /// If no shop passes: the effect of each of the filters `text` (`q`), `category`, `district`, `open-now`,
    /// `price` and `method`, in the order in which filters are shown. Otherwise empty.
    #[serde(default)]
    pub nothing_because: Vec<FilterEffect>,
    /// The server's time when it wrote this answer.
    #[serde(default)]
    pub server_time: Option<UnixMillis>,
}

/// The effect of one filter on an empty list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Removal))]
pub struct FilterEffect {
    /// The filter.
    pub filter: FilterKind,
    /// The number of shops that pass all other filters, so that only this filter removes them; counted up to
    /// 1,000.
    #[cfg_attr(feature = "openapi", schema(maximum = 1000))]
    pub removed: u32,
    /// The first of these shops, in the order of the list.
    #[serde(default)]
    pub nearest: Option<Shop>,
}

/// A curated shop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Shop {
    /// The stable id.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::ShopId))]
    pub id: String,
    /// The name at the shop's door.
    pub name: String,
    /// The category.
    pub category: Category,
    /// The city.
    pub city: City,
    /// The administrative district, in the local spelling, for example 徐汇区; `null` if it is not known.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub district: Option<String>,
    /// The street and number; `null` if they are not known.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub address: Option<String>,
    /// The position, in the coordinate system in which it was published.
    pub place: Place,
    /// The discount with the card.
    pub discount_permille: Discount,
    /// The average price of a visit without the card, in fen per person; `null` if it is not known.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub price_per_person_fen: Option<Fen>,
    /// The reason why the shop is in the list; `null` if there is no evidence. Then the shop gets no badge.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub curation: Option<Curation>,
    /// The opening hours in Asia/Shanghai, in the syntax of OpenStreetMap's `opening_hours` key, where `PH`
    /// means China's public holidays; or as the shop published them (`11:00-19:00（周一闭馆）`); `null` if none are
    /// published. A client shows hours that it cannot parse as they are written.
    #[cfg_attr(feature = "openapi", schema(required, examples("Mo-Su 08:00-20:00", "Mo-Su 06:30-14:00,16:30-20:30")))]
    pub opening_hours: Option<String>,
    /// Whether the shop is open now.
    pub open: OpenState,
    /// The ways in which staff enter the code.
    pub redeem_methods: Vec<RedeemMethod>,
    /// The content of the QR code at this shop.
    #[serde(default = "url")]
    #[cfg_attr(feature = "openapi", schema(default = "url"))]
    pub code_form: CodeForm,
    /// The first day on which the shop no longer takes part; absent if no such day is set.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub left_on: Option<CivilDate>,
    /// How else the Chinese characters of name, category, district and address can be typed, for search on
    /// the device: in the order of the characters, separated by spaces, syllables without tones, and
    /// characters of the other script (Traditional or Simplified). `/` separates several of one character, `-`
    /// stands for none, `,` separates texts and gaps. The characters are those of the NFKD form. Without it, a
    /// client searches what is written.
    // The form is that of [`crate::SearchDocument`].
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(
        feature = "openapi",
        schema(nullable = false, examples("wu tong li/裏/裡 shou chong/沖/衝,ka fei,xu hui/匯/彙 qu/區"))
    )]
    pub pinyin: Option<String>,
    /// The shop's record of redemptions.
    #[serde(default)]
    pub trust: Trust,
    /// The phone number: digits, `+`, `-`, spaces and brackets. Only in `GET /v1/shops/{id}`, and absent
    /// there if it is not known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 3, max_length = 30))]
    pub phone: Option<String>,
    /// The rules of the discount in the shop's words. Only in `GET /v1/shops/{id}`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub discount_rules: Option<String>,
    /// The offers that the discount cannot be combined with, in the shop's words. Only in `GET
    /// /v1/shops/{id}`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub not_combined_with: Option<String>,
    /// The published notes that led to the selection of the shop. Only in `GET /v1/shops/{id}`.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub notes: Vec<Note>,
    /// The opening hours of today and the next six days. Only in `GET /v1/shops/{id}`, and absent there if
    /// the published hours cannot be parsed.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub week: Vec<OpenDay>,
}

/// A shop's record of redemptions in the last 30 days in Asia/Shanghai, today included. A shop without
/// attempts has zeros and no times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Trust {
    /// The time of the last redemption that was not cancelled, without a limit of 30 days; `null` if there
    /// was none.
    #[serde(default)]
    pub last_success_at: Option<UnixMillis>,
    /// The number of attempts that redeemed a code and were not cancelled.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(default = 0))]
    pub redemptions: u32,
    /// The number of attempts that failed at the counter: `code-unknown`, `code-expired`, `code-used` and
    /// `invalid-request`. Other failures concern the card or the caller, not the shop. Retries and test codes
    /// do not count.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(default = 0))]
    pub failures: u32,
    /// The last day on which staff scanned a test code successfully; `null` if there was none. A text that
    /// mentions the test must give this day.
    #[serde(default)]
    pub staff_tested_on: Option<CivilDate>,
    /// Whether redemptions fail often: at least five attempts, of which at least a third failed. Such a shop
    /// comes after the others.
    // [`crate::fails_often`] decides it.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(default = false))]
    pub fails_often: bool,
}

/// A published note about a shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Note {
    /// The title; `null` if it is not known.
    #[serde(default)]
    pub title: Option<String>,
    /// The `https` address of the note.
    #[cfg_attr(feature = "openapi", schema(format = "uri"))]
    pub url: String,
}

/// One day's opening hours. The day is a day in Asia/Shanghai.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenDay {
    /// The day.
    pub date: CivilDate,
    /// The open spans in order; empty if the shop is closed all day. A span past midnight belongs to the day
    /// on which it begins.
    pub spans: Vec<OpenSpan>,
}

/// A span of time in which a shop is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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

/// The reason why a shop is in the list, with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Curation {
    /// The reason in the editors' words.
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub reason: String,
    /// The date of the last check.
    pub on: CivilDate,
    /// The number of published notes that support the reason.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub note_count: Option<u32>,
    /// The qualities that people praise, in a few words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub praise: Option<String>,
    /// The date of an editor's last visit.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub visited_on: Option<CivilDate>,
    /// The party that paid for that visit.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
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

/// Whether a shop is open at the time of the answer, computed from `openingHours`. It is never guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state", from = "FlatOpenState")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum OpenState {
    /// The shop is open.
    Open {
        /// The time when the shop closes; `null` if it does not, as with `24/7`.
        #[cfg_attr(feature = "openapi", schema(required))]
        until: Option<UnixMillis>,
    },
    /// The shop is closed.
    Closed {
        /// The time when the shop opens; `null` if it does not.
        #[cfg_attr(feature = "openapi", schema(required))]
        until: Option<UnixMillis>,
    },
    /// No hours are published, or they cannot be parsed.
    Unknown,
}

impl OpenState {
    /// The state at `now`. It is unknown once `until` has passed, so that a cached answer does not show an
    /// outdated state.
    pub fn at(self, now: UnixMillis) -> Self {
        match self {
            Self::Open { until: Some(until) } | Self::Closed { until: Some(until) } if until <= now => Self::Unknown,
            state => state,
        }
    }
}

/// The form in which [`OpenState`] is deserialized. Serde's derived code for tagged enums first buffers a
/// value of any type, which adds ten kilobytes to the page's wasm.
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
