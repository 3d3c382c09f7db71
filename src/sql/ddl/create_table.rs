//! `CREATE TABLE` in all its forms: columns, `OF`, `PARTITION OF`, `AS`, `CLONE`.

use super::{column, constraint, index_element};
use crate::sql::clause;
use crate::sql::cursor::{Cursor, NamePlace};
use crate::sql::expression;
use crate::sql::forms::Forms;
use crate::sql::query;
use crate::sql::token::Kind;
use crate::sql::tree::{
    CreateTable, CreateTableAs, LikeOption, PartitionBound, PartitionBy, Query, RefusalCode, StatementKind, TableElement, TemporaryKind, Unread, UnreadReason,
};

/// Words, each with what follows.
type Options = Vec<(String, String)>;

/// What stands before the word `TABLE`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prefix {
    /// `TEMPORARY`, `UNLOGGED`.
    pub temporary: TemporaryKind,
    /// `FOREIGN`.
    pub foreign: bool,
    /// `OR REPLACE`.
    pub or_replace: bool,
}

/// Behind `CREATE … TABLE`.
pub(crate) fn create(cursor: &mut Cursor<'_>, prefix: Prefix) -> Result<StatementKind, Unread> {
    let if_not_exists = clause::if_not_exists(cursor);
    let mut table = CreateTable {
        name: cursor.object_name()?,
        temporary: prefix.temporary,
        foreign: prefix.foreign,
        or_replace: prefix.or_replace,
        if_not_exists,
        elements: Vec::new(),
        inherits: Vec::new(),
        partition_of: None,
        partition_by: None,
        of_type: None,
        clone_of: None,
        parameters: Vec::new(),
        access_method: None,
        tablespace: None,
        server: None,
        options: Vec::new(),
    };
    if cursor.take_keyword("OF") {
        table.of_type = Some(cursor.qualified_name(NamePlace::TypeOrFunction, "a type")?);
        typed_elements(cursor, &mut table)?;
    } else if cursor.take_keywords(&["PARTITION", "OF"]) {
        let parent = cursor.object_name()?;
        typed_elements(cursor, &mut table)?;
        table.partition_of = Some((parent, partition_bound(cursor)?));
    } else if Forms::of(cursor.dialect()).replaces_tables && cursor.is_any_keyword(&["CLONE", "LIKE", "COPY"]) {
        cursor.skip(1);
        table.clone_of = Some(cursor.object_name()?);
    } else if cursor.is_symbol(&Kind::LParen) && !is_name_list(cursor) {
        (table.elements, table.options) = elements(cursor)?;
    } else {
        return create_as(cursor, table);
    }
    tail(cursor, &mut table)?;
    if cursor.is_keyword("AS") && !table.foreign {
        return typed_create_as(cursor, table);
    }
    Ok(StatementKind::CreateTable(Box::new(table)))
}

/// `(a, b)` with nothing but names, and something other than the end behind it: the columns of `CREATE TABLE … AS`.
fn is_name_list(cursor: &Cursor<'_>) -> bool {
    let mut ahead = *cursor;
    ahead.idents_in_parentheses().is_ok() && !Forms::of(cursor.dialect()).untyped_columns
}

fn typed_elements(cursor: &mut Cursor<'_>, table: &mut CreateTable) -> Result<(), Unread> {
    if !cursor.is_symbol(&Kind::LParen) {
        return Ok(());
    }
    let mut inside = cursor.parentheses()?;
    table.elements = inside.comma_separated(|inside| {
        if constraint::begins(inside) {
            return Ok(TableElement::Constraint(constraint::table_constraint(inside)?));
        }
        Ok(TableElement::Column(column::definition_without_type(inside)?))
    })?;
    inside.finish()
}

/// Everything between the parentheses, nothing at all too; the indexes that some dialects put there are kept as words.
fn elements(cursor: &mut Cursor<'_>) -> Result<(Vec<TableElement>, Options), Unread> {
    let mut inside = cursor.parentheses()?;
    let (mut elements, mut indexes) = (Vec::new(), Vec::new());
    if inside.is_at_end() {
        return Ok((elements, indexes));
    }
    inside.comma_separated(|inside| {
        match index_here(inside)? {
            Some(index) => indexes.push(index),
            None => elements.push(element(inside)?),
        }
        Ok(())
    })?;
    inside.finish()?;
    Ok((elements, indexes))
}

