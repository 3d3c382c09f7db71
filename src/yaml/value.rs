//! Values that several files hold: days, moments, e-mail addresses. Each check gives the value, or writes the fault down with its place.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::diagnostic::Problem;
use crate::text::Spanned;

/// A day, written `YYYY-MM-DD`.
pub fn date(text: &Spanned<String>, problems: &mut Vec<Problem>) -> Option<Date> {
    let looks_right = text.value.len() == 10;
    match text.value.parse::<Date>() {
        Ok(day) if looks_right => Some(day),
        Ok(_) | Err(_) => {
            let problem = Problem::error("value-not-a-date", format!("`{}` is no day of the calendar", text.value)).at(text.span);
            problems.push(problem.help("write year, month and day, for example 2026-10-01"));
            None
        }
    }
}

/// A moment: with its offset (`2026-12-08T18:00:00-05:00`, `…Z`), or as a time of day in the time zone that is given.
pub fn moment(text: &Spanned<String>, zone: Option<&TimeZone>, problems: &mut Vec<Problem>) -> Option<Timestamp> {
    if let Ok(moment) = text.value.parse::<Timestamp>() {
        return Some(moment);
    }
    if let Ok(moment) = text.value.parse::<Zoned>() {
        return Some(moment.timestamp());
    }
    let local = text.value.parse::<DateTime>().ok().filter(|_| text.value.len() > 10);
    let Some(local) = local else {
        let problem = Problem::error("value-not-a-moment", format!("`{}` is no date and time", text.value)).at(text.span);
        problems.push(problem.help("write it with its offset, for example 2026-12-08T18:00:00-05:00"));
        return None;
    };
    let Some(zone) = zone else {
        let problem = Problem::error("value-without-time-zone", format!("`{}` does not say in which time zone", text.value)).at(text.span);
        problems.push(problem.help("add the offset, for example -05:00, or set `organisation.time_zone` in fieldgate.yml"));
        return None;
    };
    let in_zone = zone.to_ambiguous_timestamp(local).unambiguous().ok();
    if in_zone.is_none() {
        let message = format!("the clocks are changed at `{}`: there is no such time, or there are two", text.value);
        problems.push(Problem::error("value-ambiguous-time", message).at(text.span).help("add the offset, for example -05:00"));
    }
    in_zone
}

/// An e-mail address: something, an `@`, and a domain, without spaces. Whether somebody reads it is not checked.
pub fn e_mail(text: &Spanned<String>, problems: &mut Vec<Problem>) -> Option<String> {
    let well_formed = text.value.split_once('@').is_some_and(|(name, domain)| {
        let clean =
            |part: &str| !part.is_empty() && !part.contains(|letter: char| letter.is_whitespace() || letter.is_control() || "<>(),;:\"".contains(letter));
        clean(name) && clean(domain) && !domain.contains('@') && !domain.starts_with('.') && !domain.ends_with('.')
    });
    if well_formed {
        return Some(text.value.clone());
    }
    let problem = Problem::error("value-not-an-e-mail", format!("`{}` is no e-mail address", text.value)).at(text.span);
    problems.push(problem.help("write the address alone, for example maria.lopez@example.org"));
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Sources, Span};

    fn spanned(text: &str) -> Spanned<String> {
        let mut sources = Sources::default();
        let id = sources.add("test.yml", text);
        Spanned::new(text.to_owned(), Span::new(id, 0, 1))
    }

    #[test]
    fn only_days_of_the_calendar_are_days() {
        let mut problems = Vec::new();
        assert!(date(&spanned("2026-02-28"), &mut problems).is_some());
        for text in ["2026-02-30", "28.02.2026", "2026-02-28T10:00", "soon", "20260228"] {
            assert_eq!(date(&spanned(text), &mut problems), None, "{text}");
        }
        assert_eq!(problems.len(), 5);
    }

    #[test]
    fn a_time_of_day_needs_a_zone_and_must_be_one_moment() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let mut problems = Vec::new();
        let with_offset = moment(&spanned("2026-12-08T18:00:00-05:00"), None, &mut problems);
        assert_eq!(with_offset, moment(&spanned("2026-12-08 18:00"), Some(&zone), &mut problems));
        assert_eq!(problems, []);
        assert_eq!(moment(&spanned("2026-12-08 18:00"), None, &mut problems), None);
        assert_eq!(moment(&spanned("2026-11-01 01:30"), Some(&zone), &mut problems), None, "this half hour comes twice");
        assert_eq!(moment(&spanned("tonight"), Some(&zone), &mut problems), None);
        assert_eq!(
            problems.iter().map(|problem| problem.code.0).collect::<Vec<_>>(),
            ["value-without-time-zone", "value-ambiguous-time", "value-not-a-moment"]
        );
    }

    #[test]
    fn an_address_is_one_address() {
        let mut problems = Vec::new();
        assert!(e_mail(&spanned("a.b+c@example.org"), &mut problems).is_some());
        for text in ["a", "a@", "@b", "Maria <m@x.org>", "a@b, c@d", "a@b@c"] {
            assert_eq!(e_mail(&spanned(text), &mut problems), None, "{text}");
        }
    }
}
