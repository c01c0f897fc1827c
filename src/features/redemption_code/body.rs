//! The middle of the sheet: the code, or its replacement.

use member_domain::{CodeForm, TimeStep, UnixMillis, ValuePattern, wire::LedgerEntry};
use page_core::code_sheet::Shown;

use super::{
    CodeSheetActions, CodeSource, PinState,
    notice::{Hopeless, Notice, TimeInDoubt},
    panel::CodePanel,
    pin::{self, PinForm},
    result::redeemed,
    shop_context::ShopContext,
};
use crate::{
    i18n::use_language,
    prelude::*,
    store::DeviceCredential,
    ui::{Failure, message},
};

/// Shows one of the sheet's states.
#[component]
pub(super) fn Body(
    /// The state to show.
    shown: Memo<Shown>,
    /// The source of codes.
    source: Signal<CodeSource>,
    /// The current instant.
    now: Signal<Option<UnixMillis>>,
    /// The estimated time while the time is in doubt.
    time_guess: Signal<Option<UnixMillis>>,
    /// The shop's effect on the sheet.
    place: ShopContext,
    /// State of the last try with the shop's PIN.
    pin: Signal<PinState>,
    /// The last time step whose code is used.
    spent: Signal<Option<TimeStep>>,
    /// The latest redemption.
    result: Signal<Option<LedgerEntry>>,
    /// Runs when the member returns from the PIN form to the code.
    on_back: Callback<()>,
    /// Runs when the member requests a code although a PIN try may have redeemed.
    on_all_the_same: Callback<()>,
    /// Actions of the sheet's owner.
    actions: CodeSheetActions,
) -> impl IntoView {
    let language = use_language();
    let CodeSheetActions { on_retry, on_broken, on_vouch, on_pin, on_again, on_shown, on_close, .. } = actions;
    move || match shown.get() {
        Shown::Result => {
            let entry = result.get();
            entry.map(|entry| redeemed(entry, on_again, on_close)).into_any()
        }
        Shown::PinForm => {
            let discount = place.discount.get();
            discount.map(|discount| view! { <PinForm discount state=pin on_redeem=on_pin on_back /> }).into_any()
        }
        Shown::Unsettled => view! {
            <Notice
                why=Signal::derive(move || pin::said(pin.get(), language))
                action=|text| text.code_all_the_same
                on_action=on_all_the_same
            />
        }
        .into_any(),
        Shown::TimeInDoubt => view! { <TimeInDoubt guess=time_guess on_vouch on_check=on_retry /> }.into_any(),
        Shown::Code | Shown::NoCode => match source.get() {
            CodeSource::Ready(credential) => {
                let credential = in_form(credential, place.form.get());
                view! { <CodePanel credential now spent on_shown on_broken /> }.into_any()
            }
            other => no_code(other, actions),
        },
    }
}

/// Sets the credential's code form to the one the shop's scanner reads.
fn in_form(credential: DeviceCredential, form: CodeForm) -> DeviceCredential {
    match form {
        CodeForm::Url => credential,
        CodeForm::Digits => DeviceCredential { pattern: ValuePattern::digits(&credential.number), ..credential },
    }
}

/// Explains the missing code.
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

/// Reserves the panel's space until the code is ready.
#[component]
fn Preparing() -> impl IntoView {
    view! {
        <div class="code-panel code-panel--preparing" role="status">
            <span class="visually-hidden">{message(|text| text.code_preparing)}</span>
        </div>
    }
}
