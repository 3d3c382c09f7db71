//! The place of SQL that stands inside a YAML file: where the text is there as it is meant, its own bytes are the place.

use crate::text::{Sources, Span, Spanned};

/// The bytes under which the SQL of a value can be read. A value whose bytes are written otherwise (escapes, folded lines) becomes a text of its own.
pub(super) fn place(value: &Spanned<String>, id: &str, sources: &mut Sources) -> Span {
    let raw = sources.slice(value.span);
    if let Some((start, end)) = verbatim(raw, &value.value) {
        let offset = |bytes: usize| value.span.start + u32::try_from(bytes).unwrap_or(u32::MAX);
        return Span::new(value.span.source, offset(start), offset(end));
    }
    let file = sources.get(value.span.source).map(|source| source.name().to_owned()).unwrap_or_default();
    let made = sources.add(format!("{file} (sql of {id})"), value.value.clone());
    sources.whole(made)
}

/// The part of the raw bytes that says the same as the value, line by line and apart from indentation.
fn verbatim(raw: &str, value: &str) -> Option<(usize, usize)> {
    let quoted = raw.len() >= 2 && (raw.starts_with('"') && raw.ends_with('"') || raw.starts_with('\'') && raw.ends_with('\''));
    let (start, end) = match raw.strip_prefix('|') {
        Some(block) => (1 + block.find('\n')? + 1, raw.len()),
        None if quoted => (1, raw.len() - 1),
        None => (0, raw.len()),
    };
    let inner = raw.get(start..end)?;
    let same = inner.trim_end().lines().map(str::trim_start).eq(value.trim_end().lines().map(str::trim_start));
    same.then_some((start, end))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::yaml;

    #[derive(Deserialize)]
    struct File {
        sql: Spanned<String>,
    }

    fn of(text: &str) -> (String, String, u32) {
        let mut sources = Sources::default();
        let id = sources.add("c.yml", text);
        let file: File = yaml::read(&sources, id).unwrap();
        let span = place(&file.sql, "x", &mut sources);
        let at = sources.place(span);
        (sources.slice(span).to_owned(), at.file, at.start.line)
    }

    #[test]
    fn sql_in_a_block_is_read_where_it_stands() {
        let (text, file, line) = of("a: 1\nsql: |\n  SELECT a,\n    b -- é\n  FROM t\n".replace("a: 1\n", "").as_str());
        assert_eq!(text.split_whitespace().collect::<Vec<_>>().join(" "), "SELECT a, b -- é FROM t");
        assert_eq!((file.as_str(), line), ("c.yml", 2));
        assert_eq!(of("sql: SELECT 1\n"), ("SELECT 1".into(), "c.yml".into(), 1));
        assert_eq!(of("sql: \"SELECT 1\"\n"), ("SELECT 1".into(), "c.yml".into(), 1));
        assert_eq!(of("sql: |-\n    SELECT 1\n\n"), ("SELECT 1".into(), "c.yml".into(), 2));
    }

    #[test]
    fn sql_with_escapes_becomes_a_text_of_its_own() {
        assert_eq!(of("sql: \"SELECT \\\"A\\\"\"\n"), ("SELECT \"A\"".into(), "c.yml (sql of x)".into(), 1));
        assert_eq!(of("sql: 'SELECT ''a'''\n").0, "SELECT 'a'");
        assert_eq!(of("sql: >\n  SELECT 1\n  FROM t\n"), ("SELECT 1 FROM t\n".into(), "c.yml (sql of x)".into(), 1));
    }
}
