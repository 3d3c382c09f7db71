//! Lines with their places, and the annotations that tools write as SQL comments.

/// Each line without its end, with the offset of its first byte and the offset after its end.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let begin = start;
        start += line.len();
        (begin, start, line.trim_end_matches(['\n', '\r']))
    })
}

/// What follows `-- mark` on a line, trimmed; `None` when the line is something else. Case and blanks after the dashes do not matter.
pub(super) fn annotation<'t>(line: &'t str, mark: &str) -> Option<&'t str> {
    let comment = line.trim_start().strip_prefix("--")?.trim_start();
    let (head, rest) = comment.split_at_checked(mark.len())?;
    let ends_there = rest.is_empty() || rest.starts_with(char::is_whitespace);
    (head.eq_ignore_ascii_case(mark) && ends_there).then(|| rest.trim())
}

/// As many blanks as a text has bytes, with its line ends kept.
pub(super) fn blank(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_annotation_is_a_whole_word() {
        assert_eq!(annotation("-- +goose Up", "+goose"), Some("Up"));
        assert_eq!(annotation("--migrate:UP transaction:false", "migrate:up"), Some("transaction:false"));
        assert_eq!(annotation("-- migrate:upwards", "migrate:up"), None);
        assert_eq!(annotation("SELECT 1 -- migrate:up", "migrate:up"), None);
    }

    #[test]
    fn blanks_keep_every_place() {
        assert_eq!(blank("a é\nb"), "    \n ");
        assert_eq!(lines("a\r\nb").collect::<Vec<_>>(), [(0, 3, "a"), (3, 4, "b")]);
    }
}
