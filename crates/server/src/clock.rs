//! The server's only source of time. Handlers take the instant from here once and pass it on.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, bail};
use member_domain::UnixMillis;

/// The environment variable with the instant at which a debug build's clock starts, in UTC milliseconds.
pub const NOW_VARIABLE: &str = "MEMBER_SERVER_NOW";

/// Where `now` comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that a test sets.
    Manual(Arc<AtomicI64>),
    /// A clock that started at `start` when the machine's monotonic clock read `since`, and runs on from there.
    Running {
        /// What this clock read at first.
        start: UnixMillis,
        /// When that was.
        since: Instant,
    },
}

impl Clock {
    /// A clock that stands at `now` until [`Self::advance_millis`] moves it.
    pub fn manual(now: UnixMillis) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(now.0)))
    }

    /// The clock of this process: the machine's, or in a debug build the one that [`NOW_VARIABLE`] starts. Tests run commands
    /// with it, so that a command and the server beside it agree on the day. A release build refuses the variable rather than
    /// ignore it, since a command at the wrong time deletes what it takes for old.
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

    /// The current instant.
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

    /// Moves a manual clock; the others run by themselves.
    pub fn advance_millis(&self, millis: i64) {
        if let Self::Manual(now) = self {
            now.fetch_add(millis, Ordering::SeqCst);
        }
    }
}
