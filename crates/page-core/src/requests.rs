//! Which answer counts: the one to the latest request. An answer to an older question must not undo a newer one.

/// The requests for one thing, counted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Requests(u32);

/// One of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Request(u32);

impl Requests {
    /// Begins a request. Answers to earlier ones no longer count.
    pub fn begin(&mut self) -> Request {
        self.0 = self.0.wrapping_add(1);
        Request(self.0)
    }

    /// Whether the answer to this request counts: no other was begun since.
    pub fn is_latest(self, request: Request) -> bool {
        self.0 == request.0
    }
}
