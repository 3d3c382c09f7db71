//! Calls: functions, aggregates, window functions, and the built-in forms that only look like calls.
//!
//! Rules: parse_func.c, ParseFuncOrColumn, and parse_agg.c (PostgreSQL 15).

use std::rc::Rc;

use super::Role;
use super::binder::Binder;
use super::level::Clause;
use super::value::{Field, Value, mix};
use crate::name::Name;
use crate::schema::{Address, DataType};
use crate::sql::tree::{BinaryOperator, Call, CallSyntax, Expr, ExprKind, Volatility};
use crate::text::Span;
use crate::typing::{self, Argument, CommonTypeFor, FunctionCall, FunctionMatch, RoutineKind, SearchIn};

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
                let value = self.expression(&argument.value);
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
            }
        }
        match found.volatility {
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

    /// An aggregate over the uses since `start`: it belongs to the innermost level that they use, and may stand where that level's clause lets it.
    fn aggregate_at(&mut self, start: usize, nested_from: usize, span: Span) {
        self.over_rows = true;
        let used: Vec<u32> = self.log.get(start..).unwrap_or(&[]).iter().map(|one| one.level).collect();
        let index = (0..self.levels.len()).rev().find(|index| self.levels.get(*index).is_some_and(|level| used.contains(&level.id)));
        let index = index.unwrap_or_else(|| self.levels.len().saturating_sub(1));
        let Some(level) = self.levels.get_mut(index) else { return };
        let id = level.id;
        level.has_aggregates = true;
        let clause = level.clause;
        for one in self.log.iter_mut().skip(start).filter(|one| one.level == id) {
            one.aggregated = true;
        }
        if self.aggregates.get(nested_from..).is_some_and(|inside| inside.contains(&id)) {
            self.error("42803", "aggregate function calls cannot be nested", span);
        }
        self.aggregates.push(id);
        if let Some(words) = clause.forbids_aggregates() {
            self.error("42803", format!("aggregate functions are not allowed in {words}"), span);
        }
        if start == self.log.len() {
            self.uses_all_rows(id, span);
        }
    }

    /// `count(*)` draws from every relation of the level as a whole.
    fn uses_all_rows(&mut self, id: u32, span: Span) {
        let mut sources = super::value::Sources::default();
        if let Some(level) = self.levels.iter().find(|level| level.id == id) {
            for relation in &level.relations {
                if let super::level::RelationKind::Missing(written) = &relation.kind {
                    sources.named.insert(super::NamedSource { relation: written.to_string(), column: "*".to_owned() });
                }
            }
        }
        let sources = Rc::new(sources);
        self.log.push(super::level::ColumnUse { level: id, relation: usize::MAX, column: None, span, aggregated: true, sources, reads: Rc::from([]) });
    }

    fn window_call_here(&mut self, span: Span) {
        self.window_calls += 1;
        let clause = self.level().clause;
        if let Some(words) = clause.forbids_windows() {
            self.error("42P20", format!("window functions are not allowed in {words}"), span);
        }
    }

    fn set_returning_here(&mut self, span: Span) {
        let level = self.level();
        let words = if level.inside_conditional { Some("CASE") } else { level.clause.forbids_sets() };
        if let Some(words) = words {
            self.error("0A000", format!("set-returning functions are not allowed in {words}"), span);
        }
    }

    /// A call in a dialect whose functions are not known.
    fn untyped_call(&mut self, call: &Call, arguments: &Arguments, star: bool, start: usize, span: Span) -> Value {
        let word = call.name.name.name.as_str().to_lowercase();
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

    /// `COALESCE` and its kind; `None` when it is a call like any other.
    fn built_in_form(&mut self, call: &Call, span: Span) -> Option<Value> {
        let word = call.name.name.name.as_str();
        let word = if self.is_typed() { word.to_owned() } else { word.to_lowercase() };
        let purpose = match word.as_str() {
            "coalesce" => CommonTypeFor::Coalesce,
            "greatest" => CommonTypeFor::Greatest,
            "least" => CommonTypeFor::Least,
            "nullif" if call.arguments.len() == 2 => return Some(self.null_if(call, span)),
            _ if call.syntax == CallSyntax::Keyword => return self.keyword(call, &word),
            _ => return None,
        };
        let conditional = purpose == CommonTypeFor::Coalesce;
        let before = std::mem::replace(&mut self.level().inside_conditional, conditional);
        let values: Vec<Value> = call.arguments.iter().map(|argument| self.expression(&argument.value)).collect();
        self.level().inside_conditional = before;
        let hash = mix(&word, &values.iter().map(|value| value.hash).collect::<Vec<_>>());
        let common = self.common_value(&values, purpose, span);
        Some(Value { column: None, ..common }.hashed(hash))
    }

    fn null_if(&mut self, call: &Call, span: Span) -> Value {
        let values: Vec<Value> = call.arguments.iter().map(|argument| self.expression(&argument.value)).collect();
        let hash = mix("nullif", &values.iter().map(|value| value.hash).collect::<Vec<_>>());
        let [left, right] = values.as_slice() else { return Value::opaque() };
        self.binary_value(&BinaryOperator::Symbol("=".to_owned()), left, right, span);
        if !self.is_typed() {
            return Value::of(left.data_type.clone(), true).hashed(hash);
        }
        let path = self.namespaces.clone();
        let found = typing::operator(self.schema, &SearchIn::Path(&path), "=", &self.operand(left), &self.operand(right)).ok();
        let converted = found.and_then(|found| found.left);
        let data_type = match (&left.data_type, converted) {
            (Some(own), Some(wanted)) if wanted.without_modifiers() == own.without_modifiers() => Some(own.clone()),
            (Some(own), Some(wanted)) if typing::is_polymorphic(&wanted) => Some(typing::base_type(self.schema, own)),
            (_, wanted) => wanted,
        };
        Value::of(data_type, true).hashed(hash)
    }

    /// `CURRENT_DATE` and its kind (manual 9.9.5, 9.26, 15).
    fn keyword(&mut self, call: &Call, word: &str) -> Option<Value> {
        let (data_type, moves) = match word {
            "current_date" => ("date", true),
            "current_time" => ("timetz", true),
            "current_timestamp" => ("timestamptz", true),
            "localtime" => ("time", true),
            "localtimestamp" => ("timestamp", true),
            "current_user" | "session_user" | "user" | "current_role" | "current_catalog" | "current_schema" => ("name", true),
            _ => return None,
        };
        if moves {
            self.found.volatile.push(call.name.name.span);
            if self.volatility == Volatility::Immutable {
                self.volatility = Volatility::Stable;
            }
        }
        let modifiers: Vec<String> = call.arguments.iter().filter_map(|argument| number_of(&argument.value)).collect();
        let value = Value::of(Some(DataType::builtin(data_type).with_modifiers(modifiers)), false);
        Some(value.hashed(mix(word, &[])))
    }
}

fn number_of(expression: &Expr) -> Option<String> {
    match &*expression.kind {
        ExprKind::Literal(crate::sql::tree::Literal::Number(digits)) => Some(digits.clone()),
        _ => None,
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

fn is_aggregate_word(word: &str) -> bool {
    matches!(
        word,
        "count"
            | "sum"
            | "avg"
            | "min"
            | "max"
            | "array_agg"
            | "string_agg"
            | "listagg"
            | "group_concat"
            | "bool_and"
            | "bool_or"
            | "every"
            | "any_value"
            | "median"
            | "stddev"
            | "variance"
            | "json_agg"
            | "jsonb_agg"
            | "approx_count_distinct"
            | "count_if"
            | "first"
            | "last"
            | "percentile_cont"
            | "percentile_disc"
            | "mode"
    )
}

impl Clause {
    /// The server's words for a place where no aggregate may stand.
    fn forbids_aggregates(self) -> Option<&'static str> {
        Some(match self {
            Self::Where => "WHERE",
            Self::JoinCondition => "JOIN conditions",
            Self::FromFunction => "functions in FROM",
            Self::GroupBy => "GROUP BY",
            Self::Limit => "LIMIT",
            Self::Values | Self::InsertValues => "VALUES",
            Self::UpdateSource => "UPDATE",
            Self::Returning => "RETURNING",
            Self::MergeWhen => "MERGE WHEN conditions",
            Self::WindowFrame => "window ROWS",
            Self::Check => "check constraints",
            Self::Default => "DEFAULT expressions",
            Self::Generated => "column generation expressions",
            Self::IndexKey => "index expressions",
            Self::IndexPredicate => "index predicates",
            Self::Conversion => "transform expressions",
            Self::PartitionKey => "partition key expressions",
            Self::PartitionBound => "partition bound",
            Self::Policy => "policy expressions",
            Self::TriggerCondition => "trigger WHEN conditions",
            Self::CallArgument => "CALL arguments",
            Self::Other
            | Self::SelectList
            | Self::FromSubquery
            | Self::Having
            | Self::Qualify
            | Self::OrderBy
            | Self::DistinctOn
            | Self::WindowPartition
            | Self::WindowOrder => return None,
        })
    }

    /// The same for window functions.
    fn forbids_windows(self) -> Option<&'static str> {
        match self {
            Self::Having => Some("HAVING"),
            Self::WindowPartition | Self::WindowOrder => Some("window definitions"),
            Self::FromSubquery | Self::SelectList | Self::OrderBy | Self::DistinctOn | Self::Qualify | Self::Other => None,
            other => other.forbids_aggregates(),
        }
    }

    /// The same for functions that give a set.
    fn forbids_sets(self) -> Option<&'static str> {
        match self {
            Self::Having => Some("HAVING"),
            Self::InsertValues | Self::FromFunction | Self::GroupBy | Self::Values | Self::Returning | Self::WindowFrame => None,
            other => other.forbids_aggregates(),
        }
    }
}
