//! Reminders: one line for each date that is near. They do not repeat the banner, which counts the card's
//! last days and says if a refund needs the member.

use member_domain::{
    CivilDate, Reminder, reminders,
    wire::{MeAnswer, MemberEventList},
};

use super::refund_banner::counts_down;
use crate::{
    i18n::{Language, use_language},
    load::Load,
    prelude::*,
    ui::{Glyph, Icon},
};

/// The lines below the banner. Empty if there is nothing to remind of or today is unknown.
#[component]
pub fn Reminders(
    /// The member's state, derived for today.
    #[prop(into)]
    me: Signal<Load<MeAnswer>>,
    /// The members-only events.
    #[prop(into)]
    events: Signal<Load<MemberEventList>>,
    /// Today's date in Asia/Shanghai, once it is known.
    #[prop(into)]
    today: Signal<Option<CivilDate>>,
    /// Runs with an event's id when the member taps its line.
    on_event: Callback<String>,
) -> impl IntoView {
    let language = use_language();
    let due = Memo::new(move |_| {
        let Some(today) = today.get() else { return Vec::new() };
        let events = events.with(|events| events.value().map(|list| list.events.clone())).unwrap_or_default();
        me.with(|me| me.value().map(|me| due(me, &events, today))).unwrap_or_default()
    });
    move || {
        let lines: Vec<_> = due.get().into_iter().map(|reminder| line(reminder, on_event, language)).collect();
        if lines.is_empty() {
            return ().into_any();
        }
        view! {
            <ul class="reminders" data-testid="reminders" aria-label=language.text().reminders>
                {lines}
            </ul>
        }
        .into_any()
    }
}

fn due(me: &MeAnswer, events: &[member_domain::wire::MemberEvent], today: CivilDate) -> Vec<Reminder> {
    let mut due = reminders(me, events, today);
    if counts_down(me) {
        due.retain(|reminder| !matches!(reminder, Reminder::CardEnds { .. }));
    }
    due
}

fn line(reminder: Reminder, on_event: Callback<String>, language: Language) -> AnyView {
    let text = language.text();
    let content = match reminder {
        Reminder::CardEnds { days, last_day } => {
            let formats = language.formats();
            let sentence = (text.card_ends)(&formats.count(days), &formats.day(last_day));
            view! { <span class="reminder__line">{sentence}</span> }.into_any()
        }
        Reminder::Event { id, title, tomorrow } => {
            let sentence = (text.event_due)(&title, tomorrow);
            view! {
                <button class="reminder__line" type="button" on:click=move |_| on_event.run(id.clone())>
                    <span dir="auto">{sentence}</span>
                    <span class="reminder__more"><Icon glyph=Glyph::Chevron /></span>
                </button>
            }
            .into_any()
        }
    };
    view! { <li class="reminder" data-testid="reminder">{content}</li> }.into_any()
}
