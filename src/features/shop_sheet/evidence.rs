//! The reasons for the curation, with dates, and the shop's redemption record. Every claim needs evidence.

use member_domain::{
    CivilDate,
    wire::{Curation, Note, Shop, Trust},
};

use crate::{
    i18n::Language,
    prelude::*,
    ui::{OutsideLink, fact, facts, line, section},
};

/// A date at least this many days ago is shown with its year.
const LONG_AGO: i64 = 300;

/// The curation reasons, or a note that none is published.
pub(super) fn why(shop: &Shop, today: Option<CivilDate>, language: Language) -> AnyView {
    let text = language.text();
    let mut children = match &shop.curation {
        None => vec![line("sheet-section__quiet", text.no_evidence.to_owned())],
        Some(curation) => reasons(curation, today, language),
    };
    if !shop.notes.is_empty() {
        children.push(notes(&shop.notes, language));
    }
    section("shop-why", text.why_heading, children)
}

fn reasons(curation: &Curation, today: Option<CivilDate>, language: Language) -> Vec<AnyView> {
    let text = language.text();
    let [of_notes, of_praise, of_visit, of_check] = text.evidence;
    let visit = curation.visited_on.map(|day| format_date(day, today, language));
    let visit = [visit, curation.visit.map(|visit| (text.visit)(visit).to_owned())];
    let visit = visit.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let evidence = [
        (of_notes, curation.note_count.map(|count| (text.note_count)(&language.formats().count(count)))),
        (of_praise, curation.praise.clone()),
        (of_visit, (!visit.is_empty()).then_some(visit)),
        (of_check, Some(format_date(curation.on, today, language))),
    ];
    let evidence = evidence.into_iter().filter_map(|(label, value)| value.map(|value| fact(label, value.into_any())));
    let reason = view! {
        <p class="shop-reason">
            <span class="badge">{text.curated}</span>
            <bdi>{curation.reason.clone()}</bdi>
        </p>
    };
    let mut children = vec![reason.into_any(), facts(evidence.collect())];
    if today.is_some_and(|today| curation.is_old(today)) {
        children.push(line("sheet-attention", text.evidence_old.to_owned()));
    }
    children
}

fn notes(notes: &[Note], language: Language) -> AnyView {
    let text = language.text();
    let link = |(index, note): (usize, &Note)| {
        let label = note.title.clone().filter(|title| !title.trim().is_empty());
        let label = label.unwrap_or_else(|| (text.note)(&language.formats().count(index + 1)));
        view! { <li><OutsideLink test_id="shop-note" url=note.url.clone() label /></li> }.into_any()
    };
    let links: Vec<AnyView> = notes.iter().enumerate().map(link).collect();
    view! {
        <h4 class="sheet-section__label">{text.notes}</h4>
        <ul class="shop-notes">{links}</ul>
    }
    .into_any()
}

/// The shop's redemption record.
pub(super) fn record(shop: &Shop, today: Option<CivilDate>, language: Language) -> AnyView {
    let (text, formats) = (language.text(), language.formats());
    let Trust { last_success_at, redemptions, failures, staff_tested_on, fails_often } = shop.trust;
    let all = redemptions.saturating_add(failures);
    let recent = (all > 0).then(|| (text.trust_record)(&formats.count(failures), &formats.count(all)));
    let last = last_success_at.map(|at| (text.trust_last)(&format_date(CivilDate::in_shanghai(at), today, language)));
    let none = (recent.is_none() && last.is_none()).then(|| text.trust_none.to_owned());
    let tested = staff_tested_on.map(|day| (text.trust_tested)(&format_date(day, today, language)));
    let mut children: Vec<AnyView> = [recent, last, none, tested]
        .into_iter()
        .flatten()
        .map(|sentence| line("sheet-section__line", sentence))
        .collect();
    if fails_often {
        children.push(line("sheet-attention", text.trust_demoted.to_owned()));
    }
    section("shop-trust", text.trust_heading, children)
}

/// Formats a date, with its year if the date is not recent.
fn format_date(day: CivilDate, today: Option<CivilDate>, language: Language) -> String {
    let recent = today.is_some_and(|today| (0..LONG_AGO).contains(&today.days_since(day)));
    if recent { language.formats().day(day) } else { language.formats().date(day) }
}
