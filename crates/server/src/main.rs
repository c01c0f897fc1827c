//! `member-server`: serves the member page and its API, and keeps the data behind them.

use std::process::ExitCode;

fn main() -> ExitCode {
    member_server::cli::run()
}
