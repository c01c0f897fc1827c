//! `GET /v1/me`

use gloo_net::http::Method;
use member_domain::wire::MeAnswer;

use super::{
    Answer, Api, ApiError,
    connection::{check_answer, parse},
    early::{self, Early, EarlyOutcome},
};
use crate::clock::RequestTimes;

/// An answer or an error, with the time of its request.
pub type TimedAnswer<T> = (Result<Answer<T>, ApiError>, RequestTimes);

impl Api {
    /// Requests the member's state.
    pub async fn me(self) -> TimedAnswer<MeAnswer> {
        let early = if self.uses_own_cookie() { early::await_early().await } else { None };
        let early = match early {
            Some(EarlyOutcome::Answer(early)) => decode_early(early),
            Some(EarlyOutcome::TooLate) => Some((Err(ApiError::Unreachable), RequestTimes::now())),
            None => None,
        };
        if let Some(early) = early {
            return early;
        }
        let times = RequestTimes::now();
        (self.request(Method::GET, "/v1/me").await.and_then(Answer::read), times)
    }

    /// Returns the early answer to the same request, if it has arrived.
    pub fn early_me(self) -> Option<TimedAnswer<MeAnswer>> {
        self.uses_own_cookie().then(early::take_arrived).flatten().and_then(decode_early)
    }

    /// Whether the early request of `index.html` is valid for this page: it asks for the cookie's member on
    /// the page's own origin.
    fn uses_own_cookie(self) -> bool {
        self.connection().is_some_and(|connection| connection.uses_own_cookie())
    }
}

/// Decodes the early answer. `None` if the request must be sent again: debug builds without a backend then
/// use samples.
fn decode_early(Early { status, text, times }: Early) -> Option<TimedAnswer<MeAnswer>> {
    let json = check_answer(status, text).map_err(|refusal| refusal.error);
    let json = json.and_then(|text| parse(&text).map_err(|_| ApiError::Unreadable));
    let answer = json.and_then(Answer::read);
    let must_retry = cfg!(debug_assertions) && matches!(answer, Err(ApiError::Unreadable));
    (!must_retry).then_some((answer, times))
}
