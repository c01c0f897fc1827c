//! A shop's PIN: 4 to 8 digits, stored as an argon2id hash. So few digits resist guessing only because tries
//! are counted (`member_storage`, `counter/pins.rs`). An attacker who has the database finds a PIN within
//! hours: protect the database file.

use std::fmt;

use argon2::{
    Argon2,
    password_hash::{Error, PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use member_domain::ascii_digit;

use crate::secret::random_bytes;

/// A PIN in plain text, to be hashed or compared.
pub(crate) struct Pin(String);

/// Not derived, so that no log shows a PIN.
impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(secret)")
    }
}

/// The error of a text that is not a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a PIN has 4 to 8 digits")]
pub(crate) struct PinError;

impl Pin {
    /// Parses 4 to 8 digits without separators. Full-width digits (０ to ９) are allowed.
    pub(crate) fn parse(text: &str) -> Result<Self, PinError> {
        let digit = |character: char| ascii_digit(character).ok_or(PinError);
        // Nine digits are enough to reject a longer text.
        let digits: String = text.trim().chars().take(9).map(digit).collect::<Result<_, _>>()?;
        if (4..=8).contains(&digits.len()) { Ok(Self(digits)) } else { Err(PinError) }
    }

    /// Returns a random PIN of six digits that is not easily guessed.
    pub(crate) fn generate() -> Self {
        loop {
            // The bias of 2^64 values modulo 10^6 is negligible.
            let value = u64::from_be_bytes(random_bytes()) % 10_u64.pow(6);
            let pin = Self(format!("{value:06}"));
            if !pin.is_easily_guessed() {
                return pin;
            }
        }
    }

    /// Whether the PIN has fewer than six digits.
    pub(crate) fn is_short(&self) -> bool {
        self.0.len() < 6
    }

    /// Whether the PIN repeats one digit, or counts up or down. People try such PINs first.
    pub(crate) fn is_easily_guessed(&self) -> bool {
        let steps: Vec<i16> =
            self.0.as_bytes().windows(2).map(|pair| i16::from(pair[1]) - i16::from(pair[0])).collect();
        // 7890 and 0987 also count as runs, because 0 follows 9 on a keypad.
        let all = |wanted: &[i16]| steps.iter().all(|step| wanted.contains(step));
        all(&[0]) || all(&[1, -9]) || all(&[-1, 9])
    }

    /// Returns the PIN's digits, to hand them over once.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// Returns the argon2id hash in PHC string format, with a random salt. This is slow: call it on a
    /// blocking thread.
    pub(crate) fn hash(&self) -> Result<String, Error> {
        let hash: PasswordHash = Argon2::default().hash_password_with_salt(self.0.as_bytes(), &random_bytes::<16>())?;
        Ok(hash.to_string())
    }

    /// Whether the PIN matches this hash. This is slow: call it on a blocking thread.
    pub(crate) fn verify(&self, hash: &str) -> Result<bool, Error> {
        match Argon2::default().verify_password(self.0.as_bytes(), &PasswordHash::new(hash)?) {
            Ok(()) => Ok(true),
            Err(Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn a_pin_has_4_to_8_digits() {
        for (text, digits) in [("2468", "2468"), (" 24681357\n", "24681357"), ("２４６８", "2468"), ("0007", "0007")]
        {
            assert_eq!(Pin::parse(text).unwrap().reveal(), digits);
        }
        for text in ["", "123", "123456789", "12 34", "12-34", "12a4", "+1234", "٣٤٥٦", "1234567890123456789012345"]
        {
            assert_eq!(Pin::parse(text).unwrap_err(), PinError, "{text}");
        }
    }

    #[test]
    fn what_people_try_first_is_told_apart() {
        for text in ["0000", "99999999", "1234", "456789", "4321", "98765432", "7890", "0987"] {
            assert!(Pin::parse(text).unwrap().is_easily_guessed(), "{text}");
        }
        for text in ["246810", "1235", "0001", "1212", "1357"] {
            assert!(!Pin::parse(text).unwrap().is_easily_guessed(), "{text}");
        }
    }

    #[test]
    fn a_hash_is_argon2id_with_its_own_salt_and_knows_its_pin_only() {
        let pin = Pin::parse("246810").unwrap();
        let (one, other) = (pin.hash().unwrap(), pin.hash().unwrap());
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, other);
        assert!(pin.verify(&one).unwrap() && Pin::parse("２４６８１０").unwrap().verify(&other).unwrap());
        assert!(!Pin::parse("246811").unwrap().verify(&one).unwrap());
        assert!(!Pin::parse("24681").unwrap().verify(&one).unwrap());
        assert!(pin.verify("not a hash").is_err());
    }

    #[test]
    fn a_generated_pin_has_six_digits_and_is_not_shown_by_debug() {
        for _ in 0..200 {
            let pin = Pin::generate();
            assert_eq!(pin.reveal().len(), 6);
            assert!(!pin.is_easily_guessed());
            assert_eq!(format!("{pin:?}"), "Pin(secret)");
        }
    }
}
