//! Row values: their fields, `(t).c`, `t.f` as a function of the row, and the types that have fields.

use std::rc::Rc;

use super::binder::Binder;
use super::resolve;
use super::value::{Field, Item, Value, mix};
use crate::schema::{Address, DataType, ObjectId};
use crate::sql::tree::{Expr, Ident};
use crate::text::Span;
use crate::typing::{self, FunctionCall, SearchIn};

impl Binder<'_> {
    /// The relation or composite type whose row a type is.
    pub(super) fn row_type_of(&self, data_type: &DataType) -> Option<ObjectId> {
        resolve::row_relation(self.schema, data_type)
    }

    /// The fields of a row value, when they are known.
    pub(super) fn fields_of(&self, value: &Value) -> Option<Rc<[Field]>> {
        if let Some(fields) = &value.fields {
            return Some(Rc::clone(fields));
        }
        let relation = self.row_type_of(value.data_type.as_ref()?)?;
        let columns = self.schema.columns(relation).iter();
        let fields: Vec<Field> =
            columns.map(|column| Field { name: column.name.clone(), data_type: Some(column.data_type.clone()), sources: Rc::default() }).collect();
        Some(fields.into())
    }

    /// `(row).field`.
    pub(super) fn field_of(&mut self, row: &Value, field: &Ident, span: Span) -> Value {
        let relation = row.data_type.as_ref().and_then(|data_type| self.row_type_of(data_type));
        if let Some(relation) = relation
            && let Some(column) = self.schema.columns(relation).iter().find(|column| column.name == field.name)
        {
            let address = Address::column(relation, column.number);
            let data_type = column.data_type.clone();
            self.found.references.push((field.span, address));
            let role = self.role;
            self.read(address, role, field.span);
            return Value::of(Some(data_type), true).hashed(mix(field.name.as_str(), &[row.hash]));
        }
        if let Some(fields) = self.fields_of(row) {
            if let Some(found) = fields.iter().find(|own| own.name == field.name) {
                return Value::of(found.data_type.clone(), true).hashed(mix(field.name.as_str(), &[row.hash]));
            }
            if relation.is_some() || self.is_typed() {
                if let Some(value) = self.row_function(row, field, span) {
                    return value;
                }
                let shown = row.data_type.as_ref().map_or_else(String::new, |data_type| self.type_name(data_type));
                self.error("42703", format!("column \"{}\" not found in data type {shown}", field.name), span);
            }
            return Value::opaque();
        }
        match &row.data_type {
            Some(data_type) if self.is_typed() && !row.is_untyped() && !data_type.is_builtin("record") => {
                if let Some(value) = self.row_function(row, field, span) {
                    return value;
                }
                let shown = self.type_name(data_type);
                self.error("42809", format!("column notation .{} applied to type {shown}, which is not a composite type", field.name), span);
            }
            Some(data_type) if data_type.is_builtin("record") => {
                self.error("42703", format!("could not identify column \"{}\" in record data type", field.name), span);
            }
            _ => {}
        }
        Value::opaque().hashed(mix(field.name.as_str(), &[row.hash]))
    }

    /// `row.f` where `f` is a function of the row.
    fn row_function(&mut self, row: &Value, name: &Ident, span: Span) -> Option<Value> {
        let path = self.namespaces.clone();
        let call = FunctionCall::plain(SearchIn::Path(&path), &name.name, [self.operand(row)]);
        let found = typing::function(self.schema, &call).ok()?;
        Some(self.called(&found, &[(row.clone(), span)], name.span, mix(name.name.as_str(), &[row.hash])))
    }

    /// `t.f` where `t` is a relation and `f` no column of it, but a function of its row.
    pub(super) fn function_of_row(&mut self, level: usize, relation: usize, name: &Ident, span: Span) -> Option<Value> {
        if !self.is_typed() {
            return None;
        }
        let marks = (self.found.reads.len(), self.found.references.len(), self.log.len());
        let row = self.whole_row(level, relation, span);
        let found = self.row_function(&row, name, span);
        if found.is_none() {
            self.found.reads.truncate(marks.0);
            self.found.references.truncate(marks.1);
            self.log.truncate(marks.2);
        }
        found
    }

    /// `(row).*` in a select list.
    pub(super) fn all_fields(&mut self, row: &Expr, span: Span) -> (Vec<Item>, Option<Rc<str>>) {
        let start = self.log.len();
        let value = self.expression(row);
        self.spread_fields(&value, start, span)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{outputs, reads, refusals};

    #[test]
    fn a_relation_named_as_a_value_is_its_row() {
        assert_eq!(outputs("SELECT v FROM vip v"), ["v public.vip"]);
        assert_eq!(outputs("SELECT (v).client_id, row_to_json(v) FROM vip v"), ["client_id integer", "row_to_json json"]);
        assert_eq!(reads("SELECT row_to_json(v) FROM vip v"), ["vip.client_id Star"]);
    }

    #[test]
    fn a_column_can_be_called_like_a_function() {
        assert_eq!(outputs("SELECT client_id(vip) FROM vip"), ["client_id integer"]);
        assert_eq!(refusals("SELECT (v).nope FROM vip v"), ["42703"]);
    }
}
