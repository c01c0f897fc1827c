//! Escapes text for HTML and XML.

use std::fmt;

/// Displays a text, escaped for element content and for quoted attributes.
pub(crate) struct Text<'a>(pub(crate) &'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                // XML 1.0 §2.2 excludes these characters, even if they are escaped.
                '\u{fffe}' | '\u{ffff}' => {}
                other if other.is_control() => f.write_str(" ")?,
                other => fmt::Write::write_char(f, other)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn nothing_of_a_text_is_markup() {
        let shown = Text("<b title=\"a\" id='b'>咖啡 & \u{1}tea</b>").to_string();
        assert_eq!(shown, "&lt;b title=&quot;a&quot; id=&#39;b&#39;&gt;咖啡 &amp;  tea&lt;/b&gt;");
    }
}
