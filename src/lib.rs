//! The member page: member card, nearby curated shops, redemption code and refund banner.
//!
//! Data flows one way: a port (`api`, `clock`, `store`, `crypto`, `geolocation`) fills a signal, a feature
//! renders it, and a callback returns the intent. `member-domain` has the rules and `page-core` the page's
//! decisions. Neither needs a browser.

pub mod api;
pub mod app;
pub mod clock;
pub mod crypto;
pub mod features;
#[cfg(debug_assertions)]
pub mod gallery;
pub mod geolocation;
pub mod handover;
pub mod host;
pub mod i18n;
pub use page_core::load;
#[cfg(feature = "module")]
pub mod module;
pub mod navigation;
pub mod offline;
pub mod prelude;
pub mod screen;
mod start;
pub mod store;
mod task;
pub mod ui;
pub mod unicode;

use wasm_bindgen::JsCast;

#[cfg(feature = "stock-leptos")]
pub use leptos::mount::mount_to;
#[cfg(not(feature = "stock-leptos"))]
pub use light_leptos::mount::mount_to;

use self::prelude::*;

/// Mounts the page into `#member-page` and removes the skeleton of `index.html`. The skeleton of the lists
/// stays until the lists are built.
///
/// # Panics If the document has no such element: then `index.html` does not belong to this build.
pub fn mount() {
    let root =
        document().get_element_by_id("member-page").expect("index.html has an element with the id 'member-page'");
    let skeleton = root.query_selector(".page__list").ok().flatten();
    root.set_text_content(None);
    let root = root.unchecked_into::<web_sys::HtmlElement>();
    let (parent, within) = (root.clone(), root.clone());
    let page = move || {
        let (host, navigation) = (host::Host::own_document(within), navigation::Navigation::start());
        view! { <app::App host navigation /> }
    };
    mount_to(parent, page).forget();
    if let (Some(skeleton), Ok(Some(place))) = (skeleton, root.query_selector(".page__skeleton")) {
        while let Some(node) = skeleton.first_child() {
            let _ = place.append_child(&node);
        }
    }
    offline::register_worker();
}
