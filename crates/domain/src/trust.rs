//! When a shop's record at the counter is so poor that members should not be sent there first.

/// Over how many days attempts count.
pub const TRUST_DAYS: i64 = 30;

/// Fewer attempts than this say nothing about a shop.
const MIN_ATTEMPTS: u32 = 5;

/// Whether a shop fails often: at least five attempts in the last [`TRUST_DAYS`], of which at least a third failed.
pub const fn fails_often(redemptions: u32, failures: u32) -> bool {
    let attempts = redemptions.saturating_add(failures);
    attempts >= MIN_ATTEMPTS && failures.saturating_mul(3) >= attempts
}
