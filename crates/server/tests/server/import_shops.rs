//! Imports of whole cities: encodings, complete files, dry runs, bad files, and killed imports.

use std::{
    fmt::Write as _,
    fs,
    io::{Cursor, Read, Seek, SeekFrom},
    path::Path,
    process::{Output, Stdio},
    time::{Duration, Instant},
};

use crate::support::{TestApp, member_server_command, noon, today};
use member_domain::{
    CivilDate, CodeForm, Fen, VisitKind,
    wire::{OpenState, Shop},
};
use member_server::{Encoding, ImportError, ShopImport, ShopsImported, import_shops, import_shops_from, open_database};
use member_storage::{ShopChanges, cells, inspect::Rows};
use tempfile::TempDir;

const HEADER: &str = "id,name,category,city,lng,lat,coord_system";

fn row(id: &str, name: &str, city: &str) -> String {
    let place = match city {
        "guangzhou" => "113.26,23.13",
        "hangzhou" => "120.16,30.27",
        _ => "121.44,31.21",
    };
    format!("{id},{name},coffee,{city},{place},gcj02")
}

fn file(rows: &[String]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

async fn import(app: &TestApp, csv: impl Into<Vec<u8>>, how: ShopImport) -> ShopsImported {
    import_shops_from(&app.database, Cursor::new(csv.into()), how).await.unwrap()
}

fn complete_on(day: CivilDate) -> ShopImport {
    ShopImport { complete_on: Some(day), dry_run: false }
}

async fn faults(app: &TestApp, csv: impl AsRef<[u8]>) -> Vec<String> {
    let error = import_shops(&app.database, csv.as_ref()).await.expect_err("the import is refused");
    assert_eq!(app.shops("").await.total, 0, "nothing is in");
    error.to_string().lines().skip(1).map(|line| line.trim().to_owned()).collect()
}

async fn shop(app: &TestApp, id: &str) -> Shop {
    app.get(&format!("/v1/shops/{id}")).answer().await.expect(200).json()
}

async fn ids(app: &TestApp) -> Vec<String> {
    let mut ids: Vec<_> = app.shops("").await.shops.into_iter().map(|shop| shop.id).collect();
    ids.sort();
    ids
}

/// Runs `member-server import shops` on this server's database.
fn command(app: &TestApp, file: &Path, options: &[&str]) -> Output {
    app.member_server(&[&["import", "shops", file.to_str().unwrap()], options].concat())
}

#[tokio::test]
async fn what_a_chinese_spreadsheet_writes_is_read_and_said() {
    let app = TestApp::empty().await;
    let text = file(&[row("s1", "小吃铺", "shanghai"), row("s2", "龘𠮷🐱", "shanghai")]);
    let bytes = encoding_rs::GB18030.encode(&text).0;
    let imported = import(&app, &*bytes, ShopImport::default()).await;
    assert_eq!(imported.encoding, Encoding::Gb18030);
    assert!(imported.to_string().starts_with("read as GB18030: 2 shops\n"), "{imported}");
    assert_eq!((shop(&app, "s1").await.name, shop(&app, "s2").await.name), ("小吃铺".into(), "龘𠮷🐱".into()));
    // The same file in UTF-8 changes nothing.
    let imported = import(&app, text, ShopImport::default()).await;
    let expected = ShopChanges { unchanged: 2, ..ShopChanges::default() };
    assert_eq!((imported.encoding, imported.changes), (Encoding::Utf8, expected));
}

#[tokio::test]
async fn evidence_notes_and_rules_are_imported() {
    let app = TestApp::empty().await;
    let csv = format!(
        "{HEADER},curated_reason,curated_on,note_count,praise,visited_on,visit,notes,discount_rules,not_combined_with\n\
         {},豆单更新快,2026-10-21,86,手冲稳定,2026-10-19,self-paid,豆单|https://notes.example/a ; https://notes.example/b,每桌一次,团购券\n",
        row("s1", "梧桐里", "shanghai")
    );
    assert_eq!(import_shops(&app.database, csv.as_bytes()).await.unwrap(), 1);
    let database = open_database(&app.database_file()).unwrap();
    drop(database);
    let sql = "SELECT note_count, praise, visited_on, visit, notes, discount_rules, not_combined_with FROM shops";
    let kept: (u32, String, String, String, String, String, String) = app.rows().one(sql, cells![]);
    let expected = (
        86,
        "手冲稳定",
        "2026-10-19",
        VisitKind::SelfPaid.as_str(),
        "https://notes.example/a 豆单\nhttps://notes.example/b",
        "每桌一次",
        "团购券",
    );
    assert_eq!((kept.0, &*kept.1, &*kept.2, &*kept.3, &*kept.4, &*kept.5, &*kept.6), expected);
    assert_eq!(shop(&app, "s1").await.curation.unwrap().note_count, Some(86));
}

#[tokio::test]
async fn evidence_without_a_reason_and_notes_without_an_address_are_faults() {
    let app = TestApp::empty().await;
    let csv = format!(
        "{HEADER},curated_reason,curated_on,note_count,praise,visited_on,visit,notes,not_combined_with\n\
         {},,,86,好,2026-10-19,invited,,\n\
         {},好,2026-10-21,-1,,2026-02-30,paid,http://notes.example/a,{}\n",
        row("s1", "一", "shanghai"),
        row("s2", "二", "shanghai"),
        "长".repeat(501),
    );
    let found = faults(&app, csv).await;
    let expected = [
        "line 2, column note_count: supports a reason",
        "line 2, column praise: supports a reason",
        "line 2, column visited_on: supports a reason",
        "line 2, column visit: supports a reason",
        "line 3, column note_count: a number of notes",
        "line 3, column visited_on: a date is written",
        "line 3, column visit: unknown visit",
        "line 3, column notes: 'http://notes.example/a' is not an https address",
        "line 3, column not_combined_with: longer than 500 characters",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    assert!(found.iter().zip(expected).all(|(found, expected)| found.starts_with(expected)), "{found:#?}");
}

#[tokio::test]
async fn rows_are_added_changed_or_left_alone_by_id() {
    let app = TestApp::empty().await;
    let (one, two) = (row("s1", "一", "shanghai"), row("s2", "二", "shanghai"));
    let first = import(&app, file(&[one.clone(), two.clone()]), ShopImport::default()).await;
    assert_eq!(first.changes, ShopChanges { added: 2, ..ShopChanges::default() });
    let second =
        import(&app, file(&[row("s2", "二号", "shanghai"), one, row("s3", "三", "shanghai")]), ShopImport::default());
    let expected = ShopChanges { added: 1, changed: 1, unchanged: 1, ..ShopChanges::default() };
    assert_eq!(second.await.changes, expected);
    assert_eq!(shop(&app, "s2").await.name, "二号");
    assert_eq!(ids(&app).await, ["s1", "s2", "s3"]);
    // A changed shop is found at its new place and by its new name.
    let moved = "s2,新店,tea,shanghai,121.50,31.30,gcj02".to_owned();
    import(&app, file(&[moved]), ShopImport::default()).await;
    let rows = app.rows();
    let sql = "SELECT ABS(p.min_lat - s.wgs84_lat) + ABS(p.max_lng - s.wgs84_lng), s.search
               FROM shops s JOIN shop_places p ON p.seq = s.seq WHERE s.id = 's2'";
    let (distance, search): (f64, String) = rows.one(sql, cells![]);
    assert!(distance < 1e-4 && search.contains("新店") && search.contains("xin dian"), "{distance} {search}");
    let places: i64 = rows.one("SELECT COUNT(*) FROM shop_places", cells![]);
    assert_eq!(places, 3);
}

#[tokio::test]
async fn a_complete_file_closes_what_it_does_not_name_in_its_cities() {
    let app = TestApp::empty().await;
    let all = [
        row("s1", "一", "shanghai"),
        row("s2", "二", "shanghai"),
        row("s3", "三", "shanghai"),
        row("g1", "四", "guangzhou"),
    ];
    import(&app, file(&all), ShopImport::default()).await;
    // One shop has left already, another has announced that it will.
    app.operator(&["shops", "leave", "s3", "--on", "2020-01-01"]);
    app.operator(&["shops", "leave", "s1", "--on", "2100-01-01"]);
    // Without the flag no shop leaves, and shops that have left stay away.
    let some = import(&app, file(&[all[0].clone(), all[2].clone()]), ShopImport::default()).await;
    assert_eq!(some.changes, ShopChanges { unchanged: 2, ..ShopChanges::default() });
    assert_eq!(ids(&app).await, ["g1", "s1", "s2"]);

    let complete = import(&app, file(&[all[0].clone(), all[2].clone()]), complete_on(today())).await;
    assert_eq!(complete.changes, ShopChanges { unchanged: 2, left: 1, came_back: 1, ..ShopChanges::default() });
    assert_eq!(ids(&app).await, ["g1", "s1", "s3"], "another city's shops are not the file's concern");
    assert_eq!(shop(&app, "s2").await.left_on, Some(today()), "closed, not deleted");
    assert_eq!(shop(&app, "s1").await.left_on.unwrap().to_string(), "2100-01-01", "its own last day stays");
    // A day later the same file changes nothing.
    let again = import(&app, file(&[all[0].clone(), all[2].clone()]), complete_on(today().plus_days(1))).await;
    assert_eq!(again.changes, ShopChanges { unchanged: 2, ..ShopChanges::default() });
    assert_eq!(shop(&app, "s2").await.left_on, Some(today()));
}

#[tokio::test]
async fn a_dry_run_counts_and_writes_nothing() {
    let app = TestApp::empty().await;
    import(&app, file(&[row("s1", "一", "shanghai"), row("s2", "二", "shanghai")]), ShopImport::default()).await;
    let rows = [row("s1", "一号", "shanghai"), row("s3", "三", "shanghai")];
    let dry = import(&app, file(&rows), ShopImport { complete_on: Some(today()), dry_run: true }).await;
    assert_eq!(dry.changes, ShopChanges { added: 1, changed: 1, left: 1, ..ShopChanges::default() });
    assert_eq!((ids(&app).await, shop(&app, "s1").await.name), (vec!["s1".into(), "s2".into()], "一".into()));
    let wet = import(&app, file(&rows), complete_on(today())).await;
    assert_eq!(wet.changes, dry.changes, "the real run does what was said");
}

#[tokio::test]
async fn hours_that_cannot_be_read_are_a_note_and_shown_as_written() {
    let app = TestApp::empty().await;
    let csv = format!(
        "{HEADER},opening_hours\n{},11:00-19:00（周一闭馆）\n{},看心情开门\n{},18:00+\n{},10:00-20:00; SH off\n",
        row("s1", "一", "shanghai"),
        row("s2", "二", "shanghai"),
        row("s3", "三", "shanghai"),
        row("s4", "四", "shanghai")
    );
    let imported = import(&app, csv, ShopImport::default()).await;
    assert_eq!(imported.unread_hours.first, [(3, "看心情开门".to_owned()), (5, "10:00-20:00; SH off".to_owned())]);
    assert_eq!(imported.partly_read_hours.first, [(4, "18:00+".to_owned())]);
    let said = imported.to_string();
    assert!(
        said.ends_with(
            "opening hours that are unknown at times and are then shown as written: 1\n  line 4: 18:00+\n\
             opening hours that cannot be read and are shown as written: 2\n  line 3: 看心情开门\n  \
             line 5: 10:00-20:00; SH off"
        ),
        "{said}"
    );
    assert_ne!(shop(&app, "s1").await.open, OpenState::Unknown);
    let unread = shop(&app, "s2").await;
    assert_eq!((unread.opening_hours.as_deref(), unread.open), (Some("看心情开门"), OpenState::Unknown));
}

#[tokio::test]
async fn a_shop_far_from_its_city_is_a_fault() {
    let app = TestApp::empty().await;
    let csv = format!("{HEADER}\ns1,名,tea,shanghai,113.26,23.13,wgs84\ns2,名,tea,hangzhou,120.1,30.2,wgs84\n");
    let found = faults(&app, csv).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("line 2, column city: the place is 12"), "{found:?}");
    assert!(found[0].ends_with("km from the middle of shanghai: is the city or the place wrong?"), "{found:?}");
}

#[tokio::test]
async fn each_kind_of_bad_place_is_named() {
    let app = TestApp::empty().await;
    for (lng, lat, expected) in [
        ("31.21", "121.44", "line 2, column lng: lng and lat look swapped"),
        ("121.44", "91", "line 2, column lat: the place is outside China"),
        ("-0.12", "51.5", "line 2, column lat: the place is outside China"),
        ("", "31.21", "line 2, column lng: must not be empty"),
        ("121.44", "", "line 2, column lat: must not be empty"),
    ] {
        assert_eq!(faults(&app, format!("{HEADER}\ns1,名,tea,shanghai,{lng},{lat},wgs84\n")).await, [expected]);
    }
}

#[tokio::test]
async fn long_lines_are_reported_like_others() {
    let app = TestApp::empty().await;
    let good = row("s2", "好", "shanghai");
    let five_megabytes = "长".repeat(5 * 1024 * 1024 / 3);
    let found =
        faults(&app, file(&[row("s1", &five_megabytes, "shanghai"), good.clone(), row("s3", "", "shanghai")])).await;
    assert_eq!(found, ["line 2, column name: longer than 500 characters", "line 4, column name: must not be empty"]);
    // A line longer than the importer keeps. The rest of the file is still checked.
    let too_long = "x".repeat(20 * 1024 * 1024);
    let found = faults(&app, file(&[row("s1", &too_long, "shanghai"), good, row("s3", "", "shanghai")])).await;
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("line 2, column name: the row is too long"), "{found:?}");
    assert_eq!(found[1], "line 4, column name: must not be empty");
    // Messages about faults do not repeat megabytes.
    let category = format!("{HEADER},redeem_methods\n{},{five_megabytes}\n", row("s1", "名", "shanghai"));
    assert!(faults(&app, category).await[0].len() < 1_000);
}

