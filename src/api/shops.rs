//! `GET /v1/shops` and `GET /v1/shops/{id}`

use member_domain::{
    City, ShopFilter, Wgs84,
    wire::{Shop, ShopPage},
};

use gloo_net::http::Method;

use super::{Answer, Api, ApiError, encoded};

/// Shops a request brings at most; the backend allows 100. Also how many a request may name.
pub const PAGE: usize = 100;

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

    fn path(&self, cursor: Option<&str>) -> String {
        let mut path = format!("/v1/shops?limit={PAGE}&city={}", self.city.as_str());
        let mut add = |name: &str, value: &str| {
            for part in ["&", name, "=", value] {
                path.push_str(part);
            }
        };
        if let Some(near) = self.near.filter(|_| self.order == ListOrder::Nearest).map(Wgs84::coarse) {
            add("lat", &degrees(near.lat));
            add("lng", &degrees(near.lng));
            add("coordSystem", "wgs84");
        }
        let ShopFilter { text, category, district, open_now, price, method, favourites: _ } = &self.filter;
        if let Some(category) = category {
            add("category", category.as_str());
        }
        if let Some(district) = district {
            add("district", &encoded(district));
        }
        if *open_now {
            add("openNow", "true");
        }
        if let Some(price) = price {
            add("price", price.as_str());
        }
        if let Some(method) = method {
            add("method", method.as_str());
        }
        if !text.trim().is_empty() {
            add("q", &encoded(text.trim()));
        }
        if let Some(cursor) = cursor {
            add("cursor", &encoded(cursor));
        }
        path
    }
}

impl Api {
    /// The shops that match, from `cursor` on.
    pub async fn shops(self, query: &ShopQuery, cursor: Option<&str>) -> Result<Answer<ShopPage>, ApiError> {
        Answer::read(self.request(Method::GET, &query.path(cursor)).await?)
    }

    /// The shops with these ids, at most [`PAGE`]; those that are not curated any more are missing.
    pub async fn shops_with(self, ids: &[String]) -> Result<Answer<ShopPage>, ApiError> {
        Answer::read(
            self.request(Method::GET, &format!("/v1/shops?limit={PAGE}&ids={}", encoded(&ids.join(",")))).await?,
        )
    }

    /// One shop in full.
    pub async fn shop(self, id: &str) -> Result<Shop, ApiError> {
        self.get(&format!("/v1/shops/{}", encoded(id))).await
    }
}

/// Degrees with two decimals, which is as precise as a place may leave the device. The browser writes the number:
/// formatting a float in Rust costs ten kilobytes of wasm.
fn degrees(value: f64) -> String {
    js_sys::Number::from(value).to_fixed(2).map(String::from).unwrap_or_default()
}
