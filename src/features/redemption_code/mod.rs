//! The redemption code: a sheet with a QR code that rotates, its digits, how this shop takes it, and the result once it is
//! redeemed.

mod countdown;
mod head;
mod notice;
mod panel;
mod pin;
mod qr;
mod result;
mod rotation;
mod tools;
mod ways;

use member_domain::{
    City, CivilDate, CodeForm, RedeemMethod, TimeStep, UnixMillis, ValuePattern,
    wire::{LedgerEntry, Shop},
};

use self::{
    head::Head,
    notice::{Hopeless, Notice, TimeInDoubt},
    panel::CodePanel,
    pin::PinForm,
    result::RedemptionResult,
    tools::Tools,
    ways::Ways,
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
    ui::{Failure, SheetFrame, keep_focus, message},
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
    pin: RwSignal<PinState>,
    /// The last step whose code is used up.
    #[prop(optional, into)]
    spent: Signal<Option<TimeStep>>,
    /// The redemption that has just happened, if one has.
    result: RwSignal<Option<LedgerEntry>>,
    /// Whether there is a code on it to scan.
    #[prop(optional)]
    shown: RwSignal<bool>,
    /// What can be asked of whoever opened the sheet.
    actions: CodeSheetActions,
) -> impl IntoView {
    use_wake_lock();
    let language = use_language();
    let turned = RwSignal::new(false);
    let pin_open = RwSignal::new(false);
    let CodeSheetActions { on_retry, on_broken, on_vouch, on_pin, on_close, .. } = actions;

    let known = Memo::new(move |_| shop.with(|shop| shop.as_ref().and_then(Load::value).cloned()));
    // A shop that has left is of no use for its ways, its form of the code or its PIN.
    let today = Memo::new(move |_| now.get().map(CivilDate::in_shanghai));
    let context = Memo::new(move |_| known.get().filter(|shop| !has_left(shop, today.get())));
    let form = Memo::new(move |_| context.with(|shop| shop.as_ref().map_or(CodeForm::Url, |shop| shop.code_form)));
    let methods = Memo::new(move |_| context.with(|shop| shop.as_ref().map(|shop| shop.redeem_methods.clone())));
    let chosen = RwSignal::new(None::<RedeemMethod>);
    Effect::new(move |_| {
        chosen.set(methods.with(|methods| methods.as_ref()?.first().copied()));
        pin_open.set(false);
    });
    let takes_pin = Memo::new(move |_| {
        methods.with(|methods| methods.as_ref().is_some_and(|methods| methods.contains(&RedeemMethod::ShopPin)))
    });
    let discount = Memo::new(move |_| context.with(|shop| shop.as_ref().map(|shop| shop.discount_permille)));
    let unsettled = Memo::new(move |_| pin.get().is_unsettled());
    let all_the_same = RwSignal::new(false);
    let guess = Memo::new(move |_| time_guess.get().is_some());
    let shows_code = Memo::new(move |_| {
        let ready = source.with(|source| matches!(source, CodeSource::Ready(_)));
        let settled = !unsettled.get() || all_the_same.get();
        ready && settled && !guess.get() && !pin_open.get() && result.with(Option::is_none)
    });

    let title = move || known.get().map_or_else(|| language.text().code_title.to_owned(), |shop| shop.name);
    let announcement =
        move || result.with(|result| result.as_ref().map(|entry| said(entry, language)).unwrap_or_default());
    let pin_form = move |discount| {
        let on_back = Callback::new(move |()| pin_open.set(false));
        view! { <PinForm discount state=pin on_redeem=on_pin on_back /> }
    };
    let body = move || {
        if let Some(entry) = result.get() {
            let on_again = Callback::new(move |()| {
                pin_open.set(false);
                result.set(None);
            });
            return view! { <RedemptionResult entry on_again on_close /> }.into_any();
        }
        if pin_open.get()
            && let Some(discount) = discount.get()
        {
            return pin_form(discount).into_any();
        }
        // As long as nobody knows whether it was redeemed, the code could redeem it once more.
        if unsettled.get() && !all_the_same.get() && matches!(source.get(), CodeSource::Ready(_)) {
            return not_settled(pin, language, all_the_same);
        }
        match source.get() {
            CodeSource::Ready(_) if guess.get() => {
                view! { <TimeInDoubt guess=time_guess on_vouch on_check=on_retry /> }.into_any()
            }
            CodeSource::Ready(credential) => {
                view! { <CodePanel credential=in_form(credential, form.get()) now spent shown on_broken /> }.into_any()
            }
            other => no_code(other, actions),
        }
    };
    // Apart from the panel, which must not be built anew when the shop becomes known.
    let ways = move || {
        if shows_code.get() {
            let methods = methods.get().unwrap_or_default();
            view! { <Ways methods chosen turned /> }.into_any()
        } else {
            ().into_any()
        }
    };
    let host = use_host();
    // What had the focus may be gone.
    Effect::new(move |before: Option<()>| {
        result.track();
        pin_open.track();
        source.track();
        if before.is_some() {
            keep_focus(host);
        }
    });
    // A code that is no longer shown has nothing to turn.
    Effect::new(move |_| {
        if !shows_code.get() {
            turned.set(false);
        }
    });
    let usable = move || result.with(Option::is_none) && !pin_open.get();
    let tools = move || view! { <Tools takes_pin turned pin_open /> };
    let hint = || view! { <p class="code-sheet__hint">{message(|text| text.brightness_hint)}</p> };
    view! {
        <SheetFrame test_id="code-sheet" label=Signal::derive(title) on_close>
            // Stands here before there is anything to say: screen readers announce what changes in it.
            <p class="visually-hidden" role="status">{announcement}</p>
            <div class="code-sheet" class:code-sheet--turned=move || turned.get()>
                <Head title=Signal::derive(title) shop today cities offline=Signal::derive(move || offline.get() && shows_code.get()) />
                {body}
                {ways}
                <Show when=move || shows_code.get() && !turned.get()>{hint()}</Show>
            </div>
            <Show when=move || usable() && (shows_code.get() || takes_pin.get())>{tools()}</Show>
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

/// Stands in the code's place while a redemption by PIN may have happened or not.
fn not_settled(state: RwSignal<PinState>, language: Language, all_the_same: RwSignal<bool>) -> AnyView {
    view! {
        <Notice
            why=Signal::derive(move || pin::said(state.get(), language))
            action=|text| text.code_all_the_same
            on_action=Callback::new(move |()| all_the_same.set(true))
        />
    }
    .into_any()
}

/// Whether the shop takes part no longer; a day that nobody knows yet counts as still to come.
pub(crate) fn has_left(shop: &Shop, today: Option<CivilDate>) -> bool {
    shop.left_on.zip(today).is_some_and(|(left_on, today)| left_on <= today)
}

/// The credential with its code in the form the shop's scanner wants.
fn in_form(credential: DeviceCredential, form: CodeForm) -> DeviceCredential {
    match form {
        CodeForm::Url => credential,
        CodeForm::Digits => DeviceCredential { pattern: ValuePattern::digits(&credential.number), ..credential },
    }
}

/// What stands in the code's place while there is none.
fn no_code(source: CodeSource, CodeSheetActions { on_retry, on_take_over, .. }: CodeSheetActions) -> AnyView {
    let language = use_language();
    match source {
        CodeSource::Preparing | CodeSource::Ready(_) => view! { <Preparing /> }.into_any(),
        CodeSource::Failed(error) => view! { <Failure error on_retry /> }.into_any(),
        CodeSource::TakenOver => view! {
            <Notice
                why=Signal::derive(move || language.text().code_taken_over.to_owned())
                action=|text| text.code_take_over
                on_action=on_take_over
            />
        }
        .into_any(),
        CodeSource::TooLongOffline => view! {
            <Notice
                why=Signal::derive(move || language.text().code_too_long_offline.to_owned())
                action=|text| text.retry
                on_action=on_retry
            />
        }
        .into_any(),
        CodeSource::NoCard => view! { <Hopeless why=|text| text.no_card /> }.into_any(),
        CodeSource::Unsupported => view! { <Hopeless why=|text| text.code_unavailable /> }.into_any(),
    }
}

/// Holds the panel's place until the code is there.
#[component]
fn Preparing() -> impl IntoView {
    view! {
        <div class="code-panel code-panel--preparing" role="status">
            <span class="visually-hidden">{message(|text| text.code_preparing)}</span>
        </div>
    }
}
