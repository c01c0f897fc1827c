//! The HTML of the staff pages: Chinese first, English second, one stylesheet. The bill page alone has a script.

use std::sync::LazyLock;

use axum::{
    Extension,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use member_domain::{CivilDate, Discount, Fen, UnixMillis};

use crate::http::{markup::Text, policy};

/// The stylesheet without comments and optional white space.
static STYLE: LazyLock<String> = LazyLock::new(|| {
    let parts = include_str!("staff.css").split("/*").map(|part| part.split_once("*/").map_or(part, |(_, css)| css));
    let lines: String = parts.flat_map(str::lines).map(str::trim).collect();
    let spaces = [(": ", ":"), ("; ", ";"), (", ", ","), (" {", "{"), ("{ ", "{"), (" }", "}"), (";}", "}")];
    spaces.into_iter().fold(lines, |css, (spaced, tight)| css.replace(spaced, tight))
});

/// The script of the bill page without comments and optional white space. Every statement ends with a semicolon.
static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    let lines = include_str!("staff.js").lines().map(str::trim).filter(|line| !line.starts_with("//"));
    let operators = ["=", "=>", "+", "-", "*", "/", "?", ":", ">", "<=", ">=", "&&", "||"];
    let script = operators
        .into_iter()
        .fold(lines.collect::<String>(), |script, operator| script.replace(&format!(" {operator} "), operator));
    let spaces = [(", ", ","), ("; ", ";"), ("{ ", "{"), (" }", "}")];
    spaces.into_iter().fold(script, |script, (spaced, tight)| script.replace(spaced, tight))
});

/// A page has the script of the bill page. The response carries it as an extension, for its policy.
#[derive(Clone, Copy)]
struct Scripted;

/// The content security policies of the staff pages.
#[derive(Clone)]
pub(super) struct Policies {
    plain: HeaderValue,
    scripted: HeaderValue,
}

impl Policies {
    pub(super) fn new(public_origin: &str) -> Self {
        Self {
            plain: policy::of_staff(&STYLE, None, public_origin),
            scripted: policy::of_staff(&STYLE, Some(&SCRIPT), public_origin),
        }
    }

    /// Returns the policy of a response. A script is allowed only where a page has one.
    pub(super) fn of(&self, response: &Response) -> HeaderValue {
        let has_script = response.extensions().get::<Scripted>().is_some();
        if has_script { &self.scripted } else { &self.plain }.clone()
    }
}

/// The maximum length of a shop's name in the header, in characters.
const SHOP_CHARS: usize = 40;

/// A text in both languages. Only fixed texts are allowed, because the HTML contains them without escaping. Lines
/// break between words and after punctuation (`word-break: keep-all`). In a Chinese text without either, `|` marks
/// where a line may break.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    pub(super) zh: &'static str,
    pub(super) en: &'static str,
}

pub(super) const fn words(zh: &'static str, en: &'static str) -> Words {
    Words { zh, en }
}

impl Words {
    pub(super) fn heading(self) -> String {
        format!("<h1>{}<span lang=en>{}</span></h1>", self.chinese(), self.en)
    }

    pub(super) fn paragraphs(self) -> String {
        format!("<p>{}</p><p lang=en>{}</p>", self.chinese(), self.en)
    }

    /// Returns both languages on one line.
    pub(super) fn label(self) -> String {
        format!("{} <span lang=en>{}</span>", self.chinese(), self.en)
    }

    /// Returns the HTML of the Chinese text.
    fn chinese(self) -> String {
        self.zh.replace('|', "<wbr>")
    }
}

/// A staff page. The routes add the content security policy.
pub(super) struct Page<'a> {
    pub(super) status: StatusCode,
    pub(super) title: &'static str,
    /// The name of the paired phone's shop; `None` for unpaired phones.
    pub(super) shop: Option<&'a str>,
    /// The HTML between the header and the end of the page.
    pub(super) body: String,
}

