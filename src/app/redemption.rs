//! What the code sheet works on: the device's credential, the shop it is open for, the result.

use leptos::prelude::*;
use member_domain::{
    CredentialNumber,
    wire::{LedgerEntry, Shop},
};
use wasm_bindgen_futures::spawn_local;

use super::{basis::Basis, member::MemberState, shops::ShopState};
use crate::{
    api::{self, ApiError},
    clock::{PageClock, monotonic_millis},
    crypto,
    features::redemption_code::CodeSource,
    load::Load,
    navigation::{Navigation, Sheet},
    store::{self, DeviceCredential},
};

/// A redemption this much older than the sheet's opening still counts as its result: the page's clock is that exact, and
/// no till is faster.
const SLACK_MILLIS: f64 = 500.0;

/// The code sheet's state.
#[derive(Clone, Copy)]
pub(super) struct RedemptionState {
    pub(super) source: RwSignal<CodeSource, LocalStorage>,
    pub(super) shop: RwSignal<Option<Load<Shop>>>,
    pub(super) result: RwSignal<Option<LedgerEntry>>,
    pub(super) open: Memo<bool>,
    pub(super) member: MemberState,
    shops: ShopState,
    clock: PageClock,
    /// The shop whose context the sheet has.
    pub(super) shop_id: Memo<Option<String>>,
    basis: Memo<Basis>,
    /// Changes when time has passed that the basis may depend on.
    looked_again: Trigger,
    preparing: StoredValue<Preparing>,
    /// The next credential is enrolled, whatever is stored: the one at hand makes no code, or the member takes over.
    enrol_anew: StoredValue<bool>,
    /// When the sheet was opened, in monotonic milliseconds.
    opened: StoredValue<Option<f64>>,
    /// The redemption heard of last, and whether it was taken back: it is no news again.
    last_seen: StoredValue<Option<(String, bool)>>,
}

/// Whether a credential is being looked for, and whether that must be done over because the basis changed meanwhile.
#[derive(Clone, Copy, PartialEq)]
enum Preparing {
    No,
    Yes,
    Again,
}

impl RedemptionState {
    pub(super) fn start(member: MemberState, shops: ShopState, navigation: Navigation, clock: PageClock) -> Self {
        let sheet = navigation.sheet();
        let looked_again = Trigger::new();
        let state = Self {
            source: RwSignal::new_local(CodeSource::Preparing),
            shop: RwSignal::new(None),
            result: RwSignal::new(None),
            open: Memo::new(move |_| sheet.get() != Sheet::Closed),
            member,
            shops,
            clock,
            shop_id: Memo::new(move |_| match sheet.get() {
                Sheet::Code { shop } => shop,
                Sheet::Closed => None,
            }),
            basis: Memo::new(move |_| {
                looked_again.track();
                clock.is_lost();
                member.me.with(|me| Basis::of(me, clock.now()))
            }),
            looked_again,
            preparing: StoredValue::new(Preparing::No),
            enrol_anew: StoredValue::new(false),
            opened: StoredValue::new(None),
            last_seen: StoredValue::new(None),
        };
        Effect::new(move |before: Option<bool>| {
            let open = state.open.get();
            state.opened.set_value(open.then(monotonic_millis));
            state.result.set(None);
            // Another device may have taken over since the page was loaded.
            if open && before.is_some() {
                member.refresh();
            }
            open
        });
        Effect::new(move |_| state.look_up(state.shop_id.get()));
        Effect::new(move |_| {
            state.basis.track();
            state.open.track();
            state.prepare();
        });
        state
    }

    /// Looks whether time has changed anything: a card ends at midnight, a page without network after some days.
    pub(super) fn look_again(self) {
        self.looked_again.notify();
    }

    /// Takes in a redemption: shown as the result, once, if it happened while the sheet is open.
    pub(super) fn redeemed(self, entry: LedgerEntry) {
        let news = (entry.id.clone(), entry.cancelled_at.is_some());
        if self.last_seen.try_with_value(|seen| seen.as_ref() == Some(&news)).unwrap_or(true) {
            return;
        }
        self.last_seen.set_value(Some(news));
        self.member.refresh();
        // Taken back at the counter: what is on screen must not go on saying that it was done.
        if entry.cancelled_at.is_some() {
            let shown = self.result.with_untracked(|result| result.as_ref().is_some_and(|shown| shown.id == entry.id));
            if shown {
                self.result.set(Some(entry));
            }
            return;
        }
        let (opened, now) = (self.opened.get_value(), self.clock.now());
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds are what is wanted")]
        let since =
            opened.zip(now).map(|(opened, now)| now.plus_millis(-(monotonic_millis() - opened + SLACK_MILLIS) as i64));
        if since.is_some_and(|since| entry.redeemed_at >= since) {
            self.result.set(Some(entry));
        }
    }

