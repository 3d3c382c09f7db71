//! What a hand-kept query says of itself in the comments at its head: `-- owner: Maria Lopez`, `-- department: finance`.

use crate::diagnostic::nearest;
use crate::text::{SourceId, Sources, Span, Spanned};

/// The keys that are read.
pub(super) const KEYS: [&str; 12] =
    ["name", "report", "kind", "tool", "department", "owner", "email", "criticality", "cadence", "last_checked", "description", "url"];

/// One `key: value` of the head.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// One of [`KEYS`].
    pub key: &'static str,
    /// What follows the colon.
    pub value: Spanned<String>,
}

/// What the head of a file says.
#[derive(Clone, Debug, Default)]
pub(super) struct FrontMatter {
    /// In the order of the file.
    pub lines: Vec<Line>,
    /// Words that look like a mistyped key, and the key.
    pub slips: Vec<(Spanned<String>, &'static str)>,
}

/// Reads line comments up to the first line that is neither a comment nor empty. Several keys may stand on one line, each after two blanks or more.
pub(super) fn front_matter(id: SourceId, sources: &Sources) -> FrontMatter {
    let text = sources.text(id);
    let mut found = FrontMatter::default();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let begin = start;
        start += line.len();
        let trimmed = line.trim();
        if trimmed.is_empty() {
            continue;
        }
        let Some(comment) = trimmed.strip_prefix("--") else { break };
        let mut at = begin + line.find("--").unwrap_or(0) + 2;
        for piece in comment.split("  ") {
            one(piece, at, id, &mut found);
            at += piece.len() + 2;
        }
    }
    found
}

fn one(piece: &str, at: usize, id: SourceId, found: &mut FrontMatter) {
    let Some((word, value)) = piece.split_once(':') else { return };
    let place = |text: &str, offset: usize| {
        let lead = text.len() - text.trim_start().len();
        let start = u32::try_from(offset + lead).unwrap_or(u32::MAX);
        let length = u32::try_from(text.trim().len()).unwrap_or(0);
        Spanned::new(text.trim().to_owned(), Span::new(id, start, start.saturating_add(length)))
    };
    let word_place = place(word, at);
    let plain = word_place.value.to_ascii_lowercase().replace(['-', ' '], "_");
    let offset = at + word.len() + 1;
    // `owner: Ann Lee <ann@example.org>`, as people write it in mail and commits.
    if plain == "owner"
        && let Some((name, mail)) = value.trim_end().strip_suffix('>').and_then(|rest| rest.split_once('<'))
        && mail.contains('@')
    {
        if !name.trim().is_empty() {
            found.lines.push(Line { key: "owner", value: place(name, offset) });
        }
        found.lines.push(Line { key: "email", value: place(mail, offset + name.len() + 1) });
        return;
    }
    let value = place(value, offset);
    if let Some(key) = KEYS.into_iter().find(|key| *key == plain) {
        found.lines.push(Line { key, value });
    } else if let Some(near) = nearest(&plain, KEYS) {
        found.slips.push((word_place, near));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_may_be_written_as_in_a_mail() {
        let mut sources = Sources::default();
        let id = sources.add("q.sql", "-- owner: Ann Lee <ann@example.org>\n-- owner: <team@example.org>\n-- owner: A <B>\nSELECT 1");
        let found = front_matter(id, &sources);
        let told: Vec<_> = found.lines.iter().map(|line| (line.key, line.value.value.as_str())).collect();
        assert_eq!(told, [("owner", "Ann Lee"), ("email", "ann@example.org"), ("email", "team@example.org"), ("owner", "A <B>")]);
        for line in &found.lines {
            assert_eq!(sources.slice(line.value.span), line.value.value);
        }
    }

    #[test]
    fn the_head_is_read_and_the_rest_is_not() {
        let mut sources = Sources::default();
        let text = "-- Weekly numbers: for the board\n-- owner: Maria Lopez  email: maria@example.org\n--   Last-Checked: 2026-10-01\n-- deparment: finance\n\nSELECT 1;\n-- tool: no\n";
        let id = sources.add("q.sql", text);
        let found = front_matter(id, &sources);
        let told: Vec<_> = found.lines.iter().map(|line| (line.key, line.value.value.as_str())).collect();
        assert_eq!(told, [("owner", "Maria Lopez"), ("email", "maria@example.org"), ("last_checked", "2026-10-01")]);
        for line in &found.lines {
            assert_eq!(sources.slice(line.value.span), line.value.value);
        }
        assert_eq!(found.slips.iter().map(|(word, near)| (word.value.as_str(), *near)).collect::<Vec<_>>(), [("deparment", "department")]);
    }
}
