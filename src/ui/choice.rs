//! A choice in the browser's own select list, which is the system's picker on a phone.

use super::{Glyph, Icon, message};
use crate::{i18n::Messages, prelude::*};

/// An option of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    value: String,
    label: String,
}

impl Choice {
    /// An option with its value and label.
    pub fn new(value: &str, label: &str) -> Self {
        Self { value: value.to_owned(), label: label.to_owned() }
    }
}

/// A select field that looks like its surroundings.
#[component]
pub fn ChoiceSelect(
    /// Its test id.
    test_id: &'static str,
    /// Its class.
    class: &'static str,
    /// Its name for screen readers.
    label: fn(&'static Messages) -> &'static str,
    /// The options.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The selected value. Empty selects the option for no choice.
    #[prop(into)]
    chosen: Signal<String>,
    /// Runs with the value the member selects.
    on_choose: Callback<String>,
) -> impl IntoView {
    let shown = Memo::new(move |_| choices.get());
    let options = move || {
        let options = shown.get().into_iter().map(|Choice { value, label }| {
            // Set on each option: a select's value must be one of its existing options.
            let is_chosen = chosen.get() == value;
            view! { <option value=value prop:selected=is_chosen>{label}</option> }
        });
        options.collect_view().into_any()
    };
    view! {
        <label class=class data-narrows=move || (!chosen.get().is_empty()).to_string()>
            <span class="visually-hidden">{message(label)}</span>
            <select data-testid=test_id on:change=move |event| on_choose.run(event_target_value(&event))>
                {options}
            </select>
            <Icon glyph=Glyph::Chevron />
        </label>
    }
}
