//! The first pass: everything that has a name gets its identity, so that whatever comes later can speak of it.

use super::context::Context;
use crate::diagnostic::Problem;
use crate::dialect::Dialect;
use crate::schema::{Domain, NameSpace, ObjectBody, ObjectId, Sequence, Table, UserType, View};
use crate::snapshot::file::{
    CompositeEntry, Document, DomainEntry, FunctionEntry, NamespaceEntry, OtherEntry, RangeEntry, SequenceEntry, TableEntry, Text, ViewEntry,
};
use crate::sql::tree::ViewKind;
use crate::yaml::Brief;

/// What the first pass made, with the part of the file that says more about it.
#[derive(Default)]
pub(super) struct Shells<'d> {
    pub(super) namespaces: Vec<(ObjectId, &'d NamespaceEntry)>,
    pub(super) domains: Vec<(ObjectId, &'d Text, &'d DomainEntry)>,
    pub(super) composites: Vec<(ObjectId, &'d CompositeEntry)>,
    pub(super) ranges: Vec<(ObjectId, &'d Text, &'d RangeEntry)>,
    pub(super) sequences: Vec<(ObjectId, &'d SequenceEntry)>,
    pub(super) tables: Vec<(ObjectId, &'d Text, &'d TableEntry)>,
    pub(super) views: Vec<(ObjectId, &'d Text, &'d ViewEntry)>,
    pub(super) functions: Vec<(ObjectId, &'d Text, &'d FunctionEntry)>,
    pub(super) others: Vec<(Option<ObjectId>, &'d OtherEntry)>,
}

/// Makes all shells.
pub(super) fn shells<'d>(context: &mut Context<'_>, document: &'d Document) -> Shells<'d> {
    let mut shells = Shells::default();
    for (name, entry) in &document.schemas.0 {
        let Some(id) = context.insert(NameSpace::Schema, None, name, ObjectBody::Schema) else { continue };
        context.decorate(id, entry.owner.as_ref(), entry.comment.as_ref());
        context.grants(id, &entry.grants);
        shells.namespaces.push((id, entry));
    }
    for (namespace, entry) in shells.namespaces.clone() {
        types(context, &mut shells, namespace, entry);
        relations(context, &mut shells, namespace, entry);
        shells.functions.extend(entry.functions.0.iter().map(|(name, function)| (namespace, name, function)));
        shells.others.extend(entry.other_objects.iter().map(|other| (Some(namespace), other)));
    }
    shells.others.extend(document.other_objects.iter().map(|other| (None, other)));
    shells
}

fn types<'d>(context: &mut Context<'_>, shells: &mut Shells<'d>, namespace: ObjectId, entry: &'d NamespaceEntry) {
    let here = Some(namespace);
    for (name, Brief(own)) in &entry.enums.0 {
        let labels: Vec<_> = own.labels.iter().zip(0..).map(|(label, number)| (number, std::sync::Arc::from(label.value.as_str()))).collect();
        let next_label = u32::try_from(labels.len()).unwrap_or(u32::MAX);
        refuse_repeated(context, &own.labels);
        if let Some(id) = context.insert(NameSpace::Type, here, name, ObjectBody::Type(UserType::Enum { labels, next_label })) {
            context.decorate(id, own.owner.as_ref(), own.comment.as_ref());
            context.grants(id, &own.grants);
        }
    }
    for (name, Brief(own)) in &entry.domains.0 {
        let body = UserType::Domain(Domain { base: crate::schema::DataType::builtin("text"), not_null: own.not_null, default: None, collation: None });
        if let Some(id) = context.insert(NameSpace::Type, here, name, ObjectBody::Type(body)) {
            context.decorate(id, own.owner.as_ref(), own.comment.as_ref());
            context.grants(id, &own.grants);
            shells.domains.push((id, name, own));
        }
    }
    for (name, own) in &entry.composites.0 {
        let body = UserType::Composite { attributes: Vec::new(), next_attribute: 1 };
        if let Some(id) = context.insert(NameSpace::Relation, here, name, ObjectBody::Type(body)) {
            context.decorate(id, own.owner.as_ref(), own.comment.as_ref());
            context.grants(id, &own.grants);
            shells.composites.push((id, own));
        }
    }
    for (name, own) in &entry.ranges.0 {
        let body = UserType::Range { subtype: crate::schema::DataType::builtin("int4"), multirange: None, options: Vec::new() };
        if let Some(id) = context.insert(NameSpace::Type, here, name, ObjectBody::Type(body)) {
            context.decorate(id, own.owner.as_ref(), own.comment.as_ref());
            context.grants(id, &own.grants);
            shells.ranges.push((id, name, own));
        }
    }
    for (name, own) in &entry.base_types.0 {
        let category = own.category.as_ref().and_then(|text| text.value.chars().next());
        let body = category.map_or(UserType::Shell, |category| UserType::Base { category });
        if let Some(id) = context.insert(NameSpace::Type, here, name, ObjectBody::Type(body)) {
            context.decorate(id, own.owner.as_ref(), own.comment.as_ref());
            context.grants(id, &own.grants);
        }
    }
}

fn refuse_repeated(context: &mut Context<'_>, labels: &[Text]) {
    let mut seen = std::collections::BTreeSet::new();
    for label in labels {
        if !seen.insert(label.value.as_str()) {
            context.problem(Problem::error("snapshot-label-twice", format!("the label `{}` stands here twice", label.value)).at(label.span));
        }
    }
}

fn relations<'d>(context: &mut Context<'_>, shells: &mut Shells<'d>, namespace: ObjectId, entry: &'d NamespaceEntry) {
    let here = Some(namespace);
    for (name, own) in &entry.sequences.0 {
        let body: Sequence = super::sequence::sequence_of(own, crate::schema::DataType::builtin("int8"), None);
        if let Some(id) = context.insert(NameSpace::Relation, here, name, ObjectBody::Sequence(body)) {
            context.decorate(id, own.owner.as_ref(), own.comment.as_ref());
            context.grants(id, &own.grants);
            shells.sequences.push((id, own));
        }
    }
    for (name, own) in &entry.tables.0 {
        if let Some(id) = context.insert(NameSpace::Relation, here, name, ObjectBody::Table(Table::new())) {
            context.decorate(id, own.owner.as_ref(), own.comment.as_ref());
            context.grants(id, &own.grants);
            shells.tables.push((id, name, own));
        }
    }
    let plain = entry.views.0.iter().map(|(name, own)| (ViewKind::Plain, name, own));
    let materialized = entry.materialized_views.0.iter().map(|(name, own)| (ViewKind::Materialized, name, own));
    for (kind, name, own) in plain.chain(materialized) {
        if let Some(id) = context.insert(NameSpace::Relation, here, name, ObjectBody::View(empty_view(kind, own, context.schema.dialect))) {
            context.decorate(id, own.owner.as_ref(), own.comment.as_ref());
            context.grants(id, &own.grants);
            shells.views.push((id, name, own));
        }
    }
}

fn empty_view(kind: ViewKind, entry: &ViewEntry, dialect: &Dialect) -> View {
    use crate::snapshot::file::CheckOptionWord;
    use crate::sql::tree::CheckOption;
    View {
        kind,
        columns: Vec::new(),
        origins: Vec::new(),
        query: crate::schema::Definition::text(""),
        written: None,
        check_option: entry.check_option.map(|word| match word {
            CheckOptionWord::Local => CheckOption::Local,
            CheckOptionWord::Cascaded => CheckOption::Cascaded,
        }),
        parameters: super::context::pairs(&entry.parameters),
        populated: !entry.not_populated,
        late_binding: dialect.binds_late(entry.late_binding),
        unresolved: None,
    }
}
