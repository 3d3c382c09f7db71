//! Functions in `FROM`: their columns by `OUT` parameters, row types, column definitions; `ROWS FROM`, `WITH ORDINALITY`, `unnest` of several arrays.
//!
//! Rules: parse_relation.c, addRangeTableEntryForFunction (PostgreSQL 15); manual 7.2.1.4.

use std::rc::Rc;

use super::binder::Binder;
use super::level::{Clause, Relation, RelationColumn, RelationKind, Visible};
use super::output_name::call_name;
use super::value::{Sources, Value};
use crate::dialect::Grammar;
use crate::name::Name;
use crate::schema::DataType;
use crate::sql::tree::{FunctionItem, RelationAlias};
use crate::text::Span;

/// What `FLATTEN` gives (Snowflake, FLATTEN: Output).
const FLATTENED: [&str; 6] = ["SEQ", "KEY", "PATH", "INDEX", "VALUE", "THIS"];

/// The columns of one function, and whether it is a single plain value.
struct Columns {
    columns: Vec<RelationColumn>,
    scalar: bool,
    named: bool,
    row_type: Option<crate::schema::ObjectId>,
    uncertain: Option<Rc<str>>,
}

impl Binder<'_> {
    /// A function, `ROWS FROM (…)`, `unnest(a, b)`.
    pub(super) fn function_in_from(&mut self, items: &[FunctionItem], ordinality: bool, alias: Option<&RelationAlias>, span: Span) -> Vec<Visible> {
        let mut relation = Relation { kind: RelationKind::Function, columns: Vec::new(), span, uncertain: None, row_type: None };
        let mut scalar = items.len() == 1 && !ordinality;
        let mut own_name = None;
        let single = items.len() == 1;
        for item in items {
            let name = call_name(&item.call);
            own_name = own_name.or_else(|| Some(name.clone()));
            for mut found in self.columns_of_item(item, &name) {
                scalar &= found.scalar;
                if found.scalar
                    && !found.named
                    && single
                    && let Some(alias) = alias
                {
                    for column in &mut found.columns {
                        column.name = alias.name.name.clone();
                    }
                }
                relation.uncertain = relation.uncertain.or(found.uncertain);
                relation.row_type = found.row_type.filter(|_| single && !ordinality);
                relation.columns.extend(found.columns);
            }
        }
        if ordinality {
            relation.columns.push(RelationColumn::computed(Name::stored("ordinality"), Some(DataType::builtin("int8")), false));
        }
        if scalar && relation.columns.len() == 1 {
            relation.kind = RelationKind::ScalarFunction;
        }
        self.add_relation(relation, alias, own_name)
    }

    fn columns_of_item(&mut self, item: &FunctionItem, name: &Name) -> Vec<Columns> {
        let arguments = item.call.arguments.len();
        if name.as_str() == "unnest" && arguments > 1 && item.call.name.schema.is_none() {
            return self.several_unnested(item);
        }
        let start = self.log.len();
        let value = self.with_lateral(true, Clause::FromFunction, |binder| binder.call_in_from(&item.call, item.span));
        let sources = self.sources_since(start);
        let reads = Rc::from([]);
        vec![self.columns_of_value(item, name, &value, &sources, &reads)]
    }

    fn several_unnested(&mut self, item: &FunctionItem) -> Vec<Columns> {
        let mut all = Vec::new();
        for argument in &item.call.arguments {
            let start = self.log.len();
            let value = self.with_lateral(true, Clause::FromFunction, |binder| binder.expression(&argument.value));
            let element = value.data_type.as_ref().and_then(|data_type| crate::typing::element_type(self.schema, data_type));
            let sources = self.sources_since(start);
            let mut column = RelationColumn::computed(Name::stored("unnest"), element, true);
            column.sources = sources;
            all.push(Columns { columns: vec![column], scalar: true, named: false, row_type: None, uncertain: None });
        }
        all
    }

    fn columns_of_value(&mut self, item: &FunctionItem, name: &Name, value: &Value, sources: &Rc<Sources>, reads: &Rc<[crate::schema::Address]>) -> Columns {
        let computed = |name: Name, data_type: Option<DataType>| {
            let mut column = RelationColumn::computed(name, data_type, true);
            column.sources = Rc::clone(sources);
            column.reads = Rc::clone(reads);
            column
        };
        if !item.columns.is_empty() {
            let mut columns = Vec::new();
            for (column, written) in &item.columns {
                let data_type = self.type_named(written);
                columns.push(computed(column.name.clone(), data_type));
            }
            return Columns { columns, scalar: false, named: true, row_type: None, uncertain: None };
        }
        if let Some(fields) = value.fields.as_ref().map(Rc::clone).or_else(|| self.fields_of(value)) {
            let named_one =
                fields.len() == 1 && value.data_type.as_ref().is_some_and(|data_type| !data_type.is_builtin("record") && self.row_type_of(data_type).is_none());
            let row_type = value.data_type.as_ref().and_then(|data_type| self.row_type_of(data_type));
            let columns = fields.iter().map(|field| computed(field.name.clone(), field.data_type.clone())).collect();
            return Columns { columns, scalar: named_one, named: true, row_type, uncertain: None };
        }
        let is_record = value.data_type.as_ref().is_some_and(|data_type| data_type.is_builtin("record"));
        if is_record {
            self.error("42601", "a column definition list is required for functions returning \"record\"", item.span);
        }
        if self.schema.dialect.grammar == Grammar::Snowflake && name.as_str().eq_ignore_ascii_case("flatten") {
            let columns = FLATTENED.iter().map(|column| computed(Name::stored(*column), None)).collect();
            return Columns { columns, scalar: false, named: true, row_type: None, uncertain: None };
        }
        if is_record || value.data_type.is_none() {
            let uncertain = Some(Rc::from("the columns of this function are not known"));
            let columns = if is_record { Vec::new() } else { vec![computed(name.clone(), None)] };
            return Columns { columns, scalar: !is_record, named: false, row_type: None, uncertain };
        }
        Columns { columns: vec![computed(name.clone(), value.data_type.clone())], scalar: true, named: false, row_type: None, uncertain: None }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{outputs, reads, refusals};

    #[test]
    fn a_scalar_function_is_called_by_its_alias() {
        assert_eq!(outputs("SELECT * FROM generate_series(1, 3) AS n"), ["n integer"]);
        assert_eq!(outputs("SELECT n FROM generate_series(1, 3) AS n"), ["n integer"]);
        assert_eq!(outputs("SELECT * FROM generate_series(1, 3) WITH ORDINALITY AS g(v)"), ["v integer", "ordinality bigint"]);
    }

    #[test]
    fn out_columns_keep_their_names() {
        assert_eq!(outputs("SELECT * FROM jsonb_each_text('{}') e"), ["key text", "value text"]);
        assert_eq!(outputs("SELECT * FROM json_array_elements('[]') e"), ["value json"]);
    }

    #[test]
    fn records_need_their_columns_declared() {
        assert_eq!(outputs("SELECT * FROM json_to_recordset('[]') AS r(a int, b text)"), ["a integer", "b text"]);
        assert_eq!(refusals("SELECT * FROM json_to_recordset('[]') AS r"), ["42601"]);
    }

    #[test]
    fn functions_see_what_stands_before_them() {
        assert_eq!(reads("SELECT t FROM clients, unnest(tags) AS t"), ["clients.tags Value"]);
    }
}
