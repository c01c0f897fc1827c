//! The scenes' data: the samples of the debug build, and versions of them with extreme values.

use js_sys::JSON;
use member_domain::{
    CivilDate, Discount, Fen, RefundState, UnixMillis, Wgs84,
    wire::{LedgerEntry, LedgerPage, MeAnswer, MemberEventList, OpenState, PayoffMonth, Refund, Shop, ShopPage, Trust},
};
use serde::de::DeserializeOwned;

use crate::api::{ApiError, decode};

/// Noon in Shanghai on 24 November 2026: the scenes' default start time. The samples match it.
pub(super) const NOON: UnixMillis = UnixMillis(1_795_492_800_000);
/// An hour, in milliseconds.
pub(super) const HOUR: i64 = 3_600_000;

/// The member's position in scenes that know it: Anfu Road in Shanghai.
pub(super) const HERE: Wgs84 = Wgs84 { lat: 31.2137, lng: 121.4392 };

/// A name longer than any real one, with a word that cannot break.
pub(super) const LONG: &str = "街角转弯第三棵梧桐树下没有招牌要按两次门铃才会有人来开门的手冲咖啡与旧书与黑胶唱片店 \
    The-Quite-Unreasonably-Long-Name-Without-Any-Place-To-Break-Coffee-Roasters-And-Second-Hand-Bookshop（总店）";
/// A sentence longer than any real one.
pub(super) const LONG_LINE: &str = "店员说豆单每两周换一次，只用当季豆，周一到周五下午三点以后人少，可以坐在窗边看书；周末要等位，\
    建议先打电话。Ask for the window seat; on weekends the queue reaches the corner, so it is better to call before coming \
    all the way from the other side of the river.";
/// More fen than any card will save.
pub(super) const HUGE: Fen = Fen(98_765_432_109);

pub(super) const UNREACHABLE: ApiError = ApiError::Unreachable;

/// Reads a sample.
pub(super) fn read<T: DeserializeOwned>(json: &str) -> T {
    JSON::parse(json).ok().and_then(|json| decode(json).ok()).expect("a sample is a document of its kind")
}

/// The samples as JSON text.
pub(super) mod sample {
    pub(in super::super) const MEMBER: &str = include_str!("../api/preview/me-active.json");
    pub(in super::super) const SHOPS: &str = include_str!("../api/preview/shops.json");
    pub(in super::super) const EVENTS: &str = include_str!("../api/preview/member_events.json");
    pub(in super::super) const LEDGER: &str = include_str!("../api/preview/ledger.json");
    pub(in super::super) const CREDENTIAL: &str = include_str!("../api/preview/credential.json");
}

fn at_noon(me: MeAnswer) -> MeAnswer {
    MeAnswer { server_time: NOON, ..me }
}

/// A member with a working card.
pub(super) fn member() -> MeAnswer {
    at_noon(read(sample::MEMBER))
}

/// A signed-in member without a card.
pub(super) fn without_card() -> MeAnswer {
    at_noon(read(include_str!("../api/preview/me-none.json")))
}

/// A member whose programme has an announced end.
pub(super) fn ending() -> MeAnswer {
    at_noon(read(include_str!("../api/preview/me-ending.json")))
}

/// A member whose programme has ended and whose refund is in `state`.
pub(super) fn with_refund_state(state: RefundState) -> MeAnswer {
    at_noon(match state {
        RefundState::Scheduled => read(include_str!("../api/preview/me-refund-scheduled.json")),
        RefundState::Processing => read(include_str!("../api/preview/me-refund-processing.json")),
        RefundState::Succeeded => read(include_str!("../api/preview/me-refund-succeeded.json")),
        RefundState::Abnormal => read(include_str!("../api/preview/me-refund-abnormal.json")),
        RefundState::Closed => read(include_str!("../api/preview/me-refund-closed.json")),
    })
}

/// The answer with a changed card.
pub(super) fn with_card(mut me: MeAnswer, change: impl FnOnce(&mut member_domain::wire::Card)) -> MeAnswer {
    if let Some(card) = me.card.as_mut() {
        change(card);
    }
    me
}

