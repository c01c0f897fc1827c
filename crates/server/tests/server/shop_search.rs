//! Shop search in a large city: filters, orders, pages, and the reason if nothing is found.

use crate::support::TestApp;
use icu_normalizer::DecomposingNormalizerBorrowed;
use member_domain::{
    FilterKind, SearchDocument, SearchQuery, Wgs84,
    wire::{Shop, ShopPage},
};
use member_server::import_shops;
use member_storage::inspect::{Rows, migrations_up_to};

const HEADER: &str = "id,name,category,city,lng,lat,coord_system,district,address,price_per_person_fen,redeem_methods,\
                      curated_reason,curated_on,opening_hours";

fn ids(page: &ShopPage) -> Vec<&str> {
    page.shops.iter().map(|shop| shop.id.as_str()).collect()
}

fn found(page: &ShopPage) -> Vec<&str> {
    let mut ids = ids(page);
    ids.sort_unstable();
    ids
}

async fn street() -> TestApp {
    TestApp::with_shops(&format!(
        "{HEADER}\n\
         snacks,老灶间小吃铺,snacks,shanghai,121.470,31.230,wgs84,黄浦区,云南南路 33 号,3600,phone-camera;shop-pin,好吃,2026-10-01,24/7\n\
         coffee,梧桐里手冲,coffee,shanghai,121.440,31.210,wgs84,徐汇区,武康路 210 号,5000,till-scanner,豆单,2026-11-01,\n\
         music,ＢＬＵＥ乐队现场,show,shanghai,121.450,31.220,wgs84,徐汇区,,20000,phone-camera,,,\n\
         bank,银行咖啡,coffee,hangzhou,120.150,30.250,wgs84,西湖区,,9999,phone-camera,老行长,2026-09-01,\n\
         green,绿地,sport,guangzhou,113.300,23.100,wgs84,越秀区,,1000,phone-camera,,,\n"
    ))
    .await
}

#[tokio::test]
async fn pinyin_initials_and_full_width_letters_find_shops() {
    let app = street().await;
    for (q, expected) in [
        ("xcp", vec!["snacks"]),
        ("xiaochi", vec!["snacks"]),
        ("XiaoChiPu", vec!["snacks"]),
        ("lzjxcp", vec!["snacks"]),
        ("ynnl", vec!["snacks"]),
        ("小吃", vec!["snacks"]),
        ("snack", vec!["snacks"]),
        ("wtl", vec!["coffee"]),
        ("xuhuiqu", vec!["coffee", "music"]),
        ("xhq coffee", vec!["bank", "coffee"]),
        ("kafei", vec!["bank", "coffee"]),
        ("yinhang", vec!["bank"]),
        ("laohangzhang", vec![]),
        ("lvdi", vec!["green"]),
        ("ludi", vec!["green"]),
        ("ld", vec!["green", "music"]),
        ("blue", vec!["music"]),
        ("ｂｌｕｅ", vec!["music"]),
        ("yuedui", vec!["music"]),
        ("ledui", vec!["music"]),
        ("zzz", vec![]),
    ] {
        assert_eq!(found(&app.shops(&format!("q={q}")).await), expected, "{q}");
    }
}

/// Whether the page finds a shop that the backend has sent. It normalises with the browser's tables.
fn page_finds(shop: &Shop, typed: &str) -> bool {
    let normalize = |text: &str| DecomposingNormalizerBorrowed::new_nfkd().normalize(text).to_lowercase();
    let part = |text: &Option<String>| text.clone().unwrap_or_default();
    let (district, address, pinyin) = (part(&shop.district), part(&shop.address), part(&shop.pinyin));
    let document = SearchDocument::new(&shop.name, shop.category, &district, &address, &pinyin, normalize);
    SearchQuery::new(typed, normalize).matches(document.as_str())
}

