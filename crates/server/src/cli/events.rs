//! `member-server events` and `member-server import events`: events for members only.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use member_domain::{UnixMillis, wire::SignUpState};

use super::{Target, named, read, say, terminals::in_shanghai};
use crate::import;

#[derive(Args)]
pub(super) struct ImportEvents {
    /// The CSV file, in UTF-8.
    file: PathBuf,
    /// Check the file and change nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    target: Target,
}

#[derive(Subcommand)]
pub(super) enum Events {
    /// List all events with their seats, as CSV, the latest first.
    List {
        #[command(flatten)]
        target: Target,
    },
    /// Print who is signed up for an event, as CSV for the door: seats first, then the waiting list.
    SignUps {
        /// The event's id.
        event: String,
        #[command(flatten)]
        target: Target,
    },
}

pub(super) async fn import(command: ImportEvents, now: UnixMillis) -> anyhow::Result<()> {
    let ImportEvents { file, dry_run, target } = command;
    let csv = read(&file)?;
    let count = import::import_events(&target.open()?, &csv, now, dry_run).await.with_context(|| named(&file))?;
    say(&if dry_run {
        format!("{count} events are good; nothing was changed")
    } else {
        format!("{count} events imported")
    });
    Ok(())
}

pub(super) async fn execute(command: Events) -> anyhow::Result<()> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    match command {
        Events::List { target } => {
            csv.write_record(["id", "title", "city", "starts_at", "seats", "taken", "waiting"])?;
            for overview in target.open()?.event_overviews().await? {
                let event = overview.event;
                csv.write_record([
                    event.id,
                    event.title,
                    event.city.as_str().to_owned(),
                    in_shanghai(event.starts_at),
                    event.seats.to_string(),
                    overview.seated.to_string(),
                    overview.waiting.to_string(),
                ])?;
            }
        }
        Events::SignUps { event, target } => {
            let rows = target.open()?.sign_ups(event.clone()).await?;
            csv.write_record(["state", "position", "member", "name", "signed_up_at"])?;
            for row in rows.with_context(|| format!("there is no event '{event}'"))? {
                let state = if row.state == SignUpState::Seat { "seat" } else { "waiting" };
                csv.write_record([
                    state,
                    &row.position.to_string(),
                    &row.member_id,
                    &row.name,
                    &in_shanghai(row.signed_up_at),
                ])?;
            }
        }
    }
    say(String::from_utf8(csv.into_inner()?)?.trim_end());
    Ok(())
}
