//! How a statement names an object of any kind: shared by `DROP`, `COMMENT ON`, `ALTER`, `SECURITY LABEL` and `ALTER EXTENSION`.

use super::function;
use crate::name::Name;
use crate::sql::clause;
use crate::sql::cursor::{Cursor, Mark, NamePlace};
use crate::sql::data_type;
use crate::sql::forms::Forms;
use crate::sql::token::Kind;
use crate::sql::tree::{FunctionKind, FunctionSignature, Ident, ObjectKind, ObjectName, ObjectReference, Unread};

/// The words for each kind; a longer row stands before a shorter one that begins the same.
const KINDS: &[(&[&str], ObjectKind)] = &[
    (&["TABLE"], ObjectKind::Table),
    (&["FOREIGN", "TABLE"], ObjectKind::ForeignTable),
    (&["FOREIGN", "DATA", "WRAPPER"], ObjectKind::ForeignDataWrapper),
    (&["MATERIALIZED", "VIEW"], ObjectKind::MaterializedView),
    (&["VIEW"], ObjectKind::View),
    (&["INDEX"], ObjectKind::Index),
    (&["SEQUENCE"], ObjectKind::Sequence),
    (&["SCHEMA"], ObjectKind::Schema),
    (&["DATABASE"], ObjectKind::Database),
    (&["TYPE"], ObjectKind::Type),
    (&["DOMAIN"], ObjectKind::Domain),
    (&["FUNCTION"], ObjectKind::Function),
    (&["PROCEDURE"], ObjectKind::Procedure),
    (&["ROUTINE"], ObjectKind::Routine),
    (&["AGGREGATE"], ObjectKind::Aggregate),
    (&["OPERATOR", "CLASS"], ObjectKind::OperatorClass),
    (&["OPERATOR", "FAMILY"], ObjectKind::OperatorFamily),
    (&["OPERATOR"], ObjectKind::Operator),
    (&["CAST"], ObjectKind::Cast),
    (&["COLLATION"], ObjectKind::Collation),
    (&["CONVERSION"], ObjectKind::Conversion),
    (&["EXTENSION"], ObjectKind::Extension),
    (&["EVENT", "TRIGGER"], ObjectKind::EventTrigger),
    (&["TRIGGER"], ObjectKind::Trigger),
    (&["RULE"], ObjectKind::Rule),
    (&["POLICY"], ObjectKind::Policy),
    (&["CONSTRAINT"], ObjectKind::Constraint),
    (&["COLUMN"], ObjectKind::Column),
    (&["USER", "MAPPING"], ObjectKind::UserMapping),
    (&["ROLE"], ObjectKind::Role),
    (&["USER"], ObjectKind::Role),
    (&["GROUP"], ObjectKind::Role),
    (&["TABLESPACE"], ObjectKind::Tablespace),
    (&["PROCEDURAL", "LANGUAGE"], ObjectKind::Language),
    (&["LANGUAGE"], ObjectKind::Language),
    (&["PUBLICATION"], ObjectKind::Publication),
    (&["SUBSCRIPTION"], ObjectKind::Subscription),
    (&["STATISTICS"], ObjectKind::Statistics),
    (&["SERVER"], ObjectKind::Server),
    (&["TEXT", "SEARCH", "CONFIGURATION"], ObjectKind::TextSearchConfiguration),
    (&["TEXT", "SEARCH", "DICTIONARY"], ObjectKind::TextSearchDictionary),
    (&["TEXT", "SEARCH", "PARSER"], ObjectKind::TextSearchParser),
    (&["TEXT", "SEARCH", "TEMPLATE"], ObjectKind::TextSearchTemplate),
    (&["ACCESS", "METHOD"], ObjectKind::AccessMethod),
    (&["TRANSFORM"], ObjectKind::Transform),
    (&["LARGE", "OBJECT"], ObjectKind::LargeObject),
];

/// Kinds that only other dialects have, by the word that names them.
const FOREIGN: &[&str] = &[
    "STREAM",
    "TASK",
    "STAGE",
    "PIPE",
    "WAREHOUSE",
    "MACRO",
    "DICTIONARY",
    "EVENT",
    "CATALOG",
    "VOLUME",
    "MODEL",
    "TAG",
    "SECRET",
    "SHARE",
    "SYNONYM",
    "SNAPSHOT",
];

/// Takes the words of a kind.
pub(crate) fn kind(cursor: &mut Cursor<'_>) -> Result<ObjectKind, Unread> {
    if let Some((words, kind)) = KINDS.iter().find(|(words, _)| cursor.is_keywords(words)) {
        cursor.skip(words.len());
        return Ok(*kind);
    }
    if !Forms::of(cursor.dialect()).is_postgres && cursor.take_any_keyword(FOREIGN).is_some() {
        return Ok(ObjectKind::Foreign);
    }
    Err(cursor.expected("a kind of object"))
}

