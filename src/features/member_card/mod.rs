//! The member card: holder, validity, cities, and savings against its price.

mod payoff;
mod pill;

use member_domain::{
    CivilDate, ProgrammePhase,
    wire::{CardState, MeAnswer, ProblemKind},
};

use self::payoff::PayoffMeter;
pub use self::pill::CodePill;
use crate::{
    api::ApiError,
    i18n::{Language, Locale, joined, use_language},
    load::Load,
    prelude::*,
    ui::{Failure, Glyph, Icon, message},
};

/// The card panel in every state of its data. It is the most prominent element of the page.
#[component]
pub fn MemberCard(
    /// The member's state.
    #[prop(into)]
    me: Signal<Load<MeAnswer>>,
    /// Today in Shanghai, once it is known.
    #[prop(into)]
    today: Signal<Option<CivilDate>>,
    /// Runs when the member opens the code.
    on_show_code: Callback<()>,
    /// Runs when the member opens the savings.
    on_savings: Callback<()>,
    /// Runs when the member taps the retry button.
    on_retry: Callback<()>,
) -> impl IntoView {
    // The kind of view changes rarely. Within a kind, the texts derive from `me`.
    let shape = Memo::new(move |_| me.with(Shape::of));
    move || match shape.get() {
        Shape::Loading => view! { <CardSkeleton /> }.into_any(),
        Shape::Failed(ApiError::Problem(ProblemKind::Unauthorized)) => view! { <SignedOut on_retry /> }.into_any(),
        Shape::Failed(error) => view! {
            <section class="member-card member-card--empty" data-testid="member-card">
                <PageHeading />
                <Failure error on_retry />
            </section>
        }
        .into_any(),
        Shape::NoCard => view! { <NoCard me /> }.into_any(),
        Shape::Card => view! { <CardFace me today on_show_code on_savings /> }.into_any(),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Loading,
    Failed(ApiError),
    NoCard,
    Card,
}

impl Shape {
    fn of(me: &Load<MeAnswer>) -> Self {
        match me {
            Load::Loading => Self::Loading,
            Load::Failed(error) => Self::Failed(*error),
            Load::Ready { value, .. } if value.card.is_some() => Self::Card,
            Load::Ready { .. } => Self::NoCard,
        }
    }
}

/// Reserves the card's space until it is loaded.
#[component]
fn CardSkeleton() -> impl IntoView {
    view! {
        <section
            class="member-card member-card--loading"
            data-testid="member-card"
            aria-busy="true"
            aria-label=message(|text| text.loading)
        >
            <PageHeading />
        </section>
    }
}

/// The page's heading for screen readers, while no card provides one.
#[component]
fn PageHeading() -> impl IntoView {
    view! { <h1 class="visually-hidden">{message(|text| text.title)}</h1> }
}

/// A signed-out member: states what the card brings.
#[component]
fn SignedOut(on_retry: Callback<()>) -> impl IntoView {
    view! {
        <section class="member-card member-card--none" data-testid="member-card">
            <h1 class="member-card__product">{message(|text| text.title)}</h1>
            <p class="member-card__name">{message(|text| text.signed_out)}</p>
            <p class="member-card__line">{message(|text| text.signed_out_offer)}</p>
            <button class="button button--card" type="button" on:click=move |_| on_retry.run(())>
                {message(|text| text.retry)}
            </button>
        </section>
    }
}

/// A signed-in member without a card: states the offer.
#[component]
fn NoCard(me: Signal<Load<MeAnswer>>) -> impl IntoView {
    let language = use_language();
    let offer = move || {
        let price = me.with(|me| me.value().map(|me| language.formats().short_money(me.programme.price_fen)));
        let is_over = me.with(|me| me.value().is_some_and(|me| me.programme.phase == ProgrammePhase::Ended));
        if is_over {
            return language.text().no_card_any_more.to_owned();
        }
        (language.text().no_card_offer)(&price.unwrap_or_default())
    };
    view! {
        <section class="member-card member-card--none" data-testid="member-card">
            <h1 class="member-card__product">{move || product(me, language.locale())}</h1>
            <p class="member-card__name">{message(|text| text.no_card)}</p>
            <p class="member-card__line" translate="no">{offer}</p>
        </section>
    }
}

#[component]
fn CardFace(
    me: Signal<Load<MeAnswer>>,
    today: Signal<Option<CivilDate>>,
    on_show_code: Callback<()>,
    on_savings: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let card = Memo::new(move |_| me.with(|me| me.value().and_then(|me| me.card.clone())));
    let active =
        Memo::new(move |_| card.with(|card| card.as_ref().is_some_and(|card| card.state == CardState::Active)));
    let number = move || card.with(|card| card.as_ref().map(|card| card.number_masked.clone()).unwrap_or_default());
    let name = move || me.with(|me| me.value().map(|me| me.member.name_masked.clone()).unwrap_or_default());
    let status = move || {
        let text = language.text();
        card.with(|card| match card.as_ref().map(|card| card.state) {
            Some(CardState::Active) => text.card_active,
            Some(CardState::NotYetValid) => text.card_not_yet,
            Some(CardState::Ended) | None => text.card_ended,
        })
        .to_owned()
    };
    let validity = move || me.with(|me| me.value().and_then(|me| validity(me, language)).unwrap_or_default());
    view! {
        <section
            class="member-card"
            class:member-card--inactive=move || !active.get()
            data-testid="member-card"
            aria-label=move || product(me, language.locale())
        >
            <header class="member-card__head">
                <h1 class="member-card__product">{move || product(me, language.locale())}</h1>
                <p class="member-card__status" data-testid="member-status">{status}</p>
            </header>
            <p class="member-card__who" translate="no">
                <span class="member-card__name">{name}</span>
                <span class="member-card__number">{number}</span>
            </p>
            <PayoffMeter me today on_savings />
            <Show when=move || active.get()><ShowCode on_show_code /></Show>
            <p class="member-card__line" translate="no">{validity}</p>
        </section>
    }
}

#[component]
fn ShowCode(on_show_code: Callback<()>) -> impl IntoView {
    view! {
        <button
            class="button button--card"
            type="button"
            data-testid="code-open"
            on:click=move |_| on_show_code.run(())
        >
            <Icon glyph=Glyph::Qr />
            {message(|text| text.show_code)}
        </button>
    }
}

/// The programme's name in the current language.
fn product(me: Signal<Load<MeAnswer>>, locale: Locale) -> String {
    let name = me.with(|me| {
        let programme = &me.value()?.programme;
        let english = programme.name_en.clone().filter(|_| locale.is_english());
        Some(english.unwrap_or_else(|| programme.name.clone()))
    });
    name.unwrap_or_default()
}

/// The card's validity, for example `有效期至 2027年8月24日 · 上海 杭州 广州`. A card that ended with the programme shows
/// the programme's last day, not its own.
fn validity(me: &MeAnswer, language: Language) -> Option<String> {
    let (text, formats) = (language.text(), language.formats());
    let card = me.card.as_ref()?;
    let last_day = me.last_day()?;
    let dates = match card.state {
        CardState::NotYetValid => (text.card_valid_from)(&formats.date(card.valid_from)),
        CardState::Active => (text.card_valid_until)(&formats.date(last_day)),
        CardState::Ended => (text.card_ended_on)(&formats.date(last_day)),
    };
    let cities: Vec<&str> = card.cities.iter().map(|city| (text.city)(*city)).collect();
    Some(joined([dates, cities.join(" ")]))
}
