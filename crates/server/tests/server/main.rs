//! Tests of the server over HTTP and by its commands, one file per subject. They are one program, since
//! linking forty takes minutes.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod support;

mod attempts;
mod bad_codes;
mod cancellation;
mod clock;
mod connections;
mod cors;
mod counter;
mod crash;
mod credentials;
mod csv_files;
mod demo;
mod favourites;
mod forgery;
mod import;
mod import_events;
mod import_shops;
mod import_spreadsheets;
mod ledger;
mod limits;
mod live;
mod logs;
mod me;
mod member_events;
mod openapi;
mod openapi_file;
mod programme_end;
mod races;
mod redemptions;
mod refund;
mod refund_events;
mod refund_export;
mod refund_import;
mod refund_reconcile;
mod refund_start;
mod security_reports;
mod security_table;
mod serve;
mod shop_pin;
mod shop_search;
mod shops;
mod site;
mod staff_pairing;
mod staff_redeeming;
mod staff_report;
mod sticker;
mod system;
mod test_scans;
mod trust;
