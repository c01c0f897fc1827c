//! How deep JSON is nested, before anything reads it: a reader that goes down level by level may run out of stack.

/// Whether arrays and objects lie in each other more than `limit` deep. What stands in a text does not count. The JSON need
/// not be valid; it is given by its code units, UTF-8's or UTF-16's.
pub fn nests_deeper<U: Into<u32>>(json: impl IntoIterator<Item = U>, limit: usize) -> bool {
    let (mut depth, mut in_text, mut is_escaped) = (0_usize, false, false);
    json.into_iter().any(|unit| {
        let character = char::from_u32(unit.into());
        if in_text {
            let ends = character == Some('"') && !is_escaped;
            is_escaped = character == Some('\\') && !is_escaped;
            in_text = !ends;
            return false;
        }
        match character {
            Some('"') => in_text = true,
            Some('[' | '{') => depth += 1,
            Some(']' | '}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > limit
    })
}
