//! The list's filters in the address. They survive a reload, a history navigation and sharing. Example:
//!
//! `/?city=hangzhou&district=西湖区&q=面&category=snacks&open=1&price=0-50&method=shop-pin&saved=1&order=checked`
//!
//! Unset filters are omitted. Other parts of the address stay unchanged.

use leptos::prelude::window;
use member_domain::{Category, City, PriceBand, RedeemMethod, ShopFilter};
use web_sys::UrlSearchParams;

use crate::api::{ListOrder, ShopQuery};

/// The list's parameters in the address.
const NAMES: [&str; 9] = ["city", "district", "q", "category", "open", "price", "method", "saved", "order"];
const YES: &str = "1";
const LATEST_CHECKED: &str = "checked";

fn parameters() -> Option<UrlSearchParams> {
    UrlSearchParams::new_with_str(&window().location().search().ok()?).ok()
}

/// Reads the query from the address. If the address names no city, city and district come from `fallback`.
/// Invalid values are ignored.
pub fn read(fallback: (City, Option<String>)) -> ShopQuery {
    let get = |name: &str| parameters()?.get(name).filter(|value| !value.is_empty());
    let named_city = get("city").and_then(|name| City::from_name(&name).ok());
    // A link shows its own filters, not those of the last visit.
    let (city, district) = match (named_city, has_any()) {
        (Some(city), _) => (city, get("district")),
        (None, true) => (fallback.0, get("district")),
        (None, false) => fallback,
    };
    let filter = ShopFilter {
        text: get("q").unwrap_or_default().chars().take(100).collect(),
        category: get("category").and_then(|name| Category::from_name(&name).ok()),
        district,
        open_now: get("open").is_some_and(|value| value == YES),
        price: get("price").and_then(|name| PriceBand::from_name(&name).ok()),
        method: get("method").and_then(|name| RedeemMethod::from_name(&name).ok()),
        favourites: get("saved").is_some_and(|value| value == YES),
    };
    let order = if get("order").is_some_and(|order| order == LATEST_CHECKED) {
        ListOrder::LatestChecked
    } else {
        ListOrder::Nearest
    };
    ShopQuery { order, filter, ..ShopQuery::all_of(city) }
}

/// The query without an address.
pub fn fallback((city, district): (City, Option<String>)) -> ShopQuery {
    let filter = ShopFilter { district, ..ShopFilter::default() };
    ShopQuery { filter, ..ShopQuery::all_of(city) }
}

/// Whether the address names a city.
pub fn names_city() -> bool {
    parameters().is_some_and(|parameters| parameters.has("city"))
}

/// Whether the address has any of the list's parameters.
pub fn has_any() -> bool {
    parameters().is_some_and(|parameters| NAMES.iter().any(|name| parameters.has(name)))
}

/// Writes the query into the address. Values that the member did not choose are omitted.
pub fn write(query: &ShopQuery) {
    let Some(parameters) = parameters() else { return };
    let set = |name: &str, value: Option<&str>| match value.filter(|value| !value.is_empty()) {
        Some(value) => parameters.set(name, value),
        None => parameters.delete(name),
    };
    let ShopFilter { text, category, district, open_now, price, method, favourites } = &query.filter;
    set("district", district.as_deref());
    set("q", Some(text.trim()));
    set("category", category.map(Category::as_str));
    set("open", open_now.then_some(YES));
    set("price", price.map(PriceBand::as_str));
    set("method", method.map(RedeemMethod::as_str));
    set("saved", favourites.then_some(YES));
    set("order", (query.order == ListOrder::LatestChecked).then_some(LATEST_CHECKED));
    // The first city is the default: it is written only together with other parameters.
    let has_others = NAMES.iter().any(|name| *name != "city" && parameters.has(name));
    set("city", (has_others || query.city != City::Shanghai).then_some(query.city.as_str()));
    let location = window().location();
    let search = String::from(parameters.to_string());
    let search = if search.is_empty() { search } else { format!("?{search}") };
    if location.search().ok().as_ref() == Some(&search) {
        return;
    }
    let address = format!("{}{search}{}", location.pathname().unwrap_or_default(), location.hash().unwrap_or_default());
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or_default();
        let _ = history.replace_state_with_url(&state, "", Some(&address));
    }
}
