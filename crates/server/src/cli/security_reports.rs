//! `member-server security-reports`: prints the daily counts of security policy reports.

use clap::Args;
use member_domain::CivilDate;

use super::{Target, say};

#[derive(Args)]
pub(super) struct SecurityReports {
    /// Only reports from this day on, in Asia/Shanghai.
    #[arg(long, value_name = "YYYY-MM-DD")]
    since: Option<CivilDate>,
    #[command(flatten)]
    target: Target,
}

pub(super) async fn execute(command: SecurityReports) -> anyhow::Result<()> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["day", "directive", "reports"])?;
    for count in command.target.open()?.security_reports(command.since).await? {
        csv.write_record([count.day.to_string(), count.directive, count.reports.to_string()])?;
    }
    say(String::from_utf8(csv.into_inner()?)?.trim_end());
    Ok(())
}
