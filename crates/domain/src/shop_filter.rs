//! What a list of shops is narrowed by. Backend and page go by the same rules.

use crate::{
    Category, FilterKind, PriceBand, RedeemMethod, SearchQuery, UnixMillis,
    wire::{OpenState, Shop},
};

/// Filters that must hold at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShopFilter {
    /// What is looked for, as typed.
    pub text: String,
    /// What it is.
    pub category: Option<Category>,
    /// Where it is, as written in the shop's district.
    pub district: Option<String>,
    /// Only shops that are open. Those whose hours are not known are left out.
    pub open_now: bool,
    /// What a visit costs. Shops without a price are left out.
    pub price: Option<PriceBand>,
    /// How the code is taken there.
    pub method: Option<RedeemMethod>,
    /// Only shops that the member keeps.
    pub favourites: bool,
}

impl ShopFilter {
    /// The filters that narrow anything, in the order they are shown.
    pub fn active(&self) -> impl Iterator<Item = FilterKind> {
        FilterKind::ALL.iter().copied().filter(|kind| self.has(*kind))
    }

    /// Whether this filter narrows anything.
    pub fn has(&self, kind: FilterKind) -> bool {
        match kind {
            FilterKind::Text => !self.text.trim().is_empty(),
            FilterKind::Category => self.category.is_some(),
            FilterKind::District => self.district.is_some(),
            FilterKind::OpenNow => self.open_now,
            FilterKind::Price => self.price.is_some(),
            FilterKind::Method => self.method.is_some(),
            FilterKind::Favourites => self.favourites,
        }
    }

    /// The same filters but for one.
    pub fn without(&self, kind: FilterKind) -> Self {
        let mut rest = self.clone();
        match kind {
            FilterKind::Text => rest.text.clear(),
            FilterKind::Category => rest.category = None,
            FilterKind::District => rest.district = None,
            FilterKind::OpenNow => rest.open_now = false,
            FilterKind::Price => rest.price = None,
            FilterKind::Method => rest.method = None,
            FilterKind::Favourites => rest.favourites = false,
        }
        rest
    }

    /// Whether a shop passes at `now`. `query` is [`Self::text`] read, `document` the shop's
    /// [`SearchDocument`](crate::SearchDocument), `kept` whether the member keeps the shop.
    pub fn passes(
        &self,
        query: &SearchQuery,
        shop: &Shop,
        document: &str,
        now: Option<UnixMillis>,
        kept: bool,
    ) -> bool {
        let open = || now.map_or(shop.open, |now| shop.open.at(now));
        self.category.is_none_or(|category| shop.category == category)
            && self.district.as_ref().is_none_or(|district| shop.district.as_ref() == Some(district))
            && (!self.open_now || matches!(open(), OpenState::Open { .. }))
            && self.price.is_none_or(|band| shop.price_per_person_fen.is_some_and(|price| band.contains(price)))
            && self.method.is_none_or(|method| shop.redeem_methods.contains(&method))
            && (!self.favourites || kept)
            && query.matches(document)
    }
}
