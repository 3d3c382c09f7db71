//! One statement: its first words decide which reader takes the rest, and the rest must be taken whole.
//!
//! In: the tokens of one statement. Out: the statement, or why not.

use super::clause;
use super::cursor::Cursor;
use super::ddl::{
    aggregate, alter_index, alter_object, alter_table, create_other, create_table, domain, drop, function, index, policy, privilege, reference, schema,
    sequence,
};
use super::ddl::{trigger, user_type, view};
use super::forms::Forms;
use super::token::{Kind, Token};
use super::tree::{
    CreateTableAs, FunctionKind, GrantDirection, ObjectKind, Query, QueryBody, RelationKind, Select, Statement, StatementKind, TemporaryKind, Unread,
    UnreadReason, ViewKind,
};
use super::{copy, dml, maintenance, query, routine_call, session, transaction};
use crate::dialect::Grammar;

/// Reads one statement to its last token.
pub(crate) fn read(cursor: Cursor<'_>) -> Result<Statement, Unread> {
    let mut cursor = cursor;
    let span = cursor.rest_span();
    let kind = kind(&mut cursor)?;
    if !cursor.is_at_end() {
        return Err(cursor.expected("the end of the statement"));
    }
    Ok(Statement { kind, span })
}

fn kind(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    if let Some(verb) = cursor.take_any_keyword(&["CREATE", "ALTER", "DROP", "COMMENT", "GRANT", "REVOKE"]) {
        return match verb {
            "CREATE" => create(cursor),
            "ALTER" => alter(cursor),
            "DROP" => drop::drop(cursor),
            "COMMENT" => {
                cursor.expect_keyword("ON")?;
                drop::comment(cursor)
            }
            "GRANT" => privilege::grant(cursor, GrantDirection::Grant),
            _ => privilege::grant(cursor, GrantDirection::Revoke),
        };
    }
    // DuckDB, FROM clause: the list of columns may stand behind it, or be left away.
    let from_first = cursor.dialect().grammar == Grammar::DuckDb && cursor.is_keyword("FROM");
    if from_first
        || cursor.is_symbol(&Kind::LParen)
        || cursor.is_any_keyword(&["SELECT", "VALUES", "TABLE", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"])
    {
        return rows(cursor);
    }
    if let Some(transaction) = transaction::read(cursor)? {
        return Ok(transaction);
    }
    if let Some(other) = session::other(cursor)? {
        return Ok(other);
    }
    work(cursor)
}

/// What reads or writes rows.
fn rows(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let writes = &["INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"];
    if cursor.is_any_keyword(writes) || main_verb_after_with(cursor).is_some_and(|verb| writes.iter().any(|word| verb.is_word(word))) {
        return Ok(StatementKind::Dml(Box::new(dml::read(cursor)?)));
    }
    let mut query = query::read(cursor)?;
    if let Some(session) = session::set_config(&query) {
        return Ok(StatementKind::Session(session?));
    }
    match take_into(&mut query) {
        Some((name, temporary)) => Ok(StatementKind::CreateTableAs(Box::new(CreateTableAs {
            name,
            temporary,
            or_replace: false,
            if_not_exists: false,
            columns: Vec::new(),
            query: Some(Box::new(query)),
            with_data: true,
            parameters: Vec::new(),
            options: Vec::new(),
        }))),
        None => Ok(StatementKind::Query(Box::new(query))),
    }
}

/// The verb behind the common table expressions; a name follows `WITH`, `RECURSIVE` or a comma, the verb follows a closed part.
fn main_verb_after_with<'a>(cursor: &Cursor<'a>) -> Option<&'a Token> {
    if !cursor.is_keyword("WITH") {
        return None;
    }
    let verbs = &["SELECT", "VALUES", "TABLE", "INSERT", "UPDATE", "DELETE", "MERGE"];
    let mut ahead = *cursor;
    ahead.skip(1);
    let mut names = true;
    ahead.until(|here| {
        let found = !names && here.is_any_keyword(verbs);
        names = here.is_symbol(&Kind::Comma) || here.is_keyword("RECURSIVE");
        found
    });
    ahead.peek()
}

