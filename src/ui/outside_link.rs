//! A link that leads out of the page.

use leptos::ev::MouseEvent;
use member_domain::RefundState;

use super::{Glyph, Icon};
use crate::{
    host::{HostEvent, use_host},
    prelude::*,
};

/// A link to somewhere else, which the host app may open itself; else a website opens in a tab of its own. An address that
/// is not one of a website, a phone or a place is no link: its text stays text.
#[component]
pub fn OutsideLink(
    /// The hook tests find it by.
    test_id: &'static str,
    /// Where it leads.
    url: String,
    /// What it says.
    label: String,
    /// The state of the refund that needs the member to go there, if that is what it is for.
    #[prop(default = None)]
    refund: Option<RefundState>,
) -> impl IntoView {
    if !leads_out(&url) {
        return view! { <span class="outside-link" data-testid=test_id dir="auto">{label}</span> }.into_any();
    }
    // A phone or a map app opens beside the page by itself; a tab for it would stay empty.
    let target = if has_scheme(&url, "https:") { "_blank" } else { "_self" };
    let (host, address) = (use_host(), url.clone());
    let follow: Box<dyn FnMut(MouseEvent)> = Box::new(move |event| {
        let is_done = refund.is_some_and(|state| !host.tell(&HostEvent::RefundAction { state, url: address.clone() }));
        if is_done || host.takes_over(&address) {
            event.prevent_default();
        }
    });
    view! {
        <a class="outside-link" data-testid=test_id href=url target=target rel="noopener noreferrer" on:click=follow>
            <span dir="auto">{label}</span>
            <Icon glyph=Glyph::Out />
        </a>
    }
    .into_any()
}

/// Whether the address is of a kind the page links to.
fn leads_out(url: &str) -> bool {
    ["https:", "tel:", "geo:"].iter().any(|scheme| has_scheme(url, scheme))
}

fn has_scheme(url: &str, scheme: &str) -> bool {
    url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}
