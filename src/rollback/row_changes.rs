//! What becomes of rows when a migration writes to them: the rows themselves, those of children, those that follow through foreign keys, and what
//! triggers and rules may do besides.
//!
//! In: one [`DataChange`] and the schema at that statement. Out: what each table loses, and what nobody can say.

use std::collections::{BTreeMap, BTreeSet};

use super::damage::{Damage, is_computed, label, primary_key};
use super::plan::Loss;
use super::trigger_effects::{Written, has_rules, trigger_effects};
use crate::migrate::DataChange;
use crate::schema::{ColumnNumber, ConstraintKind, ForeignKey, ObjectBody, ObjectId, Schema, Table, TableKind};
use crate::sql::tree::ForeignKeyAction;

/// One kind of writing to one table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Writing {
    Update(BTreeSet<ColumnNumber>),
    Delete,
    Truncate,
    Insert,
}

/// Follows writings from table to table.
pub(super) struct Follower<'a> {
    /// The schema before the migration.
    pub(super) before: &'a Schema,
    /// The schema at the statement.
    pub(super) now: &'a Schema,
    /// What is lost so far.
    pub(super) damages: &'a mut BTreeMap<ObjectId, Damage>,
    /// What cannot be saved.
    pub(super) loses: &'a mut Vec<Loss>,
}

