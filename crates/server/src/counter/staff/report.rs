//! `/R/report`: the shop's report about its redemptions, as a page and as CSV.

use std::io;

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use member_domain::{CivilDate, Fen, UnixMillis};
use member_storage::{ReportBy, ReportRow};
use serde::Deserialize;

use super::{
    StaffError, StaffResult,
    page::{Page, link, notice, words, yuan},
    visitor::{Phone, Visitor},
};
use crate::{counter::Counter, spreadsheet::Csv};

/// The period that the page shows, by day or by month. The CSV has all days or months.
const DAYS: i64 = 31;
const MONTHS: u16 = 24;

#[derive(Deserialize)]
pub(super) struct ReportQuery {
    by: Option<String>,
}

type ByQuery = Result<Query<ReportQuery>, QueryRejection>;

fn period(query: ByQuery) -> StaffResult<ReportBy> {
    let Query(query) = query.map_err(|_| StaffError::NotFound)?;
    match query.by.as_deref() {
        None | Some("day") => Ok(ReportBy::Day),
        Some("month") => Ok(ReportBy::Month),
        Some(_) => Err(StaffError::NotFound),
    }
}

pub(super) async fn show(State(state): State<Counter>, visitor: Visitor, query: ByQuery) -> StaffResult {
    let by = period(query)?;
    let phone = visitor.paired("/R/report")?;
    let since = first_day(by, state.clock.now());
    let rows = state.database.report(phone.shop_id.clone(), by, Some(since)).await?;
    Ok(report_page(&phone, by, &rows))
}

pub(super) async fn csv(State(state): State<Counter>, visitor: Visitor, query: ByQuery) -> StaffResult {
    let by = period(query)?;
    let phone = visitor.paired("/R/report")?;
    let rows = state.database.report(phone.shop_id, by, None).await?;
    let csv = report_csv(&rows).map_err(|error| {
        tracing::error!(%error, "a report cannot be written as CSV");
        StaffError::Internal
    })?;
    let name = match by {
        ReportBy::Day => "attachment; filename=\"card-report-by-day.csv\"",
        ReportBy::Month => "attachment; filename=\"card-report-by-month.csv\"",
    };
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, name)], csv).into_response())
}

fn report_csv(rows: &[ReportRow]) -> io::Result<Vec<u8>> {
    let columns = ["period", "redemptions", "bill_fen", "saved_fen", "first_time_members"];
    let mut csv = Csv::new(Vec::new(), columns)?;
    for row in rows.iter().rev() {
        let (bill, saved) = (row.bill.0.to_string(), row.saved.0.to_string());
        csv.row([row.period.clone(), row.redemptions.to_string(), bill, saved, row.first_time_members.to_string()])?;
    }
    csv.finish()
}

/// Returns the first of the last 31 days or of the last 24 months, in Asia/Shanghai.
fn first_day(by: ReportBy, now: UnixMillis) -> CivilDate {
    let today = CivilDate::in_shanghai(now);
    match by {
        ReportBy::Day => today.plus_days(1 - DAYS),
        ReportBy::Month => today.first_of_month_before(MONTHS - 1),
    }
}

fn report_page(phone: &Phone, by: ReportBy, rows: &[ReportRow]) -> Response {
    let title = words("会员卡|带来了多少", "What the card brought");
    let (by_day, by_month) = match by {
        ReportBy::Day => (" aria-current=page", ""),
        ReportBy::Month => ("", " aria-current=page"),
    };
    let tabs = format!(
        "<nav><a href=/R/report{by_day}>{}</a><a href=\"/R/report?by=month\"{by_month}>{}</a></nav>",
        words("近 31 天", "31 days").label(),
        words("近 24 个月", "24 months").label(),
    );
    let content = if rows.is_empty() { nothing_yet() } else { totals(rows) + &table(by, rows) };
    let csv = match by {
        ReportBy::Day => "/R/report.csv?by=day",
        ReportBy::Month => "/R/report.csv?by=month",
    };
    let download = link(csv, words("下载全部（CSV）", "Download all"));
    let body = format!("{}{tabs}{content}{download}", title.heading());
    Page { status: StatusCode::OK, title: title.zh, shop: Some(&phone.shop_name), body }.of_report()
}

fn nothing_yet() -> String {
    notice(
        words("这段时间|还没有核销", "No redemptions in this time"),
        words(
            "有会员用卡之后，笔数、金额和新客会出现在这里。",
            "Once members use the card here, their visits and bills appear on this page.",
        ),
        "",
    )
}

fn totals(rows: &[ReportRow]) -> String {
    let bill: Fen = rows.iter().map(|row| row.bill).sum();
    let saved: Fen = rows.iter().map(|row| row.saved).sum();
    let redemptions: u64 = rows.iter().map(|row| u64::from(row.redemptions)).sum();
    let first: u64 = rows.iter().map(|row| u64::from(row.first_time_members)).sum();
    let stats = [
        (words("账单合计", "Bills"), yuan(bill)),
        (words("省下", "Saved"), yuan(saved)),
        (words("核销笔数", "Visits"), redemptions.to_string()),
        (words("新客", "First-time"), first.to_string()),
    ];
    let stats: String =
        stats.iter().map(|(label, value)| format!("<div><dt>{}<dd>{value}</div>", label.label())).collect();
    format!("<div class=panel><dl class=stats>{stats}</dl></div>")
}

fn table(by: ReportBy, rows: &[ReportRow]) -> String {
    let head = [
        match by {
            ReportBy::Day => words("日期", "Day"),
            ReportBy::Month => words("月份", "Month"),
        },
        words("核销 · 新客", "Visits, new"),
        words("账单 · 省下", "Bills, saved"),
    ];
    let head: String = head.iter().map(|label| format!("<th>{}", label.label())).collect();
    let rows: String = rows
        .iter()
        .map(|row| {
            // The order shows which year a day belongs to.
            let period = match by {
                ReportBy::Day => row.period.get(5..).unwrap_or_default(),
                ReportBy::Month => &row.period,
            };
            let new = match row.first_time_members {
                0 => String::new(),
                count => format!("<small class=new>+{count} 新客</small>"),
            };
            let (visits, bill, saved) = (row.redemptions, yuan(row.bill), yuan(row.saved));
            format!("<tr><th>{period}<td>{visits}{new}<td>{bill}<small>−{saved}</small>")
        })
        .collect();
    format!("<div class=panel><table><thead><tr>{head}<tbody>{rows}</table></div>")
}
