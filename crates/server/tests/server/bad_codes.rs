//! Texts that are no code, and codes of nobody, sent by a till and opened in a browser. Each gets a clear
//! refusal: never a server error, never an echo of the text.

use crate::support::{Answer, Caller, Device, TestApp};
use member_domain::wire::ProblemKind;

const SHOP: &str = "sh-wutongli-coffee";
/// Terminals are rate limited after a few unknown codes, so each is used for this many.
const CODES_A_TERMINAL: usize = 4;

/// The API's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// The text cannot be a code: 422.
    NoCode,
    /// The text has the form of a code and is none: 404.
    Unknown,
}

struct Case {
    name: &'static str,
    written: String,
    expected: Expected,
}

/// A demo server with one enrolled member.
struct Counter {
    app: TestApp,
    member: Caller,
    device: Device,
}

impl Counter {
    async fn open() -> Self {
        let app = TestApp::demo().await;
        let member = app.sign_in("active").await;
        let device = app.enrol(&member).await;
        Self { app, member, device }
    }

    fn code(&self) -> String {
        self.device.code_at(self.app.now())
    }

    async fn redemptions(&self) -> u32 {
        self.app.me(&self.member).await.payoff.unwrap().redemptions
    }
}

/// `code` with the digit at `at` replaced by the next one.
fn mistyped(code: &str, at: usize) -> String {
    let wrong = (code.as_bytes()[at] - b'0' + 1) % 10;
    format!("{}{wrong}{}", &code[..at], &code[at + 1..])
}

/// `code` with the first two different neighbours from `at` on swapped.
fn transposed(code: &str, at: usize) -> String {
    let digits = code.as_bytes();
    let at = (at..code.len() - 1).find(|at| digits[*at] != digits[at + 1]).expect("a code of different digits");
    format!("{}{}{}{}", &code[..at], &code[at + 1..at + 2], &code[at..=at], &code[at + 2..])
}

fn bad_codes(device: &Device, code: &str, qr: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add =
        |name: &'static str, written: String, expected: Expected| cases.push(Case { name, written, expected });
    add("truncated at the end", code[..19].to_owned(), Expected::NoCode);
    add("truncated at the start", code[1..].to_owned(), Expected::NoCode);
    add("half", code[..10].to_owned(), Expected::NoCode);
    add("truncated URL", qr[..qr.len() - 1].to_owned(), Expected::NoCode);
    add("URL without digits", qr[..qr.len() - 20].to_owned(), Expected::NoCode);
    add("mistyped in the prefix", mistyped(code, 0), Expected::NoCode);
    add("mistyped in the credential", mistyped(code, 5), Expected::Unknown);
    add("mistyped in the password", mistyped(code, 12), Expected::Unknown);
    add("mistyped at the end", mistyped(code, 19), Expected::Unknown);
    add("a letter for a digit", format!("{}O", &code[..19]), Expected::NoCode);
    add("transposed in the credential", transposed(&code[..12], 2) + &code[12..], Expected::Unknown);
    add("transposed in the password", transposed(code, 12), Expected::Unknown);
    add("doubled", code.repeat(2), Expected::NoCode);
    add("doubled with a line end", format!("{code}\r\n{code}\r\n"), Expected::NoCode);
    add("one digit twice", format!("{}{code}", &code[..1]), Expected::NoCode);
    // Prefixes of other wallets, with 16 to 24 digits: WeChat Pay 10 to 15, Alipay 25 to 30.
    for prefix in (10..=15).chain(25..=30) {
        for length in [16, 18, 20, 24] {
            add("another wallet's", format!("{prefix}{}", &code.repeat(2)[2..length]), Expected::NoCode);
        }
    }
    add("10 kB of digits", code.repeat(500), Expected::NoCode);
    add("emoji", "🎉👩‍👩‍👧‍👦6️⃣6️⃣".to_owned(), Expected::NoCode);
    add("SQL", format!("{code}'; DROP TABLE redemptions; --"), Expected::NoCode);
    add("SQL alone", "' OR '1'='1".to_owned(), Expected::NoCode);
    add("HTML", format!("<script>alert({code})</script>"), Expected::NoCode);
    add("HTML attribute", "\"><img src=x onerror=alert(1)>".to_owned(), Expected::NoCode);
    add("right to left", format!("\u{202e}{code}"), Expected::NoCode);
    add("a zero byte", format!("{code}\0"), Expected::NoCode);
    add("Arabic digits", "٦٦٠١٢٣٤٥٦٧٨٩٨٧٦٥٤٣٢١".to_owned(), Expected::NoCode);
    add("a path upwards", "../../../etc/passwd".to_owned(), Expected::NoCode);
    add("zeros", format!("66{}", "0".repeat(18)), Expected::Unknown);
    add("nines", format!("66{}", "9".repeat(18)), Expected::Unknown);
    add("full-width and mistyped", full_width(&mistyped(code, 19)), Expected::Unknown);
    add("its credential with no password", format!("66{}", device.answer.number.as_str()), Expected::NoCode);
    cases
}

