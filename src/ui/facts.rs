//! What a sheet says about one thing, in parts: sections with a heading, facts with a label. Plain functions over finished
//! texts, since sheets make lists of them and leave out those that have nothing to say.

use crate::prelude::*;

/// A part of a sheet under a heading.
pub fn section(test_id: &'static str, heading: &'static str, children: Vec<AnyView>) -> AnyView {
    view! {
        <section class="sheet-section" data-testid=test_id>
            <h3 class="sheet-section__title">{heading}</h3>
            {children}
        </section>
    }
    .into_any()
}

/// Facts below each other, their labels in a column.
pub fn facts(facts: Vec<AnyView>) -> AnyView {
    if facts.is_empty() {
        return ().into_any();
    }
    view! { <dl class="facts">{facts}</dl> }.into_any()
}

/// A fact: what it is about, and what is the case.
pub fn fact(label: &'static str, value: AnyView) -> AnyView {
    view! {
        <div class="fact">
            <dt class="fact__label">{label}</dt>
            <dd class="fact__value" dir="auto">
                {value}
            </dd>
        </div>
    }
    .into_any()
}

/// A line of text; `class` says how it stands out.
pub fn line(class: &'static str, said: String) -> AnyView {
    view! {
        <p class=class dir="auto">
            {said}
        </p>
    }
    .into_any()
}
