//! Bounds of partitions: what a bound may say, and that no two of one table overlap.
//!
//! In: the text of a bound. Out: the text as the server keeps it, or its refusal. A value that is computed cannot be compared here, and
//! the statement says that it may fail.
//!
//! Source: PostgreSQL 15, transformPartitionBound (parse_utilcmd.c) and check_new_partition_bound (partbounds.c).

use std::cmp::Ordering;
use std::sync::Arc;

use super::partition_text::{in_parentheses, side_of_range};
use super::work::{Applied, Work};
use crate::lineage::{ExpressionPurpose, ExpressionScope};
use crate::schema::{DataType, ObjectId, Partitioning};
use crate::sql::read_expression;
use crate::sql::tree::{BinaryOperator, Expr, ExprKind, Literal, UnaryOperator};
use crate::text::Sources;

/// One constant of a bound.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    /// `NULL`.
    Null,
    /// A number.
    Number(String),
    /// A truth value.
    Boolean(bool),
    /// Anything else, as text.
    Text(String),
    /// Computed.
    Unknown,
}

/// One end of a range, for one column of the key.
#[derive(Clone, Debug, PartialEq)]
enum Edge {
    Lowest,
    Highest,
    At(Value),
}

/// A bound.
#[derive(Clone, Debug, PartialEq)]
enum Bound {
    Default,
    List(Vec<Value>),
    Range(Vec<Edge>, Vec<Edge>),
    Hash(i64, i64),
}

