//! What an output column is called when nobody names it (parse_target.c, FigureColname; PostgreSQL 15).

use crate::dialect::{Dialect, Grammar};
use crate::name::Name;
use crate::sql::tree::{Call, CallSyntax, Expr, ExprKind, Query, QueryBody, SelectItem, TypeName};

/// How much a name counts against another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    None,
    Weak,
    Strong,
}

/// The name of an output column without an alias.
pub(super) fn output_name(expression: &Expr) -> Name {
    match figure(expression) {
        (Strength::None, _) => Name::stored("?column?"),
        (_, name) => name,
    }
}

/// The name of a column of `VALUES` that nobody named; `index` is 0-based. Sources: PostgreSQL 7.7; Snowflake, VALUES; Spark, Inline table;
/// ClickHouse, values; MySQL, VALUES statement; SQLite, SELECT; DuckDB, Binder (bind_expression_list.cpp).
pub(super) fn value_name(dialect: &Dialect, index: usize) -> Name {
    let place = index + 1;
    Name::stored(match dialect.grammar {
        Grammar::Snowflake => format!("COLUMN{place}"),
        Grammar::Databricks => format!("col{place}"),
        Grammar::DuckDb => format!("col{index}"),
        Grammar::MySql => format!("column_{index}"),
        Grammar::ClickHouse => format!("c{place}"),
        Grammar::Postgres | Grammar::Redshift | Grammar::BigQuery | Grammar::SqlServer | Grammar::Sqlite | Grammar::Generic => format!("column{place}"),
    })
}

/// The name of a called function, as its result is called.
pub(super) fn call_name(call: &Call) -> Name {
    let name = &call.name.name.name;
    match call.syntax {
        CallSyntax::AtTimeZone => Name::stored("timezone"),
        CallSyntax::Function | CallSyntax::Keyword | CallSyntax::Extract | CallSyntax::Special => name.clone(),
    }
}

fn figure(expression: &Expr) -> (Strength, Name) {
    let strong = |word: &str| (Strength::Strong, Name::stored(word));
    match &*expression.kind {
        ExprKind::Column(parts) => match parts.last() {
            Some(last) => (Strength::Strong, last.name.clone()),
            None => none(),
        },
        ExprKind::Field(_, field) => (Strength::Strong, field.name.clone()),
        ExprKind::Subscript(operand, _) | ExprKind::Collate(operand, _) => figure(operand),
        ExprKind::Call(call) => (Strength::Strong, call_name(call)),
        ExprKind::Cast { operand, target, .. } => match figure(operand) {
            (Strength::Strong, name) => (Strength::Strong, name),
            _ => (Strength::Weak, type_name(target)),
        },
        ExprKind::Case { otherwise, .. } => match otherwise.as_ref().map(figure) {
            Some((Strength::Strong, name)) => (Strength::Strong, name),
            _ => (Strength::Weak, Name::stored("case")),
        },
        ExprKind::Array(_) | ExprKind::ArraySubquery(_) => strong("array"),
        ExprKind::Row(_) => strong("row"),
        ExprKind::Exists(_) => strong("exists"),
        ExprKind::Grouping(_) => strong("grouping"),
        ExprKind::Subquery(query) => first_column(query),
        ExprKind::Literal(crate::sql::tree::Literal::Interval(..)) => (Strength::Weak, Name::stored("interval")),
        ExprKind::Star(_)
        | ExprKind::Literal(_)
        | ExprKind::Parameter(_)
        | ExprKind::Default
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Connected(..)
        | ExprKind::Is { .. }
        | ExprKind::Between { .. }
        | ExprKind::InList { .. }
        | ExprKind::InSubquery { .. }
        | ExprKind::Quantified { .. }
        | ExprKind::AllFields(_)
        | ExprKind::Struct(_)
        | ExprKind::Lambda(..)
        | ExprKind::NotUnderstood(_) => none(),
    }
}

fn none() -> (Strength, Name) {
    (Strength::None, Name::stored("?column?"))
}

fn first_column(query: &Query) -> (Strength, Name) {
    match &query.body {
        QueryBody::Select(select) => match select.items.first() {
            Some(SelectItem::Expr { alias: Some(alias), .. }) => (Strength::Strong, alias.name.clone()),
            Some(SelectItem::Expr { expr, alias: None }) => (Strength::Strong, output_name(expr)),
            _ => none(),
        },
        QueryBody::Nested(inner) => first_column(inner),
        QueryBody::SetOperation { left, .. } => first_column(left),
        QueryBody::Values(_) => (Strength::Strong, Name::stored("column1")),
        QueryBody::Table(_) | QueryBody::Dml(_) | QueryBody::NotUnderstood(_) => none(),
    }
}

/// The internal name of a type that is written in the words of the grammar.
fn type_name(target: &TypeName) -> Name {
    let word = target.name.name.name.as_str();
    if target.name.schema.is_some() {
        return target.name.name.name.clone();
    }
    Name::stored(match word {
        "int" | "integer" => "int4",
        "smallint" => "int2",
        "bigint" => "int8",
        "real" => "float4",
        "double precision" => "float8",
        "float" => match target.modifiers.first().and_then(|digits| digits.parse::<u32>().ok()) {
            Some(1..=24) => "float4",
            _ => "float8",
        },
        "decimal" | "dec" => "numeric",
        "boolean" => "bool",
        "char" | "character" => {
            if target.name.name.span.len() == 6 && word == "char" {
                "char"
            } else {
                "bpchar"
            }
        }
        "character varying" => "varchar",
        "bit varying" => "varbit",
        "timestamp with time zone" => "timestamptz",
        "timestamp without time zone" => "timestamp",
        "time with time zone" => "timetz",
        "time without time zone" => "time",
        other => other,
    })
}
