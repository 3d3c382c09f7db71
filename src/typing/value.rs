//! Whether the text of a literal can be a value of a type.
//!
//! The server reads it when it reads the statement, so a text that is no value is refused before anything runs. Here only what is certain is
//! answered; the rest is [`Fit::Unknown`]. Input forms: manual chapter 8; words and codes measured on 15.

use super::fit::Fit;
use super::number_value::{boolean, floating, integer, numeric, uuid};
use super::time_value::{date, interval, time, timestamp};
use super::type_facts::base_type;
use super::type_key::Types;
use super::words;
use crate::dialect::TypeKind;
use crate::schema::{DataType, ObjectBody, ObjectId, Schema, TypeIdentity, UserType};

/// Whether the text can be read as a value of the type. Lengths and precisions are not looked at, nor the conditions of a domain: a text that
/// its base takes is then unknown.
pub fn literal_fits(schema: &Schema, path: &[ObjectId], data_type: &DataType, text: &str) -> Fit {
    if Types::of(schema).is_none() {
        return Fit::Unknown;
    }
    let base = base_type(schema, data_type);
    let fit = base_fits(schema, path, &base, text);
    let is_domain = base.identity != data_type.identity || base.array != data_type.array;
    if is_domain && fit == Fit::Accepted { domain_fits(schema, data_type) } else { fit }
}

/// A domain without conditions takes what its base takes.
fn domain_fits(schema: &Schema, data_type: &DataType) -> Fit {
    let TypeIdentity::Object(id) = data_type.identity else { return Fit::Unknown };
    let Some(ObjectBody::Type(UserType::Domain(domain))) = schema.get(id).map(|object| &object.body) else { return Fit::Accepted };
    if schema.on_table(id).into_iter().any(|constraint| schema.constraint(constraint).is_some()) { Fit::Unknown } else { domain_fits(schema, &domain.base) }
}

fn base_fits(schema: &Schema, path: &[ObjectId], data_type: &DataType, text: &str) -> Fit {
    let Some(types) = Types::of(schema) else { return Fit::Unknown };
    let Some(key) = types.key(data_type) else { return Fit::Unknown };
    if data_type.array {
        return array(schema, path, data_type, text);
    }
    match types.kind(key) {
        TypeKind::Enum => return label(schema, path, data_type, text),
        TypeKind::Composite => return must_start_with(text, &['('], "record"),
        TypeKind::Range if text.trim().eq_ignore_ascii_case("empty") => return Fit::Accepted,
        TypeKind::Range => return must_start_with(text, &['(', '['], "range"),
        TypeKind::Multirange => return must_start_with(text, &['{'], "multirange"),
        TypeKind::Base | TypeKind::Domain | TypeKind::Pseudo => {}
    }
    let TypeIdentity::Builtin(name) = &data_type.identity else { return Fit::Unknown };
    let later_numbers = schema.server.major_version.is_some_and(|version| version >= 16);
    match &**name {
        "record" => Fit::Refused("0A000", String::from("input of anonymous composite types is not implemented")),
        "text" | "varchar" | "bpchar" | "name" | "char" | "unknown" => Fit::Accepted,
        "bool" => boolean(text),
        "int2" => integer(text, "smallint", i64::from(i16::MIN), i64::from(i16::MAX), later_numbers),
        "int4" => integer(text, "integer", i64::from(i32::MIN), i64::from(i32::MAX), later_numbers),
        "int8" => integer(text, "bigint", i64::MIN, i64::MAX, later_numbers),
        "float4" => floating(text, "real"),
        "float8" => floating(text, "double precision"),
        "numeric" => numeric(text, later_numbers, data_type.modifiers.is_empty()),
        "uuid" => uuid(text),
        "date" => date(text),
        "time" => time(text, "time"),
        "timetz" => time(text, "time with time zone"),
        "timestamp" => timestamp(text, "timestamp"),
        "timestamptz" => timestamp(text, "timestamp with time zone"),
        "interval" => interval(text),
        "json" | "jsonb" => json(text),
        "bytea" => bytea(text),
        "inet" | "cidr" => address(text, name),
        "oid" if !text.trim_ascii_start().starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '-')) => {
            Fit::Refused("22P02", format!("invalid input syntax for type oid: \"{text}\""))
        }
        _ => Fit::Unknown,
    }
}

