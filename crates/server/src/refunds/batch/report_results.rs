//! Reports finance's results, after their file was checked.

use std::fmt;

use member_domain::UnixMillis;
use member_storage::{StorageError, Sum};

use super::{
    state_lines, summary_line,
    turn::{RESULTS_AT_ONCE, Turn},
};
use crate::import::{CheckedResults, IDLE_RESULTS_SHOWN};

/// The result of importing a file of results, or of a dry run.
#[derive(Default)]
pub(crate) struct ResultsReported {
    applied: [Sum; 5],
    known: Sum,
    without_effect: Vec<(u64, String, String)>,
    without_effect_count: u64,
    dry_run: bool,
}

impl ResultsReported {
    /// Returns the number of rows without effect, whether reported now or before.
    pub(crate) const fn without_effect(&self) -> u64 {
        self.without_effect_count
    }
}

impl fmt::Display for ResultsReported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut total = self.known;
        self.applied.iter().for_each(|sum| total += *sum);
        write!(f, "{}", summary_line("results", total))?;
        for line in state_lines(self.applied) {
            write!(f, "\n{line}")?;
        }
        write!(f, "\n{}", summary_line("known already", self.known))?;
        if self.dry_run {
            write!(f, "\nnothing was written: this was a dry run")?;
        } else if self.known.count == total.count && self.without_effect_count == 0 {
            write!(f, "\nnothing changed: all of this was imported before")?;
        }
        if self.without_effect_count > 0 {
            write!(f, "\nwithout effect, since other reports came in before: {}", self.without_effect_count)?;
            for (line, refund_id, reason) in &self.without_effect {
                write!(f, "\n  line {line}, {refund_id}: {reason}")?;
            }
        }
        Ok(())
    }
}

/// Reports checked results. With `dry_run`, only returns what would happen. Calls `progress` with the number
/// of rows in each batch.
pub(crate) async fn report_results(
    checked: CheckedResults,
    dry_run: bool,
    now: UnixMillis,
    progress: impl Fn(u64),
) -> anyhow::Result<ResultsReported> {
    let CheckedResults { mut staging, new, known, idle, idle_count, notes: _ } = checked;
    if dry_run {
        let (applied, without_effect, without_effect_count) = (new, idle, idle_count);
        return Ok(ResultsReported { applied, known, without_effect, without_effect_count, dry_run });
    }
    let mut reported = ResultsReported::default();
    loop {
        let turn = Turn::begin();
        let task = tokio::task::spawn_blocking(move || {
            let applied = staging.apply_next(RESULTS_AT_ONCE, now);
            (staging, applied)
        });
        let (back, batch) = task.await.map_err(|_| StorageError::Cancelled)?;
        staging = back;
        let batch = batch?;
        if batch.rows == 0 {
            return Ok(reported);
        }
        reported.applied.iter_mut().zip(batch.applied).for_each(|(sum, more)| *sum += more);
        reported.known += batch.known;
        reported.without_effect_count += batch.without_effect.len() as u64;
        let room = IDLE_RESULTS_SHOWN.saturating_sub(reported.without_effect.len());
        reported.without_effect.extend(batch.without_effect.into_iter().take(room));
        progress(batch.rows);
        turn.end().await;
    }
}
