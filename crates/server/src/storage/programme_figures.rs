//! How many cards a programme has, and where their refunds stand.

use member_domain::{Fen, RefundState, UnixMillis};
use rusqlite::Connection;

use super::{Database, ProgrammeRecord, StorageResult, refunds};

/// A programme, counted.
#[derive(Debug)]
pub(crate) struct ProgrammeFigures {
    pub(crate) programme: ProgrammeRecord,
    /// How many cards there are of it.
    pub(crate) cards: i64,
    /// How many refunds are in each state, and of how much in sum; states that none is in are left out.
    pub(crate) refunds: Vec<(RefundState, i64, Fen)>,
    /// How many reports about refunds do not match them.
    pub(crate) held: i64,
    /// How many reports about refunds are outside the state machine.
    pub(crate) refused: i64,
    /// The newest of both.
    pub(crate) to_review: Vec<ToReview>,
}

/// A report about a refund that somebody should look at.
#[derive(Debug)]
pub(crate) struct ToReview {
    pub(crate) refund_id: String,
    /// `held` or `refused`.
    pub(crate) fate: String,
    pub(crate) state: RefundState,
    pub(crate) reason: String,
    pub(crate) received_at: UnixMillis,
}

impl Database {
    /// All programmes in the order in which they were created, or the one with this id; each with at most `reviewed` of the
    /// reports to review.
    pub(crate) async fn programme_figures(
        &self,
        id: Option<String>,
        reviewed: u32,
    ) -> StorageResult<Vec<ProgrammeFigures>> {
        self.read(move |connection| {
            // One snapshot: the figures belong together although a batch may be writing.
            let snapshot = connection.unchecked_transaction()?;
            let sql = format!(
                "SELECT {} FROM programmes WHERE ?1 IS NULL OR id = ?1 ORDER BY created_at, id",
                ProgrammeRecord::COLUMNS
            );
            let mut statement = snapshot.prepare_cached(&sql)?;
            let mut rows = statement.query([id])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                all.push(figures(&snapshot, ProgrammeRecord::from_row(row)?, reviewed)?);
            }
            Ok(all)
        })
        .await
    }
}

fn figures(connection: &Connection, programme: ProgrammeRecord, reviewed: u32) -> StorageResult<ProgrammeFigures> {
    let id = &programme.id;
    let sql = "SELECT COUNT(*) FROM cards WHERE programme_id = ?1";
    let cards = connection.prepare_cached(sql)?.query_row([id], |row| row.get(0))?;
    let mut statement = connection.prepare_cached(
        "SELECT state, COUNT(*), SUM(amount_fen) FROM refunds WHERE programme_id = ?1 GROUP BY state",
    )?;
    let mut rows = statement.query([id])?;
    let mut by_state = Vec::new();
    while let Some(row) = rows.next()? {
        by_state.push((refunds::state(&row.get::<_, String>(0)?)?, row.get(1)?, Fen(row.get(2)?)));
    }
    by_state.sort_by_key(|(state, ..)| RefundState::ALL.iter().position(|other| other == state));
    let (held, refused) = connection
        .prepare_cached(
            "SELECT COUNT(*) FILTER (WHERE fate = 'held'), COUNT(*) FILTER (WHERE fate = 'refused')
             FROM refund_reports JOIN refunds ON refunds.id = refund_id
             WHERE fate IN ('refused', 'held') AND programme_id = ?1",
        )?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let to_review = to_review(connection, id, reviewed)?;
    Ok(ProgrammeFigures { cards, refunds: by_state, held, refused, to_review, programme })
}

fn to_review(connection: &Connection, programme_id: &str, reviewed: u32) -> StorageResult<Vec<ToReview>> {
    let mut statement = connection.prepare_cached(
        "SELECT refund_id, fate, refund_reports.state, COALESCE(reason, ''), received_at
         FROM refund_reports JOIN refunds ON refunds.id = refund_id
         WHERE fate IN ('refused', 'held') AND programme_id = ?1 ORDER BY seq DESC LIMIT ?2",
    )?;
    let mut rows = statement.query((programme_id, reviewed))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(ToReview {
            refund_id: row.get(0)?,
            fate: row.get(1)?,
            state: refunds::state(&row.get::<_, String>(2)?)?,
            reason: row.get(3)?,
            received_at: UnixMillis(row.get(4)?),
        });
    }
    Ok(found)
}
