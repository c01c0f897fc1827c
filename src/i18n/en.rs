//! English.

use member_domain::{Category, City, RedeemMethod, VisitKind, wire::ProblemKind};

use super::{Messages, RefundText};
use crate::api::ApiError;

const DONE: &str = "Done when both screens say “Redeemed”";

pub(super) static MESSAGES: Messages = Messages {
    title: "Member card",
    language: "Language",
    retry: "Try again",
    close: "Close",
    loading: "Loading",
    failure,
    offline_since: |time| format!("Offline since {time}. This is what was here then."),
    offline: "No connection right now. This is what was here last.",

    card_active: "Active",
    card_not_yet: "Not yet valid",
    card_ended: "Ended",
    card_valid_until: |date| format!("Until {date}"),
    card_ended_on: |date| format!("Worked until {date}"),
    card_valid_from: |date| format!("Valid from {date}"),
    saved: "Saved",
    yearly_price: |price| format!("Yearly fee {price}"),
    payoff_meter: |saved, price| format!("Saved {saved} of the yearly fee of {price}"),
    payoff_missing: |amount| format!("{amount} more and it has paid off"),
    payoff_reached: |ahead| match ahead {
        Some(ahead) => format!("Paid off, {ahead} ahead"),
        None => "Paid off".to_owned(),
    },
    payoff_fell_short: |amount| format!("Did not pay off, {amount} short"),
    payoff_with_refund: |refund, ahead, arrived| {
        let refunded = if arrived { format!("{refund} refunded") } else { format!("Once {refund} is refunded") };
        match ahead {
            Some(ahead) => format!("{refunded}, you are {ahead} ahead"),
            None => format!("{refunded}, the card has cost nothing"),
        }
    },
    payoff_short_with_refund: |refund, short, arrived| {
        let refunded = if arrived { format!("{refund} refunded") } else { format!("Once {refund} is refunded") };
        format!("{refunded}, still {short} short")
    },
    payoff_average: |each, more| {
        if more.is_one() {
            format!("You save {each} on average: once more does it")
        } else {
            format!("You save {each} on average: {more} more visits do it")
        }
    },
    payoff_falls_short: |day, comes_to| {
        format!("At this pace it comes to about {comes_to} by {day} and does not pay off")
    },
    savings_open: "Details",
    show_code: "Show my code",
    no_card: "No card yet",
    no_card_any_more: "The programme has ended; there are no new cards",
    signed_out: "Not signed in",
    signed_out_offer: "Sign in to see your card here: at least 10% off at curated shops, and members-only events",
    no_card_offer: |price| format!("{price} a year: at least 10% off at curated shops, and members-only events"),
    city: |city| match city {
        City::Shanghai => "Shanghai",
        City::Hangzhou => "Hangzhou",
        City::Guangzhou => "Guangzhou",
    },

    nearby_heading: "Nearby picks",
    choose_city: "City",
    locate: "Nearest",
    locating: "Locating…",
    order: "Order",
    latest_checked: "New",
    choose_district: "District",
    all_districts: "Anywhere",
    place_denied: "Location is not allowed; you can change that in the system's settings, or choose city and district",
    place_unavailable: "This device has no location; choose city and district instead",
    place_timed_out: "Locating takes too long; tap once more, or choose city and district",
    place_imprecise: |within| {
        format!("Your location is only known to about {within}; choose a district to be more exact")
    },
    density: |near, wider| format!("{near} within 500 m\u{a0}· {wider} within 1 km"),
    next_cluster: |district, distance, shops| {
        let place = if district.is_empty() { String::new() } else { format!(" in {district}") };
        let verb = if shops.is_one() { "is" } else { "are" };
        format!("Few shops around here; the next {shops} {verb}{place}, {distance} away")
    },
    shop_count: |count, at_least| {
        let shops = count.of("shop", "shops");
        if at_least { format!("over {shops}") } else { shops }
    },
    list_as_of: |time| format!("This list is from {time}"),
    section_within: ["Within 500 m", "Within 1 km", "Within 3 km", "Within 10 km"],
    section_beyond: "Further than 10 km",
    section_evidence: "With published reasons",
    section_no_evidence: "No published reason yet",
    section_fails_often: "Redeeming often fails lately",
    search: "Shop, pinyin, street, kind",
    search_short: "Search",
    filters: "Filters",
    rest_is_late: "The lists have not loaded yet. They appear by themselves once there is network; card and code work without them.",
    shops_after_end: "The programme has ended. These shops give no members' discount any more",
    open_now: "Open",
    favourites: "Saved",
    choose_price: "Price",
    any_price: "Any price",
    any_method: "Any way to redeem",
    price_band: |from, below| match (from, below) {
        (None, Some(below)) => format!("under {below}"),
        (Some(from), Some(below)) => format!("{from}–{below}"),
        (from, None) => format!("{} and more", from.unwrap_or_default()),
    },
    open_until: |time| format!("Open until {time}"),
    always_open: "Open",
    closed: "Closed",
    opens_at: |time| format!("Closed until {time}"),
    opens_in: |minutes| format!("Closed, opens in {minutes} min"),
    tomorrow_at: |time| format!("tomorrow {time}"),
    per_person: |price| format!("{price}\u{a0}pp"),
    saves_about: |amount| format!("~{amount} off"),
    former_discount: |discount| format!("Was {discount}"),
    curated: "Picked",
    fails_often: |failed, all| format!("{failed} of {} failed in 30 days", all.of("try", "tries")),
    removed_by: |filter, count, at_least| {
        let more = if at_least { "over " } else { "" };
        format!("“{filter}” removed {more}{}", count.of("shop", "shops"))
    },
    drop_filter: "Remove it",
    first_without: |shop, distance, nearest| match (distance, nearest) {
        ("", _) => format!("See {shop}"),
        (distance, true) => format!("Nearest: {shop}, {distance}"),
        (distance, false) => format!("See {shop}, {distance}"),
    },
    no_shops: "No shop matches",
    no_shops_hint: "Try other words, or remove the filters",
    clear_filters: "Clear filters",
    load_more: "Show more",
    category: |category| match category {
        Category::Coffee => "Coffee",
        Category::Tea => "Tea",
        Category::Snacks => "Snacks",
        Category::Restaurant => "Dining",
        Category::Bakery => "Bakeries",
        Category::Bar => "Bars",
        Category::Books => "Books",
        Category::Show => "Shows",
        Category::Exhibition => "Exhibitions",
        Category::Craft => "Crafts",
        Category::Sport => "Sport",
        Category::Lifestyle => "Lifestyle",
    },

    code_title: "Member code",
    code_subtitle: "Works at every curated shop",
    code_image: "Member code as a QR code",
    code_next_in: |seconds| format!("New code in {seconds} s"),
    code_single_use: "each works once",
    staff_steps: |method| match method {
        None => ["Scan the code, or type the 20 digits", "Enter the bill, confirm the discount", DONE],
        Some(RedeemMethod::PhoneCamera) => {
            ["Scan the code with the shop's phone camera", "Enter the bill, tap “Redeem”", DONE]
        }
        Some(RedeemMethod::TillScanner) => {
            ["Scan the code with the till's scanner", "Enter the bill, confirm the discount", DONE]
        }
        Some(RedeemMethod::TypedDigits) => {
            ["Type the 20 digits into the till", "Enter the bill, confirm the discount", DONE]
        }
        Some(RedeemMethod::ShopPin) => {
            ["Tap “Staff PIN”", "Enter the bill and the shop's PIN", "Done when the screen says “Redeemed”"]
        }
    },
    method: |method| match method {
        RedeemMethod::PhoneCamera => "Phone camera",
        RedeemMethod::TillScanner => "Till scanner",
        RedeemMethod::TypedDigits => "Typed digits",
        RedeemMethod::ShopPin => "Staff PIN",
    },
    methods: "Ways to redeem",
    turn_to_staff: "Turn to staff",
    turn_back: "Turn back",
    brightness_hint: "If it does not scan, turn the screen brighter",
    code_needs_network: "The first code needs a connection. Once you are online, it appears by itself.",
    code_offline: "Offline. Your code works all the same.",
    code_anyway: "Show my code all the same",
    code_too_long_offline: "Too long without a connection: codes pause. Connect, then try again, and they are back.",
    code_taken_over: "Your codes have moved to another device of yours. Those made here no longer work.",
    code_take_over: "Use this device",
    time_doubtful: "The phone slept or its clock was changed. To show no expired code, check the time first.",
    time_guess: |time| format!("Is it {time} now?"),
    time_is_right: "Yes, show my code",
    time_check: "Check online",
    code_preparing: "Preparing your code",
    code_wait: |seconds| format!("Next code in {seconds} s"),
    code_wait_reason: "Each code works once, and the current ones are used.",
    code_unavailable: "This browser cannot make codes. Use the app, or open the page over https.",
    shop_elsewhere: "Your card does not cover this city: it does not work here",
    shop_unknown: "This shop was not found. Your code works at every other curated shop.",
    shop_leaving: |discount, day| format!("{discount} · leaves on {day}"),
    shop_left: |day| format!("This shop left on {day}. Your code works at every other curated shop."),

    pin_open: "Staff PIN",
    pin_back: "Back to the code",
    pin_hint: "Hand the phone to staff",
    pin_bill: "Bill (yuan)",
    pin_field: "The shop's PIN",
    pin_submit: "Redeem",
    to_pay: "To pay",
    saves: |amount| format!("saves {amount}"),
    pin_bad_bill: "Write the amount as 42 or 42.50, at most 100,000 yuan",
    pin_bad_pin: "The PIN has 4 to 8 digits",
    pin_wrong: |left| format!("Wrong PIN, nothing redeemed. {} left.", left.of("try", "tries")),
    pin_locked: |minutes| {
        format!("Too many wrong PINs. Try again in {}; scanning still works.", minutes.of("minute", "minutes"))
    },
    pin_locked_hours: |hours| {
        format!("Too many wrong PINs. Try again in {}; scanning still works.", hours.of("hour", "hours"))
    },
    pin_pending: "Redeeming…",
    pin_querying: "The connection broke. Checking whether it was redeemed… do not repeat it yet.",
    pin_unknown: "It is not known whether it was redeemed. Sign in and open this shop again; do not repeat it yet.",
    pin_not_arrived: "Not redeemed so far. Enter the PIN here once more.",
    pin_refused: |kind| match kind {
        ProblemKind::ProgrammeEnded => "The programme has ended, there is no discount any more",
        ProblemKind::Forbidden => "Not redeemed: the card does not work here today, or this shop has no PIN",
        ProblemKind::Unauthorized => "Not redeemed: the member has to sign in first",
        ProblemKind::NotFound => "Not redeemed: there is no such shop",
        ProblemKind::InvalidRequest => "Not redeemed: check the amount",
        _ => "Not redeemed. Try again later.",
    },
    redeemed: "Redeemed",
    redeemed_saved: |amount| format!("Saved {amount}"),
    redeemed_paid: |amount| format!("Paid {amount}"),
    cancelled: "Taken back",
    cancelled_hint: "Staff took this back; the discount was not used",
    show_another: "Next code",

    ending_title: |day| format!("Your card works until {day}"),
    ending_no_refund: "Once a refund is decided, it shows here",
    ending_refund: |amount, day| match day {
        Some(day) => format!("{amount} back from {day}. Nothing to do."),
        None => format!("{amount} will come back. Nothing to do."),
    },
    programme_ends: |day| format!("The programme ends on {day}"),
    refunds_nothing: "By the refund rule nothing comes back for this card",
    of_earlier_card: |title| format!("Your earlier card: {title}"),
    earlier_card: "This is the refund of your earlier card.",
    ended_title: "The programme has ended",
    refund: RefundText {
        scheduled: (
            |amount| format!("Refund of {amount} scheduled"),
            "It is scheduled to go back the way you paid. Nothing to do now.",
            "Scheduled",
        ),
        processing: (
            |amount| format!("Refund of {amount} on its way"),
            "The payment provider has accepted it. Nothing to do now.",
            "Accepted by the provider",
        ),
        succeeded: (|amount| format!("Refund of {amount} paid out"), "Confirmed by the payment provider", "Paid out"),
        abnormal: (
            |amount| format!("Refund of {amount} did not go through"),
            "The account may no longer exist. Contact support to choose another.",
            "Did not go through",
        ),
        closed: (
            |amount| format!("Refund of {amount} closed"),
            "The money has not been paid. Contact support to have it paid another way.",
            "Closed, not paid",
        ),
    },
    timeline: "Card and refund",
    stops: ["Card ends", "Scheduled", "Accepted", "Arrived"],
    stop_states: ["done", "now", "to come", "Stuck", "Not paid"],
    stop: |stop, state| format!("{stop}: {state}"),
    stop_separator: "; ",
    contact_support: "Contact support",
    call_support: |phone| format!("Call support {phone}"),
    support_at: |place| format!("Support: {place}"),
    support_unknown: "Please contact the support of where you bought the card",
    dismiss: "Got it, don't show again",
    announcement: "Announcement",
    card_heading: "Card",
    end_announced: "End announced",
    last_day: "Last day",
    card_stopped: "No longer works",
    money_heading: "Refund",
    refund_amount: "Amount",
    pro_rata: |amount| format!("{amount} (share of the days left)"),
    refund_channel: "Back to",
    refund_number: "Refund number",
    refund_estimate: |channel, days| {
        let days = days.of("working day", "working days");
        format!("{channel}'s estimate: within {days} of accepting it. It may take longer.")
    },
    number_not_copied: "Could not copy. Press and hold the number.",
    provider_reference: "Provider reference",
    last_checked: "Last checked",
    scheduled_for: "Planned for",
    channel: |channel| match channel {
        "wechat-pay" => "WeChat Pay",
        "alipay" => "Alipay",
        _ => "original payment method",
    },

    reminders: "Reminders",
    card_ends: |days, last_day| match days {
        days if days.is_none() => format!("Today, {last_day}, is your card's last day"),
        days if days.is_one() => format!("Tomorrow, {last_day}, is your card's last day"),
        days => format!("Your card ends in {days} days: {last_day} is its last day"),
    },
    event_due: |title, tomorrow| format!("{} you have a seat: {title}", if tomorrow { "Tomorrow" } else { "Today" }),

    favourite: "Save",
    share: "Share",
    link_copied: "Link copied",
    link_not_copied: "Could not copy. Press and hold this link:",
    saving: |price, saved| format!("{price} a person on average: saves about {saved} a visit"),
    not_combined: "Not with",
    discount_rules: "Rules",
    why_heading: "Why it was picked",
    no_evidence: "There is no published evidence yet, so it has no “Picked” badge.",
    evidence: ["Notes", "Praised for", "Editor's visit", "Checked"],
    note_count: |count| count.of("mentions it", "mention it"),
    visit: |visit| match visit {
        VisitKind::SelfPaid => "paid by us",
        VisitKind::Invited => "invited by the shop",
    },
    evidence_old: "Not checked for more than 6 months",
    notes: "Picked from these notes",
    note: |number| format!("Note {number}"),
    trust_heading: "Redeeming here",
    trust_record: |failed, all| match (failed.is_none(), all.is_one()) {
        (true, true) => "Last 30 days: redeemed once, never failed".to_owned(),
        (true, false) => format!("Last 30 days: redeemed {all} times, never failed"),
        (false, true) => "Last 30 days: tried once, failed".to_owned(),
        (false, false) => format!("Last 30 days: {failed} of {all} tries failed"),
    },
    trust_last: |day| format!("Last redeemed · {day}"),
    trust_none: "Nothing redeemed here so far",
    trust_tested: |day| format!("Staff tested scanning · {day}"),
    trust_demoted: "Redeeming has often failed here lately, so it stands further down. Better call before you go.",
    visit_heading: "Going there",
    visit_labels: ["Address", "Phone", "Hours"],
    copy: "Copy",
    copied: "Copied",
    not_copied: "Could not copy. The address is selected: press and hold it.",
    today: "Today",
    closed_all_day: "closed",
    open_all_day: "24 hours",
    every_day: |hours| format!("Every day {hours}"),
    hours_as_written: "As the shop published them",
    redeem_heading: "How to use it",
    redeem_how: |method| match method {
        RedeemMethod::PhoneCamera => "Staff scan your code with a phone camera",
        RedeemMethod::TillScanner => "The till scans your code",
        RedeemMethod::TypedDigits => "Staff type the 20 digits under the code into the till",
        RedeemMethod::ShopPin => "Staff enter the shop's PIN on your phone",
    },
    maps: "Maps",
    directions: "Directions",
    call: "Call",
    map_names: ["Amap", "Apple", "Other"],
    show_code_here: "Show my code here",
    no_such_shop: "This shop was not found. The link may be incomplete.",

    savings_title: "Savings",
    savings_count: |count| count.of("visit", "visits"),
    savings_by_month: "By month",
    ledger_heading: "Every visit",
    ledger_empty: "No visits yet. Use the card once and it appears here.",
    ledger_more: "Earlier visits",
    ledger_file: "Export as CSV",
    receipt_labels: ["Bill", "Discount", "Paid", "Time", "Receipt no.", "Cancelled"],
    this_card: "This card",
    card_labels: ["Number", "Works", "Cities", "Price paid"],
    from_to: |from, to| format!("{from} – {to}"),

    events_heading: "Members' events",
    events_all: |count| format!("All {count}"),
    events_fewer: "Fewer",
    events_failed: "Members' events cannot be shown right now",
    event_when: |day, weekday, time| format!("{weekday}, {day}, {time}"),
    event_seats: |left, waiting| match (left.is_none(), waiting.is_none()) {
        (true, true) => "full".to_owned(),
        (true, false) => format!("full\u{a0}· {waiting} waiting"),
        (false, _) => format!("{} left", left.of("seat", "seats")),
    },
    event_seats_in_all: |seats| format!("{seats} in all"),
    event_signed_up: "Signed up",
    event_waiting: |position| match position {
        Some(position) => format!("No. {position} in line"),
        None => "On the waiting list".to_owned(),
    },
    event_labels: ["When", "Where", "Seats"],
    event_shop: "See the shop",
    event_sign_up: "Sign up",
    event_join_waiting: "Join the waiting list",
    event_cancel: ["Cancel my seat", "Leave the waiting list"],
    event_cancel_question: ["Cancel? The seat goes to whoever is waiting.", "Leave? Joining again starts at the end."],
    event_keep: "Keep it",
    event_waiting_hint: "Seats that become free go to whoever is next. Once it is you, this says “Signed up”.",
    event_pending: "One moment…",
    event_begun: "It has begun: signing up and cancelling are over",
    no_such_event: "This event was not found. It may have begun or been called off.",
    event_refused: |error| match error {
        ApiError::Unreachable => "The connection broke; it may have worked. Tap again: you cannot sign up twice.",
        ApiError::Problem(ProblemKind::Forbidden) => "Not done: your card does not work on that day or in that city",
        ApiError::Problem(ProblemKind::ProgrammeEnded) => "Not done: the programme ends before the event",
        ApiError::Problem(ProblemKind::Conflict) => "Not done: the event has begun",
        ApiError::Problem(ProblemKind::NotFound) => "Not done: the event is no longer there",
        ApiError::Problem(ProblemKind::Unauthorized) => "Not done: sign in first",
        ApiError::Problem(ProblemKind::RateLimited) => "Too many tries. Wait a moment.",
        _ => "Not done. Try again later.",
    },
};

fn failure(error: ApiError) -> &'static str {
    match error {
        ApiError::Unreachable => "No connection. Check it and try again.",
        ApiError::Unreadable => "The server's answer makes no sense. Try again later.",
        ApiError::Problem(ProblemKind::Unauthorized) => "Sign in first, then open your card",
        ApiError::Problem(ProblemKind::ProgrammeEnded) => "The programme has ended, codes no longer work",
        ApiError::Problem(ProblemKind::Forbidden) => "Your card does not work today",
        ApiError::Problem(ProblemKind::NotFound) => "Not found",
        ApiError::Problem(ProblemKind::RateLimited) => "Too many tries. Wait a moment.",
        ApiError::Problem(_) => "The server has a problem. Try again later.",
    }
}
