//! Column definitions: `name type constraint…`, in PostgreSQL's grammar, and the column options of other dialects that the form table allows.

use super::{constraint, sequence};
use crate::sql::clause;
use crate::sql::cursor::{Cursor, NamePlace};
use crate::sql::data_type;
use crate::sql::expression;
use crate::sql::forms::Forms;
use crate::sql::token::Kind;
use crate::sql::tree::{
    ColumnConstraint, ColumnConstraintKind, ColumnDefinition, ConstraintFlags, GeneratedKind, Ident, IdentityKind, SequenceOptions, Unread,
};

/// `name type constraint…`.
pub(crate) fn definition(cursor: &mut Cursor<'_>) -> Result<ColumnDefinition, Unread> {
    let start = cursor.mark();
    let name = cursor.name(NamePlace::Column, "the name of a column")?;
    let untyped = Forms::of(cursor.dialect()).untyped_columns && (ends(cursor) || begins_constraint(cursor));
    let data_type = if untyped { None } else { Some(data_type::read(cursor)?) };
    rest(cursor, start, ColumnDefinition { name, data_type, collation: None, constraints: Vec::new(), options: Vec::new(), span: cursor.span_since(start) })
}

/// `name [WITH OPTIONS] constraint…` of `OF type` and `PARTITION OF`.
pub(crate) fn definition_without_type(cursor: &mut Cursor<'_>) -> Result<ColumnDefinition, Unread> {
    let start = cursor.mark();
    let name = cursor.name(NamePlace::Column, "the name of a column")?;
    cursor.take_keywords(&["WITH", "OPTIONS"]);
    rest(
        cursor,
        start,
        ColumnDefinition { name, data_type: None, collation: None, constraints: Vec::new(), options: Vec::new(), span: cursor.span_since(start) },
    )
}

fn ends(cursor: &Cursor<'_>) -> bool {
    cursor.is_at_end() || cursor.is_symbol(&Kind::Comma)
}

fn begins_constraint(cursor: &Cursor<'_>) -> bool {
    cursor.is_any_keyword(&["CONSTRAINT", "NOT", "NULL", "UNIQUE", "PRIMARY", "CHECK", "DEFAULT", "GENERATED", "REFERENCES", "COLLATE"])
}

fn rest(cursor: &mut Cursor<'_>, start: crate::sql::cursor::Mark, mut column: ColumnDefinition) -> Result<ColumnDefinition, Unread> {
    loop {
        let before = cursor.mark();
        if let Some(collation) = collation(cursor)? {
            column.collation = Some(collation);
        } else if !option(cursor, &mut column)? && !constraint_or_flag(cursor, &mut column.constraints, &mut column.options)? {
            cursor.reset(before);
            column.span = cursor.span_since(start);
            return Ok(column);
        }
    }
}

/// `COLLATE c`.
pub(crate) fn collation(cursor: &mut Cursor<'_>) -> Result<Option<crate::sql::tree::ObjectName>, Unread> {
    if cursor.take_keyword("COLLATE") { Ok(Some(cursor.qualified_name(NamePlace::Column, "a collation")?)) } else { Ok(None) }
}

/// What stands with a column and is no constraint.
fn option(cursor: &mut Cursor<'_>, column: &mut ColumnDefinition) -> Result<bool, Unread> {
    if let Some(word) = cursor.take_any_keyword(&["STORAGE", "COMPRESSION"]) {
        let value = if cursor.is_keyword("DEFAULT") { cursor.label()? } else { cursor.ident()? };
        column.options.push((word.to_owned(), value.name.as_str().to_owned()));
        return Ok(true);
    }
    if let Some(options) = clause::foreign_options(cursor)? {
        column.options.push((String::from("OPTIONS"), options));
        return Ok(true);
    }
    let forms = Forms::of(cursor.dialect());
    let Some(option) = forms.column_options.iter().find(|option| cursor.is_keywords(option.words)) else {
        return Ok(false);
    };
    cursor.skip(option.words.len());
    let start = *cursor;
    for _ in 0..option.tokens {
        if cursor.next().is_none() {
            return Err(cursor.expected("what belongs to this option of the column"));
        }
    }
    if option.parentheses && cursor.is_symbol(&Kind::LParen) {
        cursor.parentheses()?;
    }
    let value = clause::words_of(start.without_last(cursor.rest().len()));
    column.options.push((option.words.join(" "), value));
    Ok(true)
}

/// The constraints of a domain, whose column options are those of a column without types and keys.
pub(crate) fn constraints(cursor: &mut Cursor<'_>) -> Result<(Vec<ColumnConstraint>, Option<crate::sql::tree::ObjectName>), Unread> {
    let mut all = Vec::new();
    let mut found = None;
    loop {
        if let Some(name) = collation(cursor)? {
            found = Some(name);
        } else if !constraint_or_flag(cursor, &mut all, &mut Vec::new())? {
            return Ok((all, found));
        }
    }
}

