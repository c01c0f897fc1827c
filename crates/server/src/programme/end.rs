//! Announces the end of a programme: reads the announcement's text and checks the announcement.

use std::{fs::File, io::Read, path::Path};

use anyhow::{Context, bail};
use member_domain::{CivilDate, ProgrammePhase, ProgrammeSchedule, UnixMillis, wire::Announcement};
use member_storage::{Database, ProgrammeRecord};

/// The maximum length of an announcement, in characters.
const LONGEST: usize = 4_000;
/// The maximum size of the file, in bytes. It is more than any text of `LONGEST` characters needs, even with
/// two-byte line breaks.
const MOST_BYTES: u64 = 5 * LONGEST as u64;

/// An operator's announcement of a programme's end.
#[derive(Clone)]
pub(crate) struct AnnouncedEnd {
    /// The last day on which cards work.
    pub(crate) last_day: CivilDate,
    /// The date of the announcement. With `None`, it is today, or stays if the texts are unchanged.
    pub(crate) dated: Option<CivilDate>,
    /// The announcement in Chinese.
    pub(crate) text: String,
    /// The announcement in English, if there is one.
    pub(crate) text_en: Option<String>,
    /// Whether it may replace an earlier announcement.
    pub(crate) replace: bool,
}

/// Announces the end of a programme. Returns a summary with the next step.
pub(crate) async fn announce(
    database: &Database,
    id: String,
    end: AnnouncedEnd,
    now: UnixMillis,
) -> anyhow::Result<String> {
    let today = CivilDate::in_shanghai(now);
    let (last_day, in_english) = (end.last_day, end.text_en.is_some());
    let decide = {
        let id = id.clone();
        move |current: Option<ProgrammeRecord>, has_refunds| {
            let current = current.with_context(|| format!("there is no programme '{id}': see 'programme status'"))?;
            end.clone().of(current, has_refunds, today)
        }
    };
    let Some(programme) = database.change_programme(id.clone(), now, decide).await?? else {
        return Ok(format!("'{id}' ends after {last_day}, as was announced before: nothing changed"));
    };
    let languages = if in_english { "in Chinese and English" } else { "in Chinese only" };
    let dated = programme.announcement.map(|announcement| announcement.dated.to_string()).unwrap_or_default();
    let days = last_day.days_since(today);
    let when = if days < 0 { "is over".to_owned() } else { format!("is {days} days from today") };
    Ok(format!(
        "'{id}' ends: {last_day}, the last day cards work, {when}\n\
         the announcement, dated {dated}, {languages}, is in the page now\n\
         next: 'member-server refunds start --programme {id}' schedules the refunds (rule '{}')",
        programme.refund_rule.as_str(),
    ))
}

impl AnnouncedEnd {
    /// Returns the programme with its end announced; `None` if the same end was announced before.
    fn of(
        self,
        current: ProgrammeRecord,
        has_refunds: bool,
        today: CivilDate,
    ) -> anyhow::Result<Option<ProgrammeRecord>> {
        let Self { last_day, dated, text, text_en, replace } = self;
        let id = &current.id;
        let has_ended = ProgrammeSchedule { last_day: current.last_day }.phase_on(today) == ProgrammePhase::Ended;
        if let Some(ended) = current.last_day.filter(|ended| has_ended && *ended != last_day) {
            bail!("'{id}' has ended: {ended} was its last day, and that does not change any more");
        }
        // After the end, the announcement may still be replaced.
        if last_day < today && !has_ended {
            bail!("--last-day is {last_day}, which is over: today is {today} in Asia/Shanghai");
        }
        let dated = match (dated, &current.announcement) {
            (Some(dated), _) if dated > today => {
                bail!("--dated is {dated}, and members read the announcement today, on {today}")
            }
            (Some(dated), _) => dated,
            // Repeating the same texts does not change the date.
            (None, Some(before)) if before.text == text && before.text_en == text_en => before.dated,
            (None, _) => today,
        };
        let announcement = Some(Announcement { dated, text, text_en });
        let before = current.last_day;
        if before == Some(last_day) && current.announcement == announcement {
            return Ok(None);
        }
        if before != Some(last_day) && has_refunds {
            let was = before.map_or_else(|| "none was announced".to_owned(), |day| format!("it is {day}"));
            bail!("refunds of '{id}' exist, and what they give back may depend on the last day: {was}, and that stays");
        }
        match before {
            Some(day) if !replace && day != last_day => {
                bail!("'{id}' was announced to end after {day}: --replace makes {last_day} the last day instead")
            }
            Some(_) if !replace && current.announcement.is_some() => {
                bail!("the end of '{id}' was announced with another text or date: --replace puts this one in its place")
            }
            _ => Ok(Some(ProgrammeRecord { last_day: Some(last_day), announcement, ..current })),
        }
    }
}

/// Reads an announcement from a file.
pub(crate) fn read_text(path: &Path) -> anyhow::Result<String> {
    let shown = path.display();
    let mut bytes = Vec::new();
    let file = File::open(path).with_context(|| format!("cannot read the announcement {shown}"))?;
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read the announcement {shown}"))?;
    if bytes.len() as u64 > MOST_BYTES {
        bail!("the announcement {shown} is too long: it may have {LONGEST} characters");
    }
    text_of(&bytes).with_context(|| format!("the announcement {shown}"))
}

/// Parses the text of an announcement: trimmed, with line feeds as its only control characters.
fn text_of(bytes: &[u8]) -> anyhow::Result<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').replace("\r\n", "\n"),
        Err(error) => bail!("is not UTF-8 from byte {} on: save it as UTF-8", error.valid_up_to() + 1),
    };
    for (index, line) in text.split('\n').enumerate() {
        if let Some(found) = line.chars().find(|character| character.is_control()) {
            bail!("has the control character U+{:04X} in line {}: write plain text", u32::from(found), index + 1);
        }
    }
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 {
        bail!("is empty");
    }
    if length > LONGEST {
        bail!("has {length} characters: it may have {LONGEST}");
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_announcement_is_plain_text() {
        let text = text_of("\u{feff}\r\n 卡片停用公告\r\n\r\n余款退回。 \n".as_bytes()).expect("plain text");
        assert_eq!(text, "卡片停用公告\n\n余款退回。");
        assert_eq!(text_of("字".repeat(4_000).as_bytes()).expect("4,000 characters").chars().count(), 4_000);
    }

    #[test]
    fn what_is_no_plain_text_is_refused_with_its_place() {
        let long = "字".repeat(4_001);
        for (bytes, why) in [
            (&b"\xbf\xa8\xc6\xac"[..], "not UTF-8 from byte 1"),
            (b" \r\n\n ", "is empty"),
            (b"", "is empty"),
            (b"one\ntwo\x07", "U+0007 in line 2"),
            (b"one\rtwo", "U+000D in line 1"),
            (b"one\ttwo", "U+0009 in line 1"),
            (long.as_bytes(), "has 4001 characters"),
        ] {
            let error = text_of(bytes).expect_err(why).to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
