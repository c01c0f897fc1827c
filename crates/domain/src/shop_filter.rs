//! The filters of a list of shops. Backend and page apply the same rules.

use crate::{
    Category, FilterKind, PriceBand, RedeemMethod, SearchQuery, UnixMillis,
    wire::{OpenState, Shop},
};

/// A combination of filters. A shop must pass all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShopFilter {
    /// The typed search text.
    pub text: String,
    /// The category.
    pub category: Option<Category>,
    /// The district, spelled as in the shop's data.
    pub district: Option<String>,
    /// Open shops only. Shops with unknown opening hours do not pass.
    pub open_now: bool,
    /// The price of a visit. Shops without a price do not pass.
    pub price: Option<PriceBand>,
    /// The way in which staff enter the code.
    pub method: Option<RedeemMethod>,
    /// The member's favourites only.
    pub favourites: bool,
}

impl ShopFilter {
    /// The kinds of filters that are set, in the order in which they are shown.
    pub fn active(&self) -> impl Iterator<Item = FilterKind> {
        FilterKind::ALL.iter().copied().filter(|kind| self.has(*kind))
    }

    /// Whether the filter of this kind is set.
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

    /// These filters without the one of this kind.
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

    /// Whether a shop passes at `now`. `query` is the parsed [`Self::text`], `document` is the shop's
    /// [`SearchDocument`](crate::SearchDocument), and `is_favourite` says whether the shop is a favourite.
    pub fn passes(
        &self,
        query: &SearchQuery,
        shop: &Shop,
        document: &str,
        now: Option<UnixMillis>,
        is_favourite: bool,
    ) -> bool {
        let open = || now.map_or(shop.open, |now| shop.open.at(now));
        self.category.is_none_or(|category| shop.category == category)
            && self.district.as_ref().is_none_or(|district| shop.district.as_ref() == Some(district))
            && (!self.open_now || matches!(open(), OpenState::Open { .. }))
            && self.price.is_none_or(|band| shop.price_per_person_fen.is_some_and(|price| band.contains(price)))
            && self.method.is_none_or(|method| shop.redeem_methods.contains(&method))
            && (!self.favourites || is_favourite)
            && query.matches(document)
    }
}
