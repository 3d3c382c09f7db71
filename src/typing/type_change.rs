//! What changing a column's type takes: a `USING`, a rewrite of the table.
//!
//! The server rewrites unless the conversion does nothing to the bytes (`ATColumnChangeRequiresRewrite`, tablecmds.c, and the support functions
//! of `varchar`, `varbit`, `numeric`, `time`, `timestamp`, `interval`, 15). Every rule here is measured on 15: `tests/data/type_changes.tsv`.

use std::sync::Arc;

use super::conversion::{Cast, CastContext, CastMethod, cast};
use super::type_facts::base_type;
use crate::schema::{DataType, ObjectBody, Schema, TypeIdentity, UserType};

/// What happens to the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rewrite {
    /// Nothing: the stored bytes stay.
    None,
    /// The table and its indexes are written anew.
    Full,
    /// It is not known, and why.
    Unknown(Arc<str>),
}

/// Whether `ALTER COLUMN … TYPE` needs a `USING`, because there is no assignment cast (`42804`); `None` when it is not known.
pub fn needs_using(schema: &Schema, from: &DataType, to: &DataType) -> Option<bool> {
    match cast(schema, from, to, CastContext::Assignment) {
        Cast::By(_) => Some(false),
        Cast::Impossible => Some(true),
        Cast::Unknown(_) => None,
    }
}

/// Whether a change of type without `USING` rewrites the table. `time_zone` is the session's, `None` when it is not known.
pub fn rewrite(schema: &Schema, from: &DataType, to: &DataType, time_zone: Option<&str>) -> Rewrite {
    if from == to {
        return Rewrite::None;
    }
    match has_constraints(schema, to) {
        Some(true) => return Rewrite::Full,
        Some(false) => {}
        None => return Rewrite::Unknown("nothing is known of the new type".into()),
    }
    let is_domain = |data_type: &DataType| base_type(schema, data_type).identity != data_type.identity;
    let (old, new) = (base_type(schema, from), base_type(schema, to));
    // A domain's own modifiers do not count as the column's.
    let old_modifiers: &[String] = if is_domain(from) { &[] } else { &old.modifiers };
    if old.identity == new.identity && old.array == new.array {
        return if keeps_values(&new, old_modifiers) { Rewrite::None } else { Rewrite::Full };
    }
    match cast(schema, &old, &new, CastContext::Assignment) {
        Cast::Unknown(reason) => Rewrite::Unknown(reason),
        Cast::By(CastMethod::Relabel) if keeps_values(&new, &[]) => Rewrite::None,
        Cast::By(CastMethod::Function) if shifts_with_zone(&old, &new) && keeps_values(&new, &[]) => zone_shift(time_zone),
        Cast::By(_) | Cast::Impossible => Rewrite::Full,
    }
}

/// Whether a domain, or one below it, has conditions; `None` when the type is not known.
fn has_constraints(schema: &Schema, data_type: &DataType) -> Option<bool> {
    let TypeIdentity::Object(id) = data_type.identity else {
        return Some(false);
    };
    if data_type.array {
        return Some(false);
    }
    let ObjectBody::Type(UserType::Domain(domain)) = &schema.get(id)?.body else { return Some(false) };
    let has_own = domain.not_null || schema.on_table(id).into_iter().any(|constraint| schema.constraint(constraint).is_some());
    if has_own { Some(true) } else { has_constraints(schema, &domain.base) }
}

/// Whether bringing a value of the same type to the new modifiers does nothing.
fn keeps_values(new: &DataType, old: &[String]) -> bool {
    let TypeIdentity::Builtin(name) = &new.identity else { return old == &*new.modifiers };
    if new.modifiers.is_empty() || old == &*new.modifiers {
        return true;
    }
    if new.array {
        return false;
    }
    match &**name {
        "varchar" | "varbit" => grows(old.first(), new.modifiers.first()),
        "numeric" => old.get(1).is_some() && old.get(1) == new.modifiers.get(1) && grows(old.first(), new.modifiers.first()),
        "time" | "timetz" | "timestamp" | "timestamptz" => {
            new.modifiers.first().is_some_and(|digits| digits == "6") || grows(old.first(), new.modifiers.first())
        }
        "interval" => interval_keeps(old, &new.modifiers),
        _ => false,
    }
}

