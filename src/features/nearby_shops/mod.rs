//! The curated shops of a city, nearest first once a place is known. A list, no map.

mod filters;
mod heading;
mod row;

use leptos::prelude::*;
use member_domain::{
    Wgs84,
    wire::{Shop, ShopPage},
};

use self::{filters::Filters, heading::Heading, row::ShopRow};
use crate::{
    api::{ApiError, ShopQuery},
    load::Load,
    ui::{Failure, message, part, part_if, press},
};
pub use heading::Place;

/// The list panel in every state of its data, with search and filters.
#[component]
pub fn NearbyShops(
    /// The shops that match.
    #[prop(into)]
    shops: Signal<Load<ShopPage>>,
    /// What is asked for; the controls change it.
    query: RwSignal<ShopQuery>,
    /// What is known of the member's place.
    #[prop(into)]
    place: Signal<Place>,
    /// Runs when the member asks to be located.
    on_locate: Callback<()>,
    /// Runs when the member asks to try again.
    on_retry: Callback<()>,
    /// Runs when the member asks for more shops.
    on_more: Callback<()>,
    /// Runs with the shop the member tapped.
    on_choose: Callback<Shop>,
) -> impl IntoView {
    let rows = Memo::new(move |_| {
        shops.with(|shops| shops.value().map(|page| ordered(&page.shops, place.get().known())).unwrap_or_default())
    });
    let shape = Memo::new(move |_| shops.with(Shape::of));
    let list = move || match shape.get() {
        Shape::Loading => view! { <ListSkeleton /> }.into_any(),
        Shape::Failed(error) => view! { <Failure error on_retry /> }.into_any(),
        Shape::Empty => view! { <Empty query /> }.into_any(),
        Shape::Shops => view! { <List shops rows on_more on_choose /> }.into_any(),
    };
    view! {
        <section class="nearby-shops" aria-labelledby="nearby-shops-heading">
            <Heading shops rows query place on_locate />
            <Filters query />
            {part(list)}
        </section>
    }
}

#[component]
fn List(
    shops: Signal<Load<ShopPage>>,
    rows: Memo<Vec<Row>>,
    on_more: Callback<()>,
    on_choose: Callback<Shop>,
) -> impl IntoView {
    let has_more = move || shops.with(|shops| shops.value().is_some_and(|page| page.next_cursor.is_some()));
    view! {
        <ul class="nearby-shops__list" data-testid="shop-list">
            <For
                each=move || rows.with(|rows| rows.iter().map(|(shop, _)| shop.id.clone()).collect::<Vec<_>>())
                key=String::clone
                children=move |id| view! { <ShopRow id rows on_choose /> }.into_any()
            />
        </ul>
        {part_if(has_more, move || view! { <More on_more /> }.into_any())}
    }
}

#[component]
fn More(on_more: Callback<()>) -> impl IntoView {
    view! {
        <button class="button button--quiet" type="button" on:click=press(move || on_more.run(()))>
            {message(|text| text.load_more)}
        </button>
    }
}

/// A shop and how far it is, where a place is known.
pub(crate) type Row = (Shop, Option<member_domain::Distance>);

/// Shops with their distances. The backend ordered by a place rounded to 1 km; the exact order is made here.
fn ordered(shops: &[Shop], here: Option<Wgs84>) -> Vec<Row> {
    let distance = |shop: &Shop| here.map(|here| here.distance_to(shop.place.to_wgs84()));
    let mut rows: Vec<Row> = shops.iter().map(|shop| (shop.clone(), distance(shop))).collect();
    if here.is_some() {
        let metres = |row: &Row| row.1.map_or(f64::MAX, |distance| distance.metres);
        rows.sort_by(|a, b| metres(a).total_cmp(&metres(b)));
    }
    rows
}

#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Loading,
    Failed(ApiError),
    Empty,
    Shops,
}

impl Shape {
    fn of(shops: &Load<ShopPage>) -> Self {
        match shops {
            Load::Loading => Self::Loading,
            Load::Failed(error) => Self::Failed(*error),
            Load::Ready { value, .. } if value.shops.is_empty() => Self::Empty,
            Load::Ready { .. } => Self::Shops,
        }
    }
}

/// Holds the place of the first rows until they are known.
#[component]
fn ListSkeleton() -> impl IntoView {
    view! {
        <div class="nearby-shops__skeleton" data-testid="shop-list" aria-busy="true" aria-label=message(|text| text.loading)>
            <i></i>
            <i></i>
            <i></i>
            <i></i>
        </div>
    }
}

/// Nothing matches: says so and leads back.
#[component]
fn Empty(query: RwSignal<ShopQuery>) -> impl IntoView {
    let clear = move || {
        query.update(|query| *query = ShopQuery { near: query.near, ..ShopQuery::all_of(query.city) });
    };
    view! {
        <div class="nearby-shops__empty" data-testid="shop-empty" role="status">
            <p class="nearby-shops__empty-title">{message(|text| text.no_shops)}</p>
            <p>{message(|text| text.no_shops_hint)}</p>
            <button class="button" type="button" on:click=press(clear)>
                {message(|text| text.clear_filters)}
            </button>
        </div>
    }
}
