//! Numbers, money, dates and distances in each language, and switching while a component is mounted.

use js_sys::{Array, Intl::NumberFormat, Object, Reflect};
use member_domain::{CivilDate, Discount, Distance, Fen, UnixMillis};
use member_page::prelude::*;
use member_page::{
    api::Api,
    features::member_card::MemberCard,
    host::{Host, HostSettings},
    i18n::{Count, Formats, Language, Locale},
    load::Load,
    store::Store,
    ui::LanguageChoice,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{Mounted, member, until};

const CHOICE: &str = "locale";
const HUGE: u32 = 1_234_567;

#[wasm_bindgen_test]
fn a_tag_asks_for_the_language_its_readers_read() {
    let cases = [
        ("zh", Some(Locale::ZhHans)),
        ("zh-CN", Some(Locale::ZhHans)),
        ("zh-SG", Some(Locale::ZhHans)),
        ("zh-Hans-HK", Some(Locale::ZhHans)),
        ("zh-TW", Some(Locale::ZhHant)),
        ("zh_HK", Some(Locale::ZhHant)),
        ("ZH-mo", Some(Locale::ZhHant)),
        ("zh-Hant", Some(Locale::ZhHant)),
        ("zh-hant-CN", Some(Locale::ZhHant)),
        ("zh-cmn-Hant-TW", Some(Locale::ZhHant)),
        ("zh-CN-u-rg-twzzzz", Some(Locale::ZhHans)),
        ("zh-x-tw", Some(Locale::ZhHans)),
        ("en", Some(Locale::En)),
        ("en-GB", Some(Locale::En)),
        ("EN-us", Some(Locale::En)),
        ("eng", None),
        ("zhx", None),
        ("fr", None),
        ("", None),
        ("-", None),
    ];
    for (tag, locale) in cases {
        assert_eq!(Locale::from_tag(tag), locale, "{tag}");
    }
    for locale in Locale::ALL {
        assert_eq!(Locale::from_tag(locale.tag()), Some(locale));
    }
}

#[wasm_bindgen_test]
fn what_is_formatted_reads_as_members_write_it() {
    let [hans, hant, english] = Locale::ALL.map(Formats::of);
    let alike = |said: [String; 3], wanted: [&str; 3]| assert_eq!(said, wanted);
    let all = |say: &dyn Fn(&Formats) -> String| [say(&hans), say(&hant), say(&english)];
    let same = |text| [text; 3];
    alike(all(&|formats| formats.money(Fen(123_456_789))), same("¥1,234,567.89"));
    alike(all(&|formats| formats.money(Fen(-5))), same("-¥0.05"));
    alike(all(&|formats| formats.short_money(Fen(16_800))), same("¥168"));
    alike(all(&|formats| formats.short_money(Fen(16_850))), same("¥168.50"));
    alike(all(&|formats| formats.count(HUGE).to_string()), same("1,234,567"));
    alike(all(&|formats| formats.distance(Distance { metres: 234.0 })), ["230 米", "230 公尺", "230 m"]);
    alike(all(&|formats| formats.distance(Distance { metres: 12_345.0 })), ["12.3 公里", "12.3 公里", "12.3 km"]);
    let discount = Discount::from_permille(120).unwrap();
    alike(all(&|formats| formats.discount(discount)), ["8.8 折", "8.8 折", "12% off"]);
    let day = CivilDate::new(2026, 12, 31).unwrap();
    alike(all(&|formats| formats.day(day)), ["12月31日", "12月31日", "Dec 31"]);
    alike(all(&|formats| formats.date(day)), ["2026年12月31日", "2026年12月31日", "Dec 31, 2026"]);
    alike(all(&|formats| formats.weekday(day)), ["周四", "週四", "Thu"]);
    alike(all(&|formats| formats.month(day)), ["12月", "12月", "Dec"]);
    // Half past midnight in Shanghai, in any device time zone.
    let night = UnixMillis(1_795_278_600_000);
    alike(all(&|formats| formats.day_and_time(night)), ["11月22日 00:30", "11月22日 00:30", "Nov 22 00:30"]);
}

#[wasm_bindgen_test]
fn money_and_numbers_are_written_as_the_browser_would() {
    let options = Object::new();
    for (name, value) in [("style", "currency"), ("currency", "CNY"), ("currencyDisplay", "narrowSymbol")] {
        Reflect::set(&options, &name.into(), &value.into()).unwrap();
    }
    for locale in Locale::ALL {
        let formats = Formats::of(locale);
        let languages = Array::of1(&locale.tag().into());
        let (money, number) = (NumberFormat::new(&languages, &options), NumberFormat::new(&languages, &Object::new()));
        let by = |format: &NumberFormat, value: f64| {
            format.format().call1(&JsValue::NULL, &value.into()).unwrap().as_string().unwrap()
        };
        for whole in [0_i32, 1, 9, 10, 99, 100, 999, 1_000, 1_001, 12_345, 999_999, 1_000_000, 20_000_007] {
            for amount in [whole, -whole] {
                let said = formats.money(Fen(amount.into()));
                assert_eq!(said, by(&money, f64::from(amount) / 100.0).replace("-¥0.00", "¥0.00"));
            }
            assert_eq!(formats.count(whole).to_string(), by(&number, whole.into()));
            assert_eq!(formats.count(-whole).to_string(), by(&number, (-whole).into()).replace("-0", "0"));
        }
        for permille in (5..1_000).step_by(5) {
            let discount = Discount::from_permille(permille).unwrap();
            let number = if locale.is_english() { permille } else { discount.remaining_permille() };
            let tenths = f64::from(number) / if locale.is_english() { 10.0 } else { 100.0 };
            let limit = Object::new();
            Reflect::set(&limit, &"maximumFractionDigits".into(), &1.into()).unwrap();
            let wanted = by(&NumberFormat::new(&languages, &limit), tenths);
            assert_eq!(formats.discount(discount).trim_end_matches([' ', '折']).trim_end_matches("% off"), wanted);
        }
    }
}

/// A message for 0, 1, 2, 21, 1,000 and a huge number.
fn of_each(locale: Locale, say: impl Fn(&Count) -> String) -> Vec<String> {
    let formats = Formats::of(locale);
    [0, 1, 2, 21, 1_000, HUGE].map(|number| say(&formats.count(number))).to_vec()
}

#[wasm_bindgen_test]
fn english_nouns_go_with_their_numbers() {
    let text = Locale::En.messages();
    let shops = of_each(Locale::En, |count| (text.shop_count)(count, false));
    assert_eq!(shops, ["0 shops", "1 shop", "2 shops", "21 shops", "1,000 shops", "1,234,567 shops"]);
    let visits = of_each(Locale::En, |count| (text.savings_count)(count));
    assert_eq!(visits, ["0 visits", "1 visit", "2 visits", "21 visits", "1,000 visits", "1,234,567 visits"]);
    let tries = of_each(Locale::En, |count| (text.pin_wrong)(count));
    assert!(tries[1].ends_with(" 1 try left.") && tries[2].ends_with(" 2 tries left."), "{tries:?}");
    let seats = of_each(Locale::En, |count| (text.event_seats)(count, &Formats::of(Locale::En).count(0)));
    assert_eq!(seats[..3], ["full", "1 seat left", "2 seats left"]);
    let mentions = of_each(Locale::En, |count| (text.note_count)(count));
    assert_eq!(mentions[..3], ["0 mention it", "1 mentions it", "2 mention it"]);
    let ends = of_each(Locale::En, |count| (text.card_ends)(count, "Dec 31"));
    assert!(ends[0].starts_with("Today") && ends[1].starts_with("Tomorrow") && ends[2].contains("2 days"), "{ends:?}");
    let days = of_each(Locale::En, |count| (text.refund_estimate)("Alipay", count));
    assert!(days[1].contains("1 working day of") && days[3].contains("21 working days of"), "{days:?}");
    let more = of_each(Locale::En, |count| (text.payoff_average)("¥9", count));
    assert!(more[1].contains("once more does") && more[2].contains("2 more visits do"), "{more:?}");
}

#[wasm_bindgen_test]
fn every_number_in_a_message_has_its_separators() {
    for locale in Locale::ALL {
        let (text, formats) = (locale.messages(), Formats::of(locale));
        let (huge, none) = (&formats.count(HUGE), &formats.count(0));
        let said = [
            (text.next_cluster)("徐汇区", "1 km", huge),
            (text.shop_count)(huge, false),
            (text.shop_count)(huge, true),
            (text.fails_often)(huge, huge),
            (text.removed_by)("咖啡", huge, true),
            (text.payoff_average)("¥9", huge),
            (text.code_next_in)(huge),
            (text.pin_wrong)(huge),
            (text.pin_locked)(huge),
            (text.pin_locked_hours)(huge),
            (text.card_ends)(huge, "x"),
            (text.refund_estimate)("x", huge),
            (text.note_count)(huge),
            (text.note)(huge),
            (text.trust_record)(none, huge),
            (text.trust_record)(huge, huge),
            (text.savings_count)(huge),
            (text.events_all)(huge),
            (text.event_seats)(huge, none),
            (text.event_seats)(none, huge),
            (text.event_seats_in_all)(huge),
            (text.event_waiting)(Some(huge)),
        ];
        for message in said {
            assert!(message.contains("1,234,567"), "{}: {message}", locale.tag());
        }
    }
}

#[wasm_bindgen_test]
fn traditional_chinese_is_not_simplified_with_other_characters() {
    let text = Locale::ZhHant.messages();
    for (said, wanted) in [
        (text.code_image, "會員碼 QR 碼"),
        (text.loading, "載入中"),
        (text.brightness_hint, "掃不到時，請調高螢幕亮度"),
        (text.contact_support, "聯絡客服"),
    ] {
        assert_eq!(said, wanted);
    }
}

#[wasm_bindgen_test]
fn the_pseudo_language_is_longer_and_keeps_what_is_filled_in() {
    let text = Locale::Pseudo.messages();
    assert_eq!(text.retry, "[Trýý áágááíín]");
    let (english, pseudo) = (Locale::En.messages().place_denied, text.place_denied);
    let longer = pseudo.chars().count() * 10 / english.chars().count();
    assert!((12..=16).contains(&longer), "{pseudo}");
    assert_eq!((text.card_valid_until)("Aug 24, 2027"), "[ÜÜntííl Aug 24, 2027]");
    let formats = Formats::of(Locale::Pseudo);
    assert!((text.shop_count)(&formats.count(1_000), false).starts_with("[1,000 šhööpš"));
    assert!((text.event_waiting)(None).starts_with('['));
    assert!((text.pin_refused)(member_domain::wire::ProblemKind::Forbidden).starts_with("[Nööt"));
}

/// The member's language comes first, then the host's, then the browser's. The browser of these tests uses
/// English.
#[wasm_bindgen_test]
async fn the_members_choice_comes_before_the_hosts_and_the_hosts_before_the_browsers() {
    let storage = window().local_storage().unwrap().unwrap();
    let _ = storage.remove_item(CHOICE);
    let element: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    let (api, store) = (Api::at(""), Store::default());
    let said = StoredValue::new(None::<(Host, Language)>);
    let mounted = Mounted::new(move || {
        let host = Host::app(HostSettings { root: element, api, store, page_url: String::new() });
        assert_eq!(Language::start(host).locale(), Locale::En);
        host.locale.set(Some(Locale::ZhHant));
        said.set_value(Some((host, Language::start(host))));
        ().into_any()
    });
    let (host, language) = said.get_value().unwrap();
    let is_now = |locale: Locale| language.locale() == locale && marked(host) == locale.tag();
    until("the host's wish is met, and said on its element", || is_now(Locale::ZhHant)).await;
    host.locale.set(Some(Locale::ZhHans));
    until("the host's other wish is met", || is_now(Locale::ZhHans)).await;
    assert_eq!(storage.get_item(CHOICE).unwrap(), None, "what a host asks for is not remembered");
    language.choose(Locale::En);
    until("the member's choice is followed", || is_now(Locale::En)).await;
    // Hosts set the same language again with every other change.
    host.locale.set(Some(Locale::ZhHans));
    until("effects have run", || is_now(Locale::En)).await;
    let next = Owner::new().with(|| Language::start(host).locale());
    assert_eq!(next, Locale::En, "at the next visit the member's choice comes first");
    storage.remove_item(CHOICE).unwrap();
    mounted.unmount();
}

fn marked(host: Host) -> String {
    host.root().and_then(|root| root.get_attribute("lang")).unwrap_or_default()
}

#[wasm_bindgen_test]
async fn choosing_a_language_changes_what_is_mounted_and_keeps_the_focus() {
    let language = Language::fixed(Locale::En);
    let page = Mounted::new(move || {
        provide_context(language);
        let nothing = Callback::new(|()| ());
        view! {
            <MemberCard
                me=RwSignal::new(Load::ready(member()))
                today=Signal::stored(None)
                on_show_code=nothing
                on_savings=nothing
                on_retry=nothing
            />
            <LanguageChoice />
        }
    });
    let pressed = || page.root.query_selector("[aria-pressed='true']").unwrap().unwrap();
    assert_eq!(pressed().text_content().as_deref(), Some("English"));
    for (tag, said) in [("zh-Hant", "出示會員碼"), ("en", "Show my code"), ("zh-Hans", "出示会员码")] {
        let button = page.root.query_selector(&format!("button[lang='{tag}']")).unwrap().unwrap();
        page.click(&format!("button[lang='{tag}']"));
        until(said, || page.text().contains(said)).await;
        assert!(pressed().is_same_node(Some(&button)), "the same button is pressed, not a new one");
        assert_eq!(page.count("[aria-pressed='true']"), 1);
    }
    let storage = window().local_storage().unwrap().unwrap();
    assert_eq!(storage.get_item(CHOICE).unwrap().as_deref(), Some("zh-Hans"));
    storage.remove_item(CHOICE).unwrap();
}
