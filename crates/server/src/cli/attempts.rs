//! `member-server attempts`: prints the attempts to redeem, for example to investigate a shop's complaint.

use clap::Args;
use member_domain::{CivilDate, UnixMillis};
use member_storage::AttemptRecord;

use super::{Target, say_csv};
use crate::spreadsheet::{Csv, in_shanghai};

#[derive(Args)]
pub(super) struct Attempts {
    /// Only attempts at this shop.
    #[arg(long, value_name = "ID")]
    shop: Option<String>,
    /// Only attempts from this day on, in Asia/Shanghai.
    #[arg(long, value_name = "YYYY-MM-DD")]
    since: Option<CivilDate>,
    #[command(flatten)]
    target: Target,
}

const COLUMNS: [&str; 9] =
    ["at", "shop", "method", "outcome", "credential_number", "bill_fen", "redemption_id", "replayed", "times"];

pub(super) async fn execute(command: Attempts) -> anyhow::Result<()> {
    let since = command.since.map_or(UnixMillis(i64::MIN), CivilDate::start_in_shanghai);
    let attempts = command.target.open()?.attempts(command.shop, since).await?;
    let mut csv = Csv::new(Vec::new(), COLUMNS)?;
    for attempt in attempts {
        csv.row(row(attempt))?;
    }
    say_csv(csv)
}

fn row(attempt: AttemptRecord) -> [String; 9] {
    [
        in_shanghai(attempt.at),
        attempt.shop_id,
        attempt.method.as_str().to_owned(),
        attempt.outcome.into_owned(),
        attempt.credential_number.unwrap_or_default(),
        attempt.bill.map(|bill| bill.0.to_string()).unwrap_or_default(),
        attempt.redemption_id.unwrap_or_default(),
        u8::from(attempt.replayed).to_string(),
        attempt.times.to_string(),
    ]
}
