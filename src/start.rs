//! Work that `index.html` and its scripts begin before the wasm arrives. Its results are entries of one
//! object, `window.memberPageStart`:
//!
//! - `wasm`, written by the first script (`tools/page/page.mjs`): the promise of the compiled module or of
//!   its address. Only `start.js` reads it.
//! - `me`, written by `index.html`: the answer to `GET /v1/me` as a list, or its promise. [`crate::api`]
//!   reads it. Absent if an answer is stored.
//! - `credential`, written by `index.html`: the promise of the device's credential in IndexedDB, or of
//!   `undefined`.
//! - `rest`, written by `start.js`: the promise that all wasm has arrived. Absent in builds with one file.
//!
//! The page takes `me` and `credential` once. Every entry may be absent: `trunk serve` and tests have no such
//! object.

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
    /// The second wasm file.
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

    /// Removes the entry, which is valid only once.
    pub fn remove(self) {
        if let Some(object) = object() {
            let _ = Reflect::delete_property(object.unchecked_ref::<js_sys::Object>(), &self.name().into());
        }
    }
}

fn object() -> Option<JsValue> {
    Reflect::get(&window(), &"memberPageStart".into()).ok().filter(JsValue::is_object)
}
