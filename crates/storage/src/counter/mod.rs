//! The counter of a shop: redemptions and their receipts, scans, PINs, terminals, and the record of every
//! attempt.

mod attempts;
mod cancellations;
mod outcome;
mod pins;
mod presentations;
mod receipts;
mod redemptions;
mod reports;
mod rules;
mod settled;
mod terminals;
mod terms;
mod test_codes;
pub use attempts::AttemptRecord;
pub use cancellations::{CancelOutcome, Cancellation};
pub use outcome::{RedeemOutcome, RedemptionAttempt, Settled};
pub use pins::{PinSettled, PinTry, PinTryId};
pub use presentations::Presented;
pub use reports::{ReportBy, ReportRow};
pub use rules::CodeRules;
pub use terminals::{NewPairing, Pairing, PhoneRecord, TerminalKind, TerminalRecord};
pub(crate) use terms::shop_terms;
pub use test_codes::{NewTestCode, TestScan};
