//! The shop's ways to redeem: one is selected and explained in three steps. Turned to the cashier, the steps
//! are large and in both languages, whatever language the member uses.

use member_domain::RedeemMethod;

use crate::{
    i18n::{Locale, use_language},
    prelude::*,
    ui::message,
};

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
