//! The page as a part of a host app: the functions that `src/module/member-page.js` calls. serde-wasm-bindgen
//! decodes the options. All are checked before any takes effect. Events go out through [`crate::host`].

mod appearance;
mod options;

use std::{any::Any, cell::Cell, rc::Rc};

use crate::{mount_to, prelude::*};
use js_sys::{Error, Reflect, TypeError};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::HtmlElement;

use self::options::{Fixed, OptionError, Options};
use crate::{
    api::{Api, TokenProblem, TokenSource},
    app::App,
    host::{ErrorCause, Host, HostEvent, HostSettings},
    navigation::{Navigation, Sheet},
    store::Store,
};

// Exports take values, not references: for a reference wasm-bindgen clears a slot with `table.fill`, which
// Debian's binaryen of 2022 cannot read.

/// A page mounted in a host app. Dropping it unmounts the page.
#[wasm_bindgen]
pub struct MountedPage {
    handle: Option<Box<dyn Any>>,
    host: Host,
    navigation: Navigation,
    token: Option<TokenSource>,
    fixed: Fixed,
    /// Requests all data again.
    refresh: Callback<()>,
}

/// Mounts the page into `root`, an element reserved for it in a tree with the page's styles.
///
/// # Errors A `TypeError` with the property `field` if an option is invalid. Nothing is mounted then.
#[wasm_bindgen(js_name = mountPage)]
pub fn mount_page(root: HtmlElement, options: JsValue) -> Result<MountedPage, JsValue> {
    let options = Options::read(&options).map_err(|error| to_type_error(&error))?;
    let parts = Rc::new(Cell::new(None));
    let (base, storage) = (options.api_base(), options.storage());
    let (fixed, page_url) = (options.fixed(), options.page_url());
    let sheet = options.sheet().unwrap_or(Sheet::Closed);
    let token =
        options.get_token.clone().map(|function| TokenSource::new(function, report_token_problems(root.clone())));
    let (mounted_parts, source, within) = (Rc::clone(&parts), token.clone(), root.clone());
    let handle = mount_to(root.clone(), move || {
        let api = source.map_or_else(|| Api::at(&base), |source| Api::with_token(&base, source));
        let store = Store::for_backend(&storage);
        let host = Host::app(HostSettings { root: within, api, store, page_url });
        options.apply(host);
        let navigation = Navigation::without_address(sheet);
        let refresh_requested = Trigger::new();
        mounted_parts.set(Some((host, navigation, Callback::new(move |()| refresh_requested.notify()))));
        view! { <App host navigation refresh_requested /> }
    });
    let (host, navigation, refresh) = parts.take().expect("the view is built before mounting returns");
    Ok(MountedPage { handle: Some(Box::new(handle)), host, navigation, token, fixed, refresh })
}

#[wasm_bindgen]
impl MountedPage {
    /// Applies the given options. The others stay unchanged.
    ///
    /// # Errors As for [`mount_page`]; nothing changes then. An `Error` once the page is unmounted.
    pub fn update(&self, options: JsValue) -> Result<(), JsValue> {
        if self.handle.is_none() {
            return Err(Error::new("member-page: update() after unmount(); mount the page anew").into());
        }
        let options = Options::read(&options).and_then(|options| options.check_update(&self.fixed).map(|()| options));
        let options = options.map_err(|error| to_type_error(&error))?;
        options.apply(self.host);
        if let (Some(token), Some(function)) = (&self.token, options.get_token.clone()) {
            token.replace(function);
            self.refresh.run(());
        }
        if let Some(sheet) = options.sheet() {
            self.navigation.show(sheet);
        }
        Ok(())
    }

    /// Closes the topmost sheet. Returns whether there was one. For the host's back button.
    pub fn back(&self) -> bool {
        let open = self.handle.is_some() && self.navigation.sheet().get_untracked() != Sheet::Closed;
        if open {
            self.navigation.close();
        }
        open
    }

    /// Requests all data again, for example after signing in.
    pub fn refresh(&self) {
        if self.handle.is_some() {
            self.refresh.run(());
        }
    }

    /// Removes the page completely. Idempotent.
    pub fn unmount(&mut self) {
        drop(self.handle.take());
    }
}

/// Deletes the member's data from the device, for the backend and storage that these options name: the last
/// answers, the choices, and the credential that makes codes. For a host whose user signs out.
///
/// # Errors As for [`mount_page`].
#[wasm_bindgen(js_name = forgetMember)]
pub async fn forget_member(options: JsValue) -> Result<(), JsValue> {
    let options = Options::read(&options).map_err(|error| to_type_error(&error))?;
    Store::for_backend(&options.storage()).forget_everything().await;
    Ok(())
}

/// Reports problems of the host's token function. Each problem is reported once until a token works.
fn report_token_problems(root: HtmlElement) -> impl Fn(Option<TokenProblem>) {
    let last = Cell::new(None);
    move |outcome: Option<TokenProblem>| {
        if last.replace(outcome) == outcome || !root.is_connected() {
            return;
        }
        let kind = match outcome {
            // The failed request for the member's state already reports that the member must sign in.
            None | Some(TokenProblem::SignedOut | TokenProblem::Refused) => return,
            Some(TokenProblem::Threw) => "token-failed",
            Some(TokenProblem::Silent) => "token-timeout",
            Some(TokenProblem::NotAToken) => "token-invalid",
        };
        HostEvent::Error(ErrorCause::Token(kind)).dispatch(&root);
    }
}

fn to_type_error(OptionError { field, expected }: &OptionError) -> JsValue {
    let error = TypeError::new(&format!("member-page: option '{field}': {expected}"));
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(&error, &"field".into(), &field.into());
    error.into()
}

/// The version of this build.
#[wasm_bindgen(js_name = pageVersion)]
pub fn page_version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
