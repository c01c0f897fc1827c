//! Exports the instruction file: the refunds that finance must pay.

use std::{fmt, path::Path};

use anyhow::{Context, bail};
use member_domain::{RefundState, UnixMillis};
use member_storage::{CURRENCY, Database, RefundOrder, Sum};
use tokio::sync::mpsc;

use super::{existing, export_marks::ExportMarks, finance_file::FinanceFile};
use crate::spreadsheet::yuan;

const COLUMNS: [&str; 10] = [
    "refund_id",
    "card_number",
    "member_id",
    "channel",
    "payment_reference",
    "amount_fen",
    "amount_yuan",
    "currency",
    "state",
    "scheduled_for",
];

/// How many refunds are read ahead of the output.
const AHEAD: usize = 256;

/// The options of an export.
pub(crate) struct Export<'a> {
    pub(crate) programme_id: &'a str,
    /// Only refunds in this state are exported.
    pub(crate) state: RefundState,
    /// Whether to include refunds that were exported in this state before.
    pub(crate) again: bool,
    pub(crate) out: &'a Path,
    /// Whether the file may replace an existing one.
    pub(crate) replace: bool,
}

/// The exported refunds, and those that were left out because they were exported before.
pub(crate) struct Exported {
    written: Sum,
    left_out: Sum,
}

impl fmt::Display for Exported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", refunds(self.written))?;
        if self.left_out.count > 0 {
            write!(f, "\nleft out, since exported before: {} (--again exports them, too)", refunds(self.left_out))?;
        }
        Ok(())
    }
}

fn refunds(Sum { count, fen }: Sum) -> String {
    format!("{count} {}, {fen} fen, {} yuan", if count == 1 { "refund" } else { "refunds" }, yuan(fen))
}

/// Writes a programme's refunds in this state to a file, and marks them once the file is complete. The last
/// row has `TOTAL` as its `refund_id`, the sum, and in `state` the number of refunds. So a truncated file is
/// recognised.
pub(crate) async fn export(database: &Database, what: Export<'_>, now: UnixMillis) -> anyhow::Result<Exported> {
    let Export { programme_id, state, again, out, replace } = what;
    let id = existing(database, programme_id).await?.id;
    let mut file = FinanceFile::create(out, replace, COLUMNS)?;
    let mut marks = ExportMarks::new()?;
    let (send, mut orders) = mpsc::channel(AHEAD);
    let reader = database.clone();
    let reading = tokio::spawn(async move { reader.refund_orders(id, state, again, send).await });
    let mut written = Sum::default();
    while let Some(order) = orders.recv().await {
        written.add(order.amount);
        marks.add(&order.refund_id)?;
        file.row(row(order))?;
    }
    let left_out = reading.await??;
    file.row(total_row(written))?;
    file.finish()?;
    let marked = marks.write(database, state, again, now).await.with_context(|| unmarked(out))?;
    match written.count - marked {
        0 => Ok(Exported { written, left_out }),
        count => bail!(
            "{count} of the refunds in {} were exported by somebody else meanwhile, or are not {} any more: compare it with \
             the other file before it is paid",
            out.display(),
            state.as_str()
        ),
    }
}

fn unmarked(out: &Path) -> String {
    format!(
        "{} is complete, but not all of its refunds were marked as exported: the next export has those once more, so compare \
         the two before they are paid",
        out.display()
    )
}

fn row(order: RefundOrder) -> [String; 10] {
    [
        order.refund_id,
        order.card_number,
        order.member_id,
        order.channel,
        order.payment_reference.unwrap_or_default(),
        order.amount.0.to_string(),
        yuan(order.amount.0),
        CURRENCY.to_owned(),
        order.state.as_str().to_owned(),
        order.scheduled_for.map(|day| day.to_string()).unwrap_or_default(),
    ]
}

fn total_row(total: Sum) -> [String; 10] {
    let mut row = [const { String::new() }; 10];
    "TOTAL".clone_into(&mut row[0]);
    row[5] = total.fen.to_string();
    row[6] = yuan(total.fen);
    CURRENCY.clone_into(&mut row[7]);
    row[8] = total.count.to_string();
    row
}
