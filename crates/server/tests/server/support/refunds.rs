//! A programme with cards and an end, in a database file, and the commands for its refunds.

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    thread,
    time::Duration,
};

use member_storage::{cells, inspect::Rows};
use tempfile::TempDir;

use super::{DAY, member_server_command, noon, operator};

/// Last day of the programme `p`.
pub(crate) const LAST_DAY: &str = "2026-10-31";

/// A card of the programme.
#[derive(Clone, Debug)]
pub(crate) struct TestCard {
    pub(crate) paid: i64,
    pub(crate) from: String,
    pub(crate) until: String,
}

impl TestCard {
    pub(crate) fn paid(paid: i64) -> Self {
        Self { paid, from: "2026-01-01".to_owned(), until: "2026-12-31".to_owned() }
    }
}

/// A refund in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HeldRefund {
    pub(crate) id: String,
    pub(crate) card: String,
    pub(crate) state: String,
    pub(crate) amount: i64,
}

/// A database with the programme `p`.
pub(crate) struct Ending {
    directory: TempDir,
}

impl Ending {
    /// A programme whose end is announced.
    pub(crate) fn of(rule: &str, cards: &[TestCard]) -> Self {
        let ending = Self::running(cards);
        ending.sql(&format!("UPDATE programmes SET last_day = '{LAST_DAY}', refund_rule = '{rule}'"));
        ending
    }

    /// A programme without an announced end.
    pub(crate) fn running(cards: &[TestCard]) -> Self {
        let ending = Self { directory: TempDir::new().unwrap() };
        ending.operator(&["programme", "put", "--id", "p", "--name", "卡", "--price-fen", "16800"]);
        ending.rows().together(|rows| {
            for (index, card) in cards.iter().enumerate() {
                let (member, number) = (format!("m{index}"), format!("{index:012}"));
                let sql = "INSERT INTO members (id, name, created_at) VALUES (?1, '会员', 1)";
                rows.run(sql, cells![&member]);
                let sql = "INSERT INTO cards
                               (number, member_id, programme_id, valid_from, valid_until, cities, paid_fen)
                           VALUES (?1, ?2, 'p', ?3, ?4, 'shanghai', ?5)";
                rows.run(sql, cells![number, member, &card.from, &card.until, card.paid]);
            }
        });
        ending
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path("members.sqlite")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a file and returns its path.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), content).unwrap();
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Changes the database in a way that no command does.
    pub(crate) fn sql(&self, sql: &str) {
        self.rows().run_all(sql);
    }

    /// The database's rows, over a new connection.
    pub(crate) fn rows(&self) -> Rows {
        Rows::open(&self.database())
    }

    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.rows().one(sql, cells![])
    }

    /// Every refund, in the order of the cards.
    pub(crate) fn refunds(&self) -> Vec<HeldRefund> {
        let sql = "SELECT id, card_number, state, amount_fen FROM refunds ORDER BY card_number";
        let held = self.rows().all(sql, cells![]).into_iter();
        held.map(|(id, card, state, amount)| HeldRefund { id, card, state, amount }).collect()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = member_server_command(noon());
        command.arg("refunds").args(arguments).args(["--database", &format!("sqlite://{}", self.database().display())]);
        command.env("RUST_LOG", "warn");
        command
    }

    /// Runs `member-server` on this database at [`noon`], like all commands of this programme. It must
    /// succeed.
    pub(crate) fn operator(&self, arguments: &[&str]) -> String {
        operator(&self.database(), noon(), arguments)
    }

    /// Runs `member-server refunds` with these arguments.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::from(self.command(arguments).output().unwrap())
    }

    /// Starts `member-server refunds` with these arguments in another process.
    pub(crate) fn spawn(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// A programme whose refunds were all started ten days ago.
    pub(crate) fn started(rule: &str, cards: &[TestCard]) -> Self {
        let ending = Self::of(rule, cards);
        ending.start().well();
        ending.sql(&format!(
            "UPDATE refunds SET scheduled_at = scheduled_at - {0}, checked_at = checked_at - {0}",
            10 * DAY
        ));
        ending
    }

    pub(crate) fn start(&self) -> Ran {
        self.run(&["start", "--programme", "p"])
    }

    pub(crate) fn reconcile(&self) -> Ran {
        self.run(&["reconcile", "--programme", "p"])
    }
}

/// The output of a command.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) ok: bool,
    pub(crate) out: String,
    pub(crate) error: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            ok: output.status.success(),
            out: String::from_utf8(output.stdout).unwrap(),
            error: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// The command must have succeeded.
    #[track_caller]
    pub(crate) fn well(self) -> Self {
        assert!(self.ok, "{self:?}");
        self
    }

    /// The command must have failed.
    #[track_caller]
    pub(crate) fn badly(self) -> Self {
        assert!(!self.ok, "{self:?}");
        self
    }

    /// The count and the fen in the line with this name.
    #[track_caller]
    pub(crate) fn sum(&self, name: &str) -> (u64, i128) {
        let line =
            self.out.lines().find_map(|line| line.trim().strip_prefix(name).filter(|rest| rest.starts_with("  ")));
        let mut words = line.unwrap_or_else(|| panic!("no line '{name}': {}", self.out)).split_whitespace();
        (words.next().unwrap().parse().unwrap(), words.next().unwrap().parse().unwrap())
    }

    /// The faults of a file, one per line.
    pub(crate) fn faults(&self) -> Vec<&str> {
        self.error.lines().filter_map(|line| line.strip_prefix("  ")).collect()
    }
}

/// The peak memory of a process until it ends successfully, in kB.
pub(crate) fn peak_memory(mut process: Child) -> u64 {
    let mut peak = 0;
    while process.try_wait().unwrap().is_none() {
        peak = peak_so_far(&process).unwrap_or(peak);
        thread::sleep(Duration::from_millis(2));
    }
    assert!(process.wait().unwrap().success());
    peak
}

/// The peak memory so far in kB; `None` once the process has ended.
fn peak_so_far(process: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", process.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

/// The time so many milliseconds before the commands run, in finance's format.
pub(crate) fn ago(millis: i64) -> String {
    chrono::DateTime::from_timestamp_millis(noon().0 - millis).unwrap().to_rfc3339()
}

/// A file of results with its total.
pub(crate) fn results(rows: &[String], fen: i128) -> String {
    let header = "refund_id,state,amount_fen,currency,occurred_at,provider_reference";
    let body: String = rows.iter().map(|row| format!("{row}\n")).collect();
    format!("{header}\n{body}TOTAL,{},{fen},CNY,,\n", rows.len())
}

/// A file for spreadsheets without its byte order mark, which it must have.
#[track_caller]
pub(crate) fn without_mark(file: &str) -> String {
    file.strip_prefix('\u{feff}').expect("a byte order mark").to_owned()
}
