//! Rows for every table of a database, referenced tables first; and which tables could not be filled.

use std::collections::{BTreeMap, BTreeSet};

use postgres::Client;

use super::candidate::TextStyle;
use super::error::ServerError;
use super::row::{Attempt, Filled, RowPlan};
use crate::schema::{ConstraintKind, ObjectBody, ObjectId, Schema, TableKind, ddl};
use crate::sql::tree::ViewKind;

/// How rows are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowStyle {
    /// As varied as types and constraints allow: NULLs, words, moments with a time of day.
    Varied,
    /// Made to fit what the migration demands: its new foreign keys and conditions hold, there is no NULL where a value can be made, texts are numbers.
    Fitting,
    /// No rows.
    None,
}

/// What was filled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filling {
    /// Tables that got rows.
    pub filled: usize,
    /// Rows in them.
    pub rows: usize,
    /// Tables that got none, and the server's reason.
    pub empty: BTreeMap<String, String>,
}

/// Rows of a table.
const ROWS: u32 = 4;
/// Attempts at one row.
const ATTEMPTS: u32 = 12;

/// Fills the tables of a database that holds this schema, moves every sequence on, and refreshes materialized views. `later` is the schema that
/// [`RowStyle::Fitting`] rows fit as well.
///
/// # Errors
/// When the connection breaks.
pub fn fill(schema: &Schema, later: &Schema, client: &mut Client, style: RowStyle) -> Result<Filling, ServerError> {
    let mut filling = Filling::default();
    if style != RowStyle::None {
        let later = Some(later).filter(|_| style == RowStyle::Fitting);
        for table in in_order_of_reference(schema, later) {
            let plan = RowPlan::new(schema, later, table);
            fill_table(schema, client, (table, &plan), style, &mut filling)?;
        }
    }
    for object in schema.objects() {
        let name = ddl::quoted_name(schema, object.id);
        let sql = match &object.body {
            ObjectBody::Sequence(sequence) => {
                let place = sequence.start.saturating_add(sequence.increment.saturating_mul(40)).clamp(sequence.minimum, sequence.maximum);
                format!("SELECT pg_catalog.setval({}, {place}, true)", ddl::literal(&name))
            }
            ObjectBody::View(view) if view.kind == ViewKind::Materialized && view.populated => format!("REFRESH MATERIALIZED VIEW {name}"),
            _ => continue,
        };
        if let Err(error) = client.batch_execute(&sql)
            && error.is_closed()
        {
            return Err(ServerError::of(&error, "filling the tables"));
        }
    }
    Ok(filling)
}

fn fill_table(
    schema: &Schema,
    client: &mut Client,
    (table, plan): (ObjectId, &RowPlan<'_>),
    style: RowStyle,
    filling: &mut Filling,
) -> Result<(), ServerError> {
    let name = schema.qualified_name(table).map(|name| name.to_string()).unwrap_or_default();
    let (mut rows, mut reason) = (0, String::from("no value of some type that must not be NULL is known"));
    for row in 0..ROWS {
        if insert_row(plan, client, row, style, &mut reason)? {
            rows += 1;
        } else if rows == 0 && row >= 1 {
            break;
        }
    }
    if rows == 0 {
        filling.empty.insert(name, reason);
    } else {
        filling.filled += 1;
        filling.rows += rows;
    }
    Ok(())
}

fn insert_row(plan: &RowPlan<'_>, client: &mut Client, row: u32, style: RowStyle, reason: &mut String) -> Result<bool, ServerError> {
    for attempt in 0..ATTEMPTS {
        let filled = match (style, attempt) {
            (RowStyle::Varied, 0) if row == 1 || row == 2 => Filled::Half,
            (RowStyle::Varied, 0) if row == 3 => Filled::WithoutDefault,
            (_, 0..=7) => Filled::All,
            (_, 8 | 9) => Filled::WithoutDefault,
            _ => Filled::Needed,
        };
        let text = if style == RowStyle::Fitting { TextStyle::Digits } else { TextStyle::Words };
        let Some(sql) = plan.insert(Attempt { row, attempt, filled, style: text }) else { continue };
        match client.batch_execute(&sql) {
            Ok(()) => return Ok(true),
            Err(error) if error.is_closed() => return Err(ServerError::of(&error, "filling the tables")),
            Err(error) => *reason = error.as_db_error().map_or_else(|| error.to_string(), |answer| answer.message().to_owned()),
        }
    }
    Ok(false)
}

/// Tables that hold rows of their own by way of their name, those that others refer to first. In a circle, whoever comes first goes first.
fn in_order_of_reference(schema: &Schema, later: Option<&Schema>) -> Vec<ObjectId> {
    let is_filled = |id: ObjectId| schema.table(id).is_some_and(|table| table.kind != TableKind::Foreign && table.partition_bound.is_none());
    let (mut order, mut seen) = (Vec::new(), BTreeSet::new());
    let tables = schema.objects().map(|object| object.id).filter(|id| is_filled(*id)).collect::<Vec<_>>();
    let mut open: Vec<(ObjectId, bool)> = tables.into_iter().rev().map(|table| (table, false)).collect();
    while let Some((table, is_ready)) = open.pop() {
        if is_ready {
            order.push(table);
        } else if seen.insert(table) {
            open.push((table, true));
            for constraint in
                [Some(schema), later].into_iter().flatten().flat_map(|schema| schema.on_table(table).into_iter().filter_map(|id| schema.constraint(id)))
            {
                if let ConstraintKind::ForeignKey(key) = &constraint.kind
                    && is_filled(key.references)
                {
                    open.push((key.references, false));
                }
            }
        }
    }
    order
}
