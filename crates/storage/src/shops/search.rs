//! Finds shops by indexes, in the requested order. It reads as many shops as are wanted, and no more.
//!
//! Around a place, the R*Tree is searched in squares. The squares double in size until they contain enough
//! shops. So the cost of the first page depends on the number of shops on it, not on the number of all shops.
//! A later page also reads the shops of the pages before it.

use member_domain::{City, CivilDate, FilterKind, PriceBand, SearchQuery, ShopFilter, UnixMillis, Wgs84};
use rusqlite::{Connection, OptionalExtension, Row, functions::FunctionFlags, params_from_iter, types::Value};

use super::{
    columns::{read, selected},
    record::ShopRecord,
    trust::trust_of,
    writes::ShopRules,
};
use crate::{Database, StorageResult};

/// Matching shops are counted up to this number.
pub const COUNTED_AT_MOST: u32 = 1_000;

/// The distance from a city's centre within which its shops are expected, in metres. A shop further away is
/// found too, only more slowly.
const CITY_METRES: f64 = 80_000.0;
/// The distance from a place to the edge of the first square, in metres. On a later page, the first square
/// reaches this much further than the page before.
const FIRST_REACH: f64 = 50.0;
/// From this distance on, in metres, squares do not help, so all shops are read.
const LAST_REACH: f64 = 200_000.0;
/// The minimum length of one degree of latitude, in metres (at the equator, WGS 84).
const METRES_PER_DEGREE: f64 = 110_574.0;
/// The R*Tree stores 32-bit floats, rounded outwards. A square that is wider by this many degrees loses no
/// shop.
const ROUNDING_DEGREES: f64 = 1e-4;

/// The conditions on the shops to find.
#[derive(Clone, Debug, Default)]
pub struct ShopSearch {
    /// Only shops in this city; `None` finds shops in all cities.
    pub city: Option<City>,
    /// Only shops with one of these ids; `None` finds shops with any id.
    pub ids: Option<Vec<String>>,
    /// The member's filter. `favourites` has no effect, because only the device knows the favourites.
    pub filter: ShopFilter,
}

/// The order of the shops.
#[derive(Clone, Copy, Debug)]
pub enum ShopOrder {
    /// Nearest first.
    NearestTo(Wgs84),
    /// Shops that fail often come last. Within both groups, the latest checked come first, and shops without
    /// evidence come last.
    LatestChecked,
}

/// One page of the shops that were found.
#[derive(Debug, Default)]
pub struct FoundShops {
    /// The shops, in the requested order.
    pub shops: Vec<ShopRecord>,
    /// Whether more shops match after this page.
    pub has_more: bool,
    /// How many shops match on all pages, counted up to one more than [`COUNTED_AT_MOST`].
    pub total: u32,
}

impl Database {
    /// Finds the matching shops that take part at `now`, at most `limit`. With `after`, starts behind the
    /// shop with this id. Returns `None` if there is no such shop, or if it is not in the searched city.
    pub async fn find_shops(
        &self,
        search: ShopSearch,
        order: ShopOrder,
        after: Option<String>,
        limit: usize,
        now: UnixMillis,
    ) -> StorageResult<Option<FoundShops>> {
        self.read(move |connection| {
            let conditions = Conditions::of(&search, now);
            let after = match after {
                None => None,
                Some(id) => match standing(connection, &id, search.city)? {
                    Some(standing) => Some(standing),
                    None => return Ok(None),
                },
            };
            let few = few(connection, &conditions)?;
            let total = few.as_ref().map_or(COUNTED_AT_MOST + 1, |few| u32::try_from(few.len()).unwrap_or(u32::MAX));
            let mut ids = match (few, order) {
                (Some(few), order) => in_order(few, order, after, limit + 1),
                (None, ShopOrder::NearestTo(here)) => {
                    // Squares around a place in another city contain no shop of this city.
                    let at_once = search.city.is_some_and(|city| here.distance_to(city.centre()).metres > CITY_METRES);
                    nearest(connection, &conditions, here, after, limit + 1, at_once)?
                }
                (None, ShopOrder::LatestChecked) => latest_checked(connection, &conditions, after, limit + 1)?,
            };
            let has_more = ids.len() > limit;
            ids.truncate(limit);
            let shops = ids.iter().filter_map(|id| with_record(connection, id, now).transpose());
            Ok(Some(FoundShops { shops: shops.collect::<StorageResult<_>>()?, has_more, total }))
        })
        .await
    }

