//! Writing statements.

use super::piece::{ReferenceKind, Unprintable};
use super::writer::{Printed, Writer};
use crate::sql::postgres::Power;
use crate::sql::tree::{
    Assignment, AssignmentTarget, ConflictAction, ConflictTarget, Delete, Dml, Ident, Insert, InsertSource, Merge, MergeAction, MergeClause, MergeWhen,
    ObjectName, OnConflict, Overriding, RelationAlias, SelectItem, Update,
};

impl Writer {
    /// A writing statement.
    pub(super) fn dml(&mut self, dml: &Dml) -> Printed {
        match dml {
            Dml::Insert(insert) => self.insert(insert),
            Dml::Update(update) => self.update(update),
            Dml::Delete(delete) => self.delete(delete),
            Dml::Merge(merge) => self.merge(merge),
        }
    }

    fn insert(&mut self, insert: &Insert) -> Printed {
        self.with(&insert.with, insert.recursive)?;
        self.text("INSERT INTO ");
        self.object(&insert.target, ReferenceKind::Relation { aliased: insert.alias.is_some() });
        if let Some(alias) = &insert.alias {
            self.text(" AS ");
            self.local(alias);
        }
        if !insert.columns.is_empty() {
            self.text(" ");
            self.listed_columns(&insert.columns);
        }
        match insert.overriding {
            None => {}
            Some(Overriding::System) => self.text(" OVERRIDING SYSTEM VALUE"),
            Some(Overriding::User) => self.text(" OVERRIDING USER VALUE"),
        }
        match &insert.source {
            InsertSource::Defaults => self.text(" DEFAULT VALUES"),
            InsertSource::Query(query) => {
                self.text(" ");
                self.query(query)?;
            }
            InsertSource::NotRead => return Err(Unprintable { what: String::from("rows that were not read"), span: insert.span }),
        }
        if let Some(on_conflict) = &insert.on_conflict {
            self.on_conflict(on_conflict)?;
        }
        self.returning(&insert.returning)
    }

    fn on_conflict(&mut self, on_conflict: &OnConflict) -> Printed {
        self.text(" ON CONFLICT");
        match &on_conflict.target {
            ConflictTarget::Any => {}
            ConflictTarget::Columns(columns, filter) => {
                self.text(" (");
                self.separated(columns, |writer, column| match &*column.kind {
                    // An expression other than a column or a call needs parentheses here, as in an index.
                    crate::sql::tree::ExprKind::Column(_) | crate::sql::tree::ExprKind::Call(_) | crate::sql::tree::ExprKind::Collate(..) => {
                        writer.expr(column, Power::Lowest)
                    }
                    _ => writer.in_parentheses(column),
                })?;
                self.text(")");
                self.clause(" WHERE ", filter.as_ref())?;
            }
            ConflictTarget::Constraint(name) => {
                self.text(" ON CONSTRAINT ");
                let text = self.quoted(name);
                self.reference(text, ReferenceKind::Object, name.span);
            }
        }
        match &on_conflict.action {
            ConflictAction::Nothing => {
                self.text(" DO NOTHING");
                Ok(())
            }
            ConflictAction::Update(assignments, filter) => {
                self.text(" DO UPDATE SET ");
                self.separated(assignments, Writer::assignment)?;
                self.clause(" WHERE ", filter.as_ref())
            }
        }
    }

    fn returning(&mut self, items: &[SelectItem]) -> Printed {
        if items.is_empty() {
            return Ok(());
        }
        self.text(" RETURNING ");
        self.items(items)
    }

    fn target(&mut self, target: &ObjectName, only: bool, alias: Option<&RelationAlias>) {
        if only {
            self.text("ONLY ");
        }
        self.object(target, ReferenceKind::Relation { aliased: alias.is_some() });
        self.alias(alias);
    }

    fn update(&mut self, update: &Update) -> Printed {
        self.with(&update.with, update.recursive)?;
        self.text("UPDATE ");
        self.target(&update.target, update.only, update.alias.as_ref());
        self.text(" SET ");
        self.separated(&update.assignments, Writer::assignment)?;
        if !update.from.is_empty() {
            self.text(" FROM ");
            self.table_list(&update.from)?;
        }
        self.clause(" WHERE ", update.filter.as_ref())?;
        self.returning(&update.returning)
    }

    fn delete(&mut self, delete: &Delete) -> Printed {
        self.with(&delete.with, delete.recursive)?;
        self.text("DELETE FROM ");
        self.target(&delete.target, delete.only, delete.alias.as_ref());
        if !delete.using.is_empty() {
            self.text(" USING ");
            self.table_list(&delete.using)?;
        }
        self.clause(" WHERE ", delete.filter.as_ref())?;
        self.returning(&delete.returning)
    }

    fn merge(&mut self, merge: &Merge) -> Printed {
        self.with(&merge.with, merge.recursive)?;
        self.text("MERGE INTO ");
        self.target(&merge.target, merge.only, merge.alias.as_ref());
        self.text(" USING ");
        self.table(&merge.source)?;
        self.text(" ON ");
        self.expr(&merge.on, Power::Lowest)?;
        for clause in &merge.clauses {
            self.merge_clause(clause)?;
        }
        self.returning(&merge.returning)
    }

    fn merge_clause(&mut self, clause: &MergeClause) -> Printed {
        self.text(match clause.when {
            MergeWhen::Matched => " WHEN MATCHED",
            MergeWhen::NotMatchedByTarget => " WHEN NOT MATCHED",
            MergeWhen::NotMatchedBySource => " WHEN NOT MATCHED BY SOURCE",
        });
        self.clause(" AND ", clause.condition.as_ref())?;
        match &clause.action {
            MergeAction::Update(assignments) => {
                self.text(" THEN UPDATE SET ");
                self.separated(assignments, Writer::assignment)
            }
            MergeAction::Insert(columns, values) => self.merge_insert(columns, values),
            MergeAction::Delete => {
                self.text(" THEN DELETE");
                Ok(())
            }
            MergeAction::Nothing => {
                self.text(" THEN DO NOTHING");
                Ok(())
            }
        }
    }

    fn merge_insert(&mut self, columns: &[Ident], values: &[crate::sql::tree::Expr]) -> Printed {
        self.text(" THEN INSERT ");
        if !columns.is_empty() {
            self.listed_columns(columns);
            self.text(" ");
        }
        if values.is_empty() {
            self.text("DEFAULT VALUES");
            return Ok(());
        }
        self.text("VALUES (");
        self.expressions(values)?;
        self.text(")");
        Ok(())
    }

    fn assignment(&mut self, assignment: &Assignment) -> Printed {
        match &assignment.target {
            AssignmentTarget::Column { column, path } if path.is_empty() => {
                let text = self.quoted(column);
                self.reference(text, ReferenceKind::ListedColumn, column.span);
            }
            AssignmentTarget::Column { column, .. } => {
                return Err(Unprintable { what: String::from("an assignment to a part of a column"), span: column.span });
            }
            AssignmentTarget::Columns(columns) => self.listed_columns(columns),
        }
        self.text(" = ");
        self.expr(&assignment.value, Power::Lowest)
    }
}
