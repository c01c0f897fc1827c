//! What the page says, as a type: each language is a value of [`Messages`], so none can be missing.

use member_domain::{Category, City, RedeemMethod, VisitKind, wire::ProblemKind};

use super::Count;
use crate::api::ApiError;

/// Every message of the page. Functions take what is filled in, already formatted; a number of things is a [`Count`].
pub struct Messages {
    /// The page's title.
    pub title: &'static str,
    /// Screen readers' name of the choice among languages.
    pub language: &'static str,
    /// Retry button.
    pub retry: &'static str,
    /// Close button of a sheet.
    pub close: &'static str,
    /// Screen readers' name of something that loads.
    pub loading: &'static str,
    /// Why a request failed and what to do.
    pub failure: fn(ApiError) -> &'static str,
    /// What is on screen is of then: the last time the backend was reached.
    pub offline_since: fn(&str) -> String,
    /// The same, where the time is not known.
    pub offline: &'static str,

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
    /// Card: it has paid off, perhaps by more.
    pub payoff_reached: fn(Option<&str>) -> String,
    /// Card: it works no longer and has not paid off, by this much.
    pub payoff_fell_short: fn(&str) -> String,
    /// Card: with a refund (amount) it leaves the member so much ahead, if anything; whether the money has arrived.
    pub payoff_with_refund: fn(&str, Option<&str>, bool) -> String,
    /// Card: with a refund (amount) it still falls short by so much; whether the money has arrived.
    pub payoff_short_with_refund: fn(&str, &str, bool) -> String,
    /// Card: at the member's average saving (amount) so many more redemptions reach its price.
    pub payoff_average: fn(&str, &Count) -> String,
    /// Card: at the pace so far it will not pay off: last day, what it comes to by then.
    pub payoff_falls_short: fn(&str, &str) -> String,
    /// Card: opens the sheet about savings.
    pub savings_open: &'static str,
    /// Card: button that shows the code.
    pub show_code: &'static str,
    /// Signed in without a card.
    pub no_card: &'static str,
    /// Signed in without a card, after the programme's end.
    pub no_card_any_more: &'static str,
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
    /// Shops: what the list is ordered by, for screen readers.
    pub order: &'static str,
    /// Shops: button for the order without a place.
    pub latest_checked: &'static str,
    /// Shops: label of the list of districts.
    pub choose_district: &'static str,
    /// Shops: no district in particular.
    pub all_districts: &'static str,
    /// Shops: the member does not want to be located.
    pub place_denied: &'static str,
    /// Shops: the device cannot tell where it is.
    pub place_unavailable: &'static str,
    /// Shops: the device did not say in time where it is.
    pub place_timed_out: &'static str,
    /// Shops: the place may be this far off.
    pub place_imprecise: fn(&str) -> String,
    /// Shops: how many within 500 m and 1 km, as text.
    pub density: fn(&str, &str) -> String,
    /// Shops: few are near; district, distance and number of those of the next cluster.
    pub next_cluster: fn(&str, &str, &Count) -> String,
    /// Shops: how many in all, and whether there are more.
    pub shop_count: fn(&Count, bool) -> String,
    /// Shops: the list is of then.
    pub list_as_of: fn(&str) -> String,
    /// Shops: headings of those within 500 m, 1 km, 3 km, 10 km.
    pub section_within: [&'static str; 4],
    /// Shops: heading of those further away.
    pub section_beyond: &'static str,
    /// Shops: heading of those with evidence.
    pub section_evidence: &'static str,
    /// Shops: heading of those without.
    pub section_no_evidence: &'static str,
    /// Shops: heading of those that fail often.
    pub section_fails_often: &'static str,
    /// Shops: search field.
    pub search: &'static str,
    /// Shops: label of the filters.
    pub filters: &'static str,
    /// Shops: filter that shows everything.
    pub filter_all: &'static str,
    /// In place of the lists: the code that shows them does not come.
    pub rest_is_late: &'static str,
    /// Shops: the programme is over.
    pub shops_after_end: &'static str,
    /// Shops: filter, and state of a shop.
    pub open_now: &'static str,
    /// Shops: filter for those the member keeps.
    pub favourites: &'static str,
    /// Shops: label of the prices.
    pub choose_price: &'static str,
    /// Shops: no price in particular.
    pub any_price: &'static str,
    /// Shops: no way to redeem in particular.
    pub any_method: &'static str,
    /// Shops: prices from one amount up to another, as far as there are limits.
    pub price_band: fn(Option<&str>, Option<&str>) -> String,
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
    /// Shops: the reason was not checked for six months.
    pub not_checked_lately: &'static str,
    /// Shops: of so many attempts to redeem so many failed (failed, all).
    pub fails_often: fn(&Count, &Count) -> String,
    /// Shops: staff have scanned a test code.
    pub staff_tested: &'static str,
    /// Shops: when a code was last redeemed there.
    pub last_redeemed: fn(&str) -> String,
    /// Shops: so many were removed by a filter (its name, number, whether there may be more).
    pub removed_by: fn(&str, &Count, bool) -> String,
    /// Shops: button that drops one filter.
    pub drop_filter: &'static str,
    /// Shops: the first shop without that filter, with its distance if it is known, and whether it is the nearest.
    pub first_without: fn(&str, &str, bool) -> String,
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
    pub code_next_in: fn(&Count) -> String,
    /// Code: beside the countdown.
    pub code_single_use: &'static str,
    /// Code: what staff do, for the shop's method; in general where no shop is known.
    pub staff_steps: fn(Option<RedeemMethod>) -> [&'static str; 3],
    /// Code: a way to redeem.
    pub method: fn(RedeemMethod) -> &'static str,
    /// Code: label of the choice among a shop's ways.
    pub methods: &'static str,
    /// Code: button that turns the sheet towards the cashier.
    pub turn_to_staff: &'static str,
    /// Code: button that turns it back.
    pub turn_back: &'static str,
    /// Code: how to make scanning easier.
    pub brightness_hint: &'static str,
    /// Code: there is no network and the code works all the same.
    pub code_offline: &'static str,
    /// Code: button that shows it although a redemption by PIN is not settled.
    pub code_all_the_same: &'static str,
    /// Code: the page was without network for longer than the backend allows.
    pub code_too_long_offline: &'static str,
    /// Code: another device makes the codes now.
    pub code_taken_over: &'static str,
    /// Code: button that brings the codes back to this device.
    pub code_take_over: &'static str,
    /// Code: the time is not known.
    pub time_doubtful: &'static str,
    /// Code: asks whether this is the time.
    pub time_guess: fn(&str) -> String,
    /// Code: button that says yes.
    pub time_is_right: &'static str,
    /// Code: button that asks the backend for the time.
    pub time_check: &'static str,
    /// Code: on its way.
    pub code_preparing: &'static str,
    /// Code: this browser cannot make codes.
    pub code_unavailable: &'static str,
    /// Code: the shop is in a city the card does not work in.
    pub shop_elsewhere: &'static str,
    /// Code: unknown shop in the address.
    pub shop_unknown: &'static str,
    /// Code: the shop has left the programme; the day.
    pub shop_left: fn(&str) -> String,
    /// Code: the shop is going to leave; its discount, the day.
    pub shop_leaving: fn(&str, &str) -> String,

    /// PIN: button that opens the form.
    pub pin_open: &'static str,
    /// PIN: button that leads back to the code.
    pub pin_back: &'static str,
    /// PIN: who is to fill in the form.
    pub pin_hint: &'static str,
    /// PIN: label of the bill.
    pub pin_bill: &'static str,
    /// PIN: label of the PIN.
    pub pin_field: &'static str,
    /// PIN: what is to pay and what is saved.
    pub pin_sum: fn(&str, &str) -> String,
    /// PIN: button that redeems.
    pub pin_submit: &'static str,
    /// PIN: the bill is no amount.
    pub pin_bad_bill: &'static str,
    /// PIN: the PIN has the wrong form.
    pub pin_bad_pin: &'static str,
    /// PIN: it is wrong; tries left.
    pub pin_wrong: fn(&Count) -> String,
    /// PIN: locked for so many minutes.
    pub pin_locked: fn(&Count) -> String,
    /// PIN: on its way.
    pub pin_pending: &'static str,
    /// PIN: the answer was lost and is being asked for.
    pub pin_asking: &'static str,
    /// PIN: the outcome cannot be asked for.
    pub pin_unknown: &'static str,
    /// PIN: there is no sign of it.
    pub pin_not_arrived: &'static str,
    /// PIN: why it was refused.
    pub pin_refused: fn(ProblemKind) -> &'static str,
    /// Result: heading.
    pub redeemed: &'static str,
    /// Result: what was saved.
    pub redeemed_saved: fn(&str) -> String,
    /// Result: what was paid.
    pub redeemed_paid: fn(&str) -> String,
    /// Result: taken back at the counter.
    pub cancelled: &'static str,
    /// Result: what that means.
    pub cancelled_hint: &'static str,
    /// Result: button that shows the next code.
    pub show_another: &'static str,

    /// Banner: end announced; last day.
    pub ending_title: fn(&str) -> String,
    /// Banner: end announced, nothing decided about money yet.
    pub ending_no_refund: &'static str,
    /// Banner: end announced and refund scheduled; amount, day if it is certain.
    pub ending_refund: fn(&str, Option<&str>) -> String,
    /// Banner: the programme ends, the card is over already; last day.
    pub programme_ends: fn(&str) -> String,
    /// Banner: there is nothing to refund.
    pub nothing_comes_back: &'static str,
    /// Banner: a title about the refund of an earlier card.
    pub of_earlier_card: fn(&str) -> String,
    /// Timeline: the refund is of an earlier card.
    pub earlier_card: &'static str,
    /// Banner: ended, no refund decided.
    pub ended_title: &'static str,
    /// Banner: refund states.
    pub refund: RefundText,
    /// Banner: its name, for screen readers.
    pub timeline: &'static str,
    /// Banner: the picture's stops: the card's last day; refund scheduled, accepted, arrived.
    pub stops: [&'static str; 4],
    /// Banner: how it stands with a stop: done, current, to come, stuck, closed.
    pub stop_states: [&'static str; 5],
    /// Banner: a stop and how it stands with it.
    pub stop: fn(&str, &str) -> String,
    /// Banner: between stops.
    pub stop_separator: &'static str,
    /// Banner: link to support.
    pub contact_support: &'static str,
    /// Banner: link that calls support; its number.
    pub call_support: fn(&str) -> String,
    /// Banner: where support is, as the backend wrote it.
    pub support_at: fn(&str) -> String,
    /// Banner: nobody said where support is.
    pub support_unknown: &'static str,
    /// Banner: button that puts it away.
    pub dismiss: &'static str,
    /// Banner: heading of the announcement.
    pub announcement: &'static str,
    /// Banner: heading of the card's days.
    pub card_heading: &'static str,
    /// Banner: the end was announced.
    pub end_announced: &'static str,
    /// Banner: the last day cards work.
    pub last_day: &'static str,
    /// Banner: cards no longer work.
    pub card_stopped: &'static str,
    /// Banner: heading of the money's states.
    pub money_heading: &'static str,
    /// Banner: label of the amount.
    pub refund_amount: &'static str,
    /// Banner: the amount is the share of the days left.
    pub pro_rata: fn(&str) -> String,
    /// Banner: label of the channel.
    pub refund_channel: &'static str,
    /// Banner: label of the refund's number.
    pub refund_number: &'static str,
    /// Banner: the channel's own estimate; channel, working days.
    pub refund_estimate: fn(&str, &Count) -> String,
    /// Banner: a number could not be copied.
    pub number_not_copied: &'static str,
    /// Banner: label of the provider's number.
    pub provider_reference: &'static str,
    /// Banner: label of when it was last checked.
    pub last_checked: &'static str,
    /// Banner: label of the day it is to be handed over.
    pub scheduled_for: &'static str,
    /// Name of a payment channel.
    pub channel: fn(&str) -> &'static str,

    /// Reminder: the list's name, for screen readers.
    pub reminders: &'static str,
    /// Reminder, and banner: the card ends in so many days; its last day.
    pub card_ends: fn(&Count, &str) -> String,
    /// Reminder: an event is today, or tomorrow.
    pub event_due: fn(&str, bool) -> String,

    /// Shop: button that keeps it.
    pub favourite: &'static str,
    /// Shop: button that passes it on.
    pub share: &'static str,
    /// Shop: its address on the page is on the clipboard.
    pub link_copied: &'static str,
    /// Shop: it could not be put there; the address follows.
    pub link_not_copied: &'static str,
    /// Shop: what a visit costs on average, and what the card takes off then.
    pub saving: fn(&str, &str) -> String,
    /// Shop: label of what the discount cannot be combined with.
    pub not_combined: &'static str,
    /// Shop: label of the discount's rules.
    pub discount_rules: &'static str,
    /// Shop: heading of the evidence.
    pub why_heading: &'static str,
    /// Shop: nothing published speaks for it.
    pub no_evidence: &'static str,
    /// Shop: labels of the evidence: notes, praise, visit, check.
    pub evidence: [&'static str; 4],
    /// Shop: how many notes.
    pub note_count: fn(&Count) -> String,
    /// Shop: who paid when an editor was there.
    pub visit: fn(VisitKind) -> &'static str,
    /// Shop: the evidence is old.
    pub evidence_old: &'static str,
    /// Shop: label of the notes it was picked from.
    pub notes: &'static str,
    /// Shop: a note without a title.
    pub note: fn(&Count) -> String,
    /// Shop: heading of its record at the counter.
    pub trust_heading: &'static str,
    /// Shop: of so many attempts to redeem in 30 days so many failed (failed, all).
    pub trust_record: fn(&Count, &Count) -> String,
    /// Shop: when a code was last redeemed.
    pub trust_last: fn(&str) -> String,
    /// Shop: none ever was.
    pub trust_none: &'static str,
    /// Shop: when staff last scanned a test code.
    pub trust_tested: fn(&str) -> String,
    /// Shop: why it stands behind others.
    pub trust_demoted: &'static str,
    /// Shop: heading of address, phone and hours.
    pub visit_heading: &'static str,
    /// Shop: labels: address, phone, opening hours.
    pub visit_labels: [&'static str; 3],
    /// Shop: button that copies the address.
    pub copy: &'static str,
    /// Shop: it is on the clipboard.
    pub copied: &'static str,
    /// Shop: it could not be put there.
    pub not_copied: &'static str,
    /// Shop: marks today among the days.
    pub today: &'static str,
    /// Shop: a day on which it is closed.
    pub closed_all_day: &'static str,
    /// Shop: a day on which it does not close.
    pub open_all_day: &'static str,
    /// Shop: the hours are shown as the shop wrote them.
    pub hours_as_written: &'static str,
    /// Shop: heading of the ways to redeem.
    pub redeem_heading: &'static str,
    /// Shop: a way to redeem, as a sentence.
    pub redeem_how: fn(RedeemMethod) -> &'static str,
    /// Shop, event: label of the links to map apps.
    pub maps: &'static str,
    /// Shop, event: the map apps: Amap, Apple Maps, any other.
    pub map_names: [&'static str; 3],
    /// Shop: button that shows the code.
    pub show_code_here: &'static str,
    /// Shop: there is no such shop.
    pub no_such_shop: &'static str,

    /// Savings: title.
    pub savings_title: &'static str,
    /// Savings: with how many redemptions.
    pub savings_count: fn(&Count) -> String,
    /// Savings: heading of the chart.
    pub savings_by_month: &'static str,
    /// Savings: heading of the single redemptions.
    pub ledger_heading: &'static str,
    /// Savings: there is none.
    pub ledger_empty: &'static str,
    /// Savings: button for older ones.
    pub ledger_more: &'static str,
    /// Savings: link to the file.
    pub ledger_file: &'static str,
    /// Savings: labels of a receipt: bill, saved, paid, time, number, taken back.
    pub receipt_labels: [&'static str; 6],
    /// Savings: heading of what the card is, or was.
    pub this_card: &'static str,
    /// Savings: labels of the card's number, days, cities, price.
    pub card_labels: [&'static str; 4],
    /// Savings: from one day to another.
    pub from_to: fn(&str, &str) -> String,

    /// Events: heading.
    pub events_heading: &'static str,
    /// Events: button that shows all of them.
    pub events_all: fn(&Count) -> String,
    /// Events: they cannot be had.
    pub events_failed: &'static str,
    /// Events: day, weekday, time.
    pub event_when: fn(&str, &str, &str) -> String,
    /// Events: seats left and members waiting.
    pub event_seats: fn(&Count, &Count) -> String,
    /// Event: how many seats there are in all.
    pub event_seats_in_all: fn(&Count) -> String,
    /// Events: the member has a seat.
    pub event_signed_up: &'static str,
    /// Events: the member waits for one, at this place.
    pub event_waiting: fn(Option<&Count>) -> String,
    /// Event: labels: time, venue, seats.
    pub event_labels: [&'static str; 3],
    /// Event: link to the shop it takes place at.
    pub event_shop: &'static str,
    /// Event: button that signs up.
    pub event_sign_up: &'static str,
    /// Event: button that joins the waiting list.
    pub event_join_waiting: &'static str,
    /// Event: buttons that give back the seat, or the place on the waiting list.
    pub event_cancel: [&'static str; 2],
    /// Event: asks whether that is meant: the seat, or the place on the waiting list.
    pub event_cancel_question: [&'static str; 2],
    /// Event: button that leaves everything as it is.
    pub event_keep: &'static str,
    /// Event: what waiting means.
    pub event_waiting_hint: &'static str,
    /// Event: on its way.
    pub event_pending: &'static str,
    /// Event: it has begun.
    pub event_begun: &'static str,
    /// Event: it is not among those to come.
    pub no_such_event: &'static str,
    /// Event: why signing up or cancelling failed.
    pub event_refused: fn(ApiError) -> &'static str,
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
