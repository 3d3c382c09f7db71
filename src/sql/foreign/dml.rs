//! Writing statements out of the parser crate's tree.

use sqlparser::ast;

use super::convert::{Converter, conditions, node, plain_query};
use crate::dialect::Grammar;
use crate::sql::tree::{
    AssignedPart, Assignment, AssignmentTarget, ConflictAction, ConflictTarget, Connective, Delete, Dml, Expr, ExprKind, From, Ident, Insert, InsertSource,
    JoinConstraint, JoinKind, Merge, MergeAction, MergeClause, MergeWhen, ObjectName, OnConflict, QueryBody, RelationAlias, SelectItem, Unread, Update, Values,
};

/// The relation that is written to.
struct Target {
    name: ObjectName,
    alias: Option<RelationAlias>,
}

impl Target {
    /// What a column may be qualified with.
    fn is_called(&self, name: &Ident) -> bool {
        self.alias.as_ref().map_or(&self.name.name, |alias| &alias.name) == name
    }
}

impl Converter<'_> {
    /// A statement that must be one that writes.
    pub fn dml_statement(&self, statement: ast::Statement) -> Result<Dml, Unread> {
        match statement {
            ast::Statement::Insert(insert) => self.insert(insert).map(Dml::Insert),
            ast::Statement::Update(update) => self.update(update).map(Dml::Update),
            ast::Statement::Delete(delete) => self.delete(delete).map(Dml::Delete),
            ast::Statement::Merge(merge) => self.merge(merge).map(Dml::Merge),
            ast::Statement::Query(query) => match self.query(*query)?.body {
                QueryBody::Dml(dml) => Ok(*dml),
                _ => Err(self.refuse("a query in place of a writing statement")),
            },
            _ => Err(self.refuse("this statement in place of a writing one")),
        }
    }

    fn insert(&self, insert: ast::Insert) -> Result<Insert, Unread> {
        let unknown = [
            (insert.multi_table_insert_type.is_some(), "an insert into several tables"),
            (insert.output.is_some(), "OUTPUT"),
            (insert.insert_alias.is_some(), "an alias of the inserted row"),
            (insert.settings.is_some(), "SETTINGS of an insert"),
        ];
        if let Some((_, what)) = unknown.into_iter().find(|(is_there, _)| *is_there) {
            return Err(self.refuse(what));
        }
        let ast::TableObject::TableName(name) = &insert.table else {
            return Err(self.refuse("an insert into anything but a relation"));
        };
        let target = Target { name: self.object_name(name)?, alias: None };
        // `PARTITION (p = 1)` gives values for columns that the list and the positions leave out.
        if insert.partitioned.as_ref().is_some_and(|partitions| partitions.iter().any(|partition| !is_constant_partition(partition))) {
            return Err(self.refuse("a computed partition"));
        }
        let mut columns = insert.columns.iter().map(|column| self.last_part(column)).collect::<Result<Vec<_>, _>>()?;
        columns.extend(self.idents(&insert.after_columns));
        let source = match insert.source {
            Some(query) => InsertSource::Query(Box::new(self.query(*query)?)),
            None if insert.assignments.is_empty() => InsertSource::Defaults,
            None => {
                let mut row = Vec::new();
                for assignment in self.assignments(insert.assignments, &target)? {
                    let AssignmentTarget::Column { column, path } = assignment.target else {
                        return Err(self.refuse("INSERT … SET of anything but columns"));
                    };
                    if !path.is_empty() {
                        return Err(self.refuse("INSERT … SET of anything but columns"));
                    }
                    columns.push(column);
                    row.push(assignment.value);
                }
                InsertSource::Query(Box::new(plain_query(QueryBody::Values(Values { rows: vec![row] }), self.whole)))
            }
        };
        let mut on_conflict = insert.on.map(|on| self.on_insert(on, &target)).transpose()?;
        if on_conflict.is_none() && (insert.ignore || matches!(insert.or, Some(ast::SqliteOnConflict::Ignore))) {
            on_conflict = Some(OnConflict { target: ConflictTarget::Any, action: ConflictAction::Nothing });
        }
        Ok(Insert {
            with: Vec::new(),
            recursive: false,
            target: target.name,
            alias: insert.table_alias.map(|alias| self.ident(&alias.alias)),
            columns,
            overriding: None,
            source,
            on_conflict,
            returning: self.returning(insert.returning)?,
            span: self.whole,
        })
    }

    fn on_insert(&self, on: ast::OnInsert, target: &Target) -> Result<OnConflict, Unread> {
        match on {
            ast::OnInsert::DuplicateKeyUpdate(assignments) => {
                let assignments = self.assignments(assignments, target)?;
                Ok(OnConflict { target: ConflictTarget::Any, action: ConflictAction::Update(assignments, None) })
            }
            ast::OnInsert::OnConflict(on_conflict) => {
                let inferred = match on_conflict.conflict_target {
                    None => ConflictTarget::Any,
                    Some(ast::ConflictTarget::Columns(columns)) => {
                        let columns = self.idents(&columns).into_iter().map(|column| {
                            let span = column.span;
                            node(ExprKind::Column(vec![column]), span)
                        });
                        ConflictTarget::Columns(columns.collect(), None)
                    }
                    Some(ast::ConflictTarget::OnConstraint(name)) => ConflictTarget::Constraint(self.last_part(&name)?),
                };
                let action = match on_conflict.action {
                    ast::OnConflictAction::DoNothing => ConflictAction::Nothing,
                    ast::OnConflictAction::DoUpdate(update) => {
                        ConflictAction::Update(self.assignments(update.assignments, target)?, self.optional(update.selection)?)
                    }
                };
                Ok(OnConflict { target: inferred, action })
            }
            // The enum is open to other crates' releases; the version is pinned.
            _ => Err(self.refuse("this clause of an insert")),
        }
    }

    fn returning(&self, items: Option<Vec<ast::SelectItem>>) -> Result<Vec<SelectItem>, Unread> {
        items.unwrap_or_default().into_iter().map(|item| self.select_item(item)).collect()
    }

    fn assignments(&self, all: Vec<ast::Assignment>, target: &Target) -> Result<Vec<Assignment>, Unread> {
        all.into_iter()
            .map(|assignment| {
                let assigned = match assignment.target {
                    ast::AssignmentTarget::ColumnName(name) => self.assigned_column(&name, target)?,
                    ast::AssignmentTarget::Tuple(names) => AssignmentTarget::Columns(names.iter().map(|name| self.last_part(name)).collect::<Result<_, _>>()?),
                };
                Ok(Assignment { target: assigned, value: self.expression(assignment.value)? })
            })
            .collect()
    }

    /// `a`, `t.a`, `a.f`: the target's own name in front is no column.
    fn assigned_column(&self, name: &ast::ObjectName, target: &Target) -> Result<AssignmentTarget, Unread> {
        let parts = self.parts(name).ok_or_else(|| self.refuse("a computed name"))?;
        let qualified = self.qualifies_targets() && parts.len() > 1 && parts.first().is_some_and(|first| target.is_called(first));
        let mut own = parts.into_iter().skip(usize::from(qualified));
        let column = own.next().ok_or_else(|| self.refuse("an empty name"))?;
        Ok(AssignmentTarget::Column { column, path: own.map(AssignedPart::Field).collect() })
    }

    /// A target and what was joined to it.
    fn target(&self, tables: ast::TableWithJoins) -> Result<(Target, Vec<From>, Option<Expr>), Unread> {
        let (name, alias) = match self.table(tables.relation)? {
            From::Relation { name, alias, only: false, extras, sample: None } if extras.is_empty() => (name, alias),
            _ => return Err(self.refuse("writing to anything but a relation")),
        };
        let mut from = Vec::new();
        let mut filter: Option<Expr> = None;
        for join in tables.joins {
            let probe = ast::TableWithJoins { relation: join.relation.clone(), joins: Vec::new() };
            let (ast::JoinOperator::Join(condition) | ast::JoinOperator::Inner(condition) | ast::JoinOperator::CrossJoin(condition)) = join.join_operator
            else {
                return Err(self.refuse("this join in a writing statement"));
            };
            from.push(self.tables(probe)?);
            match condition {
                ast::JoinConstraint::On(condition) => filter = Some(and(filter, self.expression(condition)?)),
                ast::JoinConstraint::None => {}
                ast::JoinConstraint::Using(_) | ast::JoinConstraint::Natural => return Err(self.refuse("USING or NATURAL in a writing statement")),
            }
        }
        Ok((Target { name, alias }, from, filter))
    }

    fn joined_filter(&self, joined: Option<Expr>, selection: Option<ast::Expr>) -> Result<Option<Expr>, Unread> {
        Ok(match self.optional(selection)? {
            Some(selection) => Some(and(joined, selection)),
            None => joined,
        })
    }

    fn update(&self, update: ast::Update) -> Result<Update, Unread> {
        if update.output.is_some() || !update.order_by.is_empty() {
            return Err(self.refuse("OUTPUT or ORDER BY of an update"));
        }
        let (target, mut from, joined) = self.target(update.table)?;
        let more = match update.from {
            None => Vec::new(),
            Some(ast::UpdateTableFromKind::BeforeSet(tables) | ast::UpdateTableFromKind::AfterSet(tables)) => tables,
        };
        for tables in more {
            from.push(self.tables(tables)?);
        }
        let (target, from, joined) = self.aliased_target(target, from, joined);
        self.refuse_alias_as_target(&target, &from)?;
        Ok(Update {
            with: Vec::new(),
            recursive: false,
            assignments: self.assignments(update.assignments, &target)?,
            target: target.name,
            alias: target.alias,
            only: false,
            from,
            filter: self.joined_filter(joined, update.selection)?,
            returning: self.returning(update.returning)?,
            span: self.whole,
        })
    }

    /// SQL Server's `UPDATE a SET … FROM t AS a JOIN s ON …`: the target is the relation behind the alias, when it stands first and is joined inwardly;
    /// what it is joined to stays, and the conditions filter.
    fn aliased_target(&self, target: Target, mut from: Vec<From>, joined: Option<Expr>) -> (Target, Vec<From>, Option<Expr>) {
        if !matches!(self.dialect.grammar, Grammar::SqlServer | Grammar::MySql) || target.alias.is_some() || target.name.schema.is_some() || from.len() != 1 {
            return (target, from, joined);
        }
        let mut filters = Vec::new();
        let mut others = Vec::new();
        let mut item = from.first().cloned();
        while let Some(From::Join { left, right, kind: JoinKind::Inner | JoinKind::Cross, constraint, alias: None }) = item {
            match constraint {
                JoinConstraint::On(condition) => filters.push(condition),
                JoinConstraint::None => {}
                JoinConstraint::Using(..) | JoinConstraint::Natural => return (target, from, joined),
            }
            others.push(*right);
            item = Some(*left);
        }
        match item {
            Some(From::Relation { name, alias: Some(alias), only: false, extras, sample: None })
                if alias.name.name == target.name.name.name && alias.columns.is_empty() && extras.is_empty() =>
            {
                from = others.into_iter().rev().collect();
                let joined = filters.into_iter().rev().fold(joined, |all, filter| Some(and(all, filter)));
                (Target { name, alias: Some(alias) }, from, joined)
            }
            Some(From::Relation { name, alias: None, only: false, extras, sample: None }) if name == target.name && extras.is_empty() => {
                from = others.into_iter().rev().collect();
                let joined = filters.into_iter().rev().fold(joined, |all, filter| Some(and(all, filter)));
                (target, from, joined)
            }
            _ => (target, from, joined),
        }
    }

    /// SQL Server's `UPDATE a SET … FROM t AS a`: the target is an alias, which the tree cannot say.
    fn refuse_alias_as_target(&self, target: &Target, from: &[From]) -> Result<(), Unread> {
        let mut waiting: Vec<&From> = from.iter().collect();
        while let Some(next) = waiting.pop() {
            match next {
                From::Join { left, right, .. } => waiting.extend([&**left, &**right]),
                From::Relation { alias: Some(alias), .. } if target.name.schema.is_none() && alias.name == target.name.name => {
                    return Err(self.refuse("writing to an alias"));
                }
                From::Relation { name, alias: None, .. } if *name == target.name && self.dialect.grammar == Grammar::SqlServer => {
                    return Err(self.refuse("writing to a relation that FROM names again"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn delete(&self, delete: ast::Delete) -> Result<Delete, Unread> {
        let named = matches!(self.dialect.grammar, Grammar::SqlServer | Grammar::MySql) && delete.tables.len() == 1;
        if delete.output.is_some() || !delete.order_by.is_empty() || !(delete.tables.is_empty() || named) {
            return Err(self.refuse("OUTPUT, ORDER BY or several tables in a delete"));
        }
        let mut tables = match delete.from {
            ast::FromTable::WithFromKeyword(tables) | ast::FromTable::WithoutKeyword(tables) => tables,
        };
        let (Some(only), true) = (tables.pop(), tables.is_empty()) else {
            return Err(self.refuse("a delete from several tables"));
        };
        // `DELETE a FROM t AS a JOIN s ON …` (SQL Server, DELETE; MySQL, DELETE: multiple-table syntax).
        let (target, mut using, joined) = match delete.tables.first() {
            Some(name) => {
                let named = Target { name: self.object_name(name)?, alias: None };
                let (target, using, joined) = self.aliased_target(named, vec![self.tables(only)?], None);
                if using.iter().any(|item| matches!(item, From::Join { .. })) {
                    return Err(self.refuse("a delete out of an outer join"));
                }
                (target, using, joined)
            }
            None => self.target(only)?,
        };
        for tables in delete.using.unwrap_or_default() {
            using.push(self.tables(tables)?);
        }
        self.refuse_alias_as_target(&target, &using)?;
        Ok(Delete {
            with: Vec::new(),
            recursive: false,
            target: target.name,
            alias: target.alias,
            only: false,
            using,
            filter: self.joined_filter(joined, delete.selection)?,
            returning: self.returning(delete.returning)?,
            span: self.whole,
        })
    }

    fn merge(&self, merge: ast::Merge) -> Result<Merge, Unread> {
        if merge.output.is_some() {
            return Err(self.refuse("OUTPUT"));
        }
        let (target, _, _) = self.target(ast::TableWithJoins { relation: merge.table, joins: Vec::new() })?;
        let clauses = merge.clauses.into_iter().map(|clause| self.merge_clause(clause, &target)).collect::<Result<_, _>>()?;
        Ok(Merge {
            with: Vec::new(),
            recursive: false,
            target: target.name,
            alias: target.alias,
            only: false,
            source: Box::new(self.table(merge.source)?),
            on: self.expression(*merge.on)?,
            clauses,
            returning: Vec::new(),
            span: self.whole,
        })
    }

    fn merge_clause(&self, clause: ast::MergeClause, target: &Target) -> Result<MergeClause, Unread> {
        let when = match clause.clause_kind {
            ast::MergeClauseKind::Matched => MergeWhen::Matched,
            ast::MergeClauseKind::NotMatched | ast::MergeClauseKind::NotMatchedByTarget => MergeWhen::NotMatchedByTarget,
            ast::MergeClauseKind::NotMatchedBySource => MergeWhen::NotMatchedBySource,
        };
        let action = match clause.action {
            ast::MergeAction::Delete { delete_token: _ } => MergeAction::Delete,
            ast::MergeAction::DoNothing { do_token: _, nothing_token: _ } => MergeAction::Nothing,
            ast::MergeAction::Update(update) => {
                if update.update_predicate.is_some() || update.delete_predicate.is_some() {
                    return Err(self.refuse("WHERE inside a clause of MERGE"));
                }
                match update.kind {
                    ast::MergeUpdateKind::Set(assignments) => MergeAction::Update(self.assignments(assignments, target)?),
                    ast::MergeUpdateKind::Wildcard => return Err(self.refuse("UPDATE SET *")),
                }
            }
            ast::MergeAction::Insert(insert) => {
                if insert.insert_predicate.is_some() {
                    return Err(self.refuse("WHERE inside a clause of MERGE"));
                }
                let columns = insert.columns.iter().map(|column| self.last_part(column)).collect::<Result<_, _>>()?;
                let mut rows = match insert.kind {
                    ast::MergeInsertKind::Values(values) => values.rows,
                    ast::MergeInsertKind::Row | ast::MergeInsertKind::Wildcard => return Err(self.refuse("INSERT ROW or INSERT *")),
                };
                match (rows.pop(), rows.is_empty()) {
                    (Some(row), true) => MergeAction::Insert(columns, self.expressions(row.content)?),
                    _ => return Err(self.refuse("MERGE with several rows")),
                }
            }
        };
        Ok(MergeClause { when, condition: self.optional(clause.predicate)?, action })
    }
}

/// `p` or `p = constant`.
fn is_constant_partition(partition: &ast::Expr) -> bool {
    match partition {
        ast::Expr::Identifier(_) => true,
        ast::Expr::BinaryOp { left, op: ast::BinaryOperator::Eq, right } => {
            matches!((&**left, &**right), (ast::Expr::Identifier(_), ast::Expr::Value(_)))
        }
        _ => false,
    }
}

/// Both conditions, when there was one before.
fn and(left: Option<Expr>, right: Expr) -> Expr {
    let Some(left) = left else {
        return right;
    };
    conditions(Connective::And, left, right)
}
