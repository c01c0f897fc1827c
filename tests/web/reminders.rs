//! Reminders below the banner.

use member_domain::{
    City, CivilDate, ProgrammePhase, UnixMillis,
    wire::{MeAnswer, MemberEvent, MemberEventList, SignUp, SignUpState},
};
use member_page::prelude::*;
use member_page::{features::reminders::Reminders, load::Load};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Mounted, NOW, member, until};

struct Page {
    me: RwSignal<Load<MeAnswer>>,
    events: RwSignal<Load<MemberEventList>>,
    today: RwSignal<Option<CivilDate>>,
    chosen: RwSignal<Option<String>>,
}

impl Page {
    fn on(today: &str) -> Self {
        Self {
            me: RwSignal::new(Load::ready(member())),
            events: RwSignal::new(Load::Loading),
            today: RwSignal::new(today.parse().ok()),
            chosen: RwSignal::new(None),
        }
    }

    fn mount(&self) -> Mounted {
        let Self { me, events, today, chosen } = *self;
        let on_event = Callback::new(move |id| chosen.set(Some(id)));
        Mounted::new(move || view! { <Reminders me events today on_event /> })
    }
}

fn event(state: SignUpState, starts_at: UnixMillis) -> MemberEvent {
    MemberEvent {
        id: "tasting".to_owned(),
        title: "<b>品鉴</b>".to_owned(),
        about: None,
        city: City::Shanghai,
        venue: "店".to_owned(),
        district: None,
        address: None,
        place: None,
        shop_id: None,
        starts_at,
        ends_at: None,
        seats: 10,
        seats_left: 3,
        waiting: 0,
        sign_up: SignUp { state, position: None },
    }
}

#[wasm_bindgen_test]
fn nothing_far_off_is_told_and_nothing_while_today_is_not_known() {
    assert_eq!(Page::on("2026-11-22").mount().root.child_element_count(), 0);
    let page = Page::on("2027-08-24");
    page.today.set(None);
    assert_eq!(page.mount().root.child_element_count(), 0);
}

#[wasm_bindgen_test]
async fn the_cards_last_days_are_counted_and_today_and_tomorrow_said_in_words() {
    let page = Page::on("2027-08-10");
    let reminders = page.mount();
    assert!(reminders.text().contains("还有 14 天"), "{}", reminders.text());
    for (day, words) in [("2027-08-23", "明天（8月24日）"), ("2027-08-24", "今天（8月24日）")] {
        page.today.set(day.parse().ok());
        until(words, || reminders.text().contains(words)).await;
    }
    page.today.set("2027-08-25".parse().ok());
    until("it is over", || reminders.hook("reminder").is_none()).await;
}

#[wasm_bindgen_test]
fn what_the_banner_says_is_not_said_twice() {
    let page = Page::on("2027-08-23");
    page.me.update(|me| {
        let Load::Ready { value, .. } = me else { return };
        value.programme.phase = ProgrammePhase::Ending;
        value.programme.last_day = "2027-08-24".parse().ok();
    });
    assert!(page.mount().hook("reminder").is_none());
}

#[wasm_bindgen_test]
async fn an_event_with_a_seat_is_told_as_text_and_leads_to_its_sheet() {
    let page = Page::on("2026-11-22");
    let list = |state| {
        let events = vec![event(state, NOW.plus_millis(86_400_000))];
        Load::ready(MemberEventList { events, server_time: NOW })
    };
    page.events.set(list(SignUpState::Waiting));
    let reminders = page.mount();
    assert!(reminders.hook("reminder").is_none());
    page.events.set(list(SignUpState::Seat));
    until("it is told", || reminders.text().contains("明天有你报名的活动：<b>品鉴</b>")).await;
    assert_eq!(reminders.count("b"), 0);
    reminders.click("button");
    until("its sheet is asked for", || page.chosen.get_untracked().as_deref() == Some("tasting")).await;
}

#[wasm_bindgen_test]
fn unmounted_leaves_nothing() {
    let root = Page::on("2027-08-24").mount().unmount();
    assert_eq!(root.child_element_count(), 0);
}
