//! The savings sheet.

use member_domain::{
    CivilDate, Fen, RefundRule, RefundState,
    wire::{LedgerEntry, LedgerPage, MeAnswer, PayoffMonth, ProblemKind, Refund},
};
use member_page::prelude::*;
use member_page::{
    api::ApiError,
    features::savings::SavingsSheet,
    i18n::{Language, Locale},
    load::Load,
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Mounted, NOW, member, until};

struct Sheet {
    mounted: Mounted,
    me: RwSignal<Load<MeAnswer>>,
    pages: RwSignal<Load<LedgerPage>>,
    earlier: RwSignal<Load<()>>,
    today: RwSignal<Option<CivilDate>>,
    asked: RwSignal<Vec<String>>,
}

impl Sheet {
    fn open(me: Load<MeAnswer>, pages: Load<LedgerPage>) -> Self {
        Self::in_language(Locale::ZhHans, me, pages)
    }

    fn in_language(locale: Locale, me: Load<MeAnswer>, pages: Load<LedgerPage>) -> Self {
        let (me, pages, earlier) = (RwSignal::new(me), RwSignal::new(pages), RwSignal::new(Load::ready(())));
        let (today, asked) = (RwSignal::new(None), RwSignal::new(Vec::new()));
        let mounted = Mounted::new(move || {
            provide_context(Language::fixed(locale));
            let ask = |what: &'static str| Callback::new(move |()| asked.update(|asked| asked.push(what.to_owned())));
            let on_shop = Callback::new(move |id| asked.update(|asked| asked.push(id)));
            view! {
                <SavingsSheet
                    me
                    pages
                    earlier
                    today
                    on_earlier=ask("earlier")
                    on_shop
                    on_retry=ask("retry")
                    on_close=ask("close")
                />
            }
        });
        Self { mounted, me, pages, earlier, today, asked }
    }

    /// The sentences about whether the card pays off.
    fn words(&self) -> String {
        self.mounted.hook("payoff-words").unwrap().text_content().unwrap()
    }
}

fn entry(id: &str, shop: &str, bill: i64) -> LedgerEntry {
    LedgerEntry {
        id: id.to_owned(),
        shop_id: format!("shop-{id}"),
        shop_name: shop.to_owned(),
        bill_fen: Fen(bill),
        saved_fen: Fen(bill / 10),
        payable_fen: Fen(bill - bill / 10),
        redeemed_at: NOW,
        cancelled_at: None,
    }
}

fn page(redemptions: Vec<LedgerEntry>, next_cursor: Option<&str>) -> Load<LedgerPage> {
    Load::ready(LedgerPage { redemptions, next_cursor: next_cursor.map(str::to_owned) })
}

fn saved(fen: i64, redemptions: u32) -> MeAnswer {
    let mut me = member();
    let payoff = me.payoff.as_mut().unwrap();
    (payoff.saved_fen, payoff.redemptions) = (Fen(fen), redemptions);
    payoff.months = vec![PayoffMonth { month: day("2026-10-01"), saved_fen: Fen(fen), redemptions }];
    if redemptions == 0 {
        payoff.months.clear();
    }
    me
}

fn refunded(me: MeAnswer, state: RefundState, amount: i64) -> MeAnswer {
    let refund = Refund {
        id: "RF0123456789ABCDEF".to_owned(),
        state,
        amount_fen: Fen(amount),
        rule: RefundRule::Full,
        channel: "wechat-pay".to_owned(),
        estimate_working_days: None,
        provider_reference: None,
        scheduled_for: None,
        checked_at: NOW,
        of_earlier_card: false,
        timeline: Vec::new(),
    };
    let mut me = MeAnswer { refund: Some(refund), ..me };
    me.programme.last_day = Some(day("2026-11-10"));
    me
}

fn day(text: &str) -> CivilDate {
    text.parse().unwrap()
}

#[wasm_bindgen_test]
fn each_part_waits_for_its_own_data() {
    let sheet = Sheet::open(Load::Loading, Load::Loading);
    assert_eq!(sheet.mounted.count("[aria-busy='true']"), 1);
    assert!(sheet.mounted.hook("payoff-words").is_none());
    let sheet = Sheet::open(Load::ready(member()), Load::Loading);
    assert!(sheet.mounted.text().contains("¥126.40"));
    assert_eq!(sheet.mounted.count("[aria-busy='true']"), 1);
}

