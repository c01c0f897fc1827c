//! `GET /v1/shops` and `GET /v1/shops/{id}`

use axum::{Json, extract::State};
use member_domain::{
    Category, City, CivilDate, Place, UnixMillis,
    wire::{OpenState, ProblemKind, Shop, ShopPage},
};
use serde::Deserialize;

use super::request::{PathPart, QueryString};
use crate::{
    opening_hours::open_state,
    problem::{ApiError, ApiResult},
    serve::AppState,
    storage::{ShopFilter, ShopOrder, ShopRecord},
};

const DEFAULT_LIMIT: usize = 50;
const MAX_LIMIT: usize = 100;

/// All optional. Values arrive as text so that a wrong one is reported with its own name.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListQuery {
    city: Option<String>,
    lat: Option<String>,
    lng: Option<String>,
    coord_system: Option<String>,
    category: Option<String>,
    district: Option<String>,
    q: Option<String>,
    open_now: Option<String>,
    cursor: Option<String>,
    limit: Option<String>,
}

pub(super) async fn list(
    State(state): State<AppState>,
    QueryString(query): QueryString<ListQuery>,
) -> ApiResult<Json<ShopPage>> {
    let now = state.clock.now();
    let order = order(&query)?;
    let limit = query.limit.as_deref().map_or(Ok(DEFAULT_LIMIT), |limit| {
        let parsed = limit.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
        parsed.ok_or_else(|| ApiError::field("limit", format!("a whole number from 1 to {MAX_LIMIT}")))
    })?;
    let open_now = match query.open_now.as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(ApiError::field("openNow", "'true' or 'false'")),
    };
    let district = query.district.filter(|district| !district.is_empty());
    let filter = filter(query.city, query.category, district, query.q)?;
    let shops = state.database.shops(filter, order, CivilDate::in_shanghai(now)).await?;
    let mut shops: Vec<Shop> = shops.into_iter().map(|record| shop_answer(record, now)).collect();
    // The cursor is the id of the last shop of the page before. Order is stable, so the next page starts behind it.
    // Looked up before closed shops drop out: the shop may have closed between two pages.
    let start = match query.cursor {
        None => 0,
        Some(cursor) => {
            let last = shops.iter().position(|shop| shop.id == cursor);
            last.ok_or_else(|| ApiError::field("cursor", "this list has no such place: start from the first page"))? + 1
        }
    };
    let passes = |shop: &Shop| !open_now || matches!(shop.open, OpenState::Open { .. });
    let skipped = shops[..start].iter().filter(|shop| passes(shop)).count();
    shops.retain(passes);
    let (start, total) = (skipped, u32::try_from(shops.len()).unwrap_or(u32::MAX));
    let has_more = shops.len() > start + limit;
    let mut page: Vec<Shop> = shops.drain(start..).take(limit).collect();
    for shop in &mut page {
        shop.phone = None;
    }
    let next_cursor = page.last().filter(|_| has_more).map(|shop| shop.id.clone());
    Ok(Json(ShopPage {
        shops: page,
        next_cursor,
        total,
        total_is_capped: false,
        districts: Vec::new(),
        nothing_because: Vec::new(),
        server_time: Some(now),
    }))
}

pub(super) async fn show(State(state): State<AppState>, PathPart(id): PathPart) -> ApiResult<Json<Shop>> {
    let shop = state.database.shop(id).await?;
    let shop = shop.ok_or_else(|| ApiError::new(ProblemKind::NotFound, "no curated shop has this id"))?;
    Ok(Json(shop_answer(shop, state.clock.now())))
}

fn filter(
    city: Option<String>,
    category: Option<String>,
    district: Option<String>,
    q: Option<String>,
) -> ApiResult<ShopFilter> {
    let city = city.map(|name| City::from_name(&name).map_err(|error| ApiError::field("city", error)));
    let category = category.map(|name| Category::from_name(&name).map_err(|error| ApiError::field("category", error)));
    let text = q.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if text.as_ref().is_some_and(|text| text.chars().count() > 100) {
        return Err(ApiError::field("q", "at most 100 characters"));
    }
    Ok(ShopFilter { city: city.transpose()?, category: category.transpose()?, district, text })
}

fn order(query: &ListQuery) -> ApiResult<ShopOrder> {
    let degrees = |name: &str, text: &str| {
        text.parse::<f64>().map_err(|_| ApiError::field(name, "a number of degrees, for example 31.23"))
    };
    match (&query.lat, &query.lng) {
        (None, None) if query.coord_system.is_none() => Ok(ShopOrder::LatestCuration),
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
            Ok(ShopOrder::NearestTo(place.to_wgs84()))
        }
        (None, Some(_)) => Err(ApiError::field("lat", "lat and lng go together")),
        (Some(_), None) => Err(ApiError::field("lng", "lat and lng go together")),
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
