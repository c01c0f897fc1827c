//! The rule for shops where redemptions fail often. Members should not be sent to such a shop first.

/// The number of past days whose attempts count.
pub const TRUST_DAYS: i64 = 30;

/// The minimum number of attempts for a judgement.
const MIN_ATTEMPTS: u32 = 5;

/// Whether redemptions fail often at a shop: at least five attempts in the last [`TRUST_DAYS`], and at least a third of
/// them failed.
pub const fn fails_often(redemptions: u32, failures: u32) -> bool {
    let attempts = redemptions.saturating_add(failures);
    attempts >= MIN_ATTEMPTS && failures.saturating_mul(3) >= attempts
}
