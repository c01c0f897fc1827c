//! Pseudo-English: accented, about two fifths longer, in brackets. A text without brackets comes from no
//! message table. A text that is cut off has too little room. Filled-in values (amounts, dates, names) stay
//! unchanged. It derives from the English messages and serves the gallery. Not in release builds.

use std::{cell::RefCell, collections::HashMap, sync::LazyLock};

use super::{Messages, RefundText, en::MESSAGES as ENGLISH};

/// Marks around filled-in values. They are private-use characters, so no message or name contains them.
const FILLED: char = '\u{e000}';
const END: char = '\u{e001}';

/// `[Šhööw myy cöödéé]`
fn accented(text: &str) -> String {
    let mut is_filled_in = false;
    let mut output = String::from("[");
    for letter in text.chars() {
        match letter {
            FILLED | END => is_filled_in = letter == FILLED,
            _ if is_filled_in => output.push(letter),
            // Doubled vowels make the text longer but keep it readable.
            _ => match "aáeéiíoöuüyýAÁEÉIÍOÖUÜ".chars().skip_while(|plain| *plain != letter).nth(1) {
                Some(accented) if letter.is_ascii() => output.extend([accented, accented]),
                _ => output.push(if letter == 's' { 'š' } else { letter }),
            },
        }
    }
    output + "]"
}

/// Marks a filled-in value. An empty value stays empty, because some messages use other words then.
fn mark_filled(value: &str) -> String {
    if value.is_empty() { String::new() } else { format!("{FILLED}{value}{END}") }
}

