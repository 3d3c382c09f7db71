//! One identifier, folded by its dialect's rule.

use std::fmt;
use std::sync::Arc;

/// What a dialect does to the case of an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folding {
    /// Unquoted words become lower case (PostgreSQL, Redshift, DuckDB's comparison).
    Lower,
    /// Unquoted words become upper case (Snowflake).
    Upper,
    /// Case never tells two names apart, quoted or not (SQL Server and MySQL columns, BigQuery columns, Databricks).
    Insensitive,
    /// Case always tells two names apart (ClickHouse).
    Sensitive,
}

/// Whether the word stood in quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// As a bare word.
    Bare,
    /// In the dialect's identifier quotes; the quotes themselves are already taken off.
    Quoted,
}

/// An identifier in the form the database stores it. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

impl Name {
    /// Folds and, where the dialect has a limit, cuts a word as the server does (PostgreSQL: 63 bytes, NAMEDATALEN - 1, at a character boundary).
    pub fn fold(word: &str, quoting: Quoting, folding: Folding, max_bytes: Option<usize>) -> Self {
        let folded: String = match (folding, quoting) {
            // PostgreSQL folds only ASCII in a multi-byte encoding (scansup.c, downcase_identifier; 15).
            (Folding::Lower, Quoting::Bare) => word.to_ascii_lowercase(),
            (Folding::Insensitive, _) => word.to_lowercase(),
            (Folding::Upper, Quoting::Bare) => word.to_uppercase(),
            (Folding::Lower | Folding::Upper, Quoting::Quoted) | (Folding::Sensitive, _) => word.to_owned(),
        };
        let limit = max_bytes.unwrap_or(usize::MAX);
        if folded.len() <= limit {
            return Self(folded.into());
        }
        let mut end = limit;
        while end > 0 && !folded.is_char_boundary(end) {
            end -= 1;
        }
        Self(folded.get(..end).unwrap_or("").into())
    }

    /// A name that is already in the form the database stores (from a catalog, or one of our own).
    pub fn stored(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// The stored form, without quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for Name {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_words_fold_and_quoted_ones_do_not() {
        assert_eq!(Name::fold("Clients", Quoting::Bare, Folding::Lower, None).as_str(), "clients");
        assert_eq!(Name::fold("Clients", Quoting::Quoted, Folding::Lower, None).as_str(), "Clients");
        assert_eq!(Name::fold("Clients", Quoting::Bare, Folding::Upper, None).as_str(), "CLIENTS");
    }

    #[test]
    fn a_long_name_is_cut_at_a_character() {
        let long = "ä".repeat(40);
        assert_eq!(Name::fold(&long, Quoting::Bare, Folding::Lower, Some(63)).as_str().len(), 62);
    }
}
