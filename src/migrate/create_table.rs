//! `CREATE TABLE` in all its forms.
//!
//! Source: PostgreSQL 15, transformCreateStmt (parse_utilcmd.c) and DefineRelation (tablecmds.c): columns first, then checks, then keys
//! (the primary key before the others, duplicates merged), then what `LIKE` brings, then foreign keys.

use std::sync::Arc;

use super::column::{ColumnParts, Filling};
use super::occasion::Occasion;
use super::sequence::persistence;
use super::storage_parameter::ParametersOf;
use super::storage_parameter::own_parameters;
use super::table_like::includes;
use super::work::{Applied, Work};
use crate::lineage::ExpressionPurpose;
use crate::schema::{
    Address, ColumnNumber, Definition, Dependency, DependencyKind, NameSpace, ObjectBody, ObjectId, Partitioning, Persistence, Piece, Table, TableKind,
    UserType,
};
use crate::sql::tree::{
    ColumnConstraintKind, ColumnDefinition, CreateTable, ExprKind, ObjectName, PartitionBy, TableConstraint, TableConstraintKind, TableElement, TemporaryKind,
};

/// Whether the name of a new relation is free.
pub(super) enum Place {
    /// It is, in that namespace.
    Free(ObjectId),
    /// It is not, and the statement says that this is fine.
    Taken,
}

