//! Redeeming with a paired phone: scan, bill, confirm, receipt.

use std::collections::BTreeSet;

use crate::support::{
    Answer, Caller, DAY, Device, Events, SECOND, STEP, Setup, TestApp, noon,
    staff::{Phone, hidden, sql},
    today,
};
use futures_util::future::join_all;
use member_domain::Fen;
use member_storage::cells;

const COFFEE: &str = "sh-wutongli-coffee";
const THEATRE: &str = "sh-shengbo-theatre";
const MINUTE: i64 = 60 * SECOND;

/// A demo server with an enrolled member.
struct Counter {
    app: TestApp,
    member: Caller,
    device: Device,
}

impl Counter {
    async fn open() -> Self {
        Self::of(TestApp::demo().await).await
    }

    async fn of(app: TestApp) -> Self {
        let member = app.sign_in("active").await;
        let device = app.enrol(&member).await;
        Self { app, member, device }
    }

    async fn phone(&self) -> Phone<'_> {
        Phone::demo(&self.app, COFFEE).await
    }

    fn code(&self) -> String {
        self.device.code_at(self.app.now())
    }

    async fn redemptions(&self) -> u32 {
        self.app.me(&self.member).await.payoff.unwrap().redemptions
    }

    /// Method, outcome, bill and whether it is a replay, for every attempt at a demo shop in order.
    fn attempts(&self) -> Vec<(String, String, Option<i64>, bool)> {
        self.app.rows().all("SELECT method, outcome, bill_fen, replayed FROM attempts ORDER BY seq", cells![])
    }
}

/// A refused scan in the form of [`Counter::attempts`].
fn refused(outcome: &str) -> (String, String, Option<i64>, bool) {
    ("phone".to_owned(), outcome.to_owned(), None, false)
}

#[track_caller]
fn says(answer: &Answer, texts: &[&str]) {
    let page = answer.text();
    for text in texts {
        assert!(page.contains(text), "{text}: {page}");
    }
}

#[tokio::test]
async fn a_scanned_code_is_redeemed_and_the_member_is_told() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    let mut events = Events::open(&counter.app, &counter.member, None).await;
    let code = counter.code();
    let scanned = phone.open(&format!("/R/{code}")).await.expect(200);
    says(&scanned, &["林*", "梧桐里手冲", "9 折", "10% off", "inputmode=decimal", "12:05"]);
    let check = phone.send(&format!("/R/{code}"), &[("bill", "168.50")]).await.expect(200);
    says(&check, &["¥168.50", "−¥16.85", "¥151.65", "林*", "确认核销"]);
    assert_eq!((hidden(&check, "bill").as_str(), hidden(&check, "key").len()), ("16850", 22));
    let confirmed = phone.confirm(&code, &check).await.expect(303);
    let receipt = phone.open(confirmed.header("location")).await.expect(200);
    let id = confirmed.header("location").rsplit('/').next().unwrap().to_owned();
    says(&receipt, &["已核销", "Redeemed", "¥168.50", "−¥16.85", "¥151.65", "林*", &id, "2026-11-20 12:00"]);
    assert_eq!(events.next().await.name, "redemption");
    let entry = counter.app.ledger(&counter.member).await.redemptions.swap_remove(0);
    assert_eq!((entry.id, entry.bill_fen, entry.saved_fen), (id, Fen(16_850), Fen(1_685)));
    assert_eq!(counter.attempts(), [("phone".to_owned(), "done".to_owned(), Some(16_850), false)]);
}

