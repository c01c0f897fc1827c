//! Search field and filters above the list.

use std::time::Duration;

use js_sys::Reflect;
use member_domain::{Category, City, PriceBand, RedeemMethod, ShopFilter};
use wasm_bindgen::JsValue;

use super::ShopList;
use crate::{
    api::ShopQuery,
    clock::Alarm,
    i18n::{Language, Messages, use_language},
    load::Load,
    prelude::*,
    ui::{Choice, ChoiceSelect, Glyph, Icon, Model, message},
};

/// The pause in typing before a slow search starts.
const PAUSE: Duration = Duration::from_millis(200);

/// The search field and the row of filters.
#[component]
pub(super) fn Filters(
    /// The matching shops, which name the districts.
    list: Signal<Load<ShopList>>,
    /// The query.
    query: Model<ShopQuery>,
    /// Whether a search takes no noticeable time.
    quick: Signal<bool>,
) -> impl IntoView {
    let pause = move || (!quick.get_untracked()).then_some(PAUSE);
    let language = use_language();
    let filters = NodeRef::<html::Div>::new();
    let search = debounce(pause, move |text: String| {
        query.update(|query| query.filter.text = text);
        bring_results_up(filters);
    });
    let composed = search.clone();
    // The field is short until it is used. From then on it has a line of its own: if it became short again, the rows
    // would move under the finger that taps one.
    let was_focused = RwSignal::new(false);
    let is_used = Memo::new(move |was_used: Option<&bool>| {
        let has_text = query.with(|query| !query.filter.text.is_empty());
        was_focused.get() || has_text || was_used.copied().unwrap_or_default()
    });
    let begin = move || {
        was_focused.set(true);
        bring_results_up(filters);
    };
    let placeholder = move || if is_used.get() { language.text().search } else { language.text().search_short };
    view! {
        <div class="shop-filters" class:shop-filters--used=move || is_used.get() role="search" node_ref=filters>
            <label class="shop-filters__search">
                <Icon glyph=Glyph::Search />
                <input
                    type="search"
                    data-testid="shop-search"
                    maxlength="100"
                    autocomplete="off"
                    enterkeyhint="search"
                    placeholder=placeholder
                    aria-label=message(|text| text.search)
                    prop:value=move || query.with(|query| query.filter.text.clone())
                    on:input=move |event| {
                        // Unfinished pinyin is not a search text.
                        if !is_composing(&event) {
                            search(event_target_value(&event));
                        }
                    }
                    on:compositionend=move |event| composed(event_target_value(&event))
                    on:focus=move |_| begin()
                />
            </label>
            <div class="shop-filters__chips" role="group" aria-label=message(|text| text.filters)>
                <Chip
                    label=Signal::derive(message(|text| text.open_now))
                    pressed=is(query, |filter| filter.open_now)
                    on_press=toggle(query, |filter| filter.open_now = !filter.open_now)
                />
                <Chip
                    label=Signal::derive(message(|text| text.favourites))
                    pressed=is(query, |filter| filter.favourites)
                    on_press=toggle(query, |filter| filter.favourites = !filter.favourites)
                />
                <DistrictSelect list query />
                {Category::ALL
                    .iter()
                    .map(|category| view! { <CategoryChip category=*category query /> })
                    .collect_view()}
                <FilterSelect
                    test_id="shop-price"
                    label=|text| text.choose_price
                    choices=prices
                    chosen=|filter| filter.price.map_or("", PriceBand::as_str)
                    choose=|filter, name| filter.price = PriceBand::from_name(name).ok()
                    query
                />
                <FilterSelect
                    test_id="shop-method"
                    label=|text| text.methods
                    choices=methods
                    chosen=|filter| filter.method.map_or("", RedeemMethod::as_str)
                    choose=|filter, name| filter.method = RedeemMethod::from_name(name).ok()
                    query
                />
            </div>
        </div>
    }
}

/// Scrolls the page until the results begin below the field, which stays at the top, so that the keyboard does not
/// cover them. Few results may have been scrolled past.
fn bring_results_up(filters: NodeRef<html::Div>) {
    // The field has moved to a line of its own by the next frame.
    request_animation_frame(move || {
        let filters = filters.try_get_untracked().flatten();
        if let Some(results) = filters.and_then(|filters| filters.next_element_sibling()) {
            results.scroll_into_view();
        }
    });
}

/// Whether no filter of the row is set. The search text does not count.
pub(super) fn has_no_chips(filter: &ShopFilter) -> bool {
    *filter == without_chips(filter)
}

pub(super) fn without_chips(filter: &ShopFilter) -> ShopFilter {
    ShopFilter { text: filter.text.clone(), ..ShopFilter::default() }
}

fn is(query: Model<ShopQuery>, holds: fn(&ShopFilter) -> bool) -> Signal<bool> {
    Signal::derive(move || query.with(|query| holds(&query.filter)))
}

