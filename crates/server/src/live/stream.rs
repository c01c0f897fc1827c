//! `GET /v1/events`: server-sent events, so that an open page shows what happens at the till.
//!
//! One task reads the change log and publishes each entry to the streams that it concerns. A stream that
//! reconnects with `Last-Event-ID` first receives the changes that it missed.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, header},
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{FutureExt, StreamExt, future, stream};
use member_domain::{CredentialNumber, openapi::MemberEventId};
use member_storage::{CHANGES_AT_ONCE as REPLAY, Change, ChangeKind, Database};
use serde::Serialize;
use tokio::time::{Instant, interval_at};
use tokio_stream::wrappers::{IntervalStream, errors::BroadcastStreamRecvError};
use utoipa::ToSchema;

use crate::{
    http::{problem::ApiResult, session::SignedInMember},
    live::{Live, listeners::Listeners},
    openapi::{
        EventStream,
        responses::{Internal, RateLimited, Unauthorized},
        samples,
    },
};

/// How often the log is read for changes by other processes.
const POLL: Duration = Duration::from_millis(500);
/// How often an open stream checks that its session has not ended.
const SESSION_CHECK: Duration = Duration::from_mins(1);
/// How often a comment keeps a quiet connection open.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Changes as they happen
///
/// Server-sent events (WHATWG HTML, section 9.2) about this member and about programmes, for as long as the
/// connection holds. The stream opens with `hello`. A comment line every 15 s keeps a quiet connection open.
/// A server that stops ends its streams, and clients connect again.
///
/// Events with an id:
///
/// - `hello`, data `{}`: the stream is connected, and is replayed from here after a reconnect.
/// - `redemption`, data a `LedgerEntry`: the member's card was redeemed, or that redemption was cancelled
///   (`cancelledAt`). Show it.
/// - `credential`, data `{"number": …}`: a device has enrolled. `number` is the credential that is active
///   now. A device with another credential has been taken over.
/// - `member-event`, data `{"id": …}`: the member's sign-up for this event, or the event itself, has changed.
///   Request `GET /v1/member-events`.
/// - `refund`, data `{}`: the refund has a new state. Request `GET /v1/refund` or `GET /v1/me`.
/// - `programme`, data `{}`: a programme has changed. Request `GET /v1/me`.
///
/// The event `resync`, data `{}`, has no id. Events were dropped: this connection was too slow, 500 or more
/// were missed, or `Last-Event-ID` is ahead of the log, as after a restored backup (then `hello` is at the
/// end of the log). Request everything again.
///
/// Ids are decimal integers that grow along the stream, with gaps. A client that reconnects with
/// `Last-Event-ID` first gets the events that it missed, oldest first and at most 500. Without the header, it
/// gets only later events. Clients ignore events that they do not know.
///
/// A session and a member may have only so many open streams. One more is `rate-limited`: with status 429 if
/// the session or the member has too many, with 503 if the server has. Request the state at intervals then.
///
/// A browser's `EventSource` sends the cookie but no `Authorization` header. With a bearer token, read the
/// stream with `fetch`.
#[utoipa::path(
    get,
    path = "/v1/events",
    operation_id = "streamEvents",
    tag = "events",
    security(("memberSession" = []), ("memberBearer" = [])),
    params((
        "Last-Event-ID" = Option<String>,
        Header,
        description = "The id of the last event that the client has seen. An `EventSource` sends it by itself when it \
                       reconnects. A value that is not an integer is ignored.",
        nullable = false,
        pattern = "^[0-9]{1,19}$",
        example = "41",
    )),
    responses(
        (
            status = 200,
            description = "The stream. It has no end of its own.",
            body = EventStream,
            content_type = "text/event-stream",
            headers(("Cache-Control"), ("X-Accel-Buffering")),
            example = samples::events::stream,
        ),
        Unauthorized,
        RateLimited,
        Internal,
    ),
)]
pub(crate) async fn stream(
    State(state): State<Live>,
    member: SignedInMember,
    headers: HeaderMap,
) -> ApiResult<impl IntoResponse> {
    // Registered and subscribed before the log is read, so that no change is missed in between.
    let (listening, live) = state.listeners.open(&member.id, member.token)?;
    let last_seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse::<i64>().ok());
    let end = state.database.last_change().await?;
    // After a backup was restored, a page may have seen later changes than the log has. It would then miss
    // the next changes, which get the same numbers again.
    let is_ahead = last_seen.is_some_and(|seq| seq > end);
    let last_seen = last_seen.filter(|_| !is_ahead);
    let stands_at = last_seen.unwrap_or(end);
    let missed = match last_seen {
        Some(seq) => state.database.changes_after(seq, Some(member.id.clone())).await?,
        None => Vec::new(),
    };
    // The channel repeats changes that were written just before. Those up to this number are in `missed`, or
    // before `hello`.
    let replayed_to = missed.last().map_or(stands_at, |change| change.seq);
    // If more was missed than is replayed, the page requests everything again to fill the gap.
    let resync = (is_ahead || missed.len() >= REPLAY as usize).then(|| Event::default().event("resync").data("{}"));
    let events = live.filter_map(move |received| {
        let _open_as_long_as_the_stream = &listening;
        future::ready(match received {
            Ok(change) => (change.seq > replayed_to && concerns(&change, &member.id)).then(|| Some(event(&change))),
            // The stream is too slow for the channel: the page must request everything again.
            Err(BroadcastStreamRecvError::Lagged(_)) => Some(Some(Event::default().event("resync").data("{}"))),
        })
    });
    let checks = IntervalStream::new(interval_at(Instant::now() + SESSION_CHECK, SESSION_CHECK)).map(|_| None);
    let token = member.token;
    let live = stream::select(events, checks)
        .then(move |event| {
            let (database, now) = (state.database.clone(), state.clock.now());
            // Checked before each event: an ended session learns nothing more.
            async move { matches!(database.session_member(token, now).await, Ok(Some(_))).then_some(event) }
        })
        .take_while(|step| future::ready(step.is_some()))
        .filter_map(|step| future::ready(step.flatten()));
    let mut shutdown = state.shutdown.clone();
    let until_shutdown = async move { shutdown.wait_for(|stopping| *stopping).await.map(|_| ()) }.boxed();
    // `hello` tells the page at once that the stream is connected, and from which change a reconnect is
    // replayed.
    let hello = Event::default().event("hello").id(stands_at.to_string()).data("{}");
    let events = stream::once(future::ready(hello))
        .chain(stream::iter(missed.into_iter().map(|change| event(&change)).collect::<Vec<_>>()))
        .chain(stream::iter(resync))
        .chain(live)
        .take_until(until_shutdown)
        .map(Ok::<_, Infallible>);
    let no_buffering = [(header::CACHE_CONTROL, "no-store"), (HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((no_buffering, Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))))
}

