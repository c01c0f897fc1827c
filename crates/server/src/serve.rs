//! The server: builds its state and router, listens, and shuts down gracefully.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request},
    http::{Method, Uri},
    middleware,
};
use member_domain::{TotpPeriod, wire::ProblemKind};
use member_storage::Database;
use tokio::{net::TcpListener, sync::watch};
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer, trace::TraceLayer};

use crate::{
    clock::Clock,
    counter::{Counter, desk, limits::Limits},
    demo,
    http::{
        Base,
        connections::{ConnectionLimits, Connections, file_limit, guard},
        cors,
        origin::{FrameAncestor, Origin, frame_ancestors},
        policy,
        problem::ApiError,
        rate::Paces,
        security_reports::Reports,
        site::{Site, with_site},
        system::Health,
        target,
    },
    live::{Live, listeners::Listeners, stream},
    members::Members,
    refunds::{RefundEvents, webhook::WebhookSecrets},
    routes,
    shops::trust,
    state::AppState,
};

/// How long a page may show codes without reaching the server, by default: 72 hours.
pub const OFFLINE_MILLIS: i64 = 72 * 3_600_000;
/// How many requests a minute a terminal may send, by default.
pub const TERMINAL_LIMIT: u32 = 600;
/// The largest request body the API reads, in bytes.
const MAX_BODY: usize = 16 * 1024;
/// How long open requests may take to finish after the stop signal.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(5);

/// The settings of the server.
#[derive(Debug)]
pub struct Settings {
    /// The address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The directory of the built page. With `None`, the server does not serve the page.
    pub site: Option<PathBuf>,
    /// The origin at which members and shops reach this server, if it is not `listen`.
    pub public_origin: Option<String>,
    /// How long a page may show codes without reaching the server, in milliseconds.
    pub offline_millis: i64,
    /// How many requests a minute a terminal may send.
    pub terminal_limit: u32,
    /// The secrets with which payment providers sign refund events. With none, no such events are accepted.
    pub refund_event_secrets: WebhookSecrets,
    /// The origins whose pages may call the API with a member's bearer token.
    pub allowed_origins: Vec<Origin>,
    /// Who may show the page in a frame. If empty, only this server's own pages.
    pub frame_ancestors: Vec<FrameAncestor>,
    /// Whether devices must delete the page files that they cache.
    pub retire_service_worker: bool,
    /// Whether to serve demo data and to let anybody sign in.
    pub demo: bool,
    /// The time step of new credentials.
    pub code_period: TotpPeriod,
    /// The limits on connections and event streams.
    pub connections: ConnectionLimits,
    /// The source of time.
    pub clock: Clock,
}

/// A server that listens but does not answer yet.
pub struct Server {
    listener: TcpListener,
    connections: Connections,
    stop: watch::Sender<bool>,
    address: SocketAddr,
    /// The background tasks, which run until the server stops.
    tasks: Vec<tokio::task::JoinHandle<()>>,
    database: Database,
    clock: Clock,
    limits: Arc<Limits>,
}

