//! Programmes: creates and changes them, announces their end, prints their status.

pub(crate) mod end;
pub(crate) mod status;

use anyhow::bail;
use member_domain::{Fen, RefundRule, UnixMillis, wire::Support};
use member_storage::{Database, ProgrammeRecord};

use crate::import::{checked_id, checked_text, is_https, quoted};

/// The highest price: a million yuan, like the maximum payment for a card.
const HIGHEST_PRICE: Fen = Fen(100_000_000);
/// The maximum length of a support phone number.
const LONGEST_PHONE: usize = 30;

/// The terms given to `programme put`. `None` leaves a term unchanged; an empty text removes it.
#[derive(Clone)]
pub(crate) struct ProgrammeTerms {
    pub(crate) name: String,
    pub(crate) name_en: Option<String>,
    pub(crate) price: Fen,
    pub(crate) refund_rule: Option<RefundRule>,
    pub(crate) support_url: Option<String>,
    pub(crate) support_phone: Option<String>,
}

/// Creates a programme, or changes the one with this id.
pub(crate) async fn put(database: &Database, id: String, terms: ProgrammeTerms, now: UnixMillis) -> anyhow::Result<()> {
    if id.is_empty() {
        bail!("--id is empty: choose one that never changes");
    }
    if let Err(reason) = checked_id(&id) {
        bail!("--id is '{}': {reason}", quoted(&id));
    }
    if terms.name.trim().is_empty() {
        bail!("--name is empty");
    }
    for (option, name) in [("--name", Some(&terms.name)), ("--name-en", terms.name_en.as_ref())] {
        if let Some(Err(reason)) = name.map(|name| checked_text(name)) {
            bail!("{option}: {reason}");
        }
    }
    if !(0..=HIGHEST_PRICE.0).contains(&terms.price.0) {
        bail!("the price is {} fen: it must be from 0 to {}", terms.price.0, HIGHEST_PRICE.0);
    }
    if let Some(url) = terms.support_url.as_deref().filter(|url| !url.is_empty() && !is_https(url)) {
        bail!("--support-url is '{}': write an https:// address without spaces", quoted(url));
    }
    if let Some(phone) = terms.support_phone.as_deref().filter(|phone| !phone.is_empty() && !is_phone(phone)) {
        bail!(
            "--support-phone is '{}': write digits, spaces and hyphens, perhaps with a + before them, at most 30",
            quoted(phone)
        );
    }
    database
        .change_programme(id.clone(), now, move |current, has_refunds| {
            terms.clone().of(id.clone(), current, has_refunds)
        })
        .await??;
    Ok(())
}

impl ProgrammeTerms {
    /// Returns the programme with these terms.
    fn of(
        self,
        id: String,
        current: Option<ProgrammeRecord>,
        has_refunds: bool,
    ) -> anyhow::Result<Option<ProgrammeRecord>> {
        let Self { name, name_en, price, refund_rule, support_url, support_phone } = self;
        let current = current.unwrap_or_else(|| ProgrammeRecord {
            id,
            name: String::new(),
            name_en: None,
            price,
            refund_rule: RefundRule::Full,
            support: None,
            last_day: None,
            announcement: None,
        });
        if let Some(rule) = refund_rule.filter(|rule| has_refunds && *rule != current.refund_rule) {
            bail!(
                "refunds of '{}' were decided by the rule '{}': it cannot become '{}' any more",
                current.id,
                current.refund_rule.as_str(),
                rule.as_str()
            );
        }
        let (url, phone) = current.support.map_or((None, None), |support| (support.url, support.phone));
        let given = |new: Option<String>, old: Option<String>| match new {
            Some(text) => (!text.is_empty()).then_some(text),
            None => old,
        };
        let support = Support { url: given(support_url, url), phone: given(support_phone, phone) };
        Ok(Some(ProgrammeRecord {
            name,
            name_en: given(name_en, current.name_en),
            price,
            refund_rule: refund_rule.unwrap_or(current.refund_rule),
            support: (support.url.is_some() || support.phone.is_some()).then_some(support),
            ..current
        }))
    }
}

/// Whether the text is a phone number.
fn is_phone(text: &str) -> bool {
    let number = text.strip_prefix('+').unwrap_or(text);
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    digits >= 3
        && text.len() <= LONGEST_PHONE
        && number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'-'))
        && number.trim() == number
}

#[cfg(test)]
mod tests {
    use super::is_phone;

    #[test]
    fn a_support_phone_is_something_to_dial() {
        for phone in ["400-555-0123", "+86 21 5555 0123", "110", "021-55550123"] {
            assert!(is_phone(phone), "{phone}");
        }
        for wrong in
            ["", "12", "+", "++86 21", "86+21 555", "400 555 0123 ext 4", " 400", "400 ", "４００", "555\n0123"]
        {
            assert!(!is_phone(wrong), "{wrong}");
        }
        assert!(!is_phone(&"1".repeat(31)));
    }
}
