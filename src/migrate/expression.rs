//! Expressions of a statement bound and made into what the schema stores.
//!
//! In: an expression and where it stands. Out: its [`Bound`] form, or the server's refusal. What cannot be resolved does not stop the statement:
//! the expression is kept, and the statement says that this part of it was not judged.

use super::NotJudged;
use super::work::{Applied, Stop, Work};
use crate::lineage::{Binding, ExpressionBinding};
use crate::lineage::{
    ExpressionPurpose, ExpressionScope, bind_expression, bind_query, bind_query_without_parameters, bind_statement_among, define_expression, define_query,
};
use crate::schema::{Address, ColumnNumber, DataType, Definition, Function, ObjectBody, ObjectId, Part, Piece};
use crate::sql::tree::{Expr, Query, QueryBody, SelectItem, Statement, StatementKind, Volatility};
use crate::sql::{read_expression, read_query};
use crate::text::{Sources, Span};

/// An expression ready to be stored.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    /// What is stored.
    pub(super) definition: Definition,
    /// Its type, when known.
    pub(super) data_type: Option<DataType>,
    /// The most volatile function in it.
    pub(super) volatility: Volatility,
    /// Whether it reads nothing and is always the same.
    pub(super) constant: bool,
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
        self.labels_are_usable(&binding.enum_literals)?;
        for unresolved in &binding.unresolved {
            let reason = format!("`{}` cannot be resolved: {}", unresolved.reference, unresolved.reason);
            self.not_judged.push(NotJudged { reason, span: unresolved.span, touches: Vec::new() });
        }
        let definition = self.stored(&define_expression(&self.schema, &self.session, expression, &binding), expression.span);
        let ExpressionBinding { data_type, volatility, depends_on, constant, .. } = binding;
        Ok(Bound { definition: definition.needing(depends_on.iter().copied()), data_type, volatility, constant, depends_on })
    }

    /// Reads a stored expression again, as the server does after a change under it, and refuses what it would refuse.
    pub(super) fn still_binds(&self, purpose: ExpressionPurpose, relation: ObjectId, definition: &Definition) -> Applied {
        let mut sources = Sources::default();
        let id = sources.add("<stored expression>", definition.print(&self.schema));
        let Ok(expression) = read_expression(&sources, id, self.schema.dialect) else { return Ok(()) };
        let scope = ExpressionScope::of_relation(purpose, relation);
        let binding = bind_expression(&self.schema, &self.session, &scope, &expression);
        match binding.errors.into_iter().find(|error| error.unknown.is_none()) {
            Some(error) => self.refuse(error.sqlstate, error.message),
            None => Ok(()),
        }
    }

    /// The type that a stored default has of itself; `None` when it cannot be told, or is an untyped constant.
    pub(super) fn type_of_stored(&self, definition: &Definition) -> Option<DataType> {
        let mut sources = Sources::default();
        let id = sources.add("<stored expression>", definition.print(&self.schema));
        let expression = read_expression(&sources, id, self.schema.dialect).ok()?;
        let binding = bind_expression(&self.schema, &self.session, &ExpressionScope::empty(ExpressionPurpose::Default), &expression);
        binding.data_type.filter(|data_type| !data_type.is_builtin("unknown"))
    }

    /// Whether the server sees something that is not immutable: it looks after it has put simple SQL functions in place of their calls
    /// (contain_mutable_functions after expression_planner; inline_function in clauses.c, 15).
    pub(super) fn is_mutable(&self, bound: &Bound) -> bool {
        if bound.volatility == Volatility::Immutable || bound.data_type.is_none() {
            return false;
        }
        let functions: Vec<ObjectId> = bound.depends_on.iter().map(|address| address.object).collect();
        let own = functions.iter().filter_map(|id| match self.schema.get(*id).map(|object| &object.body) {
            Some(ObjectBody::Function(function)) if function.volatility != Volatility::Immutable => Some(function),
            _ => None,
        });
        let mut inlined = own.map(|function| self.is_inlined_away(function)).peekable();
        inlined.peek().is_none() || !inlined.all(|inlined| inlined)
    }

    /// Whether a call of the function becomes its one immutable expression.
    fn is_inlined_away(&self, function: &Function) -> bool {
        let can_be = &*function.language == "sql" && !function.security_definer && function.settings.is_empty() && !function.returns_set;
        let (true, Some(body)) = (can_be, &function.body) else { return false };
        let mut sources = Sources::default();
        let id = sources.add("<function body>", body.clone());
        let Ok(query) = read_query(&sources, id, self.schema.dialect) else { return false };
        let QueryBody::Select(select) = &query.body else { return false };
        let [SelectItem::Expr { expr, .. }] = select.items.as_slice() else { return false };
        if !select.from.is_empty() {
            return false;
        }
        let mut scope = ExpressionScope::empty(ExpressionPurpose::Other);
        scope.parameters = function.parameters.iter().map(|parameter| (parameter.name.clone(), parameter.data_type.clone())).collect();
        let binding = bind_expression(&self.schema, &self.session, &scope, expr);
        binding.volatility == Volatility::Immutable && binding.errors.is_empty() && binding.unresolved.is_empty()
    }

    /// A query with its binding and what is stored of it.
    pub(super) fn bind_stored_query(&mut self, query: &Query) -> Applied<(Binding, Definition)> {
        let binding = self.bind_closed(query);
        self.refuse_errors(&binding.errors)?;
        self.labels_are_usable(&binding.enum_literals)?;
        let definition = self.stored(&define_query(&self.schema, &self.session, query, &binding), query.span);
        Ok((binding.clone(), definition.needing(binding.depends_on.iter().copied())))
    }

    /// Binds a query to which nothing gives parameters.
    fn bind_closed(&self, query: &Query) -> Binding {
        let bind = if self.schema.dialect.built_ins.is_some() { bind_query_without_parameters } else { bind_query };
        bind(&self.schema, &self.session, query)
    }

    /// Binds a query whose rows are stored, not its text: in a body it may name variables.
    pub(super) fn bind_rows_of(&mut self, query: &Query) -> Applied<Binding> {
        let binding = match &self.surroundings {
            Some(around) => {
                let statement = Statement { kind: StatementKind::Query(Box::new(query.clone())), span: query.span };
                bind_statement_among(&self.schema, &self.session, &statement, &around.0, &around.1)
            }
            None => self.bind_closed(query),
        };
        self.refuse_errors(&binding.errors)?;
        self.labels_are_usable(&binding.enum_literals)?;
        Ok(binding)
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
