//! Addresses and history of sheets.

use member_page::navigation::{Navigation, Sheet};
use member_page::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Mounted, until};

/// Opens `address` and navigates from there. Restores the page's own address at the end.
struct Visit {
    navigation: Navigation,
    before: String,
    _mounted: Mounted,
}

impl Visit {
    fn to(address: &str) -> Self {
        let before = window().location().href().unwrap();
        let history = window().history().unwrap();
        history.push_state_with_url(&JsValue::NULL, "", Some(address)).unwrap();
        let started = StoredValue::new(None);
        let mounted = Mounted::new(move || {
            started.set_value(Some(Navigation::start()));
            ().into_any()
        });
        Self { navigation: started.get_value().unwrap(), before, _mounted: mounted }
    }

    fn sheet(&self) -> Sheet {
        self.navigation.sheet().get_untracked()
    }

    async fn back(&self, to: &str) {
        self.navigation.close();
        until(&format!("the address is {to}"), || address() == to).await;
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        window().history().unwrap().replace_state_with_url(&JsValue::NULL, "", Some(&self.before)).unwrap();
    }
}

fn address() -> String {
    let location = window().location();
    format!("{}{}{}", location.pathname().unwrap(), location.search().unwrap(), location.hash().unwrap())
}

fn code(shop: Option<&str>) -> Sheet {
    Sheet::Code { shop: shop.map(str::to_owned) }
}

fn of_shop(id: &str) -> Sheet {
    Sheet::Shop { id: id.to_owned() }
}

#[wasm_bindgen_test]
fn every_address_opens_its_sheet() {
    let cases = [
        ("/", Sheet::Closed),
        ("/?q=%E9%9D%A2&city=hangzhou", Sheet::Closed),
        ("/#code", code(None)),
        ("/?shop=a", code(Some("a"))),
        ("/?q=x&shop=a%2Fb#code", code(Some("a/b"))),
        ("/?q=x#shop/a%2Fb", of_shop("a/b")),
        ("/#event/e", Sheet::Event { id: "e".to_owned() }),
        // Parameters that apps append.
        ("/#code?from=timeline", code(None)),
        ("/#code&from=timeline", code(None)),
        ("/#code#wechat_redirect", code(None)),
        ("/?shop=a?from=timeline", code(Some("a"))),
        ("/?from=timeline?shop=a", code(Some("a"))),
        ("/#shop/a%2Fb?from=timeline", of_shop("a/b")),
        ("/#shop/a&from=timeline&x=1", of_shop("a")),
        ("/#shop/a/", of_shop("a")),
        ("/#shop/a%3Fb", of_shop("a?b")),
        ("/#event/e;x", Sheet::Event { id: "e".to_owned() }),
        ("/#savings?from=timeline", Sheet::Savings),
        ("/#codes", Sheet::Closed),
        ("/#shop/", Sheet::Closed),
        ("/#shop/%E9%9D", Sheet::Closed),
    ];
    for (address, sheet) in cases {
        assert_eq!(Visit::to(address).sheet(), sheet, "{address}");
    }
}

#[wasm_bindgen_test]
async fn the_code_lies_over_the_shop_and_going_back_leads_to_it() {
    let visit = Visit::to("/?q=x");
    let shop = visit.navigation.shop();
    visit.navigation.open_shop("甲".to_owned());
    assert_eq!(address(), "/?q=x#shop/%E7%94%B2");
    visit.navigation.open_code(Some("甲".to_owned()));
    assert_eq!(address(), "/?q=x&shop=%E7%94%B2#code");
    assert_eq!(visit.sheet(), code(Some("甲")));
    assert_eq!(shop.get_untracked().as_deref(), Some("甲"), "its sheet stays beneath");
    visit.back("/?q=x#shop/%E7%94%B2").await;
    until("the shop is on top", || visit.sheet() == of_shop("甲")).await;
    visit.back("/?q=x").await;
    until("nothing is open", || visit.sheet() == Sheet::Closed).await;
    assert_eq!(shop.get_untracked(), None);
}

#[wasm_bindgen_test]
async fn closing_what_an_address_opened_keeps_the_filters_and_drops_the_shop() {
    let visit = Visit::to("/?q=x&shop=a&city=hangzhou#code");
    visit.back("/?q=x&city=hangzhou").await;
    assert_eq!(visit.sheet(), Sheet::Closed);
    let visit = Visit::to("/?q=x#event/e");
    visit.back("/?q=x").await;
    assert_eq!(visit.sheet(), Sheet::Closed);
}

#[wasm_bindgen_test]
async fn tapping_twice_opens_one_entry() {
    let visit = Visit::to("/");
    visit.navigation.open_event("e".to_owned());
    visit.navigation.open_event("e".to_owned());
    visit.back("/").await;
    until("nothing is open", || visit.sheet() == Sheet::Closed).await;
}
