//! The only storage: this device's credential in IndexedDB; the last good answers, the time and the member's small choices
//! in localStorage. Secrets are never here as readable bytes: the credential's key is a non-extractable `CryptoKey`.

use std::time::Duration;

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::{set_timeout, window};
use member_domain::{CredentialNumber, TotpPeriod, UnixMillis, ValuePattern};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbOpenDbRequest, IdbRequest, IdbTransactionMode};

use crate::{clock::TimeMark, crypto::SigningKey};

/// How long IndexedDB may take.
const TIMEOUT: Duration = Duration::from_secs(2);
const DATABASE: &str = "member-page";
const STORE: &str = "credential";
/// There is one credential per device; it has one place.
const PLACE: &str = "device";

/// The credential this device makes codes with.
#[derive(Clone, Debug)]
pub struct DeviceCredential {
    /// Its public number.
    pub number: CredentialNumber,
    /// The masked number of the card it belongs to; another member's credential is of no use here.
    pub card: String,
    /// What the QR holds.
    pub pattern: ValuePattern,
    /// How long a code is valid.
    pub period: TotpPeriod,
    /// From when on the backend refuses its codes.
    pub expires_at: UnixMillis,
    /// The key, usable but not readable.
    pub key: SigningKey,
}

/// What of a credential is plain data.
#[derive(Serialize, Deserialize)]
struct Details {
    number: CredentialNumber,
    card: String,
    pattern: ValuePattern,
    period: TotpPeriod,
    expires_at: UnixMillis,
}

/// The credential of this device, if one is stored and readable.
pub async fn load_credential() -> Option<DeviceCredential> {
    let database = open().await.ok()?;
    let store = database.transaction_with_str(STORE).ok()?.object_store(STORE).ok()?;
    let record = finished(&store.get(&PLACE.into()).ok()?).await.ok()?;
    database.close();
    if record.is_undefined() {
        return None;
    }
    let key = SigningKey::from_js(Reflect::get(&record, &"key".into()).ok()?)?;
    let details = Reflect::get(&record, &"details".into()).ok()?;
    let Details { number, card, pattern, period, expires_at } = serde_wasm_bindgen::from_value(details).ok()?;
    Some(DeviceCredential { number, card, pattern, period, expires_at, key })
}

/// Keeps the credential for the next visit. Where the browser refuses (private windows), the page goes on with the one
/// in memory and enrols again next time.
pub async fn save_credential(credential: &DeviceCredential) {
    let _ = try_save(credential).await;
}

async fn try_save(credential: &DeviceCredential) -> Result<(), JsValue> {
    let details = Details {
        number: credential.number.clone(),
        card: credential.card.clone(),
        pattern: credential.pattern.clone(),
        period: credential.period,
        expires_at: credential.expires_at,
    };
    let record = Object::new();
    // Instants fit a double; big integers would need a browser's help to store.
    let serializer = serde_wasm_bindgen::Serializer::new();
    Reflect::set(&record, &"details".into(), &details.serialize(&serializer)?)?;
    Reflect::set(&record, &"key".into(), credential.key.as_js())?;
    let database = open().await?;
    let transaction = database.transaction_with_str_and_mode(STORE, IdbTransactionMode::Readwrite)?;
    let request = transaction.object_store(STORE)?.put_with_key(&record, &PLACE.into())?;
    finished(&request).await?;
    database.close();
    Ok(())
}

/// Forgets the credential: whoever is signed out must not be able to make codes.
pub async fn forget_credential() {
    let _ = try_forget().await;
}

async fn try_forget() -> Result<(), JsValue> {
    let database = open().await?;
    let transaction = database.transaction_with_str_and_mode(STORE, IdbTransactionMode::Readwrite)?;
    finished(&transaction.object_store(STORE)?.delete(&PLACE.into())?).await?;
    database.close();
    Ok(())
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
    Ok(finished(&request).await?.unchecked_into())
}

