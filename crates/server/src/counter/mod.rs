//! What happens at a shop's counter: redeeming by a till, by a paired phone or by the shop's PIN, cancelling, test codes, and the
//! staff's pages under `/R`.

pub(crate) mod attempts;
pub(crate) mod desk;
pub(crate) mod limits;
pub(crate) mod pin;
pub(crate) mod redemptions;
pub(crate) mod rules;
pub(crate) mod staff;
pub(crate) mod terminals;
pub(crate) mod test_code;

use std::sync::Arc;

use limits::Limits;
use member_storage::Database;
use tokio::sync::Semaphore;

use crate::{
    clock::Clock,
    http::{Base, rate::Paces},
};

/// How many PINs are compared at the same time at most.
const PIN_CHECKS: usize = 2;

/// What the handlers of this folder share.
#[derive(Clone)]
pub(crate) struct Counter {
    database: Database,
    clock: Clock,
    public_origin: Arc<str>,
    paces: Arc<Paces>,
    limits: Arc<Limits>,
    /// Permits to compare a PIN.
    pin_checks: Arc<Semaphore>,
}

impl Counter {
    /// With these parts of the server; `limits` are told of guesses.
    pub(crate) fn new(base: &Base, limits: Arc<Limits>) -> Self {
        Self {
            database: base.database.clone(),
            clock: base.clock.clone(),
            public_origin: Arc::clone(&base.public_origin),
            paces: Arc::clone(&base.paces),
            limits,
            pin_checks: Arc::new(Semaphore::new(PIN_CHECKS)),
        }
    }
}
