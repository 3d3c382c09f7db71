//! `CREATE SEQUENCE`, `ALTER SEQUENCE` and the options of identity columns, in any order (manual, CREATE SEQUENCE, 15).

use crate::sql::clause;
use crate::sql::cursor::Cursor;
use crate::sql::data_type;
use crate::sql::token::Kind;
use crate::sql::tree::{
    AlterSequence, AlterTableAction, CreateSequence, ObjectName, OwnedBy, RefusalCode, SequenceOptions, StatementKind, TemporaryKind, Unread, UnreadReason,
};

/// Behind `CREATE [TEMPORARY | UNLOGGED] SEQUENCE`.
pub(crate) fn create(cursor: &mut Cursor<'_>, temporary: TemporaryKind) -> Result<StatementKind, Unread> {
    let if_not_exists = clause::if_not_exists(cursor);
    let name = cursor.object_name()?;
    let mut options = SequenceOptions::default();
    while !cursor.is_at_end() {
        if cursor.is_keyword("SEQUENCE") {
            return Err(cursor.refusal(UnreadReason::Refused(RefusalCode::SyntaxError), "invalid sequence option SEQUENCE NAME"));
        }
        one_option(cursor, &mut options)?;
    }
    Ok(StatementKind::CreateSequence(Box::new(CreateSequence { name, temporary, if_not_exists, options })))
}

/// Behind `ALTER SEQUENCE`.
pub(crate) fn alter(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let if_exists = clause::if_exists(cursor);
    let name = cursor.object_name()?;
    let mut options = SequenceOptions::default();
    let action = shared_action(cursor)?;
    if action.is_none() {
        one_option(cursor, &mut options)?;
        while !cursor.is_at_end() {
            one_option(cursor, &mut options)?;
        }
    }
    Ok(StatementKind::AlterSequence(Box::new(AlterSequence { name, if_exists, options, action })))
}

fn shared_action(cursor: &mut Cursor<'_>) -> Result<Option<AlterTableAction>, Unread> {
    let action = if cursor.take_keywords(&["RENAME", "TO"]) {
        AlterTableAction::Rename(ObjectName::bare(cursor.ident()?))
    } else if cursor.take_keywords(&["SET", "SCHEMA"]) {
        AlterTableAction::SetSchema(cursor.ident()?)
    } else if cursor.take_keywords(&["OWNER", "TO"]) {
        AlterTableAction::Owner(clause::role(cursor)?)
    } else if cursor.take_keywords(&["SET", "LOGGED"]) {
        AlterTableAction::SetUnlogged(false)
    } else if cursor.take_keywords(&["SET", "UNLOGGED"]) {
        AlterTableAction::SetUnlogged(true)
    } else {
        return Ok(None);
    };
    Ok(Some(action))
}

/// `(options)` of an identity column; nothing when no parenthesis stands here. `(seed, step)` is Redshift's and SQL Server's.
pub(crate) fn options_in_parentheses(cursor: &mut Cursor<'_>) -> Result<SequenceOptions, Unread> {
    let mut options = SequenceOptions::default();
    if !cursor.is_symbol(&Kind::LParen) {
        return Ok(options);
    }
    let mut inside = cursor.parentheses()?;
    if matches!(inside.peek().map(|token| &token.kind), Some(Kind::Number(..) | Kind::Minus)) {
        options.start = Some(clause::integer(&mut inside, "the first value")?);
        inside.expect_symbol(&Kind::Comma)?;
        options.increment = Some(clause::integer(&mut inside, "the step")?);
        inside.finish()?;
        return Ok(options);
    }
    one_option(&mut inside, &mut options)?;
    while !inside.is_at_end() {
        one_option(&mut inside, &mut options)?;
    }
    Ok(options)
}

/// Whether an option of a sequence stands here (behind `SET` in `ALTER COLUMN c SET …`).
pub(crate) fn is_option(cursor: &Cursor<'_>) -> bool {
    cursor.is_any_keyword(&["AS", "INCREMENT", "MINVALUE", "MAXVALUE", "NO", "START", "RESTART", "CACHE", "CYCLE", "OWNED", "SEQUENCE"])
}