/// The answer with a changed refund.
pub(super) fn with_refund(mut me: MeAnswer, change: impl FnOnce(&mut Refund)) -> MeAnswer {
    if let Some(refund) = me.refund.as_mut() {
        change(refund);
    }
    me
}

/// The answer with this saving, all of it in the current month.
pub(super) fn having_saved(mut me: MeAnswer, saved: Fen, redemptions: u32) -> MeAnswer {
    if let Some(payoff) = me.payoff.as_mut() {
        let month = day("2026-11-01");
        payoff.months =
            if redemptions == 0 { Vec::new() } else { vec![PayoffMonth { month, saved_fen: saved, redemptions }] };
        (payoff.saved_fen, payoff.redemptions) = (saved, redemptions);
    }
    me
}

/// A member whose texts are all as long as possible.
pub(super) fn long_member() -> MeAnswer {
    let mut me = member();
    LONG.clone_into(&mut me.member.name_masked);
    LONG.clone_into(&mut me.programme.name);
    me.programme.name_en = Some(LONG.to_owned());
    me
}

/// Parses a date as the samples write it.
pub(super) fn day(date: &str) -> CivilDate {
    date.parse().expect("a date of a scene is one")
}

/// The shops of the list, some of them open.
pub(super) fn shops() -> Vec<Shop> {
    let mut shops = read::<ShopPage>(sample::SHOPS).shops;
    for shop in &mut shops {
        if shop.open.at(NOON) == OpenState::Unknown {
            shop.open = OpenState::Open { until: Some(NOON.plus_millis(9 * HOUR)) };
        }
    }
    shops
}

/// A page of the list with these shops.
pub(super) fn shop_page(shops: Vec<Shop>) -> ShopPage {
    let total = u32::try_from(shops.len()).unwrap_or(u32::MAX);
    let mut districts: Vec<String> = shops.iter().filter_map(|shop| shop.district.clone()).collect();
    districts.sort();
    districts.dedup();
    ShopPage { shops, total, districts, server_time: Some(NOON), ..ShopPage::default() }
}

/// A shop with all its fields.
pub(super) fn shop() -> Shop {
    Shop {
        open: OpenState::Open { until: Some(NOON.plus_millis(8 * HOUR)) },
        ..read(include_str!("../api/preview/shop.json"))
    }
}

/// A shop whose texts are all long.
pub(super) fn long_shop() -> Shop {
    let mut shop = shop();
    LONG.clone_into(&mut shop.name);
    shop.district = Some("新疆维吾尔自治区巴音郭楞蒙古自治州和静县".to_owned());
    shop.address = Some(LONG_LINE.to_owned());
    shop.discount_rules = Some(LONG_LINE.to_owned());
    shop.not_combined_with = Some(LONG_LINE.to_owned());
    shop.opening_hours = Some(LONG_LINE.to_owned());
    if let Some(curation) = shop.curation.as_mut() {
        LONG_LINE.clone_into(&mut curation.reason);
        curation.praise = Some(LONG_LINE.to_owned());
    }
    for note in &mut shop.notes {
        note.title = Some(LONG.to_owned());
    }
    shop
}

/// A shop whose numbers are all large.
pub(super) fn huge_shop() -> Shop {
    let mut shop = Shop { price_per_person_fen: Some(HUGE), ..shop() };
    shop.discount_permille = Discount::from_permille(999).expect("999 permille is a discount");
    if let Some(curation) = shop.curation.as_mut() {
        curation.note_count = Some(4_294_967_295);
    }
    shop.trust = Trust { redemptions: 4_000_000_000, failures: 200_000_000, fails_often: true, ..shop.trust };
    shop
}

pub(super) fn events() -> MemberEventList {
    read(sample::EVENTS)
}

pub(super) fn ledger() -> LedgerPage {
    read(sample::LEDGER)
}

/// A redemption two seconds ago.
pub(super) fn redemption() -> LedgerEntry {
    let entry = ledger().redemptions.into_iter().next().expect("the sample has redemptions");
    LedgerEntry { redeemed_at: NOON.plus_millis(-2_000), ..entry }
}