impl Page<'_> {
    /// Returns the response of the bill page, with its script.
    pub(super) fn with_script(self) -> Response {
        let script = format!("<script>{}</script>", *SCRIPT);
        (Extension(Scripted), self.render(&report_link(), &script)).into_response()
    }

    /// Returns the response of the report. Its header names the report and does not link to it.
    pub(super) fn of_report(self) -> Response {
        self.render(&format!("<b class=to>{}</b>", REPORT.label()), "")
    }

    /// Returns the response, with the HTML `report` in the header and `script` at the end.
    fn render(self, report: &str, script: &str) -> Response {
        let (title, body, style) = (self.title.replace('|', ""), self.body, STYLE.as_str());
        let header = match self.shop {
            Some(shop) => format!(
                "<a class=shop href=/R><i>惠</i><span>{}</span></a>{report}",
                Text(&shop.chars().take(SHOP_CHARS).collect::<String>()),
            ),
            None => format!("<b class=shop><i>惠</i>{}</b>", words("会员优惠", "Member discount").label()),
        };
        let html = format!(
            "<!doctype html><html lang=zh-Hans><head><meta charset=utf-8>\
             <meta name=viewport content=\"width=device-width,initial-scale=1\"><meta name=robots content=noindex>\
             <meta name=theme-color content=#f7f4ef media=\"(prefers-color-scheme:light)\">\
             <meta name=theme-color content=#141210 media=\"(prefers-color-scheme:dark)\">\
             <title>{title}</title><style>{style}</style></head>\
             <body><header>{header}</header><main>{body}</main>{script}</body></html>"
        );
        let headers = [
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            policy::REPORTING_ENDPOINTS,
            policy::OWN_REFERRER,
        ];
        (self.status, headers, Html(html)).into_response()
    }
}

impl IntoResponse for Page<'_> {
    fn into_response(self) -> Response {
        self.render(&report_link(), "")
    }
}

const REPORT: Words = words("报表", "Report");

fn report_link() -> String {
    format!("<a class=to href=/R/report>{}</a>", REPORT.label())
}

/// Returns a panel that says what happened and what to do, with the HTML `actions` below it.
pub(super) fn notice(title: Words, text: Words, actions: &str) -> String {
    format!("<div class=panel><div class=mark><b>!</b>{}</div>{}</div>{actions}", title.heading(), text.paragraphs())
}

/// Returns a link that looks like a secondary button.
pub(super) fn link(href: &str, label: Words) -> String {
    format!("<a class=\"button calm\" href=\"{}\">{}</a>", Text(href), label.label())
}

/// Returns a link that looks like the page's primary button.
pub(super) fn loud_link(href: &str, label: Words) -> String {
    format!("<a class=button href=\"{}\">{}</a>", Text(href), label.label())
}

/// Returns the error message of a field; empty without an error.
pub(super) fn wrong(what: Option<Words>) -> String {
    what.map(|what| {
        format!("<p class=wrong id=wrong role=alert>{}<span lang=en>{}</span></p>", what.chinese(), what.en)
    })
    .unwrap_or_default()
}

/// Returns the attributes that connect a field with its message from [`wrong`].
pub(super) fn wrong_attributes(what: Option<Words>) -> &'static str {
    if what.is_some() { " aria-invalid=true aria-describedby=wrong" } else { "" }
}

/// Returns a quiet link, for the way that is not the usual one.
pub(super) fn quiet_link(href: &str, label: Words) -> String {
    format!("<p class=note><a class=quiet href=\"{}\">{}</a></p>", Text(href), label.label())
}

/// Returns what is behind a quiet line of text: the HTML `content`.
pub(super) fn behind(label: &str, open: bool, content: &str) -> String {
    let open = if open { " open" } else { "" };
    format!("<details{open}><summary class=quiet>{label}</summary>{content}</details>")
}

/// Returns the form for typing a code's digits. It is open if there is something to see in it.
pub(super) fn digits_form(typed: &str, problem: Option<Words>) -> String {
    let open = problem.is_some() || !typed.is_empty();
    // The form is the last thing of the page. The focus scrolls it into view.
    let focus = if open { " autofocus" } else { "" };
    let form = format!(
        "<form method=post action=/R><label for=code>{}</label><div class=\"field long\">\
         <input id=code name=code value=\"{}\" inputmode=numeric autocomplete=off enterkeyhint=go{}{focus}></div>{}\
         <button class=calm>{}</button></form>",
        words("会员码下面的数字", "Digits below the code").label(),
        Text(typed),
        wrong_attributes(problem),
        wrong(problem),
        words("继续", "Continue").label(),
    );
    let label = words("输入 20 位数字", "Type the 20 digits").label();
    behind(&label, open, &form)
}

