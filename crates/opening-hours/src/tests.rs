use member_domain::{CivilDate, UnixMillis, wire::OpenState};

use super::{OFFSET, Reading, open_state, reading, utc_offset, week};

const MINUTE: i64 = 60_000;

/// Parses a time in Shanghai, such as `2026-11-24 09:30`.
fn at(text: &str) -> UnixMillis {
    let (date, time) = text.split_once(' ').expect("a date and a time");
    let (hour, minute) = time.split_once(':').expect("hours and minutes");
    let minutes = hour.parse::<i64>().expect("hours") * 60 + minute.parse::<i64>().expect("minutes");
    date.parse::<CivilDate>().expect("a date").start_in_shanghai().plus_millis(minutes * MINUTE)
}

fn open(until: &str) -> OpenState {
    OpenState::Open { until: Some(at(until)) }
}

fn closed(until: &str) -> OpenState {
    OpenState::Closed { until: Some(at(until)) }
}

#[test]
fn both_ways_of_writing_say_the_same() {
    // 24 November 2026 is a Tuesday.
    for (hours, now, expected) in [
        ("Mo-Su 10:00-22:00", "2026-11-24 12:00", open("2026-11-24 22:00")),
        ("每天 10:00–22:00", "2026-11-24 12:00", open("2026-11-24 22:00")),
        ("11:00-19:00（周一闭馆）", "2026-11-29 20:00", closed("2026-12-01 11:00")),
        ("24小时营业", "2026-11-24 03:00", OpenState::Open { until: None }),
        ("24/7", "2026-11-24 03:00", OpenState::Open { until: None }),
        ("18:00-次日02:00", "2026-11-25 01:59", open("2026-11-25 02:00")),
        ("18:00-次日02:00", "2026-11-25 02:00", closed("2026-11-25 18:00")),
        ("周一至周五 18:00-次日02:00，周末 12:00-次日03:00", "2026-11-28 01:00", open("2026-11-28 02:00")),
        ("Mo-Fr 18:00-02:00, Sa-Su 12:00-03:00", "2026-11-28 01:00", open("2026-11-28 02:00")),
        ("Tu-Su 18:00-02:00", "2026-11-30 01:00", open("2026-11-30 02:00")),
        ("18:00-次日02:00，周一休息", "2026-11-30 01:00", open("2026-11-30 02:00")),
        ("周二公休", "2026-11-24 12:00", OpenState::Closed { until: None }),
        ("周二公休", "2026-11-25 12:00", OpenState::Unknown),
        ("10:00-12:00 open \"a\", 12:00-14:00 open \"b\"", "2026-11-24 11:00", open("2026-11-24 14:00")),
        ("10:00-22:00 全年无休", "2026-10-01 12:00", open("2026-10-01 22:00")),
        ("每日 10:00-22:00（无休）", "2026-11-29 12:00", open("2026-11-29 22:00")),
        ("不定休", "2026-11-24 12:00", OpenState::Unknown),
    ] {
        assert_eq!(open_state(Some(hours), at(now)), expected, "{hours} at {now}");
    }
    assert_eq!(open_state(None, at("2026-11-24 12:00")), OpenState::Unknown);
}

