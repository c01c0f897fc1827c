//! What `index.html` and its script begin before the page's code is there: one object, `window.memberPageStart`.
//!
//! | entry | written by | what |
//! | --- | --- | --- |
//! | `wasm` | the first script (`tools/page/page.mjs`) | the promise of the compiled module, or of its address; for `start.js` alone |
//! | `me` | `index.html` | the answer to `GET /v1/me` as a list, or the promise of it ([`crate::api`] reads it); absent where one is kept |
//! | `credential` | `index.html` | the promise of the device's credential in IndexedDB, or of `undefined` |
//! | `rest` | `start.js` | the promise that all of the page's code is there; absent in builds of one file |
//!
//! The page takes `me` and `credential` once. Every entry may be absent: `trunk serve` and tests have no such object.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};

use crate::prelude::*;

/// An entry of the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The member's state.
    Me,
    /// The device's credential.
    Credential,
    /// The rest of the page's code.
    Rest,
}

impl Entry {
    const fn name(self) -> &'static str {
        match self {
            Self::Me => "me",
            Self::Credential => "credential",
            Self::Rest => "rest",
        }
    }

    /// The entry's value.
    pub fn get(self) -> Option<JsValue> {
        Reflect::get(&object()?, &self.name().into()).ok()
    }

    /// Removes the entry: what it says holds once.
    pub fn remove(self) {
        if let Some(object) = object() {
            let _ = Reflect::delete_property(object.unchecked_ref::<js_sys::Object>(), &self.name().into());
        }
    }
}

fn object() -> Option<JsValue> {
    Reflect::get(&window(), &"memberPageStart".into()).ok().filter(JsValue::is_object)
}
