//! Fuzz tests of the API's documents: no JSON causes a panic, and a parsed document survives serialization and another
//! parse.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod fuzzing;

use fuzzing::{edited, seeds};
use member_domain::wire::{
    CredentialAnswer, LedgerPage, MeAnswer, MemberEventList, Problem, ProblemKind, Receipt, RedemptionRequest,
    RefundEvent, Shop, ShopPage,
};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

const CORPUS: &str = "tests/__fuzz__/wire_json/corpus";
/// The designers' samples, which are real answers of the backend.
const SAMPLES: &str = "../../src/api/preview";

/// Whether these bytes parse as a `T`. If they do, checks that its JSON parses to the same value.
fn round_trips<T: DeserializeOwned + Serialize + PartialEq>(bytes: &[u8]) -> bool {
    let Ok(value) = serde_json::from_slice::<T>(bytes) else { return false };
    let written = serde_json::to_string(&value).unwrap();
    let again: T = serde_json::from_str(&written).unwrap_or_else(|error| panic!("{error}: {written}"));
    assert!(again == value, "{written}");
    assert_eq!(serde_json::to_string(&again).unwrap(), written);
    true
}

/// The kinds of documents that these bytes parse as, by the first word of a corpus file's name.
fn check(bytes: &[u8]) -> Vec<&'static str> {
    check_problem_type(&String::from_utf8_lossy(bytes));
    if let Ok(problem) = serde_json::from_slice::<Problem>(bytes) {
        check_problem_type(&problem.kind);
    }
    if let Ok(answer) = serde_json::from_slice::<CredentialAnswer>(bytes) {
        assert!(format!("{answer:?}").contains("Jwk(secret)"));
    }
    let documents = [
        ("problem", round_trips::<Problem>(bytes)),
        ("request", round_trips::<RedemptionRequest>(bytes)),
        ("receipt", round_trips::<Receipt>(bytes)),
        ("ledger", round_trips::<LedgerPage>(bytes)),
        ("me", round_trips::<MeAnswer>(bytes)),
        ("shops", round_trips::<ShopPage>(bytes)),
        ("shop", round_trips::<Shop>(bytes)),
        ("member_events", round_trips::<MemberEventList>(bytes)),
        ("credential", round_trips::<CredentialAnswer>(bytes)),
        ("refund_event", round_trips::<RefundEvent>(bytes)),
    ];
    documents.into_iter().filter_map(|(name, is_one)| is_one.then_some(name)).collect()
}

fn check_problem_type(uri: &str) {
    if let Some(kind) = ProblemKind::from_type(uri) {
        assert!(uri.ends_with(kind.as_str()), "{uri:?} was read as {}", kind.as_str());
        assert!((400..600).contains(&kind.status()));
        assert_eq!(ProblemKind::from_type(kind.as_str()), Some(kind));
    }
}

#[test]
fn wire_json() {
    bolero::check!().for_each(|bytes: &[u8]| {
        check(bytes);
    });
}

/// A file parses only as the document that its name starts with. `broken-*` and `type-*` files parse as none.
#[test]
fn the_corpus_is_what_it_says() {
    let mut checked = 0;
    for seed in seeds(CORPUS) {
        let expected = match seed.claim() {
            "broken" => vec![],
            "type" => {
                assert!(ProblemKind::from_type(&String::from_utf8_lossy(&seed.bytes)).is_some(), "{}", seed.name);
                vec![]
            }
            claim @ ("problem" | "request" | "receipt" | "ledger" | "me" | "shops" | "credential" | "refund_event") => {
                vec![claim]
            }
            // Found by a fuzzer.
            _ => continue,
        };
        assert_eq!(check(&seed.bytes), expected, "{}", seed.name);
        checked += 1;
    }
    assert!(checked > 40, "only {checked} files");
    for sample in seeds(SAMPLES) {
        let expected = sample.claim().trim_end_matches(".json");
        assert_eq!(check(&sample.bytes), [expected], "{}", sample.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8_192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn edited_documents_do_no_harm(bytes in edited([seeds(CORPUS), seeds(SAMPLES)].concat(), &[
        "{", "}", "[", "]", ",", ":", "\"", "null", "true", "0", "-", ".5", "e9", "\\u0000", "\\ud800", "1e400",
        "\"status\":\"active\"", "\"until\":null", "\"lat\":90.000000000000001,", "9223372036854775808", "\u{202e}",
    ])) {
        check(&bytes);
    }
}
