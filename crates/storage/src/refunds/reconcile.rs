//! Reconciles the cards of a programme with their refunds, to the fen, in one snapshot of the database.

use member_domain::{CivilDate, Fen, RefundHistory, RefundReport, RefundRule, RefundState, UnixMillis};
use rusqlite::{Connection, Row};
use tokio::sync::mpsc;

use crate::{
    Database, StorageResult,
    columns::date,
    refunds::{
        batch::Sum,
        names::{rule, state},
        results::place,
    },
};

/// The kind of a disagreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingKind {
    /// An amount is due, but no refund was scheduled.
    NoRefund,
    /// The refund's amount is not the amount that the programme's rule gives today.
    OtherAmount,
    /// The refund's state is not the state that its reports give.
    OtherState,
    /// A report does not match its refund.
    Held,
    /// A report does not fit the state machine.
    Refused,
    /// The card and its refund belong to different programmes.
    OtherProgramme,
}

impl FindingKind {
    /// All kinds.
    pub const ALL: [Self; 6] =
        [Self::NoRefund, Self::OtherAmount, Self::OtherState, Self::Held, Self::Refused, Self::OtherProgramme];

    /// The name that operators see.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoRefund => "no-refund",
            Self::OtherAmount => "other-amount",
            Self::OtherState => "other-state",
            Self::Held => "report-held",
            Self::Refused => "report-refused",
            Self::OtherProgramme => "other-programme",
        }
    }
}

/// One disagreement.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The kind.
    pub kind: FindingKind,
    /// The card's number: 12 digits.
    pub card_number: String,
    /// The refund's number; `None` if there is no refund.
    pub refund_id: Option<String>,
    /// The explanation for operators.
    pub reason: String,
}

/// The money of a programme's cards, by where it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The prices paid for cards.
    pub paid: Sum,
    /// The amounts that the programme keeps by its rule. Counts only cards of which it keeps something.
    pub kept: Sum,
    /// The refunds, in the order of [`RefundState::ALL`].
    pub refunds: [Sum; 5],
    /// The amounts that are due and have no refund.
    pub not_started: Sum,
    /// The number of reports without effect that were reviewed.
    pub reviewed: i64,
}

impl Account {
    /// The amount that was paid but is not accounted for, in fen. It is zero if everything agrees.
    pub fn difference(&self) -> i128 {
        let refunds: i128 = self.refunds.iter().map(|sum| sum.fen).sum();
        self.paid.fen - self.kept.fen - refunds - self.not_started.fen
    }
}

impl Database {
    /// Reconciles a programme's cards by its rule and last day. Sends every disagreement to `findings`. If
    /// the receiver is dropped, the method stops early and the account is incomplete.
    pub async fn reconcile_refunds(
        &self,
        programme_id: String,
        rule: RefundRule,
        last_day: CivilDate,
        findings: mpsc::Sender<Finding>,
    ) -> StorageResult<Account> {
        self.read(move |connection| {
            // One transaction reads one snapshot.
            let moment = connection.unchecked_transaction()?;
            let send = |finding| findings.blocking_send(finding).is_ok();
            let mut account = cards(&moment, &programme_id, rule, last_day, &send)?;
            strayed(&moment, &programme_id, &send)?;
            reports(&moment, &programme_id, &send)?;
            account.reviewed = reviewed(&moment, &programme_id)?;
            Ok(account)
        })
        .await
    }
}

struct KnownRefund {
    id: String,
    programme_id: String,
    state: RefundState,
    amount: Fen,
    rule: RefundRule,
}

fn cards(
    connection: &Connection,
    programme_id: &str,
    rule: RefundRule,
    last_day: CivilDate,
    send: &impl Fn(Finding) -> bool,
) -> StorageResult<Account> {
    let mut statement = connection.prepare(
        "SELECT number, valid_from, valid_until, paid_fen, refunds.id, refunds.programme_id, state, amount_fen, rule
         FROM cards LEFT JOIN refunds ON refunds.card_number = cards.number
         WHERE cards.programme_id = ?1 ORDER BY number",
    )?;
    let mut rows = statement.query([programme_id])?;
    let mut account = Account::default();
    while let Some(row) = rows.next()? {
        let number: String = row.get(0)?;
        let paid = Fen(row.get(3)?);
        let share = rule.split(paid, date(&row.get::<_, String>(1)?)?, date(&row.get::<_, String>(2)?)?, last_day);
        account.paid.add(paid);
        if share.retained.0 != 0 {
            account.kept.add(share.retained);
        }
        let refund = refund(row)?;
        match &refund {
            Some(refund) => account.refunds[place(refund.state)].add(refund.amount),
            None if share.refund.0 > 0 => account.not_started.add(share.refund),
            None => {}
        }
        for (kind, reason) in disagreements(connection, refund.as_ref(), rule, share.refund, programme_id)? {
            let refund_id = refund.as_ref().map(|refund| refund.id.clone());
            if !send(Finding { kind, card_number: number.clone(), refund_id, reason }) {
                return Ok(account);
            }
        }
    }
    Ok(account)
}

