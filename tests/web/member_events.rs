//! The members-only events: the list on the page and an event's sheet.

use member_domain::{
    City, Place, UnixMillis, Wgs84,
    wire::{MemberEvent, MemberEventList, ProblemKind, SignUp, SignUpState},
};
use member_page::prelude::*;
use member_page::{
    api::ApiError,
    features::member_events::{EventSheet, MemberEvents, SignUpStep},
    i18n::{Language, Locale},
    load::Load,
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{Mounted, NOW, until};

const HOUR: i64 = 3_600_000;

/// An event on Monday, 2026-11-23, at 20:00 in Shanghai.
fn event(id: &str) -> MemberEvent {
    MemberEvent {
        id: id.to_owned(),
        title: format!("杯测夜 {id}"),
        about: Some("带上自己的杯子".to_owned()),
        city: City::Shanghai,
        venue: "梧桐里手冲".to_owned(),
        district: Some("徐汇区".to_owned()),
        address: Some("安福路 253 号".to_owned()),
        place: Some(Place::Wgs84(Wgs84 { lat: 31.23, lng: 121.47 })),
        shop_id: Some("sh-wutongli-coffee".to_owned()),
        starts_at: NOW.plus_millis(24 * HOUR),
        ends_at: Some(NOW.plus_millis(26 * HOUR)),
        seats: 20,
        seats_left: 2,
        waiting: 0,
        sign_up: SignUp { state: SignUpState::None, position: None },
    }
}

fn full(id: &str, state: SignUpState, position: Option<u32>) -> MemberEvent {
    MemberEvent { seats_left: 0, waiting: 3, sign_up: SignUp { state, position }, ..event(id) }
}

fn seated(id: &str) -> MemberEvent {
    MemberEvent { sign_up: SignUp { state: SignUpState::Seat, position: None }, ..event(id) }
}

fn list(events: Vec<MemberEvent>) -> Load<MemberEventList> {
    Load::ready(MemberEventList { events, server_time: NOW })
}

struct Page {
    mounted: Mounted,
    events: RwSignal<Load<MemberEventList>>,
    city: RwSignal<City>,
    asked: RwSignal<Vec<String>>,
}

fn mount(events: Load<MemberEventList>) -> Page {
    let (events, city) = (RwSignal::new(events), RwSignal::new(City::Shanghai));
    let asked = RwSignal::new(Vec::new());
    let on_choose = Callback::new(move |id: String| asked.update(|asked| asked.push(id)));
    let on_retry = Callback::new(move |()| asked.update(|asked| asked.push("retry".to_owned())));
    let mounted = Mounted::new(move || {
        let now = Signal::stored(Some(NOW));
        view! { <MemberEvents events city now on_choose on_retry /> }
    });
    Page { mounted, events, city, asked }
}

impl Page {
    fn rows(&self) -> u32 {
        self.mounted.count("[data-testid='event-row']")
    }
}

#[wasm_bindgen_test]
async fn their_place_is_kept_until_it_is_known_that_there_is_nothing_to_show() {
    let page = mount(Load::Loading);
    assert_eq!(page.mounted.count("[aria-busy='true'] i"), 1);
    page.events.set(list(Vec::new()));
    until("it is taken in", || page.mounted.text().is_empty()).await;
    page.events.set(Load::Failed(ApiError::Problem(ProblemKind::Unauthorized)));
    until("it is taken in", || page.events.with_untracked(|events| events.value().is_none())).await;
    assert_eq!(page.mounted.text(), "");
}

#[wasm_bindgen_test]
async fn a_failure_is_one_line_with_a_retry() {
    let page = mount(Load::Failed(ApiError::Unreachable));
    assert!(page.mounted.text().contains("暂时看不了"));
    page.mounted.click("button");
    assert_eq!(page.asked.get_untracked(), ["retry"]);
    page.events.set(list(vec![event("a")]));
    until("the event shows", || page.rows() == 1).await;
    page.events.update(|events| events.settle(Err(ApiError::Unreachable)));
    until("it is stale", || page.events.with_untracked(Load::is_stale)).await;
    assert_eq!(page.rows(), 1, "a failure blanks nothing");
}

#[wasm_bindgen_test]
async fn a_row_says_what_when_where_the_seats_and_where_the_member_stands() {
    let events = vec![event("a"), full("b", SignUpState::Waiting, Some(2)), seated("c")];
    let page = mount(list(events));
    page.mounted.click("[data-testid='events-all']");
    until("all show", || page.rows() == 3).await;
    let text = page.mounted.text();
    for part in [
        "杯测夜 a",
        "11月23日 周一 20:00",
        "梧桐里手冲 · 徐汇区",
        "余 2 席",
        "已满 · 3 人候补",
        "候补第 2 位",
        "已报名",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    page.mounted.click("[data-event-id='b'] button");
    assert_eq!(page.asked.get_untracked(), ["b"]);
}

#[wasm_bindgen_test]
async fn one_shows_then_all_then_one() {
    let page = mount(list(["a", "b", "c", "d", "e"].map(event).to_vec()));
    assert_eq!(page.rows(), 1);
    assert!(page.mounted.text().contains("全部 5 场"));
    page.mounted.click("[data-testid='events-all']");
    until("all show", || page.rows() == 5).await;
    page.mounted.click("[data-testid='events-all']");
    until("one shows", || page.rows() == 1).await;
    page.events.set(list(vec![event("a")]));
    until("there are no others", || page.mounted.hook("events-all").is_none()).await;
}

#[wasm_bindgen_test]
fn the_members_own_booking_comes_first() {
    let page = mount(list(vec![event("a"), full("b", SignUpState::None, None), seated("c")]));
    let row = page.mounted.hook("event-row").unwrap();
    assert_eq!(row.get_attribute("data-event-id").as_deref(), Some("c"));
    assert!(row.text_content().unwrap().contains("已报名"));
}

#[wasm_bindgen_test]
async fn only_those_of_the_city_that_are_not_over() {
    let elsewhere = MemberEvent { city: City::Hangzhou, ..event("hz") };
    let over = MemberEvent { starts_at: NOW.plus_millis(-3 * HOUR), ends_at: Some(NOW), ..event("over") };
    let page = mount(list(vec![over, event("sh"), elsewhere]));
    assert_eq!(page.rows(), 1);
    assert!(page.mounted.text().contains("杯测夜 sh"));
    page.city.set(City::Hangzhou);
    until("the other city's shows", || page.mounted.text().contains("杯测夜 hz")).await;
    page.city.set(City::Guangzhou);
    until("nothing shows", || page.mounted.text().is_empty()).await;
}

#[wasm_bindgen_test]
async fn a_changed_event_changes_in_its_row() {
    let page = mount(list(vec![event("a")]));
    let row = page.mounted.hook("event-row").unwrap();
    page.events.set(list(vec![MemberEvent { seats_left: 1, ..seated("a") }]));
    until("the row follows", || row.text_content().unwrap().contains("余 1 席")).await;
    assert!(row.text_content().unwrap().contains("已报名"));
    assert!(row.is_connected(), "the row was kept, not built anew");
}

#[wasm_bindgen_test]
fn hostile_titles_stay_text() {
    let title = "<script>alert(1)</script>\u{202e}🍜".to_owned();
    let page = mount(list(vec![MemberEvent { title: title.clone(), venue: "<b>x</b>".to_owned(), ..event("a") }]));
    assert_eq!(page.mounted.count("script, b"), 0);
    assert!(page.mounted.text().contains(&title));
    assert_eq!(page.mounted.unmount().child_element_count(), 0);
}

struct Sheet {
    mounted: Mounted,
    event: RwSignal<Load<MemberEvent>>,
    now: RwSignal<Option<UnixMillis>>,
    step: RwSignal<SignUpStep>,
    asked: RwSignal<Vec<String>>,
}

fn open_in(locale: Locale, event: Load<MemberEvent>) -> Sheet {
    let (event, now, step) = (RwSignal::new(event), RwSignal::new(Some(NOW)), RwSignal::new(SignUpStep::Ready));
    let asked = RwSignal::new(Vec::new());
    let note = move |what: &'static str| Callback::new(move |()| asked.update(|asked| asked.push(what.to_owned())));
    let on_shop = Callback::new(move |id: String| asked.update(|asked| asked.push(id)));
    let mounted = Mounted::new(move || {
        provide_context(Language::fixed(locale));
        view! {
            <EventSheet
                event
                now
                step
                on_sign_up=note("sign up")
                on_cancel=note("cancel")
                on_shop
                on_retry=note("retry")
                on_close=note("close")
            />
        }
    });
    Sheet { mounted, event, now, step, asked }
}

fn open(event: MemberEvent) -> Sheet {
    open_in(Locale::ZhHans, Load::ready(event))
}

impl Sheet {
    fn label(&self, hook: &str) -> Option<String> {
        self.mounted.hook(hook)?.text_content()
    }

    fn click(&self, hook: &str) {
        self.mounted.click(&format!("[data-testid='{hook}']"));
    }

    fn is_off(&self, hook: &str) -> bool {
        self.mounted.hook(hook).unwrap().has_attribute("disabled")
    }
}

#[wasm_bindgen_test]
fn the_sheet_says_everything_about_it() {
    let sheet = open(event("a"));
    let text = sheet.mounted.text();
    for part in
        ["杯测夜 a", "11月23日 周一 20:00–22:00", "梧桐里手冲", "安福路", "余 2 席 · 共 20 席", "带上自己的杯子"]
    {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    assert!(sheet.mounted.hook("event-map-amap").is_some());
    sheet.click("event-shop");
    assert_eq!(sheet.asked.get_untracked(), ["sh-wutongli-coffee"]);
    let english = open_in(Locale::En, Load::ready(event("a")));
    assert!(english.mounted.text().contains("Mon, Nov 23, 20:00–22:00"), "{}", english.mounted.text());
    assert_eq!(english.label("event-sign-up").as_deref(), Some("Sign up"));
}

#[wasm_bindgen_test]
async fn signing_up_is_off_while_it_is_on_its_way_and_then_shows_the_seat() {
    let sheet = open(event("a"));
    assert_eq!(sheet.label("event-sign-up").as_deref(), Some("报名"));
    sheet.click("event-sign-up");
    assert_eq!(sheet.asked.get_untracked(), ["sign up"]);
    sheet.step.set(SignUpStep::Pending);
    until("the button is off", || sheet.is_off("event-sign-up")).await;
    sheet.click("event-sign-up");
    assert_eq!(sheet.asked.with_untracked(Vec::len), 1);
    sheet.event.set(Load::ready(seated("a")));
    sheet.step.set(SignUpStep::Ready);
    until("the seat shows", || sheet.mounted.text().contains("已报名")).await;
    assert_eq!(sheet.label("event-cancel").as_deref(), Some("取消报名"));
    assert!(sheet.mounted.hook("event-sign-up").is_none());
}

#[wasm_bindgen_test]
fn a_full_event_offers_its_waiting_list() {
    let sheet = open(full("a", SignUpState::None, None));
    assert_eq!(sheet.label("event-sign-up").as_deref(), Some("加入候补"));
    let waiting = open(full("a", SignUpState::Waiting, Some(2)));
    assert!(waiting.mounted.text().contains("候补第 2 位"));
    assert_eq!(waiting.label("event-cancel").as_deref(), Some("退出候补"));
}

#[wasm_bindgen_test]
async fn cancelling_asks_once_more() {
    let sheet = open(seated("a"));
    sheet.click("event-cancel");
    until("it asks", || sheet.mounted.text().contains("确定取消")).await;
    assert!(sheet.asked.with_untracked(Vec::is_empty));
    sheet.click("event-keep");
    until("nothing has happened", || !sheet.mounted.text().contains("确定取消")).await;
    sheet.click("event-cancel");
    until("it asks again", || sheet.mounted.hook("event-keep").is_some()).await;
    sheet.click("event-cancel");
    assert_eq!(sheet.asked.get_untracked(), ["cancel"]);
}

fn has_focus(hook: &str) -> bool {
    let focused = document().active_element().and_then(|element| element.get_attribute("data-testid"));
    focused.as_deref() == Some(hook)
}

#[wasm_bindgen_test]
async fn the_keyboard_stays_at_the_buttons_while_they_change() {
    let sheet = open(seated("a"));
    let press = |hook: &str| {
        let button: HtmlElement = sheet.mounted.hook(hook).unwrap().unchecked_into();
        button.focus().unwrap();
        button.click();
    };
    until("it is open", || sheet.mounted.count("dialog[open]") == 1).await;
    press("event-cancel");
    until("it is at the answer that changes nothing", || has_focus("event-keep")).await;
    press("event-keep");
    until("it is where it began", || has_focus("event-cancel")).await;
    sheet.step.set(SignUpStep::Pending);
    until("the button is off", || sheet.is_off("event-cancel")).await;
    document().active_element().unwrap().unchecked_into::<HtmlElement>().blur().unwrap();
    sheet.step.set(SignUpStep::Failed(ApiError::Unreachable));
    let on_sheet = || document().active_element().is_some_and(|element| element.class_name() == "sheet__body");
    until("it is on the sheet", on_sheet).await;
}

#[wasm_bindgen_test]
async fn every_failure_is_said_and_can_be_tried_again() {
    let sheet = open(event("a"));
    let cases = [
        (ApiError::Unreachable, "不会重复报名"),
        (ApiError::Problem(ProblemKind::Forbidden), "不能用"),
        (ApiError::Problem(ProblemKind::ProgrammeEnded), "计划"),
        (ApiError::Problem(ProblemKind::Conflict), "已经开始"),
        (ApiError::Problem(ProblemKind::NotFound), "不在了"),
        (ApiError::Unreadable, "稍后重试"),
    ];
    for (error, words) in cases {
        sheet.step.set(SignUpStep::Failed(error));
        until(words, || sheet.mounted.text().contains(words)).await;
        assert!(!sheet.is_off("event-sign-up"));
    }
}

#[wasm_bindgen_test]
async fn once_it_has_begun_there_is_nothing_to_press() {
    let sheet = open(seated("a"));
    sheet.now.set(Some(event("a").starts_at));
    until("it says so", || sheet.mounted.text().contains("已经开始")).await;
    assert!(sheet.mounted.hook("event-cancel").is_none());
}

#[wasm_bindgen_test]
async fn loading_stale_failed_and_unknown_are_states_of_their_own() {
    let sheet = open_in(Locale::ZhHans, Load::Loading);
    assert_eq!(sheet.mounted.count("[aria-busy='true']"), 1);
    sheet.event.set(Load::Failed(ApiError::Unreachable));
    until("it failed", || sheet.mounted.count(".failure") == 1).await;
    sheet.mounted.click(".failure button");
    assert_eq!(sheet.asked.get_untracked(), ["retry"]);
    sheet.event.set(Load::Failed(ApiError::Problem(ProblemKind::NotFound)));
    until("it is unknown", || sheet.mounted.text().contains("没找到这场活动")).await;
    sheet.event.set(Load::Ready { value: event("a"), stale: true });
    until("it is of before", || sheet.mounted.text().contains("暂时连不上")).await;
    assert!(sheet.mounted.hook("event-sign-up").is_some());
    sheet.mounted.click(".sheet__close");
    assert_eq!(sheet.mounted.unmount().child_element_count(), 0);
}
