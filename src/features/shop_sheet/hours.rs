//! A week's opening hours, or the shop's own text if it cannot be parsed. Nothing is guessed.

use member_domain::{
    CivilDate, UnixMillis,
    wire::{OpenDay, OpenSpan, OpenState, Shop},
};

use crate::{i18n::Language, prelude::*, ui::line};

const DAY_MILLIS: i64 = 86_400_000;

/// The opening hours, if published.
pub(super) fn hours(
    shop: &Shop,
    open: Memo<OpenState>,
    now: Signal<Option<UnixMillis>>,
    today: Option<CivilDate>,
    language: Language,
) -> Option<AnyView> {
    let content = if let Some(spans) = daily_hours(&shop.week, language) {
        vec![line("shop-week__daily", (language.text().every_day)(&spans))]
    } else if !shop.week.is_empty() {
        shop.week.iter().map(|day| row(day, today, language)).collect()
    } else if shop.open == OpenState::Unknown {
        let written = shop.opening_hours.clone()?;
        let as_written = language.text().hours_as_written.to_owned();
        vec![line("shop-week__written", written), line("shop-week__note", as_written)]
    } else {
        // The hours can be parsed, because there is an opening state. The week arrives with the full answer.
        let state = move || language.open_state(open.get(), now.get());
        // Hours that name no single day take one line.
        let is_daily = shop.opening_hours.as_deref().is_some_and(|hours| !hours.contains([';', '周', '；']));
        let class = if is_daily { "shop-week__daily" } else { "shop-week__state" };
        vec![view! { <p class=class>{state}</p> }.into_any()]
    };
    Some(view! { <div class="shop-week" data-testid="shop-week">{content}</div> }.into_any())
}

/// The hours of a day, if all seven days have the same.
fn daily_hours(week: &[OpenDay], language: Language) -> Option<String> {
    let of_day = |day: &OpenDay| day.spans.iter().map(|span| format_span(*span, language)).collect::<Vec<_>>();
    let first = of_day(week.first()?);
    let is_same = week.len() == 7 && !first.is_empty() && week.iter().all(|day| of_day(day) == first);
    is_same.then(|| first.join(" · "))
}

fn row(day: &OpenDay, today: Option<CivilDate>, language: Language) -> AnyView {
    let text = language.text();
    let is_today = today == Some(day.date);
    let name = if is_today { text.today.to_owned() } else { language.formats().weekday(day.date) };
    let spans: Vec<String> = day.spans.iter().map(|span| format_span(*span, language)).collect();
    let spans = if spans.is_empty() { text.closed_all_day.to_owned() } else { spans.join(" · ") };
    view! {
        <p class="shop-week__day" class:shop-week__day--today=is_today aria-current=is_today.then_some("date")>
            <span>{name}</span>
            <span>{spans}</span>
        </p>
    }
    .into_any()
}

/// Formats a span, for example `11:00–19:00`.
fn format_span(span: OpenSpan, language: Language) -> String {
    if span.until.millis_since(span.from) >= DAY_MILLIS {
        return language.text().open_all_day.to_owned();
    }
    let formats = language.formats();
    format!("{}–{}", formats.time(span.from), formats.time(span.until))
}
