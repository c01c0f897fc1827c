//! Pairing a shop's phone, by the pages at `/R` and the commands on terminals.

use crate::support::{
    Caller, DAY, HOUR, SECOND, Setup, TestApp,
    staff::{Phone, pairing_code, sql},
};
use futures_util::future::join_all;
use member_domain::wire::ProblemKind;
use member_storage::cells;

const SHOPS: &str = "id,name,category,city,lng,lat,coord_system,discount_permille\n\
                     sh,上海店,coffee,shanghai,121.4,31.2,gcj02,150\n\
                     gz,广州店,coffee,guangzhou,113.3,23.1,gcj02,100\n";
const CODE: &str = "66012345678987654321";
const MINUTE: i64 = 60 * SECOND;

/// A pairing code that differs from this one.
fn other_than(code: &str) -> String {
    let last = if code.ends_with('0') { '1' } else { '0' };
    format!("{}{last}", &code[..code.len() - 1])
}

fn count(app: &TestApp, table: &str) -> i64 {
    app.rows().one(&format!("SELECT COUNT(*) FROM {table}"), cells![])
}

#[tokio::test]
async fn a_phone_is_paired_where_it_scanned_and_goes_on_there() {
    let app = TestApp::with_shops(SHOPS).await;
    let mut phone = Phone::new(&app);
    let page = phone.open(&format!("/R/{CODE}")).await.expect(200).text();
    for text in ["先绑定这部手机", "Pair this phone first", "inputmode=numeric", "6601 2345 6789 8765 4321"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(page.contains(&format!("name=next value=\"/R/{CODE}\"")), "{page}");
    let code = pairing_code(&app, "sh");
    assert_eq!((code.len(), code.as_bytes()[4]), (9, b' '), "{code}");
    let answer = phone.pair(&code, &format!("/R/{CODE}")).await.expect(303);
    assert_eq!(answer.header("location"), format!("/R/{CODE}"));
    let cookie = answer.header("set-cookie");
    for attribute in ["shop_terminal=", "; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=31536000"] {
        assert!(cookie.contains(attribute), "{attribute}: {cookie}");
    }
    assert!(!cookie.contains("Secure"), "plain HTTP: {cookie}");
    let start = phone.open("/R").await.expect(200).text();
    assert!(start.contains("上海店") && start.contains("name=code") && start.contains("/R/report"), "{start}");
}

#[tokio::test]
async fn the_start_page_is_there_in_any_case_and_with_a_slash() {
    let app = TestApp::with_shops(SHOPS).await;
    let phone = Phone::paired(&app, "sh").await;
    for path in ["/R", "/r", "/R/", "/r/"] {
        assert!(Phone::new(&app).open(path).await.expect(200).text().contains("绑定码"), "{path}");
        assert!(phone.open(path).await.expect(200).text().contains("20 位数字"), "{path}");
    }
    for path in ["/R/pair", "/R/unpair"] {
        assert_eq!(phone.open(path).await.expect(303).header("location"), "/R");
    }
}

#[tokio::test]
async fn the_camera_comes_first_and_typing_opens_for_what_was_typed() {
    let app = TestApp::with_shops(SHOPS).await;
    let phone = Phone::paired(&app, "sh").await;
    let start = phone.open("/R").await.expect(200).text();
    let place = |text: &str| start.find(text).unwrap_or_else(|| panic!("no {text}: {start}"));
    let typing = place("<details><summary class=quiet>输入 20 位数字");
    assert!(place("<h1>扫会员码") < typing && place("<svg") < typing && typing < place("name=code"), "{start}");
    let wrong = phone.send("/R", &[("code", "6601")]).await.expect(422).text();
    assert!(wrong.contains("<details open><summary class=quiet>输入 20 位数字"), "{wrong}");
    assert_eq!(wrong.matches("<details open>").count(), 1, "unpairing stays closed: {wrong}");
}

#[tokio::test]
async fn over_https_the_cookie_is_sent_over_https_only() {
    let origin = Some("https://card.example".to_owned());
    let app = TestApp::start(Setup { public_origin: origin, ..Setup::default() }).await;
    member_server::import_shops(&app.database, SHOPS.as_bytes()).await.unwrap();
    let code = pairing_code(&app, "sh");
    let mut phone = Phone::new(&app);
    let answer = phone.pair(&code, "/R").await.expect(303);
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-shop_terminal=") && cookie.contains("; Secure"), "{cookie}");
    assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax") && cookie.contains("; Path=/;"));
    assert!(phone.open("/R").await.expect(200).text().contains("/R/report"), "paired");
}

#[tokio::test]
async fn a_pairing_code_is_read_in_every_way_people_type_it() {
    let app = TestApp::with_shops(SHOPS).await;
    let ways: [fn(&str) -> String; 4] = [
        |code| code.replace(' ', ""),
        |code| format!("  {}  ", code.replace(' ', "-")),
        |code| {
            code.chars()
                .map(|c| if c == ' ' { '\u{3000}' } else { char::from_u32(u32::from(c) + 0xfee0).unwrap() })
                .collect()
        },
        |code| code.chars().flat_map(|c| [c, ' ']).collect(),
    ];
    for way in ways {
        let code = pairing_code(&app, "sh");
        Phone::new(&app).pair(&way(&code), "/R").await.expect(303);
    }
}

#[tokio::test]
async fn codes_that_do_not_pair_say_why_and_what_to_do() {
    let app = TestApp::with_shops(SHOPS).await;
    let code = pairing_code(&app, "sh");
    let mut phone = Phone::new(&app);
    for malformed in ["", "1234", "123456789", "12345678a", "<b>"] {
        let page = phone.pair(malformed, "/R").await.expect(422).text();
        assert!(page.contains("8 位数字") && !page.contains("<b>\""), "{page}");
    }
    let page = phone.pair(&other_than(&code), "/R").await.expect(403).text();
    assert!(page.contains("没有这个绑定码") && page.contains("aria-invalid"), "{page}");
    phone.pair(&code, "/R").await.expect(303);
    let page = phone.pair(&code, "/R").await.expect(403).text();
    assert!(page.contains("已用过") && page.contains("ask for a new one"), "{page}");
    let code = pairing_code(&app, "sh");
    app.clock.advance_millis(DAY);
    assert!(phone.pair(&code, "/R").await.expect(403).text().contains("过期"));
}

#[tokio::test]
async fn a_code_is_good_for_ten_minutes_beside_newer_ones() {
    let app = TestApp::demo().await;
    let pairing = || async {
        let answer = app.get("/demo/pairing/sh-wutongli-coffee").answer().await.expect(200);
        assert_eq!(answer.header("cache-control"), "no-store");
        answer.json::<serde_json::Value>()["code"].as_str().unwrap().to_owned()
    };
    let (first, second) = (pairing().await, pairing().await);
    app.clock.advance_millis(10 * MINUTE - 1);
    Phone::new(&app).pair(&first, "/R").await.expect(303);
    app.clock.advance_millis(1);
    assert!(Phone::new(&app).pair(&second, "/R").await.expect(403).text().contains("过期"));
    app.get("/demo/pairing/nothing").answer().await.problem(ProblemKind::NotFound);
}

#[tokio::test]
async fn a_code_pairs_one_phone_of_many_at_once() {
    let app = TestApp::with_shops(SHOPS).await;
    let code = pairing_code(&app, "sh");
    let phone = Phone::new(&app);
    let fields = [("code", code.as_str()), ("next", "/R")];
    let answers = join_all((0..16).map(|_| phone.send("/R/pair", &fields))).await;
    let paired = answers.iter().filter(|answer| answer.status == 303).count();
    assert_eq!(paired, 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    assert_eq!(count(&app, "terminals"), 1);
}

#[tokio::test]
async fn guessing_stops_after_300_tries_in_ten_minutes() {
    let app = TestApp::with_shops(SHOPS).await;
    let code = pairing_code(&app, "sh");
    let mut phone = Phone::new(&app);
    for _ in 0..300 {
        phone.pair(&other_than(&code), "/R").await.expect(403);
        app.clock.advance_millis(SECOND);
    }
    // Then even the right code is refused, so that a guess does not reveal it.
    let answer = phone.pair(&code, "/R").await.expect(429);
    let wait: i64 = answer.header("retry-after").parse().unwrap();
    assert!((295..=305).contains(&wait), "{wait}");
    assert!(answer.text().contains("Too many tries"));
    app.clock.advance_millis(wait * SECOND);
    let code = pairing_code(&app, "sh");
    phone.pair(&code, "/R").await.expect(303);
}

#[tokio::test]
async fn after_pairing_only_pages_of_the_staffs_are_gone_to() {
    let app = TestApp::with_shops(SHOPS).await;
    for next in ["https://evil.example/R/", "//evil.example", "/R//evil.example", "/", "/R/../demo/active", "/R\r\nx:y"]
    {
        let code = pairing_code(&app, "sh");
        let answer = Phone::new(&app).pair(&code, next).await.expect(303);
        assert_eq!(answer.header("location"), "/R", "{next}");
    }
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let app = TestApp::with_shops(SHOPS).await;
    let phone = Phone::paired(&app, "sh").await;
    let code = pairing_code(&app, "sh");
    let own = format!("http://{}", app.address);
    for path in ["/R", "/R/pair", "/R/unpair", "/R/66012345678987654321", "/R/66012345678987654321/confirm"] {
        for header in [
            Some(("sec-fetch-site", "cross-site")),
            Some(("sec-fetch-site", "same-site")),
            Some(("sec-fetch-site", "none")),
            Some(("origin", "https://evil.example")),
            Some(("origin", "null")),
            None,
        ] {
            let call = phone.form(path, &[("code", &code), ("bill", "42"), ("key", "k")]);
            let call = match header {
                Some((name, value)) => call.header(name, value),
                None => call,
            };
            let answer = call.answer().await.expect(403);
            assert!(answer.text().contains("为了安全"), "{path}");
        }
    }
    phone.open("/R").await.expect(200);
    // A browser too old for `Sec-Fetch-Site` sends `Origin`.
    let call = Phone::new(&app).form("/R/pair", &[("code", &code)]).header("origin", &own);
    call.answer().await.expect(303);
}

#[tokio::test]
async fn an_operator_sees_and_ends_terminals() {
    let app = TestApp::with_shops(SHOPS).await;
    app.operator(&["terminal", "add", "sh"]);
    let phone = Phone::paired(&app, "sh").await;
    let other = Phone::paired(&app, "gz").await;
    let list = app.operator(&["terminal", "list", "sh"]);
    let lines: Vec<Vec<&str>> = list.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines.len(), 2, "{list}");
    let line = lines.iter().find(|line| line[1] == "phone").unwrap();
    let id = line[0];
    assert!(id.len() == 8 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{list}");
    assert_eq!(line.last(), Some(&"-"), "{list}");
    assert!(lines.iter().any(|line| line[1] == "till"), "{list}");
    for arguments in [["terminal", "end", "gz", id], ["terminal", "end", "sh", "00000000"]] {
        let output = app.member_server(&arguments);
        assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("no terminal"));
    }
    for command in ["pair", "list"] {
        let output = app.member_server(&["terminal", command, "nothing"]);
        assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("no shop"), "{command}");
    }
    phone.open("/R").await.expect(200);
    app.operator(&["terminal", "end", "sh", &id.to_uppercase()]);
    assert!(!app.operator(&["terminal", "list", "sh"]).lines().any(|line| line.contains(id) && line.ends_with('-')));
    let page = phone.open(&format!("/R/{CODE}")).await.expect(200).text();
    assert!(page.contains("这部手机的绑定已结束") && page.contains("name=code"), "{page}");
    phone.open("/R/report").await.expect(403);
    assert!(other.open("/R").await.expect(200).text().contains("广州店"));
}

