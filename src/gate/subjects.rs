//! Consumers of the catalog as the binder wants them.

use crate::catalog::{Catalog, Consumer, Extent, Reference};
use crate::dialect::Dialect;
use crate::impact::{DeclaredColumn, DeclaredRelation, Subject};
use crate::lineage::Session;
use crate::name::Name;
use crate::schema::{NameSpace, ObjectId, Schema};
use crate::sql::tree::StatementKind;
use crate::sql::{TemplateKind, read_template_part};
use crate::text::{Sources, Span};

/// Every consumer, its SQL read, its declarations split into names. `session` is where names without a schema are looked for.
pub(super) fn subjects(catalog: &Catalog, schema: &Schema, session: &Session, sources: &Sources) -> Vec<Subject> {
    catalog.consumers.values().map(|consumer| subject(consumer, schema, session, sources)).collect()
}

fn subject(consumer: &Consumer, schema: &Schema, session: &Session, sources: &Sources) -> Subject {
    let mut session = session.clone();
    if let Some(path) = &consumer.search_path {
        session.search_path.clone_from(path);
    }
    session.role.clone_from(&consumer.role);
    let dialect: &'static Dialect = schema.dialect;
    let kind = template_kind(consumer.tool.as_deref());
    let statements = consumer.sql.map(|sql| read_template_part(sources, sql.part, kind, dialect).statements);
    let statements = statements.unwrap_or_default();
    let columns = |references: &[Reference]| references.iter().flat_map(|reference| declared_columns(reference, schema, &session)).collect::<Vec<_>>();
    let positions = consumer.reads_by_position.iter().filter_map(|reference| {
        let (namespace, relation) = as_relation(&reference.parts)?;
        Some(DeclaredRelation { schema: namespace.cloned(), relation: relation.clone(), span: reference.span })
    });
    Subject {
        id: consumer.id.clone(),
        name: consumer.name.clone(),
        positions: positions.collect(),
        reads: columns(&consumer.reads),
        writes: columns(&consumer.writes),
        statements,
        session,
    }
}

/// Why a tool's SQL is not all read, when it is not.
pub fn unread_reason(tool: Option<&str>, sql: Span, sources: &Sources, dialect: &'static Dialect) -> Option<String> {
    let script = read_template_part(sources, sql, template_kind(tool), dialect);
    let unread = script.statements.iter().find_map(|statement| match &statement.kind {
        StatementKind::Unread(unread) => Some(unread.message.clone()),
        _ => None,
    });
    unread.or_else(|| script.statements.is_empty().then(|| String::from("there is no statement in it")))
}

/// Whose templates a tool's SQL is written in. dbt's compiled code is plain SQL.
fn template_kind(tool: Option<&str>) -> TemplateKind {
    let Some(tool) = tool else { return TemplateKind::None };
    match tool.trim().to_lowercase().as_str() {
        "metabase" => TemplateKind::Metabase,
        "superset" | "preset" | "airflow" | "jinja" | "redash" => TemplateKind::Jinja,
        "grafana" => TemplateKind::Grafana,
        "looker" | "lookml" => TemplateKind::Looker,
        _ => TemplateKind::None,
    }
}

/// The column that is declared, or, for a whole relation, every column it has. What two names mean, `schema.relation` or
/// `relation.column`, the schema decides; what is not there is taken for a column, and shows as missing.
fn declared_columns(reference: &Reference, schema: &Schema, session: &Session) -> Vec<DeclaredColumn> {
    let declared = |namespace: Option<&Name>, relation: &Name, column: Name| DeclaredColumn {
        schema: namespace.cloned(),
        relation: relation.clone(),
        column,
        span: reference.span,
    };
    if let Some((namespace, relation)) = as_relation(&reference.parts)
        && let Some(id) = find_relation(schema, session, namespace, relation)
    {
        return schema.columns(id).iter().map(|column| declared(namespace, relation, column.name.clone())).collect();
    }
    match (reference.parts.split_last(), reference.extent) {
        (Some((column, relation)), Extent::Named) => {
            as_relation(relation).map(|(namespace, relation)| declared(namespace, relation, column.clone())).into_iter().collect()
        }
        // A relation that is not there has no columns to name: one that is nowhere stands for it, so that it shows as missing.
        (_, Extent::AllColumns) => {
            as_relation(&reference.parts).map(|(namespace, relation)| declared(namespace, relation, Name::stored("*"))).into_iter().collect()
        }
        (None, Extent::Named) => Vec::new(),
    }
}

/// The last name as a relation, the one before it as its schema; a database in front of them is not looked at.
fn as_relation(parts: &[Name]) -> Option<(Option<&Name>, &Name)> {
    let (relation, before) = parts.split_last()?;
    Some((before.last(), relation))
}

fn find_relation(schema: &Schema, session: &Session, namespace: Option<&Name>, relation: &Name) -> Option<ObjectId> {
    match namespace {
        Some(namespace) => schema.find(NameSpace::Relation, Some(schema.namespace(namespace)?), relation),
        None => session.namespaces(schema).into_iter().find_map(|namespace| schema.find(NameSpace::Relation, Some(namespace), relation)),
    }
}