/// The target of `SELECT … INTO`, taken out of the query, which then is what fills the table.
fn take_into(query: &mut Query) -> Option<(super::tree::ObjectName, TemporaryKind)> {
    let mut body = &mut query.body;
    loop {
        match body {
            QueryBody::Select(select) => {
                let select: &mut Select = select;
                let temporary = std::mem::replace(&mut select.into_temporary, TemporaryKind::Permanent);
                return select.into.take().map(|name| (name, temporary));
            }
            QueryBody::SetOperation { left, .. } => body = &mut left.body,
            QueryBody::Nested(inner) => body = &mut inner.body,
            QueryBody::Values(_) | QueryBody::Table { .. } | QueryBody::Dml(_) | QueryBody::NotUnderstood(_) => return None,
        }
    }
}

/// Everything that neither defines nor speaks of rows.
fn work(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let start = *cursor;
    let verbs = &[
        "TRUNCATE",
        "COPY",
        "SET",
        "RESET",
        "DO",
        "CALL",
        "EXECUTE",
        "PREPARE",
        "DECLARE",
        "LOCK",
        "VACUUM",
        "ANALYZE",
        "ANALYSE",
        "REINDEX",
        "CLUSTER",
        "REFRESH",
        "EXPLAIN",
        "SECURITY",
        "CHECKPOINT",
        "LOAD",
        "REASSIGN",
        "IMPORT",
        "USE",
    ];
    let Some(verb) = cursor.take_any_keyword(verbs) else {
        return Err(cursor.error(format!("`{}` begins no statement that is known here", cursor.text_of(cursor.here()))));
    };
    match verb {
        "TRUNCATE" => maintenance::truncate(cursor),
        "COPY" => copy::read(cursor),
        "SET" => session::set(cursor),
        "RESET" => session::reset(cursor),
        "DO" => routine_call::read_do(cursor),
        "CALL" => routine_call::call(cursor),
        "EXECUTE" => routine_call::execute(cursor),
        "PREPARE" => routine_call::prepare(cursor, read),
        "DECLARE" => routine_call::declare(cursor),
        "LOCK" => maintenance::lock(cursor),
        "VACUUM" => maintenance::vacuum(cursor),
        "ANALYZE" | "ANALYSE" => maintenance::analyze(cursor),
        "REINDEX" => maintenance::reindex(cursor),
        "CLUSTER" => maintenance::cluster(cursor),
        "REFRESH" => {
            cursor.expect_keywords(&["MATERIALIZED", "VIEW"])?;
            view::refresh(cursor)
        }
        "EXPLAIN" => explain(cursor),
        "SECURITY" => security_label(cursor),
        "CHECKPOINT" => {
            if cursor.is_symbol(&Kind::LParen) {
                cursor.parentheses()?;
            }
            Ok(StatementKind::NoEffect { what: String::from("CHECKPOINT") })
        }
        "LOAD" => {
            clause::string(cursor, "a library as a string")?;
            Ok(StatementKind::NoEffect { what: String::from("LOAD") })
        }
        "REASSIGN" => {
            *cursor = start;
            alter_object::reassign_owned(cursor)
        }
        "IMPORT" => Err(start.refusal(UnreadReason::NotModelled, "which tables the foreign server has is not known here")),
        _ => Err(start.error(format!("`{verb}` begins no statement that is known here"))),
    }
}

/// `EXPLAIN` alone runs nothing; with `ANALYZE` it runs the statement.
fn explain(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let mut analyzes = false;
    if cursor.is_symbol(&Kind::LParen) && !begins_query_in_parentheses(cursor) {
        let options = clause::utility_options(cursor)?;
        analyzes = options.iter().any(|(name, value)| name.starts_with("ANALY") && !matches!(value.as_str(), "false" | "off" | "0"));
    } else {
        while let Some(word) = cursor.take_any_keyword(&["ANALYZE", "ANALYSE", "VERBOSE"]) {
            analyzes |= word != "VERBOSE";
        }
    }
    if cursor.is_keyword("EXPLAIN") {
        return Err(cursor.expected("the statement to explain"));
    }
    let inner = kind(cursor)?;
    Ok(if analyzes { inner } else { StatementKind::NoEffect { what: String::from("EXPLAIN") } })
}