#[tokio::test]
async fn digits_are_read_in_every_way_they_are_typed() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    let code = counter.code();
    let full_width: String = code.chars().map(|d| char::from_u32(u32::from(d) + 0xfee0).unwrap()).collect();
    let spaced: String = code.chars().flat_map(|digit| [digit, ' ']).collect();
    for typed in [&code, &full_width, &spaced, &counter.device.qr_at(counter.app.now())] {
        let answer = phone.send("/R", &[("code", typed)]).await.expect(303);
        assert_eq!(answer.header("location"), format!("/R/{code}"), "{typed}");
    }
    for path in [
        format!("/r/{code}"),
        format!("/R/{code}/"),
        format!("/R/{}-{}", &code[..10], &code[10..]),
        // As apps and scanners change the address.
        format!("/R/{code}&from=timeline"),
        format!("/R/{code}?from=timeline"),
        format!("/R/{code};x=1"),
        format!("/R/%5DQ1{code}"),
        format!("/R/%02{code}%03"),
    ] {
        says(&phone.open(&path).await.expect(200), &["林*"]);
    }
    for (typed, sentence) in
        [("", "20 位数字"), ("6601", "位数不对"), ("66a", "只有数字"), ("28012345678987654321", "以 66 开头")]
    {
        let page = phone.send("/R", &[("code", typed)]).await.expect(422);
        says(&page, &[sentence, "aria-invalid", &format!("value=\"{typed}\"")]);
    }
    let page = phone.send("/R", &[("code", "\"><script>")]).await.expect(422);
    says(&page, &["&quot;&gt;&lt;script&gt;"]);
}

#[tokio::test]
async fn what_is_no_member_code_gets_a_page_of_its_own() {
    let counter = Counter::open().await;
    let (stranger, phone) = (Phone::new(&counter.app), counter.phone().await);
    for phone in [&stranger, &phone] {
        for path in ["/R/1", "/r/abc", "/R/%3Cscript%3E", "/R/%FF", &format!("/R/{}", "6".repeat(600))] {
            let answer = phone.open(path).await.expect(404);
            assert!(answer.header("content-type").starts_with("text/html"), "{path}");
        }
        says(&phone.open("/R/12").await, &["这不是会员码", "not a member code", "位数不对"]);
        for foreign in ["28012345678987654321", "1301234567898765"] {
            let page = phone.open(&format!("/R/{foreign}")).await.expect(404);
            says(&page, &["这是别的应用的码", "another app", "以 66 开头"]);
        }
    }
    phone.open("/R/66012345678987654321/nothing").await.expect(404);
    let back = phone.open("/R/66012345678987654321/confirm").await.expect(303);
    assert_eq!(back.header("location"), "/R/66012345678987654321");
}

#[tokio::test]
async fn a_wrong_bill_comes_back_with_a_sentence() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    let path = format!("/R/{}", counter.code());
    phone.open(&path).await.expect(200);
    for (bill, sentence) in [
        ("", "请输入账单金额"),
        ("   ", "Enter the bill"),
        ("0", "大于 0"),
        ("0.00", "大于 0"),
        ("-5", "最多两位小数"),
        ("42.555", "最多两位小数"),
        ("4e3", "最多两位小数"),
        ("100000.01", "10 万元"),
        ("<b>", "最多两位小数"),
    ] {
        let page = phone.send(&path, &[("bill", bill)]).await.expect(422);
        let kept = format!("value=\"{}\"", bill.replace('<', "&lt;").replace('>', "&gt;"));
        says(&page, &[sentence, &kept, "aria-invalid", "林*"]);
    }
    for (bill, fen) in
        [("42", "4200"), ("42.5", "4250"), ("￥４２．５０", "4250"), (" 42.50元", "4250"), ("100000", "10000000")]
    {
        assert_eq!(hidden(&phone.send(&path, &[("bill", bill)]).await.expect(200), "bill"), fen, "{bill}");
    }
    assert!(counter.attempts().is_empty(), "nothing was tried yet");
}

#[tokio::test]
async fn the_code_may_rotate_while_the_bill_is_typed() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    let code = counter.code();
    phone.open(&format!("/R/{code}")).await.expect(200);
    counter.app.clock.advance_millis(3 * MINUTE);
    // A reload does not restart the five minutes.
    says(&phone.open(&format!("/R/{code}")).await.expect(200), &["12:05", "林*"]);
    counter.app.clock.advance_millis(2 * MINUTE);
    let check = phone.send(&format!("/R/{code}"), &[("bill", "42")]).await.expect(200);
    phone.confirm(&code, &check).await.expect(303);
}

