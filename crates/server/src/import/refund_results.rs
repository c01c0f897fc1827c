//! Checks a CSV file of finance's refund results.

use std::io::{Read, Seek};

use member_domain::{Fen, RefundState, UnixMillis};
use member_storage::{CURRENCY, Database, RefundResult, ResultStaging, StorageError, Sum, Verdict, state_place};

use super::{
    calendar::instant,
    fault::{Faults, ImportError, quoted},
    field::{id, reference},
    note::Notes,
    number::{whole, with_advice},
    row::Row,
    table::Table,
};

const REQUIRED: [&str; 5] = ["refund_id", "state", "amount_fen", "currency", "occurred_at"];
/// The reference, and the other columns of the instruction file. The others are not read; finance may fill in
/// the instruction file and send it back.
const OPTIONAL: [&str; 7] =
    ["provider_reference", "card_number", "member_id", "channel", "payment_reference", "amount_yuan", "scheduled_for"];

/// The maximum number of rows without effect that are shown.
pub(crate) const SHOWN: usize = 100;

/// The `refund_id` of the last row.
const TOTAL: &str = "TOTAL";
/// The maximum refund: a million yuan, like the maximum payment for a card. More is a typing error.
const MOST_FEN: i64 = 100_000_000;

/// The results of a valid file. They are not reported yet.
pub(crate) struct CheckedResults {
    pub(crate) staging: ResultStaging,
    /// The sums of new results, in the order of [`RefundState::ALL`].
    pub(crate) new: [Sum; 5],
    /// The sum of results that were reported before.
    pub(crate) known: Sum,
    /// The number of results that were reported before without effect. `idle` has the line, the refund and
    /// the reason of the first ones.
    pub(crate) idle_count: u64,
    pub(crate) idle: Vec<(u64, String, String)>,
    /// Notes about what was read in another way than it was written.
    pub(crate) notes: Notes,
}

impl CheckedResults {
    /// Returns the number of rows, without the TOTAL row.
    pub(crate) fn rows(&self) -> u64 {
        self.known.count + self.idle_count + self.new.iter().map(|sum| sum.count).sum::<u64>()
    }
}

/// Checks a file of results, row by row, against the refunds, their reports and the file's own total.
pub(crate) async fn check_refund_results(
    database: &Database,
    source: impl Read + Seek + Send + 'static,
    now: UnixMillis,
) -> Result<CheckedResults, ImportError> {
    let database = database.clone();
    let task = tokio::task::spawn_blocking(move || check(&database, source, now));
    task.await.map_err(|_| StorageError::Cancelled)?
}

fn check(database: &Database, source: impl Read + Seek, now: UnixMillis) -> Result<CheckedResults, ImportError> {
    let mut faults = Faults::default();
    let Some(mut table) = Table::open(source, &REQUIRED, &OPTIONAL, &mut faults)? else {
        return Err(ImportError::Faults(faults));
    };
    let staging = database.stage_refund_results()?;
    let (new, known) = ([Sum::default(); 5], Sum::default());
    let checked = CheckedResults { staging, new, known, idle_count: 0, idle: Vec::new(), notes: Notes::default() };
    let mut reading = Reading { checked, now, total_on: None, rows: 0, fen: Some(0), last_line: 1 };
    while table.advance(&mut faults)? {
        reading.row(&table.row(), &mut faults)?;
    }
    if reading.total_on.is_none() {
        faults.add(reading.last_line, Some("refund_id"), "the last row must be TOTAL: is the file cut short?");
    }
    reading.checked.notes = table.into_notes_with_encoding();
    faults.or_else(reading.checked)
}

struct Reading {
    checked: CheckedResults,
    now: UnixMillis,
    /// The line of the TOTAL row, if it was read.
    total_on: Option<u64>,
    rows: u64,
    /// The sum so far; `None` after an amount that cannot be read.
    fen: Option<i128>,
    last_line: u64,
}

