//! `GET /v1/redemptions`

use member_domain::wire::LedgerPage;

use super::{ApiError, get};

/// The newest entries of the member's ledger.
pub async fn latest_redemptions() -> Result<LedgerPage, ApiError> {
    get("/v1/redemptions").await
}
