//! Search and filters over the list.

use std::time::Duration;

use js_sys::Reflect;
use leptos::prelude::*;
use member_domain::Category;
use wasm_bindgen::JsValue;

use crate::{
    api::ShopQuery,
    i18n::use_language,
    ui::{Glyph, Icon, Text, message, press, text},
};

/// How long typing must pause before the list is asked for again.
const PAUSE: Duration = Duration::from_millis(200);

/// The search field and the row of filter chips.
#[component]
pub(super) fn Filters(
    /// What is asked for.
    query: RwSignal<ShopQuery>,
) -> impl IntoView {
    let search = debounce(PAUSE, move |text: String| {
        // The list may be gone by the time the pause is over.
        let _ = query.try_update(|query| query.text = text);
    });
    let composed = search.clone();
    let everything = move || query.with(|query| query.category.is_none() && !query.open_now);
    view! {
        <div class="shop-filters" role="search">
            <label class="shop-filters__search">
                <Icon glyph=Glyph::Search />
                <input
                    type="search"
                    data-testid="shop-search"
                    maxlength="100"
                    autocomplete="off"
                    enterkeyhint="search"
                    placeholder=message(|text| text.search)
                    aria-label=message(|text| text.search)
                    prop:value=text(move || query.with(|query| query.text.clone()))
                    on:input=move |event| {
                        // Half-typed pinyin is no word to look for.
                        if !is_composing(&event) {
                            search(event_target_value(&event));
                        }
                    }
                    on:compositionend=move |event| composed(event_target_value(&event))
                />
            </label>
            <div class="shop-filters__chips" role="group" aria-label=message(|text| text.filters)>
                <Chip
                    label=message(|text| text.filter_all)
                    pressed=text(move || everything().to_string())
                    on_press=Callback::new(move |()| {
                        query.update(|query| (query.category, query.open_now) = (None, false));
                    })
                />
                <Chip
                    label=message(|text| text.open_now)
                    pressed=text(move || query.with(|query| query.open_now).to_string())
                    on_press=Callback::new(move |()| query.update(|query| query.open_now = !query.open_now))
                />
                {Category::ALL
                    .iter()
                    .map(|category| view! { <CategoryChip category=*category query /> })
                    .collect_view()}
            </div>
        </div>
    }
}

#[component]
fn CategoryChip(category: Category, query: RwSignal<ShopQuery>) -> impl IntoView {
    let language = use_language();
    let pressed = move || query.with(|query| query.category == Some(category));
    view! {
        <Chip
            label=text(move || (language.text().category)(category).to_owned())
            pressed=text(move || pressed().to_string())
            on_press=Callback::new(move |()| {
                query.update(|query| query.category = (query.category != Some(category)).then_some(category));
            })
        />
    }
}

/// A filter that is on or off.
#[component]
fn Chip(label: Text, pressed: Text, on_press: Callback<()>) -> impl IntoView {
    view! {
        <button
            class="chip"
            type="button"
            aria-pressed=pressed
            on:click=press(move || on_press.run(()))
        >
            {label}
        </button>
    }
}

/// Whether an input method is in the middle of a word. Some WebViews send plain events, which do not say.
fn is_composing(event: &JsValue) -> bool {
    Reflect::get(event, &"isComposing".into()).is_ok_and(|composing| composing.is_truthy())
}

/// A function that runs `callback` with the last value once calls have paused for `pause`, and not after its owner is gone.
fn debounce<T: 'static>(pause: Duration, callback: impl Fn(T) + Clone + 'static) -> impl Fn(T) + Clone {
    let pending = StoredValue::new(None::<leptos::leptos_dom::helpers::TimeoutHandle>);
    let forget = move || {
        if let Some(handle) = pending.try_get_value().flatten() {
            handle.clear();
        }
    };
    on_cleanup(forget);
    move |value| {
        forget();
        let callback = callback.clone();
        pending.set_value(set_timeout_with_handle(move || callback(value), pause).ok());
    }
}
