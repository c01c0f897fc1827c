//! A sheet that rises over the page.

use leptos::ev;

use super::{Glyph, Icon, message};
use crate::{
    host::{Host, use_host},
    prelude::*,
};

/// How far a sheet is pulled down, in CSS pixels, before letting go closes it.
const CLOSING_PULL: f64 = 96.0;

/// A modal sheet. Mount it to open it: the page behind becomes inert, and Escape, the close button, a tap beside it or a
/// swipe down ask to close it. Focus returns to where it was once it is unmounted.
#[component]
pub fn SheetFrame(
    /// The hook tests find it by.
    test_id: &'static str,
    /// The sheet's name for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// Runs when the member asks to close it.
    on_close: Callback<()>,
    /// What is on it.
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let opener = StoredValue::new(use_host().focused());
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
    // Where the finger was set down, while it pulls: only with the sheet scrolled to its top, or it scrolls; and never in
    // a field, where it selects text.
    let pulled_from = StoredValue::new(None::<(f64, f64)>);
    let touch_start = move |event: ev::TouchEvent| {
        let at_top = dialog.get_untracked().is_some_and(|dialog| dialog.scroll_top() <= 0);
        let pulls = at_top && event.touches().length() == 1 && !starts_in_field(&event);
        pulled_from.set_value(finger(&event).filter(|_| pulls));
    };
    let pulled_by = move |event: &ev::TouchEvent| {
        let ((x, y), (from_x, from_y)) = (finger(event)?, pulled_from.get_value()?);
        let down = y - from_y;
        (down > (x - from_x).abs()).then_some(down)
    };
    let place = move |by: f64| {
        if let Some(dialog) = dialog.get_untracked() {
            let style = web_sys::HtmlElement::style(&dialog);
            #[expect(clippy::cast_possible_truncation, reason = "a screen has few pixels")]
            let _ = if by > 0.0 {
                style.set_property("transform", &format!("translateY({}px)", by as i32))
            } else {
                style.remove_property("transform").map(drop)
            };
        }
    };
    let touch_move = move |event: ev::TouchEvent| place(pulled_by(&event).unwrap_or(0.0));
    let touch_end = move |event: ev::TouchEvent| {
        let far = pulled_by(&event).is_some_and(|by| by > CLOSING_PULL);
        pulled_from.set_value(None);
        place(0.0);
        if far {
            on_close.run(());
        }
    };
    let touch_cancel = move |_: ev::TouchEvent| {
        pulled_from.set_value(None);
        place(0.0);
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
        <dialog
            node_ref=dialog
            class="sheet"
            data-testid=test_id
            aria-label=label
            on:cancel=cancel
            on:click=tap_beside
            on:touchstart=touch_start
            on:touchmove=touch_move
            on:touchend=touch_end
            on:touchcancel=touch_cancel
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

/// Where the finger is, or was lifted.
fn finger(event: &ev::TouchEvent) -> Option<(f64, f64)> {
    event.changed_touches().item(0).map(|touch| (f64::from(touch.client_x()), f64::from(touch.client_y())))
}

fn starts_in_field(event: &ev::TouchEvent) -> bool {
    use wasm_bindgen::JsCast;
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| element.closest("input").is_ok_and(|field| field.is_some()))
}

/// Puts the focus back on the open sheet if what had it has gone: else the keyboard starts at the page behind.
pub fn keep_focus(host: Host) {
    use wasm_bindgen::JsCast;
    request_animation_frame(move || {
        let body = document().body();
        let lost = host.focused().is_none_or(|active| Some(active) == body.map(JsCast::unchecked_into));
        // Sheets stand beside each other in the document, the topmost last.
        if let Some(sheet) = host.find(".sheet:last-of-type > .sheet__body").filter(|_| lost) {
            let _ = sheet.focus();
        }
    });
}
