//! Names of states and rules, as the database stores them.

use member_domain::{RefundRule, RefundState};

use crate::{StorageError, StorageResult};

pub(super) fn state(name: &str) -> StorageResult<RefundState> {
    RefundState::from_name(name).ok_or(StorageError::Unreadable("refund state"))
}

pub(super) fn rule(name: &str) -> StorageResult<RefundRule> {
    RefundRule::from_name(name).ok_or(StorageError::Unreadable("refund rule"))
}
