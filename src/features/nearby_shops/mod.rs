//! The curated shops of a city, nearest first once a place is known. A list, no map.

mod empty;
mod filters;
mod heading;
mod row;
mod window;

use member_domain::{UnixMillis, wire::Shop};
pub use page_core::{Arranged, Listed, Ordered, Place, Renewal, Row, Section, ShopList};

use self::{empty::Empty, filters::Filters, heading::Heading, window::Window};
use crate::{
    api::{ApiError, ListOrder, ShopQuery},
    load::Load,
    prelude::*,
    ui::{Failure, Model, message},
};

/// Whether more of the list is on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum More {
    /// Nothing is, or there is no more.
    #[default]
    Idle,
    /// It was asked for.
    Asked,
    /// It could not be had; the member may ask again.
    Failed,
}

/// What rows show and do, beyond their shop.
#[derive(Clone, Copy)]
struct RowContext {
    /// The time, to the minute.
    now: Signal<Option<UnixMillis>>,
    /// Runs with the shop the member tapped.
    on_choose: Callback<Shop>,
    /// How many rows the whole list has, for screen readers; -1 where nobody has counted.
    size: Memo<String>,
}

/// The list panel in every state of its data, with search and filters.
#[component]
pub fn NearbyShops(
    /// The shops that match.
    #[prop(into)]
    list: Signal<Load<ShopList>>,
    /// What is asked for; the controls change it.
    #[prop(into)]
    query: Model<ShopQuery>,
    /// What is known of the member's place.
    #[prop(into)]
    place: Signal<Place>,
    /// The current instant; to the minute is enough.
    #[prop(into)]
    now: Signal<Option<UnixMillis>>,
    /// Whether more shops are on their way.
    #[prop(into)]
    more: Signal<More>,
    /// Whether the list is only what is at hand while the backend is asked.
    #[prop(optional, into)]
    searching: Signal<bool>,
    /// Whether looking through the list takes no more than a moment.
    #[prop(optional, into)]
    quick: Signal<bool>,
    /// Runs when the member asks to be located.
    on_locate: Callback<()>,
    /// Runs when the member asks to try again.
    on_retry: Callback<()>,
    /// Runs when more shops are wanted.
    on_more: Callback<()>,
    /// Runs with the shop the member tapped.
    on_choose: Callback<Shop>,
) -> impl IntoView {
    let here = Memo::new(move |_| {
        let by_distance = query.with(|query| query.order == ListOrder::Nearest);
        place.get().known().filter(|_| by_distance)
    });
    let arranged = Memo::new(move |_| {
        list.with(|list| list.value().map(|list| Arranged::of(list, here.get())).unwrap_or_default())
    });
    let shape = Memo::new(move |_| list.with(Shape::of));
    let size = Memo::new(move |_| {
        list.with(|list| match list.value() {
            Some(list) if list.is_whole() => list.shops.len().to_string(),
            Some(list) if !list.total_is_capped => list.total.to_string(),
            _ => "-1".to_owned(),
        })
    });
    let actions = RowContext { now, on_choose, size };
    let shown = move || match shape.get() {
        Shape::Loading => view! { <ListSkeleton /> }.into_any(),
        Shape::Failed(error) => view! { <Failure error on_retry /> }.into_any(),
        // What is at hand has nothing; the backend may have.
        Shape::Empty if searching.get() => view! { <ListSkeleton /> }.into_any(),
        Shape::Empty => view! { <Empty list query place on_choose /> }.into_any(),
        Shape::Shops => {
            let on_end_near = Callback::new(move |()| {
                if more.get_untracked() == More::Idle {
                    on_more.run(());
                }
            });
            view! { <Window arranged on_end_near actions /> }.into_any()
        }
    };
    // Shops are at hand, but any that is missing may be nearer.
    Effect::new(move |_| {
        if arranged.with(|arranged| arranged.is_unsettled) && more.get() == More::Idle {
            on_more.run(());
        }
    });
    view! {
        <section class="nearby-shops" aria-labelledby="nearby-shops-heading">
            <Heading list arranged query place on_locate />
            <Filters query quick />
            {shown}
            <Show when=move || more.get() == More::Failed>
                <button
                    class="button button--quiet"
                    type="button"
                    data-testid="shop-more"
                    on:click=move |_| on_more.run(())
                >
                    {message(|text| text.load_more)}
                </button>
            </Show>
        </section>
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Loading,
    Failed(ApiError),
    Empty,
    Shops,
}

impl Shape {
    fn of(list: &Load<ShopList>) -> Self {
        match list {
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
        <div class="nearby-shops__skeleton" role="status" data-testid="shop-list" aria-busy="true" aria-label=message(|text| text.loading)>
            <i></i>
            <i></i>
            <i></i>
            <i></i>
        </div>
    }
}
