//! The signed-in member: `GET /v1/me`, enrolling a device, the ledger, and signing in for a host app.

pub(crate) mod credentials;
pub(crate) mod favourites;
pub(crate) mod ledger;
pub(crate) mod me;

use std::sync::Arc;

use anyhow::Context;
use member_domain::{TotpPeriod, UnixMillis};
use member_storage::Database;

use crate::{
    clock::Clock,
    http::{
        Base,
        rate::{MINUTE, Quota, Quotas},
        session::SESSION_MILLIS,
    },
    secret::Token,
};

/// The limit of enrolments by one member.
const ENROLMENTS: Quota = Quota { most: 300, millis: 10 * MINUTE };

/// The state that the handlers of this module share.
#[derive(Clone)]
pub(crate) struct Members {
    database: Database,
    clock: Clock,
    public_origin: Arc<str>,
    enrolments: Arc<Quotas<String>>,
    /// How long a page may show codes without reaching this server, in milliseconds.
    offline_millis: i64,
    /// The time step of new credentials.
    code_period: TotpPeriod,
}

impl Members {
    pub(crate) fn new(base: &Base, offline_millis: i64, code_period: TotpPeriod) -> Self {
        Self {
            database: base.database.clone(),
            clock: base.clock.clone(),
            public_origin: Arc::clone(&base.public_origin),
            enrolments: Arc::new(Quotas::new(ENROLMENTS)),
            offline_millis,
            code_period,
        }
    }
}

/// Signs a member in. Returns the token that the host app gives to the page.
pub(crate) async fn sign_in(database: &Database, member_id: &str, now: UnixMillis) -> anyhow::Result<Token> {
    let token = Token::generate();
    let signed_in = database.put_session(token.hash(), member_id.to_owned(), now.plus_millis(SESSION_MILLIS)).await?;
    signed_in.then_some(token).with_context(|| format!("there is no member '{member_id}'"))
}
