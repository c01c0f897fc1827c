//! `member-server terminal`: tills and phones that may redeem for a shop.

use anyhow::{Context, bail};
use clap::Subcommand;
use member_domain::{CivilDate, UnixMillis};
use member_storage::{Database, TerminalKind, TerminalRecord};

use super::{Target, say};
use crate::counter::terminals;

#[derive(Subcommand)]
pub(super) enum Terminal {
    /// Print a new token for a terminal of this shop. It is shown once.
    Add {
        /// The shop's id.
        shop: String,
        #[command(flatten)]
        target: Target,
    },
    /// Print a code that pairs one staff phone within ten minutes.
    Pair {
        /// The shop's id.
        shop: String,
        #[command(flatten)]
        target: Target,
    },
    /// List a shop's terminals.
    List {
        /// The shop's id.
        shop: String,
        #[command(flatten)]
        target: Target,
    },
    /// End a terminal. From then on, the server refuses it.
    End {
        /// The shop's id.
        shop: String,
        /// The terminal's id, as 'terminal list' prints it.
        id: String,
        #[command(flatten)]
        target: Target,
    },
}

pub(super) async fn execute(command: Terminal, now: UnixMillis) -> anyhow::Result<()> {
    match command {
        Terminal::Add { shop, target } => {
            say(terminals::add_terminal(&target.open()?, &shop, now).await?.reveal());
            Ok(())
        }
        Terminal::Pair { shop, target } => {
            say(&terminals::pairing_code(&target.open()?, &shop, now).await?.reveal());
            Ok(())
        }
        Terminal::List { shop, target } => {
            say(&list(&target.open()?, &shop).await?);
            Ok(())
        }
        Terminal::End { shop, id, target } => end(&target.open()?, &shop, &id, now).await,
    }
}

/// Returns a table of the shop's terminals, one a line.
async fn list(database: &Database, shop_id: &str) -> anyhow::Result<String> {
    database.shop(shop_id.to_owned()).await?.with_context(|| format!("there is no shop '{shop_id}'"))?;
    let terminals = database.terminals(shop_id.to_owned()).await?;
    let mut lines = vec![format!("{:<9} {:<6} {:<17} {}", "id", "kind", "created", "ended")];
    lines.extend(terminals.iter().map(line));
    Ok(lines.join("\n"))
}

fn line(terminal: &TerminalRecord) -> String {
    let kind = match terminal.kind {
        TerminalKind::Till => "till",
        TerminalKind::Phone => "phone",
    };
    let ended = terminal.ended_at.map_or_else(|| "-".to_owned(), in_shanghai);
    format!("{:<9} {kind:<6} {:<17} {ended}", terminal.id, in_shanghai(terminal.created_at))
}

/// Formats an instant in Asia/Shanghai, as `2026-11-20 12:00`.
pub(super) fn in_shanghai(at: UnixMillis) -> String {
    let date = CivilDate::in_shanghai(at);
    let minutes = at.millis_since(date.start_in_shanghai()) / 60_000;
    format!("{date} {:02}:{:02}", minutes / 60, minutes % 60)
}

/// Ends a terminal of the shop. From then on, the server refuses it.
async fn end(database: &Database, shop_id: &str, id: &str, now: UnixMillis) -> anyhow::Result<()> {
    match database.end_terminal(shop_id.to_owned(), id.to_owned(), now).await? {
        0 => bail!("the shop '{shop_id}' has no terminal '{id}': see 'terminal list {shop_id}'"),
        _ => Ok(()),
    }
}
