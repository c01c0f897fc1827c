//! A shop's report on its redemptions: the page and the CSV.

use crate::support::{
    Answer, TestApp, noon,
    staff::{Phone, sql},
};
use member_domain::UnixMillis;
use member_storage::cells;

const SHOPS: &str = "id,name,category,city,lng,lat,coord_system,discount_permille\n\
                     sh,上海店,coffee,shanghai,121.4,31.2,gcj02,100\n\
                     gz,广州店,coffee,guangzhou,113.3,23.1,gcj02,100\n";
const HEAD: &str = "\u{feff}period,redemptions,bill_fen,saved_fen,first_time_members\n";

/// A server with two shops and three cards, and a paired phone of the first shop.
async fn shop() -> TestApp {
    let app = TestApp::with_shops(SHOPS).await;
    app.operator(&["programme", "put", "--id", "p", "--name", "卡", "--price-fen", "16800"]);
    let members = "id,name,card_number,programme\n\
                   m1,一,000000000001,p\nm2,二,000000000002,p\nm3,三,000000000003,p\n";
    member_server::import_members(&app.database, members.as_bytes(), noon()).await.unwrap();
    app
}

/// A past redemption. With `cancelled` it was cancelled.
struct Past {
    shop: &'static str,
    card: u8,
    at: UnixMillis,
    bill: i64,
    cancelled: bool,
}

fn past(card: u8, at: &str, bill: i64) -> Past {
    Past { shop: "sh", card, at: shanghai(at), bill, cancelled: false }
}

/// `2026-11-20 23:59:59` in Asia/Shanghai.
fn shanghai(at: &str) -> UnixMillis {
    let (date, time) = at.split_once(' ').unwrap();
    let date: member_domain::CivilDate = date.parse().unwrap();
    let seconds = time.split(':').fold(0, |seconds, part| seconds * 60 + part.parse::<i64>().unwrap());
    date.start_in_shanghai().plus_millis(seconds * 1_000)
}

fn write(app: &TestApp, redemptions: &[Past]) {
    let rows = app.rows();
    let sql = "INSERT INTO redemptions (id, shop_id, card_number, bill_fen, saved_fen, redeemed_at, cancelled_at)
               VALUES (?1, ?2, ?3, ?4, ?4 / 10, ?5, ?6)";
    for (index, past) in redemptions.iter().enumerate() {
        let (id, card) = (format!("PAST{index:08}"), format!("{:012}", past.card));
        let cancelled_at = past.cancelled.then_some(past.at.0);
        rows.run(sql, cells![id, past.shop, card, past.bill, past.at.0, cancelled_at]);
    }
}

async fn csv(phone: &Phone<'_>, by: &str) -> Answer {
    phone.open(&format!("/R/report.csv?by={by}")).await.expect(200)
}

