//! Decides which credential makes the page's codes: the one in use or in storage, if it is the card's active
//! credential. A device without a credential enrols silently on the first visit, if no device is enrolled for the card.
//! If another device is enrolled, this device enrols when the member requests a code. A device whose credential was
//! ended by another device asks the member first.

use member_domain::{CredentialNumber, UnixMillis};

use crate::{ApiError, Basis};

/// A backend with several servers can report for this many milliseconds after an enrolment that no device is enrolled.
const LAG_MILLIS: f64 = 60_000.0;

/// The properties of a credential that this module needs. The page alone has the key.
pub trait Credential: Clone {
    /// The public number.
    fn number(&self) -> &CredentialNumber;
    /// The masked number of the card it belongs to.
    fn card(&self) -> &str;
    /// The time from which the backend refuses its codes.
    fn expires_at(&self) -> UnixMillis;
}

/// The source of the page's codes, or the reason why there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum CodeSource<C> {
    /// The credential is being loaded or enrolled.
    Preparing,
    /// The credential is ready.
    Ready(C),
    /// Another device of the member has taken over the codes.
    TakenOver,
    /// The page was offline for longer than the backend allows.
    TooLongOffline,
    /// The member has no card.
    NoCard,
    /// No credential is available.
    Failed(ApiError),
    /// This browser has no `WebCrypto` to make codes.
    Unsupported,
}

impl<C> CodeSource<C> {
    /// The credential that makes codes now.
    pub const fn credential(&self) -> Option<&C> {
        match self {
            Self::Ready(credential) => Some(credential),
            _ => None,
        }
    }
}

/// The result of the last request to the backend since the page was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastRequest {
    /// The first answer is pending.
    Pending,
    /// The last request was answered.
    Answered,
    /// The last request failed.
    Failed,
}

/// The state of the page when an event arrives.
#[derive(Clone, Debug, PartialEq)]
pub struct Circumstances {
    /// The part of the member's state that decides about codes.
    pub basis: Basis,
    /// The masked number of the member's card; empty without a card.
    pub card: String,
    /// The result of the last request to the backend.
    pub last_request: LastRequest,
    /// Whether the code sheet is open.
    pub is_open: bool,
    /// Whether this browser can make codes.
    pub can_sign: bool,
    /// The page's time, if it is known.
    pub now: Option<UnixMillis>,
    /// The monotonic clock, in milliseconds.
    pub monotonic: f64,
}

impl Circumstances {
    const fn works(&self) -> bool {
        matches!(self.basis, Basis::Works(_))
    }
}

/// An event for the state machine.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<C> {
    /// The circumstances have changed, or the member retries.
    Changed,
    /// Time has passed.
    TimePassed,
    /// The code sheet was closed.
    SheetClosed,
    /// The member moves the codes to this device from another.
    TakeOver,
    /// The current credential cannot make codes.
    CredentialFailed,
    /// The result of [`Effect::Load`] or [`Effect::LoadLater`]: the stored credential.
    Loaded(Option<C>),
    /// The result of [`Effect::Enrol`].
    Enrolled(Result<C, ApiError>),
}

/// An effect that the page runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect<C> {
    /// Uses this source of codes from now on.
    Show(CodeSource<C>),
    /// Loads this device's credential from storage.
    Load,
    /// Loads this device's credential from storage after a short delay. Another tab of this device may be about to
    /// store a new credential.
    LoadLater,
    /// Enrols a credential for this card. This ends the credential of another device.
    Enrol(String),
    /// Marks the credential as the card's active one, and stores it for the next visit.
    Store(C),
    /// Sends [`Event::Changed`]: the circumstances changed during the search for a credential.
    Recheck,
}

