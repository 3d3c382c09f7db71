//! Texts that are put together, also those of which only parts are known; names and arrays in texts; `LIKE`.

use std::sync::Arc;

use super::value::{Datum, Fragment, Shape};
use crate::dialect::Dialect;
use crate::name::{Name, Quoting};
use crate::sql::tree::{Ident, ObjectName};
use crate::text::{Sources, Span};

/// Fragments as one value: a text, when everything is known.
pub(super) fn together(fragments: impl IntoIterator<Item = Fragment>) -> Datum {
    let mut all: Vec<Fragment> = Vec::new();
    for fragment in fragments {
        match (all.last_mut(), fragment) {
            (Some(Fragment::Known(before)), Fragment::Known(text)) => before.push_str(&text),
            (_, fragment) => all.push(fragment),
        }
    }
    all.retain(|fragment| !matches!(fragment, Fragment::Known(text) if text.is_empty()));
    match all.as_slice() {
        [] => Datum::text(""),
        [Fragment::Known(text)] => Datum::text(text.as_str()),
        _ => Datum::Pattern(all),
    }
}

/// `value::text`: truth values are spelled out.
pub(super) fn cast_text(value: &Datum, shown: impl Fn(&Datum) -> Option<Vec<Fragment>>) -> Datum {
    match value {
        Datum::Boolean(value) => Datum::text(if *value { "true" } else { "false" }),
        Datum::Text(_) | Datum::Same(_) | Datum::SystemName(_) | Datum::Pattern(_) | Datum::Null | Datum::Unknown(..) => value.clone(),
        other => shown(other).map_or(Datum::Null, together),
    }
}

/// A quoted text: when everything is known, by the rule; else a hole of that shape.
pub(super) fn quoted(shown: Option<Vec<Fragment>>, quote: impl Fn(&str) -> String, shape: Shape) -> Option<Vec<Fragment>> {
    match together(shown?) {
        Datum::Text(text) => Some(vec![Fragment::Known(quote(&text))]),
        other => Some(vec![Fragment::Hole(shape, other.reason().unwrap_or_else(|| Arc::from("it is not known")))]),
    }
}

/// `quote_ident`.
pub(super) fn quote_identifier(dialect: &Dialect, text: &str) -> String {
    dialect.quote(&Name::stored(text))
}

/// `quote_literal`.
pub(super) fn quote_literal(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    if text.contains('\\') { format!(" E'{}'", doubled.replace('\\', "\\\\")) } else { format!("'{doubled}'") }
}

/// The name that a text holds: `clients`, `app.clients`, `"App".t`.
pub(super) fn name_in(dialect: &Dialect, text: &str) -> Option<ObjectName> {
    let nowhere = Span::new(Sources::default().add("name", ""), 0, 0);
    let mut parts: Vec<Ident> = Vec::new();
    let mut rest = text.trim();
    loop {
        let (word, quoting, tail) = match rest.strip_prefix('"') {
            Some(inside) => {
                let end = inside.find('"')?;
                (inside.get(..end)?, Quoting::Quoted, inside.get(end + 1..)?)
            }
            None => {
                let end = rest.find('.').unwrap_or(rest.len());
                (rest.get(..end)?.trim(), Quoting::Bare, rest.get(end..)?)
            }
        };
        if word.is_empty() || (quoting == Quoting::Bare && word.contains(|letter: char| letter.is_whitespace() || letter == '"' || letter == '(')) {
            return None;
        }
        parts.push(Ident { name: dialect.fold(word, quoting), span: nowhere });
        let tail = tail.trim_start();
        if tail.is_empty() {
            break;
        }
        rest = tail.strip_prefix('.')?.trim_start();
    }
    let name = parts.pop()?;
    let schema = parts.pop();
    parts.is_empty().then_some(ObjectName { database: None, schema, name })
}

/// `{a,b}` as a list of texts; `None` when it nests or is none.
pub(super) fn array_literal(text: &str) -> Option<Vec<Datum>> {
    let inside = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    if inside.contains(['{', '}', '\\']) {
        return None;
    }
    if inside.trim().is_empty() {
        return Some(Vec::new());
    }
    let items = inside.split(',').map(str::trim);
    let read = |item: &str| match item.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(quoted) => Datum::text(quoted),
        None if item.eq_ignore_ascii_case("null") => Datum::Null,
        None => Datum::text(item),
    };
    items.clone().all(|item| item.matches('"').count() % 2 == 0).then(|| items.map(read).collect())
}

