//! A value of a type, as SQL; another one for each number.

use crate::schema::{DataType, ObjectBody, ObjectId, Schema, TypeIdentity, UserType, ddl, format_type};

/// How texts look: a migration may read them as something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextStyle {
    /// Words, with a quote and a letter beyond ASCII among them.
    Words,
    /// Digits only, so that a cast to a number succeeds.
    Digits,
}

/// The `number`th value of the type; `None` when nobody can say how one is written.
pub(super) fn candidate(schema: &Schema, data_type: &DataType, number: u32, style: TextStyle) -> Option<String> {
    let cast = format_type(schema, data_type);
    if data_type.array {
        let element = DataType { array: false, ..data_type.clone() };
        let values: Option<Vec<String>> = (number..number + 2).map(|number| candidate(schema, &element, number, style)).collect();
        return Some(format!("ARRAY[{}]::{cast}", values?.join(", ")));
    }
    match &data_type.identity {
        TypeIdentity::Builtin(name) => built_in(name, data_type, number, style).map(|literal| format!("{literal}::{cast}")),
        TypeIdentity::Object(id) => of_object(schema, *id, number, style, &cast),
        TypeIdentity::Unknown(name) => Some(format!("{}::{cast}", ddl::literal(&of_extension(name, number)))),
    }
}

fn of_object(schema: &Schema, id: ObjectId, number: u32, style: TextStyle, cast: &str) -> Option<String> {
    match schema.get(id).map(|object| &object.body)? {
        ObjectBody::Type(UserType::Enum { labels, .. }) => {
            let (_, label) = labels.get(number as usize % labels.len().max(1))?;
            Some(format!("{}::{cast}", ddl::literal(label)))
        }
        ObjectBody::Type(UserType::Domain(domain)) => Some(format!("{}::{cast}", candidate(schema, &domain.base, number, style)?)),
        ObjectBody::Type(UserType::Composite { attributes, .. }) => {
            let values: Option<Vec<String>> = attributes.iter().map(|attribute| candidate(schema, &attribute.data_type, number, style)).collect();
            Some(format!("ROW({})::{cast}", values?.join(", ")))
        }
        ObjectBody::Type(UserType::Range { subtype, .. }) => {
            let (low, high) = (candidate(schema, subtype, number, style)?, candidate(schema, subtype, number + 1, style)?);
            Some(format!("{cast}(least({low}, {high}), greatest({low}, {high}))"))
        }
        ObjectBody::Type(UserType::Base { .. }) => {
            let name = schema.get(id).map(|object| object.name.as_str().to_owned()).unwrap_or_default();
            Some(format!("{}::{cast}", ddl::literal(&of_extension(&name, number))))
        }
        ObjectBody::Table(_) | ObjectBody::View(_) => {
            let values: Option<Vec<String>> = schema.columns(id).iter().map(|column| candidate(schema, &column.data_type, number, style)).collect();
            Some(format!("ROW({})::{cast}", values?.join(", ")))
        }
        _ => None,
    }
}

/// A text of types that extensions bring.
fn of_extension(name: &str, number: u32) -> String {
    match name.rsplit('.').next().unwrap_or(name).trim_matches('"') {
        "hstore" => format!("\"k\"=>\"{number}\""),
        "ltree" => format!("a.b{number}"),
        "cube" => format!("({number})"),
        "geometry" | "geography" => format!("POINT({number} {number})"),
        "vector" => format!("[{number},2,3]"),
        "isbn" | "isbn13" => String::from("978-0-306-40615-7"),
        _ => format!("word{number}"),
    }
}

