//! The demo's members-only events, and the guests who are signed up for them.

use anyhow::Context;
use member_domain::{CivilDate, UnixMillis};
use member_storage::Database;

use crate::import::{import_events, import_members};

/// `{N}` stands for the day N days from today.
const EVENTS: &str = include_str!("events.csv");
/// The largest N in [`EVENTS`].
const LAST_DAY: i64 = 30;

/// Invented members who only fill seats. They have no card, and nobody signs in as one of them.
const GUESTS: [&str; 9] = ["苏砚", "何见山", "白露生", "秦小满", "陆观潮", "温如许", "方知秋", "宋一苇", "邵明川"];

/// The number of guests of each event. The first event is full and three guests wait; the second has two
/// seats left.
const SIGNED_UP: [(&str, usize); 4] =
    [("sh-shengbo-night", 9), ("sh-handdrip-class", 6), ("hz-tea-hill", 4), ("gz-dimsum-kitchen", 7)];

/// Loads the events, or moves the events of an earlier day to today. Sign-ups stay unchanged.
pub(super) async fn load(database: &Database, now: UnixMillis) -> anyhow::Result<()> {
    let today = CivilDate::in_shanghai(now);
    let csv = (1..=LAST_DAY)
        .fold(EVENTS.to_owned(), |csv, days| csv.replace(&format!("{{{days}}}"), &today.plus_days(days).to_string()));
    import_events(database, csv.as_bytes(), now, false).await.context("demo events")?;
    let guests = (1..).zip(GUESTS).map(|(number, name)| format!("demo-guest-{number},{name}\n"));
    let guests = guests.fold("id,name\n".to_owned(), |csv, line| csv + &line);
    import_members(database, guests.as_bytes(), now).await.context("demo guests")?;
    for (event, count) in SIGNED_UP {
        let members = (1..=count).map(|number| format!("demo-guest-{number}")).collect();
        database.seed_sign_ups(event.to_owned(), members, now).await?;
    }
    Ok(())
}
