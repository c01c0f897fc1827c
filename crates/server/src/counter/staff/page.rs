//! The HTML of the staff pages: Chinese first, English second, one stylesheet, no script.

use std::sync::LazyLock;

use axum::{
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

/// Returns the content security policy of the staff pages.
pub(super) fn policy(public_origin: &str) -> HeaderValue {
    policy::of_staff(&STYLE, public_origin)
}

/// The maximum length of a shop's name in the header, in characters.
const SHOP_CHARS: usize = 40;

/// A text in both languages. Only fixed texts are allowed, because the HTML contains them without escaping.
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
        format!("<h1>{}<span lang=en>{}</span></h1>", self.zh, self.en)
    }

    pub(super) fn paragraphs(self) -> String {
        format!("<p>{}</p><p lang=en>{}</p>", self.zh, self.en)
    }

    /// Returns both languages on one line.
    pub(super) fn label(self) -> String {
        format!("{} <span lang=en>{}</span>", self.zh, self.en)
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

impl IntoResponse for Page<'_> {
    fn into_response(self) -> Response {
        let (title, body, style) = (self.title, self.body, STYLE.as_str());
        let header = match self.shop {
            Some(shop) => format!(
                "<a class=shop href=/R><i>惠</i><span>{}</span></a><a class=to href=/R/report>{}</a>",
                Text(&shop.chars().take(SHOP_CHARS).collect::<String>()),
                words("报表", "Report").label()
            ),
            None => format!("<b class=shop><i>惠</i>{}</b>", words("会员优惠", "Member discount").label()),
        };
        let html = format!(
            "<!doctype html><html lang=zh-Hans><head><meta charset=utf-8>\
             <meta name=viewport content=\"width=device-width,initial-scale=1\"><meta name=robots content=noindex>\
             <meta name=theme-color content=#f7f4ef media=\"(prefers-color-scheme:light)\">\
             <meta name=theme-color content=#141210 media=\"(prefers-color-scheme:dark)\">\
             <title>{title}</title><style>{style}</style></head>\
             <body><header>{header}</header><main>{body}</main></body></html>"
        );
        let headers = [
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            policy::REPORTING_ENDPOINTS,
            policy::OWN_REFERRER,
        ];
        (self.status, headers, Html(html)).into_response()
    }
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
    what.map(|Words { zh, en }| format!("<p class=wrong id=wrong role=alert>{zh}<span lang=en>{en}</span></p>"))
        .unwrap_or_default()
}

/// Returns the attributes that connect a field with its message from [`wrong`].
pub(super) fn wrong_attributes(what: Option<Words>) -> &'static str {
    if what.is_some() { " aria-invalid=true aria-describedby=wrong" } else { "" }
}

/// Returns the form for typing a code's digits.
pub(super) fn digits_form(typed: &str, problem: Option<Words>) -> String {
    format!(
        "<form method=post action=/R><label for=code>{}</label><div class=\"field long\">\
         <input id=code name=code value=\"{}\" inputmode=numeric autocomplete=off enterkeyhint=go{}></div>{}\
         <button>{}</button></form>",
        words("或输入 20 位数字", "Or type the 20 digits").label(),
        Text(typed),
        wrong_attributes(problem),
        wrong(problem),
        words("继续", "Continue").label(),
    )
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

    use member_domain::{Discount, Fen};

    use super::{STYLE, discount, yuan};

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
        assert!(STYLE.len() < 6_000, "{}", STYLE.len());
        assert!(!STYLE.contains("/*") && !STYLE.contains('\n'));
        assert_eq!(STYLE.matches('{').count(), STYLE.matches('}').count());
    }
}
