//! An external link.

use leptos::ev::MouseEvent;
use member_domain::RefundState;

use super::{Glyph, Icon};
use crate::{
    host::{HostEvent, use_host},
    prelude::*,
};

/// An external link, which the host app may open itself. Otherwise a website opens in a new tab. An address
/// that is not a website, a phone number or a position is shown as text.
#[component]
pub fn OutsideLink(
    /// Its test id.
    test_id: &'static str,
    /// Its address.
    url: String,
    /// Its text.
    label: String,
    /// Its class.
    #[prop(default = "outside-link")]
    class: &'static str,
    /// The icon beside its text.
    #[prop(default = Glyph::Out)]
    glyph: Glyph,
    /// The state of the refund that needs the member to open this link, if any.
    #[prop(default = None)]
    refund: Option<RefundState>,
) -> impl IntoView {
    if !is_supported(&url) {
        return view! { <span class=class data-testid=test_id dir="auto">{label}</span> }.into_any();
    }
    // A phone or map app opens beside the page by itself. A new tab for it would stay empty.
    let target = if has_scheme(&url, "https:") { "_blank" } else { "_self" };
    let (host, address) = (use_host(), url.clone());
    let follow: Box<dyn FnMut(MouseEvent)> = Box::new(move |event| {
        let is_handled =
            refund.is_some_and(|state| !host.dispatch(&HostEvent::RefundAction { state, url: address.clone() }));
        if is_handled || host.delegate_link(&address) {
            event.prevent_default();
        }
    });
    view! {
        <a class=class data-testid=test_id href=url target=target rel="noopener noreferrer" on:click=follow>
            <span dir="auto">{label}</span>
            <Icon glyph />
        </a>
    }
    .into_any()
}

/// Whether the address is of a kind the page links to.
fn is_supported(url: &str) -> bool {
    ["https:", "tel:", "geo:"].iter().any(|scheme| has_scheme(url, scheme))
}

fn has_scheme(url: &str, scheme: &str) -> bool {
    url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}
