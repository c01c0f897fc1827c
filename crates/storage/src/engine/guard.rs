//! Guards: the rows by which a write excludes its rivals.
//!
//! Each variant names the race that it prevents. `SQLite` has one writer, so each write excludes all others
//! there, and the guard only names the write in the log. An engine with several writers (PostgreSQL under
//! READ COMMITTED) first locks [`Guard::rows`] in their order, by `SELECT ... FOR NO KEY UPDATE`. Then every
//! later statement of the write sees what its rivals have committed.
//!
//! A row that does not exist locks nothing. There a unique index decides between rivals, and the loser runs
//! again.

use member_domain::{CredentialNumber, TokenHash};
use rusqlite::types::Value;

/// The row, or the rows of one kind, that a write and its rivals have in common.
#[derive(Debug)]
pub(crate) enum Guard {
    /// Two tills redeem one code, or a retry hears that the code of its own first request is used.
    Credential(CredentialNumber),
    /// Two terminals use up one test code. Holds the hash of the code.
    TestCode([u8; 32]),
    /// Two retries of a redemption by PIN both redeem, or two devices overwrite each other's favourites.
    Member(String),
    /// Two devices enrol at once, and both are told that theirs is the card's active credential.
    Card(String),
    /// Two requests cancel one redemption, and its shop loses two of its redemptions of that day.
    Redemption(String),
    /// A phone loads a page twice, and one scan is recorded as two attempts.
    Terminal(TokenHash),
    /// Two phones are paired by one code. Holds the hash of the code.
    PairingCode(TokenHash),
    /// More wrong PINs are compared than a shop or a member has tries, or wrong tries at the previous PIN lock
    /// the new one.
    ShopPin {
        /// The member who enters PINs, since tries at all shops count; `None` for the operator.
        member_id: Option<String>,
        /// The shop of the PIN.
        shop_id: String,
    },
    /// A shop leaves while it receives a code or a terminal, or a sweep judges its record by old counts.
    Shops(Vec<String>),
    /// Two imports give the same search key to different shops.
    Catalogue,
    /// Two members get an event's last seat, or a seat that becomes free is given to nobody.
    Events(Vec<String>),
    /// Refunds are scheduled by a rule, a last day or a price that changes meanwhile.
    Programmes(Vec<String>),
    /// Two reports about one refund each derive its state without the other.
    Refunds(Vec<String>),
    /// Two writes of one fact about the database overtake each other. Holds the name of the setting.
    Setting(&'static str),
    /// No race: each statement adds to a count, and reads nothing that another write changes.
    Count,
}

/// Rows of one table.
#[derive(Debug, PartialEq)]
pub(crate) struct GuardRows {
    /// The table.
    pub(crate) table: &'static str,
    /// The column that identifies a row.
    pub(crate) key: &'static str,
    /// The keys of the rows, in ascending order. Two writes that lock rows in one order cannot deadlock.
    pub(crate) values: Vec<Value>,
}

impl Guard {
    /// The guard of one shop.
    pub(crate) fn shop(id: &str) -> Self {
        Self::Shops(vec![id.to_owned()])
    }

    /// The guard of one event.
    pub(crate) fn event(id: &str) -> Self {
        Self::Events(vec![id.to_owned()])
    }

    /// The guard of one programme.
    pub(crate) fn programme(id: &str) -> Self {
        Self::Programmes(vec![id.to_owned()])
    }

    /// The guard of one refund.
    pub(crate) fn refund(id: &str) -> Self {
        Self::Refunds(vec![id.to_owned()])
    }

    /// The rows to lock, in this order.
    pub(crate) fn rows(&self) -> Vec<GuardRows> {
        let text = |value: &str| vec![Value::Text(value.to_owned())];
        let bytes = |value: &[u8; 32]| vec![Value::Blob(value.to_vec())];
        let in_order = |keys: &[String]| {
            let mut keys = keys.to_vec();
            keys.sort_unstable();
            keys.dedup();
            keys.into_iter().map(Value::Text).collect()
        };
        let rows = |table, key, values| vec![GuardRows { table, key, values }];
        match self {
            Self::Credential(number) => rows("credentials", "number", text(number.as_str())),
            Self::TestCode(hash) => rows("shop_tests", "code_hash", bytes(hash)),
            Self::Member(id) => rows("members", "id", text(id)),
            Self::Card(number) => rows("cards", "number", text(number)),
            Self::Redemption(id) => rows("redemptions", "id", text(id)),
            Self::Terminal(token) => rows("terminals", "token_hash", bytes(&token.0)),
            Self::PairingCode(code) => rows("pairing_codes", "code_hash", bytes(&code.0)),
            Self::ShopPin { member_id, shop_id } => {
                let members = member_id.iter().flat_map(|id| rows("members", "id", text(id)));
                members.chain(rows("shop_pins", "shop_id", text(shop_id))).collect()
            }
            Self::Shops(ids) => rows("shops", "id", in_order(ids)),
            Self::Catalogue => rows("settings", "name", text("catalogue")),
            Self::Events(ids) => rows("member_events", "id", in_order(ids)),
            Self::Programmes(ids) => rows("programmes", "id", in_order(ids)),
            Self::Refunds(ids) => rows("refunds", "id", in_order(ids)),
            Self::Setting(name) => rows("settings", "name", text(name)),
            Self::Count => Vec::new(),
        }
    }

    /// The name of the guard in the log: without its keys, because some identify members.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Credential(_) => "credential",
            Self::TestCode(_) => "test code",
            Self::Member(_) => "member",
            Self::Card(_) => "card",
            Self::Redemption(_) => "redemption",
            Self::Terminal(_) => "terminal",
            Self::PairingCode(_) => "pairing code",
            Self::ShopPin { .. } => "shop PIN",
            Self::Shops(_) => "shops",
            Self::Catalogue => "catalogue",
            Self::Events(_) => "events",
            Self::Programmes(_) => "programmes",
            Self::Refunds(_) => "refunds",
            Self::Setting(_) => "setting",
            Self::Count => "count",
        }
    }
}

#[cfg(test)]
mod tests;
