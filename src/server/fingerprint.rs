//! What the rows of a database are, in few bytes; and what differs between two such moments.

use std::collections::BTreeMap;
use std::fmt;

use postgres::Client;

use super::error::ServerError;

/// The rows of every table and materialized view, and the position of every sequence. Columns are taken by name, so that their order does not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    relations: BTreeMap<String, RelationRows>,
    sequences: BTreeMap<String, Position>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct RelationRows {
    count: i64,
    /// Over whole rows.
    all: String,
    /// Over the values of each column.
    columns: BTreeMap<String, String>,
}

/// Where a sequence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Position {
    /// The last value given out; when none was, the one before the first.
    last: i128,
    /// Its step.
    increment: i64,
}

impl Position {
    /// Whether a value that was given out before would be given out again.
    fn is_behind(self, earlier: Self) -> bool {
        if earlier.increment < 0 { self.last > earlier.last } else { self.last < earlier.last }
    }
}

/// How two moments differ.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowDifference {
    /// The relation is not there.
    Gone {
        /// Its name.
        relation: String,
    },
    /// There are more or fewer rows.
    Count {
        /// Its name.
        relation: String,
        /// Rows first.
        before: i64,
        /// Rows then.
        after: i64,
    },
    /// As many rows, and other values in a column.
    Values {
        /// Its name.
        relation: String,
        /// The column.
        column: String,
    },
    /// The same values, in other rows.
    Mixed {
        /// Its name.
        relation: String,
    },
    /// A sequence would give out values again that it gave out before.
    Behind {
        /// Its name.
        sequence: String,
        /// The last value given out before.
        before: i128,
        /// The last value given out after.
        after: i128,
    },
}

impl fmt::Display for RowDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone { relation } => write!(f, "rows of {relation} are gone with it"),
            Self::Count { relation, before, after } => write!(f, "rows of {relation}: {before} before, {after} after the way back"),
            Self::Values { relation, column } => write!(f, "values of {relation}.{column} are others after the way back"),
            Self::Mixed { relation } => write!(f, "values of {relation} are in other rows after the way back"),
            Self::Behind { sequence, before, after } => write!(f, "the sequence {sequence} had given out {before}, and is at {after} after the way back"),
        }
    }
}

impl Rows {
    /// What of these rows is not the same in `later`. What only `later` has is none of the rows that were there.
    pub fn differences(&self, later: &Self) -> Vec<RowDifference> {
        let mut all = Vec::new();
        for (relation, before) in &self.relations {
            let relation = relation.clone();
            match later.relations.get(&relation) {
                None => all.push(RowDifference::Gone { relation }),
                Some(after) if before == after => {}
                Some(after) if after.count != before.count => all.push(RowDifference::Count { relation, before: before.count, after: after.count }),
                Some(after) => {
                    let others = before.columns.iter().filter(|(column, values)| after.columns.get(*column) != Some(values));
                    let found: Vec<RowDifference> =
                        others.map(|(column, _)| RowDifference::Values { relation: relation.clone(), column: column.clone() }).collect();
                    if found.is_empty() { all.push(RowDifference::Mixed { relation }) } else { all.extend(found) }
                }
            }
        }
        for (sequence, before) in &self.sequences {
            if let Some(after) = later.sequences.get(sequence).filter(|after| after.is_behind(*before)) {
                all.push(RowDifference::Behind { sequence: sequence.clone(), before: before.last, after: after.last });
            }
        }
        all
    }
}

