//! Whether the rows can stand in the way of a new type, and the condition that finds those that do.
//!
//! In: the value that is converted (a column, or what `USING` makes of it) and the new type. Out: a [`Doubt`]. What is not known to work for every
//! value is a doubt; a condition is given only where it is true for exactly the rows that the server would refuse.
//!
//! Source: PostgreSQL manual 8 and 9, 15; each conversion is tried with values on both sides of its border in `tests/postgres/questions.rs`.

use super::work::Work;
use crate::lineage::{ExpressionPurpose, ExpressionScope, bind_expression};
use crate::schema::ddl::literal;
use crate::schema::{DataType, ObjectBody, ObjectId, TypeIdentity, UserType};
use crate::sql::tree::{BinaryOperator, Call, CallSyntax, Expr, ExprKind, Literal};
use crate::typing::base_type;

/// From this version on the server can be asked whether a text is valid input (release notes 16).
const ASKS_FOR_INPUT: u32 = 16;

/// What the rows may do to a conversion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Nothing: it works for every value.
    None,
    /// Some values may be refused.
    Some {
        /// With which code.
        sqlstate: &'static str,
        /// True for each row that is refused; `None` when SQL cannot ask without failing itself.
        condition: Option<String>,
    },
}

/// How a value comes to its new type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// By itself, when it is stored.
    Assignment,
    /// By a written cast.
    Explicit,
}

impl Doubt {
    fn unasked(sqlstate: &'static str) -> Self {
        Self::Some { sqlstate, condition: None }
    }

    fn when(sqlstate: &'static str, condition: String) -> Self {
        Self::Some { sqlstate, condition: Some(condition) }
    }

    /// First this conversion, then the next one, which sees only what the first let through.
    fn then(self, next: Self) -> Self {
        match (self, next) {
            (Self::None, other) | (other, Self::None) => other,
            (Self::Some { condition: Some(first), .. }, Self::Some { sqlstate, condition: Some(second) }) => {
                Self::when(sqlstate, format!("CASE WHEN {first} THEN true ELSE {second} END"))
            }
            (Self::Some { sqlstate, .. }, Self::Some { .. }) => Self::unasked(sqlstate),
        }
    }

    /// Both are computed, in an order that nobody promises.
    fn beside(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, other) | (other, Self::None) => other,
            (Self::Some { sqlstate, .. }, Self::Some { .. }) => Self::unasked(sqlstate),
        }
    }
}