#[tokio::test]
async fn a_phone_can_be_unpaired_on_itself() {
    let app = TestApp::with_shops(SHOPS).await;
    let phone = Phone::paired(&app, "sh").await;
    let answer = phone.send("/R/unpair", &[]).await.expect(303);
    assert_eq!(answer.header("location"), "/R");
    assert!(answer.header("set-cookie").starts_with("shop_terminal=; "), "{}", answer.header("set-cookie"));
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    // The previous cookie is invalid too.
    assert!(phone.open("/R").await.expect(200).text().contains("绑定已结束"));
    Phone::new(&app).send("/R/unpair", &[]).await.expect(303);
}

#[tokio::test]
async fn a_shop_that_has_left_is_told_so() {
    let app = TestApp::with_shops(SHOPS).await;
    let phone = Phone::paired(&app, "sh").await;
    let code = pairing_code(&app, "sh");
    sql(&app, "UPDATE shops SET left_on = '2026-11-21' WHERE id = 'sh'");
    phone.open("/R").await.expect(200);
    app.clock.advance_millis(12 * HOUR);
    for path in ["/R", "/R/report", "/R/66012345678987654321", "/R/receipt/X"] {
        let page = phone.open(path).await.expect(403).text();
        assert!(page.contains("本店已退出会员优惠") && page.contains("no longer takes part"), "{path}");
    }
    sql(&app, "UPDATE pairing_codes SET expires_at = 9999999999999");
    assert!(Phone::new(&app).pair(&code, "/R").await.expect(403).text().contains("已退出"));
}

