//! `GET /v1/shops` and `GET /v1/shops/{id}`

use axum::{Json, extract::State};
use member_domain::{
    Category, City, Place, PriceBand, RedeemMethod, ShopFilter, UnixMillis,
    wire::{FilterEffect, ProblemKind, Shop, ShopPage},
};
use member_storage::{COUNTED_AT_MOST, ShopOrder, ShopRecord, ShopSearch, StorageResult};
use serde::Deserialize;

use crate::{
    http::{
        Base,
        problem::{ApiError, ApiResult},
        request::{PathPart, QueryString},
    },
    shops::opening_hours::{open_state, week},
};

const DEFAULT_LIMIT: usize = 50;
const MAX_LIMIT: usize = 100;
/// The maximum number of ids in a request.
const MAX_IDS: usize = 100;

/// The optional query of a list. Values are read as text, so that a fault in a value is reported with its
/// field's name.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListQuery {
    city: Option<String>,
    lat: Option<String>,
    lng: Option<String>,
    coord_system: Option<String>,
    sort: Option<String>,
    ids: Option<String>,
    category: Option<String>,
    district: Option<String>,
    q: Option<String>,
    open_now: Option<String>,
    price: Option<String>,
    method: Option<String>,
    cursor: Option<String>,
    limit: Option<String>,
}

pub(crate) async fn list(
    State(state): State<Base>,
    QueryString(query): QueryString<ListQuery>,
) -> ApiResult<Json<ShopPage>> {
    let now = state.clock.now();
    let order = order(&query)?;
    let limit = query.limit.as_deref().map_or(Ok(DEFAULT_LIMIT), |limit| {
        let parsed = limit.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
        parsed.ok_or_else(|| ApiError::field("limit", format!("a whole number from 1 to {MAX_LIMIT}")))
    })?;
    let is_first_page = query.cursor.is_none();
    let cursor = query.cursor.clone();
    let search = search(query)?;
    let found = state.database.find_shops(search.clone(), order, cursor, limit, now).await?;
    let found =
        found.ok_or_else(|| ApiError::field("cursor", "this list has no such place: start from the first page"))?;
    let next_cursor = found.shops.last().filter(|_| found.has_more).map(|shop| shop.id.clone());
    let districts = match search.city {
        Some(city) if is_first_page => state.database.districts(city).await?,
        _ => Vec::new(),
    };
    let nothing_because =
        if found.total == 0 { nothing_because(&state, &search, order, now).await? } else { Vec::new() };
    Ok(Json(ShopPage {
        shops: found.shops.into_iter().map(|record| listed(record, now)).collect(),
        next_cursor,
        total: found.total.min(COUNTED_AT_MOST),
        total_is_capped: found.total > COUNTED_AT_MOST,
        districts,
        nothing_because,
        server_time: Some(now),
    }))
}

/// Returns for each active filter what the list would have without it.
async fn nothing_because(
    state: &Base,
    search: &ShopSearch,
    order: ShopOrder,
    now: UnixMillis,
) -> StorageResult<Vec<FilterEffect>> {
    let mut removals = Vec::new();
    for filter in search.filter.active() {
        let without = ShopSearch { filter: search.filter.without(filter), ..search.clone() };
        let found = state.database.find_shops(without, order, None, 1, now).await?.unwrap_or_default();
        removals.push(FilterEffect {
            filter,
            removed: found.total.min(COUNTED_AT_MOST),
            nearest: found.shops.into_iter().next().map(|record| listed(record, now)),
        });
    }
    Ok(removals)
}

pub(crate) async fn show(State(state): State<Base>, PathPart(id): PathPart) -> ApiResult<Json<Shop>> {
    let now = state.clock.now();
    let shop = state.database.shop_with_record(id, now).await?;
    let shop = shop.ok_or_else(|| ApiError::new(ProblemKind::NotFound, "no curated shop has this id"))?;
    let week = week(shop.opening_hours.as_deref(), now);
    Ok(Json(Shop { week, ..shop_answer(shop, now) }))
}

