//! Closes a sheet when the member pulls it down.

use leptos::ev;

use crate::prelude::*;

/// The pull distance that closes a sheet, in CSS pixels.
const CLOSING_PULL: f64 = 96.0;

/// The state of a pull.
#[derive(Clone, Copy)]
pub(super) struct Pull {
    sheet: NodeRef<html::Dialog>,
    /// The start position of the finger during a pull. A pull starts only if all under the finger is scrolled
    /// to its top, because otherwise it scrolls, and never in a field, where it selects text.
    from: StoredValue<Option<(f64, f64)>>,
    on_close: Callback<()>,
}

impl Pull {
    pub(super) fn of(sheet: NodeRef<html::Dialog>, on_close: Callback<()>) -> Self {
        Self { sheet, from: StoredValue::new(None), on_close }
    }

    pub(super) fn begin(self, event: &ev::TouchEvent) {
        let at_top = self.sheet.get_untracked().is_some_and(|sheet| is_at_top(event, &sheet));
        let pulls = at_top && event.touches().length() == 1 && !starts_in_field(event);
        self.from.set_value(finger(event).filter(|_| pulls));
    }

    pub(super) fn drag(self, event: &ev::TouchEvent) {
        self.set_offset(self.distance(event).unwrap_or(0.0));
    }

    pub(super) fn end(self, event: &ev::TouchEvent) {
        let is_far = self.distance(event).is_some_and(|down| down > CLOSING_PULL);
        self.cancel();
        if is_far {
            self.on_close.run(());
        }
    }

    pub(super) fn cancel(self) {
        self.from.set_value(None);
        self.set_offset(0.0);
    }

    /// The distance pulled down. `None` if the finger moved more to the side.
    fn distance(self, event: &ev::TouchEvent) -> Option<f64> {
        let ((x, y), (from_x, from_y)) = (finger(event)?, self.from.get_value()?);
        let down = y - from_y;
        (down > (x - from_x).abs()).then_some(down)
    }

    fn set_offset(self, down: f64) {
        let Some(sheet) = self.sheet.get_untracked() else { return };
        let style = web_sys::HtmlElement::style(&sheet);
        #[expect(clippy::cast_possible_truncation, reason = "a screen has few pixels")]
        let _ = if down > 0.0 {
            style.set_property("transform", &format!("translateY({}px)", down as i32))
        } else {
            style.remove_property("transform").map(drop)
        };
    }
}

/// The finger's position, also when it is lifted.
fn finger(event: &ev::TouchEvent) -> Option<(f64, f64)> {
    event.changed_touches().item(0).map(|touch| (f64::from(touch.client_x()), f64::from(touch.client_y())))
}

/// Whether the sheet and everything under the finger is scrolled to its top.
fn is_at_top(event: &ev::TouchEvent, sheet: &web_sys::HtmlDialogElement) -> bool {
    use wasm_bindgen::JsCast;
    let mut touched = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    while let Some(element) = touched {
        if element.scroll_top() > 0 {
            return false;
        }
        touched = element.parent_element().filter(|parent| sheet.contains(Some(parent)));
    }
    sheet.scroll_top() <= 0
}

fn starts_in_field(event: &ev::TouchEvent) -> bool {
    use wasm_bindgen::JsCast;
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| element.closest("input").is_ok_and(|field| field.is_some()))
}
