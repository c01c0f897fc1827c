//! The data types of the HTTP API: JSON in camelCase, money in integer fen, instants in UTC milliseconds, programme
//! dates as civil dates in Asia/Shanghai.
//!
//! Their doc comments are the descriptions in `docs/openapi.yaml`, which `make openapi` generates. They are for readers of
//! the document: they name the members of the JSON, such as `serverTime`. A note for readers of the code is a `//` comment.

mod credential;
mod favourite;
mod me;
mod member_event;
mod problem;
mod redemption;
mod refund;
mod shop;

pub use credential::{CredentialAnswer, Jwk, TotpAlgorithm, TotpDetails};
pub use favourite::{FavouriteChange, FavouriteChanges, FavouriteList};
pub use me::{
    Announcement, Card, CardState, CredentialStatus, MeAnswer, Member, Payoff, PayoffMonth, Programme, Support,
};
pub use member_event::{MemberEvent, MemberEventList, SignUp, SignUpState};
pub use problem::{Problem, ProblemKind};
pub use redemption::{
    AttemptAnswer, AttemptState, LedgerEntry, LedgerPage, PinRedemptionRequest, Receipt, RedemptionRequest, TestReceipt,
};
pub use refund::{Refund, RefundEvent, RefundEventAnswer, RefundEventOutcome, RefundStep};
pub use shop::{Curation, FilterEffect, Note, OpenDay, OpenSpan, OpenState, Shop, ShopPage, Trust};
