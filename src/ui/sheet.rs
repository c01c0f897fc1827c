//! A modal sheet over the page.

mod pull;

use leptos::ev;

use self::pull::Pull;
use super::{Glyph, Icon, message};
use crate::{
    host::{Host, use_host},
    prelude::*,
};

/// A modal sheet. Mounting it opens it: the page behind becomes inert. Escape, the close button, a tap beside
/// it or a swipe down request to close it. Once it is unmounted, the focus returns to the previous element.
#[component]
pub fn SheetFrame(
    /// Its test id.
    test_id: &'static str,
    /// The sheet's name for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// Runs when the member closes it.
    on_close: Callback<()>,
    /// Whether the content fits its height to the sheet. Then the sheet does not scroll; parts of the content may.
    #[prop(optional, into)]
    fitted: Signal<bool>,
    /// Its content.
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let opener = StoredValue::new(use_host().focused());
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            // Fails only if it is already open.
            let _ = dialog.show_modal();
        }
    });
    on_cleanup(move || {
        use wasm_bindgen::JsCast;
        let opener =
            opener.try_get_value().flatten().and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
        // The dialog is still in the document here. The focus can move only after it is removed.
        request_animation_frame(move || {
            if let Some(opener) = opener {
                let _ = opener.focus();
            }
        });
    });
    let cancel = move |event: ev::Event| {
        event.prevent_default();
        on_close.run(());
    };
    let pull = Pull::of(dialog, on_close);
    let tap_beside = move |event: ev::MouseEvent| {
        let on_backdrop = dialog.get_untracked().is_some_and(|dialog| {
            event.target().is_some_and(|target| &target == AsRef::<web_sys::EventTarget>::as_ref(&dialog))
        });
        if on_backdrop {
            on_close.run(());
        }
    };
    view! {
        <dialog
            node_ref=dialog
            class="sheet"
            class:sheet--fitted=move || fitted.get()
            data-testid=test_id
            aria-label=label
            on:cancel=cancel
            on:click=tap_beside
            on:touchstart=move |event| pull.begin(&event)
            on:touchmove=move |event| pull.drag(&event)
            on:touchend=move |event| pull.end(&event)
            on:touchcancel=move |_| pull.cancel()
        >
            <div class="sheet__body" tabindex="-1" autofocus>
                <button
                    class="sheet__close"
                    type="button"
                    aria-label=message(|text| text.close)
                    on:click=move |_| on_close.run(())
                >
                    <Icon glyph=Glyph::Close />
                </button>
                {children()}
            </div>
        </dialog>
    }
}

/// Returns the focus to the open sheet if the focused element was removed. Otherwise the keyboard would start
/// at the page behind.
pub fn restore_focus(host: Host) {
    use wasm_bindgen::JsCast;
    request_animation_frame(move || {
        let body = document().body();
        let is_lost = host.focused().is_none_or(|active| Some(active) == body.map(JsCast::unchecked_into));
        // Sheets are siblings in the document, the topmost last.
        if let Some(sheet) = host.find(".sheet:last-of-type > .sheet__body").filter(|_| is_lost) {
            let _ = sheet.focus();
        }
    });
}
