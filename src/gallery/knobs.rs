//! The knobs above the frames.

use crate::prelude::*;

use super::{
    LOCALES,
    choices::{Choices, Knob},
};

/// All knobs.
#[component]
pub(super) fn Knobs(
    /// The knobs' values.
    choices: RwSignal<Choices>,
) -> impl IntoView {
    let locales = LOCALES.iter().map(|locale| (locale.tag(), locale.tag())).chain([("all", "All")]).collect();
    let reset = move |_| choices.update(Choices::reset);
    view! {
        <form class="knobs" aria-label="Knobs" on:submit=|event| event.prevent_default()>
            <Segments choices knob=Knob::Width label="Width" options=vec![
                ("320", "320"), ("390", "390"), ("768", "768"), ("full", "Full"), ("all", "All"),
            ] />
            <Segments choices knob=Knob::Theme label="Theme" options=vec![
                ("light", "Light"), ("dark", "Dark"), ("both", "Both"),
            ] />
            <Segments choices knob=Knob::Locale label="Language" options=locales />
            <Segments choices knob=Knob::Text label="Text" options=vec![
                ("100", "100 %"), ("150", "150 %"), ("200", "200 %"),
            ] />
            <Colour choices knob=Knob::Accent label="Accent" usual="#c8281e" />
            <Colour choices knob=Knob::Paper label="Paper" usual="#f7f4ef" />
            <Colour choices knob=Knob::Ink label="Ink" usual="#1d1a17" />
            <label class="knob">
                <span class="knob__label">"Radius"</span>
                <input
                    type="range"
                    min="0"
                    max="200"
                    step="25"
                    prop:value=move || choices.with(|choices| choices.get(Knob::Radius).to_owned())
                    on:input=move |event| set(choices, Knob::Radius, event_target_value(&event))
                />
            </label>
            <label class="knob">
                <span class="knob__label">"Shanghai time"</span>
                <input
                    class="knob__field"
                    type="datetime-local"
                    prop:value=move || choices.with(|choices| choices.get(Knob::At).to_owned())
                    on:change=move |event| set(choices, Knob::At, event_target_value(&event))
                />
            </label>
            <Segments choices knob=Knob::Speed label="Speed" options=vec![
                ("0", "Held"), ("1", "1×"), ("10", "10×"), ("60", "60×"),
            ] />
            <button class="knobs__reset" type="button" on:click=reset>"Reset"</button>
        </form>
    }
}

fn set(choices: RwSignal<Choices>, knob: Knob, value: String) {
    choices.update(|choices| choices.set(knob, value));
}

/// A knob with a few values.
#[component]
fn Segments(
    choices: RwSignal<Choices>,
    knob: Knob,
    label: &'static str,
    options: Vec<(&'static str, &'static str)>,
) -> impl IntoView {
    let option = |(value, label): (&'static str, &'static str)| {
        let pressed = move || choices.with(|choices| choices.get(knob) == value).to_string();
        view! {
            <button
                class="segment"
                type="button"
                aria-pressed=pressed
                on:click=move |_| set(choices, knob, value.to_owned())
            >
                {label}
            </button>
        }
    };
    view! {
        <div class="knob" role="group" aria-label=label>
            <span class="knob__label">{label}</span>
            <span class="segments">{options.into_iter().map(option).collect_view()}</span>
        </div>
    }
}

/// A colour of the design. It keeps its default until another colour is picked.
#[component]
fn Colour(choices: RwSignal<Choices>, knob: Knob, label: &'static str, usual: &'static str) -> impl IntoView {
    let shown = move || {
        let chosen = choices.with(|choices| choices.get(knob).to_owned());
        if chosen.is_empty() { usual.to_owned() } else { chosen }
    };
    view! {
        <label class="knob">
            <span class="knob__label">{label}</span>
            <input
                class="knob__colour"
                type="color"
                prop:value=shown
                on:input=move |event| set(choices, knob, event_target_value(&event))
            />
        </label>
    }
}
