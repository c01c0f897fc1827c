//! Events for members only, and the sign-ups for them.

mod event;
mod import;
mod seats;
pub use event::{EventOverview, EventRecord, LONGEST_EVENT_MILLIS};
pub use seats::{SignUpRefusal, SignUpRow};
