//! Type names: tokens to [`TypeName`], in PostgreSQL's syntax (manual 8, 15) and with the angle brackets of warehouses.
//!
//! A type's words are kept in the form the server prints: `varchar` stays `varchar`, but several words become one name with single spaces,
//! and where modifiers stand does not matter (`timestamp(3) with time zone`). What a type is, is for the schema to say.

use super::cursor::{Cursor, Mark, NamePlace};
use super::forms::Forms;
use super::token::{Kind, Token};
use super::tree::{Ident, ObjectName, TypeName, Unread, UnreadReason};
use crate::name::Name;

/// Types inside types inside types … are read so far.
const MAX_DEPTH: usize = 32;

/// The type at the cursor, with its modifiers, `SETOF` and array brackets.
pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<TypeName, Unread> {
    match read_nested(cursor, 0)? {
        (type_name, Closing::Nothing) => Ok(type_name),
        (_, Closing::Outer) => Err(cursor.error("one `>` too many closes this type")),
    }
}

/// What the last token of a type closed besides the type itself: `>>` is one token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Closing {
    Nothing,
    Outer,
}

fn read_nested(cursor: &mut Cursor<'_>, depth: usize) -> Result<(TypeName, Closing), Unread> {
    if depth > MAX_DEPTH {
        return Err(cursor.refusal(UnreadReason::TooComplex, "types are nested too deep here"));
    }
    let start = cursor.mark();
    let set_of = cursor.take_keyword("SETOF");
    let (name, mut modifiers) = read_name(cursor)?;
    let of_column = percent_type(cursor, &name)?;
    let mut arguments = Vec::new();
    if cursor.is_symbol(&Kind::Lt) && takes_arguments(&name) {
        let closing;
        (arguments, closing) = angle_brackets(cursor, depth)?;
        if closing == Closing::Outer {
            let span = cursor.span_since(start);
            return Ok((TypeName { name, modifiers, array_dimensions: 0, set_of, of_column, arguments, span }, Closing::Outer));
        }
    }
    if modifiers.is_empty() && !has_own_modifiers(&name) {
        modifiers = read_modifiers(cursor)?;
    }
    let mut type_name = TypeName { name, modifiers, array_dimensions: 0, set_of, of_column, arguments, span: cursor.span_since(start) };
    trailing_words(cursor, &mut type_name, start);
    type_name.array_dimensions = read_dimensions(cursor)?;
    type_name.span = cursor.span_since(start);
    Ok((type_name, Closing::Nothing))
}

/// `t.c%TYPE`: the name read so far is the column.
fn percent_type(cursor: &mut Cursor<'_>, name: &ObjectName) -> Result<Option<Box<(ObjectName, Ident)>>, Unread> {
    // `x::int % 2` is arithmetic.
    if !cursor.is_symbol(&Kind::Mod) || !cursor.peek_at(1).is_some_and(|token| token.is_word("TYPE")) {
        return Ok(None);
    }
    let Some(table) = name.schema.clone() else {
        return Err(cursor.error("`%TYPE` needs a table and a column before it"));
    };
    cursor.skip(1);
    cursor.expect_keyword("TYPE")?;
    Ok(Some(Box::new((ObjectName { database: None, schema: name.database.clone(), name: table }, name.name.clone()))))
}

