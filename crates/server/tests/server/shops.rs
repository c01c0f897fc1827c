//! `GET /v1/shops` and `GET /v1/shops/{id}`

use std::collections::BTreeSet;

use crate::support::{HOUR, TestApp, today};
use member_domain::{
    Category, City,
    wire::{OpenState, ProblemKind, Shop, ShopPage},
};

const HEADER: &str =
    "id,name,category,city,lng,lat,coord_system,district,address,opening_hours,curated_reason,curated_on";

fn ids(page: &ShopPage) -> Vec<&str> {
    page.shops.iter().map(|shop| shop.id.as_str()).collect()
}

/// Follows `nextCursor` to the end.
async fn all_pages(app: &TestApp, query: &str) -> Vec<Shop> {
    let mut shops = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = app.shops(&format!("{query}{cursor}")).await;
        shops.extend(page.shops);
        assert!(shops.len() <= page.total as usize, "{query}: the pages go round in circles");
        match page.next_cursor {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return shops,
        }
    }
}

#[tokio::test]
async fn everybody_sees_the_curated_shops_latest_evidence_first() {
    let app = TestApp::demo().await;
    let page = app.shops("limit=100").await;
    assert!(page.total >= 60, "the demo has at least 60 shops: {}", page.total);
    assert_eq!(page.shops.len(), page.total as usize);
    assert_eq!(page.next_cursor, None);
    let checked: Vec<_> = page.shops.iter().map(|shop| shop.curation.as_ref().map(|curation| curation.on)).collect();
    // `Some` is greater than `None`, so this also puts shops without evidence last.
    assert!(checked.is_sorted_by(|a, b| a >= b), "{checked:?}");
    assert!(checked.iter().any(Option::is_none), "the demo has a shop without evidence");
}

#[tokio::test]
async fn filters_must_hold_together() {
    let app = TestApp::demo().await;
    let everything = all_pages(&app, "limit=100").await;
    for city in City::ALL {
        let found = app.shops(&format!("limit=100&city={}", city.as_str())).await;
        let expected = everything.iter().filter(|shop| shop.city == *city).count();
        assert!(expected > 0 && found.shops.iter().all(|shop| shop.city == *city), "{city:?}");
        assert_eq!((found.shops.len(), found.total as usize), (expected, expected), "{city:?}");
    }
    let found = app.shops("city=shanghai&category=coffee&district=徐汇区").await;
    assert_eq!(ids(&found), ["sh-wutongli-coffee"]);
    assert_eq!(found.shops[0].category, Category::Coffee);
    assert_eq!(app.shops("city=hangzhou&district=徐汇区").await.total, 0);
    let found = app.shops("city=shanghai&category=coffee&district=徐汇区&q=豆").await;
    assert_eq!(found.total, 0, "the text is searched in name, district and address only");
}

#[tokio::test]
async fn text_is_found_in_name_district_and_address() {
    let app = TestApp::demo().await;
    for (q, expected) in [
        ("auntie WAI's", vec!["gz-auntie-wai-oven"]),
        ("  手冲  ", vec!["hz-yujiekou-coffee", "sh-wutongli-coffee"]),
        ("武康路", vec!["sh-wutongli-coffee"]),
        ("番禺", vec!["gz-shawan-stage"]),
        ("🐱", vec!["hz-dayangqian-cat"]),
        ("没有这家店", vec![]),
        ("' OR 1=1 --", vec![]),
    ] {
        let mut found = app.shops(&format!("q={q}")).await;
        found.shops.sort_by(|a, b| a.id.cmp(&b.id));
        assert_eq!(ids(&found), expected, "{q}");
    }
    assert_eq!(app.shops("q=").await.total, app.shops("").await.total);
}

#[tokio::test]
async fn signs_that_mean_something_to_like_are_taken_literally() {
    let app = TestApp::with_shops(&format!(
        "{HEADER}\n\
         percent,全场100%棉,lifestyle,shanghai,121.4,31.2,wgs84,,,,,\n\
         underscore,a_b,lifestyle,shanghai,121.4,31.2,wgs84,,,,,\n\
         letter,axb,lifestyle,shanghai,121.4,31.2,wgs84,,,,,\n\
         backslash,a\\b,lifestyle,shanghai,121.4,31.2,wgs84,,,,,\n"
    ))
    .await;
    for (q, expected) in [
        ("%25", vec!["percent"]),
        ("100%25%E6%A3%89", vec!["percent"]),
        ("_", vec!["underscore"]),
        ("a_b", vec!["underscore"]),
        ("A%5CB", vec!["backslash"]),
        ("%25%25", vec![]),
        ("a%25b", vec![]),
    ] {
        assert_eq!(ids(&app.shops(&format!("q={q}")).await), expected, "{q}");
    }
}

