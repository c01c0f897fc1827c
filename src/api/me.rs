//! `GET /v1/me`

use gloo_net::http::Method;
use member_domain::wire::MeAnswer;

use super::{
    Answer, Api, ApiError,
    connection::{judged, parse},
    early::{self, Arrived, Early},
};
use crate::clock::Asking;

/// An answer or an error, with the time of its request.
pub type TimedAnswer<T> = (Result<Answer<T>, ApiError>, Asking);

impl Api {
    /// Requests the member's state.
    pub async fn me(self) -> TimedAnswer<MeAnswer> {
        let early = if self.is_of_page() { early::on_its_way().await } else { None };
        let early = match early {
            Some(Arrived::Answer(early)) => looked_at(early),
            Some(Arrived::TooLate) => Some((Err(ApiError::Unreachable), Asking::now())),
            None => None,
        };
        if let Some(early) = early {
            return early;
        }
        let asking = Asking::now();
        (self.request(Method::GET, "/v1/me").await.and_then(Answer::read), asking)
    }

    /// Returns the early answer to the same request, if it has arrived.
    pub fn me_at_hand(self) -> Option<TimedAnswer<MeAnswer>> {
        self.is_of_page().then(early::at_hand).flatten().and_then(looked_at)
    }

    /// Whether the early request of `index.html` is valid for this page: it asks for the cookie's member on
    /// the page's own origin.
    fn is_of_page(self) -> bool {
        self.connection().is_some_and(|connection| connection.is_of_page())
    }
}

/// Decodes the early answer. `None` if the request must be sent again: debug builds without a backend then
/// use samples.
fn looked_at(Early { status, text, asking }: Early) -> Option<TimedAnswer<MeAnswer>> {
    let json = judged(status, text).map_err(|refusal| refusal.error);
    let json = json.and_then(|text| parse(&text).map_err(|_| ApiError::Unreadable));
    let answer = json.and_then(Answer::read);
    let is_asked_again = cfg!(debug_assertions) && matches!(answer, Err(ApiError::Unreadable));
    (!is_asked_again).then_some((answer, asking))
}