/// The accented form of a static message, made once.
fn accented_static(text: &'static str) -> &'static str {
    thread_local! {
        static CACHE: RefCell<HashMap<&'static str, &'static str>> = RefCell::default();
    }
    CACHE.with_borrow_mut(|cache| *cache.entry(text).or_insert_with(|| Box::leak(accented(text).into_boxed_str())))
}

/// One message: a `text`, `texts`, or a function. A function either `says` a static text or `fills` in
/// values. Its arguments are `text`, `maybe` a text, a `count`, `maybe_count`, or a type that is not shown
/// (`plain`).
macro_rules! message {
    ($field:ident text) => { accented_static(ENGLISH.$field) };
    ($field:ident texts) => { ENGLISH.$field.map(accented_static) };
    ($field:ident says) => { |value| accented_static((ENGLISH.$field)(value)) };
    ($field:ident says_several) => { |value| (ENGLISH.$field)(value).map(accented_static) };
    ($field:ident fills $($name:ident $kind:ident),+) => {
        |$($name),+| accented(&(ENGLISH.$field)($(message!(@$kind $name)),+))
    };
    (@text $name:ident) => { &mark_filled($name) };
    (@maybe $name:ident) => { $name.map(mark_filled).as_deref() };
    (@count $name:ident) => { &$name.rewritten(mark_filled) };
    (@maybe_count $name:ident) => { $name.map(|count| count.rewritten(mark_filled)).as_ref() };
    (@plain $name:ident) => { $name };
}

macro_rules! messages {
    ($($field:ident: $kind:ident $($($name:ident $argument:ident),+)?;)+) => {
        Messages { refund: refund(), $($field: message!($field $kind $($($name $argument),+)?),)+ }
    };
}

macro_rules! refund_texts {
    ($($field:ident),+) => {
        RefundText {
            $($field: (
                |amount| accented(&(ENGLISH.refund.$field.0)(&mark_filled(amount))),
                accented_static(ENGLISH.refund.$field.1),
                accented_static(ENGLISH.refund.$field.2),
            ),)+
        }
    };
}

fn refund() -> RefundText {
    refund_texts!(scheduled, processing, succeeded, abnormal, closed)
}

pub(super) static MESSAGES: LazyLock<Messages> = LazyLock::new(|| {
    messages! {
        title: text; language: text; retry: text; close: text; loading: text; failure: says;
        offline_since: fills a text; offline: text; card_active: text; card_not_yet: text; card_ended: text;
        card_valid_until: fills a text; card_ended_on: fills a text; card_valid_from: fills a text; saved: text;
        yearly_price: fills a text; payoff_meter: fills a text, b text; payoff_missing: fills a text;
        payoff_reached: fills a maybe; payoff_fell_short: fills a text;
        payoff_with_refund: fills a text, b maybe, c plain; payoff_short_with_refund: fills a text, b text, c plain;
        payoff_average: fills a text, b count; payoff_falls_short: fills a text, b text; savings_open: text;
        show_code: text; no_card: text; no_card_any_more: text; signed_out: text; signed_out_offer: text; no_card_offer: fills a text; city: says;
        nearby_heading: text; choose_city: text; locate: text; locating: text; order: text; latest_checked: text;
        choose_district: text; all_districts: text; place_denied: text; place_unavailable: text; place_timed_out: text;
        place_imprecise: fills a text; density: fills a text, b text; next_cluster: fills a text, b text, c count;
        shop_count: fills a count, b plain; list_as_of: fills a text; section_within: texts; section_beyond: text;
        section_evidence: text; section_no_evidence: text; section_fails_often: text; search: text; search_short: text; filters: text;
        rest_is_late: text; shops_after_end: text; open_now: text; favourites: text; choose_price: text; any_price: text;
        any_method: text; price_band: fills a maybe, b maybe; open_until: fills a text; always_open: text; closed: text;
        opens_at: fills a text; opens_in: fills a count; tomorrow_at: fills a text; per_person: fills a text; saves_about: fills a text; former_discount: fills a text; curated: text;
        fails_often: fills a count, b count;
        removed_by: fills a text, b count, c plain; drop_filter: text; first_without: fills a text, b text, c plain;
        no_shops: text; no_shops_hint: text; clear_filters: text; load_more: text; category: says; code_title: text;
        code_subtitle: text; code_image: text; code_next_in: fills a count; code_single_use: text;
        staff_steps: says_several; method: says; methods: text; turn_to_staff: text; turn_back: text;
        brightness_hint: text; code_needs_network: text; code_offline: text; code_anyway: text; code_too_long_offline: text;
        code_taken_over: text; code_take_over: text; time_doubtful: text; time_guess: fills a text; time_is_right: text;
        time_check: text; code_preparing: text; code_wait: fills a count; code_wait_reason: text; code_unavailable: text; shop_elsewhere: text; shop_unknown: text;
        shop_left: fills a text; shop_leaving: fills a text, b text; pin_open: text; pin_back: text; pin_hint: text;
        pin_bill: text; pin_field: text; pin_submit: text; to_pay: text; saves: fills a text; pin_bad_bill: text;
        pin_bad_pin: text; pin_wrong: fills a count; pin_locked: fills a count; pin_locked_hours: fills a count; pin_pending: text; pin_querying: text;
        pin_unknown: text; pin_not_arrived: text; pin_refused: says; redeemed: text; redeemed_saved: fills a text;
        redeemed_paid: fills a text; cancelled: text; cancelled_hint: text; show_another: text;
        ending_title: fills a text; ending_no_refund: text; ending_refund: fills a text, b maybe;
        programme_ends: fills a text; refunds_nothing: text; of_earlier_card: fills a text; earlier_card: text;
        ended_title: text; timeline: text; stops: texts; stop_states: texts; stop: fills a text, b text;
        stop_separator: text; contact_support: text; call_support: fills a text; support_at: fills a text;
        support_unknown: text; dismiss: text; announcement: text; card_heading: text; end_announced: text;
        last_day: text; card_stopped: text; money_heading: text; refund_amount: text; pro_rata: fills a text;
        refund_channel: text; refund_number: text; refund_estimate: fills a text, b count; number_not_copied: text;
        provider_reference: text; last_checked: text; scheduled_for: text; channel: says; reminders: text;
        card_ends: fills a count, b text; event_due: fills a text, b plain; favourite: text; share: text;
        link_copied: text; link_not_copied: text; saving: fills a text, b text; not_combined: text;
        discount_rules: text; why_heading: text; no_evidence: text; evidence: texts; note_count: fills a count;
        visit: says; evidence_old: text; notes: text; note: fills a count; trust_heading: text;
        trust_record: fills a count, b count; trust_last: fills a text; trust_none: text; trust_tested: fills a text;
        trust_demoted: text; visit_heading: text; visit_labels: texts; copy: text; copied: text; not_copied: text;
        today: text; closed_all_day: text; open_all_day: text; every_day: fills a text; hours_as_written: text; redeem_heading: text;
        redeem_how: says; maps: text; directions: text; call: text; map_names: texts; show_code_here: text; no_such_shop: text; savings_title: text;
        savings_count: fills a count; savings_by_month: text; ledger_heading: text; ledger_empty: text;
        ledger_more: text; ledger_file: text; receipt_labels: texts; this_card: text; card_labels: texts;
        from_to: fills a text, b text; events_heading: text; events_all: fills a count; events_fewer: text; events_failed: text;
        event_when: fills a text, b text, c text; event_seats: fills a count, b count;
        event_seats_in_all: fills a count; event_signed_up: text; event_waiting: fills a maybe_count;
        event_labels: texts; event_shop: text; event_sign_up: text; event_join_waiting: text; event_cancel: texts;
        event_cancel_question: texts; event_keep: text; event_waiting_hint: text; event_pending: text;
        event_begun: text; no_such_event: text; event_refused: says;
    }
});
