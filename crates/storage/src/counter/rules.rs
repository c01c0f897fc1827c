//! The rules that the server passes to a transaction.

use member_domain::{CodeVerdict, CredentialTerms, RedemptionCode, TimeStep, UnixMillis};

/// Judges codes. Both functions run inside transactions, possibly more than once, so they must have no
/// effects.
///
/// Both do the same work for a code whose credential does not exist. So the response time does not show
/// whether a credential exists.
pub trait CodeRules: Send + Sync + 'static {
    /// Judges a code of this credential at `now`. `credential` is `None` if it does not exist. `presented_at`
    /// is when a paired phone scanned the code; `None` if no phone did.
    fn judge(
        &self,
        code: &RedemptionCode,
        credential: Option<&CredentialTerms>,
        presented_at: Option<UnixMillis>,
        now: UnixMillis,
    ) -> CodeVerdict;

    /// The time step of the code, if the step is current or a few minutes old; otherwise `None`.
    fn step_of(&self, code: &RedemptionCode, credential: Option<&CredentialTerms>, now: UnixMillis)
    -> Option<TimeStep>;
}