#[tokio::test]
async fn a_name_is_found_by_its_own_text_also_in_foreign_capitals() {
    let app = TestApp::with_shops(&format!(
        "{HEADER}\n\
         cafe,CAFÉ ÉTÉ,coffee,shanghai,121.4,31.2,wgs84,,,,,\n\
         wide,ＢＡＲ二楼,bar,shanghai,121.4,31.2,wgs84,,,,,\n"
    ))
    .await;
    for (q, expected) in [("CAFÉ", "cafe"), ("ＢＡＲ", "wide"), ("二楼", "wide")] {
        assert_eq!(ids(&app.shops(&format!("q={q}")).await), [expected], "{q}");
    }
}

const HOURS: &str = "day,白天,coffee,shanghai,121.4,31.2,wgs84,,,Mo-Su 08:00-20:00,,\n\
                     night,夜里,bar,shanghai,121.4,31.2,wgs84,,,Mo-Su 18:00-02:00,,\n\
                     never,周日,books,shanghai,121.4,31.2,wgs84,,,Su 10:00-18:00,,\n\
                     unknown,不知,craft,shanghai,121.4,31.2,wgs84,,,,,\n";

#[tokio::test]
async fn open_now_follows_the_clock_in_shanghai() {
    let app = TestApp::with_shops(&format!("{HEADER}\n{HOURS}")).await;
    let midnight = today().start_in_shanghai();
    for (hour, open) in
        [(7, vec![]), (12, vec!["day"]), (19, vec!["day", "night"]), (20, vec!["night"]), (25, vec!["night"])]
    {
        let to = midnight.plus_millis(hour * HOUR).millis_since(app.now());
        app.clock.advance_millis(to);
        let found = app.shops("openNow=true").await;
        assert_eq!(ids(&found), open, "{hour}:00");
        assert_eq!(found.total as usize, open.len(), "{hour}:00");
        assert_eq!(app.shops("openNow=false").await.total, 4, "{hour}:00");
    }
}

#[tokio::test]
async fn a_shop_says_until_when_it_is_open_or_closed() {
    let app = TestApp::with_shops(&format!("{HEADER}\n{HOURS}")).await;
    let at = |day, hour| Some(today().plus_days(day).start_in_shanghai().plus_millis(hour * HOUR));
    for (id, expected) in [
        ("day", OpenState::Open { until: at(0, 20) }),
        ("night", OpenState::Closed { until: at(0, 18) }),
        ("never", OpenState::Closed { until: at(2, 10) }),
        ("unknown", OpenState::Unknown),
    ] {
        let shop: Shop = app.get(&format!("/v1/shops/{id}")).answer().await.expect(200).json();
        assert_eq!(shop.open, expected, "{id}");
    }
}

/// The same two numbers name places half a kilometre apart in WGS 84 and in GCJ-02.
#[tokio::test]
async fn nearest_first_minds_the_coordinate_system_of_both_sides() {
    let app = TestApp::with_shops(&format!(
        "{HEADER}\n\
         published,高德上的,coffee,shanghai,121.4737061,31.2304194,gcj02,,,,,\n\
         measured,量出来的,coffee,shanghai,121.4737061,31.2304194,wgs84,,,,,\n\
         far,远的,coffee,hangzhou,120.1503589,30.2764043,wgs84,,,,,\n"
    ))
    .await;
    let here = "lat=31.2304194&lng=121.4737061";
    for (query, expected) in [
        (here.to_owned(), ["measured", "published", "far"]),
        (format!("{here}&coordSystem=wgs84"), ["measured", "published", "far"]),
        (format!("{here}&coordSystem=gcj02"), ["published", "measured", "far"]),
        // The same place as in the line above, in WGS 84.
        ("lat=31.2323443&lng=121.4691633".to_owned(), ["published", "measured", "far"]),
        ("lat=30.27&lng=120.15".to_owned(), ["far", "published", "measured"]),
    ] {
        assert_eq!(ids(&app.shops(&query).await), expected, "{query}");
    }
}

#[tokio::test]
async fn nearest_first_orders_all_shops_by_distance() {
    let app = TestApp::demo().await;
    let here = member_domain::Wgs84 { lat: 31.21, lng: 121.44 };
    let shops = app.shops("lat=31.21&lng=121.44&limit=100").await.shops;
    let metres: Vec<f64> = shops.iter().map(|shop| here.distance_to(shop.place.to_wgs84()).metres).collect();
    assert!(metres.len() >= 60 && metres.is_sorted(), "{metres:?}");
}

#[tokio::test]
async fn pages_neither_lose_nor_repeat_a_shop() {
    let app = TestApp::demo().await;
    for order in ["", "lat=23.12&lng=113.29&coordSystem=gcj02", "openNow=true", "city=guangzhou&q=区"] {
        let whole = app.shops(&format!("{order}&limit=100")).await;
        let expected = ids(&whole);
        assert!(expected.len() > 10, "{order}");
        assert_eq!(expected.iter().collect::<BTreeSet<_>>().len(), expected.len(), "{order}: no shop twice");
        for limit in [1, 7, expected.len() - 1, expected.len()] {
            let paged = all_pages(&app, &format!("{order}&limit={limit}")).await;
            assert_eq!(paged, whole.shops, "{order}, {limit} a page");
        }
    }
}

