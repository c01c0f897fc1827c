//! The page's messages in a view.

use super::{Text, text};
use crate::i18n::{Messages, use_language};

/// A message of the page's language.
pub fn message(pick: fn(&'static Messages) -> &'static str) -> Text {
    let language = use_language();
    text(move || pick(language.text()).to_owned())
}