    /// The shop with this id, with its record at the counter. A shop that no longer takes part is found too.
    /// `None` if there is no such shop.
    pub async fn shop_with_record(&self, id: String, now: UnixMillis) -> StorageResult<Option<ShopRecord>> {
        self.read(move |connection| with_record(connection, &id, now)).await
    }

    /// The districts of a city's shops, sorted. Each needs one index lookup.
    pub async fn districts(&self, city: City) -> StorageResult<Vec<String>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "WITH RECURSIVE district (name) AS (
                     SELECT MIN(district) FROM shops WHERE city = ?1
                     UNION ALL
                     SELECT (SELECT MIN(shops.district) FROM shops WHERE city = ?1 AND shops.district > district.name)
                     FROM district WHERE district.name IS NOT NULL)
                 SELECT name FROM district WHERE name IS NOT NULL",
            )?;
            let names = statement.query_map([city.as_str()], |row| row.get(0))?;
            Ok(names.collect::<Result<_, _>>()?)
        })
        .await
    }
}

fn with_record(connection: &Connection, id: &str, now: UnixMillis) -> StorageResult<Option<ShopRecord>> {
    let mut statement = connection.prepare_cached(&format!("SELECT {} FROM shops WHERE id = ?1", selected()))?;
    let mut rows = statement.query([id])?;
    let Some(record) = rows.next()?.map(read).transpose()? else { return Ok(None) };
    let trust = trust_of(connection, id, now, record.trust)?;
    Ok(Some(ShopRecord { trust, ..record }))
}

/// The conditions on a row of `shops`, as SQL with values. Cheap conditions come first.
struct Conditions {
    sql: String,
    values: Vec<Value>,
}

impl Conditions {
    fn of(search: &ShopSearch, now: UnixMillis) -> Self {
        let mut conditions = Self { sql: String::new(), values: Vec::new() };
        let today = CivilDate::in_shanghai(now).to_string();
        let text = |text: &str| Value::Text(text.to_owned());
        conditions.and("(left_on IS NULL OR left_on > ?)", [Value::Text(today)]);
        if let Some(city) = search.city {
            conditions.and("city = ?", [text(city.as_str())]);
        }
        if let Some(ids) = &search.ids {
            let places = vec!["?"; ids.len()].join(", ");
            conditions.and(&format!("id IN ({places})"), ids.iter().map(|id| text(id)));
        }
        let filter = &search.filter;
        if let Some(category) = filter.category {
            conditions.and("category = ?", [text(category.as_str())]);
        }
        if let Some(district) = &filter.district {
            conditions.and("district = ?", [text(district)]);
        }
        if let Some((from, below)) = filter.price.map(PriceBand::bounds) {
            conditions.and("price_per_person_fen >= ?", [Value::Integer(from.0)]);
            if let Some(below) = below {
                conditions.and("price_per_person_fen < ?", [Value::Integer(below.0)]);
            }
        }
        if let Some(method) = filter.method {
            conditions
                .and("instr(';' || redeem_methods || ';', ?) > 0", [Value::Text(format!(";{};", method.as_str()))]);
        }
        if filter.has(FilterKind::Text) {
            conditions.and("is_found(search, ?)", [text(&filter.text)]);
        }
        if filter.open_now {
            conditions.and("is_open(opening_hours, ?)", [Value::Integer(now.0)]);
        }
        conditions
    }

    fn and(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) {
        if !self.sql.is_empty() {
            self.sql.push_str(" AND ");
        }
        self.sql.push_str(sql);
        self.values.extend(values);
    }

