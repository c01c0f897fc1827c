//! Adds terminals and pairing codes for a shop.

use anyhow::{Context, bail};
use member_domain::UnixMillis;
use member_storage::{Database, NewPairing};

use crate::secret::{PairingCode, Token};

/// Adds a terminal to a shop and returns its token.
pub(crate) async fn add_terminal(database: &Database, shop_id: &str, now: UnixMillis) -> anyhow::Result<Token> {
    let token = Token::generate();
    let added = database.put_terminal(token.hash(), shop_id.to_owned(), now).await?;
    added.then_some(token).with_context(|| format!("there is no shop '{shop_id}'"))
}

/// Creates a code that pairs one phone with a shop.
pub(crate) async fn pairing_code(database: &Database, shop_id: &str, now: UnixMillis) -> anyhow::Result<PairingCode> {
    loop {
        let code = PairingCode::generate();
        match database.put_pairing_code(code.hash(), shop_id.to_owned(), now).await? {
            NewPairing::Added => return Ok(code),
            NewPairing::Taken => {}
            NewPairing::NoShop => bail!("there is no shop '{shop_id}'"),
            NewPairing::ShopLeft => bail!("the shop '{shop_id}' no longer takes part"),
        }
    }
}
