//! Time-based one-time passwords (RFC 6238). The caller computes the HMAC.
//!
//! The server computes the HMAC with `RustCrypto`, and the page with `WebCrypto`, whose keys cannot be read. This
//! module owns the parts on which both must agree: the time step, the HMAC's message, and the conversion of a hash into
//! digits. It never sees a key.

use serde::{Deserialize, Serialize};

use crate::UnixMillis;

/// The period of one code in milliseconds; never zero. The default is 30 s (RFC 6238 §5.2); the backend can set
/// another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(minimum = 1000, maximum = 600_000, default = 30_000))]
#[serde(try_from = "u32", into = "u32")]
pub struct TotpPeriod(u32);

impl TotpPeriod {
    /// The period that RFC 6238 recommends.
    pub const DEFAULT: Self = Self(30_000);

    /// A period of `millis` milliseconds, 1 s to 10 min; `None` outside that range.
    pub const fn from_millis(millis: u32) -> Option<Self> {
        if millis >= 1_000 && millis <= 600_000 { Some(Self(millis)) } else { None }
    }

    /// The period in milliseconds.
    pub const fn millis(self) -> i64 {
        self.0 as i64
    }
}

impl TryFrom<u32> for TotpPeriod {
    type Error = &'static str;

    fn try_from(millis: u32) -> Result<Self, Self::Error> {
        Self::from_millis(millis).ok_or("a TOTP period is 1000 to 600000 milliseconds")
    }
}

impl From<TotpPeriod> for u32 {
    fn from(period: TotpPeriod) -> Self {
        period.0
    }
}

/// A time step: the number of whole periods since the Unix epoch (the moving factor T of RFC 6238 §4.2, with T0 = 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimeStep(pub i64);

impl TimeStep {
    /// The time step at this instant.
    pub const fn at(now: UnixMillis, period: TotpPeriod) -> Self {
        Self(now.0.div_euclid(period.millis()))
    }

    /// The instant at which this step begins.
    pub const fn start(self, period: TotpPeriod) -> UnixMillis {
        UnixMillis(self.0.saturating_mul(period.millis()))
    }

    /// The instant at which this step ends and the next begins.
    pub const fn end(self, period: TotpPeriod) -> UnixMillis {
        self.next().start(period)
    }

    /// The step `count` steps later; earlier if `count` is negative.
    pub const fn plus(self, count: i64) -> Self {
        Self(self.0.saturating_add(count))
    }

    /// The step after this one.
    pub const fn next(self) -> Self {
        self.plus(1)
    }

    /// The HMAC's message: the step as 8 bytes, big-endian (RFC 4226 §5.2).
    pub const fn message(self) -> [u8; 8] {
        self.0.to_be_bytes()
    }
}

/// A one-time password with its leading zeros: 6 to 8 decimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totp {
    value: u32,
    digits: u8,
}

impl Totp {
    /// The number of digits in a redemption code.
    pub const DIGITS: u8 = 8;

    /// The password as text, zero-padded to its number of digits.
    pub fn to_digits(self) -> String {
        format!("{:0width$}", self.value, width = usize::from(self.digits))
    }
}

/// Dynamic truncation of an HMAC to `digits` decimal digits (RFC 4226 §5.3; SHA-256 and SHA-512 as in RFC 6238 §1.2).
///
/// # Panics
/// If `mac` is shorter than 20 bytes (every HMAC in the standards is longer or equal) or `digits` is not 6 to 8.
pub fn truncate(mac: &[u8], digits: u8) -> Totp {
    assert!((6..=8).contains(&digits), "RFC 4226 codes have 6 to 8 digits");
    assert!(mac.len() >= 20, "an HMAC is at least as long as SHA-1's");
    let offset = usize::from(mac[mac.len() - 1] & 0x0f);
    let four = &mac[offset..offset + 4];
    let binary = u32::from_be_bytes([four[0] & 0x7f, four[1], four[2], four[3]]);
    Totp { value: binary % 10_u32.pow(u32::from(digits)), digits }
}

/// The result of verifying a one-time password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TotpVerdict {
    /// The password belongs to a step that is accepted now.
    Current(TimeStep),
    /// The password belonged to a recent step that is no longer accepted.
    Expired(TimeStep),
    /// The password belongs to no step that was checked.
    Unknown,
}

/// The number of steps accepted before and after the current one (RFC 6238 §5.2: one step of network delay).
const WINDOW: i64 = 1;
/// The number of past steps for which a code counts as expired, not as unknown: ten minutes with steps of 30 s.
const EXPIRED_STEPS: i64 = 20;

/// Finds the time step of `submitted`. `now` is the current step, and `mac` computes the HMAC of a message with the
/// credential's key. The function always computes the same number of HMACs and compares in constant time, so that its
/// duration reveals nothing about the code.
pub fn verify<M: AsRef<[u8]>>(now: TimeStep, submitted: &str, mut mac: impl FnMut(&[u8; 8]) -> M) -> TotpVerdict {
    let mut verdict = TotpVerdict::Unknown;
    // Oldest first: a step inside the window overrides an older step with the same digits.
    for offset in -EXPIRED_STEPS..=WINDOW {
        let step = now.plus(offset);
        let expected = truncate(mac(&step.message()).as_ref(), Totp::DIGITS).to_digits();
        if equal_in_constant_time(expected.as_bytes(), submitted.as_bytes()) {
            verdict = if offset >= -WINDOW { TotpVerdict::Current(step) } else { TotpVerdict::Expired(step) };
        }
    }
    verdict
}

fn equal_in_constant_time(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && left.iter().zip(right).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}
