//! The shops that are shown, requested and stored.

use std::sync::Arc;

use icu_normalizer::DecomposingNormalizerBorrowed;
use member_domain::{
    Category, City, ShopFilter, UnixMillis, Wgs84,
    wire::{OpenState, ProblemKind, Shop, ShopPage},
};
use page_core::{
    ApiError, ListOrder, Listed, Load, Ordered, ShopList, ShopQuery,
    shops::{
        CityChoice, Lists, find_shop, has_opened_or_closed, initial_city, must_search, next_page, renew, set_city,
        settle_first, settle_shop,
    },
};

/// The centre of Shanghai.
const HERE: Wgs84 = Wgs84 { lat: 31.23, lng: 121.47 };
const NOW: UnixMillis = UnixMillis(1_795_348_800_000);

/// Normalises as the browser does.
fn normalize(text: &str) -> String {
    DecomposingNormalizerBorrowed::new_nfkd().normalize(text).to_lowercase()
}

fn sample(file: &str) -> String {
    let path = format!("{}/../../src/api/preview/{file}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).expect("a sample answer")
}

fn shop(id: &str) -> Shop {
    Shop { id: id.to_owned(), ..serde_json::from_str(&sample("shop")).expect("a shop") }
}

fn page(ids: &[&str], next: Option<&str>) -> ShopPage {
    ShopPage {
        shops: ids.iter().map(|id| shop(id)).collect(),
        next_cursor: next.map(str::to_owned),
        nothing_because: Vec::new(),
        ..serde_json::from_str(&sample("shops")).expect("a page")
    }
}

fn list(ids: &[&str], next: Option<&str>) -> ShopList {
    ShopList::first(page(ids, next), Ordered::LatestChecked, normalize)
}

fn ids(list: &ShopList) -> Vec<&str> {
    list.shops.iter().map(|listed| listed.shop.id.as_str()).collect()
}

fn query() -> ShopQuery {
    ShopQuery::all_of(City::Shanghai)
}

/// A query for shops of the samples' category, or of another.
fn narrowed(same: bool) -> ShopQuery {
    let fits = |category: &Category| (*category == shop("a").category) == same;
    let category = Category::ALL.iter().copied().find(fits).expect("one of them");
    ShopQuery { filter: ShopFilter { category: Some(category), ..ShopFilter::default() }, ..query() }
}

fn shown(
    query: &ShopQuery,
    city_shops: &Load<ShopList>,
    search_result: Option<&Load<ShopList>>,
    kept: &[&str],
) -> Load<ShopList> {
    let favourites: Vec<Arc<Listed>> = kept.iter().map(|id| Listed::new(shop(id), normalize)).collect();
    let is_favourite = |id: &str| kept.contains(&id);
    let lists = Lists { city_shops, search_result, favourites: &favourites, is_favourite: &is_favourite, normalize };
    lists.list_for(query, || Some(NOW), || None)
}

/// The shown ids and whether they are stale; an empty list if no value is available.
fn seen(load: &Load<ShopList>) -> (Vec<&str>, bool) {
    (load.value().map(ids).unwrap_or_default(), load.is_stale())
}

#[test]
fn a_whole_city_is_looked_through_at_hand() {
    let city_shops = Load::ready(list(&["a", "b"], None));
    let search_result = Load::ready(list(&["c"], None));
    assert_eq!(seen(&shown(&query(), &city_shops, None, &[])), (vec!["a", "b"], false));
    assert_eq!(seen(&shown(&narrowed(true), &city_shops, None, &[])), (vec!["a", "b"], false));
    assert_eq!(
        seen(&shown(&narrowed(true), &city_shops, Some(&search_result), &[])),
        (vec!["a", "b"], false),
        "it has all"
    );
    assert_eq!(seen(&shown(&narrowed(false), &city_shops, None, &[])), (vec![], false));
}

#[test]
fn of_a_part_what_is_at_hand_stands_until_the_backend_answers() {
    let part = Load::ready(list(&["a", "b"], Some("next")));
    assert_eq!(shown(&query(), &part, None, &[]).value().and_then(|list| list.next_cursor.as_deref()), Some("next"));
    for (what, search_result, ids, stale) in [
        ("not asked yet", None, vec!["a", "b"], false),
        ("asked", Some(Load::Loading), vec!["a", "b"], false),
        ("in vain", Some(Load::Failed(ApiError::Unreachable)), vec!["a", "b"], true),
        ("answered", Some(Load::ready(list(&["c"], None))), vec!["c"], false),
    ] {
        assert_eq!(seen(&shown(&narrowed(true), &part, search_result.as_ref(), &[])), (ids, stale), "{what}");
    }
    let failed = Load::Failed(ApiError::Unreachable);
    let search_result = Load::ready(list(&["c"], None));
    assert!(
        matches!(shown(&narrowed(true), &failed, Some(&search_result), &[]), Load::Failed(_)),
        "one trouble at a time"
    );
}

#[test]
fn favourites_show_whatever_the_city_s_list_says() {
    let favourites = ShopQuery { filter: ShopFilter { favourites: true, ..ShopFilter::default() }, ..query() };
    let city_shops = Load::ready(list(&["a", "b"], None));
    assert_eq!(seen(&shown(&favourites, &city_shops, None, &["b", "c"])), (vec!["b", "c"], false), "each once");
    for gone in [Load::Loading, Load::Failed(ApiError::Unreachable)] {
        let stale = matches!(gone, Load::Failed(_));
        assert_eq!(seen(&shown(&favourites, &gone, None, &["c"])), (vec!["c"], stale));
    }
    let elsewhere = ShopQuery { city: City::Hangzhou, ..favourites };
    assert_eq!(seen(&shown(&elsewhere, &Load::Loading, None, &["c"])), (vec![], false), "of this city only");
}

#[test]
fn the_backend_searches_what_is_not_at_hand() {
    let favourites = ShopQuery { filter: ShopFilter { favourites: true, ..ShopFilter::default() }, ..query() };
    for (query, is_partial, searches) in [
        (narrowed(true), true, true),
        (narrowed(true), false, false),
        (query(), true, false),
        (favourites, true, false),
    ] {
        assert_eq!(must_search(&query, is_partial), searches, "{query:?}, part: {is_partial}");
    }
}

#[test]
fn a_renewed_list_keeps_the_pages_behind_the_first() {
    let query = ShopQuery { order: ListOrder::LatestChecked, ..query() };
    let mut read = list(&["a", "b"], Some("2"));
    read.append(page(&["b", "c", "d"], Some("3")), normalize);
    assert_eq!(ids(&read), ["a", "b", "c", "d"], "a shop that changed places stands once");
    for (what, fresh, after, next) in [
        ("the same", page(&["a", "b"], Some("2")), vec!["a", "b", "c", "d"], Some("3")),
        ("another order", page(&["b", "a"], Some("2")), vec!["b", "a"], Some("2")),
        ("all there is", page(&["a", "b"], None), vec!["a", "b"], None),
    ] {
        let mut load = Load::Ready { value: read.clone(), stale: true };
        settle_first(&mut load, &query, Ok(fresh), normalize);
        assert_eq!(seen(&load), (after, false), "{what}");
        assert_eq!(next_page(&load, &query).as_deref(), next, "{what}");
    }
    let mut load = Load::ready(read);
    settle_first(&mut load, &query, Err(ApiError::Unreachable), normalize);
    assert_eq!(seen(&load), (vec!["a", "b", "c", "d"], true));
    let mut load = Load::Loading;
    settle_first(&mut load, &query, Ok(page(&["a"], None)), normalize);
    assert_eq!(seen(&load), (vec!["a"], false));
}

#[test]
fn a_page_goes_on_where_one_of_the_same_order_ended() {
    let around = |place: Wgs84| ShopQuery { near: Some(place), ..query() };
    let load = Load::ready(ShopList::first(page(&["a"], Some("2")), Ordered::Around(HERE.coarse()), normalize));
    assert_eq!(next_page(&load, &around(HERE)).as_deref(), Some("2"));
    assert_eq!(next_page(&load, &around(Wgs84 { lat: 30.27, ..HERE })), None);
    assert_eq!(next_page(&load, &query()), None);
    assert_eq!(next_page(&Load::Loading, &query()), None);
}

#[test]
fn a_shop_that_opened_or_closed_is_asked_about() {
    let until = |open: OpenState| ShopList {
        shops: vec![Listed::new(Shop { open, ..shop("a") }, normalize)],
        ..ShopList::default()
    };
    let closes = until(OpenState::Open { until: Some(NOW) });
    assert!(!has_opened_or_closed(&closes, 100, NOW.plus_millis(-1)));
    assert!(has_opened_or_closed(&closes, 100, NOW));
    assert!(!has_opened_or_closed(&closes, 0, NOW), "beyond the first page");
    assert!(!has_opened_or_closed(&until(OpenState::Unknown), 100, NOW), "nobody knew before");
}

/// The page searches its loaded shops without tables, also those of a backend that sends no `pinyin`.
#[test]
fn loaded_shops_are_searched_with_what_the_backend_sends() {
    let sent = "lv/lu ren shu/書 dian,shu/書 dian,xu hui/匯/彙 qu/區,";
    for (pinyin, text, expected) in [
        (Some(sent), "旅人書店", true),
        (Some(sent), "lüren", true),
        (Some(sent), "lyu人書", true),
        (Some(sent), "旅人cafe", true),
        (Some(sent), "徐匯區", true),
        (Some(sent), "xuhui区", true),
        (Some(sent), "旅人coffee", false),
        (Some(sent), "徐區", false),
        (None, "旅人书店", true),
        (None, "書店", true),
        (None, "ＣＡＦＥ\u{301}", true),
        (None, "旅\u{200b}人 徐汇", true),
        (None, "旅人書店", false),
        (None, "lüren", false),
    ] {
        let (name, district) = ("旅人书店 Café".to_owned(), Some("徐汇区".to_owned()));
        let pinyin = pinyin.map(str::to_owned);
        let shop = Shop { name, category: Category::Books, district, address: None, pinyin, ..shop("a") };
        let shops = vec![Listed::new(shop, normalize)];
        let filter = ShopFilter { text: text.to_owned(), ..ShopFilter::default() };
        let found = ShopList { shops, ..ShopList::default() }.filtered(&filter, None, None, &|_| false, normalize);
        assert_eq!(!found.shops.is_empty(), expected, "{text:?} with {:?}", found.shops.first());
    }
}

#[test]
fn a_shop_is_found_in_what_is_shown_and_in_what_is_not() {
    let mut because = list(&[], None);
    because.nothing_because =
        list(&["a"], None).filtered(&narrowed(false).filter, Some(NOW), None, &|_| false, normalize).nothing_because;
    let (shown, city_shops) = (Load::ready(because), Load::ready(list(&["b"], None)));
    for (id, search_result) in [("a", true), ("b", true), ("c", false)] {
        assert_eq!(
            find_shop(&shown, &city_shops, id).map(|shop| shop.id.clone()),
            search_result.then(|| id.to_owned())
        );
    }
    assert!(find_shop(&Load::Loading, &Load::Loading, "a").is_none());
}

#[test]
fn what_the_backend_says_of_a_shop() {
    let gone = ApiError::Problem(ProblemKind::NotFound);
    let known = || Some(Load::ready(shop("a")));
    for (what, before, answer, after) in [
        ("as it is", known(), Ok(shop("b")), Some(Load::ready(shop("b")))),
        ("gone", known(), Err(gone), Some(Load::Failed(gone))),
        ("no network", known(), Err(ApiError::Unreachable), Some(Load::Ready { value: shop("a"), stale: true })),
        ("the sheet is closed", None, Ok(shop("a")), None),
    ] {
        let mut shop = before;
        settle_shop(&mut shop, answer);
        assert_eq!(shop, after, "{what}");
    }
}

#[test]
fn what_is_new_of_favourites_takes_the_place_of_the_old() {
    let listed = |id: &str, name: &str| Listed::new(Shop { name: name.to_owned(), ..shop(id) }, normalize);
    let mut known = vec![listed("a", "old"), listed("b", "old")];
    renew(&mut known, vec![listed("b", "new"), listed("c", "new")]);
    let mut names: Vec<_> = known.iter().map(|listed| (&*listed.shop.id, &*listed.shop.name)).collect();
    names.sort_unstable();
    assert_eq!(names, [("a", "old"), ("b", "new"), ("c", "new")], "what became of a is still to be seen");
}

#[test]
fn the_page_looks_where_it_is_told_to_or_was_last() {
    use City::{Guangzhou, Hangzhou, Shanghai};
    let district = || Some("西湖区".to_owned());
    for (named, chosen, city, has_district) in [
        (None, None, Shanghai, false),
        (None, Some(Hangzhou), Hangzhou, true),
        (Some(Hangzhou), Some(Hangzhou), Hangzhou, true),
        (Some(Guangzhou), Some(Hangzhou), Guangzhou, false),
        (Some(Hangzhou), None, Hangzhou, false),
    ] {
        assert_eq!(initial_city(named, chosen, district()), (city, district().filter(|_| has_district)));
    }
    assert_eq!(initial_city(None, Some(Hangzhou), Some(String::new())), (Hangzhou, None));
}

#[test]
fn the_city_follows_the_member_until_one_is_chosen() {
    let centre = City::Hangzhou.centre();
    let hangzhou = Wgs84 { lat: centre.lat + 0.0012, ..centre };
    for (what, is_chosen, is_requested, city) in [
        ("nobody chose", false, false, City::Hangzhou),
        ("chosen", true, false, City::Shanghai),
        ("asked for", true, true, City::Hangzhou),
    ] {
        let mut query = query();
        let mut choice = CityChoice::start(&query, is_chosen, false);
        query.filter.district = Some("徐汇区".to_owned());
        choice.apply_position(&mut query, hangzhou, is_requested);
        assert_eq!((query.city, query.near), (city, Some(hangzhou.coarse())), "{what}");
        assert_eq!(query.filter.district.is_some(), city == City::Shanghai, "{what}: a district is of its city");
        assert_eq!(choice.is_made(&query), is_chosen || is_requested, "{what}");
    }
}

#[test]
fn a_city_that_nobody_chose_is_not_remembered() {
    let mut choice = CityChoice::start(&query(), false, false);
    let in_district = |district: &str| ShopQuery {
        filter: ShopFilter { district: Some(district.to_owned()), ..ShopFilter::default() },
        ..query()
    };
    assert!(!choice.is_made(&query()) && !choice.is_made(&in_district("")));
    assert!(choice.is_made(&in_district("徐汇区")), "whoever chose a district chose its city");
    let mut other = in_district("徐汇区");
    set_city(&mut other, City::Shanghai);
    assert_eq!(other.filter.district.as_deref(), Some("徐汇区"));
    set_city(&mut other, City::Guangzhou);
    assert_eq!(other, ShopQuery::all_of(City::Guangzhou));
    assert!(choice.is_made(&other));
}

#[test]
fn the_city_and_district_of_a_link_are_not_remembered_until_the_member_chooses_others() {
    let in_district = |city, district: Option<&str>| ShopQuery {
        filter: ShopFilter { district: district.map(str::to_owned), ..ShopFilter::default() },
        ..ShopQuery::all_of(city)
    };
    for (linked, chosen) in [
        (in_district(City::Shanghai, Some("NOWHERE")), in_district(City::Shanghai, Some("徐汇区"))),
        (in_district(City::Shanghai, Some("NOWHERE")), in_district(City::Shanghai, None)),
        (in_district(City::Hangzhou, None), in_district(City::Guangzhou, None)),
        (in_district(City::Hangzhou, Some("西湖区")), in_district(City::Shanghai, Some("西湖区"))),
    ] {
        let mut choice = CityChoice::start(&linked, true, true);
        assert!(!choice.is_made(&linked), "{linked:?}");
        let searched =
            ShopQuery { filter: ShopFilter { text: "zzz".to_owned(), ..linked.filter.clone() }, ..linked.clone() };
        assert!(!choice.is_made(&searched), "{linked:?}");
        assert!(choice.is_made(&chosen), "{chosen:?}");
        assert!(choice.is_made(&linked), "the member returned to {linked:?}");
    }
}
