//! CSV imports, through the library and through the command line.

use std::path::Path;

use crate::support::{Caller, TestApp, member_server, noon, today};
use member_domain::{
    City, Discount, Fen, RedeemMethod,
    wire::{OpenState, Shop},
};
use member_server::{ImportError, import_members, import_shops};
use tempfile::TempDir;

const HEADER: &str = "id,name,category,city,lng,lat,coord_system";
const ROW: &str = "s1,梧桐里,coffee,shanghai,121.44,31.21,gcj02";

/// The errors of an import of this file: one line per fault, after a line that counts them.
async fn shop_faults(app: &TestApp, csv: impl AsRef<[u8]>) -> Vec<String> {
    lines(import_shops(&app.database, csv.as_ref()).await.expect_err("the import is refused"))
}

async fn member_faults(app: &TestApp, csv: &str) -> Vec<String> {
    lines(import_members(&app.database, csv.as_bytes(), noon()).await.expect_err("the import is refused"))
}

fn lines(error: ImportError) -> Vec<String> {
    let ImportError::Faults(faults) = error else { panic!("a fault of the file, not of the database: {error}") };
    let text = faults.to_string();
    let (count, faults) = text.split_once('\n').unwrap_or((&text, ""));
    let faults: Vec<String> = faults.lines().map(|line| line.trim().to_owned()).collect();
    let noun = if faults.len() == 1 { "fault" } else { "faults" };
    assert_eq!(count, format!("{} {noun} found", faults.len()));
    faults
}

#[track_caller]
fn assert_starts(found: &[String], expected: &[&str]) {
    let matches = found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| a.starts_with(b));
    assert!(matches, "expected lines that start with {expected:#?}\nfound {found:#?}");
}

async fn shop(app: &TestApp, id: &str) -> Shop {
    app.get(&format!("/v1/shops/{id}")).answer().await.expect(200).json()
}

#[tokio::test]
async fn a_good_file_is_imported_with_everything_in_it() {
    let app = TestApp::empty().await;
    let csv = format!(
        "{HEADER},district,address,discount_permille,phone,opening_hours,price_per_person_fen,curated_reason,curated_on,redeem_methods\n\
         s1,\"梧桐里, \"\"手冲\"\"\",coffee,shanghai,121.44,31.21,gcj02,徐汇区,武康路 210 号,150,+86 (21) 5550-0137,24/7,4200,豆单更新快,2026-10-21,till-scanner; shop-pin\n\
         s2,空的,tea,hangzhou, 120.15 ,30.27,wgs84,,,,,,,,,\n"
    );
    assert_eq!(import_shops(&app.database, csv.as_bytes()).await.unwrap(), 2);
    let full = shop(&app, "s1").await;
    assert_eq!(full.name, "梧桐里, \"手冲\"");
    assert_eq!(full.discount_permille, Discount::from_permille(150).unwrap());
    assert_eq!(full.price_per_person_fen, Some(Fen(4_200)));
    assert_eq!(full.phone.as_deref(), Some("+86 (21) 5550-0137"));
    assert_eq!(full.redeem_methods, [RedeemMethod::TillScanner, RedeemMethod::ShopPin]);
    assert_eq!(full.curation.unwrap().on.to_string(), "2026-10-21");
    assert!(matches!(full.open, OpenState::Open { .. }), "{:?}", full.open);
    let bare = shop(&app, "s2").await;
    assert_eq!(bare.city, City::Hangzhou);
    assert_eq!(bare.discount_permille, Discount::from_permille(100).unwrap(), "a tenth is what the programme promises");
    assert_eq!(bare.redeem_methods, [RedeemMethod::PhoneCamera]);
    assert_eq!((bare.district, bare.curation, bare.price_per_person_fen), (None, None, None));
}

#[tokio::test]
async fn importing_again_updates_and_columns_may_come_in_any_order() {
    let app = TestApp::with_shops(&format!("{HEADER}\n{ROW}\n")).await;
    let csv = "coord_system,lat,lng,city,category,name,id\nwgs84,31.3,121.5,shanghai,bar,新名,s1\n";
    assert_eq!(import_shops(&app.database, csv.as_bytes()).await.unwrap(), 1);
    let changed = shop(&app, "s1").await;
    assert_eq!((changed.name.as_str(), changed.place.coord_system()), ("新名", "wgs84"));
    assert_eq!(app.shops("").await.total, 1);
}

#[tokio::test]
async fn a_byte_order_mark_and_windows_line_ends_do_no_harm() {
    let app = TestApp::with_shops(&format!("\u{feff}{HEADER}\r\n{ROW}\r\n")).await;
    assert_eq!(shop(&app, "s1").await.name, "梧桐里");
}