/// One option, wherever it stands.
pub(crate) fn one_option(cursor: &mut Cursor<'_>, options: &mut SequenceOptions) -> Result<(), Unread> {
    let written = |options: &SequenceOptions| {
        let SequenceOptions { data_type, increment, minimum, maximum, start, cache, cycle, restart, owned_by, .. } = options;
        let is_owned = owned_by.is_some();
        [
            data_type.is_some(),
            increment.is_some(),
            minimum.is_some(),
            maximum.is_some(),
            start.is_some(),
            cache.is_some(),
            cycle.is_some(),
            restart.is_some(),
            is_owned,
        ]
    };
    let before = written(options);
    let place = *cursor;
    one(cursor, options)?;
    // An option that was there already leaves nothing new behind (init_params).
    let is_counted = !place.is_any_keyword(&["SEQUENCE"]);
    if is_counted && before == written(options) && place.dialect().built_ins.is_some() {
        return Err(place.refusal(UnreadReason::Refused(RefusalCode::SyntaxError), "conflicting or redundant options"));
    }
    Ok(())
}

fn one(cursor: &mut Cursor<'_>, options: &mut SequenceOptions) -> Result<(), Unread> {
    const NUMBER: &str = "a whole number";
    if cursor.take_keyword("AS") {
        options.data_type = Some(data_type::read(cursor)?);
    } else if cursor.take_keyword("INCREMENT") {
        cursor.take_keyword("BY");
        options.increment = Some(clause::integer(cursor, NUMBER)?);
    } else if cursor.take_keyword("MINVALUE") {
        options.minimum = Some(Some(clause::integer(cursor, NUMBER)?));
    } else if cursor.take_keyword("MAXVALUE") {
        options.maximum = Some(Some(clause::integer(cursor, NUMBER)?));
    } else if cursor.take_keywords(&["NO", "MINVALUE"]) {
        options.minimum = Some(None);
    } else if cursor.take_keywords(&["NO", "MAXVALUE"]) {
        options.maximum = Some(None);
    } else if cursor.take_keywords(&["NO", "CYCLE"]) {
        options.cycle = Some(false);
    } else if cursor.take_keyword("CYCLE") {
        options.cycle = Some(true);
    } else if cursor.take_keyword("START") {
        cursor.take_keyword("WITH");
        options.start = Some(clause::integer(cursor, NUMBER)?);
    } else if cursor.take_keyword("RESTART") {
        let with = cursor.take_keyword("WITH");
        let has_number = with || matches!(cursor.peek().map(|token| &token.kind), Some(Kind::Number(..) | Kind::Minus | Kind::Plus));
        options.restart = Some(if has_number { Some(clause::integer(cursor, NUMBER)?) } else { None });
    } else if cursor.take_keyword("CACHE") {
        options.cache = Some(clause::integer(cursor, NUMBER)?);
    } else if cursor.take_keywords(&["OWNED", "BY"]) {
        options.owned_by = Some(owned_by(cursor)?);
    } else if cursor.take_keywords(&["SEQUENCE", "NAME"]) {
        options.name = Some(cursor.object_name()?);
    } else if cursor.is_any_keyword(&["LOGGED", "UNLOGGED"]) {
        // pg_dump writes it into identity columns of unlogged tables; it says how rows are stored.
        cursor.skip(1);
    } else {
        return Err(cursor.expected("an option of the sequence"));
    }
    Ok(())
}

fn owned_by(cursor: &mut Cursor<'_>) -> Result<OwnedBy, Unread> {
    if cursor.take_keyword("NONE") {
        return Ok(OwnedBy::None);
    }
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
        (Some(column), Some(name)) if parts.is_empty() => Ok(OwnedBy::Column(ObjectName { database, schema, name }, column)),
        _ => Err(start.expected("`NONE` or the table and column that own the sequence")),
    }
}
