//! Views and materialized views.

use std::fmt::Write as _;

use super::word::parameter_list;
use super::word::quoted_name;
use crate::dialect::ViewBinding;
use crate::schema::{ColumnGeneration, ObjectId, Schema, View};
use crate::sql::tree::{CheckOption, ViewKind};

/// `CREATE [MATERIALIZED] VIEW …`. The column names stand in front, so that they are what they were whatever the query calls them.
pub fn view_definition(schema: &Schema, id: ObjectId, view: &View) -> String {
    let mut text = String::from(match view.kind {
        ViewKind::Plain => "CREATE VIEW ",
        ViewKind::Materialized => "CREATE MATERIALIZED VIEW ",
    });
    text.push_str(&quoted_name(schema, id));
    if !view.columns.is_empty() {
        let names: Vec<String> = view.columns.iter().map(|column| schema.dialect.quote(&column.name)).collect();
        let _ = write!(text, " ({})", names.join(", "));
    }
    if !view.parameters.is_empty() {
        let _ = write!(text, " WITH ({})", parameter_list(&view.parameters));
    }
    let query = view.query.print(schema);
    let _ = write!(text, " AS\n{}", query.trim().trim_end_matches(';'));
    match (view.kind, view.check_option) {
        (ViewKind::Plain, Some(CheckOption::Local)) => text.push_str("\n WITH LOCAL CHECK OPTION"),
        (ViewKind::Plain, Some(CheckOption::Cascaded)) => text.push_str("\n WITH CASCADED CHECK OPTION"),
        (ViewKind::Plain, None) => {}
        (ViewKind::Materialized, _) => text.push_str(if view.populated { "" } else { "\n WITH NO DATA" }),
    }
    if view.late_binding && schema.dialect.view_binding == ViewBinding::ByIdentity {
        text.push_str("\n WITH NO SCHEMA BINDING");
    }
    text
}

/// Defaults that `INSERT` into the view uses, and the storage of a materialized view's columns.
pub(super) fn column_statements(schema: &Schema, id: ObjectId, view: &View) -> Vec<String> {
    let mut statements = Vec::new();
    for column in &view.columns {
        if let ColumnGeneration::Default(default) = &column.generation {
            let action = format!("ALTER COLUMN {} SET DEFAULT {}", schema.dialect.quote(&column.name), default.print(schema));
            statements.push(super::alter::alter_table(schema, id, &action));
        }
        statements.extend(super::table::storage_statements(schema, id, column));
    }
    statements
}
