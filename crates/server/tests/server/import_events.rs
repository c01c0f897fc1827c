//! `member-server import events`.

use crate::support::{TestApp, noon};
use member_server::{ImportError, import_events};

const HEADER: &str = "id,title,about,city,venue,district,address,lng,lat,coord_system,shop,starts_at,ends_at,seats";
const GOOD: &str =
    "e1,茶会,带杯子,hangzhou,龙井村口,西湖区,龙井路,120.1,30.2,gcj02,,2026-12-05 19:30,2026-12-05 21:00,12";

async fn faults(app: &TestApp, rows: &[&str]) -> Vec<String> {
    let csv = format!("{HEADER}\n{}\n", rows.join("\n"));
    let error = import_events(&app.database, csv.as_bytes(), noon(), false).await.expect_err("it is refused");
    let ImportError::Faults(faults) = error else { panic!("{error}") };
    faults.to_string().lines().skip(1).map(|line| line.trim().to_owned()).collect()
}

fn listed(app: &TestApp) -> Vec<String> {
    app.operator(&["events", "list"]).lines().skip(1).map(str::to_owned).collect()
}

#[tokio::test]
async fn rows_are_added_and_updated_by_id() {
    let app = TestApp::empty().await;
    let file = app.database_file().with_file_name("events.csv");
    std::fs::write(&file, format!("\u{feff}{HEADER}\n{GOOD}\n")).unwrap();
    let file = file.to_str().unwrap();
    assert_eq!(
        app.operator(&["import", "events", file, "--dry-run"]),
        "1 events good\nnothing was written: this was a dry run"
    );
    assert!(listed(&app).is_empty());
    assert_eq!(app.operator(&["import", "events", file]), "1 events imported");
    assert_eq!(listed(&app), ["e1,茶会,hangzhou,2026-12-05 19:30,12,0,0"]);
    std::fs::write(file, "id,title,city,venue,starts_at,seats\ne1,茶会改期,hangzhou,村口,2026-12-06 10:00,20\n")
        .unwrap();
    app.operator(&["import", "events", file]);
    assert_eq!(listed(&app), ["e1,茶会改期,hangzhou,2026-12-06 10:00,20,0,0"]);
}

#[tokio::test]
async fn every_fault_is_told_by_line_and_column_and_nothing_is_imported() {
    let app = TestApp::empty().await;
    let found = faults(
        &app,
        &[
            GOOD,
            "e1,茶会,,hangzhou,村口,,,,,,,2026-12-05 19:30,,12",
            "e2,,,paris,,,,30.2,120.1,gcj02,no-shop,2026-12-05,2026-13-01 10:00,many",
            "e3,茶会,,hangzhou,村口,,,0.5,0.5,gcj02,,2026-12-05 19:30,2026-12-05 19:30,-1",
            "e4,茶会,,hangzhou,村口,,,120.1,,,,2026-12-05 19:30,2027-12-05 19:30,100001",
            "e 5,茶会,,hangzhou,村口,,,120.1,30.2,bd09,,2026-12-05 24:00,,1",
            "e6,茶会",
        ],
    )
    .await;
    let expected = [
        "line 3, column id: the same id is on line 2",
        "line 4, column title: must not be empty",
        "line 4, column city: unknown city",
        "line 4, column venue: must not be empty",
        "line 4, column lng: lng and lat look swapped",
        "line 4, column shop: there is no such shop",
        "line 4, column starts_at: a time is written",
        "line 4, column ends_at: a time is written",
        "line 4, column seats: a whole number",
        "line 5, column lat: the place is outside China",
        "line 5, column ends_at: does not come after starts_at",
        "line 5, column seats: a whole number",
        "line 6, column lat: must not be empty",
        "line 6, column coord_system: must not be empty",
        "line 6, column ends_at: more than a month",
        "line 6, column seats: a whole number",
        "line 7, column id: an id has",
        "line 7, column coord_system: the coordinate system",
        "line 7, column starts_at: a time is written",
        "line 8: the row has 2 fields",
    ];
    let matches = found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| a.starts_with(b));
    assert!(matches, "{found:#?}");
    assert!(listed(&app).is_empty());
}

#[tokio::test]
async fn an_unknown_event_has_no_list_for_the_door() {
    let app = TestApp::empty().await;
    let output = app.member_server(&["events", "sign-ups", "e9"]);
    assert!(!output.status.success() && output.stdout.is_empty());
    assert!(String::from_utf8(output.stderr).unwrap().contains("there is no event 'e9'"));
}
