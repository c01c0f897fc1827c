//! `docs/security.md`: each point of the standard that is marked as met names the tests that prove it. Those
//! tests exist.

use std::path::Path;

/// One point of the list.
struct Point {
    number: String,
    state: String,
    how: String,
    tests: Vec<String>,
}

fn points() -> Vec<Point> {
    let document = include_str!("../../../../docs/security.md");
    // An item is `- **NUMBER** STATE: REQUIREMENT. HOW.` and its tests: code spans `FILE: TEST`.
    let items = document.split("\n- **").skip(1);
    let points = items.filter_map(|item| {
        let item = item.split("\n\n").next()?.split_whitespace().collect::<Vec<_>>().join(" ");
        let (number, rest) = item.split_once("** ")?;
        let is_number = number.contains('.') && number.split('.').all(|part| part.parse::<u8>().is_ok());
        let (state, text) = rest.split_once(": ").filter(|_| is_number)?;
        let is_test = |span: &&str| span.contains(".rs: ") || span.contains(".ts: ");
        let tests = text.split('`').skip(1).step_by(2).filter(is_test).map(str::to_owned).collect();
        let how = text.split_once(". ").map_or("", |(_, how)| how);
        Some(Point { number: number.to_owned(), state: state.to_owned(), how: how.to_owned(), tests })
    });
    points.collect()
}

/// Whether the file has a test of this name that runs.
fn has_test(file: &str, name: &str) -> bool {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else { return false };
    if Path::new(file).extension().is_some_and(|extension| extension == "ts") {
        return [format!("test(\"{name}\""), format!("test(`{name}`")].iter().any(|test| text.contains(test));
    }
    // An attribute with `test` in it must come directly before the function.
    is_test_in(&text, name)
}

fn is_test_in(text: &str, name: &str) -> bool {
    let (mut after_attribute, mut is_ignored) = (false, false);
    text.lines().map(str::trim).any(|line| {
        let is_it = after_attribute && !is_ignored && line.contains(&format!("fn {name}("));
        let is_attribute = line.starts_with("#[");
        let is_test = line.contains("test]") || line.contains("test(");
        after_attribute = is_attribute && (is_test || after_attribute);
        is_ignored = is_attribute && (line.contains("ignore") || is_ignored);
        is_it
    })
}

#[test]
fn every_test_that_is_named_exists() {
    let mut named = 0;
    for Point { number, tests, .. } in points() {
        for test in tests {
            let (file, name) = test.split_once(": ").unwrap_or_else(|| panic!("{number}: '{test}' is no 'FILE: TEST'"));
            assert!(has_test(file, name), "{number}: there is no test '{name}' in {file}");
            named += 1;
        }
    }
    assert!(named > 60, "{named} tests are named");
}

#[test]
fn what_is_met_is_proved_and_what_is_not_says_why() {
    let points = points();
    assert!(points.len() > 60, "{} points", points.len());
    for Point { number, state, how, tests } in &points {
        assert!(how.len() > 10, "{number} says how, or why not");
        match state.as_str() {
            "met" | "partly" => assert!(!tests.is_empty(), "{number} is {state} and names no test"),
            "not met" | "operator" | "by design" => {}
            _ => panic!("{number}: '{state}' is no state"),
        }
    }
}

#[test]
fn points_stand_in_their_order_and_once() {
    let numbers: Vec<Vec<u8>> =
        points().iter().map(|point| point.number.split('.').map(|part| part.parse().unwrap()).collect()).collect();
    assert!(numbers.is_sorted_by(|before, after| before < after), "{numbers:?}");
}

#[test]
fn a_test_that_does_not_run_proves_nothing() {
    assert!(is_test_in("#[test]\n#[should_panic]\nfn one() {", "one"));
    assert!(!is_test_in("#[test]\n#[ignore]\nfn one() {", "one"));
    assert!(!is_test_in("#[ignore = \"slow\"]\n#[tokio::test]\nasync fn one() {", "one"));
    assert!(!is_test_in("#[cfg_attr(windows, ignore)]\n#[test]\nfn one() {", "one"));
    assert!(is_test_in("#[test]\n#[ignore]\nfn one() {}\n#[test]\nfn two() {", "two"));
}

#[test]
fn a_test_that_is_not_there_is_missed() {
    assert!(has_test("crates/server/tests/server/security_table.rs", "a_test_that_is_not_there_is_missed"));
    assert!(!has_test("crates/server/tests/server/security_table.rs", "has_test"), "a function, but no test");
    assert!(!has_test("crates/server/tests/server/security_table.rs", "a_test_that_is_not"));
    assert!(!has_test("crates/server/tests/server/no_such_file.rs", "a_test_that_is_not_there_is_missed"));
    let page = "tests/e2e/specs/site.spec.ts";
    assert!(has_test(page, "the page runs under a strict Content-Security-Policy"));
    assert!(!has_test(page, "the page runs"));
}
