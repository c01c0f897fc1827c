//! Rivals of one guard, at two servers on one database. The races for a code, a redemption, a pairing code, a
//! seat and a shop's PIN are tested through HTTP, in `crates/server/tests/server`.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use futures_util::future::join_all;
use member_domain::{
    CallerId, CivilDate, CredentialNumber, Fen, RedeemedBy, RedemptionCode, RefundRule, RefundState, Refusal,
    TokenHash, TotpPeriod, UnixMillis, wire::FavouriteChange,
};
use rusqlite::{Connection, types::FromSql};
use tempfile::TempDir;

use crate::{
    AttemptRecord, BatchStep, CURRENCY, Database, NewCredential, NewRefund, NewReport, PinTry, ProgrammeRecord,
    RefundPlan, ReportSource, ShopRules, TestScan,
};

const NOW: UnixMillis = UnixMillis(1_795_147_210_000);
/// The number of rivals, and of members and shops.
const RIVALS: u8 = 16;

/// Two servers on one database.
struct Servers {
    databases: [Database; 2],
    connection: Connection,
    _directory: TempDir,
}

impl Servers {
    /// Starts them with a programme, and with members `m0` and so on, their cards, and shops `s0` and so on.
    fn start() -> Self {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("members.sqlite");
        let databases = [(); 2].map(|()| Database::open(&path, ShopRules::NONE).unwrap());
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch(
                "INSERT INTO programmes (id, name, price_fen, last_day, created_at)
                 VALUES ('p', '卡', 16800, '2026-12-31', 1);",
            )
            .unwrap();
        for number in 0..RIVALS {
            let (member, shop) = (member(number), shop(number));
            let run = |sql: &str, id: &str| connection.execute(sql, (id, &card(number))).unwrap();
            run("INSERT INTO members (id, name, created_at) VALUES (?1, ?2, 1)", &member);
            run(
                "INSERT INTO cards (number, member_id, programme_id, valid_from, valid_until, cities, paid_fen)
                 VALUES (?2, ?1, 'p', '2026-01-01', '2027-12-31', 'shanghai', 16800)",
                &member,
            );
            run(
                "INSERT INTO shops (id, name, category, city, lat, lng, coord_system, wgs84_lat, wgs84_lng,
                                    discount_permille, redeem_methods)
                 VALUES (?1, ?2, 'cafe', 'shanghai', 31.2, 121.4, 'wgs84', 31.2, 121.4, 100, 'shop-pin')",
                &shop,
            );
            run("INSERT INTO shop_pins (shop_id, pin_hash, set_at) VALUES (?1, ?2, 1)", &shop);
        }
        Self { databases, connection, _directory: directory }
    }

    /// Lets all rivals call at once, alternating between the servers. Returns their answers in order.
    async fn race<T, F>(&self, call: impl Fn(Database, u8) -> F) -> Vec<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let servers = self.databases.iter().cycle();
        let calls = (0..RIVALS).zip(servers).map(|(number, server)| tokio::spawn(call(server.clone(), number)));
        // Collected first, so that all calls run before the first is awaited.
        let calls: Vec<_> = calls.collect();
        join_all(calls).await.into_iter().map(Result::unwrap).collect()
    }

    fn one<T: FromSql>(&self, sql: &str) -> T {
        self.connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

fn member(number: u8) -> String {
    format!("m{number}")
}

fn shop(number: u8) -> String {
    format!("s{number}")
}

fn card(number: u8) -> String {
    format!("{number:012}")
}

fn caller(number: u8) -> CallerId {
    CallerId([number; 32])
}

fn refund(number: u8) -> NewRefund {
    NewRefund {
        id: format!("RF{number}"),
        card_number: card(number),
        amount: Fen(16_800),
        rule: RefundRule::Full,
        channel: "wechat-pay".to_owned(),
        estimate_working_days: None,
        scheduled_for: None,
        at: NOW,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_code_works_for_one_phone() {
    let servers = Servers::start();
    let code: RedemptionCode = "66000000000012345678".parse().unwrap();
    servers.databases[0].put_test_code(code.clone(), shop(0), NOW).await.unwrap();
    let scans = servers
        .race(|server, number| {
            let code = code.clone();
            async move { server.scan_test_code(TokenHash([number; 32]), shop(0), code, NOW).await.unwrap() }
        })
        .await;
    let worked = scans.iter().filter(|scan| matches!(scan, TestScan::Worked(_))).count();
    let used = scans.iter().filter(|scan| matches!(scan, TestScan::Refused(Refusal::CodeUsed))).count();
    assert_eq!((worked, used), (1, usize::from(RIVALS) - 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_that_add_favourites_at_once_lose_none() {
    let servers = Servers::start();
    servers
        .race(|server, number| async move {
            let change = FavouriteChange { shop_id: shop(number), is_favourite: true };
            server.change_favourites(member(0), vec![change], 100).await.unwrap().unwrap()
        })
        .await;
    assert_eq!(servers.databases[0].favourites(member(0)).await.unwrap().len(), usize::from(RIVALS));
    // At most `most` favourites, whoever adds them.
    let lists = servers
        .race(|server, number| async move {
            let change = FavouriteChange { shop_id: shop(number), is_favourite: true };
            server.change_favourites(member(1), vec![change], 5).await.unwrap()
        })
        .await;
    assert_eq!(lists.iter().flatten().count(), 5);
    assert_eq!(servers.databases[1].favourites(member(1)).await.unwrap().len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_devices_that_enrol_at_once_the_last_has_the_card() {
    let servers = Servers::start();
    let enrolled = servers
        .race(|server, number| async move {
            let credential = NewCredential {
                number: CredentialNumber::from_value(number.into()).unwrap(),
                key: [number; 32],
                period: TotpPeriod::DEFAULT,
                expires_at: UnixMillis(i64::MAX),
            };
            server.put_credential(card(0), credential, NOW).await.unwrap()
        })
        .await;
    assert!(enrolled.iter().all(|enrolled| *enrolled));
    let sql = "SELECT COUNT(*) FROM credentials WHERE ended_at IS NULL";
    assert_eq!(servers.one::<i64>(sql), 1);
    // Each device was notified of its successor.
    assert_eq!(servers.one::<i64>("SELECT COUNT(*) FROM changes WHERE kind = 'credential'"), i64::from(RIVALS));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_a_phone_loads_many_times_records_its_scan_once() {
    let servers = Servers::start();
    servers
        .race(|server, _| async move {
            let scan = AttemptRecord::new(NOW, shop(0), RedeemedBy::Phone, caller(1), "invalid-request");
            server.record_unreadable_scan(scan, "123".to_owned()).await.unwrap();
        })
        .await;
    assert_eq!(servers.one::<i64>("SELECT COUNT(*) FROM attempts"), 1);
    assert_eq!(servers.one::<i64>("SELECT SUM(failures) FROM shop_days"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pins_are_compared_as_often_as_a_shop_and_a_member_have_tries() {
    let granted = |tries: &[PinTry]| tries.iter().filter(|answer| matches!(answer, PinTry::Granted { .. })).count();
    let servers = Servers::start();
    let at_one_shop = servers
        .race(|server, number| async move {
            server.begin_pin_try(shop(0), member(number), caller(number), NOW).await.unwrap()
        })
        .await;
    assert_eq!(granted(&at_one_shop), 5, "{at_one_shop:?}");
    let servers = Servers::start();
    let by_one_member =
        servers
            .race(|server, number| async move {
                server.begin_pin_try(shop(number), member(0), caller(0), NOW).await.unwrap()
            })
            .await;
    assert_eq!(granted(&by_one_member), 10, "{by_one_member:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_gets_one_refund() {
    let servers = Servers::start();
    let scheduled = servers
        .race(|server, number| async move {
            let refund = NewRefund { card_number: card(0), ..refund(number) };
            server.schedule_refund(refund).await.unwrap()
        })
        .await;
    assert_eq!(scheduled.iter().filter(|scheduled| **scheduled).count(), 1);
    assert_eq!(servers.one::<i64>("SELECT COUNT(*) FROM changes WHERE kind = 'refund'"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_about_one_refund_at_once_miss_none() {
    let servers = Servers::start();
    for number in 0..RIVALS / 2 {
        servers.databases[0].schedule_refund(refund(number)).await.unwrap();
    }
    // The two rivals of a refund are at different servers.
    servers
        .race(|server, number| async move {
            let state = if number % 2 == 0 { RefundState::Processing } else { RefundState::Succeeded };
            let report = NewReport {
                id: format!("report-{number}"),
                content_hash: vec![number],
                refund_id: refund(number / 2).id,
                source: ReportSource::Provider,
                state,
                amount: Fen(16_800),
                currency: CURRENCY.to_owned(),
                provider_reference: None,
                occurred_at: NOW.plus_millis(i64::from(number % 2)),
                received_at: NOW,
            };
            server.report_refund(report).await.unwrap().unwrap()
        })
        .await;
    let of_fate =
        |fate: &str| servers.one::<i64>(&format!("SELECT COUNT(*) FROM refund_reports WHERE fate = '{fate}'"));
    assert_eq!(of_fate("step"), i64::from(RIVALS));
    let succeeded = servers.one::<i64>("SELECT COUNT(*) FROM refunds WHERE state = 'succeeded'");
    assert_eq!(succeeded, i64::from(RIVALS / 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_changes_before_all_refunds_or_not_at_all() {
    let last_day: CivilDate = "2026-12-31".parse().unwrap();
    let servers = Servers::start();
    let changed = servers
        .race(|server, number| async move {
            if number == RIVALS / 2 {
                let decide = |current: Option<ProgrammeRecord>, has_refunds| {
                    let current = current.ok_or("no programme")?;
                    let changed = ProgrammeRecord { refund_rule: RefundRule::ProRata, ..current };
                    if has_refunds { Err("refunds") } else { Ok(Some(changed)) }
                };
                return server.change_programme("p".to_owned(), NOW, decide).await.unwrap().is_ok();
            }
            let plan = RefundPlan {
                programme_id: "p".to_owned(),
                rule: RefundRule::Full,
                last_day,
                announced: last_day,
                scheduled_for: None,
                estimate_working_days: None,
                at: NOW,
                dry_run: false,
            };
            let number_of = [|_| "RF0".to_owned(), |_| "RF1".to_owned(), |_| "RF2".to_owned(), |_| "RF3".to_owned()];
            let (after, new_number) = (number % 4, number_of[usize::from(number % 4)]);
            let step = server.schedule_batch(plan, Some(card(after)), 1, new_number).await.unwrap();
            assert!(!matches!(step, BatchStep::End));
            false
        })
        .await;
    let refunds = servers.one::<i64>("SELECT COUNT(*) FROM refunds WHERE rule = 'full'");
    if changed.contains(&true) {
        assert_eq!(refunds, 0);
    } else {
        assert_eq!(refunds, 4);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_at_once_are_all_counted_and_judged() {
    let servers = Servers::start();
    let today = CivilDate::in_shanghai(NOW);
    servers
        .race(|server, number| async move {
            if number % 4 == 3 {
                server.sweep_trust(today).await.unwrap();
            } else {
                let failed = AttemptRecord::new(NOW, shop(0), RedeemedBy::Till, caller(number), "code-unknown");
                server.record_attempts(vec![failed]).await.unwrap();
            }
        })
        .await;
    assert_eq!(servers.one::<i64>("SELECT SUM(failures) FROM shop_days"), i64::from(RIVALS) * 3 / 4);
    assert!(servers.one::<bool>("SELECT fails_often FROM shops WHERE id = 's0'"));
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_that_are_added_at_once_add_up() {
    let servers = Servers::start();
    servers
        .race(|server, number| async move {
            let mut counts = vec![("img-src", 1), ("script-src", 2)];
            if number % 4 < 2 {
                counts.reverse();
            }
            server.count_security_reports(NOW, counts).await.unwrap();
        })
        .await;
    let counts = servers.databases[0].security_reports(None).await.unwrap();
    let reports: Vec<i64> = counts.iter().map(|count| count.reports).collect();
    assert_eq!(reports, [i64::from(RIVALS), 2 * i64::from(RIVALS)]);
}
