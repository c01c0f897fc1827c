//! A QR symbol as an SVG path (ISO/IEC 18004).

use qrcode::{Color, EcLevel, QrCode, bits::encode_auto};

/// The quiet zone: light modules on every side of the symbol. The standard requires 4.
pub const QUIET_ZONE: usize = 4;

/// A symbol to draw: its dark modules as one path, in module units, including the quiet zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrSymbol {
    /// Modules on each side, including the quiet zone.
    pub modules: usize,
    /// The path's `d` attribute.
    pub path: String,
}

impl QrSymbol {
    /// Encodes `payload` as the smallest symbol with error correction level M, then raises the level as far
    /// as it fits: more correction for the same number of modules. `None` if no symbol is large enough.
    pub fn encode(payload: &str) -> Option<Self> {
        // The symbol is laid out only once, at its final level: choosing the mask is most of the work.
        let version = encode_auto(payload.as_bytes(), EcLevel::M).ok()?.version();
        let code = [EcLevel::H, EcLevel::Q, EcLevel::M]
            .into_iter()
            .find_map(|level| QrCode::with_version(payload.as_bytes(), version, level).ok())?;
        let width = code.width();
        let colors = code.to_colors();
        let mut path = String::with_capacity(width * width * 4);
        for (y, row) in colors.chunks(width).enumerate() {
            let mut x = 0;
            while x < width {
                let run = row[x..].iter().take_while(|color| **color == Color::Dark).count();
                if run > 0 {
                    path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + QUIET_ZONE, y + QUIET_ZONE));
                }
                x += run.max(1);
            }
        }
        Some(Self { modules: width + 2 * QUIET_ZONE, path })
    }
}
