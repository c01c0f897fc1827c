//! The refund of a card's price: what the member sees, what the payment provider reports, and the batch that an operator runs.

pub(crate) mod batch;
pub(crate) mod current;
pub(crate) mod events;
pub mod webhook;

use std::sync::Arc;

use member_storage::Database;
use webhook::WebhookSecrets;

use crate::clock::Clock;

/// What taking a provider's events needs.
#[derive(Clone)]
pub(crate) struct RefundEvents {
    pub(crate) database: Database,
    pub(crate) clock: Clock,
    /// What payment providers sign refund events with.
    pub(crate) refund_event_secrets: Arc<WebhookSecrets>,
}
