//! The shop's effect on the code sheet.

use member_domain::{CivilDate, CodeForm, Discount, RedeemMethod, wire::Shop};

use crate::{load::Load, prelude::*};

/// Data of the shop the sheet is open for. Only a participating shop supplies ways to redeem, a code form and
/// a PIN.
#[derive(Clone, Copy)]
pub(super) struct ShopContext {
    /// The shop, even if it no longer takes part.
    pub(super) known: Memo<Option<Shop>>,
    /// The code form its scanner reads.
    pub(super) form: Memo<CodeForm>,
    /// Its ways to redeem, best first. Empty without a shop.
    pub(super) methods: Memo<Vec<RedeemMethod>>,
    /// Whether it accepts its PIN.
    pub(super) takes_pin: Memo<bool>,
    /// Its discount.
    pub(super) discount: Memo<Option<Discount>>,
}

/// Derives the context from the shop.
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

/// Whether the shop no longer takes part. While today's date is unknown, it still does.
pub(crate) fn has_left(shop: &Shop, today: Option<CivilDate>) -> bool {
    shop.left_on.zip(today).is_some_and(|(left_on, today)| left_on <= today)
}
