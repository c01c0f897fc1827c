//! The member's state, asked for at the start, after a redemption and whenever the backend says something changed.

use leptos::prelude::*;
use member_domain::wire::MeAnswer;
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
}

impl MemberState {
    pub(super) fn start(clock: PageClock) -> Self {
        let state = Self { me: RwSignal::new(Load::Loading), clock };
        state.refresh();
        state
    }

    /// Asks the backend again.
    pub(super) fn refresh(self) {
        let _ = self.me.try_update(Load::retry);
        spawn_local(async move {
            let asked = monotonic_millis();
            let answer = api::me().await;
            if let Ok(me) = &answer {
                self.clock.set(me.server_time, asked);
            }
            let _ = self.me.try_update(|me| me.settle(answer));
        });
    }
}
