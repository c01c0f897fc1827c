//! The scenes, one file for each feature.

mod member_card;
mod member_events;
mod nearby_shops;
mod page;
mod redemption_code;
mod refund_banner;
mod reminders;
mod savings;
mod shop_sheet;

use super::stage::Stage;
use crate::prelude::*;

/// What a scene fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A part of the page, as high as it is.
    Panel,
    /// A sheet over the page.
    Sheet,
    /// The whole page.
    Page {
        /// Whose sample answers it shows.
        persona: &'static str,
        /// What becomes of its requests, by the names of `world.js`.
        backend: &'static str,
        /// Whether answers of an earlier visit are kept on the device.
        has_kept: bool,
    },
}

/// A feature in one state.
pub(super) struct Scene {
    /// The feature.
    pub(super) group: &'static str,
    /// Stands in addresses.
    pub(super) name: &'static str,
    /// The state, in a few words.
    pub(super) title: &'static str,
    /// What it fills.
    pub(super) kind: Kind,
    /// Makes it.
    pub(super) view: fn(Stage) -> AnyView,
}

impl Scene {
    const fn panel(group: &'static str, name: &'static str, title: &'static str, view: fn(Stage) -> AnyView) -> Self {
        Self { group, name, title, kind: Kind::Panel, view }
    }

    const fn sheet(group: &'static str, name: &'static str, title: &'static str, view: fn(Stage) -> AnyView) -> Self {
        Self { group, name, title, kind: Kind::Sheet, view }
    }

    /// Puts what an earlier visit has left into the device's storage, where the scene has had one.
    pub(super) fn keep(&self) {
        if let Kind::Page { has_kept: true, .. } = self.kind {
            page::keep();
        }
    }
}

/// All scenes, in the order they are listed.
pub(super) fn all() -> impl Iterator<Item = &'static Scene> {
    [
        page::SCENES,
        member_card::SCENES,
        refund_banner::SCENES,
        reminders::SCENES,
        redemption_code::SCENES,
        nearby_shops::SCENES,
        shop_sheet::SCENES,
        member_events::SCENES,
        savings::SCENES,
    ]
    .into_iter()
    .flatten()
}

/// The scene that is shown where none is chosen.
pub(super) fn first() -> &'static Scene {
    &page::SCENES[0]
}

/// Something in the column of the card.
fn beside_card(view: impl IntoView + 'static) -> AnyView {
    view! { <main class="page"><div class="page__card">{view.into_any()}</div></main> }.into_any()
}

/// Something in the column of the list.
fn in_list(view: impl IntoView + 'static) -> AnyView {
    view! { <main class="page"><div class="page__list">{view.into_any()}</div></main> }.into_any()
}

/// A sheet over a page of which nothing is seen.
fn over_page(view: impl IntoView + 'static) -> AnyView {
    view! { <main class="page"></main>{view.into_any()} }.into_any()
}

/// Something a scene has no use for.
fn nothing() -> Callback<()> {
    Callback::new(|()| ())
}

/// The same for what comes with a value.
fn ignore<T: 'static>() -> Callback<T> {
    Callback::new(|_| ())
}
