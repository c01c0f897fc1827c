//! The page's queries for lists of shops.

use member_domain::{City, ShopFilter, Wgs84};

/// The order of a list of shops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListOrder {
    /// Nearest first, once a position is known.
    #[default]
    Nearest,
    /// Shops with a good record first, then the latest checked.
    LatestChecked,
}

/// A query for shops.
#[derive(Clone, Debug, PartialEq)]
pub struct ShopQuery {
    /// The city.
    pub city: City,
    /// The member's position, rounded to about 1 km; decides the order.
    pub near: Option<Wgs84>,
    /// The order.
    pub order: ListOrder,
    /// The filters.
    pub filter: ShopFilter,
}

impl ShopQuery {
    /// All shops of a city.
    pub fn all_of(city: City) -> Self {
        Self { city, near: None, order: ListOrder::Nearest, filter: ShopFilter::default() }
    }

    /// This query without filters.
    pub fn without_filters(&self) -> Self {
        Self { filter: ShopFilter::default(), ..self.clone() }
    }
}
