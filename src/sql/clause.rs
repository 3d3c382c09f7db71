//! Small clauses that many statements share.

use super::cursor::{Cursor, NamePlace};
use super::data_type;
use super::expression;
use super::token::Kind;
use super::tree::{DropBehavior, Expr, Ident, ObjectName, StorageParameter, Unread};

/// `IF EXISTS`.
pub(crate) fn if_exists(cursor: &mut Cursor<'_>) -> bool {
    cursor.take_keywords(&["IF", "EXISTS"])
}

/// `IF NOT EXISTS`.
pub(crate) fn if_not_exists(cursor: &mut Cursor<'_>) -> bool {
    cursor.take_keywords(&["IF", "NOT", "EXISTS"])
}

/// `CASCADE`, `RESTRICT`, or nothing, which is `RESTRICT`.
pub(crate) fn drop_behavior(cursor: &mut Cursor<'_>) -> DropBehavior {
    match cursor.take_any_keyword(&["CASCADE", "RESTRICT"]) {
        Some("CASCADE") => DropBehavior::Cascade,
        _ => DropBehavior::Restrict,
    }
}

/// A role: a name, or `CURRENT_USER` and its like.
pub(crate) fn role(cursor: &mut Cursor<'_>) -> Result<Ident, Unread> {
    if cursor.is_any_keyword(&["CURRENT_USER", "CURRENT_ROLE", "SESSION_USER", "USER"]) {
        return cursor.label();
    }
    // NonReservedWord: category T is allowed (gram.y, RoleSpec).
    match cursor.peek_name(NamePlace::Column).or_else(|| cursor.peek_name(NamePlace::TypeOrFunction)) {
        Some(ident) => {
            cursor.skip(1);
            Ok(ident)
        }
        None => Err(cursor.expected("the name of a role")),
    }
}

/// A string constant.
pub(crate) fn string(cursor: &mut Cursor<'_>, wanted: &str) -> Result<String, Unread> {
    let text = cursor.peek().and_then(|token| token.string().map(str::to_owned));
    let text = text.ok_or_else(|| cursor.expected(wanted))?;
    cursor.skip(1);
    Ok(text)
}

/// A whole number with an optional sign.
pub(crate) fn integer(cursor: &mut Cursor<'_>, wanted: &str) -> Result<i64, Unread> {
    let start = *cursor;
    let negative = cursor.take_symbol(&Kind::Minus);
    if !negative {
        cursor.take_symbol(&Kind::Plus);
    }
    let digits = match cursor.peek().map(|token| &token.kind) {
        Some(Kind::Number(digits, _)) => digits.replace('_', ""),
        _ => return Err(start.expected(wanted)),
    };
    let number = if negative { format!("-{digits}") } else { digits };
    let number = number.parse::<i64>().map_err(|_| start.error(format!("`{number}` is no whole number that fits in 64 bits")))?;
    cursor.skip(1);
    Ok(number)
}

/// All that is left, as words with single spaces between them; what stood without a space stays so.
pub(crate) fn words(cursor: &mut Cursor<'_>) -> String {
    let mut words = String::new();
    let mut last = None;
    while let Some(token) = cursor.next() {
        if last.is_some_and(|end| end < token.span.start) {
            words.push(' ');
        }
        words.push_str(cursor.text_of(token.span));
        last = Some(token.span.end);
    }
    words
}

/// The text of a part of a statement, in the form of [`words`].
pub(crate) fn words_of(part: Cursor<'_>) -> String {
    let mut part = part;
    words(&mut part)
}

/// `(name [= value], …)`; a name may have a namespace (`toast.autovacuum_enabled`).
pub(crate) fn storage_parameters(cursor: &mut Cursor<'_>) -> Result<Vec<StorageParameter>, Unread> {
    let mut inside = cursor.parentheses()?;
    let parameters = inside.comma_separated(|inside| {
        let mut name = inside.label()?.name.as_str().to_owned();
        while inside.take_symbol(&Kind::Period) {
            name.push('.');
            name.push_str(inside.label()?.name.as_str());
        }
        let value = if inside.take_symbol(&Kind::Eq) { Some(value_text(inside)?) } else { None };
        Ok(StorageParameter { name, value })
    })?;
    inside.finish()?;
    Ok(parameters)
}

/// The text of a value up to the next comma; a lone string without its quotes. A value is one word, string, operator or number,
/// or a type (gram.y, def_arg, 15).
pub(crate) fn value_text(inside: &mut Cursor<'_>) -> Result<String, Unread> {
    let part = inside.until_comma();
    let signed = |kind: &Kind| matches!(kind, Kind::Minus | Kind::Plus);
    match part.rest() {
        [] => Err(part.expected("a value")),
        [only] if only.kind == Kind::Period => Err(part.expected("a value")),
        [only] => Ok(only.string().map_or_else(|| part.text_of(only.span).to_owned(), str::to_owned)),
        [sign, number] if signed(&sign.kind) && matches!(number.kind, Kind::Number(..)) => Ok(words_of(part)),
        [operator, ..] if operator.is_word("OPERATOR") => Ok(words_of(part)),
        [.., dot, last] if dot.kind == Kind::Period && !matches!(last.kind, Kind::Word(_)) => Ok(words_of(part)),
        _ => {
            let mut ahead = part;
            data_type::read(&mut ahead)?;
            ahead.finish()?;
            Ok(words_of(part))
        }
    }
}

