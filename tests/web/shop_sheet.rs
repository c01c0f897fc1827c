//! The sheet of one shop.

use js_sys::{Function, Object, Reflect};
use member_domain::{
    CivilDate, Distance, Fen, RedeemMethod, UnixMillis, VisitKind,
    wire::{Curation, Note, OpenDay, OpenSpan, OpenState, ProblemKind, Shop, Trust},
};
use member_page::prelude::*;
use member_page::{
    api::ApiError,
    features::shop_sheet::ShopSheet,
    i18n::{Language, Locale},
    load::Load,
};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Mounted, NOW, plain, shop, until};

struct Sheet {
    mounted: Mounted,
    shop: RwSignal<Option<Load<Shop>>>,
    favourite: RwSignal<bool>,
    asked: RwSignal<Vec<&'static str>>,
}

fn mount_in(locale: Locale, shop: Option<Load<Shop>>) -> Sheet {
    let (shop, favourite) = (RwSignal::new(shop), RwSignal::new(false));
    let asked = RwSignal::new(Vec::new());
    let note = move |what: &'static str| Callback::new(move |()| asked.update(|asked| asked.push(what)));
    let mounted = Mounted::new(move || {
        provide_context(Language::fixed(locale));
        let on_favourite = Callback::new(move |()| favourite.update(|kept| *kept = !*kept));
        view! {
            <ShopSheet
                shop
                now=Signal::stored(Some(NOW))
                distance=Signal::stored(Some(Distance { metres: 230.0 }))
                favourite
                over=Signal::stored(false)
                on_favourite
                on_show_code=note("code")
                on_retry=note("retry")
                on_close=note("close")
            />
        }
    });
    Sheet { mounted, shop, favourite, asked }
}

fn mount(shop: Shop) -> Sheet {
    mount_in(Locale::ZhHans, Some(Load::ready(shop)))
}

impl Sheet {
    fn said(&self, hook: &str) -> String {
        let element = self.mounted.hook(hook).unwrap_or_else(|| panic!("no {hook}"));
        plain(&element)
    }

    fn says(&self, hook: &str, parts: &[&str]) {
        let said = self.said(hook);
        for part in parts {
            assert!(said.contains(part), "{part} is missing in {said}");
        }
    }

    fn link(&self, hook: &str) -> Option<String> {
        self.mounted.hook(hook).and_then(|element| element.get_attribute("href"))
    }
}

fn day(text: &str) -> CivilDate {
    text.parse().unwrap()
}

/// A shop with all fields. The current time is Sunday, 2026-11-22, 20:00 in Shanghai.
fn full() -> Shop {
    let at = |hour: i64| day("2026-11-22").start_in_shanghai().plus_millis(hour * 3_600_000);
    let curation = Curation {
        note_count: Some(86),
        praise: Some("豆单更新快".to_owned()),
        visited_on: Some(day("2026-10-30")),
        visit: Some(VisitKind::SelfPaid),
        ..Curation::new("本地人复访最多的一家".to_owned(), day("2026-11-03"))
    };
    Shop {
        address: Some("安福路 253 号".to_owned()),
        curation: Some(curation),
        phone: Some("021-6433 1234 转 8".to_owned()),
        discount_rules: Some("每桌一次".to_owned()),
        not_combined_with: Some("团购券".to_owned()),
        notes: vec![
            Note { title: Some("安福路咖啡地图".to_owned()), url: "https://notes.example/1".to_owned() },
            Note { title: None, url: "javascript:alert(1)".to_owned() },
        ],
        week: vec![
            OpenDay { date: day("2026-11-22"), spans: vec![OpenSpan { from: at(11), until: at(22) }] },
            OpenDay { date: day("2026-11-23"), spans: Vec::new() },
            OpenDay { date: day("2026-11-24"), spans: vec![OpenSpan { from: at(48), until: at(72) }] },
        ],
        trust: Trust {
            last_success_at: Some(NOW),
            redemptions: 12,
            failures: 1,
            staff_tested_on: Some(day("2026-11-03")),
            fails_often: false,
        },
        redeem_methods: vec![RedeemMethod::PhoneCamera, RedeemMethod::ShopPin],
        ..shop("a", "梧桐里手冲")
    }
}

#[wasm_bindgen_test]
fn loading_holds_the_place() {
    let sheet = mount_in(Locale::ZhHans, Some(Load::Loading));
    assert_eq!(sheet.mounted.count("[aria-busy='true']"), 1);
    assert!(sheet.mounted.hook("shop-show-code").is_none());
}

