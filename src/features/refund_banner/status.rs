//! Which of the banner's states a member is in, and what it says.

use member_domain::{CivilDate, Fen, ProgrammePhase, RefundState, wire::MeAnswer};

use crate::{i18n::Language, ui::Glyph};

/// What the banner shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// The end is announced; cards work until `last_day`. `refund` is amount and day, once one is scheduled.
    Ending { last_day: CivilDate, refund: Option<(Fen, CivilDate)> },
    /// Over, and no refund is decided yet.
    Ended,
    /// A refund is under way or done.
    Refund { state: RefundState, amount: Fen },
}

impl Status {
    pub(super) fn of(me: &MeAnswer) -> Option<Self> {
        me.card.as_ref()?;
        let refund = me.refund.as_ref();
        match (me.programme.phase, me.programme.last_day, refund) {
            // Money that is scheduled for after the end is part of the announcement.
            (ProgrammePhase::Ending, Some(last_day), None) => Some(Self::Ending { last_day, refund: None }),
            (ProgrammePhase::Ending, Some(last_day), Some(refund)) if refund.state == RefundState::Scheduled => {
                let scheduled = refund.scheduled_for.map(|day| (refund.amount_fen, day));
                Some(Self::Ending { last_day, refund: scheduled })
            }
            (_, _, Some(refund)) => Some(Self::Refund { state: refund.state, amount: refund.amount_fen }),
            (ProgrammePhase::Ended, _, None) => Some(Self::Ended),
            (ProgrammePhase::Running | ProgrammePhase::Ending, _, None) => None,
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

    pub(super) fn title(self, language: Language) -> String {
        let (text, formats) = (language.text(), language.formats());
        match self {
            Self::Ending { last_day, .. } => (text.ending_title)(&formats.day(last_day)),
            Self::Ended => text.ended_title.to_owned(),
            Self::Refund { state, amount } => {
                let (title, ..) = super::timeline::texts(text, state);
                title(&formats.money(amount))
            }
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
            Self::Refund { state, .. } => super::timeline::texts(text, state).1.to_owned(),
        }
    }
}
