//! `CREATE`, `ALTER` and `REFRESH` of views and materialized views.

use super::{alter_column, alter_table};
use crate::sql::clause;
use crate::sql::cursor::Cursor;
use crate::sql::forms::Forms;
use crate::sql::query;
use crate::sql::token::Kind;
use crate::sql::tree::{
    AlterTable, AlterTableAction, AlterView, AlterViewAction, CheckOption, CreateView, Ident, ObjectName, RefreshView, RelationKind, StatementKind,
    TemporaryKind, Unread, ViewKind,
};

/// What stands before the word `VIEW`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prefix {
    /// Plain or materialized.
    pub kind: ViewKind,
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// `TEMPORARY`.
    pub temporary: TemporaryKind,
    /// `RECURSIVE`.
    pub recursive: bool,
}

/// Behind `CREATE … VIEW`.
pub(crate) fn create(cursor: &mut Cursor<'_>, prefix: Prefix) -> Result<StatementKind, Unread> {
    let is_postgres = Forms::of(cursor.dialect()).is_postgres;
    let is_plain = prefix.kind == ViewKind::Plain;
    if is_postgres && !is_plain && (prefix.temporary == TemporaryKind::Temporary || prefix.or_replace) {
        return Err(cursor.error("a materialized view is neither temporary nor replaced"));
    }
    let if_not_exists = if is_postgres && is_plain { false } else { clause::if_not_exists(cursor) };
    let name = cursor.object_name()?;
    if is_postgres && prefix.recursive && !cursor.is_symbol(&Kind::LParen) {
        return Err(cursor.expected("the columns of the recursive view"));
    }
    let columns = if cursor.is_symbol(&Kind::LParen) { columns(cursor)? } else { Vec::new() };
    let mut parameters = Vec::new();
    let mut copy_grants = false;
    let (mut access_method, mut tablespace) = (None, None);
    loop {
        if cursor.is_keyword("WITH") && cursor.peek_at(1).is_some_and(|token| token.kind == Kind::LParen) {
            cursor.skip(1);
            parameters = clause::storage_parameters(cursor)?;
        } else if prefix.kind == ViewKind::Materialized && cursor.take_keyword("USING") {
            access_method = Some(cursor.ident()?);
        } else if prefix.kind == ViewKind::Materialized && cursor.take_keyword("TABLESPACE") {
            tablespace = Some(cursor.ident()?);
        } else if Forms::of(cursor.dialect()).replaces_tables && cursor.take_keywords(&["COPY", "GRANTS"]) {
            copy_grants = true;
        } else if Forms::of(cursor.dialect()).replaces_tables && cursor.take_keyword("OPTIONS") {
            cursor.parentheses()?;
        } else if Forms::of(cursor.dialect()).replaces_tables && cursor.take_keyword("COMMENT") {
            cursor.take_symbol(&Kind::Eq);
            clause::string(cursor, "the comment")?;
        } else {
            break;
        }
    }
    cursor.expect_keyword("AS")?;
    let tail = tail(cursor, prefix.kind);
    let mut part = cursor.without_last(tail.tokens);
    let query_span = part.rest_span();
    let query = query::read(&mut part)?;
    part.finish()?;
    cursor.skip(cursor.rest().len());
    Ok(StatementKind::CreateView(Box::new(CreateView {
        kind: prefix.kind,
        name,
        or_replace: prefix.or_replace,
        if_not_exists,
        temporary: prefix.temporary,
        columns,
        recursive: prefix.recursive,
        query: Box::new(query),
        query_span,
        check_option: tail.check_option,
        access_method,
        tablespace,
        parameters,
        with_data: tail.with_data,
        no_schema_binding: tail.no_schema_binding,
        copy_grants,
    })))
}

/// `(a, b COMMENT 'x')`.
fn columns(cursor: &mut Cursor<'_>) -> Result<Vec<Ident>, Unread> {
    let mut inside = cursor.parentheses()?;
    let columns = inside.comma_separated(|inside| {
        let column = inside.ident()?;
        if !Forms::of(inside.dialect()).is_postgres && inside.take_keyword("COMMENT") {
            clause::string(inside, "the comment")?;
        }
        Ok(column)
    })?;
    inside.finish()?;
    Ok(columns)
}

/// What stands behind the query.
struct Tail {
    tokens: usize,
    check_option: Option<CheckOption>,
    with_data: bool,
    no_schema_binding: bool,
}

fn tail(cursor: &Cursor<'_>, kind: ViewKind) -> Tail {
    let tokens = cursor.rest();
    let ends_with = |words: &[&str]| tokens.len() > words.len() && words.iter().rev().zip(tokens.iter().rev()).all(|(word, token)| token.is_word(word));
    let mut tail = Tail { tokens: 0, check_option: None, with_data: true, no_schema_binding: false };
    if kind == ViewKind::Materialized {
        if ends_with(&["WITH", "NO", "DATA"]) {
            tail.tokens = 3;
            tail.with_data = false;
        } else if ends_with(&["WITH", "DATA"]) {
            tail.tokens = 2;
        }
    } else if ends_with(&["WITH", "CHECK", "OPTION"]) {
        (tail.tokens, tail.check_option) = (3, Some(CheckOption::Cascaded));
    } else if ends_with(&["WITH", "CASCADED", "CHECK", "OPTION"]) {
        (tail.tokens, tail.check_option) = (4, Some(CheckOption::Cascaded));
    } else if ends_with(&["WITH", "LOCAL", "CHECK", "OPTION"]) {
        (tail.tokens, tail.check_option) = (4, Some(CheckOption::Local));
    } else if ends_with(&["WITH", "NO", "SCHEMA", "BINDING"]) {
        (tail.tokens, tail.no_schema_binding) = (4, true);
    }
    tail
}