#[wasm_bindgen_test]
fn it_says_what_the_card_saves_why_it_was_picked_and_how_redeeming_goes() {
    let sheet = mount(full());
    sheet.says("shop-sheet", &["梧桐里手冲", "咖啡 · 徐汇区 · ¥42/人 · 230", "营业至 22:00"]);
    sheet.says("shop-saving", &["8.8 折", "人均 ¥42，一次约省 ¥5.04", "团购券", "每桌一次"]);
    sheet.says("shop-why", &["精选", "复访最多", "86 篇", "豆单更新快", "10月30日 · 自费探店", "11月3日"]);
    sheet.says("shop-trust", &["近 30 天 13 次核销，1 次没成功", "11月22日", "店员已测试扫码 · 11月3日"]);
    sheet.says("shop-redeem", &["手机相机", "PIN"]);
    assert!(!sheet.said("shop-why").contains("6 个月"));
    assert!(!sheet.said("shop-trust").contains("靠后"));
}

#[wasm_bindgen_test]
fn the_same_in_english() {
    let sheet = mount_in(Locale::En, Some(Load::ready(full())));
    sheet.says("shop-saving", &["12% off", "saves about ¥5.04"]);
    sheet.says("shop-trust", &["Last 30 days: 1 of 13 tries failed"]);
    sheet.says("shop-why", &["paid by us"]);
}

#[wasm_bindgen_test]
fn no_evidence_no_badge_and_old_evidence_is_said_to_be_old() {
    let bare = mount(Shop { curation: None, price_per_person_fen: None, ..shop("a", "无证据") });
    assert_eq!(bare.mounted.count(".badge"), 0);
    bare.says("shop-why", &["还没有公开的依据"]);
    bare.says("shop-trust", &["还没有核销记录"]);
    assert!(!bare.said("shop-trust").contains("测试"), "tested only if it was");
    assert!(!bare.said("shop-saving").contains('¥'), "nothing is made up");
    let old = Curation::new("老店".to_owned(), day("2025-12-01"));
    let old = mount(Shop { curation: Some(old), ..shop("a", "旧") });
    old.says("shop-why", &["2025年12月1日", "超过 6 个月没有核实"]);
}

#[wasm_bindgen_test]
fn a_shop_that_fails_often_says_why_it_stands_behind() {
    let trust = Trust { redemptions: 3, failures: 4, fails_often: true, ..Trust::default() };
    mount(Shop { trust, ..shop("a", "甲") }).says("shop-trust", &["近 30 天 7 次核销，4 次没成功", "排得靠后"]);
}

#[wasm_bindgen_test]
fn what_failed_is_said_of_all_that_was_tried() {
    let cases = [
        (1, 0, "近 30 天 1 次核销，都成功了", "Last 30 days: redeemed once, never failed"),
        (12, 0, "近 30 天 12 次核销，都成功了", "Last 30 days: redeemed 12 times, never failed"),
        (0, 1, "近 30 天 1 次核销，1 次没成功", "Last 30 days: tried once, failed"),
        (1, 1, "近 30 天 2 次核销，1 次没成功", "Last 30 days: 1 of 2 tries failed"),
    ];
    for (redemptions, failures, chinese, english) in cases {
        let trust = Trust { redemptions, failures, ..Trust::default() };
        for (locale, said) in [(Locale::ZhHans, chinese), (Locale::En, english)] {
            let sheet = mount_in(locale, Some(Load::ready(Shop { trust, ..shop("a", "甲") })));
            let line = sheet.mounted.root.query_selector("[data-testid='shop-trust'] p").unwrap().unwrap();
            assert_eq!(line.text_content().as_deref(), Some(said));
        }
    }
}

#[wasm_bindgen_test]
fn the_week_marks_today_and_what_cannot_be_read_stands_as_written() {
    let sheet = mount(full());
    let today = sheet.mounted.root.query_selector("[aria-current='date']").unwrap().unwrap();
    assert_eq!(today.text_content().unwrap(), "今天11:00–22:00");
    sheet.says("shop-week", &["周一休息", "周二24 小时"]);
    let written = Shop { opening_hours: Some("看心情".to_owned()), open: OpenState::Unknown, ..shop("a", "甲") };
    mount(written).says("shop-week", &["看心情", "原文"]);
}

