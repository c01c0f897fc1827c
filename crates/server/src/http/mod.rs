//! What every folder needs to answer over HTTP: who asks and from where, how errors are written, what browsers are told, and the
//! built page.

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

use std::sync::Arc;

use member_storage::Database;
use rate::Paces;

use crate::clock::Clock;

/// The parts of the server that most handlers use.
#[derive(Clone)]
pub(crate) struct Base {
    pub(crate) database: Database,
    pub(crate) clock: Clock,
    /// Scheme, host and port at which members and shops reach this server; part of the QR.
    pub(crate) public_origin: Arc<str>,
    /// Whether an operator named it. Else it is the address where the server listens, which may have more than one name.
    pub(crate) is_public_origin_given: bool,
    /// How fast each caller may send requests.
    pub(crate) paces: Arc<Paces>,
}

impl Base {
    /// The origin of this server's own pages, if an operator named it.
    pub(crate) fn own_origin(&self) -> Option<&str> {
        self.is_public_origin_given.then_some(&self.public_origin)
    }
}
