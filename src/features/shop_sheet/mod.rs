//! The sheet of one shop: the saving, the curation reasons, the redemption record, and how to get there.

mod evidence;
mod head;
mod hours;
mod maps;
mod reach;
mod saving;

use member_domain::{
    CivilDate, Distance, UnixMillis,
    wire::{OpenState, ProblemKind, Shop},
};

pub(crate) use self::maps::map_links;
use self::{
    evidence::{record, why},
    head::Head,
    reach::{reach, redeeming},
    saving::saving,
};
use super::redemption_code::has_left;
use crate::{
    api::ApiError,
    i18n::{Language, use_language},
    load::Load,
    prelude::*,
    ui::{Failure, Model, SheetFrame, Stale, line, message},
};

/// The outcome of the sheet's last action.
#[derive(Clone, Debug, PartialEq, Eq)]
enum ActionOutcome {
    Nothing,
    /// The address is on the clipboard.
    Copied,
    /// The address could not be copied and is selected instead.
    Selected,
    /// The shop's link is on the clipboard.
    LinkCopied,
    /// The link could not be copied and is shown instead.
    Link(String),
}

/// The shop's sheet. Mounting it opens it. It shows the loaded data immediately. The full answer replaces it.
#[component]
pub fn ShopSheet(
    /// The shop, as far as it is loaded.
    #[prop(into)]
    shop: Signal<Option<Load<Shop>>>,
    /// The current instant.
    #[prop(into)]
    now: Signal<Option<UnixMillis>>,
    /// Distance to the shop, if the member's position is known.
    #[prop(into)]
    distance: Signal<Option<Distance>>,
    /// Whether the shop is a favourite.
    #[prop(into)]
    favourite: Signal<bool>,
    /// Whether the programme has ended. Then there are no codes.
    #[prop(into)]
    over: Signal<bool>,
    /// Runs when the member adds or removes the favourite.
    on_favourite: Callback<()>,
    /// Runs when the member opens the code for this shop.
    on_show_code: Callback<()>,
    /// Runs when the member taps the retry button.
    on_retry: Callback<()>,
    /// Runs when the member closes the sheet.
    on_close: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let known = Memo::new(move |_| shop.with(|shop| shop.as_ref().and_then(Load::value).cloned()));
    let error = Memo::new(move |_| match shop.get() {
        Some(Load::Failed(error)) => Some(error),
        _ => None,
    });
    let today = Memo::new(move |_| now.get().map(CivilDate::in_shanghai));
    let open = Memo::new(move |_| {
        let loaded = known.with(|shop| shop.as_ref().map_or(OpenState::Unknown, |shop| shop.open));
        now.get().map_or(loaded, |now| loaded.at(now))
    });
    let outcome = Model::new(ActionOutcome::Nothing);
    let title = move || known.with(|shop| shop.as_ref().map(|shop| shop.name.clone())).unwrap_or_default();
    let takes_part =
        move || !over.get() && known.with(|shop| shop.as_ref().is_some_and(|shop| !has_left(shop, today.get())));
    let body = move || match (known.get(), error.get()) {
        (Some(shop), _) => view! {
            <Head shop=shop.clone() open now today distance favourite outcome on_favourite />
            {sections(&shop, open, now, today.get(), over.get(), outcome, language)}
        }
        .into_any(),
        (None, Some(ApiError::Problem(ProblemKind::NotFound))) => {
            line("sheet-gone", language.text().no_such_shop.to_owned()).into_any()
        }
        (None, Some(error)) => view! { <Failure error on_retry /> }.into_any(),
        (None, None) => view! { <Skeleton /> }.into_any(),
    };
    let show_code = move || {
        view! {
            <div class="sheet-foot">
                <button
                    class="button button--primary"
                    type="button"
                    data-testid="shop-show-code"
                    on:click=move |_| on_show_code.run(())
                >
                    {message(|text| text.show_code_here)}
                </button>
            </div>
        }
    };
    let stale = move || shop.with(|shop| shop.as_ref().is_some_and(Load::is_stale));
    view! {
        <SheetFrame test_id="shop-sheet" label=Signal::derive(title) on_close>
            <div class="sheet-page">
                <Stale when=Signal::derive(stale) on_retry />
                {body}
            </div>
            <Show when=takes_part>{show_code()}</Show>
        </SheetFrame>
    }
}

fn sections(
    shop: &Shop,
    open: Memo<OpenState>,
    now: Signal<Option<UnixMillis>>,
    today: Option<CivilDate>,
    is_over: bool,
    outcome: Model<ActionOutcome>,
    language: Language,
) -> Vec<AnyView> {
    vec![
        saving(shop, is_over, language),
        why(shop, today, language),
        record(shop, today, language),
        reach(shop, open, now, today, outcome, language),
        redeeming(shop, language),
    ]
}

/// Reserves the head's space until the shop is loaded.
#[component]
fn Skeleton() -> impl IntoView {
    view! {
        <div class="sheet-skeleton" role="status" aria-busy="true" aria-label=message(|text| text.loading)>
            <i></i>
            <i></i>
            <i></i>
        </div>
    }
}