/// By the specification, a rule for a day replaces the night before, too. A shop does not mean this. The state
/// is known where both agree. 26 November 2026 is a Thursday.
#[test]
fn a_night_is_unknown_only_where_it_can_be_read_in_two_ways() {
    let longer_at_the_weekend = "Mo-Su 18:00-02:00; Fr,Sa 18:00-04:00";
    let closed_on_mondays = "18:00-02:00; Mo off";
    let closed_on_holidays = "Mo-Su 18:00-02:00; PH off";
    for (hours, now, expected) in [
        (longer_at_the_weekend, "2026-11-26 20:00", OpenState::Open { until: None }),
        (longer_at_the_weekend, "2026-11-27 00:30", OpenState::Unknown),
        (longer_at_the_weekend, "2026-11-27 03:00", closed("2026-11-27 18:00")),
        (longer_at_the_weekend, "2026-11-28 03:00", open("2026-11-28 04:00")),
        (longer_at_the_weekend, "2026-11-29 03:00", open("2026-11-29 04:00")),
        (longer_at_the_weekend, "2026-11-30 03:00", closed("2026-11-30 18:00")),
        (closed_on_mondays, "2026-11-29 01:00", open("2026-11-29 02:00")),
        (closed_on_mondays, "2026-11-30 01:00", OpenState::Unknown),
        (closed_on_mondays, "2026-11-30 20:00", OpenState::Closed { until: None }),
        (closed_on_mondays, "2026-12-01 01:00", OpenState::Unknown),
        (closed_on_mondays, "2026-12-01 03:00", closed("2026-12-01 18:00")),
        (closed_on_holidays, "2026-10-01 00:30", OpenState::Unknown),
        (closed_on_holidays, "2026-10-08 00:30", OpenState::Unknown),
        (closed_on_holidays, "2026-11-25 00:30", open("2026-11-25 02:00")),
        (closed_on_holidays, "2026-11-25 12:00", closed("2026-11-25 18:00")),
        ("Mo-Su 18:00-02:00; Su[1] off", "2026-11-01 20:00", OpenState::Closed { until: None }),
        ("Mo-Su 18:00-02:00; Dec 31 18:00-06:00", "2026-12-31 01:00", OpenState::Unknown),
        ("Mo-Su 18:00-02:00; Dec 31 18:00-06:00", "2027-01-01 03:00", open("2027-01-01 06:00")),
        ("Mo-Th 18:00-02:00, PH 18:00-04:00", "2026-11-27 00:30", open("2026-11-27 02:00")),
        ("Mo-Su 18:00-24:00; PH off", "2026-09-30 20:00", open("2026-10-01 00:00")),
        ("Mo-Su 18:00-00:00; PH off", "2026-09-30 20:00", open("2026-10-01 00:00")),
    ] {
        assert_eq!(open_state(Some(hours), at(now)), expected, "{hours} at {now}");
    }
    for (hours, expected) in [
        (longer_at_the_weekend, Reading::Partly),
        (closed_on_mondays, Reading::Partly),
        (closed_on_holidays, Reading::Partly),
        ("Mo-Su 18:00-02:00; Su[1] off", Reading::Partly),
        ("Mo-Su 18:00-02:00; Dec 31 18:00-06:00", Reading::Partly),
        ("Mo-Su 18:00-24:00; PH off", Reading::Whole),
        ("Mo-Su 18:00-02:00", Reading::Whole),
        ("Mo-Th 18:00-02:00, Fr-Su 18:00-04:00", Reading::Whole),
        ("Mo-Th 18:00-02:00; Sa 18:00-04:00", Reading::Whole),
    ] {
        assert_eq!(reading(hours), expected, "{hours}");
    }
    assert_eq!(week(Some(longer_at_the_weekend), at("2026-11-26 12:00")), []);
    assert_eq!(
        spans("Mo-Th 18:00-02:00, Fr,Sa 18:00-04:00", "2026-11-26 12:00")[..2],
        ["26 18:00-26:00", "27 18:00-28:00"]
    );
}

