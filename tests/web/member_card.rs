//! The member card.

use member_domain::{
    CivilDate, Fen,
    wire::{CardState, MeAnswer, ProblemKind},
};
use member_page::prelude::*;
use member_page::{
    api::ApiError,
    features::member_card::MemberCard,
    i18n::{Language, Locale},
    load::Load,
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Mounted, member, until};

fn mount(me: RwSignal<Load<MeAnswer>>, locale: Locale, asked: RwSignal<Vec<&'static str>>) -> Mounted {
    Mounted::new(move || {
        provide_context(Language::fixed(locale));
        let on_show_code = Callback::new(move |()| asked.update(|asked| asked.push("code")));
        let on_savings = Callback::new(move |()| asked.update(|asked| asked.push("savings")));
        let on_retry = Callback::new(move |()| asked.update(|asked| asked.push("retry")));
        let today = Signal::stored(None);
        view! { <MemberCard me today on_show_code on_savings on_retry /> }
    })
}

fn mount_chinese(me: Load<MeAnswer>) -> (Mounted, RwSignal<Load<MeAnswer>>, RwSignal<Vec<&'static str>>) {
    let (me, asked) = (RwSignal::new(me), RwSignal::new(Vec::new()));
    (mount(me, Locale::ZhHans, asked), me, asked)
}

#[wasm_bindgen_test]
fn loading_holds_its_place_and_says_so() {
    let (card, ..) = mount_chinese(Load::Loading);
    assert_eq!(card.hook("member-card").unwrap().get_attribute("aria-busy").as_deref(), Some("true"));
    assert!(card.hook("code-open").is_none());
}

#[wasm_bindgen_test]
async fn ready_shows_who_until_when_where_and_what_it_saved() {
    let (card, me, asked) = mount_chinese(Load::ready(member()));
    let text = card.text();
    for part in ["精选会员卡", "林*", "6601 •••• 4827", "2027年8月24日", "上海 杭州", "¥126.40", "¥41.60"]
    {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    let meter = card.root.query_selector("meter").unwrap().unwrap();
    assert_eq!(meter.get_attribute("aria-label").as_deref(), Some("年费 ¥168，已省 ¥126.40"));
    assert_eq!(card.hook("member-status").unwrap().text_content().as_deref(), Some("有效"));
    card.click("[data-testid='code-open']");
    card.click("[data-testid='savings-open']");
    assert_eq!(asked.get_untracked(), ["code", "savings"]);

    // A redemption changes the meter in place.
    me.update(|me| {
        let mut changed = member();
        changed.payoff.as_mut().unwrap().saved_fen = Fen(20_000);
        me.settle(Ok(changed));
    });
    until("the meter shows the new saving", || card.text().contains("¥200.00") && card.text().contains("¥32.00")).await;
}

#[wasm_bindgen_test]
fn english_is_complete() {
    let card = mount(RwSignal::new(Load::ready(member())), Locale::En, RwSignal::new(Vec::new()));
    let text = card.text();
    for part in ["Curated Card", "Active", "Until Aug 24, 2027", "Shanghai Hangzhou", "Show my code"] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
}

#[wasm_bindgen_test]
async fn a_failed_refresh_keeps_the_card() {
    let (card, me, _) = mount_chinese(Load::ready(member()));
    me.update(|me| me.settle(Err(ApiError::Unreachable)));
    assert!(me.with_untracked(Load::is_stale));
    until("effects have run", || card.text().contains("林*")).await;
    assert!(card.hook("code-open").is_some());
}

#[wasm_bindgen_test]
async fn failed_says_what_to_do_and_retries() {
    let (card, me, asked) = mount_chinese(Load::Failed(ApiError::Unreachable));
    assert!(card.text().contains("连不上网络，请检查后重试"));
    card.click("button");
    assert_eq!(asked.get_untracked(), ["retry"]);
    me.set(Load::ready(member()));
    until("the card appears", || card.hook("code-open").is_some()).await;
}

#[wasm_bindgen_test]
fn signed_out_says_once_what_the_card_brings() {
    let (card, _, asked) = mount_chinese(Load::Failed(ApiError::Problem(ProblemKind::Unauthorized)));
    assert!(card.text().contains("还没有登录") && card.text().contains("至少 9 折"), "{}", card.text());
    assert_eq!(card.count("button"), 1);
    card.click("button");
    assert_eq!(asked.get_untracked(), ["retry"]);
}

#[wasm_bindgen_test]
fn an_ended_card_offers_no_code() {
    let mut ended = member();
    ended.card.as_mut().unwrap().state = CardState::Ended;
    let (card, ..) = mount_chinese(Load::ready(ended));
    assert_eq!(card.hook("member-status").unwrap().text_content().as_deref(), Some("已结束"));
    assert!(card.hook("code-open").is_none());
    assert!(!card.text().contains("再省"), "an ended card saves nothing more: {}", card.text());
}

#[wasm_bindgen_test]
fn the_programmes_last_day_counts_where_it_comes_before_the_cards() {
    let mut ending = member();
    ending.programme.last_day = CivilDate::new(2026, 12, 31).ok();
    let (card, ..) = mount_chinese(Load::ready(ending));
    assert!(card.text().contains("有效期至 2026年12月31日"), "{}", card.text());
}

#[wasm_bindgen_test]
fn a_card_that_is_not_valid_yet_says_from_when() {
    let mut early = member();
    let card = early.card.as_mut().unwrap();
    card.state = CardState::NotYetValid;
    card.valid_from = CivilDate::new(2026, 12, 1).unwrap();
    let (card, ..) = mount_chinese(Load::ready(early));
    assert!(card.text().contains("2026年12月1日 起生效"), "{}", card.text());
}

#[wasm_bindgen_test]
fn without_a_card_it_says_what_one_gives() {
    let (card, ..) = mount_chinese(Load::ready(MeAnswer { card: None, payoff: None, ..member() }));
    assert!(card.text().contains("还没有会员卡") && card.text().contains("¥168"));
    assert!(card.hook("code-open").is_none());
}

#[wasm_bindgen_test]
fn names_are_text_and_never_html() {
    let mut hostile = member();
    hostile.member.name_masked = "<img src=x onerror=alert(1)>".to_owned();
    let (card, ..) = mount_chinese(Load::ready(hostile));
    assert_eq!(card.count("img"), 0);
    assert!(card.text().contains("<img src=x"));
}

#[wasm_bindgen_test]
fn unmounted_leaves_nothing_and_ignores_late_answers() {
    let (card, me, _) = mount_chinese(Load::Loading);
    let root = card.unmount();
    me.set(Load::ready(member()));
    assert_eq!(root.child_element_count(), 0);
}
