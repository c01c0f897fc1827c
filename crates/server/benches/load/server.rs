//! The server in a process of its own, and the commands beside it.

use std::{
    fs::{self, File},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::http::{Connection, get};

const THIS_BUILD: &str = env!("CARGO_BIN_EXE_member-server");

/// The builds that are measured, with their names.
pub(crate) fn builds() -> Vec<(&'static str, PathBuf)> {
    let other = std::env::var_os("OTHER_BUILD").map(|file| ("other build", file.into()));
    std::iter::once(("server", THIS_BUILD.into())).chain(other).collect()
}

/// A running server; ended when dropped.
pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
    /// From its start to its first answer.
    pub(crate) started_in: Duration,
    pub(crate) database: PathBuf,
}

impl Process {
    /// Serves this database with the settings an operator gets, but for a limit a till that no benchmark comes near. The log
    /// is written to a file beside it, as it would be by whoever starts a server.
    pub(crate) fn serve(database: &Path) -> Self {
        Self::of_build(Path::new(THIS_BUILD), database)
    }

    /// The same by another build.
    pub(crate) fn of_build(build: &Path, database: &Path) -> Self {
        let directory = database.parent().unwrap();
        let page = directory.join("index.html");
        fs::write(&page, "<!doctype html><title>page</title>").unwrap();
        let address = free_address();
        let since = Instant::now();
        let child = command(build)
            .args(["serve", "--terminal-limit", "1000000", "--listen", &address.to_string(), "--site"])
            .arg(directory)
            .args(["--database", &url(database)])
            .stdout(Stdio::null())
            .stderr(File::create(database.with_extension("log")).unwrap())
            .spawn()
            .unwrap();
        let health = get("/healthz", "");
        let mut connection = loop {
            match Connection::open(address) {
                Ok(connection) => break connection,
                Err(_) => std::thread::sleep(Duration::from_micros(200)),
            }
            assert!(since.elapsed() < Duration::from_mins(1), "the server does not start");
        };
        assert_eq!(connection.ask(&health).0, 200);
        Self { child, address, started_in: since.elapsed(), database: database.to_owned() }
    }

    /// What it holds in memory now, in kB.
    pub(crate) fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches("kB").trim().parse().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The system's port for a client is free a moment later, too; nothing else is started here meanwhile.
fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Runs a command of the server's on this database.
pub(crate) fn operate(database: &Path, arguments: &[&str]) {
    let mut command = command(Path::new(THIS_BUILD));
    command.args(arguments).args(["--database", &url(database)]).stdout(Stdio::null());
    assert!(command.status().unwrap().success(), "{arguments:?}");
}

fn command(build: &Path) -> Command {
    let mut command = Command::new(build);
    command.env_remove("RUST_LOG");
    command
}

fn url(database: &Path) -> String {
    format!("sqlite://{}", database.display())
}
