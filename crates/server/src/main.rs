//! `member-server`: serves the member page and its API, and manages their data.

use std::process::ExitCode;

fn main() -> ExitCode {
    member_server::cli::run()
}
