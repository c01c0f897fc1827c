//! The white panel with the QR code, the digits beneath it, the countdown and the three steps.

use leptos::{ev, prelude::*};
use member_domain::UnixMillis;

use super::{
    countdown::Countdown,
    rotation::{CodeFrame, use_rotation},
};
use crate::{
    i18n::use_language,
    store::DeviceCredential,
    ui::{flag, message, text},
};

/// The code as the till sees it. Black on white in every theme.
#[component]
pub(super) fn CodePanel(
    /// What codes are made with.
    credential: DeviceCredential,
    /// The current instant.
    now: Signal<Option<UnixMillis>>,
    /// Runs when the credential turns out to make no codes.
    on_broken: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let period = credential.period;
    let (step, frame) = use_rotation(credential, now, on_broken);
    let modules = Memo::new(move |_| frame.with(|frame| frame.as_ref().map_or(0, |frame| frame.symbol.modules)));
    let path = move || frame.with(|frame| frame.as_ref().map(|frame| frame.symbol.path.clone()).unwrap_or_default());
    let side = use_panel_side(modules);
    let side = move || pixels(side.get());
    let steps = move |index: usize| text(move || language.text().code_steps[index].to_owned());
    view! {
        <div class="code-panel" class:code-panel--preparing=flag(move || modules.get() == 0)>
            <div class="code-panel__qr" data-testid="code-qr" style=("--code-side", text(side))>
                <svg
                    role="img"
                    aria-label=message(|text| text.code_image)
                    viewBox=text(move || format!("0 0 {0} {0}", modules.get()))
                    shape-rendering="crispEdges"
                >
                    <path d=text(path) />
                </svg>
            </div>
        </div>
        <p class="code-digits" data-testid="code-digits">
            {text(move || frame.with(|frame| frame.as_ref().map(grouped).unwrap_or_default()))}
        </p>
        <Countdown now step period />
        <ol class="code-steps">
            <li>{steps(0)}</li>
            <li>{steps(1)}</li>
            <li>{steps(2)}</li>
        </ol>
    }
}

/// The digits in groups of four, as people read them out.
fn grouped(frame: &CodeFrame) -> String {
    let groups: Vec<&str> = (0..frame.digits.len()).step_by(4).map(|at| &frame.digits[at..at + 4]).collect();
    groups.join(" ")
}

/// The symbol's side, for `--code-side`, in CSS pixels: as wide as the phone allows, with whole device pixels for each
/// module, so that edges are sharp and every module equally wide.
fn use_panel_side(modules: Memo<usize>) -> Signal<f64> {
    const MARGIN: f64 = 56.0;
    const LARGEST: f64 = 360.0;
    let viewport = || window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(LARGEST);
    let width = RwSignal::new(viewport());
    let listener = window_event_listener(ev::resize, move |_| width.set(viewport()));
    on_cleanup(move || listener.remove());
    Signal::derive(move || {
        let available = (width.get() - MARGIN).min(LARGEST);
        let ratio = window().device_pixel_ratio();
        #[expect(clippy::cast_precision_loss, reason = "a symbol has at most 185 modules")]
        let modules = modules.get() as f64;
        if modules == 0.0 { available } else { (available * ratio / modules).floor() * modules / ratio }
    })
}

/// A length for CSS. The browser writes the number: formatting a float in Rust costs ten kilobytes of wasm.
fn pixels(length: f64) -> String {
    let digits = js_sys::Number::from(length).to_string_with_radix(10);
    digits.map(String::from).unwrap_or_default() + "px"
}
