//! The nesting depth of JSON.

use member_domain::nests_deeper;
use proptest::prelude::*;

#[test]
fn arrays_and_objects_count_and_texts_do_not() {
    assert!(!nests_deeper(r#"{"a":[1,{"b":[]}]}"#.bytes(), 4));
    assert!(nests_deeper(r#"{"a":[1,{"b":[]}]}"#.bytes(), 3));
    assert!(!nests_deeper(r#"{"a":"[[[[\"[[[[","b":"\\"}"#.bytes(), 1));
    assert!(!nests_deeper("[],[],[],[]".bytes(), 1));
}

#[test]
fn whatever_stands_between_the_brackets_it_counts() {
    assert!(nests_deeper("[1,".repeat(200).bytes(), 100));
    assert!(nests_deeper("[ \n".repeat(200).bytes(), 100));
    assert!(nests_deeper(r#"{"x":["#.repeat(60).bytes(), 100));
}

proptest! {
    /// The depth of a generated document is found.
    #[test]
    fn it_is_as_deep_as_it_was_made(depth in 1..200_usize, text in "[^\"\\\\]{0,20}") {
        let json = format!("{}\"{text}\"{}", "[".repeat(depth), "]".repeat(depth));
        prop_assert!(nests_deeper(json.bytes(), depth - 1));
        prop_assert!(!nests_deeper(json.encode_utf16(), depth));
    }

    /// No text causes a panic.
    #[test]
    fn any_text_can_be_looked_at(text in ".{0,200}", limit in 0..5_usize) {
        let _ = nests_deeper(text.encode_utf16(), limit);
    }
}
