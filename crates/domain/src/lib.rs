//! The code that page and backend share: wire types, code arithmetic, programme and refund states, money, distances.
//!
//! This crate does no I/O, reads no clock and draws no random numbers. Time and keyed hashes are arguments. Every rule
//! can therefore be tested natively and works the same in the browser and on the server.

mod civil_date;
mod described;
mod digit;
mod event_stream;
mod money;
mod nearby;
mod nesting;
#[cfg(feature = "openapi")]
pub mod openapi;
mod payoff;
mod person;
mod place;
mod programme;
mod redeeming;
mod redemption_code;
mod refund;
mod refund_history;
mod refund_rule;
mod reminder;
mod search;
mod shop;
mod shop_filter;
mod time_step;
mod trust;
mod unix_time;
pub mod wire;

pub use civil_date::{CivilDate, CivilDateError};
pub use digit::ascii_digit;
pub use event_stream::{EventStream, EventTooLong, StreamEvent};
pub use money::{Bill, Discount, DiscountError, Fen, FenError};
pub use nearby::{
    COARSE_ERROR_METRES, Cluster, Count, Density, DistanceBand, RankedShop, ShopPosition, known_within, nearest_first,
    next_cluster,
};
pub use nesting::nests_deeper;
pub use payoff::{Average, PACE_DAYS, PayoffOutlook, PayoffTerms};
pub use person::{mask_card_number, mask_name};
pub use place::{Distance, Gcj02, Place, PlaceError, Wgs84};
pub use programme::{ProgrammePhase, ProgrammeSchedule};
pub use redeeming::{
    CANCELLATION_MILLIS, CallerId, CardTerms, CodeVerdict, CredentialTerms, PRESENTATION_MILLIS, Proof, RedeemedBy,
    Refusal, TokenHash,
};
pub use redemption_code::{CODE_PREFIX, CodeError, CredentialNumber, RedemptionCode, TEST_CREDENTIAL, ValuePattern};
pub use refund::{IllegalTransition, RefundState};
pub use refund_history::{RefundHistory, RefundReport, ReportEffect};
pub use refund_rule::{RefundRule, RefundShare};
pub use reminder::{CARD_END_DAYS, Reminder, card_last_day, reminders};
pub use search::{Normalize, SearchDocument, SearchQuery, is_han, search_words};
pub use shop::{Category, City, CodeForm, FilterKind, PriceBand, RedeemMethod, UnknownName, VisitKind};
pub use shop_filter::ShopFilter;
pub use time_step::{TimeStep, Totp, TotpPeriod, TotpVerdict, truncate, verify};
pub use trust::{TRUST_DAYS, fails_often};
pub use unix_time::UnixMillis;

#[cfg(all(feature = "openapi", target_family = "wasm"))]
compile_error!("the page must not compile the feature `openapi` of member-domain: build the page alone");
