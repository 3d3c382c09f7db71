//! Tables: `CREATE TABLE` and the statements that give a table what `CREATE TABLE` cannot say.

use std::fmt::Write as _;

use super::alter::alter_table;
use super::column::{column_definition, generation_words};
use super::word::{parameter_list, quoted_name};
use crate::name::Name;
use crate::schema::{Column, ColumnGeneration, ObjectId, Part, Persistence, Schema, Table, TableKind};

/// How a child table comes to its parents.
enum Descent {
    /// It has none.
    None,
    /// `PARTITION OF`: its columns are the parent's, in the same order.
    PartitionOf(ObjectId),
    /// `INHERITS (…)`: its columns are the parents' and then its own.
    Inherits,
    /// It is made by itself and attached afterwards, because its columns stand in an order of their own.
    Attached,
}

/// `CREATE TABLE` and what belongs to it: attachment to parents, storage of columns, row security.
/// Constraints and indexes are objects of their own; so is what waits for them (see [`late_statements`]).
pub(super) fn create_table(schema: &Schema, id: ObjectId, table: &Table) -> Vec<String> {
    let descent = descent_of(schema, table);
    let mut statements = vec![create_words(schema, id, table, &descent)];
    if let (Descent::Attached, [parent, ..]) = (&descent, table.parents.as_slice()) {
        match &table.partition_bound {
            Some(bound) => {
                statements.push(format!("ALTER TABLE ONLY {} ATTACH PARTITION {} {bound}", quoted_name(schema, *parent), quoted_name(schema, id)));
            }
            None => statements.extend(table.parents.iter().map(|parent| alter_table(schema, id, &format!("INHERIT {}", quoted_name(schema, *parent))))),
        }
    }
    if let (Descent::PartitionOf(_) | Descent::Inherits, [_, ..]) = (&descent, table.parents.as_slice()) {
        statements.extend(table.columns.iter().flat_map(|column| own_of_inherited(schema, id, table, column)));
    }
    statements.extend(table.columns.iter().flat_map(|column| storage_statements(schema, id, column)));
    if table.row_security {
        statements.push(alter_table(schema, id, "ENABLE ROW LEVEL SECURITY"));
    }
    if table.force_row_security {
        statements.push(alter_table(schema, id, "FORCE ROW LEVEL SECURITY"));
    }
    if let Some(word) = &table.replica_identity_word {
        statements.push(alter_table(schema, id, &format!("REPLICA IDENTITY {word}")));
    }
    statements
}

/// What can be said of a table only when its indexes are there.
pub(super) fn late_statements(schema: &Schema, id: ObjectId, table: &Table) -> Vec<String> {
    let mut statements = Vec::new();
    if let Some(index) = table.replica_identity.filter(|address| address.part == Part::Whole).and_then(|address| schema.get(address.object)) {
        statements.push(alter_table(schema, id, &format!("REPLICA IDENTITY USING INDEX {}", schema.dialect.quote(&index.name))));
    }
    for (word, value) in &table.options {
        if &**word == "CLUSTER ON" {
            statements.push(alter_table(schema, id, &format!("CLUSTER ON {value}")));
        }
    }
    statements
}

fn descent_of(schema: &Schema, table: &Table) -> Descent {
    let [first, ..] = table.parents.as_slice() else { return Descent::None };
    let names = |columns: &[Column]| columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
    let own = names(&table.columns);
    if table.partition_bound.is_some() {
        let plain = own == names(schema.columns(*first)) && table.columns.iter().all(|column| !column.is_local);
        return if plain { Descent::PartitionOf(*first) } else { Descent::Attached };
    }
    let mut expected: Vec<Name> = Vec::new();
    for name in table.parents.iter().flat_map(|parent| names(schema.columns(*parent))).chain(own.iter().cloned()) {
        if !expected.contains(&name) {
            expected.push(name);
        }
    }
    if expected == own { Descent::Inherits } else { Descent::Attached }
}