fn full_width(digits: &str) -> String {
    digits.chars().map(|digit| char::from_u32(u32::from(digit) - 0x30 + 0xff10).unwrap()).collect()
}

/// The answer repeats nothing that was sent, and reveals nothing about the server's construction.
fn assert_silent(case: &Case, answer: &Answer) {
    let text = answer.text();
    let sent = case.written.trim();
    assert!(!text.contains(sent), "{}: {text}", case.name);
    for inside in ["rusqlite", "SQLite", "panicked", "src/", "<script", "onerror"] {
        assert!(!text.contains(inside), "{}: {text}", case.name);
    }
}

#[tokio::test]
async fn a_till_gets_a_clear_problem_for_every_bad_code() {
    let counter = Counter::open().await;
    let before = counter.redemptions().await;
    let (code, qr) = (counter.code(), counter.device.qr_at(counter.app.now()));
    let mut till = counter.app.terminal(SHOP).await;
    for (index, case) in bad_codes(&counter.device, &code, &qr).iter().enumerate() {
        if index % CODES_A_TERMINAL == 0 {
            till = counter.app.terminal(SHOP).await;
        }
        let answer = counter.app.redeem(&till, &index.to_string(), &case.written, 4_200).await;
        let problem = match case.expected {
            Expected::NoCode if answer.status == 422 => answer.invalid("code"),
            Expected::Unknown if answer.status == 404 => answer.problem(ProblemKind::CodeUnknown),
            _ => panic!("{}: {} {}", case.name, answer.status, answer.text()),
        };
        assert!(problem.detail.is_some_and(|detail| detail.contains("code")), "{}: {}", case.name, answer.text());
        assert_silent(case, &answer);
    }
    assert_eq!(counter.redemptions().await, before);
    // None of these requests used up or blocked the real code.
    let till = counter.app.terminal(SHOP).await;
    counter.app.redeem(&till, "real", &code, 4_200).await.expect(201);
    assert_eq!(counter.redemptions().await, before + 1);
}

/// Every byte as `%XX`, as the strictest browser would write it.
fn percent_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn a_phone_that_opens_a_bad_code_sees_what_to_do() {
    let counter = Counter::open().await;
    let (code, qr) = (counter.code(), counter.device.qr_at(counter.app.now()));
    for case in bad_codes(&counter.device, &code, &qr) {
        for path in ["/R/", "/r/"] {
            let answer = counter.app.get(&format!("{path}{}", percent_encoded(&case.written))).answer().await;
            match case.expected {
                Expected::NoCode => assert_eq!(answer.status, 404, "{}: {}", case.name, answer.text()),
                // The page does not judge codes, so that nobody can test codes there.
                Expected::Unknown => assert!(answer.status < 500, "{}: {}", case.name, answer.text()),
            }
            if case.expected == Expected::NoCode {
                assert_silent(&case, &answer);
                assert!(answer.text().to_lowercase().contains("member code"), "{}: {}", case.name, answer.text());
            }
            assert!(answer.header("content-type").starts_with("text/html"), "{}", case.name);
            assert!(answer.header("content-security-policy").contains("default-src 'none'"), "{}", case.name);
        }
    }
    // Paths that are not UTF-8, and paths of no page.
    for path in ["/R/%FF%FE", "/R/%C3%28", "/R/1/2", "/R/%", "/R/%zz", "/R/%00"] {
        let answer = counter.app.get(path).answer().await;
        assert!((400..500).contains(&answer.status), "{path}: {} {}", answer.status, answer.text());
    }
    counter.app.get(&format!("/R/{code}")).answer().await.expect(200);
    let till = counter.app.terminal(SHOP).await;
    counter.app.redeem(&till, "real", &code, 4_200).await.expect(201);
}
