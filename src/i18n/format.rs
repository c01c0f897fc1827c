//! Formats numbers, money, dates and distances for the member. The browser's Intl writes the parts that
//! differ between languages. Dates and times are in Asia/Shanghai, independent of the device.

use std::{cell::OnceCell, rc::Rc};

use js_sys::{
    Array, Date, Function,
    Intl::{DateTimeFormat, NumberFormat},
    Object, Reflect,
};
use member_domain::{CivilDate, Discount, Distance, Fen, UnixMillis};
use wasm_bindgen::JsValue;

use super::{Count, Locale, number};

/// The formatters of one language. Each is created on first use, because creating one takes milliseconds.
pub struct Formats {
    locale: Locale,
    formatters: [OnceCell<Function>; 8],
}

/// The kinds of Intl formatters.
#[derive(Clone, Copy)]
enum Kind {
    Metres,
    Kilometres,
    Month,
    MonthAndYear,
    Day,
    Date,
    Weekday,
    Time,
}

const HALF_A_DAY: i64 = 43_200_000;

thread_local! {
    static FORMATS: [OnceCell<Rc<Formats>>; 4] = const { [const { OnceCell::new() }; 4] };
}

impl Formats {
    /// Returns the formatters of a language, which are created once.
    pub fn of(locale: Locale) -> Rc<Self> {
        FORMATS.with(|formats| Rc::clone(formats[locale as usize].get_or_init(|| Rc::new(Self::new(locale)))))
    }

    fn new(locale: Locale) -> Self {
        Self { locale, formatters: [const { OnceCell::new() }; 8] }
    }

    fn is_chinese(&self) -> bool {
        matches!(self.locale, Locale::ZhHans | Locale::ZhHant)
    }

    fn make(&self, kind: Kind) -> Function {
        let locale = self.locale;
        let unit = |unit| [("style", "unit"), ("unit", unit), ("unitDisplay", "short")];
        let zone = ("timeZone", "Asia/Shanghai");
        let month = if locale.is_english() { ("month", "short") } else { ("month", "long") };
        match kind {
            Kind::Metres => number_format(locale, &unit("meter"), 0),
            Kind::Kilometres => number_format(locale, &unit("kilometer"), 1),
            Kind::Month => date_format(locale, &[zone, ("month", "short")]),
            Kind::MonthAndYear => date_format(locale, &[zone, ("year", "numeric"), ("month", "short")]),
            Kind::Day => date_format(locale, &[zone, month, ("day", "numeric")]),
            Kind::Date => date_format(locale, &[zone, ("year", "numeric"), month, ("day", "numeric")]),
            Kind::Weekday => date_format(locale, &[zone, ("weekday", "short")]),
            Kind::Time => {
                date_format(locale, &[zone, ("hour", "2-digit"), ("minute", "2-digit"), ("hourCycle", "h23")])
            }
        }
    }

    fn format_with(&self, kind: Kind, value: &JsValue) -> String {
        let format = self.formatters[kind as usize].get_or_init(|| self.make(kind));
        format.call1(&JsValue::NULL, value).ok().and_then(|text| text.as_string()).unwrap_or_default()
    }

    /// `¥126.40`
    pub fn money(&self, amount: Fen) -> String {
        number::money(amount)
    }

    /// `¥168`, or with decimals if there are any: `¥168.50`.
    pub fn short_money(&self, amount: Fen) -> String {
        if amount.0 % 100 == 0 { number::whole_money(amount) } else { self.money(amount) }
    }

    /// `9 折` or `10% off`
    pub fn discount(&self, discount: Discount) -> String {
        if self.is_chinese() {
            // Rounded half up to hundredths.
            format!("{} 折", number::tenths((discount.remaining_permille() + 5) / 10))
        } else {
            format!("{}% off", number::tenths(discount.permille()))
        }
    }

    /// A number for a message, such as `1,000`.
    pub fn count(&self, number: impl TryInto<i64>) -> Count {
        let number = number.try_into().unwrap_or(i64::MAX);
        Count::new(number, number::group_thousands(number))
    }