    /// Shows a redemption that was made on this very device.
    pub(super) fn redeemed_here(self, entry: LedgerEntry) {
        let _ = self.last_seen.try_set_value(Some((entry.id.clone(), false)));
        self.member.refresh();
        let _ = self.result.try_set(Some(entry));
    }

    /// Takes a shop that is already known, so that the sheet need not ask for it.
    pub(super) fn know_shop(self, shop: Shop) {
        self.shop.set(Some(Load::ready(shop)));
    }

    fn look_up(self, id: Option<String>) {
        let Some(id) = id else { return self.shop.set(None) };
        let at_hand =
            self.shop.with_untracked(|shop| shop.as_ref().and_then(Load::value).is_some_and(|shop| shop.id == id));
        if at_hand {
            return;
        }
        if let Some(shop) = self.shops.find(&id) {
            return self.know_shop(shop);
        }
        self.shop.set(Some(Load::Loading));
        spawn_local(async move {
            let mut load = Load::Loading;
            load.settle(api::shop(&id).await);
            // The sheet may be open for another shop by now.
            if self.shop_id.try_get_untracked().flatten().as_ref() == Some(&id) {
                self.shop.set(Some(load));
            }
        });
    }

    /// The member asks to try again.
    pub(super) fn retry(self) {
        // Its answer may change the basis, and that prepares.
        self.member.refresh();
        if self.member.is_known_untracked() {
            self.prepare();
        }
    }

    /// The member wants the codes on this device, although another has them now.
    pub(super) fn take_over(self) {
        self.enrol_anew.set_value(true);
        self.source.set(CodeSource::Preparing);
        self.prepare();
    }

    /// The credential at hand makes no codes.
    pub(super) fn give_up_credential(self) {
        self.enrol_anew.set_value(true);
        self.source.set(CodeSource::Failed(ApiError::Unreadable));
    }

    /// Brings the source of codes in line with the member's state.
    fn prepare(self) {
        let active = match self.basis.get_untracked() {
            Basis::Unknown => return self.source.set(CodeSource::Preparing),
            Basis::NoCard => return self.source.set(CodeSource::NoCard),
            Basis::Refused(error) => return self.source.set(CodeSource::Failed(error)),
            Basis::TooOld => return self.source.set(CodeSource::TooLongOffline),
            Basis::Works(_) if !crypto::is_available() => return self.source.set(CodeSource::Unsupported),
            Basis::Works(active) => active,
        };
        if self.preparing.get_value() != Preparing::No {
            return self.preparing.set_value(Preparing::Again);
        }
        if !matches!(self.source.get_untracked(), CodeSource::Ready(_) | CodeSource::TakenOver) {
            self.source.set(CodeSource::Preparing);
        }
        self.preparing.set_value(Preparing::Yes);
        spawn_local(async move {
            self.find(active).await;
            if self.preparing.try_get_value() == Some(Preparing::Again) {
                self.preparing.set_value(Preparing::No);
                self.prepare();
            } else {
                let _ = self.preparing.try_set_value(Preparing::No);
            }
        });
    }

    /// The device's credential: the one in use or in storage if it is the card's active one. A device without one gets
    /// one, silently where it takes nothing from another: on the first visit if no device has the card, else once the
    /// member asks for a code. A device whose credential was ended by another asks first.
    async fn find(self, active: Option<CredentialNumber>) {
        let now = self.clock.now();
        let card = self.member.card_untracked();
        let fits = |credential: &DeviceCredential| {
            active.as_ref() == Some(&credential.number) && now.is_none_or(|now| now < credential.expires_at)
        };
        if self.enrol_anew.try_get_value() == Some(false) {
            let (at_hand, was_taken_over) = match self.source.try_get_untracked() {
                Some(CodeSource::Ready(credential)) if credential.card == card => (Some(credential), false),
                Some(CodeSource::TakenOver) => (None, true),
                _ => (None, false),
            };
            if at_hand.as_ref().is_some_and(fits) {
                return;
            }
            let stored = store::load_credential().await.filter(|stored| stored.card == card);
            if let Some(stored) = stored.as_ref().filter(|stored| fits(stored)) {
                return drop(self.source.try_set(CodeSource::Ready(stored.clone())));
            }
            let own = at_hand.or(stored).map(|credential| credential.number);
            let elsewhere = active.is_some() && active != own;
            if elsewhere && (own.is_some() || was_taken_over) {
                return drop(self.source.try_set(CodeSource::TakenOver));
            }
            if elsewhere && self.open.try_get_untracked() != Some(true) {
                return;
            }
        }
        match api::enrol(card).await {
            Ok(credential) => {
                let (number, saved) = (credential.number.clone(), credential.clone());
                let _ = self.enrol_anew.try_set_value(false);
                let _ = self.source.try_set(CodeSource::Ready(credential));
                self.member.enrolled(number);
                // The code need not wait for the storage.
                spawn_local(async move { store::save_credential(&saved).await });
            }
            Err(error) => drop(self.source.try_set(CodeSource::Failed(error))),
        }
    }
}
