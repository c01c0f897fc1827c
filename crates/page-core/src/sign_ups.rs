//! What the member is doing about the members-only events, one at a time.

use member_domain::wire::{MemberEvent, MemberEventList, ProblemKind};

use crate::{ApiError, Load};

/// How a request to sign up, or to cancel, stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignUpStep {
    /// None is on its way.
    Ready,
    /// One is.
    Pending,
    /// The last one failed.
    Failed(ApiError),
}

/// The last request: about which event, and how it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignUps(Option<(String, SignUpStep)>);

impl SignUps {
    /// How the last request about this event stands.
    pub fn step(&self, event: &str) -> SignUpStep {
        self.0.as_ref().filter(|(of, _)| of == event).map_or(SignUpStep::Ready, |(_, step)| *step)
    }

    /// Begins a request about an event; `false` if one is on its way.
    pub fn begin(&mut self, event: &str) -> bool {
        let is_free = self.step(event) != SignUpStep::Pending;
        if is_free {
            self.0 = Some((event.to_owned(), SignUpStep::Pending));
        }
        is_free
    }

    /// The request about an event has ended. The member may be busy with another event by now.
    pub fn end(&mut self, event: &str, failure: Option<ApiError>) {
        if self.0.as_ref().is_some_and(|(of, _)| of == event) {
            self.0 = failure.map(|error| (event.to_owned(), SignUpStep::Failed(error)));
        }
    }

    /// Another sheet was opened, or none: what failed is of the sheet that was open before.
    pub fn leave(&mut self) {
        if !matches!(self.0, Some((_, SignUpStep::Pending))) {
            self.0 = None;
        }
    }
}

/// Whether there are no events to be had, rather than none within reach: a backend without events, or nobody signed in, which
/// another panel says.
pub const fn are_absent(error: ApiError) -> bool {
    matches!(error, ApiError::Problem(ProblemKind::NotFound | ProblemKind::Unauthorized))
}

/// What is shown while events are asked for again. Where there were none, their place is not held again: the page would move and
/// move back.
pub fn retry_events(list: &mut Load<MemberEventList>) {
    if !matches!(list, Load::Failed(error) if are_absent(*error)) {
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

/// Puts an event as it is now in the place of the same as it was.
pub fn put_in_place(list: &mut Load<MemberEventList>, event: MemberEvent) {
    if let Load::Ready { value, .. } = list
        && let Some(place) = value.events.iter_mut().find(|known| known.id == event.id)
    {
        *place = event;
    }
}