impl Work<'_> {
    /// Checks the bound of a new partition; gives it as the server keeps it. `partition` is the name for messages.
    pub(super) fn new_bound(&mut self, parent: ObjectId, partition: &str, text: &str) -> Applied<Arc<str>> {
        let Some(partitioning) = self.schema.table(parent).and_then(|table| table.partitioning.clone()) else { return Ok(Arc::from(text)) };
        let types = self.key_types(parent, &partitioning);
        let bound = self.bound_from(&partitioning, &types, text, true)?;
        let strategy = &*partitioning.strategy;
        self.bound_suits(strategy, &bound)?;
        if let Bound::Range(from, to) = &bound {
            self.range_is_whole(&partitioning, from, to)?;
        }
        self.bound_is_free(parent, partition, &partitioning, &types, text, &bound)?;
        Ok(Arc::from(shown(&bound, &types).unwrap_or_else(|| text.to_owned())))
    }

    fn key_types(&self, parent: ObjectId, partitioning: &Partitioning) -> Vec<Option<DataType>> {
        let of = |number| self.schema.column(parent, number).map(|column| column.data_type.clone());
        partitioning.columns.iter().map(|column| column.and_then(of)).collect()
    }

    fn bound_suits(&self, strategy: &str, bound: &Bound) -> Applied {
        let wrong = |what: &str| self.refuse("42P16", format!("invalid bound specification for a {what} partition"));
        match (strategy, bound) {
            ("hash", Bound::Default) => self.refuse("42P16", "a hash-partitioned table may not have a default partition"),
            ("hash", Bound::Hash(modulus, _)) if *modulus <= 0 => self.refuse("42P16", "modulus for hash partition must be an integer value greater than zero"),
            ("hash", Bound::Hash(_, remainder)) if *remainder < 0 => {
                self.refuse("42P16", "remainder for hash partition must be an integer value greater than or equal to zero")
            }
            ("hash", Bound::Hash(modulus, remainder)) if remainder >= modulus => self.refuse("42P16", "remainder for hash partition must be less than modulus"),
            ("hash", Bound::Hash(..)) | (_, Bound::Default) | ("list", Bound::List(_)) | ("range", Bound::Range(..)) => Ok(()),
            ("hash", _) => wrong("hash"),
            ("list", _) => wrong("list"),
            _ => wrong("range"),
        }
    }

    fn range_is_whole(&self, partitioning: &Partitioning, from: &[Edge], to: &[Edge]) -> Applied {
        for (word, edges) in [("FROM", from), ("TO", to)] {
            if edges.len() != partitioning.columns.len() {
                return self.refuse("42P16", format!("{word} must specify exactly one value per partitioning column"));
            }
            if edges.contains(&Edge::At(Value::Null)) {
                return self.refuse("42P17", "cannot specify NULL in range bound");
            }
            for pair in edges.windows(2) {
                let [first, second] = pair else { continue };
                let word = match first {
                    Edge::Lowest if *second != Edge::Lowest => "MINVALUE",
                    Edge::Highest if *second != Edge::Highest => "MAXVALUE",
                    _ => continue,
                };
                return self.refuse("42804", format!("every bound following {word} must also be {word}"));
            }
        }
        Ok(())
    }

    fn bound_is_free(
        &mut self,
        parent: ObjectId,
        partition: &str,
        partitioning: &Partitioning,
        types: &[Option<DataType>],
        text: &str,
        bound: &Bound,
    ) -> Applied {
        let mut others = Vec::new();
        for child in self.children(parent) {
            let Some(text) = self.schema.table(child).and_then(|table| table.partition_bound.clone()) else { continue };
            others.push((child, self.bound_from(partitioning, types, &text, false)?));
        }
        let default = others.iter().find(|(_, other)| *other == Bound::Default).map(|(child, _)| *child);
        if let (Bound::Default, Some(default)) = (bound, default) {
            return self.refuse("42P17", format!("partition \"{partition}\" conflicts with existing default partition \"{}\"", self.name_of(default)));
        }
        if let Bound::Range(from, to) = bound {
            match compared(from, to) {
                Some(Ordering::Less) => {}
                Some(_) => return self.refuse("42P17", format!("empty range bound specified for partition \"{partition}\"")),
                None => self.may_fail("42P17", "the range of the new partition is not empty", None),
            }
        }
        if let Bound::Hash(modulus, _) = bound {
            let fits = |other: &Bound| match other {
                Bound::Hash(own, _) if own.max(modulus) % own.min(modulus) != 0 => false,
                _ => true,
            };
            if !others.iter().all(|(_, other)| fits(other)) {
                return self.refuse("42P17", "every hash partition modulus must be a factor of the next larger modulus");
            }
        }
        for (child, other) in &others {
            match overlap(bound, other) {
                Some(true) => {
                    return self.refuse("42P17", format!("partition \"{partition}\" would overlap partition \"{}\"", self.name_of(*child)));
                }
                Some(false) => {}
                None => self.may_fail("42P17", format!("the new partition does not overlap {}", self.name_of(*child)), None),
            }
        }
        if let Some(default) = default
            && self.may_hold_rows(default)
        {
            let query = self.belongs(parent, text).map(|belongs| format!("SELECT 1 FROM {} WHERE {belongs} LIMIT 1", self.qualified(default)));
            self.may_fail("23514", format!("no row of the default partition {} belongs to the new one", self.shown_name(default)), query);
        }
        Ok(())
    }

    /// The rows of a table that cannot become a partition with this bound; `None` when SQL cannot say it.
    pub(super) fn question_for_strangers(&self, parent: ObjectId, child: ObjectId, bound: &str) -> Option<String> {
        let strangers = if bound.eq_ignore_ascii_case("default") {
            // The default takes what no other partition takes.
            let others = self.children(parent).into_iter().filter(|other| *other != child);
            let theirs: Option<Vec<String>> = others.map(|other| self.belongs(parent, self.schema.table(other)?.partition_bound.as_deref()?)).collect();
            let theirs = theirs?;
            if theirs.is_empty() { String::from("false") } else { theirs.join(" OR ") }
        } else {
            format!("({}) IS NOT TRUE", self.belongs(parent, bound)?)
        };
        Some(format!("SELECT 1 FROM {} WHERE {strangers} LIMIT 1", self.qualified(child)))
    }

    /// The condition of a partition over plain columns, as the server tests it (get_qual_from_partbound, partbounds.c).
    fn belongs(&self, parent: ObjectId, bound: &str) -> Option<String> {
        let partitioning = self.schema.table(parent)?.partitioning.as_ref()?;
        let quoted = |number: &Option<_>| Some(self.schema.dialect.quote(&self.schema.column(parent, (*number)?)?.name));
        let keys: Vec<String> = partitioning.columns.iter().map(quoted).collect::<Option<_>>()?;
        let upper = bound.to_ascii_uppercase();
        let rest = |word: &str| upper.find(word).and_then(|place| bound.get(place + word.len()..)).map(str::trim_start);
        match &*partitioning.strategy {
            "list" => {
                let (values, _) = in_parentheses(rest("VALUES IN")?);
                let (nulls, values): (Vec<String>, Vec<String>) = values.into_iter().partition(|value| value.eq_ignore_ascii_case("null"));
                let key = keys.first()?;
                let mut either = Vec::new();
                either.extend((!nulls.is_empty()).then(|| format!("{key} IS NULL")));
                either.extend((!values.is_empty()).then(|| format!("{key} IS NOT NULL AND {key} IN ({})", values.join(", "))));
                Some(format!("({})", either.join(" OR ")))
            }
            "range" => {
                let (from, after) = in_parentheses(rest("VALUES FROM")?);
                let (to, _) = in_parentheses(after.trim_start().get(2..)?.trim_start());
                let filled = keys.iter().map(|key| format!("{key} IS NOT NULL"));
                let ends = [side_of_range(&keys, &from, (">=", ">")), side_of_range(&keys, &to, ("<", "<="))];
                let all: Vec<String> = filled.chain(ends.into_iter().flatten()).collect();
                Some(format!("({})", all.join(" AND ")))
            }
            "hash" => {
                let numbers: Vec<&str> = bound.split(|letter: char| !letter.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
                let [modulus, remainder] = numbers.as_slice() else { return None };
                let table = crate::schema::ddl::literal(&self.qualified(parent));
                Some(format!("satisfies_hash_partition({table}::regclass, {modulus}, {remainder}, {})", keys.join(", ")))
            }
            _ => None,
        }
    }

    /// Takes the text apart; when the bound is new, its values are bound as the server binds them.
    fn bound_from(&mut self, partitioning: &Partitioning, types: &[Option<DataType>], text: &str, is_new: bool) -> Applied<Bound> {
        if text.eq_ignore_ascii_case("default") {
            return Ok(Bound::Default);
        }
        let upper = text.to_ascii_uppercase();
        let after = |word: &str| upper.find(word).and_then(|place| text.get(place + word.len()..)).map(str::trim_start);
        if let Some(rest) = after("FOR VALUES WITH").or_else(|| after("WITH")) {
            let numbers: Vec<i64> = rest.split(|letter: char| !(letter.is_ascii_digit() || letter == '-')).filter_map(|part| part.parse().ok()).collect();
            if let [modulus, remainder] = numbers.as_slice() {
                return Ok(Bound::Hash(*modulus, *remainder));
            }
        }
        let first_type = types.first().cloned().flatten();
        if let Some(rest) = after("FOR VALUES IN") {
            let (values, _) = in_parentheses(rest);
            let mut all = Vec::new();
            for value in values {
                let value = self.bound_value(&value, first_type.as_ref(), is_new && &*partitioning.strategy == "list")?;
                // A value that is said twice counts once.
                if value == Value::Unknown || !all.contains(&value) {
                    all.push(value);
                }
            }
            return Ok(Bound::List(all));
        }
        let Some(rest) = after("FOR VALUES FROM") else { return Ok(Bound::List(vec![Value::Unknown])) };
        let (from, rest) = in_parentheses(rest);
        let (to, _) = in_parentheses(rest.trim_start().trim_start_matches(|letter: char| letter.is_ascii_alphabetic()));
        let fits = from.len() == types.len() && to.len() == types.len();
        let mut edges = Vec::new();
        for side in [from, to] {
            let mut all = Vec::new();
            for (position, value) in side.iter().enumerate() {
                all.push(match value.to_ascii_uppercase().as_str() {
                    "MINVALUE" => Edge::Lowest,
                    "MAXVALUE" => Edge::Highest,
                    _ => {
                        let data_type = types.get(position).cloned().flatten();
                        Edge::At(self.bound_value(value, data_type.as_ref(), is_new && fits && &*partitioning.strategy == "range")?)
                    }
                });
            }
            edges.push(all);
        }
        let to = edges.pop().unwrap_or_default();
        Ok(Bound::Range(edges.pop().unwrap_or_default(), to))
    }

    fn bound_value(&mut self, text: &str, data_type: Option<&DataType>, is_new: bool) -> Applied<Value> {
        let mut sources = Sources::default();
        let id = sources.add("<partition bound>", text);
        let Ok(expression) = read_expression(&sources, id, self.schema.dialect) else { return Ok(Value::Unknown) };
        if is_new {
            let mut scope = ExpressionScope::empty(ExpressionPurpose::PartitionBound);
            if let Some(data_type) = data_type {
                scope = scope.assigned_to(data_type.clone());
            }
            let binding = crate::lineage::bind_expression(&self.schema, &self.session, &scope, &expression);
            if let Some(error) = binding.errors.into_iter().find(|error| error.unknown.is_none()) {
                let sqlstate = if error.sqlstate == "42P10" { "0A000" } else { error.sqlstate };
                return self.refuse(sqlstate, error.message);
            }
        }
        Ok(normalised(constant(&expression), data_type))
    }
}