#[tokio::test]
async fn visits_are_added_up_by_day_and_by_month() {
    let app = shop().await;
    let cancelled = |past: Past| Past { cancelled: true, ..past };
    let elsewhere = |past: Past| Past { shop: "gz", ..past };
    write(
        &app,
        &[
            // The first visit was cancelled, so the second is the card's first.
            cancelled(past(1, "2026-09-30 12:00:00", 99_900)),
            past(1, "2026-10-05 12:00:00", 10_000),
            past(1, "2026-10-05 18:00:00", 20_000),
            past(1, "2026-11-19 12:00:00", 30_000),
            // A visit to another shop does not count as an earlier visit here.
            elsewhere(past(2, "2026-10-01 12:00:00", 77_700)),
            past(2, "2026-11-19 13:00:00", 1_005),
            past(3, "2026-11-20 09:00:00", 500),
        ],
    );
    let phone = Phone::paired(&app, "sh").await;
    let days = csv(&phone, "day").await;
    assert_eq!(
        days.text(),
        format!("{HEAD}2026-10-05,2,30000,3000,1\n2026-11-19,2,31005,3100,1\n2026-11-20,1,500,50,1\n")
    );
    assert_eq!(days.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(days.header("content-disposition"), "attachment; filename=\"card-report-by-day.csv\"");
    let months = csv(&phone, "month").await.text();
    assert_eq!(months, format!("{HEAD}2026-10,2,30000,3000,1\n2026-11,3,31505,3150,2\n"));
    // The page covers 31 days: back to 21 October.
    let page = phone.open("/R/report").await.expect(200).text();
    for text in ["¥315.05", "¥31.50", "<dd>3</div>", "<th>11-19<td>2<small class=new>+1 新客</small><td>¥310.05"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains("10-05"), "{page}");
    let page = phone.open("/R/report?by=month").await.expect(200).text();
    for text in ["<th>2026-10<td>2<small class=new>+1 新客</small>", "<th>2026-11<td>3", "¥615.05"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(page.find("2026-11") < page.find("2026-10"), "the latest first");
    let other = csv(&Phone::paired(&app, "gz").await, "month").await.text();
    assert_eq!(other, format!("{HEAD}2026-10,1,77700,7770,1\n"));
}

#[tokio::test]
async fn days_and_months_are_those_of_shanghai() {
    let app = shop().await;
    write(
        &app,
        &[
            // In UTC all three are on 31 October.
            past(1, "2026-10-31 23:59:59", 100),
            past(2, "2026-11-01 00:00:00", 200),
            past(3, "2026-11-01 07:59:59", 400),
        ],
    );
    let phone = Phone::paired(&app, "sh").await;
    assert_eq!(csv(&phone, "day").await.text(), format!("{HEAD}2026-10-31,1,100,10,1\n2026-11-01,2,600,60,2\n"));
    assert_eq!(csv(&phone, "month").await.text(), format!("{HEAD}2026-10,1,100,10,1\n2026-11,2,600,60,2\n"));
}

#[tokio::test]
async fn the_page_starts_at_a_whole_first_day_and_month() {
    let app = shop().await;
    write(
        &app,
        &[
            past(1, "2024-11-30 23:59:59", 100),
            past(1, "2024-12-01 00:00:00", 200),
            past(1, "2026-10-20 23:59:59", 400),
            past(1, "2026-10-21 00:00:00", 800),
        ],
    );
    let phone = Phone::paired(&app, "sh").await;
    let days = phone.open("/R/report").await.expect(200).text();
    assert!(days.contains("<th>10-21") && !days.contains("<th>10-20"), "{days}");
    let months = phone.open("/R/report?by=month").await.expect(200).text();
    assert!(months.contains("<th>2024-12") && !months.contains("<th>2024-11"), "{months}");
    // The CSV has everything.
    assert!(csv(&phone, "month").await.text().contains("2024-11,1,100,10,1"));
}

#[tokio::test]
async fn a_full_page_stays_small() {
    let app = shop().await;
    let days = (0..31).flat_map(|day| {
        let at = noon().plus_millis(-day * 86_400_000);
        [1, 2].map(|card| Past { shop: "sh", card, at, bill: 8_888_888, cancelled: false })
    });
    write(&app, &days.collect::<Vec<_>>());
    // [`Phone::open`] checks the page's size.
    let page = Phone::paired(&app, "sh").await.open("/R/report").await.expect(200).text();
    assert_eq!(page.matches("<tr>").count(), 32, "{page}");
}

#[tokio::test]
async fn a_shop_without_redemptions_is_told_what_will_come() {
    let app = shop().await;
    let phone = Phone::paired(&app, "sh").await;
    let page = phone.open("/R/report").await.expect(200).text();
    assert!(page.contains("还没有核销") && page.contains("No redemptions"), "{page}");
    assert_eq!(csv(&phone, "day").await.text(), HEAD);
}

#[tokio::test]
async fn each_page_names_the_report_once_and_the_report_does_not_link_to_itself_twice() {
    let app = shop().await;
    let phone = Phone::paired(&app, "sh").await;
    for (path, link) in [
        ("/R", "<a class=to href=/R/report>报表"),
        ("/R/66100000000000000000", "<a class=to href=/R/report>报表"),
        ("/R/report", "<a href=/R/report aria-current=page>近 31 天"),
        ("/R/report?by=month", "<a href=/R/report>近 31 天"),
    ] {
        let page = phone.open(path).await.text();
        assert_eq!((page.matches("报表").count(), page.matches("href=/R/report").count()), (1, 1), "{path}: {page}");
        assert!(page.contains(link), "{path}: {page}");
    }
}

#[tokio::test]
async fn the_report_is_for_the_shops_own_phones() {
    let app = shop().await;
    for path in ["/R/report", "/R/report.csv?by=day", "/r/report?by=month"] {
        let page = Phone::new(&app).open(path).await.expect(403).text();
        assert!(page.contains("先绑定这部手机") && page.contains("name=next value=\"/R/report\""), "{page}");
    }
    let phone = Phone::paired(&app, "sh").await;
    for path in ["/R/report?by=week", "/R/report.csv?by=", "/R/report?by=day&by=month"] {
        phone.open(path).await.expect(404);
    }
}

/// 40,000 visits of 2,000 cards. The statement names its indexes, so that its cost follows from the shop's visits.
#[tokio::test]
async fn a_busy_shops_report_adds_up() {
    let app = shop().await;
    sql(
        &app,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
         INSERT INTO members (id, name, created_at) SELECT 'busy' || i, '忙', 0 FROM n;
         INSERT INTO cards (number, member_id, programme_id, valid_from, valid_until, cities, paid_fen)
         SELECT '9' || substr(id, 5), id, 'p', '2026-01-01', '2026-12-31', 'shanghai', 0 FROM members WHERE id LIKE 'busy%';
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
         INSERT INTO redemptions (id, shop_id, card_number, bill_fen, saved_fen, redeemed_at)
         SELECT 'BUSY' || i, 'sh', '9' || (i % 2000 + 1), 1000, 100, 1790000000000 - i * 100000 FROM n;",
    );
    let phone = Phone::paired(&app, "sh").await;
    let text = csv(&phone, "month").await.text();
    let sum = |column: usize| -> u64 {
        text.lines().skip(1).map(|line| line.split(',').nth(column).unwrap().parse::<u64>().unwrap()).sum()
    };
    assert_eq!((sum(1), sum(4)), (40_000, 2_000));
}
