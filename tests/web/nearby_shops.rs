//! The list of shops.

use leptos::prelude::*;
use member_domain::{
    Category, City, Discount, Place as ShopPlace, Wgs84,
    wire::{Shop, ShopPage},
};
use member_page::{
    api::{ApiError, ShopQuery},
    features::nearby_shops::{NearbyShops, Place},
    load::Load,
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Mounted, shop, until};

struct List {
    mounted: Mounted,
    shops: RwSignal<Load<ShopPage>>,
    query: RwSignal<ShopQuery>,
    place: RwSignal<Place>,
    asked: RwSignal<Vec<String>>,
}

fn mount(shops: Load<ShopPage>) -> List {
    let shops = RwSignal::new(shops);
    let query = RwSignal::new(ShopQuery::all_of(City::Shanghai));
    let place = RwSignal::new(Place::Unasked);
    let asked = RwSignal::new(Vec::<String>::new());
    let note = move |what: &'static str| Callback::new(move |()| asked.update(|asked| asked.push(what.to_owned())));
    let on_choose = Callback::new(move |shop: Shop| asked.update(|asked| asked.push(shop.id)));
    let mounted = Mounted::new(move || {
        view! {
            <NearbyShops
                shops
                query
                place
                on_locate=note("locate")
                on_retry=note("retry")
                on_more=note("more")
                on_choose
            />
        }
        .into_any()
    });
    List { mounted, shops, query, place, asked }
}

fn page(shops: Vec<Shop>) -> ShopPage {
    let total = u32::try_from(shops.len()).unwrap();
    ShopPage { shops, total, ..ShopPage::default() }
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
    for part in ["梧桐里手冲", "8.8 折", "咖啡", "徐汇区", "¥42", "22:00", "精选", "86 篇笔记提到", "11月3日"]
    {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    list.mounted.click("[data-testid='shop-row'] button");
    assert_eq!(list.asked.get_untracked(), ["a"]);
}

#[wasm_bindgen_test]
fn no_evidence_no_badge() {
    let list = mount(Load::ready(page(vec![Shop { curation: None, ..shop("a", "无证据") }])));
    assert_eq!(list.mounted.count(".badge"), 0);
}

#[wasm_bindgen_test]
async fn a_known_place_gives_distances_and_the_exact_order() {
    let far = Shop { place: ShopPlace::Wgs84(Wgs84 { lat: 31.25, lng: 121.47 }), ..shop("far", "远") };
    let near = Shop { place: ShopPlace::Wgs84(Wgs84 { lat: 31.2318, lng: 121.47 }), ..shop("near", "近") };
    let list = mount(Load::ready(page(vec![far, near])));
    assert_eq!(ids(&list), ["far", "near"]);
    list.place.set(Place::Known(Wgs84 { lat: 31.23, lng: 121.47 }));
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
    list.shops.update(|shops| shops.settle(Err(ApiError::Unreachable)));
    until("effects have run", || list.shops.with_untracked(Load::is_stale)).await;
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
    list.query.update(|query| (query.text, query.category) = ("没有".to_owned(), Some(Category::Bar)));
    assert!(list.mounted.hook("shop-empty").is_some());
    list.mounted.click("[data-testid='shop-empty'] button");
    assert_eq!(list.query.get_untracked(), ShopQuery::all_of(City::Shanghai));
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
    until("the text is asked for", || list.query.with_untracked(|query| query.text == "咖啡")).await;
    until("the effect has run again", || asked.get_untracked() > 1).await;
    assert_eq!(asked.get_untracked(), 2, "one question for both keystrokes");
}

/// Half-typed pinyin is no word to look for; the word it becomes is.
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
    assert!(list.query.with_untracked(|query| query.text.is_empty()));
    input.set_value("徐汇");
    input.dispatch_event(&web_sys::CompositionEvent::new("compositionend").unwrap()).unwrap();
    until("the word is asked for", || list.query.with_untracked(|query| query.text == "徐汇")).await;
}

#[wasm_bindgen_test]
async fn chips_filter_and_show_that_they_do() {
    let list = mount(Load::ready(page(vec![shop("a", "甲")])));
    list.mounted.click(".chip:nth-child(2)");
    assert!(list.query.with_untracked(|query| query.open_now));
    list.mounted.click(".chip:nth-child(3)");
    assert_eq!(list.query.with_untracked(|query| query.category), Some(Category::Coffee));
    until("both are pressed", || list.mounted.count(".chip[aria-pressed='true']") == 2).await;
    list.mounted.click(".chip:nth-child(1)");
    until("only the first is pressed", || list.mounted.count(".chip[aria-pressed='true']") == 1).await;
}

#[wasm_bindgen_test]
async fn a_place_that_is_refused_leads_on() {
    let list = mount(Load::ready(page(vec![shop("a", "甲")])));
    list.mounted.click(".nearby-shops__locate");
    assert_eq!(list.asked.get_untracked(), ["locate"]);
    list.place.set(Place::Unavailable);
    until("it says so", || list.mounted.text().contains("按城市看")).await;
}

#[wasm_bindgen_test]
async fn more_is_offered_while_there_is_more() {
    let more = ShopPage { next_cursor: Some("a".to_owned()), ..page(vec![shop("a", "甲")]) };
    let list = mount(Load::ready(more));
    list.mounted.click(".nearby-shops__list + button");
    assert_eq!(list.asked.get_untracked(), ["more"]);
    list.shops.set(Load::ready(page(vec![shop("a", "甲"), shop("b", "乙")])));
    until("the last page offers no more", || list.mounted.count(".nearby-shops__list + button") == 0).await;
    assert_eq!(ids(&list), ["a", "b"]);
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
    // Longer than the pause after which typing is taken over.
    let start = js_sys::Date::now();
    until("the pause is over", || js_sys::Date::now() - start > 300.0).await;
    assert!(query.with_untracked(|query| query.text.is_empty()));
}