#[tokio::test]
async fn columns_that_are_unknown_missing_or_twice_are_named() {
    let app = TestApp::empty().await;
    let found = shop_faults(&app, format!("{HEADER},discount,colour\n{ROW},1,red\n")).await;
    assert_starts(&found, &["line 1, column discount: unknown", "line 1, column colour: unknown"]);
    assert!(found[0].contains("discount_permille"), "the known columns are listed: {}", found[0]);
    let found = shop_faults(&app, "id,name,lng\ns1,x,121.4\n").await;
    assert_starts(
        &found,
        &[
            "line 1, column category: the required",
            "line 1, column city: the required",
            "line 1, column lat: the required",
            "line 1, column coord_system: the required",
        ],
    );
    let found = shop_faults(&app, format!("{HEADER},name\n{ROW},x\n")).await;
    assert_starts(&found, &["line 1, column name: the column is there twice"]);
    let found = shop_faults(&app, format!("{}\n{ROW}\n", HEADER.to_uppercase())).await;
    assert!(found[0].starts_with("line 1, column ID: unknown"), "{found:?}");
}

#[tokio::test]
async fn every_fault_is_reported_with_line_and_column_and_nothing_is_imported() {
    let app = TestApp::empty().await;
    let csv = format!(
        "{HEADER},discount_permille,phone,opening_hours,price_per_person_fen,redeem_methods\n\
         {ROW},100,,,,\n\
         s 2,,casino,beijing,east,31.2,bd09,1001,call me,always,-1,fax\n\
         s3,好的,tea,hangzhou,120.1,30.2,wgs84,-1,12,Mo 25:99,4.5,phone-camera;fax\n\
         ,名,tea,hangzhou,120.1,30.2,GCJ02,,,,,\n"
    );
    assert_starts(
        &shop_faults(&app, csv).await,
        &[
            "line 3, column id: an id has",
            "line 3, column name: must not be empty",
            "line 3, column category: unknown category",
            "line 3, column city: unknown city",
            "line 3, column lng: not a number",
            "line 3, column discount_permille: a discount is",
            "line 3, column phone: a phone number",
            "line 3, column price_per_person_fen: an amount",
            "line 3, column redeem_methods: 'fax': unknown redeem method",
            "line 4, column discount_permille: a discount is",
            "line 4, column phone: a phone number",
            "line 4, column price_per_person_fen: an amount",
            "line 4, column redeem_methods: 'fax': unknown redeem method",
            "line 5, column id: must not be empty",
            "line 5, column coord_system: the coordinate system",
        ],
    );
    assert_eq!(app.shops("").await.total, 0, "the good first row is not in either");
}

#[tokio::test]
async fn an_id_stands_for_one_row() {
    let app = TestApp::empty().await;
    let found = shop_faults(&app, format!("{HEADER}\n{ROW}\n{ROW}\n{ROW}\n")).await;
    assert_starts(
        &found,
        &["line 3, column id: the same id is on line 2", "line 4, column id: the same id is on line"],
    );
    assert_eq!(app.shops("").await.total, 0);
}

#[tokio::test]
async fn places_must_be_in_china_and_the_right_way_round() {
    let app = TestApp::empty().await;
    let place = |lng: &str, lat: &str| format!("{HEADER}\ns1,名,tea,shanghai,{lng},{lat},wgs84\n");
    assert_starts(
        &shop_faults(&app, place("31.21", "121.44")).await,
        &["line 2, column lng: lng and lat look swapped"],
    );
    for (lng, lat) in [("-0.12", "51.5"), ("0", "0"), ("121.44", "-31.2"), ("181", "91"), ("inf", "31"), ("121", "NaN")]
    {
        assert_starts(&shop_faults(&app, place(lng, lat)).await, &["line 2, column lat: the place is outside China"]);
    }
}

#[tokio::test]
async fn evidence_needs_its_reason_and_its_date() {
    let app = TestApp::empty().await;
    let evidence = |reason: &str, on: &str| format!("{HEADER},curated_reason,curated_on\n{ROW},{reason},{on}\n");
    assert_starts(
        &shop_faults(&app, evidence("好", "")).await,
        &["line 2, column curated_on: a reason needs the date"],
    );
    assert_starts(
        &shop_faults(&app, evidence("", "2026-10-21")).await,
        &["line 2, column curated_reason: a date needs"],
    );
    assert_starts(
        &shop_faults(&app, evidence("好", "21.10.2026")).await,
        &["line 2, column curated_on: a date is written"],
    );
}

