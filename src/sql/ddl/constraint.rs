//! Constraints of tables and domains, and what all constraints may say about themselves (manual, CREATE TABLE, 18).

use super::index_element;
use crate::sql::clause;
use crate::sql::cursor::Cursor;
use crate::sql::forms::Forms;
use crate::sql::token::Kind;
use crate::sql::tree::{
    ConstraintFlags, Deferrability, ForeignKeyAction, ForeignKeyMatch, Ident, References, RefusalCode, StorageParameter, TableConstraint, TableConstraintKind,
    Unread, UnreadReason,
};

/// Whether a table constraint begins here, and no column.
pub(crate) fn begins(cursor: &Cursor<'_>) -> bool {
    let followed_by = |word: &str| cursor.peek_at(1).is_some_and(|token| token.is_word(word));
    match cursor.peek().and_then(|token| token.bare_word()).map(str::to_ascii_uppercase).as_deref() {
        Some("CONSTRAINT" | "CHECK" | "UNIQUE") => true,
        Some("PRIMARY" | "FOREIGN") => followed_by("KEY"),
        Some("NOT") => followed_by("NULL"),
        Some("EXCLUDE") => followed_by("USING") || cursor.peek_at(1).is_some_and(|token| token.kind == Kind::LParen),
        _ => false,
    }
}

/// A table constraint with its name and flags.
pub(crate) fn table_constraint(cursor: &mut Cursor<'_>) -> Result<TableConstraint, Unread> {
    let start = cursor.mark();
    let name = constraint_name(cursor)?;
    let (kind, own_name) = kind(cursor)?;
    let name = name.or(own_name);
    let mut constraint = TableConstraint { name, kind, flags: ConstraintFlags::default(), span: cursor.span_since(start) };
    loop {
        if cursor.take_keywords(&["NO", "INHERIT"]) {
            match &mut constraint.kind {
                TableConstraintKind::Check { no_inherit, .. } | TableConstraintKind::NotNull { no_inherit, .. } => *no_inherit = true,
                _ => return Err(cursor.error("`NO INHERIT` belongs to check and not-null constraints only")),
            }
        } else if !one_flag(cursor, &mut constraint.flags)? {
            break;
        }
    }
    constraint.span = cursor.span_since(start);
    Ok(constraint)
}

/// `CONSTRAINT name`.
pub(crate) fn constraint_name(cursor: &mut Cursor<'_>) -> Result<Option<Ident>, Unread> {
    if cursor.take_keyword("CONSTRAINT") { Ok(Some(cursor.ident()?)) } else { Ok(None) }
}

/// What it demands, and the name that MySQL puts behind `UNIQUE KEY`.
fn kind(cursor: &mut Cursor<'_>) -> Result<(TableConstraintKind, Option<Ident>), Unread> {
    if cursor.take_keyword("CHECK") {
        let expression = clause::expression_in_parentheses(cursor)?;
        return Ok((TableConstraintKind::Check { expression, no_inherit: false }, None));
    }
    if cursor.take_keywords(&["NOT", "NULL"]) {
        return Ok((TableConstraintKind::NotNull { column: cursor.ident()?, no_inherit: false }, None));
    }
    if cursor.take_keywords(&["FOREIGN", "KEY"]) {
        return Ok((foreign_key(cursor)?, None));
    }
    if cursor.take_keyword("EXCLUDE") {
        return Ok((exclude(cursor)?, None));
    }
    let primary = cursor.take_keywords(&["PRIMARY", "KEY"]);
    if !primary && !cursor.take_keyword("UNIQUE") {
        return Err(cursor.expected("a constraint"));
    }
    if cursor.take_keywords(&["USING", "INDEX"]) {
        return Ok((TableConstraintKind::UsingIndex { primary, index: cursor.ident()? }, None));
    }
    let mut name = None;
    if Forms::of(cursor.dialect()).key_word_after_unique && !primary {
        cursor.take_any_keyword(&["KEY", "INDEX"]);
        name = if cursor.is_symbol(&Kind::LParen) { None } else { Some(cursor.ident()?) };
    }
    let nulls_not_distinct = !primary && clause::nulls_not_distinct(cursor)?;
    let (columns, without_overlaps) = key_columns(cursor)?;
    let include = index_element::include(cursor)?;
    let parameters = index_parameters(cursor)?;
    let kind = if primary {
        TableConstraintKind::PrimaryKey { columns, include, parameters, without_overlaps }
    } else {
        TableConstraintKind::Unique { columns, include, nulls_not_distinct, parameters, without_overlaps }
    };
    Ok((kind, name))
}

