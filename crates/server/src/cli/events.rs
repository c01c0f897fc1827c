//! `member-server events`: members-only events.

use anyhow::Context;
use clap::Subcommand;
use member_domain::wire::SignUpState;

use super::{Target, say_csv, terminals::in_shanghai};
use crate::spreadsheet::Csv;

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
    match command {
        Events::List { target } => {
            let columns = ["id", "title", "city", "starts_at", "seats", "taken", "waiting"];
            let mut csv = Csv::new(Vec::new(), columns)?;
            for overview in target.open()?.event_overviews().await? {
                let event = overview.event;
                csv.row([
                    event.id,
                    event.title,
                    event.city.as_str().to_owned(),
                    in_shanghai(event.starts_at),
                    event.seats.to_string(),
                    overview.seated.to_string(),
                    overview.waiting.to_string(),
                ])?;
            }
            say_csv(csv)
        }
        Events::SignUps { event, target } => {
            let rows = target.open()?.sign_ups(event.clone()).await?;
            let mut csv = Csv::new(Vec::new(), ["state", "position", "member", "name", "signed_up_at"])?;
            for row in rows.with_context(|| format!("there is no event '{event}'"))? {
                let state = if row.state == SignUpState::Seat { "seat" } else { "waiting" };
                let position = row.position.to_string();
                csv.row([state.to_owned(), position, row.member_id, row.name, in_shanghai(row.signed_up_at)])?;
            }
            say_csv(csv)
        }
    }
}
