//! A shop's phone with a browser. It keeps its cookie and sends forms as browsers do.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Answer, Call, Caller, TestApp};

pub(crate) struct Phone<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) cookie: Option<Caller>,
}

impl<'a> Phone<'a> {
    /// A phone that is not paired.
    pub(crate) fn new(app: &'a TestApp) -> Self {
        Self { app, cookie: None }
    }

    /// A phone that an operator has paired with this shop.
    pub(crate) async fn paired(app: &'a TestApp, shop: &str) -> Self {
        let mut phone = Self::new(app);
        let code = pairing_code(app, shop);
        phone.pair(&code, "/R").await.expect(303);
        phone
    }

    /// A phone paired with a demo shop. This needs no command.
    pub(crate) async fn demo(app: &'a TestApp, shop: &str) -> Self {
        let mut phone = Self::new(app);
        let code: Value = app.get(&format!("/demo/pairing/{shop}")).answer().await.expect(200).json();
        phone.pair(code["code"].as_str().unwrap(), "/R").await.expect(303);
        phone
    }

    /// Sends a pairing code and keeps the returned cookie.
    pub(crate) async fn pair(&mut self, code: &str, next: &str) -> Answer {
        let answer = self.send("/R/pair", &[("code", code), ("next", next)]).await;
        if answer.status == 303 {
            let cookie = answer.header("set-cookie").split(';').next().unwrap();
            self.cookie = Some(Caller::Cookie(cookie.to_owned()));
        }
        answer
    }

    /// Opens a page.
    pub(crate) async fn open(&self, path: &str) -> Answer {
        checked(self.with_cookie(self.app.get(path)).answer().await)
    }

    /// Sends a form of one of the pages.
    pub(crate) async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        checked(self.form(path, fields).header("sec-fetch-site", "same-origin").answer().await)
    }

    /// A form, without the header that tells its origin.
    pub(crate) fn form(&self, path: &str, fields: &[(&str, &str)]) -> Call {
        let call = self.with_cookie(self.app.post(path));
        call.body("application/x-www-form-urlencoded", encoded(fields))
    }

    pub(crate) fn with_cookie(&self, call: Call) -> Call {
        match &self.cookie {
            Some(cookie) => call.by(cookie),
            None => call,
        }
    }

    /// Scans a code and enters a bill. Returns the page to confirm.
    pub(crate) async fn enter(&self, code: &str, bill: &str) -> Answer {
        self.open(&format!("/R/{code}")).await.expect(200);
        self.send(&format!("/R/{code}"), &[("bill", bill)]).await.expect(200)
    }

    /// Confirms on the page that [`Self::enter`] returned.
    pub(crate) async fn confirm(&self, code: &str, page: &Answer) -> Answer {
        let fields = [("bill", hidden(page, "bill")), ("key", hidden(page, "key"))];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        self.send(&format!("/R/{code}/confirm"), &fields).await
    }

    /// Redeems a code and returns the receipt's address.
    pub(crate) async fn redeem(&self, code: &str, bill: &str) -> String {
        let page = self.enter(code, bill).await;
        let answer = self.confirm(code, &page).await.expect(303);
        let address = answer.header("location").to_owned();
        assert!(address.starts_with("/R/receipt/"), "{address}");
        address
    }
}

/// A pairing code made by the command.
pub(crate) fn pairing_code(app: &TestApp, shop: &str) -> String {
    app.operator(&["terminal", "pair", shop])
}

/// Changes the database in a way that no command does.
pub(crate) fn sql(app: &TestApp, statement: &str) {
    app.rows().run_all(statement);
}

/// Checks every page: small, its style and its own script allowed by hash, no other script, not cached.
#[track_caller]
fn checked(answer: Answer) -> Answer {
    assert_eq!(answer.header("cache-control"), "no-store");
    if !answer.header("content-type").starts_with("text/html") {
        return answer;
    }
    let page = answer.text();
    assert!(page.len() < 10_000, "{} bytes", page.len());
    assert!(!page.contains("javascript:") && !page.contains(" style="), "{page}");
    let source = |element: &str| {
        let inside = page.split_once(&format!("<{element}>"))?.1.split_once(&format!("</{element}>"))?.0;
        Some(format!("; {element}-src 'sha256-{}'; ", STANDARD.encode(Sha256::digest(inside))))
    };
    let policy = answer.header("content-security-policy");
    let (style, script) = (source("style").unwrap(), source("script"));
    for part in [&style, "default-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{part}: {policy}");
    }
    assert_eq!(page.matches("<script").count(), script.iter().len(), "{page}");
    assert_eq!(policy.contains("script-src"), script.is_some(), "{policy}");
    assert!(script.is_none_or(|source| policy.contains(&source)) && !policy.contains("unsafe"), "{policy}");
    assert_eq!(answer.header("referrer-policy"), "same-origin");
    answer
}

/// The value of a hidden field.
#[track_caller]
pub(crate) fn hidden(page: &Answer, name: &str) -> String {
    let page = page.text();
    let marker = format!("<input type=hidden name={name} value=");
    let value = page.split_once(&marker).unwrap_or_else(|| panic!("no field {name}: {page}")).1;
    value.split_once('>').unwrap().0.trim_matches('"').to_owned()
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    pairs.join("&")
}
