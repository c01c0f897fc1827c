//! Small components that several features share.

mod blank;
mod choice;
mod facts;
mod failure;
mod icon;
mod language_choice;
mod message;
mod model;
mod outside_link;
mod sheet;
mod stale;
mod status;

pub use blank::{blank, blank_rows};
pub use choice::{Choice, ChoiceSelect};
pub use facts::{fact, facts, line, section};
pub use failure::Failure;
pub use icon::{Glyph, Icon};
pub use language_choice::LanguageChoice;
pub use message::message;
pub use model::Model;
pub use outside_link::OutsideLink;
pub use sheet::{SheetFrame, restore_focus};
pub use stale::Stale;
pub use status::StatusRegion;
