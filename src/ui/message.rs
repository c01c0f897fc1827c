//! Messages in a view.

use crate::i18n::{Messages, use_language};

/// A message in the page's language; reactive.
pub fn message(
    pick: fn(&'static Messages) -> &'static str,
) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    let language = use_language();
    move || pick(language.text())
}
