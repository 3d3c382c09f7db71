//! Declarations, assignments, conditions, and the ways to leave a body.

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::fault::Fault;
use super::machine::Machine;
use super::value::{Datum, Shape};
use super::ways::{Doubt, End, Moment, State, Ways};
use crate::lineage::{VariableType, resolve_relation, resolve_type};
use crate::schema::DataType;
use crate::sql::plpgsql::{PlBranch, PlDeclaration, PlLeave, PlStatement, PlType};
use crate::sql::tree::{Expr, ExprKind, Ident};
use crate::text::Span;

impl Machine<'_> {
    /// One variable of `DECLARE`. Types are looked up when the block is compiled, so an unknown one is refused whether or not it is reached (measured on 15).
    pub(super) fn declare(&self, state: &mut State<'_>, declaration: &PlDeclaration) -> Result<(), Fault> {
        let (schema, session) = (&state.work.schema, &state.work.session);
        let name = declaration.name.name.clone();
        let (data_type, converts) = match &declaration.data_type {
            PlType::Type(written) if written.name.name.name.as_str() == "record" && written.name.schema.is_none() => (VariableType::Unknown, None),
            PlType::Type(written) => match resolve_type(schema, session, written) {
                Ok(found) => (VariableType::Value(found.clone()), Some(found)),
                // A column that is not there: the compiler then takes the text as a type's name (measured on 15).
                Err(error) if error.unknown.is_none() && written.of_column.is_some() => {
                    return Err(Fault::new("42601", "syntax error at or near \"%\"", error.span));
                }
                Err(error) if error.unknown.is_none() => return Err(Fault::new(error.sqlstate, error.message, error.span)),
                Err(_) => (VariableType::Unknown, None),
            },
            PlType::RowOf(relation) => match resolve_relation(schema, session, relation) {
                Ok(id) => (VariableType::Row(id), None),
                Err(error) if error.unknown.is_none() && super::catalog::columns_of(schema, relation).is_empty() => {
                    return Err(Fault::new(error.sqlstate, error.message, error.span));
                }
                Err(_) => (VariableType::Unknown, None),
            },
            PlType::Cursor(..) => (VariableType::Unknown, None),
            PlType::Alias(of) => {
                let value = state.scope.parameter(of).or_else(|| state.scope.value(&crate::name::Name::stored(of.to_ascii_lowercase()))).cloned();
                state.scope.declare(name, VariableType::Unknown, value.unwrap_or_else(|| Datum::unknown("it is another name of something")));
                return Ok(());
            }
        };
        let value = match &declaration.default {
            None => match &data_type {
                VariableType::Row(id) => Datum::Row(schema.columns(*id).iter().map(|column| (column.name.clone(), Datum::Null)).collect()),
                VariableType::Value(_) | VariableType::Record(_) | VariableType::Unknown => Datum::Null,
            },
            Some(default) => {
                let value = Evaluator::new(schema, session, &state.scope).value(default);
                match converts {
                    Some(data_type) => kept(Evaluator::new(schema, session, &state.scope).converted(value, &data_type), &data_type),
                    None => value,
                }
            }
        };
        state.scope.declare(name, data_type, value);
        Ok(())
    }

    /// `v := e`.
    pub(super) fn assign<'a>(&self, state: State<'a>, target: &str, value: &Expr) -> Ways<'a> {
        match self.evaluated(state, value) {
            Err((fault, state)) => Ways::fail(fault, state),
            Ok((value, binding, ways)) => self.each_next(ways, |_, mut state| {
                let slot = state.scope.slots.iter().rev().find(|slot| slot.name.as_str() == target);
                let value = match slot.map(|slot| &slot.data_type) {
                    Some(VariableType::Value(data_type)) => {
                        let data_type = data_type.clone();
                        kept(Evaluator::new(&state.work.schema, &state.work.session, &state.scope).converted(value, &data_type), &data_type)
                    }
                    _ => value,
                };
                let data_type = binding.outputs.first().and_then(|output| output.data_type.clone()).map_or(VariableType::Unknown, VariableType::Value);
                state.scope.assign(target, value, Some(data_type));
                Ways::next(state)
            }),
        }
    }

    /// `IF`.
    pub(super) fn conditional<'a>(&self, state: State<'a>, branches: &[PlBranch], otherwise: &[PlStatement]) -> Ways<'a> {
        let Some((first, rest)) = branches.split_first() else { return self.list(state, otherwise) };
        let (value, ways) = match self.evaluated(state, &first.condition) {
            Ok((value, _, ways)) => (value, ways),
            Err((fault, state)) => return Ways::fail(fault, state),
        };
        self.each_next(ways, |machine, state| match value.truth() {
            Ok(true) => machine.list(state, &first.statements),
            Ok(false) => machine.conditional(state, rest, otherwise),
            Err(reason) => {
                let span = first.condition.span;
                let written = state.work.sources.slice(span).to_owned();
                let (doubt, origin) = (doubt_of(&written, &reason, span), Moment::of(&state));
                let asks_no_variable = !names_variable(&first.condition, &state);
                let query = |text: String| asks_no_variable.then_some(text);
                let taken =
                    unless(machine.list(state.clone(), &first.statements), &format!("`{written}` is not true"), query(format!("SELECT 1 WHERE {written}")));
                let passed = unless(
                    machine.conditional(state, rest, otherwise),
                    &format!("`{written}` is true"),
                    query(format!("SELECT 1 WHERE ({written}) IS NOT TRUE")),
                );
                Ways::several([taken, passed], &origin, &doubt)
            }
        })
    }

    /// `CASE`.
    pub(super) fn case<'a>(&self, state: State<'a>, operand: Option<&Expr>, branches: &[PlBranch], otherwise: Option<&[PlStatement]>, span: Span) -> Ways<'a> {
        let Some((first, rest)) = branches.split_first() else {
            return match otherwise {
                Some(otherwise) => self.list(state, otherwise),
                None => Ways::fail(Fault::new("20000", "case not found", span), state),
            };
        };
        let mut evaluator = Evaluator::new(&state.work.schema, &state.work.session, &state.scope);
        let value = match operand {
            None => evaluator.value(&first.condition),
            Some(operand) => {
                let operand = evaluator.value(operand);
                let values = match &*first.condition.kind {
                    ExprKind::Row(values) => values.iter().map(|value| evaluator.value(value)).collect(),
                    _ => vec![evaluator.value(&first.condition)],
                };
                values.iter().fold(Datum::Boolean(false), |any, value| super::value::or(&any, &operand.equals(value)))
            }
        };
        match value.truth() {
            Ok(true) => self.list(state, &first.statements),
            Ok(false) => self.case(state, operand, rest, otherwise, span),
            Err(reason) => {
                let at = first.condition.span;
                let written = state.work.sources.slice(at).to_owned();
                let (doubt, origin) = (doubt_of(&written, &reason, at), Moment::of(&state));
                let taken = unless(self.list(state.clone(), &first.statements), &format!("`{written}` is not met"), None);
                let passed = unless(self.case(state, operand, rest, otherwise, span), &format!("`{written}` is met"), None);
                Ways::several([taken, passed], &origin, &doubt)
            }
        }
    }

    /// `EXIT`, `CONTINUE`.
    pub(super) fn leave<'a>(&self, state: State<'a>, how: PlLeave, label: Option<&Ident>, when: Option<&Expr>) -> Ways<'a> {
        let end = End::Leave(how, label.map(|label| label.name.clone()));
        let Some(when) = when else { return Ways::one(end, state) };
        let (value, ways) = match self.evaluated(state, when) {
            Ok((value, _, ways)) => (value, ways),
            Err((fault, state)) => return Ways::fail(fault, state),
        };
        self.each_next(ways, |_, state| match value.truth() {
            Ok(true) => Ways::one(end, state),
            Ok(false) => Ways::next(state),
            Err(reason) => {
                let doubt = doubt_of(state.work.sources.slice(when.span), &reason, when.span);
                let origin = Moment::of(&state);
                Ways::several([Ways::one(end, state.clone()), Ways::next(state)], &origin, &doubt)
            }
        })
    }

    /// `RETURN`.
    pub(super) fn give_back<'a>(&self, state: State<'a>, value: Option<&Expr>, leaves: bool) -> Ways<'a> {
        let end = || if leaves { End::Return } else { End::Next };
        let Some(value) = value else { return Ways::one(end(), state) };
        match self.evaluated(state, value) {
            Ok((value, _, ways)) => self.each_next(ways, |_, mut state| {
                state.returned = value;
                Ways::one(end(), state)
            }),
            Err((fault, state)) => Ways::fail(fault, state),
        }
    }

    /// `ASSERT`.
    pub(super) fn assert<'a>(&self, state: State<'a>, condition: &Expr) -> Ways<'a> {
        let (value, ways) = match self.evaluated(state, condition) {
            Ok((value, _, ways)) => (value, ways),
            Err((fault, state)) => return Ways::fail(fault, state),
        };
        self.each_next(ways, |_, mut state| {
            match value.truth() {
                Ok(true) => {}
                Ok(false) => return Ways::fail(Fault::new("P0004", "assertion failed", condition.span), state),
                Err(_) => {
                    let written = state.work.sources.slice(condition.span).to_owned();
                    let query = (!names_variable(condition, &state)).then(|| format!("SELECT 1 WHERE ({written}) IS NOT TRUE"));
                    state.work.span = condition.span;
                    state.work.may_fail("P0004", format!("`{written}` is true"), query);
                }
            }
            Ways::next(state)
        })
    }
}

