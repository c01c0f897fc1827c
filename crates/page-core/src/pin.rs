//! What becomes of a redemption by a shop's PIN. Each try ends in a definite state; one whose answer was lost is asked about under
//! its own key and never sent again under another.

use std::fmt;

use member_domain::{
    Fen,
    wire::{AttemptAnswer, AttemptState, ProblemKind, Receipt},
};

use crate::ApiError;

/// How often "not there" is the answer before it is believed: a request can be under way longer than the page waits.
const NOT_THERE: u32 = 4;

/// What staff have entered.
#[derive(Clone, PartialEq, Eq)]
pub struct PinEntry {
    /// The shop's PIN: 4 to 8 digits.
    pub pin: String,
    /// The bill before the discount.
    pub bill: Fen,
}

impl fmt::Debug for PinEntry {
    /// Without the PIN.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PinEntry").field("bill", &self.bill).finish_non_exhaustive()
    }
}

/// Why a PIN did not redeem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinRefusal {
    /// It is wrong; so many tries are left.
    Wrong(u32),
    /// Too many were wrong; it works again in so many seconds.
    Locked(u32),
    /// Anything else. Without a definite answer it may have redeemed all the same.
    Other(ApiError),
}

/// Where a try stands. One that redeemed is shown as the sheet's result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinState {
    /// The form can be filled in.
    Ready,
    /// Sent.
    Pending,
    /// The answer was lost; it is being asked for.
    Asking,
    /// There is no sign of it. Should it arrive all the same, it counts once with the next try.
    NotArrived,
    /// The outcome cannot be asked for.
    Unknown,
    /// The PIN was wrong; so many tries are left.
    Wrong(u32),
    /// Too many were wrong; so many minutes to wait.
    Locked(u32),
    /// Refused for another reason.
    Refused(ProblemKind),
}

impl PinState {
    /// Whether it may have redeemed without anybody knowing.
    pub const fn is_unsettled(self) -> bool {
        matches!(self, Self::Pending | Self::Asking | Self::Unknown)
    }
}

/// One try: at which shop, and the key that the backend knows it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Try {
    /// The id of the shop.
    pub shop: String,
    /// The idempotency key.
    pub key: String,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Staff have entered the PIN and the bill.
    Entered {
        /// The id of the shop.
        shop: String,
        /// The key of a try there whose outcome is not known, as storage has it.
        kept: Option<String>,
        /// A new key, should there be none.
        fresh: String,
        /// What they entered.
        entry: PinEntry,
    },
    /// The backend has answered [`Effect::Send`], or has not.
    Answered {
        /// The try.
        tried: Try,
        /// Whether it was the first under its key.
        is_first: bool,
        /// The answer.
        answer: Result<Receipt, PinRefusal>,
    },
    /// The backend has answered [`Effect::Ask`], or has not.
    Told {
        /// The number of the question.
        question: u32,
        /// The answer.
        answer: Result<AttemptAnswer, ApiError>,
    },
    /// The time of [`Effect::Wait`] is over.
    Waited {
        /// The number of the question.
        question: u32,
    },
}

/// What the page does about it.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Shows where the try stands.
    Show(PinState),
    /// Keeps the try where the next visit finds it.
    Keep(Try),
    /// Forgets the try at this shop: its outcome is known.
    Forget(String),
    /// Sends the PIN and the bill.
    Send {
        /// Under which key.
        tried: Try,
        /// Whether it is the first under its key.
        is_first: bool,
        /// What staff entered.
        entry: PinEntry,
    },
    /// Asks what became of the try with this key.
    Ask {
        /// The number of the question.
        question: u32,
        /// The idempotency key.
        key: String,
    },
    /// Waits for a moment.
    Wait {
        /// The number of the question.
        question: u32,
    },
    /// It redeemed.
    Redeemed {
        /// The backend's receipt.
        receipt: Receipt,
        /// Whether the sheet is open for its shop.
        is_open: bool,
    },
}

/// The state.
#[derive(Clone, Debug, Default)]
pub struct PinTries {
    /// The shop that the sheet is open for.
    shop: Option<String>,
    /// The tries whose outcome is not known, as long as the page is up; storage can fail.
    unsettled: Vec<Try>,
    asked: Option<Asked>,
    questions: u32,
}

/// What the backend is being asked about.
#[derive(Clone, Debug)]
struct Asked {
    question: u32,
    about: Try,
    /// How often the answer was that it is not there.
    not_there: u32,
}

impl PinTries {
    /// The sheet was opened for a shop, or for none. `kept` is the key of a try there whose outcome is not known, as storage has it.
    /// Apart from the other events: the page does this before it has the code for those.
    pub fn open(&mut self, shop: Option<String>, kept: Option<String>) -> Vec<Effect> {
        self.shop.clone_from(&shop);
        let mut effects = vec![Effect::Show(PinState::Ready)];
        if let Some(shop) = shop
            && let Some(key) = self.key(&shop, kept)
        {
            // At once, since no code may show until the outcome is known.
            self.ask(Try { shop, key }, &mut effects);
        }
        effects
    }