/// Each query finds these shops, and no others, on the backend and on the page.
#[tokio::test]
async fn what_people_take_for_the_same_finds_the_same_shops() {
    let app = TestApp::with_shops(&format!(
        "{HEADER}\n\
         lvren,旅人,books,shanghai,121.470,31.230,wgs84,徐汇区,长乐路 3 号,,,,,\n\
         mstand,M Stand,coffee,shanghai,121.440,31.210,wgs84,静安区,,,,,,\n\
         laowang,老 王 面 馆,restaurant,shanghai,121.450,31.220,wgs84,黄浦区,,,,,,\n\
         cafe,Cafe\u{301} Ｍüller & Søn,bakery,shanghai,121.450,31.220,wgs84,,,,,,,\n\
         wutong,梧桐里手冲,coffee,shanghai,121.450,31.220,wgs84,徐汇区,武康路 210 号Ｂ座,,,,,\n\
         hant,裡外髮廊·豐臺乾麵,lifestyle,shanghai,121.450,31.220,wgs84,,①號,,,,,\n\
         tea,叶里茶,tea,shanghai,121.450,31.220,wgs84,虹口区,乍浦路,,,,,\n"
    ))
    .await;
    let shops = app.all_shops("city=shanghai").await;
    let mut wrong = Vec::new();
    for (typed, expected) in [
        ("lüren", vec!["lvren"]),
        ("lu\u{308}ren", vec!["lvren"]),
        ("lǚ rén", vec!["lvren"]),
        ("lü", vec!["lvren"]),
        ("lyu", vec!["laowang", "lvren"]),
        ("lv", vec!["lvren"]),
        ("lu", vec!["lvren", "tea", "wutong"]),
        ("長樂路", vec!["lvren"]),
        ("长樂lu3号", vec!["lvren"]),
        ("書店", vec!["lvren"]),
        ("书店", vec!["lvren"]),
        ("books", vec!["lvren"]),
        ("茶飲", vec!["tea"]),
        ("茶饮", vec!["tea"]),
        ("餐廳", vec!["laowang"]),
        ("餐館", vec!["laowang"]),
        ("Restaurants", vec!["laowang"]),
        ("選物", vec!["hant"]),
        ("徐匯區", vec!["lvren", "wutong"]),
        ("徐匯区", vec!["lvren", "wutong"]),
        ("黃浦區", vec!["laowang"]),
        ("靜安", vec!["mstand"]),
        ("mstand", vec!["mstand"]),
        ("M·STAND", vec!["mstand"]),
        ("m stand", vec!["mstand"]),
        ("ｍｓｔａｎｄ", vec!["mstand"]),
        ("mt", vec![]),
        ("老王面馆", vec!["laowang"]),
        ("老王麵館", vec!["laowang"]),
        ("老wang面館", vec!["laowang"]),
        ("lwmg", vec!["laowang"]),
        ("laowangmianguan", vec!["laowang"]),
        ("王馆", vec![]),
        ("cafe", vec!["cafe"]),
        ("Café", vec!["cafe"]),
        ("CAFE\u{301}", vec!["cafe"]),
        ("müller", vec!["cafe"]),
        ("cafemuller", vec!["cafe"]),
        ("søn", vec!["cafe"]),
        ("son", vec!["cafe"]),
        ("coffee", vec!["mstand", "wutong"]),
        ("梧桐里coffee", vec!["wutong"]),
        ("coffee梧桐里", vec!["wutong"]),
        ("wutong里", vec!["wutong"]),
        ("梧桐li", vec!["wutong"]),
        ("梧桐li手c", vec!["wutong"]),
        ("里wutong", vec![]),
        ("梧桐\u{200b}里", vec!["wutong"]),
        ("\u{feff}wu\u{ad}tong\u{2060}li", vec!["wutong"]),
        ("\u{200b}", vec!["cafe", "hant", "laowang", "lvren", "mstand", "tea", "wutong"]),
        ("武康路210号", vec!["wutong"]),
        ("武康路２１０號b座", vec!["wutong"]),
        ("wukanglu210", vec!["wutong"]),
        ("a座", vec![]),
        ("里外发廊", vec!["hant"]),
        ("裡外髮廊", vec!["hant"]),
        ("裏外發廊", vec!["hant"]),
        ("liwai", vec!["hant"]),
        ("丰台干面", vec!["hant"]),
        ("豐台乾麪", vec!["hant"]),
        ("fengtaigan", vec!["hant"]),
        ("1号", vec!["hant"]),
        ("葉里", vec!["tea"]),
        ("葉裡茶", vec!["tea"]),
        ("yeli茶", vec!["tea"]),
        ("咖啡馆", vec![]),
    ] {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", typed).finish();
        let page = app.shops(&query).await;
        let mut on_page: Vec<&str> =
            shops.iter().filter(|shop| page_finds(shop, typed)).map(|shop| shop.id.as_str()).collect();
        on_page.sort_unstable();
        if found(&page) != expected || on_page != expected {
            wrong.push(format!("{typed:?}: {:?}, on the page {on_page:?}, not {expected:?}", found(&page)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn search_texts_of_older_versions_are_computed_again() {
    let directory = tempfile::TempDir::new().unwrap();
    let rows = Rows::open(&directory.path().join("members.sqlite"));
    for migration in migrations_up_to(5) {
        rows.run_all(migration);
    }
    rows.run_all(
        "PRAGMA user_version = 5;
         INSERT INTO shops (id, name, category, city, lat, lng, coord_system, wgs84_lat, wgs84_lng, discount_permille,
                            redeem_methods, search, pinyin)
         VALUES ('sh', 'M 旅人', 'books', 'shanghai', 31.2, 121.4, 'gcj02', 31.2, 121.4, 100, 'phone-camera',
                 'm 旅人' || char(10) || '书店 books' || char(10, 10, 10, 1) || 'lu/lv ren,shu dian', 'lu/lv ren,shu dian')",
    );
    let app = TestApp::on(directory).await;
    for typed in ["m旅人", "lyu", "書店"] {
        assert_eq!(found(&app.shops(&format!("q={typed}")).await), ["sh"], "{typed}");
    }
    let pinyin = app.shops("").await.shops.remove(0).pinyin;
    assert_eq!(pinyin.as_deref(), Some("lu/lv ren,shu/書 dian"));
}

#[tokio::test]
async fn price_method_and_ids_narrow_the_list() {
    let app = street().await;
    for (query, expected) in [
        ("price=0-50", vec!["green", "snacks"]),
        ("price=50-100", vec!["bank", "coffee"]),
        ("price=100-200", vec![]),
        ("price=200-", vec!["music"]),
        ("method=shop-pin", vec!["snacks"]),
        ("method=phone-camera", vec!["bank", "green", "music", "snacks"]),
        ("method=phone-camera&price=0-50", vec!["green", "snacks"]),
        ("ids=coffee,bank,gone", vec!["bank", "coffee"]),
        ("ids=coffee,bank&city=shanghai", vec!["coffee"]),
        ("ids=", vec![]),
    ] {
        let page = app.shops(query).await;
        assert_eq!(found(&page), expected, "{query}");
        assert_eq!(page.total as usize, expected.len(), "{query}");
    }
    let many = vec!["a"; 101].join(",");
    for (query, field) in [
        ("price=cheap".to_owned(), "price"),
        ("method=fax".to_owned(), "method"),
        ("sort=best".to_owned(), "sort"),
        ("sort=nearest".to_owned(), "lat"),
        (format!("ids={many}"), "ids"),
    ] {
        app.get(&format!("/v1/shops?{query}")).answer().await.invalid(field);
    }
}

#[tokio::test]
async fn the_first_page_of_a_city_names_its_districts() {
    let app = street().await;
    let page = app.shops("city=shanghai&limit=1").await;
    let mut districts = page.districts.clone();
    districts.sort_unstable();
    assert_eq!(districts, ["徐汇区", "黄浦区"]);
    let next = app.shops(&format!("city=shanghai&limit=1&cursor={}", page.next_cursor.unwrap())).await;
    assert!(next.districts.is_empty());
    assert!(app.shops("").await.districts.is_empty());
}

#[tokio::test]
async fn the_latest_checked_come_first_also_where_a_place_is_known() {
    let app = street().await;
    let expected = ["coffee", "snacks", "bank", "green", "music"];
    assert_eq!(ids(&app.shops("").await), expected, "latest checked first, without evidence last");
    assert_eq!(ids(&app.shops("sort=checked&lat=30.25&lng=120.15").await), expected);
    assert_eq!(ids(&app.shops("sort=nearest&lat=30.25&lng=120.15").await)[0], "bank");
}

#[tokio::test]
async fn an_empty_list_says_which_filter_removed_how_many_and_what_is_nearest_without_it() {
    let app = street().await;
    let place = "lat=31.23&lng=121.47";
    let page = app.shops(&format!("city=shanghai&category=coffee&price=0-50&{place}")).await;
    assert_eq!(page.total, 0);
    let told: Vec<_> = page
        .nothing_because
        .iter()
        .map(|removal| (removal.filter, removal.removed, removal.nearest.as_ref().map(|shop| shop.id.as_str())))
        .collect();
    assert_eq!(
        told,
        [(FilterKind::Category, 1, Some("snacks")), (FilterKind::Price, 1, Some("coffee"))],
        "in the order filters are shown"
    );
    let page = app.shops("city=shanghai&q=zzz&method=shop-pin").await;
    let told: Vec<_> = page.nothing_because.iter().map(|removal| (removal.filter, removal.removed)).collect();
    assert_eq!(told, [(FilterKind::Text, 1), (FilterKind::Method, 0)]);
    assert!(app.shops("city=shanghai").await.nothing_because.is_empty());
    assert!(app.shops("ids=").await.nothing_because.is_empty(), "ids are no filter of the member's");
}

/// Pseudo-random shops. Every 40th has the same place as the previous one.
fn scattered(count: u32) -> String {
    let mut seed = 7_u64;
    let mut next = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % 100_000
    };
    let (mut lng, mut lat) = (0, 0);
    let categories = ["coffee", "tea", "bar", "books"];
    (0..count).fold(format!("{HEADER}\n"), |csv, index| {
        if index % 40 != 1 {
            // Dense in the middle: a product of two random numbers is more often small.
            (lng, lat) = (next() * next() / 100_000, next() * next() / 100_000);
        }
        let category = categories[index as usize % 4];
        let (lng, lat, price) = (
            121.3 + f64::from(u32::try_from(lng).unwrap()) / 200_000.0,
            31.1 + f64::from(u32::try_from(lat).unwrap()) / 200_000.0,
            next() % 300 * 100,
        );
        csv + &format!(
            "s{index},第{index}家,{category},shanghai,{lng},{lat},wgs84,{}区,,{price},phone-camera,,,\n",
            index % 7
        )
    })
}

#[tokio::test]
async fn pages_from_the_index_are_the_pages_of_the_whole_list_sorted() {
    let app = TestApp::empty().await;
    import_shops(&app.database, scattered(1_500).as_bytes()).await.unwrap();
    for (filter, passes) in [
        ("", (|_: &Shop| true) as fn(&Shop) -> bool),
        // More than a thousand shops pass. The search goes through map squares, with the filter.
        ("&q=%E5%AE%B6&method=phone-camera", |_| true),
        ("&category=tea", |shop| shop.category.as_str() == "tea"),
        ("&price=200-", |shop| shop.price_per_person_fen.unwrap().0 >= 20_000),
        ("&district=3区&q=1", |shop| shop.district.as_deref() == Some("3区") && shop.name.contains('1')),
    ] {
        for (lat, lng) in [(31.1, 121.3), (31.35, 121.55), (30.0, 121.3), (23.1, 113.3), (89.9, 0.0)] {
            let here = Wgs84 { lat, lng };
            let mut all = Vec::new();
            let mut cursor = String::new();
            loop {
                let query = format!("city=shanghai&limit=100&lat={lat}&lng={lng}{filter}{cursor}");
                let page = app.shops(&query).await;
                assert_eq!(page.total_is_capped, filter.is_empty() || filter.starts_with("&q=%E5"), "{query}");
                all.extend(page.shops);
                match page.next_cursor {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            let mut expected: Vec<(f64, String)> = Vec::new();
            let whole = app.all_shops("city=shanghai").await;
            for shop in whole.iter().filter(|shop| passes(shop)) {
                expected.push((here.distance_to(shop.place.to_wgs84()).metres, shop.id.clone()));
            }
            expected.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
            let expected: Vec<&str> = expected.iter().map(|(_, id)| id.as_str()).collect();
            let found: Vec<&str> = all.iter().map(|shop| shop.id.as_str()).collect();
            assert_eq!(found, expected, "{filter} around {lat}, {lng}");
        }
    }
}

#[tokio::test]
async fn the_page_behind_the_last_is_empty_and_counts_stop_at_a_thousand() {
    let app = TestApp::empty().await;
    import_shops(&app.database, scattered(1_200).as_bytes()).await.unwrap();
    let page = app.shops("city=shanghai").await;
    assert_eq!((page.total, page.total_is_capped), (1_000, true));
    let few = app.shops("city=shanghai&category=tea").await;
    assert_eq!((few.total, few.total_is_capped), (300, false));
    let whole = app.all_shops("city=shanghai").await;
    assert_eq!(whole.len(), 1_200);
    let last = &whole.last().unwrap().id;
    let behind = app.shops(&format!("city=shanghai&cursor={last}")).await;
    assert_eq!((behind.shops.len(), behind.next_cursor), (0, None));
}

#[tokio::test]
async fn a_page_of_shops_travels_compressed_to_those_who_can_read_it() {
    let app = TestApp::demo().await;
    let plain = app.get("/v1/shops?limit=100").answer().await.expect(200);
    assert_eq!(plain.header("content-encoding"), "");
    let packed = app.get("/v1/shops?limit=100").header("accept-encoding", "gzip").answer().await.expect(200);
    assert_eq!(packed.header("content-encoding"), "gzip");
}
