//! The refund banner.

use member_domain::{
    CivilDate, Fen, ProgrammePhase, RefundRule, RefundState,
    wire::{Announcement, CardState, MeAnswer, Refund, RefundStep, Support},
};
use member_page::prelude::*;
use member_page::{
    features::refund_banner::RefundBanner,
    i18n::{Language, Locale},
    load::Load,
    store::Store,
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Mounted, NOW, member, until};

fn mount(me: RwSignal<Load<MeAnswer>>) -> Mounted {
    mount_on(me, RwSignal::new(None))
}

fn mount_on(me: RwSignal<Load<MeAnswer>>, today: RwSignal<Option<CivilDate>>) -> Mounted {
    Store::default().store_choice("refund-dismissed", "");
    Mounted::new(move || view! { <RefundBanner me today /> })
}

fn shown(me: MeAnswer) -> Mounted {
    mount(RwSignal::new(Load::ready(me)))
}

/// The states of the picture's four stops.
fn stops(banner: &Mounted) -> Vec<String> {
    let stops = banner.root.query_selector_all("[data-stop]").unwrap();
    let stop = |at| wasm_bindgen::JsCast::unchecked_into::<web_sys::Element>(stops.get(at).unwrap());
    (0..stops.length()).map(|at| stop(at).get_attribute("data-stop").unwrap()).collect()
}

fn changed(banner: &Mounted) -> String {
    banner.hook("refund-changed").unwrap().text_content().unwrap_or_default()
}

fn link(banner: &Mounted) -> Option<String> {
    banner.hook("refund-next-step").unwrap().get_attribute("href")
}

fn with_support(url: Option<&str>, phone: Option<&str>) -> MeAnswer {
    let mut me = ended(Some(refund(RefundState::Abnormal)));
    me.programme.support = Some(Support { url: url.map(str::to_owned), phone: phone.map(str::to_owned) });
    me
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
        of_earlier_card: false,
        timeline: vec![RefundStep { state: RefundState::Scheduled, at: NOW }, RefundStep { state, at: NOW }],
    }
}

fn ended(refund: Option<Refund>) -> MeAnswer {
    let mut me = member();
    me.programme.phase = ProgrammePhase::Ended;
    me.programme.last_day = "2026-11-10".parse().ok();
    me.card.as_mut().unwrap().state = CardState::Ended;
    MeAnswer { refund, ..me }
}