#[tokio::test]
async fn five_minutes_after_the_scan_it_has_to_be_scanned_again() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    let code = counter.code();
    let check = phone.enter(&code, "42").await;
    counter.app.clock.advance_millis(5 * MINUTE + 1);
    says(&phone.confirm(&code, &check).await.expect(410), &["扫码已超过 5 分钟", "再扫一次"]);
    for _ in 0..2 {
        says(&phone.open(&format!("/R/{code}")).await.expect(410), &["扫码已超过 5 分钟"]);
    }
    says(&phone.send(&format!("/R/{code}"), &[("bill", "42")]).await.expect(410), &["5 minutes"]);
    let confirmed = ("phone".to_owned(), "code-expired".to_owned(), Some(4_200), false);
    assert_eq!(counter.attempts(), [confirmed, refused("code-expired")]);
    counter.app.clock.advance_millis(10 * MINUTE);
    says(&phone.open(&format!("/R/{code}")).await.expect(404), &["没有这个会员码"]);
    phone.redeem(&counter.code(), "42").await;
}

#[tokio::test]
async fn only_the_phone_that_scanned_may_take_its_time() {
    let counter = Counter::open().await;
    let (phone, colleague) = (counter.phone().await, counter.phone().await);
    let code = counter.code();
    phone.open(&format!("/R/{code}")).await.expect(200);
    counter.app.clock.advance_millis(2 * MINUTE);
    says(&colleague.open(&format!("/R/{code}")).await.expect(410), &["这个码过期了"]);
    let confirm = [("bill", "4200"), ("key", "k")];
    let page = colleague.send(&format!("/R/{code}/confirm"), &confirm).await.expect(410);
    says(&page, &["这个码过期了", "再扫一次"]);
    phone.redeem(&code, "42").await;
}

#[tokio::test]
async fn a_refused_scan_says_why_and_is_recorded_once() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    let device = &counter.device;
    let old = device.code(device.step(counter.app.now()).plus(-5));
    for _ in 0..3 {
        says(&phone.open(&format!("/R/{old}")).await.expect(410), &["这个码过期了", "expired", "出示现在的码"]);
    }
    for _ in 0..2 {
        says(&phone.open("/R/66100000000000000000").await.expect(404), &["没有这个会员码", "No card has this code"]);
    }
    assert_eq!(counter.attempts(), [refused("code-expired"), refused("code-unknown")]);
}

#[tokio::test]
async fn another_scan_that_is_refused_is_recorded_whatever_came_before() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    let step = counter.device.step(counter.app.now());
    let old = |steps: i64| format!("/R/{}", counter.device.code(step.plus(-steps)));
    let done = ("phone".to_owned(), "done".to_owned(), Some(4_200), false);
    phone.redeem(&counter.code(), "42").await;
    // After a redemption: two old pictures of the same card, each loaded twice.
    for path in [old(5), old(6), old(5), old(6)] {
        phone.open(&path).await.expect(410);
    }
    // The same number with passwords that do not exist.
    let number = counter.device.answer.number.as_str();
    for password in ["00000001", "00000002", "00000001"] {
        phone.open(&format!("/R/66{number}{password}")).await.expect(404);
    }
    // A code that a till has just used.
    counter.app.clock.advance_millis(STEP);
    let code = counter.code();
    let till = counter.app.terminal(THEATRE).await;
    counter.app.redeem(&till, "1", &code, 4_200).await.expect(201);
    for _ in 0..2 {
        phone.open(&format!("/R/{code}")).await.expect(409);
    }
    // After ten minutes it does not count as a reload.
    phone.open("/R/66100000000000000000").await.expect(404);
    counter.app.clock.advance_millis(10 * MINUTE + 1);
    phone.open("/R/66100000000000000000").await.expect(404);
    let mut attempts = counter.attempts();
    attempts.retain(|attempt| attempt.0 == "phone");
    let expected =
        ["code-expired", "code-expired", "code-unknown", "code-unknown", "code-used", "code-unknown", "code-unknown"];
    assert_eq!(attempts, [&[done], &expected.map(refused)[..]].concat());
}

