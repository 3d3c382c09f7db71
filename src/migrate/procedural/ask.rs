//! A question to the catalog from outside of a body.

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::scope::Scope;
use super::value::Datum;
use crate::lineage::Session;
use crate::schema::{ObjectId, Schema};
use crate::sql::read_query;
use crate::text::Sources;

/// The indexes whose row in `pg_index` satisfies a condition.
///
/// # Errors
///
/// Why it cannot be told.
pub(in crate::migrate) fn indexes_where(schema: &Schema, session: &Session, condition: &str) -> Result<Vec<ObjectId>, Arc<str>> {
    let mut sources = Sources::default();
    let id = sources.add("<catalog>", format!("SELECT indexrelid FROM pg_catalog.pg_index WHERE {condition}"));
    let query = read_query(&sources, id, schema.dialect).map_err(|unread| Arc::from(unread.message.as_str()))?;
    let scope = Scope::default();
    let answer = Evaluator::new(schema, session, &scope).query(&query);
    if let Some(doubt) = answer.doubt() {
        return Err(doubt);
    }
    let index = |value: Option<&Datum>| match value {
        Some(Datum::Object(id, _)) => Ok(*id),
        _ => Err(Arc::from("it is not known which index is meant")),
    };
    answer.lines.iter().map(|line| index(line.values.first())).collect()
}
