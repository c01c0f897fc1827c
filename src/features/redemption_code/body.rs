//! The middle of the sheet: the code, or its replacement.

use member_domain::{CodeForm, TimeStep, UnixMillis, ValuePattern, wire::LedgerEntry};
use page_core::code_sheet::SheetContent;

use super::{
    CodeSheetActions, CodeSource, PinState,
    notice::{NeedsNetwork, Notice, PlainNotice, TimeInDoubt},
    panel::CodePanel,
    pin::{self, PinForm},
    result::result_view,
    shop_context::ShopContext,
};
use crate::{
    api::ApiError,
    i18n::use_language,
    prelude::*,
    store::DeviceCredential,
    ui::{Failure, message},
};

/// Shows one of the sheet's states.
#[component]
pub(super) fn Body(
    /// The state to show.
    content: Memo<SheetContent>,
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
    used_step: Signal<Option<TimeStep>>,
    /// The latest redemption.
    result: Signal<Option<LedgerEntry>>,
    /// Runs when the member returns from the PIN form to the code.
    on_back: Callback<()>,
    /// Runs when the member requests a code although a PIN try may have redeemed.
    on_code_anyway: Callback<()>,
    /// Actions of the sheet's owner.
    actions: CodeSheetActions,
) -> impl IntoView {
    let language = use_language();
    let CodeSheetActions {
        on_retry,
        on_credential_failed,
        on_confirm_time,
        on_pin,
        on_another_code,
        on_code_shown,
        on_close,
        ..
    } = actions;
    move || match content.get() {
        SheetContent::Result => {
            let entry = result.get();
            entry.map(|entry| result_view(entry, on_another_code, on_close)).into_any()
        }
        SheetContent::PinForm => {
            let discount = place.discount.get();
            discount.map(|discount| view! { <PinForm discount state=pin on_redeem=on_pin on_back /> }).into_any()
        }
        SheetContent::Unsettled => view! {
            <Notice
                why=Signal::derive(move || pin::state_text(pin.get(), language))
                action=|text| text.code_anyway
                on_action=on_code_anyway
            />
        }
        .into_any(),
        SheetContent::TimeInDoubt => {
            view! { <TimeInDoubt guess=time_guess on_confirm_time on_check=on_retry /> }.into_any()
        }
        SheetContent::Code | SheetContent::NoCode => match source.get() {
            CodeSource::Ready(credential) => {
                let credential = in_form(credential, place.form.get());
                view! { <CodePanel credential now used_step on_code_shown on_credential_failed /> }.into_any()
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
        CodeSource::Failed(ApiError::Unreachable) => view! { <NeedsNetwork on_retry /> }.into_any(),
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
        CodeSource::NoCard => view! { <PlainNotice why=|text| text.no_card /> }.into_any(),
        CodeSource::Unsupported => view! { <PlainNotice why=|text| text.code_unavailable /> }.into_any(),
    }
}

/// Reserves the panel's space until the code is ready.
#[component]
fn Preparing() -> impl IntoView {
    view! {
        <div class="code-panel code-panel--preparing" role="status">
            <div class="code-panel__empty" data-testid="code-empty">
                <p class="code-panel__wait">{message(|text| text.code_preparing)}</p>
            </div>
        </div>
    }
}
