//! The doors: a query, a statement or an expression against a schema.

use std::rc::Rc;

use super::binder::{Binder, Parameter};
use super::level::{Clause, Visible};
use super::query::Rows;
use super::{Binding, ExpressionBinding, ExpressionPurpose, ExpressionScope, Role, Session, Variables};
use crate::name::Name;
use crate::schema::{Address, DataType, Schema};
use crate::sql::tree::{Copy, CopyDirection, Expr, Ident, ObjectName, Query, Statement, StatementKind};

/// Resolves a query.
pub fn bind_query(schema: &Schema, session: &Session, query: &Query) -> Binding {
    Binder::new(schema, session).bound_query(query)
}

/// The same for a query that nobody gives parameters to: `$1` is refused.
pub fn bind_query_without_parameters(schema: &Schema, session: &Session, query: &Query) -> Binding {
    let mut binder = Binder::new(schema, session);
    binder.parameters_are_known = true;
    binder.bound_query(query)
}

fn finish(mut binder: Binder<'_>, rows: &Rows) -> Binding {
    binder.found.outputs = binder.outputs(&rows.columns);
    binder.found.open_outputs = rows.uncertain.is_some();
    binder.finish()
}

/// Resolves a statement: queries and what writes rows; of DDL the queries in it. Other statements give an empty binding.
pub fn bind_statement(schema: &Schema, session: &Session, statement: &Statement) -> Binding {
    bind_in(Binder::new(schema, session), statement)
}

/// The same for a statement in a procedural body, whose variables its names may mean. `parameters` are the types of `$1`, `$2` … with their names.
pub fn bind_statement_among(
    schema: &Schema,
    session: &Session,
    statement: &Statement,
    variables: &Variables,
    parameters: &[(Option<Name>, DataType)],
) -> Binding {
    bind_in(among(schema, session, variables, parameters), statement)
}

/// The same for a statement of a body in SQL: it has no variables, and no other parameters than those; the routine's name may stand before theirs.
pub fn bind_statement_with(schema: &Schema, session: &Session, statement: &Statement, routine: &Name, parameters: &[(Option<Name>, DataType)]) -> Binding {
    let labels = vec![routine.clone()];
    let mut binder = among(schema, session, &Variables { labels, ..Variables::default() }, parameters);
    binder.parameters_are_known = true;
    bind_in(binder, statement)
}

/// Resolves a value or condition in a procedural body: it is a query without `SELECT`. The binding has it as its only output.
pub fn bind_value_among(schema: &Schema, session: &Session, value: &Expr, variables: &Variables, parameters: &[(Option<Name>, DataType)]) -> Binding {
    let mut binder = among(schema, session, variables, parameters);
    binder.open_level(Clause::Other);
    binder.level().clause = Clause::SelectList;
    let found = binder.expression(value);
    binder.close_level();
    let output = binder.output(&Name::stored("?column?"), &found, &super::value::Sources::default(), value.span);
    binder.found.outputs = vec![output];
    binder.finish()
}

fn among<'a>(schema: &'a Schema, session: &'a Session, variables: &Variables, parameters: &[(Option<Name>, DataType)]) -> Binder<'a> {
    let mut binder = Binder::new(schema, session);
    binder.variables = Rc::new(variables.clone());
    for (index, (name, data_type)) in parameters.iter().enumerate() {
        let parameter = Parameter { name: name.clone(), data_type: Some(data_type.clone()) };
        binder.parameters.insert(format!("${}", index + 1).into(), parameter);
    }
    binder
}

