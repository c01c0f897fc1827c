//! The state of the banner, and its texts.

use member_domain::{
    CivilDate, Fen, ProgrammePhase, RefundState,
    wire::{CardState, MeAnswer},
};

use crate::{
    i18n::{Language, Messages},
    ui::Glyph,
};

/// State of the banner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// The programme's end is announced.
    Ending {
        /// The card's last day, or the programme's if the card no longer works.
        last_day: CivilDate,
        /// Whether the card still works until then.
        works: bool,
        money: Money,
    },
    /// The programme has ended, without a refund or before one.
    Ended { money: Money },
    /// A refund is pending or done. It may belong to an earlier card of the member.
    Refund { state: RefundState, amount: Fen, of_earlier_card: bool },
}

/// The known facts about the money before a refund starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Money {
    Undecided,
    /// The programme's rule pays nothing back, or nothing was paid.
    Nothing,
    /// Scheduled, sometimes for a known day.
    Scheduled(Fen, Option<CivilDate>),
}

impl Money {
    fn of(me: &MeAnswer) -> Self {
        match me.card_refund() {
            Some(refund) => Self::Scheduled(refund.amount_fen, refund.scheduled_for),
            None if me.refunds_nothing() => Self::Nothing,
            None => Self::Undecided,
        }
    }

    fn line(self, language: Language) -> String {
        let (text, formats) = (language.text(), language.formats());
        match self {
            Self::Undecided => text.ending_no_refund.to_owned(),
            Self::Nothing => text.refunds_nothing.to_owned(),
            Self::Scheduled(amount, day) => {
                let day = day.map(|day| formats.day(day));
                (text.ending_refund)(&formats.money(amount), day.as_deref())
            }
        }
    }
}

impl Status {
    pub(super) fn of(me: &MeAnswer) -> Option<Self> {
        let refund = me.refund.as_ref();
        let of_refund = refund.map(|refund| Self::Refund {
            state: refund.state,
            amount: refund.amount_fen,
            of_earlier_card: refund.of_earlier_card,
        });
        // A refund that needs the member takes precedence over the announcement.
        if of_refund.is_some_and(Self::needs_member) {
            return of_refund;
        }
        // While the programme runs, a refund scheduled for after its end is part of the announcement.
        let announced = me.programme.phase == ProgrammePhase::Ending
            && me.card_refund().is_none_or(|refund| refund.state == RefundState::Scheduled);
        if let (true, Some(card), Some(end)) = (announced, &me.card, me.programme.last_day) {
            let works = card.state != CardState::Ended;
            let last_day = me.last_day().filter(|_| works).unwrap_or(end);
            return Some(Self::Ending { last_day, works, money: Money::of(me) });
        }
        let ended = me.card.is_some() && me.programme.phase == ProgrammePhase::Ended;
        of_refund.or_else(|| ended.then(|| Self::Ended { money: Money::of(me) }))
    }

    /// The state's name in `data-state`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Ending { .. } => "ending",
            Self::Ended { .. } => "ended",
            Self::Refund { state, .. } => state.as_str(),
        }
    }

    pub(super) const fn glyph(self) -> Glyph {
        match self {
            Self::Refund { state: RefundState::Succeeded, .. } => Glyph::Done,
            Self::Refund { state: RefundState::Abnormal | RefundState::Closed, .. } => Glyph::Attention,
            Self::Ending { .. } | Self::Ended { .. } | Self::Refund { .. } => Glyph::Clock,
        }
    }

    /// Whether the member has to do something.
    pub(super) const fn needs_member(self) -> bool {
        matches!(self, Self::Refund { state: RefundState::Abnormal | RefundState::Closed, .. })
    }

    /// The banner's title. In the card's last days it counts them, if today is known.
    pub(super) fn title(self, today: Option<CivilDate>, language: Language) -> String {
        let (text, formats) = (language.text(), language.formats());
        match self {
            Self::Ending { last_day, works: false, .. } => (text.programme_ends)(&formats.day_from(last_day, today)),
            Self::Ending { last_day, .. } => {
                let days = today.map(|today| last_day.days_since(today));
                match days.filter(|days| (0..=member_domain::CARD_END_DAYS).contains(days)) {
                    Some(days) => (text.card_ends)(&formats.count(days), &formats.day_from(last_day, today)),
                    None => (text.ending_title)(&formats.day_from(last_day, today)),
                }
            }
            Self::Ended { .. } => text.ended_title.to_owned(),
            Self::Refund { state, amount, of_earlier_card } => {
                let title = texts(text, state).0(&formats.money(amount));
                if of_earlier_card { (text.of_earlier_card)(&title) } else { title }
            }
        }
    }

    pub(super) fn line(self, language: Language) -> String {
        match self {
            Self::Ending { money, .. } | Self::Ended { money } => money.line(language),
            Self::Refund { state, .. } => texts(language.text(), state).1.to_owned(),
        }
    }
}

/// A refund state's texts: banner title, banner line, and name in the timeline.
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
