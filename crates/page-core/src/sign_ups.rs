//! The member's sign-ups for members-only events, one request at a time.

use member_domain::wire::{MemberEvent, MemberEventList, ProblemKind};

use crate::{ApiError, Load};

/// The state of a request to sign up or to cancel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignUpStep {
    /// No request is pending.
    Ready,
    /// A request is pending.
    Pending,
    /// The last request failed.
    Failed(ApiError),
}

/// The event of the last request, and the state of that request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignUps(Option<(String, SignUpStep)>);

impl SignUps {
    /// The state of the last request for this event.
    pub fn step(&self, event: &str) -> SignUpStep {
        self.0.as_ref().filter(|(of, _)| of == event).map_or(SignUpStep::Ready, |(_, step)| *step)
    }

    /// Starts a request for an event. Returns `false` if one is pending.
    pub fn begin(&mut self, event: &str) -> bool {
        let is_free = self.step(event) != SignUpStep::Pending;
        if is_free {
            self.0 = Some((event.to_owned(), SignUpStep::Pending));
        }
        is_free
    }

    /// Ends the request for an event. Does nothing if a request for another event has started since.
    pub fn end(&mut self, event: &str, failure: Option<ApiError>) {
        if self.0.as_ref().is_some_and(|(of, _)| of == event) {
            self.0 = failure.map(|error| (event.to_owned(), SignUpStep::Failed(error)));
        }
    }

    /// Handles a change of sheet: drops a failure, because it belongs to the previous sheet.
    pub fn clear_failure(&mut self) {
        if !matches!(self.0, Some((_, SignUpStep::Pending))) {
            self.0 = None;
        }
    }
}

/// Whether an error means that there are no events at all, not that loading failed: the backend has no events, or
/// nobody is signed in. Another panel shows the second case.
pub const fn means_no_events(error: ApiError) -> bool {
    matches!(error, ApiError::Problem(ProblemKind::NotFound | ProblemKind::Unauthorized))
}

/// Prepares a retry of the list. If there were no events, the retry reserves no space for them, because the page would
/// shift twice.
pub fn retry_events(list: &mut Load<MemberEventList>) {
    if !matches!(list, Load::Failed(error) if means_no_events(*error)) {
        list.retry();
    }
}

/// The event with this id.
pub fn find_event(list: &Load<MemberEventList>, id: &str) -> Load<MemberEvent> {
    match list {
        Load::Loading => Load::Loading,
        Load::Failed(error) => Load::Failed(*error),
        Load::Ready { value, stale } => match value.events.iter().find(|event| event.id == id) {
            Some(event) => Load::Ready { value: event.clone(), stale: *stale },
            None => Load::Failed(ApiError::Problem(ProblemKind::NotFound)),
        },
    }
}

/// Replaces an event by its new data.
pub fn replace_event(list: &mut Load<MemberEventList>, event: MemberEvent) {
    if let Load::Ready { value, .. } = list
        && let Some(place) = value.events.iter_mut().find(|known| known.id == event.id)
    {
        *place = event;
    }
}
