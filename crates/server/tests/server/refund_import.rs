//! Finance's results: all rows of a file are imported, or none.

use std::{
    process::Child,
    time::{Duration, Instant},
};

use crate::support::{
    DAY, HOUR, SECOND,
    refunds::{Ending, Ran, TestCard, ago, peak_memory, results},
};
use member_storage::cells;

/// A command that runs this long hangs, however slow the machine is.
const PATIENCE: Duration = Duration::from_mins(2);

fn started(count: i64) -> Ending {
    Ending::started("full", &(0..count).map(|index| TestCard::paid(16_800 + index)).collect::<Vec<_>>())
}

fn import(ending: &Ending, csv: impl AsRef<[u8]>) -> Ran {
    ending.run(&["import", &ending.file("results.csv", csv)])
}

/// The states of all refunds, in the order of the cards.
fn states(ending: &Ending) -> Vec<String> {
    ending.refunds().into_iter().map(|refund| refund.state).collect()
}

/// Everything that an import may change.
fn written(ending: &Ending) -> (Vec<crate::support::refunds::HeldRefund>, i64, i64) {
    let count = |table| ending.number(&format!("SELECT COUNT(*) FROM {table}"));
    (ending.refunds(), count("refund_reports"), count("changes"))
}

/// One row for every refund.
fn rows(ending: &Ending, state: &str, at: &str) -> (Vec<String>, i128) {
    let refunds = ending.refunds();
    let sum = refunds.iter().map(|refund| i128::from(refund.amount)).sum();
    (refunds.iter().map(|refund| format!("{},{state},{},CNY,{at},", refund.id, refund.amount)).collect(), sum)
}

