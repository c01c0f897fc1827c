//! The demo's programmes, members, shops, past redemptions and refunds. Dates are relative to the day of
//! loading.

use std::{convert::Infallible, time::Duration};

use anyhow::{Context, bail};
use member_domain::{CivilDate, Fen, RefundRule, RefundState, UnixMillis, wire::Support};
use member_storage::{CURRENCY, Database, NewRefund, NewReport, ProgrammeRecord, ReportSource, SeedRedemption};

use super::announcement::announcement;
use crate::{
    clock::Clock,
    counter::pin::Pin,
    import::{import_members, import_shops},
    secret::refund_number,
};

const SHOPS: &[u8] = include_bytes!("shops.csv");
const MEMBERS: &str = include_str!("members.csv");
/// The PIN of every demo shop that takes one.
pub(super) const PIN: &str = "246810";
const PRICE: Fen = Fen(16_800);
const DAY: i64 = 86_400_000;

/// How many days ago the members' cards began.
const CARD_AGE: i64 = 90;

/// The last days of the two programmes that end, in days from today.
const ENDING_IN: i64 = 38;
const ENDED_SINCE: i64 = -12;
/// The day on which their end was announced, in days from today.
const ANNOUNCED_SINCE: i64 = -40;

/// The refunds: card, state, and the day on which the refund goes (or went) to the provider, in days from
/// today.
const REFUNDS: [(&str, RefundState, i64); 6] = [
    ("660187320591", RefundState::Scheduled, ENDING_IN + 1),
    ("660145907736", RefundState::Scheduled, 3),
    ("660130288164", RefundState::Processing, -4),
    ("660176613302", RefundState::Succeeded, -4),
    ("660198842015", RefundState::Abnormal, -4),
    ("660152079948", RefundState::Closed, -4),
];

/// Past redemptions: card, shop, bill in fen, days ago.
const PAST: [(&str, &str, i64, i64); 8] = [
    ("660123454827", "sh-wutongli-coffee", 8_400, 3),
    ("660123454827", "sh-laozaojian-noodles", 7_000, 12),
    ("660123454827", "sh-shengbo-theatre", 35_600, 26),
    ("660123454827", "sh-wutongli-coffee", 4_600, 40),
    ("660123454827", "sh-shengbo-theatre", 51_200, 61),
    ("660187320591", "sh-laozaojian-noodles", 12_600, 9),
    ("660176613302", "sh-wutongli-coffee", 26_000, 70),
    ("660198842015", "sh-laozaojian-noodles", 5_800, 82),
];

/// The shops' records at the counter: shop, redemptions, failures, and how many days ago staff scanned a test
/// code.
const RECORDS: [(&str, u32, u32, Option<i64>); 4] = [
    ("sh-liubai-goods", 2, 4, None),
    ("sh-yanxia-tea", 0, 0, Some(20)),
    ("sh-manye-books", 0, 0, Some(8)),
    ("hz-yujiekou-coffee", 0, 0, Some(3)),
];

/// Loads the demo data into an empty database, or moves a demo database to today. Refuses any other database.
pub(crate) async fn load(database: &Database, now: UnixMillis) -> anyhow::Result<()> {
    if !database.is_demo_or_empty().await? {
        bail!("this database holds real members: --demo needs one of its own, for example sqlite://demo.sqlite");
    }
    let today = CivilDate::in_shanghai(now);
    let day = database.demo_day().await?;
    database.mark_as_demo(day.unwrap_or(today), today).await?;
    for programme in programmes(today) {
        let before = day.and_then(|day| programmes(day).into_iter().find(|before| before.id == programme.id));
        put_unless_changed(database, programme, before, now).await?;
    }
    let shops = super::dates::brought_to(today, SHOPS).context("demo shops")?;
    import_shops(database, &shops).await.context("demo shops")?;
    put_pins(database, now).await?;
    import_members(database, members(today).as_bytes(), now).await.context("demo members")?;
    super::events::load(database, now).await?;
    for (index, (card, shop, bill, days_ago)) in PAST.into_iter().enumerate().rev() {
        let seed = SeedRedemption {
            id: format!("DEMO{index:08}"),
            shop_id: shop.to_owned(),
            card_number: card.to_owned(),
            bill: Fen(bill),
            redeemed_at: now.plus_millis(-days_ago * DAY),
        };
        database.seed_redemption(seed).await?;
    }
    for (shop, redemptions, failures, tested_ago) in RECORDS {
        let tested_at = tested_ago.map(|days| now.plus_millis(-days * DAY));
        database.seed_record(shop, redemptions, failures, tested_at, today).await?;
    }
    for (card, state, handed_over) in REFUNDS {
        bring_to(database, card, state, today.plus_days(handed_over), now).await?;
    }
    Ok(())
}