fn constant(expression: &Expr) -> Value {
    match &*expression.kind {
        ExprKind::Literal(Literal::Null) => Value::Null,
        ExprKind::Literal(Literal::Boolean(value)) => Value::Boolean(*value),
        ExprKind::Literal(Literal::Number(digits)) => Value::Number(digits.clone()),
        ExprKind::Literal(Literal::String(text)) => Value::Text(text.clone()),
        ExprKind::Cast { operand, .. } => constant(operand),
        ExprKind::Unary(UnaryOperator::Symbol(sign), operand) if sign == "-" => match constant(operand) {
            Value::Number(digits) => Value::Number(format!("-{digits}")),
            _ => Value::Unknown,
        },
        ExprKind::Binary(left, BinaryOperator::Symbol(sign), right) => sum(&constant(left), sign, &constant(right)),
        _ => Value::Unknown,
    }
}

/// Whole numbers are computed at once, as on the server.
fn sum(left: &Value, sign: &str, right: &Value) -> Value {
    let number = |value: &Value| if let Value::Number(digits) = value { digits.parse::<i32>().ok() } else { None };
    let (Some(left), Some(right)) = (number(left), number(right)) else { return Value::Unknown };
    let result = match sign {
        "+" => left.checked_add(right),
        "-" => left.checked_sub(right),
        "*" => left.checked_mul(right),
        _ => None,
    };
    result.map_or(Value::Unknown, |result| Value::Number(result.to_string()))
}

