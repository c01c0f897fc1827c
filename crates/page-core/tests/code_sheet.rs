//! The content of the code sheet's middle.

use member_domain::{TimeStep, TotpPeriod, UnixMillis};
use page_core::code_sheet::{Facts, SheetContent, ShownCode};

#[test]
fn what_is_shown_first() {
    let ready = Facts { is_ready: true, ..Facts::default() };
    let unsettled = Facts { is_unsettled: true, ..ready };
    let doubt = Facts { is_time_in_doubt: true, ..ready };
    let pin = |facts| Facts { wants_pin: true, ..facts };
    let result = |facts| Facts { has_result: true, ..facts };
    for (facts, shown) in [
        (Facts::default(), SheetContent::NoCode),
        (ready, SheetContent::Code),
        (unsettled, SheetContent::Unsettled),
        (Facts { wants_code_anyway: true, ..unsettled }, SheetContent::Code),
        (doubt, SheetContent::TimeInDoubt),
        (Facts { is_time_in_doubt: true, ..unsettled }, SheetContent::Unsettled),
        (Facts { wants_code_anyway: true, is_unsettled: true, ..doubt }, SheetContent::TimeInDoubt),
        // Staff can type a PIN even if this device makes no codes.
        (pin(Facts::default()), SheetContent::PinForm),
        (pin(unsettled), SheetContent::PinForm),
        (pin(doubt), SheetContent::PinForm),
        (result(pin(unsettled)), SheetContent::Result),
        (result(Facts::default()), SheetContent::Result),
        (Facts { is_ready: false, ..unsettled }, SheetContent::NoCode),
        (Facts { is_ready: false, ..doubt }, SheetContent::NoCode),
    ] {
        assert_eq!(SheetContent::of(facts), shown, "{facts:?}");
    }
}

#[test]
fn the_code_shown_and_the_wait_for_the_next() {
    let period = TotpPeriod::DEFAULT;
    let of_step = |step| ShownCode::OfStep(TimeStep(step));
    // Steps of 30 s: 10,000 ms is in step 0, 40,000 ms in step 1.
    for (now, used_step, shown) in [
        (10_000, None, of_step(0)),
        (10_000, Some(-5), of_step(0)),
        (10_000, Some(-1), of_step(0)),
        (10_000, Some(0), of_step(1)),
        (10_000, Some(1), ShownCode::From(UnixMillis(30_000))),
        (29_999, Some(1), ShownCode::From(UnixMillis(30_000))),
        (30_000, Some(1), of_step(2)),
        (40_000, Some(2), ShownCode::From(UnixMillis(60_000))),
        // A clock that was set back.
        (10_000, Some(4), ShownCode::From(UnixMillis(120_000))),
    ] {
        assert_eq!(ShownCode::at(UnixMillis(now), period, used_step.map(TimeStep)), shown, "{now} {used_step:?}");
    }
}
