//! What the page says, as a type: each language is a value of [`Messages`], so none can be missing.

use member_domain::{Category, City};

use crate::api::ApiError;

/// Every message of the page. Functions take what is filled in, already formatted.
pub struct Messages {
    /// The page's title.
    pub title: &'static str,
    /// The language's own name, on the button that switches to the other.
    pub switch_language: &'static str,
    /// Retry button.
    pub retry: &'static str,
    /// Close button of a sheet.
    pub close: &'static str,
    /// Screen readers' name of something that loads.
    pub loading: &'static str,
    /// Why a request failed and what to do.
    pub failure: fn(ApiError) -> &'static str,
    /// What is on screen is older than it should be.
    pub stale: &'static str,

    /// Card: works.
    pub card_active: &'static str,
    /// Card: not yet.
    pub card_not_yet: &'static str,
    /// Card: over.
    pub card_ended: &'static str,
    /// Card: last day.
    pub card_valid_until: fn(&str) -> String,
    /// Card: over since that day.
    pub card_ended_on: fn(&str) -> String,
    /// Card: first day.
    pub card_valid_from: fn(&str) -> String,
    /// Card: saved so far, before the amount.
    pub saved: &'static str,
    /// Card: price, with the amount.
    pub yearly_price: fn(&str) -> String,
    /// Card: how far the savings are, for screen readers: saved, price.
    pub payoff_meter: fn(&str, &str) -> String,
    /// Card: what is missing until it has paid off.
    pub payoff_missing: fn(&str) -> String,
    /// Card: it has paid off, by this much.
    pub payoff_reached: fn(&str) -> String,
    /// Card: button that shows the code.
    pub show_code: &'static str,
    /// Signed in without a card.
    pub no_card: &'static str,
    /// What a card gives.
    pub no_card_offer: fn(&str) -> String,
    /// Name of a city.
    pub city: fn(City) -> &'static str,

    /// Shops: heading once a place is known.
    pub nearby_heading: &'static str,
    /// Shops: label of the city's choice.
    pub choose_city: &'static str,
    /// Shops: button that asks for the place.
    pub locate: &'static str,
    /// Shops: while the place is looked for.
    pub locating: &'static str,
    /// Shops: no place to be had.
    pub locate_failed: &'static str,
    /// Shops: how many within 500 m and 1 km.
    pub density: fn(u32, u32) -> String,
    /// Shops: how many in all.
    pub shop_count: fn(u32) -> String,
    /// Shops: search field.
    pub search: &'static str,
    /// Shops: label of the filters.
    pub filters: &'static str,
    /// Shops: filter that shows everything.
    pub filter_all: &'static str,
    /// Shops: filter, and state of a shop.
    pub open_now: &'static str,
    /// Shops: open until.
    pub open_until: fn(&str) -> String,
    /// Shops: open around the clock.
    pub always_open: &'static str,
    /// Shops: closed, and nobody knows until when.
    pub closed: &'static str,
    /// Shops: opens at.
    pub opens_at: fn(&str) -> String,
    /// Shops: average price a person.
    pub per_person: fn(&str) -> String,
    /// Shops: badge before the reason.
    pub curated: &'static str,
    /// Shops: when the reason was checked.
    pub checked_on: fn(&str) -> String,
    /// Shops: nothing matches.
    pub no_shops: &'static str,
    /// Shops: what to do then.
    pub no_shops_hint: &'static str,
    /// Shops: button that removes all filters.
    pub clear_filters: &'static str,
    /// Shops: button for more.
    pub load_more: &'static str,
    /// Name of a category.
    pub category: fn(Category) -> &'static str,

    /// Code: title where no shop is known.
    pub code_title: &'static str,
    /// Code: line under the title.
    pub code_subtitle: &'static str,
    /// Code: what the QR is, for screen readers.
    pub code_image: &'static str,
    /// Code: seconds until the next one.
    pub code_next_in: fn(i64) -> String,
    /// Code: beside the countdown.
    pub code_single_use: &'static str,
    /// Code: the three steps.
    pub code_steps: [&'static str; 3],
    /// Code: on its way.
    pub code_preparing: &'static str,
    /// Code: this browser cannot make codes.
    pub code_unavailable: &'static str,
    /// Code: the shop is in a city the card does not work in.
    pub shop_elsewhere: &'static str,
    /// Code: unknown shop in the address.
    pub shop_unknown: &'static str,
    /// Result: heading.
    pub redeemed: &'static str,
    /// Result: what was saved.
    pub redeemed_saved: fn(&str) -> String,
    /// Result: what was paid.
    pub redeemed_paid: fn(&str) -> String,
    /// Result: button that shows the next code.
    pub show_another: &'static str,

    /// Banner: end announced; last day.
    pub ending_title: fn(&str) -> String,
    /// Banner: end announced, nothing decided about money yet.
    pub ending_no_refund: &'static str,
    /// Banner: end announced and refund scheduled; amount, day.
    pub ending_refund: fn(&str, &str) -> String,
    /// Banner: ended, no refund decided.
    pub ended_title: &'static str,
    /// Banner: what then.
    pub ended_no_refund: &'static str,
    /// Banner: refund states.
    pub refund: RefundText,
    /// Timeline: heading, for screen readers.
    pub timeline: &'static str,
    /// Timeline: the provider's number.
    pub provider_reference: fn(&str) -> String,
    /// Timeline: when last checked.
    pub last_checked: fn(&str) -> String,
    /// Timeline: to be handed over on a day.
    pub scheduled_for: fn(&str) -> String,
    /// Name of a payment channel.
    pub channel: fn(&str) -> &'static str,
}

/// Texts of the refund's states: title with the amount, line beneath, name in the timeline.
pub struct RefundText {
    /// Decided.
    pub scheduled: (fn(&str) -> String, &'static str, &'static str),
    /// On its way.
    pub processing: (fn(&str) -> String, &'static str, &'static str),
    /// Paid out.
    pub succeeded: (fn(&str) -> String, &'static str, &'static str),
    /// Needs the member.
    pub abnormal: (fn(&str) -> String, &'static str, &'static str),
    /// Closed without payment.
    pub closed: (fn(&str) -> String, &'static str, &'static str),
}
