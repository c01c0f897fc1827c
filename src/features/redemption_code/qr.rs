//! A QR symbol as an SVG path (ISO/IEC 18004).

use qrcode::{Color, EcLevel, QrCode};

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
        let medium = QrCode::with_error_correction_level(payload.as_bytes(), EcLevel::M).ok()?;
        let better = [EcLevel::H, EcLevel::Q]
            .into_iter()
            .find_map(|level| QrCode::with_version(payload.as_bytes(), medium.version(), level).ok());
        let code = better.unwrap_or(medium);
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
