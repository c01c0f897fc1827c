//! The white panel with the QR code, the digits beneath it and the countdown.

use member_domain::{TimeStep, UnixMillis};
use page_core::code_sheet::ShownCode;

use super::{
    countdown::Countdown,
    rotation::{CodeFrame, use_rotation},
};
use crate::{
    host::{HostEvent, use_host},
    i18n::use_language,
    prelude::*,
    screen::use_resize,
    store::DeviceCredential,
    ui::{StatusRegion, message},
};

/// The code for the scanner. Black on white in every theme.
#[component]
pub(super) fn CodePanel(
    /// The credential that makes codes.
    credential: DeviceCredential,
    /// The current instant.
    now: Signal<Option<UnixMillis>>,
    /// The last time step whose code is used.
    used_step: Signal<Option<TimeStep>>,
    /// Runs when a code appears on screen or disappears.
    on_code_shown: Callback<bool>,
    /// Runs if the credential cannot make codes.
    on_credential_failed: Callback<()>,
) -> impl IntoView {
    let host = use_host();
    let period = credential.period;
    let (shown, frame) = use_rotation(credential, now, used_step, on_credential_failed);
    let step = Memo::new(move |_| shown.get()?.step());
    let next_code_at = Memo::new(move |_| match shown.get()? {
        ShownCode::From(instant) => Some(instant),
        ShownCode::OfStep(_) => None,
    });
    let modules = Memo::new(move |_| frame.with(|frame| frame.as_ref().map_or(0, |frame| frame.symbol.modules)));
    let digits = move |part: usize| {
        move || frame.with(|frame| frame.as_ref().map(|frame| grouped_digits(frame)[part].clone()).unwrap_or_default())
    };
    let path = move || frame.with(|frame| frame.as_ref().map(|frame| frame.symbol.path.clone()).unwrap_or_default());
    let panel = NodeRef::<html::Div>::new();
    let side = use_symbol_side(panel, modules);
    let side = move || pixels(side.get());
    // The host app raises the screen's brightness while a code is shown.
    let has_code = Memo::new(move |_| modules.get() > 0);
    Effect::new(move |before: Option<bool>| {
        let now = has_code.get();
        if before.unwrap_or(false) != now {
            on_code_shown.run(now);
            host.dispatch(&if now { HostEvent::CodeShown } else { HostEvent::CodeHidden });
        }
        now
    });
    on_cleanup(move || {
        if has_code.try_get_untracked() == Some(true) {
            let _ = on_code_shown.try_run(false);
            host.dispatch(&HostEvent::CodeHidden);
        }
    });
    view! {
        <div
            node_ref=panel
            class="code-panel"
            class:code-panel--preparing=move || modules.get() == 0
            class:code-panel--waiting=move || next_code_at.get().is_some()
        >
            <StatusRegion>
                <Show when=move || !has_code.get()><EmptyPanel now next_code_at /></Show>
            </StatusRegion>
            <div class="code-panel__qr" data-testid="code-qr" style=("--code-side", side)>
                <svg
                    role="img"
                    aria-label=message(|text| text.code_image)
                    viewBox=move || format!("0 0 {0} {0}", modules.get())
                    shape-rendering="crispEdges"
                >
                    <path d=path />
                </svg>
            </div>
        </div>
        <p class="code-digits" data-testid="code-digits" translate="no">
            <span>{digits(0)}</span>
            {move || if has_code.get() { " " } else { "" }}
            <span>{digits(1)}</span>
        </p>
        <Countdown now step period />
    }
}

/// Says why the panel shows no code, and when it will.
#[component]
fn EmptyPanel(now: Signal<Option<UnixMillis>>, next_code_at: Memo<Option<UnixMillis>>) -> impl IntoView {
    let language = use_language();
    let seconds = move || {
        let left = next_code_at.get()?.millis_since(now.get()?).max(0);
        Some(language.formats().count((left + 999) / 1000))
    };
    let text = move || match seconds() {
        Some(seconds) => (language.text().code_wait)(&seconds),
        None => language.text().code_preparing.to_owned(),
    };
    let reason = move || next_code_at.get().map(|_| language.text().code_wait_reason).unwrap_or_default();
    view! {
        <div class="code-panel__empty" data-testid="code-empty">
            // Not announced again every second.
            <p class="code-panel__wait" aria-live="off" translate="no">{text}</p>
            <p class="code-panel__reason">{reason}</p>
        </div>
    }
}

/// The digits in groups of four, for reading aloud: the first eight, then the other twelve. A narrow screen breaks the
/// line between them.
fn grouped_digits(frame: &CodeFrame) -> [String; 2] {
    let groups: Vec<&str> = (0..frame.digits.len()).step_by(4).map(|at| &frame.digits[at..at + 4]).collect();
    let (first, rest) = groups.split_at(groups.len().min(2));
    [first.join(" "), rest.join(" ")]
}

/// The symbol's side for `--code-side`, in CSS pixels: as large as the panel, which the stylesheet fits to the sheet.
/// Every module gets whole device pixels, so edges are sharp and all modules are equally wide.
fn use_symbol_side(panel: NodeRef<html::Div>, modules: Memo<usize>) -> Signal<f64> {
    let room = RwSignal::new(wanted_side());
    let measure = move || {
        if let Some(panel) = panel.try_get_untracked().flatten() {
            let side = f64::from(panel.client_width().min(panel.client_height()));
            if room.try_get_untracked().is_some_and(|room| (room - side).abs() > 0.5) {
                let _ = room.try_set(side);
            }
        }
    };
    use_resize(panel, measure);
    Signal::derive(move || {
        let ratio = window().device_pixel_ratio();
        #[expect(clippy::cast_precision_loss, reason = "a symbol has at most 185 modules")]
        let modules = modules.get() as f64;
        if modules == 0.0 { room.get() } else { (room.get() * ratio / modules).floor() * modules / ratio }
    })
}

/// The side that the stylesheet wants for the panel (`--panel-room`). On most screens the panel has it, so the symbol is
/// drawn at its size without a layout of its own.
fn wanted_side() -> f64 {
    let length =
        |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|value| value.as_f64()).unwrap_or_default();
    let (width, height) = (length(window().inner_width()), length(window().inner_height()));
    let widest = if width < 1_200.0 { (0.66 * width).clamp(360.0, 560.0) } else { 392.0 };
    widest.min(width - 56.0).min(0.48 * height)
}

/// Formats a length for CSS. The browser formats the number: formatting a float in Rust adds ten kilobytes of
/// wasm.
fn pixels(length: f64) -> String {
    let digits = js_sys::Number::from(length).to_string_with_radix(10);
    digits.map(String::from).unwrap_or_default() + "px"
}
