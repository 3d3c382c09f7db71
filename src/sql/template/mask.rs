//! A template's text with its holes overwritten, byte for byte as long as before.

use super::hole::{self, Replacement, TemplateKind};

/// The text to read, and where its holes were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Masked {
    /// As long as the text it came from.
    pub text: String,
    /// First byte and one past the last of each hole.
    pub holes: Vec<(usize, usize)>,
}

/// A hole that no text can stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    /// First byte and one past the last.
    pub place: (usize, usize),
    /// Why.
    pub reason: &'static str,
}

/// What the scanner is inside of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    Sql,
    String,
    QuotedName,
}

/// Overwrites all holes.
pub(super) fn mask(text: &str, kind: TemplateKind) -> Result<Masked, Refused> {
    let mut masker = Masker { text, kind, at: 0, inside: Inside::Sql, out: String::with_capacity(text.len()), holes: Vec::new() };
    while masker.at < text.len() {
        masker.step()?;
    }
    Ok(Masked { text: masker.out, holes: masker.holes })
}

struct Masker<'t> {
    text: &'t str,
    kind: TemplateKind,
    at: usize,
    inside: Inside,
    out: String,
    holes: Vec<(usize, usize)>,
}

impl<'t> Masker<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn step(&mut self) -> Result<(), Refused> {
        let rest = self.rest();
        if self.inside == Inside::Sql
            && let Some(length) = comment_length(rest)
        {
            self.keep(length);
            return Ok(());
        }
        if let Some((length, replacement)) = self.hole(rest) {
            return self.replace(length, replacement);
        }
        let Some(character) = rest.chars().next() else {
            return Ok(());
        };
        self.inside = match (self.inside, character) {
            (Inside::Sql, '\'') => Inside::String,
            (Inside::Sql, '"') => Inside::QuotedName,
            (Inside::String, '\'') | (Inside::QuotedName, '"') => Inside::Sql,
            (inside, _) => inside,
        };
        self.keep(character.len_utf8());
        Ok(())
    }

    fn keep(&mut self, length: usize) {
        let end = (self.at + length).min(self.text.len());
        self.out.push_str(self.text.get(self.at..end).unwrap_or(""));
        self.at = end;
    }

    /// The hole that begins here: its length and what it becomes.
    fn hole(&self, rest: &str) -> Option<(usize, Replacement)> {
        let has_braces = self.kind != TemplateKind::None;
        let has_tags = matches!(self.kind, TemplateKind::Jinja | TemplateKind::Looker);
        if has_braces && rest.starts_with("{{") {
            return Some(delimited(rest, "{{", "}}", |content| hole::braces(self.kind, content)));
        }
        if has_tags && rest.starts_with("{%") {
            return Some(delimited(rest, "{%", "%}", hole::tag));
        }
        if has_tags && rest.starts_with("{#") {
            return Some(delimited(rest, "{#", "#}", |_| Replacement::Nothing));
        }
        match self.kind {
            TemplateKind::Metabase if rest.starts_with("[[") || rest.starts_with("]]") => Some((2, Replacement::Nothing)),
            TemplateKind::Grafana if rest.starts_with("[[") => Some(delimited(rest, "[[", "]]", |_| Replacement::Pasted)),
            TemplateKind::Grafana if rest.starts_with("${") => Some(delimited(rest, "${", "}", |_| Replacement::Pasted)),
            TemplateKind::Grafana if rest.starts_with('$') => grafana(rest),
            TemplateKind::Looker if rest.starts_with("${") => Some(delimited(rest, "${", "}", |_| Replacement::Unknown("SQL of a LookML field stands here"))),
            _ => None,
        }
    }

    fn replace(&mut self, length: usize, replacement: Replacement) -> Result<(), Refused> {
        let place = (self.at, (self.at + length).min(self.text.len()));
        let refuse = |reason| Err(Refused { place, reason });
        let text = match (replacement, self.inside) {
            (Replacement::Unknown(reason), _) => return refuse(reason),
            (replacement, Inside::QuotedName) if replacement != Replacement::Nothing => return refuse("a name is put together here"),
            // In a string, a hole is a part of a value.
            (Replacement::Nothing, _) | (_, Inside::String | Inside::QuotedName) => String::new(),
            (Replacement::Text(text), Inside::Sql) => text,
            (Replacement::Pasted, Inside::Sql) if !self.takes_a_value() => return refuse("what the template pastes here may be any SQL"),
            (Replacement::Value | Replacement::Pasted, Inside::Sql) => {
                if self.is_glued(place.1) {
                    return refuse("a name is put together here");
                }
                String::from("$1")
            }
        };
        if text.len() > length {
            return refuse("this hole is shorter than what stands for it");
        }
        self.out.push_str(&text);
        self.out.extend(std::iter::repeat_n(' ', length - text.len()));
        self.at = place.1;
        self.holes.push(place);
        Ok(())
    }

    /// Whether a word or a dot stands directly before or behind the hole.
    fn is_glued(&self, end: usize) -> bool {
        let sticks = |character: char| character == '_' || character == '.' || character == '$' || character == '"' || character.is_alphanumeric();
        let before = self.text.get(..self.at).and_then(|text| text.chars().next_back());
        let behind = self.text.get(end..).and_then(|text| text.chars().next());
        before.is_some_and(sticks) || behind.is_some_and(sticks)
    }

    /// Whether what was written so far makes a value likely: after an operator or a word that wants one, or in a list of values.
    fn takes_a_value(&self) -> bool {
        const WORDS: &[&str] = &["LIKE", "ILIKE", "BETWEEN", "LIMIT", "OFFSET", "INTERVAL", "THEN", "ELSE", "TOP"];
        let before = self.out.trim_end();
        let Some(last) = before.chars().next_back() else {
            return false;
        };
        match last {
            '=' | '<' | '>' | '|' | '+' | '-' | '/' | '~' => true,
            '(' | ',' => is_in_value_list(before),
            _ => {
                let word = before.rsplit(|character: char| !character.is_alphanumeric() && character != '_').next().unwrap_or("");
                WORDS.iter().any(|wanted| word.eq_ignore_ascii_case(wanted)) || (word.eq_ignore_ascii_case("and") && between_is_open(before))
            }
        }
    }
}

