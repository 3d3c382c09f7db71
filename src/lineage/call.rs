//! Calls: functions, aggregates, window functions, and the built-in forms that only look like calls.
//!
//! Rules: parse_func.c, ParseFuncOrColumn, and parse_agg.c (PostgreSQL 15).

use std::rc::Rc;

use super::Role;
use super::aggregate::is_aggregate_word;
use super::binder::Binder;
use super::date_part::is_date_part;
use super::value::{Field, Value, mix};
use crate::dialect::Grammar;
use crate::name::Name;
use crate::schema::{Address, DataType};
use crate::sql::tree::{Call, CallSyntax, ExprKind, Volatility};
use crate::text::Span;
use crate::typing::{self, Argument, FunctionCall, FunctionMatch, RoutineKind, SearchIn};

/// The arguments of a call, resolved.
struct Arguments {
    values: Vec<(Value, Span)>,
    names: Vec<Option<Name>>,
    within_group: usize,
    hash: u64,
}

impl Binder<'_> {
    /// A call in an expression.
    pub(super) fn call(&mut self, call: &Call, span: Span) -> Value {
        let value = self.call_of_any_form(call, span);
        if value.set {
            self.set_returning_here(span);
        }
        value
    }

    /// A call in `FROM`, where a single `OUT` parameter names the column.
    pub(super) fn call_in_from(&mut self, call: &Call, span: Span) -> Value {
        self.out_columns = Some(Vec::new());
        let mut value = self.call_of_any_form(call, span);
        if let Some(columns) = self.out_columns.take()
            && value.fields.is_none()
            && !columns.is_empty()
        {
            let fields = columns.into_iter().map(|(name, data_type)| Field { name, data_type: Some(data_type), sources: Rc::default() });
            value.fields = Some(fields.collect());
        }
        value
    }

    fn call_of_any_form(&mut self, call: &Call, span: Span) -> Value {
        if call.name.schema.is_none()
            && let Some(value) = self.built_in_form(call, span)
        {
            return value;
        }
        let start = self.log.len();
        let aggregates = self.aggregates.len();
        let windows = self.window_calls;
        let arguments = self.arguments(call);
        let star = is_star(call);
        if !self.is_typed() {
            return self.untyped_call(call, &arguments, star, start, span);
        }
        let path = self.namespaces.clone();
        let qualifier = call.name.schema.as_ref().map(|schema| schema.name.clone());
        let system = Name::stored("pg_catalog");
        let qualifier = if call.syntax == CallSyntax::Function { qualifier } else { Some(qualifier.unwrap_or(system)) };
        let found = SearchIn::of(self.schema, &path, qualifier.as_ref()).and_then(|search| {
            let named = arguments.values.iter().zip(&arguments.names);
            let wanted = FunctionCall {
                search,
                name: &call.name.name.name,
                arguments: named.map(|((value, _), name)| Argument { name: name.clone(), operand: self.operand(value) }).collect(),
                variadic: call.arguments.last().is_some_and(|argument| argument.variadic),
                star,
                aggregate_clause: aggregate_clause(call),
                within_group: (!call.within_group.is_empty()).then_some(arguments.within_group),
                over: call.over.is_some(),
                procedure: self.calls_procedure,
            };
            typing::function(self.schema, &wanted)
        });
        match found {
            Ok(found) => {
                let value = self.called(&found, &arguments.values, call.name.name.span, arguments.hash);
                self.finish_call(call, &found, &value, (start, aggregates, windows), span)
            }
            Err(error) => self.not_a_function(call, &arguments, error, start, span),
        }
    }

    fn not_a_function(&mut self, call: &Call, arguments: &Arguments, error: typing::TypeError, start: usize, span: Span) -> Value {
        if let ([(row, _)], None, true) = (arguments.values.as_slice(), &call.name.schema, error.sqlstate == "42883")
            && let Some(value) = self.column_written_as_call(row, &call.name.name)
        {
            return value;
        }
        let name = call.name.to_string();
        let reason = super::resolve::why_unknown(self.schema, &call.name);
        let error = if error.unknown.is_none() { error.or_unknown(reason) } else { error };
        let opaque = arguments.values.iter().any(|(value, _)| value.data_type.is_none());
        self.type_error(&name, error, opaque, span);
        if is_aggregate_word(call.name.name.name.as_str()) && call.over.is_none() {
            self.aggregate_at(start, self.aggregates.len(), span);
        }
        if let Some(over) = &call.over {
            self.window_reference(over);
            self.window_call_here(span);
            self.over_rows = true;
        }
        Value::opaque().hashed(arguments.hash)
    }

    /// `f(t)` where `f` is a column of the row `t`.
    fn column_written_as_call(&mut self, row: &Value, name: &crate::sql::tree::Ident) -> Option<Value> {
        let fields = self.fields_of(row)?;
        fields.iter().find(|field| field.name == name.name)?;
        Some(self.field_of(row, name, name.span))
    }

    fn arguments(&mut self, call: &Call) -> Arguments {
        let mut values = Vec::new();
        let mut names = Vec::new();
        let mut hashes = vec![u64::from(call.distinct)];
        if !is_star(call) {
            for argument in &call.arguments {
                let is_word = !self.is_typed() && is_date_part(&call.name.name.name, &argument.value);
                let value = if is_word { Value::opaque() } else { self.expression(&argument.value) };
                hashes.push(value.hash);
                values.push((value, argument.value.span));
                names.push(argument.name.as_ref().map(|name| name.name.clone()));
            }
        }
        for key in &call.within_group {
            let value = self.in_role(Role::Order, |binder| binder.expression(&key.expr));
            hashes.push(value.hash);
            values.push((value, key.expr.span));
            names.push(None);
        }
        for key in &call.order_by {
            let value = self.in_role(Role::Order, |binder| binder.expression(&key.expr));
            if call.distinct && self.is_typed() && !hashes.iter().skip(1).any(|hash| *hash == value.hash) {
                self.error("42P10", "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list", key.expr.span);
            }
            hashes.push(value.hash);
            self.must_be_sortable(&value, key.expr.span);
        }
        if let Some(filter) = &call.filter {
            let value = self.in_role(Role::Filter, |binder| binder.expression(filter));
            hashes.push(value.hash);
            self.must_be_boolean(&value, "FILTER", filter.span);
        }
        let head = format!("call {}", call.name);
        Arguments { values, names, within_group: call.within_group.len(), hash: mix(&head, &hashes) }
    }

    /// The value of a call whose routine is known.
    pub(super) fn called(&mut self, found: &FunctionMatch, arguments: &[(Value, Span)], name: Span, hash: u64) -> Value {
        for id in found.function.iter().chain(&found.extension) {
            self.depend(Address::whole(*id));
        }
        if let Some(id) = found.function {
            self.found.references.push((name, Address::whole(id)));
        }
        if found.certainty == typing::Certainty::Sure {
            for ((value, span), wanted) in arguments.iter().zip(&found.parameters) {
                self.settle(value, wanted, *span);
                self.note_conversion(value, Some(wanted), *span);
            }
        }
        let volatility = found.function.and_then(|id| self.volatility_of_body(id, found.volatility)).unwrap_or(found.volatility);
        match volatility {
            Volatility::Immutable => {}
            Volatility::Stable => {
                self.found.volatile.push(name);
                if self.volatility == Volatility::Immutable {
                    self.volatility = Volatility::Stable;
                }
            }
            Volatility::Volatile => {
                self.found.volatile.push(name);
                self.volatility = Volatility::Volatile;
            }
        }
        let columns: Vec<(Name, DataType)> = found
            .columns
            .iter()
            .enumerate()
            .map(|(index, (name, data_type))| (name.clone().unwrap_or_else(|| Name::stored(format!("column{}", index + 1))), data_type.clone()))
            .collect();
        let fields = (columns.len() > 1).then(|| {
            columns.iter().map(|(name, data_type)| Field { name: name.clone(), data_type: Some(data_type.clone()), sources: Rc::default() }).collect()
        });
        if self.out_columns.is_some() {
            self.out_columns = Some(columns);
        }
        let nullable = match found.kind {
            RoutineKind::Cast => arguments.iter().any(|(value, _)| value.nullable),
            _ => true,
        };
        Value { fields, set: found.returns_set, ..Value::of(Some(found.result.clone()), nullable) }.hashed(hash)
    }

    fn finish_call(&mut self, call: &Call, found: &FunctionMatch, value: &Value, marks: (usize, usize, usize), span: Span) -> Value {
        let (start, aggregates, windows) = marks;
        let mut value = value.clone();
        if let Some(over) = &call.over {
            if self.window_calls > windows {
                self.error("42P20", "window function calls cannot be nested", span);
            }
            self.window_reference(over);
            self.window_call_here(span);
            self.over_rows = true;
            value.nullable = !never_null(call.name.name.name.as_str());
            let over_hash = mix(&format!("{:?}", window_words(over)), &[value.hash]);
            return value.hashed(over_hash);
        }
        match found.kind {
            RoutineKind::Aggregate | RoutineKind::OrderedSetAggregate | RoutineKind::HypotheticalSetAggregate => {
                self.aggregate_at(start, aggregates, span);
                value.nullable = !never_null(call.name.name.name.as_str());
            }
            RoutineKind::Function | RoutineKind::Cast | RoutineKind::Procedure => {
                if is_never_null_function(call) {
                    value.nullable = false;
                }
            }
            RoutineKind::Window => {}
        }
        value
    }

    /// `column.f()`: what stands in front may be a column (SQL Server, xml data type methods; DuckDB, function chaining via the dot operator).
    fn method_of_a_column(&mut self, relation: Option<&crate::sql::tree::Ident>, owner: &crate::sql::tree::Ident) {
        let marks = (self.found.errors.len(), self.found.unresolved.len());
        match relation {
            Some(relation) if self.find_relation(None, relation).is_some() => {
                self.qualified_column(None, relation, owner, owner.span);
            }
            Some(_) => {}
            None => {
                if let super::visibility::Found::One(level, relation, index) = self.find_column(&owner.name, owner.span) {
                    self.use_column(level, relation, index, owner.span);
                }
            }
        }
        self.found.errors.truncate(marks.0);
        self.found.unresolved.truncate(marks.1);
    }

    /// A call in a dialect whose functions are not known.
    fn untyped_call(&mut self, call: &Call, arguments: &Arguments, star: bool, start: usize, span: Span) -> Value {
        let word = call.name.name.name.as_str().to_lowercase();
        if let Some(owner) = &call.name.schema {
            self.method_of_a_column(call.name.database.as_ref(), owner);
        }
        if matches!(self.schema.dialect.grammar, Grammar::DuckDb | Grammar::ClickHouse) && word == "columns" {
            self.unresolved("COLUMNS", "which columns a pattern takes is not resolved", span);
        }
        if let Some(over) = &call.over {
            self.window_reference(over);
            self.over_rows = true;
        } else if star || is_aggregate_word(&word) {
            let errors = self.found.errors.len();
            self.aggregate_at(start, self.aggregates.len(), span);
            self.found.errors.truncate(errors);
        }
        let data_type = (word == "count").then(|| DataType::builtin("int8"));
        Value::of(data_type, word != "count").hashed(arguments.hash)
    }
}

