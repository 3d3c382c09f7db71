//! Names of built-in types, in every spelling, and their modifiers in normal form.
//!
//! Source: PostgreSQL 15, gram.y (the spellings), numerictypmodin, anychar_typmodin, anytime_typmodin and relatives (the modifiers).

use super::TypeError;
use crate::schema::{DataType, Schema};

/// The built-in type of that name, with the modifiers in normal form: `int`, `character varying`, `timestamp with time zone`, `decimal`, `_int4`, `bpchar` …
/// `words` are lower case; a word that stood in quotes or behind `pg_catalog.` is passed with `internal`, and then only internal names count.
/// `Ok(None)` when no built-in type has the name.
///
/// # Errors
/// `22023` for modifiers that the type cannot have.
pub fn built_in_type(schema: &Schema, words: &str, modifiers: &[String], internal: bool) -> Result<Option<DataType>, TypeError> {
    let Some(built_ins) = schema.dialect.built_ins else { return Ok(None) };
    let (name, default_modifier) = match if internal { None } else { spelled(words) } {
        Some("float") => return Ok(Some(float(modifiers)?)),
        Some(name) => (name, matches!(words, "char" | "character" | "nchar" | "national character" | "national char" | "bit").then_some("1")),
        None => (words, None),
    };
    let Some(row) = built_ins.type_named(name).and_then(|code| built_ins.data_type(code)).filter(|row| row.extension.is_none()) else {
        return Ok(None);
    };
    let element = row.name.strip_prefix('_').filter(|_| row.category == 'A').and_then(|_| built_ins.data_type(row.element?));
    let normal = match (modifiers, default_modifier) {
        ([], Some(default)) => vec![default.to_owned()],
        ([], None) => Vec::new(),
        (written, _) => normal_modifiers(element.map_or(name, |element| element.name), written)?,
    };
    let data_type = match element {
        Some(element) => DataType::builtin(element.name).array_of(),
        None => DataType::builtin(row.name),
    };
    Ok(Some(data_type.with_modifiers(normal)))
}

/// A type of the schema with modifiers: only types of extensions can have any.
///
/// # Errors
/// `42601` when the type cannot have modifiers.
pub fn with_modifiers(schema: &Schema, data_type: DataType, modifiers: &[String]) -> Result<DataType, TypeError> {
    let crate::schema::TypeIdentity::Object(object) = data_type.identity else { return Ok(data_type) };
    if modifiers.is_empty() {
        return Ok(data_type);
    }
    let own = schema.get(object);
    let is_base = own.is_some_and(|own| matches!(own.body, crate::schema::ObjectBody::Type(crate::schema::UserType::Base { .. })));
    if !is_base {
        let name = own.map_or_else(String::new, |own| own.name.to_string());
        return Err(TypeError::new("42601", format!("type modifier is not allowed for type \"{name}\"")));
    }
    Ok(data_type.with_modifiers(modifiers.to_vec()))
}

/// The internal name behind a spelling of the grammar.
fn spelled(words: &str) -> Option<&'static str> {
    Some(match words {
        "int" | "integer" => "int4",
        "bigint" => "int8",
        "smallint" => "int2",
        "boolean" => "bool",
        "real" => "float4",
        "double precision" => "float8",
        "float" => "float",
        "decimal" | "dec" | "numeric" => "numeric",
        "varchar" | "character varying" | "char varying" | "nchar varying" | "national character varying" | "national char varying" => "varchar",
        "char" | "character" | "nchar" | "national character" | "national char" => "bpchar",
        "bit" => "bit",
        "bit varying" => "varbit",
        "time" | "time without time zone" => "time",
        "time with time zone" => "timetz",
        "timestamp" | "timestamp without time zone" => "timestamp",
        "timestamp with time zone" => "timestamptz",
        "interval" => "interval",
        _ => return None,
    })
}

fn float(modifiers: &[String]) -> Result<DataType, TypeError> {
    let Some(written) = modifiers.first() else { return Ok(DataType::builtin("float8")) };
    match number(written)? {
        ..1 => Err(TypeError::new("22023", "precision for type float must be at least 1 bit")),
        1..=24 => Ok(DataType::builtin("float4")),
        25..=53 => Ok(DataType::builtin("float8")),
        54.. => Err(TypeError::new("22023", "precision for type float must be less than 54 bits")),
    }
}

