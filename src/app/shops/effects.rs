//! Effects of the shop list: they react to the query, the time and the address.

use member_domain::City;
use page_core::{Load, ShopQuery, shops};

use super::ShopState;
use crate::{
    api,
    features::nearby_shops::More,
    navigation::list_address,
    prelude::*,
    store::{CITY, DISTRICT},
};

/// Sends a request when the query changes or a shop opens or closes. Stores the query for the next visit and
/// in the address.
pub(super) fn start_effects(state: ShopState) {
    load_city_on_change(state);
    search_on_change(state);
    refresh_on_opening_change(state);
    store_choice_on_change(state);
    if state.uses_address {
        read_address_on_navigation(state);
    }
}

/// Loads the city's shops.
fn load_city_on_change(state: ShopState) {
    let ShopState { query, city_shops, more, .. } = state;
    let city_wide = Memo::new(move |_| query.with(ShopQuery::without_filters));
    Effect::new(move |shown: Option<City>| {
        let query = city_wide.get();
        let city = query.city;
        // The list must never show shops of the previous city.
        if shown.is_some_and(|shown| shown != city) {
            city_shops.list.set(Load::Loading);
        }
        more.set(More::Idle);
        city_shops.request_first_page(query, true);
        city
    });
}

/// Searches on the backend when the loaded shops are not enough.
fn search_on_change(state: ShopState) {
    let ShopState { query, city_shops, search_result, search_query, more, .. } = state;
    let is_partial =
        Memo::new(move |_| city_shops.list.with(|list| list.value().is_some_and(|list| !list.is_complete())));
    let search =
        Memo::new(move |_| query.with(|query| shops::must_search(query, is_partial.get()).then(|| query.clone())));
    Effect::new(move |_| {
        let search = search.get();
        search_result.list.set(Load::Loading);
        search_query.set(search.clone());
        more.set(More::Idle);
        match search {
            Some(search) => search_result.request_first_page(search, false),
            None => search_result.ignore_pending(),
        }
    });
}

/// Updates the list when a shop opens or closes.
fn refresh_on_opening_change(state: ShopState) {
    Effect::new(move |_| {
        let Some(now) = state.now.get() else { return };
        let has_opened_or_closed =
            |list: &Load<_>| list.value().is_some_and(|list| shops::has_opened_or_closed(list, api::PAGE, now));
        if state.city_shops.list.with_untracked(has_opened_or_closed) {
            state.refresh();
        }
    });
}

/// Stores the choice for the next visit and in the address.
fn store_choice_on_change(state: ShopState) {
    Effect::new(move |_| {
        let query = state.query.get();
        if state.city_choice.try_update_value(|choice| choice.is_made(&query)) == Some(true) {
            let store = state.host.store;
            store.store_choice(CITY, query.city.as_str());
            store.store_choice(DISTRICT, query.filter.district.as_deref().unwrap_or_default());
        }
        if state.uses_address {
            list_address::write(&query);
        }
    });
}

/// Reads the filters again after a history navigation.
fn read_address_on_navigation(state: ShopState) {
    let listener = window_event_listener(leptos::ev::popstate, move |_| {
        let before = state.query.get_untracked();
        let address = list_address::read((before.city, None));
        let address = ShopQuery { near: before.near, ..address };
        if address != before {
            state.query.set(address);
        }
    });
    on_cleanup(move || listener.remove());
}