/// The constant as a value of its column's type.
fn normalised(value: Value, data_type: Option<&DataType>) -> Value {
    let is = |names: &[&str]| data_type.is_some_and(|own| names.iter().any(|name| own.is_builtin(name)));
    match value {
        Value::Text(text) if is(&["int2", "int4", "int8", "numeric", "float4", "float8", "oid"]) => Value::Number(text.trim().to_owned()),
        // A number is rounded to what the column holds, away from zero at a half.
        Value::Number(digits) if is(&["int2", "int4", "int8"]) && digits.contains(['.', 'e', 'E']) => {
            digits.parse::<f64>().map_or(Value::Unknown, |number| Value::Number(format!("{:.0}", number.round())))
        }
        // An assignment of a number to a text is a text.
        Value::Number(digits) if is(&["text", "varchar", "bpchar", "name"]) => Value::Text(digits),
        Value::Text(text) if is(&["bool"]) => super::storage_parameter::truth(text.trim()).map_or(Value::Unknown, Value::Boolean),
        Value::Text(text) if is(&["date"]) && !is_iso_date(&text) => Value::Unknown,
        Value::Text(text) if is(&["timestamp"]) => match (is_iso_date(&text), text.len()) {
            (true, _) => Value::Text(format!("{text} 00:00:00")),
            (false, 19) if text.as_bytes().get(10) == Some(&b'T') => Value::Text(text.replacen('T', " ", 1)),
            (false, 19) => Value::Text(text),
            _ => Value::Unknown,
        },
        Value::Text(_) if is(&["timestamptz", "time", "timetz", "interval", "bytea", "inet", "cidr"]) => Value::Unknown,
        other => other,
    }
}

