//! What the code sheet works on: the device's credential and the shop it is open for.

use std::time::Duration;

use member_domain::wire::{LedgerEntry, Shop};
use page_core::{
    Basis, Codes,
    codes::{Circumstances, Effect as Outcome, Event},
};
use wasm_bindgen_futures::spawn_local;

use super::{member::MemberState, results::Results, shop_lookup::ShopLookup, shops::ShopState};
use crate::{
    clock::{PageClock, monotonic_millis, pause},
    crypto,
    features::redemption_code::CodeSource,
    load::Load,
    navigation::{Navigation, Sheet},
    prelude::*,
    store::DeviceCredential,
    task::begin_local,
};

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
    codes: StoredValue<Codes<DeviceCredential>>,
    /// Whether there is a code on the sheet.
    pub(super) shown: RwSignal<bool>,
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
            codes: StoredValue::new(Codes::default()),
            shown: RwSignal::new(false),
        };
        Effect::new(move |before: Option<bool>| {
            let open = state.open.get();
            state.results.sheet(open);
            if !open {
                state.take(Event::SheetClosed);
            }
            // Another device may have taken over since the page was loaded.
            if open && before.is_some() {
                member.refresh();
            }
            open
        });
        // At once, before what is shown has been built: a first visit's enrolment is then on its way meanwhile.
        state.take(Event::Changed);
        Effect::new(move |_| {
            state.basis.track();
            state.open.track();
            state.member.contact.track();
            state.take(Event::Changed);
        });
        state
    }

    /// Looks whether time has changed anything: a card ends at midnight, a credential too, and a page without network
    /// after some days.
    pub(super) fn look_again(self) {
        self.looked_again.notify();
        self.take(Event::TimePassed);
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
        let period = self.source.try_with_untracked(|source| source.credential().map(|credential| credential.period));
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
            self.take(Event::Changed);
        }
    }

    /// The member wants the codes on this device, although another has them now.
    pub(super) fn take_over(self) {
        self.take(Event::TakeOver);
    }

    /// The credential at hand makes no codes.
    pub(super) fn give_up_credential(self) {
        self.take(Event::Broken);
    }

    /// How things stand, unless the page is unmounted.
    fn circumstances(self) -> Option<Circumstances> {
        Some(Circumstances {
            basis: self.basis.try_get_untracked()?,
            card: self.member.card_untracked(),
            contact: self.member.contact.try_get_untracked()?,
            is_open: self.open.try_get_untracked()?,
            can_sign: crypto::is_available(),
            now: self.clock.now(),
            monotonic: monotonic_millis(),
        })
    }

    fn take(self, event: Event<DeviceCredential>) {
        let Some(at) = self.circumstances() else { return };
        for effect in self.codes.try_update_value(|codes| codes.update(event, &at)).unwrap_or_default() {
            self.carry_out(effect);
        }
    }

    fn carry_out(self, effect: Outcome<DeviceCredential>) {
        let host = self.member.host;
        match effect {
            Outcome::Show(source) => drop(self.source.try_set(source)),
            Outcome::Load => begin_local(async move { self.take(Event::Loaded(host.store.load_credential().await)) }),
            Outcome::LoadLater => spawn_local(async move {
                pause(OTHER_TAB).await;
                self.take(Event::Loaded(host.store.load_credential().await));
            }),
            // Sent at once: what is shown is built meanwhile.
            Outcome::Enrol(card) => {
                begin_local(async move { self.take(Event::Enrolled(host.api.enrol(card).await)) });
            }
            Outcome::Keep(credential) => {
                self.member.enrolled(credential.number.clone());
                // The code waits for none of this; there is time for it while the key signs, on another thread.
                let keep = move || {
                    let Some(Basis::Works(_)) = self.basis.try_get_untracked() else { return };
                    self.member.keep_enrolled(&credential.number);
                    spawn_local(async move { host.store.save_credential(&credential).await });
                };
                set_timeout(keep, Duration::ZERO);
            }
            Outcome::LookAgain => self.take(Event::Changed),
        }
    }
}
