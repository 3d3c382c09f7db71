//! A type in the words of PostgreSQL's `format_type`.
//!
//! In: a resolved [`DataType`] and the schema that its user types live in. Out: the spelling that catalogs, snapshots and DDL use
//! (`character varying(20)`, `timestamp(3) without time zone`, `app.status[]`). Reading such a spelling back is `lineage::resolve_type`'s business.
//!
//! Source: PostgreSQL 15, manual 9.26.3 (format_type) and measured on 15 with `search_path` empty and set.

use super::{DataType, ObjectId, Schema, TypeIdentity};
use crate::name::Name;

/// The type as `format_type` prints it when `search_path` is empty: types of the user with their schema.
pub fn format_type(schema: &Schema, data_type: &DataType) -> String {
    format_type_in(schema, data_type, &[])
}

/// The same for a session whose `search_path` is given: a type of the user stands bare when its bare name finds it.
pub fn format_type_in(schema: &Schema, data_type: &DataType, search_path: &[Name]) -> String {
    let modifiers = &*data_type.modifiers;
    let mut text = match &data_type.identity {
        TypeIdentity::Builtin(name) => builtin(schema, name, modifiers),
        TypeIdentity::Object(id) => with_modifiers(&type_name(schema, *id, search_path), modifiers),
        TypeIdentity::Unknown(written) => with_modifiers(written, modifiers),
    };
    if data_type.array {
        text.push_str("[]");
    }
    text
}

/// The name of a type (or of a relation as a type), with its schema unless a bare name on the path finds it.
pub(super) fn type_name(schema: &Schema, id: ObjectId, search_path: &[Name]) -> String {
    let Some(object) = schema.get(id) else { return String::from("???") };
    let name = schema.dialect.quote(&object.name);
    let Some(namespace) = object.namespace.and_then(|namespace| schema.get(namespace)) else { return name };
    let first_on_path =
        search_path.iter().filter_map(|path| schema.namespace(path)).find_map(|path| schema.find(super::NameSpace::Type, Some(path), &object.name));
    if first_on_path == Some(id) {
        return name;
    }
    format!("{}.{name}", schema.dialect.quote(&namespace.name))
}

fn with_modifiers(name: &str, modifiers: &[String]) -> String {
    if modifiers.is_empty() { name.to_owned() } else { format!("{name}({})", modifiers.join(",")) }
}

fn builtin(schema: &Schema, name: &str, modifiers: &[String]) -> String {
    match name {
        "bool" => String::from("boolean"),
        "int2" => String::from("smallint"),
        "int4" => String::from("integer"),
        "int8" => String::from("bigint"),
        "float4" => String::from("real"),
        "float8" => String::from("double precision"),
        "varchar" => with_modifiers("character varying", modifiers),
        "varbit" => with_modifiers("bit varying", modifiers),
        // Without a length these two are not what SQL calls `character` and `bit`: those have length 1.
        "bpchar" if !modifiers.is_empty() => with_modifiers("character", modifiers),
        "bit" if !modifiers.is_empty() => with_modifiers("bit", modifiers),
        "numeric" => numeric(modifiers),
        "interval" => interval(modifiers),
        "time" => format!("{} without time zone", with_modifiers("time", modifiers)),
        "timetz" => format!("{} with time zone", with_modifiers("time", modifiers)),
        "timestamp" => format!("{} without time zone", with_modifiers("timestamp", modifiers)),
        "timestamptz" => format!("{} with time zone", with_modifiers("timestamp", modifiers)),
        // The domains of the standard's own schema, which no path finds.
        "cardinal_number" | "character_data" | "sql_identifier" | "time_stamp" | "yes_or_no" => format!("information_schema.{name}"),
        other => with_modifiers(&schema.dialect.quote(&Name::stored(other)), modifiers),
    }
}

fn numeric(modifiers: &[String]) -> String {
    match modifiers {
        [precision] => format!("numeric({precision},0)"),
        more => with_modifiers("numeric", more),
    }
}

/// `interval`, `interval(3)`, `interval day to second(3)`.
fn interval(modifiers: &[String]) -> String {
    let is_number = |text: &&String| text.bytes().all(|byte| byte.is_ascii_digit());
    let mut text = String::from("interval");
    for fields in modifiers.iter().filter(|modifier| !is_number(modifier)) {
        text.push(' ');
        text.push_str(fields);
    }
    if let Some(precision) = modifiers.iter().filter(|modifier| !modifier.is_empty()).find(is_number) {
        text.push('(');
        text.push_str(precision);
        text.push(')');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::{ObjectBody, UserType};
    use super::*;
    use crate::dialect;

    fn words(name: &str, modifiers: &[&str]) -> String {
        let schema = Schema::new(dialect::named("postgres").unwrap());
        let modifiers: Vec<String> = modifiers.iter().map(|modifier| (*modifier).to_owned()).collect();
        format_type(&schema, &DataType::builtin(name).with_modifiers(modifiers))
    }

    /// Each line measured on 15: `format_type(atttypid, atttypmod)` of a column declared so.
    #[test]
    fn built_in_types_are_spelled_as_the_server_spells_them() {
        let measured: &[(&str, &[&str], &str)] = &[
            ("bit", &["1"], "bit(1)"),
            ("varbit", &[], "bit varying"),
            ("varbit", &["4"], "bit varying(4)"),
            ("bpchar", &["5"], "character(5)"),
            ("bpchar", &[], "bpchar"),
            ("char", &[], "\"char\""),
            ("varchar", &[], "character varying"),
            ("varchar", &["3"], "character varying(3)"),
            ("numeric", &[], "numeric"),
            ("numeric", &["5"], "numeric(5,0)"),
            ("numeric", &["5", "2"], "numeric(5,2)"),
            ("numeric", &["3", "-2"], "numeric(3,-2)"),
            ("interval", &[], "interval"),
            ("interval", &["3"], "interval(3)"),
            ("interval", &["day to second", "2"], "interval day to second(2)"),
            ("interval", &["year"], "interval year"),
            ("timestamp", &["3"], "timestamp(3) without time zone"),
            ("timestamptz", &["2"], "timestamp(2) with time zone"),
            ("time", &["1"], "time(1) without time zone"),
            ("timetz", &["0"], "time(0) with time zone"),
            ("name", &[], "name"),
            ("int2vector", &[], "int2vector"),
            ("regclass", &[], "regclass"),
            ("float8", &[], "double precision"),
        ];
        for (name, modifiers, expected) in measured {
            assert_eq!(words(name, modifiers), *expected);
        }
    }

    #[test]
    fn an_array_has_brackets_after_its_modifiers() {
        let schema = Schema::new(dialect::named("postgres").unwrap());
        let array = DataType::builtin("varchar").with_modifiers(vec![String::from("3")]).array_of();
        assert_eq!(format_type(&schema, &array), "character varying(3)[]");
    }

    #[test]
    fn a_user_type_has_its_schema_unless_the_path_finds_it() {
        let mut schema = Schema::new(dialect::named("postgres").unwrap());
        let app = schema.insert(Name::stored("app"), None, ObjectBody::Schema);
        let status = schema.insert(Name::stored("My Status"), Some(app), ObjectBody::Type(UserType::Shell));
        let data_type = DataType::object(status).array_of();
        assert_eq!(format_type(&schema, &data_type), "app.\"My Status\"[]");
        assert_eq!(format_type_in(&schema, &data_type, &[Name::stored("app")]), "\"My Status\"[]");
    }
}
