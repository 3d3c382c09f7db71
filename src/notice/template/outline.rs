//! What a layout prints, read as headings and lines.
//!
//! `## Heading`, `- item`, `1. step`, anything else is a paragraph; blank lines mean nothing. Only signs that the layout itself wrote count:
//! a value is marked where it begins, so one that starts a line cannot become a heading or an item.

use crate::notice::document::{Line, Section};

/// Stands before every value that a layout prints.
pub(super) const VALUE: char = '\u{e000}';

/// Headings with their lines, in order. A heading without lines is left out.
pub(super) fn outline(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| line.chars().any(|letter| letter != VALUE)) {
        if let Some(title) = line.strip_prefix("## ") {
            sections.push(Section { title: plain(title), lines: Vec::new() });
            continue;
        }
        let line = read(line);
        match sections.last_mut() {
            Some(section) => section.lines.push(line),
            None => sections.push(Section { title: String::new(), lines: vec![line] }),
        }
    }
    sections.retain(|section| !section.lines.is_empty());
    for section in &mut sections {
        // One thing is no list.
        if let [Line::Item(text) | Line::Step(text)] = section.lines.as_slice() {
            section.lines = vec![Line::Paragraph(text.clone())];
        }
    }
    sections
}

fn read(line: &str) -> Line {
    if let Some(item) = line.strip_prefix("- ") {
        return Line::Item(plain(item));
    }
    let number = line.chars().take_while(char::is_ascii_digit).count();
    match line.get(number..).and_then(|rest| rest.strip_prefix(". ")) {
        Some(step) if number > 0 => Line::Step(plain(step)),
        _ => Line::Paragraph(plain(line)),
    }
}

fn plain(text: &str) -> String {
    text.chars().filter(|letter| *letter != VALUE).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_items_and_steps_are_read() {
        let sections = outline("## When\n\n- a\n1. b\nc\n\n## Empty\n");
        let lines = vec![Line::Item("a".into()), Line::Step("b".into()), Line::Paragraph("c".into())];
        assert_eq!(sections, [Section { title: "When".into(), lines }]);
    }

    #[test]
    fn a_value_is_never_a_sign() {
        let sections = outline("## T\n\u{e000}## Not a heading\n\u{e000}- not an item\n- \u{e000}\u{e000}x\n");
        assert_eq!(sections.len(), 1);
        assert_eq!(sections[0].lines[0], Line::Paragraph("## Not a heading".into()));
        assert_eq!(sections[0].lines[2], Line::Item("x".into()));
    }
}
