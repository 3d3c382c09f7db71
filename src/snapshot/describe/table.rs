//! Tables.

use super::column::columns;
use super::constraint::add_constraints;
use super::grants::Context;
use super::index::{index_entry, pairs};
use super::object::on_table;
use crate::schema::{Index, Object, ObjectBody, ObjectId, Persistence, Schema, Table, TableKind, ddl};
use crate::snapshot::file::{ForeignEntry, IndexEntry, RowSecurityWord, TableEntry, Text, text};
use crate::yaml::{Brief, Entries};

/// A table with everything that hangs on it.
pub(super) fn table_entry(context: &Context<'_>, object: &Object, table: &Table) -> TableEntry {
    let schema = context.schema;
    let parts = on_table(schema, object.id);
    let parents = |wanted: bool| (wanted).then(|| table.parents.iter().map(|parent| text(ddl::quoted_name(schema, *parent))).collect::<Vec<_>>());
    let is_partition = table.partition_bound.is_some();
    let mut entry = TableEntry {
        comment: Context::comment_of(object),
        owner: context.owner_of(object),
        rows: table.size.map(|size| size.rows),
        bytes: table.size.and_then(|size| size.bytes),
        unlogged: table.persistence == Persistence::Unlogged,
        of_type: table.of_type.map(|of| text(ddl::quoted_name(schema, of))),
        inherits: parents(!is_partition).unwrap_or_default(),
        partition_of: parents(is_partition).and_then(|parents| parents.into_iter().next()),
        bound: table.partition_bound.as_deref().map(text),
        partition_by: table.partitioning.as_ref().map(|by| text(format!("{} ({})", by.strategy.to_ascii_uppercase(), by.key.print(schema)))),
        foreign: foreign_entry(table),
        columns: columns(schema, object.id),
        indexes: indexes(schema, object.id),
        triggers: parts.triggers,
        rules: parts.rules,
        policies: parts.policies,
        row_security: match (table.row_security, table.force_row_security) {
            (false, false) => None,
            (true, false) => Some(RowSecurityWord::Enabled),
            (true, true) => Some(RowSecurityWord::Forced),
            (false, true) => Some(RowSecurityWord::ForcedButDisabled),
        },
        replica_identity: replica_identity(schema, table),
        parameters: pairs(&table.parameters),
        options: options(table),
        grants: context.grants_of(object),
        ..TableEntry::default()
    };
    add_constraints(schema, object.id, &mut entry);
    entry
}

fn foreign_entry(table: &Table) -> Option<ForeignEntry> {
    let option = |wanted: &str| table.options.iter().find(|(word, _)| &**word == wanted).map(|(_, value)| text(&**value));
    (table.kind == TableKind::Foreign).then(|| ForeignEntry { server: option("SERVER"), options: option("OPTIONS") })
}

/// `USING`, `TABLESPACE`, `CLUSTER ON` … as words; server and options of a foreign table stand elsewhere.
fn options(table: &Table) -> Entries<Text> {
    let is_foreign = |word: &str| table.kind == TableKind::Foreign && matches!(word, "SERVER" | "OPTIONS");
    let listed = table.options.iter().filter(|(word, _)| !is_foreign(word));
    Entries(listed.map(|(word, value)| (text(word.to_ascii_lowercase().replace(' ', "_")), text(&**value))).collect())
}

fn replica_identity(schema: &Schema, table: &Table) -> Option<Text> {
    let index = table.replica_identity.and_then(|address| schema.get(address.object)).map(|index| text(index.name.as_str()));
    index.or_else(|| table.replica_identity_word.as_deref().map(|word| text(word.to_ascii_lowercase())))
}

/// Indexes that stand behind no constraint, sorted by name.
pub(super) fn indexes(schema: &Schema, table: ObjectId) -> Entries<Brief<IndexEntry>> {
    let own = schema.on_table(table).into_iter().filter_map(|id| match &schema.get(id)?.body {
        ObjectBody::Index(index) if ddl::constraint_of(schema, id).is_none() => Some((id, index)),
        _ => None,
    });
    let mut all: Vec<(Text, Brief<IndexEntry>)> =
        own.filter_map(|(id, index): (ObjectId, &Index)| Some((text(schema.get(id)?.name.as_str()), Brief(index_entry(schema, id, index))))).collect();
    all.sort_by(|(one, _), (other, _)| one.value.cmp(&other.value));
    Entries(all)
}
