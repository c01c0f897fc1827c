//! What the code sheet works on: the device's credential, the shop it is open for, the result.

use leptos::prelude::*;
use member_domain::{
    CredentialNumber, ProgrammePhase,
    wire::{CardState, CredentialStatus, LedgerEntry, MeAnswer, ProblemKind, Shop},
};
use wasm_bindgen_futures::spawn_local;

use super::member::MemberState;
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
    member: MemberState,
    clock: PageClock,
    /// The shop whose context the sheet has.
    shop_id: Memo<Option<String>>,
    basis: Memo<Basis>,
    preparing: StoredValue<Preparing>,
    /// The stored credential made no code: the next one is enrolled.
    broken: StoredValue<bool>,
    /// When the sheet was opened, in monotonic milliseconds.
    opened: StoredValue<Option<f64>>,
    /// The redemption shown last, which is not shown again.
    last_seen: StoredValue<Option<String>>,
}

/// What of the member's state decides whether there are codes, and whose.
#[derive(Clone, PartialEq)]
enum Basis {
    Unknown,
    NoCard,
    Refused(ApiError),
    /// The card works; the number is that of its active credential.
    Works(Option<CredentialNumber>),
}

impl Basis {
    fn of(me: &Load<MeAnswer>) -> Self {
        let refused = |kind| Self::Refused(ApiError::Problem(kind));
        let me = match me {
            Load::Loading => return Self::Unknown,
            Load::Failed(error) => return Self::Refused(*error),
            Load::Ready { value, .. } => value,
        };
        match (me.card.as_ref().map(|card| card.state), &me.credential) {
            (None, _) => Self::NoCard,
            (Some(CardState::Active), CredentialStatus::Active { number }) => Self::Works(Some(number.clone())),
            (Some(CardState::Active), CredentialStatus::None) => Self::Works(None),
            (Some(_), _) if me.programme.phase == ProgrammePhase::Ended => refused(ProblemKind::ProgrammeEnded),
            (Some(_), _) => refused(ProblemKind::Forbidden),
        }
    }
}

/// Whether a credential is being looked for, and whether that must be done over because the basis changed meanwhile.
#[derive(Clone, Copy, PartialEq)]
enum Preparing {
    No,
    Yes,
    Again,
}

impl RedemptionState {
    pub(super) fn start(member: MemberState, navigation: Navigation, clock: PageClock) -> Self {
        let sheet = navigation.sheet();
        let state = Self {
            source: RwSignal::new_local(CodeSource::Preparing),
            shop: RwSignal::new(None),
            result: RwSignal::new(None),
            open: Memo::new(move |_| sheet.get() != Sheet::Closed),
            member,
            clock,
            shop_id: Memo::new(move |_| match sheet.get() {
                Sheet::Code { shop } => shop,
                Sheet::Closed => None,
            }),
            basis: Memo::new(move |_| member.me.with(Basis::of)),
            preparing: StoredValue::new(Preparing::No),
            broken: StoredValue::new(false),
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
        // A credential is enrolled when the member asks for a code, and not before.
        Effect::new(move |_| {
            state.basis.track();
            if state.open.get() {
                state.prepare();
            }
        });
        state
    }

    /// Takes in a redemption: shown as the result, once, if it happened while the sheet is open.
    pub(super) fn redeemed(self, entry: LedgerEntry) {
        let seen = self.last_seen.try_with_value(|seen| seen.as_deref() == Some(&entry.id)).unwrap_or(true);
        if seen {
            return;
        }
        self.last_seen.set_value(Some(entry.id.clone()));
        self.member.refresh();
        let (opened, now) = (self.opened.get_value(), self.clock.now());
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds are what is wanted")]
        let since =
            opened.zip(now).map(|(opened, now)| now.plus_millis(-(monotonic_millis() - opened + SLACK_MILLIS) as i64));
        if since.is_some_and(|since| entry.redeemed_at >= since) {
            self.result.set(Some(entry));
        }
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
        if self.member.me.with_untracked(|me| matches!(me, Load::Failed(_))) {
            // Its answer changes the basis, and that prepares.
            return self.member.refresh();
        }
        self.prepare();
    }

    /// The credential at hand makes no codes.
    pub(super) fn give_up_credential(self) {
        self.broken.set_value(true);
        self.source.set(CodeSource::Failed(ApiError::Unreadable));
    }

    /// Brings the source of codes in line with the member's state.
    fn prepare(self) {
        let active = match self.basis.get_untracked() {
            Basis::Unknown => return self.source.set(CodeSource::Preparing),
            Basis::NoCard => return self.source.set(CodeSource::NoCard),
            Basis::Refused(error) => return self.source.set(CodeSource::Failed(error)),
            Basis::Works(_) if !crypto::is_available() => return self.source.set(CodeSource::Unsupported),
            Basis::Works(active) => active,
        };
        if self.preparing.get_value() != Preparing::No {
            return self.preparing.set_value(Preparing::Again);
        }
        if !matches!(self.source.get_untracked(), CodeSource::Ready(_)) {
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

    /// The device's credential: the one in use or in storage if it is the card's active one, else a new one.
    async fn find(self, active: Option<CredentialNumber>) {
        let now = self.clock.now();
        let fits = |credential: &DeviceCredential| {
            active.as_ref() == Some(&credential.number) && now.is_none_or(|now| now < credential.expires_at)
        };
        if self.broken.try_get_value() == Some(false) {
            if matches!(self.source.try_get_untracked(), Some(CodeSource::Ready(at_hand)) if fits(&at_hand)) {
                return;
            }
            if let Some(stored) = store::load_credential().await.filter(fits) {
                let _ = self.source.try_set(CodeSource::Ready(stored));
                return;
            }
        }
        match api::enrol().await {
            Ok(credential) => {
                let (number, saved) = (credential.number.clone(), credential.clone());
                let _ = self.broken.try_set_value(false);
                let _ = self.source.try_set(CodeSource::Ready(credential));
                self.member.enrolled(number);
                // The code need not wait for the storage.
                spawn_local(async move { store::save_credential(&saved).await });
            }
            Err(error) => drop(self.source.try_set(CodeSource::Failed(error))),
        }
    }
}
