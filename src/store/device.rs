//! This device's credential in IndexedDB. Its key is a non-extractable `CryptoKey`.

use std::time::Duration;

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::{set_timeout_with_handle, window};
use member_domain::{CredentialNumber, TotpPeriod, UnixMillis, ValuePattern};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbOpenDbRequest, IdbRequest, IdbTransactionMode};

use super::Store;
use crate::{crypto::SigningKey, start::Entry};

/// Timeout of IndexedDB requests.
const TIMEOUT: Duration = Duration::from_secs(2);
const DATABASE: &str = "member-page";
const STORE: &str = "credential";
/// The only record: there is one credential per device and backend.
const RECORD: &str = "device";

/// The credential that makes this device's codes.
#[derive(Clone, Debug)]
pub struct DeviceCredential {
    /// Its public number.
    pub number: CredentialNumber,
    /// The masked number of its card. The page does not use another member's credential.
    pub card: String,
    /// The pattern of the QR code's content.
    pub pattern: ValuePattern,
    /// Length of a time step.
    pub period: TotpPeriod,
    /// The instant from which the backend refuses its codes.
    pub expires_at: UnixMillis,
    /// The key, which can sign but not be read.
    pub key: SigningKey,
}

impl page_core::Credential for DeviceCredential {
    fn number(&self) -> &CredentialNumber {
        &self.number
    }

    fn card(&self) -> &str {
        &self.card
    }

    fn expires_at(&self) -> UnixMillis {
        self.expires_at
    }
}

/// The plain data of a credential.
#[derive(Serialize, Deserialize)]
struct Details {
    number: CredentialNumber,
    card: String,
    pattern: ValuePattern,
    period: TotpPeriod,
    expires_at: UnixMillis,
}

impl Store {
    /// This device's credential, if one is stored and readable.
    pub async fn load_credential(self) -> Option<DeviceCredential> {
        let early_record = if self.prefix.is_empty() { take_early_record().await } else { None };
        let record = match early_record {
            Some(record) => record,
            None => self.record().await?,
        };
        let key = SigningKey::from_js(Reflect::get(&record, &"key".into()).ok()?)?;
        let details = Reflect::get(&record, &"details".into()).ok()?;
        let Details { number, card, pattern, period, expires_at } = serde_wasm_bindgen::from_value(details).ok()?;
        Some(DeviceCredential { number, card, pattern, period, expires_at, key })
    }

    async fn record(self) -> Option<JsValue> {
        let database = open().await.ok()?;
        let store = database.transaction_with_str(STORE).ok()?.object_store(STORE).ok()?;
        let record = await_request(&store.get(&self.full_name(RECORD).into()).ok()?).await.ok()?;
        database.close();
        Some(record).filter(|record| !record.is_undefined())
    }

    /// Stores the credential for the next visit. If the browser refuses (private windows), the page uses the
    /// one in memory and enrols again on the next visit.
    pub async fn save_credential(self, credential: &DeviceCredential) {
        let _ = self.try_save(credential).await;
    }

    async fn try_save(self, credential: &DeviceCredential) -> Result<(), JsValue> {
        Entry::Credential.remove();
        let details = Details {
            number: credential.number.clone(),
            card: credential.card.clone(),
            pattern: credential.pattern.clone(),
            period: credential.period,
            expires_at: credential.expires_at,
        };
        let record = Object::new();
        // Instants fit into a double. Storing big integers would require browser support.
        let serializer = serde_wasm_bindgen::Serializer::new();
        Reflect::set(&record, &"details".into(), &details.serialize(&serializer)?)?;
        Reflect::set(&record, &"key".into(), credential.key.as_js())?;
        let database = open().await?;
        let transaction = database.transaction_with_str_and_mode(STORE, IdbTransactionMode::Readwrite)?;
        let request = transaction.object_store(STORE)?.put_with_key(&record, &self.full_name(RECORD).into())?;
        await_request(&request).await?;
        database.close();
        Ok(())
    }

    /// Deletes the credential: a signed-out member must not be able to make codes.
    pub async fn forget_credential(self) {
        let _ = self.try_forget().await;
    }

    async fn try_forget(self) -> Result<(), JsValue> {
        Entry::Credential.remove();
        let database = open().await?;
        let transaction = database.transaction_with_str_and_mode(STORE, IdbTransactionMode::Readwrite)?;
        await_request(&transaction.object_store(STORE)?.delete(&self.full_name(RECORD).into())?).await?;
        database.close();
        Ok(())
    }
}

/// The record that `index.html` reads while the wasm loads.
async fn take_early_record() -> Option<JsValue> {
    let promise: Promise = Entry::Credential.get()?.dyn_into().ok()?;
    Entry::Credential.remove();
    JsFuture::from(promise).await.ok().filter(|record| !record.is_undefined())
}

async fn open() -> Result<IdbDatabase, JsValue> {
    let factory = window().indexed_db()?.ok_or(JsValue::NULL)?;
    let request: IdbOpenDbRequest = factory.open_with_u32(DATABASE, 1)?;
    let opening = request.clone();
    let upgrade = Closure::once(move || {
        if let Ok(database) = opening.result() {
            let _ = database.unchecked_into::<IdbDatabase>().create_object_store(STORE);
        }
    });
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let opened = await_request(&request).await;
    request.set_onupgradeneeded(None);
    Ok(opened?.unchecked_into())
}

/// The result of an IndexedDB request.
async fn await_request(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let mut settle = None;
    let promise = Promise::new(&mut |resolve: Function, reject: Function| settle = Some((resolve, reject)));
    let (resolve, reject) = settle.ok_or(JsValue::NULL)?;
    let (done, give_up) = (request.clone(), reject.clone());
    // Both closures live until the promise settles.
    let succeeded = Closure::once(move || {
        let _ = resolve.call1(&JsValue::NULL, &done.result().unwrap_or(JsValue::UNDEFINED));
    });
    let failed = Closure::once(move || drop(reject.call0(&JsValue::NULL)));
    request.set_onsuccess(Some(succeeded.as_ref().unchecked_ref()));
    request.set_onerror(Some(failed.as_ref().unchecked_ref()));
    // Another tab may block the request, or the browser may never call back. The page then continues without
    // the record.
    let timeout = set_timeout_with_handle(move || drop(give_up.call0(&JsValue::NULL)), TIMEOUT);
    let result = JsFuture::from(promise).await;
    if let Ok(timeout) = timeout {
        timeout.clear();
    }
    request.set_onsuccess(None);
    request.set_onerror(None);
    result
}
