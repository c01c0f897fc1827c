//! `member-server serve`, as an operator starts it.

use std::{fs::Permissions, os::unix::fs::PermissionsExt};

use crate::support::process::Process;
use serde_json::{Value, json};
use tempfile::TempDir;

#[tokio::test]
async fn settings_reach_the_answers() {
    let server = Process::start(&["--offline-hours", "5", "--terminal-limit", "2"]);
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let signed_in = client.get(format!("{}/demo/active", server.origin)).send().await.unwrap();
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let me = client.get(format!("{}/v1/me", server.origin)).header("cookie", cookie).send().await.unwrap();
    let me: Value = serde_json::from_str(&me.text().await.unwrap()).unwrap();
    assert_eq!(me["offlineMillis"], json!(5 * 3_600_000));

    let token = client.get(format!("{}/demo/terminal/sh-wutongli-coffee", server.origin)).send().await.unwrap();
    let token: Value = serde_json::from_str(&token.text().await.unwrap()).unwrap();
    let mut statuses = Vec::new();
    for _ in 0..2 {
        let call = client.post(format!("{}/v1/redemptions/x/cancellation", server.origin));
        let call = call.bearer_auth(token["token"].as_str().unwrap());
        statuses.push(call.send().await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [404, 429]);
    assert!(server.printed.contains("246810"), "the demo's PIN: {}", server.printed);
}

#[test]
fn settings_out_of_range_are_refused() {
    for arguments in [["--offline-hours", "0"], ["--offline-hours", "721"], ["--terminal-limit", "0"]] {
        let all = [&["serve", "--database", "sqlite:///nowhere/x.sqlite"], &arguments[..]].concat();
        let output = crate::support::member_server(crate::support::noon(), &all);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(arguments[0]), "{said}");
    }
}

#[test]
fn an_origin_that_is_none_stops_the_start_with_what_to_write() {
    for (arguments, advice) in [
        (&["--allow-origin", "*"][..], "name each site"),
        (&["--allow-origin", "https://app.example/"], "without a path"),
        (&["--allow-origin", "http://app.example"], "write https://"),
        (&["--allow-origin", "app.example"], "start with https://"),
        (&["--frame-ancestor", "*"], "name each site"),
        (&["--frame-ancestor", "https://app.example/x"], "without a path"),
    ] {
        let output = crate::support::member_server(
            crate::support::noon(),
            &[&["serve", "--database", "sqlite:///nowhere/x.sqlite"], arguments].concat(),
        );
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(advice) && said.contains(arguments[0]), "{said}");
    }
    let directory = TempDir::new().unwrap();
    let database = format!("sqlite://{}", directory.path().join("x.sqlite").display());
    let both = ["--frame-ancestor", "none", "--frame-ancestor", "self"];
    let output = crate::support::member_server(
        crate::support::noon(),
        &[&["serve", "--database", &database], &both[..]].concat(),
    );
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains("stands alone"), "{said}");
}

#[tokio::test]
async fn settings_for_other_sites_reach_the_answers() {
    let arguments = ["--allow-origin", "https://a.example", "--allow-origin", "http://localhost:5173"];
    let others = ["--frame-ancestor", "self", "--frame-ancestor", "https://a.example", "--retire-service-worker"];
    let server = Process::start(&[&arguments[..], &others].concat());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for origin in ["https://a.example", "http://localhost:5173"] {
        let call = client.get(format!("{}/v1/shops", server.origin)).header("origin", origin);
        assert_eq!(call.send().await.unwrap().headers()["access-control-allow-origin"], origin);
    }
    let page = client.get(&server.origin).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("frame-ancestors 'self' https://a.example;"), "{policy}");
    let worker = client.get(format!("{}/service-worker.js", server.origin)).send().await.unwrap();
    assert!(worker.text().await.unwrap().contains("unregister"));
}

#[test]
fn a_file_of_secrets_is_read_before_anything_is_served_and_never_shown() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("refund-events.secret");
    let start = |text: &str, mode: u32| {
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        let secrets = file.to_str().unwrap();
        let all = ["serve", "--database", "sqlite:///nowhere/x.sqlite", "--refund-events-secret", secrets];
        let output = crate::support::member_server(crate::support::noon(), &all);
        assert!(!output.status.success(), "there is no such directory");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!said.contains("MfKQ9"), "{said}");
        said
    };
    let good = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n";
    assert!(start("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 0o600).contains("line 1 does not start with whsec_"));
    assert!(start("", 0o600).contains("there is none"));
    let readable = start(good, 0o640);
    assert!(readable.contains("chmod 600") && readable.contains("cannot open the database"), "{readable}");
    let own = start(good, 0o600);
    assert!(!own.contains("chmod") && own.contains("cannot open the database"), "{own}");
    std::fs::remove_file(&file).unwrap();
    let all = ["serve", "--database", "sqlite:///nowhere/x.sqlite", "--refund-events-secret", file.to_str().unwrap()];
    let said = String::from_utf8(crate::support::member_server(crate::support::noon(), &all).stderr).unwrap();
    assert!(said.contains("cannot read the secrets in"), "{said}");
}
