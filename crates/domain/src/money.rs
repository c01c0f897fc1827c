//! Money in integer fen and the discount arithmetic every bill goes through.

use std::{fmt, iter::Sum, ops::Add};

use serde::{Deserialize, Serialize};

use crate::ascii_digit;

/// An amount of money in fen, a hundredth of a yuan (CNY).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

/// Why a text is no amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FenError;

impl fmt::Display for FenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write the amount in yuan with at most two decimals: 42 or 42.50")
    }
}

impl std::error::Error for FenError {}

/// Digits of yuan that are read at most: more is a typing error, and cannot overflow.
const MAX_YUAN_DIGITS: usize = 12;

impl Fen {
    /// Reads an amount as people type it: yuan with at most two decimals, also with `¥`, spaces, full-width digits.
    /// Never through a floating-point number.
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

/// The share of a bill that a shop takes off, in permille: 100 is a tenth off, 9 折 in Chinese.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Discount(u32);

/// Why a number is no discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiscountError;

impl fmt::Display for DiscountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a discount is a whole number of permille from 0 to 1000 (100 is a tenth off)")
    }
}

impl std::error::Error for DiscountError {}

impl Discount {
    /// A discount of `permille` thousandths, 0 to 1000.
    pub const fn from_permille(permille: u32) -> Result<Self, DiscountError> {
        if permille <= 1000 { Ok(Self(permille)) } else { Err(DiscountError) }
    }

    /// The share taken off, in permille.
    pub const fn permille(self) -> u32 {
        self.0
    }

    /// What is left to pay, in permille of the bill.
    pub const fn remaining_permille(self) -> u32 {
        1000 - self.0
    }

    /// Splits a bill: the saving rounds down to the fen, and payable = bill - saved, so the two always add up.
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
    /// What the goods cost without the card.
    pub total: Fen,
    /// What the card takes off.
    pub saved: Fen,
    /// What the member pays.
    pub payable: Fen,
}
