//! The instruction file for finance.

use std::{collections::HashSet, fs, os::unix::fs::PermissionsExt};

use crate::support::{
    HOUR,
    refunds::{Ending, Ran, TestCard, ago, results, without_mark},
};
use member_storage::cells;

const HEADER: &str =
    "refund_id,card_number,member_id,channel,payment_reference,amount_fen,amount_yuan,currency,state,scheduled_for";

fn export(ending: &Ending, more: &[&str]) -> Ran {
    let out = ending.path("orders.csv");
    ending.run(&[&["export", "--programme", "p", "--out", out.to_str().unwrap()], more].concat())
}

fn exported(ending: &Ending) -> String {
    without_mark(&fs::read_to_string(ending.path("orders.csv")).unwrap())
}

#[test]
fn the_file_has_every_scheduled_refund_and_their_sum() {
    let ending = Ending::of("full", &[TestCard::paid(16_800), TestCard::paid(5), TestCard::paid(0)]);
    let paid_by = |channel: &str, reference: &str| {
        ending.sql(&format!(
            "UPDATE cards SET paid_through = '{channel}', payment_reference = '{reference}' WHERE number = '000000000001'"
        ));
    };
    paid_by("alipay", "4200001");
    ending.start().well();
    // A refund keeps its channel and payment, even if the card changes later.
    paid_by("unionpay", "7700001");
    ending.sql("UPDATE refunds SET scheduled_for = '2026-12-01' WHERE card_number = '000000000001'");
    let ran = export(&ending, &[]).well();
    assert!(ran.out.contains("2 refunds, 16805 fen, 168.05 yuan"), "{ran:?}");
    let refunds = ending.refunds();
    let mut rows = [
        format!("{},000000000000,m0,wechat-pay,,16800,168.00,CNY,scheduled,", refunds[0].id),
        format!("{},000000000001,m1,alipay,4200001,5,0.05,CNY,scheduled,2026-12-01", refunds[1].id),
    ];
    rows.sort();
    let expected = format!("{HEADER}\n{}\nTOTAL,,,,,16805,168.05,CNY,2,\n", rows.join("\n"));
    assert_eq!(exported(&ending), expected);
}

#[test]
fn only_its_owner_reads_it_and_it_replaces_no_other_unasked() {
    let ending = Ending::started("full", &[TestCard::paid(16_800)]);
    export(&ending, &[]).well();
    let mode = fs::metadata(ending.path("orders.csv")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let first = exported(&ending);
    ending.sql("UPDATE refunds SET amount_fen = 1, exported_at = NULL");
    let ran = export(&ending, &[]).badly();
    assert!(ran.error.contains("exists") && ran.error.contains("--force"), "{ran:?}");
    assert_eq!(exported(&ending), first);
    export(&ending, &["--force"]).well();
    assert!(exported(&ending).contains("TOTAL,,,,,1,0.01,CNY,1,"));
    let left: Vec<_> = fs::read_dir(ending.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".tmp")), "{left:?}");
}

#[test]
fn a_state_is_chosen_and_must_be_one() {
    let ending = Ending::started("full", &[TestCard::paid(16_800), TestCard::paid(100)]);
    ending.sql("UPDATE refunds SET state = 'abnormal' WHERE amount_fen = 100");
    export(&ending, &["--state", "abnormal"]).well();
    assert!(exported(&ending).ends_with("TOTAL,,,,,100,1.00,CNY,1,\n"));
    export(&ending, &["--state", "closed", "--force"]).well();
    assert_eq!(exported(&ending), format!("{HEADER}\nTOTAL,,,,,0,0.00,CNY,0,\n"));
    let ran = export(&ending, &["--state", "paid", "--force"]).badly();
    assert!(ran.error.contains("a state is one of scheduled, processing, succeeded, abnormal, closed"), "{ran:?}");
    let missing = ending.run(&["export", "--programme", "q", "--out", ending.path("q.csv").to_str().unwrap()]).badly();
    assert!(missing.error.contains("there is no programme 'q'"));
    assert!(!ending.path("q.csv").exists());
}

