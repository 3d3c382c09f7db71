//! Variables of a procedural body in the SQL inside it: a name can mean one of them or a column.
//!
//! Source: pl_comp.c, plpgsql_pre_column_ref and plpgsql_post_column_ref (PostgreSQL 15). A name that is both is an error (42702) unless
//! the body says which one is meant; measured, in `ON CONFLICT (c)` too. Names of columns that are written to are never variables.

use super::binder::Binder;
use super::value::{Field, Value, mix};
use crate::name::Name;
use crate::schema::{DataType, ObjectId};
use crate::sql::plpgsql::PlConflict;
use crate::sql::tree::Ident;
use crate::text::Span;

/// What a variable holds, as far as names and types are resolved with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableType {
    /// A value of a type; of a composite type a row with its fields.
    Value(DataType),
    /// A row of a relation: `NEW`, `OLD`, `t%ROWTYPE`.
    Row(ObjectId),
    /// A record that holds a row of these columns now.
    Record(Vec<(Name, Option<DataType>)>),
    /// Nothing is known of it: any field may be there.
    Unknown,
}

/// One variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: Name,
    /// What it holds.
    pub data_type: VariableType,
}

/// The variables in sight, and what a name means that is a column's too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables {
    /// The innermost last: it hides those of the same name.
    pub all: Vec<Variable>,
    /// Names that may stand in front of a variable: labels of blocks, the routine's own name.
    pub labels: Vec<Name>,
    /// `#variable_conflict`.
    pub conflict: PlConflict,
}

impl Variables {
    /// The variable that a name means.
    pub fn find(&self, name: &Name) -> Option<&Variable> {
        self.all.iter().rev().find(|variable| variable.name == *name)
    }
}

impl Binder<'_> {
    /// The value of the variable of that name.
    pub(super) fn variable(&self, name: &Name) -> Option<Value> {
        let variable = self.variables.find(name)?;
        let hash = mix("variable", &[mix(name.as_str(), &[])]);
        let value = match &variable.data_type {
            VariableType::Value(data_type) => Value::of(Some(data_type.clone()), true),
            VariableType::Row(relation) => Value::of(Some(DataType::object(*relation)), true),
            VariableType::Record(columns) => {
                let fields: Vec<Field> = columns
                    .iter()
                    .map(|(name, data_type)| Field { name: name.clone(), data_type: data_type.clone(), sources: std::rc::Rc::default() })
                    .collect();
                Value { fields: Some(fields.into()), ..Value::of(Some(DataType::builtin("record")), true) }
            }
            VariableType::Unknown => Value::opaque(),
        };
        Some(value.hashed(hash))
    }

    /// A bare name that means a column and perhaps a variable too: the variable's value, the refusal, or `None` when the column is meant.
    pub(super) fn variable_beside_column(&mut self, name: &Ident, span: Span) -> Option<Value> {
        let value = self.variable(&name.name)?;
        self.by_conflict(value, &name.name, span)
    }

    /// `v.f` where `v` is a variable; `has_column` says whether a relation answers to it too.
    pub(super) fn variable_field(&mut self, qualifier: &Ident, field: &Ident, has_column: bool, span: Span) -> Option<Value> {
        let value = match self.variable(&qualifier.name) {
            Some(row) => self.field_of_variable(&row, qualifier, field, span)?,
            None if self.variables.labels.contains(&qualifier.name) => self.variable(&field.name)?,
            None => return None,
        };
        if !has_column {
            return Some(value);
        }
        let shown = Name::stored(format!("{}.{}", qualifier.name, field.name));
        self.by_conflict(value, &shown, span)
    }

    fn by_conflict(&mut self, value: Value, name: &Name, span: Span) -> Option<Value> {
        match self.variables.conflict {
            PlConflict::UseVariable => Some(value),
            PlConflict::UseColumn => None,
            PlConflict::Error => {
                self.error("42702", format!("column reference \"{name}\" is ambiguous"), span);
                Some(Value::opaque())
            }
        }
    }

    /// A field of a row that a variable holds; `None` when the variable holds no row.
    fn field_of_variable(&mut self, row: &Value, variable: &Ident, field: &Ident, span: Span) -> Option<Value> {
        if row.data_type.is_none() {
            return Some(Value::opaque().hashed(mix(field.name.as_str(), &[row.hash])));
        }
        let fields = self.fields_of(row)?;
        if fields.iter().any(|own| own.name == field.name) {
            return Some(self.field_of(row, field, span));
        }
        self.error("42703", format!("record \"{}\" has no field \"{}\"", variable.name, field.name), span);
        Some(Value::opaque())
    }
}
