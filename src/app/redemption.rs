//! What the code sheet works on: the device's credential, the shop it is open for, the result.

use leptos::prelude::*;
use member_domain::wire::{CredentialStatus, LedgerEntry, Shop};
use wasm_bindgen_futures::spawn_local;

use super::member::MemberState;
use crate::{
    api::{self, ApiError},
    features::redemption_code::CodeSource,
    load::Load,
    navigation::{Navigation, Sheet},
    store::{self, DeviceCredential},
};

/// The code sheet's state.
#[derive(Clone, Copy)]
pub(super) struct RedemptionState {
    pub(super) source: RwSignal<CodeSource, LocalStorage>,
    pub(super) shop: RwSignal<Option<Load<Shop>>>,
    pub(super) result: RwSignal<Option<LedgerEntry>>,
    member: MemberState,
    preparing: StoredValue<bool>,
    /// The redemption shown last, which is not shown again.
    last_seen: StoredValue<Option<String>>,
}

impl RedemptionState {
    pub(super) fn start(member: MemberState, navigation: Navigation) -> Self {
        let state = Self {
            source: RwSignal::new_local(CodeSource::Preparing),
            shop: RwSignal::new(None),
            result: RwSignal::new(None),
            member,
            preparing: StoredValue::new(false),
            last_seen: StoredValue::new(None),
        };
        let sheet = navigation.sheet();
        let known = Memo::new(move |_| member.me.with(|me| !matches!(me, Load::Loading)));
        // A credential is enrolled when the member first asks for a code, and not before the member is known.
        Effect::new(move |_| match sheet.get() {
            Sheet::Closed => state.result.set(None),
            Sheet::Code { shop } => {
                state.look_up(shop);
                if known.get() {
                    state.prepare();
                }
            }
        });
        state
    }

    /// Whether this redemption has been shown.
    pub(super) fn is_seen(self, id: &str) -> bool {
        self.last_seen.try_with_value(|seen| seen.as_deref() == Some(id)).unwrap_or(true)
    }

    /// Shows a redemption as the result.
    pub(super) fn see(self, entry: LedgerEntry) {
        self.last_seen.set_value(Some(entry.id.clone()));
        self.result.set(Some(entry));
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
            let _ = self.shop.try_set(Some(load));
        });
    }

    /// Gets the device's credential: from storage if it still is the card's active one, else a new one.
    pub(super) fn prepare(self) {
        if self.preparing.get_value() {
            return;
        }
        self.preparing.set_value(true);
        if matches!(self.source.get_untracked(), CodeSource::Failed(_)) {
            self.source.set(CodeSource::Preparing);
        }
        spawn_local(async move {
            let source = self.find().await;
            let _ = self.source.try_set(source);
            let _ = self.preparing.try_set_value(false);
        });
    }

    async fn find(self) -> CodeSource {
        let active = self.member.me.try_with_untracked(|me| match me {
            Load::Ready { value, .. } => Ok(match &value.credential {
                CredentialStatus::Active { number } => Some(number.clone()),
                CredentialStatus::None => None,
            }),
            Load::Failed(error) => Err(*error),
            Load::Loading => Err(ApiError::Unreachable),
        });
        let active = match active {
            Some(Ok(active)) => active,
            Some(Err(error)) => return CodeSource::Failed(error),
            None => return CodeSource::Preparing,
        };
        let at_hand = match self.source.try_get_untracked() {
            Some(CodeSource::Ready(credential)) => Some(credential),
            _ => store::load_credential().await,
        };
        if let Some(credential) = at_hand.filter(|at_hand| active.as_ref() == Some(&at_hand.number)) {
            return CodeSource::Ready(credential);
        }
        self.enrol().await
    }

    async fn enrol(self) -> CodeSource {
        if !crate::crypto::is_available() {
            return CodeSource::Unsupported;
        }
        match api::enrol().await {
            Ok(credential) => {
                self.remember(&credential);
                store::save_credential(&credential).await;
                CodeSource::Ready(credential)
            }
            Err(error) => CodeSource::Failed(error),
        }
    }

    /// The card's active credential is this one from now on.
    fn remember(self, credential: &DeviceCredential) {
        let _ = self.member.me.try_update(|me| {
            if let Load::Ready { value, .. } = me {
                value.credential = CredentialStatus::Active { number: credential.number.clone() };
            }
        });
    }
}
