//! SQL functions that the server replaces by their body: they are as volatile as what stands in it, whatever they are declared.
//!
//! Source: clauses.c, inline_function, and indexcmds.c, CheckMutability, which looks at the expression after that (PostgreSQL 15).

use std::rc::Rc;

use super::binder::{Binder, Parameter};
use super::level::Clause;
use super::variable::Variables;
use crate::schema::{Function, ObjectBody, ObjectId};
use crate::sql::tree::{Distinct, Expr, FunctionKind, GroupBy, ParameterMode, Query, QueryBody, SelectItem, Volatility};
use crate::text::Sources;

/// Bodies inside bodies are followed so far.
const DEEPEST: usize = 8;

impl Binder<'_> {
    /// How volatile the body of a function is, when the server would put it in place of the call.
    pub(super) fn volatility_of_body(&self, id: ObjectId, declared: Volatility) -> Option<Volatility> {
        if declared == Volatility::Immutable || self.inlined.contains(&id) || self.inlined.len() >= DEEPEST {
            return None;
        }
        let object = self.schema.get(id)?;
        let ObjectBody::Function(function) = &object.body else { return None };
        if !is_inlined(function) {
            return None;
        }
        let mut sources = Sources::default();
        let source = sources.add("body", &**function.body.as_ref()?);
        let query = crate::sql::read_query(&sources, source, self.schema.dialect).ok()?;
        let expression = only_expression(&query)?;
        let mut binder = Binder::new(self.schema, self.session);
        binder.inlined.clone_from(&self.inlined);
        binder.inlined.push(id);
        binder.variables = Rc::new(Variables { labels: vec![object.name.clone()], ..Variables::default() });
        let inputs = function.parameters.iter().filter(|parameter| parameter.mode != ParameterMode::Out);
        for (index, parameter) in inputs.enumerate() {
            let known = Parameter { name: parameter.name.clone(), data_type: Some(parameter.data_type.clone()) };
            binder.parameters.insert(format!("${}", index + 1).into(), known);
        }
        binder.open_level(Clause::Other);
        binder.expression(expression);
        let clean = binder.found.errors.is_empty() && binder.found.unresolved.is_empty();
        clean.then_some(binder.volatility)
    }
}

fn is_inlined(function: &Function) -> bool {
    function.kind == FunctionKind::Function
        && &*function.language == "sql"
        && !function.returns_set
        && !function.security_definer
        && function.settings.is_empty()
}

/// The expression of `SELECT expression`, with nothing else.
fn only_expression(query: &Query) -> Option<&Expr> {
    let QueryBody::Select(select) = &query.body else { return None };
    let bare = query.with.is_empty()
        && query.order_by.is_empty()
        && query.limits.is_empty()
        && select.from.is_empty()
        && select.filter.is_none()
        && select.having.is_none()
        && matches!(select.group_by, GroupBy::None)
        && matches!(select.distinct, Distinct::No);
    match select.items.as_slice() {
        [SelectItem::Expr { expr, .. }] if bare => Some(expr),
        _ => None,
    }
}
