//! Parts of dates that warehouses write as bare words among the arguments of a function: `DATEADD(day, 1, d)`, `DATE_TRUNC(d, MONTH)`.
//!
//! Sources: Snowflake, Supported date and time parts; Amazon Redshift, Date parts for date or timestamp functions; BigQuery, Date functions;
//! Databricks, `dateadd` and `datediff`; SQL Server, `DATEPART`; MySQL 14.7, `TIMESTAMPADD`.

use crate::name::Name;
use crate::sql::tree::{Expr, ExprKind};

/// Functions that take such a word.
const FUNCTIONS: &[&str] = &[
    "date_add",
    "date_bucket",
    "date_diff",
    "date_part",
    "date_sub",
    "date_trunc",
    "dateadd",
    "datediff",
    "datediff_big",
    "datename",
    "datepart",
    "datetime_add",
    "datetime_diff",
    "datetime_sub",
    "datetime_trunc",
    "datetrunc",
    "last_day",
    "time_add",
    "time_diff",
    "time_slice",
    "time_sub",
    "time_trunc",
    "timeadd",
    "timediff",
    "timestamp_add",
    "timestamp_diff",
    "timestamp_sub",
    "timestamp_trunc",
    "timestampadd",
    "timestampdiff",
    "trunc",
];

/// The words, without a plural `s`.
const PARTS: &[&str] = &[
    "century",
    "d",
    "day",
    "dayofweek",
    "dayofyear",
    "dd",
    "decade",
    "dow",
    "doy",
    "dw",
    "dy",
    "epoch",
    "h",
    "hh",
    "hour",
    "isodow",
    "isoweek",
    "isoyear",
    "m",
    "mi",
    "microsecond",
    "millennium",
    "millisecond",
    "min",
    "minute",
    "mm",
    "mon",
    "month",
    "ms",
    "n",
    "nanosecond",
    "ns",
    "q",
    "qq",
    "qtr",
    "quarter",
    "s",
    "sec",
    "second",
    "ss",
    "us",
    "w",
    "week",
    "weekday",
    "wk",
    "ww",
    "y",
    "year",
    "yy",
    "yyyy",
];

/// Whether an argument is such a word, and no column.
pub(super) fn is_date_part(function: &Name, argument: &Expr) -> bool {
    let ExprKind::Column(parts) = &*argument.kind else { return false };
    let [word] = parts.as_slice() else { return false };
    let function = function.as_str().to_ascii_lowercase();
    let word = word.name.as_str().to_ascii_lowercase();
    let is_part = PARTS.contains(&word.as_str()) || word.strip_suffix('s').is_some_and(|one| one.len() > 2 && PARTS.contains(&one));
    FUNCTIONS.contains(&function.as_str()) && is_part
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::named;
    use crate::text::Sources;

    fn first_is_part(text: &str) -> bool {
        let mut sources = Sources::default();
        let id = sources.add("expression", text);
        let expr = crate::sql::read_expression(&sources, id, named("redshift").unwrap()).unwrap();
        let ExprKind::Call(call) = &*expr.kind else { panic!("{text} is a call") };
        is_date_part(&call.name.name.name, &call.arguments[0].value)
    }

    #[test]
    fn only_words_of_date_functions_are_parts() {
        assert!(first_is_part("dateadd(day, 1, created)"));
        assert!(first_is_part("datediff(hours, a, b)"));
        assert!(!first_is_part("dateadd(shift, 1, created)"));
        assert!(!first_is_part("coalesce(day, 1)"));
        assert!(!first_is_part("dateadd(t.day, 1, created)"));
    }
}