/// Each of these says that the state depends on something that is not said, or has no end.
#[test]
fn hours_that_do_not_always_tell_are_unknown_at_those_times() {
    let by_appointment = "Mo-Fr 10:00-18:00 || \"by appointment\"";
    for (hours, now, expected) in [
        (by_appointment, "2026-11-24 12:00", OpenState::Open { until: None }),
        (by_appointment, "2026-11-24 20:00", OpenState::Unknown),
        (by_appointment, "2026-11-28 23:00", OpenState::Unknown),
        ("\"by appointment\"", "2026-11-24 12:00", OpenState::Unknown),
        ("Mo \"ask\"", "2026-11-24 12:00", OpenState::Closed { until: None }),
        ("Mo-Fr 10:00-18:00 \"by appointment\"", "2026-11-24 12:00", OpenState::Unknown),
        ("18:00+", "2026-11-24 17:59", OpenState::Closed { until: None }),
        ("18:00+", "2026-11-24 18:00", OpenState::Unknown),
        ("18:00+", "2026-11-25 03:00", OpenState::Unknown),
        ("18:00-22:00+", "2026-11-24 12:00", closed("2026-11-24 18:00")),
        ("18:00-22:00+", "2026-11-24 20:00", OpenState::Open { until: None }),
        ("18:00-22:00+", "2026-11-24 22:30", OpenState::Unknown),
    ] {
        assert_eq!(open_state(Some(hours), at(now)), expected, "{hours} at {now}");
        assert_eq!(reading(hours), Reading::Partly, "{hours}");
    }
    for hours in [by_appointment, "18:00+", "Mo-Fr 10:00-18:00 \"by appointment\""] {
        assert_eq!(week(Some(hours), at("2026-11-24 12:00")), [], "{hours}");
    }
}

/// 29 November 2026 is a Sunday and no holiday.
#[test]
fn days_are_those_of_the_specification() {
    for (hours, now, expected) in [
        ("Mo-Su 10:00-18:00; PH Su closed", "2026-11-29 12:00", open("2026-11-29 18:00")),
        ("Mo-Su 10:00-18:00; PH Su closed", "2026-10-04 12:00", closed("2026-10-05 10:00")),
        ("Mo-Su 10:00-18:00; Su,PH closed", "2026-11-29 12:00", closed("2026-11-30 10:00")),
        ("Mo-Su 10:00-18:00; SH off", "2026-11-29 12:00", OpenState::Unknown),
        ("Mo-Fr 10:00-18:00 open \"ring\"", "2026-11-24 12:00", open("2026-11-24 18:00")),
        ("Su[-1] 10:00-18:00", "2026-11-29 12:00", open("2026-11-29 18:00")),
        ("Su[5] 10:00-18:00", "2026-11-29 12:00", open("2026-11-29 18:00")),
        ("Su[4] 10:00-18:00", "2026-11-29 12:00", closed("2026-12-27 10:00")),
        ("Oct-Mar 10:00-18:00", "2026-11-29 12:00", open("2026-11-29 18:00")),
        ("Dec 24-Jan 06 off; 10:00-18:00", "2026-11-29 12:00", OpenState::Unknown),
        ("10:00-18:00; Dec 24-Jan 06 off", "2026-12-24 12:00", closed("2027-01-07 10:00")),
        ("10:00-18:00; Mo 12:00-13:00 off", "2026-11-30 12:30", closed("2026-11-30 13:00")),
        ("week 48 10:00-18:00", "2026-11-29 12:00", open("2026-11-29 18:00")),
        ("week 2-52/2 10:00-18:00", "2026-11-29 12:00", open("2026-11-29 18:00")),
        ("week 1-53/2 10:00-18:00", "2026-11-29 12:00", closed("2026-11-30 10:00")),
        ("2027 10:00-18:00", "2026-11-29 12:00", closed("2027-01-01 10:00")),
        ("2026 Nov 29 10:00-18:00", "2026-11-29 12:00", open("2026-11-29 18:00")),
    ] {
        assert_eq!(open_state(Some(hours), at(now)), expected, "{hours} at {now}");
    }
}

#[test]
fn the_suns_times_are_not_guessed() {
    for hours in ["sunrise-sunset", "Mo-Su 08:00-sunset", "Mo-Fr 10:00-20:00; Sa (dawn+01:00)-18:00", "dusk-24:00"] {
        assert_eq!(open_state(Some(hours), at("2026-11-24 12:00")), OpenState::Unknown, "{hours}");
        assert_eq!(week(Some(hours), at("2026-11-24 12:00")), [], "{hours}");
    }
}

