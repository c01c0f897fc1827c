//! The redemption code: a sheet with a QR code that rotates, its digits, how this shop takes it, and the result once it is
//! redeemed.

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
use page_core::code_sheet::{Facts, Shown};

pub(crate) use self::shop_context::has_left;
use self::{body::Body, head::Head, shop_context::use_shop_context, tools::Tools, ways::Ways};
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
    ui::{SheetFrame, keep_focus, message},
};

/// What the sheet has to make codes with.
pub type CodeSource = page_core::CodeSource<DeviceCredential>;

/// What the member, or staff on the member's phone, can ask of the sheet.
#[derive(Clone, Copy)]
pub struct CodeSheetActions {
    /// Try again.
    pub on_retry: Callback<()>,
    /// The credential makes no codes.
    pub on_broken: Callback<()>,
    /// Bring the codes to this device.
    pub on_take_over: Callback<()>,
    /// The phone's time is right.
    pub on_vouch: Callback<()>,
    /// Redeem by the shop's PIN.
    pub on_pin: Callback<PinEntry>,
    /// The member has seen the result and wants another code.
    pub on_again: Callback<()>,
    /// There is a code on it to scan, or there is none any more.
    pub on_shown: Callback<bool>,
    /// Close the sheet.
    pub on_close: Callback<()>,
}

/// The code sheet. Mount it to open it.
#[component]
pub fn CodeSheet(
    /// What codes are made with.
    #[prop(into)]
    source: Signal<CodeSource>,
    /// The current instant.
    #[prop(into)]
    now: Signal<Option<UnixMillis>>,
    /// What time it may be while nobody can be sure, and the backend could not be asked.
    #[prop(optional, into)]
    time_guess: Signal<Option<UnixMillis>>,
    /// Whether the backend is out of reach.
    #[prop(optional, into)]
    offline: Signal<bool>,
    /// The shop in whose context the sheet is open, if any.
    #[prop(into)]
    shop: Signal<Option<Load<Shop>>>,
    /// The cities the card works in; empty while they are not known.
    #[prop(optional, into)]
    cities: Signal<Vec<City>>,
    /// Where the last try with the shop's PIN stands.
    #[prop(into)]
    pin: Signal<PinState>,
    /// The last step whose code is used up.
    #[prop(optional, into)]
    spent: Signal<Option<TimeStep>>,
    /// The redemption that has just happened, if one has.
    #[prop(into)]
    result: Signal<Option<LedgerEntry>>,
    /// What can be asked of whoever opened the sheet.
    actions: CodeSheetActions,
) -> impl IntoView {
    use_wake_lock();
    let language = use_language();
    let today = Memo::new(move |_| now.get().map(CivilDate::in_shanghai));
    let place = use_shop_context(shop, today);
    let (turned, set_turned) = signal(false);
    let (pin_open, set_pin_open) = signal(false);
    let (all_the_same, set_all_the_same) = signal(false);
    let (chosen, set_chosen) = signal(None::<RedeemMethod>);
    Effect::new(move |_| {
        set_chosen.set(place.methods.with(|methods| methods.first().copied()));
        set_pin_open.set(false);
    });
    let shown = Memo::new(move |_| {
        Shown::of(Facts {
            is_ready: source.with(|source| source.credential().is_some()),
            has_result: result.with(Option::is_some),
            wants_pin: pin_open.get() && place.discount.get().is_some(),
            is_unsettled: pin.get().is_unsettled(),
            all_the_same: all_the_same.get(),
            is_time_in_doubt: time_guess.with(Option::is_some),
        })
    });
    let shows_code = move || shown.get() == Shown::Code;
    // A code that is no longer shown has nothing to turn.
    Effect::new(move |_| {
        if !shows_code() {
            set_turned.set(false);
        }
    });
    let host = use_host();
    // What had the focus may be gone.
    Effect::new(move |before: Option<()>| {
        shown.track();
        source.track();
        result.track();
        if before.is_some() {
            keep_focus(host);
        }
    });
    let CodeSheetActions { on_again, on_close, .. } = actions;
    let on_again = Callback::new(move |()| {
        set_pin_open.set(false);
        on_again.run(());
    });
    let body_actions = CodeSheetActions { on_again, ..actions };
    let on_back = Callback::new(move |()| set_pin_open.set(false));
    let on_all_the_same = Callback::new(move |()| set_all_the_same.set(true));
    // Apart from the body, which must not be built anew when the shop becomes known.
    let ways = move || {
        let on_choose = Callback::new(move |method| set_chosen.set(Some(method)));
        view! { <Ways methods=place.methods.get() chosen=chosen.into() turned=turned.into() on_choose /> }
    };
    let tools = move || {
        let on_turn = Callback::new(move |()| set_turned.update(|turned| *turned = !*turned));
        let on_pin = Callback::new(move |()| set_pin_open.set(true));
        view! { <Tools takes_pin=place.takes_pin turned=turned.into() on_turn on_pin /> }
    };
    let title = move || place.known.get().map_or_else(|| language.text().code_title.to_owned(), |shop| shop.name);
    let announcement =
        move || result.with(|result| result.as_ref().map(|entry| said(entry, language)).unwrap_or_default());
    let usable = move || !matches!(shown.get(), Shown::Result | Shown::PinForm);
    let hint = || view! { <p class="code-sheet__hint">{message(|text| text.brightness_hint)}</p> };
    view! {
        <SheetFrame test_id="code-sheet" label=Signal::derive(title) on_close>
            // Stands here before there is anything to say: screen readers announce what changes in it.
            <p class="visually-hidden" role="status">{announcement}</p>
            <div class="code-sheet" class:code-sheet--turned=move || turned.get()>
                <Head title=Signal::derive(title) shop today cities offline=Signal::derive(move || offline.get() && shows_code()) />
                <Body shown source now time_guess place pin spent result on_back on_all_the_same actions=body_actions />
                {move || shows_code().then(ways)}
                <Show when=move || shows_code() && !turned.get()>{hint()}</Show>
            </div>
            <Show when=move || usable() && (shows_code() || place.takes_pin.get())>{tools()}</Show>
        </SheetFrame>
    }
}

/// What screen readers say of a redemption.
fn said(entry: &LedgerEntry, language: Language) -> String {
    let (text, formats) = (language.text(), language.formats());
    if entry.cancelled_at.is_some() {
        return text.cancelled.to_owned();
    }
    format!("{} {} {}", text.redeemed, entry.shop_name, (text.redeemed_saved)(&formats.money(entry.saved_fen)))
}
