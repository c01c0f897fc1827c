//! Verifies signed requests, by the Standard Webhooks specification: an HMAC-SHA-256 of id, time and body
//! with a shared secret.

use std::{fmt, fs, os::unix::fs::PermissionsExt, path::Path};

use anyhow::{Context, bail};
use axum::http::HeaderMap;
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use member_domain::UnixMillis;
use sha2::Sha256;

/// The maximum difference between a request's time and the server's, in milliseconds: five minutes, earlier
/// or later.
pub(crate) const TOLERANCE_MILLIS: i64 = 5 * 60_000;
/// The allowed lengths of a secret, in bytes.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// The prefix of a secret's text.
const PREFIX: &str = "whsec_";

/// The secrets with which requests may be signed. There are several while a secret is replaced. With none, no
/// request is accepted.
#[derive(Clone, Default)]
pub struct WebhookSecrets(Vec<Vec<u8>>);

/// Not derived, so that no log shows a secret.
impl fmt::Debug for WebhookSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookSecrets({})", self.0.len())
    }
}

/// The headers of a signed request.
pub(crate) struct Delivery {
    /// The id of the request. It stays the same when the request is sent again.
    pub(crate) id: String,
    timestamp: String,
    signatures: String,
}

/// The reason why a request is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum WebhookFault {
    /// A header is missing, occurs twice, or is not text.
    #[error("sign the request: it needs one {0} header")]
    Unsigned(&'static str),
    /// The time is not a number.
    #[error("webhook-timestamp is no time: write whole seconds since 1970-01-01T00:00:00Z")]
    NoTime,
    /// The request is too old. An attacker may have replayed it.
    #[error("webhook-timestamp is more than five minutes ago: sign the request anew, with the same webhook-id")]
    TooOld,
    /// The request is from the future.
    #[error("webhook-timestamp is more than five minutes ahead of this server's clock: set your clock")]
    FromTheFuture,
    /// No signature matches the request with any of the secrets.
    #[error("no v1 signature in webhook-signature fits this request: sign 'id.timestamp.body' with the shared secret")]
    WronglySigned,
}

impl WebhookSecrets {
    /// Reads a file with one secret a line, as `whsec_` and base64. Errors name lines, never their content.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let shown = path.display();
        let text = fs::read_to_string(path).with_context(|| format!("cannot read the secrets in {shown}"))?;
        let mode = fs::metadata(path).with_context(|| format!("cannot look at {shown}"))?.permissions().mode();
        if mode & 0o077 != 0 {
            tracing::warn!(file = %shown, "other users can read the file of secrets: chmod 600");
        }
        text.parse::<Self>().with_context(|| format!("the secrets in {shown}"))
    }

    /// Whether there are no secrets.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Verifies that the holder of a secret sent this body, and within the tolerance.
    pub(crate) fn verify(&self, delivery: &Delivery, body: &[u8], now: UnixMillis) -> Result<(), WebhookFault> {
        let digits = !delivery.timestamp.is_empty() && delivery.timestamp.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = delivery.timestamp.parse::<i64>().ok().filter(|_| digits).ok_or(WebhookFault::NoTime)?;
        let age = now.millis_since(UnixMillis(seconds.saturating_mul(1_000)));
        if age > TOLERANCE_MILLIS {
            return Err(WebhookFault::TooOld);
        }
        if age < -TOLERANCE_MILLIS {
            return Err(WebhookFault::FromTheFuture);
        }
        let signatures = delivery.signatures.split_ascii_whitespace();
        let signatures = signatures.filter_map(|signature| STANDARD.decode(signature.strip_prefix("v1,")?).ok());
        let signatures: Vec<Vec<u8>> = signatures.collect();
        let signed = self.0.iter().any(|secret| {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
            for part in [delivery.id.as_bytes(), b".", delivery.timestamp.as_bytes(), b".", body] {
                mac.update(part);
            }
            // Compares in constant time.
            signatures.iter().any(|signature| mac.clone().verify_slice(signature).is_ok())
        });
        if signed { Ok(()) } else { Err(WebhookFault::WronglySigned) }
    }
}

impl std::str::FromStr for WebhookSecrets {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let mut secrets = Vec::new();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let number = index + 1;
            let Some(encoded) = line.trim().strip_prefix(PREFIX) else {
                bail!("line {number} does not start with {PREFIX}: write one secret a line, as {PREFIX} and base64");
            };
            // The decoder's own error would repeat a part of the secret.
            let Ok(secret) = STANDARD.decode(encoded) else {
                bail!("line {number} is not base64 behind {PREFIX}: write it with its padding ('=')");
            };
            if !SECRET_BYTES.contains(&secret.len()) {
                bail!("line {number} has {} bytes behind {PREFIX}: a secret has 24 to 64", secret.len());
            }
            secrets.push(secret);
        }
        if secrets.is_empty() {
            bail!("there is none: write one a line, as {PREFIX} and the base64 of 24 to 64 random bytes");
        }
        Ok(Self(secrets))
    }
}