fn is_iso_date(text: &str) -> bool {
    text.len() == 10 && text.chars().enumerate().all(|(place, letter)| if place == 4 || place == 7 { letter == '-' } else { letter.is_ascii_digit() })
}

fn compared(one: &[Edge], other: &[Edge]) -> Option<Ordering> {
    for (a, b) in one.iter().zip(other) {
        let order = match (a, b) {
            (Edge::Lowest, Edge::Lowest) | (Edge::Highest, Edge::Highest) => return Some(Ordering::Equal),
            (Edge::Lowest, _) | (_, Edge::Highest) => Ordering::Less,
            (Edge::Highest, _) | (_, Edge::Lowest) => Ordering::Greater,
            (Edge::At(a), Edge::At(b)) => value_order(a, b)?,
        };
        if order != Ordering::Equal {
            return Some(order);
        }
    }
    Some(Ordering::Equal)
}

fn value_order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => match (a.parse::<i128>(), b.parse::<i128>()) {
            (Ok(a), Ok(b)) => Some(a.cmp(&b)),
            _ => a.parse::<f64>().ok()?.partial_cmp(&b.parse::<f64>().ok()?),
        },
        (Value::Boolean(a), Value::Boolean(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => {
            // The order of a collation is that of the bytes only within one kind of letter.
            let plain = |text: &str| {
                text.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
                    || text.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, '-' | ' ' | ':' | '.'))
            };
            if a == b {
                return Some(Ordering::Equal);
            }
            (plain(a) && plain(b)).then(|| a.cmp(b))
        }
        _ => None,
    }
}

/// Whether two bounds have a value in common; `None` when it cannot be told.
fn overlap(one: &Bound, other: &Bound) -> Option<bool> {
    match (one, other) {
        (Bound::List(own), Bound::List(others)) => {
            if own.iter().any(|value| *value != Value::Unknown && others.contains(value)) {
                return Some(true);
            }
            let numbers = |all: &[Value]| all.iter().filter(|value| matches!(value, Value::Number(_))).cloned().collect::<Vec<_>>();
            let equal = numbers(own).iter().any(|a| numbers(others).iter().any(|b| value_order(a, b) == Some(Ordering::Equal)));
            let is_open = |all: &[Value]| all.contains(&Value::Unknown);
            if equal {
                return Some(true);
            }
            (!is_open(own) && !is_open(others)).then_some(false)
        }
        (Bound::Range(from, to), Bound::Range(other_from, other_to)) => {
            Some(compared(from, other_to)? == Ordering::Less && compared(other_from, to)? == Ordering::Less)
        }
        (Bound::Hash(modulus, remainder), Bound::Hash(other, other_remainder)) => {
            let smaller = modulus.min(other);
            if *smaller <= 0 {
                return None;
            }
            Some(remainder % smaller == other_remainder % smaller)
        }
        _ => Some(false),
    }
}