/// Says of failures on one side of a condition when they do not happen.
pub(super) fn unless<'a>(mut ways: Ways<'a>, condition: &str, query: Option<String>) -> Ways<'a> {
    let is_certain = ways.all.len() == 1;
    for way in &mut ways.all {
        if let End::Fail(fault) = &mut way.end
            && fault.unless.is_none()
        {
            fault.unless = Some((condition.to_owned(), query.clone().filter(|_| is_certain)));
        }
    }
    ways
}

fn doubt_of(written: &str, reason: &Arc<str>, span: Span) -> Doubt {
    Doubt { reason: Arc::from(format!("whether `{written}` holds is not known: {reason}")), span }
}

/// Whether an expression names a variable of the body, so that it cannot be asked outside of it.
fn names_variable(expr: &Expr, state: &State<'_>) -> bool {
    let text = state.work.sources.slice(expr.span);
    let words: Vec<String> = text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).map(str::to_ascii_lowercase).collect();
    state.scope.slots.iter().any(|slot| words.iter().any(|word| word == slot.name.as_str()))
}

/// A value in a variable of a type: what has no exact counterpart here is not known.
fn kept(value: Datum, data_type: &DataType) -> Datum {
    let is = |names: &[&str]| names.iter().any(|name| data_type.is_builtin(name));
    match value {
        Datum::Unknown(Shape::Anything, reason) if is(&["int2", "int4", "int8"]) => Datum::Unknown(Shape::Digits, reason),
        value => value,
    }
}
