//! The server as an operator starts it: in its own process.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

use reqwest::Method;
use tempfile::TempDir;

use super::Call;

/// A server process with demo data. It ends when dropped.
pub(crate) struct Process {
    child: Child,
    pub(crate) origin: String,
    pub(crate) printed: String,
    client: reqwest::Client,
    log: PathBuf,
    /// Kept open: the server ends if it cannot print.
    _output: BufReader<ChildStdout>,
    directory: TempDir,
}

impl Process {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        // A write beyond a limit of file size fails, as on a full disk, and does not end the server.
        Self::start_after("trap '' XFSZ", "debug", arguments)
    }

    /// Starts a server after a command of the shell, which sets its limits. Logs entries of this level and above.
    pub(crate) fn start_after(command: &str, log_level: &str, arguments: &[&str]) -> Self {
        let directory = TempDir::new().unwrap();
        std::fs::write(directory.path().join("index.html"), "<!doctype html><title>page</title>").unwrap();
        let database = format!("sqlite://{}", directory.path().join("demo.sqlite").display());
        let log = directory.path().join("log");
        let mut child = Command::new("sh")
            .args(["-c", &format!("{command}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_member-server")])
            .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--database", &database, "--site"])
            .arg(directory.path())
            .args(arguments)
            .env("RUST_LOG", log_level)
            .stdout(Stdio::piped())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut printed = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        while !printed.contains("Ctrl-C") {
            assert_ne!(output.read_line(&mut printed).unwrap(), 0, "the server has ended: {printed}");
        }
        let start = printed.find("http://").expect("the links are printed");
        let origin = printed[start..].split("/demo").next().unwrap().to_owned();
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { child, origin, printed, client, log, _output: output, directory }
    }

    pub(crate) fn call(&self, method: Method, path: &str) -> Call {
        Call(self.client.request(method, format!("{}{path}", self.origin)))
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.origin.strip_prefix("http://").unwrap().parse().unwrap()
    }

    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn database_file(&self) -> PathBuf {
        self.directory().join("demo.sqlite")
    }

    /// The text of this file about the process in `/proc`.
    pub(crate) fn proc(&self, file: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).unwrap()
    }

    /// The memory that the server uses now, in kB.
    pub(crate) fn memory(&self) -> usize {
        let status = self.proc("status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches("kB").trim().parse().unwrap()
    }

    /// Limits how large a file of the server may become, in bytes: a full disk is 0, none is `unlimited`.
    pub(crate) fn limit_file_size(&self, bytes: &str) {
        let limit = format!("--fsize={bytes}:unlimited");
        let set = Command::new("prlimit").args(["--pid", &self.child.id().to_string(), &limit]).status().unwrap();
        assert!(set.success());
    }

    /// Ends the server and returns its log.
    pub(crate) fn end(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        std::fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