/// The words of the type, and modifiers that stand among them.
fn read_name(cursor: &mut Cursor<'_>) -> Result<(ObjectName, Vec<String>), Unread> {
    let start = cursor.mark();
    let is_qualified = cursor.peek_at(1).is_some_and(|token| token.kind == Kind::Period);
    if is_qualified {
        return Ok((cursor.qualified_name(NamePlace::TypeOrFunction, "a type")?, Vec::new()));
    }
    let mut modifiers = Vec::new();
    let words: Option<&str> = if cursor.take_keywords(&["DOUBLE", "PRECISION"]) {
        Some("double precision")
    } else if cursor.take_keywords(&["NATIONAL", "CHARACTER", "VARYING"]) || cursor.take_keywords(&["NATIONAL", "CHAR", "VARYING"]) {
        Some("character varying")
    } else if cursor.take_keywords(&["NATIONAL", "CHARACTER"]) || cursor.take_keywords(&["NATIONAL", "CHAR"]) || cursor.take_keyword("NCHAR") {
        Some(if cursor.take_keyword("VARYING") { "character varying" } else { "character" })
    } else if cursor.is_any_keyword(&["CHARACTER", "CHAR"]) && cursor.peek_at(1).is_some_and(|token| token.is_word("VARYING")) {
        cursor.skip(2);
        Some("character varying")
    } else if cursor.take_keywords(&["BIT", "VARYING"]) {
        Some("bit varying")
    } else if cursor.is_any_keyword(&["TIME", "TIMESTAMP"]) {
        let base = if cursor.take_keyword("TIME") {
            "time"
        } else {
            cursor.skip(1);
            "timestamp"
        };
        modifiers = read_modifiers(cursor)?;
        Some(time_words(cursor, base))
    } else if cursor.take_keyword("INTERVAL") {
        modifiers = interval_fields(cursor)?;
        Some("interval")
    } else {
        None
    };
    if let Some(words) = words {
        let ident = Ident { name: Name::stored(words), span: cursor.span_since(start) };
        return Ok((ObjectName::bare(ident), modifiers));
    }
    Ok((ObjectName::bare(built_in_or_name(cursor)?), modifiers))
}

/// Words that PostgreSQL's grammar reads as types although they are no type names otherwise (category C).
fn built_in_or_name(cursor: &mut Cursor<'_>) -> Result<Ident, Unread> {
    const WORDS: &[&str] =
        &["BIGINT", "BIT", "BOOLEAN", "CHAR", "CHARACTER", "DEC", "DECIMAL", "FLOAT", "INT", "INTEGER", "NUMERIC", "REAL", "SMALLINT", "VARCHAR"];
    if WORDS.iter().any(|word| cursor.is_keyword(word)) {
        return cursor.label();
    }
    cursor.name(NamePlace::TypeOrFunction, "a type")
}

fn time_words(cursor: &mut Cursor<'_>, base: &'static str) -> &'static str {
    let zoned = cursor.take_keywords(&["WITH", "TIME", "ZONE"]);
    let unzoned = !zoned && cursor.take_keywords(&["WITHOUT", "TIME", "ZONE"]);
    match (base, zoned, unzoned) {
        ("time", true, _) => "time with time zone",
        ("time", _, true) => "time without time zone",
        (_, true, _) => "timestamp with time zone",
        (_, _, true) => "timestamp without time zone",
        (base, false, false) => base,
    }
}

/// `day to second(3)`, or `(3)`: the fields as one lower-case modifier, then the precision.
fn interval_fields(cursor: &mut Cursor<'_>) -> Result<Vec<String>, Unread> {
    const FIELDS: &[&str] = &["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"];
    let mut modifiers = Vec::new();
    if let Some(first) = cursor.take_any_keyword(FIELDS) {
        let mut fields = first.to_ascii_lowercase();
        if cursor.is_keyword("TO") && cursor.peek_at(1).is_some_and(|token| FIELDS.iter().any(|field| token.is_word(field))) {
            cursor.skip(1);
            if let Some(last) = cursor.take_any_keyword(FIELDS) {
                fields.push_str(" to ");
                fields.push_str(&last.to_ascii_lowercase());
            }
        }
        let has_seconds = fields.ends_with("second");
        modifiers.push(fields);
        if has_seconds {
            modifiers.extend(read_modifiers(cursor)?);
        }
    } else {
        modifiers = read_modifiers(cursor)?;
    }
    Ok(modifiers)
}

/// Types whose modifiers stand inside the name and are read with it.
fn has_own_modifiers(name: &ObjectName) -> bool {
    let is_multi_word = |word: &str| word == "interval" || word.starts_with("time ") || word.starts_with("timestamp ");
    name.schema.is_none() && is_multi_word(name.name.name.as_str())
}

