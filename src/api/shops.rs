//! `GET /v1/shops` and `GET /v1/shops/{id}`

use member_domain::{
    Category, City, Wgs84,
    wire::{Shop, ShopPage},
};

use gloo_net::http::Method;

use super::{Answer, ApiError, encoded, get, request};

/// Shops a request brings at most; the backend allows 100.
const LIMIT: u8 = 100;

/// Which shops to ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct ShopQuery {
    /// The city to look in.
    pub city: City,
    /// Where the member is, already rounded to about 1 km; gives the order.
    pub near: Option<Wgs84>,
    /// One category only.
    pub category: Option<Category>,
    /// Only shops that are open.
    pub open_now: bool,
    /// Text to find in name, district or address.
    pub text: String,
}

impl ShopQuery {
    /// All shops of a city.
    pub const fn all_of(city: City) -> Self {
        Self { city, near: None, category: None, open_now: false, text: String::new() }
    }

    /// Whether it leaves nothing of the city out.
    pub const fn is_whole_city(&self) -> bool {
        self.category.is_none() && !self.open_now && self.text.is_empty()
    }

    fn path(&self, cursor: Option<&str>) -> String {
        let mut path = format!("/v1/shops?limit={LIMIT}&city={}", self.city.as_str());
        if let Some(near) = self.near.map(Wgs84::coarse) {
            path.push_str(&format!("&lat={}&lng={}&coordSystem=wgs84", degrees(near.lat), degrees(near.lng)));
        }
        if let Some(category) = self.category {
            path.push_str(&format!("&category={}", category.as_str()));
        }
        if self.open_now {
            path.push_str("&openNow=true");
        }
        if !self.text.trim().is_empty() {
            path.push_str(&format!("&q={}", encoded(self.text.trim())));
        }
        if let Some(cursor) = cursor {
            path.push_str(&format!("&cursor={}", encoded(cursor)));
        }
        path
    }
}

/// The shops that match, from `cursor` on.
pub async fn shops(query: &ShopQuery, cursor: Option<&str>) -> Result<Answer<ShopPage>, ApiError> {
    Answer::read(request(Method::GET, &query.path(cursor)).await?)
}

/// One shop in full.
pub async fn shop(id: &str) -> Result<Shop, ApiError> {
    get(&format!("/v1/shops/{}", encoded(id))).await
}

/// Degrees with two decimals, which is as precise as a place may leave the device. The browser writes the number:
/// formatting a float in Rust costs ten kilobytes of wasm.
fn degrees(value: f64) -> String {
    js_sys::Number::from(value).to_fixed(2).map(String::from).unwrap_or_default()
}
