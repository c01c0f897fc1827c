//! The refund banner: the state of the card and of the money. States only facts from the backend and makes no
//! promise.

mod announcement;
mod dismissal;
mod next_step;
mod progress;
mod status;
mod timeline;

use member_domain::{CivilDate, wire::MeAnswer};

pub use self::timeline::refund_facts;
use self::{dismissal::Dismissal, status::Status};
use crate::{
    host::{Host, use_host},
    i18n::{Language, use_language},
    load::Load,
    prelude::*,
    ui::{Glyph, Icon, message},
};

/// A line and a progress picture for card and money. It opens to the timeline and the operator's
/// announcement. Hidden while the programme runs normally and after the member dismissed it.
#[component]
pub fn RefundBanner(
    /// The member's state, derived for today.
    #[prop(into)]
    me: Signal<Load<MeAnswer>>,
    /// Today's date in Asia/Shanghai, once it is known.
    #[prop(into)]
    today: Signal<Option<CivilDate>>,
) -> impl IntoView {
    let language = use_language();
    let known = Memo::new(move |_| me.with(|me| me.value().cloned()));
    let host = use_host();
    let dismissal = Dismissal::start(host.store);
    let status =
        Memo::new(move |_| known.with(|me| me.as_ref().filter(|me| !dismissal.covers(me)).and_then(Status::of)));
    let banner = Banner { known, status, today, dismissal, language, host };
    view! {
        <RefundChanges me />
        <Show when=move || status.with(Option::is_some)>{banner.view()}</Show>
    }
}

/// Announces changes of card or money to screen readers. It is always in the document, because they announce
/// changes only in an existing element. A sheet that shows money has its own, because content behind a sheet
/// is not announced.
#[component]
pub fn RefundChanges(
    /// The member's state, derived for today.
    #[prop(into)]
    me: Signal<Load<MeAnswer>>,
) -> impl IntoView {
    let language = use_language();
    let announced = Memo::new(move |before: Option<&Announced>| me.with(|me| Announced::next(before, me.value())));
    let announcement = move || {
        let status = announced
            .with(|announced| if let Announced::Answer { to_announce, .. } = announced { *to_announce } else { None });
        status.map(|status| format!("{} {}", status.title(None, language), status.line(language))).unwrap_or_default()
    };
    view! { <p class="visually-hidden" role="status" data-testid="refund-changed">{announcement}</p> }
}

/// Whether the banner says that the card ends soon. Then no other element repeats it.
pub fn counts_down(me: &MeAnswer) -> bool {
    matches!(Status::of(me), Some(Status::Ending { .. }))
}

/// The state announced to screen readers.
#[derive(Clone, PartialEq)]
enum Announced {
    /// No answer so far.
    Nothing,
    /// The last state, and the state to announce.
    Answer { last: Option<Status>, to_announce: Option<Status> },
}

impl Announced {
    /// A first answer or an unchanged state is not a change.
    fn next(before: Option<&Self>, me: Option<&MeAnswer>) -> Self {
        let Some(me) = me else { return Self::Nothing };
        let status = Status::of(me);
        let to_announce = match before {
            Some(Self::Answer { last, to_announce }) if *last == status => *to_announce,
            Some(Self::Answer { .. }) => status,
            Some(Self::Nothing) | None => None,
        };
        Self::Answer { last: status, to_announce }
    }
}

#[derive(Clone, Copy)]
struct Banner {
    known: Memo<Option<MeAnswer>>,
    status: Memo<Option<Status>>,
    today: Signal<Option<CivilDate>>,
    dismissal: Dismissal,
    language: Language,
    host: Host,
}

impl Banner {
    fn view(self) -> AnyView {
        let Self { status, language, today, .. } = self;
        let open = RwSignal::new(false);
        let of_status = move |read: fn(Status, Option<CivilDate>, Language) -> String| {
            move || status.get().map(|status| read(status, today.get(), language)).unwrap_or_default()
        };
        let icon = move || status.get().map(|status| view! { <Icon glyph=status.glyph() /> }).into_any();
        view! {
            <section
                class="refund-banner"
                data-testid="refund-banner"
                data-state=of_status(|status, _, _| status.name().to_owned())
                aria-label=message(|text| text.timeline)
            >
                <div class="refund-banner__top">
                    <button
                        class="refund-banner__head"
                        type="button"
                        aria-expanded=move || open.get().to_string()
                        on:click=move |_| open.update(|open| *open = !*open)
                    >
                        <span class="refund-banner__icon">{icon}</span>
                        <span class="refund-banner__text">
                            <strong class="refund-banner__title">{of_status(Status::title)}</strong>
                            <span class="refund-banner__line">{of_status(|status, _, language| status.line(language))}</span>
                        </span>
                        <span class="refund-banner__more"><Icon glyph=Glyph::Chevron /></span>
                    </button>
                    {self.dismiss()}
                </div>
                {self.part(progress::progress)}
                <Show when=move || status.get().is_some_and(Status::needs_member)>{self.part(next_step::next_step)}</Show>
                <Show when=move || open.get()>{self.part(details)}</Show>
            </section>
        }.into_any()
    }

    /// A part of the banner, built from the member's state in the current language.
    fn part(self, build: fn(&MeAnswer, Language) -> AnyView) -> impl IntoView {
        move || self.known.with(|me| me.as_ref().map(|me| build(me, self.language)))
    }

    /// The dismiss button. Shown only if nothing is pending.
    fn dismiss(self) -> impl IntoView {
        let Self { known, dismissal, host, .. } = self;
        let is_dismissable =
            move || known.with(|me| me.as_ref().is_some_and(|me| dismissal::dismissable(me).is_some()));
        let dismiss = move || {
            if let Some(me) = known.get_untracked() {
                dismissal.dismiss(&me);
                // The button is removed, so the focus moves to the card.
                focus_card(host);
            }
        };
        view! {
            <Show when=is_dismissable>
                <button
                    class="refund-banner__dismiss"
                    type="button"
                    data-testid="refund-dismiss"
                    aria-label=message(|text| text.dismiss)
                    on:click=move |_| dismiss()
                >
                    <Icon glyph=Glyph::Close />
                </button>
            </Show>
        }
    }
}

fn focus_card(host: Host) {
    request_animation_frame(move || {
        if let Some(next) = host.find("[data-testid='member-card'] button") {
            let _ = next.focus();
        }
    });
}

/// The banner's details: card and money separately, then the announcement.
fn details(me: &MeAnswer, language: Language) -> AnyView {
    let refund = me.refund.as_ref().map(|refund| refund_facts(refund, language));
    let announcement = me.programme.announcement.as_ref();
    let of_earlier_card = me.refund.as_ref().is_some_and(|refund| refund.of_earlier_card);
    let card_days = (!of_earlier_card).then(|| timeline::card_days(me, language));
    view! {
        <div class="refund-timeline" data-testid="refund-timeline">
            {card_days}
            {refund}
            {announcement.map(|announcement| announcement::announcement(announcement, language))}
        </div>
    }
    .into_any()
}
