//! Time steps and one-time passwords, with the test vectors of RFC 4226 appendix D and RFC 6238 appendix B.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use hmac::{Hmac, KeyInit, Mac};
use member_domain::{TimeStep, Totp, TotpPeriod, TotpVerdict, UnixMillis, truncate, verify};
use proptest::prelude::*;
use serde::Deserialize;
use sha1::Sha1;
use sha2::{Sha256, Sha512};

const NOW: TimeStep = TimeStep(59_000_000);
const KEY: &[u8] = b"12345678901234567890123456789012";

fn hmac(algorithm: &str, key: &[u8], message: &[u8]) -> Vec<u8> {
    fn compute<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Vec<u8> {
        let mut mac = <M as KeyInit>::new_from_slice(key).unwrap();
        mac.update(message);
        mac.finalize().into_bytes().to_vec()
    }
    match algorithm {
        "SHA1" => compute::<Hmac<Sha1>>(key, message),
        "SHA256" => compute::<Hmac<Sha256>>(key, message),
        "SHA512" => compute::<Hmac<Sha512>>(key, message),
        other => panic!("no vector uses {other}"),
    }
}

fn code_of(step: TimeStep) -> String {
    truncate(&hmac("SHA256", KEY, &step.message()), Totp::DIGITS).to_digits()
}

fn verify_now(submitted: &str) -> TotpVerdict {
    verify(NOW, submitted, |message| hmac("SHA256", KEY, message))
}

fn vectors<T: for<'de> Deserialize<'de>>(csv: &str) -> Vec<T> {
    csv::Reader::from_reader(csv.as_bytes()).deserialize().map(Result::unwrap).collect()
}

#[derive(Deserialize)]
struct TotpVector {
    algorithm: String,
    key_ascii: String,
    unix_seconds: i64,
    period_seconds: u32,
    digits: u8,
    totp: String,
}

#[test]
fn every_row_of_rfc_6238_appendix_b_holds() {
    let rows: Vec<TotpVector> = vectors(include_str!("vectors/rfc6238-appendix-b.csv"));
    assert_eq!(rows.len(), 18);
    for row in rows {
        let period = TotpPeriod::from_millis(row.period_seconds * 1000).unwrap();
        let step = TimeStep::at(UnixMillis(row.unix_seconds * 1000), period);
        let mac = hmac(&row.algorithm, row.key_ascii.as_bytes(), &step.message());
        assert_eq!(truncate(&mac, row.digits).to_digits(), row.totp, "{} at {}", row.algorithm, row.unix_seconds);
    }
}

#[derive(Deserialize)]
struct HotpVector {
    algorithm: String,
    key_ascii: String,
    counter: i64,
    digits: u8,
    hotp: String,
}

#[test]
fn every_row_of_rfc_4226_appendix_d_holds() {
    let rows: Vec<HotpVector> = vectors(include_str!("vectors/rfc4226-appendix-d.csv"));
    assert_eq!(rows.len(), 10);
    for row in rows {
        let mac = hmac(&row.algorithm, row.key_ascii.as_bytes(), &TimeStep(row.counter).message());
        assert_eq!(truncate(&mac, row.digits).to_digits(), row.hotp, "counter {}", row.counter);
    }
}

/// The column "value of T (hex)" of RFC 6238 appendix B.
#[test]
fn the_steps_of_rfc_6238_appendix_b_hold() {
    for (seconds, step) in [
        (59, 0x1),
        (1_111_111_109, 0x0235_23EC),
        (1_111_111_111, 0x0235_23ED),
        (1_234_567_890, 0x0273_EF07),
        (2_000_000_000, 0x03F9_40AA),
        (20_000_000_000, 0x27BC_86AA),
    ] {
        assert_eq!(TimeStep::at(UnixMillis(seconds * 1000), TotpPeriod::DEFAULT), TimeStep(step), "{seconds}");
    }
}

/// The intermediate values of RFC 4226 appendix D: the HMAC, and its truncation before the reduction to six digits.
#[test]
fn the_intermediate_values_of_rfc_4226_appendix_d_hold() {
    for (counter, (mac, truncated)) in (0..).zip([
        ("cc93cf18508d94934c64b65d8ba7667fb7cde4b0", 1_284_755_224_u32),
        ("75a48a19d4cbe100644e8ac1397eea747a2d33ab", 1_094_287_082),
        ("0bacb7fa082fef30782211938bc1c5e70416ff44", 137_359_152),
        ("66c28227d03a2d5529262ff016a1e6ef76557ece", 1_726_969_429),
        ("a904c900a64b35909874b33e61c5938a8e15ed1c", 1_640_338_314),
        ("a37e783d7b7233c083d4f62926c7a25f238d0316", 868_254_676),
        ("bc9cd28561042c83f219324d3c607256c03272ae", 1_918_287_922),
        ("a4fb960c0bc06e1eabb804e5b397cdc4b45596fa", 82_162_583),
        ("1b3c89f65e6c9e883012052823443f048b4332db", 673_399_871),
        ("1637409809a679dc698207310c8c7fc07290d9e5", 645_520_489),
    ]) {
        let computed = hmac("SHA1", b"12345678901234567890", &TimeStep(counter).message());
        let hex: String = computed.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, mac, "counter {counter}");
        for digits in 6..=8 {
            let expected = format!("{:0width$}", truncated % 10_u32.pow(digits), width = digits as usize);
            let digits = u8::try_from(digits).unwrap();
            assert_eq!(truncate(&computed, digits).to_digits(), expected, "counter {counter}, {digits} digits");
        }
    }
}

