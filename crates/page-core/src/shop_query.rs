//! What the page asks of the lists of shops.

use member_domain::{City, ShopFilter, Wgs84};

/// What a list of shops is ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListOrder {
    /// Nearest first, once a place is known.
    #[default]
    Nearest,
    /// Those that do well at the counter first, of these the latest checked.
    LatestChecked,
}

/// Which shops to ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct ShopQuery {
    /// The city to look in.
    pub city: City,
    /// Where the member is, already rounded to about 1 km; gives the order.
    pub near: Option<Wgs84>,
    /// What the list is ordered by.
    pub order: ListOrder,
    /// What it is narrowed by.
    pub filter: ShopFilter,
}

impl ShopQuery {
    /// All shops of a city.
    pub fn all_of(city: City) -> Self {
        Self { city, near: None, order: ListOrder::Nearest, filter: ShopFilter::default() }
    }

    /// The same without filters.
    pub fn whole_city(&self) -> Self {
        Self { filter: ShopFilter::default(), ..self.clone() }
    }
}
