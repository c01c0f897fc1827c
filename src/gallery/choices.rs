//! What the knobs are set to, and the address that keeps it: `/?gallery=SCENE&…` of the gallery, `/?scene=SCENE&…` of a scene
//! by itself.

use std::sync::LazyLock;

use js_sys::Date;
use leptos::prelude::window;
use member_domain::UnixMillis;
use web_sys::UrlSearchParams;

use super::{
    data,
    scenes::{self, Scene},
};

/// [`data::NOON`] as a field for date and time has it, in Shanghai.
static NOON: LazyLock<String> = LazyLock::new(|| {
    #[expect(clippy::cast_precision_loss, reason = "dates are whole numbers that a double holds")]
    let as_if_utc = Date::new(&((data::NOON.0 + 8 * data::HOUR) as f64).into());
    String::from(as_if_utc.to_iso_string())[.."YYYY-MM-DDThh:mm".len()].to_owned()
});

/// Something that can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Knob {
    /// How wide a frame is, in CSS pixels, `full` or `all`.
    Width,
    /// `light`, `dark` or `both`.
    Theme,
    /// A language's tag, or `all`.
    Locale,
    /// The size of the root's text, in percent.
    Text,
    /// How round corners are, in percent of what is designed.
    Radius,
    /// The accent's colour; empty as designed. So are the next two.
    Accent,
    /// The colour of the page.
    Paper,
    /// The colour of text.
    Ink,
    /// When it is, as `2026-11-24T12:00` in Shanghai.
    At,
    /// How many seconds pass in one.
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

    /// The name in the address, and what it is where the address does not say.
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

/// What is shown, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choices {
    /// The scene's name.
    pub(super) scene: String,
    values: [String; Knob::ALL.len()],
}

impl Choices {
    /// What a query string says; `scene_key` names the scene in it.
    pub(super) fn read(query: &str, scene_key: &str) -> Self {
        let given = UrlSearchParams::new_with_str(query).ok();
        let get = |key: &str| given.as_ref().and_then(|given| given.get(key));
        let values = Knob::ALL.map(|knob| get(knob.row().0).unwrap_or_else(|| knob.row().1.to_owned()));
        Self { scene: get(scene_key).unwrap_or_default(), values }
    }

    /// What this document's address says.
    pub(super) fn of_address(scene_key: &str) -> Self {
        Self::read(&window().location().search().unwrap_or_default(), scene_key)
    }

    pub(super) fn get(&self, knob: Knob) -> &str {
        &self.values[knob as usize]
    }

    pub(super) fn set(&mut self, knob: Knob, value: String) {
        self.values[knob as usize] = value;
    }

    /// Whether a knob stands as it comes.
    pub(super) fn is_usual(&self, knob: Knob) -> bool {
        self.get(knob) == knob.row().1
    }

    /// The same of another scene.
    pub(super) fn of_scene(&self, name: &str) -> Self {
        Self { scene: name.to_owned(), values: self.values.clone() }
    }

    /// The same with all knobs as they come.
    pub(super) fn reset(&mut self) {
        *self = Self { scene: std::mem::take(&mut self.scene), ..Self::read("", "") };
    }

    /// The scene that is chosen; the first where there is none of that name.
    pub(super) fn scene(&self) -> &'static Scene {
        scenes::all().find(|scene| scene.name == self.scene).unwrap_or_else(scenes::first)
    }

    /// The number a knob is set to.
    pub(super) fn number(&self, knob: Knob) -> f64 {
        let usual = knob.row().1.parse().unwrap_or_default();
        self.get(knob).parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0).unwrap_or(usual)
    }

    /// The instant at which the scene begins; noon where what the address says is none.
    pub(super) fn instant(&self) -> UnixMillis {
        let at = Date::parse(&format!("{}:00+08:00", self.get(Knob::At)));
        #[expect(clippy::cast_possible_truncation, reason = "dates are whole milliseconds")]
        if at.is_finite() { UnixMillis(at as i64) } else { data::NOON }
    }

    /// The query string that brings all of this back.
    pub(super) fn query(&self, scene_key: &str) -> String {
        let named = std::iter::once((scene_key, self.scene().name));
        let changed = Knob::ALL.into_iter().map(|knob| (knob.row(), self.get(knob)));
        let changed = changed.filter(|((_, usual), value)| usual != value).map(|((key, _), value)| (key, value));
        let pairs = named.chain(changed).map(|(key, value)| {
            let value = String::from(js_sys::encode_uri_component(value));
            format!("{key}={value}")
        });
        format!("?{}", pairs.collect::<Vec<_>>().join("&"))
    }
}