fn begins_query_in_parentheses(cursor: &Cursor<'_>) -> bool {
    cursor.peek_at(1).is_some_and(|token| ["SELECT", "WITH", "VALUES", "TABLE"].iter().any(|word| token.is_word(word)) || token.kind == Kind::LParen)
}

/// Behind `SECURITY`.
fn security_label(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    cursor.expect_keyword("LABEL")?;
    if cursor.take_keyword("FOR") {
        cursor.skip(1);
    }
    cursor.expect_keyword("ON")?;
    let kind = reference::kind(cursor)?;
    reference::named(cursor, kind)?;
    cursor.expect_keyword("IS")?;
    if !cursor.take_keyword("NULL") {
        clause::string(cursor, "a label as a string")?;
    }
    Ok(StatementKind::NoEffect { what: String::from("SECURITY LABEL") })
}

/// Behind `CREATE`.
fn create(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let forms = Forms::of(cursor.dialect());
    let start = *cursor;
    let or_replace = cursor.take_keywords(&["OR", "REPLACE"]) || (!forms.is_postgres && cursor.take_keywords(&["OR", "ALTER"]));
    if let Some(found) = create_relation(cursor, or_replace)? {
        return Ok(found);
    }
    if let Some(found) = create_replaceable(cursor, or_replace)? {
        return Ok(found);
    }
    if let Some(found) = create_other::create(cursor, or_replace)? {
        if or_replace && !matches!(&found, StatementKind::CreateOther { kind: ObjectKind::Rule | ObjectKind::Language | ObjectKind::Transform, .. }) {
            return Err(start.error("`OR REPLACE` does not belong here"));
        }
        return Ok(found);
    }
    if or_replace && forms.is_postgres {
        return Err(cursor.expected("a kind of object that can be replaced"));
    }
    if cursor.take_keyword("SCHEMA") {
        return schema::create(cursor, read);
    }
    if cursor.take_keyword("TYPE") {
        return user_type::create(cursor);
    }
    if cursor.take_keyword("DOMAIN") {
        return domain::create(cursor);
    }
    if cursor.take_keyword("POLICY") {
        return policy::create(cursor);
    }
    if cursor.take_keyword("EXTENSION") {
        return schema::create_extension(cursor);
    }
    if cursor.take_keywords(&["EVENT", "TRIGGER"]) {
        return trigger::create_event(cursor);
    }
    Err(cursor.expected("a kind of object"))
}

