//! `CREATE` of the kinds that the model keeps by name and text only: what follows the name is checked for its first word and kept as mentions.

use super::{function, reference};
use crate::name::Name;
use crate::sql::clause;
use crate::sql::cursor::{Cursor, NamePlace};
use crate::sql::mentions;
use crate::sql::token::Kind;
use crate::sql::tree::{Ident, ObjectKind, ObjectName, StatementKind, Unread};

/// Behind `CREATE`, at the word of the kind; `None` when no such kind begins here.
pub(crate) fn create(cursor: &mut Cursor<'_>, or_replace: bool) -> Result<Option<StatementKind>, Unread> {
    let trusted = cursor.is_keyword("TRUSTED") || cursor.is_keyword("DEFAULT");
    let mut ahead = *cursor;
    ahead.skip(usize::from(trusted));
    ahead.take_keyword("PROCEDURAL");
    let Ok(kind) = reference::kind(&mut ahead) else { return Ok(None) };
    let has_reader = matches!(
        kind,
        ObjectKind::Rule
            | ObjectKind::Operator
            | ObjectKind::OperatorClass
            | ObjectKind::OperatorFamily
            | ObjectKind::Cast
            | ObjectKind::Transform
            | ObjectKind::UserMapping
            | ObjectKind::Language
            | ObjectKind::Conversion
            | ObjectKind::Collation
            | ObjectKind::Statistics
            | ObjectKind::Publication
            | ObjectKind::Subscription
            | ObjectKind::Server
            | ObjectKind::ForeignDataWrapper
            | ObjectKind::TextSearchConfiguration
            | ObjectKind::TextSearchDictionary
            | ObjectKind::TextSearchParser
            | ObjectKind::TextSearchTemplate
            | ObjectKind::AccessMethod
            | ObjectKind::Tablespace
            | ObjectKind::Database
            | ObjectKind::Role
    );
    if !has_reader || (trusted && !matches!(kind, ObjectKind::Language | ObjectKind::Conversion)) {
        return Ok(None);
    }
    *cursor = ahead;
    let if_not_exists = clause::if_not_exists(cursor);
    let (name, mut mentions) = name_and_head(cursor, kind)?;
    mentions.extend(mentions::of(cursor.rest(), cursor.dialect()));
    let mut seen: Vec<ObjectName> = Vec::new();
    for mention in mentions {
        if !seen.contains(&mention) {
            seen.push(mention);
        }
    }
    cursor.skip(cursor.rest().len());
    Ok(Some(StatementKind::CreateOther { kind, name, or_replace, if_not_exists, mentions: seen }))
}

/// The name, checked as far as the kind's grammar fixes what must follow it; and the relations that stand there.
fn name_and_head(cursor: &mut Cursor<'_>, kind: ObjectKind) -> Result<(ObjectName, Vec<ObjectName>), Unread> {
    let mut mentioned = Vec::new();
    let name = match kind {
        ObjectKind::Cast => {
            let start = cursor.mark();
            let text = reference::cast_types(cursor)?;
            let name = textual(cursor, start, text);
            cast_how(cursor, &mut mentioned)?;
            name
        }
        ObjectKind::Operator => {
            let name = reference::operator_name(cursor)?;
            let options = *cursor;
            clause::definition(cursor)?;
            mentioned.extend(functions_of(options));
            name
        }
        ObjectKind::OperatorClass => {
            let name = cursor.object_name()?;
            cursor.take_keyword("DEFAULT");
            cursor.expect_keywords(&["FOR", "TYPE"])?;
            name
        }
        ObjectKind::OperatorFamily => {
            let name = cursor.object_name()?;
            cursor.expect_keyword("USING")?;
            name
        }
        ObjectKind::Transform | ObjectKind::UserMapping => {
            let named = reference::named(cursor, kind)?;
            named.name
        }
        ObjectKind::Rule => {
            let name = ObjectName::bare(cursor.ident()?);
            rule(cursor, &mut mentioned)?;
            name
        }
        ObjectKind::Statistics if cursor.is_symbol(&Kind::LParen) || cursor.is_keyword("ON") => {
            // PostgreSQL 16 chooses the name.
            ObjectName::bare(Ident { name: Name::stored(""), span: cursor.here() })
        }
        ObjectKind::Role => ObjectName::bare(clause::role(cursor)?),
        _ => cursor.object_name()?,
    };
    if kind == ObjectKind::Statistics {
        statistics(cursor)?;
    }
    Ok((name, mentioned))
}

fn textual(cursor: &Cursor<'_>, start: crate::sql::cursor::Mark, text: String) -> ObjectName {
    ObjectName::bare(Ident { name: Name::stored(text), span: cursor.span_since(start) })
}

fn cast_how(cursor: &mut Cursor<'_>, mentioned: &mut Vec<ObjectName>) -> Result<(), Unread> {
    if cursor.take_keywords(&["WITH", "FUNCTION"]) {
        mentioned.push(function::signature(cursor, None)?.name);
    } else if !cursor.take_keywords(&["WITHOUT", "FUNCTION"]) {
        cursor.expect_keywords(&["WITH", "INOUT"])?;
    }
    if cursor.take_keyword("AS") {
        clause::one_of(cursor, &["ASSIGNMENT", "IMPLICIT"])?;
    }
    cursor.finish()
}

/// `FUNCTION = f` in an operator's definition.
fn functions_of(definition: Cursor<'_>) -> Vec<ObjectName> {
    let mut cursor = definition;
    let mut names = Vec::new();
    while let Some(token) = cursor.next() {
        if ["FUNCTION", "PROCEDURE", "RESTRICT", "JOIN"].iter().any(|word| token.is_word(word)) && cursor.take_symbol(&Kind::Eq) {
            names.extend(cursor.qualified_name(NamePlace::TypeOrFunction, "a function"));
        }
    }
    names
}

/// `AS ON event TO table [WHERE …] DO …`.
fn rule(cursor: &mut Cursor<'_>, mentioned: &mut Vec<ObjectName>) -> Result<(), Unread> {
    cursor.expect_keywords(&["AS", "ON"])?;
    clause::one_of(cursor, &["SELECT", "INSERT", "UPDATE", "DELETE"])?;
    cursor.expect_keyword("TO")?;
    mentioned.push(cursor.object_name()?);
    Ok(())
}

/// `[(kinds)] ON columns FROM t`.
fn statistics(cursor: &mut Cursor<'_>) -> Result<(), Unread> {
    if cursor.is_symbol(&Kind::LParen) {
        cursor.idents_in_parentheses()?;
    }
    cursor.expect_keyword("ON")?;
    let part = cursor.until(|here| here.is_keyword("FROM"));
    if part.is_at_end() {
        return Err(part.expected("columns"));
    }
    Ok(())
}
