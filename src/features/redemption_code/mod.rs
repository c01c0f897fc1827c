//! The redemption code: a sheet with a rotating QR code, its digits, the shop's ways to redeem, and the
//! result.

mod body;
mod countdown;
mod head;
mod notice;
mod panel;
mod pin;
mod qr;
mod result;
mod rotation;
mod shop_context;
mod tools;
mod ways;

use member_domain::{
    City, CivilDate, RedeemMethod, TimeStep, UnixMillis,
    wire::{LedgerEntry, Shop},
};
use page_core::code_sheet::{Facts, SheetContent};

pub(crate) use self::shop_context::has_left;
use self::{
    body::Body,
    head::Head,
    shop_context::use_shop_context,
    tools::Tools,
    ways::{WayState, Ways, use_ways, with_code},
};
pub use self::{
    pin::{PinEntry, PinState},
    qr::QrSymbol,
};
use crate::{
    host::use_host,
    i18n::{Language, use_language},
    load::Load,
    prelude::*,
    screen::use_wake_lock,
    store::DeviceCredential,
    ui::{SheetFrame, message, restore_focus},
};

/// The source of the sheet's codes.
pub type CodeSource = page_core::CodeSource<DeviceCredential>;

/// Actions of the member, or of staff on the member's phone.
#[derive(Clone, Copy)]
pub struct CodeSheetActions {
    /// Retries.
    pub on_retry: Callback<()>,
    /// Reports that the credential cannot make codes.
    pub on_credential_failed: Callback<()>,
    /// Moves the codes to this device.
    pub on_take_over: Callback<()>,
    /// Confirms the phone's time.
    pub on_confirm_time: Callback<()>,
    /// Redeems with the shop's PIN.
    pub on_pin: Callback<PinEntry>,
    /// Closes the result and shows another code.
    pub on_another_code: Callback<()>,
    /// Reports the way by which a redemption succeeded at the sheet's shop.
    pub on_worked: Callback<RedeemMethod>,
    /// Reports whether a code is on screen to scan.
    pub on_code_shown: Callback<bool>,
    /// Closes the sheet.
    pub on_close: Callback<()>,
}

