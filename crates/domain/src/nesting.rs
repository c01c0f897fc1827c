//! How deep JSON is nested, before anything reads it: a reader that goes down level by level may run out of stack.

/// Whether arrays and objects lie in each other more than `limit` deep. What stands in a text does not count. The JSON need
/// not be valid.
pub fn nests_deeper(json: &str, limit: usize) -> bool {
    let (mut depth, mut in_text, mut is_escaped) = (0_usize, false, false);
    json.bytes().any(|byte| {
        if in_text {
            let ends = byte == b'"' && !is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            in_text = !ends;
            return false;
        }
        match byte {
            b'"' => in_text = true,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > limit
    })
}
