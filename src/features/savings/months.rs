//! The card's savings by month.

use member_domain::{
    CivilDate, Fen,
    wire::{MeAnswer, PayoffMonth},
};

use crate::{i18n::Language, prelude::*, ui::section};

/// The most months shown. A one-year card starts and ends in the same calendar month, so it needs 13.
const SHOWN: usize = 13;

/// One bar per month, from the card's first month to the current or last one, including months without
/// redemptions.
pub(super) fn months(me: &MeAnswer, today: CivilDate, language: Language) -> AnyView {
    let (Some(payoff), Some(card), Some(last_day)) = (&me.payoff, &me.card, me.last_day()) else {
        return ().into_any();
    };
    if payoff.months.is_empty() {
        return ().into_any();
    }
    let months = visible_months(&payoff.months, card.valid_from, today.min(last_day));
    let most = months.iter().map(|month| month.saved_fen.0).max().unwrap_or_default().max(1);
    let mut year = None;
    let bars = months.into_iter().map(|month| {
        // The first month of a year shows the year, because a month's name may appear twice.
        let begins = year != Some(month.month.year());
        year = Some(month.month.year());
        bar(&month, most, begins, language)
    });
    let bars: Vec<AnyView> = bars.collect();
    let chart = view! { <ol class="savings-months">{bars}</ol> };
    section("savings-months", language.text().savings_by_month, vec![chart.into_any()])
}

/// The months from `first_day` to `last_day`, extended by earlier or later months with redemptions. If there
/// are too many, the last ones.
fn visible_months(known: &[PayoffMonth], first_day: CivilDate, last_day: CivilDate) -> Vec<PayoffMonth> {
    let first = known.first().map_or(first_day, |month| month.month.min(first_day)).first_of_month_before(0);
    let last = known.last().map_or(last_day, |month| month.month.max(last_day)).first_of_month_before(0);
    let months = (0..SHOWN).filter_map(|back| u16::try_from(back).ok()).map(|back| last.first_of_month_before(back));
    let mut months: Vec<PayoffMonth> = months
        .take_while(|month| *month >= first)
        .map(|month| {
            let saved = known.iter().find(|known| known.month == month).cloned();
            saved.unwrap_or(PayoffMonth { month, saved_fen: Fen(0), redemptions: 0 })
        })
        .collect();
    months.reverse();
    months
}

fn bar(month: &PayoffMonth, most: i64, with_year: bool, language: Language) -> AnyView {
    let formats = language.formats();
    let name = if with_year { formats.month_and_year(month.month) } else { formats.month(month.month) };
    let share = month.saved_fen.0.saturating_mul(100) / most;
    let amount = if month.redemptions == 0 { "–".to_owned() } else { formats.money(month.saved_fen) };
    view! {
        <li class="savings-month">
            <span class="savings-month__name" translate="no">{name}</span>
            <span class="savings-month__track" aria-hidden="true">
                <i style:width=move || format!("{share}%")></i>
            </span>
            <span class="savings-month__amount" translate="no">{amount}</span>
        </li>
    }
    .into_any()
}
