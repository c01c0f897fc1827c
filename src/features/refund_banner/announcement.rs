//! The operator's announcement, in full and as plain text.

use member_domain::wire::Announcement;

use crate::{
    i18n::{Language, Locale},
    prelude::*,
};

/// The announcement with its date, in the page's language if the operator supplied it, otherwise in Chinese.
pub(super) fn announcement(announcement: &Announcement, language: Language) -> AnyView {
    let english = announcement.text_en.clone().filter(|_| language.locale().is_english());
    let (locale, body) = match english {
        Some(english) => (Locale::En, english),
        None => (Locale::ZhHans, announcement.text.clone()),
    };
    view! {
        <section class="announcement" data-testid="announcement">
            <h3 class="refund-timeline__heading">
                {language.text().announcement} <time translate="no">{language.formats().date(announcement.dated)}</time>
            </h3>
            <p class="announcement__text" lang=locale.tag() dir="auto">
                {body}
            </p>
        </section>
    }
    .into_any()
}
