//! The remaining time of the code on screen: a ring and seconds.

use member_domain::{TimeStep, TotpPeriod, UnixMillis};

use crate::{i18n::use_language, prelude::*, ui::message};

/// Circumference of the ring, in its own units.
const RING: i64 = 100;

/// The ring and the seconds. Not a live region: a screen reader would speak every second.
#[component]
pub(super) fn Countdown(
    /// The current instant.
    now: Signal<Option<UnixMillis>>,
    /// The current step.
    step: Memo<Option<TimeStep>>,
    /// Length of a step.
    period: TotpPeriod,
) -> impl IntoView {
    let language = use_language();
    let left_millis = move || Some(step.get()?.end(period).millis_since(now.get()?).max(0));
    let format_seconds = move |millis: i64| {
        let count = language.formats().count((millis + 999) / 1000).padded_to(2);
        (language.text().code_next_in)(&count)
    };
    let seconds = move || left_millis().map(format_seconds).unwrap_or_default();
    // A code shown ahead of its step has more time left than the ring can show.
    let offset = move || (RING - RING * left_millis().unwrap_or(0).min(period.millis()) / period.millis()).to_string();
    view! {
        <p class="code-countdown" data-testid="code-countdown">
            <svg class="code-countdown__ring" viewBox="0 0 36 36" aria-hidden="true">
                <circle cx="18" cy="18" r="15.9155" pathLength="100" />
                <circle cx="18" cy="18" r="15.9155" pathLength="100" style:stroke-dashoffset=offset />
            </svg>
            <span>
                <span translate="no">{seconds}</span>
                " · "
                {message(|text| text.code_single_use)}
            </span>
        </p>
    }
}