impl Work<'_> {
    /// What the rows may do to a column's new type. `written` is the column's name or the text of `USING`, `from` its type when it is known.
    pub(super) fn doubt_of_conversion(&self, table: ObjectId, from: &DataType, column: &str, using: Option<&Expr>, target: &DataType) -> Doubt {
        match using {
            None => self.doubt(column, from, target, Way::Assignment),
            Some(using) => {
                let made = self.doubt_of_value(table, using);
                let stored = match self.type_of_value(table, using) {
                    Some(from) => self.doubt(self.sources.slice(using.span), &from, target, Way::Assignment),
                    None => Doubt::unasked("22P02"),
                };
                made.then(stored)
            }
        }
    }

    fn type_of_value(&self, table: ObjectId, value: &Expr) -> Option<DataType> {
        let scope = ExpressionScope::of_relation(ExpressionPurpose::Conversion, table);
        bind_expression(&self.schema, &self.session, &scope, value).data_type
    }

    fn is_text_value(&self, table: ObjectId, value: &Expr) -> bool {
        self.type_of_value(table, value).is_some_and(|made| made.is_builtin("text"))
    }

    /// Whether computing a value can fail.
    fn doubt_of_value(&self, table: ObjectId, value: &Expr) -> Doubt {
        let concatenation = BinaryOperator::Symbol(String::from("||"));
        let all = |values: &[&Expr]| values.iter().fold(Doubt::None, |before, value| before.beside(self.doubt_of_value(table, value)));
        match &*value.kind {
            ExprKind::Column(_) | ExprKind::Literal(_) => Doubt::None,
            // A constant is converted when the statement is read, whatever the rows are.
            ExprKind::Cast { operand, .. } if matches!(&*operand.kind, ExprKind::Literal(_)) => Doubt::None,
            ExprKind::Cast { operand, target, .. } => {
                let inner = self.doubt_of_value(table, operand);
                let (Some(from), Ok(to)) = (self.type_of_value(table, operand), self.data_type(target)) else { return Doubt::unasked("22P02") };
                inner.then(self.doubt(self.sources.slice(operand.span), &from, &to, Way::Explicit))
            }
            ExprKind::Collate(operand, _) | ExprKind::Is { operand, .. } => self.doubt_of_value(table, operand),
            ExprKind::Between { operand, low, high, .. } => all(&[operand, low, high]),
            ExprKind::InList { operand, list, .. } => all(&std::iter::once(operand).chain(list).collect::<Vec<_>>()),
            ExprKind::Array(elements) | ExprKind::Row(elements) | ExprKind::Connected(_, elements) => all(&elements.iter().collect::<Vec<_>>()),
            ExprKind::Binary(left, operator, right) if never_fails(operator) || *operator == concatenation && self.is_text_value(table, value) => {
                all(&[left, right])
            }
            ExprKind::Case { operand, branches, otherwise } => {
                let parts = branches.iter().flat_map(|branch| [&branch.when, &branch.then]);
                let guarded = all(&operand.iter().chain(parts).chain(otherwise).collect::<Vec<_>>());
                // A branch is computed only where its condition holds: which rows it meets is not asked.
                if guarded == Doubt::None { Doubt::None } else { Doubt::unasked("22P02") }
            }
            ExprKind::Call(call) if is_total(call) => all(&call.arguments.iter().map(|argument| &argument.value).collect::<Vec<_>>()),
            _ => Doubt::unasked("22P02"),
        }
    }

    /// Whether a value of one type can become one of another.
    fn doubt(&self, value: &str, from: &DataType, to: &DataType, way: Way) -> Doubt {
        if from == to || from.is_builtin("unknown") {
            return Doubt::None;
        }
        if self.has_own_conditions(to) {
            return Doubt::unasked("23514");
        }
        let (old, new) = (base_type(&self.schema, from), base_type(&self.schema, to));
        if old.array || new.array {
            let (old_element, new_element) = (DataType { array: false, ..old.clone() }, DataType { array: false, ..new.clone() });
            return match (old.array && new.array, self.doubt(value, &old_element, &new_element, way)) {
                (true, Doubt::None) => Doubt::None,
                (false, _) if is_unlimited_text(&new) => Doubt::None,
                _ => Doubt::unasked("22P02"),
            };
        }
        match (&old.identity, &new.identity) {
            (TypeIdentity::Builtin(old_name), TypeIdentity::Builtin(new_name)) => {
                self.doubt_between_built_in(&format!("({value})"), (old_name, &old.modifiers), (new_name, &new.modifiers), way)
            }
            (TypeIdentity::Object(_), TypeIdentity::Builtin(_)) if is_unlimited_text(&new) => Doubt::None,
            (TypeIdentity::Object(_), TypeIdentity::Builtin(name)) if is_text(name) => too_long(&format!("({value})::text"), &new.modifiers, way),
            (TypeIdentity::Builtin(name), TypeIdentity::Object(id)) if is_text(name) => match self.schema.get(*id).map(|object| &object.body) {
                Some(ObjectBody::Type(UserType::Enum { labels, .. })) => {
                    let known: Vec<String> = labels.iter().map(|(_, label)| literal(label)).collect();
                    if known.is_empty() { Doubt::unasked("22P02") } else { Doubt::when("22P02", format!("({value}) NOT IN ({})", known.join(", "))) }
                }
                _ => self.not_readable(value, to),
            },
            _ => Doubt::unasked("22P02"),
        }
    }

    /// A domain with conditions, at any depth.
    fn has_own_conditions(&self, data_type: &DataType) -> bool {
        let TypeIdentity::Object(id) = data_type.identity else { return false };
        match self.schema.get(id).map(|object| &object.body) {
            Some(ObjectBody::Type(UserType::Domain(domain))) => {
                domain.not_null || !self.schema.on_table(id).is_empty() || data_type.array || self.has_own_conditions(&domain.base)
            }
            _ => false,
        }
    }

    fn doubt_between_built_in(&self, value: &str, from: (&str, &[String]), to: (&str, &[String]), way: Way) -> Doubt {
        let ((old, old_modifiers), (new, modifiers)) = (from, to);
        match (old, new) {
            _ if always_converts(old, new) => Doubt::None,
            (_, "varchar" | "bpchar") if modifiers.is_empty() => Doubt::None,
            ("varchar" | "bpchar", "varchar" | "bpchar") if limit(old_modifiers).is_some_and(|old| limit(modifiers).is_some_and(|new| old <= new)) => {
                Doubt::None
            }
            (_, "varchar" | "bpchar") if is_text(old) => too_long(value, modifiers, way),
            (_, "varchar" | "bpchar") => too_long(&format!("{value}::text"), modifiers, way),
            ("int2" | "int4" | "int8" | "numeric", "numeric") => fits_numeric(value, old, old_modifiers, modifiers),
            ("float4" | "float8", "numeric") if modifiers.is_empty() => self.infinite(value),
            ("int4" | "int8", "int2") | ("int8", "int4") => Doubt::when("22003", outside(value, new)),
            ("numeric", "int2" | "int4" | "int8") => Doubt::when("22003", outside(&format!("round({value})"), new)),
            ("float4" | "float8", "int2" | "int4" | "int8") => Doubt::when("22003", outside_for_float(value, new)),
            ("date", "timestamp" | "timestamptz") => Doubt::when("22008", format!("{value} >= DATE '294276-12-31' AND isfinite({value})")),
            _ if is_text(old) && self.schema.server.major_version.is_some_and(|major| major >= ASKS_FOR_INPUT) => {
                self.not_readable(value, &DataType { modifiers: modifiers.into(), ..DataType::builtin(new) })
            }
            (_, "numeric") if is_text(old) => {
                let plain = format!(r"{value} !~* '^\s*([+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]{{1,4}})?|nan)\s*$'");
                Doubt::when("22P02", plain).then(fits_numeric(&format!("{value}::numeric"), "numeric", &[], modifiers))
            }
            (_, "int2" | "int4" | "int8") if is_text(old) => not_a_whole_number(value, new),
            (_, "bool") if is_text(old) => {
                Doubt::when("22P02", format!(r"{value} !~* '^\s*(t|tr|tru|true|f|fa|fal|fals|false|y|ye|yes|n|no|on|of|off|1|0)\s*$'"))
            }
            (_, "uuid") if is_text(old) => {
                let digits = "([0-9a-f]{4}-?){7}[0-9a-f]{4}";
                Doubt::when("22P02", format!(r"{value} !~* '^({digits}|\{{{digits}\}})$'"))
            }
            _ => Doubt::unasked("22P02"),
        }
    }

    /// Text that the type's input function may refuse.
    fn not_readable(&self, value: &str, to: &DataType) -> Doubt {
        let shown = literal(&self.shown_type(to));
        match self.schema.server.major_version {
            Some(major) if major >= ASKS_FOR_INPUT => Doubt::when("22P02", format!("NOT pg_input_is_valid(({value})::text, {shown})")),
            _ => Doubt::unasked("22P02"),
        }
    }

    /// `numeric` holds infinity from 14 on (release notes).
    fn infinite(&self, value: &str) -> Doubt {
        match self.schema.server.major_version {
            Some(major) if major >= 14 => Doubt::None,
            _ => Doubt::when("0A000", format!("{value} IN ('Infinity', '-Infinity')")),
        }
    }
}

