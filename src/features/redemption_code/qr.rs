//! A QR symbol as an SVG path (ISO/IEC 18004).

use qrcode::{Color, EcLevel, QrCode, bits::encode_auto};

/// Light modules around the symbol on every side; the standard asks for 4.
pub const QUIET_ZONE: usize = 4;

/// A symbol to draw: dark modules as one path, in module units, quiet zone included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrSymbol {
    /// Modules on each side, quiet zone included.
    pub modules: usize,
    /// The path's `d` attribute.
    pub path: String,
}

impl QrSymbol {
    /// The smallest symbol that holds `payload` at error correction level M, and in it the highest level that fits: more
    /// correction for the same number of modules. `None` if no symbol is large enough.
    pub fn encode(payload: &str) -> Option<Self> {
        // Laid out once only, at the level that is shown: choosing the mask is most of the work.
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
