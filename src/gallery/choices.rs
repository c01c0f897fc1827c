//! What the knobs are set to, and the address that keeps it: `/?gallery=SCENE&…` of the gallery, `/?scene=SCENE&…` of a scene
//! by itself.

use js_sys::Date;
use leptos::prelude::window;
use member_domain::UnixMillis;
use web_sys::UrlSearchParams;

use super::scenes::{self, Scene};

/// The instant at which scenes begin: noon in Shanghai on a day that the samples fit.
pub(super) const NOON: &str = "2026-11-24T12:00";

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
    const fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::Width => ("width", "390"),
            Self::Theme => ("theme", "both"),
            Self::Locale => ("locale", "zh-Hans"),
            Self::Text => ("text", "100"),
            Self::Radius => ("radius", "100"),
            Self::Accent => ("accent", ""),
            Self::Paper => ("paper", ""),
            Self::Ink => ("ink", ""),
            Self::At => ("at", NOON),
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

    /// The instant at which the scene begins.
    pub(super) fn instant(&self) -> UnixMillis {
        let read = |at: &str| Date::parse(&format!("{at}:00+08:00"));
        let at = Some(read(self.get(Knob::At))).filter(|at| at.is_finite()).unwrap_or_else(|| read(NOON));
        #[expect(clippy::cast_possible_truncation, reason = "dates are whole milliseconds")]
        UnixMillis(at as i64)
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
