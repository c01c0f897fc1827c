//! Reads browsers' reports about a page's security policy. Nothing in a report is trusted, because anybody
//! can send one. Nothing private is kept: even honest reports contain private addresses, such as a code, a
//! query or another site.

use serde_json::Value;

/// The maximum number of reports that are read from one request. Browsers send the reports of a minute
/// together.
const MOST: usize = 32;
/// The maximum length of a file's path.
const LONGEST_PATH: usize = 100;
/// The name under which reports with an unknown directive are counted.
pub(crate) const OTHER: &str = "other";
/// The name under which requests are counted that are too long or not in a format that browsers send.
pub(crate) const UNREADABLE: &str = "unreadable";
/// The name under which requests are counted that come too fast and are not read.
pub(crate) const UNREAD: &str = "unread";

/// The known directives. Others are not counted by name, because anybody could invent names.
const DIRECTIVES: [&str; 21] = [
    "default-src",
    "script-src",
    "script-src-elem",
    "script-src-attr",
    "style-src",
    "style-src-elem",
    "style-src-attr",
    "img-src",
    "font-src",
    "connect-src",
    "manifest-src",
    "worker-src",
    "media-src",
    "object-src",
    "frame-src",
    "child-src",
    "base-uri",
    "form-action",
    "frame-ancestors",
    "require-trusted-types-for",
    "trusted-types",
];

/// The names that browsers use for blocked content without an address.
const KEYWORDS: [&str; 8] =
    ["inline", "eval", "wasm-eval", "self", "trusted-types-sink", "trusted-types-policy", "data", "blob"];

/// One report, without private data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SecurityReport {
    /// The violated directive.
    pub(crate) directive: &'static str,
    /// The blocked content: a keyword, or the kind of its address.
    pub(crate) blocked: &'static str,
    /// The file of this server with the violation: the path of a script or stylesheet, or `/` for the page
    /// itself.
    pub(crate) source: String,
}

/// Returns the reports in a body of this content type; `None` if browsers do not send such a body.
pub(crate) fn read(content_type: &str, body: &[u8], public_origin: &str) -> Option<Vec<SecurityReport>> {
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let body: Value = serde_json::from_slice(body).ok()?;
    match media_type.to_ascii_lowercase().as_str() {
        "application/csp-report" => {
            let report = body.get("csp-report").filter(|report| report.is_object())?;
            let text = |name: &str| report.get(name).and_then(Value::as_str);
            let directive = text("effective-directive").or_else(|| text("violated-directive"));
            Some(vec![told(directive, text("blocked-uri"), text("source-file"), public_origin)])
        }
        "application/reports+json" => {
            let reports = body.as_array()?.iter().take(MOST).map(|report| {
                let is_of_policy = report["type"] == "csp-violation";
                let text = |name: &str| report["body"][name].as_str().filter(|_| is_of_policy);
                told(text("effectiveDirective"), text("blockedURL"), text("sourceFile"), public_origin)
            });
            Some(reports.collect())
        }
        _ => None,
    }
}

fn told(directive: Option<&str>, blocked: Option<&str>, source: Option<&str>, public_origin: &str) -> SecurityReport {
    // Old browsers send the directive together with all of its sources.
    let name = directive.and_then(|directive| directive.split_ascii_whitespace().next());
    SecurityReport {
        directive: DIRECTIVES.into_iter().find(|known| name == Some(known)).unwrap_or(OTHER),
        blocked: blocked.map_or("nothing", |blocked| kind(blocked, public_origin)),
        source: source.map_or_else(|| "none".to_owned(), |source| file(source, public_origin)),
    }
}

/// Returns the kind of a blocked address. The address itself may be private, such as a shop's note or an
/// extension.
fn kind(blocked: &str, public_origin: &str) -> &'static str {
    if let Some(keyword) = KEYWORDS.into_iter().find(|keyword| *keyword == blocked) {
        return keyword;
    }
    if own_path(blocked, public_origin).is_some() {
        return "this server";
    }
    match blocked.split_once(':') {
        Some(("https" | "http" | "wss" | "ws", _)) => "another site",
        Some((scheme, _)) if scheme.ends_with("-extension") => "an extension",
        Some(("data", _)) => "data",
        Some(("blob", _)) => "blob",
        _ => "something else",
    }
}

/// Returns the path of a file of this server, without query and fragment. Other paths are not kept, because
/// they may contain a code.
fn file(source: &str, public_origin: &str) -> String {
    let path = own_path(source, public_origin).map(|path| path.split(['?', '#']).next().unwrap_or_default());
    match path {
        Some("" | "/") => "/".to_owned(),
        Some(path) if is_file(path) => path.to_owned(),
        Some(_) => "a page".to_owned(),
        None => "elsewhere".to_owned(),
    }
}

