//! Numbers the requests of one kind and rejects late answers.

pub(super) use page_core::Request;

use crate::prelude::*;

/// A shared handle to [`page_core::Requests`].
#[derive(Clone, Copy)]
pub(super) struct Requests(StoredValue<page_core::Requests>);

impl Requests {
    pub(super) fn new() -> Self {
        Self(StoredValue::new(page_core::Requests::default()))
    }

    /// Begins a request. Answers to earlier requests no longer count.
    pub(super) fn begin(self) -> Request {
        self.0.try_update_value(page_core::Requests::begin).unwrap_or_default()
    }

    /// Whether the answer to this request counts: it is the latest request, and the page is still mounted.
    pub(super) fn is_latest(self, request: Request) -> bool {
        self.0.try_get_value().is_some_and(|requests| requests.is_latest(request))
    }
}
