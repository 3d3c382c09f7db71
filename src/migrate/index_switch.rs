//! `UPDATE pg_index SET indisready = …`: indexes that are switched off and on by hand around a long fill.
//!
//! In: the statement. Out: the indexes it means, taken as not valid or valid again. Any other write to a system catalog is not judged.
//!
//! Source: PostgreSQL manual 53.26 (pg_index), 15: an index that is not ready is not kept up to date, one that is not valid answers no query.

use super::procedural::indexes_where;
use super::work::{Applied, Work};
use crate::schema::{IndexState, ObjectBody};
use crate::sql::tree::{AssignmentTarget, ExprKind, Literal, Update};

impl Work<'_> {
    /// Applies the statement when it is one of these and the model can tell which indexes it means; else says that it did not.
    pub(super) fn switches_indexes(&mut self, update: &Update) -> Applied<bool> {
        let schema = update.target.schema.as_ref().map(|schema| schema.name.as_str());
        if update.target.name.name.as_str() != "pg_index" || schema.is_some_and(|schema| schema != "pg_catalog") || !update.from.is_empty() {
            return Ok(false);
        }
        let Some(state) = state_set(update) else { return Ok(false) };
        let filter = update.filter.as_ref().map_or("true", |filter| self.sources.slice(filter.span));
        let Ok(indexes) = indexes_where(&self.schema, &self.session, filter) else { return Ok(false) };
        for index in indexes {
            self.name_object(index);
            self.schema.update(index, |object| {
                if let ObjectBody::Index(index) = &mut object.body {
                    index.state = state;
                }
            });
        }
        Ok(true)
    }
}

/// What the assignments make of an index; `None` when they set anything else.
fn state_set(update: &Update) -> Option<IndexState> {
    let mut state = None;
    for assignment in &update.assignments {
        let AssignmentTarget::Column { column, path } = &assignment.target else { return None };
        if !path.is_empty() {
            return None;
        }
        let ExprKind::Literal(Literal::Boolean(value)) = &*assignment.value.kind else { return None };
        if !matches!(column.name.as_str(), "indisready" | "indisvalid") {
            return None;
        }
        let set = if *value { IndexState::Valid } else { IndexState::Invalid };
        if state.is_some_and(|other| other != set) {
            return None;
        }
        state = Some(set);
    }
    state
}