#[tokio::test]
async fn texts_are_short_and_printable() {
    let app = TestApp::empty().await;
    let named = |name: &str| format!("{HEADER}\ns1,{name},tea,shanghai,121.4,31.2,wgs84\n");
    for name in ["\"a\nb\"", "a\tb", "a\0b", &"长".repeat(501)] {
        assert_starts(&shop_faults(&app, named(name)).await, &["line 2, column name: "]);
    }
    assert_eq!(import_shops(&app.database, named(&"长".repeat(500)).as_bytes()).await.unwrap(), 1);
}

#[tokio::test]
async fn files_that_are_no_table_are_refused() {
    let app = TestApp::empty().await;
    assert!(shop_faults(&app, "").await[0].starts_with("line 1, column id: the required column is missing"));
    assert_starts(&shop_faults(&app, format!("{HEADER}\n")).await, &["line 1: the file has a header and no rows"]);
    let mut mixed = format!("{HEADER}\n{ROW}\ns2,").into_bytes();
    mixed.extend(b"\xce\xe0\xcd\xa9,tea,shanghai,121.4,31.2,wgs84\n");
    assert_starts(
        &shop_faults(&app, mixed).await,
        &["line 3, column name: the text is damaged, or neither UTF-8 nor GB18030"],
    );
    let utf_16: Vec<u8> = HEADER.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let found = shop_faults(&app, [&b"\xff\xfe"[..], &utf_16].concat()).await;
    assert_starts(&found, &["line 1: the text is UTF-16: save the file"]);
    let found = shop_faults(&app, format!("{HEADER}\n{ROW}\ns2,短\n{ROW},长\n")).await;
    assert_starts(
        &found,
        &["line 3: the row has 2 fields, the header 7", "line 4: the row has 8 fields, the header 7"],
    );
    assert_eq!(app.shops("").await.total, 0);
}

/// An operator must see both kinds of faults in a file at once.
#[tokio::test]
async fn a_row_of_the_wrong_length_does_not_hide_the_faults_of_others() {
    let app = TestApp::empty().await;
    let found = shop_faults(&app, format!("{HEADER}\ns1,短\ns2,名,casino,shanghai,121.4,31.2,wgs84\n")).await;
    assert!(found.iter().any(|fault| fault.starts_with("line 2: the row has 2 fields")), "{found:#?}");
    assert!(found.iter().any(|fault| fault.starts_with("line 3, column category")), "{found:#?}");
}

/// The line number is that of an editor, for every kind of line end and for fields of several lines above it.
#[tokio::test]
async fn faults_name_the_line_an_editor_shows() {
    let app = TestApp::empty().await;
    let bad = "s2,名,casino,shanghai,121.4,31.2,wgs84";
    for (line, csv) in [
        (3, format!("{HEADER}\n{ROW}\n{bad}\n")),
        (3, format!("{HEADER}\r\n{ROW}\r\n{bad}\r\n")),
        (4, format!("{HEADER}\n{ROW}\n\n{bad}\n")),
        (5, format!("{HEADER}\r\n\r\n{ROW}\r\n\r\n{bad}\r\n")),
        (4, format!("{HEADER}\ns1,\"two\nlines\",coffee,shanghai,121.4,31.2,wgs84\n{bad}\n")),
    ] {
        let found = shop_faults(&app, &csv).await;
        assert!(found.last().unwrap().starts_with(&format!("line {line}, column category")), "{csv:?}: {found:#?}");
    }
}

/// A server with the programme `p`, created by the operator's command.
async fn app_with_programme() -> TestApp {
    let app = TestApp::empty().await;
    app.operator(&["programme", "put", "--id", "p", "--name", "卡", "--name-en", "Card", "--price-fen", "16800"]);
    app
}

#[tokio::test]
async fn members_are_imported_with_or_without_a_card() {
    let app = app_with_programme().await;
    let csv = "id,name,card_number,programme,valid_from,valid_until,cities,paid_fen\n\
               m1,张三,000000000001,p,2026-11-01,2026-11-30,shanghai; guangzhou,9900\n\
               m2,李四,000000000002,p,,,,\n\
               m3,王五,,,,,,\n";
    assert_eq!(import_members(&app.database, csv.as_bytes(), noon()).await.unwrap(), 3);
    let me = async |id: &str| app.me(&Caller::Bearer(app.operator(&["session", "add", id]))).await;
    let card = me("m1").await.card.unwrap();
    assert_eq!((card.valid_from.to_string(), card.valid_until.to_string()), ("2026-11-01".into(), "2026-11-30".into()));
    assert_eq!((card.cities, card.paid_fen), (vec![City::Shanghai, City::Guangzhou], Fen(9_900)));
    let card = me("m2").await.card.unwrap();
    assert_eq!((card.valid_from, card.valid_until), (today(), today().plus_days(364)), "a year from today");
    assert_eq!((card.cities, card.paid_fen), (City::ALL.to_vec(), Fen(16_800)));
    let me = me("m3").await;
    assert_eq!((me.member.name_masked.as_str(), me.card), ("王*", None));
}

