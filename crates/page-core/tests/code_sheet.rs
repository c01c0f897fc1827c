//! The content of the code sheet's middle.

use page_core::code_sheet::{Facts, Shown};

#[test]
fn what_is_shown_first() {
    let ready = Facts { is_ready: true, ..Facts::default() };
    let unsettled = Facts { is_unsettled: true, ..ready };
    let doubt = Facts { is_time_in_doubt: true, ..ready };
    let pin = |facts| Facts { wants_pin: true, ..facts };
    let result = |facts| Facts { has_result: true, ..facts };
    for (facts, shown) in [
        (Facts::default(), Shown::NoCode),
        (ready, Shown::Code),
        (unsettled, Shown::Unsettled),
        (Facts { all_the_same: true, ..unsettled }, Shown::Code),
        (doubt, Shown::TimeInDoubt),
        (Facts { is_time_in_doubt: true, ..unsettled }, Shown::Unsettled),
        (Facts { all_the_same: true, is_unsettled: true, ..doubt }, Shown::TimeInDoubt),
        // Staff can type a PIN even if this device makes no codes.
        (pin(Facts::default()), Shown::PinForm),
        (pin(unsettled), Shown::PinForm),
        (pin(doubt), Shown::PinForm),
        (result(pin(unsettled)), Shown::Result),
        (result(Facts::default()), Shown::Result),
        (Facts { is_ready: false, ..unsettled }, Shown::NoCode),
        (Facts { is_ready: false, ..doubt }, Shown::NoCode),
    ] {
        assert_eq!(Shown::of(facts), shown, "{facts:?}");
    }
}