#[tokio::test]
async fn cookies_that_are_no_phones_do_not_count() {
    let app = TestApp::with_shops(SHOPS).await;
    let till = app.operator(&["terminal", "add", "sh"]);
    for value in [till.as_str(), "", "x", "\"", "../.."] {
        let cookie = Some(Caller::Cookie(format!("a=b; shop_terminal={value}; c=d")));
        let phone = Phone { cookie, ..Phone::new(&app) };
        assert!(phone.open("/R").await.expect(200).text().contains("先绑定这部手机"), "{value}");
    }
}

#[tokio::test]
async fn of_codes_and_tokens_only_hashes_are_kept_and_old_codes_go() {
    let app = TestApp::with_shops(SHOPS).await;
    let code = pairing_code(&app, "sh").replace(' ', "");
    sql(&app, "PRAGMA wal_checkpoint(TRUNCATE)");
    let file = std::fs::read(app.database_file()).unwrap();
    assert!(!file.windows(code.len()).any(|window| window == code.as_bytes()));
    sql(&app, "UPDATE pairing_codes SET expires_at = expires_at - 2 * 86400000");
    pairing_code(&app, "sh");
    assert_eq!(count(&app, "pairing_codes"), 1);
}

#[tokio::test]
async fn a_shops_name_is_text_and_a_long_one_leaves_the_page_small() {
    let name = format!("<b>&\"\"'{}", "长\"".repeat(240));
    let csv = format!(
        "id,name,category,city,lng,lat,coord_system\nsh,\"{}\",coffee,shanghai,121.4,31.2,gcj02\n",
        name.replace('"', "\"\"")
    );
    let app = TestApp::with_shops(&csv).await;
    let page = Phone::paired(&app, "sh").await.open("/R").await.expect(200).text();
    assert!(page.contains("&lt;b&gt;&amp;&quot;&quot;&#39;长&quot;") && !page.contains("<b>&"), "{page}");
}
