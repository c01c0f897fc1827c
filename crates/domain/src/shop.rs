//! The vocabularies that describe a shop.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Fen, Wgs84, described::described};

/// The vocabulary does not contain this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// The vocabulary, for example `category`.
    pub kind: &'static str,
    /// All names in the vocabulary.
    pub known: &'static [&'static str],
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown {}: use one of {}", self.kind, self.known.join(", "))
    }
}

impl std::error::Error for UnknownName {}

/// Declares a vocabulary: an enum with the same names in the API, in CSV files and in the database.
macro_rules! vocabulary {
    ($(#[doc = $about:literal])+ $name:ident, $kind:literal, {
        $($(#[doc = $doc:literal])+ $variant:ident = $text:literal),+ $(,)?
    }) => {
        described! {
            $(#[doc = $about])+
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
            pub enum $name {
                $($(#[doc = $doc])+ #[serde(rename = $text)] $variant),+
            }
        }

        impl $name {
            /// All variants, in the order in which they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            const NAMES: &'static [&'static str] = &[$($text),+];

            /// The name in the API, in CSV files and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The variant with this name.
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
    /// A city of the programme.
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
    /// The centre of the city, accurate to a few kilometres: People's Square, Wulin Square, Yuexiu.
    pub const fn centre(self) -> Wgs84 {
        match self {
            Self::Shanghai => Wgs84 { lat: 31.23, lng: 121.47 },
            Self::Hangzhou => Wgs84 { lat: 30.27, lng: 120.16 },
            Self::Guangzhou => Wgs84 { lat: 23.13, lng: 113.26 },
        }
    }
}

vocabulary! {
    /// The category of a shop, from the member's point of view.
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
    /// The content of the QR code at a shop.
    CodeForm, "code form", {
        /// The URL of the shop's redemption page, for phone cameras.
        Url = "url",
        /// The 20 digits without a URL, for till scanners, which pass on the scanned text.
        Digits = "digits",
    }
}

vocabulary! {
    /// A way in which staff at a shop enter the code.
    RedeemMethod, "redeem method", {
        /// The camera of any phone opens the redemption page.
        PhoneCamera = "phone-camera",
        /// A till with a scanner reads the code.
        TillScanner = "till-scanner",
        /// Staff type the 20 digits.
        TypedDigits = "typed-digits",
        /// Staff type the shop's PIN on the member's phone.
        ShopPin = "shop-pin",
    }
}

vocabulary! {
    /// The party that paid for an editor's visit.
    VisitKind, "visit", {
        /// The editors paid.
        SelfPaid = "self-paid",
        /// The shop invited the editor.
        Invited = "invited",
    }
}

vocabulary! {
    /// A band of the average price of a visit, in yuan. It includes its lower bound and excludes its upper bound.
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
    /// The lower bound (included) and the upper bound (excluded).
    pub const fn bounds(self) -> (Fen, Option<Fen>) {
        match self {
            Self::Below50 => (Fen(0), Some(Fen(5_000))),
            Self::From50 => (Fen(5_000), Some(Fen(10_000))),
            Self::From100 => (Fen(10_000), Some(Fen(20_000))),
            Self::From200 => (Fen(20_000), None),
        }
    }

    /// Whether a price is in the band.
    pub fn contains(self, price: Fen) -> bool {
        let (from, below) = self.bounds();
        price >= from && below.is_none_or(|below| price < below)
    }
}

vocabulary! {
    /// A filter of a list of shops, in the order in which they are shown.
    FilterKind, "filter", {
        /// The typed text.
        Text = "text",
        /// The category.
        Category = "category",
        /// The district.
        District = "district",
        /// Open shops only.
        OpenNow = "open-now",
        /// The price of a visit.
        Price = "price",
        /// The way in which staff enter the code.
        Method = "method",
        /// The member's favourites only.
        Favourites = "favourites",
    }
}
