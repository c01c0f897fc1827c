//! The command line.

mod attempts;
mod events;
mod import;
mod programme;
mod refunds;
mod security_reports;
mod shop_health;
mod shops;
mod terminals;

use std::{
    io::IsTerminal,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::{Args, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::{
    clock::Clock,
    demo,
    origin::{FrameAncestor, Origin},
    programme::sign_in,
    serve::{Server, Settings, TERMINAL_LIMIT},
    sticker,
    storage::Database,
    webhook::WebhookSecrets,
};

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
    Serve(Serve),
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

#[derive(Args)]
struct Serve {
    #[command(flatten)]
    target: Target,
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The directory of the built page.
    #[arg(long, default_value = "dist")]
    site: PathBuf,
    /// Where members and shops reach this server, for example <https://card.example>; goes into the QR code.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// How many hours pages may show codes after they last reached this server.
    #[arg(long, default_value_t = 72, value_parser = clap::value_parser!(u16).range(1..=720))]
    offline_hours: u16,
    /// How many requests a minute a terminal may send; half of them at once.
    #[arg(long, value_name = "N", default_value_t = TERMINAL_LIMIT, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    terminal_limit: u32,
    /// The file with the secrets that payment providers sign refund events with: one a line, as whsec_ and base64.
    #[arg(long, value_name = "FILE")]
    refund_events_secret: Option<PathBuf>,
    /// A site whose pages may call the API for their members, by bearer token: <https://app.example>. May be repeated.
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<Origin>,
    /// Who may show the page in a frame: 'self' (the default), 'none', or a site. May be repeated.
    #[arg(long, value_name = "ORIGIN")]
    frame_ancestor: Vec<FrameAncestor>,
    /// Make devices forget the files of the page that they keep to open it without network.
    #[arg(long)]
    retire_service_worker: bool,
    /// Load demo data and sign in as a persona at /demo/PERSONA; on a loopback address only.
    #[arg(long)]
    demo: bool,
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
    let now = Clock::System.now();
    match command {
        Command::Serve(serve) => self::serve(serve).await,
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
        Database::open(Path::new(path)).with_context(|| format!("cannot open the database {path}"))
    }
}

async fn serve(serve: Serve) -> anyhow::Result<()> {
    let secrets = serve.refund_events_secret.map(|file| WebhookSecrets::read(&file)).transpose()?;
    let settings = Settings {
        listen: serve.listen,
        site: Some(serve.site),
        public_origin: serve.public_url.map(|url| origin(&url)).transpose()?,
        offline_millis: i64::from(serve.offline_hours) * 3_600_000,
        terminal_limit: serve.terminal_limit,
        refund_event_secrets: secrets.unwrap_or_default(),
        allowed_origins: serve.allow_origin,
        frame_ancestors: serve.frame_ancestor,
        retire_service_worker: serve.retire_service_worker,
        demo: serve.demo,
        clock: Clock::System,
    };
    let server = Server::bind(serve.target.open()?, settings).await?;
    let address = server.address();
    tracing::info!(%address, "listening");
    if serve.demo {
        say(&demo::links(address));
    }
    server.run(stop_signal()).await
}

/// The origin of `--public-url`, which must have no path: the code's URL is made of it.
fn origin(url: &str) -> anyhow::Result<String> {
    let origin = url.trim_end_matches('/');
    let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    if host.is_none_or(|host| host.is_empty() || host.contains(['/', '?', '#', '@'])) {
        bail!("--public-url is '{url}': write scheme and host only, for example https://card.example");
    }
    Ok(origin.to_owned())
}

async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate => {}
    }
}