/// A list tells whether a shop is open. Only the full answer has its week.
#[wasm_bindgen_test]
async fn until_the_week_is_known_its_place_is_kept_and_today_is_said() {
    let published = Some("Mo-Su 11:00-22:00".to_owned());
    let sheet = mount(Shop { opening_hours: published.clone(), ..shop("a", "甲") });
    assert_eq!(sheet.said("shop-week"), "营业至 22:00");
    sheet.shop.set(Some(Load::ready(Shop { opening_hours: published, ..full() })));
    until("the week shows", || sheet.said("shop-week").contains("周一休息")).await;
    assert!(!sheet.said("shop-week").contains("营业至"));
}

#[wasm_bindgen_test]
fn links_lead_to_maps_phone_and_notes_and_nothing_else() {
    let sheet = mount(full());
    assert_eq!(sheet.link("shop-phone").as_deref(), Some("tel:02164331234"));
    let name = String::from(js_sys::encode_uri_component("梧桐里手冲"));
    let amap = format!("https://uri.amap.com/marker?position=121.473700,31.230400&name={name}&coordinate=gaode");
    assert_eq!(sheet.link("shop-map-amap"), Some(amap));
    assert_eq!(sheet.link("shop-map-apple"), Some(format!("https://maps.apple.com/?ll=31.230400,121.473700&q={name}")));
    let geo = sheet.link("shop-map-geo").unwrap();
    assert!(geo.starts_with("geo:31.23") && !geo.contains("31.230400"), "WGS 84: {geo}");
    assert_eq!(sheet.mounted.count("a[data-testid='shop-note']"), 1, "a script is no link");
    let note = sheet.mounted.hook("shop-note").unwrap();
    assert_eq!(note.get_attribute("rel").as_deref(), Some("noopener noreferrer"));
    assert_eq!(note.get_attribute("target").as_deref(), Some("_blank"));
    sheet.says("shop-why", &["笔记 2"]);
}

/// Runs `act` while an app around the page takes links over. Returns the offered links and whether the page
/// continued.
fn with_host(act: impl FnOnce()) -> (Vec<String>, bool) {
    let offered = RwSignal::new(Vec::new());
    let take = Closure::<dyn FnMut(web_sys::CustomEvent)>::new(move |event: web_sys::CustomEvent| {
        let url = Reflect::get(&event.detail(), &"url".into()).unwrap().as_string().unwrap();
        offered.update(|offered| offered.push(url));
        event.prevent_default();
    });
    let went_on = RwSignal::new(false);
    let watch = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
        went_on.set(!event.default_prevented());
        event.prevent_default();
    });
    let (take, watch): (&Function, &Function) = (take.as_ref().unchecked_ref(), watch.as_ref().unchecked_ref());
    document().add_event_listener_with_callback("open-link", take).unwrap();
    window().add_event_listener_with_callback("click", watch).unwrap();
    act();
    document().remove_event_listener_with_callback("open-link", take).unwrap();
    window().remove_event_listener_with_callback("click", watch).unwrap();
    (offered.get_untracked(), went_on.get_untracked())
}

#[wasm_bindgen_test]
fn an_app_around_the_page_may_open_links_itself() {
    let sheet = mount(full());
    let (offered, went_on) = with_host(|| sheet.mounted.click("[data-testid='shop-note']"));
    assert_eq!(offered, ["https://notes.example/1"]);
    assert!(!went_on, "the page does nothing more");
}