/// `text LIKE pattern`.
pub(super) fn is_like(text: &Datum, pattern: &Datum, ignores_case: bool) -> Datum {
    if let (Datum::SystemName(kind), Datum::Text(pattern)) = (text, pattern) {
        let mut start = String::new();
        let mut letters = pattern.chars();
        while let Some(letter) = letters.next().filter(|letter| !matches!(letter, '%' | '_')) {
            start.extend(if letter == '\\' { letters.next() } else { Some(letter) });
        }
        if !ignores_case && !start.is_empty() && !kind.may_begin_with(&start) {
            return Datum::Boolean(false);
        }
    }
    let (Datum::Text(text), Datum::Text(pattern)) = (text, pattern) else {
        if matches!(text, Datum::Null) || matches!(pattern, Datum::Null) {
            return Datum::Null;
        }
        let reason = text.reason().or_else(|| pattern.reason());
        return Datum::unknown(reason.unwrap_or_else(|| Arc::from("only texts are compared with a pattern")));
    };
    let lower = |text: &str| if ignores_case { text.to_lowercase() } else { text.to_owned() };
    let text: Vec<char> = lower(text).chars().collect();
    let mut wanted = Vec::new();
    let pattern = lower(pattern);
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        wanted.push(match letter {
            '%' => Wanted::Any,
            '_' => Wanted::One,
            '\\' => match letters.next() {
                Some(escaped) => Wanted::Letter(escaped),
                None => return Datum::unknown("the pattern ends with its escape"),
            },
            other => Wanted::Letter(other),
        });
    }
    Datum::Boolean(fits(&text, &wanted))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Any,
    One,
    Letter(char),
}

/// Whether a text fits a pattern: for each prefix of the text, whether the pattern so far fits it.
fn fits(text: &[char], wanted: &[Wanted]) -> bool {
    let mut reached = vec![false; text.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for wanted in wanted {
        let mut next = vec![false; text.len() + 1];
        match wanted {
            Wanted::Any => {
                let mut any = false;
                for (place, was) in next.iter_mut().zip(&reached) {
                    any |= *was;
                    *place = any;
                }
            }
            Wanted::One | Wanted::Letter(_) => {
                for ((place, was), letter) in next.iter_mut().skip(1).zip(&reached).zip(text) {
                    *place = *was && (*wanted == Wanted::One || *wanted == Wanted::Letter(*letter));
                }
            }
        }
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_as_like_does() {
        let like = |text: &str, pattern: &str| is_like(&Datum::text(text), &Datum::text(pattern), false);
        assert_eq!(like("idx_ccnew1", "%ccnew%"), Datum::Boolean(true));
        assert_eq!(like("a_b", "a\\_b"), Datum::Boolean(true));
        assert_eq!(like("axb", "a\\_b"), Datum::Boolean(false));
        assert_eq!(like("axb", "a_b"), Datum::Boolean(true));
        assert_eq!(is_like(&Datum::text("ABC"), &Datum::text("a%"), true), Datum::Boolean(true));
    }

    #[test]
    fn names_in_texts_are_read_as_the_server_reads_them() {
        let dialect = crate::dialect::named("postgres").unwrap();
        let read = |text: &str| name_in(dialect, text).map(|name| name.to_string());
        assert_eq!(read("App.Clients").as_deref(), Some("app.clients"));
        assert_eq!(read("\"App\".t").as_deref(), Some("App.t"));
        assert_eq!(read("a b"), None);
        assert_eq!(read(""), None);
        assert_eq!(read("a..b"), None);
    }

    #[test]
    fn arrays_are_read_as_far_as_they_are_plain() {
        assert_eq!(array_literal("{r, p}"), Some(vec![Datum::text("r"), Datum::text("p")]));
        assert_eq!(array_literal("{}"), Some(Vec::new()));
        assert_eq!(array_literal("{{a}}"), None);
        assert_eq!(array_literal("a"), None);
    }
}
