//! The nesting depth of JSON, checked before it is parsed. A recursive parser can overflow the stack.

/// Whether arrays and objects are nested more than `limit` deep. Brackets inside strings do not count. `json` is a
/// sequence of UTF-8 or UTF-16 code units; it need not be valid JSON.
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