/// A word that is not reserved, or a string (gram.y, NonReservedWord_or_Sconst, 15).
pub(crate) fn word_or_string(cursor: &mut Cursor<'_>, wanted: &str) -> Result<String, Unread> {
    if cursor.peek().is_some_and(|token| token.string().is_some()) {
        return string(cursor, wanted);
    }
    let word = cursor.peek_name(NamePlace::Column).or_else(|| cursor.peek_name(NamePlace::TypeOrFunction));
    let word = word.ok_or_else(|| cursor.expected(wanted))?;
    cursor.skip(1);
    Ok(word.name.as_str().to_owned())
}

/// `(NAME [value], …)` of utility statements: names upper case, each value as one lower-case word without quotes, empty when there is none.
pub(crate) fn utility_options(cursor: &mut Cursor<'_>) -> Result<Vec<(String, String)>, Unread> {
    let mut inside = cursor.parentheses()?;
    let options = inside.comma_separated(|inside| {
        let word = inside.take_any_keyword(&["ANALYZE", "ANALYSE"]);
        let name = match word {
            Some(word) => word.to_owned(),
            None => word_or_string(inside, "an option")?.to_ascii_uppercase(),
        };
        if inside.is_at_end() || inside.is_symbol(&Kind::Comma) {
            return Ok((name, String::new()));
        }
        let signed = inside.take_symbol(&Kind::Minus) || inside.take_symbol(&Kind::Plus);
        let token = inside.peek().ok_or_else(|| inside.expected("a value"))?;
        let is_number = matches!(token.kind, Kind::Number(..));
        if !is_number && (signed || !(matches!(token.kind, Kind::Word(_)) || token.string().is_some())) {
            return Err(inside.expected("a value"));
        }
        inside.skip(1);
        Ok((name, token.string().unwrap_or(inside.text_of(token.span)).to_ascii_lowercase()))
    })?;
    inside.finish()?;
    Ok(options)
}

/// `(NAME = value, FLAG, …)` of types, aggregates, operators …: names upper case, values as text.
pub(crate) fn definition(cursor: &mut Cursor<'_>) -> Result<Vec<(String, String)>, Unread> {
    let mut inside = cursor.parentheses()?;
    let options = inside.comma_separated(|inside| {
        let name = inside.label()?.name.as_str().to_ascii_uppercase();
        let value = if inside.take_symbol(&Kind::Eq) { value_text(inside)? } else { String::new() };
        Ok((name, value))
    })?;
    inside.finish()?;
    Ok(options)
}

/// `OPTIONS (…)` of foreign objects, as text; nothing when none stand here.
pub(crate) fn foreign_options(cursor: &mut Cursor<'_>) -> Result<Option<String>, Unread> {
    if !cursor.is_keyword("OPTIONS") {
        return Ok(None);
    }
    cursor.skip(1);
    let mut inside = cursor.parentheses()?;
    let text = words_of(inside);
    inside.comma_separated(|inside| {
        let goes_on = inside.peek_at(1).is_some_and(|token| matches!(token.kind, Kind::Word(_)));
        let verb = if goes_on { inside.take_any_keyword(&["ADD", "SET", "DROP"]) } else { None };
        inside.label()?;
        if verb == Some("DROP") { Ok(String::new()) } else { string(inside, "a value as a string") }
    })?;
    inside.finish()?;
    Ok(Some(text))
}

/// A list of relations.
pub(crate) fn object_names(cursor: &mut Cursor<'_>) -> Result<Vec<ObjectName>, Unread> {
    cursor.comma_separated(Cursor::object_name)
}

/// `ONLY t`, `ONLY (t)`, `t *`: the relation, and whether its children are left out.
pub(crate) fn relation(cursor: &mut Cursor<'_>) -> Result<(ObjectName, bool), Unread> {
    if cursor.take_keyword("ONLY") {
        if cursor.is_symbol(&Kind::LParen) {
            let mut inside = cursor.parentheses()?;
            let name = inside.object_name()?;
            inside.finish()?;
            return Ok((name, true));
        }
        return Ok((cursor.object_name()?, true));
    }
    let name = cursor.object_name()?;
    cursor.take_symbol(&Kind::Mul);
    Ok((name, false))
}

/// A word that has to be one of these, upper case as listed.
pub(crate) fn one_of<'w>(cursor: &mut Cursor<'_>, words: &[&'w str]) -> Result<&'w str, Unread> {
    cursor.take_any_keyword(words).ok_or_else(|| {
        let list: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        cursor.expected(&list.join(" or "))
    })
}

/// `NULLS [NOT] DISTINCT`.
pub(crate) fn nulls_not_distinct(cursor: &mut Cursor<'_>) -> Result<bool, Unread> {
    if !cursor.take_keyword("NULLS") {
        return Ok(false);
    }
    let not = cursor.take_keyword("NOT");
    cursor.expect_keyword("DISTINCT")?;
    Ok(not)
}

/// `( expression )` and nothing else in the parentheses.
pub(crate) fn expression_in_parentheses(cursor: &mut Cursor<'_>) -> Result<Expr, Unread> {
    let mut inside = cursor.parentheses()?;
    let expression = expression::read(&mut inside)?;
    inside.finish()?;
    Ok(expression)
}
