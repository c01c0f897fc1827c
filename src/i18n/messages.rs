//! The type of the message tables. Each language is a value of [`Messages`], so no message can be missing.

use member_domain::{Category, City, RedeemMethod, VisitKind, wire::ProblemKind};

use super::Count;
use crate::api::ApiError;

/// All messages of the page. Functions take formatted values; a number is a [`Count`].
pub struct Messages {
    /// The page's title.
    pub title: &'static str,
    /// Screen readers' name of the language choice.
    pub language: &'static str,
    /// Retry button.
    pub retry: &'static str,
    /// Close button of a sheet.
    pub close: &'static str,
    /// Screen readers' name of a loading element.
    pub loading: &'static str,
    /// Reason of a failed request and the member's next step.
    pub failure: fn(ApiError) -> &'static str,
    /// Offline: the data is from this time, the last contact with the backend.
    pub offline_since: fn(&str) -> String,
    /// Offline, time of the data unknown.
    pub offline: &'static str,

    /// Card: valid.
    pub card_active: &'static str,
    /// Card: not yet valid.
    pub card_not_yet: &'static str,
    /// Card: ended.
    pub card_ended: &'static str,
    /// Card: last day of validity.
    pub card_valid_until: fn(&str) -> String,
    /// Card: ended; last day.
    pub card_ended_on: fn(&str) -> String,
    /// Card: first day of validity.
    pub card_valid_from: fn(&str) -> String,
    /// Card: label of the saved amount.
    pub saved: &'static str,
    /// Card: yearly fee.
    pub yearly_price: fn(&str) -> String,
    /// Card: progress of the savings for screen readers; saved amount, fee.
    pub payoff_meter: fn(&str, &str) -> String,
    /// Card: amount missing until it pays off.
    pub payoff_missing: fn(&str) -> String,
    /// Card: paid off; surplus, if any.
    pub payoff_reached: fn(Option<&str>) -> String,
    /// Card: ended without paying off; missing amount.
    pub payoff_fell_short: fn(&str) -> String,
    /// Card: paid off with its refund; refund, surplus if any, whether the money has arrived.
    pub payoff_with_refund: fn(&str, Option<&str>, bool) -> String,
    /// Card: not paid off even with its refund; refund, missing amount, whether the money has arrived.
    pub payoff_short_with_refund: fn(&str, &str, bool) -> String,
    /// Card: average saving, number of further redemptions that pay off the card.
    pub payoff_average: fn(&str, &Count) -> String,
    /// Card: projected not to pay off; last day, projected saving by then.
    pub payoff_falls_short: fn(&str, &str) -> String,
    /// Card: button that opens the savings sheet.
    pub savings_open: &'static str,
    /// Card: button that shows the code.
    pub show_code: &'static str,
    /// No card: title.
    pub no_card: &'static str,
    /// No card: title after the programme's end.
    pub no_card_any_more: &'static str,
    /// Signed out: title of the card.
    pub signed_out: &'static str,
    /// Signed out: what the card brings.
    pub signed_out_offer: &'static str,
    /// No card: the offer; fee.
    pub no_card_offer: fn(&str) -> String,
    /// Name of a city.
    pub city: fn(City) -> &'static str,