impl Delivery {
    /// Reads the three headers of a signed request.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, WebhookFault> {
        let header = |name: &'static str| {
            let mut values = headers.get_all(name).iter();
            match (values.next().map(|value| value.to_str()), values.next()) {
                (Some(Ok(value)), None) => Ok(value.to_owned()),
                _ => Err(WebhookFault::Unsigned(name)),
            }
        };
        Ok(Self {
            id: header("webhook-id")?,
            timestamp: header("webhook-timestamp")?,
            signatures: header("webhook-signature")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own test suite.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    const AT: UnixMillis = UnixMillis(1_614_265_330_000);

    fn delivery(signatures: &str) -> Delivery {
        Delivery {
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned(),
            timestamp: "1614265330".to_owned(),
            signatures: signatures.to_owned(),
        }
    }

    fn secrets(text: &str) -> WebhookSecrets {
        text.parse().expect("secrets")
    }

    #[test]
    fn the_published_example_is_signed() {
        assert_eq!(secrets(SECRET).verify(&delivery(SIGNATURE), BODY, AT), Ok(()));
    }

    #[test]
    fn one_signature_under_one_secret_is_enough() {
        let another = format!("whsec_{}", STANDARD.encode([7; 32]));
        let both = secrets(&format!("{another}\n\n{SECRET}\r\n"));
        assert_eq!(format!("{both:?}"), "WebhookSecrets(2)", "no secret is shown");
        let list = format!("v1a,abc v1,!! v1,{} {SIGNATURE}", STANDARD.encode([1; 32]));
        assert_eq!(both.verify(&delivery(&list), BODY, AT), Ok(()));
        assert_eq!(secrets(&another).verify(&delivery(&list), BODY, AT), Err(WebhookFault::WronglySigned));
    }

    #[test]
    fn whatever_is_changed_is_not_signed() {
        let secrets = secrets(SECRET);
        let wrong = Err(WebhookFault::WronglySigned);
        assert_eq!(secrets.verify(&delivery(SIGNATURE), br#"{"test": 2432232315}"#, AT), wrong);
        assert_eq!(secrets.verify(&Delivery { id: "msg".to_owned(), ..delivery(SIGNATURE) }, BODY, AT), wrong);
        let later = Delivery { timestamp: "1614265331".to_owned(), ..delivery(SIGNATURE) };
        assert_eq!(secrets.verify(&later, BODY, AT), wrong);
        for signature in ["", "v1,", "v1", &SIGNATURE[3..], &SIGNATURE[..30], &SIGNATURE.replace("v1,", "v2,")] {
            assert_eq!(secrets.verify(&delivery(signature), BODY, AT), wrong, "{signature}");
        }
    }

    #[test]
    fn a_request_counts_for_five_minutes_before_and_after_its_time() {
        let secrets = secrets(SECRET);
        let verdict = |millis| secrets.verify(&delivery(SIGNATURE), BODY, AT.plus_millis(millis));
        assert_eq!(verdict(TOLERANCE_MILLIS), Ok(()));
        assert_eq!(verdict(TOLERANCE_MILLIS + 1), Err(WebhookFault::TooOld));
        assert_eq!(verdict(-TOLERANCE_MILLIS), Ok(()));
        assert_eq!(verdict(-TOLERANCE_MILLIS - 1), Err(WebhookFault::FromTheFuture));
        for nonsense in ["", "-1", "+1614265330", "1614265330.0", " 1614265330", "99999999999999999999"] {
            let delivery = Delivery { timestamp: nonsense.to_owned(), ..delivery(SIGNATURE) };
            assert_eq!(secrets.verify(&delivery, BODY, AT), Err(WebhookFault::NoTime), "{nonsense}");
        }
    }

    #[test]
    fn a_bad_file_is_told_by_its_line_and_never_shown() {
        let short = format!("whsec_{}", STANDARD.encode([7; 23]));
        let long = format!("whsec_{}", STANDARD.encode([7; 65]));
        for (file, line) in [
            (format!("{SECRET}\nMfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "line 2 does not start"),
            (format!("{SECRET}\n\nwhsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa*w"), "line 3 is not base64"),
            (short, "line 1 has 23 bytes"),
            (long, "line 1 has 65 bytes"),
            (" \n".to_owned(), "there is none"),
        ] {
            let error = format!("{:#}", file.parse::<WebhookSecrets>().expect_err(line));
            assert!(error.contains(line), "{error}");
            assert!(!error.contains("MfKQ9"), "{error}");
        }
    }
}
