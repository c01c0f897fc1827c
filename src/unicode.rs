//! The browser's Unicode tables, for the search. They would be too large for the wasm.

use js_sys::JsString;

/// Returns the NFKD form of a text in lower case, as [`member_domain::Normalize`] says.
pub fn normalize(text: &str) -> String {
    // Nearly all Chinese texts need no table, and calls to the browser are slow.
    let is_unchanged = |character: char| character.is_ascii() || matches!(character, '\u{4e00}'..='\u{9fff}');
    if text.chars().all(is_unchanged) {
        return text.to_ascii_lowercase();
    }
    JsString::from(text).normalize("NFKD").to_lower_case().into()
}