fn key_columns(cursor: &mut Cursor<'_>) -> Result<(Vec<Ident>, bool), Unread> {
    let mut inside = cursor.parentheses()?;
    let mut without_overlaps = false;
    let columns = inside.comma_separated(|inside| {
        let column = inside.ident()?;
        without_overlaps |= inside.take_keywords(&["WITHOUT", "OVERLAPS"]);
        Ok(column)
    })?;
    inside.finish()?;
    Ok((columns, without_overlaps))
}

/// `WITH (…)` and `USING INDEX TABLESPACE t` of a key.
pub(crate) fn index_parameters(cursor: &mut Cursor<'_>) -> Result<Vec<StorageParameter>, Unread> {
    let mut parameters = Vec::new();
    if cursor.is_keyword("WITH") && cursor.peek_at(1).is_some_and(|token| token.kind == Kind::LParen) {
        cursor.skip(1);
        parameters = clause::storage_parameters(cursor)?;
    }
    if cursor.take_keywords(&["USING", "INDEX", "TABLESPACE"]) {
        let tablespace = cursor.ident()?;
        parameters.push(StorageParameter { name: String::from("tablespace"), value: Some(tablespace.name.as_str().to_owned()) });
    }
    Ok(parameters)
}

fn foreign_key(cursor: &mut Cursor<'_>) -> Result<TableConstraintKind, Unread> {
    let (columns, period) = period_columns(cursor)?;
    cursor.expect_keyword("REFERENCES")?;
    let mut references = references(cursor)?;
    references.period |= period;
    Ok(TableConstraintKind::ForeignKey { columns, references })
}

fn period_columns(cursor: &mut Cursor<'_>) -> Result<(Vec<Ident>, bool), Unread> {
    let mut inside = cursor.parentheses()?;
    let mut period = false;
    let columns = inside.comma_separated(|inside| {
        // `PERIOD c`; a column may itself be called period.
        if inside.is_keyword("PERIOD") && inside.peek_at(1).is_some_and(|token| matches!(token.kind, Kind::Word(_))) {
            inside.skip(1);
            period = true;
        }
        inside.ident()
    })?;
    inside.finish()?;
    Ok((columns, period))
}

/// Behind `REFERENCES`.
pub(crate) fn references(cursor: &mut Cursor<'_>) -> Result<References, Unread> {
    let table = cursor.object_name()?;
    let (columns, period) = if cursor.is_symbol(&Kind::LParen) { period_columns(cursor)? } else { (Vec::new(), false) };
    let mut references = References {
        table,
        columns,
        matching: ForeignKeyMatch::Simple,
        on_delete: ForeignKeyAction::NoAction,
        on_delete_columns: Vec::new(),
        on_update: ForeignKeyAction::NoAction,
        period,
    };
    loop {
        if cursor.take_keyword("MATCH") {
            references.matching = match clause::one_of(cursor, &["FULL", "SIMPLE", "PARTIAL"])? {
                "FULL" => ForeignKeyMatch::Full,
                "SIMPLE" => ForeignKeyMatch::Simple,
                _ => return Err(cursor.refusal(UnreadReason::Refused(RefusalCode::FeatureNotSupported), "MATCH PARTIAL not yet implemented")),
            };
        } else if cursor.take_keywords(&["ON", "DELETE"]) {
            references.on_delete = action(cursor)?;
            let sets = matches!(references.on_delete, ForeignKeyAction::SetNull | ForeignKeyAction::SetDefault);
            if sets && cursor.is_symbol(&Kind::LParen) {
                references.on_delete_columns = cursor.idents_in_parentheses()?;
            }
        } else if cursor.take_keywords(&["ON", "UPDATE"]) {
            references.on_update = action(cursor)?;
            let sets = matches!(references.on_update, ForeignKeyAction::SetNull | ForeignKeyAction::SetDefault);
            if sets && cursor.is_symbol(&Kind::LParen) {
                let message = "a column list with SET NULL or SET DEFAULT is only supported for ON DELETE actions";
                return Err(cursor.refusal(UnreadReason::Refused(RefusalCode::FeatureNotSupported), message));
            }
        } else {
            return Ok(references);
        }
    }
}

