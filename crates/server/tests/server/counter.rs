//! Which shops and terminals may redeem, and the migration of older databases.

use crate::support::{
    Caller, STEP, TestApp,
    counter::{COFFEE, Counter, THEATRE},
    today,
};
use member_domain::{
    CodeForm,
    wire::{ProblemKind, Receipt, Shop},
};
use member_server::open_database;
use member_storage::{
    cells,
    inspect::{Rows, first_version_schema},
};
use serde_json::json;
use sha2::{Digest, Sha256};

/// Changes the terminal with this token, as another process would.
fn set_terminal(app: &TestApp, terminal: &Caller, set: &str) {
    let Caller::Bearer(token) = terminal else { panic!("terminals have tokens") };
    let hash: [u8; 32] = Sha256::digest(token).into();
    let changed = app.rows().run(&format!("UPDATE terminals SET {set} WHERE token_hash = ?1"), cells![hash]);
    assert_eq!(changed, 1);
}

#[tokio::test]
async fn an_ended_terminal_is_not_known_any_more() {
    let counter = Counter::open().await;
    let receipt = counter.app.redeem_now(&counter.till, "1", &counter.device, 4_200).await;
    set_terminal(&counter.app, &counter.till, "ended_at = 1");
    counter.app.redeem(&counter.till, "2", &counter.code(1), 4_200).await.problem(ProblemKind::Unauthorized);
    counter.app.redeem(&counter.till, "1", &counter.code(0), 4_200).await.problem(ProblemKind::Unauthorized);
    counter.cancel(&counter.till, &receipt.id).await.problem(ProblemKind::Unauthorized);
    counter.ask(&counter.till, "1").await.problem(ProblemKind::Unauthorized);
}

#[tokio::test]
async fn attempts_say_whether_a_till_or_a_phone_made_them() {
    let counter = Counter::open().await;
    let phone = counter.app.terminal(COFFEE).await;
    set_terminal(&counter.app, &phone, "kind = 'phone'");
    counter.app.redeem_now(&counter.till, "1", &counter.device, 4_200).await;
    counter.app.clock.advance_millis(STEP);
    counter.app.redeem_now(&phone, "1", &counter.device, 4_200).await;
    let rows: Vec<String> = counter.attempts().iter().map(crate::support::counter::Attempt::short).collect();
    assert_eq!(rows, ["till done 1", "phone done 1"]);
}

#[tokio::test]
async fn a_shop_that_has_left_redeems_no_more_and_is_not_listed() {
    let counter = Counter::open().await;
    let app = &counter.app;
    let ids = async || app.shops("limit=100").await.shops.into_iter().map(|shop| shop.id).collect::<Vec<_>>();
    let left_on = async || app.get(&format!("/v1/shops/{COFFEE}")).answer().await.expect(200).json::<Shop>().left_on;
    let total = app.shops("").await.total;
    assert_eq!((left_on().await, ids().await.contains(&COFFEE.to_owned())), (None, true));

    let tomorrow = today().plus_days(1);
    app.operator(&["shops", "leave", COFFEE, "--on", &tomorrow.to_string()]);
    // It takes part until that day.
    assert_eq!((left_on().await, ids().await.contains(&COFFEE.to_owned())), (Some(tomorrow), true));
    let receipt = app.redeem_now(&counter.till, "today", &counter.device, 4_200).await;
    app.clock.advance_millis(tomorrow.start_in_shanghai().millis_since(app.now()));
    let code = counter.code(0);
    let problem = app.redeem(&counter.till, "tomorrow", &code, 4_200).await.problem(ProblemKind::Forbidden);
    assert!(problem.detail.as_ref().unwrap().contains("has left"), "{problem:?}");
    assert_eq!((left_on().await, ids().await.contains(&COFFEE.to_owned())), (Some(tomorrow), false));
    assert_eq!(app.shops("").await.total, total - 1);
    // Its redemptions stay, in the ledger and for retries. The code works at another shop.
    assert_eq!(app.ledger(&counter.member).await.redemptions[0].id, receipt.id);
    app.redeem(&app.terminal(THEATRE).await, "1", &code, 4_200).await.expect(201);

    // An import does not bring the shop back; the command does.
    let csv = format!("id,name,category,city,lng,lat,coord_system\n{COFFEE},回来,coffee,shanghai,121.4,31.2,gcj02\n");
    member_server::import_shops(&app.database, csv.as_bytes()).await.unwrap();
    assert_eq!(left_on().await, Some(tomorrow));
    app.operator(&["shops", "leave", COFFEE, "--undo"]);
    assert_eq!((left_on().await, ids().await.contains(&COFFEE.to_owned())), (None, true));
    app.clock.advance_millis(STEP);
    app.redeem_now(&counter.till, "back", &counter.device, 4_200).await;
    // The refusal under this key stays the same.
    let again = app.redeem(&counter.till, "tomorrow", &code, 4_200).await.problem(ProblemKind::Forbidden);
    assert_eq!(again, problem);
}