/// `KEY k (a)`, `INDEX (a(10))`: how rows are found, and no column.
fn index_here(cursor: &mut Cursor<'_>) -> Result<Option<(String, String)>, Unread> {
    let forms = Forms::of(cursor.dialect());
    let Some(word) = cursor.take_any_keyword(forms.index_words) else { return Ok(None) };
    let part = cursor.until_comma();
    if !part.rest().iter().any(|token| token.kind == Kind::LParen) {
        return Err(part.expected("the keys of the index in parentheses"));
    }
    Ok(Some((word.to_owned(), clause::words_of(part))))
}

fn element(cursor: &mut Cursor<'_>) -> Result<TableElement, Unread> {
    if constraint::begins(cursor) {
        return Ok(TableElement::Constraint(constraint::table_constraint(cursor)?));
    }
    if cursor.take_keyword("LIKE") {
        let table = cursor.object_name()?;
        return Ok(TableElement::Like(table, like_options(cursor)?));
    }
    Ok(TableElement::Column(column::definition(cursor)?))
}

fn like_options(cursor: &mut Cursor<'_>) -> Result<Vec<LikeOption>, Unread> {
    const WHAT: &[&str] = &["ALL", "COMMENTS", "COMPRESSION", "CONSTRAINTS", "DEFAULTS", "GENERATED", "IDENTITY", "INDEXES", "STATISTICS", "STORAGE"];
    let mut options = Vec::new();
    while let Some(word) = cursor.take_any_keyword(&["INCLUDING", "EXCLUDING"]) {
        let what = clause::one_of(cursor, WHAT)?.to_owned();
        options.push(LikeOption { including: word == "INCLUDING", what });
    }
    Ok(options)
}

/// What follows the parentheses, in PostgreSQL's order but taken in any.
fn tail(cursor: &mut Cursor<'_>, table: &mut CreateTable) -> Result<(), Unread> {
    loop {
        if cursor.take_keyword("INHERITS") {
            let mut inside = cursor.parentheses()?;
            table.inherits = clause::object_names(&mut inside)?;
            inside.finish()?;
        } else if cursor.is_keywords(&["PARTITION", "BY"]) && !is_table_option(cursor) {
            cursor.skip(2);
            table.partition_by = Some(partition_by(cursor)?);
        } else if cursor.is_keyword("USING") && !is_table_option(cursor) {
            cursor.skip(1);
            table.access_method = Some(cursor.ident()?);
        } else if cursor.is_keyword("WITH") && cursor.peek_at(1).is_some_and(|token| token.kind == Kind::LParen) {
            cursor.skip(1);
            table.parameters = clause::storage_parameters(cursor)?;
        } else if cursor.take_keywords(&["WITHOUT", "OIDS"]) {
            // The only state there is since PostgreSQL 12.
        } else if cursor.take_keywords(&["ON", "COMMIT"]) {
            let action = on_commit(cursor)?;
            table.options.push((String::from("ON COMMIT"), action));
        } else if cursor.take_keyword("TABLESPACE") {
            table.tablespace = Some(cursor.ident()?);
        } else if table.foreign && cursor.take_keyword("SERVER") {
            table.server = Some(cursor.ident()?);
        } else if table.foreign && cursor.is_keyword("OPTIONS") {
            if let Some(options) = clause::foreign_options(cursor)? {
                table.options.push((String::from("OPTIONS"), options));
            }
        } else if !table_option(cursor, table) {
            return Ok(());
        }
    }
}

