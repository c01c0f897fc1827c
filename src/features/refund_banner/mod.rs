//! The refund banner: what happens to the card and to the money. States only what the backend knows, never a promise.

mod status;
mod timeline;

use leptos::prelude::*;
use member_domain::wire::MeAnswer;

use self::{status::Status, timeline::Timeline};
use crate::{
    i18n::{Language, use_language},
    load::Load,
    ui::{Glyph, Icon, flag, maybe_text, part, part_if, press, text},
};

/// One line on where card and money stand, opening to the refund's timeline. Absent while the programme simply runs.
#[component]
pub fn RefundBanner(
    /// The member's state.
    #[prop(into)]
    me: Signal<Load<MeAnswer>>,
) -> impl IntoView {
    let status = Memo::new(move |_| me.with(|me| me.value().and_then(Status::of)));
    let shown = move || status.with(Option::is_some);
    part_if(shown, move || view! { <Banner me status /> }.into_any())
}

#[component]
fn Banner(me: Signal<Load<MeAnswer>>, status: Memo<Option<Status>>) -> impl IntoView {
    let language = use_language();
    let refund = Memo::new(move |_| me.with(|me| me.value().and_then(|me| me.refund.clone())));
    let has_timeline = move || refund.with(Option::is_some);
    let open = RwSignal::new(false);
    let of_status = move |read: fn(Status, Language) -> String| {
        text(move || status.get().map(|status| read(status, language)).unwrap_or_default())
    };
    let icon = move || status.get().map(|status| view! { <Icon glyph=status.glyph() /> }).into_any();
    view! {
        <section
            class="refund-banner"
            data-testid="refund-banner"
            data-state=of_status(|status, _| status.name().to_owned())
            aria-live="polite"
        >
            <button
                class="refund-banner__head"
                type="button"
                disabled=flag(move || !has_timeline())
                aria-expanded=maybe_text(move || has_timeline().then(|| open.get().to_string()))
                on:click=press(move || open.update(|open| *open = !*open))
            >
                <span class="refund-banner__icon">{part(icon)}</span>
                <span class="refund-banner__text">
                    <strong class="refund-banner__title">{of_status(Status::title)}</strong>
                    <span class="refund-banner__line">{of_status(Status::line)}</span>
                </span>
                {part_if(
                    has_timeline,
                    || view! { <span class="refund-banner__more"><Icon glyph=Glyph::Chevron /></span> }.into_any(),
                )}
            </button>
            {part(move || {
                let refund = refund.get().filter(|_| open.get());
                refund.map(|refund| view! { <Timeline refund /> }).into_any()
            })}
        </section>
    }
}
