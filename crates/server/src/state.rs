//! The parts of the running server, and which of them each folder gets.

use axum::extract::FromRef;

use crate::{
    counter::Counter,
    http::{Base, security_reports::Reports, system::Health},
    live::Live,
    members::Members,
    refunds::RefundEvents,
};

/// What the handlers share. Each takes the part of its own folder.
#[derive(Clone)]
pub(crate) struct AppState {
    pub(crate) base: Base,
    pub(crate) counter: Counter,
    pub(crate) members: Members,
    pub(crate) live: Live,
    pub(crate) refund_events: RefundEvents,
    pub(crate) security_reports: Reports,
    pub(crate) health: Health,
}

/// Lets handlers take this part of the state.
macro_rules! part {
    ($field:ident: $part:ty) => {
        impl FromRef<AppState> for $part {
            fn from_ref(state: &AppState) -> Self {
                state.$field.clone()
            }
        }
    };
}

part!(base: Base);
part!(counter: Counter);
part!(members: Members);
part!(live: Live);
part!(refund_events: RefundEvents);
part!(security_reports: Reports);
part!(health: Health);
