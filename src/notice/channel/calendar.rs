//! Calendar entries (`.ics`, RFC 5545): the window, and the last day of an old name. Sent again they update the entry that is there; taken back they
//! take it away.

use jiff::Timestamp;
use jiff::civil::Date;

use super::record::Channel;
use crate::notice::text::clean;
use crate::notice::{CalendarEntry, Notice, Span, Standing};
use crate::project::NoticeStep;

/// Calendar entries.
pub(super) static CALENDAR: Channel =
    Channel { name: "ics", about: "calendar entries", ending: "ics", between: None, render: |notice| calendar(notice).map(|calendar| calendar.text) };

/// A calendar file.
pub(super) struct Calendar {
    pub(super) text: String,
    pub(super) is_cancelled: bool,
}

/// Sequences count minutes from here, so that whatever is sent later replaces what was sent before, without anybody keeping count.
const FIRST_MINUTE: i64 = 29_453_760; // 2026-01-01T00:00Z

/// The entries of a message; `None` when it has none.
pub(super) fn calendar(notice: &Notice) -> Option<Calendar> {
    if notice.entries.is_empty() {
        return None;
    }
    let is_cancelled = notice.entries.iter().all(|entry| entry.standing == Standing::Cancelled);
    let method = if is_cancelled { "CANCEL" } else { "PUBLISH" };
    let mut lines = vec![
        String::from("BEGIN:VCALENDAR"),
        String::from("VERSION:2.0"),
        String::from("PRODID:-//fieldgate//notice//EN"),
        String::from("CALSCALE:GREGORIAN"),
        format!("METHOD:{method}"),
    ];
    for entry in &notice.entries {
        lines.extend(event(notice, entry));
    }
    lines.push(String::from("END:VCALENDAR"));
    Some(Calendar { text: lines.iter().map(|line| fold(line)).collect(), is_cancelled })
}

fn event(notice: &Notice, entry: &CalendarEntry) -> Vec<String> {
    let language: String = notice.language.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect();
    let mut lines = vec![
        String::from("BEGIN:VEVENT"),
        format!("UID:{}", escape(&entry.uid)),
        format!("DTSTAMP:{}", utc(notice.written_at)),
        format!("SEQUENCE:{}", sequence(notice)),
    ];
    match entry.span {
        Span::Moments(start, end) => lines.extend([format!("DTSTART:{}", utc(start)), format!("DTEND:{}", utc(end))]),
        Span::Day(date) => {
            lines.push(format!("DTSTART;VALUE=DATE:{}", day(date)));
            // The end is the first day that does not belong to it.
            lines.extend(date.tomorrow().map(|end| format!("DTEND;VALUE=DATE:{}", day(end))));
        }
    }
    let title = escape(&entry.title);
    lines.push(format!("SUMMARY;LANGUAGE={language}:{title}"));
    lines.push(format!("DESCRIPTION;LANGUAGE={language}:{}", escape(&entry.text)));
    // Nobody is busy because of it.
    lines.push(String::from("TRANSP:TRANSPARENT"));
    match entry.standing {
        Standing::Cancelled => lines.push(String::from("STATUS:CANCELLED")),
        Standing::Confirmed => {
            lines.push(String::from("STATUS:CONFIRMED"));
            lines.extend(["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-P1D"].map(String::from));
            lines.extend([format!("DESCRIPTION:{title}"), String::from("END:VALARM")]);
        }
    }
    lines.push(String::from("END:VEVENT"));
    lines
}

/// Grows with time, and within the same minute with the series.
fn sequence(notice: &Notice) -> i64 {
    let step = match notice.step {
        NoticeStep::Announce => 0,
        NoticeStep::Reminder => 1,
        NoticeStep::Done => 2,
        NoticeStep::OldNameEnds => 3,
        NoticeStep::Incident => 4,
        NoticeStep::RolledBack => 5,
    };
    (notice.written_at.as_second().div_euclid(60) - FIRST_MINUTE).max(0) * 8 + step
}

fn utc(moment: Timestamp) -> String {
    moment.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn day(date: Date) -> String {
    date.strftime("%Y%m%d").to_string()
}

/// A text value: the backslash first.
fn escape(text: &str) -> String {
    clean(text).replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,")
}

/// A line of at most 75 octets, and what follows in lines that begin with a blank, which counts; no character is torn apart (3.1).
fn fold(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + line.len() / 70 * 3 + 2);
    let mut octets = 0;
    for character in line.chars() {
        if octets + character.len_utf8() > 75 {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(character);
        octets += character.len_utf8();
    }
    out.push_str("\r\n");
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sequences_count_from_their_first_minute() {
        let first: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(first.as_second() / 60, FIRST_MINUTE);
    }

    proptest! {
        #[test]
        fn a_folded_line_is_short_and_unfolds(text in "[\\PC\\r\\n]{0,300}") {
            let line = format!("SUMMARY:{}", escape(&text));
            let folded = fold(&line);
            prop_assert!(folded.split("\r\n").all(|part| part.len() <= 75));
            prop_assert_eq!(folded.replace("\r\n ", ""), format!("{line}\r\n"));
        }
    }
}
