//! An object from the host, read field by field. Nothing about it is trusted, not even that reading succeeds.

use js_sys::{Array, Function, Object, Reflect};
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

use super::OptionError;

/// An object with known field names.
pub(super) struct Fields<'a> {
    object: &'a JsValue,
    /// The prefix of its field names in errors.
    within: &'static str,
}

impl<'a> Fields<'a> {
    /// The fields of a value. Rejects unknown field names. `None` if there is no value.
    pub(super) fn of(value: &'a JsValue, within: &'static str, names: &[&str]) -> Result<Option<Self>, OptionError> {
        if value.is_undefined() || value.is_null() {
            return Ok(None);
        }
        let known = names.join(", ");
        let label = if within.is_empty() { "options" } else { within.trim_end_matches('.') };
        if !value.is_object() || Array::is_array(value) || value.is_function() {
            return Err(OptionError::new(label, format!("write an object with any of {known}")));
        }
        let object: &Object = value.unchecked_ref();
        for name in Object::keys(object).iter().filter_map(|name| name.as_string()) {
            if !names.contains(&name.as_str()) {
                return Err(OptionError::new(format!("{within}{name}"), format!("is not known; there are {known}")));
            }
        }
        Ok(Some(Self { object: value, within }))
    }

    pub(super) fn error(&self, name: &str, expected: impl Into<String>) -> OptionError {
        OptionError::new(format!("{}{name}", self.within), expected)
    }

    /// A field's value, unless it is absent.
    pub(super) fn get(&self, name: &str) -> Result<Option<JsValue>, OptionError> {
        // A getter of the host may throw.
        let value = Reflect::get(self.object, &name.into()).map_err(|_| self.error(name, "could not be read"))?;
        Ok(Some(value).filter(|value| !value.is_undefined() && !value.is_null()))
    }

    pub(super) fn read<T: DeserializeOwned>(&self, name: &str, expected: &str) -> Result<Option<T>, OptionError> {
        let value = self.get(name)?.map(serde_wasm_bindgen::from_value).transpose();
        value.map_err(|_| self.error(name, expected))
    }

    pub(super) fn text<T>(
        &self,
        name: &str,
        expected: &str,
        parse: impl Fn(String) -> Option<T>,
    ) -> Result<Option<T>, OptionError> {
        let Some(text) = self.read::<String>(name, expected)? else { return Ok(None) };
        // The error does not repeat the value: it may be long, or a secret in the wrong field.
        parse(text).map(Some).ok_or_else(|| self.error(name, expected))
    }

    pub(super) fn function(&self, name: &str) -> Result<Option<Function>, OptionError> {
        let value = self.get(name)?.map(JsCast::dyn_into).transpose();
        value.map_err(|_| self.error(name, "write a function that gives a bearer token, or a promise of one"))
    }
}