#[tokio::test]
async fn digits_that_are_no_code_are_recorded_once_as_at_a_till() {
    let counter = Counter::open().await;
    let (stranger, phone) = (Phone::new(&counter.app), counter.phone().await);
    let code = counter.code();
    let long = format!("/R/{}", "6".repeat(10_000));
    for path in ["/R/28012345678987654321", &format!("/R/{}", &code[..19]), &long] {
        for phone in [&stranger, &phone, &phone] {
            phone.open(path).await.expect(404);
        }
    }
    for _ in 0..2 {
        phone.send("/R", &[("code", "6601")]).await.expect(422);
    }
    phone.send("/R/12/confirm", &[("bill", "4200"), ("key", "k")]).await.expect(404);
    assert_eq!(counter.attempts(), ["invalid-request"; 5].map(refused));
}

#[tokio::test]
async fn digits_that_are_no_code_count_as_requests() {
    let setup = Setup { demo: true, terminal_limit: 60, ..Setup::default() };
    let counter = Counter::of(TestApp::start(setup).await).await;
    let phone = counter.phone().await;
    for _ in 0..15 {
        phone.open("/R/12").await.expect(404);
        phone.send("/R", &[("code", "12")]).await.expect(422);
    }
    for page in [phone.open("/R/12").await, phone.send("/R", &[("code", "12")]).await] {
        says(&page.expect(429), &["Too many requests"]);
    }
    Phone::new(&counter.app).open("/R/12").await.expect(404);
}

#[tokio::test]
async fn a_used_code_leads_to_the_receipt_in_the_shop_that_used_it() {
    let counter = Counter::open().await;
    let (phone, theatre) = (counter.phone().await, Phone::demo(&counter.app, THEATRE).await);
    let code = counter.code();
    let receipt = phone.redeem(&code, "42").await;
    let again = phone.open(&format!("/R/{code}")).await.expect(409);
    says(&again, &["本店刚刚核销过这个码", &receipt]);
    counter.app.clock.advance_millis(4 * MINUTE);
    says(&phone.open(&format!("/R/{code}")).await.expect(409), &[&receipt]);
    let elsewhere = theatre.open(&format!("/R/{code}")).await.expect(409);
    says(&elsewhere, &["这个码已经用过", "already used"]);
    assert!(!elsewhere.text().contains(&receipt));
}

#[tokio::test]
async fn two_phones_with_one_code_redeem_once() {
    let counter = Counter::open().await;
    let (phone, theatre) = (counter.phone().await, Phone::demo(&counter.app, THEATRE).await);
    let code = counter.code();
    let (here, there) = (phone.enter(&code, "42").await, theatre.enter(&code, "99").await);
    let other_tab = phone.enter(&code, "42").await;
    let receipt = phone.confirm(&code, &here).await.expect(303).header("location").to_owned();
    says(&theatre.confirm(&code, &there).await.expect(409), &["这个码已经用过"]);
    says(&phone.confirm(&code, &other_tab).await.expect(409), &["本店刚刚核销过这个码", &receipt]);
}

#[tokio::test]
async fn confirming_twice_gives_the_same_receipt() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    let before = counter.redemptions().await;
    let code = counter.code();
    let check = phone.enter(&code, "42").await;
    let answers = join_all((0..8).map(|_| phone.confirm(&code, &check))).await;
    let receipts: BTreeSet<String> =
        answers.into_iter().map(|answer| answer.expect(303).header("location").to_owned()).collect();
    assert_eq!(receipts.len(), 1, "{receipts:?}");
    for millis in [STEP, 10 * MINUTE, DAY] {
        counter.app.clock.advance_millis(millis);
        let again = phone.confirm(&code, &check).await.expect(303);
        assert_eq!(Some(again.header("location")), receipts.first().map(String::as_str), "after {millis} ms");
    }
    assert_eq!(counter.redemptions().await, before + 1);
    assert_eq!(counter.attempts().iter().filter(|attempt| !attempt.3).count(), 1);
}

