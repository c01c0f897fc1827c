//! Prints `docs/openapi.yaml`. `make openapi` writes it.

use std::io::{self, Write};

/// The text of `docs/openapi.yaml`.
pub fn text() -> String {
    let document = serde_norway::to_string(&member_server::openapi::document());
    let document = document.expect("a document of strings, numbers and lists is YAML");
    let mut text =
        String::from("# Generated from the server's code by `make openapi`. Change the code, not this file.\n");
    let mut block = None;
    for line in document.lines() {
        let indent = line.len() - line.trim_start().len();
        block = block.filter(|outer| line.is_empty() || indent > *outer);
        text += &if block.is_some() { line.to_owned() } else { quoted(line) };
        text += "\n";
        if block.is_none() && [": |", ": |-", ": |+"].iter().any(|start| line.ends_with(start)) {
            block = Some(indent);
        }
    }
    text
}

/// The line with quotes around words that YAML 1.1 reads as booleans or dates. `serde_norway` writes YAML 1.2, in which
/// they are text, but many tools read YAML 1.1.
fn quoted(line: &str) -> String {
    let (indent, rest) = line.split_at(line.len() - line.trim_start_matches([' ', '-']).len());
    match (rest.split_once(": "), rest.strip_suffix(':')) {
        (Some((key, value)), _) => format!("{indent}{}: {}", quoted_word(key), quoted_word(value)),
        (None, Some(key)) => format!("{indent}{}:", quoted_word(key)),
        (None, None) => format!("{indent}{}", quoted_word(rest)),
    }
}

fn quoted_word(word: &str) -> String {
    let is_boolean = ["y", "n", "yes", "no", "on", "off"].contains(&word.to_lowercase().as_str());
    let is_date = word.len() == 10 && word.split('-').map(|part| part.parse::<u16>().is_ok()).eq([true; 3]);
    if is_boolean || is_date { format!("'{word}'") } else { word.to_owned() }
}

fn main() -> io::Result<()> {
    io::stdout().write_all(text().as_bytes())
}