fn bind_in(mut binder: Binder<'_>, statement: &Statement) -> Binding {
    match &statement.kind {
        StatementKind::Query(query) => {
            let rows = binder.query(query).settled();
            return finish(binder, &rows);
        }
        StatementKind::Dml(dml) => {
            let rows = binder.writing(dml).settled();
            return finish(binder, &rows);
        }
        StatementKind::CreateTableAs(create) => match &create.query {
            Some(query) => {
                let rows = binder.query(query).settled();
                binder.into_new_relation(&rows, &create.columns);
            }
            None => binder.unresolved(create.name.to_string(), "what a prepared statement gives is not known", create.name.span()),
        },
        StatementKind::CreateView(create) => {
            let rows = binder.query(&create.query).settled();
            binder.into_new_relation(&rows, &create.columns);
        }
        StatementKind::Copy(copy) => {
            let rows = binder.copy(copy);
            return finish(binder, &rows);
        }
        StatementKind::Call(call) => {
            binder.open_level(Clause::CallArgument);
            binder.calls_procedure = true;
            binder.call(call, statement.span);
            binder.close_level();
        }
        StatementKind::RefreshView(refresh) => binder.mention(&refresh.name),
        StatementKind::Truncate { tables, .. } | StatementKind::Lock { tables, .. } => {
            for table in tables {
                binder.mention(table);
            }
        }
        StatementKind::Do(block) => binder.unresolved("DO", format!("a block in {} is not resolved", block.language), statement.span),
        StatementKind::Unread(unread) => binder.unresolved(unread.head.as_str(), unread.message.as_str(), unread.span),
        StatementKind::CreateTable(_)
        | StatementKind::AlterTable(_)
        | StatementKind::AlterView(_)
        | StatementKind::CreateIndex(_)
        | StatementKind::AlterIndex(_)
        | StatementKind::CreateSequence(_)
        | StatementKind::AlterSequence(_)
        | StatementKind::CreateSchema(_)
        | StatementKind::CreateType(_)
        | StatementKind::CreateDomain(_)
        | StatementKind::CreateFunction(_)
        | StatementKind::CreateTrigger(_)
        | StatementKind::CreatePolicy(_)
        | StatementKind::CreateExtension(_)
        | StatementKind::AlterObject(_)
        | StatementKind::Drop(_)
        | StatementKind::Comment(_)
        | StatementKind::Grant(_)
        | StatementKind::AlterDefaultPrivileges(_)
        | StatementKind::Session(_)
        | StatementKind::Transaction(_)
        | StatementKind::Maintenance(_)
        | StatementKind::CreateOther { .. }
        | StatementKind::MetaCommand(_)
        | StatementKind::AlterSystem
        | StatementKind::NoEffect { .. } => {}
    }
    binder.finish()
}

/// Resolves an expression that stands outside of a query.
pub fn bind_expression(schema: &Schema, session: &Session, scope: &ExpressionScope, expression: &Expr) -> ExpressionBinding {
    let mut binder = Binder::new(schema, session);
    binder.open_level(clause_of(scope.purpose));
    binder.role = Role::Value;
    binder.domain_value.clone_from(&scope.value);
    for (index, (name, data_type)) in scope.parameters.iter().enumerate() {
        let parameter = Parameter { name: name.clone(), data_type: Some(data_type.clone()) };
        binder.parameters.insert(format!("${}", index + 1).into(), parameter);
    }
    for relation in &scope.relations {
        let found = binder.stored_relation(relation.relation, expression.span, expression.span);
        binder.found.references.clear();
        let own = schema.get(relation.relation).map(|object| object.name.clone());
        let level = binder.level();
        level.relations.push(found);
        let index = level.relations.len() - 1;
        let name = relation.alias.clone().or(own);
        let is_alias = relation.alias.is_some();
        let by_column = relation.columns_visible;
        level.visible.push(Visible { relation: index, name, is_alias, by_name: true, by_column, lateral_only: false, lateral_allowed: true });
    }
    let value = binder.expression(expression);
    if is_condition(scope.purpose) {
        binder.must_be_boolean(&value, words_of(scope.purpose), expression.span);
    }
    if let Some(target) = &scope.target {
        binder.assigned_to(&value, target, "column", words_of(scope.purpose), expression.span);
    }
    let constant = binder.log.is_empty() && binder.parameters.is_empty() && binder.volatility == crate::sql::tree::Volatility::Immutable;
    let volatility = binder.volatility;
    binder.close_level();
    let data_type = match (&scope.target, value.is_untyped()) {
        (Some(target), true) => Some(target.clone()),
        _ => value.data_type.clone(),
    };
    let whole: Vec<Address> = scope.relations.iter().map(|relation| Address::whole(relation.relation)).collect();
    let found = binder.finish();
    ExpressionBinding {
        data_type,
        nullable: value.nullable,
        depends_on: found.depends_on.into_iter().filter(|address| !whole.contains(address)).collect(),
        reads: found.reads,
        references: found.references,
        enum_literals: found.enum_literals,
        conversions: found.conversions,
        errors: found.errors,
        unresolved: found.unresolved,
        volatility,
        constant,
    }
}

