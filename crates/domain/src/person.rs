//! How much of a person leaves the server.

/// A name with all but its first character hidden, whatever its length: 林*.
pub fn mask_name(name: &str) -> String {
    name.trim().chars().next().map_or_else(|| "*".to_owned(), |first| format!("{first}*"))
}

/// A card number with its middle hidden: `6601 •••• 4827`.
pub fn mask_card_number(number: &str) -> String {
    match (number.get(..4), number.len().checked_sub(4).and_then(|at| number.get(at..))) {
        (Some(head), Some(tail)) if number.len() >= 12 => format!("{head} •••• {tail}"),
        _ => "••••".to_owned(),
    }
}