    /// The values, followed by `more`.
    fn with(&self, more: impl IntoIterator<Item = Value>) -> Vec<Value> {
        self.values.iter().cloned().chain(more).collect()
    }
}

/// The ids of the nearest shops behind `after`, ordered by distance, then by id. With `at_once`, all matching
/// shops are read, because squares would contain none.
fn nearest(
    connection: &Connection,
    conditions: &Conditions,
    here: Wgs84,
    after: Option<Standing>,
    limit: usize,
    at_once: bool,
) -> StorageResult<Vec<String>> {
    let after = after.map(|after| (here.distance_to(after.place).metres, after.id));
    let start = after.as_ref().map_or(0.0, |(metres, _)| *metres);
    let mut step = FIRST_REACH;
    loop {
        let reach = start + step;
        let is_last = at_once || reach >= LAST_REACH;
        let mut found = within(connection, conditions, here, (!is_last).then_some(reach))?;
        found.retain(|place| {
            let is_behind = after.as_ref().is_none_or(|(metres, id)| (place.0, &place.1) > (*metres, id));
            is_behind && (is_last || place.0 <= reach)
        });
        if is_last || found.len() >= limit {
            found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
            found.truncate(limit);
            return Ok(found.into_iter().map(|(_, id)| id).collect());
        }
        step *= 2.0;
    }
}

/// The distance in metres and the id of each shop in the square that reaches this far. Without a reach, of
/// each shop.
fn within(
    connection: &Connection,
    conditions: &Conditions,
    here: Wgs84,
    reach: Option<f64>,
) -> StorageResult<Vec<(f64, String)>> {
    let (from, place) = match reach {
        None => ("shops", Vec::new()),
        Some(reach) => {
            let lat = reach / METRES_PER_DEGREE + ROUNDING_DEGREES;
            // A degree of longitude shrinks towards the poles. Near the poles, the square contains every
            // longitude.
            let shrink = (here.lat.abs() + lat).min(89.0).to_radians().cos();
            let lng = if here.lat.abs() > 85.0 { 360.0 } else { lat / shrink };
            let bounds = [here.lat - lat, here.lat + lat, here.lng - lng, here.lng + lng];
            ("shop_places CROSS JOIN shops ON shops.seq = shop_places.seq", bounds.map(Value::Real).to_vec())
        }
    };
    let in_square =
        if reach.is_some() { " AND max_lat >= ? AND min_lat <= ? AND max_lng >= ? AND min_lng <= ?" } else { "" };
    let mut statement = connection
        .prepare_cached(&format!("SELECT id, wgs84_lat, wgs84_lng FROM {from} WHERE {}{in_square}", conditions.sql))?;
    let mut rows = statement.query(params_from_iter(conditions.with(place)))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let place = Wgs84 { lat: row.get(1)?, lng: row.get(2)? };
        found.push((here.distance_to(place).metres, row.get(0)?));
    }
    Ok(found)
}

/// The data that gives a shop its position in a list, in either order.
struct Standing {
    id: String,
    place: Wgs84,
    fails_often: bool,
    /// The day of its evidence. It is empty if there is no evidence, so that the shop comes after all days.
    checked: String,
}

const STANDING: &str = "id, wgs84_lat, wgs84_lng, fails_often, COALESCE(curated_on, '')";

impl Standing {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            place: Wgs84 { lat: row.get(1)?, lng: row.get(2)? },
            fails_often: row.get(3)?,
            checked: row.get(4)?,
        })
    }
}

/// All matching shops, if there are at most [`COUNTED_AT_MOST`]. Then one read of each shop gives both the
/// list and the total.
fn few(connection: &Connection, conditions: &Conditions) -> StorageResult<Option<Vec<Standing>>> {
    let most = COUNTED_AT_MOST as usize;
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {STANDING} FROM shops WHERE {} LIMIT {}",
        conditions.sql,
        most + 1
    ))?;
    let found = statement.query_map(params_from_iter(&conditions.values), Standing::read)?;
    let found: Vec<Standing> = found.collect::<Result<_, _>>()?;
    Ok((found.len() <= most).then_some(found))
}

