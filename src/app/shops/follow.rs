//! Effects of the shop list: they react to the query, the time and the address.

use member_domain::City;
use page_core::{Load, ShopQuery, shops};

use super::{CITY_CHOICE, DISTRICT_CHOICE, ShopState};
use crate::{api, features::nearby_shops::More, navigation::list_address, prelude::*};

/// Sends a request when the query changes or a shop opens or closes. Stores the query for the next visit and
/// in the address.
pub(super) fn follow(state: ShopState) {
    follow_city(state);
    follow_search(state);
    follow_time(state);
    keep_choice(state);
    if state.addressed {
        follow_address(state);
    }
}

/// Loads the city's shops.
fn follow_city(state: ShopState) {
    let ShopState { query, whole, more, .. } = state;
    let city_wide = Memo::new(move |_| query.with(ShopQuery::whole_city));
    Effect::new(move |shown: Option<City>| {
        let query = city_wide.get();
        let city = query.city;
        // The list must never show shops of the previous city.
        if shown.is_some_and(|shown| shown != city) {
            whole.list.set(Load::Loading);
        }
        more.set(More::Idle);
        whole.ask(query, true);
        city
    });
}

/// Searches on the backend when the loaded shops are not enough.
fn follow_search(state: ShopState) {
    let ShopState { query, whole, found, found_for, more, .. } = state;
    let is_part = Memo::new(move |_| whole.list.with(|list| list.value().is_some_and(|list| !list.is_whole())));
    let wanted =
        Memo::new(move |_| query.with(|query| shops::must_search(query, is_part.get()).then(|| query.clone())));
    Effect::new(move |_| {
        let wanted = wanted.get();
        found.list.set(Load::Loading);
        found_for.set(wanted.clone());
        more.set(More::Idle);
        match wanted {
            Some(wanted) => found.ask(wanted, false),
            None => found.give_up(),
        }
    });
}

/// Updates the list when a shop opens or closes.
fn follow_time(state: ShopState) {
    Effect::new(move |_| {
        let Some(now) = state.now.get() else { return };
        let has_turned = |list: &Load<_>| list.value().is_some_and(|list| shops::has_turned(list, api::PAGE, now));
        if state.whole.list.with_untracked(has_turned) {
            state.refresh();
        }
    });
}

/// Stores the choice for the next visit and in the address.
fn keep_choice(state: ShopState) {
    Effect::new(move |_| {
        let query = state.query.get();
        if state.city_choice.with_value(|choice| choice.is_made(&query)) {
            let store = state.host.store;
            store.remember_choice(CITY_CHOICE, query.city.as_str());
            store.remember_choice(DISTRICT_CHOICE, query.filter.district.as_deref().unwrap_or_default());
        }
        if state.addressed {
            list_address::write(&query);
        }
    });
}

/// Reads the filters again after a history navigation.
fn follow_address(state: ShopState) {
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