/// A file that corrects names must not change the paid price of every card to today's price.
#[tokio::test]
async fn what_a_file_does_not_say_of_a_card_stays_as_it_is() {
    let app = app_with_programme().await;
    let import = async |csv: &str| import_members(&app.database, csv.as_bytes(), noon()).await.unwrap();
    let me = async || app.me(&Caller::Bearer(app.operator(&["session", "add", "m1"]))).await.card.unwrap();
    let told = "id,name,card_number,programme,valid_from,valid_until,cities,paid_fen\n";
    import(&format!("{told}m1,张三,000000000001,p,2026-01-01,2026-12-31,shanghai,9900\n")).await;
    let before = me().await;
    app.operator(&["programme", "put", "--id", "p", "--name", "卡", "--price-fen", "20000"]);
    import("id,name,card_number,programme\nm1,张三丰,000000000001,p\n").await;
    import(&format!("{told}m1,张三丰,000000000001,p,,,,\n")).await;
    assert_eq!(me().await, before);
    assert_eq!((before.paid_fen, before.cities), (Fen(9_900), vec![City::Shanghai]));

    import("id,name,card_number,programme,valid_until,paid_fen\nm1,张三丰,000000000001,p,2027-01-31,0\n").await;
    let after = me().await;
    assert_eq!(
        (after.valid_from.to_string(), after.valid_until.to_string()),
        ("2026-01-01".into(), "2027-01-31".into())
    );
    assert_eq!(after.paid_fen, Fen(0));
    let one = |column: &str, day: &str| format!("id,name,card_number,programme,{column}\nm1,张,000000000001,p,{day}\n");
    let found = member_faults(&app, &one("valid_until", "2025-12-31")).await;
    assert_starts(&found, &["line 2, column valid_until: comes before valid_from, 2026-01-01"]);
    let found = member_faults(&app, &one("valid_from", "2027-02-01")).await;
    assert_starts(&found, &["line 2, column valid_from: comes after valid_until, 2027-01-31"]);
}

#[tokio::test]
async fn faults_of_members_are_reported_and_nobody_is_imported() {
    let app = app_with_programme().await;
    let csv = "id,name,card_number,programme,valid_from,valid_until,cities,paid_fen\n\
               m1,张三,000000000001,p,,,,\n\
               m1,,000000000001,q,,,,\n\
               m3,王五,12345,p,2026-02-30,2026-01-01,beijing,-5\n\
               m4,赵六,000000000004,,2026-12-01,2026-11-01,,\n";
    assert_starts(
        &member_faults(&app, csv).await,
        &[
            "line 3, column name: must not be empty",
            "line 3, column id: the same id is on line 2",
            "line 3, column card_number: the same card is on line 2",
            "line 3, column programme: there is no such programme",
            "line 4, column card_number: a card number has exactly 12 digits",
            "line 4, column valid_from: a date is written",
            "line 4, column valid_until: comes before valid_from",
            "line 4, column cities: 'beijing': unknown city",
            "line 4, column paid_fen: an amount",
            "line 5, column programme: must not be empty",
            "line 5, column valid_until: comes before valid_from, 2026-12-01",
        ],
    );
    let output = app.member_server(&["session", "add", "m1"]);
    assert!(!output.status.success(), "nobody is in");
}

#[tokio::test]
async fn a_card_does_not_change_hands() {
    let app = app_with_programme().await;
    let csv = "id,name,card_number,programme\nm1,张三,000000000001,p\n";
    import_members(&app.database, csv.as_bytes(), noon()).await.unwrap();
    let found = member_faults(&app, "id,name,card_number,programme\nm2,李四,000000000001,p\n").await;
    assert_starts(&found, &["line 2, column card_number: another member holds this card"]);
    assert_eq!(import_members(&app.database, csv.as_bytes(), noon()).await.unwrap(), 1, "the holder's own row is fine");
}

/// A member has one card per programme. An operator must learn which row breaks this, not that SQL failed.
#[tokio::test]
async fn a_second_card_of_one_programme_is_a_fault_of_its_row() {
    let app = app_with_programme().await;
    let csv = |card: &str| format!("id,name,card_number,programme\nm1,张三,{card},p\n");
    import_members(&app.database, csv("000000000001").as_bytes(), noon()).await.unwrap();
    assert_starts(&member_faults(&app, &csv("000000000002")).await, &["line 2, column card_number"]);
}

