//! Decides the outcome of a redemption by a shop's PIN. Each try ends in a definite state. If the answer to a try is
//! lost, the page queries the outcome with the try's idempotency key. It never sends that try again with another key.

use std::fmt;

use member_domain::{
    Fen,
    wire::{AttemptAnswer, AttemptState, ProblemKind, Receipt},
};

use crate::ApiError;

/// The number of answers "not arrived" after which the page believes them. A request can take longer than the page
/// waits.
const MAX_NOT_ARRIVED: u32 = 4;

/// The input of staff.
#[derive(Clone, PartialEq, Eq)]
pub struct PinEntry {
    /// The shop's PIN: 4 to 8 digits.
    pub pin: String,
    /// The bill before the discount.
    pub bill: Fen,
}

impl fmt::Debug for PinEntry {
    /// Formats the entry without the PIN.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PinEntry").field("bill", &self.bill).finish_non_exhaustive()
    }
}

/// The reason why a PIN did not redeem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinRefusal {
    /// The PIN is wrong. Holds the number of tries left.
    Wrong(u32),
    /// The PIN is locked after too many wrong tries. Holds the number of seconds until it works again.
    Locked(u32),
    /// Another failure. Without a definite answer the try may still have redeemed.
    Other(ApiError),
}

/// The state of a try. A try that redeemed is shown as the sheet's result instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinState {
    /// The form is ready for input.
    Ready,
    /// The try was sent, and its answer is pending.
    Pending,
    /// The answer was lost; the page queries the outcome.
    Querying,
    /// The backend has no record of the try. The next try uses the same key, so that both count once.
    NotArrived,
    /// The outcome cannot be queried.
    Unknown,
    /// The PIN was wrong. Holds the number of tries left.
    Wrong(u32),
    /// The PIN is locked after too many wrong tries. Holds the number of minutes to wait.
    Locked(u32),
    /// The try was refused for another reason.
    Refused(ProblemKind),
}

impl PinState {
    /// Whether the try may have redeemed without the page's knowledge.
    pub const fn is_unsettled(self) -> bool {
        matches!(self, Self::Pending | Self::Querying | Self::Unknown)
    }
}

/// One try: its shop and its idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Try {
    /// The id of the shop.
    pub shop: String,
    /// The idempotency key.
    pub key: String,
}

/// An event for the state machine.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Staff submitted the PIN and the bill.
    Entered {
        /// The id of the shop.
        shop: String,
        /// The stored key of a try at this shop with an unknown outcome.
        stored_key: Option<String>,
        /// A new key, used if there is no such try.
        new_key: String,
        /// The input of staff.
        entry: PinEntry,
    },
    /// The result of [`Effect::Send`].
    Answered {
        /// The try.
        tried: Try,
        /// Whether this was the first request with its key.
        is_first: bool,
        /// The answer.
        answer: Result<Receipt, PinRefusal>,
    },
    /// The result of [`Effect::QueryOutcome`].
    OutcomeReported {
        /// The number of the query.
        query_number: u32,
        /// The answer.
        answer: Result<AttemptAnswer, ApiError>,
    },
    /// The delay of [`Effect::Wait`] has passed.
    DelayPassed {
        /// The number of the query.
        query_number: u32,
    },
}

/// An effect that the page runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Shows the state of the try.
    Show(PinState),
    /// Stores the try for the next visit.
    Store(Try),
    /// Deletes the stored try at this shop: its outcome is known.
    Forget(String),
    /// Sends the PIN and the bill.
    Send {
        /// The try, with its key.
        tried: Try,
        /// Whether this is the first request with its key.
        is_first: bool,
        /// The input of staff.
        entry: PinEntry,
    },
    /// Queries the outcome of the try with this key.
    QueryOutcome {
        /// The number of the query.
        query_number: u32,
        /// The idempotency key.
        key: String,
    },
    /// Waits for a short delay.
    Wait {
        /// The number of the query.
        query_number: u32,
    },
    /// The try redeemed.
    Redeemed {
        /// The backend's receipt.
        receipt: Receipt,
        /// Whether the sheet is open for the try's shop.
        is_open: bool,
    },
}