#[tokio::test]
async fn of_very_many_faults_the_first_are_shown_and_all_are_counted() {
    let app = TestApp::empty().await;
    let rows: Vec<String> = (0..1_000).map(|number| row(&format!("s{number}"), "", "shanghai")).collect();
    let error = import_shops(&app.database, file(&rows).as_bytes()).await.unwrap_err().to_string();
    assert!(error.starts_with("1000 faults found\n  line 2, column name"), "{error}");
    assert!(error.ends_with("\n  line 201, column name: must not be empty\n  and 800 more"), "{error}");
}

/// Two rows far from each other: ids are not kept in memory, but still compared.
#[tokio::test]
async fn an_id_that_is_there_twice_is_found_however_far_apart() {
    let app = TestApp::empty().await;
    let mut rows: Vec<String> = (0..2_000).map(|number| row(&format!("s{number}"), "名", "shanghai")).collect();
    rows.push(row("s7", "另一家", "shanghai"));
    assert_eq!(faults(&app, file(&rows)).await, ["line 2002, column id: the same id is on line 9"]);
}

#[tokio::test]
async fn a_file_that_fails_while_it_is_read_imports_nothing() {
    struct Failing(Cursor<Vec<u8>>, u64);
    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            if self.1 > 0 && self.0.position() >= self.1 {
                return Err(std::io::Error::other("the disk is gone"));
            }
            let length = buffer.len().min(64);
            self.0.read(&mut buffer[..length])
        }
    }
    impl Seek for Failing {
        fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
            // The first pass succeeds, the second does not.
            self.1 = 200;
            self.0.seek(to)
        }
    }
    let app = TestApp::empty().await;
    let rows: Vec<String> = (0..20).map(|number| row(&format!("s{number}"), "名", "shanghai")).collect();
    let source = Failing(Cursor::new(file(&rows).into_bytes()), 0);
    let error = import_shops_from(&app.database, source, ShopImport::default()).await.unwrap_err();
    assert!(matches!(error, ImportError::File(_)), "{error}");
    assert_eq!(app.shops("").await.total, 0);
}

