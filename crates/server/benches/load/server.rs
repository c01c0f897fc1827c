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

/// The measured builds, with their names.
pub(crate) fn builds() -> Vec<(&'static str, PathBuf)> {
    let other = std::env::var_os("OTHER_BUILD").map(|file| ("other build", file.into()));
    std::iter::once(("server", THIS_BUILD.into())).chain(other).collect()
}

/// A running server. It ends when dropped.
pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
    /// Time from the start to the first answer.
    pub(crate) started_in: Duration,
    pub(crate) database: PathBuf,
}

impl Process {
    /// Serves this database with an operator's settings, except a rate limit per till that no benchmark
    /// reaches. The log goes to a file beside the database, as in operation.
    pub(crate) fn serve(database: &Path) -> Self {
        Self::of_build(Path::new(THIS_BUILD), database)
    }

    /// Serves this database with another build.
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

    /// The memory it uses now, in kB.
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

/// An address with a port that the system has just assigned. The port is still free a moment later, since
/// nothing else starts here.
fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Runs a command of the server on this database.
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