fn action(cursor: &mut Cursor<'_>) -> Result<ForeignKeyAction, Unread> {
    if cursor.take_keywords(&["NO", "ACTION"]) {
        Ok(ForeignKeyAction::NoAction)
    } else if cursor.take_keyword("RESTRICT") {
        Ok(ForeignKeyAction::Restrict)
    } else if cursor.take_keyword("CASCADE") {
        Ok(ForeignKeyAction::Cascade)
    } else if cursor.take_keywords(&["SET", "NULL"]) {
        Ok(ForeignKeyAction::SetNull)
    } else if cursor.take_keywords(&["SET", "DEFAULT"]) {
        Ok(ForeignKeyAction::SetDefault)
    } else {
        Err(cursor.expected("`NO ACTION`, `RESTRICT`, `CASCADE`, `SET NULL` or `SET DEFAULT`"))
    }
}

fn exclude(cursor: &mut Cursor<'_>) -> Result<TableConstraintKind, Unread> {
    let method = if cursor.take_keyword("USING") { Some(cursor.ident()?) } else { None };
    let mut inside = cursor.parentheses()?;
    let elements = inside.comma_separated(|inside| {
        let element = index_element::element(inside)?;
        inside.expect_keyword("WITH")?;
        Ok((element, operator(inside)?))
    })?;
    inside.finish()?;
    let include = index_element::include(cursor)?;
    let parameters = index_parameters(cursor)?;
    if !parameters.is_empty() {
        return Err(cursor.refusal(UnreadReason::NotModelled, "storage parameters of an exclusion constraint are not read"));
    }
    let predicate = if cursor.take_keyword("WHERE") { Some(clause::expression_in_parentheses(cursor)?) } else { None };
    Ok(TableConstraintKind::Exclude { method, elements, include, predicate })
}

/// `&&`, or `OPERATOR(schema.&&)`; as written.
fn operator(cursor: &mut Cursor<'_>) -> Result<String, Unread> {
    if cursor.take_keyword("OPERATOR") {
        let inside = cursor.parentheses()?;
        if inside.is_at_end() {
            return Err(inside.expected("an operator"));
        }
        return Ok(clause::words_of(inside));
    }
    let part = cursor.until_comma();
    match part.rest() {
        [only] if !matches!(only.kind, Kind::Word(_) | Kind::Number(..) | Kind::LParen) => Ok(part.text_of(only.span).to_owned()),
        _ => Err(part.expected("an operator")),
    }
}

/// One of `[NOT] DEFERRABLE`, `INITIALLY …`, `NOT VALID`, `[NOT] ENFORCED`; whether one stood here.
pub(crate) fn one_flag(cursor: &mut Cursor<'_>, flags: &mut ConstraintFlags) -> Result<bool, Unread> {
    if cursor.take_keywords(&["NOT", "DEFERRABLE"]) {
        if flags.deferrability == Some(Deferrability::InitiallyDeferred) {
            return Err(cursor.error("a constraint that is initially deferred must be deferrable"));
        }
        flags.deferrability = Some(Deferrability::NotDeferrable);
    } else if cursor.take_keyword("DEFERRABLE") {
        if flags.deferrability != Some(Deferrability::InitiallyDeferred) {
            flags.deferrability = Some(Deferrability::Deferrable);
        }
    } else if cursor.take_keywords(&["INITIALLY", "DEFERRED"]) {
        if flags.deferrability == Some(Deferrability::NotDeferrable) {
            return Err(cursor.error("a constraint that is initially deferred must be deferrable"));
        }
        flags.deferrability = Some(Deferrability::InitiallyDeferred);
    } else if cursor.take_keywords(&["INITIALLY", "IMMEDIATE"]) {
        flags.deferrability.get_or_insert(Deferrability::NotDeferrable);
    } else if cursor.take_keywords(&["NOT", "VALID"]) {
        flags.not_valid = true;
    } else if cursor.take_keywords(&["NOT", "ENFORCED"]) {
        flags.not_enforced = true;
    } else if cursor.take_keyword("ENFORCED") {
        flags.not_enforced = false;
    } else {
        return Ok(false);
    }
    Ok(true)
}
