//! Theme and design tokens of a mounted page: the tokens of `style/tokens.css` that a host may set.

use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

/// The colour theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Always light.
    Light,
    /// Always dark.
    Dark,
    /// The device's theme.
    System,
}

impl Theme {
    pub(super) fn from_name(name: &str) -> Option<Self> {
        match name {
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            "system" => Some(Self::System),
            _ => None,
        }
    }

    pub(super) fn apply(self, root: &HtmlElement) {
        const ATTRIBUTE: &str = "data-theme";
        let tree = theme_root(root);
        let _ = match self {
            Self::Light => tree.set_attribute(ATTRIBUTE, "light"),
            Self::Dark => tree.set_attribute(ATTRIBUTE, "dark"),
            Self::System => tree.remove_attribute(ATTRIBUTE),
        };
    }
}

/// The element that `:host` selects in the styles.
fn theme_root(root: &HtmlElement) -> HtmlElement {
    use wasm_bindgen::JsCast;
    let shadow = root.get_root_node().dyn_into::<web_sys::ShadowRoot>();
    shadow.ok().and_then(|shadow| shadow.host().dyn_into().ok()).unwrap_or_else(|| root.clone())
}

/// A design token that a host may set: a colour, a corner's radius, or the font.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token(usize);

const NAMES: [&str; 19] = [
    "paper",
    "surface",
    "surface-sunken",
    "ink",
    "ink-soft",
    "hairline",
    "vermilion",
    "vermilion-soft",
    "vermilion-text",
    "jade",
    "jade-soft",
    "amber",
    "amber-soft",
    "card-top",
    "card-bottom",
    "radius-card",
    "radius-panel",
    "radius-field",
    "font",
];

impl Token {
    /// All tokens.
    pub(super) const ALL: [Self; NAMES.len()] = {
        let mut all = [Self(0); NAMES.len()];
        let mut index = 0;
        while index < all.len() {
            all[index] = Self(index);
            index += 1;
        }
        all
    };

    /// The token's name, which is also the name of its custom property.
    pub(super) const fn name(self) -> &'static str {
        NAMES[self.0]
    }

    /// A CSS property that accepts the same values.
    fn property(self) -> &'static str {
        match self.name() {
            "font" => "font-family",
            name if name.starts_with("radius") => "border-top-left-radius",
            _ => "color",
        }
    }

    pub(super) fn expected(self) -> &'static str {
        match self.property() {
            "font-family" => "write font families as in CSS",
            "color" => "write a colour as in CSS",
            _ => "write a length as in CSS",
        }
    }

    /// Whether this value is valid and safe. It must not contain an address or another property.
    pub(super) fn allows(self, value: &str) -> bool {
        let plain = value.len() <= 500 && !value.contains(['(', ';', '{', '}', '\\']);
        // Colour functions are allowed.
        let function = value.split_once('(').map(|(name, _)| name.trim().to_ascii_lowercase());
        let colour = ["rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch"];
        let is_colour = self.property() == "color"
            && value.matches('(').count() == 1
            && value.len() <= 100
            && function.is_some_and(|name| colour.contains(&name.as_str()));
        (plain || is_colour) && supports(self.property(), value)
    }
}

/// Sets these tokens and removes all previously set ones.
pub(super) fn apply_tokens(root: &HtmlElement, tokens: &[(Token, String)]) {
    let style = web_sys::HtmlElement::style(&theme_root(root));
    for token in Token::ALL {
        let property = ["--", token.name()].concat();
        let value = tokens.iter().find(|(of, _)| *of == token).map(|(_, value)| value);
        let _ = match value {
            Some(value) => style.set_property(&property, value),
            None => style.remove_property(&property).map(drop),
        };
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = CSS)]
    fn supports(property: &str, value: &str) -> bool;
}