/// Behind `ALTER [MATERIALIZED] VIEW`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, kind: ViewKind) -> Result<StatementKind, Unread> {
    if kind == ViewKind::Materialized && cursor.is_keywords(&["ALL", "IN", "TABLESPACE"]) {
        return alter_table::all_in_tablespace(cursor, "ALTER MATERIALIZED VIEW");
    }
    let if_exists = clause::if_exists(cursor);
    let name = cursor.object_name()?;
    if let Some(list) = several_actions(cursor, kind, &name, if_exists)? {
        return Ok(list);
    }
    let action = action(cursor, kind)?;
    Ok(StatementKind::AlterView(Box::new(AlterView { kind, name, if_exists, action })))
}

/// A materialized view takes a list of actions as a table does.
fn several_actions(cursor: &mut Cursor<'_>, kind: ViewKind, name: &ObjectName, if_exists: bool) -> Result<Option<StatementKind>, Unread> {
    let mut ahead = *cursor;
    ahead.until_comma();
    let is_list = kind == ViewKind::Materialized && !ahead.is_at_end();
    // Every action of a table can be written, most are refused (gram.y, AlterTableStmt).
    let mut own = *cursor;
    let is_own = action(&mut own, kind).is_ok();
    if !is_list && (is_own || !Forms::of(cursor.dialect()).is_postgres) {
        return Ok(None);
    }
    let mut ahead = *cursor;
    let actions = match alter_table::actions(&mut ahead) {
        Ok(actions) => actions,
        Err(unread) if is_list => return Err(unread),
        Err(_) => return Ok(None),
    };
    *cursor = ahead;
    let kind = if kind == ViewKind::Plain { RelationKind::View } else { RelationKind::MaterializedView };
    let table = AlterTable { kind, name: name.clone(), if_exists, only: false, actions };
    Ok(Some(StatementKind::AlterTable(Box::new(table))))
}

fn action(cursor: &mut Cursor<'_>, kind: ViewKind) -> Result<AlterViewAction, Unread> {
    let start = *cursor;
    Ok(if cursor.take_keyword("RENAME") {
        if cursor.take_keyword("TO") {
            let name = if Forms::of(cursor.dialect()).is_postgres { ObjectName::bare(cursor.ident()?) } else { cursor.object_name()? };
            AlterViewAction::Rename(name)
        } else {
            cursor.take_keyword("COLUMN");
            let from = cursor.ident()?;
            cursor.expect_keyword("TO")?;
            AlterViewAction::RenameColumn { from, to: cursor.ident()? }
        }
    } else if cursor.take_keywords(&["SET", "SCHEMA"]) {
        AlterViewAction::SetSchema(cursor.ident()?)
    } else if cursor.take_keywords(&["OWNER", "TO"]) {
        AlterViewAction::Owner(clause::role(cursor)?)
    } else if cursor.take_keyword("ALTER") {
        cursor.take_keyword("COLUMN");
        let column = alter_column::target(cursor)?;
        AlterViewAction::AlterColumn(column, alter_column::action(cursor)?)
    } else if cursor.is_keyword("SET") && cursor.peek_at(1).is_some_and(|token| token.kind == Kind::LParen) {
        cursor.skip(1);
        AlterViewAction::SetParameters(clause::storage_parameters(cursor)?)
    } else if cursor.take_keyword("RESET") {
        AlterViewAction::ResetParameters(clause::storage_parameters(cursor)?)
    } else if !Forms::of(cursor.dialect()).is_postgres && cursor.take_keyword("AS") {
        let span = cursor.rest_span();
        AlterViewAction::Query(Box::new(query::read(cursor)?), span)
    } else if kind == ViewKind::Materialized || is_extension_clause(cursor) {
        physical(cursor)?;
        AlterViewAction::Physical(clause::words_of(start))
    } else {
        return Err(cursor.expected("what happens to the view"));
    })
}

fn is_extension_clause(cursor: &Cursor<'_>) -> bool {
    cursor.is_keywords(&["DEPENDS", "ON"]) || cursor.is_keywords(&["NO", "DEPENDS"])
}

fn physical(cursor: &mut Cursor<'_>) -> Result<(), Unread> {
    cursor.take_keyword("NO");
    if cursor.take_keywords(&["DEPENDS", "ON", "EXTENSION"]) {
        cursor.ident()?;
        return Ok(());
    }
    let start = *cursor;
    match alter_table::actions(cursor)?.into_iter().map(|action| action.value).next() {
        Some(AlterTableAction::ClusterOn(_) | AlterTableAction::SetTablespace(_) | AlterTableAction::SetAccessMethod(_)) => Ok(()),
        _ => Err(start.expected("what happens to the view")),
    }
}

/// Behind `REFRESH MATERIALIZED VIEW`.
pub(crate) fn refresh(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let concurrently = cursor.take_keyword("CONCURRENTLY");
    let name = cursor.object_name()?;
    let with_data = !cursor.take_keywords(&["WITH", "NO", "DATA"]);
    if with_data && cursor.is_keyword("WITH") {
        cursor.expect_keywords(&["WITH", "DATA"])?;
    }
    Ok(StatementKind::RefreshView(RefreshView { name, concurrently, with_data }))
}
