//! Moves the dates of the demo's shops, so that on any day they are as old as when `shops.csv` was written.

use anyhow::Context;
use member_domain::CivilDate;

/// The day on which the dates in `shops.csv` are right.
const WRITTEN_ON: &str = "2026-11-24";
const COLUMNS: [&str; 2] = ["curated_on", "visited_on"];

/// Returns the file with its dates moved by the days from `WRITTEN_ON` to `today`.
pub(super) fn brought_to(today: CivilDate, shops: &[u8]) -> anyhow::Result<Vec<u8>> {
    let days = today.days_since(WRITTEN_ON.parse()?);
    let mut reader = csv::Reader::from_reader(shops);
    let header = reader.headers()?.clone();
    let is_date: Vec<bool> = header.iter().map(|name| COLUMNS.contains(&name)).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header)?;
    for record in reader.records() {
        let record = record?;
        let fields = record.iter().zip(&is_date).map(|(field, is_date)| {
            if !is_date || field.is_empty() {
                return Ok(field.to_owned());
            }
            Ok(field.parse::<CivilDate>().with_context(|| field.to_owned())?.plus_days(days).to_string())
        });
        writer.write_record(fields.collect::<anyhow::Result<Vec<_>>>()?)?;
    }
    Ok(writer.into_inner()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_move_with_the_day_and_nothing_else_does() {
        let shops = "id,curated_on,name,visited_on\na,2026-11-23,\"2026-11-23, x\",\n";
        let moved = |day: &str| {
            let moved = brought_to(day.parse().expect("a date"), shops.as_bytes()).expect("a table");
            String::from_utf8(moved).expect("UTF-8")
        };
        assert_eq!(moved("2026-11-24"), shops);
        assert_eq!(moved("2027-01-01"), shops.replacen("2026-11-23", "2026-12-31", 1));
        assert_eq!(moved("2026-11-01"), shops.replacen("2026-11-23", "2026-10-31", 1));
    }
}
