//! Requests of one kind, and whether the page is still there to hear the answer.

pub(super) use page_core::Request;

use crate::prelude::*;

/// [`page_core::Requests`], shared by what begins them and what waits for their answers.
#[derive(Clone, Copy)]
pub(super) struct Requests(StoredValue<page_core::Requests>);

impl Requests {
    /// None so far.
    pub(super) fn new() -> Self {
        Self(StoredValue::new(page_core::Requests::default()))
    }

    /// Begins a request. Answers to earlier ones no longer count.
    pub(super) fn begin(self) -> Request {
        self.0.try_update_value(page_core::Requests::begin).unwrap_or_default()
    }

    /// Whether the answer to this request counts: no other was begun since, and the page is still there.
    pub(super) fn is_latest(self, request: Request) -> bool {
        self.0.try_get_value().is_some_and(|requests| requests.is_latest(request))
    }
}
