//! The knobs' values and their address: `/?gallery=SCENE&…` for the gallery, `/?scene=SCENE&…` for a single
//! scene.

use std::sync::LazyLock;

use js_sys::Date;
use leptos::prelude::window;
use member_domain::UnixMillis;
use web_sys::UrlSearchParams;

use super::{
    data,
    scenes::{self, Scene},
};

/// [`data::NOON`] in the format of a date and time field, in Shanghai time.
static NOON: LazyLock<String> = LazyLock::new(|| {
    #[expect(clippy::cast_precision_loss, reason = "dates are whole numbers that a double holds")]
    let as_if_utc = Date::new(&((data::NOON.0 + 8 * data::HOUR) as f64).into());
    String::from(as_if_utc.to_iso_string())[.."YYYY-MM-DDThh:mm".len()].to_owned()
});

/// A setting of the gallery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Knob {
    /// Width of a frame: CSS pixels, `full` or `all`.
    Width,
    /// `light`, `dark` or `both`.
    Theme,
    /// A language's tag, or `all`.
    Locale,
    /// Size of the root's text, in percent.
    Text,
    /// Radius of corners, in percent of the design.
    Radius,
    /// The accent's colour. Empty means the design's colour.
    Accent,
    /// The page's colour. Empty means the design's colour.
    Paper,
    /// The text's colour. Empty means the design's colour.
    Ink,
    /// The scene's start time in Shanghai, for example `2026-11-24T12:00`.
    At,
    /// Scene seconds per real second.
    Speed,
}

impl Knob {
    pub(super) const ALL: [Self; 10] = [
        Self::Width,
        Self::Theme,
        Self::Locale,
        Self::Text,
        Self::Radius,
        Self::Accent,
        Self::Paper,
        Self::Ink,
        Self::At,
        Self::Speed,
    ];

    /// The name in the address and the default value.
    fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::Width => ("width", "390"),
            Self::Theme => ("theme", "both"),
            Self::Locale => ("locale", "zh-Hans"),
            Self::Text => ("text", "100"),
            Self::Radius => ("radius", "100"),
            Self::Accent => ("accent", ""),
            Self::Paper => ("paper", ""),
            Self::Ink => ("ink", ""),
            Self::At => ("at", NOON.as_str()),
            Self::Speed => ("speed", "1"),
        }
    }
}

/// The selected scene and the knobs' values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choices {
    /// The scene's name.
    pub(super) scene: String,
    values: [String; Knob::ALL.len()],
}

impl Choices {
    /// Reads a query string. `scene_key` is the parameter that names the scene.
    pub(super) fn read(query: &str, scene_key: &str) -> Self {
        let given = UrlSearchParams::new_with_str(query).ok();
        let get = |key: &str| given.as_ref().and_then(|given| given.get(key));
        let values = Knob::ALL.map(|knob| get(knob.row().0).unwrap_or_else(|| knob.row().1.to_owned()));
        Self { scene: get(scene_key).unwrap_or_default(), values }
    }

    /// Reads this document's address.
    pub(super) fn of_address(scene_key: &str) -> Self {
        Self::read(&window().location().search().unwrap_or_default(), scene_key)
    }

    pub(super) fn get(&self, knob: Knob) -> &str {
        &self.values[knob as usize]
    }

    pub(super) fn set(&mut self, knob: Knob, value: String) {
        self.values[knob as usize] = value;
    }

    /// Whether a knob has its default value.
    pub(super) fn is_default(&self, knob: Knob) -> bool {
        self.get(knob) == knob.row().1
    }

    /// Returns these values for another scene.
    pub(super) fn of_scene(&self, name: &str) -> Self {
        Self { scene: name.to_owned(), values: self.values.clone() }
    }

    /// Sets all knobs to their defaults.
    pub(super) fn reset(&mut self) {
        *self = Self { scene: std::mem::take(&mut self.scene), ..Self::read("", "") };
    }

    /// The selected scene. The first scene if none has that name.
    pub(super) fn scene(&self) -> &'static Scene {
        scenes::all().find(|scene| scene.name == self.scene).unwrap_or_else(scenes::first)
    }

    /// A knob's value as a number.
    pub(super) fn number(&self, knob: Knob) -> f64 {
        let usual = knob.row().1.parse().unwrap_or_default();
        self.get(knob).parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0).unwrap_or(usual)
    }

    /// The instant at which the scene begins. Noon if the address has no valid one.
    pub(super) fn instant(&self) -> UnixMillis {
        let at = Date::parse(&format!("{}:00+08:00", self.get(Knob::At)));
        #[expect(clippy::cast_possible_truncation, reason = "dates are whole milliseconds")]
        if at.is_finite() { UnixMillis(at as i64) } else { data::NOON }
    }

    /// The query string for these values.
    pub(super) fn query(&self, scene_key: &str) -> String {
        let scene_pair = std::iter::once((scene_key, self.scene().name));
        let changed = Knob::ALL.into_iter().map(|knob| (knob.row(), self.get(knob)));
        let changed = changed.filter(|((_, usual), value)| usual != value).map(|((key, _), value)| (key, value));
        let pairs = scene_pair.chain(changed).map(|(key, value)| {
            let value = String::from(js_sys::encode_uri_component(value));
            format!("{key}={value}")
        });
        format!("?{}", pairs.collect::<Vec<_>>().join("&"))
    }
}
