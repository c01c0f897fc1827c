//! The codes of the members in [`crate::data`]: each device in turn, each step once.

use std::{
    sync::atomic::{AtomicI64, AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use hmac::{Hmac, KeyInit, Mac};
use member_domain::{CredentialNumber, RedemptionCode, TimeStep, TotpPeriod, truncate};
use member_server::clock::Clock;
use sha2::Sha256;

use crate::{data, http::redeem};

/// A source of unused codes.
pub(crate) struct Codes {
    next: AtomicUsize,
    /// The last step taken from each device.
    taken: Vec<AtomicI64>,
    key: Hmac<Sha256>,
}

impl Codes {
    pub(crate) fn of(members: u32) -> Self {
        let key = Hmac::new_from_slice(&data::DEVICE_KEY).unwrap();
        Self { next: AtomicUsize::new(0), taken: (0..members).map(|_| AtomicI64::new(-1)).collect(), key }
    }

    /// How many codes were taken so far.
    pub(crate) fn count(&self) -> usize {
        self.next.load(Ordering::Relaxed)
    }

    /// A device and one of its steps: the current step, or the next one, which the server accepts early.
    /// Waits if all devices have used both.
    pub(crate) fn take(&self) -> (usize, TimeStep) {
        let device = self.next.fetch_add(1, Ordering::Relaxed) % self.taken.len();
        loop {
            let now = TimeStep::at(Clock::System.now(), TotpPeriod::DEFAULT).0;
            let last = self.taken[device].load(Ordering::Relaxed);
            let step = now.max(last + 1);
            if step <= now + 1 {
                self.taken[device].store(step, Ordering::Relaxed);
                return (device, TimeStep(step));
            }
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// The request of the till with this number to redeem one of the codes.
    pub(crate) fn request(&self, till: usize) -> Vec<u8> {
        let (device, step) = self.take();
        let mut mac = self.key.clone();
        mac.update(&step.message());
        let number = CredentialNumber::from_value(u64::try_from(device).unwrap() + 1).unwrap();
        let code = RedemptionCode::new(number, truncate(&mac.finalize().into_bytes(), 8)).to_digits();
        redeem(&data::till(till), &format!("{device:08}-{:08}-bench", step.0), &code, 4_200)
    }
}
