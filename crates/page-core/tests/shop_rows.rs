//! The order of the rows: open shops first within a section, and nothing that is on screen moves.

use icu_normalizer::DecomposingNormalizerBorrowed;
use member_domain::{
    Place, UnixMillis, Wgs84,
    wire::{OpenState, Shop, ShopPage, Trust},
};
use page_core::{Arranged, Ordered, ShopList};
use proptest::prelude::*;

/// The centre of Shanghai.
const HERE: Wgs84 = Wgs84 { lat: 31.23, lng: 121.47 };
const NOW: UnixMillis = UnixMillis(1_795_348_800_000);
const METRES_OF_A_DEGREE: f64 = 111_195.0;

fn normalize(text: &str) -> String {
    DecomposingNormalizerBorrowed::new_nfkd().normalize(text).to_lowercase()
}

/// A shop this many metres to the north.
fn north(id: &str, metres: f64, open: OpenState) -> Shop {
    let path = format!("{}/../../src/api/preview/shop.json", env!("CARGO_MANIFEST_DIR"));
    let sample = std::fs::read_to_string(path).expect("a sample answer");
    let place = Place::Wgs84(Wgs84 { lat: HERE.lat + metres / METRES_OF_A_DEGREE, ..HERE });
    Shop { id: id.to_owned(), place, open, ..serde_json::from_str(&sample).expect("a shop") }
}

fn open() -> OpenState {
    OpenState::Open { until: Some(NOW.plus_millis(3_600_000)) }
}

fn closed() -> OpenState {
    OpenState::Closed { until: Some(NOW.plus_millis(3_600_000)) }
}

fn list(shops: Vec<Shop>, next: Option<&str>, ordered: Ordered) -> ShopList {
    let next_cursor = next.map(str::to_owned);
    ShopList::first(ShopPage { shops, next_cursor, ..ShopPage::default() }, ordered, normalize)
}

fn ids(list: &ShopList, here: Option<Wgs84>, now: Option<UnixMillis>) -> Vec<String> {
    Arranged::of(list, here, now).rows.iter().map(|row| row.listed.shop.id.clone()).collect()
}

#[test]
fn open_shops_come_first_within_a_section_only() {
    let shops = vec![
        north("closed near", 100.0, closed()),
        north("unknown", 200.0, OpenState::Unknown),
        north("open", 300.0, open()),
        north("open further", 800.0, open()),
        Shop { trust: Trust { fails_often: true, ..Trust::default() }, ..north("open, fails", 50.0, open()) },
    ];
    let list = list(shops, None, Ordered::Unknown);
    let arranged = ids(&list, Some(HERE), Some(NOW));
    assert_eq!(arranged, ["unknown", "open", "closed near", "open, fails", "open further"]);
    assert_eq!(ids(&list, Some(HERE), None)[0], "closed near", "without the time, nothing is known to be closed");
}

#[test]
fn a_state_that_is_over_counts_for_nothing() {
    let over = OpenState::Closed { until: Some(NOW) };
    let list = list(vec![north("a", 100.0, over), north("b", 200.0, open())], None, Ordered::Unknown);
    assert_eq!(ids(&list, Some(HERE), Some(NOW)), ["a", "b"]);
}

/// Shops in the backend's order around the rounded position.
fn around(shops: &[Shop], pages: usize) -> ShopList {
    let end = (pages * 100).min(shops.len());
    list(shops[..end].to_vec(), (end < shops.len()).then_some("more"), Ordered::Around(HERE.coarse()))
}

proptest! {
    /// Whatever the shops are: no row is lost, and in no section does a closed shop precede an open one.
    #[test]
    fn every_section_has_its_open_shops_first(shops in prop::collection::vec((10.0..9_000.0_f64, 0..3_u8), 0..40)) {
        let state = |kind| match kind { 0 => open(), 1 => closed(), _ => OpenState::Unknown };
        let shops: Vec<Shop> =
            shops.iter().enumerate().map(|(at, (metres, kind))| north(&at.to_string(), *metres, state(*kind))).collect();
        let count = shops.len();
        let list = list(shops, None, Ordered::Unknown);
        let arranged = Arranged::of(&list, Some(HERE), Some(NOW));
        prop_assert_eq!(arranged.rows.len(), count);
        let mut was_closed = false;
        for (at, row) in arranged.rows.iter().enumerate() {
            prop_assert_eq!(row.index, at);
            if row.head.is_some() {
                was_closed = false;
            }
            let is_closed = matches!(row.listed.shop.open, OpenState::Closed { .. });
            prop_assert!(is_closed || !was_closed);
            was_closed = is_closed;
        }
    }

    /// The rows of a page stay where they are when further pages come, whichever shops are open.
    #[test]
    fn rows_stay_when_the_next_page_comes(shops in prop::collection::vec((10.0..6_000.0_f64, 0..3_u8), 150..320)) {
        let state = |kind| match kind { 0 => open(), 1 => closed(), _ => OpenState::Unknown };
        let mut shops: Vec<Shop> =
            shops.iter().enumerate().map(|(at, (metres, kind))| north(&at.to_string(), *metres, state(*kind))).collect();
        let far = |shop: &Shop| HERE.coarse().distance_to(shop.place.to_wgs84()).metres;
        shops.sort_by(|a, b| far(a).total_cmp(&far(b)));
        for pages in 1..shops.len().div_ceil(100) {
            let (few, more) = (around(&shops, pages), around(&shops, pages + 1));
            if Arranged::of(&few, Some(HERE), Some(NOW)).is_unsettled {
                continue;
            }
            let (few, more) = (ids(&few, Some(HERE), Some(NOW)), ids(&more, Some(HERE), Some(NOW)));
            prop_assert_eq!(&few, &more[..few.len()]);
        }
    }
}
