//! Texts of dates, times and intervals.
//!
//! The server reads many forms, some by the session's settings. Here the ISO forms are read, and what can be no date because it has no digit.

use super::fit::Fit;

/// Words that are a point in time by themselves (manual 8.5.1.4, 15).
const MOMENTS: &[&str] = &["epoch", "infinity", "-infinity", "+infinity", "now", "today", "tomorrow", "yesterday"];

/// `2020-01-31`, or a word.
pub(super) fn date(text: &str) -> Fit {
    let trimmed = text.trim_ascii();
    match iso_date(trimmed) {
        Some(true) => Fit::Accepted,
        Some(false) => out_of_range(text),
        None if is_no_day(trimmed) => syntax("date", text),
        None => without_digits(text, "date", &[]),
    }
}

/// `10:30`, `10:30:15.5`, or a word.
pub(super) fn time(text: &str, type_name: &str) -> Fit {
    let trimmed = text.trim_ascii();
    match iso_time(trimmed) {
        Some(true) => Fit::Accepted,
        _ if iso_date(trimmed).is_some() || is_count_of_units(trimmed) => syntax(type_name, text),
        Some(false) | None => without_digits(text, type_name, &["allballs"]),
    }
}

/// A date, perhaps with a time behind a blank or `T`, perhaps with `Z` or hours from UTC; or a word.
pub(super) fn timestamp(text: &str, type_name: &str) -> Fit {
    let trimmed = text.trim_ascii();
    let (day, rest) = trimmed.split_once([' ', 'T']).unwrap_or((trimmed, ""));
    match (iso_date(day), rest) {
        (Some(true), "") => Fit::Accepted,
        (Some(false), "") => out_of_range(text),
        (Some(true), rest) if iso_time(without_offset(rest)) == Some(true) => Fit::Accepted,
        (Some(_), _) => Fit::Unknown,
        (None, _) if is_no_day(trimmed) => syntax(type_name, text),
        (None, _) => without_digits(text, type_name, &["allballs"]),
    }
}

/// A few digits, or a span of time: `1`, `1 day`.
fn is_no_day(text: &str) -> bool {
    let is_short_number = (1..=5).contains(&text.len()) && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    is_short_number || is_count_of_units(text)
}

/// `1 day`, `-2 hours`: a number and a unit, and nothing else.
fn is_count_of_units(text: &str) -> bool {
    const UNITS: &[&str] = &["second", "minute", "hour", "day", "week", "month", "year"];
    let mut parts = text.split_ascii_whitespace();
    let (Some(count), Some(unit), None) = (parts.next(), parts.next(), parts.next()) else { return false };
    let digits = count.strip_prefix(['+', '-']).unwrap_or(count);
    let is_count = (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_count && UNITS.contains(&unit.to_ascii_lowercase().trim_end_matches('s'))
}

/// `1 day`, `-1 month`. A date is none.
pub(super) fn interval(text: &str) -> Fit {
    let trimmed = text.trim_ascii();
    if is_count_of_units(trimmed) {
        return Fit::Accepted;
    }
    let (day, rest) = trimmed.split_once(' ').unwrap_or((trimmed, "00:00"));
    if iso_date(day) == Some(true) && iso_time(rest) == Some(true) {
        return syntax("interval", text);
    }
    if text.bytes().any(|byte| byte.is_ascii_digit() || byte == b'.') || text.to_ascii_lowercase().contains("infinity") {
        return Fit::Unknown;
    }
    syntax("interval", text)
}

/// No form of a date or time is without a digit, but for some words.
fn without_digits(text: &str, type_name: &str, more: &[&str]) -> Fit {
    let word = text.trim_ascii().to_ascii_lowercase();
    if MOMENTS.contains(&word.as_str()) && !type_name.starts_with("time ") && type_name != "time" {
        return Fit::Accepted;
    }
    let has_moment = |known: &str| word.contains(known.trim_start_matches(['-', '+']));
    if word.bytes().any(|byte| byte.is_ascii_digit()) || MOMENTS.iter().chain(more).any(|known| has_moment(known)) {
        return Fit::Unknown;
    }
    syntax(type_name, text)
}

/// Whether `2020-01-31` is a day of the calendar; `None` when it is not written so.
fn iso_date(text: &str) -> Option<bool> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let is_form = parts.next().is_none() && year.len() == 4 && month.len() == 2 && day.len() == 2;
    if !is_form || ![year, month, day].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    Some(year > 0 && jiff::civil::Date::new(year, month, day).is_ok())
}

/// Whether `10:30` or `10:30:15.5` is a time of the day; `None` when it is not written so.
fn iso_time(text: &str) -> Option<bool> {
    let mut parts = text.split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next().unwrap_or("00"));
    let (second, fraction) = second.split_once('.').unwrap_or((second, "0"));
    let fields = [hour, minute, second];
    let is_form = parts.next().is_none() && fields.iter().all(|part| part.len() == 2) && !fraction.is_empty() && fraction.len() <= 6;
    if !is_form || !fields.iter().chain([&fraction]).all(|part| part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    Some(hour < "24" && minute < "60" && second < "60")
}

/// The time without `Z`, `+02` or `-05:30` behind it.
fn without_offset(text: &str) -> &str {
    let bare = text.trim_ascii_end();
    if let Some(bare) = bare.strip_suffix('Z') {
        return bare;
    }
    let Some((time, offset)) = bare.rsplit_once(['+', '-']) else { return bare };
    let is_offset = matches!(offset.len(), 2 | 5) && offset < "15" && offset.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    let minutes_fit = offset.get(2..).is_none_or(|minutes| minutes.is_empty() || matches!(minutes, ":00" | ":15" | ":30" | ":45"));
    if is_offset && minutes_fit { time.trim_ascii_end() } else { bare }
}

fn out_of_range(text: &str) -> Fit {
    Fit::Refused("22008", format!("date/time field value out of range: \"{text}\""))
}

fn syntax(type_name: &str, text: &str) -> Fit {
    Fit::Refused("22007", format!("invalid input syntax for type {type_name}: \"{text}\""))
}
