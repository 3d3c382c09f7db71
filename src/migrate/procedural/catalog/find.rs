//! Which relation of the catalog a name means.

use super::super::relation::Answer;
use super::model::Model;
use crate::name::Name;
use crate::schema::Schema;
use crate::sql::tree::ObjectName;

/// The rows of a relation of the catalog; `None` when it is one that the model has no rows for.
pub(in super::super) fn find(schema: &Schema, name: &ObjectName) -> Option<Answer> {
    let model = Model { schema };
    let bare = name.name.name.as_str();
    let answer = match name.schema.as_ref().map(|written| written.name.as_str()) {
        None | Some("pg_catalog") => match bare {
            "pg_namespace" => model.namespaces(),
            "pg_class" => model.relations(),
            "pg_attribute" => model.attributes(),
            "pg_inherits" => model.inheritance(),
            "pg_index" => model.index_entries(),
            "pg_indexes" => model.index_list(),
            "pg_trigger" => model.triggers(),
            "pg_policy" => model.policies(),
            "pg_policies" => model.policy_list(),
            "pg_constraint" => model.constraints(),
            "pg_type" => model.types(),
            "pg_enum" => model.labels(),
            "pg_proc" => model.routines(),
            "pg_extension" => model.extensions(),
            "pg_tables" => model.tables(),
            "pg_views" => model.views(),
            "pg_matviews" => model.materialized_views(),
            "pg_sequences" => model.sequences(),
            "pg_stat_user_tables" => model.table_statistics(),
            _ => return None,
        },
        Some("information_schema") => match bare {
            "schemata" => model.schemata(),
            "tables" => model.listed_tables(),
            "views" => model.listed_views(),
            "sequences" => model.listed_sequences(),
            "columns" => model.listed_columns(),
            "table_constraints" => model.table_constraints(),
            "key_column_usage" => model.key_columns(),
            "referential_constraints" => model.referential_constraints(),
            "triggers" => model.listed_triggers(),
            "routines" => model.listed_routines(),
            "domains" => model.domains(),
            _ => return None,
        },
        Some(_) => return None,
    };
    Some(answer)
}

/// The names of all columns that a relation of the catalog has on the server, also of those that the model says nothing of.
pub(in super::super) fn columns_of(schema: &Schema, name: &ObjectName) -> Vec<Name> {
    let bare = name.name.name.as_str();
    let key = match name.schema.as_ref().map(|written| written.name.as_str()) {
        None | Some("pg_catalog") => bare.to_owned(),
        Some(schema) => format!("{schema}.{bare}"),
    };
    let lines = schema.dialect.system_relations.lines().filter(|line| !line.starts_with('#'));
    let own = lines.filter_map(|line| line.split_once('\t')).filter(|(relation, _)| *relation == key);
    own.filter_map(|(_, rest)| rest.split('\t').nth(1)).map(Name::stored).collect()
}
