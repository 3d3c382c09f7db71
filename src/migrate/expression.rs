//! Expressions of a statement bound and made into what the schema stores.
//!
//! In: an expression and where it stands. Out: its [`Bound`] form, or the server's refusal. What cannot be resolved does not stop the statement:
//! the expression is kept, and the statement says that this part of it was not judged.

use super::NotJudged;
use super::work::{Applied, Stop, Work};
use crate::lineage::{Binding, ExpressionBinding};
use crate::lineage::{ExpressionPurpose, ExpressionScope, bind_expression, bind_query, define_expression, define_query};
use crate::schema::{Address, ColumnNumber, DataType, Definition, ObjectId, Part, Piece};
use crate::sql::tree::{Expr, Query, Volatility};
use crate::text::Span;

/// An expression ready to be stored.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    /// What is stored.
    pub(super) definition: Definition,
    /// Its type, when known.
    pub(super) data_type: Option<DataType>,
    /// The most volatile function in it.
    pub(super) volatility: Volatility,
    /// Columns of the relation that it stands in, sorted.
    depends_on: Vec<Address>,
}

impl Bound {
    /// The columns of a relation that the expression reads.
    pub(super) fn columns_of(&self, relation: ObjectId) -> Vec<ColumnNumber> {
        self.depends_on
            .iter()
            .filter(|address| address.object == relation)
            .filter_map(|address| match address.part {
                Part::Column(number) => Some(number),
                Part::Whole | Part::Default(_) => None,
            })
            .collect()
    }
}

impl Work<'_> {
    /// An expression that can name the columns of one relation.
    pub(super) fn bind_in(&mut self, purpose: ExpressionPurpose, relation: ObjectId, expression: &Expr) -> Applied<Bound> {
        self.bind(&ExpressionScope::of_relation(purpose, relation), expression)
    }

    /// An expression in its scope.
    pub(super) fn bind(&mut self, scope: &ExpressionScope, expression: &Expr) -> Applied<Bound> {
        let binding = bind_expression(&self.schema, &self.session, scope, expression);
        self.refuse_errors(&binding.errors)?;
        for unresolved in &binding.unresolved {
            let reason = format!("`{}` cannot be resolved: {}", unresolved.reference, unresolved.reason);
            self.not_judged.push(NotJudged { reason, span: unresolved.span, touches: Vec::new() });
        }
        let definition = self.stored(&define_expression(&self.schema, &self.session, expression, &binding), expression.span);
        let ExpressionBinding { data_type, volatility, depends_on, .. } = binding;
        Ok(Bound { definition: definition.needing(depends_on.iter().copied()), data_type, volatility, depends_on })
    }

    /// A query with its binding and what is stored of it.
    pub(super) fn bind_stored_query(&mut self, query: &Query) -> Applied<(Binding, Definition)> {
        let binding = bind_query(&self.schema, &self.session, query);
        self.refuse_errors(&binding.errors)?;
        let definition = self.stored(&define_query(&self.schema, &self.session, query, &binding), query.span);
        Ok((binding.clone(), definition.needing(binding.depends_on.iter().copied())))
    }

    fn refuse_errors(&self, errors: &[crate::lineage::BindError]) -> Applied {
        match errors.iter().find(|error| error.unknown.is_none()) {
            Some(error) => Err(self.refuse_bound(error.clone())),
            None => Ok(()),
        }
    }

    fn stored(&self, definition: &Definition, span: Span) -> Definition {
        let is_empty = definition.pieces().iter().all(|piece| matches!(piece, Piece::Text(text) if text.is_empty()));
        if is_empty { Definition::text(self.sources.slice(span)) } else { definition.clone() }
    }

    /// Whether the part of the statement ended because nothing can be said about it.
    pub(super) fn is_not_judged(stop: &Stop) -> bool {
        matches!(stop, Stop::NotJudged(_))
    }
}
