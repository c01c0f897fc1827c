//! `member-server shops health`: prints how well redeeming works at each shop, the worst shop first.

use std::io::{self, BufWriter, ErrorKind, Stdout, Write};

use clap::Args;
use member_domain::{City, CivilDate, UnixMillis};
use member_storage::ShopHealth;
use tokio::sync::mpsc;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Target, terminals::in_shanghai};
use crate::spreadsheet::Csv;

#[derive(Args)]
pub(super) struct Health {
    /// Only shops of this city.
    #[arg(long, value_name = "CITY", value_parser = City::from_name)]
    city: Option<City>,
    /// Print CSV, with names in full.
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    target: Target,
}

const COLUMNS: [&str; 9] = [
    "shop",
    "name",
    "last_success",
    "redemptions",
    "failures",
    "failed",
    "most_frequent_failure",
    "tested_on",
    "demoted",
];

/// The maximum width of a name, in terminal columns. A longer name is cut.
const NAME_WIDTH: usize = 24;
/// How many shops are read ahead of the output.
const AHEAD: usize = 64;

pub(super) async fn execute(command: Health, now: UnixMillis) -> anyhow::Result<()> {
    let (database, city) = (command.target.open()?, command.city);
    let today = CivilDate::in_shanghai(now);
    // Records change as attempts get old, and perhaps no server was running to re-evaluate them.
    database.sweep_trust(today).await?;
    let mut table = if command.csv {
        Table::Csv(Box::new(Csv::new(io::stdout(), COLUMNS)?))
    } else {
        Table::aligned(database.longest_shop_id(city, today).await?)
    };
    let (send, shops) = mpsc::channel(AHEAD);
    // Shops are printed while the database reads them, because there may be many.
    let reading = tokio::spawn(async move { database.shop_health(city, now, send).await });
    match print(&mut table, shops).await {
        // The reader of the output, such as `head`, has closed the pipe.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
        printed => printed?,
    }
    Ok(reading.await??)
}

async fn print(table: &mut Table, mut shops: mpsc::Receiver<ShopHealth>) -> io::Result<()> {
    if let Table::Aligned { .. } = table {
        table.row(&COLUMNS.map(str::to_owned))?;
    }
    while let Some(shop) = shops.recv().await {
        table.row(&cells(&shop))?;
    }
    table.finish()
}

fn cells(shop: &ShopHealth) -> [String; 9] {
    let trust = &shop.trust;
    let attempts = u64::from(trust.redemptions) + u64::from(trust.failures);
    // Rounded half up; empty without attempts.
    let failed = (u64::from(trust.failures) * 200 + attempts).checked_div(attempts * 2);
    [
        shop.id.clone(),
        shop.name.clone(),
        trust.last_success_at.map(in_shanghai).unwrap_or_default(),
        trust.redemptions.to_string(),
        trust.failures.to_string(),
        failed.map(|percent| format!("{percent}%")).unwrap_or_default(),
        shop.most_frequent.clone().unwrap_or_default(),
        trust.staff_tested_on.map(|day| day.to_string()).unwrap_or_default(),
        if trust.fails_often { "yes".to_owned() } else { String::new() },
    ]
}

/// The output table.
enum Table {
    Csv(Box<Csv<Stdout>>),
    /// Columns of these widths. Numbers are aligned to the right.
    Aligned {
        out: BufWriter<Stdout>,
        widths: [usize; 9],
    },
}

impl Table {
    fn aligned(longest_id: u32) -> Self {
        // All widths except the ids' are fixed, so that no shop has to be read twice.
        let widths = [usize::try_from(longest_id).unwrap_or(64).max(4), NAME_WIDTH, 16, 11, 8, 6, 21, 10, 7];
        Self::Aligned { out: BufWriter::new(io::stdout()), widths }
    }

    fn row(&mut self, cells: &[String; 9]) -> io::Result<()> {
        match self {
            Self::Csv(csv) => csv.row(cells.clone()),
            Self::Aligned { out, widths } => {
                let padded = cells.iter().zip(*widths).enumerate().map(|(column, (cell, width))| {
                    let cell = if cell.is_empty() { "-" } else { cell };
                    let cell = cut(cell, width);
                    let space = " ".repeat(width.saturating_sub(cell.width()));
                    if (3..=5).contains(&column) { format!("{space}{cell}") } else { format!("{cell}{space}") }
                });
                let line = padded.collect::<Vec<_>>().join("  ");
                writeln!(out, "{}", line.trim_end())
            }
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::Csv(csv) => csv.flush(),
            Self::Aligned { out, .. } => out.flush(),
        }
    }
}

/// Cuts a text to at most `width` terminal columns. A Chinese character takes two.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut taken = 0;
    let fits = |character: &char| {
        taken += character.width().unwrap_or(0);
        taken < width
    };
    let mut cut: String = text.chars().take_while(fits).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::cut;

    #[test]
    fn a_long_name_is_cut_by_the_columns_it_takes() {
        assert_eq!(cut("梧桐里手冲", 10), "梧桐里手冲");
        assert_eq!(cut("梧桐里手冲", 9), "梧桐里手…");
        assert_eq!(cut("梧桐里手冲", 8), "梧桐里…");
        assert_eq!(cut("a梧桐里手冲", 8), "a梧桐里…");
        for width in 2..30 {
            assert!(cut("The 小灯笼 Roasters ☕️ 咖啡烘焙", width).width() <= width, "{width}");
        }
    }
}
