//! Small components that several features share.

mod choice;
mod failure;
mod icon;
mod reactive;
mod sheet;

pub use choice::{Choice, ChoiceSelect};
pub use failure::Failure;
pub use icon::{Glyph, Icon};
pub use reactive::{Flag, MaybeText, Part, Press, Text, flag, maybe_text, message, part, part_if, press, text};
pub use sheet::{SheetFrame, keep_focus};
