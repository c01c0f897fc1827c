//! Counts of the violation reports that browsers send about the page's security policy.

mod security_reports;
pub use security_reports::SecurityCount;
