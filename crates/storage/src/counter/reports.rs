//! A shop's redemptions, added up by day or by month.

use member_domain::{CivilDate, Fen, UnixMillis};

use crate::{Database, StorageResult};

/// The length of a report's periods, in the time zone Asia/Shanghai.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportBy {
    /// One row for each day.
    Day,
    /// One row for each month.
    Month,
}

/// The redemptions of one period. Cancelled redemptions do not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    /// The day or the month: `2026-11-20` or `2026-11`.
    pub period: String,
    /// The number of redemptions, at least 1.
    pub redemptions: u32,
    /// The sum of the bills before the discount, in fen.
    pub bill: Fen,
    /// The sum of the discounts, in fen.
    pub saved: Fen,
    /// The number of cards whose first redemption at this shop is in the period.
    pub first_time_members: u32,
}

impl ReportBy {
    /// The period of this day.
    fn period_of(self, day: CivilDate) -> String {
        let mut period = day.to_string();
        if self == Self::Month {
            period.truncate("2026-11".len());
        }
        period
    }
}

impl ReportRow {
    /// Adds another day of the same period.
    fn add(&mut self, day: &Self) {
        self.redemptions += day.redemptions;
        self.bill.0 += day.bill.0;
        self.saved.0 += day.saved.0;
        self.first_time_members += day.first_time_members;
    }
}

impl Database {
    /// The shop's periods from `since` on, latest first; `None` returns all periods. Periods without a
    /// redemption are left out. The database adds up, so that the redemptions of a busy shop are never in
    /// memory together.
    pub async fn report(
        &self,
        shop_id: String,
        by: ReportBy,
        since: Option<CivilDate>,
    ) -> StorageResult<Vec<ReportRow>> {
        let since = since.map_or(i64::MIN, |since| since.start_in_shanghai().0);
        self.read(move |connection| {
            // Shanghai is 28,800,000 ms ahead of UTC all year. A card has few earlier visits, a shop has many.
            // So the inner search uses the index by card.
            let mut statement = connection.prepare_cached(
                "SELECT MIN(redeemed_at), COUNT(*), CAST(SUM(bill_fen) AS BIGINT), CAST(SUM(saved_fen) AS BIGINT),
                        COUNT(*) FILTER (WHERE NOT EXISTS (
                            SELECT 1 FROM redemptions AS earlier INDEXED BY redemptions_by_card
                            WHERE earlier.card_number = visit.card_number AND earlier.shop_id = visit.shop_id
                              AND earlier.cancelled_at IS NULL
                              AND (earlier.redeemed_at, earlier.seq) < (visit.redeemed_at, visit.seq)))
                 FROM redemptions AS visit INDEXED BY redemptions_by_shop
                 WHERE shop_id = ?1 AND redeemed_at >= ?2 AND cancelled_at IS NULL
                 GROUP BY (redeemed_at + 28800000) / 86400000 ORDER BY MIN(redeemed_at) DESC",
            )?;
            let mut rows = statement.query((shop_id, since))?;
            let mut report: Vec<ReportRow> = Vec::new();
            while let Some(row) = rows.next()? {
                let day = ReportRow {
                    period: by.period_of(CivilDate::in_shanghai(UnixMillis(row.get(0)?))),
                    redemptions: row.get(1)?,
                    bill: Fen(row.get(2)?),
                    saved: Fen(row.get(3)?),
                    first_time_members: row.get(4)?,
                };
                match report.last_mut() {
                    Some(last) if last.period == day.period => last.add(&day),
                    _ => report.push(day),
                }
            }
            Ok(report)
        })
        .await
    }
}
