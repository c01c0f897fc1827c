//! The rule for shops where redemptions fail often.

use member_domain::fails_often;

#[test]
fn a_third_of_at_least_five_attempts_is_often() {
    for (redemptions, failures, often) in [
        (0, 0, false),
        (0, 4, false),
        (0, 5, true),
        (4, 1, false),
        (3, 2, true),
        (20, 9, false),
        (20, 10, true),
        (u32::MAX, u32::MAX, true),
        (u32::MAX, 0, false),
    ] {
        assert_eq!(fails_often(redemptions, failures), often, "{redemptions} and {failures}");
    }
}
