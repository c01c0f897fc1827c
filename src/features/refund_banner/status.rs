//! Which of the banner's states a member is in, and what it says.

use member_domain::{
    CivilDate, Fen, ProgrammePhase, RefundState, card_last_day,
    wire::{MeAnswer, Refund},
};

use crate::{
    i18n::{Language, Messages},
    ui::Glyph,
};

/// What the banner shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// The end is announced; the card works until `last_day`. `refund` is amount and day, once one is scheduled.
    Ending { last_day: CivilDate, refund: Option<(Fen, CivilDate)> },
    /// Over, and no refund is decided yet.
    Ended,
    /// A refund is under way or done.
    Refund { state: RefundState, amount: Fen },
}

impl Status {
    pub(super) fn of(me: &MeAnswer) -> Option<Self> {
        let of_refund = |refund: &Refund| Self::Refund { state: refund.state, amount: refund.amount_fen };
        let refund = me.refund.as_ref();
        // Money that is scheduled for after the end is part of the announcement, while the card still works.
        let announced = me.programme.phase == ProgrammePhase::Ending
            && refund.is_none_or(|refund| refund.state == RefundState::Scheduled);
        match (card_last_day(me).filter(|_| announced), refund) {
            (Some(last_day), refund) => {
                let refund = refund.and_then(|refund| Some((refund.amount_fen, refund.scheduled_for?)));
                Some(Self::Ending { last_day, refund })
            }
            (None, Some(refund)) => Some(of_refund(refund)),
            (None, None) if me.card.is_some() && me.programme.phase == ProgrammePhase::Ended => Some(Self::Ended),
            (None, None) => None,
        }
    }

    /// The state's name in `data-state`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Ending { .. } => "ending",
            Self::Ended => "ended",
            Self::Refund { state, .. } => state.as_str(),
        }
    }

    pub(super) const fn glyph(self) -> Glyph {
        match self {
            Self::Refund { state: RefundState::Succeeded, .. } => Glyph::Done,
            Self::Refund { state: RefundState::Abnormal | RefundState::Closed, .. } => Glyph::Attention,
            Self::Ending { .. } | Self::Ended | Self::Refund { .. } => Glyph::Clock,
        }
    }

    /// Whether the member has to do something.
    pub(super) const fn needs_member(self) -> bool {
        matches!(self, Self::Refund { state: RefundState::Abnormal | RefundState::Closed, .. })
    }

    /// In the card's last days the title counts them, where today is known.
    pub(super) fn title(self, today: Option<CivilDate>, language: Language) -> String {
        let (text, formats) = (language.text(), language.formats());
        match self {
            Self::Ending { last_day, .. } => {
                let days = today.map(|today| last_day.days_since(today));
                match days.filter(|days| (0..=member_domain::CARD_END_DAYS).contains(days)) {
                    Some(days) => (text.card_ends)(days, &formats.day(last_day)),
                    None => (text.ending_title)(&formats.day(last_day)),
                }
            }
            Self::Ended => text.ended_title.to_owned(),
            Self::Refund { state, amount } => texts(text, state).0(&formats.money(amount)),
        }
    }

    pub(super) fn line(self, language: Language) -> String {
        let (text, formats) = (language.text(), language.formats());
        match self {
            Self::Ending { refund: Some((amount, day)), .. } => {
                (text.ending_refund)(&formats.money(amount), &formats.day(day))
            }
            Self::Ending { refund: None, .. } => text.ending_no_refund.to_owned(),
            Self::Ended => text.ended_no_refund.to_owned(),
            Self::Refund { state, .. } => texts(text, state).1.to_owned(),
        }
    }
}

/// What a state is called: banner title, banner line, name in the timeline.
pub(super) const fn texts(
    text: &'static Messages,
    state: RefundState,
) -> &'static (fn(&str) -> String, &'static str, &'static str) {
    match state {
        RefundState::Scheduled => &text.refund.scheduled,
        RefundState::Processing => &text.refund.processing,
        RefundState::Succeeded => &text.refund.succeeded,
        RefundState::Abnormal => &text.refund.abnormal,
        RefundState::Closed => &text.refund.closed,
    }
}
