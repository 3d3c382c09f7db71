//! `CREATE TRIGGER`, `CREATE EVENT TRIGGER`.

use super::constraint;
use crate::sql::clause;
use crate::sql::cursor::{Cursor, NamePlace};
use crate::sql::token::Kind;
use crate::sql::tree::{ConstraintFlags, CreateTrigger, Ident, ObjectName, RefusalCode, StatementKind, TriggerEvent, TriggerTiming, Unread, UnreadReason};

/// Behind `CREATE [OR REPLACE] [CONSTRAINT] TRIGGER`.
pub(crate) fn create(cursor: &mut Cursor<'_>, or_replace: bool, is_constraint: bool) -> Result<StatementKind, Unread> {
    let name = cursor.ident()?;
    let timing = if cursor.take_keywords(&["INSTEAD", "OF"]) {
        TriggerTiming::InsteadOf
    } else if clause::one_of(cursor, &["BEFORE", "AFTER"])? == "BEFORE" {
        TriggerTiming::Before
    } else {
        TriggerTiming::After
    };
    if is_constraint && timing != TriggerTiming::After {
        return Err(cursor.error("a constraint trigger fires `AFTER`"));
    }
    let mut events = vec![event(cursor)?];
    while cursor.take_keyword("OR") {
        let place = *cursor;
        let next = event(cursor)?;
        if events.iter().any(|other| std::mem::discriminant(other) == std::mem::discriminant(&next)) {
            return Err(place.error("this event is written twice"));
        }
        events.push(next);
    }
    cursor.expect_keyword("ON")?;
    let table = cursor.object_name()?;
    let from = if is_constraint && cursor.take_keyword("FROM") { Some(cursor.object_name()?) } else { None };
    let mut flags = ConstraintFlags::default();
    while is_constraint && constraint::one_flag(cursor, &mut flags)? {}
    let transition_tables = transition_tables(cursor)?;
    if is_constraint && !cursor.is_keywords(&["FOR", "EACH", "ROW"]) {
        return Err(cursor.expected("`FOR EACH ROW`"));
    }
    let for_each_row = for_each(cursor)?;
    let condition = if cursor.take_keyword("WHEN") { Some(clause::expression_in_parentheses(cursor)?) } else { None };
    let (function, arguments) = execute(cursor)?;
    Ok(StatementKind::CreateTrigger(Box::new(CreateTrigger {
        name,
        or_replace,
        constraint: is_constraint,
        timing,
        events,
        table: Some(table),
        from,
        flags,
        transition_tables,
        for_each_row,
        condition,
        function,
        arguments,
    })))
}

fn event(cursor: &mut Cursor<'_>) -> Result<TriggerEvent, Unread> {
    Ok(match clause::one_of(cursor, &["INSERT", "UPDATE", "DELETE", "TRUNCATE"])? {
        "INSERT" => TriggerEvent::Insert,
        "DELETE" => TriggerEvent::Delete,
        "TRUNCATE" => TriggerEvent::Truncate,
        _ if cursor.take_keyword("OF") => TriggerEvent::Update(cursor.comma_separated(Cursor::ident)?),
        _ => TriggerEvent::Update(Vec::new()),
    })
}

fn transition_tables(cursor: &mut Cursor<'_>) -> Result<Vec<(bool, Ident)>, Unread> {
    let mut tables = Vec::new();
    if !cursor.take_keyword("REFERENCING") {
        return Ok(tables);
    }
    loop {
        let old = clause::one_of(cursor, &["OLD", "NEW"])? == "OLD";
        if cursor.is_keyword("ROW") {
            return Err(
                cursor.refusal(UnreadReason::Refused(RefusalCode::FeatureNotSupported), "ROW variable naming in the REFERENCING clause is not supported")
            );
        }
        cursor.expect_keyword("TABLE")?;
        cursor.take_keyword("AS");
        tables.push((old, cursor.ident()?));
        if !cursor.is_any_keyword(&["OLD", "NEW"]) {
            return Ok(tables);
        }
    }
}

fn for_each(cursor: &mut Cursor<'_>) -> Result<bool, Unread> {
    if !cursor.take_keyword("FOR") {
        return Ok(false);
    }
    cursor.take_keyword("EACH");
    Ok(clause::one_of(cursor, &["ROW", "STATEMENT"])? == "ROW")
}

/// `EXECUTE FUNCTION f(arguments)`.
fn execute(cursor: &mut Cursor<'_>) -> Result<(ObjectName, Vec<String>), Unread> {
    cursor.expect_keyword("EXECUTE")?;
    clause::one_of(cursor, &["FUNCTION", "PROCEDURE"])?;
    let function = cursor.qualified_name(NamePlace::TypeOrFunction, "the trigger's function")?;
    let mut inside = cursor.parentheses()?;
    if inside.is_at_end() {
        return Ok((function, Vec::new()));
    }
    let arguments = inside.comma_separated(|inside| {
        let token = inside.peek().ok_or_else(|| inside.expected("a constant"))?;
        if !matches!(token.kind, Kind::Word(_) | Kind::Number(..)) && token.string().is_none() {
            return Err(inside.expected("a constant"));
        }
        inside.skip(1);
        Ok(token.string().map_or_else(|| inside.text_of(token.span).to_owned(), str::to_owned))
    })?;
    inside.finish()?;
    Ok((function, arguments))
}

/// Behind `CREATE EVENT TRIGGER`.
pub(crate) fn create_event(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let name = cursor.ident()?;
    cursor.expect_keyword("ON")?;
    let start = *cursor;
    cursor.label()?;
    if cursor.take_keyword("WHEN") {
        loop {
            cursor.label()?;
            cursor.expect_keyword("IN")?;
            let mut inside = cursor.parentheses()?;
            inside.comma_separated(|inside| clause::string(inside, "the tag of a command"))?;
            inside.finish()?;
            if !cursor.take_keyword("AND") {
                break;
            }
        }
    }
    let event = TriggerEvent::Command(clause::words_of(start.without_last(cursor.rest().len())));
    let (function, arguments) = execute(cursor)?;
    if !arguments.is_empty() {
        return Err(cursor.error("the function of an event trigger takes no arguments"));
    }
    Ok(StatementKind::CreateTrigger(Box::new(CreateTrigger {
        name,
        or_replace: false,
        constraint: false,
        timing: TriggerTiming::Event,
        events: vec![event],
        table: None,
        from: None,
        flags: ConstraintFlags::default(),
        transition_tables: Vec::new(),
        for_each_row: false,
        condition: None,
        function,
        arguments,
    })))
}
