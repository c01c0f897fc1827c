//! The running server: its state, its router, its life from listening to graceful shutdown.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request},
    http::{Method, Uri},
    middleware,
};
use member_domain::wire::ProblemKind;
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
};
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer, trace::TraceLayer};

use crate::{
    clock::Clock,
    cors, counter, demo,
    limits::Limits,
    listeners::Listeners,
    origin::{FrameAncestor, Origin, frame_ancestors},
    policy,
    problem::ApiError,
    routes,
    site::{Site, with_site},
    storage::Database,
    trust,
    webhook::WebhookSecrets,
};

/// How long pages may show codes without reaching the server unless settings say otherwise: 72 hours.
pub const OFFLINE_MILLIS: i64 = 72 * 3_600_000;
/// How many requests a minute a terminal may send unless settings say otherwise.
pub const TERMINAL_LIMIT: u32 = 600;
/// How many PINs are compared at the same time at most.
const PIN_CHECKS: usize = 2;
/// The largest request body the API reads, in bytes.
const MAX_BODY: usize = 16 * 1024;
/// How long open requests may take to finish once the server is told to stop.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(5);

/// What the handlers share.
#[derive(Clone)]
pub struct AppState {
    pub(crate) database: Database,
    pub(crate) clock: Clock,
    /// Scheme, host and port members and shops reach this server at; goes into the QR.
    pub(crate) public_origin: Arc<str>,
    /// Whether an operator named it. Else it is where the server listens, which may have more than one name.
    pub(crate) is_public_origin_given: bool,
    /// The open pages, and the way changes take to them.
    pub(crate) listeners: Listeners,
    /// How long pages may show codes after they last reached this server, in milliseconds.
    pub(crate) offline_millis: i64,
    /// What payment providers sign refund events with.
    pub(crate) refund_event_secrets: Arc<WebhookSecrets>,
    /// How much anybody may try.
    pub(crate) limits: Arc<Limits>,
    /// Permits to compare a PIN.
    pub(crate) pin_checks: Arc<Semaphore>,
    /// Becomes true when the server stops: endless answers end then.
    pub(crate) shutdown: watch::Receiver<bool>,
}

impl AppState {
    /// The origin that this server's own pages are of, if an operator named it.
    pub(crate) fn own_origin(&self) -> Option<&str> {
        self.is_public_origin_given.then_some(&self.public_origin)
    }
}

/// How to serve.
#[derive(Debug)]
pub struct Settings {
    /// The address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The directory of the built page; none serves the API alone.
    pub site: Option<PathBuf>,
    /// Where members and shops reach this server, if not at `listen`.
    pub public_origin: Option<String>,
    /// How long pages may show codes after they last reached the server, in milliseconds.
    pub offline_millis: i64,
    /// How many requests a minute a terminal may send.
    pub terminal_limit: u32,
    /// What payment providers sign refund events with; with none, no such events are taken.
    pub refund_event_secrets: WebhookSecrets,
    /// The sites whose pages may call the API for their members, by bearer token.
    pub allowed_origins: Vec<Origin>,
    /// Who may show the page in a frame; with none named, this server's own pages.
    pub frame_ancestors: Vec<FrameAncestor>,
    /// Whether devices are to forget the files of the page that they keep.
    pub retire_service_worker: bool,
    /// Whether to serve demo data and sign in without asking.
    pub demo: bool,
    /// The source of time.
    pub clock: Clock,
}

/// A server that listens but does not answer yet.
pub struct Server {
    listener: TcpListener,
    router: Router,
    stop: watch::Sender<bool>,
    address: SocketAddr,
    followers: Vec<tokio::task::JoinHandle<()>>,
    state: AppState,
}

impl Server {
    /// Checks the settings, loads demo data where asked for, and binds the address.
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
        let listeners = Listeners::new();
        let (stop, shutdown) = watch::channel(false);
        let last_change = database.last_change().await?;
        let state = AppState {
            database: database.clone(),
            clock: settings.clock,
            public_origin: origin.into(),
            is_public_origin_given,
            listeners: listeners.clone(),
            offline_millis: settings.offline_millis,
            refund_event_secrets: Arc::new(settings.refund_event_secrets),
            limits: Arc::new(Limits::new(settings.terminal_limit)),
            pin_checks: Arc::new(Semaphore::new(PIN_CHECKS)),
            shutdown,
        };

        let mut router = routes::api(&state.public_origin);
        if settings.demo {
            router = router.merge(demo::routes());
        }
        router = match &settings.site {
            Some(directory) => {
                let site = Site {
                    directory,
                    frame_ancestors: &frame_ancestors,
                    public_origin: &state.public_origin,
                    retire_service_worker: settings.retire_service_worker,
                };
                with_site(router, &site)?
            }
            None => router
                .fallback(|_: Uri| async { ApiError::new(ProblemKind::NotFound, "there is nothing at this address") }),
        };
        let router = with_layers(router, settings.allowed_origins.into(), &state.public_origin);
        let router = router.with_state(state.clone());
        let mut followers = vec![
            tokio::spawn(routes::follow_changes(database.clone(), last_change, listeners)),
            tokio::spawn(trust::follow_trust(database.clone(), state.clock.clone())),
            tokio::spawn(counter::follow_refused(database.clone(), Arc::clone(&state.limits), state.clock.clone())),
        ];
        if settings.demo {
            followers.push(tokio::spawn(demo::follow_days(database, state.clock.clone())));
        }
        Ok(Self { listener, router, stop, address, followers, state })
    }

    /// Where the server listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `signal` completes, then lets open requests finish.
    pub async fn run(self, signal: impl Future<Output = ()> + Send + 'static) -> anyhow::Result<()> {
        let stop = self.stop;
        let mut stopping = stop.subscribe();
        let serving = axum::serve(self.listener, self.router).with_graceful_shutdown(async move {
            signal.await;
            tracing::info!("stopping");
            let _ = stop.send(true);
        });
        let too_late = async move {
            let _ = stopping.wait_for(|stopping| *stopping).await;
            tokio::time::sleep(SHUTDOWN_GRACE).await;
        };
        tokio::select! {
            served = serving => served?,
            () = too_late => tracing::warn!("some connections did not finish in time"),
        }
        self.followers.iter().for_each(tokio::task::JoinHandle::abort);
        let AppState { database, limits, clock, .. } = self.state;
        Ok(counter::write_refused(&database, limits.take_refused(clock.now())).await?)
    }
}

/// A method as it is logged: what somebody made up is not.
fn method(method: &Method) -> &str {
    let known = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH];
    if known.contains(method) { method.as_str() } else { "other" }
}

fn with_layers(router: Router<AppState>, allowed: Arc<[Origin]>, public_origin: &str) -> Router<AppState> {
    // The route's template is logged, never the path or the query: they can hold codes and places.
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
    // Around everything that may fail, so that pages of other sites can read how.
    let router = router.layer(panics).layer(middleware::from_fn_with_state(allowed, cors::share));
    let router = policy::security_headers(public_origin)
        .into_iter()
        .fold(router, |router, (name, value)| router.layer(SetResponseHeaderLayer::if_not_present(name, value)));
    router.layer(trace)
}