#[tokio::test]
async fn the_command_says_what_it_did_and_a_dry_run_says_so() {
    let app = TestApp::empty().await;
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("shops.csv");
    fs::write(&path, encoding_rs::GB18030.encode(&file(&[row("s1", "小吃铺", "shanghai")])).0).unwrap();
    let said = |output: Output| String::from_utf8(output.stdout).unwrap();
    let dry = command(&app, &path, &["--complete", "--dry-run"]);
    assert!(dry.status.success() && dry.stderr.is_empty(), "no progress bar where nobody looks: {dry:?}");
    let dry = said(dry);
    assert!(dry.contains("shops.csv: read as GB18030: 1 shop\nadded 1,"), "{dry}");
    assert!(dry.ends_with("nothing was written: this was a dry run\n"), "{dry}");
    assert_eq!(app.shops("").await.total, 0);
    let wet = said(command(&app, &path, &["--complete"]));
    assert!(wet.ends_with("added 1, changed 0, unchanged 0, left 0, came back 0\n"), "{wet}");
    fs::write(&path, file(&[row("s2", "二", "shanghai")])).unwrap();
    let next = said(command(&app, &path, &["--complete"]));
    assert!(next.ends_with("added 1, changed 0, unchanged 0, left 1, came back 0\n"), "{next}");
    assert_eq!(shop(&app, "s1").await.left_on, Some(today()));
}