/// The ids of the shops behind `after` in this order, at most `limit`.
fn in_order(few: Vec<Standing>, order: ShopOrder, after: Option<Standing>, limit: usize) -> Vec<String> {
    // A distance is computed once for each shop, because it costs more than the comparisons of a sort.
    let with_metres = |standing: Standing| {
        let metres = match order {
            ShopOrder::NearestTo(here) => here.distance_to(standing.place).metres,
            ShopOrder::LatestChecked => 0.0,
        };
        (metres, standing)
    };
    let compare = |(a_metres, a): &(f64, Standing), (b_metres, b): &(f64, Standing)| match order {
        ShopOrder::NearestTo(_) => a_metres.total_cmp(b_metres).then_with(|| a.id.cmp(&b.id)),
        ShopOrder::LatestChecked => {
            a.fails_often.cmp(&b.fails_often).then_with(|| b.checked.cmp(&a.checked)).then_with(|| a.id.cmp(&b.id))
        }
    };
    let after = after.map(with_metres);
    let mut few: Vec<_> = few.into_iter().map(with_metres).collect();
    few.retain(|shop| after.as_ref().is_none_or(|after| compare(shop, after).is_gt()));
    few.sort_unstable_by(compare);
    few.into_iter().take(limit).map(|(_, standing)| standing.id).collect()
}

/// The ids of the latest checked shops behind `after`, at most `limit`.
fn latest_checked(
    connection: &Connection,
    conditions: &Conditions,
    after: Option<Standing>,
    limit: usize,
) -> StorageResult<Vec<String>> {
    let behind = match after {
        None => Vec::new(),
        Some(Standing { id, fails_often, checked, .. }) => {
            vec![Value::Integer(fails_often.into()), Value::Text(checked), Value::Text(id)]
        }
    };
    let is_behind = if behind.is_empty() {
        String::new()
    } else {
        // A date is never empty, so shops without evidence come after all dates.
        let at = conditions.values.len();
        let (fails_often, checked, id) = (at + 1, at + 2, at + 3);
        format!(
            " AND fails_often >= ?{fails_often} AND (fails_often > ?{fails_often}
              OR COALESCE(curated_on, '') < ?{checked} OR (COALESCE(curated_on, '') = ?{checked} AND id > ?{id}))"
        )
    };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT id FROM shops WHERE {}{is_behind} ORDER BY fails_often, curated_on DESC, id LIMIT {limit}",
        conditions.sql
    ))?;
    let ids = statement.query_map(params_from_iter(conditions.with(behind)), |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

fn standing(connection: &Connection, id: &str, city: Option<City>) -> StorageResult<Option<Standing>> {
    let row = connection
        .prepare_cached(&format!("SELECT {STANDING} FROM shops WHERE id = ?1 AND (?2 IS NULL OR city = ?2)"))?
        .query_row((id, city.map(City::as_str)), Standing::read);
    Ok(row.optional()?)
}

/// Adds the functions `is_open` and `is_found` to a connection, because SQL cannot express these conditions.
pub(crate) fn add_functions(connection: &Connection, rules: ShopRules) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    // Not declared deterministic: the meaning of opening hours may change with the program's data about
    // holidays.
    connection.create_scalar_function("is_open", 2, FunctionFlags::SQLITE_UTF8, move |context| {
        let hours = context.get_raw(0).as_str_or_null()?;
        Ok((rules.is_open)(hours, UnixMillis(context.get(1)?)))
    })?;
    connection.create_scalar_function("is_found", 2, flags, move |context| {
        let query =
            context.get_or_create_aux(1, |text| text.as_str().map(|text| SearchQuery::new(text, rules.normalize)))?;
        Ok(context.get_raw(0).as_str_or_null()?.is_some_and(|document| query.matches(document)))
    })
}
