//! Dismissal of the banner after a finished refund. This device stores it, for that state only.

use member_domain::{
    ProgrammePhase, RefundState,
    wire::{MeAnswer, Refund},
};

use crate::{prelude::*, store::Store};

const CHOICE: &str = "refund-dismissed";

/// The dismissed state.
#[derive(Clone, Copy)]
pub(super) struct Dismissal {
    dismissed: RwSignal<Option<String>>,
    store: Store,
}

impl Dismissal {
    pub(super) fn start(store: Store) -> Self {
        Self { dismissed: RwSignal::new(store.choice(CHOICE)), store }
    }

    /// Whether this banner was dismissed and nothing has changed since; reactive.
    pub(super) fn covers(self, me: &MeAnswer) -> bool {
        let key = dismissable(me).map(key);
        key.is_some() && self.dismissed.get() == key
    }

    pub(super) fn dismiss(self, me: &MeAnswer) {
        if let Some(key) = dismissable(me).map(key) {
            self.store.store_choice(CHOICE, &key);
            self.dismissed.set(Some(key));
        }
    }
}

/// The refund, if nothing is pending: the money has arrived and the card has ended.
pub(super) fn dismissable(me: &MeAnswer) -> Option<&Refund> {
    let is_over = me.programme.phase == ProgrammePhase::Ended;
    me.refund.as_ref().filter(|refund| (is_over || refund.of_earlier_card) && refund.state == RefundState::Succeeded)
}

fn key(refund: &Refund) -> String {
    format!("{}/{}", refund.id, refund.state.as_str())
}
