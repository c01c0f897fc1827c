//! `member-server programme`: what members buy, and how it ends.

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
    /// Create a programme, or change the one with this id. What is not given stays as it is.
    Put(Put),
    /// Announce the last day of a programme: cards work through it, and members read the announcement in the page.
    AnnounceEnd(AnnounceEnd),
    /// Print where programmes stand: their last day, their cards and their refunds.
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
    /// Stable id.
    #[arg(long)]
    id: String,
    /// Name in Chinese.
    #[arg(long)]
    name: String,
    /// Name in English; '' takes it away.
    #[arg(long)]
    name_en: Option<String>,
    /// Price of a year's card, in fen.
    #[arg(long)]
    price_fen: i64,
    /// What comes back when it ends: all that was paid, or the share of the days that are left. It cannot be changed once
    /// refunds exist. [new programmes: full]
    #[arg(long, value_name = "full|pro-rata", value_parser = refund_rule)]
    refund_rule: Option<RefundRule>,
    /// Where members get help: an address that starts with https://; '' takes it away.
    #[arg(long, value_name = "URL")]
    support_url: Option<String>,
    /// The phone number where members get help; '' takes it away.
    #[arg(long, value_name = "PHONE", allow_hyphen_values = true)]
    support_phone: Option<String>,
}

#[derive(Args)]
pub(super) struct AnnounceEnd {
    /// The programme's id.
    #[arg(long, value_name = "ID")]
    programme: String,
    /// The last day on which cards work, as days are in Asia/Shanghai.
    #[arg(long, value_name = "YYYY-MM-DD")]
    last_day: CivilDate,
    /// The announcement in Chinese: a text file in UTF-8, at most 4,000 characters; an empty line parts paragraphs.
    #[arg(long, value_name = "FILE")]
    announcement: PathBuf,
    /// The announcement in English; without it there is none.
    #[arg(long, value_name = "FILE")]
    announcement_en: Option<PathBuf>,
    /// The date the announcement bears. [default: today in Asia/Shanghai]
    #[arg(long, value_name = "YYYY-MM-DD")]
    dated: Option<CivilDate>,
    /// Take the place of what was announced before.
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
