//! Results from finance. They are staged in a temporary table, which SQLite stores in a separate file, until
//! the whole file is checked. Then they are reported in batches, each in one transaction.

use member_domain::{Fen, RefundHistory, RefundReport, RefundState, ReportEffect, UnixMillis};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};
use sha2::{Digest, Sha256};

use crate::{
    Database, StorageResult,
    engine::{Guard, write_on},
    refunds::{
        batch::Sum,
        names::state,
        reports::{CURRENCY, NewReport, Outcome, ReportSource, Reported, report},
    },
};

/// Finance's result for one refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundResult {
    /// The refund's number.
    pub refund_id: String,
    /// The state that the refund has reached.
    pub state: RefundState,
    /// The refunded amount, in fen.
    pub amount: Fen,
    /// When the refund reached the state.
    pub occurred_at: UnixMillis,
    /// The provider's own number for the refund; `None` if it is not known.
    pub provider_reference: Option<String>,
}

impl RefundResult {
    /// Returns the report of this result. The same state at the same time with the same reference always has
    /// the same id. A result with a new reference is a new report, which confirms the first.
    fn report(&self, received_at: UnixMillis) -> NewReport {
        let reference = self.provider_reference.as_deref().map(|reference| format!("-{reference}")).unwrap_or_default();
        let content =
            format!("{} {CURRENCY} {}", self.amount.0, self.provider_reference.as_deref().unwrap_or_default());
        NewReport {
            id: format!("results-{}-{}-{}{reference}", self.refund_id, self.state.as_str(), self.occurred_at.0),
            content_hash: Sha256::digest(content).to_vec(),
            refund_id: self.refund_id.clone(),
            source: ReportSource::Results,
            state: self.state,
            amount: self.amount,
            currency: CURRENCY.to_owned(),
            provider_reference: self.provider_reference.clone(),
            occurred_at: self.occurred_at,
            received_at,
        }
    }
}

/// The verdict on a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It can be reported.
    New,
    /// It was reported before.
    Known,
    /// It was reported before, and that report has no effect. Holds the reason.
    Idle(String),
    /// It cannot be right. Holds the column and the reason.
    Wrong(&'static str, String),
}

/// A batch of results that were reported.
#[derive(Debug, Default)]
pub struct AppliedResults {
    /// The number of rows in the batch; 0 if no rows are left.
    pub rows: u64,
    /// New results, in the order of [`RefundState::ALL`].
    pub applied: [Sum; 5],
    /// Results that were reported before.
    pub known: Sum,
    /// Results whose report has no effect: the line, the refund and the reason.
    pub without_effect: Vec<(u64, String, String)>,
}

/// Staged results. If they are dropped before [`Self::apply_next`], nothing is written.
pub struct ResultStaging {
    connection: Connection,
    applied_to: i64,
}

/// How much earlier than its refund was scheduled a result may be, in milliseconds: five minutes. Clocks
/// differ, and minutes are rounded down.
const EARLY_MILLIS: i64 = 5 * 60_000;

impl Database {
    /// Starts an import of results, on a separate connection.
    pub fn stage_refund_results(&self) -> StorageResult<ResultStaging> {
        let connection = self.connect()?;
        connection.pragma_update(None, "temp_store", "FILE")?;
        // One transaction, so that all rows are checked against one snapshot. It writes only to the temporary
        // table, so it blocks nobody.
        connection.execute_batch(
            "CREATE TEMP TABLE staged (
                 seq INTEGER PRIMARY KEY, line INTEGER NOT NULL, refund_id TEXT NOT NULL UNIQUE, state TEXT,
                 amount_fen INTEGER, occurred_at INTEGER, provider_reference TEXT
             );
             BEGIN",
        )?;
        Ok(ResultStaging { connection, applied_to: 0 })
    }
}

impl ResultStaging {
    /// The line of the row with this refund; `None` if there is none.
    pub fn line_of(&self, refund_id: &str) -> StorageResult<Option<u64>> {
        let mut statement = self.connection.prepare_cached("SELECT line FROM temp.staged WHERE refund_id = ?1")?;
        Ok(statement.query_row([refund_id], |row| row.get::<_, i64>(0)).optional()?.map(i64::cast_unsigned))
    }