/// Formats an amount as on a bill: `¥1,234.50`.
pub(super) fn yuan(amount: Fen) -> String {
    let (whole, rest) = (amount.0 / 100, amount.0 % 100);
    let digits = whole.to_string();
    let mut grouped = String::with_capacity(digits.len() + 8);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("¥{grouped}.{rest:02}")
}

/// Formats a discount in Chinese and in English: `8.5 折`, `15% off`.
pub(super) fn discount(discount: Discount) -> (String, String) {
    match discount.permille() {
        0 => ("无折扣".to_owned(), "no discount".to_owned()),
        1000 => ("免单".to_owned(), "free".to_owned()),
        permille => {
            (format!("{} 折", decimal(discount.remaining_permille(), 100)), format!("{}% off", decimal(permille, 10)))
        }
    }
}

/// Formats `value / unit` without trailing zeros; `unit` is 10 or 100.
fn decimal(value: u32, unit: u32) -> String {
    let (whole, rest) = (value / unit, value % unit);
    let width = if unit == 100 { 2 } else { 1 };
    format!("{whole}.{rest:0width$}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Returns the digits in groups of four.
pub(super) fn grouped(digits: &str) -> String {
    let groups: Vec<&str> = digits.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(" ")
}

/// Formats an instant as hours and minutes in Asia/Shanghai.
pub(super) fn time(at: UnixMillis) -> String {
    let minutes = at.millis_since(CivilDate::in_shanghai(at).start_in_shanghai()) / 60_000;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use axum::{http::StatusCode, response::IntoResponse};
    use base64::{Engine, engine::general_purpose::STANDARD};
    use member_domain::{Discount, Fen};
    use sha2::{Digest, Sha256};

    use super::{Page, Policies, SCRIPT, STYLE, discount, yuan};

    #[test]
    fn amounts_are_grouped_and_have_two_decimals() {
        for (fen, shown) in [(0, "¥0.00"), (5, "¥0.05"), (4_250, "¥42.50"), (123_456, "¥1,234.56")] {
            assert_eq!(yuan(Fen(fen)), shown);
        }
        assert_eq!(yuan(Fen(10_000_000)), "¥100,000.00");
        assert_eq!(yuan(Fen(12_345_678_900)), "¥123,456,789.00");
    }

    #[test]
    fn discounts_read_as_people_say_them() {
        for (permille, zh, en) in [
            (100, "9 折", "10% off"),
            (150, "8.5 折", "15% off"),
            (125, "8.75 折", "12.5% off"),
            (500, "5 折", "50% off"),
            (995, "0.05 折", "99.5% off"),
            (1, "9.99 折", "0.1% off"),
            (0, "无折扣", "no discount"),
            (1000, "免单", "free"),
        ] {
            assert_eq!(discount(Discount::from_permille(permille).unwrap()), (zh.to_owned(), en.to_owned()));
        }
    }

    #[test]
    fn the_stylesheet_is_small_and_whole() {
        assert!(STYLE.len() < 6_500, "{}", STYLE.len());
        assert!(!STYLE.contains("/*") && !STYLE.contains('\n'));
        assert_eq!(STYLE.matches('{').count(), STYLE.matches('}').count());
    }

    #[test]
    fn the_script_is_small_and_allowed_by_its_hash_where_a_page_has_it() {
        assert!(SCRIPT.len() <= 1_024, "{}", SCRIPT.len());
        assert!(!SCRIPT.contains("//") && !SCRIPT.contains('\n') && !SCRIPT.contains("</"), "{}", *SCRIPT);
        let policies = Policies::new("https://card.example");
        let page = || Page { status: StatusCode::OK, title: "", shop: Some("店"), body: String::new() };
        let source = format!("; script-src 'sha256-{}';", STANDARD.encode(Sha256::digest(SCRIPT.as_bytes())));
        for (response, expected) in
            [(page().with_script(), &*source), (page().of_report(), ""), (page().into_response(), "")]
        {
            let policy = policies.of(&response);
            let policy = policy.to_str().unwrap();
            assert!(policy.contains(expected) && !policy.contains("unsafe"), "{policy}");
            assert_eq!(policy.contains("script-src"), !expected.is_empty(), "{policy}");
            assert!(policy.contains("; require-trusted-types-for 'script'; trusted-types 'none'; "), "{policy}");
        }
    }
}
