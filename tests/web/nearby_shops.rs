//! The list of shops.

use member_domain::{
    Category, City, Discount, Distance, FilterKind, Place as ShopPlace, PriceBand, RedeemMethod, ShopFilter,
    UnixMillis, Wgs84,
    wire::{Curation, FilterEffect, OpenState, Shop, ShopPage, Trust},
};
use member_page::prelude::*;
use member_page::{
    api::{ApiError, ListOrder, ShopQuery},
    features::nearby_shops::{More, NearbyShops, Ordered, Place, Renewal, ShopList},
    geolocation::NoPosition,
    load::Load,
    unicode::normalize,
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Mounted, NOW, plain, shop, until};

const HERE: Wgs84 = Wgs84 { lat: 31.23, lng: 121.47 };

struct List {
    mounted: Mounted,
    shops: RwSignal<Load<ShopList>>,
    query: RwSignal<ShopQuery>,
    place: RwSignal<Place>,
    now: RwSignal<Option<UnixMillis>>,
    more: RwSignal<More>,
    searching: RwSignal<bool>,
    quick: RwSignal<bool>,
    asked: RwSignal<Vec<String>>,
}

fn mount(shops: Load<ShopList>) -> List {
    let shops = RwSignal::new(shops);
    let query = RwSignal::new(ShopQuery::all_of(City::Shanghai));
    let place = RwSignal::new(Place::NotRequested);
    let now = RwSignal::new(Some(NOW));
    let more = RwSignal::new(More::Idle);
    let (searching, quick) = (RwSignal::new(false), RwSignal::new(false));
    let asked = RwSignal::new(Vec::<String>::new());
    let note = move |what: &'static str| Callback::new(move |()| asked.update(|asked| asked.push(what.to_owned())));
    let on_choose = Callback::new(move |shop: Shop| asked.update(|asked| asked.push(shop.id)));
    let mounted = Mounted::new(move || {
        view! {
            <NearbyShops
                list=shops
                query
                place
                now
                more
                searching
                quick
                on_locate=note("locate")
                on_retry=note("retry")
                on_more=note("more")
                on_choose
            />
        }
    });
    List { mounted, shops, query, place, now, more, searching, quick, asked }
}

fn page(shops: Vec<Shop>) -> ShopList {
    let total = u32::try_from(shops.len()).unwrap();
    ShopList::first(ShopPage { shops, total, ..ShopPage::default() }, Ordered::LatestChecked, normalize)
}

fn located() -> Place {
    Place::at(HERE, Distance { metres: 20.0 })
}

/// A shop this many metres north of the member.
fn north(id: &str, metres: f64) -> Shop {
    Shop { place: ShopPlace::Wgs84(Wgs84 { lat: HERE.lat + metres / 111_195.0, ..HERE }), ..shop(id, id) }
}

fn ids(list: &List) -> Vec<String> {
    let rows = list.mounted.root.query_selector_all("[data-testid='shop-row']").unwrap();
    let id = |index| rows.get(index).unwrap().unchecked_into::<web_sys::Element>().get_attribute("data-shop-id");
    (0..rows.length()).filter_map(id).collect()
}

#[wasm_bindgen_test]
fn loading_holds_the_place_of_rows() {
    let list = mount(Load::Loading);
    assert_eq!(list.mounted.hook("shop-list").unwrap().get_attribute("aria-busy").as_deref(), Some("true"));
    assert!(list.mounted.hook("shop-search").is_some());
}

