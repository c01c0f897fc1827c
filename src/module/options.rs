//! The host's options, read field by field, so that an error names the invalid field. `member-page.d.ts`
//! documents them for hosts. A test compares the two.

mod address;
mod fields;

use js_sys::Function;
use member_domain::{City, Distance, Place, PlaceError};
use wasm_bindgen::JsValue;

use self::{
    address::{base_of, page_of},
    fields::Fields,
};
use super::appearance::{self, Theme, Token};
use crate::{
    geolocation::Fix,
    host::{Features, Host},
    i18n::Locale,
    navigation::Sheet,
};

/// An invalid option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionError {
    /// The option's name, with dots inside objects.
    pub field: String,
    /// The expected value.
    pub expected: String,
}

impl OptionError {
    fn new(field: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { field: field.into(), expected: expected.into() }
    }
}

/// The names of all options.
const NAMES: [&str; 12] = [
    "apiBase",
    "pageUrl",
    "storageKey",
    "getToken",
    "locale",
    "theme",
    "tokens",
    "city",
    "place",
    "features",
    "shop",
    "sheet",
];

/// Options that are fixed while the page is mounted.
const FIXED: [&str; 3] = ["apiBase", "pageUrl", "storageKey"];

const FEATURES: [&str; 5] = ["shops", "events", "savings", "reminders", "languageChoice"];

/// The given values of [`FEATURES`], in their order.
type Switches = [Option<bool>; FEATURES.len()];

/// Valid options.
#[derive(Default)]
pub struct Options {
    api_base: Option<String>,
    page_url: Option<String>,
    storage_key: Option<String>,
    pub(super) get_token: Option<Function>,
    locale: Option<Locale>,
    theme: Option<Theme>,
    tokens: Option<Vec<(Token, String)>>,
    city: Option<City>,
    place: Option<Fix>,
    features: Switches,
    shop: Option<String>,
    sheet: Option<Sheet>,
}

/// The fixed options of a mounted page: the values of [`FIXED`], and whether there is a token function.
#[derive(Clone, Debug)]
pub struct Fixed {
    values: [Option<String>; FIXED.len()],
    has_token: bool,
}

impl Options {
    /// Reads the host's object. Undefined and null mean no options.
    pub fn read(options: &JsValue) -> Result<Self, OptionError> {
        let Some(object) = Fields::of(options, "", &NAMES)? else { return Ok(Self::default()) };
        let tokens = object.get("tokens")?.map(|tokens| read_tokens(&tokens)).transpose()?;
        Ok(Self {
            api_base: object
                .text("apiBase", "write an https address, or a path that begins with '/'", |text| base_of(&text))?,
            page_url: object
                .text("pageUrl", "write an https address, or a path that begins with '/'", |text| page_of(&text))?,
            storage_key: object.text("storageKey", "write 1 to 64 letters, digits, '-' or '_'", parse_storage_name)?,
            get_token: object.function("getToken")?,
            locale: object.text("locale", "write \"zh-Hans\", \"zh-Hant\" or \"en\"", |tag| Locale::from_tag(&tag))?,
            theme: object.text("theme", "write \"light\", \"dark\" or \"system\"", |name| Theme::from_name(&name))?,
            tokens,
            city: object.text("city", "write \"shanghai\", \"hangzhou\" or \"guangzhou\"", |name| {
                City::from_name(&name).ok()
            })?,
            place: object.get("place")?.map(|place| read_place(&place)).transpose()?,
            features: object.get("features")?.map_or(Ok(Switches::default()), |features| read_features(&features))?,
            shop: object.text("shop", "write a shop's id as text", |id| (1..=200).contains(&id.len()).then_some(id))?,
            sheet: object.text("sheet", "write \"code\", \"savings\" or \"none\"", |name| match name.as_str() {
                "code" => Some(Sheet::Code { shop: None }),
                "savings" => Some(Sheet::Savings),
                "none" => Some(Sheet::Closed),
                _ => None,
            })?,
        })
    }

    /// The fixed part of these options.
    pub fn fixed(&self) -> Fixed {
        let values = [self.api_base.clone(), self.page_url.clone(), self.storage_key.clone()];
        Fixed { values, has_token: self.get_token.is_some() }
    }

    /// Checks that a mounted page can apply these options. A fixed option may be repeated with the same
    /// value.
    pub fn check_update(&self, fixed: &Fixed) -> Result<(), OptionError> {
        let given = self.fixed();
        let differs = |(given, known): (&Option<String>, &Option<String>)| given.is_some() && given != known;
        let mut pairs = given.values.iter().zip(&fixed.values);
        if let Some(place) = pairs.position(differs) {
            return Err(OptionError::new(FIXED[place], "cannot change while the page is mounted; mount it anew"));
        }
        if self.get_token.is_some() && !fixed.has_token {
            let expected = "can only replace the function that the page was mounted with; mount it anew";
            return Err(OptionError::new("getToken", expected));
        }
        Ok(())
    }

