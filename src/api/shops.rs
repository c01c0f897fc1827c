//! `GET /v1/shops` and `GET /v1/shops/{id}`

use gloo_net::http::Method;
use member_domain::{
    ShopFilter, Wgs84,
    wire::{Shop, ShopPage},
};
use page_core::{ListOrder, PAGE, ShopQuery};

use super::{Answer, Api, ApiError, percent_encode};

impl Api {
    /// Requests the shops that match, starting at `cursor`.
    pub async fn shops(self, query: &ShopQuery, cursor: Option<&str>) -> Result<Answer<ShopPage>, ApiError> {
        Answer::read(self.request(Method::GET, &path(query, cursor)).await?)
    }

    /// Requests the shops with these ids, at most [`PAGE`]. Shops that are no longer curated are missing from
    /// the answer.
    pub async fn shops_with(self, ids: &[String]) -> Result<Answer<ShopPage>, ApiError> {
        Answer::read(
            self.request(Method::GET, &format!("/v1/shops?limit={PAGE}&ids={}", percent_encode(&ids.join(","))))
                .await?,
        )
    }

    /// Requests one shop with all its fields.
    pub async fn shop(self, id: &str) -> Result<Shop, ApiError> {
        self.get(&format!("/v1/shops/{}", percent_encode(id))).await
    }
}

/// Formats degrees with two decimals, the highest precision that may leave the device. The browser formats
/// the number: formatting a float in Rust adds ten kilobytes of wasm.
fn degrees(value: f64) -> String {
    js_sys::Number::from(value).to_fixed(2).map(String::from).unwrap_or_default()
}

/// Builds the path of a request for shops.
fn path(query: &ShopQuery, cursor: Option<&str>) -> String {
    let mut path = format!("/v1/shops?limit={PAGE}&city={}", query.city.as_str());
    let mut add = |name: &str, value: &str| {
        for part in ["&", name, "=", value] {
            path.push_str(part);
        }
    };
    if let Some(near) = query.near.filter(|_| query.order == ListOrder::Nearest).map(Wgs84::coarse) {
        add("lat", &degrees(near.lat));
        add("lng", &degrees(near.lng));
        add("coordSystem", "wgs84");
    }
    let ShopFilter { text, category, district, open_now, price, method, favourites: _ } = &query.filter;
    if let Some(category) = category {
        add("category", category.as_str());
    }
    if let Some(district) = district {
        add("district", &percent_encode(district));
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
        add("q", &percent_encode(text.trim()));
    }
    if let Some(cursor) = cursor {
        add("cursor", &percent_encode(cursor));
    }
    path
}
