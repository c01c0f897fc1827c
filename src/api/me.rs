//! `GET /v1/me`

use gloo_net::http::Method;
use member_domain::wire::MeAnswer;

use super::{
    Answer, Api, ApiError,
    connection::{judged, parse},
    early::{self, Arrived, Early},
};
use crate::clock::Asking;

/// An answer, or why there is none, and when it was asked for.
pub type TimedAnswer<T> = (Result<Answer<T>, ApiError>, Asking);

impl Api {
    /// The member's whole state.
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

    /// The same if it was asked for while the page's code was on its way, and is there already.
    pub fn me_at_hand(self) -> Option<TimedAnswer<MeAnswer>> {
        self.is_of_page().then(early::at_hand).flatten().and_then(looked_at)
    }

    /// Whether what the page's own script has asked for is meant: it is of the cookie's member, on the own origin.
    fn is_of_page(self) -> bool {
        self.connection().is_some_and(|connection| connection.is_of_page())
    }
}

/// The answer, or nothing where it is to be asked for again: debug builds have samples where there is no backend.
fn looked_at(Early { status, text, asking }: Early) -> Option<TimedAnswer<MeAnswer>> {
    let json = judged(status, text).map_err(|refusal| refusal.error);
    let json = json.and_then(|text| parse(&text).map_err(|_| ApiError::Unreadable));
    let answer = json.and_then(Answer::read);
    let is_asked_again = cfg!(debug_assertions) && matches!(answer, Err(ApiError::Unreadable));
    (!is_asked_again).then_some((answer, asking))
}