/// Whether there was a limit, and the new one is not less.
fn grows(old: Option<&String>, new: Option<&String>) -> bool {
    let number = |text: &String| text.parse::<i64>().ok();
    old.and_then(number).zip(new.and_then(number)).is_some_and(|(old, new)| new >= old)
}

/// An interval keeps its value when its smallest field does not become larger and its fraction of a second is not cut (`interval_support`, timestamp.c, 15).
fn interval_keeps(old: &[String], new: &[String]) -> bool {
    const MOST_DIGITS: i64 = 6;
    let (old_field, old_digits) = interval_parts(old);
    let (new_field, new_digits) = interval_parts(new);
    let keeps_fraction = new_digits.is_none_or(|new| new >= MOST_DIGITS || old_digits.is_some_and(|old| new >= old));
    new_field <= old_field && (old_field > 0 || keeps_fraction)
}

/// The smallest field, 0 for seconds to 5 for years, and the digits of the fraction.
fn interval_parts(modifiers: &[String]) -> (u8, Option<i64>) {
    let digits = modifiers.iter().find_map(|modifier| modifier.parse().ok());
    let fields = modifiers.iter().find(|modifier| modifier.starts_with(|first: char| first.is_ascii_alphabetic()));
    let smallest = match fields.and_then(|fields| fields.rsplit(' ').next()) {
        Some("year") => 5,
        Some("month") => 4,
        Some("day") => 3,
        Some("hour") => 2,
        Some("minute") => 1,
        _ => 0,
    };
    (smallest, digits)
}

fn shifts_with_zone(old: &DataType, new: &DataType) -> bool {
    let is = |data_type: &DataType, name: &str| data_type.without_modifiers().is_builtin(name);
    (is(old, "timestamp") && is(new, "timestamptz")) || (is(old, "timestamptz") && is(new, "timestamp"))
}

/// In a zone that is always at UTC both hold the same number (since 12).
fn zone_shift(time_zone: Option<&str>) -> Rewrite {
    const ALWAYS_UTC: &[&str] = &[
        "utc",
        "gmt",
        "etc/utc",
        "etc/gmt",
        "etc/uct",
        "uct",
        "zulu",
        "etc/zulu",
        "universal",
        "etc/universal",
        "etc/greenwich",
        "greenwich",
        "gmt0",
        "etc/gmt0",
    ];
    match time_zone {
        None => Rewrite::Unknown("the table is rewritten unless the time zone of the session is UTC, and that is not known".into()),
        Some(zone) if ALWAYS_UTC.contains(&zone.to_ascii_lowercase().as_str()) => Rewrite::None,
        Some(_) => Rewrite::Full,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect;

    fn of(name: &str, modifiers: &[&str]) -> DataType {
        DataType::builtin(name).with_modifiers(modifiers.iter().map(|modifier| (*modifier).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_change_between_the_two_timestamps_depends_on_the_zone() {
        let schema = Schema::new(dialect::named("postgres").unwrap());
        let change = |zone| rewrite(&schema, &of("timestamp", &[]), &of("timestamptz", &[]), zone);
        assert_eq!(change(Some("Etc/UTC")), Rewrite::None);
        assert_eq!(change(Some("Europe/Berlin")), Rewrite::Full);
        assert!(matches!(change(None), Rewrite::Unknown(_)));
    }

    #[test]
    fn a_longer_varchar_is_free_and_a_shorter_one_is_not() {
        let schema = Schema::new(dialect::named("postgres").unwrap());
        assert_eq!(rewrite(&schema, &of("varchar", &["50"]), &of("varchar", &["100"]), None), Rewrite::None);
        assert_eq!(rewrite(&schema, &of("varchar", &["50"]), &of("varchar", &["20"]), None), Rewrite::Full);
        assert_eq!(rewrite(&schema, &of("varchar", &["50"]), &of("text", &[]), None), Rewrite::None);
    }

    #[test]
    fn text_becomes_a_number_only_by_using() {
        let schema = Schema::new(dialect::named("postgres").unwrap());
        assert_eq!(needs_using(&schema, &of("text", &[]), &of("int4", &[])), Some(true));
        assert_eq!(needs_using(&schema, &of("int4", &[]), &of("text", &[])), Some(false));
    }
}
