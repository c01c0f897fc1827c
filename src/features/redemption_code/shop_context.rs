//! What the shop in whose context the sheet is open means for it.

use member_domain::{CivilDate, CodeForm, Discount, RedeemMethod, wire::Shop};

use crate::{load::Load, prelude::*};

/// What is known of the shop. One that has left is of no use for its ways, its form of the code or its PIN.
#[derive(Clone, Copy)]
pub(super) struct ShopContext {
    /// The shop, left or not.
    pub(super) known: Memo<Option<Shop>>,
    /// What its scanner reads.
    pub(super) form: Memo<CodeForm>,
    /// The ways in which it takes the code, best first; none where no shop is known.
    pub(super) methods: Memo<Vec<RedeemMethod>>,
    /// Whether its PIN is one of them.
    pub(super) takes_pin: Memo<bool>,
    /// What it takes off.
    pub(super) discount: Memo<Option<Discount>>,
}

/// Follows the shop.
pub(super) fn use_shop_context(shop: Signal<Option<Load<Shop>>>, today: Memo<Option<CivilDate>>) -> ShopContext {
    let known = Memo::new(move |_| shop.with(|shop| shop.as_ref().and_then(Load::value).cloned()));
    let here = Memo::new(move |_| known.get().filter(|shop| !has_left(shop, today.get())));
    let methods =
        Memo::new(move |_| here.with(|shop| shop.as_ref().map(|shop| shop.redeem_methods.clone()).unwrap_or_default()));
    ShopContext {
        known,
        form: Memo::new(move |_| here.with(|shop| shop.as_ref().map_or(CodeForm::Url, |shop| shop.code_form))),
        methods,
        takes_pin: Memo::new(move |_| methods.with(|methods| methods.contains(&RedeemMethod::ShopPin))),
        discount: Memo::new(move |_| here.with(|shop| shop.as_ref().map(|shop| shop.discount_permille))),
    }
}

/// Whether the shop takes part no longer; a day that nobody knows yet counts as still to come.
pub(crate) fn has_left(shop: &Shop, today: Option<CivilDate>) -> bool {
    shop.left_on.zip(today).is_some_and(|(left_on, today)| left_on <= today)
}
