//! The shop's ways to redeem: one is selected and explained in three steps. Turned to the cashier, the steps
//! are large and in both languages, whatever language the member uses.

use member_domain::{RedeemMethod, wire::LedgerEntry};
use page_core::code_sheet::first_way;

use super::shop_context::ShopContext;
use crate::{
    i18n::{Locale, use_language},
    prelude::*,
    ui::message,
};

/// The selected way to redeem.
#[derive(Clone, Copy)]
pub(super) struct WayState {
    /// The selected way with a code, if the shop has any.
    pub(super) chosen: RwSignal<Option<RedeemMethod>>,
    /// Whether the form for the shop's PIN is selected instead.
    pub(super) pin_open: RwSignal<bool>,
}

/// Selects the shop's first way when the shop becomes known, and reports the way by which a redemption succeeded.
pub(super) fn use_ways(
    place: ShopContext,
    worked: Signal<Option<RedeemMethod>>,
    result: Signal<Option<LedgerEntry>>,
    on_worked: Callback<RedeemMethod>,
) -> WayState {
    let (chosen, pin_open) = (RwSignal::new(None), RwSignal::new(false));
    Effect::new(move |_| {
        let methods = place.methods.get();
        // The code that reads it comes with the code that reads shops.
        let worked = if methods.is_empty() { None } else { worked.get_untracked() };
        let first = first_way(&methods, worked);
        chosen.set(first_way(&with_code(methods), first));
        pin_open.set(first == Some(RedeemMethod::ShopPin));
    });
    Effect::new(move |_| {
        let here = place.known.with(|shop| shop.as_ref().map(|shop| shop.id.clone()));
        let is_here = |entry: &LedgerEntry| entry.cancelled_at.is_none() && Some(&entry.shop_id) == here.as_ref();
        if result.with(|result| result.as_ref().is_some_and(is_here)) {
            let by_pin = pin_open.get_untracked().then_some(RedeemMethod::ShopPin);
            if let Some(method) = by_pin.or(chosen.get_untracked()) {
                on_worked.run(method);
            }
        }
    });
    WayState { chosen, pin_open }
}

/// The ways that need a code. The PIN has a form of its own.
pub(super) fn with_code(mut methods: Vec<RedeemMethod>) -> Vec<RedeemMethod> {
    methods.retain(|method| *method != RedeemMethod::ShopPin);
    methods
}

/// The ways to redeem and the steps of the selected one.
#[component]
pub(super) fn Ways(
    /// The shop's ways, best first. Empty without a shop.
    methods: Vec<RedeemMethod>,
    /// The selected way.
    chosen: Signal<Option<RedeemMethod>>,
    /// Whether the sheet faces the cashier.
    turned: Signal<bool>,
    /// Runs when another way is selected.
    on_choose: Callback<RedeemMethod>,
) -> impl IntoView {
    let language = use_language();
    let several = methods.len() > 1;
    let step = move |index: usize| {
        move || {
            let method = chosen.get();
            if turned.get() {
                let of = |locale: Locale| (locale.messages().staff_steps)(method)[index];
                view! {
                    <span lang=Locale::ZhHans.tag()>{of(Locale::ZhHans)}</span>
                    <span class="code-steps__second" lang=Locale::En.tag()>
                        {of(Locale::En)}
                    </span>
                }
                .into_any()
            } else {
                (language.text().staff_steps)(method)[index].into_any()
            }
        }
    };
    let chips = move || {
        let chip = |method: RedeemMethod| {
            let pressed = move || (chosen.get() == Some(method)).to_string();
            view! {
                <button
                    class="chip"
                    type="button"
                    aria-pressed=pressed
                    on:click=move |_| on_choose.run(method)
                >
                    {move || (language.text().method)(method).to_owned()}
                </button>
            }
            .into_any()
        };
        let chips: Vec<AnyView> = methods.iter().copied().map(chip).collect();
        view! {
            <div class="code-ways" role="group" aria-label=message(|text| text.methods)>
                {chips}
            </div>
        }
    };
    view! {
        <Show when=move || several && !turned.get()>{chips()}</Show>
        <ol class="code-steps" data-testid="code-steps" class:code-steps--large=move || turned.get()>
            <li><div>{step(0)}</div></li>
            <li><div>{step(1)}</div></li>
            <li><div>{step(2)}</div></li>
        </ol>
    }
}