fn on_commit(cursor: &mut Cursor<'_>) -> Result<String, Unread> {
    if cursor.take_keyword("DROP") {
        Ok(String::from("DROP"))
    } else if cursor.take_keywords(&["PRESERVE", "ROWS"]) {
        Ok(String::from("PRESERVE ROWS"))
    } else if cursor.take_keywords(&["DELETE", "ROWS"]) {
        Ok(String::from("DELETE ROWS"))
    } else {
        Err(cursor.expected("`DROP`, `PRESERVE ROWS` or `DELETE ROWS`"))
    }
}

fn is_table_option(cursor: &Cursor<'_>) -> bool {
    option_here(cursor).is_some()
}

fn option_here(cursor: &Cursor<'_>) -> Option<&'static str> {
    Forms::of(cursor.dialect()).table_options.iter().copied().find(|option| {
        let words: Vec<&str> = option.split(' ').collect();
        cursor.is_keywords(&words)
    })
}

/// A storage option of another dialect, up to the next one.
fn table_option(cursor: &mut Cursor<'_>, table: &mut CreateTable) -> bool {
    cursor.take_symbol(&Kind::Comma);
    let Some(name) = option_here(cursor) else { return false };
    cursor.skip(name.split(' ').count());
    cursor.take_symbol(&Kind::Eq);
    let first = cursor.mark();
    let part = cursor.until(|here| here.mark() != first && (option_here(here).is_some() || here.is_symbol(&Kind::Comma) || here.is_keyword("AS")));
    table.options.push((name.to_owned(), clause::words_of(part)));
    true
}

/// `RANGE (a, lower(b))`, behind `PARTITION BY`.
fn partition_by(cursor: &mut Cursor<'_>) -> Result<PartitionBy, Unread> {
    let strategy = cursor.label()?;
    if !["range", "list", "hash"].contains(&strategy.name.as_str()) {
        let mut unread =
            cursor.refusal(UnreadReason::Refused(RefusalCode::InvalidParameterValue), format!("unrecognized partitioning strategy \"{strategy}\""));
        unread.span = strategy.span;
        return Err(unread);
    }
    let strategy = strategy.name.as_str().to_owned();
    Ok(PartitionBy { strategy, elements: index_element::elements(cursor)? })
}

/// `FOR VALUES …` or `DEFAULT`, as normalised text.
pub(crate) fn partition_bound(cursor: &mut Cursor<'_>) -> Result<PartitionBound, Unread> {
    if cursor.take_keyword("DEFAULT") {
        return Ok(PartitionBound(String::from("DEFAULT")));
    }
    cursor.expect_keywords(&["FOR", "VALUES"])?;
    let text = match clause::one_of(cursor, &["IN", "FROM", "WITH"])? {
        "IN" => format!("IN ({})", bound_values(cursor)?),
        "FROM" => {
            let from = bound_values(cursor)?;
            cursor.expect_keyword("TO")?;
            format!("FROM ({from}) TO ({})", bound_values(cursor)?)
        }
        _ => {
            let mut inside = cursor.parentheses()?;
            let mut parts = inside.comma_separated(|inside| {
                let word = clause::one_of(inside, &["MODULUS", "REMAINDER"])?;
                if inside.is_symbol(&Kind::Minus) {
                    return Err(inside.error("modulus and remainder have no sign"));
                }
                Ok((word, clause::integer(inside, "a whole number")?))
            })?;
            inside.finish()?;
            for word in ["MODULUS", "REMAINDER"] {
                match parts.iter().filter(|(own, _)| *own == word).count() {
                    0 => return Err(cursor.error(format!("{} for hash partition must be specified", word.to_ascii_lowercase()))),
                    1 => {}
                    _ => {
                        let message = format!("{} for hash partition provided more than once", word.to_ascii_lowercase());
                        return Err(cursor.refusal(UnreadReason::Refused(RefusalCode::DuplicateObject), message));
                    }
                }
            }
            parts.sort_by_key(|(word, _)| *word);
            let parts: Vec<String> = parts.iter().map(|(word, number)| format!("{} {number}", word.to_ascii_lowercase())).collect();
            format!("WITH ({})", parts.join(", "))
        }
    };
    Ok(PartitionBound(format!("FOR VALUES {text}")))
}

/// The values between parentheses, each checked to be an expression, `MINVALUE` or `MAXVALUE`.
fn bound_values(cursor: &mut Cursor<'_>) -> Result<String, Unread> {
    let mut inside = cursor.parentheses()?;
    let values = inside.comma_separated(|inside| {
        if let Some(word) = inside.take_any_keyword(&["MINVALUE", "MAXVALUE"]) {
            return Ok(word.to_owned());
        }
        let mut part = inside.until_comma();
        let text = clause::words_of(part);
        expression::read(&mut part)?;
        part.finish()?;
        Ok(text)
    })?;
    inside.finish()?;
    Ok(values.join(", "))
}

/// `CREATE TABLE t [(a, b)] [WITH …] AS query [WITH [NO] DATA]`.
fn create_as(cursor: &mut Cursor<'_>, mut table: CreateTable) -> Result<StatementKind, Unread> {
    let columns = if cursor.is_symbol(&Kind::LParen) { cursor.idents_in_parentheses()? } else { Vec::new() };
    tail(cursor, &mut table)?;
    if !cursor.take_keyword("AS") {
        return Err(cursor.expected("columns in parentheses, or `AS` and a query"));
    }
    let (query, with_data) = if cursor.is_keyword("EXECUTE") { (None, execute(cursor)?) } else { query_with_data(cursor)? };
    Ok(StatementKind::CreateTableAs(Box::new(CreateTableAs {
        name: table.name,
        temporary: table.temporary,
        or_replace: table.or_replace,
        if_not_exists: table.if_not_exists,
        columns,
        query,
        with_data,
        parameters: table.parameters,
        options: table.options,
    })))
}

/// Columns with types and a query together, which only warehouses have: the names count, the types are those that the query gives or is cast to.
fn typed_create_as(cursor: &mut Cursor<'_>, mut table: CreateTable) -> Result<StatementKind, Unread> {
    if Forms::of(cursor.dialect()).is_postgres {
        return Err(cursor.expected("the end of the statement"));
    }
    let elements = std::mem::take(&mut table.elements);
    let columns = elements.into_iter().filter_map(|element| match element {
        TableElement::Column(column) => Some(column.name),
        TableElement::Constraint(_) | TableElement::Like(..) => None,
    });
    let columns = columns.collect();
    match create_as(cursor, table)? {
        StatementKind::CreateTableAs(create) => Ok(StatementKind::CreateTableAs(Box::new(CreateTableAs { columns, ..*create }))),
        other => Ok(other),
    }
}

fn execute(cursor: &mut Cursor<'_>) -> Result<bool, Unread> {
    cursor.expect_keyword("EXECUTE")?;
    cursor.ident()?;
    if cursor.is_symbol(&Kind::LParen) {
        let mut inside = cursor.parentheses()?;
        inside.comma_separated(expression::read)?;
        inside.finish()?;
    }
    with_data(cursor)
}

fn with_data(cursor: &mut Cursor<'_>) -> Result<bool, Unread> {
    if cursor.take_keywords(&["WITH", "NO", "DATA"]) {
        return Ok(false);
    }
    if cursor.is_keyword("WITH") {
        cursor.expect_keywords(&["WITH", "DATA"])?;
    }
    Ok(true)
}

/// A query to the end, with `WITH [NO] DATA` behind it.
pub(crate) fn query_with_data(cursor: &mut Cursor<'_>) -> Result<(Option<Box<Query>>, bool), Unread> {
    let tokens = cursor.rest();
    let ends_with = |words: &[&str]| tokens.len() > words.len() && words.iter().rev().zip(tokens.iter().rev()).all(|(word, token)| token.is_word(word));
    let (cut, with_data) = if ends_with(&["WITH", "NO", "DATA"]) {
        (3, false)
    } else if ends_with(&["WITH", "DATA"]) {
        (2, true)
    } else {
        (0, true)
    };
    let mut part = cursor.without_last(cut);
    let query = query::read(&mut part)?;
    part.finish()?;
    cursor.skip(tokens.len());
    Ok((Some(Box::new(query)), with_data))
}