/// The first clause of the call that only an aggregate can have.
fn aggregate_clause(call: &Call) -> Option<typing::AggregateClause> {
    if call.distinct {
        return Some(typing::AggregateClause::Distinct);
    }
    if !call.order_by.is_empty() {
        return Some(typing::AggregateClause::OrderBy);
    }
    call.filter.as_ref().map(|_| typing::AggregateClause::Filter)
}

fn is_star(call: &Call) -> bool {
    match call.arguments.as_slice() {
        [only] => matches!(&*only.value.kind, ExprKind::Star(None)),
        _ => false,
    }
}

fn window_words(over: &crate::sql::tree::WindowReference) -> String {
    match over {
        crate::sql::tree::WindowReference::Named(name) => name.name.to_string(),
        crate::sql::tree::WindowReference::Inline(window) => {
            format!("{:?}", window.partition_by.first().map(|first| first.span).or_else(|| window.order_by.first().map(|first| first.expr.span)))
        }
    }
}

/// Aggregates and window functions that never give NULL.
fn never_null(word: &str) -> bool {
    matches!(word, "count" | "row_number" | "rank" | "dense_rank" | "ntile" | "percent_rank" | "cume_dist" | "regr_count")
}

fn is_never_null_function(call: &Call) -> bool {
    matches!(call.name.name.name.as_str(), "now" | "random" | "gen_random_uuid" | "clock_timestamp" | "statement_timestamp" | "concat" | "pi" | "version")
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{outputs, reads, refusals};

    #[test]
    fn aggregates_stand_only_where_there_are_groups() {
        assert_eq!(refusals("SELECT id FROM clients WHERE count(*) > 1"), ["42803"]);
        assert_eq!(refusals("SELECT sum(count(*)) FROM clients"), ["42803"]);
        assert_eq!(refusals("SELECT sum(count(*)) OVER () FROM clients GROUP BY name"), Vec::<&str>::new());
        assert_eq!(refusals("SELECT id FROM clients WHERE row_number() OVER () = 1"), ["42P20"]);
    }

    #[test]
    fn an_aggregate_over_outer_columns_belongs_to_the_outer_query() {
        assert_eq!(refusals("SELECT (SELECT sum(clients.id) FROM visits) FROM clients"), Vec::<&str>::new());
        assert_eq!(refusals("SELECT name, (SELECT sum(clients.id) FROM visits) FROM clients"), ["42803"]);
    }

    #[test]
    fn types_of_calls_are_the_servers() {
        assert_eq!(
            outputs("SELECT count(*), sum(id), sum(paid), max(name), coalesce(max(paid), 0), current_date, nullif(1, 1) FROM clients"),
            ["count bigint", "sum bigint", "sum numeric", "max text", "coalesce numeric", "current_date date", "nullif integer"]
        );
    }

    #[test]
    fn filters_and_sort_keys_have_their_roles() {
        assert_eq!(
            reads("SELECT string_agg(name, ',' ORDER BY born) FILTER (WHERE phone IS NULL) FROM clients"),
            ["clients.name Value", "clients.phone Filter", "clients.born Order"]
        );
    }

    #[test]
    fn a_function_that_is_not_there_is_refused() {
        assert_eq!(refusals("SELECT lower(id) FROM clients"), ["42883"]);
        assert_eq!(refusals("SELECT born > phone FROM clients"), ["42883"]);
    }
}
