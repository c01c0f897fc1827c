//! The top of the sheet: the shop and its discount.

use member_domain::{City, CivilDate, wire::Shop};

use super::has_left;
use crate::{api::ApiError, i18n::use_language, load::Load, prelude::*, ui::message};

/// Title and subtitle, and a note while offline.
#[component]
pub(super) fn Head(
    /// The shop's name, or the sheet's own title.
    title: Signal<String>,
    /// The shop the sheet is open for, if any.
    shop: Signal<Option<Load<Shop>>>,
    /// Today's date, if it is known.
    today: Memo<Option<CivilDate>>,
    /// The cities where the card works. Empty while unknown.
    cities: Signal<Vec<City>>,
    /// Whether the sheet shows a result, which says all that counts of the discount.
    result: Signal<bool>,
    /// Whether a code is shown while the backend is unreachable.
    offline: Signal<bool>,
) -> impl IntoView {
    let language = use_language();
    let subtitle = move || {
        let messages = language.text();
        match shop.get() {
            Some(Load::Ready { value, .. }) if has_left(&value, today.get()) => {
                (messages.shop_left)(&value.left_on.map(|day| language.formats().day(day)).unwrap_or_default())
            }
            Some(Load::Ready { value, .. })
                if cities.with(|cities| !cities.is_empty() && !cities.contains(&value.city)) =>
            {
                messages.shop_elsewhere.to_owned()
            }
            Some(Load::Ready { value, .. }) => {
                let formats = language.formats();
                let discount = formats.discount(value.discount_permille);
                match value.left_on {
                    Some(day) => (messages.shop_leaving)(&discount, &formats.day(day)),
                    None => discount,
                }
            }
            Some(Load::Failed(ApiError::Problem(_))) => messages.shop_unknown.to_owned(),
            Some(Load::Loading | Load::Failed(_)) | None => messages.code_subtitle.to_owned(),
        }
    };
    let subtitle_line = move || view! { <p class="code-sheet__subtitle">{subtitle}</p> };
    let offline_line = || view! { <p class="code-sheet__offline">{message(|text| text.code_offline)}</p> };
    view! {
        <header class="code-sheet__head">
            <h2 class="code-sheet__title" dir="auto">{title}</h2>
            <Show when=move || !result.get()>{subtitle_line()}</Show>
            <Show when=move || offline.get()>{offline_line()}</Show>
        </header>
    }
}