impl Reading {
    fn row<R: Read>(&mut self, row: &Row<'_, R>, faults: &mut Faults) -> Result<(), StorageError> {
        self.last_line = row.line;
        if let Some(line) = self.total_on {
            faults.add(row.line, Some("refund_id"), format!("comes after TOTAL, which is on line {line}"));
        } else if row.get("refund_id") == Some(TOTAL) {
            self.total_on = Some(row.line);
            self.total(row, faults);
        } else {
            self.result(row, faults)?;
        }
        Ok(())
    }

    fn total<R: Read>(&self, row: &Row<'_, R>, faults: &mut Faults) {
        let number = |field: &str| whole(field).ok_or_else(|| with_advice("TOTAL has a whole number here", field));
        let fen = row.required("amount_fen", faults, number);
        if let Some((told, found)) = fen.zip(self.fen).filter(|(told, found)| told != found) {
            faults.add(row.line, Some("amount_fen"), format!("TOTAL says {told} fen, the rows above have {found} fen"));
        }
        let count = row.required("state", faults, number);
        if let Some(told) = count.filter(|told| *told != i128::from(self.rows)) {
            faults.add(row.line, Some("state"), format!("TOTAL says {told} rows, above are {}", self.rows));
        }
    }

    fn result<R: Read>(&mut self, row: &Row<'_, R>, faults: &mut Faults) -> Result<(), StorageError> {
        self.rows += 1;
        let amount = row.required("amount_fen", faults, amount);
        let readable = row.get("amount_fen").and_then(whole).filter(|fen| i64::try_from(*fen).is_ok());
        self.fen = self.fen.zip(readable).and_then(|(sum, more)| sum.checked_add(more));
        let refund_id = row.required("refund_id", faults, id);
        let state = row.required("state", faults, state);
        row.required("currency", faults, currency);
        let now = self.now;
        let occurred_at = row.required("occurred_at", faults, |field| match instant(field)? {
            at if at > now => Err("lies in the future".to_owned()),
            at => Ok(at),
        });
        let provider_reference = row.optional("provider_reference", faults, reference);
        let Some(refund_id) = refund_id else { return Ok(()) };
        if let Some(first) = self.checked.staging.line_of(&refund_id)? {
            faults.add(row.line, Some("refund_id"), format!("the same refund is on line {first}"));
            return Ok(());
        }
        let result = match (state, amount, occurred_at) {
            (Some(state), Some(amount), Some(occurred_at)) => {
                Some(RefundResult { refund_id: refund_id.clone(), state, amount, occurred_at, provider_reference })
            }
            _ => None,
        };
        self.checked.staging.add(row.line, &refund_id, result.as_ref())?;
        let Some(result) = result else {
            // Reported too, so that all faults appear at once.
            if self.checked.staging.refund(&refund_id)?.is_none() {
                faults.add(row.line, Some("refund_id"), "there is no such refund");
            }
            return Ok(());
        };
        match self.checked.staging.judge(&result)? {
            Verdict::New => self.checked.new[state_place(result.state)].add(result.amount),
            Verdict::Known => self.checked.known.add(result.amount),
            Verdict::Idle(reason) => {
                self.checked.idle_count += 1;
                if self.checked.idle.len() < SHOWN {
                    self.checked.idle.push((row.line, refund_id, reason));
                }
            }
            Verdict::Wrong(column, reason) => faults.add(row.line, Some(column), reason),
        }
        Ok(())
    }
}

fn amount(field: &str) -> Result<Fen, String> {
    const FORM: &str = "an amount is a whole number of fen from 1 to 100000000 (16800 is 168 yuan)";
    let amount = whole(field).and_then(|amount| i64::try_from(amount).ok());
    amount.filter(|amount| (1..=MOST_FEN).contains(amount)).map(Fen).ok_or_else(|| with_advice(FORM, field))
}

fn currency(field: &str) -> Result<(), String> {
    if field == CURRENCY { Ok(()) } else { Err(format!("'{}' is not {CURRENCY}", quoted(field))) }
}

fn state(field: &str) -> Result<RefundState, String> {
    match RefundState::from_name(field) {
        Some(RefundState::Scheduled) => Err("scheduled is where a refund begins, and no result".to_owned()),
        Some(state) => Ok(state),
        None => Err(format!("'{}' is no state: a result is processing, succeeded, abnormal or closed", quoted(field))),
    }
}