    /// Takes an event in.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = Vec::new();
        match event {
            Event::Entered { shop, kept, fresh, entry } => {
                let earlier = self.key(&shop, kept);
                // An earlier request under this key may still have redeemed: a refusal of this one says nothing about it.
                let is_first = earlier.is_none();
                let tried = Try { key: earlier.unwrap_or(fresh), shop };
                self.unsettled.retain(|other| other.shop != tried.shop);
                self.unsettled.push(tried.clone());
                effects.push(Effect::Keep(tried.clone()));
                effects.push(Effect::Show(PinState::Pending));
                effects.push(Effect::Send { tried, is_first, entry });
            }
            Event::Answered { tried, is_first, answer } => self.answered(tried, is_first, answer, &mut effects),
            Event::Told { question, answer } => {
                if let Some(asked) = self.asked.take_if(|asked| asked.question == question) {
                    self.told(asked, answer, &mut effects);
                }
            }
            Event::Waited { question } => {
                // Once the sheet is closed nobody waits for the outcome; it is asked for when it is opened again.
                let shop = self.shop.as_ref();
                if let Some(asked) = self.asked.as_ref().filter(|asked| asked.question == question)
                    && Some(&asked.about.shop) == shop
                {
                    effects.push(Effect::Ask { question, key: asked.about.key.clone() });
                }
            }
        }
        effects
    }

    fn is_open_for(&self, shop: &str) -> bool {
        self.shop.as_deref() == Some(shop)
    }

    /// The key of the try at a shop whose outcome is not known.
    fn key(&self, shop: &str, kept: Option<String>) -> Option<String> {
        self.unsettled.iter().find(|tried| tried.shop == shop).map(|tried| tried.key.clone()).or(kept)
    }

    fn answered(&mut self, tried: Try, is_first: bool, answer: Result<Receipt, PinRefusal>, effects: &mut Vec<Effect>) {
        match answer {
            Ok(receipt) => self.done(&tried.shop, receipt, effects),
            Err(PinRefusal::Wrong(left)) => self.turned_away(&tried.shop, is_first, PinState::Wrong(left), effects),
            Err(PinRefusal::Locked(seconds)) => {
                self.turned_away(&tried.shop, is_first, PinState::Locked(seconds.div_ceil(60)), effects);
            }
            Err(PinRefusal::Other(ApiError::Problem(ProblemKind::Unauthorized))) if !is_first => {
                self.show(&tried.shop, PinState::Unknown, effects);
            }
            Err(PinRefusal::Other(
                ApiError::Unreachable
                | ApiError::Unreadable
                | ApiError::Problem(ProblemKind::Internal | ProblemKind::Conflict),
            )) => self.ask(tried, effects),
            Err(PinRefusal::Other(ApiError::Problem(kind))) => {
                self.settle(&tried.shop, PinState::Refused(kind), effects);
            }
        }
    }

    /// Asks what became of a try until there is an answer, or the sheet is closed.
    fn ask(&mut self, about: Try, effects: &mut Vec<Effect>) {
        if self.is_open_for(&about.shop) {
            self.questions += 1;
            let (question, key) = (self.questions, about.key.clone());
            self.asked = Some(Asked { question, about, not_there: 0 });
            effects.push(Effect::Show(PinState::Asking));
            effects.push(Effect::Ask { question, key });
        }
    }

    fn told(&mut self, mut asked: Asked, answer: Result<AttemptAnswer, ApiError>, effects: &mut Vec<Effect>) {
        let shop = asked.about.shop.clone();
        match answer {
            Ok(AttemptAnswer { state: AttemptState::Done, receipt: Some(receipt), .. }) => {
                return self.done(&shop, receipt, effects);
            }
            Ok(AttemptAnswer { state: AttemptState::Refused, problem, .. }) => {
                let kind = problem.as_deref().and_then(ProblemKind::from_type).unwrap_or(ProblemKind::Internal);
                return self.settle(&shop, PinState::Refused(kind), effects);
            }
            // It could still arrive, so the next try goes under the same key.
            Ok(_) if asked.not_there == NOT_THERE => return self.show(&shop, PinState::NotArrived, effects),
            Ok(_) => asked.not_there += 1,
            // Nobody is signed in any more: asking leads nowhere.
            Err(ApiError::Problem(ProblemKind::Unauthorized | ProblemKind::Forbidden)) => {
                return self.show(&shop, PinState::Unknown, effects);
            }
            Err(_) => {}
        }
        if self.is_open_for(&shop) {
            effects.push(Effect::Wait { question: asked.question });
            self.asked = Some(asked);
        }
    }

    /// Shows where the try stands, unless the sheet is open for another shop by now.
    fn show(&self, shop: &str, state: PinState, effects: &mut Vec<Effect>) {
        if self.is_open_for(shop) {
            effects.push(Effect::Show(state));
        }
    }

    /// This request was turned away unheard. If it was the first under its key the next try is another one.
    fn turned_away(&mut self, shop: &str, is_first: bool, state: PinState, effects: &mut Vec<Effect>) {
        if is_first {
            self.settle(shop, state, effects);
        } else {
            self.show(shop, state, effects);
        }
    }

    /// The outcome is known: the next try is another one.
    fn settle(&mut self, shop: &str, state: PinState, effects: &mut Vec<Effect>) {
        self.unsettled.retain(|tried| tried.shop != shop);
        self.asked.take_if(|asked| asked.about.shop == shop);
        effects.push(Effect::Forget(shop.to_owned()));
        self.show(shop, state, effects);
    }

    fn done(&mut self, shop: &str, receipt: Receipt, effects: &mut Vec<Effect>) {
        let is_open = self.is_open_for(shop);
        self.settle(shop, PinState::Ready, effects);
        effects.push(Effect::Redeemed { receipt, is_open });
    }
}