/// `(20)`, `(10, 2)`, `(Point, 4326)`: each as text without outer white space.
fn read_modifiers(cursor: &mut Cursor<'_>) -> Result<Vec<String>, Unread> {
    if !cursor.is_symbol(&Kind::LParen) {
        return Ok(Vec::new());
    }
    let mut inside = cursor.parentheses()?;
    let strict = Forms::of(cursor.dialect()).is_postgres;
    inside.comma_separated(|inside| {
        let mut part = inside.until_comma();
        let text = part.text_of(part.rest_span()).to_owned();
        // The server takes any constant here; the words are those of extensions (`geometry(Point, 4326)`).
        part.take_symbol(&Kind::Minus);
        let constant = part.next().is_some_and(|token| matches!(token.kind, Kind::Number(..)) || token.string().is_some() || part_name(&part, token));
        if !constant && (strict || text.is_empty()) || strict && !part.is_at_end() {
            return Err(part.expected("a length, a precision or another modifier of the type"));
        }
        Ok(text)
    })
}

/// MySQL's words behind a number type.
fn trailing_words(cursor: &mut Cursor<'_>, type_name: &mut TypeName, start: Mark) {
    if !Forms::of(cursor.dialect()).signed_types {
        return;
    }
    while let Some(word) = cursor.take_any_keyword(&["UNSIGNED", "SIGNED", "ZEROFILL"]) {
        let words = format!("{} {}", type_name.name.name.name.as_str(), word.to_ascii_lowercase());
        type_name.name.name = Ident { name: Name::stored(words), span: cursor.span_since(start) };
    }
}

/// `[]`, `[3]`, `ARRAY`, `ARRAY[3]`.
fn read_dimensions(cursor: &mut Cursor<'_>) -> Result<u8, Unread> {
    if cursor.take_keyword("ARRAY") {
        if cursor.is_symbol(&Kind::LBracket) {
            one_dimension(cursor)?;
        }
        return Ok(1);
    }
    let mut dimensions = 0_u8;
    while cursor.is_symbol(&Kind::LBracket) {
        one_dimension(cursor)?;
        dimensions = dimensions.saturating_add(1);
    }
    Ok(dimensions)
}

fn one_dimension(cursor: &mut Cursor<'_>) -> Result<(), Unread> {
    cursor.expect_symbol(&Kind::LBracket)?;
    if matches!(cursor.peek().map(|token| &token.kind), Some(Kind::Number(..))) {
        cursor.skip(1);
    }
    cursor.expect_symbol(&Kind::RBracket)
}

/// Whether the token can be a word among modifiers.
fn part_name(part: &Cursor<'_>, token: &Token) -> bool {
    token.bare_word().is_none_or(|word| !(part.dialect().is_no_column_name)(&word.to_ascii_lowercase())) && matches!(token.kind, Kind::Word(_))
}

fn takes_arguments(name: &ObjectName) -> bool {
    ["array", "struct", "map", "range", "row", "table", "nested", "tuple"].iter().any(|word| name.name.name.as_str().eq_ignore_ascii_case(word))
}

/// Types inside a type, with the names of fields that have one.
type Fields = Vec<(Option<Ident>, TypeName)>;

/// `<INT64>`, `<a STRING, b ARRAY<INT64>>`, `<a: string>`; and what its last token closed besides.
fn angle_brackets(cursor: &mut Cursor<'_>, depth: usize) -> Result<(Fields, Closing), Unread> {
    cursor.expect_symbol(&Kind::Lt)?;
    let mut arguments = Vec::new();
    loop {
        let named = cursor.peek_at(1).is_some_and(|token| matches!(token.kind, Kind::Word(_) | Kind::Colon));
        let name = if named { Some(cursor.label()?) } else { None };
        cursor.take_symbol(&Kind::Colon);
        let (inner, closing) = read_nested(cursor, depth + 1)?;
        arguments.push((name, inner));
        if closing == Closing::Outer {
            return Ok((arguments, Closing::Nothing));
        }
        if let Some(name) = field_options(cursor) {
            return Err(name);
        }
        if cursor.take_symbol(&Kind::Gt) {
            return Ok((arguments, Closing::Nothing));
        }
        if cursor.take_symbol(&Kind::ShiftRight) {
            return Ok((arguments, Closing::Outer));
        }
        cursor.expect_symbol(&Kind::Comma)?;
    }
}

