//! A table or column by name, as a person writes it into a catalog: `app.clients.phone`, `app."Odd name"`, `app.donors.*`.

use crate::diagnostic::Problem;
use crate::dialect::Dialect;
use crate::name::{Name, Quoting};
use crate::text::{Span, Spanned};

/// How much of the last name is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Extent {
    /// What the names say: a relation or a column of one.
    Named,
    /// All columns of the relation that the names say.
    AllColumns,
}

/// A name with its place. Which object it is depends on the schema.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The names from the outermost to the innermost, folded; at least one.
    pub parts: Vec<Name>,
    /// Whether `.*` follows.
    pub extent: Extent,
    /// Where it stands.
    pub span: Span,
}

impl Reference {
    /// The folded names with dots between them: the same for two spellings of one name.
    pub fn key(&self) -> String {
        let names: Vec<&str> = self.parts.iter().map(Name::as_str).collect();
        names.join(".")
    }
}

/// Reads a name; what is no name is written down. `database.schema.table.column` has the most parts.
pub fn reference(text: &Spanned<String>, dialect: &Dialect, problems: &mut Vec<Problem>) -> Option<Reference> {
    let refused = |why: &str| Problem::error("catalog-invalid-name", format!("`{}` is no name of a table or column: {why}", text.value)).at(text.span);
    let words = match words(&text.value, dialect) {
        Ok(words) => words,
        Err(why) => {
            problems.push(refused(why).help("write it as schema.table.column; a name with dots or capitals stands in double quotes"));
            return None;
        }
    };
    let star = words.last().is_some_and(|(word, quoting)| word == "*" && *quoting == Quoting::Bare);
    let count = words.len() - usize::from(star);
    let star_inside = words.iter().take(count).any(|(word, quoting)| word == "*" && *quoting == Quoting::Bare);
    if star_inside {
        problems.push(refused("`*` stands for columns, at the end").help("write it as schema.table.*"));
        return None;
    }
    if count == 0 || count > 4 {
        problems.push(refused("it needs one to four parts").help("write it as schema.table.column"));
        return None;
    }
    let parts = words.iter().take(count).map(|(word, quoting)| dialect.fold(word, *quoting)).collect();
    Some(Reference { parts, extent: if star { Extent::AllColumns } else { Extent::Named }, span: text.span })
}

/// Splits at dots outside quotes.
fn words(text: &str, dialect: &Dialect) -> Result<Vec<(String, Quoting)>, &'static str> {
    let (open, close) = dialect.identifier_quotes;
    let mut words = Vec::new();
    let mut rest = text.trim();
    loop {
        let (word, after) = if let Some(inner) = rest.strip_prefix(open) { quoted(inner, close)? } else { bare(rest)? };
        words.push(word);
        match after.strip_prefix('.') {
            Some(more) => rest = more,
            None if after.is_empty() => return Ok(words),
            None => return Err("something follows a quoted name"),
        }
    }
}

type Word<'t> = ((String, Quoting), &'t str);

fn quoted(inner: &str, close: char) -> Result<Word<'_>, &'static str> {
    let mut word = String::new();
    let mut characters = inner.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if character != close {
            word.push(character);
        } else if characters.peek().is_some_and(|(_, next)| *next == close) {
            word.push(close);
            characters.next();
        } else if word.is_empty() {
            return Err("a name is empty");
        } else {
            return Ok(((word, Quoting::Quoted), inner.get(at + close.len_utf8()..).unwrap_or("")));
        }
    }
    Err("a quote is not closed")
}

fn bare(text: &str) -> Result<Word<'_>, &'static str> {
    let end = text.find('.').unwrap_or(text.len());
    let (word, after) = text.split_at_checked(end).unwrap_or((text, ""));
    if word.is_empty() {
        return Err("a name is empty");
    }
    let is_word = word == "*" || word.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '$' | '-'));
    if !is_word {
        return Err("a name holds a blank or a sign");
    }
    Ok(((word.to_owned(), Quoting::Bare), after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Sources;

    fn read(text: &str) -> (Option<Reference>, Vec<Problem>) {
        let mut sources = Sources::default();
        let id = sources.add("c.yml", text);
        let mut problems = Vec::new();
        (reference(&Spanned::new(text.to_owned(), sources.whole(id)), crate::dialect::DEFAULT, &mut problems), problems)
    }

    #[test]
    fn names_fold_and_quotes_keep() {
        let key = |text: &str| read(text).0.map(|reference| (reference.key(), reference.extent));
        assert_eq!(key("App.Clients.phone"), Some((String::from("app.clients.phone"), Extent::Named)));
        assert_eq!(key("app.\"Odd.Name\"\"s\".x"), Some((String::from("app.Odd.Name\"s.x"), Extent::Named)));
        assert_eq!(key("app.donors.*"), Some((String::from("app.donors"), Extent::AllColumns)));
    }

    #[test]
    fn what_is_no_name_is_told() {
        for text in ["", ".", "a..b", "a.b c", "\"a", "\"a\"b", "*", "a.b.c.d.e", "a.*.b"] {
            let (reference, problems) = read(text);
            assert!(reference.is_none() && problems.len() == 1, "{text}: {reference:?}");
        }
    }
}
