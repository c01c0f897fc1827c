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

use crate::{clock::Clock, http::origin::Origin, members::sign_in, open_database, shops::sticker};

/// Serves the member page and its API, and keeps the data behind them.
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
    /// Import shops, members or events from a CSV file: everything in it, or nothing.
    #[command(subcommand)]
    Import(import::Import),
    /// Create or change a programme, announce its end, see where it stands.
    #[command(subcommand)]
    Programme(programme::Programme),
    /// Let a shop's terminal redeem.
    #[command(subcommand)]
    Terminal(terminals::Terminal),
    /// A shop's PIN, whether it takes part, how it does at the counter.
    #[command(subcommand)]
    Shops(shops::Shops),
    /// Events for members only, and who is signed up.
    #[command(subcommand)]
    Events(events::Events),
    /// The refunds of a programme that ends.
    #[command(subcommand)]
    Refunds(refunds::Refunds),
    /// Print every attempt to redeem, as CSV.
    Attempts(attempts::Attempts),
    /// Print how often browsers reported what a page's security policy stopped, as CSV.
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
    /// Where members reach the page, for example <https://card.example>.
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

/// Runs the command line; errors go to stderr and end with status 1.
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

/// JSON lines where a machine reads, text where a person does.
fn start_logging() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
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

/// The origin of `--public-url`, which must have no path: the code's URL is made of it, and browsers compare it with theirs.
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