/// Tables, materialized views and sequences that belong to no extension, with their columns in the order of names.
const RELATIONS: &str = "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), c.relkind::text,
       coalesce((SELECT pg_catalog.array_agg(a.attname::text ORDER BY a.attname COLLATE \"C\") FROM pg_catalog.pg_attribute a
                 WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '{}')
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'm', 'S') AND (c.relkind <> 'm' OR c.relispopulated) AND c.relpersistence <> 't'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname <> $1
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY 1";

/// Reads all rows, but those of one schema.
///
/// # Errors
/// When the server refuses.
pub fn rows_of(client: &mut Client, except_schema: &str) -> Result<Rows, ServerError> {
    let fault = |error: postgres::Error| ServerError::of(&error, "comparing the rows");
    client
        .batch_execute(
            "SET search_path = ''; SET row_security = off; SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC'; SET extra_float_digits = 1",
        )
        .map_err(fault)?;
    let mut rows = Rows::default();
    for relation in client.query(RELATIONS, &[&except_schema]).map_err(fault)? {
        let (name, kind, columns): (String, String, Vec<String>) =
            (relation.try_get(0).map_err(fault)?, relation.try_get(1).map_err(fault)?, relation.try_get(2).map_err(fault)?);
        if kind == "S" {
            let position = position(client, &name).map_err(fault)?;
            rows.sequences.insert(name, position);
        } else {
            let read = relation_rows(client, &name, &columns).map_err(fault)?;
            rows.relations.insert(name, read);
        }
    }
    Ok(rows)
}

fn relation_rows(client: &mut Client, name: &str, columns: &[String]) -> Result<RelationRows, postgres::Error> {
    let quoted: Vec<String> = columns.iter().map(|column| format!("\"{}\"", column.replace('"', "\"\""))).collect();
    let digest = |value: &str| format!("pg_catalog.md5(coalesce(pg_catalog.string_agg({value}, ',' ORDER BY {value} COLLATE \"C\"), ''))");
    let whole: Vec<String> = quoted.iter().map(|column| format!("coalesce(pg_catalog.md5({column}::text), '-')")).collect();
    let whole = if whole.is_empty() { String::from("''") } else { whole.join(" || ") };
    let each: Vec<String> = quoted.iter().map(|column| digest(&format!("coalesce(pg_catalog.md5({column}::text), '-')"))).collect();
    let row = client.query_one(&format!("SELECT count(*), {}, ARRAY[{}]::text[] FROM ONLY {name}", digest(&whole), each.join(", ")), &[])?;
    let values: Vec<String> = row.try_get(2)?;
    Ok(RelationRows { count: row.try_get(0)?, all: row.try_get(1)?, columns: columns.iter().cloned().zip(values).collect() })
}

fn position(client: &mut Client, name: &str) -> Result<Position, postgres::Error> {
    let query = format!(
        "SELECT s.last_value, s.is_called, q.seqincrement FROM {name} AS s, pg_catalog.pg_sequence AS q WHERE q.seqrelid = {}::pg_catalog.regclass",
        crate::schema::ddl::literal(name)
    );
    let row = client.query_one(&query, &[])?;
    let (last, is_called, increment): (i64, bool, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    Ok(Position { last: if is_called { i128::from(last) } else { i128::from(last) - i128::from(increment) }, increment })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(count: i64, all: &str, phone: &str, last: i128) -> Rows {
        let relation = RelationRows { count, all: all.to_owned(), columns: BTreeMap::from([(String::from("phone"), phone.to_owned())]) };
        Rows {
            relations: BTreeMap::from([(String::from("app.clients"), relation)]),
            sequences: BTreeMap::from([(String::from("app.seq"), Position { last, increment: 1 })]),
        }
    }

    #[test]
    fn a_sequence_that_went_on_is_no_difference_and_one_that_fell_back_is() {
        let before = rows(3, "a", "a", 10);
        assert_eq!(before.differences(&rows(3, "a", "a", 12)), []);
        assert_eq!(before.differences(&rows(3, "a", "a", 9)), [RowDifference::Behind { sequence: String::from("app.seq"), before: 10, after: 9 }]);
    }

    #[test]
    fn the_same_values_in_other_rows_are_a_difference() {
        let before = rows(3, "a", "a", 1);
        assert_eq!(before.differences(&rows(3, "b", "a", 1)), [RowDifference::Mixed { relation: String::from("app.clients") }]);
        assert_eq!(before.differences(&rows(2, "b", "a", 1)), [RowDifference::Count { relation: String::from("app.clients"), before: 3, after: 2 }]);
    }
}