fn create_words(schema: &Schema, id: ObjectId, table: &Table, descent: &Descent) -> String {
    let mut text = String::from("CREATE ");
    text.push_str(match table.persistence {
        Persistence::Permanent => "",
        Persistence::Unlogged => "UNLOGGED ",
        Persistence::Temporary => "TEMPORARY ",
    });
    text.push_str(if table.kind == TableKind::Foreign { "FOREIGN TABLE " } else { "TABLE " });
    text.push_str(&quoted_name(schema, id));
    match (descent, &table.partition_bound, table.of_type) {
        (Descent::PartitionOf(parent), Some(bound), _) => {
            let _ = write!(text, " PARTITION OF {} {bound}", quoted_name(schema, *parent));
        }
        (_, _, Some(of)) => {
            let _ = write!(text, " OF {}", quoted_name(schema, of));
        }
        (Descent::Inherits, _, None) => {
            let own: Vec<&Column> = table.columns.iter().filter(|column| column.is_local).collect();
            text.push_str(&column_block(schema, id, &own));
            let parents: Vec<String> = table.parents.iter().map(|parent| quoted_name(schema, *parent)).collect();
            let _ = write!(text, " INHERITS ({})", parents.join(", "));
        }
        (Descent::None | Descent::PartitionOf(_) | Descent::Attached, _, None) => {
            text.push_str(&column_block(schema, id, &table.columns.iter().collect::<Vec<_>>()));
        }
    }
    text.push_str(&storage_words(schema, table));
    text
}

fn column_block(schema: &Schema, id: ObjectId, columns: &[&Column]) -> String {
    if columns.is_empty() {
        return String::from(" ()");
    }
    let lines: Vec<String> = columns.iter().map(|column| format!("    {}", column_definition(schema, id, column))).collect();
    format!(" (\n{}\n)", lines.join(",\n"))
}

fn storage_words(schema: &Schema, table: &Table) -> String {
    let mut text = String::new();
    if let Some(partitioning) = &table.partitioning {
        let _ = write!(text, " PARTITION BY {} ({})", partitioning.strategy.to_ascii_uppercase(), partitioning.key.print(schema));
    }
    let option = |wanted: &str| table.options.iter().find(|(word, _)| &**word == wanted).map(|(_, value)| value);
    if let Some(server) = option("SERVER") {
        let _ = write!(text, " SERVER {server}");
    }
    if let Some(options) = option("OPTIONS") {
        let _ = write!(text, " OPTIONS {options}");
    }
    if let Some(method) = option("USING") {
        let _ = write!(text, " USING {method}");
    }
    if !table.parameters.is_empty() {
        let _ = write!(text, " WITH ({})", parameter_list(&table.parameters));
    }
    if let Some(tablespace) = option("TABLESPACE") {
        let _ = write!(text, " TABLESPACE {tablespace}");
    }
    text
}

/// What an inherited column has of its own: a default or a not-null that its parents do not give it.
fn own_of_inherited(schema: &Schema, id: ObjectId, table: &Table, column: &Column) -> Vec<String> {
    if column.is_local && table.partition_bound.is_none() {
        return Vec::new();
    }
    let parent = table.parents.iter().find_map(|parent| schema.columns(*parent).iter().find(|other| other.name == column.name).map(|found| (*parent, found)));
    let Some((parent_id, parent)) = parent else { return Vec::new() };
    let name = schema.dialect.quote(&column.name);
    let mut statements = Vec::new();
    let (own, given) = (generation_words(schema, id, column), generation_words(schema, parent_id, parent));
    if own != given {
        match &column.generation {
            ColumnGeneration::Default(default) => {
                statements.push(only(schema, id, &format!("ALTER COLUMN {name} SET DEFAULT {}", default.print(schema))));
            }
            ColumnGeneration::None => statements.push(only(schema, id, &format!("ALTER COLUMN {name} DROP DEFAULT"))),
            // An identity is a table's own and is never inherited before 17; a generated column cannot differ in kind.
            ColumnGeneration::Identity(..) | ColumnGeneration::Generated(..) => {}
        }
    }
    if column.not_null && !parent.not_null {
        statements.push(only(schema, id, &format!("ALTER COLUMN {name} SET NOT NULL")));
    }
    statements
}

fn only(schema: &Schema, id: ObjectId, action: &str) -> String {
    format!("ALTER TABLE ONLY {} {action}", quoted_name(schema, id))
}

/// `SET STORAGE`, `SET STATISTICS`, `SET (…)` of a column.
pub(super) fn storage_statements(schema: &Schema, id: ObjectId, column: &Column) -> Vec<String> {
    let name = schema.dialect.quote(&column.name);
    let words = super::phrase::relation_words(schema, id);
    let alter = |action: String| format!("ALTER {words} {} ALTER COLUMN {name} {action}", quoted_name(schema, id));
    column
        .options
        .iter()
        .filter_map(|(word, value)| match &**word {
            "STORAGE" | "STATISTICS" => Some(alter(format!("SET {word} {value}"))),
            // Stands in the column's definition.
            "COMPRESSION" => None,
            "OPTIONS" if words == "FOREIGN TABLE" => Some(alter(format!("OPTIONS {value}"))),
            _ => Some(alter(format!("SET ({}={value})", word.to_ascii_lowercase()))),
        })
        .collect()
}