impl Server {
    /// Checks the settings, loads the demo data if requested, and binds the address.
    pub async fn bind(database: Database, settings: Settings) -> anyhow::Result<Self> {
        if settings.demo && !settings.listen.ip().is_loopback() {
            bail!("--demo signs anybody in, so it listens on a loopback address only, not on {}", settings.listen);
        }
        let frame_ancestors = frame_ancestors(&settings.frame_ancestors)?;
        if settings.demo {
            demo::load(&database, settings.clock.now()).await?;
        }
        let listener = TcpListener::bind(settings.listen)
            .await
            .with_context(|| format!("cannot listen on {} (is another server using the port?)", settings.listen))?;
        let address = listener.local_addr()?;
        let is_public_origin_given = settings.public_origin.is_some();
        let origin = settings.public_origin.unwrap_or_else(|| format!("http://{address}"));
        let mut connection_limits = settings.connections;
        connection_limits.connections = file_limit::fit(connection_limits.connections);
        let listeners = Listeners::new(connection_limits);
        let (stop, shutdown) = watch::channel(false);
        let last_change = database.last_change().await?;
        let limits = Arc::new(Limits::default());
        let base = Base {
            database: database.clone(),
            clock: settings.clock.clone(),
            public_origin: origin.into(),
            is_public_origin_given,
            paces: Arc::new(Paces::new(settings.terminal_limit)),
        };
        let state = AppState {
            counter: Counter::new(&base, Arc::clone(&limits)),
            members: Members::new(&base, settings.offline_millis, settings.code_period),
            live: Live {
                database: database.clone(),
                clock: settings.clock.clone(),
                listeners: listeners.clone(),
                shutdown,
            },
            refund_events: RefundEvents {
                database: database.clone(),
                clock: settings.clock.clone(),
                refund_event_secrets: Arc::new(settings.refund_event_secrets),
            },
            security_reports: Reports::new(&base),
            health: Health::new(&base),
            base,
        };
        let public_origin = Arc::clone(&state.base.public_origin);

        let mut router = routes::api(&public_origin);
        if settings.demo {
            router = router.merge(demo::routes());
        }
        router = match &settings.site {
            Some(directory) => {
                let site = Site {
                    directory,
                    frame_ancestors: &frame_ancestors,
                    public_origin: &public_origin,
                    retire_service_worker: settings.retire_service_worker,
                };
                with_site(router, &site)?
            }
            None => router
                .fallback(|_: Uri| async { ApiError::new(ProblemKind::NotFound, "there is nothing at this address") }),
        };
        let router = with_layers(router, settings.allowed_origins.into(), &public_origin, connection_limits.body);
        let connections = Connections::new(router.with_state(state), connection_limits);
        let mut tasks = vec![
            tokio::spawn(stream::publish_changes(database.clone(), last_change, listeners)),
            tokio::spawn(trust::keep_up_to_date(database.clone(), settings.clock.clone())),
            tokio::spawn(desk::write_refused_when_due(database.clone(), Arc::clone(&limits), settings.clock.clone())),
        ];
        if settings.demo {
            tasks.push(tokio::spawn(demo::keep_up_to_date(database.clone(), settings.clock.clone())));
        }
        Ok(Self { listener, connections, stop, address, tasks, database, clock: settings.clock, limits })
    }

    /// Returns the address on which the server listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `signal` completes, then lets open requests finish.
    pub async fn run(self, signal: impl Future<Output = ()> + Send + 'static) -> anyhow::Result<()> {
        tokio::select! {
            () = self.connections.accept(self.listener, &self.clock) => {}
            () = signal => {}
        }
        tracing::info!("stopping");
        // Ends the event streams.
        let _ = self.stop.send(true);
        if !self.connections.finish(SHUTDOWN_GRACE).await {
            tracing::warn!("some connections did not finish in time");
        }
        self.tasks.iter().for_each(tokio::task::JoinHandle::abort);
        Ok(desk::write_refused(&self.database, self.limits.take_refused(self.clock.now())).await?)
    }
}

/// Returns a method's name for the log. An unknown method is logged as `other`, because a client can invent
/// it.
fn method(method: &Method) -> &str {
    let known = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH];
    if known.contains(method) { method.as_str() } else { "other" }
}

fn with_layers(
    router: Router<AppState>,
    allowed: Arc<[Origin]>,
    public_origin: &str,
    body_time: Duration,
) -> Router<AppState> {
    // The route's template is logged, never the path or the query: they can contain codes and places.
    let trace = TraceLayer::new_for_http().make_span_with(|request: &Request| {
        let route = request.extensions().get::<MatchedPath>().map_or("(site)", MatchedPath::as_str);
        tracing::info_span!("request", method = method(request.method()), route)
    });
    let trace = trace.on_response(|response: &axum::response::Response, took: Duration, _: &tracing::Span| {
        tracing::info!(status = response.status().as_u16(), millis = took.as_millis(), "answered");
    });
    let router = router
        .method_not_allowed_fallback(|| async { ApiError::MethodNotAllowed })
        .layer(DefaultBodyLimit::max(MAX_BODY));
    let panics = CatchPanicLayer::custom(|_| axum::response::IntoResponse::into_response(ApiError::Internal));
    // Outside everything that may fail, so that pages of other origins can read the errors.
    let router = router
        .layer(panics)
        .layer(middleware::from_fn_with_state(body_time, guard::guard))
        .layer(middleware::from_fn_with_state(allowed, cors::share))
        .layer(middleware::from_fn(target::refuse_ambiguous));
    let router = policy::security_headers(public_origin)
        .into_iter()
        .fold(router, |router, (name, value)| router.layer(SetResponseHeaderLayer::if_not_present(name, value)));
    router.layer(trace)
}