/// Money that finance pays twice is lost.
#[test]
fn a_refund_is_exported_once_in_each_state_it_comes_to() {
    let ending = Ending::started("full", &[TestCard::paid(16_800), TestCard::paid(100)]);
    let again = |more: &[&str]| export(&ending, &[&["--force"], more].concat()).well();
    again(&[]);
    let ran = again(&[]);
    assert!(ran.out.contains("0 refunds, 0 fen"), "{ran:?}");
    assert!(ran.out.contains("left out, since exported before: 2 refunds, 16900 fen, 169.00 yuan"), "{ran:?}");
    assert_eq!(exported(&ending), format!("{HEADER}\nTOTAL,,,,,0,0.00,CNY,0,\n"));
    assert!(again(&["--again"]).out.contains("2 refunds, 16900 fen"));

    let id = ending.refunds()[1].id.clone();
    for (state, millis) in [("abnormal", 5 * HOUR), ("processing", 4 * HOUR), ("abnormal", 3 * HOUR)] {
        let row = results(&[format!("{id},{state},100,CNY,{},", ago(millis))], 100);
        ending.run(&["import", &ending.file("results.csv", row)]).well();
        let is_new = again(&["--state", state]);
        assert!(is_new.out.contains("1 refund, 100 fen") && !is_new.out.contains("left out"), "{is_new:?}");
        let ran = again(&["--state", state]);
        assert!(ran.out.contains("left out, since exported before: 1 refund, 100 fen"), "{ran:?}");
    }
}

#[test]
fn two_exports_at_a_time_do_not_both_succeed_with_the_same_refund() {
    let ending = Ending::started("full", &(1..=4_000).map(TestCard::paid).collect::<Vec<_>>());
    let both = ["a.csv", "b.csv"].map(|name| {
        let out = ending.path(name);
        (name, ending.spawn(&["export", "--programme", "p", "--out", out.to_str().unwrap()]))
    });
    let mut sure = HashSet::new();
    for (name, process) in both {
        let ran = Ran::from(process.wait_with_output().unwrap());
        assert!(ran.ok || ran.error.contains("compare it with the other file before it is paid"), "{ran:?}");
        let csv = without_mark(&fs::read_to_string(ending.path(name)).unwrap());
        for row in csv.lines().skip(1).filter(|row| ran.ok && !row.starts_with("TOTAL")) {
            assert!(sure.insert(row.to_owned()), "{row} is in both files");
        }
    }
    assert_eq!(ending.number("SELECT COUNT(*) FROM refunds WHERE exported_at IS NULL"), 0);
}

#[test]
fn no_field_is_a_formula() {
    let ending = Ending::started("full", &[TestCard::paid(16_800)]);
    ending.sql("UPDATE refunds SET payment_reference = '=HYPERLINK(\"https://x.example\",\"a\")'");
    export(&ending, &[]).well();
    let csv = exported(&ending);
    let row = csv::Reader::from_reader(csv.as_bytes()).records().next().unwrap().unwrap();
    assert_eq!(&row[4], "'=HYPERLINK(\"https://x.example\",\"a\")");
}

#[test]
fn a_card_remembers_how_it_was_paid_until_a_file_says_otherwise() {
    let ending = Ending::running(&[]);
    let import = |csv: &str| {
        let file = ending.file("members.csv", csv);
        let url = format!("sqlite://{}", ending.database().display());
        crate::support::member_server(crate::support::noon(), &["import", "members", &file, "--database", &url])
    };
    let payments = || -> Vec<(String, Option<String>)> {
        ending.rows().all("SELECT paid_through, payment_reference FROM cards ORDER BY number", cells![])
    };
    let row = |index: u8, more: &str| format!("m{index},会员,{index:012},p{more}\n");
    let plain = format!("id,name,card_number,programme\n{}{}", row(0, ""), row(1, ""));
    assert!(import(&plain).status.success());
    assert_eq!(payments(), [("wechat-pay".to_owned(), None), ("wechat-pay".to_owned(), None)]);

    let header = "id,name,card_number,programme,paid_through,payment_reference\n";
    assert!(import(&format!("{header}{}{}", row(0, ",alipay,2026001"), row(1, ",,"))).status.success());
    assert_eq!(payments(), [("alipay".to_owned(), Some("2026001".to_owned())), ("wechat-pay".to_owned(), None)]);
    assert!(import(&plain).status.success());
    assert_eq!(payments()[0], ("alipay".to_owned(), Some("2026001".to_owned())), "the file did not speak of it");
    assert!(import(&format!("{header}{}", row(0, ",,"))).status.success());
    assert_eq!(payments()[0], ("wechat-pay".to_owned(), None), "empty fields take it away");

    for (fields, reason) in [
        (",Wechat Pay,", "line 2, column paid_through: a channel has"),
        (",,4.2E+27", "line 2, column payment_reference: a spreadsheet has shortened this number"),
        (",,一二三", "line 2, column payment_reference: a reference has"),
    ] {
        let output = import(&format!("{header}{}", row(0, fields)));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && error.contains(reason), "{error}");
    }
}