    /// Adds a row. Without a result, stores only the refund and the line.
    pub fn add(&mut self, line: u64, refund_id: &str, result: Option<&RefundResult>) -> StorageResult<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO temp.staged (line, refund_id, state, amount_fen, occurred_at, provider_reference)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute((
                line.cast_signed(),
                refund_id,
                result.map(|result| result.state.as_str()),
                result.map(|result| result.amount.0),
                result.map(|result| result.occurred_at.0),
                result.and_then(|result| result.provider_reference.as_ref()),
            ))?;
        Ok(())
    }

    /// The amount of this refund, and when it was scheduled. `None` if there is no such refund.
    pub fn refund(&self, refund_id: &str) -> StorageResult<Option<(Fen, UnixMillis)>> {
        let sql = "SELECT amount_fen, scheduled_at FROM refunds WHERE id = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([refund_id], |row| Ok((Fen(row.get(0)?), UnixMillis(row.get(1)?)))).optional()?)
    }

    /// Judges a result against its refund and the reports about this refund.
    pub fn judge(&self, result: &RefundResult) -> StorageResult<Verdict> {
        let Some((amount, scheduled_at)) = self.refund(&result.refund_id)? else {
            return Ok(Verdict::Wrong("refund_id", "there is no such refund".to_owned()));
        };
        if result.amount != amount {
            return Ok(Verdict::Wrong("amount_fen", format!("the refund is of {} fen", amount.0)));
        }
        if result.occurred_at < scheduled_at.plus_millis(-EARLY_MILLIS) {
            return Ok(Verdict::Wrong("occurred_at", "comes before the refund was scheduled".to_owned()));
        }
        let report = result.report(UnixMillis(0));
        match earlier(&self.connection, &report.id)? {
            Earlier::None => {}
            Earlier::Settled => return Ok(Verdict::Known),
            Earlier::Idle(reason) => return Ok(Verdict::Idle(reason)),
        }
        if self.has_another_reference(result)? {
            let reason = "the same state at the same time was imported before with another reference";
            return Ok(Verdict::Wrong("provider_reference", reason.to_owned()));
        }
        self.judge_transition(result)
    }

    fn has_another_reference(&self, result: &RefundResult) -> StorageResult<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM refund_reports
                                  WHERE refund_id = ?1 AND occurred_at = ?2 AND state = ?3 AND source = 'results'
                                  AND provider_reference <> ?4)";
        let wanted = (&result.refund_id, result.occurred_at.0, result.state.as_str(), &result.provider_reference);
        Ok(self.connection.prepare_cached(sql)?.query_row(wanted, |row| row.get(0))?)
    }

    fn judge_transition(&self, result: &RefundResult) -> StorageResult<Verdict> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT state, occurred_at FROM refund_reports WHERE refund_id = ?1 AND fate <> 'held'")?;
        let mut rows = statement.query([&result.refund_id])?;
        let mut reports = Vec::new();
        while let Some(row) = rows.next()? {
            reports.push(RefundReport { state: state(&row.get::<_, String>(0)?)?, at: UnixMillis(row.get(1)?) });
        }
        Ok(contradiction(&reports, RefundReport { state: result.state, at: result.occurred_at })
            .map_or(Verdict::New, |reason| Verdict::Wrong("state", reason)))
    }

    /// Reports the next rows, at most `limit`, in one transaction.
    pub fn apply_next(&mut self, limit: u16, now: UnixMillis) -> StorageResult<AppliedResults> {
        if !self.connection.is_autocommit() {
            self.connection.execute_batch("COMMIT")?;
        }
        let rows = self.next_rows(limit)?;
        let guard = Guard::Refunds(rows.iter().map(|(.., result)| result.refund_id.clone()).collect());
        let (applied, outcomes) =
            write_on(&mut self.connection, &guard, |transaction| report_all(transaction, &rows, now))?;
        outcomes.iter().for_each(Outcome::log_refused);
        self.applied_to = rows.last().map_or(self.applied_to, |(seq, ..)| *seq);
        Ok(applied)
    }

    fn next_rows(&self, limit: u16) -> StorageResult<Vec<StagedResult>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT seq, line, refund_id, state, amount_fen, occurred_at, provider_reference
             FROM temp.staged WHERE seq > ?1 ORDER BY seq LIMIT ?2",
        )?;
        let mut rows = statement.query((self.applied_to, limit))?;
        let mut read = Vec::with_capacity(limit.into());
        while let Some(row) = rows.next()? {
            read.push((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned(), result(row)?));
        }
        Ok(read)
    }
}