#[tokio::test]
async fn a_pages_key_is_for_one_bill() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    let code = counter.code();
    let check = phone.enter(&code, "42").await;
    phone.confirm(&code, &check).await.expect(303);
    let key = hidden(&check, "key");
    let page = phone.send(&format!("/R/{code}/confirm"), &[("bill", "9900"), ("key", &key)]).await.expect(409);
    says(&page, &["这一页已经用过了"]);
}

#[tokio::test]
async fn the_bill_page_confirms_itself_with_script_and_goes_on_without() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    let before = counter.redemptions().await;
    let code = counter.code();
    let page = phone.open(&format!("/R/{code}")).await.expect(200);
    says(&page, &["data-off=100 data-max=10000000", "<input type=hidden id=fen>", "应收", "下一步", "确认核销"]);
    let key = hidden(&page, "key");
    assert_eq!(key.len(), 22);
    // Without script, the form also sends the key.
    let check = phone.send(&format!("/R/{code}"), &[("bill", "42.55"), ("key", &key)]).await.expect(200);
    says(&check, &["¥38.30", "确认核销"]);
    // With script, the form sends what the page that confirms would.
    let path = format!("/R/{code}/confirm");
    let receipt = phone.send(&path, &[("bill", "4255"), ("key", &key)]).await.expect(303).header("location").to_owned();
    let again = phone.send(&path, &[("bill", "4255"), ("key", &key)]).await.expect(303);
    assert_eq!(again.header("location"), receipt);
    says(&phone.send(&path, &[("bill", "4256"), ("key", &key)]).await.expect(409), &["这一页已经用过了"]);
    says(&phone.confirm(&code, &check).await.expect(409), &["本店刚刚核销过这个码", &receipt]);
    says(&phone.open(&receipt).await.expect(200), &["¥38.30"]);
    assert_eq!(counter.redemptions().await, before + 1);
}

#[tokio::test]
async fn only_the_bill_page_has_a_script() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    let code = counter.code();
    let path = format!("/R/{code}");
    let (start, report) = (phone.open("/R").await, phone.open("/R/report").await);
    let (bill, wrong) = (phone.open(&path).await, phone.send(&path, &[("bill", "0")]).await);
    let check = phone.send(&path, &[("bill", "42")]).await;
    let receipt = phone.open(phone.confirm(&code, &check).await.header("location")).await;
    // [`Phone::open`] checks that each policy allows the page's own script and no other.
    for (page, has_script) in
        [(start, false), (report, false), (bill, true), (wrong, true), (check, false), (receipt, false)]
    {
        assert_eq!(page.text().contains("<script>"), has_script, "{}", page.text());
    }
}

#[tokio::test]
async fn of_64_confirmations_at_once_one_redeems() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    let before = counter.redemptions().await;
    let code = counter.code();
    phone.open(&format!("/R/{code}")).await.expect(200);
    let path = format!("/R/{code}/confirm");
    let keys: Vec<String> = (0..64).map(|index| format!("key{index}")).collect();
    let fields: Vec<[(&str, &str); 2]> = keys.iter().map(|key| [("bill", "4200"), ("key", key.as_str())]).collect();
    let answers = join_all(fields.iter().map(|fields| phone.send(&path, fields))).await;
    let count = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((count(303), count(409)), (1, 63));
    assert_eq!(counter.redemptions().await, before + 1);
}

#[tokio::test]
async fn a_confirmation_that_no_page_has_made_is_refused() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    let code = counter.code();
    phone.open(&format!("/R/{code}")).await.expect(200);
    let path = format!("/R/{code}/confirm");
    let long = "k".repeat(201);
    for fields in [
        &[][..],
        &[("bill", "4200")],
        &[("key", "k")],
        &[("bill", "42.00"), ("key", "k")],
        &[("bill", "0"), ("key", "k")],
        &[("bill", "-1"), ("key", "k")],
        &[("bill", "10000001"), ("key", "k")],
        &[("bill", "4200"), ("key", "")],
        &[("bill", "4200"), ("key", "a b")],
        &[("bill", "4200"), ("key", &long)],
    ] {
        says(&phone.send(&path, fields).await.expect(422), &["内容不完整"]);
    }
    let big = "9".repeat(20_000);
    assert_eq!(phone.send(&path, &[("bill", &big), ("key", "k")]).await.status, 413);
    assert!(counter.attempts().is_empty());
}