#[wasm_bindgen_test]
fn the_words_are_plain_whether_it_pays_off_or_not() {
    let not_used = saved(0, 0);
    let cases = [
        (saved(16_800, 4), &["已回本"][..]),
        (saved(20_000, 4), &["已回本，多省 ¥32.00"]),
        (saved(12_640, 5), &["再省 ¥41.60 就回本", "平均每次省 ¥25.28，照这样再用 2 次"]),
        // 90 of 365 days: 20 yuan project to 81.11.
        (saved(2_000, 1), &["照目前的用法，到2027年8月24日大约共省 ¥81.11，回不了本", "再省 ¥148.00", "再用 8 次"]),
        (not_used, &["大约共省 ¥0.00，回不了本", "再省 ¥168.00 就回本"]),
        (refunded(saved(2_000, 1), RefundState::Succeeded, 16_800), &["已退 ¥168.00，这张卡净省 ¥20.00"]),
        (refunded(saved(2_000, 1), RefundState::Abnormal, 16_800), &["退款 ¥168.00 到账后，这张卡净省 ¥20.00"]),
        (refunded(saved(0, 0), RefundState::Succeeded, 16_800), &["已退 ¥168.00，这张卡没有花钱"]),
        (refunded(saved(2_000, 1), RefundState::Processing, 12_800), &["到账后，还差 ¥20.00 没有回本"]),
        // The refund banner says that no money comes back.
        (refunded(saved(2_000, 1), RefundState::Closed, 16_800), &[]),
    ];
    for (me, expected) in cases {
        let sheet = Sheet::open(Load::ready(me), Load::Loading);
        let words = sheet.words();
        let mut last = 0;
        for said in expected {
            let place = words.find(said).unwrap_or_else(|| panic!("{said} is missing in {words}"));
            assert!(place >= last, "the most important comes first: {words}");
            last = place;
        }
        assert_eq!(sheet.mounted.count("[data-testid='payoff-words'] > p"), u32::try_from(expected.len()).unwrap());
    }
}

#[wasm_bindgen_test]
async fn it_follows_the_day_and_what_is_redeemed() {
    let sheet = Sheet::open(Load::ready(saved(12_640, 5)), Load::Loading);
    sheet.today.set(Some(day("2027-08-24")));
    until("the pace is that of today", || sheet.words().contains("回不了本")).await;
    sheet.today.set(Some(day("2027-08-25")));
    until("the card is over", || sheet.words() == "没有回本，差 ¥41.60").await;
    sheet.me.set(Load::ready(saved(20_000, 8)));
    until("it has paid off", || sheet.words() == "已回本，多省 ¥32.00").await;
}

#[wasm_bindgen_test]
fn months_run_from_the_cards_first_to_the_last_that_counts() {
    let names = |sheet: &Sheet| {
        let bars = sheet.mounted.root.query_selector_all(".savings-month").unwrap();
        let bars = (0..bars.length()).map(|index| bars.item(index).unwrap().text_content().unwrap());
        bars.collect::<Vec<_>>()
    };
    let sheet = Sheet::open(Load::ready(member()), Load::Loading);
    assert_eq!(names(&sheet), ["2026年8月–", "9月¥71.80", "10月–", "11月¥54.60"]);
    let sheet = Sheet::in_language(Locale::En, Load::ready(member()), Load::Loading);
    assert_eq!(names(&sheet), ["Aug 2026–", "Sep¥71.80", "Oct–", "Nov¥54.60"]);
    // The longest bar takes the whole width, whatever the amounts.
    let width = sheet.mounted.root.query_selector(".savings-month:nth-child(4) i").unwrap().unwrap();
    assert!(width.get_attribute("style").unwrap().contains("76%"));

    // Across a year's end: at most thirteen months. Without redemptions there is no chart.
    let mut old = member();
    old.card.as_mut().unwrap().valid_from = day("2024-02-29");
    let sheet = Sheet::open(Load::ready(old), Load::Loading);
    let shown = names(&sheet);
    assert_eq!((shown.len(), shown[0].as_str(), shown[12].as_str()), (13, "2025年11月–", "11月¥54.60"));
    assert_eq!(shown[2], "2026年1月–");
    assert!(names(&Sheet::open(Load::ready(saved(0, 0)), Load::Loading)).is_empty());
}

