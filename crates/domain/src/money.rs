//! Money in integer fen, and the discount arithmetic of every bill.

use std::{fmt, iter::Sum, ops::Add};

use serde::{Deserialize, Serialize};

use crate::ascii_digit;

/// An amount of money in fen, a hundredth of a yuan (CNY).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(minimum = 0, examples(16_800)))]
#[serde(transparent)]
pub struct Fen(pub i64);

/// The text is not an amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FenError;

impl fmt::Display for FenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write the amount in yuan with at most two decimals: 42 or 42.50")
    }
}

impl std::error::Error for FenError {}

/// The maximum number of yuan digits. A longer number is a typing error; the limit also prevents an overflow.
const MAX_YUAN_DIGITS: usize = 12;

impl Fen {
    /// Parses an amount as people type it: yuan with at most two decimals. `¥`, `元`, surrounding spaces and full-width
    /// digits are accepted. Uses no floating-point numbers.
    pub fn from_yuan(text: &str) -> Result<Self, FenError> {
        let mut yuan = String::new();
        let mut decimals: Option<String> = None;
        for character in text.trim().trim_start_matches(['¥', '￥']).trim_end_matches('元').trim().chars() {
            match ascii_digit(character) {
                Some(digit) => decimals.as_mut().unwrap_or(&mut yuan).push(digit),
                None if decimals.is_none() && matches!(character, '.' | '。' | '\u{ff0e}') => {
                    decimals = Some(String::new());
                }
                None => return Err(FenError),
            }
        }
        let decimals = decimals.unwrap_or_default();
        if yuan.is_empty() || yuan.len() > MAX_YUAN_DIGITS || decimals.len() > 2 {
            return Err(FenError);
        }
        format!("{yuan}{decimals:0<2}").parse().map(Self).map_err(|_| FenError)
    }
}

impl Add for Fen {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for Fen {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self(0), Add::add)
    }
}

/// The share of a bill that a shop takes off, in permille. 100 permille is 10 % off (9 折 in Chinese).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(minimum = 0, maximum = 1000))]
#[serde(try_from = "u32", into = "u32")]
pub struct Discount(u32);

/// The number is not a discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiscountError;

impl fmt::Display for DiscountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a discount is a whole number of permille from 0 to 1000 (100 is a tenth off)")
    }
}

impl std::error::Error for DiscountError {}

impl Discount {
    /// A discount of `permille` thousandths. Accepts 0 to 1000.
    pub const fn from_permille(permille: u32) -> Result<Self, DiscountError> {
        if permille <= 1000 { Ok(Self(permille)) } else { Err(DiscountError) }
    }

    /// The share that is taken off, in permille.
    pub const fn permille(self) -> u32 {
        self.0
    }

    /// The share that the member pays, in permille.
    pub const fn remaining_permille(self) -> u32 {
        1000 - self.0
    }

    /// Splits a bill. The saving is rounded down to the fen, and `payable` is `total - saved`, so that the parts add
    /// up.
    pub fn apply(self, total: Fen) -> Bill {
        let saved = i128::from(total.0) * i128::from(self.0) / 1000;
        let saved = Fen(i64::try_from(saved).expect("a share of at most the whole stays in range"));
        Bill { total, saved, payable: Fen(total.0 - saved.0) }
    }
}

impl TryFrom<u32> for Discount {
    type Error = DiscountError;

    fn try_from(permille: u32) -> Result<Self, DiscountError> {
        Self::from_permille(permille)
    }
}

impl From<Discount> for u32 {
    fn from(discount: Discount) -> Self {
        discount.0
    }
}

/// A bill after the discount; `saved + payable == total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bill {
    /// The price without the card.
    pub total: Fen,
    /// The amount that the card saves.
    pub saved: Fen,
    /// The amount that the member pays.
    pub payable: Fen,
}