#[test]
fn times_alone_pass_midnight_where_nothing_else_can_be_meant() {
    for hours in ["9:00-6:00", "09:00-06:00", "每天 9:00-6:00", "11:00-2:00", "9:00-12:00; 13:00-17:00"] {
        assert_eq!(open_state(Some(hours), at("2026-11-24 20:00")), OpenState::Unknown, "{hours}");
        assert_eq!(reading(hours), Reading::Unread, "{hours}");
    }
    for (hours, until) in [
        ("18:00-02:00", "2026-11-25 02:00"),
        ("12:00-06:00", "2026-11-25 06:00"),
        ("10:00-00:00", "2026-11-25 00:00"),
        ("9:00-次日6:00", "2026-11-25 06:00"),
        ("09:00-30:00", "2026-11-25 06:00"),
        ("Mo-Su 09:00-06:00", "2026-11-25 06:00"),
    ] {
        assert_eq!(open_state(Some(hours), at("2026-11-24 20:00")), open(until), "{hours}");
    }
}

#[test]
fn holidays_are_chinas() {
    for hours in ["Mo-Su 10:00-20:00; PH off", "10:00-20:00，法定节假日休息"] {
        assert_eq!(open_state(Some(hours), at("2026-09-30 12:00")), open("2026-09-30 20:00"), "{hours}");
        // The national holiday of 2026 is 1 to 7 October.
        assert_eq!(open_state(Some(hours), at("2026-10-01 12:00")), closed("2026-10-08 10:00"), "{hours}");
        assert_eq!(open_state(Some(hours), at("2026-10-07 12:00")), closed("2026-10-08 10:00"), "{hours}");
        // The Spring Festival of 2027: by law until 8 February. The State Council has not announced its full
        // length yet.
        assert!(matches!(open_state(Some(hours), at("2027-02-06 12:00")), OpenState::Closed { .. }), "{hours}");
        assert_eq!(open_state(Some(hours), at("2027-02-10 12:00")), OpenState::Unknown, "{hours}");
    }
    let longer = "10:00-18:00，节假日 10:00-20:00";
    assert_eq!(open_state(Some(longer), at("2026-06-19 19:00")), open("2026-06-19 20:00"), "Dragon Boat Festival");
    assert!(matches!(open_state(Some(longer), at("2026-06-18 19:00")), OpenState::Closed { .. }));
    let any_day = "Mo-Su 10:00-20:00";
    assert_eq!(open_state(Some(any_day), at("2026-10-01 12:00")), open("2026-10-01 20:00"), "nothing said of holidays");
}

/// Returns each day of the month with its spans, such as `10:00-22:00`. Hours of the next day continue from
/// 24.
fn spans(hours: &str, now: &str) -> Vec<String> {
    let time = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    week(Some(hours), at(now))
        .into_iter()
        .map(|day| {
            let since = |at: UnixMillis| time((at.0 - day.date.start_in_shanghai().0) / MINUTE);
            let spans: Vec<_> =
                day.spans.iter().map(|span| format!("{}-{}", since(span.from), since(span.until))).collect();
            format!("{} {}", &day.date.to_string()[8..], spans.join(",")).trim().to_owned()
        })
        .collect()
}

