//! Every fen of a programme's cards accounted for, from one moment of the database.

use member_domain::{CivilDate, Fen, RefundHistory, RefundReport, RefundRule, RefundState, UnixMillis};
use rusqlite::{Connection, Row};
use tokio::sync::mpsc;

use super::{
    Database, StorageResult, date,
    refund_batch::Sum,
    refund_results::place,
    refunds::{rule, state},
};

/// What does not agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FindingKind {
    /// Something is due, and no refund was scheduled.
    NoRefund,
    /// The refund's amount is not what the programme's rule gives today.
    OtherAmount,
    /// The refund's state is not what its reports make of it.
    OtherState,
    /// A report does not match its refund.
    Held,
    /// A report is outside the state machine.
    Refused,
    /// The card and its refund are of two programmes.
    OtherProgramme,
}

impl FindingKind {
    pub(crate) const ALL: [Self; 6] =
        [Self::NoRefund, Self::OtherAmount, Self::OtherState, Self::Held, Self::Refused, Self::OtherProgramme];

    pub(crate) const fn as_str(self) -> &'static str {
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

/// One thing that does not agree.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) kind: FindingKind,
    pub(crate) card_number: String,
    pub(crate) refund_id: Option<String>,
    pub(crate) reason: String,
}

/// Where the money of a programme's cards is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    /// What was paid for cards.
    pub(crate) paid: Sum,
    /// What is kept by the programme's rule, of cards of which anything is.
    pub(crate) kept: Sum,
    /// The refunds, by the order of [`RefundState::ALL`].
    pub(crate) refunds: [Sum; 5],
    /// What is due without a refund.
    pub(crate) not_started: Sum,
    /// How many reports without effect were reviewed.
    pub(crate) reviewed: i64,
}

impl Account {
    /// What was paid and is nowhere; zero if everything agrees.
    pub(crate) fn difference(&self) -> i128 {
        let refunds: i128 = self.refunds.iter().map(|sum| sum.fen).sum();
        self.paid.fen - self.kept.fen - refunds - self.not_started.fen
    }
}

impl Database {
    /// Accounts for a programme's cards by its rule and last day, and sends what does not agree to `findings` while somebody
    /// receives it.
    pub(crate) async fn reconcile_refunds(
        &self,
        programme_id: String,
        rule: RefundRule,
        last_day: CivilDate,
        findings: mpsc::Sender<Finding>,
    ) -> StorageResult<Account> {
        self.read(move |connection| {
            // One transaction sees one moment.
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
        if share.kept.0 != 0 {
            account.kept.add(share.kept);
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

/// Refunds of the programme whose cards are of another one now: they are not among its cards.
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

/// Reports on refunds of the programme that have no effect, and that nobody has reviewed.
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
