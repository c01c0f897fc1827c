//! Every CSV that leaves the program opens in a spreadsheet as UTF-8, and no field of it runs.

use crate::support::{
    TestApp,
    refunds::{Ending, TestCard},
    staff::Phone,
};

/// Texts that people give: what a spreadsheet would run.
const FORMULA: &str = "=HYPERLINK(\"https://evil.example\")";

/// Fails unless these bytes are a CSV as this program writes them, with `rows` rows at least; answers its fields.
#[track_caller]
fn checked(bytes: &[u8], what: &str, rows: usize) -> Vec<String> {
    let text = std::str::from_utf8(bytes).unwrap();
    let table = text.strip_prefix('\u{feff}').unwrap_or_else(|| panic!("{what} has no byte order mark: {text}"));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert!(records.len() > rows, "{what}: {text}");
    let fields: Vec<String> = records.iter().flatten().map(str::to_owned).collect();
    for field in &fields {
        let number = field.parse::<f64>().is_ok();
        assert!(number || !field.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{what}: {field:?}");
    }
    fields
}

#[tokio::test]
async fn of_a_programme_that_runs() {
    let app = TestApp::demo().await;
    let (member, till) = (app.sign_in("active").await, app.terminal("sh-wutongli-coffee").await);
    let device = app.enrol(&member).await;
    app.redeem_now(&till, "=key", &device, 4_200).await;
    app.rows().run_all(&format!(
        "UPDATE shops SET name = '{FORMULA}'; UPDATE members SET name = '{FORMULA}'; UPDATE member_events SET title = '{FORMULA}';
         INSERT INTO security_reports (day, directive, reports) VALUES ('2026-11-20', '{FORMULA}', 1);
         UPDATE attempts SET outcome = '{FORMULA}'"
    ));
    let event: String = app.rows().one("SELECT event_id FROM event_sign_ups LIMIT 1", &[]);
    let commands: [(&[&str], bool); 5] = [
        (&["attempts"], true),
        (&["security-reports"], true),
        (&["events", "list"], true),
        (&["events", "sign-ups", &event], true),
        (&["shops", "health", "--csv"], true),
    ];
    for (command, has_formula) in commands {
        let output = app.member_server(command);
        assert!(output.status.success(), "{command:?}");
        let fields = checked(&output.stdout, &command.join(" "), 1);
        assert_eq!(fields.contains(&format!("'{FORMULA}")), has_formula, "{command:?}: {fields:?}");
    }
    let ledger = app.get("/v1/redemptions.csv").by(&member).answer().await.expect(200).text();
    assert!(checked(ledger.as_bytes(), "ledger", 1).contains(&format!("'{FORMULA}")));
    let phone = Phone::demo(&app, "sh-wutongli-coffee").await;
    for by in ["day", "month"] {
        checked(phone.open(&format!("/R/report.csv?by={by}")).await.expect(200).text().as_bytes(), "report", 1);
    }
}

#[tokio::test]
async fn of_a_programme_that_has_ended() {
    let ending = Ending::started("full", &[TestCard::paid(16_800), TestCard::paid(9_900)]);
    ending.sql(&format!(
        "UPDATE cards SET payment_reference = '{FORMULA}'; UPDATE refunds SET payment_reference = '{FORMULA}'"
    ));
    for (command, name) in [
        (&["export", "--programme", "p", "--out"][..], "orders.csv"),
        (&["reconcile", "--programme", "p", "--csv"], "findings.csv"),
    ] {
        let path = ending.path(name);
        let arguments = [command, &[path.to_str().unwrap()]].concat();
        let output = ending.command(&arguments).output().unwrap();
        assert!(path.exists(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
        checked(&std::fs::read(path).unwrap(), name, 0);
    }
}

/// A command that prints CSV has `csv` in its help, and so is found here when it is new.
#[tokio::test]
async fn no_command_that_prints_csv_is_missing_above() {
    let here = include_str!("csv_files.rs");
    let app = TestApp::empty().await;
    let help = |arguments: &[&str]| {
        let output = app.member_server(&[arguments, &["--help"]].concat());
        String::from_utf8(output.stdout).unwrap()
    };
    let names = |text: &str| -> Vec<String> {
        let commands = text.split("Commands:").nth(1).unwrap_or_default().split("Options:").next().unwrap_or_default();
        let names =
            commands.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next().map(str::to_owned));
        names
            .filter(|name| name != "help" && name.chars().all(|sign| sign.is_ascii_lowercase() || sign == '-'))
            .collect()
    };
    let mut seen = 0;
    for command in names(&help(&[])) {
        let inner = names(&help(&[&command]));
        let paths = if inner.is_empty() {
            vec![vec![command.clone()]]
        } else {
            inner.into_iter().map(|name| vec![command.clone(), name]).collect()
        };
        for path in paths {
            let arguments: Vec<&str> = path.iter().map(String::as_str).collect();
            let text = help(&arguments);
            let prints = text.contains("CSV") && !arguments.contains(&"import");
            if prints {
                seen += 1;
                let last = format!("\"{}\"", arguments.last().unwrap());
                assert!(here.contains(&last), "{arguments:?} prints CSV and is not tested here");
            }
        }
    }
    assert!(seen >= 6, "{seen}");
}
