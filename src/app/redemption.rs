//! What the code sheet works on: the device's credential and the shop it is open for.

use std::time::Duration;

use member_domain::{
    CredentialNumber,
    wire::{LedgerEntry, Shop},
};
use wasm_bindgen_futures::spawn_local;

use super::{
    basis::Basis,
    member::{Contact, MemberState},
    results::Results,
    shop_lookup::ShopLookup,
    shops::ShopState,
};
use crate::{
    api::ApiError,
    clock::{PageClock, monotonic_millis, pause},
    crypto,
    features::redemption_code::CodeSource,
    load::Load,
    navigation::{Navigation, Sheet},
    prelude::*,
    store::DeviceCredential,
    task::begin_local,
};

/// How long a backend of several servers may say that no device has the card although this page has just been given its codes.
const LAG_MILLIS: f64 = 60_000.0;
/// How long another tab of this device may take to store a credential that this one has heard of.
const OTHER_TAB: Duration = Duration::from_secs(1);

/// The code sheet's state.
#[derive(Clone, Copy)]
pub(super) struct RedemptionState {
    pub(super) source: RwSignal<CodeSource>,
    pub(super) shop: RwSignal<Option<Load<Shop>>>,
    pub(super) results: Results,
    pub(super) open: Memo<bool>,
    pub(super) member: MemberState,
    lookup: ShopLookup,
    clock: PageClock,
    /// The shop whose context the sheet has.
    pub(super) shop_id: Memo<Option<String>>,
    basis: Memo<Basis>,
    /// Changes when time has passed that the basis may depend on.
    looked_again: Trigger,
    preparing: StoredValue<Preparing>,
    /// The next credential is enrolled, whatever is stored: the one at hand makes no code, or the member takes over.
    enrol_anew: StoredValue<bool>,
    /// The credential that this page was given last, and when, in monotonic milliseconds.
    enrolled: StoredValue<Option<(CredentialNumber, f64)>>,
    /// Whether there is a code on the sheet.
    pub(super) shown: RwSignal<bool>,
}

/// Whether a credential is being looked for, and whether that must be done over because the basis changed meanwhile.
#[derive(Clone, Copy, PartialEq)]
enum Preparing {
    No,
    Yes,
    Again,
}

/// Whether there are codes.
pub(super) fn is_ready(source: &CodeSource) -> bool {
    matches!(source, CodeSource::Ready(_))
}

impl RedemptionState {
    pub(super) fn start(member: MemberState, shops: ShopState, navigation: Navigation, clock: PageClock) -> Self {
        let sheet = navigation.sheet();
        let looked_again = Trigger::new();
        let shop_id = Memo::new(move |_| match sheet.get() {
            Sheet::Code { shop } => shop,
            Sheet::Closed | Sheet::Savings | Sheet::Shop { .. } | Sheet::Event { .. } => None,
        });
        let lookup = ShopLookup::new(shop_id, shops);
        lookup.begin();
        let state = Self {
            source: RwSignal::new(CodeSource::Preparing),
            shop: lookup.shop,
            results: Results::start(member, clock),
            open: Memo::new(move |_| matches!(sheet.get(), Sheet::Code { .. })),
            member,
            lookup,
            clock,
            shop_id,
            basis: Memo::new(move |_| {
                looked_again.track();
                clock.is_lost();
                member.me.with(|me| Basis::of(me, clock.now()))
            }),
            looked_again,
            preparing: StoredValue::new(Preparing::No),
            enrol_anew: StoredValue::new(false),
            enrolled: StoredValue::new(None),
            shown: RwSignal::new(false),
        };
        Effect::new(move |before: Option<bool>| {
            let open = state.open.get();
            state.results.sheet(open);
            if !open {
                // A take-over that failed is not to happen later, behind the member's back.
                state.enrol_anew.set_value(false);
            }
            // Another device may have taken over since the page was loaded.
            if open && before.is_some() {
                member.refresh();
            }
            open
        });
        // At once, before what is shown has been built: a first visit's enrolment is then on its way meanwhile.
        state.prepare();
        Effect::new(move |_| {
            state.basis.track();
            state.open.track();
            state.member.contact.track();
            state.prepare();
        });
        state
    }

    /// Looks whether time has changed anything: a card ends at midnight, a credential too, and a page without network
    /// after some days.
    pub(super) fn look_again(self) {
        self.looked_again.notify();
        let now = self.clock.now();
        let ends = self.source.with_untracked(|source| match source {
            CodeSource::Ready(credential) => Some(credential.expires_at),
            _ => None,
        });
        if ends.zip(now).is_some_and(|(ends, now)| now >= ends) {
            self.prepare();
        }
    }

    /// Asks for the shop again that could not be had.
    pub(super) fn look_up_again(self) {
        self.lookup.look_again();
    }

    /// The lists have come to hand: the shop may be in them.
    pub(super) fn look_in_lists(self) {
        self.lookup.look_in_lists();
    }

    /// Takes in a redemption that the backend told of.
    pub(super) fn redeemed(self, entry: LedgerEntry) {
        let period = self.source.try_with_untracked(|source| match source {
            CodeSource::Ready(credential) => Some(credential.period),
            _ => None,
        });
        self.results.told(entry, period.flatten());
    }

