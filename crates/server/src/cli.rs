//! The command line.

mod attempts;
mod events;
mod import;
mod programme;
mod refunds;
mod security_reports;
mod serve;
mod shop_health;
mod shops;
mod terminals;

use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::{Args, Parser, Subcommand};
use member_storage::Database;
use tracing_subscriber::EnvFilter;

use crate::{clock::Clock, http::origin::Origin, members::sign_in, open_database, shops::sticker, spreadsheet::Csv};

/// Serves the member page and its API, and manages their data.
#[derive(Parser)]
#[command(version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API and the built page.
    Serve(serve::Serve),
    /// Import shops, members or events from a CSV file: all rows, or none if one is faulty.
    #[command(subcommand)]
    Import(import::Import),
    /// Create or change a programme, announce its end, print its status.
    #[command(subcommand)]
    Programme(programme::Programme),
    /// Add, pair, list and end a shop's terminals.
    #[command(subcommand)]
    Terminal(terminals::Terminal),
    /// Set a shop's PIN and leaving day, print the shops' health, make a test code.
    #[command(subcommand)]
    Shops(shops::Shops),
    /// List members-only events and their sign-ups.
    #[command(subcommand)]
    Events(events::Events),
    /// Start, export, import, reconcile and review the refunds of a programme whose end is announced.
    #[command(subcommand)]
    Refunds(refunds::Refunds),
    /// Print every attempt to redeem, as CSV.
    Attempts(attempts::Attempts),
    /// Print the daily counts of the browsers' security policy reports, as CSV.
    SecurityReports(security_reports::SecurityReports),
    /// Sign a member in on behalf of a host app.
    #[command(subcommand)]
    Session(Session),
    /// Write a printable sticker for a shop's door, and print the address for its NFC tag.
    Sticker(Sticker),
}

#[derive(Args)]
struct Sticker {
    /// The shop's id.
    shop: String,
    /// The SVG file to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The origin at which members reach the page, for example <https://card.example>.
    #[arg(long, value_name = "URL")]
    public_url: String,
    /// Replace the file if it exists.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    target: Target,
}

#[derive(Args)]
struct Target {
    /// The database, as sqlite://FILE; created if missing.
    #[arg(long, value_name = "sqlite://FILE")]
    database: String,
}

#[derive(Subcommand)]
enum Session {
    /// Print a new bearer token for this member. It is shown once.
    Add {
        /// The member's id.
        member: String,
        #[command(flatten)]
        target: Target,
    },
}

/// Runs the command line. An error is printed to stderr, and the exit status is 1.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    start_logging();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&anyhow::Error::from(error)),
    };
    match runtime.block_on(execute(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

#[expect(clippy::print_stderr, reason = "this is the command line's voice")]
fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("member-server: {error:#}");
    ExitCode::FAILURE
}

#[expect(clippy::print_stdout, reason = "this is the command line's voice")]
fn say(text: &str) {
    println!("{text}");
}

/// Prints a CSV file.
fn say_csv(csv: Csv<Vec<u8>>) -> anyhow::Result<()> {
    say(String::from_utf8(csv.finish()?)?.trim_end());
    Ok(())
}

/// Writes logs to stderr: as text if stderr is a terminal, otherwise as JSON lines.
fn start_logging() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // A log that cannot be written must not fail the request: its disk may be full.
    let logs =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).log_internal_errors(false);
    if std::io::stderr().is_terminal() { logs.init() } else { logs.json().init() }
}

async fn execute(command: Command) -> anyhow::Result<()> {
    let clock = Clock::of_process()?;
    let now = clock.now();
    match command {
        Command::Serve(command) => serve::execute(command, clock).await,
        Command::Import(command) => import::execute(command, now).await,
        Command::Programme(command) => programme::execute(command, now).await,
        Command::Terminal(command) => terminals::execute(command, now).await,
        Command::Sticker(Sticker { shop, out, public_url, force, target }) => {
            let origin = origin(&public_url)?;
            say(&sticker::write(&target.open()?, &shop, &origin, &out, force, now).await?);
            Ok(())
        }
        Command::Shops(command) => shops::execute(command, now).await,
        Command::Events(command) => events::execute(command).await,
        Command::Refunds(command) => refunds::execute(command, now).await,
        Command::Attempts(command) => attempts::execute(command).await,
        Command::SecurityReports(command) => security_reports::execute(command).await,
        Command::Session(Session::Add { member, target }) => {
            say(sign_in(&target.open()?, &member, now).await?.reveal());
            Ok(())
        }
    }
}

impl Target {
    fn open(&self) -> anyhow::Result<Database> {
        let Some(path) = self.database.strip_prefix("sqlite://").filter(|path| !path.is_empty()) else {
            bail!("--database is '{}': write it as sqlite://FILE", self.database);
        };
        open_database(Path::new(path)).with_context(|| format!("cannot open the database {path}"))
    }
}

/// Returns the origin of `--public-url`. It must have no path, because the QR code's URL starts with it, and
/// because it is compared with the origin that browsers send.
fn origin(url: &str) -> anyhow::Result<String> {
    let origin = Origin::of_this_server(url.strip_suffix('/').unwrap_or(url));
    let origin = origin.with_context(|| {
        format!("--public-url is '{url}': write scheme and host only, for example https://card.example")
    })?;
    Ok(origin.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::origin;

    #[test]
    fn a_public_url_is_the_origin_that_browsers_name() {
        for (written, read) in [
            ("https://card.example", "https://card.example"),
            ("https://card.example/", "https://card.example"),
            ("HTTPS://Card.Example:8443", "https://card.example:8443"),
            ("http://192.0.2.7:8080", "http://192.0.2.7:8080"),
        ] {
            assert_eq!(origin(written).unwrap(), read);
        }
    }

    #[test]
    fn what_is_none_is_refused_with_what_to_write() {
        for (written, advice) in [
            ("card.example", "start with https://"),
            ("https://card.example//", "without a path"),
            ("https://card.example/page", "without a path"),
            ("https://card.example:443", "leave out 443"),
            ("https://card_1.example", "this host is not one"),
            ("https://card.example 'unsafe-eval'", "this host is not one"),
            ("https://:8443", "this host is not one"),
            ("https://", "start with https://"),
            ("*", "name each site"),
        ] {
            let said = format!("{:#}", origin(written).unwrap_err());
            assert!(said.starts_with(&format!("--public-url is '{written}'")) && said.contains(advice), "{said}");
        }
    }
}
