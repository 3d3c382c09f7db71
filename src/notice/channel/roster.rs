//! A table of who gets the message, for a mail merge or a texting service: CSV (RFC 4180), one line for each person.

use super::digest::digest;
use super::record::Channel;
use crate::notice::Notice;
use crate::notice::text::clean;

/// Who gets it.
pub(super) static ROSTER: Channel =
    Channel { name: "csv", about: "who gets it, for a mail merge: one line for each person", ending: "csv", between: None, render };

fn render(notice: &Notice) -> Option<String> {
    if notice.to.is_empty() {
        return None;
    }
    let mut text = String::from("recipient,name,email,phone,slack,language,step,subject,digest\r\n");
    for person in &notice.to {
        let or_nothing = |value: &Option<String>| value.clone().unwrap_or_default();
        let cells = [
            notice.recipient_name.clone(),
            person.name.clone(),
            or_nothing(&person.email),
            or_nothing(&person.phone),
            or_nothing(&person.slack),
            notice.language.clone(),
            notice.step.as_str().to_owned(),
            notice.subject.clone(),
            digest(notice),
        ];
        let cells: Vec<String> = cells.iter().map(|cell| escape(cell)).collect();
        text.push_str(&format!("{}\r\n", cells.join(",")));
    }
    Some(text)
}

/// A cell in quotes. What a spreadsheet would take for a formula gets an apostrophe before it, which spreadsheets show as text.
fn escape(text: &str) -> String {
    let text = clean(text);
    let is_formula = text.starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    format!("\"{}{}\"", if is_formula { "'" } else { "" }, text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::escape;

    #[test]
    fn a_formula_stays_text() {
        assert_eq!(escape("=HYPERLINK(\"http://x\")"), "\"'=HYPERLINK(\"\"http://x\"\")\"");
        assert_eq!(escape("\t+1"), "\"'+1\"");
        assert_eq!(escape("Maria"), "\"Maria\"");
    }

    proptest! {
        #[test]
        fn a_cell_is_one_cell(text in "[\\PC\\r\\n\\t\"=+@,-]{0,40}") {
            let cell = escape(&text);
            let inner = cell.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap();
            prop_assert!(!inner.replace("\"\"", "").contains('"'));
            prop_assert!(!inner.starts_with(['=', '+', '-', '@']) && !inner.contains(['\r', '\n']));
        }
    }
}