impl Work<'_> {
    /// The namespace for a new relation; [`Work::place_is_free`] asks whether the name is free there.
    pub(super) fn place_for_relation(&mut self, name: &ObjectName, temporary: TemporaryKind, if_not_exists: bool) -> Applied<Place> {
        let namespace = self.creation_namespace(name, temporary)?;
        let own = &name.name.name;
        if if_not_exists && self.schema.find(NameSpace::Relation, Some(namespace), own).is_some() {
            self.notice(format!("relation \"{own}\" already exists, skipping"));
            return Ok(Place::Taken);
        }
        self.refuse_unless_known(name)?;
        Ok(Place::Free(namespace))
    }

    /// Refuses a name that a relation or type of the namespace has. The server asks once it has read the whole statement.
    pub(super) fn place_is_free(&self, name: &ObjectName, namespace: ObjectId) -> Applied {
        let own = &name.name.name;
        if self.schema.find(NameSpace::Relation, Some(namespace), own).is_some() {
            return self.refuse_at(name.span(), "42P07", format!("relation \"{own}\" already exists"));
        }
        if self.schema.find(NameSpace::Type, Some(namespace), own).is_some() {
            return self.refuse_at(name.span(), "42710", format!("type \"{own}\" already exists"));
        }
        Ok(())
    }

    /// `CREATE TABLE`.
    pub(super) fn create_table(&mut self, statement: &CreateTable) -> Applied {
        let Place::Free(namespace) = self.place_for_relation(&statement.name, statement.temporary, statement.if_not_exists)? else { return Ok(()) };
        if let Some(source) = &statement.clone_of {
            return self.unknown(
                "a table made as a copy of another is not modelled in this dialect",
                self.span,
                vec![Arc::from(statement.name.to_string()), Arc::from(source.to_string())],
            );
        }
        self.new_table_is_allowed(statement, namespace)?;
        self.clauses_go_together(statement)?;
        let parents = self.parents_of_new(statement)?;
        let (columns, constraints) = self.collect_columns(statement, &parents)?;
        self.keys_have_columns(&columns, &constraints)?;
        let mut table = Table::new();
        table.known_empty = true;
        table.persistence = persistence(statement.temporary);
        if namespace == self.session.temporary.unwrap_or(namespace) && self.session.temporary.is_some() {
            table.persistence = crate::schema::Persistence::Temporary;
        }
        table.kind = match (&statement.partition_by, statement.foreign) {
            (Some(_), _) => TableKind::Partitioned,
            (None, true) => TableKind::Foreign,
            (None, false) => TableKind::Ordinary,
        };
        table.parents.clone_from(&parents);
        if let (Some((_, bound)), Some(parent)) = (&statement.partition_of, parents.first()) {
            table.partition_bound = Some(self.new_bound(*parent, statement.name.name.name.as_str(), &bound.0)?);
            self.may_be_below(*parent, table.persistence)?;
        }
        for parent in &parents {
            self.may_be_below(*parent, table.persistence)?;
        }
        table.parameters = own_parameters(&statement.parameters);
        table.options = table_options(statement);
        if let Some(of_type) = &statement.of_type {
            table.of_type = self.type_named(of_type)?;
        }
        self.place_is_free(&statement.name, namespace)?;
        let id = self.insert_object(statement.name.name.name.clone(), namespace, ObjectBody::Table(table));
        self.name_object(id);
        if let Some(server) = statement.server.as_ref().and_then(|server| self.global_object(crate::sql::tree::ObjectKind::Server, &server.name)) {
            let needs = Dependency { dependent: Address::whole(id), on: Address::whole(server), kind: DependencyKind::Normal };
            self.schema.dependencies_mut().add(needs);
        }
        let numbers: Vec<ColumnNumber> = columns.iter().map(|parts| self.append_column(id, parts.column.clone())).collect();
        for (parts, number) in columns.iter().zip(numbers) {
            self.fill_column(id, number, &parts.filling)?;
        }
        if let Some(partition_by) = &statement.partition_by {
            self.set_partitioning(id, partition_by)?;
        }
        let (others, foreign_keys): (Vec<_>, Vec<_>) =
            constraints.into_iter().partition(|constraint| !matches!(constraint.kind, TableConstraintKind::ForeignKey { .. }));
        for parent in parents {
            self.take_over_from(parent, id, false)?;
        }
        self.add_new_constraints(id, &others)?;
        for element in &statement.elements {
            if let TableElement::Like(source, options) = element {
                let source = self.relation(source)?;
                self.take_over_like(source, id, options)?;
            }
        }
        if let Some((parent, _)) = &statement.partition_of {
            let parent = self.relation(parent)?;
            self.take_over_partition(parent, id)?;
        }
        for constraint in &foreign_keys {
            self.add_constraint(id, constraint, Occasion::NewTable)?;
        }
        Ok(())
    }

    /// Parameters, access method, tablespace and server of a new table.
    /// What the grammar asks of the clauses of a new table, and its way of storing rows.
    fn clauses_go_together(&self, statement: &CreateTable) -> Applied {
        if self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        if statement.of_type.is_some() && !statement.inherits.is_empty() {
            return self.refuse("42601", "syntax error at or near \"INHERITS\"");
        }
        if statement.foreign && statement.server.is_none() {
            return self.refuse("42601", "syntax error at end of input: a foreign table has a server");
        }
        let is_before_17 = self.schema.server.major_version.is_none_or(|version| version < 17);
        if statement.partition_by.is_some() && statement.access_method.is_some() && is_before_17 {
            return self.refuse("0A000", "specifying a table access method is not supported on a partitioned table");
        }
        if let Some((parent, _)) = statement.partition_of.as_ref().filter(|_| statement.foreign) {
            let parent = self.relation(parent)?;
            self.takes_foreign_partitions(parent, "create foreign partition of")?;
        }
        Ok(())
    }

    /// A partitioned table with a unique index has no foreign partitions.
    pub(super) fn takes_foreign_partitions(&self, parent: ObjectId, what: &str) -> Applied {
        let has_key = self.schema.on_table(parent).into_iter().filter_map(|id| self.schema.index(id)).any(|index| index.unique);
        if has_key {
            let detail = "The partitioned table contains indexes that are unique.";
            return self.refuse_with("42809", format!("cannot {what} partitioned table \"{}\"", self.name_of(parent)), detail);
        }
        Ok(())
    }

    fn new_table_is_allowed(&mut self, statement: &CreateTable, namespace: ObjectId) -> Applied {
        if self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        let is_temporary = self.session.temporary == Some(namespace);
        if statement.options.iter().any(|(word, _)| word == "ON COMMIT") && !is_temporary {
            return self.refuse("42P16", "ON COMMIT can only be used on temporary tables");
        }
        if is_temporary && statement.temporary == TemporaryKind::Unlogged {
            return self.refuse("42P16", "only temporary relations may be created in temporary schemas");
        }
        let of = if statement.partition_by.is_some() { ParametersOf::PartitionedTable } else { ParametersOf::Table };
        self.parameters_are_valid(of, &statement.parameters)?;
        self.tablespace_of(statement.tablespace.as_ref())?;
        if let Some(method) = &statement.access_method {
            self.table_method_exists(method)?;
        }
        if let Some(server) = &statement.server {
            self.server_exists(server)?;
        }
        if statement.foreign {
            self.constraints_suit_foreign_table(statement)?;
        }
        Ok(())
    }

    fn constraints_suit_foreign_table(&self, statement: &CreateTable) -> Applied {
        let refuse = |word: &str| self.refuse("0A000", format!("{word} constraints are not supported on foreign tables"));
        for element in &statement.elements {
            match element {
                TableElement::Column(column) => {
                    for constraint in &column.constraints {
                        match constraint.kind {
                            ColumnConstraintKind::PrimaryKey => return refuse("primary key"),
                            ColumnConstraintKind::Unique { .. } => return refuse("unique"),
                            ColumnConstraintKind::References(_) => return refuse("foreign key"),
                            _ => {}
                        }
                    }
                }
                TableElement::Constraint(constraint) => match constraint.kind {
                    TableConstraintKind::PrimaryKey { .. } => return refuse("primary key"),
                    TableConstraintKind::Unique { .. } => return refuse("unique"),
                    TableConstraintKind::ForeignKey { .. } => return refuse("foreign key"),
                    TableConstraintKind::Exclude { .. } => return refuse("exclusion"),
                    _ => {}
                },
                TableElement::Like(..) => return self.refuse("0A000", "LIKE is not supported for creating foreign tables"),
            }
        }
        Ok(())
    }

    /// A permanent table has no temporary parent, and a temporary partition no permanent one (MergeAttributes).
    fn may_be_below(&self, parent: ObjectId, own: Persistence) -> Applied {
        let Some(body) = self.schema.table(parent) else { return Ok(()) };
        let is_partitioned = body.kind == TableKind::Partitioned;
        let name = self.name_of(parent);
        if body.persistence == Persistence::Temporary && own != Persistence::Temporary {
            let message = if is_partitioned {
                format!("cannot create a permanent relation as partition of temporary relation \"{name}\"")
            } else {
                format!("cannot inherit from temporary relation \"{name}\"")
            };
            return self.refuse("42809", message);
        }
        if is_partitioned && own == Persistence::Temporary && body.persistence != Persistence::Temporary {
            return self.refuse("42809", format!("cannot create a temporary relation as partition of permanent relation \"{name}\""));
        }
        Ok(())
    }

    fn parents_of_new(&self, statement: &CreateTable) -> Applied<Vec<ObjectId>> {
        let mut parents = Vec::new();
        for name in statement.inherits.iter().chain(statement.partition_of.as_ref().map(|(parent, _)| parent)) {
            let parent = self.relation(name)?;
            let Some(table) = self.schema.table(parent) else {
                return self.refuse_at(name.span(), "42809", format!("inherited relation \"{}\" is not a table or foreign table", name.name));
            };
            let is_partitioned = table.kind == TableKind::Partitioned;
            if statement.partition_of.is_some() && !is_partitioned {
                return self.refuse_at(name.span(), "42P17", format!("\"{}\" is not partitioned", name.name));
            }
            if statement.partition_of.is_none() && is_partitioned {
                return self.refuse_at(name.span(), "42809", format!("cannot inherit from partitioned table \"{}\"", name.name));
            }
            if statement.partition_of.is_none() && table.partition_bound.is_some() {
                return self.refuse_at(name.span(), "42809", format!("cannot inherit from partition \"{}\"", name.name));
            }
            if parents.contains(&parent) {
                return self.refuse_at(name.span(), "42P07", format!("relation \"{}\" would be inherited from more than once", name.name));
            }
            parents.push(parent);
        }
        Ok(parents)
    }

    /// Columns of parents, of `LIKE`s, of the type and of the statement, and all constraints as table constraints.
    fn collect_columns(&mut self, statement: &CreateTable, parents: &[ObjectId]) -> Applied<(Vec<ColumnParts>, Vec<TableConstraint>)> {
        let mut columns = self.inherited_columns(parents)?;
        if let Some(of_type) = &statement.of_type {
            columns.extend(self.columns_of_type(of_type)?);
        }
        let table = statement.name.name.name.to_string();
        let mut constraints = Vec::new();
        let mut place = 0;
        for element in &statement.elements {
            match element {
                TableElement::Column(definition) => {
                    self.fillings_suit(statement, definition)?;
                    let mut own = self.read_column(&table, definition)?;
                    constraints.append(&mut own.constraints);
                    self.merge_own_column(&mut columns, own, definition.data_type.is_some(), place)?;
                    place += 1;
                }
                TableElement::Constraint(constraint) => constraints.push(constraint.clone()),
                TableElement::Like(source, options) => {
                    let written = source;
                    let source = self.relation(source)?;
                    let has_columns = matches!(
                        self.schema.get(source).map(|object| &object.body),
                        Some(ObjectBody::Table(_) | ObjectBody::View(_) | ObjectBody::Type(UserType::Composite { .. }))
                    );
                    if !has_columns {
                        return self.refuse_at(written.span(), "42809", format!("relation \"{}\" is invalid in LIKE clause", written.name));
                    }
                    for own in self.columns_like(source, options) {
                        if includes(options, "STORAGE")
                            && let Some(inherited) = columns.iter().find(|parts| parts.column.name == own.column.name)
                        {
                            self.same_storage(&inherited.column, &own.column, "column")?;
                        }
                        self.merge_own_column(&mut columns, own, true, place)?;
                        place += 1;
                    }
                }
            }
        }
        if statement.partition_of.is_some() {
            for parts in &mut columns {
                parts.column.is_local = false;
            }
        }
        self.fillings_are_settled(&columns)?;
        Ok((columns, constraints))
    }

    /// Tables of a type and partitions have no identity and no generation of their own (transformColumnDefinition).
    fn fillings_suit(&self, statement: &CreateTable, definition: &ColumnDefinition) -> Applied {
        let place = match (&statement.of_type, &statement.partition_of) {
            (Some(_), _) => "typed tables",
            (None, Some(_)) => "partitions",
            (None, None) => return Ok(()),
        };
        for constraint in &definition.constraints {
            let word = match constraint.kind {
                ColumnConstraintKind::Identity(..) => "identity",
                ColumnConstraintKind::Generated(..) => "generated",
                _ => continue,
            };
            return self.refuse_at(constraint.span, "0A000", format!("{word} columns are not supported on {place}"));
        }
        Ok(())
    }

    fn columns_of_type(&self, name: &ObjectName) -> Applied<Vec<ColumnParts>> {
        let found = self.type_named(name)?;
        let attributes = match found.and_then(|id| self.schema.get(id)).map(|object| &object.body) {
            Some(ObjectBody::Type(UserType::Composite { attributes, .. })) => attributes.clone(),
            Some(_) => return self.refuse_at(name.span(), "42809", format!("type {name} is not a composite type")),
            None if self.is_built_in_type(name) => return self.refuse_at(name.span(), "42809", format!("type {name} is not a composite type")),
            None => return self.refuse_at(name.span(), "42704", format!("type \"{name}\" does not exist")),
        };
        let own = attributes.into_iter().map(|mut column| {
            column.is_local = false;
            ColumnParts { column, filling: Filling::None, constraints: Vec::new(), has_conflicting_fillings: false }
        });
        Ok(own.collect())
    }

    /// Keys are looked at before the table is made (transformIndexConstraint).
    fn keys_have_columns(&self, columns: &[ColumnParts], constraints: &[TableConstraint]) -> Applied {
        for constraint in constraints {
            let (TableConstraintKind::PrimaryKey { columns: named, .. } | TableConstraintKind::Unique { columns: named, .. }) = &constraint.kind else {
                continue;
            };
            let missing = named.iter().find(|name| !columns.iter().any(|own| own.column.name == name.name) && !self.is_system_column(&name.name));
            if let Some(name) = missing {
                return self.refuse_at(name.span, "42703", format!("column \"{name}\" named in key does not exist"));
            }
        }
        Ok(())
    }

    /// Checks in their order, then keys: the primary key first, one of several equal ones only.
    fn add_new_constraints(&mut self, table: ObjectId, constraints: &[TableConstraint]) -> Applied {
        let rank = |constraint: &TableConstraint| match constraint.kind {
            TableConstraintKind::Check { .. } | TableConstraintKind::NotNull { .. } | TableConstraintKind::ForeignKey { .. } => 0,
            TableConstraintKind::PrimaryKey { .. } => 1,
            TableConstraintKind::Unique { .. } | TableConstraintKind::Exclude { .. } | TableConstraintKind::UsingIndex { .. } => 2,
        };
        let mut ordered: Vec<&TableConstraint> = constraints.iter().collect();
        ordered.sort_by_key(|constraint| rank(constraint));
        let mut kept: Vec<TableConstraint> = Vec::new();
        for constraint in ordered {
            match kept.iter_mut().find(|other| is_same_key(other, constraint)) {
                Some(other) if other.name.is_none() => other.name.clone_from(&constraint.name),
                Some(_) => {}
                None => kept.push(constraint.clone()),
            }
        }
        for constraint in &kept {
            self.add_constraint(table, constraint, Occasion::NewTable)?;
        }
        Ok(())
    }

    /// Indexes, foreign keys and row triggers that a partition gets from its table.
    fn take_over_partition(&mut self, parent: ObjectId, partition: ObjectId) -> Applied {
        for id in self.schema.on_table(parent) {
            match self.schema.get(id).map(|object| object.body.clone()) {
                Some(ObjectBody::Index(_)) => self.index_on_partition(parent, id, partition)?,
                Some(ObjectBody::Constraint(constraint)) if matches!(constraint.kind, crate::schema::ConstraintKind::ForeignKey(_)) => {
                    self.copy_foreign_key(parent, id, partition);
                }
                Some(ObjectBody::Trigger(trigger)) if trigger.for_each_row => self.copy_trigger(parent, id, partition),
                _ => {}
            }
        }
        Ok(())
    }

    fn set_partitioning(&mut self, table: ObjectId, partition_by: &PartitionBy) -> Applied {
        if partition_by.strategy == "list" && partition_by.elements.len() > 1 {
            return self.refuse("42P17", "cannot use \"list\" partition strategy with more than one column");
        }
        let mut columns = Vec::new();
        let mut pieces = Vec::new();
        let mut needs = Vec::new();
        for (position, element) in partition_by.elements.iter().enumerate() {
            if position > 0 {
                pieces.push(Piece::Text(Arc::from(", ")));
            }
            let strategy = partition_by.strategy.as_str();
            let method = if strategy == "hash" { "hash" } else { "btree" };
            if let ExprKind::Column(parts) = &*element.expr.kind
                && let Some(name) = parts.last()
            {
                if self.is_system_column(&name.name) {
                    return self.refuse_at(name.span, "42P17", format!("cannot use system column \"{name}\" in partition key"));
                }
                let Some(column) = self.schema.columns(table).iter().find(|column| column.name == name.name) else {
                    return self.refuse_at(name.span, "42703", format!("column \"{name}\" named in partition key does not exist"));
                };
                if matches!(column.generation, crate::schema::ColumnGeneration::Generated(..)) {
                    return self.refuse_at(name.span, "42P17", "cannot use generated column in partition key");
                }
                let (column, data_type) = (column.clone(), column.data_type.clone());
                self.collation_fits(element.collation.as_ref(), &data_type)?;
                self.operator_class_fits(method, element.operator_class.as_ref(), &data_type)?;
                columns.push(Some(column.number));
                let behind = key_suffix(element);
                pieces.push(Piece::Column { relation: table, column: column.number, output: None });
                if !behind.is_empty() {
                    pieces.push(Piece::Text(Arc::from(behind)));
                }
            } else {
                let bound = self.bind_in(ExpressionPurpose::PartitionKey, table, &element.expr)?;
                if let Some(pseudo) = bound.data_type.as_ref().filter(|own| ["record", "unknown", "void"].iter().any(|name| own.is_builtin(name))) {
                    let message = format!("partition key column {} has pseudo-type {}", position + 1, self.shown_type(pseudo));
                    return self.refuse_at(element.expr.span, "42P16", message);
                }
                if self.is_mutable(&bound) {
                    return self.refuse_at(element.expr.span, "42P17", "functions in partition key expression must be marked IMMUTABLE");
                }
                if bound.constant {
                    return self.refuse_at(element.expr.span, "42P17", "cannot use constant expression as partition key");
                }
                let generated = bound.columns_of(table).into_iter().filter_map(|number| self.schema.column(table, number));
                if generated.into_iter().any(|column| matches!(column.generation, crate::schema::ColumnGeneration::Generated(..))) {
                    return self.refuse_at(element.expr.span, "42P17", "cannot use generated column in partition key");
                }
                if let Some(data_type) = &bound.data_type {
                    self.operator_class_fits(method, element.operator_class.as_ref(), data_type)?;
                }
                columns.push(None);
                needs.extend(bound.definition.needs().iter().copied());
                pieces.extend(bound.definition.pieces().iter().cloned());
            }
        }
        let key = Definition::new(pieces).needing(needs);
        let partitioning = Partitioning { strategy: Arc::from(partition_by.strategy.as_str()), columns, key };
        self.schema.update_table(table, |table| table.partitioning = Some(partitioning));
        Ok(())
    }
}

