//! `member-server programme`: creates and changes programmes, announces their end, prints their status.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use member_domain::{CivilDate, Fen, RefundRule, UnixMillis};

use super::{Target, say};
use crate::programme::{
    self, ProgrammeTerms,
    end::{self, AnnouncedEnd},
    status,
};

#[derive(Subcommand)]
pub(super) enum Programme {
    /// Create a programme, or change the one with this id. Options that are not given stay unchanged.
    Put(Put),
    /// Announce the last day of a programme. Cards work until the end of that day, and the page shows the
    /// announcement.
    AnnounceEnd(AnnounceEnd),
    /// Print the status of programmes: their last day, their cards and their refunds.
    Status {
        /// Only this programme.
        #[arg(long, value_name = "ID")]
        programme: Option<String>,
        #[command(flatten)]
        target: Target,
    },
}

#[derive(Args)]
pub(super) struct Put {
    #[command(flatten)]
    target: Target,
    /// The programme's stable id.
    #[arg(long)]
    id: String,
    /// Name in Chinese.
    #[arg(long)]
    name: String,
    /// Name in English; '' removes it.
    #[arg(long)]
    name_en: Option<String>,
    /// Price of a year's card, in fen.
    #[arg(long)]
    price_fen: i64,
    /// The refund when the programme ends: the full payment, or the share of the remaining days. The rule
    /// cannot change once refunds exist. [new programmes: full]
    #[arg(long, value_name = "full|pro-rata", value_parser = refund_rule)]
    refund_rule: Option<RefundRule>,
    /// The address where members get help, starting with https://; '' removes it.
    #[arg(long, value_name = "URL")]
    support_url: Option<String>,
    /// The phone number where members get help; '' removes it.
    #[arg(long, value_name = "PHONE", allow_hyphen_values = true)]
    support_phone: Option<String>,
}

#[derive(Args)]
pub(super) struct AnnounceEnd {
    /// The programme's id.
    #[arg(long, value_name = "ID")]
    programme: String,
    /// The last day on which cards work, in Asia/Shanghai.
    #[arg(long, value_name = "YYYY-MM-DD")]
    last_day: CivilDate,
    /// The announcement in Chinese: a UTF-8 text file of at most 4,000 characters. An empty line separates
    /// paragraphs.
    #[arg(long, value_name = "FILE")]
    announcement: PathBuf,
    /// The announcement in English. Without this option, the announcement has no English text.
    #[arg(long, value_name = "FILE")]
    announcement_en: Option<PathBuf>,
    /// The date of the announcement. [default: today in Asia/Shanghai]
    #[arg(long, value_name = "YYYY-MM-DD")]
    dated: Option<CivilDate>,
    /// Replace an earlier announcement.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    target: Target,
}

fn refund_rule(name: &str) -> Result<RefundRule, String> {
    RefundRule::from_name(name).ok_or_else(|| "write 'full' or 'pro-rata'".to_owned())
}

pub(super) async fn execute(command: Programme, now: UnixMillis) -> anyhow::Result<()> {
    match command {
        Programme::Put(Put { target, id, name, name_en, price_fen, refund_rule, support_url, support_phone }) => {
            let price = Fen(price_fen);
            let terms = ProgrammeTerms { name, name_en, price, refund_rule, support_url, support_phone };
            programme::put(&target.open()?, id, terms, now).await
        }
        Programme::AnnounceEnd(command) => {
            let text = end::read_text(&command.announcement)?;
            let text_en = command.announcement_en.as_deref().map(end::read_text).transpose()?;
            let end = AnnouncedEnd {
                last_day: command.last_day,
                dated: command.dated,
                text,
                text_en,
                replace: command.replace,
            };
            let database = command.target.open()?;
            say(&end::announce(&database, command.programme, end, now).await?);
            Ok(())
        }
        Programme::Status { programme, target } => {
            say(&status::report(&target.open()?, programme, CivilDate::in_shanghai(now)).await?);
            Ok(())
        }
    }
}