/// The code sheet. Mounting it opens it.
#[component]
pub fn CodeSheet(
    /// The source of codes.
    #[prop(into)]
    source: Signal<CodeSource>,
    /// The current instant.
    #[prop(into)]
    now: Signal<Option<UnixMillis>>,
    /// The estimated time, while the time is in doubt and the backend is unreachable.
    #[prop(optional, into)]
    time_guess: Signal<Option<UnixMillis>>,
    /// Whether the backend is unreachable.
    #[prop(optional, into)]
    offline: Signal<bool>,
    /// The shop the sheet is open for, if any.
    #[prop(into)]
    shop: Signal<Option<Load<Shop>>>,
    /// The way that worked last at this shop.
    #[prop(optional, into)]
    worked: Signal<Option<RedeemMethod>>,
    /// The cities where the card works. Empty while unknown.
    #[prop(optional, into)]
    cities: Signal<Vec<City>>,
    /// State of the last try with the shop's PIN.
    #[prop(into)]
    pin: Signal<PinState>,
    /// The last time step whose code is used.
    #[prop(optional, into)]
    used_step: Signal<Option<TimeStep>>,
    /// The latest redemption, if any.
    #[prop(into)]
    result: Signal<Option<LedgerEntry>>,
    /// Actions of the sheet's owner.
    actions: CodeSheetActions,
) -> impl IntoView {
    use_wake_lock();
    let language = use_language();
    let today = Memo::new(move |_| now.get().map(CivilDate::in_shanghai));
    let place = use_shop_context(shop, today);
    let (turned, set_turned) = signal(false);
    let WayState { chosen, pin_open } = use_ways(place, worked, result, actions.on_worked);
    let (wants_code_anyway, set_wants_code_anyway) = signal(false);
    let content = Memo::new(move |_| {
        SheetContent::of(Facts {
            is_ready: source.with(|source| source.credential().is_some()),
            has_result: result.with(Option::is_some),
            wants_pin: pin_open.get() && place.discount.get().is_some(),
            is_unsettled: pin.get().is_unsettled(),
            wants_code_anyway: wants_code_anyway.get(),
            is_time_in_doubt: time_guess.with(Option::is_some),
        })
    });
    let shows_code = move || content.get() == SheetContent::Code;
    // The foot has its place before the code is there, so that nothing moves when it comes.
    let is_preparing = Memo::new(move |_| {
        content.get() == SheetContent::NoCode && source.with(|source| matches!(source, CodeSource::Preparing))
    });
    // Without a code there is nothing to turn.
    Effect::new(move |_| {
        if !shows_code() {
            set_turned.set(false);
        }
    });
    let host = use_host();
    // The focused element may have been removed.
    Effect::new(move |before: Option<()>| {
        content.track();
        source.track();
        result.track();
        if before.is_some() {
            restore_focus(host);
        }
    });
    let CodeSheetActions { on_another_code, on_close, .. } = actions;
    let has_code = RwSignal::new(false);
    let on_code_shown = Callback::new(move |is_shown| {
        let _ = has_code.try_set(is_shown);
        let _ = actions.on_code_shown.try_run(is_shown);
    });
    let body_actions = CodeSheetActions { on_another_code, on_code_shown, ..actions };
    let on_back = Callback::new(move |()| pin_open.set(false));
    let on_code_anyway = Callback::new(move |()| set_wants_code_anyway.set(true));
    // Separate from the body, which must not be rebuilt when the shop has loaded.
    let ways = move || {
        let on_choose = Callback::new(move |method| chosen.set(Some(method)));
        let methods = with_code(place.methods.get());
        view! { <Ways methods chosen=chosen.into() turned=turned.into() on_choose /> }
    };
    let tools = move || {
        let on_turn = Callback::new(move |()| set_turned.update(|turned| *turned = !*turned));
        let on_pin = Callback::new(move |()| pin_open.set(true));
        let waiting = Signal::derive(move || is_preparing.get() && !place.takes_pin.get());
        view! { <Tools takes_pin=place.takes_pin turned=turned.into() waiting on_turn on_pin /> }
    };
    let title = move || {
        let redeemed_at = result.with(|result| result.as_ref().map(|entry| entry.shop_name.clone()));
        let name = redeemed_at.filter(|name| !name.is_empty()).or_else(|| place.known.get().map(|shop| shop.name));
        name.unwrap_or_else(|| language.text().code_title.to_owned())
    };
    let announcement = move || {
        result.with(|result| result.as_ref().map(|entry| announcement_text(entry, language)).unwrap_or_default())
    };
    let usable = move || !matches!(content.get(), SheetContent::Result | SheetContent::PinForm);
    let has_tools = move || usable() && (shows_code() || is_preparing.get() || place.takes_pin.get());
    let hint = || view! { <p class="code-sheet__hint">{message(|text| text.brightness_hint)}</p> };
    view! {
        <SheetFrame test_id="code-sheet" label=Signal::derive(title) fitted=Signal::derive(move || shows_code() || is_preparing.get()) on_close>
            // Always present, even while empty: screen readers announce changes only in an existing element.
            <p class="visually-hidden" role="status">{announcement}</p>
            <div class="code-sheet" class:code-sheet--turned=move || turned.get()>
                // What staff need at once: it is as high as the sheet, and the code takes what is left of it.
                <div class="code-sheet__stage">
                    <Head
                        title=Signal::derive(title)
                        shop
                        today
                        cities
                        result=Signal::derive(move || content.get() == SheetContent::Result)
                        offline=Signal::derive(move || offline.get() && shows_code())
                    />
                    <Body
                        content
                        source
                        now
                        time_guess
                        place
                        pin
                        used_step
                        result
                        on_back
                        on_code_anyway
                        actions=body_actions
                    />
                </div>
                {move || shows_code().then(ways)}
                <Show when=move || shows_code() && has_code.get() && !turned.get()>{hint()}</Show>
            </div>
            <Show when=has_tools>{tools()}</Show>
        </SheetFrame>
    }
}

/// The announcement of a redemption for screen readers.
fn announcement_text(entry: &LedgerEntry, language: Language) -> String {
    let (text, formats) = (language.text(), language.formats());
    if entry.cancelled_at.is_some() {
        return text.cancelled.to_owned();
    }
    format!("{} {} {}", text.redeemed, entry.shop_name, (text.redeemed_saved)(&formats.money(entry.saved_fen)))
}
