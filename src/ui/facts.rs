//! Parts of a sheet: sections with a heading, facts with a label. They are plain functions over formatted
//! texts, because sheets build lists of them and omit empty ones.

use crate::prelude::*;

/// A section of a sheet with its heading.
pub fn section(test_id: &'static str, heading: &'static str, children: Vec<AnyView>) -> AnyView {
    view! {
        <section class="sheet-section" data-testid=test_id>
            <h3 class="sheet-section__title">{heading}</h3>
            {children}
        </section>
    }
    .into_any()
}

/// A list of facts with their labels in a column.
pub fn facts(facts: Vec<AnyView>) -> AnyView {
    if facts.is_empty() {
        return ().into_any();
    }
    view! { <dl class="facts">{facts}</dl> }.into_any()
}

/// A fact: its label and its value.
pub fn fact(label: &'static str, value: AnyView) -> AnyView {
    view! {
        <div class="fact">
            <dt class="fact__label">{label}</dt>
            <dd class="fact__value" dir="auto" translate="no">
                {value}
            </dd>
        </div>
    }
    .into_any()
}

/// A line of text; `class` is its style.
pub fn line(class: &'static str, text: String) -> AnyView {
    view! {
        <p class=class dir="auto">
            {text}
        </p>
    }
    .into_any()
}
