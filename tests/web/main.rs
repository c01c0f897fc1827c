//! The page's components in headless Chromium: each is mounted alone, in every state of its data, and
//! unmounted.

#![cfg(target_arch = "wasm32")]
// These tests compile only for wasm, which the lint step does not cover.
#![deny(warnings)]
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod api;
mod clock;
mod crypto;
mod languages;
mod member_card;
mod member_events;
mod navigation;
mod nearby_shops;
mod redemption_code;
mod refund_banner;
mod reminders;
mod savings;
mod shop_sheet;
mod support;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
