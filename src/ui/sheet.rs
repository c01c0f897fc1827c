//! A sheet that rises over the page.

use leptos::{ev, html, prelude::*};

use super::{Glyph, Icon, Text, message, press};

/// A modal sheet. Mount it to open it: the page behind becomes inert, and Escape, the close button or a tap beside it ask
/// to close it. Focus returns to where it was once it is unmounted.
#[component]
pub fn SheetFrame(
    /// The hook tests find it by.
    test_id: &'static str,
    /// The sheet's name for screen readers.
    label: Text,
    /// Runs when the member asks to close it.
    on_close: Callback<()>,
    /// What is on it.
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let opener = StoredValue::new_local(document().active_element());
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            // Fails only if it is open already.
            let _ = dialog.show_modal();
        }
    });
    on_cleanup(move || {
        use wasm_bindgen::JsCast;
        let opener =
            opener.try_get_value().flatten().and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
        // The dialog is still in the document here; focus can only move once it is gone.
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
    let tap_beside = move |event: ev::MouseEvent| {
        let on_backdrop = dialog.get_untracked().is_some_and(|dialog| {
            event.target().is_some_and(|target| &target == AsRef::<web_sys::EventTarget>::as_ref(&dialog))
        });
        if on_backdrop {
            on_close.run(());
        }
    };
    view! {
        <dialog node_ref=dialog class="sheet" data-testid=test_id aria-label=label on:cancel=cancel on:click=tap_beside>
            <div class="sheet__body" tabindex="-1" autofocus>
                <button
                    class="sheet__close"
                    type="button"
                    aria-label=message(|text| text.close)
                    on:click=press(move || on_close.run(()))
                >
                    <Icon glyph=Glyph::Close />
                </button>
                {children()}
            </div>
        </dialog>
    }
}