    /// Takes a shop that is already known, so that the sheet need not ask for it.
    pub(super) fn know_shop(self, shop: Shop) {
        self.lookup.know(shop);
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
        if self.preparing.get_value() != Preparing::No {
            // What is being found may be out of date by the time it is there.
            self.preparing.set_value(Preparing::Again);
        }
        let active = match self.basis.get_untracked() {
            Basis::Unknown => return self.source.set(CodeSource::Preparing),
            Basis::NoCard => return self.source.set(CodeSource::NoCard),
            Basis::Refused(error) => return self.source.set(CodeSource::Failed(error)),
            Basis::TooOld => return self.source.set(CodeSource::TooLongOffline),
            Basis::Works(_) if !crypto::is_available() => return self.source.set(CodeSource::Unsupported),
            Basis::Works(active) => active,
        };
        if self.preparing.get_value() == Preparing::Again {
            return;
        }
        let card = self.member.card_untracked();
        let stays = self.source.with_untracked(|source| match source {
            CodeSource::Ready(credential) => credential.card == card,
            other => matches!(other, CodeSource::TakenOver),
        });
        if !stays {
            self.source.set(CodeSource::Preparing);
        }
        self.preparing.set_value(Preparing::Yes);
        begin_local(async move {
            if let Some(found) = self.find(active.as_ref()).await
                && let Some(Basis::Works(_)) = self.basis.try_get_untracked()
            {
                let _ = self.source.try_set(found);
            }
            if self.preparing.try_get_value() == Some(Preparing::Again) {
                self.preparing.set_value(Preparing::No);
                self.prepare();
            } else {
                let _ = self.preparing.try_set_value(Preparing::No);
            }
        });
    }

    /// Whether this page was given the credential so lately that the backend need not know of it everywhere. To enrol once more
    /// would end it, and with it the code that a till is just reading.
    fn is_new(self, number: &CredentialNumber) -> bool {
        let enrolled = self.enrolled.try_get_value().flatten();
        enrolled.is_some_and(|(of, at)| of == *number && monotonic_millis() - at < LAG_MILLIS)
    }

    /// The device's credential: the one in use or in storage if it is the card's active one. A device without one gets
    /// one, silently where it takes nothing from another: on the first visit if no device has the card, else once the
    /// member asks for a code. A device whose credential was ended by another asks first.
    async fn find(self, active: Option<&CredentialNumber>) -> Option<CodeSource> {
        let now = self.clock.now();
        let card = self.member.card_untracked();
        let fits = |credential: &DeviceCredential| {
            active == Some(&credential.number) && now.is_none_or(|now| now < credential.expires_at)
        };
        let host = self.member.host;
        let stored = async || host.store.load_credential().await.filter(|stored| stored.card == card);
        if self.enrol_anew.try_get_value() == Some(false) {
            let (at_hand, was_taken_over) = match self.source.try_get_untracked() {
                Some(CodeSource::Ready(credential)) if credential.card == card => (Some(credential), false),
                Some(CodeSource::TakenOver) => (None, true),
                _ => (None, false),
            };
            if at_hand.as_ref().is_some_and(fits) {
                return None;
            }
            if active.is_none() && at_hand.as_ref().is_some_and(|credential| self.is_new(&credential.number)) {
                return None;
            }
            // Where no device has the card no stored credential is of use: a first visit need not wait for its empty storage.
            let found = if active.is_some() { stored().await } else { None };
            if let Some(found) = found.as_ref().filter(|found| fits(found)) {
                return Some(CodeSource::Ready(found.clone()));
            }
            let own = at_hand.or(found).map(|credential| credential.number);
            let elsewhere = active.is_some() && active != own.as_ref();
            if elsewhere && (own.is_some() || was_taken_over) {
                // Another tab of this device may be just about to store what it was given.
                let _ = self.source.try_set(CodeSource::Preparing);
                pause(OTHER_TAB).await;
                let found = stored().await.filter(fits);
                return Some(found.map_or(CodeSource::TakenOver, CodeSource::Ready));
            }
            let is_open = self.open.try_get_untracked() == Some(true);
            if elsewhere && !is_open {
                return None;
            }
            // What was kept of an earlier visit does not say whether another device has the codes by now.
            match self.member.contact.try_get_untracked() {
                Some(Contact::Answered) => {}
                Some(Contact::Failed) if is_open => return Some(CodeSource::Failed(ApiError::Unreachable)),
                _ => return None,
            }
        }
        match host.api.enrol(card).await {
            Ok(credential) => {
                // Signed out meanwhile: nothing is to be left behind.
                let Some(Basis::Works(_)) = self.basis.try_get_untracked() else { return None };
                let _ = self.enrol_anew.try_set_value(false);
                let _ = self.enrolled.try_set_value(Some((credential.number.clone(), monotonic_millis())));
                self.member.enrolled(credential.number.clone());
                let saved = credential.clone();
                // The code waits for none of this; there is time for it while the key signs, on another thread.
                let keep = move || {
                    let Some(Basis::Works(_)) = self.basis.try_get_untracked() else { return };
                    self.member.keep_enrolled(&saved.number);
                    spawn_local(async move { host.store.save_credential(&saved).await });
                };
                set_timeout(keep, Duration::ZERO);
                Some(CodeSource::Ready(credential))
            }
            Err(error) => Some(CodeSource::Failed(error)),
        }
    }
}
