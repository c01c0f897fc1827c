//! The code sheet.

use member_domain::{
    City, CodeForm, CredentialNumber, Fen, RedeemMethod, TimeStep, TotpPeriod, UnixMillis, ValuePattern,
    wire::{LedgerEntry, ProblemKind, Shop},
};
use member_page::prelude::*;
use member_page::{
    api::ApiError,
    features::redemption_code::{CodeSheet, CodeSheetActions, CodeSource, PinEntry, PinState, QrSymbol},
    load::Load,
    store::{DeviceCredential, Store},
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    crypto::rfc_key,
    support::{Mounted, NOW, shop, until},
};

struct Sheet {
    mounted: Mounted,
    now: RwSignal<Option<UnixMillis>>,
    time_guess: RwSignal<Option<UnixMillis>>,
    offline: RwSignal<bool>,
    shop: RwSignal<Option<Load<Shop>>>,
    worked: RwSignal<Option<RedeemMethod>>,
    cities: RwSignal<Vec<City>>,
    pin: RwSignal<PinState>,
    used_step: RwSignal<Option<TimeStep>>,
    result: RwSignal<Option<LedgerEntry>>,
    asked: RwSignal<Vec<&'static str>>,
    entered: RwSignal<Vec<(String, Fen)>>,
}

fn mount(source: CodeSource, now: Option<UnixMillis>) -> Sheet {
    let source = RwSignal::new(source);
    let (now, time_guess, offline) = (RwSignal::new(now), RwSignal::new(None), RwSignal::new(false));
    let (shop, cities, result) = (RwSignal::new(None), RwSignal::new(Vec::new()), RwSignal::new(None));
    let (pin, entered) = (RwSignal::new(PinState::Ready), RwSignal::new(Vec::new()));
    let (used_step, worked) = (RwSignal::new(None), RwSignal::new(None));
    let asked = RwSignal::new(Vec::new());
    let note = move |what: &'static str| Callback::new(move |()| asked.update(|asked| asked.push(what)));
    let actions = CodeSheetActions {
        on_retry: note("retry"),
        on_credential_failed: note("broken"),
        on_take_over: note("take over"),
        on_confirm_time: note("vouch"),
        on_pin: Callback::new(move |entry: PinEntry| entered.update(|all| all.push((entry.pin, entry.bill)))),
        on_another_code: Callback::new(move |()| result.set(None)),
        on_worked: Callback::new(move |method| worked.set(Some(method))),
        on_code_shown: Callback::new(|_| ()),
        on_close: note("close"),
    };
    let mounted = Mounted::new(move || {
        view! { <CodeSheet source now time_guess offline shop worked cities pin used_step result actions /> }
    });
    Sheet { mounted, now, time_guess, offline, shop, worked, cities, pin, used_step, result, asked, entered }
}

/// A shop that accepts all ways to redeem, its PIN last.
fn counter() -> Shop {
    let redeem_methods = vec![RedeemMethod::TillScanner, RedeemMethod::PhoneCamera, RedeemMethod::ShopPin];
    Shop { redeem_methods, ..shop("a", "梧桐里手冲") }
}

fn drawn(sheet: &Sheet) -> String {
    let path = sheet.mounted.root.query_selector("[data-testid='code-qr'] path").unwrap();
    path.and_then(|path| path.get_attribute("d")).unwrap_or_default()
}

fn fill(sheet: &Sheet, hook: &str, value: &str) {
    let input: web_sys::HtmlInputElement = sheet.mounted.hook(hook).unwrap().unchecked_into();
    input.set_value(value);
    let init = web_sys::InputEventInit::new();
    init.set_bubbles(true);
    input.dispatch_event(&web_sys::InputEvent::new_with_event_init_dict("input", &init).unwrap()).unwrap();
}

fn value(sheet: &Sheet, hook: &str) -> String {
    sheet.mounted.hook(hook).unwrap().unchecked_into::<web_sys::HtmlInputElement>().value()
}

async fn credential() -> DeviceCredential {
    let number = CredentialNumber::from_value(1_234_567_890).unwrap();
    DeviceCredential {
        pattern: ValuePattern::url("https://card.example", &number),
        number,
        card: "6601 •••• 4827".to_owned(),
        period: TotpPeriod::DEFAULT,
        expires_at: NOW,
        key: rfc_key().await,
    }
}

fn digits(sheet: &Sheet) -> String {
    sheet.mounted.hook("code-digits").and_then(|element| element.text_content()).unwrap_or_default()
}

