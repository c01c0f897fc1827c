//! Imports of what spreadsheets make of files, and of characters that nobody sees. What is clear is read, the rest
//! is refused with what to do, and then nothing is written.

use crate::support::{
    Caller, TestApp, noon,
    refunds::{Ending, TestCard, ago},
};
use member_domain::wire::Shop;
use member_server::{ImportError, import_events, import_members, import_shops};
use member_storage::cells;

const SHOPS: &str = "id,name,category,city,lng,lat,coord_system";
const SHOP: &str = "s1,梧桐里,coffee,shanghai,121.44,31.21,gcj02";
const MEMBERS: &str = "id,name,card_number,programme,valid_from,valid_until,paid_fen,payment_reference";
const EVENTS: &str = "id,title,city,venue,starts_at,ends_at,seats";

#[track_caller]
fn faults(error: ImportError) -> Vec<String> {
    let ImportError::Faults(faults) = error else { panic!("a fault of the file: {error}") };
    faults.to_string().lines().skip(1).map(|line| line.trim().to_owned()).collect()
}

/// There is one fault, with this start and all of these parts.
#[track_caller]
fn assert_one(found: &[String], start: &str, parts: &[&str]) {
    let is_right = found.len() == 1 && found[0].starts_with(start) && parts.iter().all(|part| found[0].contains(part));
    assert!(is_right, "'{start}' with {parts:?} is not {found:#?}");
}

async fn app_with_programme() -> TestApp {
    let app = TestApp::empty().await;
    app.operator(&["programme", "put", "--id", "p", "--name", "卡", "--price-fen", "16800"]);
    app
}

