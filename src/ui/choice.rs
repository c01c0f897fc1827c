//! One of several, chosen in the browser's own list: on a phone that is the system's picker.

use super::{Glyph, Icon, message};
use crate::{i18n::Messages, prelude::*};

/// One thing to choose.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    value: String,
    label: String,
}

impl Choice {
    /// What is chosen by it, and what it is called.
    pub fn new(value: &str, label: &str) -> Self {
        Self { value: value.to_owned(), label: label.to_owned() }
    }
}

/// A field that looks like its surroundings and opens the browser's list.
#[component]
pub fn ChoiceSelect(
    /// The hook tests find it by.
    test_id: &'static str,
    /// Its class.
    class: &'static str,
    /// Its name for screen readers.
    label: fn(&'static Messages) -> &'static str,
    /// What there is to choose.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The value that is chosen; an empty one is the first choice of those that stand for none.
    #[prop(into)]
    chosen: Signal<String>,
    /// Runs with the value that the member chooses.
    on_choose: Callback<String>,
) -> impl IntoView {
    let shown = Memo::new(move |_| choices.get());
    let options = move || {
        let options = shown.get().into_iter().map(|Choice { value, label }| {
            // Set as a property of each, since a list's value can only be one of those that are there already.
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