impl Follower<'_> {
    /// Follows a change of rows that a statement names.
    pub(super) fn follow(&mut self, relation: ObjectId, data: &DataChange) {
        let first = match data {
            DataChange::Updated { columns, .. } => Writing::Update(columns.iter().copied().collect()),
            DataChange::Deleted { .. } => Writing::Delete,
            DataChange::Truncated => Writing::Truncate,
            DataChange::Inserted => Writing::Insert,
            DataChange::Converted { .. } | DataChange::Refreshed | DataChange::Repositioned => return,
        };
        let mut open = vec![(relation, first)];
        let mut seen = BTreeSet::new();
        while let Some((relation, writing)) = open.pop() {
            if seen.insert((relation, writing.clone())) {
                open.extend(self.one(relation, &writing));
            }
        }
    }

    /// Notes one writing and gives those that come of it.
    fn one(&mut self, relation: ObjectId, writing: &Writing) -> Vec<(ObjectId, Writing)> {
        let Some(table) = self.now.table(relation) else { return self.through_view(relation, writing) };
        self.note(relation, writing);
        let mut next = self.children(relation, table, writing);
        next.extend(self.referring(relation, writing));
        next.extend(self.triggers(relation, writing));
        next
    }

    /// What is written to a view is written to what stands below it; which columns and rows is not followed.
    fn through_view(&mut self, view: ObjectId, writing: &Writing) -> Vec<(ObjectId, Writing)> {
        if self.now.view(view).is_none() {
            return Vec::new();
        }
        if has_rules(self.now, view)
            || self.now.on_table(view).iter().any(|part| matches!(self.now.get(*part).map(|object| &object.body), Some(ObjectBody::Trigger(_))))
        {
            self.lose(view, String::from("what its triggers or rules write elsewhere is neither saved nor undone"));
        }
        let below: BTreeSet<ObjectId> =
            self.now.dependencies().of_object(view).into_iter().map(|dependency| dependency.on.object).filter(|id| *id != view).collect();
        let relations = below.into_iter().filter(|id| self.now.table(*id).is_some() || self.now.view(*id).is_some());
        relations
            .map(|id| {
                let all = || self.now.columns(id).iter().map(|column| column.number).collect();
                (id, if matches!(writing, Writing::Update(_)) { Writing::Update(all()) } else { writing.clone() })
            })
            .collect()
    }

    fn note(&mut self, relation: ObjectId, writing: &Writing) {
        let Some(old) = self.before.table(relation) else { return };
        match writing {
            Writing::Update(columns) => {
                let known = columns.iter().filter(|number| old.column(**number).is_some_and(|column| !is_computed(column))).copied();
                self.damages.entry(relation).or_default().columns.extend(known);
            }
            Writing::Delete | Writing::Truncate => self.damages.entry(relation).or_default().rows = true,
            Writing::Insert => self.lose(relation, String::from("rows that the migration inserts stay when it is undone")),
        }
    }

    fn lose(&mut self, relation: ObjectId, why: String) {
        let schema = if self.before.get(relation).is_some() { self.before } else { self.now };
        let loss = Loss { what: label(schema, relation), why, rows: None, count_query: None };
        if !self.loses.contains(&loss) {
            self.loses.push(loss);
        }
    }

    /// Tables that inherit: `UPDATE` and `DELETE` reach them too (manual, 5.10, 15). Rows of partitions are those of the partitioned table,
    /// which is saved whole, but a partition's own triggers fire.
    fn children(&self, parent: ObjectId, table: &Table, writing: &Writing) -> Vec<(ObjectId, Writing)> {
        if matches!(writing, Writing::Truncate) {
            return Vec::new();
        }
        let is_child = |body: &ObjectBody| matches!(body, ObjectBody::Table(child) if child.parents.contains(&parent));
        let dependents: BTreeSet<ObjectId> = self.now.dependencies().on_object(parent).into_iter().map(|dependency| dependency.dependent.object).collect();
        let children = dependents.into_iter().filter(|id| self.now.get(*id).is_some_and(|object| is_child(&object.body)));
        let by_name = |child: ObjectId, columns: &BTreeSet<ColumnNumber>| -> BTreeSet<ColumnNumber> {
            let names: BTreeSet<_> = columns.iter().filter_map(|number| table.column(*number)).map(|column| &column.name).collect();
            self.now.columns(child).iter().filter(|column| names.contains(&column.name)).map(|column| column.number).collect()
        };
        children
            .filter(|_| !matches!(writing, Writing::Insert) || table.kind == TableKind::Partitioned)
            .map(|child| match writing {
                Writing::Update(columns) => (child, Writing::Update(by_name(child, columns))),
                other => (child, other.clone()),
            })
            .collect()
    }

    /// Rows of other tables that go or change with rows of this one, by foreign key.
    fn referring(&self, parent: ObjectId, writing: &Writing) -> Vec<(ObjectId, Writing)> {
        let mut next = Vec::new();
        // A row of a partition is one of the partitioned table, which a key may refer to.
        let mut referenced = vec![parent];
        while let Some(table) = referenced.last().and_then(|id| self.now.table(*id)).filter(|table| table.partition_bound.is_some()) {
            let Some(above) = table.parents.first().filter(|above| !referenced.contains(above)) else { break };
            referenced.push(*above);
        }
        for table in &referenced {
            for dependency in self.now.dependencies().on_object(*table) {
                let Some(constraint) = self.now.constraint(dependency.dependent.object) else { continue };
                let ConstraintKind::ForeignKey(key) = &constraint.kind else { continue };
                let writing = match writing {
                    // The numbers are those of the partition.
                    Writing::Update(_) if *table != parent => &Writing::Update(key.referenced_columns.iter().copied().collect()),
                    other => other,
                };
                if key.references == *table
                    && let Some(writing) = following(key, writing)
                {
                    next.push((constraint.owner, writing));
                }
            }
        }
        next
    }

    fn triggers(&mut self, relation: ObjectId, writing: &Writing) -> Option<(ObjectId, Writing)> {
        let written = match writing {
            Writing::Update(_) => Written::Updated,
            Writing::Delete => Written::Deleted,
            Writing::Truncate => Written::Truncated,
            Writing::Insert => Written::Inserted,
        };
        let effects = trigger_effects(self.now, relation, written);
        for routine in effects.may_write_elsewhere {
            self.lose(relation, format!("its trigger calls {routine}, which may write to other tables: that is neither saved nor undone"));
        }
        if has_rules(self.now, relation) && !matches!(writing, Writing::Truncate) {
            self.lose(relation, String::from("its rules may write to other tables: that is neither saved nor undone"));
        }
        if !effects.changes_the_row || written != Written::Updated {
            return None;
        }
        let key = primary_key(self.before, relation).unwrap_or_default();
        let others = self.now.columns(relation).iter().filter(|column| !is_computed(column) && !key.contains(&column.number)).map(|column| column.number);
        Some((relation, Writing::Update(others.collect())))
    }
}

/// What a foreign key does to the rows on its side.
fn following(key: &ForeignKey, writing: &Writing) -> Option<Writing> {
    let all = || key.columns.iter().copied().collect::<BTreeSet<_>>();
    match writing {
        Writing::Delete => match key.on_delete {
            ForeignKeyAction::NoAction | ForeignKeyAction::Restrict => None,
            ForeignKeyAction::Cascade => Some(Writing::Delete),
            ForeignKeyAction::SetNull | ForeignKeyAction::SetDefault if key.on_delete_columns.is_empty() => Some(Writing::Update(all())),
            ForeignKeyAction::SetNull | ForeignKeyAction::SetDefault => Some(Writing::Update(key.on_delete_columns.iter().copied().collect())),
        },
        Writing::Update(columns) if key.referenced_columns.iter().any(|column| columns.contains(column)) => match key.on_update {
            ForeignKeyAction::NoAction | ForeignKeyAction::Restrict => None,
            ForeignKeyAction::Cascade | ForeignKeyAction::SetNull | ForeignKeyAction::SetDefault => Some(Writing::Update(all())),
        },
        // `TRUNCATE … CASCADE` names every table that it empties.
        Writing::Update(_) | Writing::Truncate | Writing::Insert => None,
    }
}
