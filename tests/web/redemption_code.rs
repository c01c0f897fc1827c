//! The code sheet.

use leptos::prelude::*;
use member_domain::{
    City, CredentialNumber, Fen, TotpPeriod, UnixMillis, ValuePattern,
    wire::{LedgerEntry, ProblemKind, Shop},
};
use member_page::{
    api::ApiError,
    features::redemption_code::{CodeSheet, CodeSource, QrSymbol},
    load::Load,
    store::{self, DeviceCredential},
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
    shop: RwSignal<Option<Load<Shop>>>,
    result: RwSignal<Option<LedgerEntry>>,
    asked: RwSignal<Vec<&'static str>>,
}

fn mount(source: CodeSource, now: Option<UnixMillis>) -> Sheet {
    let source = RwSignal::new_local(source);
    let (now, shop, result) = (RwSignal::new(now), RwSignal::new(None), RwSignal::new(None));
    let asked = RwSignal::new(Vec::new());
    let on_retry = Callback::new(move |()| asked.update(|asked| asked.push("retry")));
    let on_broken = Callback::new(move |()| asked.update(|asked| asked.push("broken")));
    let on_close = Callback::new(move |()| asked.update(|asked| asked.push("close")));
    let mounted =
        Mounted::new(move || view! { <CodeSheet source now shop result on_retry on_broken on_close /> }.into_any());
    Sheet { mounted, now, shop, result, asked }
}

async fn credential() -> DeviceCredential {
    let number = CredentialNumber::from_value(1_234_567_890).unwrap();
    DeviceCredential {
        pattern: ValuePattern::url("https://card.example", &number),
        number,
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
    assert!(sheet.mounted.hook("code-countdown").unwrap().text_content().unwrap().contains("1 秒后更新"));
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

/// The phone slept through many steps: what it wakes up with is the code of now, never an old one.
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

/// A phone that slept does not know the time: better no code than an old one.
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
    for part in ["已核销", "省了 ¥4.20", "梧桐里手冲", "实付 ¥37.80", "11月22日 20:00", "7K3M9QAB12CD"]
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
    let shop = RwSignal::new(Some(Load::ready(shop("a", "梧桐里手冲"))));
    let sheet = Mounted::new(move || {
        let nothing = Callback::new(|()| ());
        let source = RwSignal::new_local(CodeSource::Preparing);
        let (now, result) = (RwSignal::new(None), RwSignal::new(None));
        let cities = Signal::stored(vec![City::Hangzhou]);
        view! {
            <CodeSheet source now shop cities result on_retry=nothing on_broken=nothing on_close=nothing />
        }
        .into_any()
    });
    assert!(sheet.text().contains("不含这座城市"), "{}", sheet.text());
    shop.set(Some(Load::ready(Shop { city: City::Hangzhou, ..crate::support::shop("b", "湖边") })));
    until("a shop at home shows its discount", || sheet.text().contains("8.8 折")).await;
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
    store::save_credential(&stored).await;
    let loaded = store::load_credential().await.unwrap();
    assert_eq!((loaded.number, loaded.pattern, loaded.period), (stored.number, stored.pattern, stored.period));
    let step = member_domain::TimeStep(1);
    assert_eq!(loaded.key.totp(step).await.unwrap().to_digits(), "46119246");
}