#[tokio::test]
async fn nobody_redeems_or_reads_without_a_paired_phone() {
    let counter = Counter::open().await;
    let receipt = counter.phone().await.redeem(&counter.code(), "42").await;
    counter.app.clock.advance_millis(STEP);
    let stranger = Phone::new(&counter.app);
    let path = format!("/R/{}", counter.code());
    for page in [
        stranger.open(&path).await.expect(200),
        stranger.send(&path, &[("bill", "42")]).await.expect(403),
        stranger.send(&format!("{path}/confirm"), &[("bill", "4200"), ("key", "k")]).await.expect(403),
        stranger.open(&receipt).await.expect(403),
        stranger.send("/R", &[("code", "66")]).await.expect(403),
    ] {
        says(&page, &["先绑定这部手机"]);
        assert!(!page.text().contains("林*") && !page.text().contains("¥42"));
    }
    assert_eq!(counter.attempts().len(), 1);
}

#[tokio::test]
async fn a_receipt_is_for_the_shops_own_phones() {
    let counter = Counter::open().await;
    let (phone, colleague) = (counter.phone().await, counter.phone().await);
    let theatre = Phone::demo(&counter.app, THEATRE).await;
    let receipt = phone.redeem(&counter.code(), "42").await;
    says(&colleague.open(&receipt).await.expect(200), &["¥37.80"]);
    says(&theatre.open(&receipt).await.expect(404), &["没有这一页"]);
    for other in ["/R/receipt/NOTHING", "/R/receipt/%27%20OR%201=1", "/R/receipt/%FF"] {
        phone.open(other).await.expect(404);
    }
    counter.app.clock.advance_millis(STEP);
    let till = counter.app.terminal(COFFEE).await;
    let at_till = counter.app.redeem_now(&till, "1", &counter.device, 1_000).await;
    says(&phone.open(&format!("/R/receipt/{}", at_till.id)).await.expect(200), &["¥9.00"]);
}

/// Shops in two cities, and a card for one of them that is valid only today. The member's name is markup.
async fn one_day_card() -> (TestApp, Device) {
    let csv = "id,name,category,city,lng,lat,coord_system,discount_permille\n\
               sh,\"<i>上海\"\"店\",coffee,shanghai,121.4,31.2,gcj02,125\n\
               gz,广州店,coffee,guangzhou,113.3,23.1,gcj02,100\n";
    let app = TestApp::start(Setup::default()).await;
    member_server::import_shops(&app.database, csv.as_bytes()).await.unwrap();
    app.operator(&["programme", "put", "--id", "p", "--name", "卡", "--price-fen", "16800"]);
    let members = format!(
        "id,name,card_number,programme,valid_from,valid_until,cities\nm1,<b>,000000000001,p,{0},{0},shanghai\n",
        today()
    );
    member_server::import_members(&app.database, members.as_bytes(), noon()).await.unwrap();
    let member = Caller::Bearer(app.operator(&["session", "add", "m1"]));
    let device = app.enrol(&member).await;
    (app, device)
}

