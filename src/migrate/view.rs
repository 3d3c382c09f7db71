//! Views and materialized views, and tables made from a query.
//!
//! Source: PostgreSQL 15, DefineView and checkViewColumns (view.c), createas.c, matview.c.

use std::sync::Arc;

use super::create_table::Place;
use super::sequence::persistence;
use super::storage_parameter::ParametersOf;
use super::storage_parameter::own_parameters;
use super::work::{Applied, Work};
use super::written::Written;
use super::{DataChange, NotJudged};
use crate::lineage::{Binding, Output};
use crate::schema::{Address, Column, ColumnNumber, ColumnOrigin, DataType, Definition, NameSpace, ObjectBody, ObjectId, Table, TypeIdentity, View};
use crate::sql::tree::AlterTableAction;
use crate::sql::tree::{
    AlterView, AlterViewAction, CreateTableAs, CreateView, Ident, ObjectName, Query, QueryBody, RefreshView, RelationKind, TemporaryKind, ViewKind,
};

impl Work<'_> {
    /// `CREATE [OR REPLACE] [MATERIALIZED] VIEW`.
    pub(super) fn create_view(&mut self, statement: &CreateView) -> Applied {
        // The query comes before the name, as on the server.
        let view = self.view_from(statement)?;
        let temporary = self.temporariness(statement);
        let namespace = self.creation_namespace(&statement.name, temporary)?;
        let existing = self.schema.find(NameSpace::Relation, Some(namespace), &statement.name.name.name);
        if let Some(existing) = existing
            && statement.or_replace
            && statement.kind == ViewKind::Plain
        {
            return self.replace_view(existing, view);
        }
        let Place::Free(namespace) = self.place_for_relation(&statement.name, temporary, statement.if_not_exists)? else { return Ok(()) };
        self.place_is_free(&statement.name, namespace)?;
        let id = self.insert_object(statement.name.name.name.clone(), namespace, ObjectBody::View(view));
        self.name_object(id);
        Ok(())
    }

    /// A view over something temporary is temporary itself (DefineView).
    fn temporariness(&self, statement: &CreateView) -> TemporaryKind {
        if statement.kind != ViewKind::Plain || statement.temporary != TemporaryKind::Permanent || self.session.temporary.is_none() {
            return statement.temporary;
        }
        let binding = crate::lineage::bind_query(&self.schema, &self.session, &statement.query);
        if self.reads_temporary(&binding) { TemporaryKind::Temporary } else { statement.temporary }
    }

    /// What a view's query may not be, and what a view may say of itself.
    fn view_is_allowed(&mut self, statement: &CreateView) -> Applied {
        if self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        let is_plain = statement.kind == ViewKind::Plain;
        let of = if is_plain { ParametersOf::View } else { ParametersOf::Table };
        if let Some(method) = &statement.access_method {
            self.table_method_exists(method)?;
        }
        self.tablespace_of(statement.tablespace.as_ref())?;
        self.parameters_are_valid(of, &statement.parameters)?;
        if statement.temporary == TemporaryKind::Unlogged {
            let (sqlstate, message) = if is_plain {
                ("42601", "views cannot be unlogged because they do not have storage")
            } else {
                ("0A000", "materialized views cannot be unlogged")
            };
            return self.refuse(sqlstate, message);
        }
        if let QueryBody::Select(select) = &statement.query.body
            && select.into.is_some()
        {
            return self.refuse("0A000", "views must not contain SELECT INTO");
        }
        if is_plain && (statement.check_option.is_some() || statement.parameters.iter().any(|parameter| parameter.name == "check_option")) {
            if statement.recursive {
                return self.refuse("0A000", "WITH CHECK OPTION not supported on recursive views");
            }
        }
        if statement.query.with.iter().any(|cte| matches!(cte.query.body, QueryBody::Dml(_))) {
            let word = if is_plain { "views" } else { "materialized views" };
            return self.refuse("0A000", format!("{word} must not contain data-modifying statements in WITH"));
        }
        Ok(())
    }

    /// The query of `CREATE RECURSIVE VIEW v (a) AS q`: `WITH RECURSIVE v (a) AS (q) SELECT a FROM v` (makeRecursiveViewSelect, gram.y).
    fn recursive_query(&self, statement: &CreateView) -> Option<Query> {
        if !statement.recursive {
            return None;
        }
        let dialect = self.schema.dialect;
        let name = dialect.quote(&statement.name.name.name);
        let columns: Vec<String> = statement.columns.iter().map(|column| dialect.quote(&column.name)).collect();
        let columns = columns.join(", ");
        let inner = self.sources.slice(statement.query_span);
        let mut sources = crate::text::Sources::default();
        let id = sources.add("<recursive view>", format!("WITH RECURSIVE {name} ({columns}) AS ({inner}) SELECT {columns} FROM {name}"));
        crate::sql::read_query(&sources, id, dialect).ok()
    }

    fn view_from(&mut self, statement: &CreateView) -> Applied<View> {
        self.view_is_allowed(statement)?;
        if let Some(query) = self.recursive_query(statement) {
            let outer = CreateView { recursive: false, columns: Vec::new(), query: Box::new(query), ..statement.clone() };
            return self.view_from(&outer);
        }
        let (binding, definition) = self.bind_stored_query(&statement.query)?;
        let unresolved = self.unresolved_reason(&binding);
        let columns = self.columns_of_query(&binding, &statement.columns, (statement.name.name.name.as_str(), Some(statement.kind)), unresolved.is_some())?;
        if statement.kind == ViewKind::Materialized && self.reads_temporary(&binding) {
            return self.refuse("0A000", "materialized views must not use temporary tables or views");
        }
        for column in &columns {
            if statement.kind == ViewKind::Materialized {
                self.column_name_is_allowed(&column.name)?;
            }
            self.column_type_is_allowed(&column.name, &column.data_type, None)?;
        }
        let check_option = statement.check_option.or_else(|| check_option_of(&statement.parameters));
        if check_option.is_some() {
            self.takes_check_option(&statement.query, &binding)?;
        }
        let late_binding = self.schema.dialect.binds_late(statement.no_schema_binding);
        let definition =
            if late_binding { Definition::text(self.sources.slice(statement.query_span)).needing(binding.depends_on.iter().copied()) } else { definition };
        Ok(View {
            kind: statement.kind,
            columns,
            origins: origins(&binding.outputs),
            query: definition,
            written: Some(Arc::from(self.sources.slice(statement.query_span))),
            check_option,
            parameters: own_parameters(&statement.parameters).into_iter().filter(|(name, _)| &**name != "check_option").collect(),
            populated: statement.with_data,
            late_binding,
            unresolved,
        })
    }

    fn reads_temporary(&self, binding: &Binding) -> bool {
        let temporary = self.session.temporary;
        temporary.is_some() && binding.depends_on.iter().any(|address| self.namespace_of(address.object) == temporary)
    }

    /// Why the columns of a query are not known; said in the outcome too.
    fn unresolved_reason(&mut self, binding: &Binding) -> Option<Arc<str>> {
        for unresolved in &binding.unresolved {
            let reason = format!("`{}` cannot be resolved: {}", unresolved.reference, unresolved.reason);
            self.not_judged.push(NotJudged { reason, span: unresolved.span, touches: Vec::new() });
        }
        let untyped = binding.outputs.iter().any(|output| output.data_type.is_none());
        match binding.unresolved.first() {
            Some(first) if untyped || binding.outputs.is_empty() => Some(Arc::from(format!("`{}`: {}", first.reference, first.reason))),
            _ => None,
        }
    }

    /// Output columns as columns of a relation, under the names that are written.
    fn columns_of_query(&self, binding: &Binding, names: &[Ident], (relation, kind): (&str, Option<ViewKind>), incomplete: bool) -> Applied<Vec<Column>> {
        let is_view = kind == Some(ViewKind::Plain);
        if names.len() > binding.outputs.len() && !incomplete {
            return self.refuse("42601", if is_view { "CREATE VIEW specifies more column names than columns" } else { "too many column names were specified" });
        }
        let mut columns: Vec<Column> = Vec::new();
        for (position, output) in binding.outputs.iter().enumerate() {
            let name = names.get(position).map_or_else(|| output.name.clone(), |name| name.name.clone());
            if columns.iter().any(|column| column.name == name) {
                return self.refuse("42701", format!("column \"{name}\" specified more than once"));
            }
            let number = ColumnNumber(u16::try_from(position + 1).unwrap_or(u16::MAX));
            let mut column = Column::new(number, name, self.stored_type(output, relation));
            // A column that is nothing but another has its collation.
            if let Some(Address { object, part: crate::schema::Part::Column(number) }) = output.column {
                column.collation = self.schema.column(object, number).and_then(|own| own.collation.clone());
            }
            columns.push(column);
        }
        Ok(columns)
    }

    /// The type that a column made from an output gets: an untyped literal becomes text (parse_type.c, resolveTargetListUnknowns).
    #[expect(clippy::unused_self, reason = "reads as the other rules of types")]
    fn stored_type(&self, output: &Output, relation: &str) -> DataType {
        match &output.data_type {
            Some(data_type) if data_type.is_builtin("unknown") => DataType::builtin("text"),
            Some(data_type) => data_type.clone(),
            None => {
                DataType { identity: TypeIdentity::Unknown(Arc::from(format!("type of {relation}.{}", output.name))), modifiers: Arc::from([]), array: false }
            }
        }
    }

    /// `CREATE OR REPLACE VIEW` of one that is there: columns stay, more may follow (checkViewColumns).
    fn replace_view(&mut self, id: ObjectId, mut new: View) -> Applied {
        let name = self.name_of(id);
        let Some(old) = self.schema.view(id).cloned().filter(|view| view.kind == ViewKind::Plain) else {
            return self.refuse("42809", format!("\"{name}\" is not a view"));
        };
        let is_known = old.unresolved.is_none() && new.unresolved.is_none();
        if new.columns.len() < old.columns.len() && is_known {
            return self.refuse("42P16", "cannot drop columns from view");
        }
        for (was, is) in old.columns.iter().zip(&new.columns) {
            if was.name != is.name {
                let message = format!("cannot change name of view column \"{}\" to \"{}\"", was.name, is.name);
                return self.refuse_with("42P16", message, "Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.");
            }
            let known = is_known && ![was, is].iter().any(|column| matches!(column.data_type.identity, TypeIdentity::Unknown(_)));
            if was.data_type != is.data_type && known {
                let (from, to) = (self.shown_type(&was.data_type), self.shown_type(&is.data_type));
                return self.refuse("42P16", format!("cannot change data type of view column \"{}\" from {from} to {to}", was.name));
            }
        }
        for (was, is) in old.columns.iter().zip(new.columns.iter_mut()) {
            let fresh = is.data_type.clone();
            *is = was.clone();
            is.data_type = fresh;
        }
        let next = old.columns.iter().map(|column| column.number.0).max().unwrap_or(0);
        for (position, column) in new.columns.iter_mut().enumerate().skip(old.columns.len()) {
            let more = u16::try_from(position - old.columns.len()).unwrap_or(0);
            column.number = ColumnNumber(next.saturating_add(more).saturating_add(1));
        }
        for column in new.columns.iter().skip(old.columns.len()) {
            self.name(Address::column(id, column.number));
        }
        self.name_object(id);
        self.schema.update(id, |object| object.body = ObjectBody::View(new));
        Ok(())
    }

    /// `ALTER [MATERIALIZED] VIEW`.
    pub(super) fn alter_view(&mut self, statement: &AlterView) -> Applied {
        let kind = match statement.kind {
            ViewKind::Plain => RelationKind::View,
            ViewKind::Materialized => RelationKind::MaterializedView,
        };
        let id = match self.relation_if_any(&statement.name)? {
            Some(id) => id,
            None if statement.if_exists => {
                self.notice(format!("relation \"{}\" does not exist, skipping", statement.name.name));
                return Ok(());
            }
            None => return self.no_relation(&statement.name),
        };
        let action = match &statement.action {
            AlterViewAction::Rename(to) => AlterTableAction::Rename(to.clone()),
            AlterViewAction::RenameColumn { from, to } => AlterTableAction::RenameColumn { from: from.clone(), to: to.clone() },
            AlterViewAction::SetSchema(schema) => AlterTableAction::SetSchema(schema.clone()),
            AlterViewAction::Owner(role) => AlterTableAction::Owner(role.clone()),
            AlterViewAction::AlterColumn(column, action) => AlterTableAction::AlterColumn { column: column.clone(), action: action.clone() },
            AlterViewAction::SetParameters(parameters) => AlterTableAction::SetParameters(parameters.clone()),
            AlterViewAction::ResetParameters(parameters) => AlterTableAction::ResetParameters(parameters.clone()),
            AlterViewAction::Physical(words) => {
                self.extension_is_there(words)?;
                AlterTableAction::Physical(words.clone())
            }
            AlterViewAction::Query(..) => {
                return self.unknown(
                    "a new query for a view by ALTER VIEW is not modelled in this dialect",
                    self.span,
                    vec![Arc::from(statement.name.to_string())],
                );
            }
        };
        // A column is renamed whatever kind of relation the statement speaks of (renameatt, tablecmds.c).
        let kind = if matches!(action, AlterTableAction::RenameColumn { .. }) { RelationKind::Table } else { kind };
        self.alter_relation_action(kind, id, &action)
    }

    /// `DEPENDS ON EXTENSION e`.
    fn extension_is_there(&self, words: &str) -> Applied {
        let Some(extension) = Written::of(words, self.schema.dialect).name_after(&["depends", "on", "extension"]) else { return Ok(()) };
        if extension.name.as_str() != "plpgsql" && self.schema.find(NameSpace::Extension, None, &extension.name).is_none() {
            return self.refuse("42704", format!("extension \"{}\" does not exist", extension.name));
        }
        Ok(())
    }

    /// A rule `ON SELECT` makes an empty table a view, until 15 (DefineQueryRewrite).
    pub(super) fn table_becomes_view(&mut self, table: ObjectId, query: &Query) -> Applied {
        let name = self.name_of(table);
        if self.schema.server.major_version.is_some_and(|version| version >= 16) {
            return self.refuse("42809", format!("relation \"{name}\" cannot have ON SELECT rules"));
        }
        let (binding, definition) = self.bind_stored_query(query)?;
        let Some(body) = self.schema.table(table).cloned() else { return Ok(()) };
        for (position, (column, output)) in body.columns.iter().zip(&binding.outputs).enumerate() {
            let entry = format!("SELECT rule's target entry {}", position + 1);
            if column.name != output.name {
                return self.refuse("42P17", format!("{entry} has different column name from column \"{}\"", column.name));
            }
            let is_other = output.data_type.as_ref().is_some_and(|own| !own.is_builtin("unknown") && *own != column.data_type);
            if is_other {
                return self.refuse("42P17", format!("{entry} has different type from column \"{}\"", column.name));
            }
        }
        match binding.outputs.len().cmp(&body.columns.len()) {
            std::cmp::Ordering::Less if !binding.open_outputs => return self.refuse("42P17", "SELECT rule's target list has too few entries"),
            std::cmp::Ordering::Greater => return self.refuse("42P17", "SELECT rule's target list has too many entries"),
            std::cmp::Ordering::Less | std::cmp::Ordering::Equal => {}
        }
        if body.partition_bound.is_some() {
            return self.refuse("42809", format!("cannot convert partition \"{name}\" to a view"));
        }
        let hanging: Vec<ObjectId> = self.schema.on_table(table);
        let has = |is: fn(&ObjectBody) -> bool| hanging.iter().any(|id| self.schema.get(*id).is_some_and(|object| is(&object.body)));
        let faults = [
            (has(|body| matches!(body, ObjectBody::Trigger(_))), "it has triggers"),
            (has(|body| matches!(body, ObjectBody::Index(_))), "it has indexes"),
            (!self.children(table).is_empty(), "it has child tables"),
            (!body.parents.is_empty(), "it has parent tables"),
            (body.row_security, "it has row security enabled"),
            (has(|body| matches!(body, ObjectBody::Policy(_))), "it has row security policies"),
        ];
        if let Some((_, why)) = faults.iter().find(|(is_so, _)| *is_so) {
            return self.refuse("55000", format!("could not convert table \"{name}\" to a view because {why}"));
        }
        if has(|body| matches!(body, ObjectBody::Constraint(_))) {
            return self.unknown(
                format!("the table `{name}` with constraints that a rule makes a view is not modelled"),
                self.span,
                vec![Arc::from(name.as_str())],
            );
        }
        if self.may_hold_rows(table) {
            let query = format!("SELECT 1 FROM {} LIMIT 1", self.qualified(table));
            self.may_fail("55000", format!("the table {} is empty", self.shown_name(table)), Some(query));
        }
        let unresolved = self.unresolved_reason(&binding);
        let view = View {
            kind: ViewKind::Plain,
            columns: body.columns,
            origins: origins(&binding.outputs),
            query: definition,
            written: Some(Arc::from(self.sources.slice(query.span))),
            check_option: None,
            parameters: Vec::new(),
            populated: true,
            late_binding: false,
            unresolved,
        };
        self.name_object(table);
        self.schema.update(table, |object| object.body = ObjectBody::View(view));
        Ok(())
    }

    /// `REFRESH MATERIALIZED VIEW`.
    pub(super) fn refresh_view(&mut self, statement: &RefreshView) -> Applied {
        let id = self.relation(&statement.name)?;
        let Some(view) = self.schema.view(id).filter(|view| view.kind == ViewKind::Materialized) else {
            if self.schema.table(id).is_none() {
                return self.refuse("42809", format!("\"{}\" is not a table or materialized view", statement.name.name));
            }
            return self.refuse("0A000", format!("\"{}\" is not a materialized view", statement.name.name));
        };
        if statement.concurrently {
            if !statement.with_data {
                return self.refuse("42601", "CONCURRENTLY and WITH NO DATA options cannot be used together");
            }
            if !view.populated {
                return self.refuse("0A000", "CONCURRENTLY cannot be used when the materialized view is not populated");
            }
            let has_key = self
                .schema
                .on_table(id)
                .into_iter()
                .filter_map(|index| self.schema.index(index))
                .any(|index| index.unique && index.predicate.is_none() && index.keys.iter().all(|key| key.column.is_some()));
            if !has_key {
                return self.refuse_with(
                    "55000",
                    format!("cannot refresh materialized view \"{}\" concurrently", self.shown_qualified(id)),
                    "Create a unique index with no WHERE clause on one or more columns of the materialized view.",
                );
            }
        }
        self.name_object(id);
        let populated = statement.with_data;
        self.schema.update(id, |object| {
            if let ObjectBody::View(view) = &mut object.body {
                view.populated = populated;
            }
        });
        self.data(id, DataChange::Refreshed);
        Ok(())
    }

    fn shown_qualified(&self, id: ObjectId) -> String {
        self.schema.qualified_name(id).map_or_else(|| self.name_of(id), |name| name.to_string())
    }

    /// `CREATE TABLE … AS`.
    pub(super) fn create_table_as(&mut self, statement: &CreateTableAs) -> Applied {
        if let Some(query) = &statement.query {
            self.bind_rows_of(query)?;
        }
        let Place::Free(namespace) = self.place_for_relation(&statement.name, statement.temporary, statement.if_not_exists)? else { return Ok(()) };
        let Some(query) = &statement.query else {
            return self.unknown("the columns of a prepared query are not known here", self.span, vec![Arc::from(statement.name.to_string())]);
        };
        if self.schema.dialect.built_ins.is_some() {
            self.parameters_are_valid(ParametersOf::Table, &statement.parameters)?;
        }
        let id = self.table_from_query(namespace, &statement.name, query, &statement.columns, statement.temporary)?;
        let parameters = own_parameters(&statement.parameters);
        let known_empty = !statement.with_data;
        self.schema.update_table(id, |table| {
            table.parameters = parameters;
            table.known_empty = known_empty;
        });
        Ok(())
    }

    /// A table with the columns of a query.
    pub(super) fn table_from_query(
        &mut self,
        namespace: ObjectId,
        place: &ObjectName,
        query: &Query,
        names: &[Ident],
        temporary: TemporaryKind,
    ) -> Applied<ObjectId> {
        let binding = self.bind_rows_of(query)?;
        self.place_is_free(place, namespace)?;
        let name = place.name.name.clone();
        let unresolved = self.unresolved_reason(&binding);
        let columns = self.columns_of_query(&binding, names, (name.as_str(), None), unresolved.is_some())?;
        // Columns of unknown type are still columns; only when their number is open, nothing can be said about the table.
        if let Some(reason) = unresolved.filter(|_| is_open(&binding.outputs)) {
            self.schema.mark_unknown(name.clone(), reason);
        }
        for column in &columns {
            self.column_name_is_allowed(&column.name)?;
            self.column_type_is_allowed(&column.name, &column.data_type, None)?;
        }
        let mut table = Table::new();
        table.persistence = persistence(temporary);
        table.next_column = u16::try_from(columns.len() + 1).unwrap_or(u16::MAX);
        table.columns = columns;
        let id = self.insert_object(name, namespace, ObjectBody::Table(table));
        self.name_object(id);
        Ok(id)
    }
}

/// `WITH (check_option = local)` is the clause in other words.
pub(super) fn check_option_of(parameters: &[crate::sql::tree::StorageParameter]) -> Option<crate::sql::tree::CheckOption> {
    use crate::sql::tree::CheckOption;
    let written = parameters.iter().find(|parameter| parameter.name == "check_option")?;
    match written.value.as_deref()?.to_ascii_lowercase().as_str() {
        "local" => Some(CheckOption::Local),
        "cascaded" => Some(CheckOption::Cascaded),
        _ => None,
    }
}

/// Whether a star stands for columns that nobody knows.
fn is_open(outputs: &[Output]) -> bool {
    outputs.is_empty() || outputs.iter().any(|output| output.named_sources.iter().any(|source| source.column == "*"))
}

fn origins(outputs: &[Output]) -> Vec<ColumnOrigin> {
    outputs
        .iter()
        .map(|output| ColumnOrigin {
            sources: output.direct_sources.clone(),
            never_null: !output.nullable,
            passes: output.column,
            output: Some(output.name.clone()),
        })
        .collect()
}