/// Whether the innermost open parenthesis belongs to `IN`, `VALUES` or a call.
fn is_in_value_list(before: &str) -> bool {
    let mut depth = 0_usize;
    for (place, character) in before.char_indices().rev() {
        match character {
            ')' => depth += 1,
            '(' if depth > 0 => depth -= 1,
            '(' => {
                let inside = before.get(place + 1..).unwrap_or("").trim_start();
                let head = before.get(..place).unwrap_or("").trim_end();
                let is_query = inside.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select"));
                return !is_query && head.ends_with(|character: char| character.is_alphanumeric() || character == '_' || character == ',');
            }
            _ => {}
        }
    }
    false
}

/// `BETWEEN x AND` at the end.
fn between_is_open(before: &str) -> bool {
    let upper = before.to_ascii_uppercase();
    let Some(between) = upper.rfind("BETWEEN") else {
        return false;
    };
    upper.get(between..).is_some_and(|rest| rest.split_whitespace().filter(|word| *word == "AND").count() == 1)
}

/// From the opening to the closing mark; an opening without a closing one is unknown to its line's end.
fn delimited(rest: &str, open: &str, close: &str, becomes: impl FnOnce(&str) -> Replacement) -> (usize, Replacement) {
    let content = rest.get(open.len()..).unwrap_or("");
    match content.find(close) {
        Some(length) => (open.len() + length + close.len(), becomes(content.get(..length).unwrap_or(""))),
        None => (rest.find('\n').unwrap_or(rest.len()), Replacement::Unknown("this hole is never closed")),
    }
}

fn comment_length(rest: &str) -> Option<usize> {
    if rest.starts_with("--") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(rest.find("*/").map_or(rest.len(), |end| end + 2));
    }
    None
}