#[test]
fn a_week_begins_today_and_nights_stand_on_the_day_they_begin() {
    assert_eq!(
        spans("周一至周五 10:00-14:00、17:00-21:00，周六 18:00-次日02:00", "2026-11-29 01:00"),
        [
            "29",
            "30 10:00-14:00,17:00-21:00",
            "01 10:00-14:00,17:00-21:00",
            "02 10:00-14:00,17:00-21:00",
            "03 10:00-14:00,17:00-21:00",
            "04 10:00-14:00,17:00-21:00",
            "05 18:00-26:00",
        ],
        "Saturday's night, still open now, was yesterday's"
    );
    let around_the_clock = ["24", "25", "26", "27", "28", "29", "30"].map(|day| format!("{day} 00:00-24:00"));
    assert_eq!(spans("24/7", "2026-11-24 12:00"), around_the_clock);
    assert_eq!(
        spans("Fr 18:00-24:00; Sa 00:00-24:00; Su 00:00-20:00", "2026-11-27 23:30"),
        ["27 18:00-24:00", "28 00:00-24:00", "29 00:00-20:00", "30", "01", "02", "03"]
    );
    assert_eq!(spans("Mo-Su 18:00-26:00", "2026-11-24 23:30").last().map(String::as_str), Some("30 18:00-26:00"));
    assert_eq!(spans("09:00-18:00; PH off", "2026-09-30 12:00")[..2], ["30 09:00-18:00", "01"]);
}

#[test]
fn a_week_that_is_not_known_is_empty() {
    for hours in ["不定休", "周二公休", "Mo-Su 10:00-20:00; Su unknown"] {
        assert_eq!(spans(hours, "2026-11-24 12:00"), [""; 0], "{hours}");
    }
    // The day after the week matters only if the last day's night may last until then.
    let after_the_week = |hours: &str| spans(&format!("{hours}; 2026 Dec 1 unknown"), "2026-11-24 12:00").len();
    assert_eq!([after_the_week("Mo-Su 10:00-18:00"), after_the_week("Mo-Su 18:00-24:00")], [7, 0]);
    assert_eq!(week(None, at("2026-11-24 12:00")), []);
}

#[test]
fn all_cities_share_one_offset() {
    assert!(member_domain::City::ALL.iter().all(|city| utc_offset(*city) == OFFSET));
    assert_eq!([reading("24/7"), reading("24/8")], [Reading::Whole, Reading::Unread]);
}

/// No text and no time makes the code panic.
#[test]
fn odd_texts_and_times_are_harmless() {
    let texts =
        ["week 53 Mo", "Feb 30", "2026-9999/3 Mo-Su", "easter -2 days", "sunrise-sunset", "10:00+", "Mo[-1] off"];
    for hours in texts {
        for now in [UnixMillis(0), UnixMillis(i64::MAX), UnixMillis(i64::MIN), at("2026-11-24 12:00")] {
            open_state(Some(hours), now);
            week(Some(hours), now);
        }
    }
}

mod any_text {
    use proptest::prelude::*;

    use super::{at, open_state, reading, week};

    /// Texts of the syntax's own parts reach further into the code than texts of any characters.
    fn parts() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            Just("Mo"),
            Just("Su"),
            Just("PH"),
            Just("Feb"),
            Just("Dec"),
            Just("week"),
            Just("24/7"),
            Just("off"),
            Just("open"),
            Just("unknown"),
            Just("\"a\""),
            Just("\""),
            Just(";"),
            Just(","),
            Just("||"),
            Just("-"),
            Just("+"),
            Just("/"),
            Just("["),
            Just("]"),
            Just(":"),
            Just(" "),
            Just("0"),
            Just("1"),
            Just("29"),
            Just("53"),
            Just("2026"),
            Just("9999"),
            Just("65536"),
            Just("10:00"),
            Just("22:00"),
            Just("47:59"),
            Just("23:59-48:00"),
            Just("18:00-02:00"),
            Just("周一"),
            Just("至"),
            Just("休息"),
            Just("次日"),
            Just("，"),
        ];
        prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn does_not_panic(text in prop_oneof![parts(), any::<String>()], millis in any::<i64>()) {
            reading(&text);
            for now in [at("2026-11-24 12:00"), at("2028-02-28 23:59"), member_domain::UnixMillis(millis)] {
                open_state(Some(&text), now);
                week(Some(&text), now);
            }
        }
    }
}
