//! A statement → the kinds of work it is.

use super::act::{Act, Scene};
use super::operation::{Operation, Partner};
use super::{LockMode, alter_table};
use crate::lineage::{Binding, bind_query, bind_statement};
use crate::migrate::{ChangeKind, ColumnChange, ObjectChange};
use crate::schema::{ConstraintKind, ObjectBody, ObjectId};
use crate::sql::tree::{
    AlterDomainAction, AlterObject, ColumnConstraintKind, Comment, CopyDirection, CreateIndex, CreateTable, CreateTrigger, CreateView, Dml, Maintenance,
    ObjectAction, ObjectKind, ObjectName, Query, RefreshView, Statement, StatementKind, TableConstraintKind, TableElement, ViewKind,
};

/// The work of a statement on relations that were there before. Empty for statements that touch none, and for those that nobody understands.
pub(super) fn acts(scene: &Scene<'_>, statement: &Statement) -> Vec<Act> {
    let mut acts = match &statement.kind {
        StatementKind::CreateTable(create) => created_table(scene, create),
        StatementKind::CreateTableAs(create) => create.query.as_deref().map_or_else(Vec::new, |query| stored_query(scene, query, create.with_data)),
        StatementKind::AlterTable(alter) => alter_table::acts(scene, alter),
        StatementKind::CreateView(create) => created_view(scene, create),
        StatementKind::AlterView(alter) => on_each(scene, Operation::ChangeView, [&alter.name]),
        StatementKind::RefreshView(refresh) => refreshed(scene, refresh),
        StatementKind::CreateIndex(create) => created_index(scene, create),
        StatementKind::AlterIndex(alter) => on_each(scene, Operation::AlterIndex, [&alter.name]),
        StatementKind::CreateTrigger(create) => created_trigger(scene, create),
        StatementKind::CreatePolicy(create) => on_each(scene, Operation::ChangePolicy, [&create.table]),
        StatementKind::AlterObject(alter) => altered_object(scene, alter),
        StatementKind::Drop(drop) => dropped(scene, drop.concurrently),
        StatementKind::Comment(comment) => commented(scene, comment),
        StatementKind::Truncate { tables, .. } => truncated(scene, tables),
        StatementKind::Dml(dml) => written(scene, statement, dml),
        StatementKind::Copy(copy) => match copy.direction {
            CopyDirection::In => on_each(scene, Operation::Insert, &copy.table),
            CopyDirection::Out => on_each(scene, Operation::Select, &copy.table),
        },
        StatementKind::Query(query) => read(scene, query),
        StatementKind::Lock { tables, mode } => locked(scene, tables, mode),
        StatementKind::Maintenance(maintenance) => maintained(scene, maintenance),
        StatementKind::CreateOther { kind, mentions, .. } => created_other(scene, *kind, mentions),
        StatementKind::CreateSequence(_)
        | StatementKind::AlterSequence(_)
        | StatementKind::CreateSchema(_)
        | StatementKind::CreateType(_)
        | StatementKind::CreateDomain(_)
        | StatementKind::CreateFunction(_)
        | StatementKind::CreateExtension(_)
        | StatementKind::Grant(_)
        | StatementKind::AlterDefaultPrivileges(_)
        | StatementKind::Session(_)
        | StatementKind::Transaction(_)
        | StatementKind::Do(_)
        | StatementKind::Call(_)
        | StatementKind::MetaCommand(_)
        | StatementKind::AlterSystem
        | StatementKind::NoEffect { .. }
        | StatementKind::Unread(_) => Vec::new(),
    };
    if !matches!(statement.kind, StatementKind::Drop(_)) {
        acts.extend(keys_gone(scene));
    }
    acts
}

fn on_each<'n>(scene: &Scene<'_>, operation: Operation, names: impl IntoIterator<Item = &'n ObjectName>) -> Vec<Act> {
    names.into_iter().filter_map(|name| scene.find(name)).map(|relation| Act::on(operation, relation)).collect()
}

