//! `member-server events`: members-only events.

use anyhow::Context;
use clap::Subcommand;
use member_domain::wire::SignUpState;

use super::{Target, say, terminals::in_shanghai};

#[derive(Subcommand)]
pub(super) enum Events {
    /// List all events with their seats, as CSV, the latest first.
    List {
        #[command(flatten)]
        target: Target,
    },
    /// Print the sign-ups for an event as CSV, for the door: seats first, then the waiting list.
    SignUps {
        /// The event's id.
        event: String,
        #[command(flatten)]
        target: Target,
    },
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