/// `$name` and Grafana's macros; `$1` is SQL.
fn grafana(rest: &str) -> Option<(usize, Replacement)> {
    let name: &str = rest.get(1..)?;
    let length = name.find(|character: char| character != '_' && !character.is_ascii_alphanumeric()).unwrap_or(name.len());
    let name = name.get(..length)?;
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let behind = rest.get(1 + length..)?;
    match name {
        // The column is compared with a time range.
        "__timeFilter" | "__unixEpochFilter" | "__unixEpochNanoFilter" if behind.starts_with('(') => {
            Some((length + 2, Replacement::Text(String::from("$1 IN ("))))
        }
        "__timeFrom" | "__timeTo" | "__unixEpochFrom" | "__unixEpochTo" if behind.starts_with("()") => Some((length + 3, Replacement::Value)),
        "__interval" | "__interval_ms" | "__from" | "__to" => Some((length + 1, Replacement::Value)),
        name if name.starts_with("__") => Some((length + 1, Replacement::Unknown("a macro of Grafana stands here"))),
        _ => Some((length + 1, Replacement::Pasted)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(kind: TemplateKind, text: &str) -> String {
        match mask(text, kind) {
            Ok(masked) => {
                assert_eq!(masked.text.len(), text.len());
                masked.text.split_whitespace().collect::<Vec<_>>().join(" ")
            }
            Err(refused) => format!("{} at {}", refused.reason, text.get(refused.place.0..refused.place.1).unwrap()),
        }
    }

    #[test]
    fn metabase_binds_its_values_and_may_leave_clauses_out() {
        let metabase = |text| masked(TemplateKind::Metabase, text);
        assert_eq!(metabase("SELECT a FROM t WHERE b = {{ x }} [[AND c > {{y}}]]"), "SELECT a FROM t WHERE b = $1 AND c > $1");
        assert_eq!(metabase("SELECT a FROM t WHERE {{ created_at }}"), "SELECT a FROM t WHERE $1");
        assert_eq!(metabase("SELECT a FROM {{#12-x}} AS t"), "another question of Metabase stands here at {{#12-x}}");
        assert_eq!(metabase("SELECT '{{ x }}' -- {{ y"), "SELECT ' ' -- {{ y");
        assert_eq!(metabase("SELECT a_{{x}} FROM t"), "a name is put together here at {{x}}");
    }

    #[test]
    fn pasted_text_is_a_value_only_where_a_value_is_likely() {
        let jinja = |text| masked(TemplateKind::Jinja, text);
        assert_eq!(
            jinja("SELECT a FROM t WHERE b = {{ x }} AND c IN ({{ y }}, {{ z }}) LIMIT {{ n }}"),
            "SELECT a FROM t WHERE b = $1 AND c IN ($1 , $1 ) LIMIT $1"
        );
        assert_eq!(jinja("SELECT a FROM t WHERE b BETWEEN {{ x }} AND {{ y }}"), "SELECT a FROM t WHERE b BETWEEN $1 AND $1");
        assert!(jinja("SELECT {{ x }} FROM t").starts_with("what the template pastes"));
        assert!(jinja("SELECT a FROM t WHERE b AND {{ x }}").starts_with("what the template pastes"));
        assert!(jinja("SELECT a FROM t ORDER BY a, {{ x }}").starts_with("what the template pastes"));
        assert!(jinja("SELECT a FROM (SELECT b, {{ x }} FROM t) u").starts_with("what the template pastes"));
    }

    #[test]
    fn models_of_dbt_are_relations() {
        let jinja = |text| masked(TemplateKind::Jinja, text);
        assert_eq!(jinja("{{ config(a='b') }} SELECT a FROM {{ ref('t') }}, {{ source('s', 'u') }}"), "SELECT a FROM t , s.u");
        assert_eq!(jinja("{# c #}SELECT a FROM t {% if x %} WHERE b {% endif %}"), "SELECT a FROM t WHERE b");
        assert!(jinja("SELECT {% if x %} a {% else %} b {% endif %} FROM t").starts_with("one of several"));
        assert!(jinja("SELECT a {% for x in y %}").starts_with("a template decides"));
        assert!(jinja("SELECT a FROM {{ ref(x) }}").starts_with("the model"));
        assert!(jinja("SELECT {{ a").starts_with("this hole is never closed"));
    }

    #[test]
    fn grafana_filters_read_their_column() {
        let grafana = |text| masked(TemplateKind::Grafana, text);
        assert_eq!(
            grafana("SELECT a FROM t WHERE $__timeFilter(b) AND c IN (${x:csv}) AND d = '$y' AND e > $__timeFrom()"),
            "SELECT a FROM t WHERE $1 IN ( b) AND c IN ($1 ) AND d = ' ' AND e > $1"
        );
        assert!(grafana("SELECT $x FROM t").starts_with("what the template pastes"));
        assert!(grafana("SELECT $__timeGroup(a, '1h') FROM t").starts_with("a macro of Grafana"));
        assert!(masked(TemplateKind::Looker, "SELECT ${TABLE}.a").starts_with("SQL of a LookML"));
    }
}
