//! A column as a definition asks for it, and how it gets into a table: type, default, generation, identity, `serial`.
//!
//! Source: PostgreSQL 15, transformColumnDefinition (parse_utilcmd.c), BuildDescForRelation and ATExecAddColumn (tablecmds.c).

use std::sync::Arc;

use super::work::{Applied, Work};
use crate::lineage::{ExpressionPurpose, ExpressionScope};
use crate::schema::{Address, Column, ColumnGeneration, ColumnNumber, DataType, Definition, ObjectId, Piece};
use crate::sql::tree::{
    ColumnConstraint, ColumnConstraintKind, ColumnDefinition, Expr, GeneratedKind, Ident, IdentityKind, ObjectName, SequenceOptions, StorageParameter,
    TableConstraint, TableConstraintKind,
};
use crate::typing::base_type;

/// Options of a column that are its key's.
const OF_KEY: &str = "INDEX ";

/// What fills the column.
#[derive(Clone, Debug)]
pub(super) enum Filling {
    None,
    Default(Expr),
    Generated(Expr, GeneratedKind),
    Identity(IdentityKind, SequenceOptions),
    Serial,
    /// Taken over from another table as it is stored there.
    Stored(ColumnGeneration, ObjectId),
}

/// A column definition taken apart.
#[derive(Clone, Debug)]
pub(super) struct ColumnParts {
    /// The column without what fills it.
    pub(super) column: Column,
    /// What fills it.
    pub(super) filling: Filling,
    /// The constraints that stand with it, as table constraints.
    pub(super) constraints: Vec<TableConstraint>,
    /// Two parents fill it differently.
    pub(super) has_conflicting_fillings: bool,
}