fn label(schema: &Schema, path: &[ObjectId], data_type: &DataType, text: &str) -> Fit {
    let TypeIdentity::Object(id) = data_type.identity else { return Fit::Unknown };
    let Some(ObjectBody::Type(UserType::Enum { labels, .. })) = schema.get(id).map(|object| &object.body) else { return Fit::Unknown };
    if labels.iter().any(|(_, label)| &**label == text) {
        return Fit::Accepted;
    }
    Fit::Refused("22P02", format!("invalid input value for enum {}: \"{text}\"", words(schema, path, data_type)))
}

/// Arrays of one dimension without quotes and escapes are looked into.
fn array(schema: &Schema, path: &[ObjectId], data_type: &DataType, text: &str) -> Fit {
    let trimmed = text.trim();
    if trimmed.starts_with('[') {
        return Fit::Unknown;
    }
    let Some(inside) = trimmed.strip_prefix('{') else { return Fit::Refused("22P02", format!("malformed array literal: \"{text}\"")) };
    let Some(inside) = inside.strip_suffix('}') else { return Fit::Refused("22P02", format!("malformed array literal: \"{text}\"")) };
    if inside.trim().is_empty() {
        return Fit::Accepted;
    }
    if inside.contains(['{', '}', '"', '\\']) {
        return Fit::Unknown;
    }
    let element = DataType { array: false, ..data_type.clone() };
    let parts: Vec<&str> = inside.split(',').map(str::trim).collect();
    // `box` is the one type with another separator; nothing is certain of its texts.
    if parts.contains(&"") && !element.is_builtin("box") {
        return Fit::Refused("22P02", format!("malformed array literal: \"{text}\""));
    }
    let values = parts.into_iter().filter(|part| !part.eq_ignore_ascii_case("null"));
    let fits = values.map(|part| literal_fits(schema, path, &element, part));
    fits.fold(Fit::Accepted, |all, one| match (all, one) {
        (Fit::Refused(code, message), _) => Fit::Refused(code, message),
        (Fit::Unknown, _) | (Fit::Accepted, Fit::Unknown) => Fit::Unknown,
        (Fit::Accepted, one) => one,
    })
}

fn must_start_with(text: &str, openings: &[char], what: &str) -> Fit {
    if text.trim_start().starts_with(openings) { Fit::Unknown } else { Fit::Refused("22P02", format!("malformed {what} literal: \"{text}\"")) }
}

/// What both readers of JSON agree on: an escape or deep nesting is left to the server.
fn json(text: &str) -> Fit {
    const CERTAIN_DEPTH: usize = 60;
    let opens = text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count();
    if text.contains("\\u") || opens > CERTAIN_DEPTH {
        return Fit::Unknown;
    }
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => Fit::Accepted,
        Err(_) => Fit::Refused("22P02", String::from("invalid input syntax for type json")),
    }
}

/// An address, or what cannot be one because of a letter or sign that no address has.
fn address(text: &str, type_name: &str) -> Fit {
    if type_name == "inet" && text.parse::<std::net::Ipv4Addr>().is_ok() {
        return Fit::Accepted;
    }
    let may_be = |letter: char| letter.is_ascii_hexdigit() || letter.is_ascii_whitespace() || matches!(letter, '.' | ':' | '/' | 'x' | 'X');
    let has_place = text.contains(|letter: char| letter.is_ascii_digit() || letter == ':');
    if has_place && text.chars().all(may_be) { Fit::Unknown } else { Fit::Refused("22P02", format!("invalid input syntax for type {type_name}: \"{text}\"")) }
}

/// `\x` and hexadecimal digits, or text without backslashes.
fn bytea(text: &str) -> Fit {
    let Some(digits) = text.strip_prefix("\\x") else {
        return if text.contains('\\') { Fit::Unknown } else { Fit::Accepted };
    };
    let digits: Vec<char> = digits.chars().filter(|digit| !digit.is_ascii_whitespace()).collect();
    match digits.iter().find(|digit| !digit.is_ascii_hexdigit()) {
        Some(wrong) => Fit::Refused("22023", format!("invalid hexadecimal digit: \"{wrong}\"")),
        None if digits.len() % 2 == 1 => Fit::Refused("22023", String::from("invalid hexadecimal data: odd number of digits")),
        None => Fit::Accepted,
    }
}