/// Collation and operator class behind a key of a partitioned table.
fn key_suffix(element: &crate::sql::tree::IndexElement) -> String {
    let collation = element.collation.as_ref().map_or_else(String::new, |collation| format!(" COLLATE \"{}\"", collation.name.name));
    let class = element.operator_class.as_ref().map_or_else(String::new, |class| format!(" {class}"));
    format!("{collation}{class}")
}

fn table_options(statement: &CreateTable) -> Vec<(Arc<str>, Arc<str>)> {
    let lasting = statement.options.iter().filter(|(word, _)| word != "ON COMMIT");
    let mut options: Vec<(Arc<str>, Arc<str>)> = lasting.map(|(name, value)| (Arc::from(name.as_str()), Arc::from(value.as_str()))).collect();
    let named = [("ACCESS METHOD", &statement.access_method), ("TABLESPACE", &statement.tablespace), ("SERVER", &statement.server)];
    for (word, value) in named {
        if let Some(value) = value
            && !(word == "ACCESS METHOD" && value.name.as_str() == "heap")
            && !(word == "TABLESPACE" && value.name.as_str() == "pg_default")
        {
            options.push((Arc::from(word), Arc::from(value.name.as_str())));
        }
    }
    options.sort();
    options
}

/// Whether two keys of one statement ask for the same index (transformIndexConstraints merges them).
fn is_same_key(one: &TableConstraint, other: &TableConstraint) -> bool {
    let key = |constraint: &TableConstraint| match &constraint.kind {
        TableConstraintKind::PrimaryKey { columns, include, parameters, .. } => Some((columns.clone(), include.clone(), false, parameters.clone())),
        TableConstraintKind::Unique { columns, include, nulls_not_distinct, parameters, .. } => {
            Some((columns.clone(), include.clone(), *nulls_not_distinct, parameters.clone()))
        }
        _ => None,
    };
    let both_primary = [one, other].iter().all(|constraint| matches!(constraint.kind, TableConstraintKind::PrimaryKey { .. }));
    !both_primary && one.flags == other.flags && key(one).is_some() && key(one) == key(other)
}