/// The file comes through a pipe, which cannot be read twice.
#[tokio::test]
async fn a_pipe_is_a_file_too() {
    let app = TestApp::empty().await;
    let url = format!("sqlite://{}", app.database_file().display());
    let mut process = member_server_command(app.now())
        .args(["import", "shops", "/dev/stdin", "--database", &url])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut process.stdin.take().unwrap(), file(&[row("s1", "一", "shanghai")]).as_bytes())
        .unwrap();
    assert!(process.wait_with_output().unwrap().status.success());
    assert_eq!(ids(&app).await, ["s1"]);
}

/// The import is killed when the write-ahead log shows that rows are being written. Then all rows are in, or
/// none.
#[tokio::test]
async fn killed_in_the_middle_nothing_is_half_imported() {
    const ROWS: i64 = 8_000;
    const PATIENCE: Duration = Duration::from_mins(2);
    let directory = TempDir::new().unwrap();
    let database = directory.path().join("card.sqlite");
    drop(open_database(&database).unwrap());
    let mut csv = format!("{HEADER},address\n");
    for number in 0..ROWS {
        writeln!(csv, "{},{}", row(&format!("s{number}"), "名", "shanghai"), "街".repeat(200)).unwrap();
    }
    let path = directory.path().join("shops.csv");
    fs::write(&path, csv).unwrap();
    let log = directory.path().join("card.sqlite-wal");
    let mut process = member_server_command(noon())
        .args(["import", "shops", path.to_str().unwrap(), "--database", &format!("sqlite://{}", database.display())])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while fs::metadata(&log).map_or(0, |log| log.len()) < 1024 * 1024 {
        assert_eq!(process.try_wait().unwrap(), None, "the import ended before it could be killed");
        assert!(started.elapsed() < PATIENCE, "the import writes nothing");
    }
    process.kill().unwrap();
    process.wait().unwrap();
    drop(open_database(&database).unwrap());
    let rows = Rows::open(&database);
    let count = |sql: &str| rows.one::<i64>(sql, cells![]);
    let shops = count("SELECT COUNT(*) FROM shops");
    assert!(shops == 0 || shops == ROWS, "{shops} of {ROWS} shops are in");
    assert_eq!(count("SELECT COUNT(*) FROM shop_places"), shops);
}

