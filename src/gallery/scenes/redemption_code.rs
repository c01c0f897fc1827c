//! The code sheet: with a code, without one, with the PIN form, and with a result.

use member_domain::{
    City, CodeForm, RedeemMethod, TimeStep,
    wire::{LedgerEntry, ProblemKind, Shop},
};
use wasm_bindgen_futures::spawn_local;

use super::{Scene, Stage, nothing, over_page};
use crate::{
    api::ApiError,
    crypto::SigningKey,
    features::redemption_code::{CodeSheet, CodeSheetActions, CodeSource, PinState},
    gallery::{
        data::{self, HUGE, LONG, UNREACHABLE, day, sample},
        stage::{click_when_present, property},
    },
    load::Load,
    prelude::*,
    store::DeviceCredential,
};

const GROUP: &str = "Code sheet";
const PIN: &str = "Code sheet: the shop's PIN";

const fn scene(name: &'static str, title: &'static str, view: fn(Stage) -> AnyView) -> Scene {
    Scene::sheet(GROUP, name, title, view)
}

const fn pin(name: &'static str, title: &'static str, view: fn(Stage) -> AnyView) -> Scene {
    Scene::sheet(PIN, name, title, view)
}

pub(super) const SCENES: &[Scene] = &[
    scene("code-preparing", "Preparing", |stage| none(stage, CodeSource::Preparing)),
    scene("code-ready", "A code, no shop", |stage| Sheet::default().view(stage)),
    scene("code-shop", "A code at a shop with several ways", |stage| at(stage, Load::ready(counter()))),
    scene("code-shop-digits", "A code as bare digits for a till", |stage| {
        at(stage, Load::ready(Shop { code_form: CodeForm::Digits, ..counter() }))
    }),
    scene("code-turned", "Turned to the staff", |stage| {
        // A sheet without a code turns back by itself, so this waits for the code.
        click_when_present(".sheet__body:has([data-testid=code-qr]) [data-testid=code-turn]");
        at(stage, Load::ready(counter()))
    }),
    scene("code-shop-loading", "The shop is on its way", |stage| at(stage, Load::Loading)),
    scene("code-shop-unknown", "No such shop", |stage| {
        at(stage, Load::Failed(ApiError::Problem(ProblemKind::NotFound)))
    }),
    scene("code-shop-elsewhere", "A shop in a city where the card does not work", |stage| {
        at(stage, Load::ready(Shop { city: City::Guangzhou, ..counter() }))
    }),
    scene("code-shop-leaving", "A shop that leaves", |stage| {
        at(stage, Load::ready(Shop { left_on: Some(day("2026-12-24")), ..counter() }))
    }),
    scene("code-shop-left", "A shop that has left", |stage| {
        at(stage, Load::ready(Shop { left_on: Some(day("2026-11-01")), ..counter() }))
    }),
    scene("code-offline", "Offline", |stage| Sheet { offline: true, ..Sheet::default() }.view(stage)),
    scene("code-used-up", "This step's code is used up: the next one", |stage| {
        Sheet { used_step: Some(0), ..Sheet::default() }.view(stage)
    }),
    scene("code-used-up-twice", "Both are used up: none until time has gone on", |stage| {
        Sheet { used_step: Some(1), ..Sheet::default() }.view(stage)
    }),
    scene("code-time-in-doubt", "The time is not certain", |stage| {
        Sheet { time_in_doubt: true, ..Sheet::default() }.view(stage)
    }),
    scene("code-taken-over", "Another device has the codes", |stage| none(stage, CodeSource::TakenOver)),
    scene("code-too-long-offline", "Offline for too long", |stage| none(stage, CodeSource::TooLongOffline)),
    scene("code-no-card", "No card", |stage| none(stage, CodeSource::NoCard)),
    scene("code-unsupported", "This browser makes no codes", |stage| none(stage, CodeSource::Unsupported)),
    scene("code-failed", "Failed: out of reach", |stage| none(stage, CodeSource::Failed(UNREACHABLE))),
    scene("code-failed-ended", "Failed: the programme has ended", |stage| {
        none(stage, CodeSource::Failed(ApiError::Problem(ProblemKind::ProgrammeEnded)))
    }),
    scene("code-result", "Redeemed", |stage| result(stage, data::redemption())),
    scene("code-result-cancelled", "Taken back", |stage| {
        result(stage, LedgerEntry { cancelled_at: Some(data::NOON), ..data::redemption() })
    }),
    scene("code-result-long", "Redeemed: long text, huge numbers", |stage| {
        let shop_name = LONG.to_owned();
        let entry = data::redemption();
        result(stage, LedgerEntry { shop_name, bill_fen: HUGE, saved_fen: HUGE, payable_fen: HUGE, ..entry })
    }),
    scene("code-long", "A shop with a long name", |stage| {
        at(stage, Load::ready(Shop { name: LONG.to_owned(), ..counter() }))
    }),
    pin("pin-only", "A shop that accepts only its PIN", |stage| {
        at(stage, Load::ready(Shop { redeem_methods: vec![RedeemMethod::ShopPin], ..counter() }))
    }),
    pin("pin-ready", "The form", |stage| entering(stage, PinState::Ready)),
    pin("pin-wrong", "Wrong", |stage| entering(stage, PinState::Wrong(2))),
    pin("pin-locked", "Locked", |stage| entering(stage, PinState::Locked(15))),
    pin("pin-refused", "Refused for another reason", |stage| {
        entering(stage, PinState::Refused(ProblemKind::RateLimited))
    }),
    pin("pin-pending", "Sent", |stage| entering(stage, PinState::Pending)),
    pin("pin-asking", "The answer was lost and is asked for", |stage| entering(stage, PinState::Querying)),
    pin("pin-not-arrived", "There is no sign of it", |stage| entering(stage, PinState::NotArrived)),
    pin("pin-unknown", "The outcome cannot be asked for", |stage| entering(stage, PinState::Unknown)),
    pin("pin-unsettled", "Back from the form, outcome unknown", |stage| {
        Sheet { shop: Some(Load::ready(counter())), pin: PinState::Unknown, ..Sheet::default() }.view(stage)
    }),
];