fn number(text: &str) -> Result<i64, TypeError> {
    text.trim().parse().map_err(|_| TypeError::new("22023", format!("invalid input syntax for type integer: \"{text}\"")))
}

fn normal_modifiers(name: &str, written: &[String]) -> Result<Vec<String>, TypeError> {
    let refuse = |message: String| Err(TypeError::new("22023", message));
    match (name, written) {
        ("numeric", [precision]) => numeric(number(precision)?, 0),
        ("numeric", [precision, scale]) => numeric(number(precision)?, number(scale)?),
        ("numeric", _) => refuse(String::from("invalid NUMERIC type modifier")),
        ("varchar" | "bpchar" | "bit" | "varbit", [length]) => {
            let word = if name == "bpchar" { "char" } else { name };
            match number(length)? {
                ..1 => refuse(format!("length for type {word} must be at least 1")),
                length @ 1..=10_485_760 => Ok(vec![length.to_string()]),
                length if word == "bit" || word == "varbit" => Ok(vec![length.to_string()]),
                _ => refuse(format!("length for type {word} cannot exceed 10485760")),
            }
        }
        ("varchar" | "bpchar" | "bit" | "varbit", _) => refuse(String::from("invalid type modifier")),
        ("time" | "timetz" | "timestamp" | "timestamptz", [precision]) => match number(precision)? {
            // Six digits are all there are; the server warns and keeps six.
            precision if precision >= 0 => Ok(vec![precision.min(6).to_string()]),
            precision => refuse(format!("{}({precision}) precision must not be negative", if name.starts_with("timestamp") { "TIMESTAMP" } else { "TIME" })),
        },
        ("interval", parts) => Ok(parts.iter().map(|part| part.trim().to_ascii_lowercase()).collect()),
        _ => Err(TypeError::new("42601", format!("type modifier is not allowed for type \"{name}\""))),
    }
}

/// Precision 1 to 1000, scale -1000 to 1000 (numerictypmodin, 15).
fn numeric(precision: i64, scale: i64) -> Result<Vec<String>, TypeError> {
    if !(1..=1000).contains(&precision) {
        return Err(TypeError::new("22023", format!("NUMERIC precision {precision} must be between 1 and 1000")));
    }
    if !(-1000..=1000).contains(&scale) {
        return Err(TypeError::new("22023", format!("NUMERIC scale {scale} must be between -1000 and 1000")));
    }
    Ok(vec![precision.to_string(), scale.to_string()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &str, modifiers: &[&str]) -> Result<Option<DataType>, TypeError> {
        let schema = Schema::new(crate::dialect::named("postgres").unwrap());
        let modifiers: Vec<String> = modifiers.iter().map(|word| (*word).to_owned()).collect();
        built_in_type(&schema, words, &modifiers, false)
    }

    #[test]
    fn every_spelling_is_the_internal_type() {
        assert_eq!(read("character varying", &["20"]).unwrap(), Some(DataType::builtin("varchar").with_modifiers([String::from("20")])));
        assert_eq!(read("timestamp with time zone", &[]).unwrap(), Some(DataType::builtin("timestamptz")));
        assert_eq!(read("_int4", &[]).unwrap(), Some(DataType::builtin("int4").array_of()));
        assert_eq!(read("decimal", &["10"]).unwrap(), Some(DataType::builtin("numeric").with_modifiers([String::from("10"), String::from("0")])));
        assert_eq!(read("char", &[]).unwrap(), Some(DataType::builtin("bpchar").with_modifiers([String::from("1")])));
        assert_eq!(read("clients", &[]).unwrap(), None);
    }

    #[test]
    fn modifiers_that_the_type_cannot_have_are_refused() {
        assert_eq!(read("numeric", &["0"]).unwrap_err().sqlstate, "22023");
        assert_eq!(read("integer", &["3"]).unwrap_err().sqlstate, "42601");
    }
}
