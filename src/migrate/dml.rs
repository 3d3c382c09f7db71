//! Statements that write rows: the schema stays, rows change; what the server would refuse is refused here too.
//!
//! In: `INSERT`, `UPDATE`, `DELETE`, `MERGE`, `COPY`, `TRUNCATE`. Out: a [`DataChange`] for each table written to.

use std::sync::Arc;

use super::procedural::Firing;
use super::work::{Applied, Work};
use super::{DataChange, NotJudged};
use crate::lineage::{bind_statement, bind_statement_among};
use crate::schema::{ColumnGeneration, ColumnNumber, ConstraintKind, ObjectBody, ObjectId, TableKind};
use crate::sql::tree::{
    Assignment, AssignmentTarget, ConflictAction, Copy, CopyDirection, Cte, Dml, Expr, MergeAction, ObjectName, OnConflict, QueryBody, Statement, TriggerEvent,
    TriggerTiming, ViewKind,
};

/// What `TRUNCATE` does with sequences that columns own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Identities {
    /// They go on.
    Continue,
    /// They start again (`RESTART IDENTITY`).
    Restart,
}

/// Which rows a statement means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rows {
    All,
    Some,
}

impl Work<'_> {
    /// Binds a query or a writing statement, so that what the server refuses is refused.
    pub(super) fn check_binding(&mut self, statement: &Statement) -> Applied {
        let binding = match &self.surroundings {
            Some(around) => bind_statement_among(&self.schema, &self.session, statement, &around.0, &around.1),
            None => bind_statement(&self.schema, &self.session, statement),
        };
        if let Some(error) = binding.errors.first() {
            return Err(self.refuse_bound(error.clone()));
        }
        self.labels_are_usable(&binding.enum_literals)?;
        self.note_positions(statement, &binding);
        for unresolved in binding.unresolved {
            let reason = format!("`{}` cannot be resolved: {}", unresolved.reference, unresolved.reason);
            self.not_judged.push(NotJudged { reason, span: unresolved.span, touches: Vec::new() });
        }
        Ok(())
    }

    /// `INSERT`, `UPDATE`, `DELETE`, `MERGE`.
    pub(super) fn write_rows(&mut self, statement: &Statement, dml: &Dml) -> Applied {
        self.check_binding(statement)?;
        self.note_written_in(with_of(dml))?;
        if let Dml::Update(update) = dml
            && self.switches_indexes(update)?
        {
            return Ok(());
        }
        let table = self.written_table(target_of(dml))?;
        if let Some(table) = table {
            if let Dml::Insert(insert) = dml {
                self.required_columns_are_given(table, insert)?;
            }
            self.data_of(table, dml);
        }
        self.follow_writing(statement, dml, table)
    }

    fn data_of(&mut self, table: ObjectId, dml: &Dml) {
        match dml {
            Dml::Insert(insert) => {
                self.data(table, DataChange::Inserted);
                if let Some(OnConflict { action: ConflictAction::Update(assignments, _), .. }) = &insert.on_conflict {
                    self.note_updated(table, assignments, None, Rows::Some);
                }
            }
            Dml::Update(update) => {
                let rows = if update.filter.is_none() { Rows::All } else { Rows::Some };
                self.note_updated(table, &update.assignments, update.filter.as_ref(), rows);
            }
            Dml::Delete(delete) => {
                let condition = self.condition_text(delete.filter.as_ref());
                self.data(table, DataChange::Deleted { all_rows: delete.filter.is_none(), condition });
            }
            Dml::Merge(merge) => {
                for clause in &merge.clauses {
                    match &clause.action {
                        MergeAction::Update(assignments) => self.note_updated(table, assignments, None, Rows::Some),
                        MergeAction::Insert(..) => self.data(table, DataChange::Inserted),
                        MergeAction::Delete => self.data(table, DataChange::Deleted { all_rows: false, condition: None }),
                        MergeAction::Nothing => {}
                    }
                }
            }
        }
    }

    /// The statements of a `WITH` that write (manual, 7.8.4, 15: each is carried out, whether or not anybody reads what it gives back).
    pub(super) fn note_written_in(&mut self, expressions: &[Cte]) -> Applied {
        for expression in expressions {
            self.note_written_in(&expression.query.with)?;
            if let QueryBody::Dml(dml) = &expression.query.body {
                self.note_written_in(with_of(dml))?;
                if let Some(table) = self.written_table(target_of(dml))? {
                    self.data_of(table, dml);
                }
            }
        }
        Ok(())
    }

    fn note_updated(&mut self, table: ObjectId, assignments: &[Assignment], filter: Option<&Expr>, rows: Rows) {
        let columns = self.assigned(table, assignments);
        let condition = self.condition_text(filter);
        self.data(table, DataChange::Updated { columns, all_rows: rows == Rows::All, condition });
    }

    fn condition_text(&self, filter: Option<&Expr>) -> Option<Arc<str>> {
        filter.map(|filter| Arc::from(self.sources.slice(filter.span)))
    }

    fn assigned(&self, table: ObjectId, assignments: &[Assignment]) -> Vec<ColumnNumber> {
        let names = assignments.iter().flat_map(|assignment| match &assignment.target {
            AssignmentTarget::Column { column, .. } => std::slice::from_ref(column),
            AssignmentTarget::Columns(columns) => columns,
        });
        let mut numbers: Vec<ColumnNumber> =
            names.filter_map(|name| self.schema.columns(table).iter().find(|column| column.name == name.name).map(|column| column.number)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// The table that is written to; `None` for a system catalog, whose rows are not a schema's.
    fn written_table(&mut self, name: &ObjectName) -> Applied<Option<ObjectId>> {
        let Some(table) = self.relation_if_any(name)? else {
            let span = self.span;
            self.leave_unjudged(format!("what writing to `{name}` changes is not modelled"), span, &[]);
            return Ok(None);
        };
        self.is_no_longer_empty(table);
        Ok(Some(table))
    }

    fn is_no_longer_empty(&mut self, table: ObjectId) {
        let partitions = if self.schema.table(table).is_some_and(|body| body.kind == TableKind::Partitioned) { self.children(table) } else { Vec::new() };
        if self.schema.table(table).is_some_and(|body| body.known_empty) {
            self.schema.update_table(table, |table| table.known_empty = false);
        }
        for partition in partitions {
            self.is_no_longer_empty(partition);
        }
    }

    /// `COPY`.
    pub(super) fn copy(&mut self, statement: &Copy) -> Applied {
        if let Some(query) = &statement.query {
            return match &query.body {
                // What such a query writes is not followed, so it is not read here either.
                QueryBody::Dml(_) => Ok(()),
                _ => self.clone().bind_stored_query(query).map(|_| ()),
            };
        }
        let Some(name) = &statement.table else { return Ok(()) };
        let table = self.relation(name)?;
        self.can_be_copied(table, statement.direction)?;
        for (place, column) in statement.columns.iter().enumerate() {
            let found = self.column_of(table, column)?;
            if self.schema.dialect.built_ins.is_some() && matches!(found.generation, ColumnGeneration::Generated(..)) {
                return self.refuse_at(column.span, "42P10", format!("column \"{column}\" is a generated column"));
            }
            if statement.columns.iter().take(place).any(|other| other.name == column.name) {
                return self.refuse_at(column.span, "42701", format!("column \"{column}\" specified more than once"));
            }
        }
        if statement.direction == CopyDirection::In {
            self.is_no_longer_empty(table);
            self.data(table, DataChange::Inserted);
        }
        Ok(())
    }

    /// Which relations rows are copied out of and into (BeginCopyTo, CopyFrom).
    fn can_be_copied(&self, id: ObjectId, direction: CopyDirection) -> Applied {
        if self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        let (word, verb) = (self.relation_word(id), if direction == CopyDirection::In { "to" } else { "from" });
        let takes_rows = |object: &crate::schema::Object| {
            let ObjectBody::Trigger(trigger) = &object.body else { return false };
            trigger.timing == TriggerTiming::InsteadOf && trigger.events.contains(&TriggerEvent::Insert)
        };
        let has_trigger = || self.schema.on_table(id).into_iter().filter_map(|on| self.schema.get(on)).any(takes_rows);
        let can_be = match self.schema.get(id).map(|object| &object.body) {
            Some(ObjectBody::Table(table)) => direction == CopyDirection::In || table.kind == TableKind::Ordinary,
            Some(ObjectBody::View(view)) => direction == CopyDirection::In && view.kind == ViewKind::Plain && has_trigger(),
            _ => false,
        };
        if can_be {
            return Ok(());
        }
        self.refuse("42809", format!("cannot copy {verb} {word} \"{}\"", self.name_of(id)))
    }

    /// `TRUNCATE`: refused while another table refers to it (heap_truncate_check_FKs).
    pub(super) fn truncate(&mut self, names: &[ObjectName], alone: &[ObjectName], cascade: bool, identities: Identities) -> Applied {
        let mut tables = Vec::new();
        for name in names {
            let table = self.table_named(name)?;
            if !alone.contains(name) {
                self.with_partitions(table, &mut tables);
                continue;
            }
            if self.schema.table(table).is_some_and(|body| body.kind == TableKind::Partitioned) {
                return self.refuse_at(name.span(), "42809", "cannot truncate only a partitioned table");
            }
            if !tables.contains(&table) {
                tables.push(table);
            }
        }
        let named = tables.len();
        let mut position = 0;
        while let Some(table) = tables.get(position).copied() {
            for referring in self.referring_tables(table) {
                if tables.contains(&referring) {
                    continue;
                }
                if !cascade {
                    let detail = format!("Table \"{}\" references \"{}\".", self.name_of(referring), self.name_of(table));
                    return self.refuse_with("0A000", "cannot truncate a table referenced in a foreign key constraint", detail);
                }
                let text = format!("truncate cascades to table \"{}\"", self.name_of(referring));
                self.notice(text);
                self.with_partitions(referring, &mut tables);
            }
            position += 1;
        }
        for (position, table) in tables.into_iter().enumerate() {
            if position < named {
                self.name_object(table);
            }
            self.data(table, DataChange::Truncated);
            let fires =
                |object: &crate::schema::Object| matches!(&object.body, ObjectBody::Trigger(trigger) if trigger.events.contains(&TriggerEvent::Truncate));
            // Until the transaction ends nobody else writes to it.
            if self.in_transaction && !self.schema.on_table(table).into_iter().filter_map(|id| self.schema.get(id)).any(fires) {
                self.schema.update_table(table, |table| table.known_empty = true);
            }
            if identities == Identities::Restart {
                for sequence in self.sequences_of(table) {
                    self.data(sequence, DataChange::Repositioned);
                }
            }
            self.follow_triggers(table, &[Firing::Truncate])?;
        }
        Ok(())
    }

    fn with_partitions(&self, table: ObjectId, tables: &mut Vec<ObjectId>) {
        if tables.contains(&table) {
            return;
        }
        tables.push(table);
        for child in self.children(table) {
            self.with_partitions(child, tables);
        }
    }

    fn referring_tables(&self, table: ObjectId) -> Vec<ObjectId> {
        let dependents = self.schema.dependencies().on_object(table).into_iter().map(|dependency| dependency.dependent.object);
        let mut all: Vec<ObjectId> = dependents
            .filter_map(|id| self.schema.constraint(id))
            .filter(|constraint| matches!(&constraint.kind, ConstraintKind::ForeignKey(key) if key.references == table))
            .map(|constraint| constraint.owner)
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

fn with_of(dml: &Dml) -> &[Cte] {
    match dml {
        Dml::Insert(insert) => &insert.with,
        Dml::Update(update) => &update.with,
        Dml::Delete(delete) => &delete.with,
        Dml::Merge(merge) => &merge.with,
    }
}

fn target_of(dml: &Dml) -> &ObjectName {
    match dml {
        Dml::Insert(insert) => &insert.target,
        Dml::Update(update) => &update.target,
        Dml::Delete(delete) => &delete.target,
        Dml::Merge(merge) => &merge.target,
    }
}
