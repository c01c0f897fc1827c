//! The number of files that the process may open. Each connection is one of them.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::RESERVE;

/// The files besides connections: the database, the log, the page's files, and some more.
const OTHERS: u64 = 128;
/// The database's files for each processor: four readers with two files each, and temporary files.
const A_PROCESSOR: u64 = 16;

/// Raises the limit as far as the system allows. Returns `wanted`, or the number of connections for which the
/// limit suffices if that is smaller. The log then tells what to do.
pub(crate) fn fit(wanted: usize) -> usize {
    let limit = raise();
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let fitting = fitting(wanted, limit, processors);
    if fitting < wanted {
        tracing::warn!(
            limit,
            "this process may open too few files for {wanted} connections, so it serves at most {fitting} at once: raise \
             the hard limit (LimitNOFILE in a systemd unit, 'ulimit -Hn' in a shell), or lower --max-connections",
        );
    }
    fitting
}

/// Raises the soft limit to the hard limit, and returns the limit. `None` is no limit.
fn raise() -> Option<u64> {
    let limit = getrlimit(Resource::Nofile);
    if limit.current == limit.maximum {
        return limit.current;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }) {
        Ok(()) => limit.maximum,
        Err(error) => {
            tracing::warn!(%error, "cannot raise the limit of open files");
            limit.current
        }
    }
}

/// Returns the number of connections, at least one, that a limit of open files leaves, at most `wanted`.
fn fitting(wanted: usize, limit: Option<u64>, processors: usize) -> usize {
    let Some(limit) = limit else { return wanted };
    let others = OTHERS + A_PROCESSOR * u64::try_from(processors).unwrap_or(u64::MAX / A_PROCESSOR / 2);
    let left = usize::try_from(limit.saturating_sub(others)).unwrap_or(usize::MAX);
    left.saturating_sub(RESERVE).clamp(1, wanted.max(1))
}

#[cfg(test)]
mod tests {
    use super::fitting;

    #[test]
    fn connections_are_what_other_files_leave() {
        for (wanted, limit, processors, fits) in [
            (10_000, None, 2, 10_000),
            (10_000, Some(1_048_576), 64, 10_000),
            (10_000, Some(10_192), 2, 10_000),
            (10_000, Some(10_191), 2, 9_999),
            (10_000, Some(1_024), 2, 832),
            (10_000, Some(1_024), 64, 1),
            (10_000, Some(100), 2, 1),
            (800, Some(1_024), 2, 800),
        ] {
            assert_eq!(fitting(wanted, limit, processors), fits, "{wanted} {limit:?} {processors}");
        }
    }
}