/// Moves the demo to each new day in Shanghai while the server runs, so that no demo data expires. Does
/// nothing with a manual clock: the test decides when its day ends.
pub(crate) async fn keep_up_to_date(database: Database, clock: Clock) {
    if matches!(clock, Clock::Manual(_)) {
        return;
    }
    // The day of the data, not of the clock: midnight may have passed since the data was loaded.
    let mut day = match database.demo_day().await {
        Ok(day) => day.unwrap_or_else(|| CivilDate::in_shanghai(clock.now())),
        Err(error) => return tracing::error!(%error, "cannot read the demo's day"),
    };
    loop {
        let midnight = day.plus_days(1).start_in_shanghai();
        let left = u64::try_from(midnight.millis_since(clock.now())).unwrap_or_default();
        // Sleeps a minute at most, to notice that the machine slept or that its clock was set.
        tokio::time::sleep(Duration::from_millis(left.min(60_000))).await;
        let now = clock.now();
        if CivilDate::in_shanghai(now) == day {
            continue;
        }
        match load(&database, now).await {
            Ok(()) => day = CivilDate::in_shanghai(now),
            Err(error) => tracing::error!(error = format!("{error:#}"), "cannot move the demo to the new day"),
        }
    }
}

fn programmes(today: CivilDate) -> [ProgrammeRecord; 3] {
    let support = Support { url: Some("https://card.example/help".to_owned()), phone: Some("400-555-0123".to_owned()) };
    [
        ("demo-running", None),
        ("demo-ending", Some(today.plus_days(ENDING_IN))),
        ("demo-ended", Some(today.plus_days(ENDED_SINCE))),
    ]
    .map(|(id, last_day)| ProgrammeRecord {
        id: id.to_owned(),
        name: "精选会员卡".to_owned(),
        name_en: Some("Curated Card".to_owned()),
        price: PRICE,
        refund_rule: RefundRule::Full,
        support: Some(support.clone()),
        last_day,
        announcement: last_day.map(|last_day| announcement(today.plus_days(ANNOUNCED_SINCE), last_day)),
    })
}

/// Writes the programme, unless it was changed since it was `before`. A user who tries out an announcement
/// must not lose it at midnight.
async fn put_unless_changed(
    database: &Database,
    programme: ProgrammeRecord,
    before: Option<ProgrammeRecord>,
    now: UnixMillis,
) -> anyhow::Result<()> {
    let id = programme.id.clone();
    let decide = move |current: Option<ProgrammeRecord>, _: bool| {
        let is_changed = before.is_some() && current.is_some() && current != before;
        Ok::<_, Infallible>((!is_changed).then(|| programme.clone()))
    };
    let Ok(_) = database.change_programme(id, now, decide).await?;
    Ok(())
}

/// Returns the members as CSV. On any day, their cards are in the middle of their year.
fn members(today: CivilDate) -> String {
    let year = format!("{},{}", today.plus_days(-CARD_AGE), today.plus_days(364 - CARD_AGE));
    let mut lines = MEMBERS.lines();
    let header = lines.next().map(|header| format!("{header},valid_from,valid_until\n")).unwrap_or_default();
    // A member without a card has no year either.
    lines.fold(header, |csv, line| csv + line + "," + if line.ends_with(',') { "," } else { &year } + "\n")
}

/// Gives the demo PIN to the shops that take a PIN and have none.
async fn put_pins(database: &Database, now: UnixMillis) -> anyhow::Result<()> {
    let shops = database.shops_without_pin().await?;
    if shops.is_empty() {
        return Ok(());
    }
    let pin = Pin::parse(PIN)?;
    let hash = tokio::task::spawn_blocking(move || pin.hash()).await?.map_err(anyhow::Error::msg)?;
    for shop in shops {
        database.put_pin(shop, hash.clone(), now).await?;
    }
    Ok(())
}

/// Schedules a card's refund and moves it on to `target`, unless the card already has a refund.
async fn bring_to(
    database: &Database,
    card: &str,
    target: RefundState,
    handed_over: CivilDate,
    now: UnixMillis,
) -> anyhow::Result<()> {
    let refund = NewRefund {
        id: refund_number(),
        card_number: card.to_owned(),
        amount: PRICE,
        rule: RefundRule::Full,
        channel: "wechat-pay".to_owned(),
        estimate_working_days: Some(3),
        scheduled_for: Some(handed_over),
        at: now.plus_millis(-11 * DAY),
    };
    let refund_id = refund.id.clone();
    if !database.schedule_refund(refund).await? || target == RefundState::Scheduled {
        return Ok(());
    }
    let mut path = vec![(RefundState::Processing, handed_over.start_in_shanghai().plus_millis(10 * DAY / 24))];
    if target != RefundState::Processing {
        path.push((target, now.plus_millis(-DAY)));
    }
    for (state, at) in path {
        let report = NewReport {
            id: format!("demo-{refund_id}-{}", state.as_str()),
            content_hash: Vec::new(),
            refund_id: refund_id.clone(),
            source: ReportSource::Operator,
            state,
            amount: PRICE,
            currency: CURRENCY.to_owned(),
            provider_reference: Some(format!("5030{card}")),
            occurred_at: at,
            received_at: at,
        };
        database.report_refund(report).await?.context("the refund was just scheduled")?;
    }
    Ok(())
}
