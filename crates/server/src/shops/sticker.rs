//! The sticker for a shop's door: a printable SVG, 100 by 140 mm, whose QR code opens the page at that shop.

use std::{fs::Permissions, io::Write, os::unix::fs::PermissionsExt, path::Path};

use anyhow::{Context, bail};
use member_domain::{CivilDate, UnixMillis};
use member_storage::Database;
use qrcode::{Color, EcLevel, QrCode};

use crate::http::markup::Text;

/// The quiet zone of a QR symbol on each side, in modules (ISO/IEC 18004 §6.3.8).
pub(crate) const QUIET_ZONE: usize = 4;

/// The area of the shop's name, in tenths of a millimetre.
const NAME_LEFT: f64 = 112.0;
const NAME_WIDTH: f64 = 776.0;
const NAME_BOTTOM: f64 = 470.0;
const NAME_HEIGHT: f64 = 260.0;
const LINE_HEIGHT: f64 = 1.22;
/// The sizes to try for the name. At the last size, the name is cut.
const NAME_SIZES: [f64; 7] = [104.0, 88.0, 74.0, 62.0, 52.0, 44.0, 36.0];
/// The number of sizes, from the largest on, in which a name on one line is preferred.
const ONE_LINE_SIZES: usize = 3;

/// Writes the sticker of this shop to `out`. Returns the address to which it leads.
pub(crate) async fn write(
    database: &Database,
    shop_id: &str,
    origin: &str,
    out: &Path,
    replace: bool,
    now: UnixMillis,
) -> anyhow::Result<String> {
    let shop = database.shop(shop_id.to_owned()).await?.with_context(|| format!("there is no shop '{shop_id}'"))?;
    if let Some(left_on) = shop.left_on.filter(|left_on| *left_on <= CivilDate::in_shanghai(now)) {
        bail!("the shop '{shop_id}' no longer takes part since {left_on}");
    }
    let address = format!("{origin}/?shop={shop_id}");
    write_whole(out, drawing(&shop.name, &address)?.as_bytes(), replace)?;
    Ok(address)
}

/// Writes a file so that it appears complete or not at all.
pub(crate) fn write_whole(out: &Path, content: &[u8], replace: bool) -> anyhow::Result<()> {
    let failed = || format!("cannot write {}", out.display());
    // A path without a directory is in the current one.
    let directory = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    if out.is_dir() {
        bail!("{} is a directory: name a file", out.display());
    }
    let mut builder = tempfile::Builder::new();
    let mut file = builder.permissions(Permissions::from_mode(0o644)).tempfile_in(directory).with_context(failed)?;
    file.write_all(content).with_context(failed)?;
    file.as_file().sync_all().with_context(failed)?;
    let written = if replace { file.persist(out) } else { file.persist_noclobber(out) };
    match written {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {
            bail!("{} exists: write another file, or replace it with --force", out.display())
        }
        Err(error) => Err(error.error).with_context(failed),
    }
}

fn drawing(name: &str, address: &str) -> anyhow::Result<String> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M)
        .context("the address is too long for a QR code: use a shorter --public-url")?;
    let modules = code.width() + 2 * QUIET_ZONE;
    let path = modules_path(&code);
    let rosette = rosette();
    let name = name_lines(name);
    Ok(format!(
        r##"<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="100mm" height="140mm" viewBox="0 0 1000 1400" font-family="'PingFang SC','Noto Sans SC','Noto Sans CJK SC','Microsoft YaHei',system-ui,sans-serif">
<defs>
<linearGradient id="red" x1="0" y1="0" x2="0.35" y2="1"><stop offset="0" stop-color="#d23327"/><stop offset="1" stop-color="#97170f"/></linearGradient>
<clipPath id="card"><rect x="60" y="60" width="880" height="460" rx="48"/></clipPath>
</defs>
<rect width="1000" height="1400" fill="#f7f4ef"/>
<rect x="60" y="60" width="880" height="460" rx="48" fill="url(#red)"/>
<g clip-path="url(#card)" fill="none" stroke="#fff" stroke-opacity="0.26" stroke-width="2">{rosette}</g>
<g fill="#fff">
<text x="112" y="156" font-size="44" font-weight="600" letter-spacing="5">会员优惠</text>
<text x="888" y="156" font-size="30" text-anchor="end" fill-opacity="0.92">Member discount</text>
{name}</g>
<rect x="220" y="566" width="560" height="560" rx="40" fill="#fff" stroke="#e4ddd3" stroke-width="2"/>
<svg x="230" y="576" width="540" height="540" viewBox="0 0 {modules} {modules}" shape-rendering="crispEdges"><path id="qr" d="{path}" fill="#000"/></svg>
<g text-anchor="middle">
<text x="500" y="1238" font-size="66" font-weight="700" fill="#1d1a17">扫一扫，出示会员码</text>
<text x="500" y="1302" font-size="38" fill="#6b635a">Scan to show your member code here</text>
</g>
</svg>
"##
    ))
}

