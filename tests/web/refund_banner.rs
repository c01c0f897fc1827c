//! The refund banner.

use leptos::prelude::*;
use member_domain::{
    Fen, ProgrammePhase, RefundRule, RefundState,
    wire::{MeAnswer, Refund, RefundStep},
};
use member_page::{features::refund_banner::RefundBanner, load::Load};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Mounted, NOW, member, until};

fn mount(me: RwSignal<Load<MeAnswer>>) -> Mounted {
    Mounted::new(move || view! { <RefundBanner me /> }.into_any())
}

fn refund(state: RefundState) -> Refund {
    Refund {
        id: "RF0123456789ABCDEF".to_owned(),
        state,
        amount_fen: Fen(16_800),
        rule: RefundRule::Full,
        estimate_working_days: Some(3),
        channel: "wechat-pay".to_owned(),
        provider_reference: Some("50300001".to_owned()),
        scheduled_for: "2027-01-01".parse().ok(),
        checked_at: NOW,
        timeline: vec![RefundStep { state: RefundState::Scheduled, at: NOW }, RefundStep { state, at: NOW }],
    }
}

fn ended(refund: Option<Refund>) -> MeAnswer {
    let mut me = member();
    me.programme.phase = ProgrammePhase::Ended;
    me.programme.last_day = "2026-11-10".parse().ok();
    MeAnswer { refund, ..me }
}

fn ending(refund: Option<Refund>) -> MeAnswer {
    let mut me = ended(refund);
    me.programme.phase = ProgrammePhase::Ending;
    me.programme.last_day = "2026-12-31".parse().ok();
    me
}

#[wasm_bindgen_test]
async fn absent_while_loading_and_while_the_programme_runs() {
    let me = RwSignal::new(Load::Loading);
    let banner = mount(me);
    assert!(banner.hook("refund-banner").is_none());
    me.set(Load::ready(member()));
    until("the answer is rendered", || me.with_untracked(|me| me.value().is_some())).await;
    assert!(banner.hook("refund-banner").is_none());
}

#[wasm_bindgen_test]
fn every_state_has_its_name_and_its_words() {
    let cases = [
        (ending(None), "ending", "12月31日"),
        (ending(Some(refund(RefundState::Scheduled))), "ending", "1月1日起原路退回"),
        (ended(None), "ended", "已结束"),
        (ended(Some(refund(RefundState::Scheduled))), "scheduled", "无需操作"),
        (ended(Some(refund(RefundState::Processing))), "processing", "处理中"),
        (ended(Some(refund(RefundState::Succeeded))), "succeeded", "已到账"),
        (ended(Some(refund(RefundState::Abnormal))), "abnormal", "联系客服"),
        (ended(Some(refund(RefundState::Closed))), "closed", "联系客服"),
    ];
    for (me, name, words) in cases {
        let banner = mount(RwSignal::new(Load::ready(me)));
        let element = banner.hook("refund-banner").unwrap();
        assert_eq!(element.get_attribute("data-state").as_deref(), Some(name));
        assert!(banner.text().contains(words), "{name}: {}", banner.text());
    }
}

/// "Nothing to do" only where it is true.
#[wasm_bindgen_test]
fn what_needs_the_member_never_says_that_nothing_is_to_do() {
    for state in [RefundState::Abnormal, RefundState::Closed] {
        let banner = mount(RwSignal::new(Load::ready(ended(Some(refund(state))))));
        assert!(!banner.text().contains("无需操作"), "{state:?}");
    }
}

#[wasm_bindgen_test]
async fn opens_to_the_timeline_and_closes_again() {
    let banner = mount(RwSignal::new(Load::ready(ended(Some(refund(RefundState::Processing))))));
    assert!(banner.hook("refund-timeline").is_none());
    banner.click("button");
    until("the timeline opens", || banner.hook("refund-timeline").is_some()).await;
    assert_eq!(banner.count("[data-testid='refund-timeline'] li"), 2);
    for fact in ["微信支付", "50300001", "11月22日 20:00"] {
        assert!(banner.text().contains(fact), "{fact} is missing in {}", banner.text());
    }
    banner.click("button");
    until("it closes", || banner.hook("refund-timeline").is_none()).await;
}

#[wasm_bindgen_test]
async fn follows_a_change_of_state_in_place() {
    let me = RwSignal::new(Load::ready(ended(Some(refund(RefundState::Processing)))));
    let banner = mount(me);
    let element = banner.hook("refund-banner").unwrap();
    me.set(Load::ready(ended(Some(refund(RefundState::Succeeded)))));
    until("the state changes", || element.get_attribute("data-state").as_deref() == Some("succeeded")).await;
    assert!(banner.text().contains("已到账"));
}

#[wasm_bindgen_test]
fn nothing_about_money_is_promised_before_it_is_decided() {
    let banner = mount(RwSignal::new(Load::ready(ending(None))));
    assert!(!banner.text().contains('¥'));
}

#[wasm_bindgen_test]
fn unmounted_leaves_nothing() {
    let root = mount(RwSignal::new(Load::ready(ended(None)))).unmount();
    assert_eq!(root.child_element_count(), 0);
}