/// Objects that a statement takes away, itself or along the way.
fn gone<'s>(scene: &Scene<'s>) -> impl Iterator<Item = (ObjectId, &'s ObjectBody)> + use<'s> {
    let before = scene.before;
    scene.changes.iter().filter_map(move |change| match &change.kind {
        ChangeKind::Object(object, ObjectChange::Dropped) => before.get(*object).map(|found| (*object, &found.body)),
        ChangeKind::Object(..) | ChangeKind::Column(..) | ChangeKind::Data(..) => None,
    })
}

/// A foreign key that goes takes the strongest lock on both tables (measured on 15).
fn keys_gone(scene: &Scene<'_>) -> Vec<Act> {
    let keys = gone(scene).filter_map(|(_, body)| match body {
        ObjectBody::Constraint(constraint) => match &constraint.kind {
            ConstraintKind::ForeignKey(key) => Some(Act::on(Operation::DropForeignKey, constraint.owner).with(Partner::Referenced, key.references)),
            _ => None,
        },
        _ => None,
    });
    keys.collect()
}

fn dropped(scene: &Scene<'_>, concurrently: bool) -> Vec<Act> {
    let index = if concurrently { Operation::DropIndexConcurrently } else { Operation::DropIndex };
    let mut acts: Vec<Act> = gone(scene)
        .filter_map(|(id, body)| match body {
            ObjectBody::Table(table) if table.partition_bound.is_some() => {
                Some(Act::on(Operation::DropPartition, id).with_all(Partner::Parent, table.parents.iter().copied()))
            }
            ObjectBody::Table(_) => Some(Act::on(Operation::DropTable, id)),
            ObjectBody::View(_) => Some(Act::on(Operation::DropView, id)),
            ObjectBody::Index(own) => Some(Act::on(index, own.table)),
            ObjectBody::Trigger(trigger) => Some(Act::on(Operation::DropTrigger, trigger.table?)),
            ObjectBody::Policy(policy) => Some(Act::on(Operation::ChangePolicy, policy.table)),
            ObjectBody::Rule(rule) => Some(Act::on(Operation::ChangeRule, rule.table)),
            ObjectBody::Other(other) if other.kind == ObjectKind::Statistics => Some(Act::on(Operation::CreateStatistics, other.table?)),
            ObjectBody::Constraint(constraint) if scene.before.table(constraint.owner).is_some() => Some(Act::on(Operation::DropConstraint, constraint.owner)),
            ObjectBody::Schema
            | ObjectBody::Sequence(_)
            | ObjectBody::Constraint(_)
            | ObjectBody::Type(_)
            | ObjectBody::Function(_)
            | ObjectBody::Extension(_)
            | ObjectBody::Other(_) => None,
        })
        .collect();
    let columns = scene.changes.iter().filter_map(|change| match &change.kind {
        ChangeKind::Column(table, _, crate::migrate::ColumnChange::Dropped(_)) => Some(Act::on(Operation::DropColumn, *table)),
        ChangeKind::Object(..) | ChangeKind::Column(..) | ChangeKind::Data(..) => None,
    });
    acts.extend(columns);
    acts.extend(keys_gone(scene));
    acts
}

fn created_table(scene: &Scene<'_>, create: &CreateTable) -> Vec<Act> {
    let mut acts = on_each(scene, Operation::CreateTableInherits, &create.inherits);
    if let Some(parent) = create.partition_of.as_ref().and_then(|(parent, _)| scene.find(parent)) {
        let rest = scene.default_partition(parent);
        let operation = if rest.is_some() { Operation::CreatePartitionBesideDefault } else { Operation::CreatePartition };
        acts.push(Act::on(operation, parent).with_all(Partner::DefaultPartition, rest));
    }
    let references = create.elements.iter().flat_map(|element| match element {
        TableElement::Column(column) => column
            .constraints
            .iter()
            .filter_map(|constraint| if let ColumnConstraintKind::References(references) = &constraint.kind { Some(references) } else { None })
            .collect::<Vec<_>>(),
        TableElement::Constraint(constraint) => match &constraint.kind {
            TableConstraintKind::ForeignKey { references, .. } => vec![references],
            _ => Vec::new(),
        },
        TableElement::Like(..) => Vec::new(),
    });
    for other in references.filter_map(|references| scene.find(&references.table)) {
        acts.push(Act::elsewhere(Operation::CreateTableReferences, Partner::Referenced, other).because("a new table references it"));
    }
    acts
}

/// The relations that a query reads.
fn sources(scene: &Scene<'_>, binding: &Binding, but: Option<ObjectId>) -> Vec<ObjectId> {
    let mut found: Vec<ObjectId> = binding
        .depends_on
        .iter()
        .map(|address| address.object)
        .filter(|id| Some(*id) != but && (scene.before.table(*id).is_some() || scene.before.view(*id).is_some()))
        .collect();
    found.sort();
    found.dedup();
    found
}

fn stored_query(scene: &Scene<'_>, query: &Query, with_data: bool) -> Vec<Act> {
    let operation = if with_data { Operation::CreateStored } else { Operation::CreateView };
    sources(scene, &bind_query(scene.before, scene.session, query), None).into_iter().map(|relation| Act::on(operation, relation)).collect()
}

fn created_view(scene: &Scene<'_>, create: &CreateView) -> Vec<Act> {
    if create.kind == ViewKind::Materialized {
        return stored_query(scene, &create.query, create.with_data);
    }
    let mut acts = stored_query(scene, &create.query, false);
    if create.or_replace {
        acts.extend(on_each(scene, Operation::ReplaceView, [&create.name]));
    }
    acts
}

fn refreshed(scene: &Scene<'_>, refresh: &RefreshView) -> Vec<Act> {
    let Some(view) = scene.find(&refresh.name) else { return Vec::new() };
    if !refresh.with_data {
        return vec![Act::on(Operation::RefreshViewWithoutData, view)];
    }
    let operation = if refresh.concurrently { Operation::RefreshViewConcurrently } else { Operation::RefreshView };
    let read = scene.before.dependencies().of_object(view).into_iter().map(|dependency| dependency.on.object);
    let mut read: Vec<ObjectId> = read.filter(|id| *id != view && (scene.before.table(*id).is_some() || scene.before.view(*id).is_some())).collect();
    read.dedup();
    vec![Act::on(operation, view).with_all(Partner::Source, read)]
}

fn created_index(scene: &Scene<'_>, create: &CreateIndex) -> Vec<Act> {
    let Some(table) = scene.find(&create.table) else { return Vec::new() };
    if create.concurrently {
        return vec![Act::on(Operation::CreateIndexConcurrently, table)];
    }
    let partitioned = scene.before.table(table).is_some_and(|table| table.partitioning.is_some());
    let nothing_made = create.if_not_exists && scene.changes.is_empty();
    if nothing_made || (create.only && partitioned) {
        return vec![Act::on(Operation::CreateIndexOnly, table)];
    }
    let act = Act::on(Operation::CreateIndex, table);
    vec![if partitioned { act.descending() } else { act }]
}

fn altered_object(scene: &Scene<'_>, alter: &AlterObject) -> Vec<Act> {
    let on_table = |operation| on_each(scene, operation, &alter.object.on);
    match (&alter.action, alter.object.kind) {
        (ObjectAction::Domain(action), _) => domain_changed(scene, action),
        (ObjectAction::Type(_), _) => attributes_changed(scene),
        (ObjectAction::Reassign { .. }, _) => owners_changed(scene),
        (_, ObjectKind::Trigger) => on_table(Operation::RenameTrigger),
        (_, ObjectKind::Policy) => on_table(Operation::ChangePolicy),
        (_, ObjectKind::Rule) => on_table(Operation::ChangeRule),
        (ObjectAction::Other { mentions, .. }, ObjectKind::Publication) => on_each(scene, Operation::ChangePublication, mentions),
        (
            ObjectAction::Rename(_)
            | ObjectAction::SetSchema(_)
            | ObjectAction::Owner(_)
            | ObjectAction::Policy { .. }
            | ObjectAction::Function(_)
            | ObjectAction::Other { .. },
            _,
        ) => Vec::new(),
    }
}

/// On a partitioned table one for each row is made on every partition too.
fn created_trigger(scene: &Scene<'_>, create: &CreateTrigger) -> Vec<Act> {
    let acts = on_each(scene, Operation::CreateTrigger, &create.table).into_iter();
    acts.map(|act| {
        if create.for_each_row && act.relation.is_some_and(|table| scene.before.table(table).is_some_and(|table| table.partitioning.is_some())) {
            act.descending()
        } else {
            act
        }
    })
    .collect()
}

/// A composite type that tables are made of: its attributes are their columns.
fn attributes_changed(scene: &Scene<'_>) -> Vec<Act> {
    let changed = scene.changes.iter().filter_map(|change| match &change.kind {
        ChangeKind::Column(table, _, column) if scene.before.table(*table).is_some() => Some(match column {
            ColumnChange::Added => Act::on(Operation::AddColumn, *table),
            ColumnChange::Dropped(_) => Act::on(Operation::DropColumn, *table),
            ColumnChange::Retyped { .. } => Act::on(Operation::ChangeTypeRewrites, *table),
            _ => Act::on(Operation::RenameColumn, *table),
        }),
        ChangeKind::Object(..) | ChangeKind::Column(..) | ChangeKind::Data(..) => None,
    });
    changed.collect()
}

/// `REASSIGN OWNED`: each table and view that gets another owner.
fn owners_changed(scene: &Scene<'_>) -> Vec<Act> {
    let changed = scene.changes.iter().map(|change| change.kind.object()).filter(|id| scene.before.table(*id).is_some() || scene.before.view(*id).is_some());
    changed.map(|relation| Act::on(Operation::ChangeOwner, relation)).collect()
}

/// A condition that is added to a domain is tested in every table that has the domain. Which domain is meant is told by what changed.
fn domain_changed(scene: &Scene<'_>, action: &AlterDomainAction) -> Vec<Act> {
    let operation = match action {
        AlterDomainAction::AddConstraint(constraint) if constraint.flags.not_valid => Operation::AddDomainConstraintNotValid,
        AlterDomainAction::AddConstraint(_) | AlterDomainAction::ValidateConstraint(_) | AlterDomainAction::SetNotNull => Operation::AddDomainConstraint,
        AlterDomainAction::SetDefault(_)
        | AlterDomainAction::DropDefault
        | AlterDomainAction::DropNotNull
        | AlterDomainAction::DropConstraint { .. }
        | AlterDomainAction::RenameConstraint(..) => return Vec::new(),
    };
    let mut domains: Vec<ObjectId> = scene
        .changes
        .iter()
        .filter_map(|change| {
            let object = change.kind.object();
            match scene.after.get(object).map(|found| &found.body) {
                Some(ObjectBody::Constraint(constraint)) => Some(constraint.owner),
                Some(ObjectBody::Type(_)) => Some(object),
                _ => None,
            }
        })
        .collect();
    domains.sort();
    domains.dedup();
    let mut tables: Vec<ObjectId> = domains
        .iter()
        .flat_map(|domain| scene.before.dependencies().on_object(*domain))
        .map(|dependency| dependency.dependent.object)
        .filter(|id| scene.before.table(*id).is_some())
        .collect();
    tables.sort();
    tables.dedup();
    tables.into_iter().map(|table| Act::on(operation, table).because("every value of the domain is tested")).collect()
}

fn commented(scene: &Scene<'_>, comment: &Comment) -> Vec<Act> {
    let object = &comment.object;
    match object.kind {
        ObjectKind::Table | ObjectKind::ForeignTable | ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Index => {
            on_each(scene, Operation::CommentOn, [&object.name])
        }
        ObjectKind::Column => on_each(scene, Operation::CommentOn, &object.on),
        _ => Vec::new(),
    }
}

fn truncated(scene: &Scene<'_>, tables: &[ObjectName]) -> Vec<Act> {
    let mut acts = on_each(scene, Operation::Truncate, tables);
    let known: Vec<ObjectId> = acts.iter().filter_map(|act| act.relation).collect();
    let along = scene.changes.iter().map(|change| change.kind.object()).filter(|id| !known.contains(id) && scene.before.table(*id).is_some());
    acts.extend(along.map(|table| Act::on(Operation::Truncate, table)));
    acts.into_iter().map(Act::descending).collect()
}

fn written(scene: &Scene<'_>, statement: &Statement, dml: &Dml) -> Vec<Act> {
    let (operation, target) = match dml {
        Dml::Insert(insert) => (Operation::Insert, &insert.target),
        Dml::Update(update) => (Operation::UpdateAll, &update.target),
        Dml::Delete(delete) => (Operation::DeleteAll, &delete.target),
        Dml::Merge(merge) => (Operation::UpdateAll, &merge.target),
    };
    let target = scene.find(target);
    // Rows that are written go to the partitions; children that inherit take part in all but new rows.
    let below = |relation: ObjectId| operation != Operation::Insert || scene.before.table(relation).is_some_and(|table| table.partitioning.is_some());
    let on = |relation: ObjectId| if below(relation) { Act::on(operation, relation).descending() } else { Act::on(operation, relation) };
    let mut acts: Vec<Act> = target.map(on).into_iter().collect();
    let binding = bind_statement(scene.before, scene.session, statement);
    acts.extend(sources(scene, &binding, target).into_iter().map(|relation| Act::on(Operation::Select, relation).descending()));
    acts
}

fn read(scene: &Scene<'_>, query: &Query) -> Vec<Act> {
    let operation = if query.locking.is_empty() { Operation::Select } else { Operation::SelectForUpdate };
    sources(scene, &bind_query(scene.before, scene.session, query), None).into_iter().map(|relation| Act::on(operation, relation).descending()).collect()
}

fn locked(scene: &Scene<'_>, tables: &[ObjectName], mode: &str) -> Vec<Act> {
    let mode = LockMode::ALL.iter().copied().find(|known| mode.trim_end_matches(" MODE").eq_ignore_ascii_case(known.as_str()));
    on_each(scene, Operation::LockTable, tables)
        .into_iter()
        .map(|mut act| {
            act.lock = mode;
            act.descending()
        })
        .collect()
}

fn maintained(scene: &Scene<'_>, maintenance: &Maintenance) -> Vec<Act> {
    let verb = maintenance.verb.to_ascii_uppercase();
    let operation = match verb.as_str() {
        "VACUUM FULL" => Operation::VacuumFull,
        "ANALYZE" => Operation::Analyze,
        "CLUSTER" => Operation::Cluster,
        _ if verb.starts_with("VACUUM") => Operation::Vacuum,
        _ if verb.starts_with("REINDEX") && maintenance.concurrently => Operation::ReindexConcurrently,
        _ if verb.starts_with("REINDEX") => Operation::Reindex,
        _ => return Vec::new(),
    };
    let named: Vec<ObjectId> = if maintenance.targets.is_empty() {
        scene.before.objects().filter(|object| matches!(object.body, ObjectBody::Table(_))).map(|object| object.id).collect()
    } else if verb == "REINDEX SCHEMA" || verb == "REINDEX DATABASE" {
        let schemas: Vec<ObjectId> = maintenance.targets.iter().filter_map(|name| scene.before.namespace(&name.name.name)).collect();
        let within = |namespace: Option<ObjectId>| verb == "REINDEX DATABASE" || namespace.is_some_and(|namespace| schemas.contains(&namespace));
        scene.before.objects().filter(|object| matches!(object.body, ObjectBody::Table(_)) && within(object.namespace)).map(|object| object.id).collect()
    } else {
        let own = maintenance.targets.iter().filter_map(|name| scene.find(name));
        own.map(|id| scene.before.index(id).map_or(id, |index| index.table)).collect()
    };
    named.into_iter().map(|relation| Act::on(operation, relation).descending()).collect()
}

fn created_other(scene: &Scene<'_>, kind: ObjectKind, mentions: &[ObjectName]) -> Vec<Act> {
    match kind {
        ObjectKind::Publication => on_each(scene, Operation::ChangePublication, mentions),
        ObjectKind::Statistics => on_each(scene, Operation::CreateStatistics, mentions),
        ObjectKind::Rule => on_each(scene, Operation::ChangeRule, mentions.iter().take(1)),
        _ => Vec::new(),
    }
}
