//! Names of built-in types, in every spelling, and their modifiers in normal form.
//!
//! Spellings of the SQL standard are the grammar's and mean the same whatever the search path is; every other name is an internal one
//! (manual 8.1, 15). The limits of modifiers and the words of the refusals are measured on 15.

use super::TypeError;
use super::type_key::{TypeKey, Types};
use crate::dialect::TypeKind;
use crate::schema::{DataType, ObjectBody, Schema, TypeIdentity, UserType};

/// The built-in type of that name, with the modifiers in normal form: `int`, `character varying`, `timestamp with time zone`, `decimal`, `_int4`, `bpchar` …
/// `words` are lower case; a word that stood in quotes or behind `pg_catalog.` is passed with `internal`, and then only internal names count.
/// `Ok(None)` when no built-in type has the name. A dialect without tables knows no types: the name is kept as written, as an unknown type.
///
/// # Errors
/// `22023` for modifiers that the type cannot have, `42601` where it cannot have any.
pub fn built_in_type(schema: &Schema, words: &str, modifiers: &[String], internal: bool) -> Result<Option<DataType>, TypeError> {
    let modifiers: Vec<String> = modifiers.iter().map(|modifier| modifier.trim().to_owned()).collect();
    let Some(types) = Types::of(schema) else {
        let identity = TypeIdentity::Unknown(words.into());
        return Ok(Some(DataType { identity, modifiers: modifiers.into(), array: false }));
    };
    if !internal && let "float" = words {
        return float(&modifiers).map(Some);
    }
    let name = if internal { None } else { standard_name(words) };
    if let "bpchar" | "bit" = name.unwrap_or("")
        && modifiers.is_empty()
    {
        return Ok(name.map(|name| DataType::builtin(name).with_modifiers([String::from("1")])));
    }
    let Some(key) = types.named(name.unwrap_or(words)) else { return Ok(None) };
    let found = types.data_type(key);
    if !is_visible(&types, key, &found) {
        return Ok(None);
    }
    if modifiers.is_empty() {
        return Ok(Some(found));
    }
    let element = types.element(key).filter(|_| found.array).unwrap_or(key);
    let Some(row) = types.built_in(element) else { return Ok(Some(found)) };
    if !row.has_modifier {
        return Err(not_allowed(words));
    }
    Ok(Some(found.with_modifiers(normal_modifiers(row.name, &modifiers)?)))
}

/// A type of an extension is built in only as long as no object of the schema stands for it.
fn is_visible(types: &Types<'_>, key: TypeKey, found: &DataType) -> bool {
    match types.built_in(key).and_then(|row| row.extension) {
        None => true,
        Some(extension) => types.installed(extension).is_some() && matches!(found.identity, TypeIdentity::Builtin(_)),
    }
}

/// A type of the schema with modifiers: only a base type can have any.
///
/// # Errors
/// `42601` when the type cannot have modifiers.
pub fn with_modifiers(schema: &Schema, data_type: DataType, modifiers: &[String]) -> Result<DataType, TypeError> {
    if modifiers.is_empty() {
        return Ok(data_type);
    }
    let TypeIdentity::Object(id) = data_type.identity else { return Ok(data_type.with_modifiers(modifiers)) };
    match schema.get(id).map(|object| &object.body) {
        Some(ObjectBody::Type(UserType::Base { .. })) if !Types::of(schema).is_some_and(|types| has_none(&types, &data_type)) => {
            let trimmed: Vec<String> = modifiers.iter().map(|modifier| modifier.trim().to_owned()).collect();
            Ok(data_type.with_modifiers(trimmed))
        }
        _ => Err(not_allowed(&schema.qualified_name(id).map_or_else(String::new, |name| name.to_string()))),
    }
}

/// Whether it is a type of a known extension that has no modifiers.
fn has_none(types: &Types<'_>, data_type: &DataType) -> bool {
    types.key(data_type).and_then(|key| types.built_in(key)).is_some_and(|row| !row.has_modifier && row.kind == TypeKind::Base)
}

fn not_allowed(name: &str) -> TypeError {
    TypeError::new("42601", format!("type modifier is not allowed for type \"{name}\""))
}

