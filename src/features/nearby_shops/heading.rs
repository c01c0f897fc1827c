//! The list's heading: city, order, and the number of nearby shops.

use member_domain::{City, Count, Density, ShopFilter};

use super::{
    Arranged, Place, ShopList,
    filters::{has_no_chips, without_chips},
};
use crate::{
    api::{ListOrder, ShopQuery},
    geolocation::NoPosition,
    i18n::{Formats, use_language},
    load::Load,
    prelude::*,
    ui::{Choice, ChoiceSelect, Model, message},
};

/// The list's heading, with the controls for city and order.
#[component]
pub(super) fn Heading(
    /// The matching shops.
    list: Signal<Load<ShopList>>,
    /// The rows shown.
    arranged: Memo<Arranged>,
    /// The query.
    query: Model<ShopQuery>,
    /// The known position of the member.
    place: Signal<Place>,
    /// Runs when the member requests the position.
    on_locate: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    // Without filters the heading counts nearby shops; with filters it counts matching shops.
    let has_filters = move || query.with(|query| query.filter != ShopFilter::default());
    let is_exact = move || !has_filters() && !place.get().is_imprecise();
    let count = move || {
        let (text, formats) = (language.text(), language.formats());
        let density = arranged.with(|arranged| arranged.density).filter(|_| is_exact());
        if let Some(Density { within_500, within_1000 }) = density {
            return (text.density)(&format_count(within_500, &formats), &format_count(within_1000, &formats));
        }
        let total = list.with(|list| list.value().map(|list| (list.total, list.total_is_capped)));
        total.map(|(shops, at_least)| (text.shop_count)(&formats.count(shops), at_least)).unwrap_or_default()
    };
    let cluster_note = move || {
        let (text, formats) = (language.text(), language.formats());
        let found = arranged.with(|arranged| arranged.cluster.clone());
        found.map(|(cluster, district)| {
            let (distance, shops) = (formats.distance(cluster.distance), formats.count(cluster.shops));
            (text.next_cluster)(&district.unwrap_or_default(), &distance, &shops)
        })
    };
    let is_sparse = move || arranged.with(|arranged| arranged.cluster.is_some()) && is_exact();
    let as_of = move || {
        let as_of = list.with(|list| list.is_stale().then(|| list.value()?.as_of).flatten());
        as_of.map(|at| (language.text().list_as_of)(&language.formats().day_and_time(at)))
    };
    let has_chips = move || query.with(|query| !has_no_chips(&query.filter));
    let clear = move || {
        view! {
            <button
                class="link-button nearby-shops__clear"
                type="button"
                data-testid="shop-filters-clear"
                on:click=move |_| query.update(|query| query.filter = without_chips(&query.filter))
            >
                {message(|text| text.clear_filters)}
            </button>
        }
    };
    view! {
        <header class="nearby-shops__head">
            <h2 class="nearby-shops__title" id="nearby-shops-heading">{message(|text| text.nearby_heading)}</h2>
            <CitySelect query />
            <Order query place on_locate />
        </header>
        <div class="nearby-shops__matches">
            <p class="nearby-shops__count" role="status">{count}</p>
            <Show when=has_chips>{clear()}</Show>
        </div>
        <PlaceNote place />
        {note(move || cluster_note().filter(|_| is_sparse()).unwrap_or_default())}
        {note(move || as_of().unwrap_or_default())}
    }
}

/// Formats a count: `12`, or `12+` if shops that are not loaded may be as near.
fn format_count(count: Count, formats: &Formats) -> String {
    let sign = if count.at_least { "+" } else { "" };
    format!("{}{sign}", formats.count(count.shops))
}

/// A note that appears later. It is always in the document, because screen readers announce changes only in an existing
/// element.
fn note(note_text: impl Fn() -> String + Send + 'static) -> impl IntoView {
    view! { <p class="nearby-shops__note" role="status">{note_text}</p> }
}

#[component]
fn CitySelect(query: Model<ShopQuery>) -> impl IntoView {
    let language = use_language();
    let choices = Signal::derive(move || {
        let choice = |city: &City| Choice::new(city.as_str(), (language.text().city)(*city));
        City::ALL.iter().map(choice).collect()
    });
    let choose = Callback::new(move |name: String| {
        if let Ok(city) = City::from_name(&name) {
            query.update(|query| {
                // A district belongs to its city.
                query.filter.district = None;
                query.city = city;
            });
        }
    });
    view! {
        <ChoiceSelect
            test_id="shop-city"
            class="nearby-shops__city"
            label=|text| text.choose_city
            choices
            chosen=Signal::derive(move || query.with(|query| query.city.as_str().to_owned()))
            on_choose=choose
        />
    }
}

/// Selects the order: by distance, or latest checked first.
#[component]
fn Order(query: Model<ShopQuery>, place: Signal<Place>, on_locate: Callback<()>) -> impl IntoView {
    let language = use_language();
    let nearest = move || query.with(|query| query.order) == ListOrder::Nearest && place.get().position().is_some();
    let is_pending = move || place.get().is_pending();
    let locate = move || {
        let text = language.text();
        if is_pending() { text.locating.to_owned() } else { text.locate.to_owned() }
    };
    let by_distance = move || {
        query.update(|query| query.order = ListOrder::Nearest);
        on_locate.run(());
    };
    view! {
        <div class="segments nearby-shops__order" role="group" aria-label=message(|text| text.order)>
            <button
                class="segments__part nearby-shops__locate"
                type="button"
                disabled=is_pending
                aria-pressed=move || nearest().to_string()
                on:click=move |_| by_distance()
            >
                {locate}
            </button>
            <button
                class="segments__part nearby-shops__checked"
                type="button"
                aria-pressed=move || (!nearest()).to_string()
                on:click=move |_| query.update(|query| query.order = ListOrder::LatestChecked)
            >
                {message(|text| text.latest_checked)}
            </button>
        </div>
    }
}

/// A note if the position is unknown or imprecise.
#[component]
fn PlaceNote(place: Signal<Place>) -> impl IntoView {
    let language = use_language();
    let note_text = Memo::new(move |_| {
        let text = language.text();
        match (place.get().failure(), place.get()) {
            (Some(NoPosition::Denied), _) => text.place_denied.to_owned(),
            (Some(NoPosition::Unavailable), _) => text.place_unavailable.to_owned(),
            (Some(NoPosition::TimedOut), _) => text.place_timed_out.to_owned(),
            (None, Place::Known { accuracy, .. }) if place.get().is_imprecise() => {
                (text.place_imprecise)(&language.formats().distance(accuracy))
            }
            (None, _) => String::new(),
        }
    });
    note(move || note_text.get())
}
