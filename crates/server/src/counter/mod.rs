//! The shop's counter: redeeming with a till, a paired phone or the shop's PIN, cancelling, test codes, and
//! the staff pages under `/R`.

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
use tokio::sync::{Notify, Semaphore};

use crate::{
    clock::Clock,
    http::{Base, rate::Paces},
};

/// The maximum number of concurrent PIN comparisons.
const PIN_CHECKS: usize = 2;

/// The state that the handlers of this module share.
#[derive(Clone)]
pub(crate) struct Counter {
    database: Database,
    clock: Clock,
    public_origin: Arc<str>,
    paces: Arc<Paces>,
    limits: Arc<Limits>,
    /// Permits to compare a PIN.
    pin_checks: Arc<Semaphore>,
    /// Wakes tries at PINs that wait for pending ones.
    pins_settled: Arc<Notify>,
}

impl Counter {
    /// Returns the state with these parts of the server. `limits` counts guesses.
    pub(crate) fn new(base: &Base, limits: Arc<Limits>) -> Self {
        Self {
            database: base.database.clone(),
            clock: base.clock.clone(),
            public_origin: Arc::clone(&base.public_origin),
            paces: Arc::clone(&base.paces),
            limits,
            pin_checks: Arc::new(Semaphore::new(PIN_CHECKS)),
            pins_settled: Arc::default(),
        }
    }
}