/// The object of that kind, with everything that belongs to its name. The span begins at `start`.
pub(crate) fn named(cursor: &mut Cursor<'_>, kind: ObjectKind) -> Result<ObjectReference, Unread> {
    let start = cursor.mark();
    let reference = |cursor: &Cursor<'_>, name, on, signature| ObjectReference { kind, name, on, signature, span: cursor.span_since(start) };
    let found = match kind {
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine | ObjectKind::Aggregate => {
            let signature = function::signature(cursor, routine_kind(kind))?;
            if kind == ObjectKind::Aggregate && signature.arguments.is_none() {
                return Err(cursor.expected("the types of the aggregate's arguments"));
            }
            reference(cursor, signature.name.clone(), None, Some(signature))
        }
        ObjectKind::Type | ObjectKind::Domain => {
            let name = type_name(cursor)?;
            reference(cursor, name, None, None)
        }
        ObjectKind::Operator => {
            let name = operator_name(cursor)?;
            let arguments = operator_arguments(cursor)?;
            let signature = FunctionSignature { kind: None, name: name.clone(), arguments: Some(arguments) };
            reference(cursor, name, None, Some(signature))
        }
        ObjectKind::OperatorClass | ObjectKind::OperatorFamily => {
            let name = cursor.object_name()?;
            cursor.expect_keyword("USING")?;
            cursor.ident()?;
            reference(cursor, name, None, None)
        }
        ObjectKind::Cast => {
            let inside = cast_types(cursor)?;
            let name = textual(cursor, start, inside);
            reference(cursor, name, None, None)
        }
        ObjectKind::Transform => {
            cursor.expect_keyword("FOR")?;
            data_type::read(cursor)?;
            cursor.expect_keyword("LANGUAGE")?;
            cursor.ident()?;
            let name = textual(cursor, start, cursor.text_since(start).to_owned());
            reference(cursor, name, None, None)
        }
        ObjectKind::UserMapping => {
            cursor.expect_keyword("FOR")?;
            clause::role(cursor)?;
            cursor.expect_keyword("SERVER")?;
            cursor.ident()?;
            let name = textual(cursor, start, cursor.text_since(start).to_owned());
            reference(cursor, name, None, None)
        }
        ObjectKind::LargeObject => {
            clause::integer(cursor, "the number of a large object")?;
            let name = textual(cursor, start, cursor.text_since(start).to_owned());
            reference(cursor, name, None, None)
        }
        ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Policy => {
            let name = ObjectName::bare(cursor.ident()?);
            let on = if cursor.take_keyword("ON") { Some(cursor.object_name()?) } else { None };
            if on.is_none() && Forms::of(cursor.dialect()).is_postgres {
                return Err(cursor.expected("`ON` and a table"));
            }
            reference(cursor, name, on, None)
        }
        ObjectKind::Constraint | ObjectKind::DomainConstraint => return constraint(cursor, start),
        ObjectKind::Column => {
            let (on, name) = column(cursor)?;
            reference(cursor, ObjectName::bare(name), Some(on), None)
        }
        ObjectKind::Role => {
            let name = ObjectName::bare(clause::role(cursor)?);
            reference(cursor, name, None, None)
        }
        ObjectKind::Index => {
            let name = cursor.object_name()?;
            let on = if !Forms::of(cursor.dialect()).is_postgres && cursor.take_keyword("ON") { Some(cursor.object_name()?) } else { None };
            reference(cursor, name, on, None)
        }
        ObjectKind::Table
        | ObjectKind::ForeignTable
        | ObjectKind::View
        | ObjectKind::MaterializedView
        | ObjectKind::Sequence
        | ObjectKind::Collation
        | ObjectKind::Conversion
        | ObjectKind::Statistics
        | ObjectKind::TextSearchConfiguration
        | ObjectKind::TextSearchDictionary
        | ObjectKind::TextSearchParser
        | ObjectKind::TextSearchTemplate
        | ObjectKind::Foreign => {
            let name = cursor.object_name()?;
            reference(cursor, name, None, None)
        }
        ObjectKind::Schema
        | ObjectKind::Database
        | ObjectKind::Extension
        | ObjectKind::EventTrigger
        | ObjectKind::Tablespace
        | ObjectKind::Language
        | ObjectKind::Publication
        | ObjectKind::Subscription
        | ObjectKind::Server
        | ObjectKind::ForeignDataWrapper
        | ObjectKind::AccessMethod => {
            let name = if Forms::of(cursor.dialect()).is_postgres { ObjectName::bare(cursor.ident()?) } else { cursor.object_name()? };
            reference(cursor, name, None, None)
        }
    };
    Ok(found)
}