/// Writes a file beside the database, and runs `member-server import` on it.
fn import(app: &TestApp, kind: &str, content: impl AsRef<[u8]>) -> String {
    let path = app.database_file().with_file_name("file.csv");
    std::fs::write(&path, content).unwrap();
    app.operator(&["import", kind, path.to_str().unwrap()])
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn file(rows: &[&str]) -> Vec<u8> {
    format!("{SHOPS}\n{}\n", rows.join("\n")).into_bytes()
}

/// Each of these files has the shop `s1` with this name, and no other.
#[tokio::test]
async fn what_spreadsheets_write_is_read() {
    let all = format!("{SHOPS}\n{SHOP}\n");
    let wide: String = all.lines().map(|line| format!("{line},,,\r\n")).collect();
    for (bytes, name) in [
        (format!("{all},,,,,,\n,,,,,,\n").into_bytes(), "梧桐里"),
        (format!("{all},,,\n\n, ,\"\",\n").into_bytes(), "梧桐里"),
        (format!("{SHOPS}\n,,,,,,\n{SHOP}\n").into_bytes(), "梧桐里"),
        (format!(",,,,,,\n{all}").into_bytes(), "梧桐里"),
        (format!("{all}\u{a0},\u{200b},,,,\u{feff},\n").into_bytes(), "梧桐里"),
        (wide.clone().into_bytes(), "梧桐里"),
        (format!("{wide},,,,,,,,,\r\n").into_bytes(), "梧桐里"),
        (format!("{SHOPS},\n{SHOP},\n").into_bytes(), "梧桐里"),
        (format!("{SHOPS},,,\n{SHOP}\n").into_bytes(), "梧桐里"),
        (format!("{SHOPS}\n{SHOP},,,\n").into_bytes(), "梧桐里"),
        (format!("id,,{}\ns1,,{}\n", &SHOPS[3..], &SHOP[3..]).into_bytes(), "梧桐里"),
        (format!("{SHOPS}{}\n{SHOP}{}\n", ",".repeat(5_000), ",".repeat(5_000)).into_bytes(), "梧桐里"),
        (all.replace(',', ";").into_bytes(), "梧桐里"),
        (all.replace(',', "\t").into_bytes(), "梧桐里"),
        (format!("sep=;\n{}", all.replace(',', ";")).into_bytes(), "梧桐里"),
        (format!("\u{feff}\"sep=,\"\r\n{all}").into_bytes(), "梧桐里"),
        (format!("\u{feff}\u{feff}{SHOPS}\n\u{feff}{SHOP}\n").into_bytes(), "梧桐里"),
        (encoding_rs::GB18030.encode(&all).0.into_owned(), "梧桐里"),
        (encoding_rs::BIG5.encode(&all.replace("梧桐里", "陳記茶餐廳")).0.into_owned(), "陳記茶餐廳"),
        (file(&[&SHOP.replace("s1,", "'s1,")]), "梧桐里"),
        (file(&[&SHOP.replace("s1,", "\"=\"\"s1\"\"\",")]), "梧桐里"),
        (file(&[&SHOP.replace("121.44", "１２１．４４").replace("shanghai", "ｓｈａｎｇｈａｉ")]), "梧桐里"),
        (file(&[&SHOP.replace("s1", "s\u{200b}1").replace("梧桐里", "梧\u{ad}桐\u{feff}里")]), "梧桐里"),
        (file(&[&SHOP.replace("梧桐里", "'=梧桐里")]), "=梧桐里"),
        (file(&[&SHOP.replace("梧桐里", "👩‍🍳（一号店）☕️")]), "👩‍🍳（一号店）☕️"),
    ] {
        let app = TestApp::empty().await;
        let imported = import_shops(&app.database, &bytes).await;
        assert!(matches!(imported, Ok(1)), "{imported:?}: {}", String::from_utf8_lossy(&bytes));
        let shop: Shop = app.get("/v1/shops/s1").answer().await.expect(200).json();
        assert_eq!((shop.name.as_str(), shop.place.coord_system()), (name, "gcj02"));
    }
}

/// Each of these files of shops has one fault, and imports nothing.
#[tokio::test]
async fn what_is_unclear_is_refused_with_what_to_do() {
    let app = TestApp::empty().await;
    let all = format!("{SHOPS}\n{SHOP}\n");
    let with = |column: &str, field: &str| format!("{SHOPS},{column}\n{SHOP},\"{field}\"\n").into_bytes();
    let named = |name: &str| file(&[&SHOP.replace("梧桐里", name)]);
    let save = "save the file as CSV in UTF-8";
    for (bytes, start, parts) in [
        (utf16(&all, u16::to_le_bytes), "line 1: the text is UTF-16LE without a byte order mark", &[save][..]),
        (utf16(&all, u16::to_be_bytes), "line 1: the text is UTF-16BE without a byte order mark", &[save]),
        (utf16(&format!("\u{feff}{all}"), u16::to_be_bytes), "line 1: the text is UTF-16", &[save]),
        (
            encoding_rs::GB18030.encode(&all.replace("梧桐里", "店")).0.into(),
            "line 1: the text is GB18030 or Big5",
            &[save],
        ),
        (
            encoding_rs::BIG5.encode(&all.replace("梧桐里", "店")).0.into(),
            "line 1: the text is GB18030 or Big5",
            &[save],
        ),
        (format!("{SHOPS},\n{SHOP},x\n").into(), "line 2: field 8 has no name in the header", &["empty the column"]),
        (format!("{SHOPS}\n{SHOP},x\n").into(), "line 2: the row has 8 fields, the header 7", &[]),
        (format!("{SHOPS}\n,,,,,,\n").into(), "line 1: the file has a header and no rows", &[]),
        (named("a\u{202e}b"), "line 2, column name: contains U+202E RIGHT-TO-LEFT OVERRIDE", &["type the text again"]),
        (
            named("a\u{2067}b\u{2069}"),
            "line 2, column name: contains U+2067 RIGHT-TO-LEFT ISOLATE",
            &["POP DIRECTIONAL ISOLATE"],
        ),
        (
            named("小\u{e5e5}"),
            "line 2, column name: contains U+E5E5 PRIVATE USE CHARACTER",
            &["the character that is meant"],
        ),
        (named("a\u{2028}b"), "line 2, column name: contains U+2028 LINE SEPARATOR", &["on one line"]),
        (named("a\u{7}b"), "line 2, column name: contains U+0007 ALERT", &["delete it"]),
        (
            named("\"a\nb\""),
            "line 2, column name: contains control characters or line breaks: U+000A LINE FEED",
            &["on one line"],
        ),
        (
            named("a\tb"),
            "line 2, column name: contains control characters or line breaks: U+0009 CHARACTER TABULATION",
            &["write a space"],
        ),
        (named("\u{200b}\u{3164}"), "line 2, column name: must not be empty", &[]),
        (named("\u{e5e5}"), "line 2, column name: contains U+E5E5 PRIVATE USE CHARACTER", &[]),
        (with("address", "\u{202e}"), "line 2, column address: contains U+202E RIGHT-TO-LEFT OVERRIDE", &[]),
        (b"PK\x03\x04\x14\0".to_vec(), "line 1: the file is a workbook", &["export the sheet as CSV"]),
        (named("锟斤拷店"), "line 2, column name: the text is damaged", &[save]),
        (named("#REF!"), "line 2, column name: '#REF!' is a spreadsheet's error", &["mend the cell"]),
        (with("phone", "138\u{202e}1"), "line 2, column phone: contains U+202E RIGHT-TO-LEFT OVERRIDE", &[]),
        (
            with("phone", "8.62E+12"),
            "line 2, column phone: a spreadsheet has shortened",
            &["format the column as text"],
        ),
        (
            with("phone", "2155500137"),
            "line 2, column phone: a phone number without the zero or the plus",
            &["as text"],
        ),
        (
            with("phone", "57155500137"),
            "line 2, column phone: a phone number without the zero or the plus",
            &["as text"],
        ),
        (with("phone", "8613800138000"), "line 2, column phone: a phone number without the zero or the plus", &["+86"]),
        (
            with("price_per_person_fen", "¥42"),
            "line 2, column price_per_person_fen: an amount",
            &["without its currency"],
        ),
        (
            with("price_per_person_fen", "42.00"),
            "line 2, column price_per_person_fen: an amount",
            &["without decimals"],
        ),
        (
            with("price_per_person_fen", "1,234.50"),
            "line 2, column price_per_person_fen: an amount",
            &["without decimals"],
        ),
        (with("price_per_person_fen", "42,00"), "line 2, column price_per_person_fen: an amount", &["thousands"]),
        (with("price_per_person_fen", "4.2E+3"), "line 2, column price_per_person_fen: an amount", &["shortened"]),
        (
            with("discount_permille", "10%"),
            "line 2, column discount_permille: a discount is",
            &["without a percent sign"],
        ),
        (with("discount_permille", "TRUE"), "line 2, column discount_permille: a discount is", &[]),
        (file(&[&SHOP.replace("121.44", "\"121,44\"")]), "line 2, column lng: not a number of degrees", &["a point"]),
        (file(&[&SHOP.replace("121.44", "1.21E+02")]), "line 2, column lng: not a number of degrees", &["shortened"]),
        (file(&[&SHOP.replace("s1", "1.00E+05")]), "line 2, column id: a spreadsheet has shortened", &["as text"]),
    ] {
        let error = import_shops(&app.database, &bytes).await.expect_err(start);
        assert_one(&faults(error), start, parts);
    }
    assert_eq!(app.shops("").await.total, 0);
}

#[tokio::test]
async fn numbers_and_phones_as_spreadsheets_show_them_are_read() {
    for (column, field, expected) in [
        ("price_per_person_fen", "\"4,200\"", "4200"),
        ("price_per_person_fen", "\"12,345,600\"", "12345600"),
        ("price_per_person_fen", "４２００", "4200"),
        ("price_per_person_fen", "'4200", "4200"),
        ("discount_permille", "100.00", "100"),
        ("phone", "'021-5550-0137", "021-5550-0137"),
        ("phone", "（０２１）5550–0137", "(021)5550-0137"),
        ("phone", "\u{202d}13800138000\u{202c}", "13800138000"),
        ("phone", "4005550123", "4005550123"),
        ("phone", "=\"02155500137\"", "02155500137"),
        ("phone", "95588", "95588"),
    ] {
        let app = TestApp::empty().await;
        let csv = format!("{SHOPS},{column}\n{SHOP},{field}\n");
        let imported = import_shops(&app.database, csv.as_bytes()).await;
        assert!(matches!(imported, Ok(1)), "{column} {field}: {imported:?}");
        let held: String = app.rows().one(&format!("SELECT CAST({column} AS TEXT) FROM shops"), cells![]);
        assert_eq!(held, expected, "{field}");
    }
}

#[tokio::test]
async fn dates_with_the_year_first_are_read_and_others_refused() {
    let app = app_with_programme().await;
    let row = |date: &str| format!("{MEMBERS}\nm1,张三,000000000001,p,\"{date}\",2027-01-31,,\n");
    let known = "2026-11-03";
    for date in [
        "2026/11/3",
        "2026.11.03",
        "2026-11-3",
        "2026年11月3日",
        "20261103",
        "2026–11–03",
        "2026年11月3日星期二",
        "２０２６／１１／３",
        "2026/11/3 0:00",
    ] {
        app.rows().run_all("DELETE FROM cards");
        let imported = import_members(&app.database, row(date).as_bytes(), noon()).await;
        assert!(matches!(imported, Ok(1)), "{date}: {imported:?}");
        assert_eq!(app.rows().one::<String>("SELECT valid_from FROM cards", cells![]), known, "{date}");
    }
    app.rows().run_all("DELETE FROM cards; DELETE FROM members");
    for (date, part) in [
        ("11/3/2026", "format the column as yyyy-mm-dd"),
        ("3/11/26", "format the column as yyyy-mm-dd"),
        ("26/11/3", "format the column as yyyy-mm-dd"),
        ("46329", "the number by which a spreadsheet keeps a date"),
        ("2026-02-30", "must exist"),
        ("2026/11/3 9:30", "without a time of day"),
        ("#VALUE!", "a spreadsheet's error"),
    ] {
        let error = import_members(&app.database, row(date).as_bytes(), noon()).await.expect_err(date);
        assert_one(&faults(error), "line 2, column valid_from: ", &[part]);
    }
    assert_eq!(app.rows().one::<i64>("SELECT COUNT(*) FROM members", cells![]), 0);
}

#[tokio::test]
async fn times_of_events_are_read_as_spreadsheets_write_them() {
    let app = TestApp::empty().await;
    let row = |time: &str| format!("{EVENTS}\ne1,茶会,hangzhou,村口,{time},,\"1,200\"\n");
    for time in [
        "2026-12-05 9:30",
        "2026/12/5 9:30",
        "2026/12/5 09:30:00",
        "2026年12月5日 9:30",
        "2026/12/5 上午9:30",
        "2026-12-05 9:30 AM",
        "２０２６-12-05 ９：３０",
        "2026-12-05T09:30:00+08:00",
        "2026-12-05\u{a0}09:30",
    ] {
        let imported = import_events(&app.database, row(time).as_bytes(), noon(), false).await;
        assert!(matches!(imported, Ok(1)), "{time}: {imported:?}");
        let listed = app.operator(&["events", "list"]);
        assert!(listed.contains("e1,茶会,hangzhou,2026-12-05 09:30,1200,"), "{time}: {listed}");
    }
    for (time, part) in [
        ("9:30", "must exist"),
        ("12/5/2026 9:30", "format the column as yyyy-mm-dd hh:mm"),
        ("46361.395833", "the number by which a spreadsheet keeps a date"),
        ("2026-12-05 上午12:30", "must exist"),
        ("2026-12-05 09:30:05", "without seconds"),
    ] {
        let error = import_events(&app.database, row(time).as_bytes(), noon(), false).await.expect_err(time);
        assert_one(&faults(error), "line 2, column starts_at: a time is written", &[part]);
    }
}

const ROUNDED: &str = "4200001234202610000000000000";

/// Rows of members with these payments, each with a card of its own.
fn paid(payments: &[&str]) -> String {
    let row = |(number, payment): (usize, &&str)| format!("m{number},张三,{number:012},p,,,,\"{payment}\"\n");
    format!("{MEMBERS}\n{}", (1..).zip(payments).map(row).collect::<String>())
}

#[tokio::test]
async fn payments_that_a_spreadsheet_has_changed_are_refused() {
    let app = app_with_programme().await;
    let as_text = "format the column as text";
    for (payments, line, part) in [
        (&[ROUNDED][..], 2, "replaced all digits after the 15th with zeros"),
        (&["4.20000123420261E+27"], 2, "shortened this number"),
        (&["4.2e+27"], 2, "shortened this number"),
        (&["'4.2E+27"], 2, "shortened this number"),
        (&["1234567890123450"], 2, "perhaps replaced"),
        (&["50301", "1234567890123450000"], 3, "perhaps replaced"),
        (&["4,200,001,234"], 2, "formatted this as a number"),
        (&["4200001234.00"], 2, "formatted this as a number"),
        (&["50301", "50302", "50301"], 4, "the same payment is on line 2"),
        (&["50301", "５０３０１"], 3, "the same payment is on line 2"),
    ] {
        let error = import_members(&app.database, paid(payments).as_bytes(), noon()).await.expect_err(part);
        assert_one(&faults(error), &format!("line {line}, column payment_reference: "), &[part, as_text]);
    }
    let thrice = import_members(&app.database, paid(&[ROUNDED; 3]).as_bytes(), noon()).await.expect_err("thrice");
    assert_eq!(faults(thrice).len(), 3);
    assert_eq!(app.rows().one::<i64>("SELECT COUNT(*) FROM members", cells![]), 0, "nothing is written");
}

#[tokio::test]
async fn payments_with_all_their_digits_are_imported() {
    let intact = "4200001234202610149876543210";
    for payments in [
        &[intact][..],
        // A number that ends with zeros is right where others of its length are intact.
        &["1234567890123450", "1234567890123456"],
        &["'1234567890123450"],
        &["123456789012345", "100000000000000", "12E4", "wx-0001"],
    ] {
        let app = app_with_programme().await;
        let imported = import_members(&app.database, paid(payments).as_bytes(), noon()).await;
        assert!(imported.is_ok_and(|count| count == payments.len()), "{payments:?}");
    }
}

#[tokio::test]
async fn a_payment_belongs_to_one_member() {
    let app = app_with_programme().await;
    let row = |member: u8, payment: &str| format!("m{member},张三,{member:012},p,,,,{payment}\n");
    let import =
        async |rows: &str| import_members(&app.database, format!("{MEMBERS}\n{rows}").as_bytes(), noon()).await;
    import(&(row(1, "50301") + &row(2, "50302"))).await.unwrap();
    import(&row(1, "50301")).await.expect("the member's own payment is fine");
    let error = import(&(row(3, "50303") + &row(4, "50302"))).await.expect_err("another member has it");
    let start = "line 3, column payment_reference: another member has this payment, for card 000000000002";
    assert_one(&faults(error), start, &["format the column as text"]);
    assert_eq!(app.rows().one::<i64>("SELECT COUNT(*) FROM members", cells![]), 2);
    import(&(row(1, "50302") + &row(2, "50301"))).await.expect("a file may swap payments");
    let other = "id,name,card_number,programme,paid_through,payment_reference\nm3,张三,000000000003,p,alipay,50301\n";
    import_members(&app.database, other.as_bytes(), noon()).await.expect("a channel has its own numbers");
}

#[tokio::test]
async fn card_numbers_that_lost_their_zeros_are_refused() {
    let app = app_with_programme().await;
    for (number, part) in
        [("1", "removes zeros in front"), ("6.60123E+11", "shortened"), ("\"660,123,454,827\"", "formatted")]
    {
        let csv = format!("id,name,card_number,programme\nm1,张三,{number},p\n");
        let error = import_members(&app.database, csv.as_bytes(), noon()).await.expect_err(part);
        assert_one(&faults(error), "line 2, column card_number: ", &[part, "format the column as text"]);
    }
    for number in ["'000000000001", "=\"000000000001\"", "０００００００００００１"] {
        let csv = format!("id,name,card_number,programme\nm1,张三,{number},p\n");
        import_members(&app.database, csv.as_bytes(), noon()).await.expect(number);
    }
}

#[test]
fn results_of_finance_are_read_as_spreadsheets_write_them() {
    let header = "refund_id,state,amount_fen,currency,occurred_at,provider_reference,payment_reference";
    for (amount, at, reference, total) in [
        ("\"16,800\"", "2026/11/20 9:30", "50301", "TOTAL,1,\"16,800\",CNY,,,\n,,,,,,\n,,,,,,\n"),
        ("１６８００", "2026年11月20日 上午9:30", "'50301", "TOTAL,1,16800,CNY,,,\n"),
        ("16800", "2026-11-20 09:30:00", "50301\u{200b}", "TOTAL,1,16800,CNY,,,\n"),
    ] {
        let ending = Ending::started("full", &[TestCard::paid(16_800)]);
        let id = &ending.refunds()[0].id;
        // Finance sends back columns that nobody reads, as its spreadsheet has left them.
        let csv = format!("{header}\n{id},succeeded,{amount},CNY,{at},{reference},4.2E+27\n{total}");
        let ran = ending.run(&["import", &ending.file("results.csv", &csv)]).well();
        assert_eq!(ran.sum("succeeded"), (1, 16_800), "{csv}");
        assert_eq!(ran.out.contains("removed U+200B ZERO WIDTH SPACE"), reference.contains('\u{200b}'), "{ran:?}");
        let sql =
            "SELECT COUNT(*) FROM refund_reports WHERE occurred_at = 1795138200000 AND provider_reference = '50301'";
        assert_eq!(ending.number(sql), 1, "{csv}");
    }
}

#[test]
fn results_that_a_spreadsheet_has_changed_are_refused() {
    let ending = Ending::started("full", &[TestCard::paid(16_800)]);
    let (id, good) = (&ending.refunds()[0].id, ago(0));
    for (amount, at, reference, start) in [
        ("16800", good.as_str(), ROUNDED, "line 2, column provider_reference: a spreadsheet has replaced"),
        ("16800", &good, "5.03E+27", "line 2, column provider_reference: a spreadsheet has shortened"),
        ("16800", &good, "5030\u{202e}1", "line 2, column provider_reference: contains U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("16800", "11/20/2026 9:30", "50301", "line 2, column occurred_at: a time is written"),
        ("16800", "46346.4", "50301", "line 2, column occurred_at: a time is written"),
        ("¥168.00", &good, "50301", "line 2, column amount_fen: an amount is a whole number of fen"),
    ] {
        let csv = format!(
            "refund_id,state,amount_fen,currency,occurred_at,provider_reference\n\
             {id},succeeded,{amount},CNY,{at},{reference}\nTOTAL,1,16800,CNY,,\n"
        );
        let ran = ending.run(&["import", &ending.file("results.csv", &csv)]).badly();
        let found: Vec<String> = ran.faults().into_iter().map(str::to_owned).collect();
        assert_one(&found, start, &[]);
        assert_eq!(ending.number("SELECT COUNT(*) FROM refund_reports"), 0);
    }
}

/// What an import reads in another way than it is written is in the command's output.
#[tokio::test]
async fn commands_say_what_they_read_in_another_way() {
    let app = app_with_programme().await;
    for (kind, content, expected) in [
        (
            "shops",
            format!("{SHOPS}\n{}\n", SHOP.replace("梧桐里", "梧\u{200b}桐\u{200b}里")),
            "\n1 note\n  line 2, column name: removed U+200B ZERO WIDTH SPACE (2 times)",
        ),
        ("shops", format!("{SHOPS}\n{SHOP}\n").replace(',', ";"), "\n1 note\n  fields are separated by semicolons"),
        (
            "members",
            "id,name\nm\u{feff}1,张\u{a0}三\n".to_owned(),
            "1 members imported\n2 notes\n  line 2, column id: removed U+FEFF ZERO WIDTH NO-BREAK SPACE\n  line 2, column name: read as a space: U+00A0 NO-BREAK SPACE",
        ),
        (
            "members",
            "id,na\u{200b}me\nm1,张三\n".to_owned(),
            "1 members imported\n1 note\n  line 1, column name: removed U+200B ZERO WIDTH SPACE",
        ),
        (
            "events",
            format!("{EVENTS}\ne1,茶会\u{200e},hangzhou,村口,2026-12-05 9:30,,12\n"),
            "1 events imported\n1 note\n  line 2, column title: removed U+200E LEFT-TO-RIGHT MARK",
        ),
    ] {
        let said = import(&app, kind, content);
        assert!(said.ends_with(expected), "{said}");
    }
    let big5 = encoding_rs::BIG5.encode("id,name\nm9,陳大文先生\n").0.into_owned();
    assert_eq!(import(&app, "members", big5), "1 members imported\n1 note\n  the file was read as Big5");
    let member = Caller::Bearer(app.operator(&["session", "add", "m9"]));
    assert!(app.me(&member).await.member.name_masked.starts_with('陳'));
    let many: String = (0..30).map(|number| format!("m{number},张\u{200b}三\n")).collect();
    let said = import(&app, "members", format!("id,name\n{many}"));
    assert!(said.starts_with("30 members imported\n30 notes\n") && said.ends_with("\n  and 10 more"), "{said}");
}

/// Texts that operators type as options have no invisible characters at all.
#[tokio::test]
async fn options_with_invisible_characters_are_refused_by_name() {
    let app = TestApp::empty().await;
    for (name, named) in [
        ("卡\u{202e}", "--name: contains U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("卡\u{200b}", "--name: contains U+200B ZERO WIDTH SPACE"),
        ("卡\n", "--name: contains control characters or line breaks: U+000A LINE FEED"),
    ] {
        let output = app.member_server(&["programme", "put", "--id", "p", "--name", name, "--price-fen", "1"]);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && error.contains(named), "{error}");
    }
}