fn own_path<'a>(address: &'a str, public_origin: &str) -> Option<&'a str> {
    let path = address.strip_prefix(public_origin)?;
    (path.is_empty() || path.starts_with(['/', '?', '#'])).then_some(path)
}

fn is_file(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    let ends = [".js", ".wasm", ".css", ".html"].iter().any(|ending| path.ends_with(ending));
    ends && path.len() <= LONGEST_PATH && path.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use serde_json::json;

    use super::*;

    const OWN: &str = "https://card.example";

    fn old(report: &Value) -> SecurityReport {
        let body = json!({ "csp-report": report }).to_string();
        read("application/csp-report", body.as_bytes(), OWN).unwrap().remove(0)
    }

    #[test]
    fn both_forms_say_the_same() {
        let report = old(&json!({
            "document-uri": "https://card.example/?shop=sh-1", "violated-directive": "script-src-elem",
            "effective-directive": "script-src-elem", "blocked-uri": "https://evil.example/x.js",
            "source-file": "https://card.example/app-0123456789abcdef.js?x=1#y"
        }));
        let new = json!([{ "type": "csp-violation", "url": "https://card.example/", "body": {
            "effectiveDirective": "script-src-elem", "blockedURL": "https://evil.example/x.js",
            "sourceFile": "https://card.example/app-0123456789abcdef.js?x=1#y"
        }}]);
        let read = read("application/reports+json; charset=utf-8", new.to_string().as_bytes(), OWN).unwrap();
        assert_eq!(read, std::slice::from_ref(&report));
        let source = "/app-0123456789abcdef.js".to_owned();
        assert_eq!(report, SecurityReport { directive: "script-src-elem", blocked: "another site", source });
    }

    #[test]
    fn an_old_browser_names_the_directive_with_its_sources() {
        assert_eq!(old(&json!({ "violated-directive": "img-src 'self' data:" })).directive, "img-src");
    }

    #[test]
    fn nothing_that_is_somebodys_own_is_kept() {
        for (blocked, kind) in [
            ("inline", "inline"),
            ("trusted-types-sink", "trusted-types-sink"),
            ("https://card.example/R/66012345678987654321", "this server"),
            ("https://card.example.evil.example/x", "another site"),
            ("moz-extension://0a1b", "an extension"),
            ("data:text/html,66012345678987654321", "data"),
            ("66012345678987654321", "something else"),
            ("", "something else"),
        ] {
            assert_eq!(old(&json!({ "blocked-uri": blocked })).blocked, kind, "{blocked}");
        }
        for (source, file) in [
            ("https://card.example/?q=noodles", "/"),
            ("https://card.example", "/"),
            ("https://card.example/R/66012345678987654321", "a page"),
            ("https://card.example/R/66012345678987654321?x.js", "a page"),
            ("https://card.example/a%0Ab.js", "a page"),
            ("https://card.example/a\nb.js", "a page"),
            ("https://evil.example/app.js", "elsewhere"),
            ("chrome-extension", "elsewhere"),
        ] {
            assert_eq!(old(&json!({ "source-file": source })).source, file, "{source}");
        }
        let long = format!("https://card.example/{}.js", "a".repeat(LONGEST_PATH));
        assert_eq!(old(&json!({ "source-file": long })).source, "a page");
    }

    #[test]
    fn directives_are_not_made_up() {
        for directive in [json!("no-such-src"), json!(""), json!(7), json!(null), json!({ "a": [] })] {
            assert_eq!(old(&json!({ "effective-directive": directive })).directive, OTHER, "{directive}");
        }
        let others = br#"[{"type":"deprecation","body":{"effectiveDirective":"img-src"}}, 7, null, {}]"#;
        let read = read("application/reports+json", others, OWN).unwrap();
        assert!(read.len() == 4 && read.iter().all(|report| report.directive == OTHER), "{read:?}");
    }

    #[test]
    fn what_browsers_do_not_send_is_no_report() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        for (content_type, body) in [
            ("application/csp-report", "{}"),
            ("application/csp-report", "[]"),
            ("application/csp-report", r#"{"csp-report": "x"}"#),
            ("application/csp-report", "{"),
            ("application/csp-report", "\u{0}"),
            ("application/reports+json", "{}"),
            ("application/reports+json", &deep),
            ("application/json", "[]"),
            ("text/plain", r#"{"csp-report": {}}"#),
            ("", ""),
        ] {
            assert_eq!(read(content_type, body.as_bytes(), OWN), None, "{content_type} {body:.40}");
        }
    }

    #[test]
    fn of_one_request_only_so_many_reports_are_looked_at() {
        let flood = json!(vec![json!({ "type": "csp-violation", "body": {} }); 1_000]).to_string();
        assert_eq!(read("application/reports+json", flood.as_bytes(), OWN).unwrap().len(), MOST);
    }
}
