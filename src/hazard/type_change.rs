//! What a type change does: to the stored rows, and to the values.
//!
//! In: the column before and after, the conversion as written, the session's time zone. Out: whether rows stay as they are on disk
//! ([`StorageEffect`]), and whether all values survive ([`Fit`]). The two are independent: `numeric(10,2)` to `numeric(12,2)` costs nothing and
//! can break a reader, `integer` to `bigint` rewrites the table and loses nothing.

use crate::schema::{ConstraintKind, DataType, ObjectBody, Schema, TypeIdentity, UserType};
use crate::sql::tree::{Expr, ExprKind, TypeName};

/// What happens to the rows on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StorageEffect {
    /// Every stored byte stays, and indexes too.
    Kept,
    /// Rows stay; indexes on the column are built again, because the new type sorts by itself.
    RebuildsIndexes,
    /// Each row is converted and written again.
    Rewritten,
}

/// Whether all values survive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fit {
    /// Every value is the same value of the new type.
    Widens,
    /// Values that do not fit are refused, so the change can fail.
    Narrows,
    /// Values that do not fit are changed without a word: rounded, cut.
    Loses,
    /// The same digits mean something else: a time zone, a unit.
    ChangesMeaning,
    /// The values are another kind of thing, by a conversion that is written or that the server has.
    Converts,
}

impl Fit {
    /// All words, in order.
    pub const WORDS: &'static [&'static str] = &["widens", "narrows", "loses", "changes_meaning", "converts"];

    /// The word in rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Widens => "widens",
            Self::Narrows => "narrows",
            Self::Loses => "loses",
            Self::ChangesMeaning => "changes_meaning",
            Self::Converts => "converts",
        }
    }
}

/// What a type change does to the rows on disk. `time_zone` is the session's `TimeZone`, `None` when unknown.
///
/// By `ATColumnChangeRequiresRewrite` and the support functions of length coercions, measured on 15.
pub fn storage_effect(schema: &Schema, before: &DataType, after: &DataType, using: Option<&Expr>, time_zone: Option<&str>) -> StorageEffect {
    if using.is_some_and(|expression| !only_casts(expression, after, schema)) {
        return StorageEffect::Rewritten;
    }
    if is_constrained_domain(schema, after) {
        return StorageEffect::Rewritten;
    }
    let (from, to) = (below_domains(schema, before), below_domains(schema, after));
    if from == to {
        return StorageEffect::Kept;
    }
    if from.array != to.array {
        return StorageEffect::Rewritten;
    }
    if from.array {
        // Measured on 15: varchar(50)[] to varchar(100)[] and to text[] are rewritten. Without modifiers nothing has to be coerced.
        return if from.identity == to.identity && to.modifiers.is_empty() { StorageEffect::Kept } else { StorageEffect::Rewritten };
    }
    let (Some(from_name), Some(to_name)) = (type_name(schema, &from), type_name(schema, &to)) else { return StorageEffect::Rewritten };
    if from_name == to_name {
        return if length_grows(&from_name, &from, &to) { StorageEffect::Kept } else { StorageEffect::Rewritten };
    }
    between_types(&from_name, &to_name, &to, time_zone)
}

fn between_types(from: &str, to: &str, target: &DataType, time_zone: Option<&str>) -> StorageEffect {
    if matches!((from, to), ("timestamp", "timestamptz") | ("timestamptz", "timestamp")) {
        // A new precision is a conversion of its own (measured: timestamp(3) to timestamptz(3) is rewritten in UTC too).
        return if target.modifiers.is_empty() && time_zone.is_some_and(is_utc) { StorageEffect::RebuildsIndexes } else { StorageEffect::Rewritten };
    }
    if !target.modifiers.is_empty() || !is_binary_coercible(from, to) {
        return StorageEffect::Rewritten;
    }
    // The string types and cidr/inet share their operator classes, so indexes stay; the others are not known to.
    let shared = |name: &str| matches!(name, "text" | "varchar") || matches!(name, "cidr" | "inet");
    if shared(from) && shared(to) { StorageEffect::Kept } else { StorageEffect::RebuildsIndexes }
}

/// Zones without an offset and without a past, as the server tests it (`TimestampTimestampTzRequiresRewrite`).
fn is_utc(zone: &str) -> bool {
    ["utc", "etc/utc", "gmt", "etc/gmt", "uct", "etc/uct", "zulu", "etc/zulu", "universal", "etc/universal", "greenwich", "etc/greenwich"]
        .iter()
        .any(|known| zone.eq_ignore_ascii_case(known))
}

