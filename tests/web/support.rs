//! Mounting, waiting and sample data.

use std::{any::Any, time::Duration};

use member_domain::{
    Category, City, CodeForm, Discount, Fen, Gcj02, Place, ProgrammePhase, RedeemMethod, RefundRule, UnixMillis,
    wire::{
        Card, CardState, CredentialStatus, Curation, MeAnswer, Member, OpenState, Payoff, PayoffMonth, Programme, Shop,
        Trust,
    },
};
use member_page::{mount_to, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// 2026-11-22T12:00:00Z
pub const NOW: UnixMillis = UnixMillis(1_795_348_800_000);

/// A component mounted into its own element. Dropping this removes it.
pub struct Mounted {
    pub root: HtmlElement,
    handle: Option<Box<dyn Any>>,
}

impl Mounted {
    pub fn new<V: IntoView + 'static>(view: impl FnOnce() -> V + 'static) -> Self {
        let root: HtmlElement = document().create_element("section").unwrap().unchecked_into();
        document().body().unwrap().append_child(&root).unwrap();
        let handle: Box<dyn Any> = Box::new(mount_to(root.clone(), view));
        Self { root, handle: Some(handle) }
    }

    /// The element with this test id.
    pub fn hook(&self, id: &str) -> Option<Element> {
        self.root.query_selector(&format!("[data-testid='{id}']")).unwrap()
    }

    pub fn count(&self, selector: &str) -> u32 {
        self.root.query_selector_all(selector).unwrap().length()
    }

    pub fn text(&self) -> String {
        plain(&self.root)
    }

    pub fn click(&self, selector: &str) {
        let element = self.root.query_selector(selector).unwrap();
        element.unwrap_or_else(|| panic!("no {selector} to click")).unchecked_into::<HtmlElement>().click();
    }

    pub fn unmount(mut self) -> HtmlElement {
        drop(self.handle.take());
        self.root.clone()
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        drop(self.handle.take());
        self.root.remove();
    }
}

/// Waits until `condition` holds; fails after five seconds.
pub async fn until(what: &str, condition: impl Fn() -> bool) {
    for _ in 0..500 {
        if condition() {
            return;
        }
        let pause = js_sys::Promise::new(&mut |resolve, _| {
            set_timeout(move || drop(resolve.call0(&wasm_bindgen::JsValue::NULL)), Duration::from_millis(10));
        });
        wasm_bindgen_futures::JsFuture::from(pause).await.unwrap();
    }
    panic!("waited in vain until {what}");
}

/// A member with a working card.
pub fn member() -> MeAnswer {
    MeAnswer {
        server_time: NOW,
        offline_millis: 259_200_000,
        member: Member { name_masked: "林*".to_owned() },
        programme: Programme {
            id: "card".to_owned(),
            name: "精选会员卡".to_owned(),
            name_en: Some("Curated Card".to_owned()),
            price_fen: Fen(16_800),
            phase: ProgrammePhase::Running,
            last_day: None,
            refund_rule: RefundRule::Full,
            announcement: None,
            support: None,
        },
        card: Some(Card {
            number_masked: "6601 •••• 4827".to_owned(),
            state: CardState::Active,
            valid_from: "2026-08-25".parse().unwrap(),
            valid_until: "2027-08-24".parse().unwrap(),
            cities: vec![City::Shanghai, City::Hangzhou],
            paid_fen: Fen(16_800),
        }),
        payoff: Some(Payoff {
            saved_fen: Fen(12_640),
            redemptions: 5,
            months: vec![
                PayoffMonth { month: "2026-09-01".parse().unwrap(), saved_fen: Fen(7_180), redemptions: 2 },
                PayoffMonth { month: "2026-11-01".parse().unwrap(), saved_fen: Fen(5_460), redemptions: 3 },
            ],
        }),
        refund: None,
        credential: CredentialStatus::None,
    }
}

/// A shop near People's Square in Shanghai.
pub fn shop(id: &str, name: &str) -> Shop {
    Shop {
        id: id.to_owned(),
        name: name.to_owned(),
        category: Category::Coffee,
        city: City::Shanghai,
        district: Some("徐汇区".to_owned()),
        address: None,
        place: Place::Gcj02(Gcj02 { lat: 31.2304, lng: 121.4737 }),
        discount_permille: Discount::from_permille(120).unwrap(),
        price_per_person_fen: Some(Fen(4_200)),
        curation: Some(Curation::new("86 篇笔记提到".to_owned(), "2026-11-03".parse().unwrap())),
        opening_hours: None,
        open: OpenState::Open { until: Some(NOW.plus_millis(7_200_000)) },
        redeem_methods: vec![RedeemMethod::TillScanner],
        code_form: CodeForm::Url,
        left_on: None,
        phone: None,
        pinyin: None,
        trust: Trust::default(),
        discount_rules: None,
        not_combined_with: None,
        notes: Vec::new(),
        week: Vec::new(),
    }
}

/// The text of an element, with plain spaces instead of spaces that do not break.
pub fn plain(element: &web_sys::Element) -> String {
    element.text_content().unwrap_or_default().replace('\u{a0}', " ")
}
