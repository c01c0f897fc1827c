//! The list's heading: which city, how many shops how near, and the button that asks for the member's place.

use leptos::prelude::*;
use member_domain::{City, Wgs84, wire::ShopPage};

use super::Row;
use crate::{
    api::ShopQuery,
    i18n::use_language,
    load::Load,
    ui::{Flag, Glyph, Icon, flag, message, part_if, press, text},
};

/// What is known of the member's place. Asked for only when the member taps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// Not asked for.
    Unasked,
    /// Being looked for.
    Asking,
    /// Known.
    Known(Wgs84),
    /// Refused, unavailable or too slow.
    Unavailable,
}

impl Place {
    /// The position, if it is known.
    pub const fn known(self) -> Option<Wgs84> {
        match self {
            Self::Known(position) => Some(position),
            Self::Unasked | Self::Asking | Self::Unavailable => None,
        }
    }
}

/// Heads the list. Also where the city is chosen.
#[component]
pub(super) fn Heading(
    /// The shops that match.
    shops: Signal<Load<ShopPage>>,
    /// The rows shown.
    rows: Memo<Vec<Row>>,
    /// What is asked for.
    query: RwSignal<ShopQuery>,
    /// What is known of the member's place.
    place: Signal<Place>,
    /// Runs when the member asks to be located.
    on_locate: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let choose_city = move |event| {
        if let Ok(city) = City::from_name(&event_target_value(&event)) {
            query.update(|query| query.city = city);
        }
    };
    let asking: Flag = flag(move || place.get() == Place::Asking);
    let count = move || {
        let text = language.text();
        let Some(total) = shops.with(|shops| shops.value().map(|page| page.total)) else { return String::new() };
        match place.get() {
            Place::Known(_) => (text.density)(within(rows, 500.0), within(rows, 1_000.0)),
            Place::Unasked | Place::Asking | Place::Unavailable => (text.shop_count)(total),
        }
    };
    let locate = move || {
        let text = language.text();
        if place.get() == Place::Asking { text.locating.to_owned() } else { text.locate.to_owned() }
    };
    view! {
        <header class="nearby-shops__head">
            <h2 class="nearby-shops__title" id="nearby-shops-heading">{message(|text| text.nearby_heading)}</h2>
            <p class="nearby-shops__count" role="status">{text(count)}</p>
        </header>
        <div class="nearby-shops__place">
            <label class="nearby-shops__city">
                <span class="visually-hidden">{message(|text| text.choose_city)}</span>
                <select on:change=choose_city prop:value=text(move || query.with(|query| query.city.as_str().to_owned()))>
                    {City::ALL
                        .iter()
                        .map(|city| {
                            view! {
                                <option value=city.as_str()>{text(move || (language.text().city)(*city).to_owned())}</option>
                            }
                        })
                        .collect_view()}
                </select>
                <Icon glyph=Glyph::Chevron />
            </label>
            <button
                class="nearby-shops__locate"
                type="button"
                disabled=asking
                aria-pressed=text(move || place.get().known().is_some().to_string())
                on:click=press(move || on_locate.run(()))
            >
                <Icon glyph=Glyph::Pin />
                {text(locate)}
            </button>
            {part_if(
                move || place.get() == Place::Unavailable,
                || view! { <p class="nearby-shops__note" role="status">{message(|text| text.locate_failed)}</p> }.into_any(),
            )}
        </div>
    }
}

/// How many of the shown shops lie within `metres`.
fn within(rows: Memo<Vec<Row>>, metres: f64) -> u32 {
    let near = |row: &&Row| row.1.is_some_and(|distance| distance.metres <= metres);
    rows.with(|rows| u32::try_from(rows.iter().filter(near).count()).unwrap_or(u32::MAX))
}