/// The position of a staged row, its line in the file, and its result.
type StagedResult = (i64, u64, RefundResult);

/// Reports these results. Returns what became of them, for the file and for the log.
fn report_all(
    transaction: &Transaction<'_>,
    rows: &[StagedResult],
    now: UnixMillis,
) -> StorageResult<(AppliedResults, Vec<Outcome>)> {
    let mut applied = AppliedResults { rows: rows.len() as u64, ..AppliedResults::default() };
    let mut outcomes = Vec::new();
    for (_, line, result) in rows {
        let new = result.report(now);
        let outcome = report(transaction, &new)?;
        let reported = outcome.as_ref().map(|outcome| outcome.reported.clone());
        outcomes.extend(outcome);
        let why_not = match reported {
            Some(Reported::Applied) => {
                applied.applied[place(result.state)].add(result.amount);
                continue;
            }
            Some(Reported::Duplicate) => {
                let Earlier::Idle(reason) = earlier(transaction, &new.id)? else {
                    applied.known.add(result.amount);
                    continue;
                };
                reason
            }
            Some(Reported::IdReused) => "it was imported with another reference".to_owned(),
            Some(Reported::Refused(refused)) => refused.to_string(),
            Some(Reported::Held(reason)) => reason,
            None => "there is no such refund".to_owned(),
        };
        applied.without_effect.push((*line, result.refund_id.clone(), why_not));
    }
    Ok((applied, outcomes))
}

/// The index of a state in [`RefundState::ALL`].
pub fn place(state: RefundState) -> usize {
    RefundState::ALL.iter().position(|other| *other == state).expect("all states are in the list of all states")
}

fn result(row: &Row<'_>) -> StorageResult<RefundResult> {
    Ok(RefundResult {
        refund_id: row.get(2)?,
        state: state(&row.get::<_, String>(3)?)?,
        amount: Fen(row.get(4)?),
        occurred_at: UnixMillis(row.get(5)?),
        provider_reference: row.get(6)?,
    })
}

/// An earlier report with the same id.
enum Earlier {
    None,
    /// It counts, or it was reviewed.
    Settled,
    /// It has no effect. Holds the reason.
    Idle(String),
}

fn earlier(connection: &Connection, report_id: &str) -> StorageResult<Earlier> {
    let sql = "SELECT CASE WHEN fate IN ('refused', 'held') AND reviewed_at IS NULL THEN COALESCE(reason, fate) END
               FROM refund_reports WHERE id = ?1";
    let found = connection
        .prepare_cached(sql)?
        .query_row([report_id], |row| Ok(row.get::<_, Option<String>>(0)?.map_or(Earlier::Settled, Earlier::Idle)));
    Ok(found.optional()?.unwrap_or(Earlier::None))
}

/// Why a new report contradicts the existing ones; `None` if it does not. It contradicts them if it would be
/// refused, or if it would make one of them refused.
fn contradiction(reports: &[RefundReport], new: RefundReport) -> Option<String> {
    let before = RefundHistory::of(reports.iter().copied());
    let after = RefundHistory::of(reports.iter().copied().chain([new]));
    let refused = |history: &RefundHistory| {
        let refused = history.reports.iter().filter(|(_, fate)| matches!(fate, ReportEffect::Refused(_)));
        refused.count()
    };
    let own = after.reports.iter().find_map(|(report, fate)| match fate {
        ReportEffect::Refused(refused) if *report == new => Some(refused.to_string()),
        _ => None,
    });
    let upsets = || {
        let reason = format!(
            "contradicts a report that is there: by those the refund is {}, with this one it would be {}",
            before.state.as_str(),
            after.state.as_str()
        );
        (refused(&after) > refused(&before)).then_some(reason)
    };
    own.or_else(upsets)
}
