//! The page's icons, drawn as strokes on a 24 unit grid.

use crate::prelude::*;

/// The shape of an icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// A QR code.
    Qr,
    /// A magnifying glass.
    Search,
    /// A tick.
    Done,
    /// A clock.
    Clock,
    /// An exclamation mark.
    Attention,
    /// A cross, for closing.
    Close,
    /// An arrow, for expanding.
    Chevron,
    /// A heart, for favourites.
    Heart,
    /// Sharing.
    Share,
    /// The way to a place.
    Route,
    /// A telephone.
    Phone,
    /// An external link.
    Out,
}

impl Glyph {
    const fn path(self) -> &'static str {
        match self {
            Self::Qr => {
                "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5H14zM20 14v2.5M14 20h2.5M19.5 19.5h.5v.5h-.5z"
            }
            Self::Search => "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20 20",
            Self::Done => "M5 12.5l4.5 4.5L19 7.5",
            Self::Clock => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
            Self::Attention => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.5v5.5M12 16.3v.2",
            Self::Close => "M6 6l12 12M18 6 6 18",
            Self::Chevron => "M6 9.5l6 6 6-6",
            Self::Heart => "M12 20s-8-4.7-8-10.6A4.4 4.4 0 0 1 12 7a4.4 4.4 0 0 1 8 2.4C20 15.3 12 20 12 20z",
            Self::Share => "M12 15V4M8 7.5 12 3.5l4 4M6 11.5v8h12v-8",
            Self::Route => "M12 3.5 20.5 12 12 20.5 3.5 12zM9.5 14v-2.5h5M12.5 9.5l2 2-2 2",
            Self::Phone => {
                "M6 4h3l1.5 4-2 1.5a11 11 0 0 0 5 5l1.5-2 4 1.5v3a2 2 0 0 1-2.2 2A15 15 0 0 1 4 6.2 2 2 0 0 1 6 4z"
            }
            Self::Out => "M9 6h9v9M18 6 6 18",
        }
    }
}

/// An icon. It is decorative: the text beside it has the same meaning.
#[component]
pub fn Icon(
    /// The icon's shape.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=glyph.path() />
        </svg>
    }
}
