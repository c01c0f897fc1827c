//! `member-server shops`: a shop's PIN, leaving day and test codes, and the health of all shops.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use member_domain::{CivilDate, UnixMillis};

use super::{Target, say, shop_health};
use crate::counter::{
    pin::Pin,
    test_code::{self, QrFile},
};

#[derive(Subcommand)]
pub(super) enum Shops {
    /// Give a shop a new PIN. This also unlocks a locked PIN. A random PIN is printed, once.
    Pin {
        /// The shop's id.
        shop: String,
        /// Read the PIN from standard input instead: 6 to 8 digits.
        #[arg(long, conflicts_with = "remove")]
        stdin: bool,
        /// Accept a PIN of 4 or 5 digits, for a shop that insists on one: it is found 100 times as soon.
        #[arg(long, requires = "stdin")]
        short: bool,
        /// Remove the shop's PIN.
        #[arg(long)]
        remove: bool,
        #[command(flatten)]
        target: Target,
    },
    /// Set the first day on which a shop no longer takes part.
    Leave {
        /// The shop's id.
        shop: String,
        /// The day, for example 2026-12-31.
        #[arg(long, value_name = "YYYY-MM-DD", required_unless_present = "undo")]
        on: Option<CivilDate>,
        /// Let the shop take part again.
        #[arg(long, conflicts_with = "on")]
        undo: bool,
        #[command(flatten)]
        target: Target,
    },
    /// Print how well redeeming worked at each shop in the last 30 days, the worst shop first.
    Health(shop_health::Health),
    /// Print a test code. Staff scan it to check that scanning works; it redeems nothing.
    Test(Test),
}

#[derive(Args)]
pub(super) struct Test {
    /// The shop's id.
    shop: String,
    /// Also write the code as a QR code, in the same form as members' codes at this shop.
    #[arg(long, value_name = "FILE.svg")]
    out: Option<PathBuf>,
    /// The origin at which staff reach this server, for example <https://card.example>. Required for the QR
    /// code of a shop whose codes are addresses.
    #[arg(long, value_name = "URL", requires = "out")]
    public_url: Option<String>,
    /// Replace the file if it exists.
    #[arg(long, requires = "out")]
    force: bool,
    #[command(flatten)]
    target: Target,
}

pub(super) async fn execute(command: Shops, now: UnixMillis) -> anyhow::Result<()> {
    match command {
        Shops::Pin { shop, remove: true, target, .. } => {
            let removed = target.open()?.remove_pin(shop.clone()).await?;
            removed.then_some(()).with_context(|| format!("there is no shop '{shop}' with a PIN"))
        }
        Shops::Pin { shop, stdin, short, target, .. } => {
            let pin = if stdin { chosen(&std::io::read_to_string(std::io::stdin())?, short)? } else { Pin::generate() };
            let hash = pin.hash().map_err(anyhow::Error::msg)?;
            let put = target.open()?.put_pin(shop.clone(), hash, now).await?;
            put.then_some(()).with_context(|| format!("there is no shop '{shop}'"))?;
            if !stdin {
                say(pin.reveal());
            }
            Ok(())
        }
        Shops::Leave { shop, on, target, .. } => {
            let set = target.open()?.set_shop_left(shop.clone(), on).await?;
            set.then_some(()).with_context(|| format!("there is no shop '{shop}'"))
        }
        Shops::Health(command) => shop_health::execute(command, now).await,
        Shops::Test(Test { shop, out, public_url, force, target }) => {
            let origin = public_url.map(|url| super::origin(&url)).transpose()?;
            let drawing = out.map(|out| QrFile { out, origin, replace: force });
            say(&test_code::make(&target.open()?, &shop, drawing, now).await?);
            Ok(())
        }
    }
}

fn chosen(text: &str, may_be_short: bool) -> anyhow::Result<Pin> {
    let pin = Pin::parse(text)?;
    if pin.is_easily_guessed() {
        bail!("this PIN is one of the first that anybody would try: take no digit repeated, no digits in a row");
    }
    if pin.is_short() && !may_be_short {
        bail!("a new PIN has at least six digits; --short accepts four or five, for a shop that insists");
    }
    Ok(pin)
}
