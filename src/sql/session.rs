//! `SET`, `RESET`, `SHOW` and the other statements that touch only the session; `SELECT set_config(…)` too.

use super::clause;
use super::cursor::{Cursor, NamePlace};
use super::token::Kind;
use super::tree::{Call, Expr, ExprKind, Literal, Query, QueryBody, SelectItem, Session, SettingValue, StatementKind, Transaction, Unread, UnreadReason};

/// Behind `SET`.
pub(crate) fn set(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let start = *cursor;
    let is_mode = cursor.is_any_keyword(&["TRANSACTION", "CONSTRAINTS"]) || cursor.is_keywords(&["SESSION", "CHARACTERISTICS"]);
    if is_mode {
        return mode(cursor, start);
    }
    let before_setting = |cursor: &Cursor<'_>| cursor.peek_at(1).is_some_and(|token| !matches!(token.kind, Kind::Eq | Kind::Period) && !token.is_word("TO"));
    let local = before_setting(cursor) && cursor.take_keyword("LOCAL");
    if !local && before_setting(cursor) && !cursor.is_keywords(&["SESSION", "AUTHORIZATION"]) {
        cursor.take_keyword("SESSION");
    }
    if local && cursor.is_keyword("TRANSACTION") {
        return mode(cursor, start);
    }
    let (name, values) = setting(cursor)?;
    Ok(StatementKind::Session(Session::Set { name, values, local }))
}

fn setting(cursor: &mut Cursor<'_>) -> Result<(String, Vec<SettingValue>), Unread> {
    let named = |name: &str, values| Ok((name.to_owned(), values));
    let is_plain = cursor.peek_at(1).is_some_and(|token| matches!(token.kind, Kind::Eq | Kind::Period) || token.is_word("TO"));
    if is_plain {
        return assignment(cursor);
    }
    if cursor.take_keywords(&["TIME", "ZONE"]) {
        return named("timezone", time_zone(cursor)?);
    }
    if cursor.take_keyword("SCHEMA") {
        return named("search_path", vec![SettingValue::Text(clause::string(cursor, "a schema as a string")?)]);
    }
    if cursor.take_keyword("NAMES") {
        let is_default = cursor.is_at_end() || cursor.take_keyword("DEFAULT");
        let values = if is_default { Vec::new() } else { vec![SettingValue::Text(clause::string(cursor, "an encoding as a string")?)] };
        return named("client_encoding", values);
    }
    if cursor.take_keyword("ROLE") {
        return named("role", vec![value(cursor)?]);
    }
    if cursor.take_keywords(&["SESSION", "AUTHORIZATION"]) {
        let values = if cursor.take_keyword("DEFAULT") { Vec::new() } else { vec![value(cursor)?] };
        return named("session_authorization", values);
    }
    if cursor.take_keywords(&["XML", "OPTION"]) {
        clause::one_of(cursor, &["DOCUMENT", "CONTENT"])?;
        return named("xmloption", Vec::new());
    }
    assignment(cursor)
}

/// The lower-case name of a setting, with its namespace.
pub(crate) fn setting_name(cursor: &mut Cursor<'_>) -> Result<String, Unread> {
    let mut name = cursor.ident()?.name.as_str().to_ascii_lowercase();
    while cursor.take_symbol(&Kind::Period) {
        name.push('.');
        name.push_str(&cursor.ident()?.name.as_str().to_ascii_lowercase());
    }
    Ok(name)
}

fn assignment(cursor: &mut Cursor<'_>) -> Result<(String, Vec<SettingValue>), Unread> {
    let name = setting_name(cursor)?;
    if cursor.take_keywords(&["FROM", "CURRENT"]) {
        return Ok((name, Vec::new()));
    }
    if !cursor.take_keyword("TO") && !cursor.take_symbol(&Kind::Eq) {
        return Err(cursor.expected("`=` or `TO`"));
    }
    if cursor.take_keyword("DEFAULT") {
        return Ok((name, Vec::new()));
    }
    Ok((name, cursor.comma_separated(value)?))
}