#[tokio::test]
async fn a_card_not_valid_today_or_here_is_refused() {
    let (app, device) = one_day_card().await;
    let (here, elsewhere) = (Phone::paired(&app, "sh").await, Phone::paired(&app, "gz").await);
    let code = device.code_at(app.now());
    says(&elsewhere.open(&format!("/R/{code}")).await.expect(403), &["今天在本店不能用", "原价"]);
    let check = here.enter(&code, "42").await;
    // The programme ends while staff type the bill.
    sql(&app, "UPDATE programmes SET last_day = '2026-11-19'");
    says(&here.confirm(&code, &check).await.expect(403), &["会员计划已结束", "The programme has ended"]);
    says(&here.open(&format!("/R/{code}")).await.expect(403), &["会员计划已结束"]);
    sql(&app, "UPDATE programmes SET last_day = NULL");
    app.clock.advance_millis(DAY);
    says(&here.open(&format!("/R/{}", device.code_at(app.now()))).await.expect(403), &["not valid here today"]);
}

#[tokio::test]
async fn names_are_text_on_every_page() {
    let (app, device) = one_day_card().await;
    let phone = Phone::paired(&app, "sh").await;
    let code = device.code_at(app.now());
    let scanned = phone.open(&format!("/R/{code}")).await.expect(200);
    let check = phone.send(&format!("/R/{code}"), &[("bill", "100")]).await.expect(200);
    let receipt = phone.open(&phone.redeem(&code, "100").await).await.expect(200);
    for page in [&scanned, &check, &receipt] {
        says(page, &["&lt;*", "&lt;i&gt;上海&quot;店"]);
        assert!(!page.text().contains("<i>上海"));
    }
    says(&scanned, &["8.75 折", "12.5% off"]);
    says(&check, &["¥87.50", "−¥12.50"]);
}

#[tokio::test]
async fn old_presentations_are_forgotten() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    for _ in 0..3 {
        phone.open(&format!("/R/{}", counter.code())).await.expect(200);
        counter.app.clock.advance_millis(2 * 3_600 * SECOND);
    }
    let kept: i64 = counter.app.rows().one("SELECT COUNT(*) FROM presentations", cells![]);
    assert_eq!(kept, 1);
}

#[tokio::test]
async fn a_failure_of_the_database_is_a_page_that_says_what_to_do() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    let code = counter.code();
    let check = phone.enter(&code, "42").await;
    sql(&counter.app, "ALTER TABLE redemptions RENAME TO away");
    says(&phone.confirm(&code, &check).await.expect(500), &["系统出错了", "不会核销两次", "Go back and try again"]);
    sql(&counter.app, "ALTER TABLE away RENAME TO redemptions");
    phone.confirm(&code, &check).await.expect(303);
}

#[tokio::test]
async fn a_redemption_can_be_taken_back_for_ten_minutes() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    let saved = counter.app.me(&counter.member).await.payoff.unwrap().saved_fen;
    let code = counter.code();
    let receipt = phone.redeem(&code, "42").await;
    counter.app.clock.advance_millis(10 * MINUTE);
    says(&phone.open(&receipt).await.expect(200), &["撤销", "12:10", &format!("action=\"{receipt}/undo\"")]);
    let undone = phone.send(&format!("{receipt}/undo"), &[]).await.expect(303);
    assert_eq!(undone.header("location"), receipt);
    let page = phone.open(&receipt).await.expect(200);
    says(&page, &["已撤销", "Taken back", "按原价收", "¥42.00", "class=over", "2026-11-20 12:10"]);
    assert!(!page.text().contains("/undo"));
    assert_eq!(counter.app.me(&counter.member).await.payoff.unwrap().saved_fen, saved);
    assert!(counter.app.ledger(&counter.member).await.redemptions[0].cancelled_at.is_some());
    // Cancelling twice has the same effect as once, even if the second time is late.
    counter.app.clock.advance_millis(DAY);
    let again = phone.send(&format!("{receipt}/undo"), &[]).await.expect(303);
    assert_eq!(again.header("location"), receipt);
    says(&phone.open(&receipt).await.expect(200), &["2026-11-20 12:10"]);
}

#[tokio::test]
async fn after_ten_minutes_a_redemption_stands() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    let receipt = phone.redeem(&counter.code(), "42").await;
    counter.app.clock.advance_millis(10 * MINUTE + 1);
    assert!(!phone.open(&receipt).await.expect(200).text().contains("/undo"));
    let late = phone.send(&format!("{receipt}/undo"), &[]).await.expect(409);
    says(&late, &["已经不能撤销", "Too late to undo", &receipt]);
    says(&phone.open(&receipt).await.expect(200), &["已核销", "¥37.80"]);
}