    /// Applies the options.
    pub fn apply(&self, host: Host) {
        if let Some(locale) = self.locale {
            host.set_locale(locale);
        }
        if let Some(city) = self.city {
            host.set_city(city);
        }
        if let Some(place) = self.place {
            host.set_place(place);
        }
        if self.features.iter().any(Option::is_some) {
            host.change_features(|known| {
                let Features { shops, events, savings, reminders, language_choice } = known;
                for (current, given) in
                    [shops, events, savings, reminders, language_choice].into_iter().zip(self.features)
                {
                    *current = given.unwrap_or(*current);
                }
            });
        }
        if let Some(root) = host.root() {
            if let Some(theme) = self.theme {
                theme.apply(&root);
            }
            if let Some(tokens) = &self.tokens {
                appearance::apply_tokens(&root, tokens);
            }
        }
    }

    /// The base address of requests. Empty means the host's own origin.
    pub fn api_base(&self) -> String {
        self.api_base.clone().unwrap_or_default()
    }

    /// The name under which the device stores this page's data.
    pub fn storage(&self) -> String {
        self.storage_key.clone().unwrap_or_else(|| self.api_base())
    }

    /// The page's public address: the given one, otherwise the backend's.
    pub fn page_url(&self) -> String {
        let base = || self.api_base.as_ref().map(|base| format!("{base}/"));
        self.page_url.clone().or_else(base).unwrap_or_default()
    }

    /// The sheet to open.
    pub fn sheet(&self) -> Option<Sheet> {
        match &self.shop {
            Some(shop) => Some(Sheet::Code { shop: Some(shop.clone()) }),
            None => self.sheet.clone(),
        }
    }
}

fn parse_storage_name(text: String) -> Option<String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    ((1..=64).contains(&text.len()) && text.bytes().all(allowed)).then_some(text)
}

/// The fields of a position and their error texts.
const LATITUDE: (&str, &str) = ("lat", "write the latitude in degrees, -90 to 90");
const LONGITUDE: (&str, &str) = ("lng", "write the longitude in degrees, -180 to 180");
const COORD_SYSTEM: (&str, &str) = ("coordSystem", "write \"wgs84\" (GPS) or \"gcj02\" (maps in China)");

fn read_place(value: &JsValue) -> Result<Fix, OptionError> {
    let fields = Fields::of(value, "place.", &["lat", "lng", "coordSystem", "accuracyMetres"])?;
    let fields = fields.ok_or_else(|| OptionError::new("place", "write an object"))?;
    let number = |(name, expected): (&str, &str)| {
        fields.read::<f64>(name, expected)?.ok_or_else(|| fields.error(name, expected))
    };
    let (lat, lng) = (number(LATITUDE)?, number(LONGITUDE)?);
    let (name, expected) = COORD_SYSTEM;
    let system = fields.read::<String>(name, expected)?.ok_or_else(|| fields.error(name, expected))?;
    let metres = fields.read::<f64>("accuracyMetres", "write a number of metres")?.unwrap_or(0.0);
    if !(0.0..=1e7).contains(&metres) {
        return Err(fields.error("accuracyMetres", "write a number of metres, 0 or more"));
    }
    let place = Place::new(lat, lng, &system).map_err(|error| {
        let (name, expected) = match error {
            PlaceError::Latitude => LATITUDE,
            PlaceError::Longitude => LONGITUDE,
            PlaceError::CoordSystem => COORD_SYSTEM,
        };
        fields.error(name, expected)
    })?;
    Ok(Fix { position: place.to_wgs84(), accuracy: Distance { metres } })
}

fn read_features(value: &JsValue) -> Result<Switches, OptionError> {
    let mut switches = Switches::default();
    if let Some(fields) = Fields::of(value, "features.", &FEATURES)? {
        for (switch, name) in switches.iter_mut().zip(FEATURES) {
            *switch = fields.read(name, "write true or false")?;
        }
    }
    Ok(switches)
}

fn read_tokens(value: &JsValue) -> Result<Vec<(Token, String)>, OptionError> {
    let names = Token::ALL.map(Token::name);
    let Some(fields) = Fields::of(value, "tokens.", &names)? else { return Ok(Vec::new()) };
    let mut tokens = Vec::new();
    for token in Token::ALL {
        let value = fields.text(token.name(), token.expected(), |text| token.allows(&text).then_some(text))?;
        tokens.extend(value.map(|value| (token, value)));
    }
    Ok(tokens)
}