/// The text as the server prints it (`get_partbound…`, ruleutils.c); `None` when a value is computed.
fn shown(bound: &Bound, types: &[Option<DataType>]) -> Option<String> {
    let of = |position: usize| types.get(position).and_then(Option::as_ref);
    Some(match bound {
        Bound::Default => String::from("DEFAULT"),
        Bound::Hash(modulus, remainder) => format!("FOR VALUES WITH (modulus {modulus}, remainder {remainder})"),
        Bound::List(values) => {
            format!("FOR VALUES IN ({})", values.iter().map(|value| shown_value(value, of(0))).collect::<Option<Vec<_>>>()?.join(", "))
        }
        Bound::Range(from, to) => {
            let side = |edges: &[Edge]| {
                let all = edges.iter().enumerate().map(|(position, edge)| match edge {
                    Edge::Lowest => Some(String::from("MINVALUE")),
                    Edge::Highest => Some(String::from("MAXVALUE")),
                    Edge::At(value) => shown_value(value, of(position)),
                });
                all.collect::<Option<Vec<_>>>().map(|all| all.join(", "))
            };
            format!("FOR VALUES FROM ({}) TO ({})", side(from)?, side(to)?)
        }
    })
}

/// A constant as the server prints one of its type (get_const_expr): without quotes only a whole `integer` that is not negative, a `numeric`
/// with a point, and a truth value.
fn shown_value(value: &Value, data_type: Option<&DataType>) -> Option<String> {
    let quoted = |text: &str| Some(format!("'{}'", text.replace('\'', "''")));
    match value {
        Value::Null => Some(String::from("NULL")),
        Value::Number(digits) => {
            let is = |name: &str| data_type.is_some_and(|own| own.is_builtin(name));
            let is_whole = digits.chars().all(|letter| letter.is_ascii_digit());
            let is_fraction = digits.contains('.') && digits.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
            let bare = data_type.is_none() || is("int4") && is_whole || is("numeric") && is_fraction;
            let known = is("int2") || is("int4") || is("int8") || is("numeric") || is("oid");
            let float = digits.parse::<f64>().ok().filter(|_| is("float8") || is("float4"));
            match (bare, float) {
                (true, _) if !digits.starts_with('-') => Some(digits.clone()),
                (_, Some(number)) if number.abs() < 1e15 => quoted(&number.to_string()),
                (_, Some(_)) => None,
                _ if known && digits.contains(['e', 'E']) => None,
                _ => quoted(digits),
            }
        }
        Value::Boolean(value) => Some(value.to_string()),
        Value::Text(text) => match data_type {
            Some(own) if own.is_builtin("uuid") => quoted(&text.to_ascii_lowercase()),
            Some(own) if own.is_builtin("bpchar") => {
                let length = own.modifiers.first().and_then(|length| length.parse::<usize>().ok()).unwrap_or(0);
                quoted(&format!("{text:length$}"))
            }
            _ => quoted(text),
        },
        Value::Unknown => None,
    }
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_touch_do_not_overlap() {
        let range = |from: &str, to: &str| Bound::Range(vec![Edge::At(Value::Number(from.into()))], vec![Edge::At(Value::Number(to.into()))]);
        assert_eq!(overlap(&range("1", "10"), &range("10", "20")), Some(false));
        assert_eq!(overlap(&range("1", "11"), &range("10", "20")), Some(true));
        assert_eq!(overlap(&Bound::Range(vec![Edge::Lowest], vec![Edge::Highest]), &range("10", "20")), Some(true));
    }

    #[test]
    fn parts_in_strings_and_parentheses_stay_together() {
        assert_eq!(in_parentheses("('a, b', f(1, 2)) TO").0, ["'a, b'", "f(1, 2)"]);
    }
}