/// Replaces a part of `navigator` with `value` until dropped.
struct Replaced(&'static str);

impl Replaced {
    fn new(name: &'static str, value: &JsValue) -> Self {
        let descriptor = Object::new();
        Reflect::set(&descriptor, &"value".into(), value).unwrap();
        Reflect::set(&descriptor, &"configurable".into(), &true.into()).unwrap();
        Reflect::define_property(&window().navigator(), &name.into(), &descriptor).unwrap();
        Self(name)
    }
}

impl Drop for Replaced {
    fn drop(&mut self) {
        Reflect::delete_property(&window().navigator().into(), &self.0.into()).unwrap();
    }
}

/// A clipboard that stores copied text in `written`, or refuses.
fn clipboard(body: &str) -> Replaced {
    let clipboard = Object::new();
    Reflect::set(&clipboard, &"writeText".into(), &Function::new_with_args("text", body)).unwrap();
    Replaced::new("clipboard", &clipboard)
}

const KEEPS: &str = "globalThis.written = text; return Promise.resolve()";
const REFUSES: &str = "return Promise.reject(new DOMException('no', 'NotAllowedError'))";

fn written() -> String {
    Reflect::get(&js_sys::global(), &"written".into()).unwrap().as_string().unwrap_or_default()
}

#[wasm_bindgen_test]
async fn the_address_is_copied_and_that_is_said() {
    let _clipboard = clipboard(KEEPS);
    let sheet = mount(full());
    assert_eq!(sheet.said("shop-copy"), "复制");
    sheet.mounted.click("[data-testid='shop-copy']");
    until("it says so", || sheet.said("shop-copy") == "已复制").await;
    assert_eq!(written(), "徐汇区安福路 253 号");
    announces_again(&sheet, "shop-copy", "shop-copy-outcome", "已复制").await;
}

/// The announcement is beside the button, because a button's content is its name. A repeated outcome is
/// announced again.
async fn announces_again(sheet: &Sheet, button: &str, outcome: &str, said: &str) {
    let region = sheet.mounted.hook(outcome).unwrap();
    assert_eq!(region.get_attribute("role").as_deref(), Some("status"));
    assert!(region.closest("button").unwrap().is_none());
    assert_eq!(sheet.said(outcome), said);
    let watch = "globalThis.changes = 0;
        const count = changes => { globalThis.changes += changes.length };
        new MutationObserver(count).observe(region, { childList: true, characterData: true, subtree: true })";
    Function::new_with_args("region", watch).call1(&JsValue::NULL, &region).unwrap();
    sheet.mounted.click(&format!("[data-testid='{button}']"));
    let changes = || Reflect::get(&js_sys::global(), &"changes".into()).unwrap().as_f64().unwrap();
    until("it is said again", || changes() > 1.0 && sheet.said(outcome) == said).await;
}

#[wasm_bindgen_test]
async fn a_refused_copy_selects_the_address_and_says_so() {
    let _clipboard = clipboard(REFUSES);
    let sheet = mount(full());
    sheet.mounted.click("[data-testid='shop-copy']");
    until("it says so", || sheet.said("shop-visit").contains("没能复制")).await;
    let selected = window().get_selection().unwrap().unwrap().to_string();
    assert_eq!(String::from(selected), "徐汇区安福路 253 号");
}

#[wasm_bindgen_test]
async fn without_a_share_sheet_the_link_is_copied_or_else_shown() {
    let _share = Replaced::new("share", &JsValue::UNDEFINED);
    let link = format!("{}#shop/a%2Fb", window().location().href().unwrap().split(['?', '#']).next().unwrap());
    let copying = clipboard(KEEPS);
    let sheet = mount(Shop { id: "a/b".to_owned(), ..full() });
    sheet.mounted.click("[data-testid='shop-share']");
    until("it says so", || sheet.said("shop-share") == "链接已复制").await;
    assert_eq!(written(), link);
    announces_again(&sheet, "shop-share", "shop-share-outcome", "链接已复制").await;
    drop(copying);
    let _refusing = clipboard(REFUSES);
    sheet.mounted.click("[data-testid='shop-share']");
    until("the link shows", || sheet.said("shop-sheet").contains(&link)).await;
}

#[wasm_bindgen_test]
async fn closing_the_share_sheet_is_no_failure() {
    let body = "globalThis.written = data.url; return Promise.reject(new DOMException('', 'AbortError'))";
    let _share = Replaced::new("share", &Function::new_with_args("data", body));
    let _clipboard = clipboard("globalThis.written = 'copied'");
    let sheet = mount(full());
    sheet.mounted.click("[data-testid='shop-share']");
    until("it was offered", || written().ends_with("#shop/a")).await;
    assert_eq!(sheet.said("shop-share"), "分享");
}

#[wasm_bindgen_test]
async fn the_favourite_follows_what_is_kept() {
    let sheet = mount(full());
    let pressed = || sheet.mounted.hook("shop-favourite").unwrap().get_attribute("aria-pressed").unwrap();
    assert_eq!(pressed(), "false");
    sheet.mounted.click("[data-testid='shop-favourite']");
    until("it is pressed", || pressed() == "true").await;
    assert!(sheet.favourite.get_untracked());
}

#[wasm_bindgen_test]
fn the_button_shows_the_code_here() {
    let sheet = mount(full());
    sheet.mounted.click("[data-testid='shop-show-code']");
    assert_eq!(sheet.asked.get_untracked(), ["code"]);
}

#[wasm_bindgen_test]
fn a_shop_that_has_left_says_so_and_offers_no_code() {
    let left = mount(Shop { left_on: Some(day("2026-11-20")), ..full() });
    left.says("shop-sheet", &["11月20日 起不再参加"]);
    assert!(left.mounted.hook("shop-show-code").is_none());
    let leaving = mount(Shop { left_on: Some(day("2026-12-20")), ..full() });
    leaving.says("shop-sheet", &["12月20日 起不再参加"]);
    assert!(leaving.mounted.hook("shop-show-code").is_some());
}

#[wasm_bindgen_test]
async fn the_full_answer_takes_the_place_of_what_the_list_knew() {
    let sheet = mount(shop("a", "梧桐里手冲"));
    assert!(sheet.mounted.hook("shop-phone").is_none());
    sheet.shop.set(Some(Load::ready(full())));
    until("the phone shows", || sheet.mounted.hook("shop-phone").is_some()).await;
    sheet.shop.update(|shop| shop.as_mut().unwrap().settle(Err(ApiError::Unreachable)));
    until("it says that it is of before", || sheet.said("shop-sheet").contains("暂时连不上")).await;
    assert!(sheet.mounted.hook("shop-phone").is_some(), "a failure blanks nothing");
    sheet.mounted.click(".offline-note__retry");
    assert_eq!(sheet.asked.get_untracked(), ["retry"]);
}

#[wasm_bindgen_test]
fn failed_offers_a_retry_except_where_there_is_no_such_shop() {
    let sheet = mount_in(Locale::ZhHans, Some(Load::Failed(ApiError::Unreachable)));
    sheet.mounted.click(".failure button");
    assert_eq!(sheet.asked.get_untracked(), ["retry"]);
    let none = mount_in(Locale::ZhHans, Some(Load::Failed(ApiError::Problem(ProblemKind::NotFound))));
    none.says("shop-sheet", &["没找到这家店"]);
    assert_eq!(none.mounted.count(".failure"), 0);
}

#[wasm_bindgen_test]
fn hostile_texts_stay_texts() {
    let evil = "<img src=x onerror=alert(1)>".to_owned();
    let names = [evil.clone(), "\u{202e}反向".to_owned(), "🍜".repeat(40), "长".repeat(300)];
    for name in names {
        let sheet = mount(Shop {
            name: name.clone(),
            address: Some(evil.clone()),
            discount_rules: Some(evil.clone()),
            phone: Some(evil.clone()),
            curation: Some(Curation::new(evil.clone(), day("2026-11-03"))),
            notes: vec![Note { title: Some(evil.clone()), url: "data:text/html,<b>".to_owned() }],
            ..full()
        });
        sheet.says("shop-sheet", &[&name, &evil]);
        assert_eq!(sheet.mounted.count("img, b"), 0);
        assert_eq!(sheet.link("shop-phone"), None);
        assert_eq!(sheet.link("shop-note"), None);
        let dialog = sheet.mounted.hook("shop-sheet").unwrap();
        assert!(dialog.scroll_width() <= dialog.client_width(), "it stays within its sheet");
    }
}

#[wasm_bindgen_test]
fn closes_and_leaves_nothing() {
    let sheet = mount(Shop { price_per_person_fen: Some(Fen(0)), ..full() });
    sheet.mounted.click(".sheet__close");
    assert_eq!(sheet.asked.get_untracked(), ["close"]);
    assert_eq!(sheet.mounted.unmount().child_element_count(), 0);
}

/// An opening time must not stay on screen after it has passed.
#[wasm_bindgen_test]
async fn an_opening_time_that_has_passed_is_no_longer_promised() {
    let (now, shop) = (RwSignal::new(Some(NOW)), RwSignal::new(Some(Load::ready(full()))));
    let nothing = Callback::new(|()| {});
    let mounted = Mounted::new(move || {
        view! {
            <ShopSheet
                shop
                now
                distance=Signal::stored(None)
                favourite=Signal::stored(false)
                over=Signal::stored(true)
                on_favourite=nothing
                on_show_code=nothing
                on_retry=nothing
                on_close=nothing
            />
        }
    });
    assert!(mounted.text().contains("营业至 22:00"));
    assert!(mounted.hook("shop-show-code").is_none(), "the programme is over, so that there is no code to show");
    now.set(Some(UnixMillis(NOW.0 + 8_000_000)));
    until("it is gone", || !mounted.text().contains("营业至")).await;
}
