//! The member's state, asked for at the start, after a redemption and whenever the backend says something changed.

use leptos::prelude::*;
use member_domain::{
    CredentialNumber,
    wire::{CredentialStatus, MeAnswer},
};
use wasm_bindgen_futures::spawn_local;

use crate::{
    api,
    clock::{PageClock, monotonic_millis},
    load::Load,
};

/// What is known of the member.
#[derive(Clone, Copy)]
pub(super) struct MemberState {
    pub(super) me: RwSignal<Load<MeAnswer>>,
    clock: PageClock,
    /// Counts requests, so that an answer to an old question cannot undo a newer one.
    asked: StoredValue<u32>,
}

impl MemberState {
    pub(super) fn start(clock: PageClock) -> Self {
        let state = Self { me: RwSignal::new(Load::Loading), clock, asked: StoredValue::new(0) };
        state.refresh();
        state
    }

    /// Asks the backend again.
    pub(super) fn refresh(self) {
        let _ = self.me.try_update(Load::retry);
        let request = self.outdate();
        spawn_local(async move {
            let asked = monotonic_millis();
            let answer = api::me().await;
            if self.asked.try_get_value() != Some(request) {
                return;
            }
            if let Ok(me) = &answer {
                self.clock.set(me.server_time, asked);
            }
            let _ = self.me.try_update(|me| me.settle(answer));
        });
    }

    /// Whether the member is known.
    pub(super) fn is_known_untracked(self) -> bool {
        self.me.try_with_untracked(|me| me.value().is_some()) == Some(true)
    }

    /// Makes answers that are still on their way count for nothing; gives the number of the next request.
    fn outdate(self) -> u32 {
        let _ = self.asked.try_update_value(|count| *count += 1);
        self.asked.try_get_value().unwrap_or_default()
    }

    /// This device has just become the one that makes the card's codes.
    pub(super) fn enrolled(self, number: CredentialNumber) {
        self.outdate();
        let _ = self.me.try_update(|me| {
            if let Load::Ready { value, .. } = me {
                value.credential = CredentialStatus::Active { number };
            }
        });
    }
}
