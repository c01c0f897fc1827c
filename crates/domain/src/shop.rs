//! The vocabularies a shop is described with.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Fen, Wgs84};

/// A name that the vocabulary does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// What the vocabulary is of, for example `category`.
    pub kind: &'static str,
    /// The names it has.
    pub known: &'static [&'static str],
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown {}: use one of {}", self.kind, self.known.join(", "))
    }
}

impl std::error::Error for UnknownName {}

/// Declares a vocabulary: an enum whose names on the wire, in CSV files and in the database are the same.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident, $kind:literal, { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant),+
        }

        impl $name {
            /// Every member of the vocabulary, in the order it is shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            const NAMES: &'static [&'static str] = &[$($text),+];

            /// The name on the wire, in CSV files and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The member with this name.
            pub fn from_name(name: &str) -> Result<Self, UnknownName> {
                match name {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(UnknownName { kind: $kind, known: Self::NAMES }),
                }
            }
        }
    };
}

vocabulary! {
    /// The cities the programme runs in.
    City, "city", {
        /// 上海
        Shanghai = "shanghai",
        /// 杭州
        Hangzhou = "hangzhou",
        /// 广州
        Guangzhou = "guangzhou",
    }
}

impl City {
    /// The middle of the city, to within a few kilometres: People's Square, Wulin Square, Yuexiu.
    pub const fn centre(self) -> Wgs84 {
        match self {
            Self::Shanghai => Wgs84 { lat: 31.23, lng: 121.47 },
            Self::Hangzhou => Wgs84 { lat: 30.27, lng: 120.16 },
            Self::Guangzhou => Wgs84 { lat: 23.13, lng: 113.26 },
        }
    }
}

vocabulary! {
    /// What a shop is, as a member would look for it.
    Category, "category", {
        /// 咖啡
        Coffee = "coffee",
        /// 茶饮
        Tea = "tea",
        /// 小吃
        Snacks = "snacks",
        /// 餐馆
        Restaurant = "restaurant",
        /// 烘焙甜品
        Bakery = "bakery",
        /// 小酒馆
        Bar = "bar",
        /// 书店
        Books = "books",
        /// 演出
        Show = "show",
        /// 展览
        Exhibition = "exhibition",
        /// 手作
        Craft = "craft",
        /// 运动
        Sport = "sport",
        /// 生活好物
        Lifestyle = "lifestyle",
    }
}

vocabulary! {
    /// What the QR holds at a shop.
    CodeForm, "code form", {
        /// The address of the shop's redemption page: for phone cameras.
        Url = "url",
        /// The bare 20 digits: for till scanners that pass on what they read.
        Digits = "digits",
    }
}

vocabulary! {
    /// How staff at a shop take the code.
    RedeemMethod, "redeem method", {
        /// Any phone camera opens the redemption page.
        PhoneCamera = "phone-camera",
        /// A till with a scanner.
        TillScanner = "till-scanner",
        /// The 20 digits, typed.
        TypedDigits = "typed-digits",
        /// The shop's PIN, typed on the member's phone.
        ShopPin = "shop-pin",
    }
}

vocabulary! {
    /// Who paid when an editor was at a shop.
    VisitKind, "visit", {
        /// The editors.
        SelfPaid = "self-paid",
        /// The shop.
        Invited = "invited",
    }
}

vocabulary! {
    /// What a visit costs on average: from the first amount in yuan to below the second.
    PriceBand, "price", {
        /// Below 50 yuan.
        Below50 = "0-50",
        /// 50 to below 100 yuan.
        From50 = "50-100",
        /// 100 to below 200 yuan.
        From100 = "100-200",
        /// 200 yuan and more.
        From200 = "200-",
    }
}

impl PriceBand {
    /// The band's lower bound, which belongs to it, and its upper bound, which does not.
    pub const fn bounds(self) -> (Fen, Option<Fen>) {
        match self {
            Self::Below50 => (Fen(0), Some(Fen(5_000))),
            Self::From50 => (Fen(5_000), Some(Fen(10_000))),
            Self::From100 => (Fen(10_000), Some(Fen(20_000))),
            Self::From200 => (Fen(20_000), None),
        }
    }

    /// Whether a price lies in the band.
    pub fn contains(self, price: Fen) -> bool {
        let (from, below) = self.bounds();
        price >= from && below.is_none_or(|below| price < below)
    }
}

vocabulary! {
    /// What a list of shops can be narrowed by, in the order it is shown.
    FilterKind, "filter", {
        /// A text.
        Text = "text",
        /// What a shop is.
        Category = "category",
        /// Where it is.
        District = "district",
        /// That it is open.
        OpenNow = "open-now",
        /// What a visit costs.
        Price = "price",
        /// How the code is taken there.
        Method = "method",
        /// That the member keeps it.
        Favourites = "favourites",
    }
}
