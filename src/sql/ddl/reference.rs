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

/// The object of that kind, with everything that belongs to its name.
pub(crate) fn named(cursor: &mut Cursor<'_>, kind: ObjectKind) -> Result<ObjectReference, Unread> {
    let start = cursor.mark();
    if matches!(kind, ObjectKind::Constraint | ObjectKind::DomainConstraint) {
        return constraint(cursor, start);
    }
    let (name, on, signature) = parts(cursor, kind, start)?;
    Ok(ObjectReference { kind, name, on, signature, span: cursor.span_since(start) })
}

type Parts = (ObjectName, Option<ObjectName>, Option<FunctionSignature>);

fn parts(cursor: &mut Cursor<'_>, kind: ObjectKind, start: Mark) -> Result<Parts, Unread> {
    let is_postgres = Forms::of(cursor.dialect()).is_postgres;
    let alone = |name| Ok((name, None, None));
    match kind {
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine | ObjectKind::Aggregate => {
            let signature = function::signature(cursor, routine_kind(kind))?;
            if kind == ObjectKind::Aggregate && signature.arguments.is_none() {
                return Err(cursor.expected("the types of the aggregate's arguments"));
            }
            Ok((signature.name.clone(), None, Some(signature)))
        }
        ObjectKind::Type | ObjectKind::Domain => alone(type_name(cursor)?),
        ObjectKind::Operator => {
            let name = operator_name(cursor)?;
            let arguments = operator_arguments(cursor)?;
            let signature = FunctionSignature { kind: None, name: name.clone(), arguments: Some(arguments) };
            Ok((name, None, Some(signature)))
        }
        ObjectKind::Cast | ObjectKind::Transform | ObjectKind::UserMapping | ObjectKind::LargeObject => alone(described(cursor, kind, start)?),
        ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Policy => {
            let name = ObjectName::bare(cursor.ident()?);
            let on = if cursor.take_keyword("ON") { Some(cursor.object_name()?) } else { None };
            if on.is_none() && is_postgres {
                return Err(cursor.expected("`ON` and a table"));
            }
            Ok((name, on, None))
        }
        ObjectKind::Column => {
            let (on, name) = column(cursor)?;
            Ok((ObjectName::bare(name), Some(on), None))
        }
        ObjectKind::Role => alone(ObjectName::bare(clause::role(cursor)?)),
        ObjectKind::Index => {
            let name = cursor.object_name()?;
            let on = if !is_postgres && cursor.take_keyword("ON") { Some(cursor.object_name()?) } else { None };
            Ok((name, on, None))
        }
        ObjectKind::OperatorClass | ObjectKind::OperatorFamily => {
            let name = cursor.object_name()?;
            cursor.expect_keyword("USING")?;
            cursor.ident()?;
            alone(name)
        }
        kind if is_postgres && has_no_schema(kind) => alone(ObjectName::bare(cursor.ident()?)),
        _ => alone(cursor.object_name()?),
    }
}

/// Kinds whose objects stand in no schema.
fn has_no_schema(kind: ObjectKind) -> bool {
    matches!(
        kind,
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
            | ObjectKind::AccessMethod
    )
}

/// Kinds that have no name but a description, which then is the name.
fn described(cursor: &mut Cursor<'_>, kind: ObjectKind, start: Mark) -> Result<ObjectName, Unread> {
    match kind {
        ObjectKind::Cast => {
            let inside = cast_types(cursor)?;
            return Ok(textual(cursor, start, inside));
        }
        ObjectKind::Transform => {
            cursor.expect_keyword("FOR")?;
            data_type::read(cursor)?;
            cursor.expect_keyword("LANGUAGE")?;
            cursor.ident()?;
        }
        ObjectKind::UserMapping => {
            cursor.expect_keyword("FOR")?;
            clause::role(cursor)?;
            cursor.expect_keyword("SERVER")?;
            cursor.ident()?;
        }
        _ => {
            clause::integer(cursor, "the number of a large object")?;
        }
    }
    Ok(textual(cursor, start, cursor.text_since(start).to_owned()))
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
