//! Demo data and demo sign-in. They are served on a loopback address only, with a separate database.

mod announcement;
mod data;
mod dates;
mod events;

use std::net::SocketAddr;

use axum::{
    Json, Router,
    extract::{FromRef, Path, State},
    http::header,
    response::{IntoResponse, Redirect},
    routing::get,
};
use data::PIN;
use member_domain::wire::ProblemKind;
use serde_json::json;

use crate::{
    counter::terminals,
    http::{
        Base,
        problem::{ApiError, ApiResult},
        session::{SESSION_MILLIS, cookie_name},
    },
    members,
};

pub(crate) use data::{keep_up_to_date, load};

/// The personas to sign in as, with a description of each.
const PERSONAS: [(&str, &str); 8] = [
    ("active", "a card in the middle of its year"),
    ("ending", "the programme's end is announced"),
    ("refund-scheduled", "ended; the refund is decided"),
    ("refund-processing", "ended; the money is on its way"),
    ("refund-succeeded", "ended; the money has arrived"),
    ("refund-abnormal", "ended; the refund needs the member"),
    ("refund-closed", "ended; the refund was closed"),
    ("none", "signed in, no card"),
];

/// A shop that takes a PIN.
const PIN_SHOP: &str = "sh-laozaojian-noodles";

/// Returns the addresses to open, for printing after the server has started.
pub(crate) fn links(address: SocketAddr) -> String {
    let personas = PERSONAS.map(|(name, what)| format!("  http://{address}/demo/{name:<18} {what}\n"));
    format!(
        "\nThe member page with demo data, signed in as:\n{}\n\
         A till's token for a shop:\n  http://{address}/demo/terminal/sh-wutongli-coffee\n\
         A staff phone: open the first, enter the code of the second:\n  http://{address}/R\n  \
         http://{address}/demo/pairing/sh-wutongli-coffee\n\
         The PIN of every shop that takes one, such as {PIN_SHOP}: {PIN}\n\
         Stop with Ctrl-C.\n",
        personas.concat()
    )
}

/// Returns the demo's routes: sign-in as a persona, a terminal's token, a pairing code.
pub(crate) fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Base: FromRef<S>,
{
    Router::new()
        .route("/demo/{persona}", get(sign_in))
        .route("/demo/terminal/{shop_id}", get(terminal))
        .route("/demo/pairing/{shop_id}", get(pairing))
}

async fn sign_in(State(state): State<Base>, Path(persona): Path<String>) -> ApiResult<impl IntoResponse> {
    if !PERSONAS.iter().any(|(name, _)| *name == persona) {
        let known = PERSONAS.map(|(name, _)| name).join(", ");
        return Err(ApiError::new(ProblemKind::NotFound, format!("no such persona; there are: {known}")));
    }
    let token = members::sign_in(&state.database, &format!("demo-{persona}"), state.clock.now()).await;
    let token = token.map_err(|error| {
        tracing::error!(%error, "demo sign-in failed");
        ApiError::Internal
    })?;
    let name = cookie_name(&state.public_origin);
    // Browsers accept the prefix `__Host-` only with `Secure`.
    let secure = if name.starts_with("__Host-") { "; Secure" } else { "" };
    let (token, seconds) = (token.reveal(), SESSION_MILLIS / 1000);
    let cookie = format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/")))
}

async fn terminal(State(state): State<Base>, Path(shop_id): Path<String>) -> ApiResult<impl IntoResponse> {
    let token = terminals::add_terminal(&state.database, &shop_id, state.clock.now()).await;
    let token = token.map_err(|error| ApiError::new(ProblemKind::NotFound, error.to_string()))?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(json!({ "token": token.reveal() }))))
}

async fn pairing(State(state): State<Base>, Path(shop_id): Path<String>) -> ApiResult<impl IntoResponse> {
    let code = terminals::pairing_code(&state.database, &shop_id, state.clock.now()).await;
    let code = code.map_err(|error| ApiError::new(ProblemKind::NotFound, error.to_string()))?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(json!({ "code": code.reveal() }))))
}
