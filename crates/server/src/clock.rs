//! The server's only source of time. Each handler reads the current instant here once and passes it on.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, bail};
use member_domain::UnixMillis;

/// The environment variable that sets the start of a debug build's clock, in UTC milliseconds.
pub const NOW_VARIABLE: &str = "MEMBER_SERVER_NOW";

/// The source of the current time.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that a test sets.
    Manual(Arc<AtomicI64>),
    /// A clock that read `start` when the machine's monotonic clock read `since`, and runs on from there.
    Running {
        /// The first reading of this clock.
        start: UnixMillis,
        /// The monotonic time of the first reading.
        since: Instant,
    },
}

impl Clock {
    /// Returns a clock that stays at `now` until [`Self::advance_millis`] moves it.
    pub fn manual(now: UnixMillis) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(now.0)))
    }

    /// Returns the clock of this process: the machine's clock, or in a debug build the clock that
    /// [`NOW_VARIABLE`] starts. Tests run commands with the variable, so that a command and the server agree
    /// on the day. A release build fails if the variable is set. It does not ignore it, because a command
    /// that runs at an unintended time deletes data that only seems old.
    pub fn of_process() -> anyhow::Result<Self> {
        let Some(value) = std::env::var_os(NOW_VARIABLE) else {
            return Ok(Self::System);
        };
        if !cfg!(debug_assertions) {
            bail!("{NOW_VARIABLE} is set, and only debug builds take their time from it: unset it");
        }
        let millis = value.to_str().and_then(|text| text.parse().ok());
        let millis = millis.with_context(|| {
            format!("{NOW_VARIABLE} is '{}': write an instant in UTC milliseconds", value.display())
        })?;
        Ok(Self::Running { start: UnixMillis(millis), since: Instant::now() })
    }

    /// Returns the current instant.
    pub fn now(&self) -> UnixMillis {
        match self {
            Self::System => {
                let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                UnixMillis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
            }
            Self::Manual(millis) => UnixMillis(millis.load(Ordering::SeqCst)),
            Self::Running { start, since } => {
                start.plus_millis(i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX))
            }
        }
    }

    /// Advances a manual clock. Other clocks run by themselves and do not change.
    pub fn advance_millis(&self, millis: i64) {
        if let Self::Manual(now) = self {
            now.fetch_add(millis, Ordering::SeqCst);
        }
    }
}
