//! The page's decisions as functions: a state and an event in, the new state and effects out. Nothing here knows the browser;
//! time comes in with the events. `src/app/` of the page wires them to signals, requests and storage.

mod ledger;
mod redemptions;

pub use ledger::{append_older, join_newest};
pub use redemptions::{Effect, Event, Moment, Redemptions};
