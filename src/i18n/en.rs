//! English.

use member_domain::{Category, City, wire::ProblemKind};

use super::{Messages, RefundText};
use crate::api::ApiError;

pub(super) static MESSAGES: Messages = Messages {
    switch_language: "中文",
    retry: "Try again",
    close: "Close",
    loading: "Loading",
    failure,
    stale: "No connection right now. This is what was here last.",

    card_active: "Active",
    card_not_yet: "Not yet valid",
    card_ended: "Ended",
    card_valid_until: |date| format!("Valid until {date}"),
    card_valid_from: |date| format!("Valid from {date}"),
    saved: "Saved",
    yearly_price: |price| format!("Yearly fee {price}"),
    payoff_meter: |saved, price| format!("Saved {saved} of the yearly fee of {price}"),
    payoff_missing: |amount| format!("{amount} more and it has paid off"),
    payoff_reached: |amount| format!("Paid off, {amount} ahead"),
    show_code: "Show my code",
    no_card: "No card yet",
    no_card_offer: |price| format!("{price} a year: at least 10% off at curated shops, and members-only events"),
    city: |city| match city {
        City::Shanghai => "Shanghai",
        City::Hangzhou => "Hangzhou",
        City::Guangzhou => "Guangzhou",
    },

    nearby_heading: "Curated nearby",
    choose_city: "City",
    locate: "Nearest first",
    locating: "Locating…",
    locate_failed: "No location. You can still browse by city.",
    density: |near, wider| format!("{near} within 500 m · {wider} within 1 km"),
    shop_count: |count| if count == 1 { "1 shop".to_owned() } else { format!("{count} shops") },
    search: "Shop, street or district",
    filters: "Filters",
    filter_all: "All",
    open_now: "Open",
    open_until: |time| format!("until {time}"),
    closed: "Closed",
    opens_at: |time| format!("opens {time}"),
    per_person: |price| format!("{price} a person"),
    curated: "Picked",
    checked_on: |day| format!("checked {day}"),
    no_shops: "No shop matches",
    no_shops_hint: "Try other words, or remove the filters",
    clear_filters: "Clear filters",
    load_more: "Show more",
    category: |category| match category {
        Category::Coffee => "Coffee",
        Category::Tea => "Tea",
        Category::Snacks => "Snacks",
        Category::Restaurant => "Restaurants",
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
    code_steps: [
        "Ask staff to scan the code, or to type the 20 digits",
        "Staff enter the bill and confirm the discount",
        "Both screens then show “Redeemed”",
    ],
    code_preparing: "Preparing your code",
    code_unavailable: "This browser cannot make codes. Use the app, or open the page over https.",
    shop_unknown: "This shop was not found. Your code works all the same.",
    redeemed: "Redeemed",
    redeemed_saved: |amount| format!("Saved {amount}"),
    redeemed_paid: |amount| format!("Paid {amount}"),
    show_another: "Show another code",

    ending_title: |day| format!("Your card works until {day}"),
    ending_no_refund: "Once a refund is decided, it shows here",
    ending_refund: |amount, day| format!("{amount} goes back the way you paid, from {day}. Nothing to do now."),
    ended_title: "The programme has ended",
    ended_no_refund: "Once a refund is decided, it shows here",
    refund: RefundText {
        scheduled: (
            |amount| format!("Refund of {amount} scheduled"),
            "It goes back the way you paid. Nothing to do now.",
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
            "The money has not been paid. Contact support to start it again.",
            "Closed, not paid",
        ),
    },
    timeline: "Refund progress",
    provider_reference: |reference| format!("Provider reference {reference}"),
    last_checked: |time| format!("Checked {time}"),
    scheduled_for: |day| format!("Expected to go to the provider on {day}"),
    channel: |channel| match channel {
        "wechat-pay" => "WeChat Pay",
        "alipay" => "Alipay",
        _ => "original payment method",
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