#[wasm_bindgen_test]
fn a_line_opens_to_its_receipt_and_leads_to_the_shop() {
    let mut cancelled = entry("B", "老灶间面馆", 7_000);
    cancelled.cancelled_at = Some(NOW.plus_millis(60_000));
    let sheet = Sheet::open(Load::ready(member()), page(vec![entry("A", "梧桐里手冲", 8_400), cancelled], None));
    let row = |index: usize| {
        let rows = sheet.mounted.root.query_selector_all("[data-testid='ledger-row']").unwrap();
        rows.item(u32::try_from(index).unwrap()).unwrap().text_content().unwrap()
    };
    for said in ["梧桐里手冲", "省了 ¥8.40", "2026年11月22日 20:00 · 实付 ¥75.60", "¥84.00", "凭证号A"]
    {
        assert!(row(0).contains(said), "{said} is missing in {}", row(0));
    }
    assert!(!row(0).contains("撤销"));
    assert!(
        row(1).contains("已撤销") && row(1).contains("2026年11月22日 20:01") && !row(1).contains("省了"),
        "{}",
        row(1)
    );
    // The whole bill was paid, as the result on the sheet says.
    assert!(row(1).contains("实付 ¥70.00") && row(1).contains("优惠¥0.00"), "{}", row(1));
    sheet.mounted.click("[data-testid='ledger-shop']");
    assert_eq!(sheet.asked.get_untracked(), ["shop-A"]);
}

#[wasm_bindgen_test]
async fn older_entries_are_asked_for_once_and_a_failure_says_so() {
    let sheet = Sheet::open(Load::ready(member()), page(vec![entry("A", "甲", 1_000)], Some("7")));
    sheet.mounted.click("[data-testid='ledger-more']");
    assert_eq!(sheet.asked.get_untracked(), ["earlier"]);
    sheet.earlier.set(Load::Loading);
    let button = || sheet.mounted.hook("ledger-more").unwrap();
    until("the button waits", || button().get_attribute("aria-disabled").as_deref() == Some("true")).await;
    sheet.earlier.set(Load::Failed(ApiError::Unreachable));
    until("the failure is said", || sheet.mounted.text().contains("连不上网络")).await;
    assert_eq!(button().get_attribute("aria-disabled").as_deref(), Some("false"));
    sheet.pages.set(page(vec![entry("A", "甲", 1_000), entry("B", "乙", 1_000)], None));
    until("all is shown", || sheet.mounted.hook("ledger-more").is_none()).await;
    assert_eq!(sheet.mounted.count("[data-testid='ledger-row']"), 2);
}

#[wasm_bindgen_test]
fn the_file_is_offered_where_there_is_something_in_it() {
    let sheet = Sheet::open(Load::ready(member()), page(vec![entry("A", "甲", 1_000)], None));
    let link = sheet.mounted.hook("ledger-file").unwrap();
    assert_eq!(link.get_attribute("href").as_deref(), Some("/v1/redemptions.csv"));
    assert!(link.has_attribute("download"));
    let sheet = Sheet::open(Load::ready(saved(0, 0)), page(Vec::new(), None));
    assert!(sheet.mounted.hook("ledger-file").is_none());
    assert!(sheet.mounted.text().contains("还没有核销记录"));
}

#[wasm_bindgen_test]
async fn failed_says_what_to_do_and_stale_keeps_what_was_there() {
    let sheet = Sheet::open(Load::ready(member()), Load::Failed(ApiError::Problem(ProblemKind::Internal)));
    assert!(sheet.mounted.text().contains("¥126.40"), "one part fails alone");
    sheet.mounted.click("[role='alert'] button");
    assert_eq!(sheet.asked.get_untracked(), ["retry"]);
    sheet.pages.set(page(vec![entry("A", "甲", 1_000)], None));
    sheet.pages.update(|pages| pages.settle(Err(ApiError::Unreachable)));
    until("what is shown is marked as old", || sheet.mounted.text().contains("暂时连不上")).await;
    assert_eq!(sheet.mounted.count("[data-testid='ledger-row']"), 1);
}

