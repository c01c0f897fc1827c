//! The code sheet's state: the device's credential and the shop it is open for.

use std::time::Duration;

use member_domain::{
    RedeemMethod,
    wire::{LedgerEntry, Shop},
};
use page_core::{
    Basis, Codes, WorkedWays,
    codes::{Circumstances, Effect as CoreEffect, Event},
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
    store::{DeviceCredential, WORKED_WAYS},
    task::begin_local,
};

/// The longest wait for another tab of this device to store its new credential.
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
    /// The shop the sheet is open for.
    pub(super) shop_id: Memo<Option<String>>,
    basis: Memo<Basis>,
    /// Notifies when the time has changed, because the basis depends on it.
    time_changed: Trigger,
    codes: StoredValue<Codes<DeviceCredential>>,
    /// Whether the sheet shows a code.
    pub(super) is_code_shown: RwSignal<bool>,
    /// Whether the sheet has shown a code since the page was mounted.
    pub(super) has_shown_code: StoredValue<bool>,
}

/// Whether the source has codes.
pub(super) fn is_ready(source: &CodeSource) -> bool {
    matches!(source, CodeSource::Ready(_))
}

impl RedemptionState {
    pub(super) fn start(member: MemberState, shops: ShopState, navigation: Navigation, clock: PageClock) -> Self {
        let sheet = navigation.sheet();
        let time_changed = Trigger::new();
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
                time_changed.track();
                clock.is_lost();
                member.me.with(|me| Basis::of(me, clock.now()))
            }),
            time_changed,
            codes: StoredValue::new(Codes::default()),
            is_code_shown: RwSignal::new(false),
            has_shown_code: StoredValue::new(false),
        };
        Effect::new(move |before: Option<bool>| {
            let open = state.open.get();
            state.results.set_sheet_open(open);
            if !open {
                state.handle(Event::SheetClosed);
            }
            // Another device may have taken over since the page loaded.
            if open && before.is_some() {
                member.refresh();
            }
            open
        });
        // Runs before the first render, so the enrolment request of a first visit is sent while the page
        // renders.
        state.handle(Event::Changed);
        Effect::new(move |_| {
            state.basis.track();
            state.open.track();
            state.member.last_request.track();
            state.handle(Event::Changed);
        });
        state
    }

    /// Checks for changes caused by time: a card and a credential end at midnight, and an offline page stops
    /// showing codes after some days.
    pub(super) fn check_time(self) {
        self.time_changed.notify();
        self.handle(Event::TimePassed);
    }

    /// Requests a shop again that failed to load.
    pub(super) fn retry_shop(self) {
        self.lookup.retry_if_failed();
    }

    /// Looks the shop up in the lists, which have just become available.
    pub(super) fn find_in_lists(self) {
        self.lookup.find_in_lists();
    }

    /// Records a redemption reported by the backend.
    pub(super) fn record_redemption(self, entry: LedgerEntry) {
        let period = self.source.try_with_untracked(|source| source.credential().map(|credential| credential.period));
        self.results.record_redemption(entry, period.flatten());
    }

    /// Sets a shop that is already loaded, so the sheet does not request it.
    pub(super) fn set_shop(self, shop: Shop) {
        self.lookup.set_shop(shop);
    }

    /// Records that the sheet shows a code, or no longer.
    pub(super) fn set_code_shown(self, is_shown: bool) {
        let _ = self.is_code_shown.try_set(is_shown);
        let _ = self.has_shown_code.try_update_value(|has_shown| *has_shown |= is_shown);
    }

    /// The way to redeem that worked last at the sheet's shop. In the second wasm file, like the code that reads shops.
    #[inline(never)]
    pub(super) fn worked_way(self) -> Option<RedeemMethod> {
        self.shop_id.with(|shop| self.worked_ways().at(shop.as_deref()?))
    }

    /// Stores the way to redeem that worked at the sheet's shop.
    #[inline(never)]
    pub(super) fn record_way(self, method: RedeemMethod) {
        if let Some(shop) = self.shop_id.get_untracked() {
            let mut ways = self.worked_ways();
            ways.record(&shop, method);
            self.member.host.store.store_choice(WORKED_WAYS, &ways.to_text());
        }
    }

    #[inline(never)]
    fn worked_ways(self) -> WorkedWays {
        WorkedWays::from_text(&self.member.host.store.choice(WORKED_WAYS).unwrap_or_default())
    }

    /// Retries at the member's request.
    pub(super) fn retry(self) {
        // The answer may change the basis; a changed basis runs the codes again.
        self.member.refresh();
        if self.member.is_known_untracked() {
            self.handle(Event::Changed);
        }
    }

    /// Moves the codes from another device to this one.
    pub(super) fn take_over(self) {
        self.handle(Event::TakeOver);
    }

    /// Reports that the current credential cannot make codes.
    pub(super) fn report_failed_credential(self) {
        self.handle(Event::CredentialFailed);
    }

    /// The current circumstances, unless the page is unmounted.
    fn circumstances(self) -> Option<Circumstances> {
        Some(Circumstances {
            basis: self.basis.try_get_untracked()?,
            card: self.member.card_untracked(),
            last_request: self.member.last_request.try_get_untracked()?,
            is_open: self.open.try_get_untracked()?,
            can_sign: crypto::is_available(),
            now: self.clock.now(),
            monotonic: monotonic_millis(),
        })
    }

    fn handle(self, event: Event<DeviceCredential>) {
        let Some(at) = self.circumstances() else { return };
        for effect in self.codes.try_update_value(|codes| codes.update(event, &at)).unwrap_or_default() {
            self.run_effect(effect);
        }
    }

    fn run_effect(self, effect: CoreEffect<DeviceCredential>) {
        let host = self.member.host;
        match effect {
            CoreEffect::Show(source) => drop(self.source.try_set(source)),
            CoreEffect::Load => {
                begin_local(async move { self.handle(Event::Loaded(host.store.load_credential().await)) });
            }
            CoreEffect::LoadLater => spawn_local(async move {
                pause(OTHER_TAB).await;
                self.handle(Event::Loaded(host.store.load_credential().await));
            }),
            // Sent before the page renders, so the request and the rendering overlap.
            CoreEffect::Enrol(card) => {
                begin_local(async move { self.handle(Event::Enrolled(host.api.enrol(card).await)) });
            }
            CoreEffect::Store(credential) => {
                self.member.record_enrolment(credential.number.clone());
                // Storing is not urgent for the code. It runs while WebCrypto signs on another thread.
                let persist = move || {
                    let Some(Basis::Works(_)) = self.basis.try_get_untracked() else { return };
                    self.member.store_enrolment(&credential.number);
                    spawn_local(async move { host.store.save_credential(&credential).await });
                };
                set_timeout(persist, Duration::ZERO);
            }
            CoreEffect::Recheck => self.handle(Event::Changed),
        }
    }
}