impl Work<'_> {
    /// Takes a definition apart; nothing is made yet. `table` is the name for messages.
    pub(super) fn read_column(&self, table: &str, definition: &ColumnDefinition) -> Applied<ColumnParts> {
        let name = &definition.name;
        let (data_type, serial) = match &definition.data_type {
            None => (DataType::builtin("text"), false),
            Some(written) => match serial_type(written) {
                Some(_) if written.array_dimensions > 0 => return self.refuse_at(written.span, "0A000", "array of serial is not implemented"),
                Some(own) => (DataType::builtin(own), true),
                None => (self.data_type(written)?, false),
            },
        };
        if definition.data_type.as_ref().is_some_and(|written| written.set_of) {
            return self.refuse_at(name.span, "42P16", format!("column \"{name}\" cannot be declared SETOF"));
        }
        if definition.data_type.is_some() {
            self.column_name_is_allowed(&name.name)?;
            self.column_type_is_allowed(&name.name, &data_type, None)?;
            self.collation_fits(definition.collation.as_ref(), &data_type)?;
        }
        let mut column = Column::new(ColumnNumber(0), name.name.clone(), data_type);
        column.collation = definition.collation.as_ref().map(shown_collation).filter(|collation| !is_own_collation(&column.data_type, collation));
        let own = definition.options.iter().filter(|(word, _)| !word.starts_with(OF_KEY));
        column.options = own.map(|(word, value)| (Arc::from(word.as_str()), Arc::from(value.as_str()))).collect();
        self.options_fit(&mut column)?;
        let mut parts =
            ColumnParts { column, filling: if serial { Filling::Serial } else { Filling::None }, constraints: Vec::new(), has_conflicting_fillings: false };
        parts.column.not_null = serial;
        self.read_constraints(table, definition, &mut parts, serial)?;
        Ok(parts)
    }

    fn read_constraints(&self, table: &str, definition: &ColumnDefinition, parts: &mut ColumnParts, serial: bool) -> Applied {
        let name = &definition.name;
        let of_key = |(word, value): &(String, String)| {
            let name = word.strip_prefix(OF_KEY)?.to_ascii_lowercase();
            Some(StorageParameter { name, value: Some(value.clone()) })
        };
        let of_key: Vec<StorageParameter> = definition.options.iter().filter_map(of_key).collect();
        let mut nullable = serial.then_some(false);
        for constraint in &definition.constraints {
            let span = constraint.span;
            self.column_constraint_can_be_deferred(constraint)?;
            let filling = |parts: &mut ColumnParts, new: Filling| match (&parts.filling, &new) {
                (Filling::None, _) => {
                    parts.filling = new;
                    Ok(())
                }
                (old, new) => self.refuse_at(span, "42601", clash(old, new, name, table)),
            };
            let kind = match &constraint.kind {
                ColumnConstraintKind::Null | ColumnConstraintKind::NotNull => {
                    let wanted = matches!(constraint.kind, ColumnConstraintKind::Null);
                    if nullable.is_some_and(|before| before != wanted) {
                        return self.refuse_at(span, "42601", format!("conflicting NULL/NOT NULL declarations for column \"{name}\" of table \"{table}\""));
                    }
                    nullable = Some(wanted);
                    parts.column.not_null = !wanted;
                    continue;
                }
                ColumnConstraintKind::Default(expression) => {
                    filling(parts, Filling::Default(expression.clone()))?;
                    continue;
                }
                ColumnConstraintKind::Generated(expression, kind) => {
                    filling(parts, Filling::Generated(expression.clone(), *kind))?;
                    continue;
                }
                ColumnConstraintKind::Identity(kind, options) => {
                    filling(parts, Filling::Identity(*kind, options.clone()))?;
                    if nullable == Some(true) {
                        return self.refuse_at(span, "42601", format!("conflicting NULL/NOT NULL declarations for column \"{name}\" of table \"{table}\""));
                    }
                    nullable = Some(false);
                    parts.column.not_null = true;
                    continue;
                }
                ColumnConstraintKind::PrimaryKey => {
                    TableConstraintKind::PrimaryKey { columns: vec![name.clone()], include: Vec::new(), parameters: of_key.clone(), without_overlaps: false }
                }
                ColumnConstraintKind::Unique { nulls_not_distinct } => TableConstraintKind::Unique {
                    columns: vec![name.clone()],
                    include: Vec::new(),
                    nulls_not_distinct: *nulls_not_distinct,
                    parameters: of_key.clone(),
                    without_overlaps: false,
                },
                ColumnConstraintKind::Check { expression, no_inherit } => {
                    TableConstraintKind::Check { expression: expression.clone(), no_inherit: *no_inherit }
                }
                ColumnConstraintKind::References(references) => TableConstraintKind::ForeignKey { columns: vec![name.clone()], references: references.clone() },
            };
            parts.constraints.push(TableConstraint { name: constraint.name.clone(), kind, flags: constraint.flags, span });
        }
        Ok(())
    }

    /// Which constraints of a column may be put off, and none is `NOT VALID` (transformConstraintAttrs, gram.y).
    fn column_constraint_can_be_deferred(&self, constraint: &ColumnConstraint) -> Applied {
        if self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        if constraint.flags.not_valid {
            return self.refuse_at(constraint.span, "42601", "syntax error at or near \"VALID\"");
        }
        let can_be = matches!(constraint.kind, ColumnConstraintKind::PrimaryKey | ColumnConstraintKind::Unique { .. } | ColumnConstraintKind::References(_));
        if !can_be && constraint.flags.deferrability.is_some() {
            return self.refuse_at(constraint.span, "42601", "misplaced DEFERRABLE clause");
        }
        Ok(())
    }

    /// Puts a column at the end of a table, without what fills it.
    pub(super) fn append_column(&mut self, table: ObjectId, mut column: Column) -> ColumnNumber {
        let mut number = ColumnNumber(0);
        self.schema.update_table(table, |table| {
            number = table.take_column_number();
            column.number = number;
            table.columns.push(column);
        });
        number
    }

    /// Gives a column what fills it.
    pub(super) fn fill_column(&mut self, table: ObjectId, number: ColumnNumber, filling: &Filling) -> Applied {
        let Some(column) = self.schema.column(table, number).cloned() else { return Ok(()) };
        let address = Address::column(table, number);
        let generation = match filling {
            Filling::None => return Ok(()),
            Filling::Stored(ColumnGeneration::Generated(definition, kind), from) => ColumnGeneration::Generated(self.moved_to(definition, *from, table), *kind),
            Filling::Stored(generation, _) => generation.clone(),
            Filling::Default(expression) => match self.default_expression(&column, expression)? {
                Some(definition) => ColumnGeneration::Default(definition),
                None => ColumnGeneration::None,
            },
            Filling::Generated(expression, kind) => ColumnGeneration::Generated(self.generation_expression(table, &column, expression)?, *kind),
            Filling::Identity(kind, options) => {
                if !["int2", "int4", "int8"].iter().any(|name| column.data_type.is_builtin(name)) {
                    return self.refuse("22023", "identity column type must be smallint, integer, or bigint");
                }
                ColumnGeneration::Identity(*kind, self.column_sequence(address, &column.name, &column.data_type, options)?)
            }
            Filling::Serial => {
                let sequence = self.column_sequence(address, &column.name, &column.data_type, &SequenceOptions::default())?;
                ColumnGeneration::Default(next_value_of(sequence))
            }
        };
        self.set_generation(table, number, generation);
        Ok(())
    }

    /// A default ready to be stored; `None` for `DEFAULT NULL`, which the server does not keep.
    pub(super) fn default_expression(&mut self, column: &Column, expression: &Expr) -> Applied<Option<Definition>> {
        self.default_of(&column.data_type, expression)
    }

    /// A default of a column or a domain of that type.
    pub(super) fn default_of(&mut self, data_type: &DataType, expression: &Expr) -> Applied<Option<Definition>> {
        if is_null(expression) {
            // A NULL of a type with modifiers or of a domain is stored, because a coercion stands around it; any other is dropped (measured on 15).
            let base = base_type(&self.schema, data_type);
            let kept = !base.modifiers.is_empty() && !base.array || base.identity != data_type.identity;
            return Ok(kept.then(|| Definition::text(format!("NULL::{}", self.shown_type(&base.without_modifiers())))));
        }
        let scope = ExpressionScope::empty(ExpressionPurpose::Default).assigned_to(data_type.clone());
        self.bind(&scope, expression).map(|bound| Some(bound.definition))
    }

    /// A generation expression ready to be stored.
    pub(super) fn generation_expression(&mut self, table: ObjectId, column: &Column, expression: &Expr) -> Applied<Definition> {
        let scope = ExpressionScope::of_relation(ExpressionPurpose::Generated, table).assigned_to(column.data_type.clone());
        if is_null(expression) {
            return Ok(Definition::text(format!("NULL::{}", self.shown_type(&column.data_type.without_modifiers()))));
        }
        let bound = self.bind(&scope, expression)?;
        for number in bound.columns_of(table) {
            let Some(other) = self.schema.column(table, number) else { continue };
            if matches!(other.generation, ColumnGeneration::Generated(..)) || number == column.number {
                let message = format!("cannot use generated column \"{}\" in column generation expression", other.name);
                return self.refuse_with("42P17", message, "A generated column cannot reference another generated column.");
            }
        }
        if self.is_mutable(&bound) {
            return self.refuse_at(expression.span, "42P17", "generation expression is not immutable");
        }
        Ok(bound.definition)
    }

    /// Sets what fills a column.
    pub(super) fn set_generation(&mut self, table: ObjectId, number: ColumnNumber, generation: ColumnGeneration) {
        self.change_column(table, number, |column| column.generation = generation);
    }

    /// Changes a column of a table or view in place.
    pub(super) fn change_column(&mut self, relation: ObjectId, number: ColumnNumber, change: impl FnOnce(&mut Column)) {
        self.schema.update(relation, |object| {
            let columns = match &mut object.body {
                crate::schema::ObjectBody::Table(table) => &mut table.columns,
                crate::schema::ObjectBody::View(view) => &mut view.columns,
                crate::schema::ObjectBody::Type(crate::schema::UserType::Composite { attributes, .. }) => attributes,
                _ => return,
            };
            if let Some(column) = columns.iter_mut().find(|column| column.number == number) {
                change(column);
            }
        });
    }
}