/// Whether every value of a built-in type becomes one of another without a doubt, whatever it is (manual 8 and 9.9, 15; measured on 15).
fn always_converts(from: &str, to: &str) -> bool {
    match (from, to) {
        (_, "text") => true,
        ("int2", "int4" | "int8" | "float4" | "float8") | ("int4", "int8" | "float4" | "float8") | ("int8", "float4" | "float8") => true,
        ("float4", "float8") | ("interval", "interval") => true,
        ("timestamp" | "timestamptz", "timestamp" | "timestamptz" | "date") => true,
        ("time", "time") | ("timetz", "timetz" | "time") | ("time", "timetz") => true,
        ("bool", "int4") | ("int4", "bool") | ("cidr", "inet") | ("jsonb", "json") => true,
        _ => false,
    }
}

/// Operators that give a value, or NULL, for all values of the types they take.
fn never_fails(operator: &BinaryOperator) -> bool {
    match operator {
        BinaryOperator::Symbol(symbol) => {
            matches!(symbol.as_str(), "=" | "<>" | "!=" | "<" | "<=" | ">" | ">=" | "->" | "->>" | "#>" | "#>>" | "IS DISTINCT FROM" | "@>" | "<@" | "?")
        }
        _ => false,
    }
}

/// Functions of the server that give a value, or NULL, whatever they are given.
fn is_total(call: &Call) -> bool {
    const TOTAL: [&str; 21] = [
        "btrim",
        "coalesce",
        "concat",
        "concat_ws",
        "greatest",
        "initcap",
        "jsonb_build_array",
        "least",
        "length",
        "lower",
        "ltrim",
        "md5",
        "nullif",
        "quote_literal",
        "replace",
        "reverse",
        "rtrim",
        "to_json",
        "to_jsonb",
        "trim",
        "upper",
    ];
    let plain = call.filter.is_none()
        && call.over.is_none()
        && call.within_group.is_empty()
        && call.name.schema.as_ref().is_none_or(|schema| schema.name.as_str() == "pg_catalog");
    match call.syntax {
        // A zone that is written down is looked at when the statement is read.
        CallSyntax::AtTimeZone => matches!(call.arguments.first().map(|zone| &*zone.value.kind), Some(ExprKind::Literal(Literal::String(_)))),
        _ => plain && TOTAL.contains(&call.name.name.name.as_str()),
    }
}

