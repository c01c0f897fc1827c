//! `PUT /v1/favourites`

use gloo_net::http::Method;
use member_domain::wire::{FavouriteChange, FavouriteChanges, FavouriteList};
use wasm_bindgen::JsValue;

use super::{Api, ApiError, Call, JSON, decode};

impl Api {
    /// Sends changes of the favourites and requests those of all devices.
    pub async fn change_favourites(self, changes: &[FavouriteChange]) -> Result<Vec<String>, ApiError> {
        let changes = FavouriteChanges { changes: changes.to_vec() };
        let body = serde_wasm_bindgen::to_value(&changes).map_err(|_| ApiError::Unreadable)?;
        let body = js_sys::JSON::stringify(&body).ok().map(JsValue::from);
        let call = Call {
            method: Method::PUT,
            path: "/v1/favourites",
            accept: JSON,
            idempotency_key: None,
            body,
            is_secret: false,
        };
        let answer = self.send(call).await.map_err(|refusal| refusal.error)?;
        decode::<FavouriteList>(answer).map(|list| list.shop_ids)
    }
}