/// `pg_cast` entries without a function (PostgreSQL 15), as far as columns have such types.
fn is_binary_coercible(from: &str, to: &str) -> bool {
    let string = |name: &str| matches!(name, "text" | "varchar" | "citext");
    match (from, to) {
        _ if string(from) && string(to) => true,
        ("text" | "varchar", "bpchar") | ("cidr", "inet") | ("xml", "text" | "varchar" | "bpchar") | ("bit", "varbit") | ("varbit", "bit") => true,
        ("int4", "oid") | ("oid", "int4") => true,
        ("oid", other) | (other, "oid") => other.starts_with("reg"),
        _ => false,
    }
}

/// Whether the modifiers only let more in, so that no value has to be looked at.
fn length_grows(name: &str, before: &DataType, after: &DataType) -> bool {
    let (from, to) = (numbers(before), numbers(after));
    match name {
        "varchar" | "varbit" => match (from.first(), to.first()) {
            (_, None) => true,
            (Some(old), Some(new)) => new >= old,
            (None, Some(_)) => false,
        },
        "numeric" => match (from.as_slice(), to.as_slice()) {
            (_, []) => true,
            ([], _) => false,
            (old, new) => new.first() >= old.first() && new.get(1).unwrap_or(&0) == old.get(1).unwrap_or(&0),
        },
        "time" | "timetz" | "timestamp" | "timestamptz" => precision(&to) >= precision(&from),
        "interval" => after.modifiers.is_empty() || before.modifiers == after.modifiers,
        _ => before.modifiers == after.modifiers,
    }
}

/// Fractional digits of a time; six when none are written.
fn precision(modifiers: &[i64]) -> i64 {
    modifiers.first().copied().unwrap_or(6)
}

fn numbers(data_type: &DataType) -> Vec<i64> {
    data_type.modifiers.iter().filter_map(|modifier| modifier.parse().ok()).collect()
}

/// Whether all values survive.
pub fn fit(schema: &Schema, before: &DataType, after: &DataType, using: Option<&Expr>) -> Fit {
    let (from, to) = (below_domains(schema, before), below_domains(schema, after));
    let (Some(from_name), Some(to_name)) = (type_name(schema, &from), type_name(schema, &to)) else { return Fit::Converts };
    if matches!((from_name.as_str(), to_name.as_str()), ("timestamp" | "time", "timestamptz" | "timetz") | ("timestamptz" | "timetz", "timestamp" | "time")) {
        return Fit::ChangesMeaning;
    }
    if using.is_some_and(|expression| !only_casts(expression, after, schema)) || from.array != to.array {
        return Fit::Converts;
    }
    let narrows_domain = is_constrained_domain(schema, after) && before != after;
    let fit = if from_name == to_name { same_type_fit(&from_name, &from, &to) } else { other_type_fit(&from_name, &to_name, &from, &to) };
    if narrows_domain && fit == Fit::Widens { Fit::Narrows } else { fit }
}

fn same_type_fit(name: &str, before: &DataType, after: &DataType) -> Fit {
    if before.modifiers == after.modifiers || length_grows(name, before, after) {
        return Fit::Widens;
    }
    let (from, to) = (numbers(before), numbers(after));
    match name {
        "numeric" => {
            let (old_precision, new_precision) = (from.first().copied().unwrap_or(i64::MAX), to.first().copied().unwrap_or(i64::MAX));
            let (old_scale, new_scale) = (from.get(1).copied().unwrap_or(0), to.get(1).copied().unwrap_or(0));
            if from.is_empty() || new_scale < old_scale {
                Fit::Loses
            } else if new_precision - new_scale < old_precision - old_scale {
                Fit::Narrows
            } else {
                Fit::Widens
            }
        }
        "time" | "timetz" | "timestamp" | "timestamptz" | "interval" => Fit::Loses,
        // An ALTER TABLE coerces by assignment: longer strings are refused, unless only blanks would go (manual 8.3).
        "bpchar" if numeric_at(&to, 0) >= numeric_at(&from, 0) => Fit::Widens,
        _ => Fit::Narrows,
    }
}

fn numeric_at(modifiers: &[i64], index: usize) -> i64 {
    modifiers.get(index).copied().unwrap_or(i64::MAX)
}

/// Whole decimal digits an integer type can hold for certain, and whether it is one.
fn integer_digits(name: &str) -> Option<i64> {
    match name {
        "int2" => Some(5),
        "int4" => Some(10),
        "int8" => Some(19),
        _ => None,
    }
}

