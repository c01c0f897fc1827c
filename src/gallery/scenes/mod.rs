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

/// The kind of a scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A part of the page, as high as its content.
    Panel,
    /// A sheet over the page.
    Sheet,
    /// The whole page.
    Page {
        /// The persona whose sample answers it shows.
        persona: &'static str,
        /// The behaviour of the backend, by the names in `world.js`.
        backend: &'static str,
        /// Whether the device stores answers of an earlier visit.
        has_stored: bool,
    },
}

/// A feature in one state.
pub(super) struct Scene {
    /// The feature.
    pub(super) group: &'static str,
    /// The scene's name in addresses.
    pub(super) name: &'static str,
    /// The state in a few words.
    pub(super) title: &'static str,
    /// The kind of the scene.
    pub(super) kind: Kind,
    /// Builds the scene.
    pub(super) view: fn(Stage) -> AnyView,
}

impl Scene {
    const fn panel(group: &'static str, name: &'static str, title: &'static str, view: fn(Stage) -> AnyView) -> Self {
        Self { group, name, title, kind: Kind::Panel, view }
    }

    const fn sheet(group: &'static str, name: &'static str, title: &'static str, view: fn(Stage) -> AnyView) -> Self {
        Self { group, name, title, kind: Kind::Sheet, view }
    }

    /// Writes the answers of an earlier visit to the device's storage, if the scene has one.
    pub(super) fn store_answers(&self) {
        if let Kind::Page { has_stored: true, .. } = self.kind {
            page::store_answers();
        }
    }
}

/// All scenes, in listing order.
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

/// The scene shown if none is selected.
pub(super) fn first() -> &'static Scene {
    &page::SCENES[0]
}

/// A view in the card's column.
fn beside_card(view: impl IntoView + 'static) -> AnyView {
    view! { <main class="page"><div class="page__card">{view.into_any()}</div></main> }.into_any()
}

/// A view in the list's column.
fn in_list(view: impl IntoView + 'static) -> AnyView {
    view! { <main class="page"><div class="page__list">{view.into_any()}</div></main> }.into_any()
}

/// A sheet over an empty page.
fn over_page(view: impl IntoView + 'static) -> AnyView {
    view! { <main class="page"></main>{view.into_any()} }.into_any()
}

/// A callback that does nothing.
fn nothing() -> Callback<()> {
    Callback::new(|()| ())
}

/// A callback that ignores its value.
fn ignore<T: 'static>() -> Callback<T> {
    Callback::new(|_| ())
}
