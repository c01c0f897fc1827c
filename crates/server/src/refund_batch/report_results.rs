//! Reporting finance's results, once their file is known to be good.

use std::fmt;

use member_domain::UnixMillis;

use super::{
    state_lines, summary_line,
    turn::{RESULTS_AT_ONCE, Turn},
};
use crate::{
    import::CheckedResults,
    storage::{StorageError, Sum},
};

/// How many rows without effect are shown.
const SHOWN: usize = 100;

/// What a file of results did, or would have done.
#[derive(Default)]
pub(crate) struct ResultsReported {
    applied: [Sum; 5],
    known: Sum,
    without_effect: Vec<(u64, String, String)>,
    without_effect_count: u64,
    dry_run: bool,
}

impl ResultsReported {
    /// How many rows became wrong between being checked and being reported.
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
            write!(f, "\nwithout effect, since other reports came in meanwhile: {}", self.without_effect_count)?;
            for (line, refund_id, reason) in &self.without_effect {
                write!(f, "\n  line {line}, {refund_id}: {reason}")?;
            }
        }
        Ok(())
    }
}

/// Reports results that were checked; with `dry_run` only says what would be. `progress` hears how many more are done.
pub(crate) async fn report_results(
    checked: CheckedResults,
    dry_run: bool,
    now: UnixMillis,
    progress: impl Fn(u64),
) -> anyhow::Result<ResultsReported> {
    let CheckedResults { mut staging, new, known } = checked;
    if dry_run {
        return Ok(ResultsReported { applied: new, known, dry_run, ..ResultsReported::default() });
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
        let room = SHOWN.saturating_sub(reported.without_effect.len());
        reported.without_effect.extend(batch.without_effect.into_iter().take(room));
        progress(batch.rows);
        turn.end().await;
    }
}
