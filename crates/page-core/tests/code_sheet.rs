//! The content of the code sheet's middle.

use page_core::code_sheet::{Facts, SheetContent};

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
