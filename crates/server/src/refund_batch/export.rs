//! The instruction file: what finance is to pay back.

use std::{fmt, path::Path};

use member_domain::RefundState;
use tokio::sync::mpsc;

use super::{existing, finance_file::FinanceFile};
use crate::{
    spreadsheet::yuan,
    storage::{CURRENCY, Database, RefundOrder, Sum},
};

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

/// How many refunds are read ahead of what is written.
const AHEAD: usize = 256;

/// What was exported.
pub(crate) struct Exported(Sum);

impl fmt::Display for Exported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Sum { count, fen } = self.0;
        write!(f, "{count} {}, {fen} fen, {} yuan", if count == 1 { "refund" } else { "refunds" }, yuan(fen))
    }
}

/// Writes the refunds of a programme that are in this state to a file. Its last row, whose `refund_id` is `TOTAL`, has their
/// sum and, in `state`, their number, so that a file that was cut short is known.
pub(crate) async fn export(
    database: &Database,
    programme_id: &str,
    state: RefundState,
    out: &Path,
    replace: bool,
) -> anyhow::Result<Exported> {
    let id = existing(database, programme_id).await?.id;
    let mut file = FinanceFile::create(out, replace, COLUMNS)?;
    let (send, mut orders) = mpsc::channel(AHEAD);
    let database = database.clone();
    let reading = tokio::spawn(async move { database.refund_orders(id, state, send).await });
    let mut total = Sum::default();
    while let Some(order) = orders.recv().await {
        total.add(order.amount);
        file.row(row(order))?;
    }
    reading.await??;
    file.row(total_row(total))?;
    file.finish()?;
    Ok(Exported(total))
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