fn other_type_fit(from: &str, to: &str, before: &DataType, after: &DataType) -> Fit {
    let rank = |name: &str| match name {
        "int2" => Some(0),
        "int4" => Some(1),
        "int8" => Some(2),
        _ => None,
    };
    let string = |name: &str| matches!(name, "text" | "varchar" | "bpchar" | "citext");
    match (from, to) {
        _ if rank(from).is_some() && rank(to).is_some() => {
            if rank(to) >= rank(from) {
                Fit::Widens
            } else {
                Fit::Narrows
            }
        }
        ("int2" | "int4" | "int8", "numeric") => {
            let to = numbers(after);
            let room = numeric_at(&to, 0).saturating_sub(to.get(1).copied().unwrap_or(0));
            if to.is_empty() || integer_digits(from).is_some_and(|digits| room >= digits) { Fit::Widens } else { Fit::Narrows }
        }
        ("numeric" | "float4" | "float8", "int2" | "int4" | "int8") => Fit::Loses,
        ("int2", "float4" | "float8") | ("int4", "float8") | ("float4", "float8") => Fit::Widens,
        ("int4" | "int8", "float4") | ("int8", "float8") | ("numeric", "float4" | "float8") | ("float8", "float4") => Fit::Loses,
        ("float4" | "float8", "numeric") => Fit::Loses,
        // Trailing blanks of char(n) go when it becomes text (manual 8.3).
        ("bpchar", _) if string(to) => {
            if length_grows("varchar", before, after) {
                Fit::ChangesMeaning
            } else {
                Fit::Narrows
            }
        }
        (_, "citext") | ("citext", _) if string(from) && string(to) => Fit::ChangesMeaning,
        _ if string(from) && string(to) => {
            if length_grows("varchar", before, after) {
                Fit::Widens
            } else {
                Fit::Narrows
            }
        }
        ("timestamp" | "timestamptz", "date") => Fit::Loses,
        ("date", "timestamp") | ("cidr", "inet") => Fit::Widens,
        ("date", "timestamptz") => Fit::ChangesMeaning,
        ("bit", "varbit") => Fit::Widens,
        _ => Fit::Converts,
    }
}

/// Whether the conversion is the column itself, cast to nothing but the new type: what the server would do anyway.
fn only_casts(expression: &Expr, target: &DataType, schema: &Schema) -> bool {
    match &*expression.kind {
        ExprKind::Column(_) => true,
        ExprKind::Cast { operand, target: written, lenient: false } => matches!(&*operand.kind, ExprKind::Column(_)) && is_written_as(written, target, schema),
        _ => false,
    }
}

/// Whether a written type is that type, as far as its words tell. An unsure answer is `false`: the table is then taken to be rewritten.
fn is_written_as(written: &TypeName, target: &DataType, schema: &Schema) -> bool {
    let Some(name) = type_name(schema, target) else { return false };
    let word = written.name.name.name.as_str();
    let spelled = match word {
        "character varying" | "varchar" => "varchar",
        "character" | "char" | "bpchar" => "bpchar",
        "integer" | "int" | "int4" => "int4",
        "bigint" | "int8" => "int8",
        "smallint" | "int2" => "int2",
        "numeric" | "decimal" => "numeric",
        "timestamp" | "timestamp without time zone" => "timestamp",
        "timestamptz" | "timestamp with time zone" => "timestamptz",
        other => other,
    };
    spelled == name && written.modifiers[..] == target.modifiers[..] && (written.array_dimensions > 0) == target.array
}

/// The internal name of a built-in type, or the own name of a base type of an extension; `None` for everything else.
fn type_name(schema: &Schema, data_type: &DataType) -> Option<String> {
    match &data_type.identity {
        TypeIdentity::Builtin(name) => Some(name.to_string()),
        TypeIdentity::Object(id) => {
            let object = schema.get(*id)?;
            matches!(object.body, ObjectBody::Type(UserType::Base { .. })).then(|| object.name.as_str().to_owned())
        }
        TypeIdentity::Unknown(_) => None,
    }
}

/// The type that is stored: domains are followed down.
fn below_domains(schema: &Schema, data_type: &DataType) -> DataType {
    let mut at = data_type.clone();
    // A domain over a domain cannot turn in a circle; the bound is for schemas that were written by hand.
    for _ in 0..64 {
        if at.array {
            break;
        }
        let TypeIdentity::Object(id) = &at.identity else { break };
        let Some(ObjectBody::Type(UserType::Domain(domain))) = schema.get(*id).map(|object| &object.body) else { break };
        at = domain.base.clone();
    }
    at
}