/// The result of an IndexedDB request.
async fn finished(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |resolve: Function, reject: Function| {
        let done = request.clone();
        let succeeded = Closure::once_into_js(move || {
            let _ = resolve.call1(&JsValue::NULL, &done.result().unwrap_or(JsValue::UNDEFINED));
        });
        let give_up = reject.clone();
        let failed = Closure::once_into_js(move || drop(reject.call0(&JsValue::NULL)));
        request.set_onsuccess(Some(succeeded.unchecked_ref()));
        request.set_onerror(Some(failed.unchecked_ref()));
        // Blocked by another tab, or by a browser that never calls back: the page goes on without.
        set_timeout(move || drop(give_up.call0(&JsValue::NULL)), TIMEOUT);
    });
    JsFuture::from(promise).await
}

/// Answers that are kept, so that the next visit starts with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// `GET /v1/me`
    Me,
    /// The last list of shops.
    Shops,
    /// The shops the member keeps.
    Favourites,
    /// The members-only events.
    Events,
    /// The newest page of the ledger.
    Ledger,
}

impl Kept {
    const fn place(self) -> &'static str {
        match self {
            Self::Me => "last-me",
            Self::Shops => "last-shops",
            Self::Favourites => "last-favourites",
            Self::Events => "last-events",
            Self::Ledger => "last-ledger",
        }
    }
}

/// Keeps an answer as the backend sent it.
pub fn keep_answer(which: Kept, answer: &JsValue) {
    if let Ok(text) = js_sys::JSON::stringify(answer) {
        write(which.place(), &String::from(text));
    }
}

/// The answer kept last.
pub fn kept_answer(which: Kept) -> Option<JsValue> {
    js_sys::JSON::parse(&read(which.place())?).ok()
}

/// Forgets an answer.
pub fn forget_answer(which: Kept) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.remove_item(which.place());
    }
}

/// Forgets all answers, as is due when the member is signed out.
pub fn forget_answers() {
    for which in [Kept::Me, Kept::Shops, Kept::Favourites, Kept::Events, Kept::Ledger] {
        forget_answer(which);
    }
    remember_choice(FAVOURITES, "");
}

const TIME: &str = "time";

/// Keeps what the page goes by when it is opened again without network.
pub fn keep_time(mark: TimeMark) {
    let TimeMark { server, wall, lead, seen } = mark;
    write(TIME, &format!("{server},{wall},{lead},{seen}"));
}

/// What the page went by last.
pub fn kept_time() -> Option<TimeMark> {
    let text = read(TIME)?;
    let mut fields = text.split(',').map_while(|field| field.parse().ok());
    let mut next = || fields.next();
    Some(TimeMark { server: next()?, wall: next()?, lead: next()?, seen: next()? })
}

/// Where the key of a request at this shop is, whose outcome is not known.
fn attempt_place(shop: &str) -> String {
    format!("unsettled-attempt {shop}")
}

/// Remembers the key of a request to redeem by PIN until its outcome is known.
pub fn keep_attempt(shop: &str, key: &str) {
    write(&attempt_place(shop), key);
}

/// The key of the request at this shop whose outcome is not known.
pub fn kept_attempt(shop: &str) -> Option<String> {
    read(&attempt_place(shop))
}

/// The outcome is known.
pub fn settle_attempt(shop: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.remove_item(&attempt_place(shop));
    }
}

/// The choice that names the shops the member keeps.
pub const FAVOURITES: &str = "favourites";

/// A choice the member made on an earlier visit.
pub fn choice(name: &str) -> Option<String> {
    read(name)
}

/// Remembers a choice for the next visit.
pub fn remember_choice(name: &str, value: &str) {
    write(name, value);
}

fn read(place: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(place).ok()?
}

/// Where the browser does not let the page keep anything, or has no room, the next visit starts from nothing.
fn write(place: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(place, value);
    }
}
