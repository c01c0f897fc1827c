//! Whose codes the page shows: those of the credential in use or in storage if it is the card's active one. A device without one
//! gets one, silently where it takes nothing from another: on the first visit if no device has the card, else once the member
//! asks for a code. A device whose credential was ended by another asks first.

use member_domain::{CredentialNumber, UnixMillis};

use crate::{ApiError, Basis};

/// A backend of several servers may say for so many milliseconds that no device has the card although this page has just been given
/// its codes.
const LAG_MILLIS: f64 = 60_000.0;

/// What has to be known of a credential to tell whose it is. Its key is the page's alone.
pub trait Credential: Clone {
    /// Its public number.
    fn number(&self) -> &CredentialNumber;
    /// The masked number of the card it belongs to.
    fn card(&self) -> &str;
    /// From when on the backend refuses its codes.
    fn expires_at(&self) -> UnixMillis;
}

/// What there is to make codes with.
#[derive(Clone, Debug, PartialEq)]
pub enum CodeSource<C> {
    /// The credential is being fetched or enrolled.
    Preparing,
    /// Ready.
    Ready(C),
    /// Another device of the member has taken the codes over.
    TakenOver,
    /// The page was without network for longer than the backend allows.
    TooLongOffline,
    /// The member has no card.
    NoCard,
    /// There is none to be had.
    Failed(ApiError),
    /// This browser has no WebCrypto to make codes with.
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

/// Whether the backend has been reached since the page was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contact {
    /// The first answer is on its way.
    Awaited,
    /// The last request was answered.
    Answered,
    /// The last request was not.
    Failed,
}

/// How things stand when an event comes in.
#[derive(Clone, Debug, PartialEq)]
pub struct Circumstances {
    /// What the member's state says about codes.
    pub basis: Basis,
    /// The masked number of the member's card; empty without one.
    pub card: String,
    /// Whether the backend has been reached.
    pub contact: Contact,
    /// Whether the sheet with the code is open.
    pub is_open: bool,
    /// Whether this browser can make codes.
    pub can_sign: bool,
    /// The page's time, once it is known.
    pub now: Option<UnixMillis>,
    /// The monotonic clock, in milliseconds.
    pub monotonic: f64,
}

impl Circumstances {
    const fn works(&self) -> bool {
        matches!(self.basis, Basis::Works(_))
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<C> {
    /// The circumstances have changed, or the member asks to try again.
    Changed,
    /// Time has passed.
    TimePassed,
    /// The sheet with the code was closed.
    SheetClosed,
    /// The member wants the codes on this device, although another has them now.
    TakeOver,
    /// The credential at hand makes no codes.
    Broken,
    /// Storage was read, for [`Effect::Load`] or [`Effect::LoadLater`].
    Loaded(Option<C>),
    /// The backend has answered [`Effect::Enrol`].
    Enrolled(Result<C, ApiError>),
}

/// What the page does about it.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect<C> {
    /// Makes codes with this from now on.
    Show(CodeSource<C>),
    /// Reads this device's credential from storage.
    Load,
    /// The same after a moment: another tab of this device may be just about to store what it was given.
    LoadLater,
    /// Requests a credential for this card, which ends the one that another device has.
    Enrol(String),
    /// Has the credential known as the card's active one, and keeps it for the next visit.
    Keep(C),
    /// Sends [`Event::Changed`]: the circumstances changed while a credential was looked for.
    LookAgain,
}

/// The state.
#[derive(Clone, Debug)]
pub struct Codes<C> {
    source: CodeSource<C>,
    search: Search,
    /// Whether what is being found may be out of date by the time it is there.
    is_outdated: bool,
    /// The next credential is enrolled, whatever is stored: the one at hand makes no code, or the member takes over.
    enrol_anew: bool,
    /// The credential that this page was given last, and when by the monotonic clock.
    enrolled: Option<(CredentialNumber, f64)>,
}

/// How far the search for a credential is.
#[derive(Clone, Debug, PartialEq)]
enum Search {
    None,
    /// Storage is read.
    Loading(Wanted),
    /// It is read once more, as another tab may have the card's codes.
    LoadingAgain(Wanted),
    /// The backend is asked for one.
    Enrolling,
}

/// Which credential is searched for.
#[derive(Clone, Debug, PartialEq)]
struct Wanted {
    /// The number of the card's active one.
    active: Option<CredentialNumber>,
    card: String,
    /// The number of the one in use.
    own: Option<CredentialNumber>,
    was_taken_over: bool,
}

impl Wanted {
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
            enrol_anew: false,
            enrolled: None,
        }
    }
}