/// `NOT NULL`, `COMMENT 'x'`, `OPTIONS (…)` behind a field: taken, since a field's constraint is no part of its type.
fn field_options(cursor: &mut Cursor<'_>) -> Option<Unread> {
    loop {
        if cursor.take_keywords(&["NOT", "NULL"]) {
            continue;
        }
        if cursor.take_keyword("COMMENT") {
            cursor.skip(1);
        } else if cursor.take_keyword("OPTIONS") {
            if let Err(unread) = cursor.parentheses() {
                return Some(unread);
            }
        } else {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::tokenize::tokenize;
    use crate::text::Sources;

    /// The type as `name|modifiers|dimensions`, and what is left.
    fn read_in(dialect: &'static crate::dialect::Dialect, text: &str) -> String {
        let mut sources = Sources::default();
        let id = sources.add("t", text);
        let whole = sources.whole(id);
        let tokens = tokenize(text, whole, dialect).unwrap();
        let mut cursor = Cursor::new(&tokens, text, dialect, whole);
        match read(&mut cursor) {
            Ok(found) => {
                let left = cursor.text_of(cursor.rest_span()).to_owned();
                format!("{}|{}|{}|{left}", found.name, found.modifiers.join(","), found.array_dimensions)
            }
            Err(unread) => unread.message,
        }
    }

    fn postgres(text: &str) -> String {
        read_in(crate::dialect::named("postgres").unwrap(), text)
    }

    #[test]
    fn names_of_several_words_are_one_type() {
        assert_eq!(postgres("character varying(20)[] NOT NULL"), "character varying|20|1|NOT NULL");
        assert_eq!(postgres("timestamp(3) with time zone DEFAULT now()"), "timestamp with time zone|3|0|DEFAULT now()");
        assert_eq!(postgres("time without time zone"), "time without time zone||0|");
        assert_eq!(postgres("double precision"), "double precision||0|");
        assert_eq!(postgres("bit varying(8)"), "bit varying|8|0|");
        assert_eq!(postgres("national character varying(3)"), "character varying|3|0|");
        assert_eq!(postgres("interval day to second(3)"), "interval|day to second,3|0|");
        assert_eq!(postgres("interval(3)"), "interval|3|0|");
        assert_eq!(postgres("char varying"), "character varying||0|");
    }

    #[test]
    fn arrays_sets_and_columns_are_told() {
        assert_eq!(postgres("int[3][]"), "int||2|");
        assert_eq!(postgres("text ARRAY[4]"), "text||1|");
        assert_eq!(postgres("SETOF app.client"), "app.client||0|");
        assert_eq!(postgres("app.client.name%TYPE"), "app.client.name||0|");
        assert_eq!(postgres("geometry(Point, 4326)"), "geometry|Point,4326|0|");
        assert_eq!(postgres("\"char\""), "char||0|");
        assert_eq!(postgres("numeric(10,-2)"), "numeric|10,-2|0|");
    }

    #[test]
    fn a_reserved_word_is_no_type() {
        assert_eq!(postgres("NOT NULL"), "expected a type, found `NOT`");
        assert_eq!(postgres("values"), "expected a type, found `values`");
        assert_eq!(postgres("numeric()"), "expected a length, a precision or another modifier of the type, found `)`");
    }

    #[test]
    fn angle_brackets_close_two_at_once() {
        static BIGQUERY: std::sync::LazyLock<crate::dialect::Dialect> = std::sync::LazyLock::new(|| {
            let model = crate::dialect::named("postgres").unwrap();
            crate::dialect::Dialect { grammar: crate::dialect::Grammar::BigQuery, is_no_type_name: |_| false, ..*model }
        });
        assert_eq!(read_in(&BIGQUERY, "ARRAY<STRUCT<a INT64, b ARRAY<STRING>>> x"), "array||0|x");
        assert_eq!(read_in(&BIGQUERY, "STRUCT<a INT64>>"), "one `>` too many closes this type");
    }
}
