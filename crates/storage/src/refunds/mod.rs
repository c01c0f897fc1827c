//! Refunds of cards, and the reports about them. A refund's state is never set directly. It is derived from
//! all its reports (`member_domain::RefundHistory`), so it does not depend on the order of their arrival.

mod batch;
mod figures;
mod history;
mod names;
mod orders;
mod reconcile;
mod refund;
mod reports;
mod results;
mod reviews;
pub use batch::{BatchStep, RefundPlan, ScheduleTally, Sum};
pub use figures::ProgrammeFigures;
pub use orders::RefundOrder;
pub use reconcile::{Account, Finding, FindingKind};
pub use refund::NewRefund;
pub use reports::{CURRENCY, NewReport, ReportSource, Reported};
pub use results::{AppliedResults, RefundResult, ResultStaging, Verdict, place as state_place};
pub use reviews::{IdleReports, Reviewed, ToReview};