/// Whether values of the type are tested: a domain with `NOT NULL` or a check, itself or below.
pub(super) fn is_constrained_domain(schema: &Schema, data_type: &DataType) -> bool {
    let mut at = data_type.clone();
    for _ in 0..64 {
        let TypeIdentity::Object(id) = at.identity else { return false };
        let Some(ObjectBody::Type(UserType::Domain(domain))) = schema.get(id).map(|object| &object.body) else { return false };
        let checked = || schema.on_table(id).into_iter().filter_map(|one| schema.constraint(one)).any(|one| matches!(one.kind, ConstraintKind::Check { .. }));
        if domain.not_null || checked() {
            return true;
        }
        at = domain.base.clone();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, modifiers: &[&str]) -> DataType {
        DataType::builtin(name).with_modifiers(modifiers.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>())
    }

    fn storage(before: &DataType, after: &DataType, zone: Option<&str>) -> StorageEffect {
        storage_effect(&Schema::new(crate::dialect::ALL[0]), before, after, None, zone)
    }

    fn fits(before: &DataType, after: &DataType) -> Fit {
        fit(&Schema::new(crate::dialect::ALL[0]), before, after, None)
    }

    #[test]
    fn rows_stay_where_the_server_leaves_them() {
        // Each measured on 15.
        for (before, after) in [
            (of("varchar", &["50"]), of("varchar", &["100"])),
            (of("varchar", &["50"]), of("text", &[])),
            (of("text", &[]), of("varchar", &[])),
            (of("numeric", &["10", "2"]), of("numeric", &["12", "2"])),
            (of("numeric", &["10", "2"]), of("numeric", &[])),
            (of("cidr", &[]), of("inet", &[])),
            (of("time", &["3"]), of("time", &["5"])),
            (of("timestamp", &["0"]), of("timestamp", &["3"])),
            (of("timestamp", &[]), of("timestamp", &["6"])),
            (of("interval", &["3"]), of("interval", &[])),
            (of("varbit", &["4"]), of("varbit", &["9"])),
        ] {
            assert_eq!(storage(&before, &after, None), StorageEffect::Kept, "{before:?} {after:?}");
        }
    }

    #[test]
    fn rows_are_written_again_where_the_server_does() {
        // Each measured on 15.
        for (before, after) in [
            (of("varchar", &["50"]), of("varchar", &["20"])),
            (of("text", &[]), of("varchar", &["100"])),
            (of("int4", &[]), of("int8", &[])),
            (of("numeric", &["10", "2"]), of("numeric", &["12", "4"])),
            (of("numeric", &[]), of("numeric", &["12", "3"])),
            (of("json", &[]), of("jsonb", &[])),
            (of("bpchar", &["10"]), of("bpchar", &["20"])),
            (of("bpchar", &["10"]), of("text", &[])),
            (of("timestamp", &[]), of("timestamp", &["3"])),
            (of("timestamp", &[]), of("timestamptz", &[])),
            (of("varchar", &["50"]).array_of(), of("text", &[]).array_of()),
        ] {
            assert_eq!(storage(&before, &after, None), StorageEffect::Rewritten, "{before:?} {after:?}");
        }
    }

    #[test]
    fn a_time_zone_of_utc_keeps_the_rows_and_builds_indexes_again() {
        let (before, after) = (of("timestamp", &[]), of("timestamptz", &[]));
        assert_eq!(storage(&before, &after, Some("UTC")), StorageEffect::RebuildsIndexes);
        assert_eq!(storage(&before, &after, Some("Europe/Lisbon")), StorageEffect::Rewritten);
        assert_eq!(storage(&of("timestamp", &["3"]), &of("timestamptz", &["3"]), Some("UTC")), StorageEffect::Rewritten);
    }

    #[test]
    fn values_are_followed_apart_from_rows() {
        assert_eq!(fits(&of("numeric", &["10", "4"]), &of("numeric", &["10", "2"])), Fit::Loses);
        assert_eq!(fits(&of("numeric", &["10", "2"]), &of("numeric", &["9", "2"])), Fit::Narrows);
        assert_eq!(fits(&of("int4", &[]), &of("int8", &[])), Fit::Widens);
        assert_eq!(fits(&of("int8", &[]), &of("int4", &[])), Fit::Narrows);
        assert_eq!(fits(&of("varchar", &["50"]), &of("varchar", &["20"])), Fit::Narrows);
        assert_eq!(fits(&of("timestamp", &[]), &of("timestamptz", &[])), Fit::ChangesMeaning);
        assert_eq!(fits(&of("text", &[]), &of("int4", &[])), Fit::Converts);
        assert_eq!(fits(&of("timestamp", &[]), &of("date", &[])), Fit::Loses);
    }
}
