//! The top of the sheet: the shop, its opening state, and the first actions.

use member_domain::{
    CivilDate, Distance, UnixMillis,
    wire::{OpenState, Shop},
};
use wasm_bindgen_futures::spawn_local;

use super::{ActionOutcome, has_left, maps::directions, reach::phone_link};
use crate::{
    handover,
    host::use_host,
    i18n::{Language, joined, use_language},
    navigation::shop_link,
    prelude::*,
    ui::{Glyph, Icon, Model, OutsideLink, line, message},
};

/// Name, category, district and opening state; then what someone at the door needs: the way, favourite, share, phone.
#[component]
pub(super) fn Head(
    /// The shop.
    shop: Shop,
    /// The shop's current opening state, as far as the loaded data still tells it.
    open: Memo<OpenState>,
    /// The current instant.
    now: Signal<Option<UnixMillis>>,
    /// Today's date, if it is known.
    today: Memo<Option<CivilDate>>,
    /// Distance to the shop, if the member's position is known.
    distance: Signal<Option<Distance>>,
    /// Whether the shop is a favourite.
    favourite: Signal<bool>,
    /// The outcome of the last action.
    outcome: Model<ActionOutcome>,
    /// Runs when the member adds or removes the favourite.
    on_favourite: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let about = about(&shop, language);
    let about = move || {
        let far = distance.get().map(|distance| language.formats().distance(distance));
        joined([Some(about.clone()), far].into_iter().flatten())
    };
    let call = shop.phone.as_deref().map(phone_link).filter(|url| !url.is_empty()).map(|url| {
        let label = language.text().call.to_owned();
        view! { <OutsideLink test_id="shop-call" class="shop-action" glyph=Glyph::Phone url label /> }
    });
    let leaving = leaving_note(&shop, today, language);
    let (host, id, name) = (use_host(), shop.id.clone(), shop.name.clone());
    let share_link = move || {
        // Reset first: screen readers announce only changes, and the previous outcome may be the same.
        outcome.set(ActionOutcome::Nothing);
        share(name.clone(), shop_link(&host.page_url(), &id), outcome);
    };
    let share_label = move || {
        let text = language.text();
        if outcome.get() == ActionOutcome::LinkCopied { text.link_copied } else { text.share }.to_owned()
    };
    // The button shows that the link was copied. Text in a button is not announced, so it is repeated beside
    // it. If the link could be neither shared nor copied, the link itself is shown.
    let outcome_view = move || match outcome.get() {
        ActionOutcome::LinkCopied => {
            view! { <p class="visually-hidden">{message(|text| text.link_copied)}</p> }.into_any()
        }
        ActionOutcome::Link(url) => view! {
            <p class="shop-sheet__link">{message(|text| text.link_not_copied)} <bdi>{url}</bdi></p>
        }
        .into_any(),
        _ => ().into_any(),
    };
    view! {
        <h2 class="sheet-name" dir="auto">{shop.name.clone()}</h2>
        <header>
            <p class="sheet-head__about">{about}</p>
            <p
                class="sheet-head__about"
                class:sheet-head__open=move || matches!(open.get(), OpenState::Open { .. })
            >
                {move || language.open_state(open.get(), now.get())}
            </p>
            {leaving}
            <div class="shop-sheet__actions">
                <OutsideLink
                    test_id="shop-directions"
                    class="shop-action"
                    glyph=Glyph::Route
                    url=directions(shop.place, &shop.name)
                    label=language.text().directions.to_owned()
                />
                <button
                    class="shop-action shop-sheet__keep"
                    type="button"
                    data-testid="shop-favourite"
                    aria-pressed=move || favourite.get().to_string()
                    on:click=move |_| on_favourite.run(())
                >
                    <Icon glyph=Glyph::Heart />
                    {message(|text| text.favourite)}
                </button>
                <button class="shop-action" type="button" data-testid="shop-share" on:click=move |_| share_link()>
                    <Icon glyph=Glyph::Share />
                    {share_label}
                </button>
                // Last: the phone number arrives with the full answer, and must move nothing.
                {call}
            </div>
            <div role="status" data-testid="shop-share-outcome">
                {outcome_view}
            </div>
        </header>
    }
}

/// Category, district and price, for example `咖啡 · 徐汇区 · ¥42/人`.
fn about(shop: &Shop, language: Language) -> String {
    let text = language.text();
    let price = shop.price_per_person_fen.map(|price| (text.per_person)(&language.formats().short_money(price)));
    let parts = [Some((text.category)(shop.category).to_owned()), shop.district.clone(), price];
    joined(parts.into_iter().flatten())
}

/// A note if the shop leaves or has left.
fn leaving_note(shop: &Shop, today: Memo<Option<CivilDate>>, language: Language) -> AnyView {
    let Some(day) = shop.left_on else { return ().into_any() };
    let (text, formats) = (language.text(), language.formats());
    let sentence = if has_left(shop, today.get()) {
        (text.shop_left)(&formats.day(day))
    } else {
        (text.shop_leaving)(&formats.discount(shop.discount_permille), &formats.day(day))
    };
    line("sheet-attention", sentence)
}

/// Opens the share sheet. Copies the link if the browser has none.
fn share(name: String, link: String, outcome: Model<ActionOutcome>) {
    spawn_local(async move {
        if handover::share(&name, &link).await {
            return;
        }
        let result = if handover::copy(&link).await { ActionOutcome::LinkCopied } else { ActionOutcome::Link(link) };
        outcome.set(result);
    });
}
