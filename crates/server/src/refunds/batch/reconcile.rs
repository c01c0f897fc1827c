//! Proves that every fen paid for a programme's cards is accounted for, and lists the disagreements.

use std::{fmt, path::Path};

use member_domain::{CivilDate, RefundRule, RefundState};
use member_storage::{Account, Database, Finding, FindingKind, Sum, state_place};
use tokio::sync::mpsc;

use super::{ending, finance_file::FinanceFile, summary_line, yuan};

/// The maximum number of findings of each kind that are shown.
const SHOWN: usize = 100;
/// How many findings are read ahead of the output.
const AHEAD: usize = 256;

const COLUMNS: [&str; 4] = ["kind", "card_number", "refund_id", "reason"];

/// The result of a reconciliation: the account and the disagreements.
pub(crate) struct Reconciled {
    rule: RefundRule,
    last_day: CivilDate,
    account: Account,
    found: [Found; 6],
}

/// The findings of one kind.
#[derive(Default)]
struct Found {
    count: u64,
    first: Vec<Finding>,
}

impl Reconciled {
    /// Returns the number of disagreements.
    pub(crate) fn disagreements(&self) -> u64 {
        self.found.iter().map(|found| found.count).sum()
    }

    /// Whether all payments are accounted for.
    pub(crate) fn is_balanced(&self) -> bool {
        self.account.difference() == 0
    }
}

impl fmt::Display for Reconciled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sum = |state| self.account.refunds[state_place(state)];
        let mut pending = sum(RefundState::Scheduled);
        pending += sum(RefundState::Processing);
        writeln!(f, "rule {}, last day {}", self.rule.as_str(), self.last_day)?;
        let parts: [(&str, Sum); 9] = [
            ("paid", self.account.paid),
            ("kept", self.account.kept),
            ("succeeded", sum(RefundState::Succeeded)),
            ("pending", pending),
            ("  scheduled", sum(RefundState::Scheduled)),
            ("  processing", sum(RefundState::Processing)),
            ("abnormal", sum(RefundState::Abnormal)),
            ("closed", sum(RefundState::Closed)),
            ("not started", self.account.not_started),
        ];
        for (name, sum) in parts {
            writeln!(f, "{}", summary_line(name, sum))?;
        }
        match self.account.difference() {
            0 => write!(f, "paid = kept + succeeded + pending + abnormal + closed + not started, to the fen")?,
            difference => {
                write!(f, "paid differs from the sum of the others by {difference} fen ({} yuan)", yuan(difference))?;
            }
        }
        for (kind, found) in FindingKind::ALL.into_iter().zip(&self.found).filter(|(_, found)| found.count > 0) {
            write!(f, "\n{}: {}", kind.as_str(), found.count)?;
            for Finding { card_number, refund_id, reason, .. } in &found.first {
                write!(f, "\n  card {card_number}, {}: {reason}", refund_id.as_deref().unwrap_or("no refund"))?;
            }
            match found.count - found.first.len() as u64 {
                0 => {}
                more => write!(f, "\n  and {more} more: --csv FILE lists all")?,
            }
        }
        match self.account.reviewed {
            0 => Ok(()),
            count => write!(f, "\nreports without effect that were reviewed: {count}"),
        }
    }
}

/// Accounts for all cards of a programme. Also writes all disagreements to the file `csv`, if it is given.
pub(crate) async fn reconcile(
    database: &Database,
    programme_id: &str,
    csv: Option<&Path>,
    replace: bool,
) -> anyhow::Result<Reconciled> {
    let (programme, last_day) = ending(database, programme_id).await?;
    let rule = programme.refund_rule;
    let mut file = csv.map(|path| FinanceFile::create(path, replace, COLUMNS)).transpose()?;
    let (send, mut findings) = mpsc::channel(AHEAD);
    let database = database.clone();
    let reading = tokio::spawn(async move { database.reconcile_refunds(programme.id, rule, last_day, send).await });
    let mut found: [Found; 6] = Default::default();
    while let Some(finding) = findings.recv().await {
        if let Some(file) = &mut file {
            file.row(row(&finding))?;
        }
        let place = FindingKind::ALL.iter().position(|kind| *kind == finding.kind);
        let of_kind = &mut found[place.expect("all kinds are in the list of all kinds")];
        of_kind.count += 1;
        if of_kind.first.len() < SHOWN {
            of_kind.first.push(finding);
        }
    }
    let account = reading.await??;
    file.map_or(Ok(()), FinanceFile::finish)?;
    Ok(Reconciled { rule, last_day, account, found })
}

fn row(finding: &Finding) -> [String; 4] {
    [
        finding.kind.as_str().to_owned(),
        finding.card_number.clone(),
        finding.refund_id.clone().unwrap_or_default(),
        finding.reason.clone(),
    ]
}