/// The state machine of the page's codes.
#[derive(Clone, Debug)]
pub struct Codes<C> {
    source: CodeSource<C>,
    search: Search,
    /// Whether the circumstances changed during the search, so that its result can be outdated.
    is_outdated: bool,
    /// Whether the next credential must be enrolled, whatever is stored: the current one makes no codes, or the member
    /// takes over.
    must_enrol: bool,
    /// The number of the credential that this page enrolled last, and the monotonic time of the enrolment.
    enrolled: Option<(CredentialNumber, f64)>,
}

/// The progress of the search for a credential.
#[derive(Clone, Debug, PartialEq)]
enum Search {
    None,
    /// Storage is being read.
    Loading(Target),
    /// Storage is being read again, because another tab may have the card's credential.
    LoadingAgain(Target),
    /// A new credential is being enrolled.
    Enrolling,
}

/// The credential that is searched for.
#[derive(Clone, Debug, PartialEq)]
struct Target {
    /// The number of the card's active credential.
    active: Option<CredentialNumber>,
    card: String,
    /// The number of the credential in use.
    own: Option<CredentialNumber>,
    was_taken_over: bool,
}

impl Target {
    fn fits<C: Credential>(&self, credential: &C, now: Option<UnixMillis>) -> bool {
        credential.card() == self.card
            && self.active.as_ref() == Some(credential.number())
            && now.is_none_or(|now| now < credential.expires_at())
    }
}

impl<C> Default for Codes<C> {
    fn default() -> Self {
        Self {
            source: CodeSource::Preparing,
            search: Search::None,
            is_outdated: false,
            must_enrol: false,
            enrolled: None,
        }
    }
}

impl<C: Credential> Codes<C> {
    /// Handles an event and returns the effects.
    pub fn update(&mut self, event: Event<C>, at: &Circumstances) -> Vec<Effect<C>> {
        let mut effects = Vec::new();
        match event {
            Event::Changed => self.prepare(at, &mut effects),
            Event::TimePassed => {
                let ends = self.source.credential().map(Credential::expires_at);
                if ends.zip(at.now).is_some_and(|(ends, now)| now >= ends) {
                    self.prepare(at, &mut effects);
                }
            }
            // A failed take-over must not happen later without the member's knowledge.
            Event::SheetClosed => self.must_enrol = false,
            Event::TakeOver => {
                self.must_enrol = true;
                self.show(CodeSource::Preparing, &mut effects);
                self.prepare(at, &mut effects);
            }
            Event::CredentialFailed => {
                self.must_enrol = true;
                self.show(CodeSource::Failed(ApiError::Unreadable), &mut effects);
            }
            Event::Loaded(found) => match std::mem::replace(&mut self.search, Search::None) {
                Search::Loading(target) => self.continue_search(target, found, at, &mut effects),
                Search::LoadingAgain(target) => {
                    let found = found.filter(|found| target.fits(found, at.now));
                    self.finish(Some(found.map_or(CodeSource::TakenOver, CodeSource::Ready)), at, &mut effects);
                }
                other => self.search = other,
            },
            Event::Enrolled(answer) => self.finish_enrolment(answer, at, &mut effects),
        }
        effects
    }

    fn show(&mut self, source: CodeSource<C>, effects: &mut Vec<Effect<C>>) {
        self.source = source.clone();
        effects.push(Effect::Show(source));
    }