    /// Shops: heading of the list.
    pub nearby_heading: &'static str,
    /// Shops: label of the city choice.
    pub choose_city: &'static str,
    /// Shops: button for the order by distance. It requests the position.
    pub locate: &'static str,
    /// Shops: waiting for the position.
    pub locating: &'static str,
    /// Shops: screen readers' name of the order.
    pub order: &'static str,
    /// Shops: button for the order by date of the last check.
    pub latest_checked: &'static str,
    /// Shops: label of the district choice.
    pub choose_district: &'static str,
    /// Shops: choice of all districts.
    pub all_districts: &'static str,
    /// Shops: the member denied the position.
    pub place_denied: &'static str,
    /// Shops: the device has no position.
    pub place_unavailable: &'static str,
    /// Shops: the position did not arrive in time.
    pub place_timed_out: &'static str,
    /// Shops: the position is imprecise; its accuracy.
    pub place_imprecise: fn(&str) -> String,
    /// Shops: number within 500 m and within 1 km, as text.
    pub density: fn(&str, &str) -> String,
    /// Shops: few are near; district, distance and number of shops of the next cluster.
    pub next_cluster: fn(&str, &str, &Count) -> String,
    /// Shops: number of matches, and whether it is only a lower limit.
    pub shop_count: fn(&Count, bool) -> String,
    /// Shops: the list is out of date; its time.
    pub list_as_of: fn(&str) -> String,
    /// Shops: headings of the distances: within 500 m, 1 km, 3 km, 10 km.
    pub section_within: [&'static str; 4],
    /// Shops: heading of the shops further away.
    pub section_beyond: &'static str,
    /// Shops: heading of the shops with evidence.
    pub section_evidence: &'static str,
    /// Shops: heading of the shops without evidence.
    pub section_no_evidence: &'static str,
    /// Shops: heading of the shops where redeeming often fails.
    pub section_fails_often: &'static str,
    /// Shops: search field while it is in use.
    pub search: &'static str,
    /// Shops: search field beside the filters.
    pub search_short: &'static str,
    /// Shops: label of the filters.
    pub filters: &'static str,
    /// Replaces the lists: the second wasm file has not loaded.
    pub rest_is_late: &'static str,
    /// Shops: the programme has ended.
    pub shops_after_end: &'static str,
    /// Shops: filter for open shops.
    pub open_now: &'static str,
    /// Shops: filter for favourites.
    pub favourites: &'static str,
    /// Shops: label of the price choice.
    pub choose_price: &'static str,
    /// Shops: choice of all prices.
    pub any_price: &'static str,
    /// Shops: choice of all ways to redeem.
    pub any_method: &'static str,
    /// Shops: price band; lower and upper limit, if any.
    pub price_band: fn(Option<&str>, Option<&str>) -> String,
    /// Shops: open; closing time.
    pub open_until: fn(&str) -> String,
    /// Shops: open around the clock.
    pub always_open: &'static str,
    /// Shops: closed, next opening unknown.
    pub closed: &'static str,
    /// Shops: closed; next opening time.
    pub opens_at: fn(&str) -> String,
    /// Shops: closed; minutes until it opens, at most 60.
    pub opens_in: fn(&Count) -> String,
    /// Shops: a time of tomorrow.
    pub tomorrow_at: fn(&str) -> String,
    /// Shops: average price per person.
    pub per_person: fn(&str) -> String,
    /// Shops: saving of a visit at the average price.
    pub saves_about: fn(&str) -> String,
    /// Shops: discount that a shop gave before the programme ended.
    pub former_discount: fn(&str) -> String,
    /// Shops: badge before the curation reason.
    pub curated: &'static str,
    /// Shops: redeeming often fails; failed attempts, all attempts.
    pub fails_often: fn(&Count, &Count) -> String,
    /// Shops: shops removed by a filter; its name, their number, whether the number is only a lower limit.
    pub removed_by: fn(&str, &Count, bool) -> String,
    /// Shops: button that drops one filter.
    pub drop_filter: &'static str,
    /// Shops: first shop without that filter; its name, distance if known, whether it is the nearest.
    pub first_without: fn(&str, &str, bool) -> String,
    /// Shops: no match.
    pub no_shops: &'static str,
    /// Shops: advice for no match.
    pub no_shops_hint: &'static str,
    /// Shops: button that removes all filters.
    pub clear_filters: &'static str,
    /// Shops: button that loads more.
    pub load_more: &'static str,
    /// Name of a category.
    pub category: fn(Category) -> &'static str,

    /// Code: title without a shop.
    pub code_title: &'static str,
    /// Code: subtitle.
    pub code_subtitle: &'static str,
    /// Code: screen readers' name of the QR code.
    pub code_image: &'static str,
    /// Code: seconds until the next code.
    pub code_next_in: fn(&Count) -> String,
    /// Code: a code works only once.
    pub code_single_use: &'static str,
    /// Code: the staff's steps for a way to redeem; general steps without a shop.
    pub staff_steps: fn(Option<RedeemMethod>) -> [&'static str; 3],
    /// Code: name of a way to redeem.
    pub method: fn(RedeemMethod) -> &'static str,
    /// Code: label of the ways to redeem.
    pub methods: &'static str,
    /// Code: button that turns the sheet to the cashier.
    pub turn_to_staff: &'static str,
    /// Code: button that turns the sheet back.
    pub turn_back: &'static str,
    /// Code: advice for easier scanning.
    pub brightness_hint: &'static str,
    /// Code: offline, and this device has never had a code.
    pub code_needs_network: &'static str,
    /// Code: offline, but the code works.
    pub code_offline: &'static str,
    /// Code: button that shows the code although a PIN redemption is unsettled.
    pub code_anyway: &'static str,
    /// Code: offline for longer than the backend allows.
    pub code_too_long_offline: &'static str,
    /// Code: another device has the codes.
    pub code_taken_over: &'static str,
    /// Code: button that moves the codes to this device.
    pub code_take_over: &'static str,
    /// Code: the time is in doubt.
    pub time_doubtful: &'static str,
    /// Code: question whether this is the time.
    pub time_guess: fn(&str) -> String,
    /// Code: button that confirms the time.
    pub time_is_right: &'static str,
    /// Code: button that requests the time from the backend.
    pub time_check: &'static str,
    /// Code: being prepared.
    pub code_preparing: &'static str,
    /// No unused code is left; the next one comes in this many seconds.
    pub code_wait: fn(&Count) -> String,
    /// The reason for that wait.
    pub code_wait_reason: &'static str,
    /// Code: this browser cannot make codes.
    pub code_unavailable: &'static str,
    /// Code: the card does not cover the shop's city.
    pub shop_elsewhere: &'static str,
    /// Code: the shop was not found.
    pub shop_unknown: &'static str,
    /// Code: the shop has left the programme; the date.
    pub shop_left: fn(&str) -> String,
    /// Code: the shop is leaving; its discount, the date.
    pub shop_leaving: fn(&str, &str) -> String,

    /// PIN: button that opens the form.
    pub pin_open: &'static str,
    /// PIN: button that returns to the code.
    pub pin_back: &'static str,
    /// PIN: staff must fill in the form.
    pub pin_hint: &'static str,
    /// PIN: label of the bill's field.
    pub pin_bill: &'static str,
    /// PIN: label of the PIN's field.
    pub pin_field: &'static str,
    /// PIN: button that redeems.
    pub pin_submit: &'static str,
    /// PIN: the bill is invalid.
    pub pin_bad_bill: &'static str,
    /// PIN: the PIN's format is invalid.
    pub pin_bad_pin: &'static str,
    /// PIN: wrong PIN; tries left.
    pub pin_wrong: fn(&Count) -> String,
    /// PIN: locked; minutes left.
    pub pin_locked: fn(&Count) -> String,
    /// The PIN is locked for so many hours.
    pub pin_locked_hours: fn(&Count) -> String,
    /// PIN: request pending.
    pub pin_pending: &'static str,
    /// PIN: the answer was lost; its outcome is being queried.
    pub pin_querying: &'static str,
    /// PIN: the outcome is unknown.
    pub pin_unknown: &'static str,
    /// PIN: the backend has no record of the request.
    pub pin_not_arrived: &'static str,
    /// PIN: reason of a refusal.
    pub pin_refused: fn(ProblemKind) -> &'static str,
    /// PIN and result: label of the amount to pay at the till.
    pub to_pay: &'static str,
    /// PIN: amount that the discount saves.
    pub saves: fn(&str) -> String,
    /// Result: heading.
    pub redeemed: &'static str,
    /// Result: saved amount.
    pub redeemed_saved: fn(&str) -> String,
    /// Ledger: paid amount.
    pub redeemed_paid: fn(&str) -> String,
    /// Result: the redemption was cancelled.
    pub cancelled: &'static str,
    /// Result: explains the cancellation.
    pub cancelled_hint: &'static str,
    /// Result: button that shows the next code.
    pub show_another: &'static str,

    /// Banner: end announced; the card's last day.
    pub ending_title: fn(&str) -> String,
    /// Banner: end announced, refund undecided.
    pub ending_no_refund: &'static str,
    /// Banner: end announced, refund scheduled; amount, date if known.
    pub ending_refund: fn(&str, Option<&str>) -> String,
    /// Banner: the programme ends after the card has ended; the programme's last day.
    pub programme_ends: fn(&str) -> String,
    /// Banner: no refund.
    pub refunds_nothing: &'static str,
    /// Banner: title for the refund of an earlier card.
    pub of_earlier_card: fn(&str) -> String,
    /// Timeline: the refund is for an earlier card.
    pub earlier_card: &'static str,
    /// Banner: title for an ended programme without a decided refund.
    pub ended_title: &'static str,
    /// Banner: texts of the refund states.
    pub refund: RefundText,
    /// Banner: its name for screen readers.
    pub timeline: &'static str,
    /// Banner: stops of the progress picture: the card's last day; refund scheduled, accepted, arrived.
    pub stops: [&'static str; 4],
    /// Banner: states of a stop: done, current, ahead, stuck, closed.
    pub stop_states: [&'static str; 5],
    /// Banner: a stop and its state, for screen readers.
    pub stop: fn(&str, &str) -> String,
    /// Banner: separator between stops.
    pub stop_separator: &'static str,
    /// Banner: link to support.
    pub contact_support: &'static str,
    /// Banner: link that calls support; phone number.
    pub call_support: fn(&str) -> String,
    /// Banner: support's contact as plain text.
    pub support_at: fn(&str) -> String,
    /// Banner: support's contact is unknown.
    pub support_unknown: &'static str,
    /// Banner: dismiss button.
    pub dismiss: &'static str,
    /// Banner: heading of the announcement.
    pub announcement: &'static str,
    /// Banner: heading of the card's dates.
    pub card_heading: &'static str,
    /// Banner: label of the announcement's date.
    pub end_announced: &'static str,
    /// Banner: label of the card's last day.
    pub last_day: &'static str,
    /// Banner: label of the first day after the card's end.
    pub card_stopped: &'static str,
    /// Banner: heading of the refund's states.
    pub money_heading: &'static str,
    /// Banner: label of the refund's amount.
    pub refund_amount: &'static str,
    /// Banner: pro-rata amount: the share of the remaining days.
    pub pro_rata: fn(&str) -> String,
    /// Banner: label of the payment channel.
    pub refund_channel: &'static str,
    /// Banner: label of the refund number.
    pub refund_number: &'static str,
    /// Banner: the channel's estimate; channel, working days.
    pub refund_estimate: fn(&str, &Count) -> String,
    /// Banner: copying a number failed.
    pub number_not_copied: &'static str,
    /// Banner: label of the payment provider's reference.
    pub provider_reference: &'static str,
    /// Banner: label of the last check's time.
    pub last_checked: &'static str,
    /// Banner: label of the planned date of the refund.
    pub scheduled_for: &'static str,
    /// Name of a payment channel.
    pub channel: fn(&str) -> &'static str,

    /// Reminders: screen readers' name of the list.
    pub reminders: &'static str,
    /// Reminders and banner: the card ends soon; days left, last day.
    pub card_ends: fn(&Count, &str) -> String,
    /// Reminders: an event with the member's seat; title, whether it is tomorrow or today.
    pub event_due: fn(&str, bool) -> String,

    /// Shop: favourite button.
    pub favourite: &'static str,
    /// Shop: share button.
    pub share: &'static str,
    /// Shop: link copied.
    pub link_copied: &'static str,
    /// Shop: copying the link failed; the link follows.
    pub link_not_copied: &'static str,
    /// Shop: average price of a visit, saving at that price.
    pub saving: fn(&str, &str) -> String,
    /// Shop: label of the offers that the discount cannot be combined with.
    pub not_combined: &'static str,
    /// Shop: label of the discount's rules.
    pub discount_rules: &'static str,
    /// Shop: heading of the curation reasons.
    pub why_heading: &'static str,
    /// Shop: no published evidence.
    pub no_evidence: &'static str,
    /// Shop: labels of the evidence: notes, praise, editor's visit, last check.
    pub evidence: [&'static str; 4],
    /// Shop: number of notes.
    pub note_count: fn(&Count) -> String,
    /// Shop: who paid for the editor's visit.
    pub visit: fn(VisitKind) -> &'static str,
    /// Shop: the evidence is out of date.
    pub evidence_old: &'static str,
    /// Shop: heading of the notes used for the curation.
    pub notes: &'static str,
    /// Shop: name of a note without a title; its number.
    pub note: fn(&Count) -> String,
    /// Shop: heading of the redemption record.
    pub trust_heading: &'static str,
    /// Shop: redemption record of 30 days; failed attempts, all attempts.
    pub trust_record: fn(&Count, &Count) -> String,
    /// Shop: date of the last redemption.
    pub trust_last: fn(&str) -> String,
    /// Shop: no redemption so far.
    pub trust_none: &'static str,
    /// Shop: date of the staff's last test scan.
    pub trust_tested: fn(&str) -> String,
    /// Shop: reason for its lower place in the list.
    pub trust_demoted: &'static str,
    /// Shop: heading of address, phone and opening hours.
    pub visit_heading: &'static str,
    /// Shop: labels: address, phone, opening hours.
    pub visit_labels: [&'static str; 3],
    /// Shop: button that copies the address.
    pub copy: &'static str,
    /// Shop: address copied.
    pub copied: &'static str,
    /// Shop: copying the address failed.
    pub not_copied: &'static str,
    /// Shop: marks today in the week.
    pub today: &'static str,
    /// Shop: closed on this day.
    pub closed_all_day: &'static str,
    /// Shop: open around the clock on this day.
    pub open_all_day: &'static str,
    /// Shop: the same hours on all days.
    pub every_day: fn(&str) -> String,
    /// Shop: the hours are shown as published.
    pub hours_as_written: &'static str,
    /// Shop: heading of the ways to redeem.
    pub redeem_heading: &'static str,
    /// Shop: a way to redeem, as a sentence.
    pub redeem_how: fn(RedeemMethod) -> &'static str,
    /// Shop and event: label of the links to map apps.
    pub maps: &'static str,
    /// Shop: link to the way there in a map app.
    pub directions: &'static str,
    /// Shop: link that calls the shop.
    pub call: &'static str,
    /// Shop and event: names of the map apps: Amap, Apple Maps, others.
    pub map_names: [&'static str; 3],
    /// Shop: button that shows the code.
    pub show_code_here: &'static str,
    /// Shop: not found.
    pub no_such_shop: &'static str,

    /// Savings: title.
    pub savings_title: &'static str,
    /// Savings: number of redemptions.
    pub savings_count: fn(&Count) -> String,
    /// Savings: heading of the chart.
    pub savings_by_month: &'static str,
    /// Savings: heading of the redemptions.
    pub ledger_heading: &'static str,
    /// Savings: no redemption yet.
    pub ledger_empty: &'static str,
    /// Savings: button that loads older redemptions.
    pub ledger_more: &'static str,
    /// Savings: link to the ledger file.
    pub ledger_file: &'static str,
    /// Savings: labels of a receipt: bill, discount, paid, time, number, cancelled.
    pub receipt_labels: [&'static str; 6],
    /// Savings: heading of the card's details.
    pub this_card: &'static str,
    /// Savings: labels of the card's number, validity, cities, price.
    pub card_labels: [&'static str; 4],
    /// Savings: date range; first day, last day.
    pub from_to: fn(&str, &str) -> String,

    /// Events: heading.
    pub events_heading: &'static str,
    /// Events: button that shows all; their number.
    pub events_all: fn(&Count) -> String,
    /// Events: button that shows only the first one again.
    pub events_fewer: &'static str,
    /// Events: loading failed.
    pub events_failed: &'static str,
    /// Events: time of an event; date, weekday, time.
    pub event_when: fn(&str, &str, &str) -> String,
    /// Events: seats left, members waiting.
    pub event_seats: fn(&Count, &Count) -> String,
    /// Event: total number of seats.
    pub event_seats_in_all: fn(&Count) -> String,
    /// Events: the member has a seat.
    pub event_signed_up: &'static str,
    /// Events: the member is on the waiting list; position, if known.
    pub event_waiting: fn(Option<&Count>) -> String,
    /// Event: labels: time, venue, seats.
    pub event_labels: [&'static str; 3],
    /// Event: link to the shop where it takes place.
    pub event_shop: &'static str,
    /// Event: button that signs up.
    pub event_sign_up: &'static str,
    /// Event: button that joins the waiting list.
    pub event_join_waiting: &'static str,
    /// Event: cancel buttons: for the seat, for the place on the waiting list.
    pub event_cancel: [&'static str; 2],
    /// Event: confirmation questions: for the seat, for the place on the waiting list.
    pub event_cancel_question: [&'static str; 2],
    /// Event: button that does not cancel.
    pub event_keep: &'static str,
    /// Event: explains the waiting list.
    pub event_waiting_hint: &'static str,
    /// Event: request pending.
    pub event_pending: &'static str,
    /// Event: it has begun.
    pub event_begun: &'static str,
    /// Event: not found among the upcoming events.
    pub no_such_event: &'static str,
    /// Event: reason of a failed sign-up or cancellation.
    pub event_refused: fn(ApiError) -> &'static str,
}

/// Texts of the refund states: title with the amount, line below it, name in the timeline.
pub struct RefundText {
    /// Decided.
    pub scheduled: (fn(&str) -> String, &'static str, &'static str),
    /// Accepted by the payment channel.
    pub processing: (fn(&str) -> String, &'static str, &'static str),
    /// Paid out.
    pub succeeded: (fn(&str) -> String, &'static str, &'static str),
    /// Needs the member.
    pub abnormal: (fn(&str) -> String, &'static str, &'static str),
    /// Closed without payment.
    pub closed: (fn(&str) -> String, &'static str, &'static str),
}