/// One constraint, or a flag of the constraint before it.
fn constraint_or_flag(cursor: &mut Cursor<'_>, constraints: &mut Vec<ColumnConstraint>, options: &mut Vec<(String, String)>) -> Result<bool, Unread> {
    let is_not_null = cursor.is_keywords(&["NOT", "NULL"]);
    if let Some(last) = constraints.last_mut().filter(|_| !is_not_null) {
        let start = cursor.here();
        let before = cursor.mark();
        if constraint::one_flag(cursor, &mut last.flags)? {
            last.span = last.span.to(start).to(cursor.span_since(before));
            return Ok(true);
        }
    }
    let start = cursor.mark();
    let name = constraint::constraint_name(cursor)?;
    let mut flags = ConstraintFlags::default();
    let Some(kind) = kind(cursor, &mut flags)? else {
        return if name.is_some() { Err(cursor.expected("a constraint of the column")) } else { Ok(false) };
    };
    if matches!(kind, ColumnConstraintKind::PrimaryKey | ColumnConstraintKind::Unique { .. }) {
        for parameter in constraint::index_parameters(cursor)? {
            options.push((format!("INDEX {}", parameter.name.to_ascii_uppercase()), parameter.value.unwrap_or_default()));
        }
    }
    constraints.push(ColumnConstraint { name, kind, flags, span: cursor.span_since(start) });
    Ok(true)
}

fn kind(cursor: &mut Cursor<'_>, flags: &mut ConstraintFlags) -> Result<Option<ColumnConstraintKind>, Unread> {
    let kind = if cursor.take_keywords(&["NOT", "NULL"]) {
        flags.no_inherit = cursor.take_keywords(&["NO", "INHERIT"]);
        ColumnConstraintKind::NotNull
    } else if cursor.take_keyword("NULL") {
        ColumnConstraintKind::Null
    } else if cursor.take_keyword("DEFAULT") {
        ColumnConstraintKind::Default(expression::read_default(cursor)?)
    } else if cursor.take_keyword("UNIQUE") {
        if Forms::of(cursor.dialect()).key_word_after_unique {
            cursor.take_keyword("KEY");
        }
        ColumnConstraintKind::Unique { nulls_not_distinct: clause::nulls_not_distinct(cursor)? }
    } else if cursor.take_keywords(&["PRIMARY", "KEY"]) {
        ColumnConstraintKind::PrimaryKey
    } else if cursor.take_keyword("CHECK") {
        let expression = clause::expression_in_parentheses(cursor)?;
        ColumnConstraintKind::Check { expression, no_inherit: cursor.take_keywords(&["NO", "INHERIT"]) }
    } else if cursor.take_keyword("REFERENCES") {
        ColumnConstraintKind::References(constraint::references(cursor)?)
    } else if cursor.take_keyword("GENERATED") {
        generated(cursor)?
    } else if let Some(identity) = foreign_identity(cursor)? {
        identity
    } else {
        return Ok(None);
    };
    Ok(Some(kind))
}

/// Behind `GENERATED`.
fn generated(cursor: &mut Cursor<'_>) -> Result<ColumnConstraintKind, Unread> {
    let when = identity_kind(cursor)?;
    cursor.expect_keyword("AS")?;
    if cursor.take_keyword("IDENTITY") {
        return Ok(ColumnConstraintKind::Identity(when, sequence::options_in_parentheses(cursor)?));
    }
    if when == IdentityKind::ByDefault {
        return Err(cursor.expected("`IDENTITY`"));
    }
    let expression = clause::expression_in_parentheses(cursor)?;
    // Without a word it is virtual (PostgreSQL 18, CREATE TABLE); before 18 the word had to be STORED.
    let stored = clause_stored(cursor);
    Ok(ColumnConstraintKind::Generated(expression, stored))
}

fn clause_stored(cursor: &mut Cursor<'_>) -> GeneratedKind {
    match cursor.take_any_keyword(&["STORED", "VIRTUAL", "PERSISTENT", "PERSISTED"]) {
        Some("STORED" | "PERSISTENT" | "PERSISTED") => GeneratedKind::Stored,
        _ => GeneratedKind::Virtual,
    }
}

/// `ALWAYS` or `BY DEFAULT`.
pub(crate) fn identity_kind(cursor: &mut Cursor<'_>) -> Result<IdentityKind, Unread> {
    if cursor.take_keyword("ALWAYS") {
        Ok(IdentityKind::Always)
    } else if cursor.take_keywords(&["BY", "DEFAULT"]) {
        Ok(IdentityKind::ByDefault)
    } else {
        Err(cursor.expected("`ALWAYS` or `BY DEFAULT`"))
    }
}

/// `AUTO_INCREMENT`, `AUTOINCREMENT`, `IDENTITY(1, 1)`.
fn foreign_identity(cursor: &mut Cursor<'_>) -> Result<Option<ColumnConstraintKind>, Unread> {
    let forms = Forms::of(cursor.dialect());
    if forms.identity_words.is_empty() {
        return Ok(None);
    }
    let Some(word) = cursor.take_any_keyword(forms.identity_words) else { return Ok(None) };
    let options = if word == "AUTO_INCREMENT" { SequenceOptions::default() } else { sequence::options_in_parentheses(cursor)? };
    Ok(Some(ColumnConstraintKind::Identity(IdentityKind::ByDefault, options)))
}

/// The column's own name, for messages.
pub(crate) fn column_name(cursor: &mut Cursor<'_>) -> Result<Ident, Unread> {
    cursor.name(NamePlace::Column, "the name of a column")
}