    /// Adjusts the source of codes to the circumstances.
    fn prepare(&mut self, at: &Circumstances, effects: &mut Vec<Effect<C>>) {
        let is_searching = self.search != Search::None;
        self.is_outdated |= is_searching;
        let active = match &at.basis {
            Basis::Unknown => return self.show(CodeSource::Preparing, effects),
            Basis::NoCard => return self.show(CodeSource::NoCard, effects),
            Basis::Refused(error) => return self.show(CodeSource::Failed(*error), effects),
            Basis::TooOld => return self.show(CodeSource::TooLongOffline, effects),
            Basis::Works(_) if !at.can_sign => return self.show(CodeSource::Unsupported, effects),
            Basis::Works(active) => active,
        };
        if is_searching {
            return;
        }
        let stays = match &self.source {
            CodeSource::Ready(credential) => credential.card() == at.card,
            other => matches!(other, CodeSource::TakenOver),
        };
        if !stays {
            self.show(CodeSource::Preparing, effects);
        }
        if self.must_enrol {
            return self.enrol(at, effects);
        }
        let current = self.source.credential();
        let target = Target {
            active: active.clone(),
            card: at.card.clone(),
            own: current.map(|credential| credential.number().clone()),
            was_taken_over: matches!(self.source, CodeSource::TakenOver),
        };
        let is_new = |number: &CredentialNumber| {
            // Another enrolment would end the new credential, and with it a code that a till is reading.
            let enrolled = self.enrolled.as_ref();
            enrolled.is_some_and(|(of, when)| of == number && at.monotonic - when < LAG_MILLIS)
        };
        let has_target = current.is_some_and(|credential| target.fits(credential, at.now))
            || (active.is_none() && target.own.as_ref().is_some_and(is_new));
        if has_target {
            return;
        }
        if target.active.is_some() {
            self.search = Search::Loading(target);
            effects.push(Effect::Load);
        } else {
            // If no device is enrolled, no stored credential is valid. A first visit need not wait for its empty
            // storage.
            self.continue_search(target, None, at, effects);
        }
    }

    /// Continues the search with the stored credential.
    fn continue_search(&mut self, target: Target, found: Option<C>, at: &Circumstances, effects: &mut Vec<Effect<C>>) {
        if !at.works() {
            return self.finish(None, at, effects);
        }
        let found = found.filter(|found| found.card() == target.card);
        if let Some(found) = found.as_ref().filter(|found| target.fits(*found, at.now)) {
            return self.finish(Some(CodeSource::Ready(found.clone())), at, effects);
        }
        let own = target.own.clone().or_else(|| found.map(|found| found.number().clone()));
        let is_enrolled_elsewhere = target.active.is_some() && target.active != own;
        if is_enrolled_elsewhere && (own.is_some() || target.was_taken_over) {
            self.show(CodeSource::Preparing, effects);
            self.search = Search::LoadingAgain(target);
            effects.push(Effect::LoadLater);
            return;
        }
        // A member's state from an earlier visit does not show whether another device has taken over since.
        match at.last_request {
            _ if is_enrolled_elsewhere && !at.is_open => self.finish(None, at, effects),
            LastRequest::Answered => self.enrol(at, effects),
            LastRequest::Failed if at.is_open => {
                self.finish(Some(CodeSource::Failed(ApiError::Unreachable)), at, effects);
            }
            LastRequest::Pending | LastRequest::Failed => self.finish(None, at, effects),
        }
    }

    fn enrol(&mut self, at: &Circumstances, effects: &mut Vec<Effect<C>>) {
        self.search = Search::Enrolling;
        effects.push(Effect::Enrol(at.card.clone()));
    }

    fn finish_enrolment(&mut self, answer: Result<C, ApiError>, at: &Circumstances, effects: &mut Vec<Effect<C>>) {
        self.search = Search::None;
        match answer {
            // The member has signed out meanwhile. Nothing must be stored.
            Ok(_) if !at.works() => self.finish(None, at, effects),
            Ok(credential) => {
                self.must_enrol = false;
                self.enrolled = Some((credential.number().clone(), at.monotonic));
                effects.push(Effect::Store(credential.clone()));
                self.finish(Some(CodeSource::Ready(credential)), at, effects);
            }
            Err(error) => self.finish(Some(CodeSource::Failed(error)), at, effects),
        }
    }

    /// Ends the search. Drops the result if the card no longer works.
    fn finish(&mut self, found: Option<CodeSource<C>>, at: &Circumstances, effects: &mut Vec<Effect<C>>) {
        self.search = Search::None;
        if let Some(found) = found.filter(|_| at.works()) {
            self.show(found, effects);
        }
        if std::mem::take(&mut self.is_outdated) {
            effects.push(Effect::Recheck);
        }
    }
}