fn routine_kind(kind: ObjectKind) -> Option<FunctionKind> {
    match kind {
        ObjectKind::Function => Some(FunctionKind::Function),
        ObjectKind::Procedure => Some(FunctionKind::Procedure),
        ObjectKind::Aggregate => Some(FunctionKind::Aggregate),
        _ => None,
    }
}

/// A name that is only text: what stands since `start`.
fn textual(cursor: &Cursor<'_>, start: Mark, text: String) -> ObjectName {
    ObjectName::bare(Ident { name: Name::stored(text), span: cursor.span_since(start) })
}

/// A type by its name alone; built-in names of several words too.
fn type_name(cursor: &mut Cursor<'_>) -> Result<ObjectName, Unread> {
    let found = data_type::read(cursor)?;
    if found.array_dimensions > 0 || !found.modifiers.is_empty() || found.set_of {
        return Err(cursor.error("a type is named here by its name alone"));
    }
    Ok(found.name)
}

/// `(a AS b)`, as text without the parentheses.
pub(crate) fn cast_types(cursor: &mut Cursor<'_>) -> Result<String, Unread> {
    let mut inside = cursor.parentheses()?;
    let text = clause::words_of(inside);
    data_type::read(&mut inside)?;
    inside.expect_keyword("AS")?;
    data_type::read(&mut inside)?;
    inside.finish()?;
    Ok(text)
}

/// `schema.@@`: the symbol is the name.
pub(crate) fn operator_name(cursor: &mut Cursor<'_>) -> Result<ObjectName, Unread> {
    let mut parts: Vec<Ident> = Vec::new();
    while matches!(cursor.peek().map(|token| &token.kind), Some(Kind::Word(_))) {
        parts.push(cursor.label()?);
        cursor.expect_symbol(&Kind::Period)?;
    }
    let start = cursor.mark();
    let is_symbol = cursor.peek().is_some_and(|token| !matches!(token.kind, Kind::Number(..) | Kind::LParen | Kind::RParen | Kind::Comma | Kind::Period));
    if !is_symbol || cursor.peek().is_some_and(|token| token.string().is_some()) {
        return Err(cursor.expected("an operator"));
    }
    cursor.skip(1);
    let name = Ident { name: Name::stored(cursor.text_since(start)), span: cursor.span_since(start) };
    let schema = parts.pop();
    Ok(ObjectName { database: parts.pop(), schema, name })
}

/// `(int, NONE)`; `NONE` is no argument.
fn operator_arguments(cursor: &mut Cursor<'_>) -> Result<Vec<crate::sql::tree::TypeName>, Unread> {
    let mut inside = cursor.parentheses()?;
    let arguments = inside.comma_separated(|inside| if inside.take_keyword("NONE") { Ok(None) } else { data_type::read(inside).map(Some) })?;
    inside.finish()?;
    Ok(arguments.into_iter().flatten().collect())
}

/// `c ON t` or `c ON DOMAIN d`.
fn constraint(cursor: &mut Cursor<'_>, start: Mark) -> Result<ObjectReference, Unread> {
    let name = ObjectName::bare(cursor.ident()?);
    cursor.expect_keyword("ON")?;
    // A table may be called domain; then nothing but `IS` or the end follows the word.
    let is_domain = cursor.is_keyword("DOMAIN") && cursor.peek_at(1).is_some_and(|token| matches!(token.kind, Kind::Word(_)) && !token.is_word("IS"));
    let kind = if is_domain { ObjectKind::DomainConstraint } else { ObjectKind::Constraint };
    let on = if is_domain {
        cursor.skip(1);
        cursor.qualified_name(NamePlace::TypeOrFunction, "a domain")?
    } else {
        cursor.object_name()?
    };
    Ok(ObjectReference { kind, name, on: Some(on), signature: None, span: cursor.span_since(start) })
}

/// `t.c`, `s.t.c`: the table and the column.
pub(crate) fn column(cursor: &mut Cursor<'_>) -> Result<(ObjectName, Ident), Unread> {
    let start = *cursor;
    let mut parts = vec![cursor.ident()?];
    while cursor.take_symbol(&Kind::Period) {
        parts.push(cursor.label()?);
    }
    let column = parts.pop();
    let table = parts.pop();
    let schema = parts.pop();
    let database = parts.pop();
    match (column, table) {
        (Some(column), Some(name)) if parts.is_empty() => Ok((ObjectName { database, schema, name }, column)),
        _ => Err(start.expected("a table and a column")),
    }
}
