//! Parses why a shop is in the list, and the notes that it was chosen from.

use std::io::Read;

use member_domain::{
    VisitKind,
    wire::{Curation, Note},
};

use super::{
    calendar::date,
    fault::{Faults, quoted},
    field::text,
    number::{count, with_advice},
    row::Row,
};

/// The columns that support a reason. They are invalid without a reason.
const SUPPORT: [&str; 4] = ["note_count", "praise", "visited_on", "visit"];
const MOST_NOTES: usize = 20;
const LONGEST_ADDRESS: usize = 2_000;

/// Parses the reason why a shop is in the list, with its evidence.
pub(super) fn curation<R: Read>(row: &Row<'_, R>, faults: &mut Faults) -> Option<Curation> {
    let reason = row.optional("curated_reason", faults, text);
    let on = row.optional("curated_on", faults, date);
    match (row.get("curated_reason"), row.get("curated_on")) {
        (Some(_), None) => faults.add(row.line, Some("curated_on"), "a reason needs the date it was checked"),
        (None, Some(_)) => faults.add(row.line, Some("curated_reason"), "a date needs the reason it is for"),
        _ => {}
    }
    if row.get("curated_reason").is_none() {
        for column in SUPPORT.into_iter().filter(|column| row.get(column).is_some()) {
            faults.add(row.line, Some(column), "supports a reason, but the row has no curated_reason");
        }
    }
    let note_count = row.optional("note_count", faults, |field| {
        let count = count(field).and_then(|count| u32::try_from(count).ok()).filter(|count| *count <= 10_000_000);
        count.ok_or_else(|| with_advice("a number of notes is a whole number from 0 to 10000000", field))
    });
    let praise = row.optional("praise", faults, text);
    let visited_on = row.optional("visited_on", faults, date);
    let visit = row.optional("visit", faults, VisitKind::from_name);
    reason.zip(on).map(|(reason, on)| Curation { reason, on, note_count, praise, visited_on, visit })
}

/// Parses notes, separated by line breaks or by ` ; `. A note is an address or `title|address`.
pub(super) fn notes(field: &str) -> Result<Vec<Note>, String> {
    let entries = field.lines().flat_map(|line| line.split(" ; ")).map(str::trim).filter(|entry| !entry.is_empty());
    let notes = entries.map(note).collect::<Result<Vec<_>, _>>()?;
    if notes.len() > MOST_NOTES { Err(format!("more than {MOST_NOTES} notes")) } else { Ok(notes) }
}

fn note(entry: &str) -> Result<Note, String> {
    let (title, url) = entry.rsplit_once('|').map_or(("", entry), |(title, url)| (title.trim(), url.trim()));
    if !is_https(url) {
        return Err(format!(
            "'{}' is not an https address without spaces, such as 'https://notes.example/a' or 'title|https://notes.example/a'",
            quoted(url)
        ));
    }
    let title = if title.is_empty() { None } else { Some(text(title).map_err(|error| format!("a title: {error}"))?) };
    Ok(Note { title, url: url.to_owned() })
}

/// Whether this is an `https` address of printable ASCII, with a host and without a user name.
pub(crate) fn is_https(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':');
    url.len() <= LONGEST_ADDRESS
        && host.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
        && host.bytes().all(is_host_part)
        && rest.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_have_an_https_address_and_perhaps_a_title() {
        let found = notes("https://notes.example/a;b=1 ; 豆单 | 更新快|https://notes.example/b\nhttps://notes.example");
        let found: Vec<_> = found.expect("notes").into_iter().map(|note| (note.title, note.url)).collect();
        let expected = [
            (None, "https://notes.example/a;b=1"),
            (Some("豆单 | 更新快"), "https://notes.example/b"),
            (None, "https://notes.example"),
        ];
        assert_eq!(found, expected.map(|(title, url)| (title.map(str::to_owned), url.to_owned())));
    }

    #[test]
    fn other_addresses_are_no_notes() {
        for wrong in [
            "http://notes.example/a",
            "javascript:alert(1)",
            "HTTPS",
            "https://",
            "https:///a",
            "https://user@notes.example/",
            "https://notes.example/a b",
            "https://notes.example/\"onclick",
            "https://notes.example/笔记",
            "https://notes.example/a|title",
            "https://a.example https://b.example",
            "title",
        ] {
            assert!(notes(wrong).is_err(), "{wrong}");
        }
        assert!(notes(&format!("https://notes.example/{}", "a".repeat(2_000))).is_err());
        assert!(notes(&"https://notes.example/a ; ".repeat(21)).is_err());
        assert!(notes(&format!("{}|https://notes.example/a", "长".repeat(501))).is_err());
    }
}