/// The state machine of redemptions by PIN.
#[derive(Clone, Debug, Default)]
pub struct PinTries {
    /// The shop for which the sheet is open.
    shop: Option<String>,
    /// The tries with an unknown outcome. They are kept here too, because storage can fail.
    unsettled: Vec<Try>,
    pending_query: Option<PendingQuery>,
    query_count: u32,
}

/// The pending query.
#[derive(Clone, Debug)]
struct PendingQuery {
    query_number: u32,
    tried: Try,
    /// The number of answers "not arrived" so far.
    not_arrived: u32,
}

impl PinTries {
    /// Opens the sheet for a shop, or for none. `stored_key` is the stored key of a try at that shop with an unknown
    /// outcome. This is not an [`Event`], because the page opens the sheet before it loads the code for events.
    pub fn open(&mut self, shop: Option<String>, stored_key: Option<String>) -> Vec<Effect> {
        self.shop.clone_from(&shop);
        let mut effects = vec![Effect::Show(PinState::Ready)];
        if let Some(shop) = shop
            && let Some(key) = self.unsettled_key(&shop, stored_key)
        {
            // Immediately, because no code may be shown until the outcome is known.
            self.query_outcome(Try { shop, key }, &mut effects);
        }
        effects
    }

    /// Handles an event and returns the effects.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = Vec::new();
        match event {
            Event::Entered { shop, stored_key, new_key, entry } => {
                let earlier = self.unsettled_key(&shop, stored_key);
                // An earlier request with this key may have redeemed. A refusal of the new request does not answer
                // that.
                let is_first = earlier.is_none();
                let tried = Try { key: earlier.unwrap_or(new_key), shop };
                self.unsettled.retain(|other| other.shop != tried.shop);
                self.unsettled.push(tried.clone());
                effects.push(Effect::Store(tried.clone()));
                effects.push(Effect::Show(PinState::Pending));
                effects.push(Effect::Send { tried, is_first, entry });
            }
            Event::Answered { tried, is_first, answer } => self.handle_answer(tried, is_first, answer, &mut effects),
            Event::OutcomeReported { query_number, answer } => {
                if let Some(pending_query) =
                    self.pending_query.take_if(|pending_query| pending_query.query_number == query_number)
                {
                    self.handle_outcome(pending_query, answer, &mut effects);
                }
            }
            Event::DelayPassed { query_number } => {
                // After the sheet is closed, the query waits until it is opened again.
                let shop = self.shop.as_ref();
                if let Some(pending_query) =
                    self.pending_query.as_ref().filter(|pending_query| pending_query.query_number == query_number)
                    && Some(&pending_query.tried.shop) == shop
                {
                    effects.push(Effect::QueryOutcome { query_number, key: pending_query.tried.key.clone() });
                }
            }
        }
        effects
    }

    fn is_open_for(&self, shop: &str) -> bool {
        self.shop.as_deref() == Some(shop)
    }

    /// The key of the try at a shop with an unknown outcome.
    fn unsettled_key(&self, shop: &str, stored_key: Option<String>) -> Option<String> {
        self.unsettled.iter().find(|tried| tried.shop == shop).map(|tried| tried.key.clone()).or(stored_key)
    }

    fn handle_answer(
        &mut self,
        tried: Try,
        is_first: bool,
        answer: Result<Receipt, PinRefusal>,
        effects: &mut Vec<Effect>,
    ) {
        match answer {
            Ok(receipt) => self.complete(&tried.shop, receipt, effects),
            Err(PinRefusal::Wrong(tries_left)) => {
                self.handle_refusal(&tried.shop, is_first, PinState::Wrong(tries_left), effects);
            }
            Err(PinRefusal::Locked(seconds)) => {
                self.handle_refusal(&tried.shop, is_first, PinState::Locked(seconds.div_ceil(60)), effects);
            }
            Err(PinRefusal::Other(ApiError::Problem(ProblemKind::Unauthorized))) if !is_first => {
                self.show(&tried.shop, PinState::Unknown, effects);
            }
            Err(PinRefusal::Other(
                ApiError::Unreachable
                | ApiError::Unreadable
                | ApiError::Problem(ProblemKind::Internal | ProblemKind::Conflict),
            )) => self.query_outcome(tried, effects),
            Err(PinRefusal::Other(ApiError::Problem(kind))) => {
                self.settle(&tried.shop, PinState::Refused(kind), effects);
            }
        }
    }

    /// Queries the outcome of a try until there is an answer or the sheet is closed.
    fn query_outcome(&mut self, tried: Try, effects: &mut Vec<Effect>) {
        if self.is_open_for(&tried.shop) {
            self.query_count += 1;
            let (query_number, key) = (self.query_count, tried.key.clone());
            self.pending_query = Some(PendingQuery { query_number, tried, not_arrived: 0 });
            effects.push(Effect::Show(PinState::Querying));
            effects.push(Effect::QueryOutcome { query_number, key });
        }
    }

    fn handle_outcome(
        &mut self,
        mut pending_query: PendingQuery,
        answer: Result<AttemptAnswer, ApiError>,
        effects: &mut Vec<Effect>,
    ) {
        let shop = pending_query.tried.shop.clone();
        match answer {
            Ok(AttemptAnswer { state: AttemptState::Done, receipt: Some(receipt), .. }) => {
                return self.complete(&shop, receipt, effects);
            }
            Ok(AttemptAnswer { state: AttemptState::Refused, problem, .. }) => {
                let kind = problem.as_deref().and_then(ProblemKind::from_type).unwrap_or(ProblemKind::Internal);
                return self.settle(&shop, PinState::Refused(kind), effects);
            }
            // The try can still arrive, so the next try uses the same key.
            Ok(_) if pending_query.not_arrived == MAX_NOT_ARRIVED => {
                return self.show(&shop, PinState::NotArrived, effects);
            }
            Ok(_) => pending_query.not_arrived += 1,
            // Nobody is signed in any more, so queries cannot succeed.
            Err(ApiError::Problem(ProblemKind::Unauthorized | ProblemKind::Forbidden)) => {
                return self.show(&shop, PinState::Unknown, effects);
            }
            Err(_) => {}
        }
        if self.is_open_for(&shop) {
            effects.push(Effect::Wait { query_number: pending_query.query_number });
            self.pending_query = Some(pending_query);
        }
    }

    /// Shows the state of the try, unless the sheet is now open for another shop.
    fn show(&self, shop: &str, state: PinState, effects: &mut Vec<Effect>) {
        if self.is_open_for(shop) {
            effects.push(Effect::Show(state));
        }
    }

    /// Handles a request that was refused before it was processed. If it was the first with its key, the next try gets
    /// a new key.
    fn handle_refusal(&mut self, shop: &str, is_first: bool, state: PinState, effects: &mut Vec<Effect>) {
        if is_first {
            self.settle(shop, state, effects);
        } else {
            self.show(shop, state, effects);
        }
    }

    /// Ends the try: its outcome is known, and the next try gets a new key.
    fn settle(&mut self, shop: &str, state: PinState, effects: &mut Vec<Effect>) {
        self.unsettled.retain(|tried| tried.shop != shop);
        self.pending_query.take_if(|pending_query| pending_query.tried.shop == shop);
        effects.push(Effect::Forget(shop.to_owned()));
        self.show(shop, state, effects);
    }

    fn complete(&mut self, shop: &str, receipt: Receipt, effects: &mut Vec<Effect>) {
        let is_open = self.is_open_for(shop);
        self.settle(shop, PinState::Ready, effects);
        effects.push(Effect::Redeemed { receipt, is_open });
    }
}
