//! `CREATE` and `ALTER` of functions, procedures and aggregates, and how a routine is named by its arguments.

use crate::sql::clause;
use crate::sql::cursor::{Cursor, NamePlace};
use crate::sql::data_type;
use crate::sql::expression;
use crate::sql::token::{Kind, Token};
use crate::sql::tree::{
    CodeBlock, CreateFunction, FunctionBody, FunctionKind, FunctionSignature, Ident, Parameter, ParameterMode, RefusalCode, Returns, Statement, StatementKind,
    Unread, UnreadReason, Volatility,
};
use crate::text::Span;

/// Reads one statement inside a body.
pub(crate) type ReadStatement = fn(Cursor<'_>) -> Result<Statement, Unread>;

/// Behind `CREATE [OR REPLACE] FUNCTION | PROCEDURE`.
pub(crate) fn create(cursor: &mut Cursor<'_>, kind: FunctionKind, or_replace: bool, read_statement: ReadStatement) -> Result<StatementKind, Unread> {
    let name = cursor.qualified_name(NamePlace::TypeOrFunction, "the name of the routine")?;
    let parameters = parameters(cursor)?;
    let returns = returns(cursor, kind)?;
    let mut function = CreateFunction {
        kind,
        name,
        or_replace,
        parameters,
        returns,
        language: None,
        body: FunctionBody::Opaque,
        volatility: Volatility::Volatile,
        strict: false,
        security_definer: false,
        settings: Vec::new(),
        options: Vec::new(),
    };
    let mut body = None;
    let mut seen = Vec::new();
    while !cursor.is_at_end() {
        if let Some(found) = body_here(cursor, read_statement)? {
            if body.is_some() {
                return Err(cursor.refusal(UnreadReason::Refused(RefusalCode::SyntaxError), "conflicting or redundant options"));
            }
            body = Some(found);
        } else if cursor.take_keyword("LANGUAGE") {
            function.language = Some(language(cursor)?);
        } else if cursor.take_keyword("TRANSFORM") {
            let start = *cursor;
            cursor.comma_separated(|cursor| {
                cursor.expect_keywords(&["FOR", "TYPE"])?;
                data_type::read(cursor)
            })?;
            function.options.push((String::from("TRANSFORM"), clause::words_of(start.without_last(cursor.rest().len()))));
        } else if cursor.take_keyword("WINDOW") {
            function.options.push((String::from("WINDOW"), String::new()));
        } else {
            attribute(cursor, &mut function, &mut seen)?;
        }
    }
    function.body = finish_body(cursor, body, &mut function)?;
    Ok(StatementKind::CreateFunction(Box::new(function)))
}

/// The language as a word or a string, lower case.
pub(crate) fn language(cursor: &mut Cursor<'_>) -> Result<String, Unread> {
    Ok(clause::word_or_string(cursor, "a language")?.to_ascii_lowercase())
}

fn returns(cursor: &mut Cursor<'_>, kind: FunctionKind) -> Result<Returns, Unread> {
    if kind != FunctionKind::Function || !cursor.take_keyword("RETURNS") {
        return Ok(Returns::Nothing);
    }
    if cursor.is_keyword("TABLE") && cursor.peek_at(1).is_some_and(|token| token.kind == Kind::LParen) {
        cursor.skip(1);
        let mut inside = cursor.parentheses()?;
        let columns = inside.comma_separated(|inside| {
            let name = inside.name(NamePlace::TypeOrFunction, "the name of a column")?;
            Ok((name, data_type::read(inside)?))
        })?;
        inside.finish()?;
        return Ok(Returns::Table(columns));
    }
    Ok(Returns::Type(data_type::read(cursor)?))
}

/// `( [mode] [name] type [DEFAULT e], … )`.
fn parameters(cursor: &mut Cursor<'_>) -> Result<Vec<Parameter>, Unread> {
    let mut inside = cursor.parentheses()?;
    if inside.is_at_end() {
        return Ok(Vec::new());
    }
    let parameters = inside.comma_separated(parameter)?;
    inside.finish()?;
    Ok(parameters)
}

fn parameter(cursor: &mut Cursor<'_>) -> Result<Parameter, Unread> {
    let mut mode = mode(cursor);
    let name = parameter_name(cursor);
    // The mode may stand behind the name (gram.y, func_arg).
    if name.is_some() && mode.is_none() {
        mode = self::mode(cursor);
    }
    let data_type = data_type::read(cursor)?;
    let default = if cursor.take_keyword("DEFAULT") || cursor.take_symbol(&Kind::Eq) { Some(whole_expression(cursor)?) } else { None };
    Ok(Parameter { mode: mode.unwrap_or(ParameterMode::In), name, data_type, default })
}

fn whole_expression(cursor: &mut Cursor<'_>) -> Result<crate::sql::tree::Expr, Unread> {
    let mut part = cursor.until_comma();
    let value = expression::read(&mut part)?;
    part.finish()?;
    Ok(value)
}

fn mode(cursor: &mut Cursor<'_>) -> Option<ParameterMode> {
    let followed = |token: Option<&Token>| token.is_some_and(|token| matches!(token.kind, Kind::Word(_)));
    if !followed(cursor.peek_at(1)) {
        return None;
    }
    if cursor.take_keywords(&["IN", "OUT"]) || cursor.take_keyword("INOUT") {
        return Some(ParameterMode::InOut);
    }
    match cursor.take_any_keyword(&["IN", "OUT", "VARIADIC"])? {
        "IN" => Some(ParameterMode::In),
        "OUT" => Some(ParameterMode::Out),
        _ => Some(ParameterMode::Variadic),
    }
}

/// The name, when what follows it can still begin a type; types of several words decide against it.
fn parameter_name(cursor: &mut Cursor<'_>) -> Option<Ident> {
    const TWO_WORDS: &[(&str, &str)] = &[
        ("DOUBLE", "PRECISION"),
        ("CHARACTER", "VARYING"),
        ("CHAR", "VARYING"),
        ("BIT", "VARYING"),
        ("NATIONAL", "CHARACTER"),
        ("NATIONAL", "CHAR"),
        ("TIME", "WITH"),
        ("TIME", "WITHOUT"),
        ("TIMESTAMP", "WITH"),
        ("TIMESTAMP", "WITHOUT"),
        ("INTERVAL", "YEAR"),
        ("INTERVAL", "MONTH"),
        ("INTERVAL", "DAY"),
        ("INTERVAL", "HOUR"),
        ("INTERVAL", "MINUTE"),
        ("INTERVAL", "SECOND"),
    ];
    let next_is_word = matches!(cursor.peek_at(1)?.kind, Kind::Word(_));
    let ends_parameter = cursor.peek_at(1).is_some_and(|token| token.is_word("DEFAULT") || token.is_word("ARRAY"));
    let is_type = TWO_WORDS.iter().any(|(first, second)| cursor.is_keywords(&[first, second])) || cursor.is_keyword("SETOF");
    if !next_is_word || ends_parameter || is_type {
        return None;
    }
    // `param_name: type_function_name` (gram.y).
    let name = cursor.peek_name(NamePlace::TypeOrFunction)?;
    cursor.skip(1);
    Some(name)
}

/// `AS '…'`, `AS 'library', 'symbol'`, `RETURN e`, `BEGIN ATOMIC … END`.
enum Body {
    Text(Token),
    /// A file and a symbol in it.
    Symbol(String, String),
    Ready(FunctionBody),
}

fn body_here(cursor: &mut Cursor<'_>, read_statement: ReadStatement) -> Result<Option<Body>, Unread> {
    if cursor.take_keyword("AS") {
        let text = cursor.peek().filter(|token| token.string().is_some()).ok_or_else(|| cursor.expected("the body as a string"))?;
        cursor.skip(1);
        if cursor.take_symbol(&Kind::Comma) {
            let file = text.string().unwrap_or_default().to_owned();
            let symbol = clause::string(cursor, "the name of the symbol")?;
            return Ok(Some(Body::Symbol(file, symbol)));
        }
        return Ok(Some(Body::Text(text.clone())));
    }
    if cursor.take_keyword("RETURN") {
        let start = cursor.mark();
        let value = return_value(cursor)?;
        return Ok(Some(Body::Ready(FunctionBody::Return(Box::new(value), cursor.span_since(start)))));
    }
    if cursor.is_keywords(&["BEGIN", "ATOMIC"]) {
        return Ok(Some(Body::Ready(atomic(cursor, read_statement)?)));
    }
    Ok(None)
}

/// `RETURN e` means `SELECT e` (manual, CREATE FUNCTION, 15).
fn return_value(cursor: &mut Cursor<'_>) -> Result<crate::sql::tree::Query, Unread> {
    use crate::sql::tree::{Distinct, GroupBy, LockWait, Query, QueryBody, Select, SelectItem, TemporaryKind};
    let expr = expression::read(cursor)?;
    let span = expr.span;
    let select = Select {
        distinct: Distinct::No,
        items: vec![SelectItem::Expr { expr, alias: None }],
        into: None,
        into_temporary: TemporaryKind::Permanent,
        from: Vec::new(),
        filter: None,
        group_by: GroupBy::None,
        having: None,
        windows: Vec::new(),
        qualify: None,
        span,
    };
    Ok(Query {
        with: Vec::new(),
        recursive: false,
        body: QueryBody::Select(Box::new(select)),
        order_by: Vec::new(),
        limits: Vec::new(),
        limited: false,
        with_ties: false,
        locking: Vec::new(),
        lock_wait: LockWait::Wait,
        span,
    })
}

fn atomic(cursor: &mut Cursor<'_>, read_statement: ReadStatement) -> Result<FunctionBody, Unread> {
    let start = cursor.mark();
    cursor.expect_keywords(&["BEGIN", "ATOMIC"])?;
    let mut statements = Vec::new();
    while !cursor.take_keyword("END") {
        let mut cases = 0_usize;
        let part = cursor.until(|here| {
            let is_case = here.is_keyword("CASE");
            let is_end = here.is_keyword("END");
            let stops = cases == 0 && (is_end || here.is_symbol(&Kind::SemiColon));
            cases = if is_case { cases + 1 } else { cases.saturating_sub(usize::from(is_end)) };
            stops
        });
        if part.is_at_end() && !cursor.is_symbol(&Kind::SemiColon) {
            return Err(cursor.expected("a statement or `END`"));
        }
        if let Some(inner) = part.is_keyword("RETURN").then(|| returned(part)) {
            statements.push(inner?);
        } else if !part.is_at_end() {
            statements.push(read_statement(part)?);
        }
        cursor.expect_symbol(&Kind::SemiColon)?;
    }
    Ok(FunctionBody::Atomic(statements, cursor.span_since(start)))
}

/// `RETURN e` inside an atomic body.
fn returned(part: Cursor<'_>) -> Result<Statement, Unread> {
    let mut part = part;
    let span = part.rest_span();
    part.expect_keyword("RETURN")?;
    let query = return_value(&mut part)?;
    part.finish()?;
    Ok(Statement { kind: StatementKind::Query(Box::new(query)), span })
}

fn finish_body(cursor: &Cursor<'_>, body: Option<Body>, function: &mut CreateFunction) -> Result<FunctionBody, Unread> {
    match body {
        None => Err(cursor.refusal(UnreadReason::Refused(RefusalCode::InvalidFunctionDefinition), "no function body specified")),
        Some(Body::Symbol(file, symbol)) => {
            function.options.push((String::from("AS"), format!("{}, {}", quoted(&file), quoted(&symbol))));
            Ok(FunctionBody::Opaque)
        }
        Some(Body::Ready(body)) => Ok(body),
        Some(Body::Text(token)) => match function.language.as_deref() {
            Some("c" | "internal") => {
                let text = quoted(token.string().unwrap_or_default());
                // In C a file alone has a symbol of the function's name.
                let is_file = function.language.as_deref() == Some("c");
                let source = if is_file { format!("{text}, {}", quoted(function.name.name.name.as_str())) } else { text };
                function.options.push((String::from("AS"), source));
                Ok(FunctionBody::Opaque)
            }
            Some(language) => Ok(FunctionBody::Text(code_block(cursor, &token, language.to_owned()))),
            None => Err(cursor.refusal(UnreadReason::Refused(RefusalCode::InvalidFunctionDefinition), "no language specified")),
        },
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The text of a string token as code.
pub(crate) fn code_block(cursor: &Cursor<'_>, token: &Token, language: String) -> CodeBlock {
    let body = token.string().unwrap_or_default().to_owned();
    let written = cursor.text_of(token.span);
    let (open, close) = match &token.kind {
        Kind::DollarQuotedString(quoted) => {
            let length = quoted.tag.as_ref().map_or(0, String::len) + 2;
            (length, length)
        }
        Kind::EscapedStringLiteral(_) | Kind::NationalStringLiteral(_) => (2, 1),
        Kind::UnicodeStringLiteral(_) => (3, 1),
        _ => (1, 1),
    };
    let inner = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    let span = Span::new(token.span.source, token.span.start + inner(open), token.span.end.saturating_sub(inner(close)));
    let verbatim = written.get(open..written.len().saturating_sub(close)) == Some(body.as_str());
    CodeBlock { language, body, span, verbatim }
}

/// One attribute that `CREATE` and `ALTER` share.
fn attribute(cursor: &mut Cursor<'_>, function: &mut CreateFunction, seen: &mut Vec<&'static str>) -> Result<(), Unread> {
    let place = cursor.here();
    let (words, value) = common_attribute(cursor)?;
    let family = match words.as_str() {
        "IMMUTABLE" | "STABLE" | "VOLATILE" => Some("volatility"),
        "STRICT" | "RETURNS NULL ON NULL INPUT" | "CALLED ON NULL INPUT" => Some("strict"),
        "SECURITY DEFINER" | "SECURITY INVOKER" => Some("security"),
        _ => None,
    };
    if family.is_some_and(|family| seen.contains(&family)) {
        return Err(Unread { span: place, ..cursor.refusal(UnreadReason::Refused(RefusalCode::SyntaxError), "conflicting or redundant options") });
    }
    seen.extend(family);
    match words.as_str() {
        "IMMUTABLE" => function.volatility = Volatility::Immutable,
        "STABLE" => function.volatility = Volatility::Stable,
        "VOLATILE" => function.volatility = Volatility::Volatile,
        "STRICT" | "RETURNS NULL ON NULL INPUT" => function.strict = true,
        "CALLED ON NULL INPUT" => function.strict = false,
        "SECURITY DEFINER" => function.security_definer = true,
        "SECURITY INVOKER" => function.security_definer = false,
        "SET" => function
            .settings
            .push(value.split_once('=').map_or((value.clone(), String::new()), |(name, value)| (name.trim().to_owned(), value.trim().to_owned()))),
        _ => function.options.push((words, value)),
    }
    Ok(())
}

/// The words upper case, and what follows them.
fn common_attribute(cursor: &mut Cursor<'_>) -> Result<(String, String), Unread> {
    const FLAGS: &[&[&str]] = &[
        &["IMMUTABLE"],
        &["STABLE"],
        &["VOLATILE"],
        &["STRICT"],
        &["CALLED", "ON", "NULL", "INPUT"],
        &["RETURNS", "NULL", "ON", "NULL", "INPUT"],
        &["LEAKPROOF"],
        &["NOT", "LEAKPROOF"],
    ];
    if let Some(words) = FLAGS.iter().find(|words| cursor.is_keywords(words)) {
        cursor.skip(words.len());
        return Ok((words.join(" "), String::new()));
    }
    let external = cursor.is_keywords(&["EXTERNAL", "SECURITY"]);
    if external {
        cursor.skip(1);
    }
    if cursor.take_keyword("SECURITY") {
        return Ok((format!("SECURITY {}", clause::one_of(cursor, &["DEFINER", "INVOKER"])?), String::new()));
    }
    if let Some(word) = cursor.take_any_keyword(&["COST", "ROWS"]) {
        let sign = if cursor.take_symbol(&Kind::Minus) { "-" } else { "" };
        let number = cursor.peek().filter(|token| matches!(token.kind, Kind::Number(..))).ok_or_else(|| cursor.expected("a number"))?;
        cursor.skip(1);
        return Ok((word.to_owned(), format!("{sign}{}", cursor.text_of(number.span))));
    }
    if cursor.take_keyword("SUPPORT") {
        return Ok((String::from("SUPPORT"), cursor.qualified_name(NamePlace::TypeOrFunction, "a function")?.to_string()));
    }
    if cursor.take_keyword("PARALLEL") {
        return Ok((String::from("PARALLEL"), cursor.label()?.name.as_str().to_ascii_uppercase()));
    }
    if cursor.take_keyword("RESET") {
        let name = if cursor.take_keyword("ALL") { String::from("all") } else { setting_name(cursor)? };
        return Ok((String::from("RESET"), name));
    }
    if cursor.take_keyword("SET") {
        return Ok((String::from("SET"), setting(cursor)?));
    }
    Err(cursor.expected("an attribute of the routine"))
}

fn setting_name(cursor: &mut Cursor<'_>) -> Result<String, Unread> {
    let mut name = cursor.ident()?.name.as_str().to_owned();
    while cursor.take_symbol(&Kind::Period) {
        name.push('.');
        name.push_str(cursor.ident()?.name.as_str());
    }
    Ok(name)
}

/// `name = value` or `name FROM CURRENT`, as `name = value`.
fn setting(cursor: &mut Cursor<'_>) -> Result<String, Unread> {
    let name = if cursor.take_keywords(&["TIME", "ZONE"]) {
        let value = cursor.next().map(|token| cursor.text_of(token.span).to_owned());
        return Ok(format!("timezone = {}", value.ok_or_else(|| cursor.expected("a time zone"))?));
    } else {
        setting_name(cursor)?
    };
    if cursor.take_keywords(&["FROM", "CURRENT"]) {
        return Ok(format!("{name} = FROM CURRENT"));
    }
    if !cursor.take_keyword("TO") {
        cursor.expect_symbol(&Kind::Eq)?;
    }
    let values = cursor.comma_separated(|cursor| {
        let start = cursor.mark();
        if cursor.take_symbol(&Kind::Minus) || cursor.take_symbol(&Kind::Plus) {
            clause::integer(cursor, "a number")?;
        } else if cursor.peek().is_some_and(|token| matches!(token.kind, Kind::Word(_) | Kind::Number(..)) || token.string().is_some()) {
            cursor.skip(1);
        } else {
            return Err(cursor.expected("a value"));
        }
        Ok(cursor.text_since(start).to_owned())
    })?;
    Ok(format!("{name} = {}", values.join(", ")))
}

/// The attributes of `ALTER FUNCTION`; at least one.
pub(crate) fn altered_attributes(cursor: &mut Cursor<'_>) -> Result<Vec<(String, String)>, Unread> {
    let mut all = vec![common_attribute(cursor)?];
    while !cursor.is_at_end() && !cursor.is_keyword("RESTRICT") {
        all.push(common_attribute(cursor)?);
    }
    cursor.take_keyword("RESTRICT");
    Ok(all)
}

/// `f(int, text)`: modes and names may be written and do not count; only input types make the signature.
pub(crate) fn signature(cursor: &mut Cursor<'_>, kind: Option<FunctionKind>) -> Result<FunctionSignature, Unread> {
    let name = cursor.qualified_name(NamePlace::TypeOrFunction, "the name of a routine")?;
    if !cursor.is_symbol(&Kind::LParen) {
        return Ok(FunctionSignature { kind, name, arguments: None });
    }
    if kind == Some(FunctionKind::Aggregate) {
        let arguments = aggregate_arguments(cursor)?.into_iter().map(|parameter| parameter.data_type).collect();
        return Ok(FunctionSignature { kind, name, arguments: Some(arguments) });
    }
    let parameters = parameters(cursor)?;
    // A procedure's OUT parameters count since PostgreSQL 14 (manual, DROP PROCEDURE).
    let counts = |mode: ParameterMode| mode != ParameterMode::Out || kind == Some(FunctionKind::Procedure);
    let arguments = parameters.into_iter().filter(|parameter| counts(parameter.mode)).map(|parameter| parameter.data_type).collect();
    Ok(FunctionSignature { kind, name, arguments: Some(arguments) })
}

/// `(*)`, `(int)`, `(int ORDER BY text)`; a `VARIADIC` one that stands on both sides of `ORDER BY` is one argument.
pub(super) fn aggregate_arguments(cursor: &mut Cursor<'_>) -> Result<Vec<Parameter>, Unread> {
    let mut inside = cursor.parentheses()?;
    if inside.take_symbol(&Kind::Mul) {
        inside.finish()?;
        return Ok(Vec::new());
    }
    let mut types = Vec::new();
    if !inside.is_keywords(&["ORDER", "BY"]) {
        types = inside.comma_separated(aggregate_argument)?;
    }
    if inside.take_keywords(&["ORDER", "BY"]) {
        let ordered = inside.comma_separated(aggregate_argument)?;
        let is_variadic = types.last().is_some_and(|last: &Parameter| last.mode == ParameterMode::Variadic);
        if !is_variadic {
            types.extend(ordered);
        }
    }
    inside.finish()?;
    Ok(types)
}

/// One argument; `ORDER` ends the list before it.
fn aggregate_argument(cursor: &mut Cursor<'_>) -> Result<Parameter, Unread> {
    let mut ahead = *cursor;
    let part = ahead.until(|here| here.is_symbol(&Kind::Comma) || here.is_keywords(&["ORDER", "BY"]));
    let mut inside = part;
    let found = parameter(&mut inside)?;
    inside.finish()?;
    *cursor = ahead;
    Ok(found)
}