fn refund(row: &Row<'_>) -> StorageResult<Option<KnownRefund>> {
    let Some(id) = row.get(4)? else { return Ok(None) };
    Ok(Some(KnownRefund {
        id,
        programme_id: row.get(5)?,
        state: state(&row.get::<_, String>(6)?)?,
        amount: Fen(row.get(7)?),
        rule: rule(&row.get::<_, String>(8)?)?,
    }))
}

fn disagreements(
    connection: &Connection,
    refund: Option<&KnownRefund>,
    rule: RefundRule,
    due: Fen,
    programme_id: &str,
) -> StorageResult<Vec<(FindingKind, String)>> {
    let Some(refund) = refund else {
        let missing = || (FindingKind::NoRefund, format!("{} fen are due and no refund was scheduled", due.0));
        return Ok((due.0 > 0).then(missing).into_iter().collect());
    };
    let mut found = Vec::new();
    if refund.amount != due {
        let reason = format!(
            "the refund is of {} fen by the rule {}, today {} gives {} fen",
            refund.amount.0,
            refund.rule.as_str(),
            rule.as_str(),
            due.0
        );
        found.push((FindingKind::OtherAmount, reason));
    }
    let follows = state_by_reports(connection, &refund.id)?;
    if refund.state != follows {
        let reason = format!("the refund is {}, its reports make it {}", refund.state.as_str(), follows.as_str());
        found.push((FindingKind::OtherState, reason));
    }
    if refund.programme_id != programme_id {
        found.push((FindingKind::OtherProgramme, format!("the refund is of the programme {}", refund.programme_id)));
    }
    Ok(found)
}

fn state_by_reports(connection: &Connection, refund_id: &str) -> StorageResult<RefundState> {
    let mut statement = connection
        .prepare_cached("SELECT state, occurred_at FROM refund_reports WHERE refund_id = ?1 AND fate <> 'held'")?;
    let mut rows = statement.query([refund_id])?;
    let mut reports = Vec::new();
    while let Some(row) = rows.next()? {
        reports.push(RefundReport { state: state(&row.get::<_, String>(0)?)?, at: UnixMillis(row.get(1)?) });
    }
    Ok(RefundHistory::of(reports).state)
}

/// Finds refunds of the programme whose cards now belong to another programme. [`cards`] does not read them.
fn strayed(connection: &Connection, programme_id: &str, send: &impl Fn(Finding) -> bool) -> StorageResult<()> {
    let mut statement = connection.prepare(
        "SELECT number, refunds.id, cards.programme_id, amount_fen
         FROM refunds JOIN cards ON cards.number = refunds.card_number
         WHERE refunds.programme_id = ?1 AND cards.programme_id <> ?1 ORDER BY refunds.id",
    )?;
    let mut rows = statement.query([programme_id])?;
    while let Some(row) = rows.next()? {
        let reason = format!(
            "the card is of the programme {} now, and its refund of {} fen is in the sums of that one",
            row.get::<_, String>(2)?,
            row.get::<_, i64>(3)?
        );
        let kind = FindingKind::OtherProgramme;
        if !send(Finding { kind, card_number: row.get(0)?, refund_id: row.get(1)?, reason }) {
            break;
        }
    }
    Ok(())
}

/// Finds reports about the programme's refunds that have no effect and were not reviewed.
fn reports(connection: &Connection, programme_id: &str, send: &impl Fn(Finding) -> bool) -> StorageResult<()> {
    let mut statement = connection.prepare(
        "SELECT fate, card_number, refund_id, refund_reports.id, source, reason
         FROM refund_reports JOIN refunds ON refunds.id = refund_reports.refund_id
         WHERE fate IN ('refused', 'held') AND reviewed_at IS NULL AND programme_id = ?1 ORDER BY fate, seq",
    )?;
    let mut rows = statement.query([programme_id])?;
    while let Some(row) = rows.next()? {
        let held = row.get::<_, String>(0)? == "held";
        let (id, source): (String, String) = (row.get(3)?, row.get(4)?);
        let reason = format!("report {id} ({source}): {}", row.get::<_, Option<String>>(5)?.unwrap_or_default());
        let kind = if held { FindingKind::Held } else { FindingKind::Refused };
        if !send(Finding { kind, card_number: row.get(1)?, refund_id: row.get(2)?, reason }) {
            break;
        }
    }
    Ok(())
}

fn reviewed(connection: &Connection, programme_id: &str) -> StorageResult<i64> {
    let sql = "SELECT COUNT(*) FROM refund_reports JOIN refunds ON refunds.id = refund_reports.refund_id
               WHERE fate IN ('refused', 'held') AND reviewed_at IS NOT NULL AND programme_id = ?1";
    Ok(connection.query_row(sql, [programme_id], |row| row.get(0))?)
}