fn built_in(name: &str, data_type: &DataType, number: u32, style: TextStyle) -> Option<String> {
    let modifier = |place: usize| data_type.modifiers.get(place).and_then(|text| text.parse::<u32>().ok());
    let day = number % 27 + 1;
    let text = match name {
        "int2" | "int4" | "int8" | "oid" | "xid" | "cid" | "xid8" => (number * 3 + 1).to_string(),
        "float4" | "float8" => format!("{}.5", number * 3 + 1),
        "money" => format!("{}.25", number * 3 + 1),
        "numeric" => numeric(modifier(0), modifier(1), number),
        "text" | "varchar" | "bpchar" | "name" | "char" => return Some(ddl::literal(&words(name, modifier(0), number, style))),
        "bool" => String::from(if number.is_multiple_of(2) { "true" } else { "false" }),
        "date" => format!("2024-03-{day:02}"),
        "timestamp" | "timestamptz" => format!("2024-03-{day:02} 09:{:02}:07.123456", number % 60),
        "time" | "timetz" => format!("09:{:02}:07.123456", number % 60),
        "interval" => format!("{day} days 01:02:03"),
        "uuid" => format!("{number:08x}-1f2e-4d3c-8b5a-0123456789ab"),
        "json" | "jsonb" => format!("{{\"key\": {number}, \"list\": [1, null]}}"),
        "bytea" => format!("\\x{number:02x}ff00"),
        "inet" => format!("10.0.{}.7/24", number % 256),
        "cidr" => format!("10.0.{}.0/24", number % 256),
        "macaddr" => format!("08:00:2b:01:02:{:02x}", number % 256),
        "macaddr8" => format!("08:00:2b:01:02:03:04:{:02x}", number % 256),
        "tsvector" => format!("word{number}"),
        "tsquery" => format!("word{number} & other"),
        "bit" => format!("{number:0width$b}", width = modifier(0).unwrap_or(1) as usize).chars().rev().take(modifier(0).unwrap_or(1) as usize).collect(),
        "varbit" => format!("{:b}", number + 1),
        "point" => format!("({number},{number})"),
        "lseg" => format!("[({number},0),(1,1)]"),
        "box" => format!("(({number},{number}),(0,0))"),
        "line" => format!("{{1,2,{number}}}"),
        "path" => format!("[({number},0),(1,1)]"),
        "polygon" => format!("(({number},0),(1,1),(2,0))"),
        "circle" => format!("<({number},0),2>"),
        "xml" => format!("<row>{number}</row>"),
        "pg_lsn" => format!("0/{:X}", number + 16),
        "int4range" | "int8range" | "numrange" => format!("[{number},{})", number + 5),
        "daterange" => format!("[2024-03-{day:02},2024-04-01)"),
        "tsrange" | "tstzrange" => format!("[2024-03-{day:02} 09:00:00,2024-04-01 00:00:00)"),
        "int4multirange" | "int8multirange" | "nummultirange" => format!("{{[{number},{})}}", number + 5),
        "datemultirange" => format!("{{[2024-03-{day:02},2024-04-01)}}"),
        "regclass" => String::from("pg_class"),
        "regtype" => String::from("integer"),
        "jsonpath" => format!("$.key{number}"),
        _ => return None,
    };
    Some(format!("'{text}'"))
}

/// With as many digits as the type has room for.
fn numeric(precision: Option<u32>, scale: Option<u32>, number: u32) -> String {
    let scale = scale.unwrap_or(if precision.is_some() { 0 } else { 2 });
    let room = precision.map_or(6, |precision| precision.saturating_sub(scale)).min(6);
    let whole = if room == 0 { 0 } else { (number + 1) % 10_u32.pow(room) };
    let fraction: String = format!("{:03}", (number * 111 + 125) % 1000).chars().take(scale.min(3) as usize).collect();
    if fraction.is_empty() { whole.to_string() } else { format!("{whole}.{fraction}") }
}

fn words(name: &str, length: Option<u32>, number: u32, style: TextStyle) -> String {
    let length = match name {
        "char" => 1,
        "name" => 60,
        _ => length.unwrap_or(200) as usize,
    };
    let long = match (style, number % 3) {
        (TextStyle::Digits, _) => (number + 1).to_string(),
        (TextStyle::Words, 0) => format!("row {number} of text"),
        (TextStyle::Words, 1) => format!("Zoë's row {number}"),
        (TextStyle::Words, _) => format!("Row {number}, \"quoted\""),
    };
    if long.chars().count() <= length {
        return long;
    }
    // Short ones differ in their last characters.
    let short = format!("{}{number}", "abcdefghijklmnop".chars().nth(number as usize % 16).unwrap_or('x'));
    let start = short.chars().count().saturating_sub(length);
    short.chars().skip(start).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect;

    fn of(data_type: &DataType, number: u32) -> String {
        let schema = Schema::new(dialect::named("postgres").unwrap());
        candidate(&schema, data_type, number, TextStyle::Words).unwrap()
    }

    #[test]
    fn a_short_text_has_no_more_characters_than_fit() {
        let short = DataType::builtin("varchar").with_modifiers([String::from("3")]);
        assert_eq!(of(&short, 0), "'a0'::character varying(3)");
        assert_ne!(of(&short, 0), of(&short, 1));
    }

    #[test]
    fn a_number_keeps_to_precision_and_scale() {
        let money = DataType::builtin("numeric").with_modifiers([String::from("4"), String::from("2")]);
        assert_eq!(of(&money, 0), "'1.12'::numeric(4,2)");
        let fraction = DataType::builtin("numeric").with_modifiers([String::from("2"), String::from("2")]);
        assert_eq!(of(&fraction, 0), "'0.12'::numeric(2,2)");
    }

    #[test]
    fn an_array_holds_values_of_its_element() {
        assert_eq!(of(&DataType::builtin("bool").array_of(), 0), "ARRAY['true'::boolean, 'false'::boolean]::boolean[]");
    }
}
