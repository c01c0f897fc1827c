//! The parser for server-sent events. Samples marked WHATWG are from the HTML standard, section 9.2.6.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use member_domain::{EventStream, StreamEvent};
use proptest::prelude::*;

fn read(text: &str) -> Vec<(String, String)> {
    let events = EventStream::default().feed(text).unwrap();
    events.into_iter().map(|StreamEvent { name, data }| (name, data)).collect()
}

fn message(data: &str) -> (String, String) {
    ("message".to_owned(), data.to_owned())
}

#[test]
fn data_on_several_lines_is_one_event() {
    // WHATWG
    assert_eq!(read("data: YHOO\ndata: +2\ndata: 10\n\n"), [message("YHOO\n+2\n10")]);
}

#[test]
fn comments_say_nothing_and_ids_are_remembered() {
    // WHATWG
    let mut stream = EventStream::default();
    let events = stream.feed(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\n").unwrap();
    let data: Vec<&str> = events.iter().map(|event| event.data.as_str()).collect();
    assert_eq!(data, ["first event", "second event"]);
    assert_eq!(stream.last_event_id(), "", "an empty id takes the earlier one back");
    // The last block of the sample: the stream ends before the event is complete.
    assert_eq!(stream.feed("data:  third event").unwrap(), []);
}

#[test]
fn empty_data_is_an_event_and_no_data_is_none() {
    // WHATWG
    assert_eq!(read("data\n\ndata\ndata\n\ndata:"), [message(""), message("\n")]);
    assert_eq!(read("event: ping\n\n"), []);
}

#[test]
fn one_space_after_the_colon_does_not_count() {
    // WHATWG
    assert_eq!(
        read("data:test\n\ndata: test\n\ndata:  test\n\n"),
        [message("test"), message("test"), message(" test")]
    );
}

#[test]
fn any_line_end_does_and_a_byte_order_mark_is_skipped() {
    assert_eq!(read("\u{FEFF}event: a\r\ndata: 1\r\n\r\nevent: b\rdata: 2\r\r").len(), 2);
}

#[test]
fn a_name_is_of_its_event_alone() {
    let events = read("event: redemption\ndata: {}\n\ndata: x\n\n");
    assert_eq!(events, [("redemption".to_owned(), "{}".to_owned()), message("x")]);
}

#[test]
fn what_had_not_come_whole_is_dropped_with_the_connection() {
    let mut stream = EventStream::default();
    stream.feed("id: 7\nretry: 1500\ndata: a\n\nid: 8\ndata: b").unwrap();
    stream.reconnect();
    assert_eq!((stream.last_event_id(), stream.retry_millis()), ("7", Some(1_500)));
    assert_eq!(
        stream.feed("\n\ndata: c\n\n").unwrap(),
        [StreamEvent { name: "message".to_owned(), data: "c".to_owned() }]
    );
    assert_eq!(stream.last_event_id(), "7");
}

#[test]
fn a_retry_that_is_no_number_changes_nothing() {
    let mut stream = EventStream::default();
    stream.feed("retry: 200\nretry: soon\nretry: -1\nretry: 99999999999999999999\n").unwrap();
    assert_eq!(stream.retry_millis(), Some(200));
}

#[test]
fn a_stream_that_never_ends_an_event_is_given_up() {
    let mut stream = EventStream::default();
    let long = format!("data: {}\n", "x".repeat(100_000));
    assert!((0..4).any(|_| stream.feed(&long).is_err()));
    assert!(EventStream::default().feed(&"x".repeat(300_000)).is_err());
}

proptest! {
    /// The chunks in which the network delivers the stream do not matter.
    #[test]
    fn cuts_do_not_matter(text in "(data|event|id|retry|:|: | |x|é|\n|\r|\r\n|\u{FEFF}){0,40}", cut in 0..60usize) {
        let cut = text.char_indices().map(|(at, _)| at).nth(cut).unwrap_or(text.len());
        let mut parts = EventStream::default();
        let mut events = parts.feed(&text[..cut]).unwrap();
        events.extend(parts.feed(&text[cut..]).unwrap());
        let mut whole = EventStream::default();
        prop_assert_eq!(events, whole.feed(&text).unwrap());
        prop_assert_eq!(parts.last_event_id(), whole.last_event_id());
        prop_assert_eq!(parts.retry_millis(), whole.retry_millis());
    }

    /// Data arrives unchanged.
    #[test]
    fn what_is_sent_is_read(name in "[a-z-]{1,12}", lines in prop::collection::vec("[^\r\n\0]{0,20}", 1..4)) {
        let data: String = lines.iter().map(|line| format!("data: {line}\n")).collect();
        prop_assert_eq!(read(&format!("event: {name}\n{data}\n")), [(name, lines.join("\n"))]);
    }
}
