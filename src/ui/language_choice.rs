//! The language choice at the foot of the page.

use super::message;
use crate::{
    i18n::{Locale, use_language},
    prelude::*,
};

/// The languages in a line, each in its own name and marked with its language. A tap switches the page at
/// once and stores the choice.
#[component]
pub fn LanguageChoice() -> impl IntoView {
    let language = use_language();
    let choice = |locale: Locale| {
        view! {
            <button
                class="language-choice__name"
                type="button"
                lang=locale.tag()
                aria-pressed=move || (language.locale() == locale).to_string()
                on:click=move |_| language.choose(locale)
            >
                {locale.name()}
            </button>
        }
    };
    view! {
        <div class="language-choice" role="group" aria-label=message(|text| text.language)>
            {Vec::from(Locale::ALL.map(choice))}
        </div>
    }
}