impl<C: Credential> Codes<C> {
    /// Takes an event in.
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
            // A take-over that failed is not to happen later, behind the member's back.
            Event::SheetClosed => self.enrol_anew = false,
            Event::TakeOver => {
                self.enrol_anew = true;
                self.show(CodeSource::Preparing, &mut effects);
                self.prepare(at, &mut effects);
            }
            Event::Broken => {
                self.enrol_anew = true;
                self.show(CodeSource::Failed(ApiError::Unreadable), &mut effects);
            }
            Event::Loaded(found) => match std::mem::replace(&mut self.search, Search::None) {
                Search::Loading(wanted) => self.loaded(wanted, found, at, &mut effects),
                Search::LoadingAgain(wanted) => {
                    let found = found.filter(|found| wanted.fits(found, at.now));
                    self.finish(Some(found.map_or(CodeSource::TakenOver, CodeSource::Ready)), at, &mut effects);
                }
                other => self.search = other,
            },
            Event::Enrolled(answer) => self.answered(answer, at, &mut effects),
        }
        effects
    }

    fn show(&mut self, source: CodeSource<C>, effects: &mut Vec<Effect<C>>) {
        self.source = source.clone();
        effects.push(Effect::Show(source));
    }

    /// Brings the source of codes in line with the circumstances.
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
        if self.enrol_anew {
            return self.enrol(at, effects);
        }
        let at_hand = self.source.credential();
        let wanted = Wanted {
            active: active.clone(),
            card: at.card.clone(),
            own: at_hand.map(|credential| credential.number().clone()),
            was_taken_over: matches!(self.source, CodeSource::TakenOver),
        };
        let is_new = |number: &CredentialNumber| {
            // To enrol once more would end it, and with it the code that a till is just reading.
            let enrolled = self.enrolled.as_ref();
            enrolled.is_some_and(|(of, when)| of == number && at.monotonic - when < LAG_MILLIS)
        };
        let is_right = at_hand.is_some_and(|credential| wanted.fits(credential, at.now))
            || (active.is_none() && wanted.own.as_ref().is_some_and(is_new));
        if is_right {
            return;
        }
        if wanted.active.is_some() {
            self.search = Search::Loading(wanted);
            effects.push(Effect::Load);
        } else {
            // Where no device has the card no stored credential is of use: a first visit need not wait for its empty storage.
            self.loaded(wanted, None, at, effects);
        }
    }

    /// Decides with what storage held.
    fn loaded(&mut self, wanted: Wanted, found: Option<C>, at: &Circumstances, effects: &mut Vec<Effect<C>>) {
        if !at.works() {
            return self.finish(None, at, effects);
        }
        let found = found.filter(|found| found.card() == wanted.card);
        if let Some(found) = found.as_ref().filter(|found| wanted.fits(*found, at.now)) {
            return self.finish(Some(CodeSource::Ready(found.clone())), at, effects);
        }
        let own = wanted.own.clone().or_else(|| found.map(|found| found.number().clone()));
        let is_elsewhere = wanted.active.is_some() && wanted.active != own;
        if is_elsewhere && (own.is_some() || wanted.was_taken_over) {
            self.show(CodeSource::Preparing, effects);
            self.search = Search::LoadingAgain(wanted);
            effects.push(Effect::LoadLater);
            return;
        }
        // What was kept of an earlier visit does not say whether another device has the codes by now.
        match at.contact {
            _ if is_elsewhere && !at.is_open => self.finish(None, at, effects),
            Contact::Answered => self.enrol(at, effects),
            Contact::Failed if at.is_open => {
                self.finish(Some(CodeSource::Failed(ApiError::Unreachable)), at, effects);
            }
            Contact::Awaited | Contact::Failed => self.finish(None, at, effects),
        }
    }

    fn enrol(&mut self, at: &Circumstances, effects: &mut Vec<Effect<C>>) {
        self.search = Search::Enrolling;
        effects.push(Effect::Enrol(at.card.clone()));
    }

    fn answered(&mut self, answer: Result<C, ApiError>, at: &Circumstances, effects: &mut Vec<Effect<C>>) {
        self.search = Search::None;
        match answer {
            // Signed out meanwhile: nothing is to be left behind.
            Ok(_) if !at.works() => self.finish(None, at, effects),
            Ok(credential) => {
                self.enrol_anew = false;
                self.enrolled = Some((credential.number().clone(), at.monotonic));
                effects.push(Effect::Keep(credential.clone()));
                self.finish(Some(CodeSource::Ready(credential)), at, effects);
            }
            Err(error) => self.finish(Some(CodeSource::Failed(error)), at, effects),
        }
    }

    /// Ends the search. Whatever was found is of no use to a card that works no longer.
    fn finish(&mut self, found: Option<CodeSource<C>>, at: &Circumstances, effects: &mut Vec<Effect<C>>) {
        self.search = Search::None;
        if let Some(found) = found.filter(|_| at.works()) {
            self.show(found, effects);
        }
        if std::mem::take(&mut self.is_outdated) {
            effects.push(Effect::LookAgain);
        }
    }
}