/// The file is refused with exactly these faults, and nothing is written.
#[track_caller]
fn assert_refused(ending: &Ending, csv: impl AsRef<[u8]>, faults: &[&str]) {
    let before = written(ending);
    let ran = import(ending, csv).badly();
    assert!(ran.error.contains("nothing was imported"), "{ran:?}");
    let found = ran.faults();
    assert_eq!(found.len(), faults.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(faults) {
        assert!(found.starts_with(expected), "'{found}' is not '{expected}'");
    }
    assert_eq!(written(ending), before);
}

#[test]
fn what_finance_reports_is_where_the_refunds_stand() {
    let ending = started(4);
    let refunds = ending.refunds();
    let at = "2026-11-20 09:30";
    let scheduled = "UPDATE refunds SET scheduled_at = 1700000000000";
    ending.sql(scheduled);
    let lines: Vec<String> = refunds
        .iter()
        .zip(["processing", "succeeded", "abnormal", "closed"])
        .map(|(refund, state)| format!("{},{state},{},CNY,{at},5030{}", refund.id, refund.amount, refund.card))
        .collect();
    let csv = results(&lines, 67_206);
    let dry = ending.run(&["import", &ending.file("results.csv", &csv), "--dry-run"]).well();
    assert_eq!(dry.sum("results"), (4, 67_206));
    assert!(dry.out.contains("nothing was written"));
    assert_eq!(states(&ending), ["scheduled"; 4]);

    let ran = import(&ending, &csv).well();
    assert_eq!(ran.sum("results"), (4, 67_206));
    assert_eq!(ran.sum("succeeded"), (1, 16_801));
    assert_eq!(ran.sum("known already"), (0, 0));
    assert_eq!(states(&ending), ["processing", "succeeded", "abnormal", "closed"]);
    let sql = "SELECT COUNT(*) FROM refund_reports WHERE source = 'results' AND occurred_at = 1795138200000
               AND fate = 'step' AND provider_reference GLOB '5030*'";
    assert_eq!(ending.number(sql), 4, "09:30 is a time in Shanghai");

    let again = import(&ending, &csv).well();
    assert_eq!(again.sum("known already"), (4, 67_206));
    assert!(again.out.contains("all of this was imported before"), "{again:?}");
    assert_eq!(ending.number("SELECT COUNT(*) FROM refund_reports"), 4);
    assert_eq!(ending.number("SELECT COUNT(*) FROM changes WHERE kind = 'refund'"), 8, "pages are told once a step");
}

#[test]
fn the_instruction_file_comes_back_filled_in_and_in_another_encoding() {
    let ending = started(2);
    let out = ending.path("orders.csv");
    ending.run(&["export", "--programme", "p", "--out", out.to_str().unwrap()]).well();
    let orders = crate::support::refunds::without_mark(&std::fs::read_to_string(out).unwrap());
    let at = ago(HOUR);
    let filled: String = orders
        .lines()
        .map(|line| match line {
            line if line.starts_with("refund_id") => format!("{line},occurred_at\n"),
            line if line.starts_with("TOTAL") => format!("{line},\n"),
            line => format!("{},{at}\n", line.replace("scheduled", "succeeded").replace("m0", "会员")),
        })
        .collect();
    let (encoded, _, lossy) = encoding_rs::GB18030.encode(&filled);
    assert!(!lossy);
    import(&ending, encoded).well();
    assert_eq!(states(&ending), ["succeeded", "succeeded"]);
}

#[test]
fn a_file_without_its_columns_or_of_another_kind_is_refused() {
    let ending = started(1);
    let (_, sum) = rows(&ending, "succeeded", "");
    assert_refused(
        &ending,
        "refund_id,state,currency,paid\n",
        &[
            "line 1, column paid: unknown column",
            "line 1, column amount_fen: the required column is missing",
            "line 1, column occurred_at: the required column is missing",
        ],
    );
    assert_refused(
        &ending,
        "",
        &[
            "line 1, column refund_id",
            "line 1, column state",
            "line 1, column amount_fen",
            "line 1, column currency",
            "line 1, column occurred_at",
        ],
    );
    assert_refused(&ending, b"\xff\xfer\0e\0f\0", &["line 1: the text is UTF-16"]);
    let id = &ending.refunds()[0].id;
    let mut broken = format!(
        "refund_id,state,amount_fen,currency,occurred_at,provider_reference\n{id},succeeded,16800,CNY,{},",
        ago(HOUR)
    )
    .into_bytes();
    broken.extend(b"\xe5\xbc\xff\xff\n");
    broken.extend(format!("TOTAL,1,{sum},CNY,,\n").bytes());
    assert_refused(
        &ending,
        broken,
        &[
            "line 2, column provider_reference: the text is damaged",
            "line 2, column provider_reference: a reference has",
        ],
    );
}

#[test]
fn a_total_that_is_missing_wrong_or_not_last_is_refused() {
    let ending = started(3);
    let (rows, sum) = rows(&ending, "succeeded", &ago(HOUR));
    let good = results(&rows, sum);
    let without: String = good.lines().take(4).map(|line| format!("{line}\n")).collect();
    assert_refused(&ending, &without, &["line 4, column refund_id: the last row must be TOTAL"]);
    assert_refused(
        &ending,
        results(&rows, sum + 1),
        &["line 5, column amount_fen: TOTAL says 50404 fen, the rows above have 50403 fen"],
    );
    assert_refused(
        &ending,
        results(&rows[..2], sum),
        &["line 4, column amount_fen: TOTAL says 50403 fen, the rows above have 33601 fen"],
    );
    assert_refused(
        &ending,
        good.replace("TOTAL,3", "TOTAL,4"),
        &["line 5, column state: TOTAL says 4 rows, above are 3"],
    );
    assert_refused(
        &ending,
        good.replace("TOTAL,3,50403", "TOTAL,three,"),
        &["line 5, column amount_fen: must not be empty", "line 5, column state: TOTAL has a whole number here"],
    );
    let moved = results(&rows[..2], 33_601) + &format!("{}\n", rows[2]);
    assert_refused(&ending, &moved, &["line 5, column refund_id: comes after TOTAL, which is on line 4"]);
    import(&ending, &good).well();
}

#[test]
fn every_wrong_row_is_named_with_its_reason() {
    let ending = started(3);
    let refunds = ending.refunds();
    let (id, at) = (&refunds[0].id, ago(HOUR));
    let other = &refunds[1].id;
    for (row, sum, reason) in [
        (format!("{id},succeeded,-16800,CNY,{at},"), -16_800, "amount_fen: an amount is a whole number of fen from 1"),
        (format!("{id},succeeded,0,CNY,{at},"), 0, "amount_fen: an amount is a whole number of fen from 1"),
        (format!("{id},succeeded,100000001,CNY,{at},"), 100_000_001, "amount_fen: an amount is a whole number of fen"),
        (
            format!("{id},succeeded,9999999999999999999999,CNY,{at},"),
            7,
            "amount_fen: an amount is a whole number of fen",
        ),
        (format!("{id},succeeded,168.00,CNY,{at},"), 7, "amount_fen: an amount is a whole number of fen"),
        (format!("{id},succeeded,,CNY,{at},"), 7, "amount_fen: must not be empty"),
        (format!("{id},succeeded,16801,CNY,{at},"), 16_801, "amount_fen: the refund is of 16800 fen"),
        (format!("{id},succeeded,16800,USD,{at},"), 16_800, "currency: 'USD' is not CNY"),
        (format!("{id},succeeded,16800,,{at},"), 16_800, "currency: must not be empty"),
        (format!("{id},scheduled,16800,CNY,{at},"), 16_800, "state: scheduled is where a refund begins"),
        (format!("{id},SUCCESS,16800,CNY,{at},"), 16_800, "state: 'SUCCESS' is no state"),
        (format!("{id},succeeded,16800,CNY,{},", ago(-HOUR)), 16_800, "occurred_at: lies in the future"),
        (format!("{id},succeeded,16800,CNY,{},", ago(11 * DAY)), 16_800, "occurred_at: comes before the refund was"),
        (format!("{id},succeeded,16800,CNY,2026-11-31 10:00,"), 16_800, "occurred_at: a time is written"),
        (format!("{id},succeeded,16800,CNY,2026-11-24T10:00:00,"), 16_800, "occurred_at: a time is written"),
        (format!("{id},succeeded,16800,CNY,{at},5.03E+27"), 16_800, "provider_reference: a spreadsheet has shortened"),
        (format!("RFNONE,succeeded,16800,CNY,{at},"), 16_800, "refund_id: there is no such refund"),
        (format!("RFNONE,succeeded,16800,CNY,{at},"), 16_800, "refund_id: there is no such refund"),
        (format!(",succeeded,16800,CNY,{at},"), 16_800, "refund_id: must not be empty"),
    ] {
        // A good row beside the bad one is not written either.
        let good = format!("{other},succeeded,16801,CNY,{at},");
        assert_refused(&ending, results(&[good, row], sum + 16_801), &[&format!("line 3, column {reason}")]);
    }
    let twice = [format!("{id},processing,16800,CNY,{at},"), format!("{id},succeeded,16800,CNY,{at},")];
    assert_refused(&ending, results(&twice, 33_600), &["line 3, column refund_id: the same refund is on line 2"]);
    let short = format!("refund_id,state,amount_fen,currency,occurred_at\n{id},succeeded\nTOTAL,0,0,CNY,\n");
    assert_refused(&ending, short, &["line 2: the row has 2 fields, the header 5"]);
}

#[test]
fn five_minutes_before_it_was_scheduled_are_clocks_that_differ() {
    let ending = started(1);
    let id = &ending.refunds()[0].id;
    let row = |millis| results(&[format!("{id},processing,16800,CNY,{},", ago(millis))], 16_800);
    assert_refused(&ending, row(10 * DAY + 6 * 60 * SECOND), &["line 2, column occurred_at: comes before"]);
    import(&ending, row(10 * DAY + 3 * 60 * SECOND)).well();
}

#[test]
fn what_the_state_machine_does_not_know_is_refused() {
    let ending = started(2);
    let id = ending.refunds()[0].id.clone();
    let row = |state: &str, millis| results(&[format!("{id},{state},16800,CNY,{},", ago(millis))], 16_800);
    import(&ending, row("processing", 9 * DAY)).well();
    import(&ending, row("succeeded", 5 * DAY)).well();
    let refused = "line 2, column state: a refund that is succeeded cannot become abnormal";
    assert_refused(&ending, row("abnormal", 2 * DAY), &[refused]);
    let stuck = ending.refunds()[1].id.clone();
    let other = |state: &str, millis| results(&[format!("{stuck},{state},16801,CNY,{},", ago(millis))], 16_801);
    import(&ending, other("abnormal", 5 * DAY)).well();
    let upsets = "line 2, column state: contradicts a report that is there: by those the refund is abnormal, with this \
                  one it would be closed";
    assert_refused(&ending, other("closed", 6 * DAY), &[upsets]);
    // Results that repeat the known state, or are older, do no harm.
    import(&ending, row("succeeded", 3 * DAY)).well();
    import(&ending, row("abnormal", 7 * DAY)).well();
    assert_eq!(states(&ending), ["succeeded", "abnormal"]);
    // The channel closed this refund; it was then paid by hand.
    import(&ending, other("closed", 4 * DAY)).well();
    import(&ending, other("succeeded", 3 * DAY)).well();
    assert_eq!(states(&ending), ["succeeded", "succeeded"]);
}

#[test]
fn the_same_result_with_another_reference_is_a_contradiction() {
    let ending = started(1);
    let (id, at) = (&ending.refunds()[0].id, ago(HOUR));
    let row = |reference| results(&[format!("{id},succeeded,16800,CNY,{at},{reference}")], 16_800);
    import(&ending, row("50301")).well();
    import(&ending, row("50301")).well();
    let fault = "line 2, column provider_reference: the same state at the same time was imported before";
    assert_refused(&ending, row("50302"), &[fault]);
}

#[test]
fn a_reference_that_finance_learns_later_is_taken() {
    let ending = started(1);
    let (id, at) = (&ending.refunds()[0].id, ago(HOUR));
    let row = |reference| results(&[format!("{id},succeeded,16800,CNY,{at},{reference}")], 16_800);
    import(&ending, row("")).well();
    import(&ending, row("50301")).well();
    assert_eq!(states(&ending), ["succeeded"]);
    assert_eq!(ending.number("SELECT COUNT(*) FROM refunds WHERE provider_reference = '50301'"), 1);
    for known in ["", "50301"] {
        assert_eq!(import(&ending, row(known)).well().sum("known already"), (1, 16_800));
    }
    assert_eq!(ending.number("SELECT COUNT(*) FROM refund_reports WHERE fate IN ('step', 'confirms')"), 2);
    ending.reconcile().well();
}

/// An operator imports a file again to see whether all is well.
#[test]
fn a_result_that_is_kept_without_effect_is_not_known_but_named_again() {
    let ending = started(2);
    let (rows, sum) = rows(&ending, "succeeded", &ago(HOUR));
    let csv = results(&rows, sum);
    import(&ending, &csv).well();
    let id = ending.refunds()[1].id.clone();
    ending.sql(&format!(
        "INSERT INTO refund_reports (id, content_hash, refund_id, source, state, amount_fen, currency, occurred_at,
                                     received_at, fate)
         SELECT 'event', x'00', id, 'provider', 'closed', amount_fen, 'CNY', scheduled_at + 1000, scheduled_at, 'step'
         FROM refunds WHERE id = '{id}';
         UPDATE refund_reports SET fate = 'refused', reason = 'it was closed' WHERE refund_id = '{id}' AND id <> 'event';
         UPDATE refunds SET state = 'closed' WHERE id = '{id}'"
    ));
    let file = ending.file("results.csv", &csv);
    for more in [&[][..], &["--dry-run"]] {
        let ran = ending.run(&[&["import", &file], more].concat()).badly();
        assert_eq!(ran.sum("known already"), (1, 16_800));
        let line = format!("line 3, {id}: it was closed");
        assert!(ran.out.contains("without effect") && ran.out.contains(&line), "{ran:?}");
        assert!(ran.error.contains("1 of the results had no effect"), "{ran:?}");
    }
    let report = format!("SELECT COUNT(*) FROM refund_reports WHERE refund_id = '{id}'");
    assert_eq!(ending.number(&report), 2, "nothing was added");
}

