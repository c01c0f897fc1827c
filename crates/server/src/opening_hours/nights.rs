//! Nights that go on past midnight, in OpenStreetMap's syntax. A rule for Saturday replaces what other rules say of
//! Saturday, by the crate's reading also the end of Friday's night: `Mo-Fr 18:00-02:00; Sa-Su 18:00-03:00` would be closed
//! on Saturday at one. Where rules are for different weekdays and nothing else, they may as well add to each other.

const NAMES: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// The same hours as rules that add to each other; `None` unless every rule is for weekdays that no other rule is for.
pub(super) fn kept(hours: &str) -> Option<String> {
    let mut seen = [false; 7];
    let mut rules = Vec::new();
    for rule in hours.split(';').map(str::trim) {
        let (days, times) = rule.split_once(' ')?;
        for day in weekdays(days)? {
            if std::mem::replace(&mut seen[day], true) {
                return None;
            }
        }
        match times.trim() {
            // Without a rule it is closed, too.
            "off" | "closed" => {}
            times if times.bytes().all(|byte| byte.is_ascii_digit() || b":-,".contains(&byte)) => {
                rules.push(format!("{days} {times}"));
            }
            _ => return None,
        }
    }
    (!rules.is_empty()).then(|| rules.join(", "))
}

/// The weekdays of `Mo-Fr`, `Sa,Su` and the like, from 0 for Monday on.
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
    fn rules_for_different_weekdays_add_to_each_other() {
        for (hours, expected) in [
            ("Mo-Fr 18:00-02:00; Sa-Su 18:00-03:00", Some("Mo-Fr 18:00-02:00, Sa-Su 18:00-03:00")),
            (
                "Mo-Th 11:00-14:00,18:00-26:00;Sa 18:00-03:00 ; Su off",
                Some("Mo-Th 11:00-14:00,18:00-26:00, Sa 18:00-03:00"),
            ),
            ("Sa-Mo 18:00-02:00", Some("Sa-Mo 18:00-02:00")),
            ("Mo-Su 18:00-02:00; Sa 18:00-03:00", None),
            ("Sa-Mo 18:00-02:00; Mo off", None),
            ("Mo-Fr 10:00-20:00; PH off", None),
            ("May-Oct Mo-Su 06:30-19:30; Nov-Apr Sa-Su 09:00-16:30", None),
            ("24/7", None),
            ("10:00-20:00", None),
            ("Mo-Fr 10:00+; Sa off", None),
            ("Mo off", None),
            ("", None),
        ] {
            assert_eq!(kept(hours).as_deref(), expected, "{hours}");
        }
    }
}
