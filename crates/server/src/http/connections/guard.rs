//! A deadline for the bodies of requests, and the refusal of requests while all connections are in use.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use crate::http::problem::ApiError;

/// Marks a request on a connection of the reserve.
#[derive(Clone, Copy)]
pub(super) struct HealthOnly;

/// Refuses a request on a connection of the reserve unless it checks the health. Answers 408 if the body takes
/// longer than the limit, whatever the handler makes of that.
pub(crate) async fn guard(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    if request.extensions().get::<HealthOnly>().is_some() && request.uri().path() != "/healthz" {
        return ApiError::NoConnection.into_response();
    }
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let is_late = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&is_late);
    let request = request.map(|body| Body::new(TimedBody { body, alarm: Box::pin(sleep(limit)), is_late: flag }));
    let response = next.run(request).await;
    if !is_late.load(Ordering::Acquire) {
        return response;
    }
    let mut response = ApiError::TooSlow.into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// A body that fails when its time has passed.
struct TimedBody {
    body: Body,
    alarm: Pin<Box<Sleep>>,
    is_late: Arc<AtomicBool>,
}

impl HttpBody for TimedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            return Poll::Ready(frame);
        }
        ready!(self.alarm.as_mut().poll(context));
        self.is_late.store(true, Ordering::Release);
        Poll::Ready(Some(Err(axum::Error::new("the request body took too long"))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
