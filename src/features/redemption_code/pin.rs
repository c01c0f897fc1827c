//! The form that staff fill in on the member's phone if the shop has no device: the bill and the shop's PIN.
//! The input is read once, when the form is sent, and never stored.

use leptos::ev;
use member_domain::{Discount, Fen, ascii_digit};
pub use page_core::{PinEntry, PinState};

use crate::{
    i18n::{Language, Messages, use_language},
    prelude::*,
    ui::message,
};

/// The largest bill the backend accepts: 100,000 yuan.
const LARGEST_BILL: Fen = Fen(10_000_000);

/// The text for a state of the try.
pub(super) fn state_text(state: PinState, language: Language) -> String {
    let (messages, formats) = (language.text(), language.formats());
    match state {
        PinState::Ready => String::new(),
        PinState::Pending => messages.pin_pending.to_owned(),
        PinState::Querying => messages.pin_querying.to_owned(),
        PinState::Unknown => messages.pin_unknown.to_owned(),
        PinState::NotArrived => messages.pin_not_arrived.to_owned(),
        PinState::Wrong(left) => (messages.pin_wrong)(&formats.count(left)),
        PinState::Locked(minutes) if minutes < 2 * 60 => (messages.pin_locked)(&formats.count(minutes)),
        PinState::Locked(minutes) => (messages.pin_locked_hours)(&formats.count(minutes.div_ceil(60))),
        PinState::Refused(kind) => (messages.pin_refused)(kind).to_owned(),
    }
}

/// The PIN form.
#[component]
pub(super) fn PinForm(
    /// The shop's discount.
    discount: Discount,
    /// State of the last try.
    state: Signal<PinState>,
    /// Runs when staff confirm.
    on_redeem: Callback<PinEntry>,
    /// Runs when the member returns to the code.
    on_back: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let bill_input = NodeRef::<html::Input>::new();
    let pin_input = NodeRef::<html::Input>::new();
    // An input error, found before anything is sent.
    let fault = RwSignal::new(None::<fn(&Messages) -> &'static str>);
    let bill = RwSignal::new(None::<Fen>);
    let value = |input: NodeRef<html::Input>| input.get_untracked().map(|input| input.value()).unwrap_or_default();
    let read_bill =
        move || Fen::from_yuan(&value(bill_input)).ok().filter(|bill| (Fen(1)..=LARGEST_BILL).contains(bill));
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if matches!(state.get_untracked(), PinState::Pending | PinState::Querying) {
            return;
        }
        let Some(bill) = read_bill() else { return fault.set(Some(|text| text.pin_bad_bill)) };
        let Some(pin) = read_pin(&value(pin_input)) else { return fault.set(Some(|text| text.pin_bad_pin)) };
        fault.set(None);
        if let Some(input) = pin_input.get_untracked() {
            input.set_value("");
        }
        on_redeem.run(PinEntry { pin, bill });
    };
    let split = move || bill.get().map(|bill| discount.apply(bill));
    let payable = move || split().map(|split| language.formats().money(split.payable)).unwrap_or_default();
    let saved = move || {
        let saved = split().map(|split| language.formats().money(split.saved));
        saved.map(|saved| (language.text().saves)(&saved)).unwrap_or_default()
    };
    let status_text = move || match fault.get() {
        Some(fault) => fault(language.text()).to_owned(),
        None => state_text(state.get(), language),
    };
    // Staff enter the bill first.
    Effect::new(move |_| {
        if let Some(input) = bill_input.get() {
            let _ = input.focus();
        }
    });
    let busy = move || matches!(state.get(), PinState::Pending | PinState::Querying).to_string();
    view! {
        <form class="pin-form" data-testid="pin-form" novalidate autocomplete="off" aria-busy=busy on:submit=send>
            <p class="pin-form__hint">{message(|text| text.pin_hint)}</p>
            <label class="pin-form__field">
                <span>{message(|text| text.pin_bill)}</span>
                <input
                    node_ref=bill_input
                    data-testid="pin-bill"
                    type="text"
                    inputmode="decimal"
                    autocomplete="off"
                    maxlength="12"
                    on:input=move |_| bill.set(read_bill())
                />
            </label>
            <p class="pin-form__sum" translate="no">
                <span class="pin-form__label">{message(|text| text.to_pay)}</span>
                " "
                <strong data-testid="pin-payable">{payable}</strong>
                " "
                <span class="pin-form__saved">{saved}</span>
            </p>
            <label class="pin-form__field">
                <span>{message(|text| text.pin_field)}</span>
                <input
                    node_ref=pin_input
                    data-testid="pin-field"
                    type="password"
                    inputmode="numeric"
                    // With `password`, the member's phone would offer to save the PIN.
                    autocomplete="one-time-code"
                    maxlength="8"
                />
            </label>
            <p class="pin-form__said" data-testid="pin-said" role="status">{status_text}</p>
            <button class="button button--primary" type="submit" data-testid="pin-submit">
                {message(|text| text.pin_submit)}
            </button>
            <button class="button button--quiet" type="button" on:click=move |_| on_back.run(())>
                {message(|text| text.pin_back)}
            </button>
        </form>
    }
}

/// Reads the digits of a PIN, including full-width digits. `None` if the input cannot be a PIN.
fn read_pin(typed: &str) -> Option<String> {
    let pin: String = typed.trim().chars().map(ascii_digit).collect::<Option<_>>()?;
    (4..=8).contains(&pin.len()).then_some(pin)
}