/// The example in `docs/openapi.yaml`, with the SHA-256 key of RFC 6238 appendix B.
#[test]
fn the_documented_example_holds() {
    let step = TimeStep::at(UnixMillis(1_795_343_412_345), TotpPeriod::DEFAULT);
    assert_eq!(step, TimeStep(59_844_780));
    assert_eq!(code_of(step), "62652551");
}

#[test]
fn a_step_is_hashed_as_eight_bytes_big_endian() {
    assert_eq!(TimeStep(0x0102_0304_0506_0708).message(), [1, 2, 3, 4, 5, 6, 7, 8]);
}

#[test]
fn the_current_step_and_one_on_each_side_are_accepted() {
    for offset in -1..=1 {
        let step = NOW.plus(offset);
        assert_eq!(verify_now(&code_of(step)), TotpVerdict::Current(step), "offset {offset}");
    }
}

#[test]
fn steps_of_the_last_ten_minutes_are_expired_not_unknown() {
    for offset in [-2, -3, -19, -20] {
        let step = NOW.plus(offset);
        assert_eq!(verify_now(&code_of(step)), TotpVerdict::Expired(step), "offset {offset}");
    }
}

#[test]
fn steps_further_away_are_unknown() {
    for offset in [-1_000_000, -21, 2, 3, 20] {
        assert_eq!(verify_now(&code_of(NOW.plus(offset))), TotpVerdict::Unknown, "offset {offset}");
    }
}

#[test]
fn what_is_no_password_of_eight_digits_is_unknown() {
    let code = code_of(NOW);
    for submitted in ["", &code[..7], &format!("{code}0"), &format!("0{code}"), "abcdefgh"] {
        assert_eq!(verify_now(submitted), TotpVerdict::Unknown, "{submitted}");
    }
}

#[test]
fn a_step_inside_the_window_wins_over_an_old_one_with_the_same_digits() {
    let same_for_every_step = [0; 32];
    let verdict = verify(NOW, "00000000", |_| same_for_every_step);
    assert!(matches!(verdict, TotpVerdict::Current(_)), "{verdict:?}");
}

/// The duration of a check must not reveal how close a guess was.
#[test]
fn every_verdict_costs_the_same_number_of_hmacs() {
    let calls_for = |submitted: &str| {
        let mut calls = 0;
        verify(NOW, submitted, |message| {
            calls += 1;
            hmac("SHA256", KEY, message)
        });
        calls
    };
    let expected = calls_for(&code_of(NOW));
    assert_eq!(expected, 22, "ten minutes of the past, the current step and the next");
    for submitted in [&code_of(NOW.plus(-1)), &code_of(NOW.plus(1)), &code_of(NOW.plus(-20)), "00000000", "", "1"] {
        assert_eq!(calls_for(submitted), expected, "{submitted}");
    }
}

#[test]
#[should_panic(expected = "at least as long as SHA-1's")]
fn a_hash_shorter_than_sha_1_is_refused() {
    truncate(&[0; 19], 8);
}

#[test]
fn only_six_to_eight_digits_are_made() {
    for digits in [6, 7, 8] {
        assert_eq!(truncate(&[0; 20], digits).to_digits(), "0".repeat(usize::from(digits)));
    }
    for digits in [0, 5, 9] {
        assert!(std::panic::catch_unwind(|| truncate(&[0; 20], digits)).is_err(), "{digits} digits");
    }
}

#[test]
fn a_period_is_one_second_to_ten_minutes_also_on_the_wire() {
    for (millis, valid) in [(0, false), (999, false), (1_000, true), (600_000, true), (600_001, false)] {
        assert_eq!(TotpPeriod::from_millis(millis).is_some(), valid, "{millis}");
        assert_eq!(serde_json::from_str::<TotpPeriod>(&millis.to_string()).is_ok(), valid, "{millis} as JSON");
    }
    assert_eq!(serde_json::to_string(&TotpPeriod::DEFAULT).unwrap(), "30000");
}

#[test]
fn the_ends_of_time_saturate() {
    assert_eq!(TimeStep(i64::MAX).next(), TimeStep(i64::MAX));
    assert_eq!(TimeStep(i64::MAX).end(TotpPeriod::DEFAULT), UnixMillis(i64::MAX));
    assert_eq!(UnixMillis(i64::MAX).plus_millis(1), UnixMillis(i64::MAX));
    assert_eq!(UnixMillis(i64::MIN).millis_since(UnixMillis(1)), i64::MIN);
}

proptest! {
    #[test]
    fn a_step_holds_its_instant_and_steps_touch(
        now in -10_000_000_000_000_i64..10_000_000_000_000,
        millis in 1_000_u32..=600_000,
    ) {
        let (now, period) = (UnixMillis(now), TotpPeriod::from_millis(millis).unwrap());
        let step = TimeStep::at(now, period);
        prop_assert!(step.start(period) <= now && now < step.end(period));
        prop_assert_eq!(step.end(period), step.next().start(period));
        prop_assert_eq!(step.end(period).millis_since(step.start(period)), period.millis());
        prop_assert_eq!(TimeStep::at(step.start(period), period), step);
        prop_assert_eq!(TimeStep::at(step.end(period).plus_millis(-1), period), step);
    }
}