fn is_text(name: &str) -> bool {
    matches!(name, "text" | "varchar" | "bpchar")
}

fn is_unlimited_text(data_type: &DataType) -> bool {
    !data_type.array && (data_type.is_builtin("text") || data_type.is_builtin("varchar") && data_type.modifiers.is_empty())
}

fn limit(modifiers: &[String]) -> Option<u32> {
    modifiers.first()?.parse().ok()
}

/// Only blanks may be cut off unless the cast is written (manual 8.3).
fn too_long(value: &str, modifiers: &[String], way: Way) -> Doubt {
    let Some(limit) = limit(modifiers) else { return Doubt::None };
    if way == Way::Explicit {
        return Doubt::None;
    }
    Doubt::when("22001", format!("rtrim(substr({value}, {}), ' ') <> ''", limit.saturating_add(1)))
}

fn outside(value: &str, to: &str) -> String {
    let (low, high) = match to {
        "int2" => ("-32768", "32767"),
        "int4" => ("-2147483648", "2147483647"),
        _ => ("-9223372036854775808", "9223372036854775807"),
    };
    format!("{value} NOT BETWEEN {low} AND {high}")
}

/// The server rounds to the nearest, halves to even, before it compares (dtoi4, float.c).
fn outside_for_float(value: &str, to: &str) -> String {
    match to {
        "int8" => format!("NOT (round({value}::float8) >= -9223372036854775808::float8 AND round({value}::float8) < 9223372036854775808::float8)"),
        _ => outside(&format!("round({value}::float8)"), to),
    }
}

fn not_a_whole_number(value: &str, to: &str) -> Doubt {
    let is_number = format!(r"{value} ~ '^\s*[+-]?[0-9]+\s*$'");
    Doubt::when("22P02", format!("CASE WHEN {is_number} THEN {} ELSE {value} IS NOT NULL END", outside(&format!("{value}::numeric"), to)))
}

/// `numeric(precision, scale)`: the value is rounded to the scale, then its whole digits are counted (manual 8.1.2).
fn fits_numeric(value: &str, old: &str, old_modifiers: &[String], modifiers: &[String]) -> Doubt {
    let number = |all: &[String], place: usize| all.get(place).and_then(|text| text.parse::<i32>().ok());
    let Some(precision) = number(modifiers, 0) else { return Doubt::None };
    let scale = number(modifiers, 1).unwrap_or(0);
    let room = precision - scale;
    let needed = match (old, number(old_modifiers, 0)) {
        ("int2", _) => Some(5),
        ("int4", _) => Some(10),
        ("int8", _) => Some(19),
        (_, Some(old_precision)) => {
            let old_scale = number(old_modifiers, 1).unwrap_or(0);
            // Rounding may carry into one more digit.
            Some(old_precision - old_scale + i32::from(scale < old_scale))
        }
        _ => None,
    };
    if needed.is_some_and(|needed| needed <= room) {
        return Doubt::None;
    }
    Doubt::when("22003", format!("{value}::numeric <> 'NaN' AND abs(round({value}::numeric, {scale})) >= 1e{room}"))
}