#[wasm_bindgen_test]
fn a_row_says_what_how_open_what_it_saves_and_why_it_is_here() {
    let list = mount(Load::ready(page(vec![shop("a", "梧桐里手冲")])));
    let text = list.mounted.text();
    for part in ["梧桐里手冲", "8.8 折", "咖啡", "徐汇区", "¥42", "22:00", "约省 ¥5.04", "86 篇笔记提到"]
    {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    list.mounted.click("[data-testid='shop-row'] button");
    assert_eq!(list.asked.get_untracked(), ["a"]);
}

#[wasm_bindgen_test]
fn no_row_has_a_badge_and_none_makes_up_a_reason() {
    let list = mount(Load::ready(page(vec![Shop { curation: None, ..shop("a", "无证据") }, shop("b", "有证据")])));
    assert_eq!(list.mounted.count(".badge"), 0);
    assert_eq!(
        list.mounted.root.query_selector(".shop-row__why").unwrap().unwrap().text_content().as_deref(),
        Some("")
    );
}

#[wasm_bindgen_test]
async fn a_known_place_gives_distances_and_the_exact_order() {
    let far = Shop { place: ShopPlace::Wgs84(Wgs84 { lat: 31.25, lng: 121.47 }), ..shop("far", "远") };
    let near = Shop { place: ShopPlace::Wgs84(Wgs84 { lat: 31.2318, lng: 121.47 }), ..shop("near", "近") };
    let list = mount(Load::ready(page(vec![far, near])));
    assert_eq!(ids(&list), ["far", "near"]);
    list.place.set(located());
    until("the nearer comes first", || ids(&list) == ["near", "far"]).await;
    let text = list.mounted.text();
    // 0.0018 degrees of latitude are 200 m, 0.02 are 2.2 km.
    for part in ["200", "2.2", "500 米内 1 家"] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
}

#[wasm_bindgen_test]
async fn a_changed_shop_changes_in_its_row() {
    let list = mount(Load::ready(page(vec![shop("a", "旧名"), shop("b", "别家")])));
    let row = list.mounted.hook("shop-row").unwrap();
    let renamed = Shop { discount_permille: Discount::from_permille(200).unwrap(), ..shop("a", "新名") };
    list.shops.set(Load::ready(page(vec![renamed, shop("b", "别家")])));
    until("the row shows the change", || row.text_content().unwrap().contains("新名")).await;
    assert!(row.text_content().unwrap().contains("8 折"));
    assert!(row.is_connected(), "the row was kept, not built anew");
}

#[wasm_bindgen_test]
async fn stale_keeps_the_rows() {
    let list = mount(Load::ready(page(vec![shop("a", "甲")])));
    list.shops.update(|shops| {
        if let Load::Ready { value, .. } = shops {
            value.as_of = Some(NOW);
        }
        shops.settle(Err(ApiError::Unreachable));
    });
    until("it says of when it is", || list.mounted.text().contains("这份列表是")).await;
    assert_eq!(ids(&list), ["a"]);
}

#[wasm_bindgen_test]
fn failed_offers_a_retry() {
    let list = mount(Load::Failed(ApiError::Unreachable));
    assert!(list.mounted.text().contains("连不上网络"));
    list.mounted.click(".failure button");
    assert_eq!(list.asked.get_untracked(), ["retry"]);
}

#[wasm_bindgen_test]
fn nothing_found_leads_back() {
    let list = mount(Load::ready(page(Vec::new())));
    list.query.update(|query| {
        (query.filter.text, query.filter.category) = ("没有".to_owned(), Some(Category::Bar));
    });
    assert!(list.mounted.hook("shop-empty").is_some());
    list.mounted.click("[data-testid='shop-empty'] > button");
    assert_eq!(list.query.get_untracked(), ShopQuery::all_of(City::Shanghai));
}

#[wasm_bindgen_test]
async fn nothing_found_says_which_filter_removed_how_many_and_leads_to_the_nearest() {
    let removal = |filter, removed, nearest| FilterEffect { filter, removed, nearest };
    let empty = ShopPage {
        nothing_because: vec![
            removal(FilterKind::Text, 0, None),
            removal(FilterKind::Category, 12, Some(north("near", 230.0))),
            removal(FilterKind::Price, 1, Some(shop("cheap", "便宜"))),
        ],
        ..ShopPage::default()
    };
    let list = mount(Load::Loading);
    list.query.update(|query| {
        query.filter.category = Some(Category::Bar);
        query.filter.price = Some(PriceBand::Below50);
    });
    list.place.set(located());
    list.shops.set(Load::ready(ShopList::first(empty, Ordered::LatestChecked, normalize)));
    until("it says why", || list.mounted.count("[data-filter]") == 2).await;
    let text = list.mounted.text();
    for part in ["“小酒馆”去掉了 12 家", "230", "“¥50 以内”去掉了 1 家", "便宜"] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    list.mounted.click("[data-filter='category'] [data-testid='shop-nearest']");
    assert_eq!(list.asked.get_untracked(), ["near"]);
    list.mounted.click("[data-filter='price'] [data-testid='shop-drop']");
    assert_eq!(list.query.with_untracked(|query| query.filter.price), None);
    assert_eq!(list.query.with_untracked(|query| query.filter.category), Some(Category::Bar));
}

#[wasm_bindgen_test]
async fn nothing_at_hand_is_not_nothing_while_the_backend_is_asked() {
    let list = mount(Load::ready(page(Vec::new())));
    list.searching.set(true);
    until("it waits", || list.mounted.count("[aria-busy='true']") == 1).await;
    assert!(list.mounted.hook("shop-empty").is_none());
    list.searching.set(false);
    until("it says so", || list.mounted.hook("shop-empty").is_some()).await;
}

#[wasm_bindgen_test]
async fn typing_asks_once_after_a_pause() {
    let list = mount(Load::ready(page(vec![shop("a", "甲")])));
    let asked = RwSignal::new(0);
    Effect::new(move |_| {
        list.query.track();
        asked.update(|asked| *asked += 1);
    });
    until("the effect has run once", || asked.get_untracked() == 1).await;
    let input: web_sys::HtmlInputElement = list.mounted.hook("shop-search").unwrap().unchecked_into();
    for text in ["咖", "咖啡"] {
        input.set_value(text);
        input.dispatch_event(&web_sys::Event::new("input").unwrap()).unwrap();
    }
    until("the text is asked for", || list.query.with_untracked(|query| query.filter.text == "咖啡")).await;
    until("the effect has run again", || asked.get_untracked() > 1).await;
    assert_eq!(asked.get_untracked(), 2, "one question for both keystrokes");
}

#[wasm_bindgen_test]
async fn a_list_that_is_quickly_looked_through_is_so_at_every_keystroke() {
    let list = mount(Load::ready(page(vec![shop("a", "甲")])));
    list.quick.set(true);
    let input: web_sys::HtmlInputElement = list.mounted.hook("shop-search").unwrap().unchecked_into();
    for text in ["咖", "咖啡"] {
        input.set_value(text);
        input.dispatch_event(&web_sys::Event::new("input").unwrap()).unwrap();
        assert!(list.query.with_untracked(|query| query.filter.text == text));
    }
}

/// Unfinished pinyin is not searched; the finished word is.
#[wasm_bindgen_test]
async fn an_input_method_asks_once_its_word_is_finished() {
    let list = mount(Load::ready(page(vec![shop("a", "甲")])));
    let input: web_sys::HtmlInputElement = list.mounted.hook("shop-search").unwrap().unchecked_into();
    input.set_value("xu hui");
    let composing = web_sys::InputEventInit::new();
    composing.set_bubbles(true);
    composing.set_is_composing(true);
    input.dispatch_event(&web_sys::InputEvent::new_with_event_init_dict("input", &composing).unwrap()).unwrap();
    let start = js_sys::Date::now();
    until("a pause has passed", || js_sys::Date::now() - start > 300.0).await;
    assert!(list.query.with_untracked(|query| query.filter.text.is_empty()));
    input.set_value("徐汇");
    input.dispatch_event(&web_sys::CompositionEvent::new("compositionend").unwrap()).unwrap();
    until("the word is asked for", || list.query.with_untracked(|query| query.filter.text == "徐汇")).await;
}

fn choose(list: &List, hook: &str, value: &str) {
    let select: web_sys::HtmlSelectElement = list.mounted.hook(hook).unwrap().unchecked_into();
    select.set_value(value);
    select.dispatch_event(&web_sys::Event::new("change").unwrap()).unwrap();
}

fn chosen(list: &List, hook: &str) -> String {
    list.mounted.hook(hook).unwrap().unchecked_into::<web_sys::HtmlSelectElement>().value()
}

#[wasm_bindgen_test]
async fn chips_filter_and_show_that_they_do() {
    let list = mount(Load::ready(page(vec![shop("a", "甲")])));
    let filter = || list.query.with_untracked(|query| query.filter.clone());
    assert!(list.mounted.hook("shop-filters-clear").is_none());
    list.mounted.click("button.chip:nth-of-type(1)");
    assert!(filter().open_now);
    list.mounted.click("button.chip:nth-of-type(2)");
    assert!(filter().favourites);
    list.mounted.click("button.chip:nth-of-type(3)");
    assert_eq!(filter().category, Some(Category::Coffee));
    until("all are pressed", || list.mounted.count(".chip[aria-pressed='true']") == 3).await;
    list.mounted.click("[data-testid='shop-filters-clear']");
    until("none is pressed", || list.mounted.count(".chip[aria-pressed='true']") == 0).await;
    assert_eq!(filter(), ShopFilter::default());
    until("there is nothing to clear", || list.mounted.hook("shop-filters-clear").is_none()).await;
}

#[wasm_bindgen_test]
async fn price_and_method_are_chosen_and_follow_what_is_asked_for() {
    let list = mount(Load::ready(page(vec![shop("a", "甲")])));
    choose(&list, "shop-price", "50-100");
    choose(&list, "shop-method", "shop-pin");
    let filter = || list.query.with_untracked(|query| query.filter.clone());
    assert_eq!((filter().price, filter().method), (Some(PriceBand::From50), Some(RedeemMethod::ShopPin)));
    list.query.update(|query| query.filter = ShopFilter { price: Some(PriceBand::From200), ..ShopFilter::default() });
    until("the lists follow", || chosen(&list, "shop-price") == "200-" && chosen(&list, "shop-method").is_empty())
        .await;
    choose(&list, "shop-price", "");
    assert_eq!(filter(), ShopFilter::default());
}

#[wasm_bindgen_test]
async fn a_district_belongs_to_its_city() {
    let districts = vec!["徐汇区".to_owned(), "静安区".to_owned()];
    let list = mount(Load::ready(ShopList::first(
        ShopPage { districts, ..ShopPage::default() },
        Ordered::LatestChecked,
        normalize,
    )));
    until("districts are offered", || list.mounted.count("[data-testid='shop-district'] option") == 3).await;
    choose(&list, "shop-district", "静安区");
    assert_eq!(list.query.with_untracked(|query| query.filter.district.clone()).as_deref(), Some("静安区"));
    // A filtered list names no districts. They remain available.
    list.shops.set(Load::ready(page(vec![shop("a", "甲")])));
    until("the row is there", || ids(&list) == ["a"]).await;
    assert_eq!(
        (chosen(&list, "shop-district"), list.mounted.count("[data-testid='shop-district'] option")),
        ("静安区".into(), 3)
    );
    choose(&list, "shop-city", "hangzhou");
    let query = list.query.get_untracked();
    assert_eq!((query.city, query.filter.district), (City::Hangzhou, None));
}

#[wasm_bindgen_test]
async fn a_place_that_cannot_be_had_leads_on_in_words_of_its_own() {
    let list = mount(Load::ready(page(vec![shop("a", "甲")])));
    list.mounted.click(".nearby-shops__locate");
    assert_eq!(list.asked.get_untracked(), ["locate"]);
    for (reason, said) in [
        (NoPosition::Denied, "没有定位权限"),
        (NoPosition::Unavailable, "拿不到位置"),
        (NoPosition::TimedOut, "太久没有回应"),
    ] {
        list.place.set(Place::Unavailable(reason));
        until(said, || list.mounted.text().contains(said)).await;
        assert!(list.mounted.text().contains("选城市和区域"));
        assert_eq!(ids(&list), ["a"]);
    }
}

#[wasm_bindgen_test]
async fn a_place_that_is_not_exact_counts_nothing_and_says_so() {
    let list = mount(Load::ready(page(vec![north("a", 100.0)])));
    list.place.set(Place::at(HERE, Distance { metres: 5_000.0 }));
    until("it says so", || list.mounted.text().contains("只精确到约")).await;
    let text = list.mounted.text();
    assert!(!text.contains("米内 1 家") && text.contains("共 1 家"), "{text}");
}

#[wasm_bindgen_test]
async fn few_shops_nearby_and_where_there_are_more() {
    let shops = [200.0, 4_000.0, 4_100.0, 4_200.0, 9_000.0];
    let shops = shops.iter().enumerate().map(|(index, metres)| north(&index.to_string(), *metres)).collect();
    let list = mount(Load::ready(page(shops)));
    list.place.set(located());
    until("it says where", || list.mounted.text().contains("最近的一片在徐汇区 4 公里外，有 3 家")).await;
    assert!(list.mounted.text().contains("500 米内 1 家 · 1 公里内 1 家"));
}

#[wasm_bindgen_test]
async fn sections_are_headings_and_fold_nothing_away() {
    let fails = Trust { failures: 4, redemptions: 2, fails_often: true, ..Trust::default() };
    let poor = Shop { trust: fails, ..north("poor", 50.0) };
    let list = mount(Load::ready(page(vec![north("far", 5_000.0), poor, north("near", 300.0), north("walk", 800.0)])));
    list.place.set(located());
    until("nearest first", || ids(&list) == ["near", "poor", "walk", "far"]).await;
    let headings = list.mounted.root.query_selector_all("h3").unwrap();
    let said: Vec<String> = (0..headings.length()).filter_map(|at| headings.get(at)?.text_content()).collect();
    assert_eq!(said, ["500 米内", "1 公里内", "10 公里内"]);
    assert!(list.mounted.text().contains("近 30 天 6 次核销，4 次没成功"));
    assert_eq!(list.mounted.count("[data-shop-id='poor'] .shop-row__why--poor"), 1);
    list.query.update(|query| query.order = ListOrder::LatestChecked);
    until("as the backend ordered them", || ids(&list) == ["far", "poor", "near", "walk"]).await;
    assert!(list.mounted.text().contains("近期核销常失败"));
}

#[wasm_bindgen_test]
async fn a_row_has_one_line_of_why_and_leaves_dates_to_the_sheet() {
    let on = "2026-05-01".parse().unwrap();
    let old = Shop { curation: Some(Curation::new("老店".to_owned(), on)), ..shop("old", "旧") };
    let trust = Trust { staff_tested_on: Some("2026-11-03".parse().unwrap()), ..Trust::default() };
    let tested = Shop { trust, ..shop("tested", "测") };
    let trust = Trust { last_success_at: Some(NOW), redemptions: 1, ..Trust::default() };
    let redeemed = Shop { trust, ..shop("redeemed", "销") };
    let list = mount(Load::ready(page(vec![old, tested, redeemed])));
    let said = |id: &str| {
        let row = list.mounted.root.query_selector(&format!("[data-shop-id='{id}']")).unwrap().unwrap();
        row.text_content().unwrap()
    };
    assert!(said("old").ends_with("老店"), "{}", said("old"));
    for id in ["old", "tested", "redeemed"] {
        assert!(!["核实", "核销", "测试", "精选"].iter().any(|word| said(id).contains(word)), "{}", said(id));
    }
}

#[wasm_bindgen_test]
async fn a_row_names_the_street_where_near_and_the_district_elsewhere_and_what_a_visit_saves() {
    let address = Some("武康路 210 号".to_owned());
    let near = Shop { address: address.clone(), ..north("near", 300.0) };
    let far = Shop { address, ..north("far", 5_000.0) };
    let list = mount(Load::ready(page(vec![near, far])));
    let said = |id: &str, part: &str| {
        let selector = format!("[data-shop-id='{id}'] .shop-row__{part}");
        plain(&list.mounted.root.query_selector(&selector).unwrap().unwrap())
    };
    assert_eq!(said("near", "about"), "咖啡 · 徐汇区 · ¥42/人");
    list.place.set(located());
    until("the street is named", || said("near", "about") == "咖啡 · 武康路 · ¥42/人").await;
    assert_eq!(said("far", "about"), "咖啡 · 徐汇区 · ¥42/人");
    assert_eq!((said("near", "distance"), said("near", "saving")), ("300 米".to_owned(), "约省 ¥5.04".to_owned()));
}

#[wasm_bindgen_test]
async fn closed_reads_as_closed_and_comes_after_open() {
    let hours = |hours: i64| NOW.plus_millis(hours * 3_600_000);
    let closed =
        |until: Option<UnixMillis>, id: &str, metres| Shop { open: OpenState::Closed { until }, ..north(id, metres) };
    let open = Shop { open: OpenState::Open { until: Some(hours(2)) }, ..north("open", 400.0) };
    let list = mount(Load::ready(page(vec![
        closed(Some(NOW.plus_millis(25 * 60_000)), "soon", 100.0),
        closed(Some(hours(2)), "today", 110.0),
        closed(Some(hours(10)), "tomorrow", 120.0),
        closed(Some(hours(40)), "later", 130.0),
        closed(None, "unknown", 140.0),
        open,
    ])));
    list.place.set(located());
    until("open shops come first", || ids(&list) == ["open", "soon", "today", "tomorrow", "later", "unknown"]).await;
    let said = |id: &str| {
        let state = list.mounted.root.query_selector(&format!("[data-shop-id='{id}'] .shop-row__open"));
        plain(&state.unwrap().unwrap())
    };
    // It is 20:00 on a Sunday in Shanghai.
    for (id, state) in [
        ("open", "营业至 22:00"),
        ("soon", "休息中 · 26 分钟后开"),
        ("today", "休息中 · 22:00 开"),
        ("tomorrow", "休息中 · 明天 06:00 开"),
        ("later", "休息中 · 周二 12:00 开"),
        ("unknown", "休息中"),
    ] {
        assert_eq!(said(id), state, "{id}");
    }
}

#[wasm_bindgen_test]
async fn what_was_open_is_not_said_to_be_open_for_ever() {
    let open = Shop { open: OpenState::Open { until: Some(NOW.plus_millis(60_000)) }, ..shop("a", "甲") };
    let list = mount(Load::ready(page(vec![open])));
    assert!(list.mounted.text().contains("营业至"));
    list.now.set(Some(NOW.plus_millis(60_000)));
    until("it is not known any more", || !list.mounted.text().contains("营业至")).await;
}

#[wasm_bindgen_test]
async fn however_many_shops_there_are_the_document_holds_sixty_rows() {
    let shops = (0..2_000).map(|index| shop(&format!("s{index}"), &format!("第{index}家"))).collect();
    let list = mount(Load::ready(page(shops)));
    let rows = || list.mounted.count("[data-testid='shop-row']");
    until("rows are there", || rows() >= 30).await;
    let window = leptos::prelude::window();
    for target in [3_000, 60_000, 120_000, 1_000_000, 0] {
        let in_sight = || {
            // Other tests run in parallel and scroll too.
            let shown = list.mounted.hook("shop-list").unwrap();
            let start = shown.get_bounding_client_rect().top() + window.scroll_y().unwrap();
            window.scroll_to_with_x_and_y(0.0, start + f64::from(target));
            let rows = list.mounted.root.query_selector_all("[data-testid='shop-row']").unwrap();
            let screen = window.inner_height().unwrap().as_f64().unwrap();
            (0..rows.length()).any(|at| {
                let row: web_sys::Element = rows.get(at).unwrap().unchecked_into();
                let at = row.get_bounding_client_rect();
                at.top() < screen && at.bottom() > 0.0
            })
        };
        until(&format!("rows are in sight at {target}"), in_sight).await;
        assert!(rows() <= 60, "{} rows", rows());
    }
    assert_eq!(ids(&list)[0], "s0");
}

#[wasm_bindgen_test]
async fn more_is_asked_for_by_itself_and_offered_after_a_failure() {
    let part =
        ShopPage { next_cursor: Some("a".to_owned()), total: 2, shops: vec![shop("a", "甲")], ..ShopPage::default() };
    let list = mount(Load::ready(ShopList::first(part, Ordered::LatestChecked, normalize)));
    until("the end is near", || {
        // Other tests run in parallel and scroll too.
        list.mounted.hook("shop-list").unwrap().scroll_into_view();
        !list.asked.get_untracked().is_empty()
    })
    .await;
    list.more.set(More::Failed);
    until("it is offered", || list.mounted.hook("shop-more").is_some()).await;
    list.asked.set(Vec::new());
    list.mounted.click("[data-testid='shop-more']");
    assert_eq!(list.asked.get_untracked(), ["more"]);
    list.more.set(More::Idle);
    list.shops.set(Load::ready(page(vec![shop("a", "甲"), shop("b", "乙")])));
    until("the last page offers no more", || list.mounted.hook("shop-more").is_none()).await;
    assert_eq!(ids(&list), ["a", "b"]);
}

/// Near a position, the backend sorts shops by a rounded position. Distances are shown once no missing shop
/// can be nearer.
#[wasm_bindgen_test]
async fn rows_stay_as_they_came_until_none_that_is_missing_can_be_nearer() {
    let shops = vec![north("a", 300.0)];
    let first = ShopPage { next_cursor: Some("a".to_owned()), total: 2, shops, ..ShopPage::default() };
    let list = mount(Load::ready(ShopList::first(first.clone(), Ordered::LatestChecked, normalize)));
    list.place.set(located());
    until("as they came", || ids(&list) == ["a"]).await;
    list.asked.set(Vec::new());
    list.shops.set(Load::ready(ShopList::first(first, Ordered::Around(HERE.coarse()), normalize)));
    until("more are asked for", || list.asked.get_untracked().contains(&"more".to_owned())).await;
    assert_eq!(ids(&list), ["a"], "what is on screen stays");
    assert!(!list.mounted.text().contains("米内"), "{}", list.mounted.text());
    list.shops.update(|shops| {
        if let Load::Ready { value, .. } = shops {
            value.append(ShopPage { shops: vec![north("b", 200.0)], total: 2, ..ShopPage::default() }, normalize);
        }
    });
    until("all have come", || ids(&list) == ["b", "a"]).await;
    assert!(list.mounted.text().contains("500 米内 2 家"));
}

/// A next page in another order would omit shops.
#[wasm_bindgen_test]
async fn another_order_counts_nothing_as_known() {
    let shops = vec![north("near", 300.0), north("far", 9_000.0)];
    let part = ShopPage { next_cursor: Some("far".to_owned()), total: 1_000, shops, ..ShopPage::default() };
    let list = mount(Load::ready(ShopList::first(part, Ordered::LatestChecked, normalize)));
    list.place.set(located());
    until("the place is taken in", || list.mounted.count(".nearby-shops__locate[aria-pressed='true']") == 1).await;
    assert_eq!(ids(&list), ["near", "far"], "both stay as they came");
    assert!(!list.mounted.text().contains("米内") && !list.mounted.text().contains("这附近店不多"));
}

#[wasm_bindgen_test]
async fn under_filters_the_heading_says_how_many_pass() {
    let list = mount(Load::ready(page(vec![north("a", 5_000.0)])));
    list.place.set(located());
    until("density", || list.mounted.text().contains("500 米内 0 家")).await;
    list.query.update(|query| query.filter.text = "a".to_owned());
    until("what passes", || list.mounted.text().contains("共 1 家")).await;
    assert!(!list.mounted.text().contains("米内 0 家"));
}

#[wasm_bindgen_test]
async fn a_place_that_cannot_be_renewed_stays_and_says_so() {
    let list = mount(Load::ready(page(vec![north("a", 300.0)])));
    list.place.set(located().with_pending_request());
    until("it is being looked for", || list.mounted.text().contains("定位中")).await;
    assert!(list.mounted.text().contains("500 米内 1 家"));
    list.place.set(located().with_failure(NoPosition::TimedOut));
    until("it says so", || list.mounted.text().contains("太久没有回应")).await;
    assert!(list.mounted.text().contains("500 米内 1 家"));
    let known = Place::Known { position: HERE, accuracy: Distance { metres: 20.0 }, renewal: Renewal::None };
    assert_eq!(located(), known);
}

#[wasm_bindgen_test]
fn hostile_names_stay_text_in_their_row() {
    let names = ["<script>alert(1)</script>", "\u{202e}反向", "🍜🍜🍜", "ＦＵＬＬ"];
    let shops = names.iter().enumerate().map(|(index, name)| shop(&index.to_string(), name)).collect();
    let list = mount(Load::ready(page(shops)));
    assert_eq!(list.mounted.count("script"), 0);
    for name in names {
        assert!(list.mounted.text().contains(name));
    }
}

#[wasm_bindgen_test]
async fn unmounted_drops_what_was_being_typed() {
    let list = mount(Load::ready(page(vec![shop("a", "甲")])));
    let input: web_sys::HtmlInputElement = list.mounted.hook("shop-search").unwrap().unchecked_into();
    input.set_value("咖啡");
    input.dispatch_event(&web_sys::Event::new("input").unwrap()).unwrap();
    let query = list.query;
    let root = list.mounted.unmount();
    assert_eq!(root.child_element_count(), 0);
    // Longer than the pause after which the search text applies.
    let start = js_sys::Date::now();
    until("the pause is over", || js_sys::Date::now() - start > 300.0).await;
    assert!(query.with_untracked(|query| query.filter.text.is_empty()));
}
