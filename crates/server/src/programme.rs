//! Commands on programmes, members' sessions and terminals: what an operator types.

use anyhow::{Context, bail};
use member_domain::{Fen, RefundRule, UnixMillis};

use crate::{
    secret::{PairingCode, Token},
    session::SESSION_MILLIS,
    storage::{Database, NewPairing, ProgrammeRecord},
};

/// Creates a programme, or changes name and price of the one with this id.
pub(crate) async fn put(
    database: &Database,
    id: String,
    name: String,
    name_en: Option<String>,
    price: Fen,
    now: UnixMillis,
) -> anyhow::Result<()> {
    if price.0 < 0 {
        bail!("the price is {} fen: it must not be negative", price.0);
    }
    let programme = match database.programme(id.clone()).await? {
        Some(existing) => ProgrammeRecord { name, name_en, price, ..existing },
        None => ProgrammeRecord {
            id,
            name,
            name_en,
            price,
            refund_rule: RefundRule::Full,
            support: None,
            last_day: None,
            announcement: None,
        },
    };
    database.put_programme(programme, now).await?;
    Ok(())
}

/// Signs a member in; the token is for the host app to hand to the page.
pub(crate) async fn sign_in(database: &Database, member_id: &str, now: UnixMillis) -> anyhow::Result<Token> {
    let token = Token::generate();
    let signed_in = database.put_session(token.hash(), member_id.to_owned(), now.plus_millis(SESSION_MILLIS)).await?;
    signed_in.then_some(token).with_context(|| format!("there is no member '{member_id}'"))
}

/// Lets a terminal redeem for a shop.
pub(crate) async fn add_terminal(database: &Database, shop_id: &str, now: UnixMillis) -> anyhow::Result<Token> {
    let token = Token::generate();
    let added = database.put_terminal(token.hash(), shop_id.to_owned(), now).await?;
    added.then_some(token).with_context(|| format!("there is no shop '{shop_id}'"))
}

/// Makes a code that pairs one phone with a shop.
pub(crate) async fn pairing_code(database: &Database, shop_id: &str, now: UnixMillis) -> anyhow::Result<PairingCode> {
    loop {
        let code = PairingCode::generate();
        match database.put_pairing_code(&code, shop_id.to_owned(), now).await? {
            NewPairing::Added => return Ok(code),
            NewPairing::Taken => {}
            NewPairing::NoShop => bail!("there is no shop '{shop_id}'"),
            NewPairing::ShopLeft => bail!("the shop '{shop_id}' no longer takes part"),
        }
    }
}
