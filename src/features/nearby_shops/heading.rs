//! The list's heading: number of nearby shops, city, district and order.

use member_domain::{City, Count, Density, ShopFilter};

use super::{Arranged, Place, ShopList};
use crate::{
    api::{ListOrder, ShopQuery},
    geolocation::NoPosition,
    i18n::{Formats, use_language},
    load::Load,
    prelude::*,
    ui::{Choice, ChoiceSelect, Glyph, Icon, Model, message},
};

/// The list's heading, with the controls for city, district and order.
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
    view! {
        <header class="nearby-shops__head">
            <h2 class="nearby-shops__title" id="nearby-shops-heading">{message(|text| text.nearby_heading)}</h2>
            <p class="nearby-shops__count" role="status">{count}</p>
        </header>
        <div class="nearby-shops__place">
            <div class="nearby-shops__where">
                <CitySelect query />
                <DistrictSelect list query />
            </div>
            <Order query place on_locate />
            <PlaceNote place />
            {note(move || cluster_note().filter(|_| is_sparse()).unwrap_or_default())}
            {note(move || as_of().unwrap_or_default())}
        </div>
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
            class="nearby-shops__city"
            label=|text| text.choose_district
            choices
            chosen=chosen
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
        <div class="nearby-shops__order" role="group" aria-label=message(|text| text.order)>
            <button
                class="nearby-shops__locate"
                type="button"
                disabled=is_pending
                aria-pressed=move || nearest().to_string()
                on:click=move |_| by_distance()
            >
                <Icon glyph=Glyph::Pin />
                {locate}
            </button>
            <button
                class="nearby-shops__checked"
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