#[test]
fn a_provider_that_reports_meanwhile_is_not_overruled() {
    let ending = started(12_000);
    let (rows, sum) = rows(&ending, "closed", &ago(HOUR));
    let last = ending.refunds().pop().unwrap();
    let file = ending.file("results.csv", results(&rows, sum));
    let mut process = ending.spawn(&["import", &file]);
    wait_for_reports(&ending, &mut process, 1);
    ending.sql(&format!(
        "INSERT INTO refund_reports (id, content_hash, refund_id, source, state, amount_fen, currency, occurred_at,
                                     received_at, fate)
         SELECT 'event', x'00', id, 'provider', 'succeeded', amount_fen, 'CNY', scheduled_at + 1000, scheduled_at, 'step'
         FROM refunds WHERE id = '{0}';
         UPDATE refunds SET state = 'succeeded' WHERE id = '{0}'",
        last.id
    ));
    let ran = Ran::from(process.wait_with_output().unwrap()).badly();
    assert_eq!(ran.sum("closed").0, 11_999);
    let line = format!("line 12001, {}: a refund that is succeeded cannot become closed", last.id);
    assert!(ran.out.contains("without effect") && ran.out.contains(&line), "{ran:?}");
    assert_eq!(states(&ending).pop().unwrap(), "succeeded");
    let reconciled = ending.reconcile().badly();
    assert!(reconciled.out.contains("report-refused: 1"), "kept for review: {reconciled:?}");
}