fn clause_of(purpose: ExpressionPurpose) -> Clause {
    match purpose {
        ExpressionPurpose::Default | ExpressionPurpose::ParameterDefault => Clause::Default,
        ExpressionPurpose::Generated => Clause::Generated,
        ExpressionPurpose::Check | ExpressionPurpose::DomainCheck => Clause::Check,
        ExpressionPurpose::IndexKey => Clause::IndexKey,
        ExpressionPurpose::IndexPredicate => Clause::IndexPredicate,
        ExpressionPurpose::PartitionKey => Clause::PartitionKey,
        ExpressionPurpose::PartitionBound => Clause::PartitionBound,
        ExpressionPurpose::Policy => Clause::Policy,
        ExpressionPurpose::TriggerCondition => Clause::TriggerCondition,
        ExpressionPurpose::Conversion => Clause::Conversion,
        ExpressionPurpose::Other => Clause::Other,
    }
}

fn is_condition(purpose: ExpressionPurpose) -> bool {
    match purpose {
        ExpressionPurpose::Check
        | ExpressionPurpose::DomainCheck
        | ExpressionPurpose::IndexPredicate
        | ExpressionPurpose::Policy
        | ExpressionPurpose::TriggerCondition => true,
        ExpressionPurpose::Default
        | ExpressionPurpose::Generated
        | ExpressionPurpose::IndexKey
        | ExpressionPurpose::PartitionKey
        | ExpressionPurpose::PartitionBound
        | ExpressionPurpose::Conversion
        | ExpressionPurpose::ParameterDefault
        | ExpressionPurpose::Other => false,
    }
}

fn words_of(purpose: ExpressionPurpose) -> &'static str {
    match purpose {
        ExpressionPurpose::Check | ExpressionPurpose::DomainCheck => "CHECK",
        ExpressionPurpose::IndexPredicate => "WHERE",
        ExpressionPurpose::Policy => "POLICY",
        ExpressionPurpose::TriggerCondition => "WHEN",
        ExpressionPurpose::Default | ExpressionPurpose::ParameterDefault => "default expression",
        ExpressionPurpose::Generated => "generation expression",
        ExpressionPurpose::Conversion => "USING expression",
        ExpressionPurpose::IndexKey | ExpressionPurpose::PartitionKey | ExpressionPurpose::PartitionBound | ExpressionPurpose::Other => "expression",
    }
}

