//! `GET /v1/shops` and `GET /v1/shops/{id}`

use axum::{Json, extract::State};
use member_domain::{
    Category, City, Place, PriceBand, RedeemMethod, ShopFilter, UnixMillis,
    openapi::{CoordSystem, ShopId},
    wire::{FilterEffect, ProblemKind, Shop, ShopPage},
};
use member_opening_hours::{open_state, week};
use member_storage::{COUNTED_AT_MOST, ShopOrder, ShopRecord, ShopSearch, StorageResult};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    http::{
        Base,
        problem::{ApiError, ApiResult},
        request::{PathPart, QueryString},
    },
    openapi::{
        responses::{Conflict, Internal, InvalidRequest, NotFound, RateLimited},
        samples,
    },
};

const DEFAULT_LIMIT: usize = 50;
const MAX_LIMIT: usize = 100;
/// The maximum number of ids in a request.
const MAX_IDS: usize = 100;

/// The optional query of a list. Values are read as text, so that a fault in a value is reported with its
/// field's name.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// Only shops of this city.
    #[param(value_type = Option<City>, example = "shanghai")]
    city: Option<String>,
    // These three are described as one parameter, `StartingPlace`.
    #[param(ignore)]
    lat: Option<String>,
    #[param(ignore)]
    lng: Option<String>,
    #[param(ignore)]
    coord_system: Option<String>,
    /// Only shops of this category.
    #[param(value_type = Option<Category>, example = "coffee")]
    category: Option<String>,
    /// Only shops of this administrative district, written exactly as in `Shop.district`.
    #[param(example = "徐汇区")]
    district: Option<String>,
    /// The order that is described above, although the request has `lat` and `lng`. The default order with
    /// them can also be named: `nearest`.
    #[param(inline, value_type = Option<Sort>)]
    sort: Option<String>,
    /// Only shops with one of these ids, at most 100. Other texts are ignored.
    #[param(
        value_type = Option<Vec<String>>,
        style = Form,
        explode = false,
        max_items = 100,
        example = json!(["sh-wutongli-coffee", "sh-manye-books"])
    )]
    ids: Option<String>,
    /// Only shops whose `pricePerPersonFen` is in this band of yuan: from the first amount to below the
    /// second. Shops without a price are left out.
    #[param(inline, value_type = Option<PriceBand>, example = "0-50")]
    price: Option<String>,
    /// Only shops whose staff enter the code in this way, perhaps among others.
    #[param(value_type = Option<RedeemMethod>, example = "shop-pin")]
    method: Option<String>,
    /// Only shops in whose name, category, district or address every one of these words is found: as a part
    /// of the written text, or as a mixture of words, Chinese characters and pinyin that follow each other.
    /// Each syllable is written out or shortened to its initial (`xcp`, `xiaochipu`, `小cp` and `xiao吃铺` find
    /// 小吃铺). No difference is made by case, compatibility forms such as full width, accents, Traditional and
    /// Simplified characters, ü written as `v`, `u` or `yu`, spaces and hyphens in the text, and characters
    /// without width. A Chinese and another word may be typed together. An empty text finds everything.
    #[param(max_length = 100, example = "手冲")]
    q: Option<String>,
    /// `true` for shops only that are open at the time of the answer. Shops with unknown hours are left out
    /// then.
    #[param(value_type = Option<bool>, default = false, example = true)]
    open_now: Option<String>,
    /// `nextCursor` of the previous page, with the same filters and place. If the shop at this place has left
    /// the list, the answer is a `conflict`: start again from the first page.
    #[param(value_type = Option<ShopId>, example = "sh-wutongli-coffee")]
    cursor: Option<String>,
    /// The maximum number of shops on a page.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = json!(DEFAULT_LIMIT), example = 20)]
    limit: Option<String>,
}

/// The place to start from.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes texts")]
struct StartingPlace {
    /// The latitude in degrees.
    #[schema(minimum = -90, maximum = 90, examples(31.21))]
    lat: f64,
    /// The longitude in degrees.
    #[schema(minimum = -180, maximum = 180, examples(121.44))]
    lng: f64,
    /// The coordinate system of `lat` and `lng`.
    #[schema(value_type = Option<CoordSystem>, nullable = false, default = "wgs84")]
    coord_system: Option<String>,
}

/// The names of the orders in a query.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes a text")]
enum Sort {
    Checked,
}

/// Matches [`member_domain::openapi::ShopId`].
fn is_shop_id(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=64).contains(&text.len()) && text.bytes().all(is_part)
}

/// Curated shops, page by page
///
/// With `lat` and `lng`, the nearest shop comes first (great-circle distance in WGS 84; positions in GCJ-02
/// are converted). Without them, or with `sort=checked`, shops whose record at the counter is poor
/// (`trust.failsOften`) come last. Of the others, the shop whose evidence was checked last comes first, and
/// shops without evidence come after shops with evidence. Equal shops are ordered by id. A shop is listed if
/// it passes all filters.
///
/// Send a place no more precise than needed. Two decimals of a degree, about 1 km, are enough to order a
/// list. The page orders exactly on the device: it shows a shop once no shop that has not arrived can be
/// nearer.
///
/// The answer is compressed with gzip if the client accepts that.
#[utoipa::path(
    get,
    path = "/v1/shops",
    operation_id = "listShops",
    tag = "shops",
    security(),
    params(
        (
            "place" = inline(Option<StartingPlace>),
            Query,
            description = "The place to start from: `lat` and `lng`, which go together, and `coordSystem`.",
            style = Form,
            explode = true,
            example = json!({ "lat": 31.21, "lng": 121.44, "coordSystem": "wgs84" }),
        ),
        ListQuery,
    ),
    responses(
        (status = 200, description = "A page of shops.", body = ShopPage, example = samples::shops::page),
        Conflict,
        InvalidRequest,
        RateLimited,
        Internal,
    ),
)]
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
    if cursor.as_deref().is_some_and(|cursor| !is_shop_id(cursor)) {
        return Err(ApiError::field("cursor", "this is no cursor of a list of shops"));
    }
    let search = search(query)?;
    let found = state.database.find_shops(search.clone(), order, cursor, limit, now).await?;
    let gone = || ApiError::new(ProblemKind::Conflict, "the list has changed: start again from the first page");
    let found = found.ok_or_else(gone)?;
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

/// One shop in full
///
/// As in the list, and with the phone number if it is known. A shop that has left the programme is not in the
/// list any more, but still answered here, with `leftOn`: ledgers and old links lead to it.
#[utoipa::path(
    get,
    path = "/v1/shops/{id}",
    operation_id = "getShop",
    tag = "shops",
    security(),
    params(("id" = ShopId, Path, description = "The shop's id.", example = "sh-wutongli-coffee")),
    responses(
        (status = 200, description = "The shop.", body = Shop, example = samples::shops::shop),
        NotFound,
        RateLimited,
        Internal,
    ),
)]
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
