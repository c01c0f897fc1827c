//! `member-server shops`: what an operator sets for one shop.

use anyhow::{Context, bail};
use clap::Subcommand;
use member_domain::{CivilDate, UnixMillis};

use super::{Target, say};
use crate::pin::Pin;

#[derive(Subcommand)]
pub(super) enum Shops {
    /// Give a shop a new PIN, which also unlocks it. A random one is printed, once.
    Pin {
        /// The shop's id.
        shop: String,
        /// Read the PIN from standard input instead: 4 to 8 digits.
        #[arg(long, conflicts_with = "remove")]
        stdin: bool,
        /// Take the shop's PIN away.
        #[arg(long)]
        remove: bool,
        #[command(flatten)]
        target: Target,
    },
    /// Set the first day a shop no longer takes part.
    Leave {
        /// The shop's id.
        shop: String,
        /// The day, for example 2026-12-31.
        #[arg(long, value_name = "YYYY-MM-DD", required_unless_present = "undo")]
        on: Option<CivilDate>,
        /// The shop takes part again.
        #[arg(long, conflicts_with = "on")]
        undo: bool,
        #[command(flatten)]
        target: Target,
    },
}

pub(super) async fn execute(command: Shops, now: UnixMillis) -> anyhow::Result<()> {
    match command {
        Shops::Pin { shop, remove: true, target, .. } => {
            let removed = target.open()?.remove_pin(shop.clone()).await?;
            removed.then_some(()).with_context(|| format!("there is no shop '{shop}' with a PIN"))
        }
        Shops::Pin { shop, stdin, target, .. } => {
            let pin = if stdin { chosen(&std::io::read_to_string(std::io::stdin())?)? } else { Pin::generate() };
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
    }
}

fn chosen(text: &str) -> anyhow::Result<Pin> {
    let pin = Pin::parse(text)?;
    if pin.is_easily_guessed() {
        bail!("this PIN is one of the first that anybody would try: take no digit repeated, no digits in a row");
    }
    Ok(pin)
}
