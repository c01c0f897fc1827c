//! Starts the refunds of a programme in batches, one refund for each card. The command can be repeated.

use std::{fmt, time::Instant};

use anyhow::bail;
use member_domain::{CivilDate, RefundRule, UnixMillis};
use member_storage::{BatchStep, Database, RefundPlan, ScheduleTally};

use super::{
    ending, summary_line,
    turn::{CARDS_AT_ONCE, Turn},
};
use crate::secret::refund_number_at;

/// The options of a start.
pub(crate) struct Start {
    pub(crate) programme_id: String,
    /// The day on which refunds go to the payment provider.
    pub(crate) scheduled_for: Option<CivilDate>,
    /// The channel's estimate of the working days until the money arrives.
    pub(crate) estimate_working_days: Option<u8>,
    /// Whether refunds are only counted.
    pub(crate) dry_run: bool,
}

/// The result of a start.
pub(crate) struct Started {
    rule: RefundRule,
    last_day: CivilDate,
    tally: ScheduleTally,
    dry_run: bool,
}

impl fmt::Display for Started {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, last_day, tally, dry_run } = self;
        writeln!(f, "rule {}, last day {last_day}", rule.as_str())?;
        writeln!(f, "{}", summary_line("cards, paid", tally.paid))?;
        writeln!(f, "{}", summary_line(if *dry_run { "to schedule" } else { "scheduled now" }, tally.scheduled))?;
        writeln!(f, "{}", summary_line("already there", tally.already))?;
        if tally.changed.count > 0 {
            writeln!(f, "{}", summary_line(if *dry_run { "  to change" } else { "  changed now" }, tally.changed))?;
        }
        if tally.over.count > 0 {
            writeln!(f, "{}", summary_line("of cards over before", tally.over))?;
        }
        write!(f, "{}", summary_line("nothing to refund", tally.nothing))?;
        if *dry_run {
            write!(f, "\nnothing was written: this was a dry run")?;
        } else if tally.scheduled.count == 0 {
            write!(f, "\nevery card that gets a refund has one")?;
        }
        Ok(())
    }
}

/// Schedules the refund of every card of the programme that gets one and has none. If the process is killed,
/// the next start continues. Refunds that are still scheduled take the given day and estimate. Calls `begun`
/// with the number of cards, and `progress` with the number of cards in each batch.
pub(crate) async fn start(
    database: &Database,
    start: Start,
    now: UnixMillis,
    begun: impl Fn(u64),
    progress: impl Fn(u64),
) -> anyhow::Result<Started> {
    let (programme, last_day) = ending(database, &start.programme_id).await?;
    if let Some(day) = start.scheduled_for.filter(|day| *day < CivilDate::in_shanghai(now)) {
        bail!("--scheduled-for is {day}, which is over: name today or a later day");
    }
    begun(database.count_cards(start.programme_id.clone()).await?);
    let begun_at = Instant::now();
    let mut plan = RefundPlan {
        programme_id: start.programme_id,
        rule: programme.refund_rule,
        last_day,
        announced: programme.announcement.map_or(last_day, |announcement| announcement.dated),
        scheduled_for: start.scheduled_for,
        estimate_working_days: start.estimate_working_days,
        at: now,
        dry_run: start.dry_run,
    };
    let mut tally = ScheduleTally::default();
    let mut after = None;
    loop {
        plan.at = now.plus_millis(i64::try_from(begun_at.elapsed().as_millis()).unwrap_or_default());
        let turn = Turn::begin();
        match database.schedule_batch(plan.clone(), after, CARDS_AT_ONCE, refund_number_at).await? {
            BatchStep::Done { tally: batch, last } => {
                tally += batch;
                after = Some(last);
                progress(batch.paid.count);
                if batch.writes() && !plan.dry_run {
                    turn.end().await;
                }
            }
            BatchStep::End => break,
            BatchStep::PlanChanged => bail!(
                "the programme's rule or last day was changed after {} refunds had been scheduled: look at 'member-server \
                 refunds reconcile', then start again",
                tally.scheduled.count
            ),
        }
    }
    Ok(Started { rule: plan.rule, last_day, tally, dry_run: plan.dry_run })
}