impl Binder<'_> {
    /// A whole query, and what was found.
    pub(super) fn bound_query(mut self, query: &Query) -> Binding {
        let rows = self.query(query).settled();
        finish(self, &rows)
    }

    /// What a new table or view is made of, under the names it gives.
    fn into_new_relation(&mut self, rows: &Rows, names: &[Ident]) {
        let mut columns = rows.columns.clone();
        if names.len() > columns.len()
            && rows.uncertain.is_none()
            && let Some(first) = names.get(columns.len())
        {
            self.error("42601", "too many column names were specified", first.span);
        }
        for (column, name) in columns.iter_mut().zip(names) {
            column.name = name.name.clone();
        }
        for (index, column) in columns.iter().enumerate() {
            if column.name.as_str() != "*" && columns.iter().take(index).any(|earlier| earlier.name == column.name) {
                self.error("42701", format!("column \"{}\" specified more than once", column.name), column.place);
            }
        }
        self.found.outputs = self.outputs(&columns);
        self.found.open_outputs = rows.uncertain.is_some();
        self.found.written = self.found.outputs.clone();
        for output in &mut self.found.written {
            output.column = None;
        }
    }

    fn mention(&mut self, name: &ObjectName) {
        self.open_level(Clause::Other);
        self.relation_of_schema(name);
        self.close_level();
    }

    fn copy(&mut self, copy: &Copy) -> Rows {
        if let Some(query) = &copy.query {
            return self.query(query).settled();
        }
        let Some(table) = &copy.table else { return Rows::default() };
        self.open_level(Clause::Other);
        let (target, visible) = self.write_target(table, None, None);
        self.level().visible = vec![visible];
        let mut rows = Rows::default();
        self.must_be_copied_from(&target, table, copy.direction);
        if copy.direction == CopyDirection::In {
            self.found.inserts.extend(target.table);
        }
        match (copy.direction, copy.columns.is_empty()) {
            (CopyDirection::Out, true) => {
                let (items, uncertain) = self.star(None, &crate::sql::tree::StarOptions::default(), table.span());
                rows = Rows { columns: items.into_iter().map(|item| item.column).collect(), uncertain };
                self.by_place(&target, table, &[Role::Position]);
            }
            (CopyDirection::Out, false) => {
                for column in &copy.columns {
                    self.column_reference(std::slice::from_ref(column), column.span);
                }
            }
            (CopyDirection::In, true) => self.by_place(&target, table, &[Role::Position, Role::Write]),
            (CopyDirection::In, false) => {
                for column in &copy.columns {
                    if let Some(found) = self.target_column(target, column, table) {
                        self.must_not_be_generated(&found, None, true, true, column.span);
                    }
                }
            }
        }
        self.close_level();
        rows
    }

    /// `COPY` knows tables (copyto.c, BeginCopyTo, and copyfrom.c, CopyFrom; PostgreSQL 15: 42809).
    fn must_be_copied_from(&mut self, target: &super::write::Target, name: &ObjectName, direction: CopyDirection) {
        if direction == CopyDirection::In {
            return;
        }
        let Some(view) = target.table.and_then(|table| self.schema.view(table)).filter(|_| self.is_typed()) else { return };
        // Later servers copy out of a materialized view.
        if view.kind != crate::sql::tree::ViewKind::Materialized {
            self.error("42809", format!("cannot copy from view \"{}\"", name.name), name.span());
        }
    }

    fn by_place(&mut self, target: &super::write::Target, name: &ObjectName, roles: &[Role]) {
        let Some(table) = target.table else { return };
        for column in self.schema.columns(table) {
            for role in roles {
                self.read(Address::column(table, column.number), *role, name.span());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ExpressionPurpose;
    use super::super::fixture::{bind_alone, bind_in, called, relation, warehouse};
    use super::*;
    use crate::schema::DataType;

    #[test]
    fn views_are_followed_down_to_tables() {
        let schema = warehouse();
        let binding = bind_in(&schema, "SELECT called FROM active");
        let output = binding.outputs.first().unwrap();
        assert_eq!(output.sources.iter().map(|source| called(&schema, *source)).collect::<Vec<_>>(), ["clients.name"]);
        assert_eq!(output.direct_sources.iter().map(|source| called(&schema, *source)).collect::<Vec<_>>(), ["active.called"]);
        assert!(!output.nullable);
    }

    #[test]
    fn a_check_sees_its_table_and_is_boolean() {
        let schema = warehouse();
        let scope = ExpressionScope::of_relation(ExpressionPurpose::Check, relation(&schema, "clients"));
        let bound = bind_alone(&schema, &scope, "paid > 0 AND name <> ''");
        assert_eq!(bound.errors, Vec::new());
        assert_eq!(bound.depends_on.iter().map(|address| called(&schema, *address)).collect::<Vec<_>>(), ["clients.name", "clients.paid"]);
        assert_eq!(bind_alone(&schema, &scope, "paid").errors.first().unwrap().sqlstate, "42804");
        assert_eq!(bind_alone(&schema, &scope, "(SELECT true)").errors.first().unwrap().sqlstate, "0A000");
    }

    #[test]
    fn a_default_sees_no_columns_and_fits_its_column() {
        let schema = warehouse();
        let scope = ExpressionScope {
            target: Some(DataType::builtin("int4")),
            ..ExpressionScope::of_relation(ExpressionPurpose::Default, relation(&schema, "clients"))
        };
        assert_eq!(bind_alone(&schema, &scope, "id + 1").errors.first().unwrap().sqlstate, "0A000");
        assert_eq!(bind_alone(&schema, &scope, "now()").errors.first().unwrap().sqlstate, "42804");
        assert_eq!(bind_alone(&schema, &scope, "2 + 3").errors, Vec::new());
        assert!(bind_alone(&schema, &scope, "2 + 3").constant);
    }

    #[test]
    fn a_sequence_in_a_string_is_depended_on() {
        let schema = warehouse();
        let scope = ExpressionScope::empty(ExpressionPurpose::Default);
        let bound = bind_alone(&schema, &scope, "nextval('clients')");
        assert_eq!(bound.references.iter().filter(|(_, address)| called(&schema, *address) == "clients").count(), 1);
        assert_eq!(bind_alone(&schema, &scope, "nextval('nope'::regclass)").errors.first().unwrap().sqlstate, "42P01");
    }
}
