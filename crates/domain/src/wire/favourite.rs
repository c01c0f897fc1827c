//! `GET` and `PUT /v1/favourites`: a member's favourite shops.

use serde::{Deserialize, Serialize};

/// Changes of a member's favourites that a device has not sent yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FavouriteChanges {
    /// The changes, oldest first.
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub changes: Vec<FavouriteChange>,
}

/// A change of one favourite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FavouriteChange {
    /// The shop's id.
    pub shop_id: String,
    /// Whether the shop is a favourite from now on.
    pub is_favourite: bool,
}

/// A member's favourite shops.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FavouriteList {
    /// The ids of the shops, newest favourite first.
    pub shop_ids: Vec<String>,
}