/// The internal name behind a spelling of the grammar.
fn standard_name(words: &str) -> Option<&'static str> {
    Some(match words {
        "int" | "integer" => "int4",
        "smallint" => "int2",
        "bigint" => "int8",
        "real" => "float4",
        "double precision" => "float8",
        "decimal" | "dec" | "numeric" => "numeric",
        "boolean" => "bool",
        "character" | "char" | "nchar" | "national character" | "national char" => "bpchar",
        "character varying" | "char varying" | "varchar" | "nchar varying" | "national character varying" | "national char varying" => "varchar",
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

/// `float(p)`: `real` up to 24 bits, `double precision` up to 53 (manual 8.1.3, 15).
fn float(modifiers: &[String]) -> Result<DataType, TypeError> {
    let [bits] = modifiers else {
        return if modifiers.is_empty() { Ok(DataType::builtin("float8")) } else { Err(not_allowed("float")) };
    };
    match number(bits)? {
        ..1 => Err(TypeError::new("22023", "precision for type float must be at least 1 bit")),
        1..=24 => Ok(DataType::builtin("float4")),
        25..=53 => Ok(DataType::builtin("float8")),
        54.. => Err(TypeError::new("22023", "precision for type float must be less than 54 bits")),
    }
}

fn normal_modifiers(name: &str, modifiers: &[String]) -> Result<Vec<String>, TypeError> {
    match name {
        "varchar" => one_length("varchar", 10_485_760, modifiers),
        "bpchar" => one_length("char", 10_485_760, modifiers),
        "bit" => one_length("bit", 83_886_080, modifiers),
        "varbit" => one_length("varbit", 83_886_080, modifiers),
        "numeric" => numeric(modifiers),
        "time" | "timetz" | "timestamp" | "timestamptz" => match modifiers {
            [precision] => Ok(vec![seconds_precision(precision)?]),
            _ => Err(invalid()),
        },
        "interval" => interval(modifiers),
        _ => Ok(modifiers.to_vec()),
    }
}

fn one_length(name: &str, most: i64, modifiers: &[String]) -> Result<Vec<String>, TypeError> {
    let [length] = modifiers else { return Err(invalid()) };
    let length = number(length)?;
    if length < 1 {
        return Err(TypeError::new("22023", format!("length for type {name} must be at least 1")));
    }
    if length > most {
        return Err(TypeError::new("22023", format!("length for type {name} cannot exceed {most}")));
    }
    Ok(vec![length.to_string()])
}

/// `numeric(5)` is `numeric(5,0)`. Scales below zero or above the precision are from 15 on; before, the server refuses them by itself.
fn numeric(modifiers: &[String]) -> Result<Vec<String>, TypeError> {
    let (precision, scale) = match modifiers {
        [precision] => (number(precision)?, 0),
        [precision, scale] => (number(precision)?, number(scale)?),
        _ => return Err(TypeError::new("22023", "invalid NUMERIC type modifier")),
    };
    if !(1..=1000).contains(&precision) {
        return Err(TypeError::new("22023", format!("NUMERIC precision {precision} must be between 1 and 1000")));
    }
    if !(-1000..=1000).contains(&scale) {
        return Err(TypeError::new("22023", format!("NUMERIC scale {scale} must be between -1000 and 1000")));
    }
    Ok(vec![precision.to_string(), scale.to_string()])
}

/// Fractional digits of seconds; more than six are cut to six with a warning.
fn seconds_precision(text: &str) -> Result<String, TypeError> {
    let precision = number(text)?;
    if precision < 0 { Err(invalid()) } else { Ok(precision.min(6).to_string()) }
}

/// Fields first, then digits; both may be missing.
fn interval(modifiers: &[String]) -> Result<Vec<String>, TypeError> {
    let mut normal = Vec::new();
    for modifier in modifiers {
        if modifier.starts_with(|first: char| first.is_ascii_alphabetic()) {
            normal.push(modifier.to_ascii_lowercase());
        } else {
            normal.push(seconds_precision(modifier)?);
        }
    }
    Ok(normal)
}

fn number(text: &str) -> Result<i64, TypeError> {
    let digits = text.strip_prefix('-').map_or_else(|| text.to_owned(), |rest| format!("-{}", rest.trim_start()));
    digits.parse().map_err(|_| invalid())
}

fn invalid() -> TypeError {
    TypeError::new("22023", "invalid type modifier")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect;
    use crate::schema::format_type;

    fn read(words: &str, modifiers: &[&str], internal: bool) -> String {
        let schema = Schema::new(dialect::named("postgres").unwrap());
        let modifiers: Vec<String> = modifiers.iter().map(|modifier| (*modifier).to_owned()).collect();
        match built_in_type(&schema, words, &modifiers, internal) {
            Ok(Some(found)) => format_type(&schema, &found),
            Ok(None) => String::from("no such type"),
            Err(error) => format!("{} {}", error.sqlstate, error.message),
        }
    }

    #[test]
    fn every_spelling_finds_its_type() {
        let spelled: &[(&str, &[&str], &str)] = &[
            ("int", &[], "integer"),
            ("decimal", &["5"], "numeric(5,0)"),
            ("numeric", &["5", "-2"], "numeric(5,-2)"),
            ("float", &["24"], "real"),
            ("float", &["25"], "double precision"),
            ("float", &[], "double precision"),
            ("char", &[], "character(1)"),
            ("character varying", &["20"], "character varying(20)"),
            ("bit", &[], "bit(1)"),
            ("bpchar", &[], "bpchar"),
            ("varbit", &[], "bit varying"),
            ("timestamp with time zone", &["3"], "timestamp(3) with time zone"),
            ("time", &["9"], "time(6) without time zone"),
            ("interval", &["day to second", "2"], "interval day to second(2)"),
            ("_int4", &[], "integer[]"),
            ("_varchar", &["3"], "character varying(3)[]"),
            ("regclass", &[], "regclass"),
            ("pg_class", &[], "pg_class"),
            ("no_such", &[], "no such type"),
            ("citext", &[], "no such type"),
        ];
        for (words, modifiers, expected) in spelled {
            assert_eq!(read(words, modifiers, false), *expected, "{words}");
        }
    }

    #[test]
    fn behind_pg_catalog_only_internal_names_count() {
        assert_eq!(read("integer", &[], true), "no such type");
        assert_eq!(read("char", &[], true), "\"char\"");
        assert_eq!(read("bit", &[], true), "\"bit\"");
        assert_eq!(read("varchar", &["4"], true), "character varying(4)");
    }

    /// Measured on 15.
    #[test]
    fn modifiers_out_of_range_are_refused_in_the_servers_words() {
        assert_eq!(read("varchar", &["0"], false), "22023 length for type varchar must be at least 1");
        assert_eq!(read("char", &["0"], false), "22023 length for type char must be at least 1");
        assert_eq!(read("varchar", &["10485761"], false), "22023 length for type varchar cannot exceed 10485760");
        assert_eq!(read("numeric", &["1001"], false), "22023 NUMERIC precision 1001 must be between 1 and 1000");
        assert_eq!(read("float", &["54"], false), "22023 precision for type float must be less than 54 bits");
        assert_eq!(read("int4", &["5"], false), "42601 type modifier is not allowed for type \"int4\"");
    }
}