fn value(cursor: &mut Cursor<'_>) -> Result<SettingValue, Unread> {
    let start = cursor.mark();
    let signed = cursor.take_symbol(&Kind::Minus) || cursor.take_symbol(&Kind::Plus);
    let token = cursor.peek().ok_or_else(|| cursor.expected("a value"))?;
    if let Some(text) = token.string().filter(|_| !signed) {
        cursor.skip(1);
        return Ok(SettingValue::Text(text.to_owned()));
    }
    match &token.kind {
        Kind::Number(..) => {
            cursor.skip(1);
            Ok(SettingValue::Number(cursor.text_since(start).to_owned()))
        }
        // NonReservedWord, TRUE, FALSE and ON (gram.y, var_value).
        Kind::Word(_) if !signed && cursor.is_any_keyword(&["TRUE", "FALSE", "ON"]) => Ok(SettingValue::Word(cursor.label()?)),
        Kind::Word(_) if !signed => {
            let word = cursor.peek_name(NamePlace::Column).or_else(|| cursor.peek_name(NamePlace::TypeOrFunction));
            let word = word.ok_or_else(|| cursor.expected("a value"))?;
            cursor.skip(1);
            Ok(SettingValue::Word(word))
        }
        _ => Err(cursor.expected("a value")),
    }
}

fn time_zone(cursor: &mut Cursor<'_>) -> Result<Vec<SettingValue>, Unread> {
    if cursor.take_any_keyword(&["LOCAL", "DEFAULT"]).is_some() {
        return Ok(Vec::new());
    }
    if cursor.take_keyword("INTERVAL") {
        let text = clause::string(cursor, "an interval")?;
        if cursor.take_keyword("HOUR") && cursor.take_keyword("TO") {
            cursor.expect_keyword("MINUTE")?;
        }
        return Ok(vec![SettingValue::Text(text)]);
    }
    Ok(vec![value(cursor)?])
}

/// `SET TRANSACTION …`, `SET CONSTRAINTS …`: how the transaction behaves, as words.
fn mode(cursor: &mut Cursor<'_>, start: Cursor<'_>) -> Result<StatementKind, Unread> {
    if cursor.take_keyword("CONSTRAINTS") {
        if !cursor.take_keyword("ALL") {
            clause::object_names(cursor)?;
        }
        clause::one_of(cursor, &["DEFERRED", "IMMEDIATE"])?;
    } else {
        cursor.take_keyword("LOCAL");
        if cursor.take_keywords(&["SESSION", "CHARACTERISTICS"]) {
            cursor.expect_keyword("AS")?;
        }
        cursor.expect_keyword("TRANSACTION")?;
        if cursor.take_keyword("SNAPSHOT") {
            clause::string(cursor, "a snapshot")?;
        } else if super::transaction::modes(cursor)? == 0 {
            return Err(cursor.expected("a mode of the transaction"));
        }
    }
    Ok(StatementKind::Transaction(Transaction::Mode(format!("SET {}", clause::words_of(start)))))
}

/// Behind `RESET`.
pub(crate) fn reset(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let name = if cursor.take_keyword("ALL") {
        None
    } else if cursor.take_keywords(&["TIME", "ZONE"]) {
        Some(String::from("timezone"))
    } else if cursor.take_keywords(&["SESSION", "AUTHORIZATION"]) {
        Some(String::from("session_authorization"))
    } else if cursor.take_keywords(&["TRANSACTION", "ISOLATION", "LEVEL"]) {
        Some(String::from("transaction_isolation"))
    } else {
        Some(setting_name(cursor)?)
    };
    Ok(StatementKind::Session(Session::Reset(name)))
}

