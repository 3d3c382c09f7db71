//! Relations that the database brings along: `pg_catalog` and `information_schema`.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

use crate::name::Name;
use crate::schema::{DataType, Schema, TypeIdentity};
use crate::sql::tree::ObjectName;
use crate::typing;

/// A column of such a relation.
#[derive(Clone, Debug)]
pub(super) struct CatalogColumn {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub data_type: DataType,
    /// Whether it is declared not null.
    pub not_null: bool,
}

type Lines = BTreeMap<&'static str, Vec<&'static str>>;

/// The lines of each relation, by dialect; filled at the first question.
static LINES: LazyLock<Mutex<BTreeMap<&'static str, &'static Lines>>> = LazyLock::new(Mutex::default);

fn lines(schema: &Schema) -> Option<&'static Lines> {
    let dialect = schema.dialect;
    if dialect.system_relations.is_empty() {
        return None;
    }
    let mut known = LINES.lock().ok()?;
    if let Some(found) = known.get(dialect.name).copied() {
        return Some(found);
    }
    let mut lines = Lines::new();
    for line in dialect.system_relations.lines().filter(|line| !line.starts_with('#')) {
        if let Some((relation, _)) = line.split_once('\t') {
            lines.entry(relation).or_default().push(line);
        }
    }
    let kept: &'static Lines = Box::leak(Box::new(lines));
    known.insert(dialect.name, kept);
    Some(kept)
}

/// Whether the server has a relation of that name of its own.
pub fn is_catalog_relation(schema: &Schema, name: &ObjectName) -> bool {
    find(schema, name).is_some()
}

/// The columns of the relation that a name means there, or `None`.
pub(super) fn find(schema: &Schema, name: &ObjectName) -> Option<Vec<CatalogColumn>> {
    let bare = name.name.name.as_str();
    let key = match name.schema.as_ref().map(|written| written.name.as_str()) {
        None | Some("pg_catalog") => bare.to_owned(),
        Some("information_schema") => format!("information_schema.{bare}"),
        Some(_) => return None,
    };
    let found = lines(schema)?.get(key.as_str())?;
    Some(found.iter().filter_map(|line| column(schema, line)).collect())
}

fn column(schema: &Schema, line: &str) -> Option<CatalogColumn> {
    let mut fields = line.split('\t').skip(2);
    let name = fields.next()?;
    let written = fields.next()?;
    let not_null = fields.next() == Some("t");
    let known = typing::built_in_type(schema, written, &[], true).ok().flatten();
    let unknown = || DataType { identity: TypeIdentity::Unknown(written.into()), modifiers: std::sync::Arc::from([]), array: false };
    Some(CatalogColumn { name: Name::stored(name), data_type: known.unwrap_or_else(unknown), not_null })
}