fn entry() -> LedgerEntry {
    LedgerEntry {
        id: "7K3M9QAB12CD".to_owned(),
        shop_id: "a".to_owned(),
        shop_name: "梧桐里手冲".to_owned(),
        bill_fen: Fen(4_200),
        saved_fen: Fen(420),
        payable_fen: Fen(3_780),
        redeemed_at: NOW,
        cancelled_at: None,
    }
}

#[wasm_bindgen_test]
async fn preparing_holds_the_panels_place() {
    let sheet = mount(CodeSource::Preparing, None);
    let dialog = sheet.mounted.hook("code-sheet").unwrap();
    until("the sheet is open", || dialog.has_attribute("open")).await;
    assert!(sheet.mounted.text().contains("正在生成会员码"));
    assert!(sheet.mounted.hook("code-qr").is_none());
}

/// RFC 6238 Appendix B, SHA-256: at 59 s the code is 46119246.
#[wasm_bindgen_test]
async fn ready_shows_the_code_in_groups_of_four() {
    let sheet = mount(CodeSource::Ready(credential().await), Some(UnixMillis(59_000)));
    until("the code is there", || digits(&sheet) == "6612 3456 7890 4611 9246").await;
    let path = sheet.mounted.root.query_selector("[data-testid='code-qr'] path").unwrap().unwrap();
    let expected = QrSymbol::encode("HTTPS://CARD.EXAMPLE/R/66123456789046119246").unwrap();
    assert_eq!(path.get_attribute("d"), Some(expected.path));
    let countdown = sheet.mounted.hook("code-countdown").unwrap();
    assert!(countdown.text_content().unwrap().starts_with("\u{2007}1 秒后更新"), "as wide as two digits");
    sheet.now.set(Some(UnixMillis(49_000)));
    until("eleven seconds are left", || countdown.text_content().unwrap().starts_with("11 秒后更新")).await;
}

#[wasm_bindgen_test]
async fn rotates_at_the_step_in_the_same_element_without_an_empty_frame() {
    let sheet = mount(CodeSource::Ready(credential().await), Some(UnixMillis(1_111_111_109_000)));
    until("the first code is there", || digits(&sheet).ends_with("6808 4774")).await;
    let path = sheet.mounted.root.query_selector("[data-testid='code-qr'] path").unwrap().unwrap();
    let before = path.get_attribute("d").unwrap();
    sheet.now.set(Some(UnixMillis(1_111_111_110_000)));
    until("the next code is there", || {
        let drawn = path.get_attribute("d").unwrap();
        assert!(!drawn.is_empty(), "an empty frame was drawn");
        assert!(path.is_connected(), "the symbol was built anew");
        drawn != before
    })
    .await;
    assert!(digits(&sheet).ends_with("6706 2674"));
}

/// RFC 6238 Appendix B: steps 37037036 and 37037037 are adjacent.
#[wasm_bindgen_test]
async fn a_code_that_is_used_up_makes_room_for_the_next_and_beyond_that_there_is_none() {
    let sheet = mount(CodeSource::Ready(credential().await), Some(UnixMillis(1_111_111_109_000)));
    until("the first code is there", || digits(&sheet).ends_with("6808 4774")).await;
    sheet.used_step.set(Some(TimeStep(37_037_036)));
    until("the next is there, a step ahead", || digits(&sheet).ends_with("6706 2674")).await;
    assert!(sheet.mounted.hook("code-countdown").unwrap().text_content().unwrap().contains("31 秒后更新"));
    sheet.used_step.set(Some(TimeStep(37_037_037)));
    until("two steps ahead there is none", || digits(&sheet).is_empty() && drawn(&sheet).is_empty()).await;
    sheet.now.set(Some(UnixMillis(1_111_111_110_000)));
    until("until time has gone on", || !digits(&sheet).is_empty()).await;
    assert!(!digits(&sheet).ends_with("6706 2674"));
}

#[wasm_bindgen_test]
async fn while_a_pin_may_have_redeemed_the_code_is_shown_on_request_only() {
    let sheet = mount(CodeSource::Ready(credential().await), Some(UnixMillis(59_000)));
    sheet.shop.set(Some(Load::ready(counter())));
    until("the code is there", || digits(&sheet).ends_with("4611 9246")).await;
    sheet.pin.set(PinState::Querying);
    until("the code is gone", || sheet.mounted.hook("code-qr").is_none()).await;
    assert!(sheet.mounted.text().contains("正在查是否已核销"));
    sheet.pin.set(PinState::Unknown);
    until("it says what to do", || sheet.mounted.text().contains("还不知道是否已核销")).await;
    sheet.mounted.click(".failure button");
    until("the code is back", || digits(&sheet).ends_with("4611 9246")).await;
}

