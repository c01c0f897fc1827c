//! Small components that several features share.

mod blank;
mod choice;
mod facts;
mod failure;
mod icon;
mod outside_link;
mod reactive;
mod sheet;
mod stale;

pub use blank::{blank, blank_rows};
pub use choice::{Choice, ChoiceSelect};
pub use facts::{fact, facts, line, section};
pub use failure::Failure;
pub use icon::{Glyph, Icon};
pub use outside_link::OutsideLink;
pub use reactive::{Flag, MaybeText, Part, Press, Text, flag, maybe_text, message, part, part_if, press, text};
pub use sheet::{SheetFrame, keep_focus};
pub use stale::Stale;