/// A shop that accepts all ways to redeem.
fn counter() -> Shop {
    Shop { redeem_methods: RedeemMethod::ALL.to_vec(), ..data::shop() }
}

fn none(stage: Stage, source: CodeSource) -> AnyView {
    Sheet { source: Some(source), ..Sheet::default() }.view(stage)
}

fn at(stage: Stage, shop: Load<Shop>) -> AnyView {
    Sheet { shop: Some(shop), ..Sheet::default() }.view(stage)
}

fn result(stage: Stage, entry: LedgerEntry) -> AnyView {
    Sheet { result: Some(entry), ..Sheet::default() }.view(stage)
}

/// The PIN form with a try in the state `pin`.
fn entering(stage: Stage, pin: PinState) -> AnyView {
    click_when_present("[data-testid=pin-open]");
    Sheet { shop: Some(Load::ready(counter())), pin, ..Sheet::default() }.view(stage)
}

/// Input of the sheet.
struct Sheet {
    /// The reason for a missing code. `None`: the sheet has a code.
    source: Option<CodeSource>,
    shop: Option<Load<Shop>>,
    pin: PinState,
    result: Option<LedgerEntry>,
    offline: bool,
    time_in_doubt: bool,
    /// The last used step, as a number of steps ahead of the current one.
    used_step: Option<i64>,
}

impl Default for Sheet {
    fn default() -> Self {
        Self {
            source: None,
            shop: None,
            pin: PinState::Ready,
            result: None,
            offline: false,
            time_in_doubt: false,
            used_step: None,
        }
    }
}

impl Sheet {
    fn view(self, stage: Stage) -> AnyView {
        let has_code = self.source.is_none();
        let source = RwSignal::new(self.source.unwrap_or(CodeSource::Preparing));
        let (shop, pin, result) = (RwSignal::new(self.shop), RwSignal::new(self.pin), RwSignal::new(self.result));
        let (now, guess) =
            if self.time_in_doubt { (Signal::stored(None), stage.now) } else { (stage.now, Signal::stored(None)) };
        let cities = Signal::stored(vec![City::Shanghai, City::Hangzhou]);
        let (offline, used_step) = (Signal::stored(self.offline), RwSignal::new(None));
        if has_code {
            let ahead = self.used_step.zip(stage.now.get_untracked());
            spawn_local(async move {
                let Some(credential) = credential().await else { return };
                let _ = used_step.try_set(ahead.map(|(steps, now)| TimeStep::at(now, credential.period).plus(steps)));
                let _ = source.try_set(CodeSource::Ready(credential));
            });
        }
        let is_confirmed = RwSignal::new(false);
        let time_guess = Signal::derive(move || guess.get().filter(|_| !is_confirmed.get()));
        let actions = CodeSheetActions {
            on_retry: Callback::new(move |()| source.set(CodeSource::Preparing)),
            on_credential_failed: nothing(),
            on_take_over: Callback::new(move |()| source.set(CodeSource::Preparing)),
            on_confirm_time: Callback::new(move |()| is_confirmed.set(true)),
            on_pin: Callback::new(move |_| pin.set(PinState::Wrong(2))),
            on_another_code: Callback::new(move |()| result.set(None)),
            on_worked: Callback::new(|_| ()),
            on_code_shown: Callback::new(|_| ()),
            on_close: nothing(),
        };
        over_page(view! { <CodeSheet source now time_guess offline shop cities pin used_step result actions /> })
    }
}

/// The samples' credential. Its key is public.
async fn credential() -> Option<DeviceCredential> {
    let json = js_sys::JSON::parse(sample::CREDENTIAL).ok()?;
    let key = SigningKey::import(&property(&json, "key")).await.ok()?;
    let answer: member_domain::wire::CredentialAnswer = data::read(sample::CREDENTIAL);
    Some(DeviceCredential {
        number: answer.number,
        card: String::new(),
        pattern: answer.value_pattern,
        period: answer.totp_details.period_millis,
        expires_at: answer.expires_at,
        key,
    })
}