/// The phone slept for many steps. It wakes with the current code, never an old one.
#[wasm_bindgen_test]
async fn a_code_whose_step_is_over_is_not_shown() {
    let sheet = mount(CodeSource::Ready(credential().await), Some(UnixMillis(59_000)));
    until("the first code is there", || digits(&sheet).ends_with("4611 9246")).await;
    sheet.now.set(Some(UnixMillis(1_234_567_890_000)));
    until("effects have run", || !digits(&sheet).ends_with("4611 9246")).await;
    until("the code of now is there", || digits(&sheet).ends_with("9181 9424")).await;
}

#[wasm_bindgen_test]
async fn without_the_time_no_code_is_shown() {
    let sheet = mount(CodeSource::Ready(credential().await), None);
    assert_eq!(digits(&sheet), "");
    sheet.now.set(Some(UnixMillis(59_000)));
    until("the code is there", || digits(&sheet).ends_with("4611 9246")).await;
}

/// A phone that slept does not know the time: no code is better than an old one.
#[wasm_bindgen_test]
async fn when_the_time_is_lost_the_code_goes() {
    let sheet = mount(CodeSource::Ready(credential().await), Some(UnixMillis(59_000)));
    until("the first code is there", || digits(&sheet).ends_with("4611 9246")).await;
    sheet.now.set(None);
    until("no code is shown", || digits(&sheet).is_empty()).await;
    let path = sheet.mounted.root.query_selector("[data-testid='code-qr'] path").unwrap().unwrap();
    assert_eq!(path.get_attribute("d").as_deref(), Some(""));
}

#[wasm_bindgen_test]
fn failed_says_why_and_retries() {
    let sheet = mount(CodeSource::Failed(ApiError::Problem(ProblemKind::ProgrammeEnded)), Some(NOW));
    assert!(sheet.mounted.text().contains("会员计划已结束"));
    sheet.mounted.click(".failure button");
    assert_eq!(sheet.asked.get_untracked(), ["retry"]);
}

#[wasm_bindgen_test]
fn a_browser_without_webcrypto_is_told() {
    let sheet = mount(CodeSource::Unsupported, Some(NOW));
    assert!(sheet.mounted.text().contains("https"));
}