fn clash(old: &Filling, new: &Filling, column: &Ident, table: &str) -> String {
    let word = |filling: &Filling| match filling {
        Filling::Identity(..) => "identity",
        Filling::Generated(..) => "generation expression",
        Filling::None | Filling::Default(_) | Filling::Serial | Filling::Stored(..) => "default",
    };
    match (word(old), word(new)) {
        ("default", "default") => format!("multiple default values specified for column \"{column}\" of table \"{table}\""),
        ("identity", "identity") => format!("multiple identity specifications for column \"{column}\" of table \"{table}\""),
        ("generation expression", "generation expression") => format!("multiple generation clauses specified for column \"{column}\" of table \"{table}\""),
        ("default", other) | (other, "default") => format!("both default and {other} specified for column \"{column}\" of table \"{table}\""),
        _ => format!("both identity and generation expression specified for column \"{column}\" of table \"{table}\""),
    }
}

/// The integer type behind `serial` and its relatives (manual 8.1.4, 15).
fn serial_type(written: &crate::sql::tree::TypeName) -> Option<&'static str> {
    if written.name.schema.is_some() || !written.modifiers.is_empty() {
        return None;
    }
    match written.name.name.name.as_str() {
        "serial" | "serial4" => Some("int4"),
        "bigserial" | "serial8" => Some("int8"),
        "smallserial" | "serial2" => Some("int2"),
        _ => None,
    }
}

/// `nextval('s'::regclass)`.
pub(super) fn next_value_of(sequence: ObjectId) -> Definition {
    Definition::new(vec![Piece::Text(Arc::from("nextval('")), Piece::RelationLiteral { relation: sequence }, Piece::Text(Arc::from("'::regclass)"))])
}

/// A collation as the schema stores it.
pub(super) fn shown_collation(name: &ObjectName) -> Arc<str> {
    match &name.schema {
        Some(schema) if schema.name.as_str() != "pg_catalog" => Arc::from(format!("{}.{}", schema.name, name.name.name)),
        _ => Arc::from(name.name.name.as_str()),
    }
}

/// Whether a collation is the one that the type has of itself.
pub(super) fn is_own_collation(data_type: &DataType, collation: &str) -> bool {
    match collation {
        "default" => !data_type.is_builtin("name"),
        "C" => data_type.is_builtin("name"),
        _ => false,
    }
}

fn is_null(expression: &Expr) -> bool {
    use crate::sql::tree::{ExprKind, Literal};
    match &*expression.kind {
        ExprKind::Literal(Literal::Null) => true,
        ExprKind::Cast { operand, .. } => is_null(operand),
        _ => false,
    }
}