/// Returns the dark modules as one path, with a rectangle for each run in a row. Its coordinates include the
/// quiet zone.
pub(crate) fn modules_path(code: &QrCode) -> String {
    let mut path = String::new();
    for (row, colors) in code.to_colors().chunks(code.width()).enumerate() {
        let mut column = 0;
        for run in colors.chunk_by(|left, right| left == right) {
            if run.first() == Some(&Color::Dark) {
                let (x, y, length) = (column + QUIET_ZONE, row + QUIET_ZONE, run.len());
                path.push_str(&format!("M{x} {y}h{length}v1h-{length}z"));
            }
            column += run.len();
        }
    }
    path
}

/// Returns the fine lines of the member card.
fn rosette() -> String {
    let turn = |step: i32| {
        let angle = step * 10;
        format!("<ellipse cx=\"740\" cy=\"300\" rx=\"300\" ry=\"126\" transform=\"rotate({angle} 740 300)\"/>")
    };
    (0..18).map(turn).collect()
}

/// Returns the name in the largest size in which it fits, on as many lines as there is room for.
fn name_lines(name: &str) -> String {
    let fits = |size: f64, at_most: usize| {
        let lines = wrapped(name, size);
        (lines.len() <= at_most).then_some((size, lines))
    };
    // A slightly smaller name on one line reads better than a last character on its own line.
    let on_one_line = NAME_SIZES.into_iter().take(ONE_LINE_SIZES).find_map(|size| fits(size, 1));
    let fitting = on_one_line.or_else(|| NAME_SIZES.into_iter().find_map(|size| fits(size, room_for(size))));
    let (size, lines) = fitting.unwrap_or_else(|| {
        let size = NAME_SIZES[NAME_SIZES.len() - 1];
        let mut lines = wrapped(name, size);
        lines.truncate(room_for(size));
        if let Some(last) = lines.last_mut() {
            last.pop();
            last.push('…');
        }
        (size, lines)
    });
    let mut drawn = String::new();
    for (line, below) in lines.iter().zip((0_u32..u32::try_from(lines.len()).unwrap_or_default()).rev()) {
        let y = NAME_BOTTOM - f64::from(below) * size * LINE_HEIGHT;
        drawn.push_str(&format!(
            "<text x=\"{NAME_LEFT}\" y=\"{y:.0}\" font-size=\"{size}\" font-weight=\"700\">{}</text>\n",
            Text(line)
        ));
    }
    drawn
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a handful of lines")]
fn room_for(size: f64) -> usize {
    (NAME_HEIGHT / (size * LINE_HEIGHT)) as usize
}

/// Breaks a name into lines: between words of Latin script, anywhere between Chinese characters, inside a
/// word that is wider than a line.
fn wrapped(name: &str, size: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in words(name) {
        if !line.is_empty() && width(&line, size) + width(word.trim_end(), size) > NAME_WIDTH {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        for character in word.chars() {
            if width(&line, size) + width(character.encode_utf8(&mut [0; 4]), size) > NAME_WIDTH && character != ' ' {
                lines.push(std::mem::take(&mut line));
            }
            line.push(character);
        }
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// Splits a name into pieces between which a line may break.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for character in name.trim().chars() {
        let character = if character.is_whitespace() { ' ' } else { character };
        let together = words
            .last()
            .and_then(|word| word.chars().last())
            .is_some_and(|last| character == ' ' || (last != ' ' && last.is_ascii() && character.is_ascii()));
        match words.last_mut() {
            Some(word) if together => word.push(character),
            _ => words.push(character.to_string()),
        }
    }
    words
}

/// Estimates the width of a text in a sans-serif font, rather too wide than too narrow.
fn width(text: &str, size: f64) -> f64 {
    let em = |character: char| match character {
        ' ' | '.' | ',' | '\'' | 'i' | 'l' | 'I' | '·' => 0.34,
        'M' | 'W' | 'm' | 'w' | '@' | '%' => 0.95,
        'A'..='Z' | '&' => 0.72,
        character if character.is_ascii() => 0.61,
        _ => 1.0,
    };
    text.chars().map(em).sum::<f64>() * size
}

#[cfg(test)]
mod tests {
    use super::{NAME_SIZES, NAME_WIDTH, name_lines, room_for, width, wrapped};

    #[test]
    fn a_short_name_stands_on_one_line_in_the_largest_size() {
        assert_eq!(wrapped("梧桐里手冲", NAME_SIZES[0]), ["梧桐里手冲"]);
        assert!(name_lines("梧桐里手冲").contains("font-size=\"104\""));
    }

    #[test]
    fn words_stay_together_and_no_line_is_too_wide() {
        let name = "The Little Lantern Coffee Roasters 小灯笼咖啡烘焙";
        for size in NAME_SIZES {
            let lines = wrapped(name, size);
            assert!(lines.iter().all(|line| width(line, size) <= NAME_WIDTH), "{lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), name.replace(' ', ""));
        }
        assert!(wrapped(name, 52.0).iter().all(|line| !line.ends_with("Lan")));
    }

    #[test]
    fn a_name_without_end_is_cut_with_an_ellipsis() {
        let drawn = name_lines(&"长".repeat(500));
        assert_eq!(drawn.matches("<text").count(), room_for(36.0));
        assert!(drawn.contains('…'));
    }
}
