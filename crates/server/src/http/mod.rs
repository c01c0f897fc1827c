//! The HTTP parts that all modules use: connections, identification of the caller and the sender,
//! problem documents, rate limits, security headers, and the built page.

pub mod connections;
pub(crate) mod cors;
pub(crate) mod markup;
pub mod origin;
pub(crate) mod policy;
pub(crate) mod problem;
pub(crate) mod rate;
pub(crate) mod request;
pub(crate) mod security_reports;
pub(crate) mod sender;
pub(crate) mod session;
pub(crate) mod site;
pub(crate) mod system;
pub(crate) mod target;

use std::sync::Arc;

use member_storage::Database;
use rate::Paces;

use crate::clock::Clock;

/// The parts of the server that most handlers use.
#[derive(Clone)]
pub(crate) struct Base {
    pub(crate) database: Database,
    pub(crate) clock: Clock,
    /// The origin at which members and shops reach this server. QR codes contain it.
    pub(crate) public_origin: Arc<str>,
    /// Whether the operator gave the origin. If not, it is the address on which the server listens, which may
    /// have more than one name.
    pub(crate) is_public_origin_given: bool,
    /// The rate limits of all callers.
    pub(crate) paces: Arc<Paces>,
}

impl Base {
    /// Returns the origin of this server's pages, if the operator gave it.
    pub(crate) fn own_origin(&self) -> Option<&str> {
        self.is_public_origin_given.then_some(&self.public_origin)
    }
}
