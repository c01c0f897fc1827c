//! One connection: its bytes, its requests and its end. HTTP/1.1 only: HTTP/2 is for the proxy in front.

use std::{
    convert::Infallible,
    future::poll_fn,
    io::{self, IoSlice},
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::{Response, header},
};
use futures_util::future::BoxFuture;
use hyper::{
    body::{Frame, Incoming, SizeHint},
    rt::{Read, ReadBufCursor, Write},
    server::conn::http1,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpStream,
    time::{Instant, sleep_until},
};
use tower::Service;

use super::{
    guard::HealthOnly,
    pool::{Answering, Held, Order, Phase, Slot},
};

/// The largest header of a request, in bytes.
const MAX_HEADER: usize = 32 * 1024;
/// After this time without an acknowledgement, in milliseconds, the client is gone: a phone without network,
/// for example. Event streams send something every 15 s.
const UNACKNOWLEDGED: u32 = 30_000;

/// Serves a connection until it ends, until a deadline has passed, or until it is ordered to close.
pub(super) async fn serve(stream: TcpStream, held: Held, router: Router, is_reserve: bool) {
    // If this fails, the system's own limit of some 15 minutes remains.
    let _ = rustix::net::sockopt::set_tcp_user_timeout(&stream, UNACKNOWLEDGED);
    let slot: &Arc<Slot> = &held;
    let bytes = WatchedBytes { stream: TokioIo::new(stream), slot: Arc::clone(slot) };
    let requests = Requests { router, slot: Arc::clone(slot), is_reserve };
    let mut http = http1::Builder::new();
    // The slot has the deadlines: hyper's own would count the wait for a request as a part of its header.
    http.header_read_timeout(None).max_buf_size(MAX_HEADER).keep_alive(!is_reserve);
    let mut connection = pin!(http.serve_connection(bytes, requests));
    let mut alarm = pin!(sleep_until(Instant::now() + Duration::from_hours(1)));
    let mut is_finishing = false;
    let end = poll_fn(|context| {
        match held.order(context.waker()) {
            Order::None => {}
            Order::MakeRoom if held.phase() == Phase::HalfOpen => return Poll::Ready(()),
            Order::Abort => return Poll::Ready(()),
            Order::Finish | Order::MakeRoom if is_finishing => {}
            Order::Finish | Order::MakeRoom => {
                is_finishing = true;
                connection.as_mut().graceful_shutdown();
            }
        }
        if connection.as_mut().poll(context).is_ready() {
            // An error means that the client has left, or that it does not speak HTTP. Hyper has answered it.
            return Poll::Ready(());
        }
        let Some(deadline) = held.deadline() else { return Poll::Pending };
        if alarm.deadline() != deadline {
            alarm.as_mut().reset(deadline);
        }
        alarm.as_mut().poll(context)
    });
    end.await;
}

/// The connection's bytes. Tells the slot when some come, and when none can be sent.
struct WatchedBytes {
    stream: TokioIo<TcpStream>,
    slot: Arc<Slot>,
}

impl WatchedBytes {
    fn wrote<T>(&self, written: Poll<T>) -> Poll<T> {
        self.slot.wrote(written.is_pending());
        written
    }
}

impl Read for WatchedBytes {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_ready() {
            self.slot.received();
        }
        read
    }
}

impl Write for WatchedBytes {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.wrote(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.wrote(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Answers the connection's requests.
struct Requests {
    router: Router,
    slot: Arc<Slot>,
    is_reserve: bool,
}

impl hyper::service::Service<Request<Incoming>> for Requests {
    type Response = Response<Answer>;
    type Error = Infallible;
    /// Boxed, so that a connection without a request has no room for one.
    type Future = BoxFuture<'static, Result<Response<Answer>, Infallible>>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        let answering = self.slot.begin();
        if self.is_reserve {
            request.extensions_mut().insert(HealthOnly);
        }
        let answer = self.router.clone().call(request);
        Box::pin(async move {
            let answer = answer.await?;
            let kind = answer.headers().get(header::CONTENT_TYPE);
            if kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream")) {
                answering.is_endless();
            }
            Ok(answer.map(|body| Answer { body, _answering: answering }))
        })
    }
}

/// The body of an answer. The connection is busy until it has been sent.
struct Answer {
    body: Body,
    _answering: Answering,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