fn ending(refund: Option<Refund>) -> MeAnswer {
    let mut me = ended(refund);
    me.programme.phase = ProgrammePhase::Ending;
    me.programme.last_day = "2026-12-31".parse().ok();
    me.card.as_mut().unwrap().state = CardState::Active;
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

/// "Nothing to do" appears only where it is true.
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
    // The card's last day and end, and the money's two states.
    assert_eq!(banner.count("[data-testid='refund-timeline'] li"), 4);
    for fact in [
        "微信支付",
        "50300001",
        "RF0123456789ABCDEF",
        "11月22日 20:00",
        "微信支付的估计：受理后 3 个工作日内到账，以实际为准",
    ] {
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

#[wasm_bindgen_test]
fn the_picture_shows_card_and_money_apart() {
    let never_accepted = Refund { timeline: Vec::new(), ..refund(RefundState::Abnormal) };
    let accepted = |state| {
        let step = |state| RefundStep { state, at: NOW };
        let timeline = vec![step(RefundState::Scheduled), step(RefundState::Processing), step(state)];
        Refund { timeline, ..refund(state) }
    };
    let cases = [
        (ending(None), "current ahead ahead ahead"),
        (ending(Some(refund(RefundState::Scheduled))), "current current ahead ahead"),
        (ended(None), "done ahead ahead ahead"),
        (ended(Some(refund(RefundState::Scheduled))), "done current ahead ahead"),
        (ended(Some(refund(RefundState::Processing))), "done done current ahead"),
        (ended(Some(refund(RefundState::Succeeded))), "done done done done"),
        (ended(Some(accepted(RefundState::Abnormal))), "done done done stuck"),
        (ended(Some(accepted(RefundState::Closed))), "done done done closed"),
        (ended(Some(never_accepted)), "done done stuck ahead"),
    ];
    for (me, expected) in cases {
        let banner = shown(me);
        assert_eq!(stops(&banner).join(" "), expected);
        let said = banner.hook("refund-progress").unwrap().get_attribute("aria-label").unwrap();
        assert_eq!(said.split('；').count(), 4, "{said}");
    }
}

#[wasm_bindgen_test]
async fn the_estimate_is_gone_once_nothing_is_waited_for() {
    for state in [RefundState::Succeeded, RefundState::Abnormal, RefundState::Closed] {
        let banner = shown(ended(Some(refund(state))));
        banner.click(".refund-banner__head");
        until("it opens", || banner.hook("refund-timeline").is_some()).await;
        assert!(!banner.text().contains("估计"), "{state:?}");
        assert!(!banner.text().contains("无需操作"), "{state:?}");
    }
}

#[wasm_bindgen_test]
async fn a_share_of_the_days_left_is_called_so() {
    let banner = shown(ended(Some(Refund { rule: RefundRule::ProRata, ..refund(RefundState::Processing) })));
    banner.click(".refund-banner__head");
    until("it opens", || banner.text().contains("按剩余天数折算")).await;
}

#[wasm_bindgen_test]
async fn the_announcement_is_text_and_never_html() {
    let mut me = ending(None);
    let text = "各位会员：\n\n<img src=x onerror=alert(1)>&amp;".to_owned();
    me.programme.announcement =
        Some(Announcement { dated: "2026-10-16".parse().unwrap(), text: text.clone(), text_en: None });
    let banner = shown(me);
    banner.click(".refund-banner__head");
    until("it opens", || banner.hook("announcement").is_some()).await;
    assert_eq!(banner.count("img"), 0);
    assert!(banner.text().contains(&text), "{}", banner.text());
    assert!(banner.text().contains("2026年10月16日"));
}

#[wasm_bindgen_test]
async fn in_english_the_announcement_is_english_where_there_is_one() {
    for (text_en, said, lang) in [(Some("We end it."), "We end it.", "en"), (None, "我们结束。", "zh-Hans")] {
        let mut me = ending(None);
        me.programme.announcement = Some(Announcement {
            dated: "2026-10-16".parse().unwrap(),
            text: "我们结束。".to_owned(),
            text_en: text_en.map(str::to_owned),
        });
        let me = RwSignal::new(Load::ready(me));
        let banner = Mounted::new(move || {
            provide_context(Language::fixed(Locale::En));
            view! { <RefundBanner me today=RwSignal::new(None) /> }
        });
        banner.click(".refund-banner__head");
        until("it opens", || banner.hook("announcement").is_some()).await;
        let paragraph = banner.root.query_selector(".announcement__text").unwrap().unwrap();
        assert_eq!(paragraph.text_content().unwrap().trim(), said);
        assert_eq!(paragraph.get_attribute("lang").as_deref(), Some(lang));
    }
}

#[wasm_bindgen_test]
fn what_needs_the_member_leads_to_the_support() {
    let website = shown(with_support(Some("https://card.example/help"), Some("400-555-0123")));
    assert_eq!(link(&website).as_deref(), Some("https://card.example/help"));
    let phone = shown(with_support(None, Some("400-555-0123")));
    assert_eq!(link(&phone).as_deref(), Some("tel:4005550123"));
    let nothing = shown(ended(Some(refund(RefundState::Closed))));
    assert_eq!(link(&nothing), None);
    assert!(nothing.text().contains("请联系购卡时的客服"));
    for state in [RefundState::Scheduled, RefundState::Processing, RefundState::Succeeded] {
        assert!(shown(ended(Some(refund(state)))).hook("refund-next-step").is_none(), "{state:?}");
    }
}

#[wasm_bindgen_test]
fn an_address_that_is_no_website_is_never_linked() {
    for hostile in
        ["javascript:alert(1)", "JavaScript:alert(1)", "http://card.example", "data:text/html,x", "https:", "//x"]
    {
        let banner = shown(with_support(Some(hostile), None));
        assert_eq!(banner.count("a"), 0, "{hostile}");
        assert!(banner.text().contains(hostile));
    }
    let banner = shown(with_support(None, Some("javascript:alert(1)")));
    assert_eq!(banner.count("a"), 0);
}

#[wasm_bindgen_test]
async fn a_change_is_told_and_a_first_answer_or_a_refresh_is_not() {
    let me = RwSignal::new(Load::Loading);
    let banner = mount(me);
    assert_eq!(changed(&banner), "");
    me.set(Load::ready(ended(Some(refund(RefundState::Processing)))));
    until("the first answer shows", || banner.hook("refund-banner").is_some()).await;
    assert_eq!(changed(&banner), "");
    let checked = Refund { checked_at: NOW.plus_millis(60_000), ..refund(RefundState::Processing) };
    me.set(Load::ready(ended(Some(checked))));
    banner.click(".refund-banner__head");
    until("it opens", || banner.hook("refund-timeline").is_some()).await;
    assert_eq!(changed(&banner), "");
    me.set(Load::ready(ended(Some(refund(RefundState::Succeeded)))));
    until("the change is told", || changed(&banner).contains("已到账")).await;
    assert!(banner.root.query_selector("[data-testid='refund-banner'] [role='status']").unwrap().is_none());
}

#[wasm_bindgen_test]
async fn only_an_arrived_refund_is_put_away_and_only_until_it_changes() {
    let pending = [RefundState::Scheduled, RefundState::Processing, RefundState::Abnormal, RefundState::Closed];
    for state in pending {
        assert!(shown(ended(Some(refund(state)))).hook("refund-dismiss").is_none(), "{state:?}");
    }
    assert!(shown(ending(Some(refund(RefundState::Succeeded)))).hook("refund-dismiss").is_none());
    let me = RwSignal::new(Load::ready(ended(Some(refund(RefundState::Succeeded)))));
    let banner = mount(me);
    banner.click("[data-testid='refund-dismiss']");
    until("it is away", || banner.hook("refund-banner").is_none()).await;
    let again = Mounted::new(move || view! { <RefundBanner me today=RwSignal::new(None) /> });
    assert!(again.hook("refund-banner").is_none(), "remembered on the next visit");
    me.set(Load::ready(ended(Some(refund(RefundState::Abnormal)))));
    until("it is back", || banner.hook("refund-banner").is_some()).await;
}

#[wasm_bindgen_test]
async fn in_the_last_days_the_title_counts_them() {
    let today = RwSignal::new("2026-12-17".parse().ok());
    let banner = mount_on(RwSignal::new(Load::ready(ending(None))), today);
    assert!(banner.text().contains("还有 14 天"), "{}", banner.text());
    for (day, words) in [("2026-12-30", "明天（12月31日）"), ("2026-12-31", "今天（12月31日）")] {
        today.set(day.parse().ok());
        until(words, || banner.text().contains(words)).await;
    }
}

#[wasm_bindgen_test]
fn a_stale_answer_is_shown_and_a_failed_one_is_not() {
    let value = ended(Some(refund(RefundState::Processing)));
    assert!(mount(RwSignal::new(Load::Ready { value, stale: true })).hook("refund-banner").is_some());
    let failed = Load::Failed(member_page::api::ApiError::Unreachable);
    assert!(mount(RwSignal::new(failed)).hook("refund-banner").is_none());
}

/// A scheduled refund without a date is still decided.
#[wasm_bindgen_test]
fn a_scheduled_refund_without_a_day_is_not_called_undecided() {
    let undated = Refund { scheduled_for: None, ..refund(RefundState::Scheduled) };
    let text = shown(ending(Some(undated))).text();
    assert!(text.contains("¥168.00 将原路退回，无需操作") && !text.contains("确定后"), "{text}");
}

/// No member waits for money that never comes.
#[wasm_bindgen_test]
fn where_nothing_comes_back_it_says_so() {
    let unpaid = |mut me: MeAnswer| {
        me.card.as_mut().unwrap().paid_fen = Fen(0);
        me
    };
    let used_up = |mut me: MeAnswer| {
        me.programme.refund_rule = RefundRule::ProRata;
        me.card.as_mut().unwrap().valid_until = me.programme.last_day.unwrap();
        me
    };
    for me in [unpaid(ending(None)), unpaid(ended(None)), used_up(ending(None)), used_up(ended(None))] {
        let text = shown(me).text();
        assert!(text.contains("没有要退的钱") && !text.contains("确定后"), "{text}");
    }
    let mut half_used = ended(None);
    half_used.programme.refund_rule = RefundRule::ProRata;
    assert!(shown(half_used).text().contains("确定后"));
}

/// Members whose card does not work yet, or no longer works, also see that the programme ends.
#[wasm_bindgen_test]
fn the_end_is_told_whether_or_not_the_card_works_today() {
    let mut early = ending(None);
    let card = early.card.as_mut().unwrap();
    (card.state, card.valid_from) = (CardState::NotYetValid, "2026-12-10".parse().unwrap());
    assert!(shown(early).text().contains("会员卡可用到12月31日"));
    let mut over = ending(None);
    let card = over.card.as_mut().unwrap();
    (card.state, card.valid_until) = (CardState::Ended, "2026-11-01".parse().unwrap());
    assert!(shown(over).text().contains("会员计划12月31日结束"));
}

/// The refund of an earlier card is shown in every state of the new card, without the new programme's dates.
#[wasm_bindgen_test]
async fn the_refund_of_an_earlier_card_is_told() {
    let earlier = Refund { of_earlier_card: true, ..refund(RefundState::Abnormal) };
    let banner = shown(MeAnswer { refund: Some(earlier.clone()), ..member() });
    assert!(banner.text().contains("上一张卡的退款 ¥168.00 没退成"), "{}", banner.text());
    assert!(banner.hook("refund-next-step").is_some());
    assert!(stops(&banner).contains(&"stuck".to_owned()) && stops(&banner)[0] == "done");
    banner.click("button");
    until("the timeline opens", || banner.hook("refund-timeline").is_some()).await;
    assert_eq!(banner.count("[data-testid='refund-timeline'] li"), 2, "only the money's states");
    let arrived = Refund { state: RefundState::Succeeded, ..earlier };
    assert!(shown(MeAnswer { refund: Some(arrived), ..member() }).hook("refund-dismiss").is_some());
}

/// A card that ended before its programme has its own dates.
#[wasm_bindgen_test]
async fn the_timeline_has_the_cards_own_days() {
    let mut me = ended(None);
    me.card.as_mut().unwrap().valid_until = "2026-09-01".parse().unwrap();
    let banner = shown(me);
    banner.click("button");
    until("the timeline opens", || banner.hook("refund-timeline").is_some()).await;
    assert!(banner.text().contains("2026年9月1日") && banner.text().contains("2026年9月2日"), "{}", banner.text());
}

#[wasm_bindgen_test]
async fn another_last_day_is_a_change_and_a_year_is_told_where_it_is_another() {
    let (me, today) = (RwSignal::new(Load::ready(ending(None))), RwSignal::new("2026-11-25".parse().ok()));
    let banner = mount_on(me, today);
    assert!(banner.text().contains("会员卡可用到12月31日") && changed(&banner).is_empty());
    let mut later = ending(None);
    later.programme.last_day = "2027-02-28".parse().ok();
    me.set(Load::ready(later));
    until("it is said", || changed(&banner).contains("2月28日")).await;
    assert!(banner.text().contains("会员卡可用到2027年2月28日"), "{}", banner.text());
}
