//! Whether a shop is open, from opening hours in OpenStreetMap's syntax. All three cities are in Asia/Shanghai; public
//! holidays are China's. What cannot be read is unknown, never guessed.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDateTime, TimeDelta};
use member_domain::{UnixMillis, wire::OpenState};
use opening_hours::{Context, ContextHolidays, OpeningHours, RuleKind, localization::Country};

/// Unpacked once; it takes milliseconds.
static HOLIDAYS: LazyLock<ContextHolidays> = LazyLock::new(|| Country::CN.holidays());

const SHANGHAI_OFFSET: TimeDelta = TimeDelta::hours(8);

/// Whether `hours` can be read.
pub(crate) fn is_readable(hours: &str) -> bool {
    hours.parse::<OpeningHours>().is_ok()
}

/// The state at `now` and when it changes.
pub(crate) fn open_state(hours: Option<&str>, now: UnixMillis) -> OpenState {
    let parsed = hours.and_then(|hours| hours.parse::<OpeningHours>().ok());
    let (Some(hours), Some(local)) = (parsed, to_local(now)) else {
        return OpenState::Unknown;
    };
    let hours = hours.with_context(Context::default().with_holidays(HOLIDAYS.clone()));
    let until = hours.next_change(local).and_then(to_instant);
    match hours.state(local).0 {
        RuleKind::Open => OpenState::Open { until },
        RuleKind::Closed => OpenState::Closed { until },
        RuleKind::Unknown => OpenState::Unknown,
    }
}

fn to_local(instant: UnixMillis) -> Option<NaiveDateTime> {
    DateTime::from_timestamp_millis(instant.0).map(|utc| utc.naive_utc() + SHANGHAI_OFFSET)
}

fn to_instant(local: NaiveDateTime) -> Option<UnixMillis> {
    local.checked_sub_signed(SHANGHAI_OFFSET).map(|utc| UnixMillis(utc.and_utc().timestamp_millis()))
}
