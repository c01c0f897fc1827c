//! Opening hours past midnight, in OpenStreetMap's syntax. The crate lets a rule for Saturday replace all
//! other rules on Saturday, including the end of Friday's night: `Mo-Fr 18:00-02:00; Sa-Su 18:00-03:00` would
//! be closed on Saturday at one. If all rules are only for weekdays, they are rewritten so that they add to
//! each other. Other rules beside such a night are not read.

use opening_hours::{OpeningHours, RuleKind};

const NAMES: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// Parses the hours; `None` if they do not follow the syntax, or if a night would be cut off.
pub(super) fn read(hours: &str) -> Option<OpeningHours> {
    if let Some(read) = kept(hours).and_then(|hours| hours.parse().ok()) {
        return Some(read);
    }
    let read: OpeningHours = hours.parse().ok()?;
    let rules = &read.get_expression().rules;
    let is_sum = !hours.contains([';', '|']) && rules.iter().all(|rule| rule.kind == RuleKind::Open);
    (rules.len() == 1 || is_sum || !passes_midnight(&read)).then_some(read)
}

/// Whether any of these hours end on the next day.
pub(super) fn passes_midnight(hours: &OpeningHours) -> bool {
    let expression = hours.get_expression();
    expression.rules.iter().flat_map(|rule| &rule.time_selector.spans).any(|span| {
        // The crate does not export its times. As text (`09:00`) they have the same order.
        let (from, until) = (span.range.start.to_string(), span.range.end.to_string());
        until.as_str() > "24:00" || (until <= from && until != "00:00")
    })
}

/// Returns the hours as rules that add to each other; `None` unless all rules are only for weekdays. The last
/// rule for a weekday applies.
fn kept(hours: &str) -> Option<String> {
    let mut week: [Option<&str>; 7] = [None; 7];
    for rule in hours.split(';').map(str::trim) {
        let (days, times) = if is_times(rule) { ("Mo-Su", rule) } else { rule.split_once(' ')? };
        let times = match times.trim() {
            // A day without a rule is closed, too.
            "off" | "closed" => None,
            times if is_times(times) => Some(times),
            _ => return None,
        };
        weekdays(days)?.into_iter().for_each(|day| week[day] = times);
    }
    let mut rules: Vec<(Vec<&str>, &str)> = Vec::new();
    for (name, times) in NAMES.into_iter().zip(week).filter_map(|(name, times)| Some((name, times?))) {
        match rules.iter_mut().find(|(_, known)| *known == times) {
            Some((days, _)) => days.push(name),
            None => rules.push((vec![name], times)),
        }
    }
    let rules: Vec<String> = rules.into_iter().map(|(days, times)| format!("{} {times}", days.join(","))).collect();
    (!rules.is_empty()).then(|| rules.join(", "))
}

/// Whether a text can be times and cannot be days.
fn is_times(text: &str) -> bool {
    text.contains(':') && text.bytes().all(|byte| byte.is_ascii_digit() || b":-, ".contains(&byte))
}

/// Parses weekdays such as `Mo-Fr` and `Sa,Su`; Monday is 0.
fn weekdays(selector: &str) -> Option<Vec<usize>> {
    let index = |name: &str| NAMES.iter().position(|known| *known == name);
    let mut days = Vec::new();
    for part in selector.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (index(first)?, index(last)?);
        days.extend((0..=(last + 7 - first) % 7).map(|offset| (first + offset) % 7));
    }
    Some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_for_weekdays_add_to_each_other_and_the_last_one_for_a_day_counts() {
        for (hours, expected) in [
            ("Mo-Fr 18:00-02:00; Sa-Su 18:00-03:00", Some("Mo,Tu,We,Th,Fr 18:00-02:00, Sa,Su 18:00-03:00")),
            (
                "Mo-Th 11:00-14:00,18:00-26:00;Sa 18:00-03:00 ; Su off",
                Some("Mo,Tu,We,Th 11:00-14:00,18:00-26:00, Sa 18:00-03:00"),
            ),
            (
                "Mo-Th 11:00-14:00, 18:00-26:00; Su 18:00-24:00",
                Some("Mo,Tu,We,Th 11:00-14:00, 18:00-26:00, Su 18:00-24:00"),
            ),
            ("Sa-Mo 18:00-02:00", Some("Mo,Sa,Su 18:00-02:00")),
            ("Mo-Su 18:00-02:00; Fr,Sa 18:00-04:00", Some("Mo,Tu,We,Th,Su 18:00-02:00, Fr,Sa 18:00-04:00")),
            ("Sa-Mo 18:00-02:00; Mo off", Some("Sa,Su 18:00-02:00")),
            ("Mo off; Sa-Mo 18:00-02:00", Some("Mo,Sa,Su 18:00-02:00")),
            ("18:00-02:00; Mo-Fr 18:00-01:00", Some("Mo,Tu,We,Th,Fr 18:00-01:00, Sa,Su 18:00-02:00")),
            ("Mo-Fr 10:00-20:00; PH off", None),
            ("May-Oct Mo-Su 06:30-19:30; Nov-Apr Sa-Su 09:00-16:30", None),
            ("2026", None),
            ("24/7", None),
            ("Mo-Fr 10:00+; Sa off", None),
            ("Mo off", None),
            ("", None),
        ] {
            assert_eq!(kept(hours).as_deref(), expected, "{hours}");
            assert!(expected.is_none_or(|hours| hours.parse::<OpeningHours>().is_ok()), "{hours}");
        }
    }
}