#[track_caller]
fn wait_for_reports(ending: &Ending, process: &mut Child, count: i64) {
    let rows = ending.rows();
    let reports = || rows.one::<i64>("SELECT COUNT(*) FROM refund_reports", cells![]);
    let since = Instant::now();
    while reports() < count {
        assert_eq!(process.try_wait().unwrap(), None, "it ended before {count} reports");
        assert!(since.elapsed() < PATIENCE, "no progress before {count} reports");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn killed_again_and_again_the_same_file_completes_it() {
    const REFUNDS: i64 = 8_000;
    let ending = started(REFUNDS);
    let (rows, sum) = rows(&ending, "succeeded", &ago(HOUR));
    let file = ending.file("results.csv", results(&rows, sum));
    for kill in 1..=6 {
        let mut process = ending.spawn(&["import", &file]);
        wait_for_reports(&ending, &mut process, kill * REFUNDS / 8);
        if kill % 2 == 0 {
            std::thread::sleep(Duration::from_micros(u64::from(getrandom::u32().unwrap() % 40_000)));
        }
        process.kill().unwrap();
        process.wait().unwrap();
        let succeeded = ending.number("SELECT COUNT(*) FROM refunds WHERE state = 'succeeded'");
        assert_eq!(succeeded, ending.number("SELECT COUNT(*) FROM refund_reports"), "nothing is half written");
    }
    let ran = ending.run(&["import", &file]).well();
    let (known, new) = (ran.sum("known already").0, ran.sum("succeeded").0);
    assert!(known >= 6_000 && known + new == 8_000, "{known} and {new}");
    let reconciled = ending.reconcile().well();
    assert_eq!(reconciled.sum("succeeded"), (8_000, sum));
    assert_eq!(ending.number("SELECT COUNT(*) FROM refund_reports"), REFUNDS);
}

#[test]
fn ten_times_as_many_results_take_no_more_memory() {
    let peak = |count| {
        let ending = started(count);
        let (rows, sum) = rows(&ending, "succeeded", &ago(HOUR));
        let file = ending.file("results.csv", results(&rows, sum));
        peak_memory(ending.spawn(&["import", &file]))
    };
    let (few, many) = (peak(3_000), peak(30_000));
    assert!(few > 1_000 && many < few + 8_000, "{few} kB, then {many} kB");
}