fn search(query: ListQuery) -> ApiResult<ShopSearch> {
    let city = query.city.map(|name| City::from_name(&name).map_err(|error| ApiError::field("city", error)));
    let category =
        query.category.map(|name| Category::from_name(&name).map_err(|error| ApiError::field("category", error)));
    let price = query.price.map(|name| PriceBand::from_name(&name).map_err(|error| ApiError::field("price", error)));
    let method =
        query.method.map(|name| RedeemMethod::from_name(&name).map_err(|error| ApiError::field("method", error)));
    let text = query.q.unwrap_or_default();
    if text.chars().count() > 100 {
        return Err(ApiError::field("q", "at most 100 characters"));
    }
    let open_now = match query.open_now.as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(ApiError::field("openNow", "'true' or 'false'")),
    };
    let ids = query.ids.map(|ids| ids.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect::<Vec<_>>());
    if ids.as_ref().is_some_and(|ids| ids.len() > MAX_IDS) {
        return Err(ApiError::field("ids", format!("at most {MAX_IDS} ids, separated by commas")));
    }
    let filter = ShopFilter {
        text,
        category: category.transpose()?,
        district: query.district.filter(|district| !district.is_empty()),
        open_now,
        price: price.transpose()?,
        method: method.transpose()?,
        favourites: false,
    };
    Ok(ShopSearch { city: city.transpose()?, ids, filter })
}

fn order(query: &ListQuery) -> ApiResult<ShopOrder> {
    let degrees = |name: &str, text: &str| {
        text.parse::<f64>().map_err(|_| ApiError::field(name, "a number of degrees, for example 31.23"))
    };
    let by_check = match query.sort.as_deref() {
        Some("nearest") if query.lat.is_none() && query.lng.is_none() => {
            return Err(ApiError::field("lat", "nearest to which place? send lat and lng"));
        }
        None | Some("nearest") => false,
        Some("checked") => true,
        Some(_) => return Err(ApiError::field("sort", "'nearest' or 'checked'")),
    };
    match (&query.lat, &query.lng) {
        (None, None) if query.coord_system.is_none() => Ok(ShopOrder::LatestChecked),
        (None, None) => Err(ApiError::field("coordSystem", "it says what lat and lng are in: send them too")),
        (Some(lat), Some(lng)) => {
            let (lat, lng) = (degrees("lat", lat)?, degrees("lng", lng)?);
            let system = query.coord_system.as_deref().unwrap_or("wgs84");
            let place = Place::new(lat, lng, system).map_err(|error| {
                let field = match error {
                    member_domain::PlaceError::Latitude => "lat",
                    member_domain::PlaceError::Longitude => "lng",
                    member_domain::PlaceError::CoordSystem => "coordSystem",
                };
                ApiError::field(field, error)
            })?;
            Ok(if by_check { ShopOrder::LatestChecked } else { ShopOrder::NearestTo(place.to_wgs84()) })
        }
        (None, Some(_)) => Err(ApiError::field("lat", "lat and lng go together")),
        (Some(_), None) => Err(ApiError::field("lng", "lat and lng go together")),
    }
}

/// Returns a shop as lists show it.
fn listed(record: ShopRecord, now: UnixMillis) -> Shop {
    Shop {
        phone: None,
        discount_rules: None,
        not_combined_with: None,
        notes: Vec::new(),
        week: Vec::new(),
        ..shop_answer(record, now)
    }
}

fn shop_answer(record: ShopRecord, now: UnixMillis) -> Shop {
    Shop {
        open: open_state(record.opening_hours.as_deref(), now),
        id: record.id,
        name: record.name,
        category: record.category,
        city: record.city,
        district: record.district,
        address: record.address,
        place: record.place,
        discount_permille: record.discount,
        price_per_person_fen: record.price_per_person,
        curation: record.curation,
        opening_hours: record.opening_hours,
        redeem_methods: record.redeem_methods,
        code_form: record.code_form,
        left_on: record.left_on,
        phone: record.phone,
        pinyin: record.pinyin,
        trust: record.trust,
        discount_rules: record.discount_rules,
        not_combined_with: record.not_combined_with,
        notes: record.notes,
        week: Vec::new(),
    }
}
