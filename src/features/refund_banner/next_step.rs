//! The action for a refund that needs the member: contact the operator's support.

use member_domain::{RefundState, wire::MeAnswer};

use crate::{
    i18n::Language,
    prelude::*,
    ui::{OutsideLink, line},
};

const HOOK: &str = "refund-next-step";

/// Links to the support's website, or to its phone number. Other values are shown as plain text.
pub(super) fn next_step(me: &MeAnswer, language: Language) -> AnyView {
    let text = language.text();
    let support = me.programme.support.as_ref();
    let (url, phone) = support.map_or((None, None), |support| (support.url.as_deref(), support.phone.as_deref()));
    let state = me.refund.as_ref().map(|refund| refund.state);
    let link = |url, label| link(url, label, state);
    let step = match (url, phone) {
        (Some(url), _) if is_website(url) => link(url.to_owned(), text.contact_support.to_owned()),
        (_, Some(phone)) => match dial_address(phone) {
            Some(number) => link(number, (text.call_support)(phone)),
            None => support_note((text.support_at)(phone)),
        },
        (Some(url), None) => support_note((text.support_at)(url)),
        (None, None) => support_note(text.support_unknown.to_owned()),
    };
    view! { <div class="refund-banner__next">{step}</div> }.into_any()
}

fn link(url: String, label: String, refund: Option<RefundState>) -> AnyView {
    view! { <OutsideLink test_id=HOOK url label refund /> }.into_any()
}

fn support_note(words: String) -> AnyView {
    view! { <div data-testid=HOOK>{line("refund-banner__words", words)}</div> }.into_any()
}

fn is_website(url: &str) -> bool {
    url.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://")) && url.len() > 8
}

/// Returns the `tel:` address of a phone number, if the text is one.
fn dial_address(phone: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '+' | '(' | ')');
    let digits: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    (phone.chars().all(plain) && digits.len() >= 3).then(|| format!("tel:{digits}"))
}