    /// `230 m` or `230 米` below a kilometre, rounded to 10 m; otherwise `1.4 km` or `1.4 公里`.
    pub fn distance(&self, distance: Distance) -> String {
        let rounded = (distance.metres / 10.0).round() * 10.0;
        let text = if rounded < 1_000.0 {
            self.format_with(Kind::Metres, &rounded.into())
        } else {
            self.format_with(Kind::Kilometres, &(distance.metres / 1_000.0).into())
        };
        // Intl writes Chinese units without a space. The page's messages have one.
        match text.rfind(|c: char| c.is_ascii_digit()) {
            Some(last) if self.is_chinese() && !text[last + 1..].starts_with(' ') => {
                format!("{} {}", &text[..=last], &text[last + 1..])
            }
            _ => text,
        }
    }

    /// `12月`. Chinese dates do not use the browser's Intl: creating its first date format takes a slow phone
    /// 40 ms before the card appears.
    pub fn month(&self, date: CivilDate) -> String {
        if self.is_chinese() {
            return format!("{}月", date.month());
        }
        self.format_with(Kind::Month, &noon(date))
    }

    /// `2026年12月`
    pub fn month_and_year(&self, date: CivilDate) -> String {
        if self.is_chinese() {
            return format!("{}年{}", date.year(), self.month(date));
        }
        self.format_with(Kind::MonthAndYear, &noon(date))
    }

    /// `12月31日`, or with the year if it differs from the year of `today`.
    pub fn day_from(&self, date: CivilDate, today: Option<CivilDate>) -> String {
        if today.is_some_and(|today| today.year() != date.year()) { self.date(date) } else { self.day(date) }
    }

    /// `12月31日`
    pub fn day(&self, date: CivilDate) -> String {
        if self.is_chinese() {
            return format!("{}{}日", self.month(date), date.day());
        }
        self.format_with(Kind::Day, &noon(date))
    }

    /// `2026年12月31日`
    pub fn date(&self, date: CivilDate) -> String {
        if self.is_chinese() {
            return format!("{}年{}", date.year(), self.day(date));
        }
        self.format_with(Kind::Date, &noon(date))
    }

    /// `周四`
    pub fn weekday(&self, date: CivilDate) -> String {
        self.format_with(Kind::Weekday, &noon(date))
    }

    /// `12月31日 14:05`
    pub fn day_and_time(&self, at: UnixMillis) -> String {
        format!("{} {}", self.day(CivilDate::in_shanghai(at)), self.time(at))
    }

    /// `2026年12月31日 14:05`
    pub fn date_and_time(&self, at: UnixMillis) -> String {
        format!("{} {}", self.date(CivilDate::in_shanghai(at)), self.time(at))
    }

    /// `14:05` within the next 18 hours, otherwise `周二 14:05`.
    pub fn closing_time(&self, at: UnixMillis, now: Option<UnixMillis>) -> String {
        const NEAR_MILLIS: i64 = 18 * 3_600_000;
        let far = now.is_some_and(|now| at.millis_since(now) > NEAR_MILLIS);
        let time = self.time(at);
        if far { format!("{} {time}", self.format_with(Kind::Weekday, &instant(at))) } else { time }
    }

    /// `14:05`
    pub fn time(&self, at: UnixMillis) -> String {
        self.format_with(Kind::Time, &instant(at))
    }
}

#[expect(clippy::cast_precision_loss, reason = "instants of this millennium are exact in a double")]
fn instant(at: UnixMillis) -> JsValue {
    Date::new(&(at.0 as f64).into()).into()
}

fn noon(date: CivilDate) -> JsValue {
    instant(date.start_in_shanghai().plus_millis(HALF_A_DAY))
}

fn number_format(locale: Locale, options: &[(&str, &str)], fraction_digits: u8) -> Function {
    let options = object(options);
    let _ = Reflect::set(&options, &"minimumFractionDigits".into(), &0.into());
    let _ = Reflect::set(&options, &"maximumFractionDigits".into(), &fraction_digits.into());
    NumberFormat::new(&Array::of1(&locale.tag().into()), &options).format()
}

fn date_format(locale: Locale, options: &[(&str, &str)]) -> Function {
    DateTimeFormat::new(&Array::of1(&locale.tag().into()), &object(options)).format()
}

fn object(entries: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (name, value) in entries {
        // Setting a property of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), &(*value).into());
    }
    object
}