fn concerns(change: &Change, member_id: &str) -> bool {
    change.member_id.as_deref().is_none_or(|id| id == member_id)
}

fn event(change: &Change) -> Event {
    let event = Event::default().id(change.seq.to_string());
    match &change.kind {
        ChangeKind::Redemption(entry) => {
            event.event("redemption").json_data(entry).expect("a ledger entry is plain JSON")
        }
        ChangeKind::Refund => event.event("refund").data("{}"),
        ChangeKind::Programme => event.event("programme").data("{}"),
        ChangeKind::Credential(number) => {
            let change = CredentialChange { number: number.clone() };
            event.event("credential").json_data(change).expect("a number is plain JSON")
        }
        ChangeKind::MemberEvent(id) => {
            event.event("member-event").json_data(MemberEventChange { id: id.clone() }).expect("an id is plain JSON")
        }
        // The page requests everything again, which is right whatever has changed.
        ChangeKind::Unknown => Event::default().event("resync").data("{}"),
    }
}

/// The credential that is active now.
#[derive(Serialize, ToSchema)]
pub(crate) struct CredentialChange {
    /// The number of the credential.
    #[schema(value_type = CredentialNumber)]
    number: Option<String>,
}

/// The event for members only that has changed, or whose sign-up has changed.
#[derive(Serialize, ToSchema)]
pub(crate) struct MemberEventChange {
    /// The id of the event.
    #[schema(value_type = MemberEventId)]
    id: String,
}

/// Publishes every log entry after `last`, until the process ends. It waits only at the end of the log. If it
/// waited after each page of entries, a redemption behind a large batch would be delayed by all these waits.
pub(crate) async fn publish_changes(database: Database, mut last: i64, listeners: Listeners) {
    loop {
        match database.changes_after(last, None).await {
            Ok(new) => {
                let is_full = new.len() >= REPLAY as usize;
                for change in new {
                    last = change.seq;
                    listeners.publish(change);
                }
                if is_full {
                    // Lets the streams take their changes before more changes come.
                    tokio::task::yield_now().await;
                    continue;
                }
            }
            Err(error) => tracing::error!(%error, "cannot read the change log"),
        }
        let _ = tokio::time::timeout(POLL, database.written()).await;
    }
}
