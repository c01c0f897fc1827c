//! `member-server programme status`: prints the status of programmes, for a person to read.

use std::fmt::Write;

use anyhow::bail;
use member_domain::{CivilDate, ProgrammePhase, ProgrammeSchedule};
use member_storage::{Database, ProgrammeFigures, ProgrammeRecord, Sum};

use crate::spreadsheet::yuan;

/// The maximum number of reports to review that are shown for a programme.
const REVIEWED: u32 = 20;

/// Returns the status on `today` of all programmes, or of the programme with this id.
pub(crate) async fn report(database: &Database, id: Option<String>, today: CivilDate) -> anyhow::Result<String> {
    let all = database.programme_figures(id.clone(), REVIEWED).await?;
    if all.is_empty() {
        match id {
            Some(id) => bail!("there is no programme '{id}': 'programme status' alone shows all"),
            None => bail!("there is no programme yet: 'programme put' creates one"),
        }
    }
    Ok(all.iter().map(|figures| about(figures, today)).collect::<Vec<_>>().join("\n"))
}

fn about(figures: &ProgrammeFigures, today: CivilDate) -> String {
    let programme = &figures.programme;
    let mut text = format!("{}  {}\n", programme.id, programme.name);
    let mut line = |label: &str, value: String| {
        writeln!(text, "  {label:<14}{value}").expect("a string takes all that is written");
    };
    line("phase", phase(programme, today));
    line("price", amount(programme.price.0.into()));
    line("refund rule", programme.refund_rule.as_str().to_owned());
    line("support", support(programme));
    line("announcement", announcement(programme));
    line("cards", figures.cards.to_string());
    if figures.refunds.is_empty() {
        line("refunds", "none".to_owned());
    }
    let refunds = |Sum { count, fen }| format!("{count} refunds, {}", amount(fen));
    for (state, sum) in &figures.refunds {
        line(state.as_str(), refunds(*sum));
    }
    if figures.refunds.len() > 1 {
        let mut all = Sum::default();
        figures.refunds.iter().for_each(|(_, sum)| all += *sum);
        line("all refunds", refunds(all));
    }
    line("held", format!("{} reports for review", figures.idle_reports.held));
    line("refused", format!("{} reports for review", figures.idle_reports.refused));
    line("reviewed", format!("{} reports", figures.idle_reports.reviewed));
    for report in &figures.to_review {
        let day = CivilDate::in_shanghai(report.received_at);
        let (id, refund) = (&report.report_id, &report.refund_id);
        let said = format!("{day} report {id}, {refund} {}: {}", report.state.as_str(), report.reason);
        line(&format!("  {}", report.fate), said);
    }
    text
}

fn phase(programme: &ProgrammeRecord, today: CivilDate) -> String {
    let phase = ProgrammeSchedule { last_day: programme.last_day }.phase_on(today);
    match (phase, programme.last_day) {
        (ProgrammePhase::Ending, Some(day)) if day == today => format!("ending: today, {day}, is the last day"),
        (ProgrammePhase::Ending, Some(day)) => {
            format!("ending: {day} is the last day, {} days from today", day.days_since(today))
        }
        (ProgrammePhase::Ended, Some(day)) => {
            format!("ended: {day} was the last day, {} days ago", today.days_since(day))
        }
        _ => "running, no end announced".to_owned(),
    }
}

fn support(programme: &ProgrammeRecord) -> String {
    let Some(support) = &programme.support else {
        return "none: 'programme put --support-url' tells members whom to turn to".to_owned();
    };
    [support.url.as_deref(), support.phone.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn announcement(programme: &ProgrammeRecord) -> String {
    let Some(announcement) = &programme.announcement else { return "none".to_owned() };
    let languages = if announcement.text_en.is_some() { "Chinese and English" } else { "Chinese only" };
    format!("dated {}, {languages}", announcement.dated)
}

/// Formats an amount in fen and in yuan.
fn amount(fen: i128) -> String {
    format!("{fen} fen ({} yuan)", yuan(fen))
}
