//! What a consumer declares, looked up in one schema.

use std::collections::{BTreeMap, BTreeSet};

use super::subject::{DeclaredColumn, Subject};
use crate::lineage::{Role, Session};
use crate::name::Name;
use crate::schema::{Address, Column, NameSpace, ObjectId, Schema};
use crate::text::Span;

/// A declared column and what it means now.
#[derive(Clone, Debug)]
pub(super) struct DeclaredUse {
    /// As declared.
    pub(super) declared: DeclaredColumn,
    /// [`Role::Value`] for a read, [`Role::Write`] for a write.
    pub(super) role: Role,
    /// What it means: the column with its address.
    pub(super) found: Option<(Address, Column)>,
    /// Why it cannot be known whether it is there.
    pub(super) unknown: Option<String>,
    /// Whether at least its relation is there.
    pub(super) relation: Option<ObjectId>,
}

/// A relation that is read by position, and its columns in order.
#[derive(Clone, Debug)]
pub(super) struct DeclaredPositions {
    /// `schema.relation` as declared.
    pub(super) label: String,
    /// Where it is declared.
    pub(super) span: Span,
    /// The relation.
    pub(super) relation: Option<ObjectId>,
    /// Name and type of each column, in order.
    pub(super) columns: Vec<(Address, Column)>,
}

/// All declarations of one consumer.
#[derive(Clone, Debug)]
pub(super) struct Declarations {
    /// Reads and writes by name.
    pub(super) uses: Vec<DeclaredUse>,
    /// Reads by position.
    pub(super) positions: Vec<DeclaredPositions>,
}

impl Declarations {
    /// Looks everything up.
    pub(super) fn of(schema: &Schema, subject: &Subject) -> Self {
        let reads = subject.reads.iter().map(|declared| (declared, Role::Value));
        let writes = subject.writes.iter().map(|declared| (declared, Role::Write));
        let uses = reads.chain(writes).map(|(declared, role)| look_up(schema, &subject.session, declared, role)).collect();
        let positions = subject
            .positions
            .iter()
            .map(|declared| {
                let relation = find_relation(schema, &subject.session, declared.schema.as_ref(), &declared.relation);
                let columns = relation.map_or(&[][..], |relation| schema.columns(relation));
                DeclaredPositions {
                    label: label(declared.schema.as_ref(), &declared.relation, None),
                    span: declared.span,
                    relation,
                    columns: columns.iter().filter_map(|column| Some((Address::column(relation?, column.number), column.clone()))).collect(),
                }
            })
            .collect();
        Self { uses, positions }
    }

    /// Declared columns and relations that are not there, each with its name and place.
    pub(super) fn missing(&self) -> impl Iterator<Item = (String, Span)> {
        let columns = self.uses.iter().filter(|used| used.found.is_none()).map(|used| (used.declared.label(), used.declared.span));
        columns.chain(self.positions.iter().filter(|positions| positions.relation.is_none()).map(|positions| (positions.label.clone(), positions.span)))
    }

    /// The columns with their roles.
    pub(super) fn roles(&self) -> BTreeMap<Address, BTreeSet<Role>> {
        let mut roles: BTreeMap<Address, BTreeSet<Role>> = BTreeMap::new();
        for used in &self.uses {
            if let Some((address, _)) = &used.found {
                roles.entry(*address).or_default().insert(used.role);
            }
        }
        for (address, _) in self.positions.iter().flat_map(|positions| &positions.columns) {
            roles.entry(*address).or_default().insert(Role::Position);
        }
        for relation in self.positions.iter().filter_map(|positions| positions.relation) {
            roles.entry(Address::whole(relation)).or_default().insert(Role::Position);
        }
        roles
    }
}

impl DeclaredColumn {
    /// As declared: `schema.relation.column`.
    pub(super) fn label(&self) -> String {
        label(self.schema.as_ref(), &self.relation, Some(&self.column))
    }
}

fn label(schema: Option<&Name>, relation: &Name, column: Option<&Name>) -> String {
    schema.into_iter().chain([relation]).chain(column).map(Name::as_str).collect::<Vec<_>>().join(".")
}

fn look_up(schema: &Schema, session: &Session, declared: &DeclaredColumn, role: Role) -> DeclaredUse {
    let relation = find_relation(schema, session, declared.schema.as_ref(), &declared.relation);
    let found = relation.and_then(|relation| {
        let column = schema.columns(relation).iter().find(|column| column.name == declared.column)?;
        Some((Address::column(relation, column.number), column.clone()))
    });
    let unknown = schema.why_unknown(&declared.relation).map(ToString::to_string);
    let unresolved = relation.and_then(|relation| schema.view(relation)).and_then(|view| view.unresolved.as_ref()).map(ToString::to_string);
    DeclaredUse { declared: declared.clone(), role, found, unknown: unknown.or(unresolved), relation }
}

fn find_relation(schema: &Schema, session: &Session, namespace: Option<&Name>, name: &Name) -> Option<ObjectId> {
    match namespace {
        Some(namespace) => schema.find(NameSpace::Relation, Some(schema.namespace(namespace)?), name),
        None => session.namespaces(schema).into_iter().find_map(|namespace| schema.find(NameSpace::Relation, Some(namespace), name)),
    }
}
