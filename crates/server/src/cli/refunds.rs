//! `member-server refunds`: starts, exports, imports, reconciles and reviews a programme's refunds.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use member_domain::{CivilDate, RefundState, UnixMillis};

use super::{
    Target,
    import::{open, progress, refused},
    say,
};
use crate::{
    import::check_refund_results,
    refunds::batch::{self, Start, export, reconcile, report_results, review, start},
};

#[derive(Subcommand)]
pub(super) enum Refunds {
    /// Schedule the refunds of a programme whose end is announced: exactly one for each card, however often
    /// this runs.
    Start(StartRefunds),
    /// Write a programme's refunds to a CSV file for finance. Refunds that were exported before are left out.
    Export(Export),
    /// Import finance's results from a CSV file: all rows, or none if one is faulty.
    Import(Import),
    /// Account for all payments for a programme's cards, and list the disagreements. If there are any, the
    /// exit status is 1.
    Reconcile(Reconcile),
    /// Record how a refused or held report was settled. Reviewed reports are counted separately.
    Review(Review),
}

#[derive(Args)]
pub(super) struct StartRefunds {
    /// The programme's id; its end must be announced.
    #[arg(long, value_name = "ID")]
    programme: String,
    /// The day on which refunds go to the payment provider. Members see this day. It also replaces the day of
    /// refunds that are already scheduled.
    #[arg(long, value_name = "YYYY-MM-DD")]
    scheduled_for: Option<CivilDate>,
    /// The channel's estimate of the working days from its acceptance of a refund to the arrival of the
    /// money. Members see it. It also replaces the estimate of refunds that are already scheduled.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=60))]
    estimate_working_days: Option<u8>,
    /// Count everything, write nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    target: Target,
}

#[derive(Args)]
pub(super) struct Export {
    /// The programme's id.
    #[arg(long, value_name = "ID")]
    programme: String,
    /// The CSV file to write; only its owner can read it.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Only refunds in this state: scheduled, processing, succeeded, abnormal or closed.
    #[arg(long, default_value = "scheduled", value_parser = state)]
    state: RefundState,
    /// Include refunds that were exported in this state before, for example to write a lost file again.
    #[arg(long)]
    again: bool,
    /// Replace the file if it exists.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    target: Target,
}

#[derive(Args)]
pub(super) struct Import {
    /// The CSV file, in UTF-8, GB18030 or Big5.
    file: PathBuf,
    /// Check and count everything, write nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    target: Target,
}

#[derive(Args)]
pub(super) struct Reconcile {
    /// The programme's id; its end must be announced.
    #[arg(long, value_name = "ID")]
    programme: String,
    /// Write all disagreements to this CSV file.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Replace the file if it exists.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    target: Target,
}

#[derive(Args)]
pub(super) struct Review {
    /// The report's id, as 'refunds reconcile' and 'programme status' print it.
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    report: String,
    /// How the report was settled, in at most 500 characters.
    #[arg(long, value_name = "TEXT")]
    note: String,
    #[command(flatten)]
    target: Target,
}

pub(super) async fn execute(command: Refunds, now: UnixMillis) -> anyhow::Result<()> {
    match command {
        Refunds::Start(command) => start_refunds(command, now).await,
        Refunds::Export(Export { programme, out, state, again, force, target }) => {
            let what = batch::Export { programme_id: &programme, state, again, out: &out, replace: force };
            let exported = export(&target.open()?, what, now).await?;
            say(&format!("{}: {exported}", out.display()));
            Ok(())
        }
        Refunds::Import(Import { file, dry_run, target }) => import_results(&target, &file, dry_run, now).await,
        Refunds::Review(Review { report, note, target }) => {
            say(&review(&target.open()?, report, &note, now).await?);
            Ok(())
        }
        Refunds::Reconcile(Reconcile { programme, csv, force, target }) => {
            let reconciled = reconcile(&target.open()?, &programme, csv.as_deref(), force).await?;
            say(&reconciled.to_string());
            match reconciled.disagreements() {
                0 if reconciled.is_balanced() => Ok(()),
                1 => bail!("1 thing does not agree"),
                count => bail!("{count} things do not agree"),
            }
        }
    }
}

async fn start_refunds(command: StartRefunds, now: UnixMillis) -> anyhow::Result<()> {
    let StartRefunds { programme: programme_id, scheduled_for, estimate_working_days, dry_run, target } = command;
    let bar = counted("cards");
    let wish = Start { programme_id, scheduled_for, estimate_working_days, dry_run };
    let begun = |cards| bar.set_length(cards);
    let started = start(&target.open()?, wish, now, begun, |done| bar.inc(done)).await;
    bar.finish_and_clear();
    say(&started?.to_string());
    Ok(())
}

async fn import_results(target: &Target, file: &Path, dry_run: bool, now: UnixMillis) -> anyhow::Result<()> {
    let source = open(file)?;
    let bar = progress(source.metadata()?.len());
    let checked = check_refund_results(&target.open()?, bar.wrap_read(source), now).await;
    bar.finish_and_clear();
    let mut checked = checked.with_context(|| refused(file))?;
    let notes = std::mem::take(&mut checked.notes);
    let bar = counted("results");
    bar.set_length(checked.rows());
    let reported = report_results(checked, dry_run, now, |done| bar.inc(done)).await;
    bar.finish_and_clear();
    let reported = reported?;
    say(&format!("{}:\n{reported}{notes}", file.display()));
    match reported.without_effect() {
        0 => Ok(()),
        count => bail!("{count} of the results had no effect"),
    }
}

/// Returns a progress bar that counts items. It is drawn only if stderr is a terminal.
fn counted(what: &str) -> ProgressBar {
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template(&format!("{{wide_bar}} {{pos}} of {{len}} {what}, {{elapsed}}"));
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn state(name: &str) -> Result<RefundState, String> {
    RefundState::from_name(name).ok_or_else(|| {
        let names: Vec<&str> = RefundState::ALL.iter().map(|state| state.as_str()).collect();
        format!("a state is one of {}", names.join(", "))
    })
}