fn toggle(query: Model<ShopQuery>, change: fn(&mut ShopFilter)) -> Callback<()> {
    Callback::new(move |()| query.update(|query| change(&mut query.filter)))
}

#[component]
fn DistrictSelect(list: Signal<Load<ShopList>>, query: Model<ShopQuery>) -> impl IntoView {
    let language = use_language();
    let chosen = Memo::new(move |_| query.with(|query| query.filter.district.clone()).unwrap_or_default());
    let districts = Memo::new(move |before: Option<&(City, Vec<String>)>| {
        let city = query.with(|query| query.city);
        let found = list.with(|list| list.value().map(|list| list.districts.clone()).unwrap_or_default());
        match before {
            // A filtered answer does not list the districts, so the previous ones stay.
            Some((same, before)) if found.is_empty() && *same == city => (city, before.clone()),
            _ => (city, found),
        }
    });
    let choices = Signal::derive(move || {
        let mut names = districts.get().1;
        let chosen = chosen.get();
        if !chosen.is_empty() && !names.contains(&chosen) {
            names.push(chosen);
        }
        let everywhere = Choice::new("", language.text().all_districts);
        std::iter::once(everywhere).chain(names.iter().map(|name| Choice::new(name, name))).collect()
    });
    let choose = Callback::new(move |name: String| {
        query.update(|query| query.filter.district = Some(name).filter(|name| !name.is_empty()));
    });
    view! {
        <ChoiceSelect
            test_id="shop-district"
            class="chip chip--choice"
            label=|text| text.choose_district
            choices
            chosen=chosen
            on_choose=choose
        />
    }
}

/// A filter that is one of several names, or none. Use it for a choice that has too many values for chips.
#[component]
fn FilterSelect(
    test_id: &'static str,
    /// What the filter is called.
    label: fn(&'static Messages) -> &'static str,
    /// The choices in the current language; the first, without a name, is no filter.
    choices: fn(Language) -> Vec<Choice>,
    /// The name of the chosen value; empty for none.
    chosen: fn(&ShopFilter) -> &'static str,
    /// Sets the filter to the value with this name.
    choose: fn(&mut ShopFilter, &str),
    query: Model<ShopQuery>,
) -> impl IntoView {
    let language = use_language();
    view! {
        <ChoiceSelect
            test_id
            class="chip chip--choice"
            label
            choices=Signal::derive(move || choices(language))
            chosen=Signal::derive(move || query.with(|query| chosen(&query.filter).to_owned()))
            on_choose=Callback::new(move |name: String| query.update(|query| choose(&mut query.filter, &name)))
        />
    }
}

fn prices(language: Language) -> Vec<Choice> {
    let band = |band: &PriceBand| Choice::new(band.as_str(), &language.price_band(*band));
    std::iter::once(Choice::new("", language.text().any_price)).chain(PriceBand::ALL.iter().map(band)).collect()
}

fn methods(language: Language) -> Vec<Choice> {
    let text = language.text();
    let method = |method: &RedeemMethod| Choice::new(method.as_str(), (text.method)(*method));
    std::iter::once(Choice::new("", text.any_method)).chain(RedeemMethod::ALL.iter().map(method)).collect()
}

#[component]
fn CategoryChip(category: Category, query: Model<ShopQuery>) -> impl IntoView {
    let language = use_language();
    let pressed = move || query.with(|query| query.filter.category == Some(category));
    view! {
        <Chip
            label=Signal::derive(move || (language.text().category)(category))
            pressed=Signal::derive(pressed)
            on_press=Callback::new(move |()| {
                query.update(|query| {
                    query.filter.category = (query.filter.category != Some(category)).then_some(category);
                });
            })
        />
    }
}

/// A toggle for one filter.
#[component]
fn Chip(label: Signal<&'static str>, pressed: Signal<bool>, on_press: Callback<()>) -> impl IntoView {
    view! {
        <button
            class="chip"
            type="button"
            aria-pressed=move || pressed.get().to_string()
            on:click=move |_| on_press.run(())
        >
            {label}
        </button>
    }
}

/// Whether an input method is composing a word. Some WebViews send plain events without this field.
fn is_composing(event: &JsValue) -> bool {
    Reflect::get(event, &"isComposing".into()).is_ok_and(|composing| composing.is_truthy())
}

/// Returns a function that runs `callback` with the last value after a pause of `pause` without calls.
/// Without a pause it runs at once. It does not run after its owner is disposed.
fn debounce<T: 'static>(
    pause: impl Fn() -> Option<Duration> + Clone,
    callback: impl Fn(T) + Clone + 'static,
) -> impl Fn(T) + Clone {
    let pending = StoredValue::new(None);
    move |value| {
        let callback = callback.clone();
        // Replaces the pending call.
        if let Some(pause) = pause() {
            pending.set_value(Some(Alarm::after(pause, move || callback(value))));
        } else {
            pending.set_value(None);
            callback(value);
        }
    }
}
