//! Who a backend can know.

use member_page::{api::Api, prelude::*};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn a_cookie_goes_to_the_pages_own_origin_and_to_no_other() {
    let owner = Owner::new();
    let own = window().location().origin().unwrap();
    let known = |base: &str| owner.with(|| Api::at(base)).can_know_member();
    for base in [String::new(), own.clone(), format!("{own}/"), format!("{own}/card")] {
        assert!(known(&base), "{base}");
    }
    for base in
        ["https://backend.example".to_owned(), format!("{own}.example"), format!("{own}0"), format!("{own}@b.example")]
    {
        assert!(!known(&base), "{base}");
    }
}
