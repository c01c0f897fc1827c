//! The page's components in headless Chromium: each mounted alone, in every state of its data, and unmounted again.

#![cfg(target_arch = "wasm32")]
// These tests are compiled for wasm only, where the lint step does not come.
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