#[tokio::test]
async fn a_shop_says_what_its_qr_holds() {
    let app = TestApp::with_shops(
        "id,name,category,city,lng,lat,coord_system,code_form\n\
         a,甲,coffee,shanghai,121.4,31.2,gcj02,digits\n\
         b,乙,coffee,shanghai,121.4,31.2,gcj02,url\n\
         c,丙,coffee,shanghai,121.4,31.2,gcj02,\n",
    )
    .await;
    let form = async |id: &str| app.get(&format!("/v1/shops/{id}")).answer().await.expect(200).json::<Shop>().code_form;
    assert_eq!([form("a").await, form("b").await, form("c").await], [CodeForm::Digits, CodeForm::Url, CodeForm::Url]);
    let listed: Vec<CodeForm> = app.shops("").await.shops.into_iter().map(|shop| shop.code_form).collect();
    assert_eq!(listed, [CodeForm::Digits, CodeForm::Url, CodeForm::Url]);
    let wrong = "id,name,category,city,lng,lat,coord_system,code_form\na,甲,coffee,shanghai,121.4,31.2,gcj02,barcode\n";
    let error = member_server::import_shops(&app.database, wrong.as_bytes()).await.unwrap_err().to_string();
    assert!(error.contains("code_form") && error.contains("url, digits"), "{error}");
}

#[tokio::test]
async fn some_demo_shops_take_the_bare_digits() {
    let app = TestApp::demo().await;
    let shops = app.shops("limit=100").await.shops;
    let digits: Vec<&Shop> = shops.iter().filter(|shop| shop.code_form == CodeForm::Digits).collect();
    assert!((2..=3).contains(&digits.len()), "{}", digits.len());
    for shop in digits {
        assert_eq!(shop.redeem_methods[0].as_str(), "till-scanner", "{}", shop.id);
    }
}

/// A database of the first version, with a member, a till, a redemption, a refusal and changes in it.
fn first_version(path: &std::path::Path, terminal: &str, code_digits: &str) {
    let rows = Rows::open(path);
    rows.run_all("PRAGMA foreign_keys = ON");
    rows.run_all(first_version_schema());
    rows.run_all("PRAGMA user_version = 1");
    let data = "
        INSERT INTO programmes (id, name, name_en, price_fen, last_day, created_at) VALUES ('p', '卡', NULL, 16800, NULL, 1);
        INSERT INTO members VALUES ('m1', '张三', 1);
        INSERT INTO cards (number, member_id, programme_id, valid_from, valid_until, cities, paid_fen) VALUES ('000000000001', 'm1', 'p', '2026-01-01', '2027-12-31', 'shanghai', 16800);
        INSERT INTO shops VALUES ('sh', '上海店', 'coffee', 'shanghai', 31.2, 121.4, 'gcj02', 31.2, 121.4, NULL, NULL, 100,
                                  NULL, NULL, NULL, NULL, NULL, 'phone-camera');
        INSERT INTO credentials VALUES ('0123456789', '000000000001', zeroblob(32), 30000, 4102444800000, NULL, 41);
        INSERT INTO redemptions VALUES (7, 'OLD000000001', 'sh', '000000000001', '0123456789', 41, 4200, 420, 1230000);
        INSERT INTO changes VALUES (9, 'redemption', 'm1', 'OLD000000001', 1230000);
        DELETE FROM changes WHERE seq = 9;
        INSERT INTO changes (kind, member_id, redemption_id, at) VALUES ('redemption', 'm1', 'OLD000000001', 1230000);
    ";
    rows.run_all(data);
    let hash = |text: &str| -> [u8; 32] { Sha256::digest(text).into() };
    let terminal = hash(terminal);
    rows.run("INSERT INTO terminals VALUES (?1, 'sh', 1)", cells![terminal]);
    let request: [u8; 32] =
        Sha256::new().chain_update(code_digits).chain_update(4_200_i64.to_be_bytes()).finalize().into();
    let key = "INSERT INTO idempotency_keys VALUES (?1, ?2, ?3, ?4, ?5, 1)";
    rows.run(key, cells![terminal, "done", request, None::<&str>, "OLD000000001"]);
    rows.run(key, cells![terminal, "refused", request, "forbidden", None::<&str>]);
}

#[tokio::test]
async fn a_database_of_the_first_version_is_brought_up_to_date_with_all_it_holds() {
    let directory = tempfile::TempDir::new().unwrap();
    let path = directory.path().join("members.sqlite");
    let code = "66012345678900000000";
    first_version(&path, "the-till", code);
    open_database(&path).unwrap();
    // Opening it again has nothing left to do.
    open_database(&path).unwrap();
    let app = TestApp::on(directory).await;
    let till = Caller::Bearer("the-till".to_owned());
    let receipt: Receipt = app.redeem(&till, "done", code, 4_200).await.expect(201).json();
    assert_eq!((receipt.id.as_str(), receipt.cancelled_at), ("OLD000000001", None));
    app.redeem(&till, "refused", code, 4_200).await.problem(ProblemKind::Forbidden);
    app.redeem(&till, "done", code, 4_300).await.problem(ProblemKind::Conflict);

    let member = Caller::Bearer(app.operator(&["session", "add", "m1"]));
    assert_eq!(app.ledger(&member).await.redemptions.len(), 1);
    assert_eq!(app.me(&member).await.payoff.unwrap().redemptions, 1);
    let shop = app.get("/v1/shops/sh").answer().await.expect(200).json::<Shop>();
    assert_eq!((shop.code_form, shop.left_on), (CodeForm::Url, None));
    // Numbers in the change log only grow, even after deletions: pages return with the last number they saw.
    let mut events = crate::support::Events::open(&app, &member, Some(0)).await;
    assert_eq!(events.next().await.id, Some(10));
    let device = app.enrol(&member).await;
    let event = events.next().await;
    assert_eq!((event.name.as_str(), event.id), ("credential", Some(11)));
    assert_eq!(event.data, json!({ "number": device.answer.number }));
    app.redeem_now(&till, "new", &device, 4_200).await;

    let faults: i64 = Rows::open(&path).one("SELECT COUNT(*) FROM pragma_foreign_key_check", cells![]);
    assert_eq!(faults, 0);
}
