//! The rules of one redemption, apart from where the data is kept.

use hmac::{Hmac, KeyInit, Mac};
use member_domain::{
    CivilDate, RedemptionCode, TimeStep, TotpPeriod, TotpVerdict, UnixMillis, verify, wire::ProblemKind,
};
use sha2::Sha256;

use crate::storage::StorageResult;

/// What the rules need to know of a credential and the card behind it.
pub(crate) struct CredentialRecord {
    pub(crate) key: Vec<u8>,
    pub(crate) period: TotpPeriod,
    pub(crate) expires_at: UnixMillis,
    pub(crate) ended: bool,
    pub(crate) last_accepted_step: TimeStep,
    pub(crate) valid_from: CivilDate,
    pub(crate) valid_until: CivilDate,
    pub(crate) programme_ended: bool,
    /// Whether the card works in the city of the shop that asks.
    pub(crate) works_here: bool,
}

impl CredentialRecord {
    /// Stands in for a credential that does not exist, so that refusing its codes takes as long as refusing any other.
    pub(crate) fn nobody() -> Self {
        Self {
            key: vec![0; 32],
            period: TotpPeriod::DEFAULT,
            expires_at: UnixMillis(0),
            ended: true,
            last_accepted_step: TimeStep(i64::MAX),
            valid_from: CivilDate::in_shanghai(UnixMillis(0)),
            valid_until: CivilDate::in_shanghai(UnixMillis(0)),
            programme_ended: true,
            works_here: false,
        }
    }
}

/// Whether `code` may be redeemed at `now`, and as which step; else the problem that says why not.
/// `was_redeemed` tells whether a step of this credential has been redeemed.
pub(crate) fn judge(
    code: &RedemptionCode,
    credential: &CredentialRecord,
    now: UnixMillis,
    was_redeemed: impl FnOnce(TimeStep) -> StorageResult<bool>,
) -> StorageResult<Result<TimeStep, ProblemKind>> {
    let current = TimeStep::at(now, credential.period);
    let verdict = verify(current, code.totp(), |message| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&credential.key).expect("HMAC takes keys of any length");
        mac.update(message);
        mac.finalize().into_bytes()
    });
    let today = CivilDate::in_shanghai(now);
    Ok(match verdict {
        TotpVerdict::Unknown => Err(ProblemKind::CodeUnknown),
        TotpVerdict::Expired(step) if was_redeemed(step)? => Err(ProblemKind::CodeUsed),
        TotpVerdict::Expired(_) => Err(ProblemKind::CodeExpired),
        TotpVerdict::Current(_) if credential.programme_ended => Err(ProblemKind::ProgrammeEnded),
        TotpVerdict::Current(_) if today < credential.valid_from || today > credential.valid_until => {
            Err(ProblemKind::Forbidden)
        }
        TotpVerdict::Current(_) if !credential.works_here => Err(ProblemKind::Forbidden),
        TotpVerdict::Current(_) if credential.ended || now >= credential.expires_at => Err(ProblemKind::CodeExpired),
        TotpVerdict::Current(step) if step <= credential.last_accepted_step => Err(ProblemKind::CodeUsed),
        TotpVerdict::Current(step) => Ok(step),
    })
}
