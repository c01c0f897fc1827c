//! The batch commands for a programme's refunds: start them, export them for finance, import the results, and
//! reconcile to the fen.

mod export;
mod export_marks;
mod finance_file;
mod reconcile;
mod report_results;
mod review;
mod start;
mod turn;

use anyhow::{Context, bail};
use member_domain::{CivilDate, RefundState};
use member_storage::{Database, ProgrammeRecord, Sum};

use crate::spreadsheet::yuan;

pub(crate) use export::{Export, export};
pub(crate) use reconcile::reconcile;
pub(crate) use report_results::report_results;
pub(crate) use review::review;
pub(crate) use start::{Start, start};

/// Returns the programme and its last day. Fails if its end is not announced.
async fn ending(database: &Database, programme_id: &str) -> anyhow::Result<(ProgrammeRecord, CivilDate)> {
    let programme = existing(database, programme_id).await?;
    let Some(last_day) = programme.last_day else {
        bail!(
            "the end of the programme '{programme_id}' is not announced, so nothing is refunded: announce it first \
             ('member-server programme announce-end')"
        );
    };
    Ok((programme, last_day))
}

async fn existing(database: &Database, programme_id: &str) -> anyhow::Result<ProgrammeRecord> {
    let found = database.programme(programme_id.to_owned()).await?;
    found.with_context(|| format!("there is no programme '{programme_id}'"))
}

/// Formats a summary line: a number and an amount.
fn summary_line(name: &str, sum: Sum) -> String {
    format!("{name:<20} {:>10} {:>20} fen {:>18} yuan", sum.count, sum.fen, yuan(sum.fen))
}

/// Formats the summary lines of the states that occur.
fn state_lines(sums: [Sum; 5]) -> impl Iterator<Item = String> {
    let named = RefundState::ALL.into_iter().zip(sums).filter(|(_, sum)| sum.count > 0);
    named.map(|(state, sum)| summary_line(state.as_str(), sum))
}
