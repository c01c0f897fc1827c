//! Figures of a programme: the number of its cards, and its refunds by state.

use member_domain::RefundState;
use rusqlite::Connection;

use crate::{
    Database, ProgrammeRecord, StorageResult,
    refunds::{
        batch::Sum,
        names::state,
        reviews::{IdleReports, ToReview, idle_reports, to_review},
    },
};

/// The figures of a programme.
#[derive(Debug)]
pub struct ProgrammeFigures {
    /// The programme.
    pub programme: ProgrammeRecord,
    /// The number of its cards.
    pub cards: i64,
    /// The refunds in each state, in the order of [`RefundState::ALL`]. States without a refund are left out.
    pub refunds: Vec<(RefundState, Sum)>,
    /// The number of reports about its refunds that have no effect.
    pub idle_reports: IdleReports,
    /// The newest reports that an operator should review.
    pub to_review: Vec<ToReview>,
}

impl Database {
    /// The figures of all programmes, oldest first, or of the programme with this id. Each has at most
    /// `reviewed` reports to review.
    pub async fn programme_figures(&self, id: Option<String>, reviewed: u32) -> StorageResult<Vec<ProgrammeFigures>> {
        self.read(move |connection| {
            // One snapshot, so that the figures agree although a batch may be writing.
            let snapshot = connection.unchecked_transaction()?;
            let sql = format!(
                "SELECT {} FROM programmes WHERE CAST(?1 AS TEXT) IS NULL OR id = ?1 ORDER BY created_at, id",
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
    // The sum is in two parts, because SQLite sums in 64 bits.
    let mut statement = connection.prepare_cached(
        "SELECT state, COUNT(*), CAST(SUM(amount_fen / 1000000) AS BIGINT), CAST(SUM(amount_fen % 1000000) AS BIGINT)
         FROM refunds WHERE programme_id = ?1 GROUP BY state",
    )?;
    let mut rows = statement.query([id])?;
    let mut by_state = Vec::new();
    while let Some(row) = rows.next()? {
        let (large, small): (i64, i64) = (row.get(2)?, row.get(3)?);
        let fen = i128::from(large) * 1_000_000 + i128::from(small);
        let sum = Sum { count: row.get::<_, i64>(1)?.cast_unsigned(), fen };
        by_state.push((state(&row.get::<_, String>(0)?)?, sum));
    }
    by_state.sort_by_key(|(state, ..)| RefundState::ALL.iter().position(|other| other == state));
    let idle_reports = idle_reports(connection, id)?;
    let to_review = to_review(connection, id, reviewed)?;
    Ok(ProgrammeFigures { cards, refunds: by_state, idle_reports, to_review, programme })
}