#[tokio::test]
async fn a_page_has_50_shops_unless_asked_and_at_most_100() {
    let app = TestApp::demo().await;
    let first = app.shops("").await;
    assert_eq!(first.shops.len(), 50);
    assert_eq!(first.next_cursor.as_deref(), Some(first.shops[49].id.as_str()));
    let second = app.shops(&format!("cursor={}", first.next_cursor.unwrap())).await;
    assert_eq!(second.shops.len(), first.total as usize - 50);
    assert_eq!((second.next_cursor, second.total), (None, first.total));
    assert_eq!(app.shops("limit=1").await.shops.len(), 1);
    for limit in ["0", "101", "-1", "x", "", "1.5", "99999999999999999999"] {
        app.get(&format!("/v1/shops?limit={limit}")).answer().await.invalid("limit");
    }
}

#[tokio::test]
async fn a_wrong_parameter_is_named() {
    let app = TestApp::demo().await;
    let long = "x".repeat(101);
    for (query, field) in [
        ("city=beijing", "city"),
        ("city=", "city"),
        ("category=casino", "category"),
        ("category=Coffee", "category"),
        ("lat=31.2", "lng"),
        ("lng=121.4", "lat"),
        ("lat=north&lng=121.4", "lat"),
        ("lat=31.2&lng=", "lng"),
        ("lat=91&lng=121.4", "lat"),
        ("lat=NaN&lng=121.4", "lat"),
        ("lat=31.2&lng=181", "lng"),
        ("lat=31.2&lng=inf", "lng"),
        ("lat=31.2&lng=121.4&coordSystem=bd09", "coordSystem"),
        ("openNow=yes", "openNow"),
        ("openNow=", "openNow"),
        ("cursor=no%20such%20shop", "cursor"),
        ("cursor=", "cursor"),
        ("city=shanghai&city=hangzhou", "query"),
        (&format!("q={long}"), "q"),
    ] {
        app.get(&format!("/v1/shops?{query}")).answer().await.invalid(field);
    }
    let problem = app.get("/v1/shops?city=beijing").answer().await.invalid("city");
    assert!(problem.detail.unwrap().contains("shanghai, hangzhou, guangzhou"));
    assert_eq!(app.shops(&format!("q={}", &long[1..])).await.total, 0, "100 characters are fine");
}

#[tokio::test]
async fn only_the_full_answer_has_phone_number_rules_notes_and_week() {
    let app = TestApp::demo().await;
    let answer = app.get("/v1/shops/sh-wutongli-coffee").answer().await.expect(200);
    let full: Shop = answer.json();
    assert_eq!(full.phone.as_deref(), Some("021-5550-0137"));
    let listed = app.shops("q=梧桐里手冲").await.shops.remove(0);
    assert_eq!(listed.phone, None);
    assert_eq!(full.week.len(), 7, "today and six days after");
    assert_eq!(full.week[0].date, today());
    let eight = today().start_in_shanghai().plus_millis(8 * HOUR);
    assert_eq!(full.week[0].spans[0].from, eight);
    let shortened = Shop {
        phone: None,
        discount_rules: None,
        not_combined_with: None,
        notes: Vec::new(),
        week: Vec::new(),
        ..full
    };
    assert_eq!(shortened, listed, "everything else is the same");
}

#[tokio::test]
async fn an_unknown_shop_is_not_found() {
    let app = TestApp::demo().await;
    for id in ["nothing", "%E6%97%A0", "SH-WUTONGLI-COFFEE", "'%20OR%201=1", "a%2Fb"] {
        app.get(&format!("/v1/shops/{id}")).answer().await.problem(ProblemKind::NotFound);
    }
}

/// A page continues after the previous one, even if that shop has closed meanwhile.
#[tokio::test]
async fn a_cursor_outlives_the_opening_hours_of_its_shop() {
    let app = TestApp::demo().await;
    let query = "openNow=true&limit=1&city=shanghai&category=tea";
    let cursor = app.shops(query).await.next_cursor.expect("two tea houses are open at noon");
    app.clock.advance_millis(12 * HOUR);
    let next = app.shops(&format!("{query}&cursor={cursor}")).await;
    assert_eq!((next.shops.len(), next.total), (0, 0), "no tea house is open at midnight");
    for query in [query, "city=shanghai&cursor=hz-yujiekou-coffee", "limit=2"] {
        let path = format!("/v1/shops?{query}{}", if query.contains("cursor") { "" } else { "&cursor=gone" });
        app.get(&path).answer().await.problem(ProblemKind::Conflict);
    }
}
