//! Refunds of the card's price: the member's view, the payment provider's reports, and the operator's batch
//! commands.

pub(crate) mod batch;
pub(crate) mod current;
pub(crate) mod events;
pub mod webhook;

use std::sync::Arc;

use member_storage::Database;
use webhook::WebhookSecrets;

use crate::clock::Clock;

/// The state of the handler for refund events.
#[derive(Clone)]
pub(crate) struct RefundEvents {
    pub(crate) database: Database,
    pub(crate) clock: Clock,
    /// The secrets with which payment providers sign refund events.
    pub(crate) refund_event_secrets: Arc<WebhookSecrets>,
}
