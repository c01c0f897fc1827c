//! `member-server import`: shops, members and events from CSV files.

use std::{
    fs::File,
    io::{Seek, SeekFrom},
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use member_domain::{CivilDate, UnixMillis};

use super::{Target, say};
use crate::import::{ShopImport, import_events_from, import_members_from, import_shops_from};

#[derive(Subcommand)]
pub(super) enum Import {
    /// Import shops.
    Shops(Shops),
    /// Import members and their cards.
    Members(Members),
    /// Import events for members only.
    Events(Events),
}

#[derive(Args)]
pub(super) struct Shops {
    /// The CSV file, in UTF-8, GB18030 or Big5.
    file: PathBuf,
    /// Treat the file as the complete list of shops in its cities. Shops that are not in the file leave
    /// today. Shops in the file that had left take part again.
    #[arg(long)]
    complete: bool,
    /// Check and count everything, write nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    target: Target,
}

#[derive(Args)]
pub(super) struct Members {
    /// The CSV file, in UTF-8, GB18030 or Big5.
    file: PathBuf,
    #[command(flatten)]
    target: Target,
}

#[derive(Args)]
pub(super) struct Events {
    /// The CSV file, in UTF-8, GB18030 or Big5.
    file: PathBuf,
    /// Check and count everything, write nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    target: Target,
}

const DRY_RUN: &str = "\nnothing was written: this was a dry run";

pub(super) async fn execute(command: Import, now: UnixMillis) -> anyhow::Result<()> {
    match command {
        Import::Shops(Shops { file, complete, dry_run, target }) => {
            let source = open(&file)?;
            let bar = progress(source.metadata()?.len());
            let import = ShopImport { complete_on: complete.then(|| CivilDate::in_shanghai(now)), dry_run };
            let imported = import_shops_from(&target.open()?, bar.wrap_read(source), import).await;
            bar.finish_and_clear();
            let imported = imported.with_context(|| refused(&file))?;
            let ending = if dry_run { DRY_RUN } else { "" };
            say(&format!("{}: {imported}{ending}", file.display()));
        }
        Import::Members(Members { file, target }) => {
            let csv = std::fs::read(&file).with_context(|| unreadable(&file))?;
            let imported = import_members_from(&target.open()?, &csv, now).await;
            let (count, notes) = imported.with_context(|| refused(&file))?;
            say(&format!("{count} members imported{notes}"));
        }
        Import::Events(Events { file, dry_run, target }) => {
            let csv = std::fs::read(&file).with_context(|| unreadable(&file))?;
            let imported = import_events_from(&target.open()?, &csv, now, dry_run).await;
            let (count, notes) = imported.with_context(|| refused(&file))?;
            let (done, ending) = if dry_run { ("good", DRY_RUN) } else { ("imported", "") };
            say(&format!("{count} events {done}{notes}{ending}"));
        }
    }
    Ok(())
}

/// Opens a file so that it can be read twice. Input from a pipe is copied to a temporary file first.
pub(super) fn open(file: &Path) -> anyhow::Result<File> {
    let mut source = File::open(file).with_context(|| unreadable(file))?;
    if source.stream_position().is_ok() {
        return Ok(source);
    }
    let mut copy = tempfile::tempfile().context("cannot make a temporary file")?;
    std::io::copy(&mut source, &mut copy).with_context(|| unreadable(file))?;
    copy.seek(SeekFrom::Start(0))?;
    Ok(copy)
}

/// Returns a progress bar for reading a file. It is drawn only if stderr is a terminal. The file is read
/// twice, for its encoding and for its rows, so the bar runs twice.
pub(super) fn progress(length: u64) -> ProgressBar {
    let bar = ProgressBar::new(length);
    let style = ProgressStyle::with_template("{wide_bar} {bytes} of {total_bytes}, {elapsed}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn unreadable(file: &Path) -> String {
    format!("cannot read {}", file.display())
}

pub(super) fn refused(file: &Path) -> String {
    format!("{}: nothing was imported", file.display())
}
