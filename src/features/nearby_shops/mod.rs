//! The curated shops of a city, sorted by distance if the member's position is known. A list without a map.

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
    ui::{Failure, Model, StatusRegion, message},
};

/// State of the request for more shops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum More {
    /// No request is pending, or all shops are loaded.
    #[default]
    Idle,
    /// A request is pending.
    Pending,
    /// The request failed. The member may retry.
    Failed,
}

/// Data and callback shared by all rows.
#[derive(Clone, Copy)]
struct RowContext {
    /// The current time, to the minute.
    now: Signal<Option<UnixMillis>>,
    /// Whether the programme has ended, so that the discounts no longer apply.
    over: Signal<bool>,
    /// Runs with the tapped shop.
    on_choose: Callback<Shop>,
    /// The row count of the whole list, for screen readers; -1 if it is unknown.
    size: Memo<String>,
}

/// The list panel in every state of its data, with search and filters.
#[component]
pub fn NearbyShops(
    /// The matching shops.
    #[prop(into)]
    list: Signal<Load<ShopList>>,
    /// The query. The controls change it.
    #[prop(into)]
    query: Model<ShopQuery>,
    /// The known position of the member.
    #[prop(into)]
    place: Signal<Place>,
    /// The current instant, at least to the minute.
    #[prop(into)]
    now: Signal<Option<UnixMillis>>,
    /// State of the request for more shops.
    #[prop(into)]
    more: Signal<More>,
    /// Whether the list shows only local results while the backend searches.
    #[prop(optional, into)]
    searching: Signal<bool>,
    /// Whether a search takes no noticeable time.
    #[prop(optional, into)]
    quick: Signal<bool>,
    /// Whether the programme has ended, so that the discounts no longer apply.
    #[prop(optional, into)]
    over: Signal<bool>,
    /// Runs when the member requests the position.
    on_locate: Callback<()>,
    /// Runs when the member taps the retry button.
    on_retry: Callback<()>,
    /// Runs when the list needs more shops.
    on_more: Callback<()>,
    /// Runs with the tapped shop.
    on_choose: Callback<Shop>,
) -> impl IntoView {
    let here = Memo::new(move |_| {
        let by_distance = query.with(|query| query.order == ListOrder::Nearest);
        place.get().position().filter(|_| by_distance)
    });
    // Rows must not change places while time passes, so the time itself is not tracked.
    let is_time_known = Memo::new(move |_| now.with(Option::is_some));
    let arranged = Memo::new(move |_| {
        is_time_known.track();
        let now = now.get_untracked();
        list.with(|list| list.value().map(|list| Arranged::of(list, here.get(), now)).unwrap_or_default())
    });
    let shape = Memo::new(move |_| list.with(Shape::of));
    let size = Memo::new(move |_| {
        list.with(|list| match list.value() {
            Some(list) if list.is_complete() => list.shops.len().to_string(),
            Some(list) if !list.total_is_capped => list.total.to_string(),
            _ => "-1".to_owned(),
        })
    });
    let actions = RowContext { now, over, on_choose, size };
    let is_empty = move || shape.get() == Shape::Empty && !searching.get();
    let shown = move || match shape.get() {
        Shape::Loading => view! { <ListSkeleton /> }.into_any(),
        Shape::Failed(error) => view! { <Failure error on_retry /> }.into_any(),
        // No local result, but the backend may find some.
        Shape::Empty if searching.get() => view! { <ListSkeleton /> }.into_any(),
        Shape::Empty => ().into_any(),
        Shape::Shops => {
            let on_end_near = Callback::new(move |()| {
                if more.get_untracked() == More::Idle {
                    on_more.run(());
                }
            });
            view! { <Window arranged on_end_near actions /> }.into_any()
        }
    };
    // A shop that is not loaded yet may be nearer.
    Effect::new(move |_| {
        if arranged.with(|arranged| arranged.is_unsettled) && more.get() == More::Idle {
            on_more.run(());
        }
    });
    view! {
        <section class="nearby-shops" aria-labelledby="nearby-shops-heading">
            <Heading list arranged query place on_locate />
            <Filters list query quick />
            <div class="nearby-shops__results">
                <StatusRegion>
                    <Show when=is_empty><Empty list query place on_choose /></Show>
                </StatusRegion>
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
            </div>
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

/// Reserves space for the first rows until they are loaded.
#[component]
fn ListSkeleton() -> impl IntoView {
    view! {
        <div class="nearby-shops__skeleton" role="status" data-testid="shop-list" aria-busy="true" aria-label=message(|text| text.loading)>
            <i></i>
            <i></i>
            <i></i>
            <i></i>
            <i></i>
            <i></i>
        </div>
    }
}
