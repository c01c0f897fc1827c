//! Members: their cards, credentials, sessions and ledgers.

mod cards;
mod credentials;
mod favourites;
mod ledger;
mod sessions;
pub use cards::{CardRecord, CardRow, DEFAULT_CHANNEL, HeldCard, MemberRecord, MemberRow};
pub use credentials::NewCredential;