#[tokio::test]
async fn only_the_shop_that_redeemed_takes_back() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    let code = counter.code();
    let receipt = phone.redeem(&code, "42").await;
    let undo = format!("{receipt}/undo");
    let theatre = Phone::demo(&counter.app, THEATRE).await;
    theatre.send(&undo, &[]).await.expect(404);
    Phone::new(&counter.app).send(&undo, &[]).await.expect(403);
    phone.form(&undo, &[]).header("sec-fetch-site", "cross-site").answer().await.expect(403);
    assert_eq!(phone.open(&undo).await.expect(303).header("location"), receipt);
    says(&phone.open(&receipt).await.expect(200), &["已核销"]);
    counter.phone().await.send(&undo, &[]).await.expect(303);
    // The code stays used, and the answer no longer leads to its receipt.
    let again = phone.open(&format!("/R/{code}")).await.expect(409);
    says(&again, &["这个码已经用过"]);
    assert!(!again.text().contains(&receipt));
}

#[tokio::test]
async fn a_phone_that_guesses_codes_has_to_wait() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    let guess = |number: u32| format!("/R/66{number:010}12345678");
    for number in 0..60 {
        phone.open(&guess(number)).await.expect(404);
    }
    let path = format!("/R/{}", counter.code());
    let confirm = [("bill", "4200"), ("key", "k")];
    for page in [
        phone.open(&guess(61)).await.expect(429),
        phone.open(&path).await.expect(429),
        phone.send(&format!("{path}/confirm"), &confirm).await.expect(429),
    ] {
        says(&page, &["操作太快了", "Too many requests"]);
        let wait: i64 = page.header("retry-after").parse().unwrap();
        assert!((1..=300).contains(&wait), "{wait}");
    }
    // A colleague's phone is not blocked.
    counter.phone().await.open(&path).await.expect(200);
    counter.app.clock.advance_millis(5 * MINUTE);
    phone.open(&format!("/R/{}", counter.code())).await.expect(200);
}

#[tokio::test]
async fn a_phone_that_asks_too_fast_has_to_wait() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    let path = format!("/R/{}", counter.code());
    let mut answers = join_all((0..400).map(|_| phone.open(&path))).await;
    answers.retain(|answer| answer.status != 200);
    assert!(!answers.is_empty());
    for answer in answers {
        says(&answer.expect(429), &["Too many requests"]);
    }
}

#[tokio::test]
async fn what_other_sites_open_on_a_paired_phone_counts_for_nothing() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    let before = counter.attempts();
    let code = counter.code();
    for digits in ["66012345678912345678", "1", "nonsense", &code] {
        for site in ["cross-site", "same-site"] {
            let call = phone.with_cookie(counter.app.get(&format!("/R/{digits}"))).header("sec-fetch-site", site);
            let page = call.answer().await.expect(200);
            says(&page, &["别的网站", &format!("href=\"/R/{digits}\"")]);
        }
    }
    assert_eq!(counter.attempts(), before, "nothing was judged or counted");
    // The link on that page, and a scan by the camera, are the staff's own.
    for site in ["same-origin", "none"] {
        let call = phone.with_cookie(counter.app.get(&format!("/R/{code}"))).header("sec-fetch-site", site);
        says(&call.answer().await.expect(200), &["账单金额"]);
    }
}

#[tokio::test]
async fn digits_that_are_no_code_are_guesses_too() {
    let counter = Counter::open().await;
    let phone = counter.phone().await;
    for number in 0..60 {
        phone.open(&format!("/R/{number}")).await.expect(404);
    }
    phone.open("/R/61").await.expect(429);
    phone.open(&format!("/R/{}", counter.code())).await.expect(429);
    counter.app.clock.advance_millis(5 * MINUTE);
    phone.open("/R/61").await.expect(404);
}