#[wasm_bindgen_test]
async fn the_result_takes_the_codes_place_and_gives_it_back() {
    let sheet = mount(CodeSource::Ready(credential().await), Some(UnixMillis(59_000)));
    sheet.result.set(Some(entry()));
    until("the result is there", || sheet.mounted.hook("code-result").is_some()).await;
    let text = sheet.mounted.text();
    for part in ["已核销", "省了 ¥4.20", "梧桐里手冲", "应付 ¥37.80", "11月22日 20:00", "7K3M9QAB12CD"]
    {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    assert!(sheet.mounted.hook("code-qr").is_none());
    sheet.mounted.click("[data-testid='code-result'] button");
    until("the code is back", || sheet.mounted.hook("code-qr").is_some()).await;
}

#[wasm_bindgen_test]
async fn in_a_shops_context_it_names_the_shop() {
    let sheet = mount(CodeSource::Preparing, None);
    sheet.shop.set(Some(Load::ready(shop("a", "梧桐里手冲"))));
    until("the shop is named", || sheet.mounted.text().contains("梧桐里手冲")).await;
    assert!(sheet.mounted.text().contains("8.8 折"));
    sheet.shop.set(Some(Load::Failed(ApiError::Problem(ProblemKind::NotFound))));
    until("an unknown shop is said to be one", || sheet.mounted.text().contains("没找到这家店")).await;
}

#[wasm_bindgen_test]
async fn a_shop_in_a_city_the_card_does_not_cover_is_said_to_be_one() {
    let sheet = mount(CodeSource::Preparing, None);
    sheet.cities.set(vec![City::Hangzhou]);
    sheet.shop.set(Some(Load::ready(shop("a", "梧桐里手冲"))));
    until("it is said", || sheet.mounted.text().contains("不含这座城市")).await;
    sheet.shop.set(Some(Load::ready(Shop { city: City::Hangzhou, ..shop("b", "湖边") })));
    until("a shop at home shows its discount", || sheet.mounted.text().contains("8.8 折")).await;
}

#[wasm_bindgen_test]
async fn a_shop_that_has_left_is_said_to_have_and_offers_no_ways_of_its_own() {
    let sheet = mount(CodeSource::Ready(credential().await), Some(UnixMillis(59_000)));
    sheet.now.set(Some(NOW));
    sheet.shop.set(Some(Load::ready(Shop { left_on: "2026-11-22".parse().ok(), ..counter() })));
    until("it is said", || sheet.mounted.text().contains("这家店 11月22日 起不再参加")).await;
    assert!(sheet.mounted.hook("pin-open").is_none());
    assert_eq!(sheet.mounted.count(".code-ways"), 0);
}

#[wasm_bindgen_test]
async fn a_shop_that_is_going_to_leave_takes_codes_until_then() {
    let sheet = mount(CodeSource::Ready(credential().await), Some(NOW));
    sheet.shop.set(Some(Load::ready(Shop { left_on: "2026-11-23".parse().ok(), ..counter() })));
    until("it is said", || sheet.mounted.text().contains("8.8 折 · 11月23日 起不再参加")).await;
    until("its ways are there", || sheet.mounted.count(".code-ways .chip") == 2).await;
    assert!(sheet.mounted.hook("pin-open").is_some());
    // Midnight in Shanghai.
    sheet.now.set(Some(NOW.plus_millis(4 * 3_600_000)));
    until("it has left", || sheet.mounted.hook("pin-open").is_none()).await;
}

#[wasm_bindgen_test]
async fn the_shops_own_way_comes_first_and_another_is_a_tap_away() {
    let sheet = mount(CodeSource::Ready(credential().await), Some(UnixMillis(59_000)));
    until("the general steps are there", || sheet.mounted.text().contains("扫二维码，或输入这 20 位数字")).await;
    sheet.shop.set(Some(Load::ready(counter())));
    until("the till's steps are there", || sheet.mounted.text().contains("扫码枪扫二维码")).await;
    assert_eq!(sheet.mounted.count(".code-ways .chip"), 2, "the PIN has its button");
    sheet.mounted.click(".code-ways .chip:nth-child(2)");
    until("the camera's steps are there", || sheet.mounted.text().contains("手机相机扫二维码")).await;
    let pressed = sheet.mounted.root.query_selector(".code-ways [aria-pressed='true']").unwrap().unwrap();
    assert_eq!(pressed.text_content().as_deref(), Some("手机扫码"));
}

#[wasm_bindgen_test]
async fn at_a_shop_with_only_its_pin_the_form_comes_first_and_the_code_second() {
    let sheet = mount(CodeSource::Ready(credential().await), Some(UnixMillis(59_000)));
    sheet.shop.set(Some(Load::ready(Shop { redeem_methods: vec![RedeemMethod::ShopPin], ..counter() })));
    until("the form is there", || sheet.mounted.hook("pin-form").is_some()).await;
    assert!(sheet.mounted.hook("code-qr").is_none());
    sheet.mounted.click("[data-testid='pin-form'] button[type='button']");
    until("the code is there", || sheet.mounted.hook("code-qr").is_some()).await;
    sheet.mounted.click("[data-testid='pin-open']");
    until("the form is back", || sheet.mounted.hook("pin-form").is_some()).await;
}

#[wasm_bindgen_test]
async fn a_sheet_opens_with_the_way_that_worked_last_at_its_shop() {
    let sheet = mount(CodeSource::Ready(credential().await), Some(UnixMillis(59_000)));
    sheet.worked.set(Some(RedeemMethod::PhoneCamera));
    sheet.shop.set(Some(Load::ready(counter())));
    until("the camera's steps are there", || sheet.mounted.text().contains("手机相机扫二维码")).await;
    sheet.worked.set(Some(RedeemMethod::ShopPin));
    sheet.shop.set(None);
    until("no shop's steps are there", || sheet.mounted.text().contains("扫二维码，或输入")).await;
    sheet.shop.set(Some(Load::ready(counter())));
    until("the form is there", || sheet.mounted.hook("pin-form").is_some()).await;
}

#[wasm_bindgen_test]
async fn a_redemption_reports_the_way_it_went_at_the_sheets_shop_only() {
    let sheet = mount(CodeSource::Ready(credential().await), Some(UnixMillis(59_000)));
    sheet.shop.set(Some(Load::ready(counter())));
    until("its ways are there", || sheet.mounted.count(".code-ways .chip") == 2).await;
    sheet.result.set(Some(LedgerEntry { shop_id: "elsewhere".to_owned(), ..entry() }));
    until("the result is there", || sheet.mounted.hook("code-result").is_some()).await;
    assert_eq!(sheet.worked.get_untracked(), None);
    sheet.result.set(None);
    until("the code is back", || sheet.mounted.count(".code-ways .chip") == 2).await;
    sheet.mounted.click(".code-ways .chip:nth-child(2)");
    sheet.result.set(Some(LedgerEntry { shop_id: "a".to_owned(), ..entry() }));
    until("it is reported", || sheet.worked.get_untracked() == Some(RedeemMethod::PhoneCamera)).await;
    sheet.result.set(None);
    until("the PIN is offered", || sheet.mounted.hook("pin-open").is_some()).await;
    sheet.mounted.click("[data-testid='pin-open']");
    until("the form is there", || sheet.mounted.hook("pin-form").is_some()).await;
    sheet.result.set(Some(LedgerEntry { shop_id: "a".to_owned(), ..entry() }));
    until("it is reported", || sheet.worked.get_untracked() == Some(RedeemMethod::ShopPin)).await;
}

#[wasm_bindgen_test]
async fn a_result_is_headed_by_its_shop() {
    let sheet = mount(CodeSource::Ready(credential().await), Some(UnixMillis(59_000)));
    let title = || sheet.mounted.root.query_selector("h2").unwrap().unwrap().text_content().unwrap();
    assert_eq!(title(), "会员码");
    sheet.result.set(Some(entry()));
    until("the shop is named", || title() == "梧桐里手冲").await;
}

#[wasm_bindgen_test]
async fn offline_without_a_code_it_says_what_to_do_and_tries_again_by_itself() {
    let sheet = mount(CodeSource::Failed(ApiError::Unreachable), Some(NOW));
    assert!(sheet.mounted.text().contains("第一次出示会员码要联网"), "{}", sheet.mounted.text());
    window().dispatch_event(&web_sys::Event::new("online").unwrap()).unwrap();
    assert_eq!(sheet.asked.get_untracked(), ["retry"]);
}

#[wasm_bindgen_test]
async fn turned_to_staff_the_steps_are_in_both_languages_and_the_code_stays() {
    let sheet = mount(CodeSource::Ready(credential().await), Some(UnixMillis(59_000)));
    sheet.shop.set(Some(Load::ready(counter())));
    until("the code is there", || digits(&sheet).ends_with("4611 9246")).await;
    let path = sheet.mounted.root.query_selector("[data-testid='code-qr'] path").unwrap().unwrap();
    sheet.mounted.click("[data-testid='code-turn']");
    until("it is turned", || sheet.mounted.count(".code-sheet--turned") == 1).await;
    until("English is there too", || sheet.mounted.text().contains("Scan the code with the till's scanner")).await;
    assert!(sheet.mounted.text().contains("用收银台的扫码枪扫二维码"));
    assert_eq!(sheet.mounted.count(".code-steps--large li"), 3);
    assert!(path.is_connected() && digits(&sheet).ends_with("4611 9246"));
    assert!(sheet.mounted.hook("pin-open").is_none(), "staff read, the member types");
    sheet.mounted.click("[data-testid='code-turn']");
    until("it is turned back", || sheet.mounted.count(".code-sheet--turned") == 0).await;
    assert!(!sheet.mounted.text().contains("Scan the code"));
}

/// A till's scanner passes on the text it reads. Its code is digits only, which need a smaller symbol.
#[wasm_bindgen_test]
async fn at_a_shop_that_wants_digits_the_symbol_holds_digits() {
    let sheet = mount(CodeSource::Ready(credential().await), Some(UnixMillis(59_000)));
    let url = QrSymbol::encode("HTTPS://CARD.EXAMPLE/R/66123456789046119246").unwrap();
    until("the address is drawn", || drawn(&sheet) == url.path).await;
    sheet.shop.set(Some(Load::ready(Shop { code_form: CodeForm::Digits, ..counter() })));
    let bare = QrSymbol::encode("66123456789046119246").unwrap();
    until("the digits are drawn", || drawn(&sheet) == bare.path).await;
    assert!(bare.modules < url.modules);
}

#[wasm_bindgen_test]
async fn while_the_time_is_in_doubt_no_code_is_shown_and_the_member_can_vouch_or_check() {
    let sheet = mount(CodeSource::Ready(credential().await), Some(UnixMillis(59_000)));
    until("the code is there", || digits(&sheet).ends_with("4611 9246")).await;
    sheet.time_guess.set(Some(NOW));
    until("the question is there", || sheet.mounted.hook("time-in-doubt").is_some()).await;
    assert!(sheet.mounted.text().contains("现在是 11月22日 20:00 吗？"), "{}", sheet.mounted.text());
    assert!(sheet.mounted.hook("code-qr").is_none());
    sheet.mounted.click("[data-testid='time-in-doubt'] button:nth-of-type(1)");
    sheet.mounted.click("[data-testid='time-in-doubt'] button:nth-of-type(2)");
    assert_eq!(sheet.asked.get_untracked(), ["vouch", "retry"]);
    sheet.time_guess.set(None);
    until("the code is back", || digits(&sheet).ends_with("4611 9246")).await;
}

#[wasm_bindgen_test]
fn a_device_that_was_taken_over_says_so_and_offers_to_take_over_again() {
    let sheet = mount(CodeSource::TakenOver, Some(NOW));
    assert!(sheet.mounted.text().contains("已换到您的另一台设备"));
    assert!(sheet.mounted.hook("code-qr").is_none() && sheet.mounted.hook("code-turn").is_none());
    sheet.mounted.click(".failure button");
    assert_eq!(sheet.asked.get_untracked(), ["take over"]);
}

#[wasm_bindgen_test]
fn too_long_offline_says_what_to_do() {
    let sheet = mount(CodeSource::TooLongOffline, Some(NOW));
    assert!(sheet.mounted.text().contains("连上网络后点“重试”就恢复"));
    sheet.mounted.click(".failure button");
    assert_eq!(sheet.asked.get_untracked(), ["retry"]);
}

#[wasm_bindgen_test]
async fn offline_with_a_code_says_that_it_works() {
    let sheet = mount(CodeSource::Ready(credential().await), Some(UnixMillis(59_000)));
    sheet.offline.set(true);
    until("it is said", || sheet.mounted.text().contains("离线中，会员码照常可用")).await;
    assert!(sheet.mounted.hook("code-qr").is_some());
}

#[wasm_bindgen_test]
async fn staff_redeem_by_pin_on_the_members_phone() {
    let sheet = mount(CodeSource::Ready(credential().await), Some(UnixMillis(59_000)));
    sheet.shop.set(Some(Load::ready(counter())));
    until("the PIN is offered", || sheet.mounted.hook("pin-open").is_some()).await;
    sheet.mounted.click("[data-testid='pin-open']");
    until("the form is there", || sheet.mounted.hook("pin-form").is_some()).await;
    assert!(sheet.mounted.hook("code-qr").is_none());
    let field = sheet.mounted.hook("pin-bill").unwrap();
    touch_on(&field, "touchstart", 0, 100);
    touch_on(&field, "touchend", 0, 300);
    assert!(sheet.asked.get_untracked().is_empty(), "a finger in a field selects text");
    fill(&sheet, "pin-bill", "４２.50");
    until("the sum is there", || sheet.mounted.text().contains("应付 ¥37.40 省 ¥5.10")).await;
    fill(&sheet, "pin-field", "246 8");
    sheet.mounted.click("[data-testid='pin-submit']");
    until("a wrong form is refused", || sheet.mounted.text().contains("PIN 是 4 到 8 位数字")).await;
    fill(&sheet, "pin-field", "２4６８");
    sheet.mounted.click("[data-testid='pin-submit']");
    assert_eq!(sheet.entered.get_untracked(), [("2468".to_owned(), Fen(4_250))]);
    assert_eq!(value(&sheet, "pin-field"), "", "the PIN is kept nowhere");
    assert!(!sheet.mounted.root.inner_html().contains("2468"));
}

#[wasm_bindgen_test]
async fn every_outcome_of_a_pin_is_said_and_a_pending_one_is_not_sent_twice() {
    let sheet = mount(CodeSource::Unsupported, None);
    sheet.shop.set(Some(Load::ready(counter())));
    until("the PIN works without WebCrypto", || sheet.mounted.hook("pin-open").is_some()).await;
    sheet.mounted.click("[data-testid='pin-open']");
    until("the form is there", || sheet.mounted.hook("pin-form").is_some()).await;
    for (state, said) in [
        (PinState::Pending, "正在核销"),
        (PinState::Querying, "正在查是否已核销"),
        (PinState::NotArrived, "还没有核销，请在这里再输一次"),
        (PinState::Unknown, "还不知道是否已核销"),
        (PinState::Wrong(3), "还可以试 3 次"),
        (PinState::Locked(15), "15 分钟后再试"),
        (PinState::Locked(1_440), "24 小时后再试"),
        (PinState::Refused(ProblemKind::ProgrammeEnded), "会员计划已结束"),
        (PinState::Refused(ProblemKind::Forbidden), "不能用"),
    ] {
        sheet.pin.set(state);
        until(said, || sheet.mounted.hook("pin-said").unwrap().text_content().unwrap().contains(said)).await;
    }
    for busy in [PinState::Pending, PinState::Querying] {
        sheet.pin.set(busy);
        fill(&sheet, "pin-bill", "42");
        fill(&sheet, "pin-field", "246810");
        sheet.mounted.click("[data-testid='pin-submit']");
    }
    assert!(sheet.entered.get_untracked().is_empty());
    for wrong in ["", "0", "-1", "4.205", "100000.01", "四十"] {
        sheet.pin.set(PinState::Ready);
        fill(&sheet, "pin-bill", wrong);
        fill(&sheet, "pin-field", "246810");
        sheet.mounted.click("[data-testid='pin-submit']");
        until("the amount is refused", || sheet.mounted.text().contains("金额写成 42 或 42.50")).await;
    }
    assert!(sheet.entered.get_untracked().is_empty());
}

#[wasm_bindgen_test]
async fn a_redemption_that_was_taken_back_says_so() {
    let sheet = mount(CodeSource::Ready(credential().await), Some(UnixMillis(59_000)));
    sheet.result.set(Some(entry()));
    until("it was redeemed", || sheet.mounted.text().contains("省了 ¥4.20")).await;
    sheet.result.set(Some(LedgerEntry { cancelled_at: Some(NOW), ..entry() }));
    until("it was taken back", || sheet.mounted.text().contains("已撤销")).await;
    assert!(!sheet.mounted.text().contains("省了") && sheet.mounted.text().contains("应付 ¥42.00"));
}

/// The host app raises the brightness between the two events, which carry no data.
#[wasm_bindgen_test]
async fn the_host_app_is_told_while_a_code_is_on_screen() {
    let heard = RwSignal::new(Vec::new());
    let listeners = ["code-shown", "code-hidden"].map(|name| {
        let name = name.to_owned();
        window_event_listener_untyped(&name.clone(), move |event| {
            let detail = event.unchecked_into::<web_sys::CustomEvent>().detail();
            assert!(detail.is_null());
            heard.update(|heard| heard.push(name.clone()));
        })
    });
    let sheet = mount(CodeSource::Ready(credential().await), Some(UnixMillis(59_000)));
    until("it is shown", || heard.get_untracked() == ["code-shown"]).await;
    sheet.result.set(Some(entry()));
    until("it is hidden", || heard.get_untracked() == ["code-shown", "code-hidden"]).await;
    drop(sheet);
    assert_eq!(heard.get_untracked().len(), 2);
    for listener in listeners {
        listener.remove();
    }
}

/// The smallest version that holds the payload at level M, with the highest level that fits into it.
#[wasm_bindgen_test]
fn the_symbol_is_as_small_as_level_m_allows_and_takes_the_highest_level_that_fits() {
    use qrcode::{Color, EcLevel, QrCode, Version};
    for (payload, version, level, above) in [
        ("HTTPS://CARD.EXAMPLE/R/66123456789046119246", 2, EcLevel::M, EcLevel::Q),
        ("66123456789046119246", 1, EcLevel::Q, EcLevel::H),
    ] {
        let symbol = QrSymbol::encode(payload).unwrap();
        assert_eq!(symbol.modules, 17 + 4 * usize::try_from(version).unwrap() + 8, "{payload}");
        let expected = QrCode::with_version(payload, Version::Normal(version), level).unwrap();
        let dark = expected.to_colors().iter().filter(|color| **color == Color::Dark).count();
        // The length of each run in the path is its number of dark modules.
        let runs = symbol.path.split('h').skip(1).filter_map(|run| run.split('v').next()?.parse::<usize>().ok());
        assert_eq!(runs.sum::<usize>(), dark, "{payload}");
        assert!(QrCode::with_version(payload, Version::Normal(version), above).is_err());
        assert!(version == 1 || QrCode::with_version(payload, Version::Normal(version - 1), EcLevel::M).is_err());
    }
}

#[wasm_bindgen_test]
async fn a_credential_that_makes_no_codes_is_reported() {
    let credential = credential().await;
    let endless = CredentialNumber::from_value(1).unwrap();
    // No QR symbol holds ten thousand characters.
    let pattern = ValuePattern::url(&format!("https://{}", "x".repeat(10_000)), &endless);
    let sheet = mount(CodeSource::Ready(DeviceCredential { pattern, ..credential }), Some(NOW));
    until("the sheet's owner is told", || sheet.asked.get_untracked().contains(&"broken")).await;
    assert_eq!(digits(&sheet), "");
}

#[wasm_bindgen_test]
fn escape_and_the_close_button_ask_to_close() {
    let sheet = mount(CodeSource::Preparing, None);
    let dialog = sheet.mounted.hook("code-sheet").unwrap();
    dialog.dispatch_event(&web_sys::Event::new("cancel").unwrap()).unwrap();
    sheet.mounted.click(".sheet__close");
    assert_eq!(sheet.asked.get_untracked(), ["close", "close"]);
}

fn touch(sheet: &Sheet, name: &str, y: i32) {
    let dialog = sheet.mounted.hook("code-sheet").unwrap();
    touch_on(&dialog, name, 0, y);
}

fn touch_on(dialog: &web_sys::Element, name: &str, x: i32, y: i32) {
    let init = web_sys::TouchInit::new(1, dialog);
    init.set_client_x(x);
    init.set_client_y(y);
    let touch = web_sys::Touch::new(&init).unwrap();
    let event = web_sys::TouchEventInit::new();
    let touches = js_sys::Array::of1(&touch);
    event.set_changed_touches(&touches);
    event.set_touches(&touches);
    event.set_bubbles(true);
    dialog.dispatch_event(&web_sys::TouchEvent::new_with_event_init_dict(name, &event).unwrap()).unwrap();
}

#[wasm_bindgen_test]
fn a_swipe_down_asks_to_close_and_a_short_one_does_not() {
    let sheet = mount(CodeSource::Preparing, None);
    let style = || sheet.mounted.hook("code-sheet").unwrap().get_attribute("style").unwrap_or_default();
    for (to, asked) in [(160, 0), (60, 0), (240, 1)] {
        touch(&sheet, "touchstart", 100);
        touch(&sheet, "touchmove", to);
        assert_eq!(style().contains("translateY"), to > 100, "it follows the finger down and not up");
        touch(&sheet, "touchend", to);
        assert_eq!(style(), "");
        assert_eq!(sheet.asked.get_untracked().len(), asked, "{to}");
    }
    touch(&sheet, "touchstart", 100);
    touch(&sheet, "touchmove", 300);
    touch(&sheet, "touchcancel", 300);
    touch(&sheet, "touchend", 300);
    assert_eq!(sheet.asked.get_untracked(), ["close"], "a cancelled swipe does nothing");
    let dialog = sheet.mounted.hook("code-sheet").unwrap();
    touch_on(&dialog, "touchstart", 0, 100);
    touch_on(&dialog, "touchend", 300, 300);
    assert_eq!(sheet.asked.get_untracked(), ["close"], "nor does one to the side");
}

#[wasm_bindgen_test]
async fn unmounted_gives_the_focus_back_and_ignores_late_codes() {
    let opener: web_sys::HtmlElement = document().create_element("button").unwrap().unchecked_into();
    document().body().unwrap().append_child(&opener).unwrap();
    opener.focus().unwrap();
    let sheet = mount(CodeSource::Ready(credential().await), Some(UnixMillis(59_000)));
    let now = sheet.now;
    let root = sheet.mounted.unmount();
    now.set(Some(UnixMillis(89_000)));
    assert_eq!(root.child_element_count(), 0);
    until("the focus is back", || document().active_element().as_ref() == Some(opener.as_ref())).await;
    opener.remove();
}

#[wasm_bindgen_test]
async fn a_stored_credential_comes_back_and_still_signs() {
    let stored = credential().await;
    Store::default().save_credential(&stored).await;
    let loaded = Store::default().load_credential().await.unwrap();
    assert_eq!((loaded.number, loaded.pattern, loaded.period), (stored.number, stored.pattern, stored.period));
    let step = TimeStep(1);
    assert_eq!(loaded.key.totp(step).await.unwrap().to_digits(), "46119246");
}