/// A file of prices must not delete evidence, and the search must still find what the file did not mention.
#[tokio::test]
async fn a_column_that_is_not_there_leaves_what_a_shop_has() {
    let full = "id,name,category,city,lng,lat,coord_system,district,address,discount_permille,phone,curated_reason,curated_on,\
                redeem_methods,code_form\n\
                s1,梧桐里,coffee,shanghai,121.44,31.21,gcj02,徐汇区,武康路 210 号,150,021-5550-0137,豆单更新快,2026-10-21,shop-pin,digits\n";
    let app = TestApp::with_shops(full).await;
    let prices = "id,name,category,city,lng,lat,coord_system,price_per_person_fen\n\
                  s1,梧桐里二店,coffee,shanghai,121.44,31.21,gcj02,4200\n\
                  s2,新店,tea,shanghai,121.44,31.21,gcj02,1000\n";
    import_shops(&app.database, prices.as_bytes()).await.unwrap();
    let shop: Shop = app.get("/v1/shops/s1").answer().await.expect(200).json();
    assert_eq!((shop.name.as_str(), shop.price_per_person_fen), ("梧桐里二店", Some(Fen(4_200))));
    assert_eq!(shop.discount_permille.permille(), 150);
    assert_eq!(shop.curation.map(|curation| curation.reason).as_deref(), Some("豆单更新快"));
    assert_eq!((shop.phone.as_deref(), shop.code_form), (Some("021-5550-0137"), CodeForm::Digits));
    for q in ["武康路", "wkl", "erdian", "二店"] {
        assert_eq!(app.shops(&format!("q={q}")).await.total, 1, "{q}");
    }
    assert_eq!(app.shops("q=xindian").await.total, 1, "a new shop has what is usual");
    let empty = "id,name,category,city,lng,lat,coord_system,phone\ns1,梧桐里,coffee,shanghai,121.44,31.21,gcj02,\n";
    import_shops(&app.database, empty.as_bytes()).await.unwrap();
    let shop: Shop = app.get("/v1/shops/s1").answer().await.expect(200).json();
    assert_eq!((shop.phone, shop.district.as_deref()), (None, Some("徐汇区")));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_imports_at_once_give_each_shop_a_search_key_of_its_own() {
    let app = TestApp::empty().await;
    let other = app.beside().await;
    let named = |letter: &str| {
        let rows = (0..500).map(|number| row(&format!("{letter}{number}"), "店", "shanghai"));
        file(&rows.collect::<Vec<_>>())
    };
    let imports = [(app.database.clone(), named("a")), (other.database.clone(), named("b"))]
        .map(|(database, csv)| tokio::spawn(async move { import_shops(&database, csv.as_bytes()).await.unwrap() }));
    for import in imports {
        assert_eq!(import.await.unwrap(), 500);
    }
    let found: i64 = app.rows().one("SELECT COUNT(*) FROM shop_places JOIN shops USING (seq)", cells![]);
    assert_eq!(found, 1_000);
    assert_eq!(app.all_shops("city=shanghai").await.len(), 1_000);
}