fn file(directory: &TempDir, name: &str, content: &str) -> String {
    let path = directory.path().join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

fn stderr(output: &std::process::Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[tokio::test]
async fn the_command_imports_beside_a_running_server() {
    let app = app_with_programme().await;
    let directory = TempDir::new().unwrap();
    let shops = file(&directory, "shops.csv", &format!("{HEADER}\n{ROW}\n"));
    let said = app.operator(&["import", "shops", &shops]);
    let ending = "read as UTF-8: 1 shop\nadded 1, changed 0, unchanged 0, left 0, came back 0";
    assert!(said.ends_with(ending), "{said}");
    assert_eq!(shop(&app, "s1").await.name, "梧桐里");
    let members = file(&directory, "members.csv", "id,name,card_number,programme\nm1,张三,000000000001,p\n");
    assert_eq!(app.operator(&["import", "members", &members]), "1 members imported");
    let member = Caller::Bearer(app.operator(&["session", "add", "m1"]));
    assert_eq!(app.me(&member).await.card.unwrap().number_masked, "0000 •••• 0001");
    assert!(app.operator(&["terminal", "add", "s1"]).len() >= 43);
}

#[tokio::test]
async fn the_command_tells_where_a_file_is_wrong() {
    let app = TestApp::empty().await;
    let directory = TempDir::new().unwrap();
    let bad = file(&directory, "bad.csv", &format!("{HEADER}\n{ROW}\ns2,名,casino,shanghai,121.4,31.2,wgs84\n"));
    let output = app.member_server(&["import", "shops", &bad]);
    assert_eq!(output.status.code(), Some(1));
    let error = stderr(&output);
    for part in ["bad.csv", "nothing was imported", "1 fault found", "line 3, column category: unknown category"] {
        assert!(error.contains(part), "{part}: {error}");
    }
    assert!(output.stdout.is_empty());
    assert_eq!(app.shops("").await.total, 0);
    let output = app.member_server(&["import", "shops", "/no/such/file.csv"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("cannot read /no/such/file.csv"), "{}", stderr(&output));
}

#[test]
fn help_lists_the_subcommands() {
    let output = member_server(noon(), &["--help"]);
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout).unwrap();
    for subcommand in ["serve", "import", "programme", "terminal", "session"] {
        let listed = help.lines().any(|line| line.split_whitespace().next() == Some(subcommand));
        assert!(listed, "{subcommand}: {help}");
    }
}

#[test]
fn a_database_that_cannot_be_opened_is_named() {
    for database in ["members.sqlite", "sqlite://", "postgres://localhost/members", ""] {
        let output = member_server(noon(), &["terminal", "add", "s1", "--database", database]);
        assert_eq!(output.status.code(), Some(1), "{database}");
        assert!(stderr(&output).contains("write it as sqlite://FILE"), "{database}: {}", stderr(&output));
    }
    assert!(!Path::new("members.sqlite").exists());
    let output =
        member_server(noon(), &["terminal", "add", "s1", "--database", "sqlite:///no/such/directory/x.sqlite"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("cannot open the database /no/such/directory/x.sqlite"), "{}", stderr(&output));
}

#[tokio::test]
async fn commands_on_what_does_not_exist_fail_by_name() {
    let app = TestApp::empty().await;
    for (arguments, part) in [
        (vec!["terminal", "add", "nothing"], "there is no shop 'nothing'"),
        (vec!["session", "add", "nobody"], "there is no member 'nobody'"),
        (vec!["programme", "put", "--id", "p", "--name", "卡", "--price-fen=-1"], "it must be from 0 to 100000000"),
    ] {
        let output = app.member_server(&arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(stderr(&output).contains(part), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn serve_refuses_what_would_put_members_at_risk() {
    let directory = TempDir::new().unwrap();
    let url = format!("sqlite://{}", directory.path().join("demo.sqlite").display());
    let serve = |arguments: &[&str]| member_server(noon(), &[&["serve", "--database", &url], arguments].concat());
    let output = serve(&["--demo", "--listen", "0.0.0.0:0"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("loopback"), "{}", stderr(&output));
    for public_url in ["card.example", "https://", "https://card.example/path", "https://user@card.example", "ftp://x"]
    {
        let output = serve(&["--listen", "127.0.0.1:0", "--public-url", public_url]);
        assert_eq!(output.status.code(), Some(1), "{public_url}");
        assert!(stderr(&output).contains("--public-url"), "{public_url}: {}", stderr(&output));
    }
}
