//! Words: which may be a name where.
//!
//! Source: `pg_get_keywords()` of PostgreSQL 15.

use super::reader::{Reader, Reading};
use crate::sql::cursor::NamePlace;
use crate::sql::token::Kind;
use crate::sql::tree::{Ident, ObjectName};

/// Words that need `AS` in front to be an output name (`barelabel` is false).
const NEEDS_AS: &[&str] = &[
    "ARRAY",
    "AS",
    "CHAR",
    "CHARACTER",
    "CREATE",
    "DAY",
    "EXCEPT",
    "FETCH",
    "FILTER",
    "FOR",
    "FROM",
    "GRANT",
    "GROUP",
    "HAVING",
    "HOUR",
    "INTERSECT",
    "INTO",
    "ISNULL",
    "LIMIT",
    "MINUTE",
    "MONTH",
    "NOTNULL",
    "OFFSET",
    "ON",
    "ORDER",
    "OVER",
    "OVERLAPS",
    "PRECISION",
    "RETURNING",
    "SECOND",
    "TO",
    "UNION",
    "VARYING",
    "WHERE",
    "WINDOW",
    "WITH",
    "WITHIN",
    "WITHOUT",
    "YEAR",
];

impl Reader<'_> {
    /// `[AS] name` of an output column, if one is there.
    pub(super) fn output_name(&mut self) -> Reading<Option<Ident>> {
        if self.take_keyword("AS") {
            return self.label().map(Some);
        }
        let is_name = match self.peek() {
            Some(token) => match token.bare_word() {
                Some(word) => !NEEDS_AS.iter().any(|needs| word.eq_ignore_ascii_case(needs)),
                None => matches!(token.kind, Kind::Word(_)),
            },
            None => false,
        };
        if is_name { self.label().map(Some) } else { Ok(None) }
    }

    /// `[AS] name` of a relation, if one is there.
    pub(super) fn relation_name(&mut self) -> Reading<Option<Ident>> {
        if self.take_keyword("AS") {
            return self.ident().map(Some);
        }
        let name = self.peek_name(NamePlace::Column);
        if name.is_some() {
            self.skip(1);
        }
        Ok(name)
    }

    /// `(a, b, …)` of plain names.
    pub(super) fn names_in_parentheses(&mut self) -> Reading<Vec<Ident>> {
        self.in_parentheses(|reader| reader.list(|reader| reader.ident()))
    }

    /// Parts of a dotted name put together.
    pub(super) fn name_of(&self, mut parts: Vec<Ident>) -> Reading<ObjectName> {
        let Some(name) = parts.pop() else {
            return Err(self.expected("a name"));
        };
        let schema = parts.pop();
        let database = parts.pop();
        if !parts.is_empty() {
            return Err(self.error("a name has at most three parts here"));
        }
        Ok(ObjectName { database, schema, name })
    }
}
