//! A test code for one shop: its digits, and its QR code as a printable SVG.

use std::path::PathBuf;

use anyhow::{Context, bail};
use member_domain::{CodeForm, RedemptionCode, UnixMillis};
use member_storage::{Database, NewTestCode};
use qrcode::{EcLevel, QrCode};

use crate::{
    secret::test_code,
    shops::sticker::{QUIET_ZONE, modules_path, write_whole},
};

/// The file for the QR code.
pub(crate) struct QrFile {
    pub(crate) out: PathBuf,
    /// The origin at which staff reach the server. The QR code of a shop that scans addresses contains it.
    pub(crate) origin: Option<String>,
    /// Whether an existing file is replaced.
    pub(crate) replace: bool,
}

/// Creates a test code that is valid at this shop for half an hour, writes its QR code if `file` is given,
/// and returns its 20 digits. If the file cannot be written, the code is not shown and expires unused.
pub(crate) async fn make(
    database: &Database,
    shop_id: &str,
    file: Option<QrFile>,
    now: UnixMillis,
) -> anyhow::Result<String> {
    let no_shop = || format!("there is no shop '{shop_id}'");
    let shop = database.shop(shop_id.to_owned()).await?.with_context(no_shop)?;
    loop {
        let code = test_code();
        let drawn = file.as_ref().map(|file| drawing(&code, shop.code_form, file.origin.as_deref())).transpose()?;
        match database.put_test_code(code.clone(), shop_id.to_owned(), now).await? {
            NewTestCode::Added => {
                if let Some((file, drawn)) = file.as_ref().zip(drawn) {
                    write_whole(&file.out, drawn.as_bytes(), file.replace)?;
                }
                return Ok(code.to_digits());
            }
            NewTestCode::Taken => {}
            NewTestCode::NoShop => bail!(no_shop()),
            NewTestCode::ShopLeft => bail!("the shop '{shop_id}' no longer takes part"),
        }
    }
}

/// Returns the QR code as SVG, in the form of members' codes at this shop.
fn drawing(code: &RedemptionCode, form: CodeForm, origin: Option<&str>) -> anyhow::Result<String> {
    let content = match form {
        CodeForm::Digits => code.to_digits(),
        CodeForm::Url => {
            let origin = origin.context("this shop's codes are addresses: say where with --public-url")?;
            // In capitals, because the symbol is then smaller.
            format!("{}/R/{}", origin.to_ascii_uppercase(), code.to_digits())
        }
    };
    let symbol = QrCode::with_error_correction_level(content, EcLevel::M)
        .context("the address is too long for a QR code: use a shorter --public-url")?;
    let modules = symbol.width() + 2 * QUIET_ZONE;
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" width=\"60mm\" height=\"60mm\" viewBox=\"0 0 {modules} {modules}\" \
         shape-rendering=\"crispEdges\"><rect width=\"{modules}\" height=\"{modules}\" fill=\"#fff\"/>\
         <path id=\"qr\" d=\"{}\" fill=\"#000\"/></svg>\n",
        modules_path(&symbol)
    ))
}