/// Tables, views, sequences and indexes, with the words that may stand before them.
fn create_relation(cursor: &mut Cursor<'_>, or_replace: bool) -> Result<Option<StatementKind>, Unread> {
    let forms = Forms::of(cursor.dialect());
    let start = *cursor;
    let mut temporary = TemporaryKind::Permanent;
    let scoped = cursor.take_any_keyword(&["GLOBAL", "LOCAL"]).is_some();
    if cursor.take_any_keyword(&["TEMPORARY", "TEMP"]).is_some() {
        temporary = TemporaryKind::Temporary;
    } else if !scoped && cursor.take_keyword("UNLOGGED") {
        temporary = TemporaryKind::Unlogged;
    } else if !forms.is_postgres {
        cursor.take_keyword("TRANSIENT");
    }
    if scoped && temporary == TemporaryKind::Permanent {
        return Err(cursor.expected("`TEMPORARY`"));
    }
    if cursor.take_keyword("TABLE") {
        refuse_replacing(&start, or_replace)?;
        return create_table::create(cursor, create_table::Prefix { temporary, foreign: false, or_replace }).map(Some);
    }
    if cursor.is_keywords(&["FOREIGN", "TABLE"]) || (!forms.is_postgres && cursor.is_keywords(&["EXTERNAL", "TABLE"])) {
        refuse_replacing(&start, or_replace)?;
        cursor.skip(2);
        return create_table::create(cursor, create_table::Prefix { temporary, foreign: true, or_replace }).map(Some);
    }
    if cursor.take_keyword("SEQUENCE") {
        refuse_replacing(&start, or_replace)?;
        return sequence::create(cursor, temporary).map(Some);
    }
    let recursive = cursor.take_keyword("RECURSIVE");
    if cursor.take_keyword("VIEW") || (!forms.is_postgres && cursor.take_keywords(&["SECURE", "VIEW"])) {
        return view::create(cursor, view::Prefix { kind: ViewKind::Plain, or_replace, temporary, recursive }).map(Some);
    }
    if cursor.take_keywords(&["MATERIALIZED", "VIEW"]) {
        refuse_replacing(&start, or_replace)?;
        return view::create(cursor, view::Prefix { kind: ViewKind::Materialized, or_replace, temporary, recursive }).map(Some);
    }
    if cursor.is_keyword("INDEX") || cursor.is_keywords(&["UNIQUE", "INDEX"]) {
        refuse_replacing(&start, or_replace)?;
        let unique = cursor.take_keyword("UNIQUE");
        cursor.skip(1);
        return index::create(cursor, unique).map(Some);
    }
    *cursor = start;
    Ok(None)
}

fn refuse_replacing(cursor: &Cursor<'_>, or_replace: bool) -> Result<(), Unread> {
    if or_replace && !Forms::of(cursor.dialect()).replaces_tables {
        return Err(cursor.expected("a kind of object that can be replaced"));
    }
    Ok(())
}

/// Routines and triggers.
fn create_replaceable(cursor: &mut Cursor<'_>, or_replace: bool) -> Result<Option<StatementKind>, Unread> {
    if cursor.take_keyword("FUNCTION") {
        return function::create(cursor, FunctionKind::Function, or_replace, read).map(Some);
    }
    if cursor.take_keyword("PROCEDURE") {
        return function::create(cursor, FunctionKind::Procedure, or_replace, read).map(Some);
    }
    if cursor.take_keyword("AGGREGATE") {
        return aggregate::create(cursor, or_replace).map(Some);
    }
    let constraint = cursor.take_keywords(&["CONSTRAINT", "TRIGGER"]);
    if constraint || cursor.take_keyword("TRIGGER") {
        return trigger::create(cursor, or_replace, constraint).map(Some);
    }
    Ok(None)
}

/// Behind `ALTER`.
fn alter(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    if cursor.take_keywords(&["DEFAULT", "PRIVILEGES"]) {
        return privilege::alter_default(cursor);
    }
    if cursor.take_keyword("SYSTEM") {
        clause::one_of(cursor, &["SET", "RESET"])?;
        if !cursor.take_keyword("ALL") {
            session::setting_name(cursor)?;
        }
        cursor.skip(cursor.rest().len());
        return Ok(StatementKind::AlterSystem);
    }
    let kind = reference::kind(cursor)?;
    match kind {
        ObjectKind::Table => alter_table::alter(cursor, RelationKind::Table),
        ObjectKind::ForeignTable => alter_table::alter(cursor, RelationKind::ForeignTable),
        ObjectKind::View => view::alter(cursor, ViewKind::Plain),
        ObjectKind::MaterializedView => view::alter(cursor, ViewKind::Materialized),
        ObjectKind::Index if cursor.is_keywords(&["ALL", "IN", "TABLESPACE"]) => alter_table::all_in_tablespace(cursor, "ALTER INDEX"),
        ObjectKind::Index => alter_index::alter(cursor),
        ObjectKind::Sequence => sequence::alter(cursor),
        kind => alter_object::alter(cursor, kind),
    }
}