/// `SHOW`, `DISCARD`, `DEALLOCATE`, `LISTEN`, `NOTIFY`, `UNLISTEN`, cursors: `None` when none of them begins here.
pub(crate) fn other(cursor: &mut Cursor<'_>) -> Result<Option<StatementKind>, Unread> {
    let start = *cursor;
    let Some(verb) = cursor.take_any_keyword(&["SHOW", "DISCARD", "DEALLOCATE", "LISTEN", "NOTIFY", "UNLISTEN", "FETCH", "MOVE", "CLOSE"]) else {
        return Ok(None);
    };
    match verb {
        "DISCARD" => {
            if clause::one_of(cursor, &["ALL", "PLANS", "SEQUENCES", "TEMP", "TEMPORARY"])? == "ALL" {
                return Ok(Some(StatementKind::Session(Session::Reset(None))));
            }
        }
        "DEALLOCATE" => {
            cursor.take_keyword("PREPARE");
            cursor.label()?;
        }
        "NOTIFY" => {
            cursor.ident()?;
            if cursor.take_symbol(&Kind::Comma) {
                clause::string(cursor, "the payload")?;
            }
        }
        "LISTEN" => {
            cursor.ident()?;
        }
        "UNLISTEN" => {
            if !cursor.take_symbol(&Kind::Mul) {
                cursor.ident()?;
            }
        }
        "CLOSE" => {
            cursor.label()?;
        }
        // What is shown or fetched changes nothing; the rest of the words is of no account.
        _ => cursor.skip(cursor.rest().len()),
    }
    Ok(Some(StatementKind::Session(Session::Other(clause::words_of(start)))))
}

/// `SELECT set_config('name', 'value', local)` is a `SET`; in any other company `set_config` is not judged.
pub(crate) fn set_config(query: &Query) -> Option<Result<Session, Unread>> {
    let QueryBody::Select(select) = &query.body else { return None };
    let calls: Vec<&Call> = select.items.iter().filter_map(set_config_call).collect();
    let call = calls.first()?;
    let refused = || {
        Some(Err(Unread {
            reason: UnreadReason::NotModelled,
            message: String::from("`set_config` is read only with constants, and alone in its `SELECT`"),
            span: query.span,
            head: String::new(),
            mentions: Vec::new(),
        }))
    };
    let alone = select.items.len() == 1 && select.from.is_empty() && query.with.is_empty() && select.filter.is_none();
    let [name, value, local] = call.arguments.as_slice() else { return refused() };
    let (Some(name), Some(local)) = (text(&name.value), boolean(&local.value)) else { return refused() };
    if !alone {
        return refused();
    }
    let values = match text(&value.value) {
        Some(value) if name.eq_ignore_ascii_case("search_path") => listed(value),
        Some(value) => vec![SettingValue::Text(value.to_owned())],
        None => vec![SettingValue::Computed(value.value.clone())],
    };
    Some(Ok(Session::Set { name: name.to_ascii_lowercase(), values, local }))
}

fn set_config_call(item: &SelectItem) -> Option<&Call> {
    let SelectItem::Expr { expr, .. } = item else { return None };
    let ExprKind::Call(call) = &*expr.kind else { return None };
    let schema_fits = call.name.schema.as_ref().is_none_or(|schema| schema.name.as_str() == "pg_catalog");
    (schema_fits && call.name.name.name.as_str() == "set_config").then_some(call)
}

fn text(expr: &Expr) -> Option<&str> {
    match &*expr.kind {
        ExprKind::Literal(Literal::String(text)) => Some(text),
        ExprKind::Cast { operand, .. } => text(operand),
        _ => None,
    }
}

fn boolean(expr: &Expr) -> Option<bool> {
    match &*expr.kind {
        ExprKind::Literal(Literal::Boolean(value)) => Some(*value),
        ExprKind::Literal(Literal::String(word)) => match word.to_ascii_lowercase().as_str() {
            "t" | "true" | "on" | "yes" | "1" => Some(true),
            "f" | "false" | "off" | "no" | "0" => Some(false),
            _ => None,
        },
        ExprKind::Cast { operand, .. } => boolean(operand),
        _ => None,
    }
}

/// The schemas of a list in one string, each folded unless quoted (varlena.c, SplitIdentifierString, 15); an empty list is one empty text.
fn listed(value: &str) -> Vec<SettingValue> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let (mut quoted, mut was_quoted) = (false, false);
    for character in value.chars() {
        match character {
            '"' => {
                quoted = !quoted;
                was_quoted = true;
            }
            ',' if !quoted => {
                parts.push((std::mem::take(&mut part), was_quoted));
                was_quoted = false;
            }
            character => part.push(character),
        }
    }
    parts.push((part, was_quoted));
    let folded = |(part, was_quoted): (String, bool)| if was_quoted { part.trim().to_owned() } else { part.trim().to_ascii_lowercase() };
    parts.into_iter().map(|part| SettingValue::Text(folded(part))).collect()
}
