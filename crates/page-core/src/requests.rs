//! Decides which answer counts: only the answer to the latest request. An older answer must not replace a newer one.

/// The number of requests for one resource.
#[derive(Clone, Copy, Debug, Default)]
pub struct Requests(u32);

/// The number of one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Request(u32);

impl Requests {
    /// Starts a request. Answers to earlier requests no longer count.
    pub fn begin(&mut self) -> Request {
        self.0 = self.0.wrapping_add(1);
        Request(self.0)
    }

    /// Whether the answer to this request counts: no later request was started.
    pub fn is_latest(self, request: Request) -> bool {
        self.0 == request.0
    }
}
