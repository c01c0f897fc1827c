//! Which answer counts: the one to the latest request. An answer to an older question must not undo a newer one.

use crate::prelude::*;

/// The requests for one thing, counted.
#[derive(Clone, Copy)]
pub(super) struct Requests(StoredValue<u32>);

/// One of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Request(u32);

impl Requests {
    /// None so far.
    pub(super) fn new() -> Self {
        Self(StoredValue::new(0))
    }

    /// Begins a request. Answers to earlier ones no longer count.
    pub(super) fn begin(self) -> Request {
        let count = self.0.try_update_value(|count| {
            *count += 1;
            *count
        });
        Request(count.unwrap_or_default())
    }

    /// Whether the answer to this request counts: no other was begun since, and the page is still there.
    pub(super) fn is_latest(self, request: Request) -> bool {
        self.0.try_get_value() == Some(request.0)
    }
}
