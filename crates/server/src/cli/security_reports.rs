//! `member-server security-reports`: prints the daily counts of security policy reports.

use clap::Args;
use member_domain::CivilDate;

use super::{Target, say_csv};
use crate::spreadsheet::Csv;

#[derive(Args)]
pub(super) struct SecurityReports {
    /// Only reports from this day on, in Asia/Shanghai.
    #[arg(long, value_name = "YYYY-MM-DD")]
    since: Option<CivilDate>,
    #[command(flatten)]
    target: Target,
}

pub(super) async fn execute(command: SecurityReports) -> anyhow::Result<()> {
    let mut csv = Csv::new(Vec::new(), ["day", "directive", "reports"])?;
    for count in command.target.open()?.security_reports(command.since).await? {
        csv.row([count.day.to_string(), count.directive, count.reports.to_string()])?;
    }
    say_csv(csv)
}
