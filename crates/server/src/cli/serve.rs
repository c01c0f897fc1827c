//! `member-server serve`: serves the API, the built page and the staff pages.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use member_domain::TotpPeriod;

use super::{Target, origin, say};
use crate::{
    clock::Clock,
    demo,
    http::{
        connections::ConnectionLimits,
        origin::{FrameAncestor, Origin},
    },
    refunds::webhook::WebhookSecrets,
    serve::{Server, Settings, TERMINAL_LIMIT},
};

#[derive(Args)]
pub(super) struct Serve {
    #[command(flatten)]
    target: Target,
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The directory of the built page.
    #[arg(long, default_value = "dist")]
    site: PathBuf,
    /// The origin at which members and shops reach this server, for example <https://card.example>. QR codes
    /// contain it.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// How many hours a page may show codes without reaching this server.
    #[arg(long, default_value_t = 72, value_parser = clap::value_parser!(u16).range(1..=720))]
    offline_hours: u16,
    /// How many requests a minute a terminal may send. Half of them may come at once.
    #[arg(long, value_name = "N", default_value_t = TERMINAL_LIMIT, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    terminal_limit: u32,
    /// How many connections may be open at once. Three quarters of them may be event streams, which use up to
    /// 20 kB each. It is lowered if the limit of open files is too low.
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(8..=1_000_000))]
    max_connections: u32,
    /// The file with the secrets with which payment providers sign refund events. Each line has one secret:
    /// whsec_ followed by base64.
    #[arg(long, value_name = "FILE")]
    refund_events_secret: Option<PathBuf>,
    /// An origin whose pages may call the API with a member's bearer token, for example
    /// <https://app.example>. May be repeated.
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<Origin>,
    /// Who may show the page in a frame: 'self' (the default), 'none', or an origin. May be repeated.
    #[arg(long, value_name = "ORIGIN")]
    frame_ancestor: Vec<FrameAncestor>,
    /// Replace the page's service worker with one that deletes the cached page files and unregisters itself.
    #[arg(long)]
    retire_service_worker: bool,
    /// Load demo data, and let anybody sign in as a persona at /demo/PERSONA. Works on a loopback address
    /// only.
    #[arg(long)]
    demo: bool,
    /// The demo's time step in seconds, for tests that wait for the next code. In production it is 30.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, requires = "demo", value_parser = clap::value_parser!(u32).range(1..=600))]
    code_period: u32,
}

pub(super) async fn execute(serve: Serve, clock: Clock) -> anyhow::Result<()> {
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
        code_period: TotpPeriod::from_millis(serve.code_period * 1_000)
            .expect("the range of --code-period is one of periods"),
        connections: ConnectionLimits {
            connections: usize::try_from(serve.max_connections)?,
            ..ConnectionLimits::default()
        },
        clock,
    };
    let server = Server::bind(serve.target.open()?, settings).await?;
    let address = server.address();
    tracing::info!(%address, "listening");
    if serve.demo {
        say(&demo::links(address));
    }
    server.run(stop_signal()).await
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
