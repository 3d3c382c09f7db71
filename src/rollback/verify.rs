//! Queries that tell whether a schema is there: for every table that differs between two schemas, its columns, or that it is gone.

use super::plan::Check;
use crate::schema::{ObjectBody, Persistence, Schema, ddl, format_type};

/// What must hold when `wanted` is there and `other` is not.
pub(super) fn shapes(wanted: &Schema, other: &Schema) -> Vec<Check> {
    let mut checks = Vec::new();
    for object in wanted.objects() {
        let ObjectBody::Table(table) = &object.body else { continue };
        if table.persistence == Persistence::Temporary || other.get(object.id).is_some_and(|own| own == object) {
            continue;
        }
        let name = ddl::quoted_name(wanted, object.id);
        let mut columns: Vec<String> =
            table.columns.iter().map(|column| format!("{} {}", column.name.as_str(), format_type(wanted, &column.data_type))).collect();
        columns.sort_unstable();
        checks.push(Check {
            sql: format!(
                "SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attname || ' ' || format_type(a.atttypid, a.atttypmod) COLLATE \"C\") FROM pg_attribute AS a WHERE a.attrelid = to_regclass({}) AND a.attnum > 0 AND NOT a.attisdropped",
                ddl::literal(&name)
            ),
            expected: columns.join(", "),
            purpose: format!("the columns of {name}"),
        });
    }
    for object in other.objects() {
        let is_table = matches!(&object.body, ObjectBody::Table(table) if table.persistence != Persistence::Temporary);
        let name = ddl::quoted_name(other, object.id);
        let is_taken = wanted
            .objects()
            .any(|own| matches!(own.body, ObjectBody::Table(_) | ObjectBody::View(_)) && own.name == object.name && ddl::quoted_name(wanted, own.id) == name);
        if is_table && wanted.get(object.id).is_none() && !is_taken {
            checks.push(Check {
                sql: format!("SELECT to_regclass({}) IS NULL", ddl::literal(&name)),
                expected: String::from("t"),
                purpose: format!("{name} is gone"),
            });
        }
    }
    checks
}