#[wasm_bindgen_test]
fn after_the_end_it_still_says_what_the_card_was() {
    let me = refunded(saved(2_000, 1), RefundState::Processing, 16_800);
    let sheet = Sheet::in_language(Locale::En, Load::ready(me), page(vec![entry("A", "Wutongli", 2_000)], None));
    let text = sheet.mounted.text();
    for said in ["6601 •••• 4827", "Aug 25, 2026 – Nov 10, 2026", "Shanghai Hangzhou", "¥168.00", "Export as CSV"]
    {
        assert!(text.contains(said), "{said} is missing in {text}");
    }
}

#[wasm_bindgen_test]
fn without_a_card_it_says_so() {
    let me = MeAnswer { card: None, payoff: None, ..member() };
    let sheet = Sheet::open(Load::ready(me), page(Vec::new(), None));
    assert!(sheet.mounted.text().contains("还没有会员卡"));
    assert!(sheet.mounted.hook("savings-card").is_none());
}

#[wasm_bindgen_test]
fn names_are_text_and_never_html() {
    let hostile = "<img src=x onerror=alert(1)>";
    let sheet = Sheet::open(Load::ready(member()), page(vec![entry(hostile, hostile, 1_000)], None));
    assert_eq!(sheet.mounted.count("img"), 0);
    assert!(sheet.mounted.text().contains(hostile));
}

#[wasm_bindgen_test]
fn unmounted_leaves_nothing_and_ignores_late_answers() {
    let sheet = Sheet::open(Load::Loading, Load::Loading);
    let (me, pages) = (sheet.me, sheet.pages);
    let root = sheet.mounted.unmount();
    me.set(Load::ready(member()));
    pages.set(page(vec![entry("A", "甲", 1_000)], None));
    assert_eq!(root.child_element_count(), 0);
}

/// The refund of an earlier card is shown but does not reduce this card's cost.
#[wasm_bindgen_test]
fn the_refund_of_an_earlier_card_does_not_pay_for_this_one() {
    let mut me = refunded(saved(12_640, 5), RefundState::Processing, 16_800);
    me.programme.last_day = None;
    me.refund.as_mut().unwrap().of_earlier_card = true;
    let sheet = Sheet::open(Load::ready(me), Load::Loading);
    assert!(sheet.words().contains("再省 ¥41.60 就回本"), "{}", sheet.words());
    assert!(sheet.mounted.hook("savings-refund").unwrap().text_content().unwrap().contains("上一张卡"));
}

/// An open receipt stays open and no other opens when a new line moves all others down.
#[wasm_bindgen_test]
async fn an_open_receipt_stays_open_when_another_arrives() {
    let sheet = Sheet::open(Load::ready(member()), page(vec![entry("A", "甲", 1_000), entry("B", "乙", 1_000)], None));
    let open = || {
        let rows = sheet.mounted.root.query_selector_all("[data-testid='ledger-row'][open] .ledger__shop").unwrap();
        (0..rows.length()).map(|at| rows.item(at).unwrap().text_content().unwrap()).collect::<Vec<_>>()
    };
    sheet.mounted.click("summary");
    until("the first receipt opens", || open() == ["甲"]).await;
    // The browser fires the event a moment later.
    until("that is known", || sheet.mounted.count("details[open]") == 1).await;
    let three = vec![entry("C", "丙", 1_000), entry("A", "甲", 1_000), entry("B", "乙", 1_000)];
    member_page::clock::pause(std::time::Duration::from_millis(50)).await;
    sheet.pages.set(page(three, None));
    until("the new line is shown", || sheet.mounted.count("[data-testid='ledger-row']") == 3).await;
    until("the same receipt is open", || open() == ["甲"]).await;
}

/// Content of the page behind is not announced while the sheet is open.
#[wasm_bindgen_test]
async fn a_change_of_the_refund_is_said_on_the_sheet() {
    let sheet = Sheet::open(Load::ready(refunded(saved(0, 0), RefundState::Processing, 16_800)), Load::Loading);
    let said = || sheet.mounted.hook("refund-changed").unwrap().text_content().unwrap();
    assert_eq!(said(), "");
    sheet.me.set(Load::ready(refunded(saved(0, 0), RefundState::Succeeded, 16_800)));
    until("it is said", || said().contains("已到账")).await;
}
